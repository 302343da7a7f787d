import Attestation
import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import Keyring
import PublicCryptography
import SecretCryptography
import Wire

/// How several enclaves begin a network together: each shows what it is, one of them makes the seeds, and all of them
/// verify all of it before they open.
extension ControlLane {
    /// Evidence for the other founders. The host chose the terms; for others than those it shows it under, it is worth
    /// nothing.
    func makeFoundingEvidence(_ request: FounderRequest) throws(Failure) -> [UInt8] {
        try refuseIfOpen()
        let terms = try terms(of: request.founding)
        guard let power = Int64(exactly: request.power),
            let consensusKey = Hash32(try signer.publicKey(of: request.sealedConsensusKey)),
            let publicKey = Hash32(X25519.publicKey(of: try registrationKey(terms.hash)))
        else { throw Failure.foundingRefused }
        var certificate = FoundingCertificate(
            quote: [], registrationKey: publicKey, termsHash: terms.hash, consensusKey: consensusKey, power: power)
        do {
            certificate.quote = try core.platform.quote(
                reportData: ReportData.founding(certificate, facts: core.facts))
        } catch {
            throw Failure.platformFailed
        }
        return certificate.protobuf
    }

    /// Makes the seeds of a network, and wraps them for its founders, if all of them are enclaves of this program and
    /// this one is among them.
    ///
    /// Nothing is kept and nothing is opened: what came of an earlier call is another network, which is the founders'
    /// to begin with or not.
    func found(_ proposal: FoundingProposal) throws(Failure) -> FoundedNetwork {
        try refuseIfOpen()
        let terms = try terms(of: proposal)
        let (founders, verified) = try founders(proposal, terms)
        let vault = EnclaveCore.Vault(
            seeds: NetworkSeeds.bootstrap(
                identity: terms.identity.encoded, rotating: terms.identity.rotatesKeys), identity: terms.identity)
        let told = hash(terms, founders, vault)
        let seeds = try verified.map { founder throws(Failure) -> [UInt8] in
            guard let seed = vault.grant(to: founder, founding: told) else { throw .foundingRefused }
            return seed
        }
        let opened = try describe(vault, sealedRecord: [])
        return FoundedNetwork(
            ioPublicKey: opened.ioPublicKey, seedExchangePublicKey: opened.seedExchangePublicKey,
            evidence: opened.evidence, encryptedSeeds: seeds)
    }

    /// Opens a network that was founded.
    ///
    /// The attack: a founder's host shows its enclave other founders than the one that made the seeds was shown, with
    /// an enclave of its own program among them, or validators of its own. The enclave that made the seeds told what it
    /// was shown, under the same seal as the seeds; and that those come from an enclave, it has quoted.
    func openFounded(_ request: FounderOpening) throws(Failure) -> OpenedEnclave {
        try refuseIfOpen()
        let terms = try terms(of: request.founding)
        let (founders, _) = try founders(request.founding, terms)
        guard
            let opened = SeedGrant.open(
                request.encryptedSeed, identityHash: SHA256.hash(terms.identity.encoded),
                exchangePublicKey: request.seedExchangePublicKey, registrationKey: try registrationKey(terms.hash))
        else { throw Failure.grantRefused }
        let told = opened.told
        guard (opened.seeds.epoch != nil) == terms.identity.rotatesKeys else { throw Failure.grantRefused }
        let vault = EnclaveCore.Vault(seeds: opened.takeSeeds(), identity: terms.identity)
        guard vault.keys.seedExchangePublicKey == request.seedExchangePublicKey,
            told == hash(terms, founders, vault).bytes
        else { throw Failure.grantRefused }
        try requireEnclavesOwn(vault, request.networkEvidence, at: terms.identity.genesisSeconds)
        let record = try core.sealRecord(vault, head: nil, results: BlockResults())
        try core.open(vault, head: nil, results: BlockResults())
        return try describe(vault, sealedRecord: record)
    }

    private func hash(
        _ terms: FoundingTerms, _ founders: [FoundingCertificate], _ vault: EnclaveCore.Vault
    ) -> Hash32 {
        terms.hash(
            of: founders, ioPublicKey: vault.keys.ioPublicKey,
            seedExchangePublicKey: vault.keys.seedExchangePublicKey)
    }

    private func terms(of proposal: FoundingProposal) throws(Failure) -> FoundingTerms {
        try proposal.identity.check()
        guard proposal.identity.suits(core.facts) else { throw .identityRefused }
        guard let policy = try? RegistrationPolicy(protobuf: proposal.policy), let draft = Hash32(proposal.draftHash)
        else { throw .foundingRefused }
        return FoundingTerms(identity: proposal.identity, policy: policy, draftHash: draft)
    }

    private func founders(
        _ proposal: FoundingProposal, _ terms: FoundingTerms
    ) throws(Failure) -> ([FoundingCertificate], [VerifiedRegistration]) {
        let founders = proposal.certificates.compactMap { try? FoundingCertificate(protobuf: $0) }
        guard founders.count == proposal.certificates.count,
            let ownKey = Hash32(X25519.publicKey(of: try registrationKey(terms.hash))),
            founders.contains(where: { $0.registrationKey == ownKey }),
            let verified = try? terms.appraise(founders, program: core.platform.measurement)
        else { throw .foundingRefused }
        return (founders, verified)
    }
}
