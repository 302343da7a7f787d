import LedgerRecords
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
    private let epoch: UInt16
    private var cipher: AESSIV
    /// For values of the epoch before; this one's, if those are not opened.
    private let earlierKey: SecretKey

    /// Names keep their key for ever, so that a value keeps its place.
    fileprivate init(
        names: borrowing SecretKey, epoch: UInt16, values: borrowing SecretKey, earlier: borrowing SecretKey
    ) {
        nameKey = KeyDerivation.expand(names, info: Label.stateName)
        self.epoch = epoch
        cipher = AESSIV(key: KeyDerivation.expand(values, info: Label.stateValue))
        earlierKey = KeyDerivation.expand(earlier, info: Label.stateValue)
    }

    /// The key in the tree of the entry called `name`, after the contract's address.
    package borrowing func hashedName(_ name: [UInt8]) -> Hash32 { HMACSHA256.tag(key: nameKey, name) }

    /// What is stored for `name` = `value`, whose hashed name is `hashedName`, written by transaction
    /// `transactionIndex` of block `height`. Both are below 4 GiB, as everything a contract can hold.
    package mutating func seal(
        name: [UInt8], hashedAs hashedName: Hash32, value: [UInt8], contract: AccountAddress, height: Int64,
        transactionIndex: UInt32
    ) -> [UInt8] {
        let header = StoredValue.Header(
            epoch: epoch, height: height, transactionIndex: transactionIndex
        ).bytes
        let plaintext = StoredValue.padded(name: name, value: value)
        return header
            + cipher.seal(plaintext, associatedData: [header, contract.bytes, hashedName.bytes])
    }

    /// The value stored for `name`, or `nil` if this enclave's network never stored `stored` for this contract and
    /// name.
    ///
    /// That it is the newest value of the name is for the caller to know: only a proof says so.
    package mutating func open(
        _ stored: [UInt8], name: [UInt8], hashedAs hashedName: Hash32, contract: AccountAddress
    ) -> [UInt8]? {
        guard let header = StoredValue.Header(of: stored),
            let plaintext = plaintext(of: stored, header, contract, hashedName)
        else { return nil }
        return StoredValue.value(in: plaintext, name: name)
    }

    /// What is stored instead of a value of the epoch before: the same as its writer wrote it, under the key of this
    /// one. `nil` for anything else, also for a value of this epoch.
    package mutating func renewed(_ stored: [UInt8], hashedAs hashedName: Hash32, contract: AccountAddress) -> [UInt8]?
    {
        guard var header = StoredValue.Header(of: stored), header.epoch != epoch,
            let plaintext = plaintext(of: stored, header, contract, hashedName)
        else { return nil }
        header.epoch = epoch
        return header.bytes
            + cipher.seal(plaintext, associatedData: [header.bytes, contract.bytes, hashedName.bytes])
    }

    private mutating func plaintext(
        of stored: [UInt8], _ header: StoredValue.Header, _ contract: AccountAddress, _ hashedName: Hash32
    ) -> [UInt8]? {
        let sealed = stored[StoredValue.Header.byteCount...]
        let associatedData = [header.bytes, contract.bytes, hashedName.bytes]
        switch header.epoch {
        case epoch: return cipher.open(sealed, associatedData: associatedData)
        case epoch - 1:
            var cipher = AESSIV(key: earlierKey)
            return cipher.open(sealed, associatedData: associatedData)
        default: return nil
        }
    }
}

extension NetworkKeys {
    /// The keys to the state of the contract whose original key is `contractKey`, whatever code runs now. The caller
    /// has found the key authentic.
    package borrowing func stateKeys(contractKey: [UInt8]) -> StateKeys {
        precondition(contractKey.count == NetworkKeys.contractKeyByteCount)
        return StateKeys(
            names: KeyDerivation.derive(currentStateMaterial, contractKey), epoch: epoch,
            values: KeyDerivation.derive(valueMaterial, contractKey),
            earlier: KeyDerivation.derive(earlierValueMaterial, contractKey))
    }
}
