import Auth
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import Wire

/// Coins of vesting accounts: locked ones can be delegated, and nothing else.
extension BankModule {
    /// What an account can send at a time. Nothing where more is locked than there is.
    package static func spendable(
        of address: AccountAddress, denomination: String, at time: Timestamp, on state: any LedgerReading
    ) throws -> UInt128 {
        let balance = try balance(of: address, denomination: denomination, on: state)
        let locked = try AuthModule.vesting(of: address, on: state)?.locked(denomination, at: time.seconds) ?? 0
        return balance - min(balance, locked)
    }

    /// Notes that an account's coins were delegated, which may be such as are locked.
    package static func trackDelegation(
        of coins: Coins, by delegator: AccountAddress, at time: Timestamp, on state: any LedgerState
    ) throws {
        try changeVesting(of: delegator, on: state) { try $0.delegate(coins, at: time.seconds) }
    }

    /// Notes that coins which had been delegated came back.
    package static func trackUndelegation(
        of coins: Coins, by delegator: AccountAddress, on state: any LedgerState
    ) throws {
        try changeVesting(of: delegator, on: state) { try $0.undelegate(coins) }
    }

    private static func changeVesting(
        of address: AccountAddress, on state: any LedgerState, _ change: (inout VestingCoins) throws -> Void
    ) throws {
        guard try AuthModule.vesting(of: address, on: state) != nil,
            var account = try AuthModule.account(address, on: state), var vesting = account.vesting
        else { return }
        try change(&vesting)
        account.vesting = vesting
        try AuthModule.save(account, on: state)
    }
}
