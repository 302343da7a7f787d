import SignedTransactions

/// The store `bank`: balances and total supplies, each a decimal text, and of each address the denominations that it
/// holds. A balance of zero has no key.
package enum BankStore {
    package static let supplyPrefix: [UInt8] = [0]
    package static let balancePrefix: [UInt8] = [2]

    /// Whether coins can be sent of which nothing else was said: the parameters, `cosmos.bank.v1beta1.Params`.
    package static let sendDefaultKey: [UInt8] = [5]

    package static func sendEnabledKey(_ denomination: String) -> [UInt8] { [4] + Array(denomination.utf8) }

    /// Whether coins can be sent of which `entry` was said; a state from before there was a default lets all be sent.
    /// `nil` for values that no ledger writes.
    package static func isSendEnabled(_ entry: [UInt8]?, default parameters: [UInt8]?) -> Bool? {
        switch (entry, parameters) {
        case ([1], _), (nil, nil), (nil, [0x10, 1]): true
        case ([0], _), (nil, []): false
        default: nil
        }
    }

    package static func supplyKey(_ denomination: String) -> [UInt8] { supplyPrefix + Array(denomination.utf8) }

    /// Before all balances of an address, in the order of the denominations.
    package static func balancesPrefix(_ address: AccountAddress) -> [UInt8] {
        balancePrefix + [UInt8(address.bytes.count)] + address.bytes
    }

    package static func balanceKey(_ address: AccountAddress, _ denomination: String) -> [UInt8] {
        balancesPrefix(address) + Array(denomination.utf8)
    }

    /// Address and denomination of a balance's key.
    package static func balance(ofKey key: [UInt8]) -> (address: AccountAddress, denomination: String)? {
        let start = 2 + AccountAddress.byteCount
        guard key.count > start, key[0] == balancePrefix[0], key[1] == AccountAddress.byteCount,
            let address = AccountAddress(key[2..<start]),
            let denomination = String(validating: key[start...], as: UTF8.self)
        else { return nil }
        return (address, denomination)
    }

    /// Before the list of what an address holds. No prefix of the Cosmos SDK's bank module.
    package static let holdingsPrefix: [UInt8] = [0x60]

    /// With this one record a reader who believes nothing knows that no balance was left out.
    package static func holdingsKey(_ address: AccountAddress) -> [UInt8] {
        holdingsPrefix + [UInt8(address.bytes.count)] + address.bytes
    }

    /// Sorted by bytes, joined by commas, which no denomination has; an address that holds nothing has no key.
    package static func encodeHoldings(_ denominations: Set<String>) -> [UInt8]? {
        denominations.isEmpty ? nil : Array(denominations.sorted(by: byBytes).joined(separator: ",").utf8)
    }

    /// `nil` for a value that is no such list.
    package static func holdings(_ value: [UInt8]?) -> Set<String>? {
        guard let value else { return [] }
        guard let text = String(validating: value, as: UTF8.self) else { return nil }
        let denominations = Set(text.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
        return denominations.allSatisfy(Coin.isDenomination) && encodeHoldings(denominations) == value
            ? denominations : nil
    }

    package static func byBytes(_ first: String, _ second: String) -> Bool {
        first.utf8.lexicographicallyPrecedes(second.utf8)
    }

    package static func encode(_ amount: UInt128) -> [UInt8] { Array(String(amount).utf8) }

    /// Zero for an absent value; `nil` for one that is no amount.
    package static func amount(_ value: [UInt8]?) -> UInt128? {
        guard let value else { return 0 }
        return Coin.amount(value)
    }
}
