import Attestation
import ContractEngine
import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import Keyring
import PublicCryptography
import SecretCryptography

/// The lane that opens the enclave: once, by bootstrapping a network, founding it with others, unsealing its record or
/// joining; and on which the validator's votes are signed. When the host closes it, the enclave ends.
package final class ControlLane {
    let core: EnclaveCore
    private let session: LaneSession
    private let residentBytes: () -> UInt64
    private let watches: [CallWatch]
    let signer: ConsensusSigner

    /// `watches` are those of the query lanes, in their order.
    package init(
        core: EnclaveCore, socket: FrameSocket, watches: [CallWatch], residentBytes: @escaping () -> UInt64
    ) {
        self.core = core
        self.watches = watches
        signer = ConsensusSigner(platform: core.platform, facts: core.facts)
        self.residentBytes = residentBytes
        session = LaneSession(socket: socket, kind: .control)
    }

    /// Serves the lane until it ends.
    package func serve() {
        _ = session.run { message throws(Failure) in
            switch message {
            case .bootstrap(let identity): return .opened(try self.bootstrap(identity))
            case .unseal(let sealedRecord): return .opened(try self.unseal(sealedRecord))
            case .makeEvidence(let request): return .evidenceMade(try self.makeEvidence(request))
            case .join(let request): return .opened(try self.join(request))
            case .makeFoundingEvidence(let request):
                return .foundingEvidenceMade(try self.makeFoundingEvidence(request))
            case .found(let founding): return .founded(try self.found(founding))
            case .openFounded(let request): return .opened(try self.openFounded(request))
            case .takeModule: return .moduleTaken(self.core.modules.take())
            case .abandonQuery(let lane, let query): return try self.abandon(query, of: lane)
            case .lease: return .leaseTold(try self.lease())
            case .health: return .health(self.health())
            case .signVote(let vote): return .voteSigned(try self.sign(vote))
            case .makeConsensusKey: return .consensusKey(try self.signer.make())
            case .importConsensusKey(let imported):
                defer { Wiping.wipe(imported.privateKey) }
                return .consensusKey(try self.signer.importKey(imported))
            case .openConsensusKey(let sealedKey): return .consensusKey(try self.openKey(sealedKey))
            case .handOverKey(let request): return .keyHandedOver(try self.handOver(request))
            case .takeOverKey(let handed): return .consensusKey(try self.takeOver(handed))
            default: throw Failure.unexpectedMessage
            }
        }
    }

    private func bootstrap(_ identity: ChainIdentity) throws(Failure) -> OpenedEnclave {
        guard (try? core.vault) == nil else { throw Failure.alreadyOpen }
        try identity.check()
        let seeds = NetworkSeeds.bootstrap(identity: identity.encoded, rotating: identity.rotatesKeys)
        let vault = EnclaveCore.Vault(seeds: seeds, identity: identity)
        let record = try core.sealRecord(vault, head: nil, results: BlockResults())
        try core.open(vault, head: nil, results: BlockResults())
        return try describe(vault, sealedRecord: record)
    }

    private func unseal(_ sealedRecord: [UInt8]) throws(Failure) -> OpenedEnclave {
        guard (try? core.vault) == nil else { throw Failure.alreadyOpen }
        let (vault, head, results, epoch) = try core.openRecord(sealedRecord)
        try core.open(vault, head: head, results: results, epoch: epoch)
        return try describe(vault, sealedRecord: sealedRecord)
    }

    /// What the enclave says of itself, with a quote over it that only the platform can make.
    func describe(_ vault: EnclaveCore.Vault, sealedRecord: [UInt8]) throws(Failure) -> OpenedEnclave {
        var opened = OpenedEnclave()
        opened.ioPublicKey = vault.keys.ioPublicKey
        opened.seedExchangePublicKey = vault.keys.seedExchangePublicKey
        opened.sealedRecord = sealedRecord
        opened.measurement = core.platform.measurement.bytes
        // One that was let in and has run nothing goes to no state below where that was.
        let head = core.head ?? vault.granted
        opened.headHeight = UInt64(head?.height ?? 0)
        opened.headHash = head?.headerHash.bytes ?? []
        opened.founder = vault.founder?.bytes ?? []
        opened.evidence = try core.evidence(of: vault)
        return opened
    }

    /// Signs for no height after the next one.
    ///
    /// The attack: whoever gets to ask for one vote asks for one of a far height, and the validator, which signs
    /// nothing earlier any more, is silent until the chain comes there. An engine votes for the block after those that
    /// it has had executed.
    private func sign(_ vote: VoteToSign) throws(Failure) -> VoteSignature {
        let identity = try core.vault.identity
        let next = core.head.map { UInt64($0.height) + 1 } ?? identity.initialHeight
        guard vote.height <= next else { throw .voteTooFar }
        return try signer.sign(vote, chainID: identity.chainID, network: SHA256.hash(identity.encoded))
    }

    private func openKey(_ sealedKey: [UInt8]) throws(Failure) -> ConsensusKey {
        let identity: ChainIdentity?
        do { identity = try core.vault.identity } catch {
            guard error == .notOpen else { throw error }
            identity = nil
        }
        return try signer.open(sealedKey, network: identity.map { SHA256.hash($0.encoded) })
    }

    private func abandon(_ query: UInt64, of lane: UInt32) throws(Failure) -> FromEnclave {
        guard Int(lane) < watches.count else { throw .queryMalformed }
        watches[Int(lane)].abandon(upTo: query)
        core.engine.interrupt()
        return .queryAbandoned
    }

    private func lease() throws(Failure) -> EnclaveLease {
        _ = try core.vault
        return core.lease
    }

    private func health() -> EnclaveHealth {
        var health = EnclaveHealth()
        health.headHeight = UInt64(core.head?.height ?? 0)
        health.modulesLoaded = UInt64(core.modules.count)
        health.residentBytes = residentBytes()
        health.transcript = session.transcript
        return health
    }
}
