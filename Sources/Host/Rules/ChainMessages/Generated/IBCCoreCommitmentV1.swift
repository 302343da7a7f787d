// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `ibc.core.commitment.v1`.
package enum IBCCoreCommitmentV1 {
    package struct MerklePrefix: ChainMessage {
        package static let name = "ibc.core.commitment.v1.MerklePrefix"
        package var keyPrefix: [UInt8] = []

        package init(keyPrefix: [UInt8] = []) {
            self.keyPrefix = keyPrefix
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: keyPrefix = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, keyPrefix)
        }
    }
}
