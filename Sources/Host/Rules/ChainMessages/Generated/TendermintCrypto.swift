// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `tendermint.crypto`.
package enum TendermintCrypto {
    package struct ProofOp: ChainMessage {
        package static let name = "tendermint.crypto.ProofOp"
        package var type: String = ""
        package var key: [UInt8] = []
        package var data: [UInt8] = []

        package init(type: String = "", key: [UInt8] = [], data: [UInt8] = []) {
            (self.type, self.key, self.data) = (type, key, data)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: type = try field.string()
                case 2: key = try field.bytes()
                case 3: data = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, type)
            writer.bytes(2, key)
            writer.bytes(3, data)
        }
    }

    package struct ProofOps: ChainMessage {
        package static let name = "tendermint.crypto.ProofOps"
        package var ops: [ProofOp] = []

        package init(ops: [ProofOp] = []) {
            self.ops = ops
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: ops.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, ops)
        }
    }
}
