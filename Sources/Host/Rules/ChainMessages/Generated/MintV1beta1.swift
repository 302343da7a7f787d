// Made by proto/chain_messages.py from proto/chain. Do not edit.

import ExactNumbers
import SignedTransactions
import Wire

/// `cosmos.mint.v1beta1`.
package enum MintV1beta1 {
    package struct Params: ChainMessage {
        package static let name = "cosmos.mint.v1beta1.Params"
        package var mintDenom: String = ""
        package var inflationRateChange: Decimal18
        package var inflationMax: Decimal18
        package var inflationMin: Decimal18
        package var goalBonded: Decimal18
        package var blocksPerYear: UInt64 = 0

        package init(
            mintDenom: String = "", inflationRateChange: Decimal18, inflationMax: Decimal18, inflationMin: Decimal18,
            goalBonded: Decimal18, blocksPerYear: UInt64 = 0
        ) {
            (self.mintDenom, self.inflationRateChange) = (mintDenom, inflationRateChange)
            (self.inflationMax, self.inflationMin, self.goalBonded) = (inflationMax, inflationMin, goalBonded)
            self.blocksPerYear = blocksPerYear
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6])
            var inflationRateChange: Decimal18?
            var inflationMax: Decimal18?
            var inflationMin: Decimal18?
            var goalBonded: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: mintDenom = try field.string()
                case 2: inflationRateChange = try field.decimal()
                case 3: inflationMax = try field.decimal()
                case 4: inflationMin = try field.decimal()
                case 5: goalBonded = try field.decimal()
                case 6: blocksPerYear = try field.uint64()
                default: try fields.unknown(field)
                }
            }
            self.inflationRateChange = try required(inflationRateChange, 2)
            self.inflationMax = try required(inflationMax, 3)
            self.inflationMin = try required(inflationMin, 4)
            self.goalBonded = try required(goalBonded, 5)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, mintDenom)
            writer.string(2, inflationRateChange.scaledText)
            writer.string(3, inflationMax.scaledText)
            writer.string(4, inflationMin.scaledText)
            writer.string(5, goalBonded.scaledText)
            writer.uint64(6, blocksPerYear)
        }
    }

    package struct Minter: ChainMessage {
        package static let name = "cosmos.mint.v1beta1.Minter"
        package var inflation: Decimal18
        package var annualProvisions: Decimal18

        package init(inflation: Decimal18, annualProvisions: Decimal18) {
            (self.inflation, self.annualProvisions) = (inflation, annualProvisions)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var inflation: Decimal18?
            var annualProvisions: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: inflation = try field.decimal()
                case 2: annualProvisions = try field.decimal()
                default: try fields.unknown(field)
                }
            }
            self.inflation = try required(inflation, 1)
            self.annualProvisions = try required(annualProvisions, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, inflation.scaledText)
            writer.string(2, annualProvisions.scaledText)
        }
    }

    package enum Query {
        package static let params = ChainMethod<QueryParamsRequest, QueryParamsResponse>(
            "/cosmos.mint.v1beta1.Query/Params"
        )
        package static let inflation = ChainMethod<QueryInflationRequest, QueryInflationResponse>(
            "/cosmos.mint.v1beta1.Query/Inflation"
        )
        package static let annualProvisions = ChainMethod<QueryAnnualProvisionsRequest, QueryAnnualProvisionsResponse>(
            "/cosmos.mint.v1beta1.Query/AnnualProvisions"
        )
    }

    package struct QueryParamsRequest: FieldlessMessage {
        package static let name = "cosmos.mint.v1beta1.QueryParamsRequest"

        package init() {}
    }

    package struct QueryParamsResponse: ChainMessage {
        package static let name = "cosmos.mint.v1beta1.QueryParamsResponse"
        package var params: Params

        package init(params: Params) {
            self.params = params
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var params: Params?
            while let field = try fields.next() {
                switch field.number {
                case 1: params = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.params = try presentOrAbsent(params, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, params)
        }
    }

    package struct QueryInflationRequest: FieldlessMessage {
        package static let name = "cosmos.mint.v1beta1.QueryInflationRequest"

        package init() {}
    }

    package struct QueryInflationResponse: ChainMessage {
        package static let name = "cosmos.mint.v1beta1.QueryInflationResponse"
        package var inflation: Decimal18

        package init(inflation: Decimal18) {
            self.inflation = inflation
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var inflation: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: inflation = try field.decimal()
                default: try fields.unknown(field)
                }
            }
            self.inflation = try required(inflation, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, inflation.scaledText)
        }
    }

    package struct QueryAnnualProvisionsRequest: FieldlessMessage {
        package static let name = "cosmos.mint.v1beta1.QueryAnnualProvisionsRequest"

        package init() {}
    }

    package struct QueryAnnualProvisionsResponse: ChainMessage {
        package static let name = "cosmos.mint.v1beta1.QueryAnnualProvisionsResponse"
        package var annualProvisions: Decimal18

        package init(annualProvisions: Decimal18) {
            self.annualProvisions = annualProvisions
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var annualProvisions: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: annualProvisions = try field.decimal()
                default: try fields.unknown(field)
                }
            }
            self.annualProvisions = try required(annualProvisions, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, annualProvisions.scaledText)
        }
    }

    package enum Msg {
        package static let updateParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/cosmos.mint.v1beta1.Msg/UpdateParams"
        )
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "cosmos.mint.v1beta1.MsgUpdateParams"
        package var authority: AccountAddress
        package var params: Params

        package init(authority: AccountAddress, params: Params) {
            (self.authority, self.params) = (authority, params)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var authority: AccountAddress?
            var params: Params?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: params = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
            self.params = try presentOrAbsent(params, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.embed(2, params)
        }
    }

    package struct MsgUpdateParamsResponse: FieldlessMessage {
        package static let name = "cosmos.mint.v1beta1.MsgUpdateParamsResponse"

        package init() {}
    }
}
