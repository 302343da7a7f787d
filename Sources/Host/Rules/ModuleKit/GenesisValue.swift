import LedgerRecords
import SignedTransactions
import StrictJSON

/// Why no chain can begin with a genesis file.
package struct GenesisRefusal: Error, Equatable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = "genesis: " + description }
}

/// A place in a genesis file: what stands there, and the way to it for whoever has to mend the file.
package struct GenesisValue: Sendable {
    /// `nil` where nothing stands, or null.
    package let json: JSONValue?
    private let path: String

    package init(_ json: JSONValue?, at path: String) {
        self.json = json.flatMap { $0.isNull ? nil : $0 }
        self.path = path
    }

    package subscript(name: String) -> GenesisValue { GenesisValue(json?[name], at: "\(path).\(name)") }

    package func refusal(_ text: String) -> GenesisRefusal { GenesisRefusal("\(path): \(text)") }

    /// The elements of a list; none where nothing stands.
    package var elements: [GenesisValue] {
        get throws(GenesisRefusal) {
            guard let json else { return [] }
            guard let array = json.array else { throw refusal("is no list") }
            return array.enumerated().map { GenesisValue($1, at: "\(path)[\($0)]") }
        }
    }

    /// Empty where nothing stands.
    package var text: String {
        get throws(GenesisRefusal) {
            guard let json else { return "" }
            guard let text = json.string else { throw refusal("is no text") }
            return text
        }
    }

    /// `nil` where nothing stands.
    package var flag: Bool? {
        get throws(GenesisRefusal) {
            guard let json else { return nil }
            guard let flag = json.bool else { throw refusal("is neither true nor false") }
            return flag
        }
    }

    package var address: AccountAddress {
        get throws(GenesisRefusal) {
            guard let address = AccountAddress(bech32: try text) else { throw refusal("is not an address") }
            return address
        }
    }

    /// A number, or a text of one, as 64-bit numbers travel in JSON; zero where nothing stands.
    package var number: UInt64 {
        get throws(GenesisRefusal) {
            guard let json else { return 0 }
            guard let number = json.uint64 ?? json.string.flatMap({ UInt64($0) }) else { throw refusal("is no number") }
            return number
        }
    }

    /// Like `number`, and may be below zero.
    package var signedNumber: Int64 {
        get throws(GenesisRefusal) {
            guard let json else { return 0 }
            guard let number = json.int64 ?? json.string.flatMap({ Int64($0) }) else { throw refusal("is no number") }
            return number
        }
    }

    /// A list of coins in any order, without those of nothing.
    package var coins: Coins {
        get throws(GenesisRefusal) {
            var list: [Coin] = []
            for coin in try elements {
                guard let amount = Coin.amount(Array(try coin["amount"].text.utf8)) else {
                    throw coin["amount"].refusal("is no amount")
                }
                list.append(Coin(amount, try coin["denom"].text))
            }
            list.sort { BankStore.byBytes($0.denomination, $1.denomination) }
            guard let coins = try? Coins(list.filter { $0.amount > 0 }) else {
                throw refusal("the coins are not valid")
            }
            return coins
        }
    }
}

extension JSONValue {
    /// As genesis files list coins.
    package init(_ coins: Coins) {
        self = .array(
            coins.list.map { ["denom": .string($0.denomination), "amount": .string(String($0.amount))] })
    }
}
