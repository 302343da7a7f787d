// Made by proto/chain_messages.py from proto/chain. Do not edit.

import ExactNumbers
import SignedTransactions
import Wire

/// `cosmos.base.v1beta1`.
package enum BaseV1beta1 {
    package struct DecCoin: ChainMessage {
        package static let name = "cosmos.base.v1beta1.DecCoin"
        package var denom: String = ""
        package var amount: Decimal18

        package init(denom: String = "", amount: Decimal18) {
            (self.denom, self.amount) = (denom, amount)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var amount: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: denom = try field.string()
                case 2: amount = try field.decimal()
                default: try fields.unknown(field)
                }
            }
            self.amount = try required(amount, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, denom)
            writer.string(2, amount.scaledText)
        }
    }
}
