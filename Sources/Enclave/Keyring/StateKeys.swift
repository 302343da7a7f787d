import PublicCryptography
import SecretCryptography
import SignedTransactions

/// The keys to the state of one contract.
///
/// The host sees of an entry its key in the tree (`hashedName`), when it was written, and its size class; not the name,
/// not the value, not how long they are, and not whether two entries are equal. Names and values are Swift arrays: they
/// come from the contract's memory and go there.
package struct StateKeys: ~Copyable {
    /// The bytes of an entry's key in the compute store: prefix, address, hashed name. What gas is charged for.
    package static let treeKeyByteCount = 1 + AccountAddress.byteCount + Hash32.byteCount

    private let nameKey: SecretKey
    private var cipher: AESSIV

    fileprivate init(material: borrowing SecretKey) {
        nameKey = KeyDerivation.expand(material, info: Label.stateName)
        cipher = AESSIV(key: KeyDerivation.expand(material, info: Label.stateValue))
    }

    /// The key in the tree of the entry called `name`, after the contract's address.
    package borrowing func hashedName(_ name: [UInt8]) -> Hash32 { HMACSHA256.tag(key: nameKey, name) }

    /// What is stored for `name` = `value`, written by transaction `transactionIndex` of block `height`. Both are below
    /// 4 GiB, as everything a contract can hold.
    package mutating func seal(
        name: [UInt8], value: [UInt8], contract: AccountAddress, height: Int64, transactionIndex: UInt32
    ) -> [UInt8] {
        seal(
            name: name, hashedAs: hashedName(name), value: value, contract: contract, height: height,
            transactionIndex: transactionIndex)
    }

    /// As above, for a caller that has `hashedName(name)` already.
    package mutating func seal(
        name: [UInt8], hashedAs hashedName: Hash32, value: [UInt8], contract: AccountAddress, height: Int64,
        transactionIndex: UInt32
    ) -> [UInt8] {
        let header = StoredValue.Header(
            epoch: NetworkKeys.currentEpoch, height: height, transactionIndex: transactionIndex
        ).bytes
        let plaintext = StoredValue.padded(name: name, value: value)
        return header
            + cipher.seal(plaintext, associatedData: [header, contract.bytes, hashedName.bytes])
    }

    /// The value stored for `name`, or `nil` if this enclave's network never stored `stored` for this contract and
    /// name.
    ///
    /// That it is the newest value of the name is for the caller to know: only a proof says so.
    package mutating func open(_ stored: [UInt8], name: [UInt8], contract: AccountAddress) -> [UInt8]? {
        open(stored, name: name, hashedAs: hashedName(name), contract: contract)
    }

    /// As above, for a caller that has `hashedName(name)` already.
    package mutating func open(
        _ stored: [UInt8], name: [UInt8], hashedAs hashedName: Hash32, contract: AccountAddress
    ) -> [UInt8]? {
        guard let header = StoredValue.Header(of: stored), header.epoch == NetworkKeys.currentEpoch,
            let plaintext = cipher.open(
                stored[StoredValue.Header.byteCount...],
                associatedData: [header.bytes, contract.bytes, hashedName.bytes])
        else { return nil }
        return StoredValue.value(in: plaintext, name: name)
    }

    /// The bytes that a name and a value of these lengths take up, padded: what gas is charged by, so that the charge
    /// tells the host nothing it does not see.
    package static func sizeClass(nameCount: Int, valueCount: Int) -> Int {
        StoredValue.sizeClass(nameCount: nameCount, valueCount: valueCount)
    }
}

extension NetworkKeys {
    /// The keys to the state of the contract whose original key is `contractKey`, whatever code runs now. The caller
    /// has found the key authentic.
    package borrowing func stateKeys(contractKey: [UInt8]) -> StateKeys {
        precondition(contractKey.count == NetworkKeys.contractKeyByteCount)
        return StateKeys(material: KeyDerivation.derive(currentStateMaterial, contractKey))
    }
}
