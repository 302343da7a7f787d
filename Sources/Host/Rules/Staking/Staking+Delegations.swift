import Auth
import Bank
import ChainMessages
import EnclaveProtocol
import ExactNumbers
import ModuleKit
import SignedTransactions
import Wire

/// Shares are bought and given back.
extension StakingActions {
    /// Where the coins of a delegation come from.
    enum Source {
        case account
        /// They lie in a pool already: that of validators in the set, or the other.
        case pool(isBonded: Bool)
    }

    /// Buys shares of `validator` for `amount` of the bonded denomination; returns them.
    package func delegate(
        _ amount: UInt128, by delegator: AccountAddress, to validator: OperatorAddress, _ work: BlockWork
    ) throws -> Decimal18 {
        try delegate(amount, by: delegator, to: validator, from: .account, work)
    }

    func delegate(
        _ amount: UInt128, by delegator: AccountAddress, to address: OperatorAddress, from source: Source,
        _ work: BlockWork
    ) throws -> Decimal18 {
        var validator = try StakingStore.existingValidator(address, in: work.state)
        guard !validator.hasInvalidRate else { throw StakingRefusal.invalidRate() }
        var delegation = try StakingStore.delegation(delegator, address, in: work.state)
        for hook in hooks {
            if let delegation {
                try hook.delegationWillChange(delegation, validator, work)
            } else {
                try hook.delegationWillBegin(delegator, validator, work)
            }
        }
        switch source {
        case .account:
            let denomination = try StakingStore.parameters(in: work.state).bondDenom
            work.tell(
                try BankModule.delegateCoins(
                    Coin(amount, denomination), from: delegator, to: StakingActions.pool(validator.isBonded),
                    at: work.block.time, on: work.state))
        case .pool(let isBonded):
            if isBonded != validator.isBonded {
                try StakingActions.movePools(amount, toBonded: validator.isBonded, work)
            }
        }
        validator = try StakingStore.existingValidator(address, in: work.state)
        let shares = try addTokens(amount, to: &validator, work)
        let held = delegation?.shares ?? .zero
        delegation = Delegation(delegatorAddress: delegator, validatorAddress: address, shares: try held + shares)
        if let delegation { try StakingStore.save(delegation, on: work.state) }
        for hook in hooks { try hook.delegationChanged(delegator, address, work) }
        return shares
    }

    /// Gives shares back; returns what they were worth, which still lies in the validator's pool.
    func unbond(
        _ delegator: AccountAddress, _ address: OperatorAddress, shares: Decimal18, _ work: BlockWork
    ) throws -> UInt128 {
        guard var delegation = try StakingStore.delegation(delegator, address, in: work.state) else {
            throw StakingRefusal.noDelegatorForAddress()
        }
        var validator = try StakingStore.existingValidator(address, in: work.state)
        for hook in hooks { try hook.delegationWillChange(delegation, validator, work) }
        guard delegation.shares >= shares else {
            throw StakingRefusal.notEnoughDelegationShares("\(delegation.shares)")
        }
        delegation.shares = try delegation.shares - shares
        if delegator == address.account, !validator.jailed,
            try validator.tokens(ofShares: delegation.shares).truncatedAmount < validator.minSelfDelegation
        {
            try jail(address, work)
        }
        if delegation.shares.isZero {
            try StakingStore.remove(delegation, on: work.state)
        } else {
            try StakingStore.save(delegation, on: work.state)
            for hook in hooks { try hook.delegationChanged(delegator, address, work) }
        }
        validator = try StakingStore.existingValidator(address, in: work.state)
        let tokens = try removeShares(shares, from: &validator, work)
        if validator.delegatorShares.isZero, validator.status == .unbonded { try remove(validator, work) }
        return tokens
    }

    /// How many shares of a delegation `amount` is, as a message asks for it.
    static func shares(
        ofTokens amount: UInt128, _ delegator: AccountAddress, _ address: OperatorAddress, in state: any LedgerReading
    ) throws -> Decimal18 {
        let validator = try StakingStore.existingValidator(address, in: state)
        guard let delegation = try StakingStore.delegation(delegator, address, in: state) else {
            throw StakingRefusal.noDelegation()
        }
        guard validator.tokens > 0 else { throw StakingRefusal.insufficientShares() }
        guard try validator.sharesTruncated(ofTokens: amount) <= delegation.shares else {
            throw TransactionRefusal.invalidRequest("invalid shares amount")
        }
        return min(try validator.shares(ofTokens: amount), delegation.shares)
    }
}
