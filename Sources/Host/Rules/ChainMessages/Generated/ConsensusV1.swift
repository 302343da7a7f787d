// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.consensus.v1`.
package enum ConsensusV1 {
    package enum Query {
        package static let params = ChainMethod<QueryParamsRequest, QueryParamsResponse>(
            "/cosmos.consensus.v1.Query/Params"
        )
    }

    package struct QueryParamsRequest: FieldlessMessage {
        package static let name = "cosmos.consensus.v1.QueryParamsRequest"

        package init() {}
    }

    package struct QueryParamsResponse: ChainMessage {
        package static let name = "cosmos.consensus.v1.QueryParamsResponse"
        package var params: TendermintTypes.ConsensusParams?

        package init(params: TendermintTypes.ConsensusParams? = nil) {
            self.params = params
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: params = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let params { writer.embed(1, params) }
        }
    }

    package enum Msg {
        package static let updateParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/cosmos.consensus.v1.Msg/UpdateParams"
        )
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "cosmos.consensus.v1.MsgUpdateParams"
        package var authority: AccountAddress
        package var block: TendermintTypes.BlockParams?
        package var evidence: TendermintTypes.EvidenceParams?
        package var validator: TendermintTypes.ValidatorParams?
        package var abci: TendermintTypes.ABCIParams?

        package init(
            authority: AccountAddress, block: TendermintTypes.BlockParams? = nil,
            evidence: TendermintTypes.EvidenceParams? = nil, validator: TendermintTypes.ValidatorParams? = nil,
            abci: TendermintTypes.ABCIParams? = nil
        ) {
            (self.authority, self.block, self.evidence, self.validator) = (authority, block, evidence, validator)
            self.abci = abci
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            var authority: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: block = try field.message()
                case 3: evidence = try field.message()
                case 4: validator = try field.message()
                case 5: abci = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            if let block { writer.embed(2, block) }
            if let evidence { writer.embed(3, evidence) }
            if let validator { writer.embed(4, validator) }
            if let abci { writer.embed(5, abci) }
        }
    }

    package struct MsgUpdateParamsResponse: FieldlessMessage {
        package static let name = "cosmos.consensus.v1.MsgUpdateParamsResponse"

        package init() {}
    }
}
