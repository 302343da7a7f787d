import ChainMessages
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs

extension BankModule {
    /// The supply of each denomination is the sum of its balances; no balance is zero; each address's list of what it
    /// holds names exactly its balances; what can be sent is said of denominations.
    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        var broken: [String] = []
        var coins: [Coins] = []
        var held: (address: AccountAddress, denominations: Set<String>)?
        var holders = 0
        func close() throws {
            guard let held else { return }
            holders += 1
            let list = try state.value(of: BankStore.holdingsKey(held.address), in: StoreName.bank)
            if BankStore.holdings(list) != held.denominations {
                broken.append("the list of what \(held.address) holds is not that of its balances")
            }
        }
        try state.visit(StoreName.bank, prefix: BankStore.balancePrefix) { entry in
            let (address, coin) = try BankModule.balance(entry)
            if coin.amount == 0 { broken.append("\(address) has a balance of nothing, \(coin)") }
            if held?.address != address {
                try close()
                held = (address, [])
            }
            held?.denominations.insert(coin.denomination)
            if let some = try? Coins([coin]) { coins.append(some) }
        }
        try close()
        var lists = 0
        try state.visit(StoreName.bank, prefix: BankStore.holdingsPrefix) { _ in lists += 1 }
        if lists != holders { broken.append("\(lists) lists of what an address holds, for \(holders) addresses") }
        let supply = try BankModule.supplies(in: state)
        let sum = try? Coins.sum(coins)
        if sum != supply {
            broken.append("the supply is \(supply), the balances are \(sum?.description ?? "more than any supply")")
        }
        try state.visit(StoreName.bank, prefix: BankParameters.entryPrefix) { entry in
            let denomination = try BankParameters.entry(entry).denom
            if !Coin.isDenomination(denomination) { broken.append("\(denomination) is no denomination") }
        }
        return broken
    }
}
