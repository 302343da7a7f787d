import Auth
import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import StrictJSON

/// Between which rates coins are made, and what is aimed at.
package enum MintParameters {
    package typealias Values = MintV1beta1.Params

    static let standardInflation = Decimal18(scaled: Decimal18.scale / 100 * 13)

    /// Of a chain whose genesis says nothing else of it (Secret Network).
    package static let standard = Values(
        mintDenom: "uscrt", inflationRateChange: Decimal18(scaled: Decimal18.scale / 100 * 13),
        inflationMax: Decimal18(scaled: Decimal18.scale / 5),
        inflationMin: Decimal18(scaled: Decimal18.scale / 100 * 7),
        goalBonded: Decimal18(scaled: Decimal18.scale / 100 * 67), blocksPerYear: 6_311_520)

    /// Why a chain cannot have them; `nil` if it can.
    static func fault(of values: Values) -> String? {
        if !Coin.isDenomination(values.mintDenom) { return "invalid mint denomination: \(values.mintDenom)" }
        for (name, rate) in [
            ("inflation rate change", values.inflationRateChange), ("max inflation", values.inflationMax),
            ("min inflation", values.inflationMin), ("goal bonded", values.goalBonded),
        ] where rate.isNegative || rate > .one {
            return "\(name) must be from 0 to 1: \(rate)"
        }
        if values.goalBonded.isZero { return "goal bonded must be positive" }
        if values.inflationMax < values.inflationMin { return "max inflation is less than min inflation" }
        if values.blocksPerYear == 0 { return "blocks per year must be positive" }
        return nil
    }

    static let update = MessageHandler(MintV1beta1.MsgUpdateParams.self) { update, _, state in
        try ModuleAccount.requireGovernance(update.authority)
        if let fault = fault(of: update.params) { throw TransactionRefusal.invalidRequest(fault) }
        try state.set(update.params.encoded, of: MintModule.parametersKey, in: MintModule.store)
        return []
    }

    static func read(_ place: GenesisValue) throws -> Values {
        let blocks = place["blocks_per_year"]
        let values = Values(
            mintDenom: place["mint_denom"].json == nil ? standard.mintDenom : try place["mint_denom"].text,
            inflationRateChange: try place["inflation_rate_change"].decimal(else: standard.inflationRateChange),
            inflationMax: try place["inflation_max"].decimal(else: standard.inflationMax),
            inflationMin: try place["inflation_min"].decimal(else: standard.inflationMin),
            goalBonded: try place["goal_bonded"].decimal(else: standard.goalBonded),
            blocksPerYear: blocks.json == nil ? standard.blocksPerYear : try blocks.number)
        if let fault = fault(of: values) { throw place.refusal(fault) }
        return values
    }

    static func json(_ values: Values) -> JSONValue {
        [
            "mint_denom": .string(values.mintDenom), "inflation_rate_change": .text(values.inflationRateChange),
            "inflation_max": .text(values.inflationMax), "inflation_min": .text(values.inflationMin),
            "goal_bonded": .text(values.goalBonded), "blocks_per_year": .text(values.blocksPerYear),
        ]
    }
}
