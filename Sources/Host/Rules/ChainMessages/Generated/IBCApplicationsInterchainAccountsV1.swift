// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `ibc.applications.interchain_accounts.v1`.
package enum IBCApplicationsInterchainAccountsV1 {
    package struct InterchainAccountPacketData: ChainMessage {
        package static let name = "ibc.applications.interchain_accounts.v1.InterchainAccountPacketData"
        package var type: Kind = .init(rawValue: 0)
        package var data: [UInt8] = []
        package var memo: String = ""

        package init(type: Kind = .init(rawValue: 0), data: [UInt8] = [], memo: String = "") {
            (self.type, self.data, self.memo) = (type, data, memo)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: type = try field.enumeration()
                case 2: data = try field.bytes()
                case 3: memo = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(type.rawValue))
            writer.bytes(2, data)
            writer.string(3, memo)
        }
    }

    package struct Kind: RawRepresentable, Hashable, Sendable {
        package static let unspecified = Kind(rawValue: 0)
        package static let executeTx = Kind(rawValue: 1)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }
}
