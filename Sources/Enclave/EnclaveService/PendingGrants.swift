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
    func writes(in state: ProvenState, _ vault: EnclaveCore.Vault, header: VerifiedHeader) throws -> [StateWrite] {
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
                certificate.registrationKey == registration.registrationKey,
                let verified = try? certificate.appraise(
                    for: vault.identity, under: policy, at: header.header.time.seconds),
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
            head = SeedReleaseHead(count: release.number, hash: release.hash)
        }
        return writes + [StateWrite(key: RegisterStore.releaseHeadKey, value: head.protobuf)]
    }

    private static func head(_ record: [UInt8]?) throws(Failure) -> SeedReleaseHead {
        guard let record else { return .none }
        guard let head = try? SeedReleaseHead(protobuf: record) else { throw .stateRecordMalformed }
        return head
    }
}
