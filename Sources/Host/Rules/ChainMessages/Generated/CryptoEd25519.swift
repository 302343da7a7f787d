// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.crypto.ed25519`.
package enum CryptoEd25519 {
    package struct PubKey: ChainMessage {
        package static let name = "cosmos.crypto.ed25519.PubKey"
        package var key: [UInt8] = []

        package init(key: [UInt8] = []) {
            self.key = key
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: key = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, key)
        }
    }
}
