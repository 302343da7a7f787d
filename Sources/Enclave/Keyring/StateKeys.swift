import ChainModel
import PublicCryptography
import SecretCryptography

/// Why a stored value does not open. All of them mean that the host, or a bug, gave bytes this enclave did not write.
package enum StoredValueError: Error, Equatable {
    /// Too short, or not the length of any size class.
    case malformed
    case unknownVersion
    case unknownEpoch
    /// Other key, contract, name or header, or changed bytes.
    case notAuthentic
    /// Authentic, but the name inside is another or the padding is not zero.
    case inconsistent
}

/// The keys to the state of one contract.
///
/// The host sees of an entry its key in the tree (`hashedName`), when it was written, and its size class; not the name,
/// not the value, not how long they are, and not whether two entries are equal. Names and values are Swift arrays:
/// they come from the contract's memory and go there.
package struct StateKeys: ~Copyable {
    private let contract: AccountAddress
    private let nameKey: SecretKey
    private var cipher: AESSIV

    /// `original` is the contract's original key, whatever code runs now, and has been found authentic.
    package init(_ keys: borrowing NetworkKeys, original: ContractKey, contract: AccountAddress) {
        let material = KeyDerivation.derive(keys.currentStateMaterial, original.bytes)
        self.contract = contract
        nameKey = KeyDerivation.expand(material, info: Label.stateName)
        cipher = AESSIV(key: KeyDerivation.expand(material, info: Label.stateValue))
    }

    /// The key in the tree of the entry called `name`, after the contract's address.
    package borrowing func hashedName(_ name: [UInt8]) -> Hash32 { HMACSHA256.tag(key: nameKey, name) }

    /// What is stored for `name` = `value`, written by transaction `transactionIndex` of block `height`.
    package mutating func seal(
        name: [UInt8], value: [UInt8], height: UInt64, transactionIndex: UInt32
    ) -> [UInt8] {
        let header = StoredValue.Header(
            epoch: NetworkKeys.currentEpoch, height: height, transactionIndex: transactionIndex
        ).bytes
        let plaintext = StoredValue.padded(name: name, value: value)
        return header + cipher.seal(plaintext, associatedData: associatedData(header: header, name: name))
    }

    /// The value stored for `name`.
    ///
    /// That `stored` is the newest value of this name is for the caller to know: only a proof says so.
    package mutating func open(_ stored: [UInt8], name: [UInt8]) throws(StoredValueError) -> [UInt8] {
        let header = try StoredValue.Header(of: stored)
        guard header.epoch == NetworkKeys.currentEpoch else { throw .unknownEpoch }
        guard
            let plaintext = cipher.open(
                stored[StoredValue.Header.byteCount...],
                associatedData: associatedData(header: header.bytes, name: name))
        else { throw .notAuthentic }
        guard let value = StoredValue.value(in: plaintext, name: name) else { throw .inconsistent }
        return value
    }

    private borrowing func associatedData(header: [UInt8], name: [UInt8]) -> [[UInt8]] {
        [header, contract.bytes, hashedName(name).bytes]
    }
}
