import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import StrictJSON
import Wire

/// How long proposals wait and what decides them: `cosmos.gov.v1.Params`. Ratios are kept as the texts that they are,
/// and read by everybody as decimals.
enum GovernanceParameters {
    typealias Values = GovV1.Params

    private static let day: Int64 = 86_400

    /// Of a chain whose genesis says nothing else: Secret Network's.
    static let standard = Values(
        minDeposit: [Coin(1_000_000_000, "uscrt")], maxDepositPeriod: .seconds(7 * day),
        votingPeriod: .seconds(7 * day),
        quorum: "0.334000000000000000", threshold: "0.500000000000000000", vetoThreshold: "0.334000000000000000",
        minInitialDepositRatio: "0.000000000000000000", proposalCancelRatio: "0.500000000000000000",
        expeditedVotingPeriod: .seconds(day), expeditedThreshold: "0.666666666666666667",
        expeditedMinDeposit: [Coin(2_500_000_000, "uscrt")], burnVoteVeto: true,
        minDepositRatio: "0.010000000000000000")

    static func current(in state: any LedgerReading) throws -> Values {
        let key = GovernanceStore.parametersKey
        guard let value = try state.value(of: key, in: GovernanceStore.name) else { return standard }
        return try Values(stored: LedgerEntry(key: key, value: value), in: GovernanceStore.name)
    }

    static func set(_ values: Values, on state: any LedgerState) throws {
        try state.set(values.encoded, of: GovernanceStore.parametersKey, in: GovernanceStore.name)
    }

    /// Why a chain cannot have them; `nil` if it can. Whatever passes here can be read by the functions below.
    static func fault(of values: Values) -> String? {
        guard let deposit = try? Coins(values.minDeposit), !deposit.isEmpty else {
            return "invalid minimum deposit: \(text(values.minDeposit))"
        }
        guard let expedited = try? Coins(values.expeditedMinDeposit), !expedited.isEmpty else {
            return "invalid expedited minimum deposit: \(text(values.expeditedMinDeposit))"
        }
        guard expedited.list.map(\.denomination) == deposit.list.map(\.denomination),
            deposit.list.allSatisfy({ expedited.amount(of: $0.denomination) > $0.amount })
        else { return "expedited minimum deposit must be greater than minimum deposit: \(expedited)" }
        for (name, period) in [
            ("maximum deposit period", values.maxDepositPeriod), ("voting period", values.votingPeriod),
            ("expedited voting period", values.expeditedVotingPeriod),
        ] {
            guard let period else { return "\(name) must not be nil" }
            if period <= .zero { return "\(name) must be positive: \(period.components.seconds)s" }
        }
        if values.expeditedVotingPeriod! >= values.votingPeriod! {
            return "expedited voting period must be less than the regular voting period"
        }
        for (name, text, isPositive) in [
            ("quorum", values.quorum, false), ("vote threshold", values.threshold, true),
            ("veto threshold", values.vetoThreshold, true),
            ("expedited vote threshold", values.expeditedThreshold, true),
            ("minimum initial deposit ratio", values.minInitialDepositRatio, false),
            ("proposal cancel rate", values.proposalCancelRatio, false),
            ("minimum deposit ratio", values.minDepositRatio, false),
        ] {
            guard let ratio = Decimal18(text: text) else { return "invalid \(name) string: \(text)" }
            if ratio.isNegative || isPositive && ratio.isZero { return "\(name) must be positive: \(ratio)" }
            if Decimal18.one < ratio { return "\(name) too large: \(ratio)" }
        }
        if ratio(values.expeditedThreshold) <= ratio(values.threshold) {
            return "expedited vote threshold \(values.expeditedThreshold), must be greater than the regular threshold "
                + values.threshold
        }
        return nil
    }

    private static func text(_ coins: [Coin]) -> String { coins.map(\.description).joined(separator: ",") }

    /// Of a text that `fault` has let pass.
    static func ratio(_ text: String) -> Decimal18 { Decimal18(text: text) ?? .one }

    static func minimum(_ values: Values, isExpedited: Bool) -> Coins {
        (try? Coins(isExpedited ? values.expeditedMinDeposit : values.minDeposit)) ?? .none
    }

    static func votingPeriod(_ values: Values, isExpedited: Bool) -> Int64 {
        ((isExpedited ? values.expeditedVotingPeriod : values.votingPeriod) ?? .zero).inNanoseconds
    }

    // MARK: - Genesis

    static func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        var values = standard
        func ratio(_ name: String, _ value: inout String) throws {
            if genesis[name].json != nil { value = try genesis[name].text }
        }
        func period(_ name: String, _ value: inout Duration?) throws {
            if genesis[name].json != nil { value = .nanoseconds(try genesis[name].nanoseconds) }
        }
        func flag(_ name: String, _ value: inout Bool) throws { value = try genesis[name].flag ?? value }
        if genesis["min_deposit"].json != nil { values.minDeposit = try genesis["min_deposit"].coins.list }
        if genesis["expedited_min_deposit"].json != nil {
            values.expeditedMinDeposit = try genesis["expedited_min_deposit"].coins.list
        }
        try period("max_deposit_period", &values.maxDepositPeriod)
        try period("voting_period", &values.votingPeriod)
        try period("expedited_voting_period", &values.expeditedVotingPeriod)
        try ratio("quorum", &values.quorum)
        try ratio("threshold", &values.threshold)
        try ratio("veto_threshold", &values.vetoThreshold)
        try ratio("expedited_threshold", &values.expeditedThreshold)
        try ratio("min_initial_deposit_ratio", &values.minInitialDepositRatio)
        try ratio("proposal_cancel_ratio", &values.proposalCancelRatio)
        try ratio("min_deposit_ratio", &values.minDepositRatio)
        if try !genesis["proposal_cancel_dest"].text.isEmpty {
            values.proposalCancelDest = try genesis["proposal_cancel_dest"].address
        }
        try flag("burn_vote_quorum", &values.burnVoteQuorum)
        try flag("burn_proposal_deposit_prevote", &values.burnProposalDepositPrevote)
        try flag("burn_vote_veto", &values.burnVoteVeto)
        if let fault = fault(of: values) { throw genesis.refusal(fault) }
        try set(values, on: state)
    }

    static func exportGenesis(from state: any LedgerReading) throws -> JSONValue {
        let values = try current(in: state)
        func period(_ value: Duration?) -> JSONValue {
            .string(GenesisValue.duration(nanoseconds: (value ?? .zero).inNanoseconds))
        }
        return [
            "min_deposit": JSONValue(minimum(values, isExpedited: false)),
            "max_deposit_period": period(values.maxDepositPeriod), "voting_period": period(values.votingPeriod),
            "quorum": .string(values.quorum), "threshold": .string(values.threshold),
            "veto_threshold": .string(values.vetoThreshold),
            "min_initial_deposit_ratio": .string(values.minInitialDepositRatio),
            "proposal_cancel_ratio": .string(values.proposalCancelRatio),
            "proposal_cancel_dest": .string(values.proposalCancelDest?.description ?? ""),
            "expedited_voting_period": period(values.expeditedVotingPeriod),
            "expedited_threshold": .string(values.expeditedThreshold),
            "expedited_min_deposit": JSONValue(minimum(values, isExpedited: true)),
            "burn_vote_quorum": .bool(values.burnVoteQuorum),
            "burn_proposal_deposit_prevote": .bool(values.burnProposalDepositPrevote),
            "burn_vote_veto": .bool(values.burnVoteVeto), "min_deposit_ratio": .string(values.minDepositRatio),
        ]
    }
}

extension Duration {
    /// Held within 64 bits, as what was read always is.
    var inNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return isTooLong ? .max : whole &+ attoseconds / 1_000_000_000
    }
}
