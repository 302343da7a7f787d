import Auth
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import StrictJSON

extension BankModule {
    /// The supply is the sum of all balances. Whoever has one and no account gets an account.
    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        let listed = genesis["balances"]
        let balances = try listed.elements.map { (address: try $0["address"].address, coins: try $0["coins"].coins) }
        guard Set(balances.map(\.address)).count == balances.count else {
            throw listed.refusal("a balance is listed twice")
        }
        guard let supply = try? Coins.sum(balances.map(\.coins)) else {
            throw listed.refusal("the supply exceeds 128 bits")
        }
        let said = try genesis["supply"].coins
        guard said.isEmpty || said == supply else {
            throw genesis["supply"].refusal("is not the sum of the balances, \(supply)")
        }
        for (address, coins) in balances {
            for coin in coins.list {
                try BankModule.setBalance(coin.amount, of: address, denomination: coin.denomination, on: state)
            }
            if !ModuleAccount.all.contains(where: { $0.address == address }) {
                try AuthModule.createIfAbsent(address, on: state)
            }
        }
        for coin in supply.list { try BankModule.setSupply(coin, on: state) }
        try BankParameters.importGenesis(genesis, on: state)
    }

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        var balances: [(address: AccountAddress, coins: [Coin])] = []
        try state.visit(StoreName.bank, prefix: BankStore.balancePrefix) { entry in
            let (address, coin) = try BankModule.balance(entry)
            // Balances of one address stand together.
            if balances.last?.address != address { balances.append((address, [])) }
            balances[balances.count - 1].coins.append(coin)
        }
        let list = try balances.map { balance -> JSONValue in
            ["address": .string(balance.address.description), "coins": JSONValue(try Coins(balance.coins))]
        }
        return [
            "params": try BankParameters.exportParameters(from: state), "balances": .array(list),
            "supply": JSONValue(try BankModule.supplies(in: state)),
            "send_enabled": try BankParameters.exportEntries(from: state),
        ]
    }

    /// Whose balance an entry is.
    static func balance(_ entry: LedgerEntry) throws -> (address: AccountAddress, coin: Coin) {
        guard let (address, denomination) = BankStore.balance(ofKey: entry.key),
            let amount = BankStore.amount(entry.value)
        else { throw CorruptState(store: StoreName.bank, key: entry.key) }
        return (address, Coin(amount, denomination))
    }

    static func supplies(in state: any LedgerReading) throws -> Coins {
        var supplies: [Coin] = []
        try state.visit(StoreName.bank, prefix: BankStore.supplyPrefix) { entry in
            guard
                let denomination = String(validating: entry.key.dropFirst(BankStore.supplyPrefix.count), as: UTF8.self),
                let amount = BankStore.amount(entry.value)
            else { throw CorruptState(store: StoreName.bank, key: entry.key) }
            supplies.append(Coin(amount, denomination))
        }
        return try Coins(supplies)
    }
}
