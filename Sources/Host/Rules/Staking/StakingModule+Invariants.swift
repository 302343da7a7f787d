import Auth
import Bank
import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions

/// The pools hold what the records say; the order of power is that of the records; shares are above zero and add up;
/// and the lists that can be proved say the same as the records.
extension StakingModule {
    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        try StakingModule.poolFaults(in: state) + StakingModule.validatorFaults(in: state)
            + StakingModule.listFaults(in: state)
    }

    /// `module-accounts`.
    static func poolFaults(in state: any LedgerReading) throws -> [String] {
        var (bonded, notBonded): (UInt128, UInt128) = (0, 0)
        try state.visit(StakingStore.name, prefix: StakingStore.validatorPrefix) { entry in
            let validator = try StakedValidator(stored: entry, in: StakingStore.name)
            if validator.isBonded { bonded &+= validator.tokens } else { notBonded &+= validator.tokens }
        }
        try state.visit(StakingStore.name, prefix: StakingStore.unbondingPrefix) { entry in
            for entry in try StakingStore.Unbonding(stored: entry, in: StakingStore.name).entries {
                notBonded &+= entry.balance
            }
        }
        let denomination = try StakingStore.parameters(in: state).bondDenom
        return try [(ModuleAccount.bondedPool, bonded), (.notBondedPool, notBonded)].compactMap { pool, expected in
            let held = try BankModule.balance(of: pool.address, denomination: denomination, on: state)
            return held == expected ? nil : "\(pool.name) has \(held), and \(expected) by the records"
        }
    }

    /// `nonnegative-power`, `positive-delegation`, `delegator-shares`.
    private static func validatorFaults(in state: any LedgerReading) throws -> [String] {
        var broken: [String] = []
        var shares: [OperatorAddress: Decimal18] = [:]
        try state.visit(StakingStore.name, prefix: StakingStore.delegationPrefix) { entry in
            let delegation = try Delegation(stored: entry, in: StakingStore.name)
            let (delegator, validator) = (delegation.delegatorAddress, delegation.validatorAddress)
            if !delegation.shares.isPositive { broken.append("\(delegator) has no share of \(validator)") }
            shares[validator] = try (shares[validator] ?? .zero) + delegation.shares
            let index =
                StakingStore.delegationOfValidatorPrefix + StakingStore.part(validator)
                + StakingStore.part(delegator)
            if try state.value(of: index, in: StakingStore.name) == nil {
                broken.append("\(delegator) is no delegator of \(validator) by the validator's list")
            }
        }
        var ranked = 0
        try state.visit(StakingStore.name, prefix: StakingStore.validatorPrefix) { entry in
            let validator = try StakedValidator(stored: entry, in: StakingStore.name)
            let sum = shares.removeValue(forKey: validator.operatorAddress) ?? .zero
            if sum != validator.delegatorShares {
                broken.append("\(validator.operatorAddress) has \(validator.delegatorShares) shares, and gave \(sum)")
            }
            let place = try state.value(of: StakingStore.powerKey(validator), in: StakingStore.name)
            if (place != nil) == validator.jailed {
                broken.append("\(validator.operatorAddress) stands in no or in a wrong place of the order of power")
            }
            if !validator.jailed { ranked += 1 }
        }
        if let stray = shares.sorted(by: { $0.key.description < $1.key.description }).first?.key {
            broken.append("\(stray) is no validator, and has delegators")
        }
        var places = 0
        try state.visit(StakingStore.name, prefix: StakingStore.powerPrefix) { _ in places += 1 }
        if places != ranked { broken.append("\(places) places of power are taken by \(ranked) validators") }
        return broken
    }

    private static func listFaults(in state: any LedgerReading) throws -> [String] {
        var broken: [String] = []
        for (list, prefix) in [
            (ProvableList.delegations, StakingStore.delegationPrefix),
            (ProvableList.unbondings, StakingStore.unbondingPrefix),
        ] {
            var said: [AccountAddress: Set<AccountAddress>] = [:]
            try state.visit(StakingStore.name, prefix: prefix) { entry in
                let address = entry.key.dropFirst(2).prefix(AccountAddress.byteCount)
                guard let owner = AccountAddress(address) else {
                    throw CorruptState(store: StakingStore.name, key: entry.key)
                }
                said[owner, default: []].insert(try StakingStore.lastAddress(entry.key))
            }
            for (owner, validators) in said.sorted(by: { $0.key.description < $1.key.description })
            where try Set(list.elements(of: owner, in: state)) != validators {
                broken.append("a list of \(owner) does not name its validators")
            }
            var counts = 0
            try state.visit(StakingStore.name, prefix: [list.prefix]) { entry in
                if entry.key.count == 1 + StakingStore.partByteCount { counts += 1 }
            }
            if counts != said.count { broken.append("\(counts) lists, for \(said.count) delegators") }
        }
        return broken
    }
}
