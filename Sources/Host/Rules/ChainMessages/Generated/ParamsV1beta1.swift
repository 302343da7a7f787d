// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.params.v1beta1`.
package enum ParamsV1beta1 {
    package struct ParameterChangeProposal: ChainMessage {
        package static let name = "cosmos.params.v1beta1.ParameterChangeProposal"
        package var title: String = ""
        package var description: String = ""
        package var changes: [ParamChange] = []

        package init(title: String = "", description: String = "", changes: [ParamChange] = []) {
            (self.title, self.description, self.changes) = (title, description, changes)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: title = try field.string()
                case 2: description = try field.string()
                case 3: changes.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, title)
            writer.string(2, description)
            writer.embed(3, changes)
        }
    }

    package struct ParamChange: ChainMessage {
        package static let name = "cosmos.params.v1beta1.ParamChange"
        package var subspace: String = ""
        package var key: String = ""
        package var value: String = ""

        package init(subspace: String = "", key: String = "", value: String = "") {
            (self.subspace, self.key, self.value) = (subspace, key, value)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: subspace = try field.string()
                case 2: key = try field.string()
                case 3: value = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, subspace)
            writer.string(2, key)
            writer.string(3, value)
        }
    }
}
