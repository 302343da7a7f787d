import Auth
import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions

/// What staking is held to; set by genesis and by governance.
package enum StakingParameters {
    package typealias Values = StakingV1beta1.Params

    /// As many as still weigh less than a set may (`StakedValidator.powerMax`).
    static let validatorsMax: UInt32 = 1_000
    /// Records of validators in the sets of past blocks that are kept, of some 400 bytes each and 4,000 at most.
    static let historicalRecordsMax: UInt64 = 2_000_000

    /// Of a chain whose genesis says nothing else (Secret Network).
    package static let standard = Values(
        unbondingTime: .seconds(1_814_400), maxValidators: 100, maxEntries: 7, historicalEntries: 10_000,
        bondDenom: "uscrt", minCommissionRate: .zero)

    /// Why a chain cannot have them; `nil` if it can.
    static func fault(of values: Values) -> String? {
        if values.unbondingTime <= .zero { return "unbonding time must be positive" }
        if values.maxValidators == 0 || values.maxValidators > validatorsMax {
            return "max validators must be from 1 to \(validatorsMax): \(values.maxValidators)"
        }
        if UInt64(values.historicalEntries) * UInt64(values.maxValidators) > historicalRecordsMax {
            return "historical entries, each of max validators, must be at most \(historicalRecordsMax) together"
        }
        if values.maxEntries == 0 || values.maxEntries > 1_000 {
            return "max entries must be from 1 to 1000: \(values.maxEntries)"
        }
        if !Coin.isDenomination(values.bondDenom) { return "invalid bond denomination: \(values.bondDenom)" }
        if values.minCommissionRate.isNegative || values.minCommissionRate > .one {
            return "minimum commission rate must be from 0 to 1: \(values.minCommissionRate)"
        }
        return nil
    }

    static let update = MessageHandler(StakingV1beta1.MsgUpdateParams.self) { update, _, state in
        try ModuleAccount.requireGovernance(update.authority)
        if let fault = fault(of: update.params) { throw TransactionRefusal.invalidRequest(fault) }
        let old = try StakingStore.parameters(in: state)
        // The pools hold what is delegated, in the one denomination.
        guard update.params.bondDenom == old.bondDenom else {
            throw TransactionRefusal.invalidRequest("bond_denom cannot be changed from \(old.bondDenom)")
        }
        try StakingStore.set(update.params, on: state)
        return []
    }
}

extension StakingStore {
    /// A state from before they were kept has none.
    package static func parameters(in state: any LedgerReading) throws -> StakingParameters.Values {
        try record(StakingParameters.Values.self, at: parametersKey, in: state) ?? StakingParameters.standard
    }

    static func set(_ values: StakingParameters.Values, on state: any LedgerState) throws {
        try state.set(values.encoded, of: parametersKey, in: name)
    }
}
