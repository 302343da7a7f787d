import LedgerRecords
import PublicCryptography
import SecretCryptography
import SignedTransactions

// The 64 public bytes that name a contract to the enclave are `sender_id || contract_id` (Secret Network protocol:
// contract identity). The second half is a MAC only the network can make, so the host, which stores the key, cannot
// pair a contract's state with other code or another address.

extension NetworkKeys {
    package static let contractKeyByteCount = 2 * Hash32.byteCount

    /// The key of a contract that `sender` instantiates in block `height` at `address`.
    package borrowing func contractKey(
        sender: AccountAddress, height: Int64, codeHash: Hash32, address: AccountAddress
    ) -> [UInt8] {
        contractKey(sender: sender, height: height, codeHash: codeHash, address: address, original: [])
    }

    /// The keys of a contract after `sender` migrates it to the code `codeHash` in block `height`: the original key
    /// stays, since state keys come from it for ever; the current one is for the new code, with a proof of the step.
    ///
    /// The caller has found `key` authentic and `sender` to be the admin.
    package borrowing func migrated(
        _ key: ContractKey, sender: AccountAddress, height: Int64, codeHash: Hash32, address: AccountAddress
    ) -> ContractKey {
        precondition(key.original.count == NetworkKeys.contractKeyByteCount)
        let current = contractKey(
            sender: sender, height: height, codeHash: codeHash, address: address, original: key.original)
        let proof = HMACSHA256.tag(
            key: contractKeyProofSecret, address.bytes + codeHash.bytes + key.original + current)
        return ContractKey(original: key.original, current: current, currentProof: proof.bytes)
    }

    /// Whether this network gave the contract at `address`, running the code `codeHash`, these keys.
    ///
    /// The host chose every argument. A migrated contract's original key is authenticated through the proof, since its
    /// old code is not at hand.
    package borrowing func authenticates(_ key: ContractKey, codeHash: Hash32, address: AccountAddress) -> Bool {
        guard key.original.count == NetworkKeys.contractKeyByteCount else { return false }
        guard !key.current.isEmpty || !key.currentProof.isEmpty else {
            return authenticates(key.original, codeHash: codeHash, address: address, original: [])
        }
        return authenticates(key.current, codeHash: codeHash, address: address, original: key.original)
            && HMACSHA256.verify(
                key.currentProof, key: contractKeyProofSecret,
                address.bytes + codeHash.bytes + key.original + key.current)
    }

    /// `original` is empty unless the key is that of a migrated contract.
    private borrowing func contractKey(
        sender: AccountAddress, height: Int64, codeHash: Hash32, address: AccountAddress, original: [UInt8]
    ) -> [UInt8] {
        let senderID = SHA256.hash(sender.bytes + height.bigEndianBytes).bytes
        let contractID = HMACSHA256.tag(
            key: authenticationKey(senderID), senderID + codeHash.bytes + address.bytes + original)
        return senderID + contractID.bytes
    }

    private borrowing func authenticates(
        _ contractKey: [UInt8], codeHash: Hash32, address: AccountAddress, original: [UInt8]
    ) -> Bool {
        guard contractKey.count == NetworkKeys.contractKeyByteCount else { return false }
        let senderID = Array(contractKey[..<Hash32.byteCount])
        return HMACSHA256.verify(
            Array(contractKey[Hash32.byteCount...]), key: authenticationKey(senderID),
            senderID + codeHash.bytes + address.bytes + original)
    }

    private borrowing func authenticationKey(_ senderID: [UInt8]) -> SecretKey {
        KeyDerivation.derive(genesisStateMaterial, senderID)
    }
}

// MARK: - Admins

extension NetworkKeys {
    /// The proof that `admin` (or nobody) may migrate the contract whose original key is `contractKey`.
    package borrowing func adminProof(admin: AccountAddress?, contractKey: [UInt8]) -> [UInt8] {
        HMACSHA256.tag(key: adminProofSecret, (admin?.bytes ?? []) + contractKey).bytes
    }

    /// Whether `proof` is that proof. The host stores it and may offer another contract's.
    package borrowing func isAdminProof(_ proof: [UInt8], admin: AccountAddress?, contractKey: [UInt8]) -> Bool {
        // A key of another length could hide an admin's address in its first bytes.
        contractKey.count == NetworkKeys.contractKeyByteCount
            && HMACSHA256.verify(proof, key: adminProofSecret, (admin?.bytes ?? []) + contractKey)
    }
}
