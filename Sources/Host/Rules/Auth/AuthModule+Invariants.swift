import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import Wire

extension AuthModule {
    /// Every account is the only one of its number, no number was given out that is still to come, and the parameters
    /// are ones that a chain can have.
    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        var broken: [String] = []
        var count = 0
        let next = StateKey.number(
            decoding: try state.value(of: AccountStore.nextNumberKey, in: StoreName.account) ?? [])
        try state.visit(StoreName.account, prefix: AccountStore.accountPrefix) { entry in
            let account = try AccountRecord(decoding: entry.value)
            count += 1
            if entry.key != AccountStore.accountKey(account.address) {
                broken.append("\(account.address) stands in the place of another account")
            }
            let listed = try state.value(of: AccountStore.numberKey(account.accountNumber), in: StoreName.account)
            if listed != account.address.bytes {
                broken.append("\(account.address) is not the account of its number, \(account.accountNumber)")
            }
            if account.accountNumber >= next ?? 0 {
                broken.append("the number of \(account.address), \(account.accountNumber), is still to be given")
            }
        }
        var numbers = 0
        try state.visit(StoreName.account, prefix: AccountStore.numberPrefix) { _ in numbers += 1 }
        if numbers != count { broken.append("\(numbers) numbers are given to \(count) accounts") }
        if let fault = AuthParameters.fault(of: try AuthParameters.current(in: state)) { broken.append(fault) }
        return broken
    }
}
