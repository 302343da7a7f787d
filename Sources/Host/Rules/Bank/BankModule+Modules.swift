import Auth
import EnclaveProtocol
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import Wire

/// What other modules do with coins.
extension BankModule {
    /// Makes coins out of nothing. The supply stays below 2^128, or `NumberFault.overflow` is thrown.
    package static func mint(
        _ coin: Coin, by module: ModuleAccount, on state: any LedgerState
    ) throws -> [Event] {
        guard coin.amount > 0 else { return [] }
        let (supply, carries) = try supply(of: coin.denomination, on: state).addingReportingOverflow(coin.amount)
        guard !carries else { throw NumberFault.overflow }
        try setSupply(Coin(supply, coin.denomination), on: state)
        try give(try Coins([coin]), to: module.address, on: state)
        let minter = module.address.description
        return [
            Event("coin_received", ["receiver": minter, "amount": coin.description]),
            Event("coinbase", ["minter": minter, "amount": coin.description]),
        ]
    }

    /// Makes nothing out of coins that the module has.
    package static func burn(
        _ coin: Coin, of module: ModuleAccount, on state: any LedgerState
    ) throws -> [Event] {
        guard coin.amount > 0 else { return [] }
        try take(try Coins([coin]), from: module.address, on: state)
        let (supply, isShort) = try supply(of: coin.denomination, on: state)
            .subtractingReportingOverflow(coin.amount)
        guard !isShort else { throw NumberFault.negative }
        try setSupply(Coin(supply, coin.denomination), on: state)
        let burner = module.address.description
        return [
            Event("coin_spent", ["spender": burner, "amount": coin.description]),
            Event("burn", ["burner": burner, "amount": coin.description]),
        ]
    }

    /// Moves coins from a delegator to a pool: of all that it has, since coins that are locked may be delegated.
    package static func delegateCoins(
        _ coin: Coin, from delegator: AccountAddress, to pool: ModuleAccount, at time: Timestamp,
        on state: any LedgerState
    ) throws -> [Event] {
        let balance = try balance(of: delegator, denomination: coin.denomination, on: state)
        guard balance >= coin.amount else {
            throw TransactionRefusal.insufficientFunds(
                "failed to delegate; \(Coin(balance, coin.denomination)) is smaller than \(coin)")
        }
        let coins = try Coins([coin])
        try trackDelegation(of: coins, by: delegator, at: time, on: state)
        try setBalance(
            balance - coin.amount, of: delegator, denomination: coin.denomination, wasHeld: balance > 0, on: state)
        try give(coins, to: pool.address, on: state)
        try AuthModule.createIfAbsent(pool.address, on: state)
        return eventsOfDelegation(coins, from: delegator, to: pool.address)
    }

    /// The way back.
    package static func undelegateCoins(
        _ coin: Coin, from pool: ModuleAccount, to delegator: AccountAddress, on state: any LedgerState
    ) throws -> [Event] {
        let coins = try Coins([coin])
        try move(coins, from: pool.address, to: delegator, on: state)
        try trackUndelegation(of: coins, by: delegator, on: state)
        return eventsOfDelegation(coins, from: pool.address, to: delegator)
    }

    /// As the original tells of coins that are delegated: with none that says `transfer`.
    private static func eventsOfDelegation(
        _ coins: Coins, from sender: AccountAddress, to recipient: AccountAddress
    ) -> [Event] {
        [spent(coins, by: sender.description), received(coins, by: recipient.description)]
    }

    /// All that an account has.
    package static func balances(of address: AccountAddress, on state: any LedgerReading) throws -> Coins {
        let key = BankStore.holdingsKey(address)
        guard let held = BankStore.holdings(try state.value(of: key, in: StoreName.bank)) else {
            throw CorruptState(store: StoreName.bank, key: key)
        }
        return try Coins(
            held.sorted(by: BankStore.byBytes).map {
                Coin(try balance(of: address, denomination: $0, on: state), $0)
            })
    }
}
