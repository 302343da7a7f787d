import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import Wire

/// Accounts: their numbers, keys and sequences.
package struct AuthModule: LedgerModule {
    package let name = "auth"
    package let stores = [StoreName.account]

    package init() {}
}

extension AuthModule {
    package static func account(_ address: AccountAddress, on state: any LedgerReading) throws -> AccountRecord? {
        guard let value = try state.value(of: AccountStore.accountKey(address), in: StoreName.account) else {
            return nil
        }
        return try AccountRecord(decoding: value)
    }

    /// Whether there is such an account, without reading it.
    package static func exists(_ address: AccountAddress, on state: any LedgerReading) throws -> Bool {
        try state.value(of: AccountStore.accountKey(address), in: StoreName.account) != nil
    }

    /// What of an account's coins vests; `nil` of accounts of other kinds, which are not read any further.
    package static func vesting(of address: AccountAddress, on state: any LedgerReading) throws -> VestingCoins? {
        try state.value(of: AccountStore.accountKey(address), in: StoreName.account).flatMap {
            try AccountRecord.vesting(of: $0)
        }
    }

    package static func save(_ account: AccountRecord, on state: any LedgerState) throws {
        try state.set(account.encoded, of: AccountStore.accountKey(account.address), in: StoreName.account)
    }

    package static func createIfAbsent(_ address: AccountAddress, on state: any LedgerState) throws {
        guard try !exists(address, on: state) else { return }
        try create(AccountRecord(address: address, accountNumber: takeNumber(on: state)), on: state)
    }

    /// Writes a new account, whose number nobody else has.
    package static func create(_ account: AccountRecord, on state: any LedgerState) throws {
        try save(account, on: state)
        try state.set(
            account.address.bytes, of: AccountStore.numberKey(account.accountNumber), in: StoreName.account)
    }

    /// The next account number, which is then taken.
    package static func takeNumber(on state: any LedgerState) throws -> UInt64 {
        let value = try state.value(of: AccountStore.nextNumberKey, in: StoreName.account)
        let number = StateKey.number(decoding: value ?? StateKey.number(UInt64(0)))!
        try setNextNumber(number + 1, on: state)
        return number
    }

    package static func setNextNumber(_ number: UInt64, on state: any LedgerState) throws {
        try state.set(StateKey.number(number), of: AccountStore.nextNumberKey, in: StoreName.account)
    }
}
