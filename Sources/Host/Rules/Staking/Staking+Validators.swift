import Auth
import Bank
import ChainMessages
import EnclaveProtocol
import ExactNumbers
import ModuleKit
import SignedTransactions
import Wire

/// Validators come and go, and their tokens grow and shrink.
extension StakingActions {
    /// Writes a new validator without a share.
    func create(_ validator: StakedValidator, _ work: BlockWork) throws {
        guard let address = validator.consensusAddress else { throw StakingRefusal.noKey() }
        try StakingStore.save(validator, on: work.state)
        try work.state.set(
            validator.operatorAddress.account.bytes, of: StakingStore.consensusPrefix + StakingStore.part(address),
            in: StakingStore.name)
        try StakingStore.rank(validator, on: work.state)
        for hook in hooks { try hook.validatorCreated(validator, work) }
    }

    /// Of one that has no share any more and is in no set.
    func remove(_ validator: StakedValidator, _ work: BlockWork) throws {
        let state = work.state
        try state.set(nil, of: StakingStore.validatorKey(validator.operatorAddress), in: StakingStore.name)
        if let address = validator.consensusAddress {
            try state.set(nil, of: StakingStore.consensusPrefix + StakingStore.part(address), in: StakingStore.name)
        }
        try StakingStore.unrank(validator, on: state)
        for hook in hooks { try hook.validatorRemoved(validator, work) }
    }

    /// Takes a validator out of the order of power; it leaves the set at the block's end.
    package func jail(_ validator: OperatorAddress, _ work: BlockWork) throws {
        var record = try StakingStore.existingValidator(validator, in: work.state)
        guard !record.jailed else { throw StakingRefusal.jailed() }
        try StakingStore.unrank(record, on: work.state)
        record.jailed = true
        try StakingStore.save(record, on: work.state)
    }

    package func unjail(_ validator: OperatorAddress, _ work: BlockWork) throws {
        var record = try StakingStore.existingValidator(validator, in: work.state)
        guard record.jailed else { return }
        record.jailed = false
        try StakingStore.save(record, on: work.state)
        try StakingStore.rank(record, on: work.state)
    }

    /// Adds tokens for new shares; returns these.
    func addTokens(
        _ amount: UInt128, to validator: inout StakedValidator, _ work: BlockWork
    ) throws -> Decimal18 {
        let shares =
            validator.delegatorShares.isZero ? Decimal18(amount) : try validator.shares(ofTokens: amount)
        let (tokens, carries) = validator.tokens.addingReportingOverflow(amount)
        guard !carries else { throw NumberFault.overflow }
        try StakingStore.unrank(validator, on: work.state)
        validator.tokens = tokens
        validator.delegatorShares = try validator.delegatorShares + shares
        try StakingStore.save(validator, on: work.state)
        try StakingStore.rank(validator, on: work.state)
        return shares
    }

    /// Gives shares back; returns what they were worth, and all for the last ones.
    func removeShares(
        _ shares: Decimal18, from validator: inout StakedValidator, _ work: BlockWork
    ) throws -> UInt128 {
        let rest = try validator.delegatorShares.subtracting(shares)
        let tokens = rest.isZero ? validator.tokens : try validator.tokens(ofShares: shares).truncatedAmount
        guard tokens <= validator.tokens else { throw NumberFault.negative }
        try StakingStore.unrank(validator, on: work.state)
        validator.tokens -= tokens
        validator.delegatorShares = rest
        try StakingStore.save(validator, on: work.state)
        try StakingStore.rank(validator, on: work.state)
        return tokens
    }

    /// The pool in which a validator's tokens lie.
    static func pool(_ isBonded: Bool) -> ModuleAccount {
        isBonded ? ModuleAccount.bondedPool : ModuleAccount.notBondedPool
    }

    /// Between the pools, with the events of a transfer; nothing for nothing.
    static func movePools(_ amount: UInt128, toBonded: Bool, _ work: BlockWork) throws {
        guard amount > 0 else { return }
        let denomination = try StakingStore.parameters(in: work.state).bondDenom
        let coins = try Coins([Coin(amount, denomination)])
        let (source, target) = (pool(!toBonded).address, pool(toBonded).address)
        try BankModule.move(coins, from: source, to: target, on: work.state)
        work.tell(BankModule.eventsOfMove(coins, from: source, to: target))
    }

    static func burn(_ amount: UInt128, bonded: Bool, _ work: BlockWork) throws {
        guard amount > 0 else { return }
        let denomination = try StakingStore.parameters(in: work.state).bondDenom
        work.tell(try BankModule.burn(Coin(amount, denomination), of: pool(bonded), on: work.state))
    }
}
