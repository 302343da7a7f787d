import Attestation
import DecidedBlocks
import EnclaveProtocol
import Keyring
import LedgerRecords
import PublicCryptography
import SecretCryptography
import SignedTransactions
import StateProofs
import Wire

/// The registrations of one transaction: each is appraised here, and what is left of it is a record. The seeds are
/// wrapped when the next header has proved that record (`PendingGrants`).
struct RegistrationRun {
    private let context: CallContext
    private let run: BlockRun
    private let session: LaneSession
    private(set) var pending: [PendingRegistration] = []
    private var records: [(key: [UInt8], value: [UInt8])] = []

    init(context: CallContext, run: BlockRun, session: LaneSession) {
        (self.context, self.run, self.session) = (context, run, session)
    }

    mutating func authenticate(_ message: ComputeMessage.Authenticate) throws -> [Event] {
        try context.meter.consume(GasSchedule.registration, at: "RaAuthenticate")
        let (registration, certificate): (PendingRegistration, [UInt8])
        switch try appraised(message) {
        case .success(let accepted): (registration, certificate) = accepted
        case .failure(let refusal):
            throw MessageFailure(codespace: RegistrationRefusal.codespace, code: refusal.code, log: refusal.text)
        }
        pending.append(registration)
        // The seeds that it was given before stay until the next block's.
        let key = RegisterStore.nodeKey(publicKey: registration.registrationKey.bytes)
        let served = try recorded(registration.registrationKey)?.encryptedSeed ?? []
        records.append((key, RegisteredNode(certificate: certificate, encryptedSeed: served).encoded))
        return [
            Event(
                "message",
                [
                    "module": "register", "signer": message.sender.description,
                    "node_id": "0x" + Hexadecimal.encode(registration.registrationKey.bytes),
                ])
        ]
    }

    /// What the transaction writes to the store `register` if it succeeds.
    var writes: [StateWrite] {
        guard !pending.isEmpty else { return [] }
        let list = PendingRegistrations(run.registrations + pending)
        return records.map { StateWrite(key: $0.key, value: $0.value) }
            + [StateWrite(key: RegisterStore.pendingKey, value: list.protobuf)]
    }

    /// The node as it stands in the state before this block.
    private func recorded(_ registrationKey: Hash32) throws(Failure) -> RegisteredNode? {
        let key = RegisterStore.nodeKey(publicKey: registrationKey.bytes)
        guard let record = try run.state.value(StoreName.register, key) else { return nil }
        guard let node = try? RegisteredNode(decoding: record) else { throw Failure.stateRecordMalformed }
        return node
    }

    // MARK: - Appraisal

    /// A refusal is a result of the transaction; any other error is a host that lied or is gone.
    ///
    /// - Returns: who waits for the seeds, and the certificate as the state keeps it.
    private mutating func appraised(
        _ message: ComputeMessage.Authenticate
    ) throws(Failure) -> Result<(PendingRegistration, certificate: [UInt8]), RegistrationRefusal> {
        guard let certificate = try? RegistrationCertificate(protobuf: message.certificate) else {
            return .failure(.unreadable)
        }
        // Anybody can see a certificate before it stands in a block, and send it as his own.
        guard certificate.sender == message.sender.bytes else { return .failure(.otherSender) }
        let key = certificate.registrationKey
        guard X25519.agreement(context.vault.keys.seedExchangeKey, publicKey: key.bytes) != nil else {
            return .failure(.unusableKey)
        }
        let earlier = run.registrations + pending
        guard earlier.count < PendingRegistrations.countMax else { return .failure(.tooManyInBlock) }
        guard !earlier.contains(where: { $0.registrationKey == key }) else { return .failure(.sameBlock) }
        // Anybody can send what stands on the chain once more.
        if let known = try recorded(key), let before = try? RegistrationCertificate(protobuf: known.certificate),
            certificate.height <= before.height
        {
            return .failure(.replayed)
        }
        guard let record = try run.state.value(StoreName.register, RegisterStore.policyKey),
            let policy = try? RegistrationPolicy(protobuf: record)
        else { return .failure(.noPolicy) }
        let identity = context.vault.identity
        let published = try run.state.collateral(for: certificate, under: policy, on: identity)
        let verified: VerifiedRegistration
        do throws(RegistrationRefusal) {
            verified = try certificate.appraise(
                for: identity, under: policy, at: run.header.header.time.seconds, recorded: published)
        } catch {
            return .failure(error)
        }
        if let refusal = try refusal(of: certificate, atMost: policy.evidenceBlocksMax) { return .failure(refusal) }
        guard message.replaces.lowercased() == certificate.replaces.map({ Hexadecimal.encode($0.bytes) }) ?? "" else {
            return .failure(.otherReplacement)
        }
        if let replaced = certificate.replaces, try recorded(replaced) == nil { return .failure(.unknownReplacement) }
        if policy.asksForCollateral(on: identity), let machines = certificate.machines,
            let newer = certificate.toRecord(verified, beside: published)
        {
            records.append((RegisterStore.collateralKey(machines: machines), newer.protobuf))
        }
        let registration = PendingRegistration(
            registrationKey: key, sender: message.sender, replaces: certificate.replaces)
        return .success((registration, certificate.withoutCollateral.protobuf))
    }

    /// Whether the evidence names a block of this chain, and one of late: else who kept it from another time, or from
    /// a fork, could have it taken for news. The host shows the headers between.
    private func refusal(
        of certificate: RegistrationCertificate, atMost blocks: UInt32
    ) throws(Failure) -> RegistrationRefusal? {
        guard certificate.height < run.height else { return .notYetDecided }
        // Before the chain's first header there is none to be asked for.
        guard certificate.height >= Int64(context.vault.identity.initialHeight) else { return .otherHeader }
        let age = run.height - certificate.height
        guard age <= Int64(blocks) else { return .expired(blocks: age, atMost: blocks) }
        let hash = try run.headerHash(at: certificate.height, ask: session.headers)
        return hash == certificate.headerHash ? nil : .otherHeader
    }
}

extension ProvenState {
    /// Collateral for machines like the quoted one, as the state has it; not looked at where the chain asks for none.
    func collateral(
        for certificate: RegistrationCertificate, under policy: RegistrationPolicy, on identity: ChainIdentity
    ) throws(Failure) -> RecordedCollateral? {
        guard policy.asksForCollateral(on: identity), let machines = certificate.machines,
            let record = try value(StoreName.register, RegisterStore.collateralKey(machines: machines))
        else { return nil }
        guard let recorded = try? RecordedCollateral(protobuf: record) else { throw Failure.stateRecordMalformed }
        return recorded
    }
}
