import DecidedBlocks
import SignedTransactions

/// What an operator asks of a first genesis, as it is typed.
extension FirstGenesis {
    /// Reads `ADDRESS=1uscrt,2other` for each account. Everything that is wrong is told at once.
    package static func accounts(_ arguments: [String]) -> (accounts: [Account], violations: [String]) {
        var accounts: [Account] = []
        var violations: [String] = []
        for text in arguments {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                violations.append("--account \(shown(text)): must be ADDRESS=AMOUNT, as secret1…=1000uscrt")
                continue
            }
            guard let address = AccountAddress(bech32: parts[0]) else {
                violations.append("--account \(shown(text)): \(shown(parts[0])) is no address")
                continue
            }
            do throws(Problem) {
                let coins = try coins(parts[1])
                accounts.append(
                    Account(
                        address: address.description,
                        coins: coins.list.map { (denomination: $0.denomination, amount: $0.amount) }))
            } catch {
                violations.append("--account \(shown(text)): \(error.text)")
            }
        }
        var seen = Set<String>()
        for account in accounts where !seen.insert(account.address).inserted {
            violations.append("--account: \(account.address) is given twice; write its coins with commas")
        }
        return (accounts, violations)
    }

    /// Reads `ADDRESS=1000000uscrt`: whose validator it is, and what it has.
    package static func stake(_ text: String, name: String, key: [UInt8]) -> Stake? {
        guard problem(ofStake: text) == nil, let account = accounts([text]).accounts.first,
            let address = AccountAddress(bech32: account.address)
        else { return nil }
        return Stake(name: name, account: address, key: key, tokens: account.coins[0].amount)
    }

    package static func problem(ofStake text: String) -> String? {
        let (accounts, violations) = accounts([text])
        if let first = violations.first { return first.replacing("--account", with: "--stake") }
        guard accounts[0].coins.count == 1, accounts[0].coins[0].denomination == "uscrt" else {
            return "--stake \(shown(text)): coins are staked in uscrt"
        }
        guard accounts[0].coins[0].amount >= Stake.tokensMin else {
            return "--stake \(shown(text)): a validator has \(Stake.tokensMin)uscrt or more"
        }
        return nil
    }

    /// Like the names of chains that are there: no character that needs quoting in an address, a path or a shell.
    package static func problem(ofChainID text: String) -> String? {
        let isName = text.utf8.enumerated().allSatisfy { index, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): index > 0
            default: false
            }
        }
        guard isName, (1...Header.chainIDByteCountMax).contains(text.utf8.count) else {
            return "--chain-id \(shown(text)): must have 1 to \(Header.chainIDByteCountMax) letters, digits, -, _ or ."
        }
        return nil
    }

    package static func problem(ofMoniker text: String) -> String? {
        Settings.problem(ofMoniker: text).map { "the node's name \(shown(text)): \($0)" }
    }

    private struct Problem: Error { var text: String }

    private static func coins(_ text: String) throws(Problem) -> Coins {
        var list: [Coin] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let digits = part.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            let denomination = String(part.dropFirst(digits.count))
            guard let amount = Coin.amount(digits), amount > 0 else {
                throw Problem(text: "\(shown(String(part))) must begin with an amount above zero")
            }
            guard Coin.isDenomination(denomination) else {
                throw Problem(
                    text: denomination.isEmpty
                        ? "\(part) has no denomination; did you mean \(part)uscrt?"
                        : "\(shown(denomination)) is no denomination")
            }
            list.append(Coin(amount, denomination))
        }
        list.sort { $0.denomination.utf8.lexicographicallyPrecedes($1.denomination.utf8) }
        guard let coins = try? Coins(list) else { throw Problem(text: "a denomination is given twice") }
        return coins
    }

    private static func shown(_ text: String) -> String { "\"\(Settings.escaped(String(text.prefix(100))))\"" }
}
