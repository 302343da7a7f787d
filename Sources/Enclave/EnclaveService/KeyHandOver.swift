import Attestation
import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import Keyring
import LedgerRecords
import PublicCryptography
import SecretCryptography
import StateProofs
import Wire

/// How a validator's key comes from one enclave to another: of a new program on the same machine, or on another one.
///
/// The attack: the host has the key handed over and the old enclave sign on, or has it handed to two. So that this
/// enclave signs no more, and for whom, is the platform's record before anything leaves; the record stays, whatever the
/// host restores, so that the answer can be asked for again by the same enclave's name, and by no other, in the network
/// in which the key has signed. It stays until the key comes back from whoever had it last.
extension ControlLane {
    func handOver(_ request: KeyHandOver) throws(Failure) -> [UInt8] {
        let vault = try core.vault
        let identityHash = SHA256.hash(vault.identity.encoded)
        // Once the record says for whom it is, it must be possible to wrap it.
        guard let successor = Hash32(request.registrationKey),
            X25519.agreement(vault.keys.seedExchangeKey, publicKey: successor.bytes) != nil
        else { throw Failure.successorRefused }
        let (key, record) = try signer.handOver(
            request.sealedKey, to: successor, network: identityHash,
            verify: { () throws(Failure) in try requireRegistered(successor, request, vault) })
        let handed = HandedKey.wrap(
            key.key, record: record.encoded, for: successor, identityHash: identityHash,
            exchangeKey: vault.keys.seedExchangeKey)
        guard let handed else { throw Failure.successorRefused }
        return handed
    }

    func takeOver(_ handed: [UInt8]) throws(Failure) -> ConsensusKey {
        let vault = try core.vault
        let identityHash = SHA256.hash(vault.identity.encoded)
        guard
            let opened = HandedKey.open(
                handed, identityHash: identityHash, exchangePublicKey: vault.keys.seedExchangePublicKey,
                registrationKey: try registrationKey(identityHash)),
            let record = JournalRecord(opened.record)
        else { throw Failure.handedKeyRefused }
        return try signer.takeOver(
            ConsensusSigner.OpenKey(opened.takeKey()), signed: record, network: identityHash)
    }

    /// Refuses an enclave to which this chain has not given its seeds, or would not give them any more, by the state
    /// that the head proves. The host may show one that is not the chain's newest, but none from before what this
    /// platform has gone through.
    private func requireRegistered(_ key: Hash32, _ request: KeyHandOver, _ vault: EnclaveCore.Vault) throws(Failure) {
        guard let head = core.head else { throw Failure.successorRefused }
        let journal: JournalRecord
        do { journal = try core.platform.readJournal() } catch { throw Failure.platformFailed }
        // A block may have been begun behind the head.
        guard journal.height <= UInt64(head.height) + 1 else { throw Failure.heightBehindJournal }
        let stores = request.storeRoots.map { StoreCommitment.Store(name: $0.name, root: Hash32($0.root) ?? .zero) }
        guard let commitment = StoreCommitment(stores), commitment.applicationHash.bytes == head.appHash,
            let root = commitment.root(of: StoreName.register)
        else { throw Failure.storeRootsNotInHeader }
        let proof = request.registration
        guard proof.store == StoreName.register,
            proof.keys.prefix(2) == [RegisterStore.nodeKey(publicKey: key.bytes), RegisterStore.policyKey],
            proof.values.count == proof.keys.count
        else { throw Failure.proofForOtherKeys }
        do {
            try MultiProof.verify(root: root, keys: proof.keys, values: proof.values, proof: proof.proof)
        } catch {
            throw Failure.proofInvalid
        }
        guard let node = proof.values[0].flatMap({ try? RegisteredNode(decoding: $0) }), !node.encryptedSeed.isEmpty,
            let policy = proof.values[1].flatMap({ try? RegistrationPolicy(protobuf: $0) }),
            let certificate = try? RegistrationCertificate(protobuf: node.certificate),
            certificate.registrationKey == key
        else { throw Failure.successorRefused }
        // Where the chain asks for collateral the host proves that, too.
        let machines = certificate.machines.map { RegisterStore.collateralKey(machines: $0) }
        let place = proof.keys.firstIndex { $0 == machines }
        let recorded = place.flatMap { proof.values[$0] }.flatMap { try? RecordedCollateral(protobuf: $0) }
        guard
            (try? certificate.appraise(
                for: vault.identity, under: policy, at: head.time.seconds, recorded: recorded)) != nil
        else { throw Failure.successorRefused }
    }
}
