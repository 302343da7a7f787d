import ChainModel
import PublicCryptography
import SecretCryptography

/// The 64 public bytes that name a contract to the enclave: `sender_id || contract_id` (Secret Network protocol:
/// contract identity). The second half is a MAC only the network can make, so the host, which stores the key, cannot
/// pair a contract's state with other code or another address.
package struct ContractKey: Hashable, Sendable {
    package static let byteCount = 64

    package let senderID: Hash32
    package let contractID: Hash32

    init(senderID: Hash32, contractID: Hash32) {
        self.senderID = senderID
        self.contractID = contractID
    }

    /// `nil` unless there are exactly 64 bytes. Says nothing about who made them.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == ContractKey.byteCount, let senderID = Hash32(bytes[..<32]),
            let contractID = Hash32(bytes[32...])
        else { return nil }
        self.init(senderID: senderID, contractID: contractID)
    }

    package var bytes: [UInt8] { senderID.bytes + contractID.bytes }
}

/// All keys of a contract: the one it was made with, which state keys come from for ever, and after a migration the one
/// for its current code, with the proof that the network made the step.
package struct ContractIdentity: Hashable, Sendable {
    package struct Migration: Hashable, Sendable {
        package var key: ContractKey
        package var proof: Hash32

        package init(key: ContractKey, proof: Hash32) {
            self.key = key
            self.proof = proof
        }
    }

    package var original: ContractKey
    package var migration: Migration?

    package init(original: ContractKey, migration: Migration? = nil) {
        self.original = original
        self.migration = migration
    }

    /// The key for the code that runs now: what randomness is bound to.
    package var current: ContractKey { migration?.key ?? original }
}

// MARK: - Making and checking contract keys

extension NetworkKeys {
    /// The key of a contract that `sender` instantiates in block `height`.
    package borrowing func contractKey(
        sender: AccountAddress, height: UInt64, codeHash: Hash32, contract: AccountAddress
    ) -> ContractKey {
        let senderID = SHA256.hash(sender.bytes + height.bigEndianBytes)
        return ContractKey(
            senderID: senderID,
            contractID: HMACSHA256.tag(
                key: authenticationKey(senderID), NetworkKeys.claim(senderID, codeHash, contract, original: nil)))
    }

    /// The new key, with its proof, of a contract that `sender` migrates to the code `codeHash` in block `height`.
    package borrowing func migration(
        of original: ContractKey, sender: AccountAddress, height: UInt64, codeHash: Hash32, contract: AccountAddress
    ) -> ContractIdentity.Migration {
        let senderID = SHA256.hash(sender.bytes + height.bigEndianBytes)
        let key = ContractKey(
            senderID: senderID,
            contractID: HMACSHA256.tag(
                key: authenticationKey(senderID), NetworkKeys.claim(senderID, codeHash, contract, original: original)))
        let proof = HMACSHA256.tag(
            key: contractKeyProofSecret, NetworkKeys.step(contract, codeHash, original, key))
        return ContractIdentity.Migration(key: key, proof: proof)
    }

    /// Whether this network gave the contract at `contract`, running the code `codeHash`, these keys.
    ///
    /// The host chose every argument. A migrated contract's original key is authenticated through the proof, since its
    /// old code is not at hand.
    package borrowing func isAuthentic(
        _ identity: ContractIdentity, codeHash: Hash32, contract: AccountAddress
    ) -> Bool {
        guard let migration = identity.migration else {
            return isContractID(of: identity.original, codeHash: codeHash, contract: contract, original: nil)
        }
        return isContractID(of: migration.key, codeHash: codeHash, contract: contract, original: identity.original)
            && HMACSHA256.verify(
                migration.proof.bytes, key: contractKeyProofSecret,
                NetworkKeys.step(contract, codeHash, identity.original, migration.key))
    }

    private borrowing func isContractID(
        of key: ContractKey, codeHash: Hash32, contract: AccountAddress, original: ContractKey?
    ) -> Bool {
        HMACSHA256.verify(
            key.contractID.bytes, key: authenticationKey(key.senderID),
            NetworkKeys.claim(key.senderID, codeHash, contract, original: original))
    }

    private borrowing func authenticationKey(_ senderID: Hash32) -> SecretKey {
        KeyDerivation.derive(genesisStateMaterial, senderID.bytes)
    }

    /// What a contract id authenticates.
    private static func claim(
        _ senderID: Hash32, _ codeHash: Hash32, _ contract: AccountAddress, original: ContractKey?
    ) -> [UInt8] {
        senderID.bytes + codeHash.bytes + contract.bytes + (original?.bytes ?? [])
    }

    /// What the proof of a migration authenticates.
    private static func step(
        _ contract: AccountAddress, _ codeHash: Hash32, _ original: ContractKey, _ new: ContractKey
    ) -> [UInt8] {
        contract.bytes + codeHash.bytes + original.bytes + new.bytes
    }
}

// MARK: - Admins

extension NetworkKeys {
    /// The proof that `admin` (or nobody) may migrate the contract with this original key.
    package borrowing func adminProof(admin: AccountAddress?, original: ContractKey) -> Hash32 {
        HMACSHA256.tag(key: adminProofSecret, (admin?.bytes ?? []) + original.bytes)
    }

    /// Whether `proof` is that proof. The host stores it and may offer another contract's or an older one.
    package borrowing func isAdminProof(_ proof: [UInt8], admin: AccountAddress?, original: ContractKey) -> Bool {
        HMACSHA256.verify(proof, key: adminProofSecret, (admin?.bytes ?? []) + original.bytes)
    }
}
