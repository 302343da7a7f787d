import LedgerRecords
import PublicCryptography
import SignedTransactions
import StrictJSON

/// The state a chain begins with, read from `app_state` of a genesis file. Modules we do not have are passed over.
package struct Genesis: Equatable, Sendable {
    package struct Refusal: Error, Equatable, CustomStringConvertible {
        package var description: String
        package init(_ description: String) { self.description = "genesis: " + description }
    }

    package struct Account: Equatable, Sendable {
        package var address: AccountAddress
        package var accountNumber: UInt64
        package var sequence: UInt64
    }

    package struct Balance: Equatable, Sendable {
        package var address: AccountAddress
        package var coins: Coins
    }

    package var accounts: [Account] = []
    package var balances: [Balance] = []
    /// The sum of all balances.
    package var supply = Coins.none

    package init(applicationState json: JSONValue) throws(Refusal) {
        for account in json["auth"]?["accounts"]?.array ?? [] { accounts.append(try Genesis.account(account)) }
        for balance in json["bank"]?["balances"]?.array ?? [] { balances.append(try Genesis.balance(balance)) }
        guard Set(accounts.map(\.address)).count == accounts.count else { throw Refusal("an account is listed twice") }
        guard Set(balances.map(\.address)).count == balances.count else { throw Refusal("a balance is listed twice") }
        guard let sum = try? Coins.sum(balances.map(\.coins)) else { throw Refusal("the supply exceeds 128 bits") }
        supply = sum
        let listed = try Genesis.coins(json["bank"]?["supply"], of: "supply")
        guard listed.isEmpty || listed == sum else { throw Refusal("the supply is not the sum of the balances") }
    }

    private static func account(_ json: JSONValue) throws(Refusal) -> Account {
        guard json["@type"]?.string == AccountRecord.baseTypeURL else {
            throw Refusal("only accounts of type \(AccountRecord.baseTypeURL) are known")
        }
        guard json["pub_key"]?.isNull ?? true else { throw Refusal("an account has a public key before its first use") }
        return Account(
            address: try address(json["address"]), accountNumber: try number(json["account_number"]),
            sequence: try number(json["sequence"]))
    }

    private static func balance(_ json: JSONValue) throws(Refusal) -> Balance {
        Balance(address: try address(json["address"]), coins: try coins(json["coins"], of: "balance"))
    }

    private static func address(_ json: JSONValue?) throws(Refusal) -> AccountAddress {
        guard let text = json?.string, let address = AccountAddress(bech32: text) else {
            throw Refusal("\(json?.string ?? "something") is not an address")
        }
        return address
    }

    /// A number, or a text of one, as 64-bit numbers travel in JSON; zero when absent.
    private static func number(_ json: JSONValue?) throws(Refusal) -> UInt64 {
        guard let json, !json.isNull else { return 0 }
        guard let number = json.uint64 ?? json.string.flatMap({ UInt64($0) }) else {
            throw Refusal("a number of an account is none")
        }
        return number
    }

    private static func coins(_ json: JSONValue?, of name: String) throws(Refusal) -> Coins {
        var list: [Coin] = []
        for coin in json?.array ?? [] {
            guard let denomination = coin["denom"]?.string, let text = coin["amount"]?.string,
                let amount = Coin.amount(Array(text.utf8))
            else { throw Refusal("a coin of a \(name) has no amount or denomination") }
            list.append(Coin(amount, denomination))
        }
        list.sort { $0.denomination.utf8.lexicographicallyPrecedes($1.denomination.utf8) }
        guard let coins = try? Coins(list.filter { $0.amount > 0 }) else {
            throw Refusal("the coins of a \(name) are not valid")
        }
        return coins
    }
}

extension Genesis {
    /// Writes the first state. Accounts get their listed numbers if these differ from each other, else the places in
    /// which they stand; those that only have a balance, and the modules' own, come behind.
    package func apply(exchangeKeys: RegistrationModule.ExchangeKeys, on state: any LedgerState) throws {
        let isNumbered = Set(accounts.map(\.accountNumber)).count == accounts.count
        var next: UInt64 = 0
        for (place, account) in accounts.enumerated() {
            let number = isNumbered ? account.accountNumber : UInt64(place)
            let record = AccountRecord(address: account.address, accountNumber: number, sequence: account.sequence)
            try AuthModule.create(record, on: state)
            next = max(next, number + 1)
        }
        try AuthModule.setNextNumber(next, on: state)
        for balance in balances {
            for coin in balance.coins.list {
                try BankModule.setBalance(coin.amount, of: balance.address, denomination: coin.denomination, on: state)
            }
            if !ModuleAccount.all.contains(where: { $0.address == balance.address }) {
                try AuthModule.createIfAbsent(balance.address, on: state)
            }
        }
        for coin in supply.list { try BankModule.setSupply(coin, on: state) }
        for module in ModuleAccount.all {
            try AuthModule.create(
                AccountRecord(
                    address: module.address, accountNumber: try AuthModule.takeNumber(on: state),
                    module: AccountRecord.Module(name: module.name, permissions: module.permissions)), on: state)
        }
        try RegistrationModule.setExchangeKeys(exchangeKeys, on: state)
    }
}
