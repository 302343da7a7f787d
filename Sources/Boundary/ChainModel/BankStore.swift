/// The store `bank`: balances and total supplies, each a decimal text. A balance of zero has no key.
package enum BankStore {
    package static let supplyPrefix: [UInt8] = [0]
    package static let balancePrefix: [UInt8] = [2]

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

    package static func encode(_ amount: UInt128) -> [UInt8] { Array(String(amount).utf8) }

    /// Zero for an absent value; `nil` for one that is no amount.
    package static func amount(_ value: [UInt8]?) -> UInt128? {
        guard let value else { return 0 }
        return Coin.amount(value)
    }
}
