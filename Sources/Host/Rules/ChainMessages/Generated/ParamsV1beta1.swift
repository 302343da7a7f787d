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

    package enum Query {
        package static let params = ChainMethod<QueryParamsRequest, QueryParamsResponse>(
            "/cosmos.params.v1beta1.Query/Params"
        )
        package static let subspaces = ChainMethod<QuerySubspacesRequest, QuerySubspacesResponse>(
            "/cosmos.params.v1beta1.Query/Subspaces"
        )
    }

    package struct QueryParamsRequest: ChainMessage {
        package static let name = "cosmos.params.v1beta1.QueryParamsRequest"
        package var subspace: String = ""
        package var key: String = ""

        package init(subspace: String = "", key: String = "") {
            (self.subspace, self.key) = (subspace, key)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: subspace = try field.string()
                case 2: key = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, subspace)
            writer.string(2, key)
        }
    }

    package struct QueryParamsResponse: ChainMessage {
        package static let name = "cosmos.params.v1beta1.QueryParamsResponse"
        package var param: ParamChange

        package init(param: ParamChange) {
            self.param = param
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var param: ParamChange?
            while let field = try fields.next() {
                switch field.number {
                case 1: param = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.param = try presentOrAbsent(param, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, param)
        }
    }

    package struct QuerySubspacesRequest: FieldlessMessage {
        package static let name = "cosmos.params.v1beta1.QuerySubspacesRequest"

        package init() {}
    }

    package struct QuerySubspacesResponse: ChainMessage {
        package static let name = "cosmos.params.v1beta1.QuerySubspacesResponse"
        package var subspaces: [Subspace] = []

        package init(subspaces: [Subspace] = []) {
            self.subspaces = subspaces
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: subspaces.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, subspaces)
        }
    }

    package struct Subspace: ChainMessage {
        package static let name = "cosmos.params.v1beta1.Subspace"
        package var subspace: String = ""
        package var keys: [String] = []

        package init(subspace: String = "", keys: [String] = []) {
            (self.subspace, self.keys) = (subspace, keys)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: subspace = try field.string()
                case 2: keys.append(try field.string())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, subspace)
            writer.strings(2, keys)
        }
    }
}
