import Attestation
import DecidedBlocks
import EnclaveProtocol
import LedgerRecords
import PublicCryptography
import StateProofs
import Wire

/// Wraps the seeds, as a block begins, for the enclaves whose evidence the state before it holds.
///
/// The attack: a host runs a block with a false story, in which evidence was accepted that the chain refused, and takes
/// the seeds of that run. So nothing is wrapped in the block in which evidence comes. What the next header proves is in
/// the state for all enclaves alike; from that alone, and from that header, each makes the same bytes, and appraises
/// the evidence itself once more.
struct PendingGrants {
    let pending: PendingRegistrations

    /// `nil` where nobody waits. `record` is the proved one.
    init?(_ record: [UInt8]?) throws(Failure) {
        guard let record else { return nil }
        guard let pending = try? PendingRegistrations(protobuf: record) else { throw .stateRecordMalformed }
        self.pending = pending
    }

    /// What the block writes to the store `register` before its transactions.
    func writes(
        in state: ProvenState, _ vault: EnclaveCore.Vault, header: VerifiedHeader
    ) throws(Failure) -> [StateWrite] {
        let nodeKeys = pending.list.map { RegisterStore.nodeKey(publicKey: $0.registrationKey.bytes) }
        let records = try state.values(
            StoreName.register, [RegisterStore.policyKey, RegisterStore.releaseHeadKey] + nodeKeys)
        var head = try PendingGrants.head(records[1])
        var writes = [StateWrite(key: RegisterStore.pendingKey, value: nil)]
        for (registration, (key, record)) in zip(pending.list, zip(nodeKeys, records[2...])) {
            guard let record, let node = try? RegisteredNode(decoding: record) else {
                throw Failure.stateRecordMalformed
            }
            // Approval may have gone since: then the node stays without seeds.
            guard let policy = records[0].flatMap({ try? RegistrationPolicy(protobuf: $0) }),
                let certificate = try? RegistrationCertificate(protobuf: node.certificate),
                certificate.registrationKey == registration.registrationKey
            else { continue }
            let recorded = try state.collateral(for: certificate, under: policy, on: vault.identity)
            guard
                let verified = try? certificate.appraise(
                    for: vault.identity, under: policy, at: header.header.time.seconds, recorded: recorded),
                let seed = vault.grant(to: verified, in: header)
            else { continue }
            let served = RegisteredNode(certificate: node.certificate, encryptedSeed: seed)
            writes.append(StateWrite(key: key, value: served.encoded))
            let release = SeedRelease(
                number: head.count + 1, previous: head.hash, registrationKey: registration.registrationKey,
                measurement: verified.quote.body.measurement, root: verified.quote.root.publicKeyInfoHash,
                facts: verified.facts.rawValue, quoteIdentity: verified.quote.identity, sender: registration.sender,
                replaces: registration.replaces, height: header.header.height, headerHash: header.hash,
                seedHash: SHA256.hash(seed))
            writes.append(StateWrite(key: RegisterStore.releaseKey(release.number), value: release.protobuf))
            head = SeedReleaseHead(count: release.number, hash: release.hash, expired: head.expired)
        }
        if let policy = records[0].flatMap({ try? RegistrationPolicy(protobuf: $0) }) {
            writes += try expire(in: state, at: header.header.height - Int64(policy.seedBlocksMax), &head)
        }
        return writes + [StateWrite(key: RegisterStore.releaseHeadKey, value: head.protobuf)]
    }

    /// Takes out of the state what was wrapped long ago, some at a time: whoever breaks a machine later finds less that
    /// was wrapped for it, and an enclave is not led to where the chain stood then.
    private func expire(
        in state: ProvenState, at height: Int64, _ head: inout SeedReleaseHead
    ) throws(Failure) -> [StateWrite] {
        let known = head.count
        var writes: [StateWrite] = []
        for _ in 0..<PendingRegistrations.countMax where head.expired < known {
            guard let record = try state.value(StoreName.register, RegisterStore.releaseKey(head.expired + 1)) else {
                // Of this very block.
                break
            }
            guard let release = try? SeedRelease(protobuf: record) else { throw Failure.stateRecordMalformed }
            guard release.height < height else { break }
            head.expired += 1
            let key = RegisterStore.nodeKey(publicKey: release.registrationKey.bytes)
            guard !pending.list.contains(where: { $0.registrationKey == release.registrationKey }),
                let node = try state.value(StoreName.register, key).flatMap({ try? RegisteredNode(decoding: $0) }),
                SHA256.hash(node.encryptedSeed) == release.seedHash
            else { continue }
            writes.append(StateWrite(key: key, value: RegisteredNode(certificate: node.certificate).encoded))
        }
        return writes
    }

    private static func head(_ record: [UInt8]?) throws(Failure) -> SeedReleaseHead {
        guard let record else { return .none }
        guard let head = try? SeedReleaseHead(protobuf: record) else { throw .stateRecordMalformed }
        return head
    }
}
