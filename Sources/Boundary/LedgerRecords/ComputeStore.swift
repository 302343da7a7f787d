import PublicCryptography
import SignedTransactions
import Wire

/// The store `compute`: codes, contracts and their encrypted state. Only the enclave decides what is written here.
package enum ComputeStore {
    package static let codePrefix: [UInt8] = [0x01]
    package static let contractPrefix: [UInt8] = [0x02]
    package static let lastCodeIDKey: [UInt8] = [0x04] + Array("lastCodeId".utf8)
    package static let lastContractIDKey: [UInt8] = [0x04] + Array("lastContractId".utf8)
    /// The value of a key that says all by itself.
    package static let marker: [UInt8] = [0x01]

    /// Holds `CodeInfo`.
    package static func codeKey(_ codeID: UInt64) -> [UInt8] { codePrefix + StateKey.number(codeID) }

    /// Holds `ContractInfo`.
    package static func contractKey(_ address: AccountAddress) -> [UInt8] { contractPrefix + address.bytes }

    package static func statePrefix(_ address: AccountAddress) -> [UInt8] { [0x03] + address.bytes }

    /// Holds a sealed value; `name` is the keyed hash of the name that the contract gave it.
    package static func stateKey(_ address: AccountAddress, name: Hash32) -> [UInt8] {
        statePrefix(address) + name.bytes
    }

    /// Whose value lies under a key, and under which name; `nil` for the key of another record.
    package static func place(ofStateKey key: [UInt8]) -> (address: AccountAddress, name: Hash32)? {
        guard key.first == 0x03, key.count == 1 + AccountAddress.byteCount + Hash32.byteCount,
            let address = AccountAddress(Array(key[1..<(1 + AccountAddress.byteCount)])),
            let name = Hash32(key[(1 + AccountAddress.byteCount)...])
        else { return nil }
        return (address, name)
    }

    /// Holds `ContractKey`.
    package static func identityKey(_ address: AccountAddress) -> [UInt8] { [0x06] + address.bytes }

    /// Holds the address of the contract with a label. Labels are hashed since they may be longer than a key.
    package static func labelKey(_ label: String) -> [UInt8] { [0x07] + SHA256.hash(Array(label.utf8)).bytes }

    package static func historyPrefix(_ address: AccountAddress) -> [UInt8] { [0x09] + address.bytes }

    /// Holds `ContractHistoryEntry`; entries of a contract count from 1.
    package static func historyKey(_ address: AccountAddress, _ number: UInt64) -> [UInt8] {
        historyPrefix(address) + StateKey.number(number)
    }

    /// The number of the last of entries that count from 1 without a gap, 0 if there is none; asks for few of them.
    package static func lastNumber<Failure>(isPresent: (UInt64) throws(Failure) -> Bool) throws(Failure) -> UInt64 {
        var (present, absent): (UInt64, UInt64) = (0, 1)
        while try isPresent(absent) { (present, absent) = (absent, absent &* 2) }
        while absent - present > 1 {
            let middle = present + (absent - present) / 2
            if try isPresent(middle) { present = middle } else { absent = middle }
        }
        return present
    }

    /// Holds how many contracts ever came to a code, `StateKey.number`. With it the list can be proved to be whole.
    package static func contractCountKey(codeID: UInt64) -> [UInt8] { [0x0a] + StateKey.number(codeID) }

    /// Holds the address of the contract that came to a code as the one with this number, from 1. One that is migrated
    /// away stays in the list: who reads it asks the contract's own record.
    package static func contractOfCodeKey(codeID: UInt64, number: UInt64) -> [UInt8] {
        contractCountKey(codeID: codeID) + StateKey.number(number)
    }

    /// Holds `marker` if a contract stands in the list of a code.
    package static func listedUnderCodeKey(codeID: UInt64, _ address: AccountAddress) -> [UInt8] {
        contractCountKey(codeID: codeID) + address.bytes
    }

    /// Holds a hash that tells whose the encrypted input with this nonce is.
    ///
    /// The public key of the input is no part of it: many public keys agree on one secret with the enclave (another top
    /// bit, a point of small order added), so a copier could choose one that is not recorded yet. Another nonce makes
    /// another key, which opens nothing.
    package static func inputOwnerKey(nonce: Hash32) -> [UInt8] {
        [0x0d] + nonce.bytes
    }
}
