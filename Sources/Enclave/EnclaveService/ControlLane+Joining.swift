import Attestation
import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import Keyring
import PublicCryptography
import SecretCryptography
import SignedTransactions
import Wire

/// An enclave that has no seeds, and how it comes by a network's.
extension ControlLane {
    /// Evidence for the enclaves of the chain with this identity, by which they give their seeds to this one.
    ///
    /// The host chose the identity and the header. For another chain than the one it shows the evidence to, it is
    /// worth nothing there; and what a chain of its own gives this enclave are seeds of its own.
    func makeEvidence(_ request: RegistrationRequest) throws(Failure) -> RegistrationEvidence {
        try refuseIfOpen()
        try request.identity.check()
        guard request.identity.suits(core.facts) else { throw Failure.identityRefused }
        let identityHash = SHA256.hash(request.identity.encoded)
        guard let headerHash = Hash32(request.headerHash), let height = Int64(exactly: request.height),
            let publicKey = Hash32(X25519.publicKey(of: try registrationKey(identityHash)))
        else { throw Failure.headerMalformed }
        let replaces = request.replaces.isEmpty ? nil : Hash32(request.replaces)
        guard request.sender.count == AccountAddress.byteCount, replaces != nil || request.replaces.isEmpty else {
            throw Failure.evidenceRefused
        }
        var certificate = RegistrationCertificate(
            quote: [], registrationKey: publicKey, identityHash: identityHash, height: height, headerHash: headerHash,
            sender: request.sender, replaces: replaces)
        do {
            certificate.quote = try core.platform.quote(
                reportData: ReportData.registration(certificate, facts: core.facts))
        } catch {
            throw Failure.platformFailed
        }
        return RegistrationEvidence(
            registrationKey: publicKey.bytes, certificate: certificate.protobuf,
            measurement: core.platform.measurement.bytes)
    }

    /// Opens the network with seeds that were wrapped for this enclave.
    ///
    /// Where the chain stood then comes from inside, from an enclave that had followed it; the host only says where it
    /// will begin.
    ///
    /// The attack: a host makes seeds, wraps them itself for this enclave's registration key, which is public, and has
    /// it quote the keys that follow from them: everybody would encrypt to keys that the host has, on good evidence. So
    /// an enclave must have quoted them before: the one that made the seeds, or one of its program that joined as this
    /// one does. If that is another program than this one, which the host may have written, then this one's own quote
    /// says which: whether it is one that the chain approves is for those to see who are shown the quote.
    func join(_ request: JoinRequest) throws(Failure) -> OpenedEnclave {
        try refuseIfOpen()
        try request.identity.check()
        let identityHash = SHA256.hash(request.identity.encoded)
        guard
            let opened = SeedGrant.open(
                request.encryptedSeed, identityHash: identityHash, exchangePublicKey: request.seedExchangePublicKey,
                registrationKey: try registrationKey(identityHash))
        else { throw Failure.grantRefused }
        guard let granted = try? ChainHead(protobuf: opened.told) else { throw Failure.grantRefused }
        guard granted.height >= Int64(request.identity.initialHeight) else { throw Failure.grantRefused }
        let keys = NetworkKeys(opened.seeds)
        guard keys.seedExchangePublicKey == request.seedExchangePublicKey,
            (opened.seeds.epoch != nil) == request.identity.rotatesKeys
        else { throw Failure.grantRefused }
        // An io key of earlier is nothing that this enclave could have. The exchange key beside it is the network's for
        // ever, and whoever wrapped these seeds has that.
        let quoted = request.identity.rotatesKeys ? request.quotedIoPublicKey : []
        let founder = try enclave(
            that: request.networkEvidence, quotes: keys, orIOKey: quoted, of: request.identity,
            at: granted.time.seconds)
        let vault = EnclaveCore.Vault(
            seeds: opened.takeSeeds(), identity: request.identity, granted: granted,
            founder: founder == core.platform.measurement ? nil : founder)
        let head = request.beginning == .grant ? granted : nil
        // Of the block behind which it goes on it knows no results.
        let results = BlockResults(isUnknown: head != nil)
        let record = try core.sealRecord(vault, head: head, results: results)
        try core.open(vault, head: head, results: results)
        return try describe(vault, sealedRecord: record)
    }

    /// Refuses keys that no enclave of this program has quoted.
    func requireEnclavesOwn(_ vault: EnclaveCore.Vault, _ evidence: [UInt8], at time: Int64) throws(Failure) {
        let program = try enclave(that: evidence, quotes: vault.keys, of: vault.identity, at: time)
        guard program == core.platform.measurement else { throw .evidenceRefused }
    }

    /// The program of the enclave that made these keys, or that is of the program that made them.
    private func enclave(
        that evidence: [UInt8], quotes keys: borrowing NetworkKeys, orIOKey ioPublicKey: [UInt8] = [],
        of identity: ChainIdentity, at time: Int64
    ) throws(Failure) -> Hash32 {
        let ioPublicKey = ioPublicKey.isEmpty ? keys.ioPublicKey : ioPublicKey
        let verdict = QuoteVerifier.verify(
            evidence: evidence, roots: identity.attestationRoots.compactMap { TrustRoot(chainIdentity: $0) },
            time: time, policy: QuotePolicy())
        guard let body = verdict.claims?.body, let facts = ReportData.facts(in: body.reportData),
            identity.suits(facts),
            body.reportData
                == ReportData.network(
                    identity: identity.encoded, ioPublicKey: ioPublicKey,
                    seedExchangePublicKey: keys.seedExchangePublicKey, facts: facts)
        else { throw .evidenceRefused }
        return body.measurement
    }

    func refuseIfOpen() throws(Failure) {
        do throws(Failure) {
            _ = try core.vault
        } catch {
            guard error == .notOpen else { throw error }
            return
        }
        throw .alreadyOpen
    }

    /// Of this machine, this program, and one chain or one founding.
    func registrationKey(_ hash: Hash32) throws(Failure) -> SecretKey {
        do {
            return SeedGrant.registrationKey(
                try core.platform.sealingKey(label: "registration"), identityHash: hash)
        } catch {
            throw .platformFailed
        }
    }
}
