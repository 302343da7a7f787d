// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `ibc.applications.interchain_accounts.host.v1`.
package enum IBCApplicationsInterchainAccountsHostV1 {
    package struct Params: ChainMessage {
        package static let name = "ibc.applications.interchain_accounts.host.v1.Params"
        package var hostEnabled: Bool = false
        package var allowMessages: [String] = []

        package init(hostEnabled: Bool = false, allowMessages: [String] = []) {
            (self.hostEnabled, self.allowMessages) = (hostEnabled, allowMessages)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: hostEnabled = try field.bool()
                case 2: allowMessages.append(try field.string())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bool(1, hostEnabled)
            writer.strings(2, allowMessages)
        }
    }

    package struct QueryRequest: ChainMessage {
        package static let name = "ibc.applications.interchain_accounts.host.v1.QueryRequest"
        package var path: String = ""
        package var data: [UInt8] = []

        package init(path: String = "", data: [UInt8] = []) {
            (self.path, self.data) = (path, data)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: path = try field.string()
                case 2: data = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, path)
            writer.bytes(2, data)
        }
    }

    package enum Msg {
        package static let updateParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/ibc.applications.interchain_accounts.host.v1.Msg/UpdateParams"
        )
        package static let moduleQuerySafe = ChainMethod<MsgModuleQuerySafe, MsgModuleQuerySafeResponse>(
            "/ibc.applications.interchain_accounts.host.v1.Msg/ModuleQuerySafe"
        )
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "ibc.applications.interchain_accounts.host.v1.MsgUpdateParams"
        package var signer: AccountAddress
        package var params: Params

        package init(signer: AccountAddress, params: Params) {
            (self.signer, self.params) = (signer, params)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var signer: AccountAddress?
            var params: Params?
            while let field = try fields.next() {
                switch field.number {
                case 1: signer = try field.address()
                case 2: params = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.signer = try required(signer, 1)
            self.params = try presentOrAbsent(params, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, signer.description)
            writer.embed(2, params)
        }
    }

    package struct MsgUpdateParamsResponse: FieldlessMessage {
        package static let name = "ibc.applications.interchain_accounts.host.v1.MsgUpdateParamsResponse"

        package init() {}
    }

    package struct MsgModuleQuerySafe: ChainMessage {
        package static let name = "ibc.applications.interchain_accounts.host.v1.MsgModuleQuerySafe"
        package var signer: AccountAddress
        package var requests: [QueryRequest] = []

        package init(signer: AccountAddress, requests: [QueryRequest] = []) {
            (self.signer, self.requests) = (signer, requests)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: signer = try field.address()
                case 2: requests.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.signer = try required(signer, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, signer.description)
            writer.embed(2, requests)
        }
    }

    package struct MsgModuleQuerySafeResponse: ChainMessage {
        package static let name = "ibc.applications.interchain_accounts.host.v1.MsgModuleQuerySafeResponse"
        package var height: UInt64 = 0
        package var responses: [[UInt8]] = []

        package init(height: UInt64 = 0, responses: [[UInt8]] = []) {
            (self.height, self.responses) = (height, responses)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: height = try field.uint64()
                case 2: responses.append(try field.bytes())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, height)
            for element in responses { writer.message(2, element) }
        }
    }
}
