import Attestation
import BoundaryTap
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import Keyring
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore
import TestSupport
import Testing
import TransactionFixtures
import WalletClient
import Wire

/// All that an enclave says in its life, said once by real ones: a chain begins, contracts are stored, made, called and
/// asked, calls fail, a block is cut off and run again, an enclave is let in, blocks are skipped, a validator's key is
/// made, used and handed over, and a network is founded. It is the same story each time, byte for byte but for keys.
final class WholeStory {
    /// What users say that others must not know.
    struct Secrets {
        var note = "a quiet note"
        var viewingKey = "a viewing key"
        var wish = "an inner message"
    }

    typealias Frames = [(way: DeclaredBoundary.Way, frame: BoundaryReader.Frame, byteCount: Int)]

    let puppets: PuppetWorld
    let secrets: Secrets
    /// What crossed to and from enclaves that are no more.
    private(set) var frames: Frames = []
    private(set) var bytesToEnclaves: [UInt8] = []
    private(set) var bytesFromEnclaves: [UInt8] = []

    var world: World { puppets.world }

    init(_ secrets: Secrets = Secrets()) throws {
        self.secrets = secrets
        puppets = try PuppetWorld()
        world.chain.secondsAhead = Int64(Date().timeIntervalSince1970) - FourValidatorChain.genesisTime.seconds
        try contracts()
        try queries()
        try interruptions()
        try otherEnclaves()
        try founding()
    }

    /// Ends an enclave and keeps what crossed.
    private func end(_ enclave: EnclaveProcess) {
        enclave.stop()
        frames += enclave.tap.frames
        bytesToEnclaves += enclave.tap.toEnclave
        bytesFromEnclaves += enclave.tap.fromEnclave
    }

    private func restart(fromHeight height: Int64) throws {
        end(world.enclave)
        try world.restart(fromHeight: height)
    }

    // MARK: - Chapters

    private func contracts() throws {
        let (alice, counter) = (world.alice, world.aliceCounter!)
        try world.play([alice.send(500, to: puppets.two)].map { alice.sign([$0]) })
        let inner = Told.execute(puppets.two, Told.respond(data: Base64.encode(Array(secrets.wish.utf8))))
        let fails = Told.execute(puppets.one, "{\"fail\":\"no\"}")
        let pays = Told.send(5, to: world.mallory.address)
        let undone = Told.execute(puppets.two, Told.respond([pays, fails]), replyOn: "always")
        try world.play([
            alice.sign([try alice.execute(counter, "{\"remember\":{\"note\":\"\(secrets.note)\"}}")]),
            alice.sign([try alice.execute(counter, "{\"set_viewing_key\":{\"key\":\"\(secrets.viewingKey)\"}}")]),
            alice.sign([try alice.execute(counter, "{\"fail\":{\"text\":\"an error\"}}")]),
            alice.sign(
                [
                    try alice.execute(
                        counter, "{\"pay\":{\"to\":\"\(world.pauper.address)\",\"denom\":\"uscrt\",\"amount\":\"3\"}}",
                        funds: 3)
                ]),
            alice.sign([try alice.tell(puppets.one, Told.respond([inner, undone]))], gas: 1_000_000),
        ])
        try #require(world.host.outputs.map(\.code) == [0, 0, 3, 0, 0], "\(world.host.outputs.map(\.log))")
    }

    private func queries() throws {
        try world.play([])
        let (alice, counter) = (world.alice, world.aliceCounter!)
        for key in [secrets.viewingKey, "a wrong key"] {
            let question = "{\"get_note\":{\"address\":\"\(alice.address)\",\"key\":\"\(key)\"}}"
            _ = try world.query(counter, question, by: alice)
        }
        let lane = world.enclave.queries[0]
        try world.enclave.control.abandonQuery(lane: 0, query: lane.queryCount + 1)
        #expect(refusal { try world.query(counter, "{\"get_count\":{}}", by: alice) } == .queryAbandoned)
        _ = try world.enclave.control.health()
        _ = try world.enclave.control.lease()
        try takeModules()
    }

    /// Until the enclave has none left; how often that takes is no part of the story (`BoundaryLedger`).
    private func takeModules() throws {
        var taken = 0
        let patience = ContinuousClock.now + .seconds(300)
        while taken < 2, ContinuousClock.now < patience {
            let module = try world.enclave.control.takeModule()
            if module.codeHash.isEmpty { usleep(20_000) } else { taken += 1 }
        }
        try #require(taken == 2)
    }

    private func interruptions() throws {
        let increment = "{\"increment\":{}}"
        let height = world.chain.height
        let first = try world.chain.decide([
            world.alice.sign([try world.alice.execute(world.aliceCounter, increment)])
        ])
        try world.host.begin(first)
        try world.host.hand()
        _ = try world.host.run(0)
        let journal = world.host.journal
        // Cut off, and run again with what was vouched for.
        try restart(fromHeight: height)
        world.records[first.header.height] = try world.host.play(first, journal: journal)
        let second = try world.chain.decide([
            world.mallory.sign([try world.mallory.execute(world.malloryCounter, increment)])
        ])
        world.records[second.header.height] = try world.host.play(second)
        // Set back by two blocks: the first runs again under the headers after it.
        try restart(fromHeight: height)
        let third = try world.chain.decide([])
        try world.host.play(first, next: second)
        try world.host.play(second, next: third)
        world.records[third.header.height] = try world.host.play(third)
    }

    // MARK: - Other enclaves

    private func node(_ key: [UInt8]) throws -> RegisteredNode {
        let record = try world.chain.state.latestSnapshot()!.get(
            StoreName.register, RegisterStore.nodeKey(publicKey: key))
        return try RegisteredNode(decoding: try #require(record))
    }

    private func evidence(of enclave: EnclaveProcess) throws -> RegistrationEvidence {
        let height = world.chain.height
        return try enclave.control.makeEvidence(
            RegistrationRequest(
                identity: world.chain.identity, height: UInt64(height),
                headerHash: try #require(world.chain.headers[height]).hash().bytes, sender: world.alice.address.bytes))
    }

    private func register(_ enclave: EnclaveProcess) throws -> (key: [UInt8], seed: [UInt8]) {
        let evidence = try evidence(of: enclave)
        let message = ComputeMessage.authenticate(
            .init(sender: world.alice.address, certificate: evidence.certificate, replaces: ""))
        try world.play([world.alice.sign([message.any])])
        try #require(world.host.outputs[0].code == 0, "\(world.host.outputs[0].log)")
        for _ in 0..<2 { try world.play([]) }
        return (evidence.registrationKey, try node(evidence.registrationKey).encryptedSeed)
    }

    private func vote(_ height: UInt64) -> VoteToSign {
        var vote = VoteToSign(kind: .precommit, height: height, seconds: 1)
        vote.blockHash = [UInt8](repeating: 1, count: 32)
        (vote.partsTotal, vote.partsHash) = (1, vote.blockHash)
        return vote
    }

    /// A later program takes the first one's place, with its validator's key.
    private func otherEnclaves() throws {
        let key = try world.enclave.control.makeConsensusKey()
        _ = try world.enclave.control.openConsensusKey(key.sealedKey)
        _ = try world.enclave.control.sign(vote(1))
        let next = try EnclaveProcess(
            state: world.path("platform"), program: try Programs.nextEnclave(in: world.path("next")))
        let measurement = try #require(Hash32(try evidence(of: next).measurement))
        try world.begin([])
        var policy = try RegistrationPolicy(
            protobuf: try #require(
                try world.chain.state.latestSnapshot()?.get(StoreName.register, RegisterStore.policyKey)))
        policy.measurements.append(measurement)
        world.host.state.set(StoreName.register, RegisterStore.policyKey, policy.protobuf)
        world.records[world.chain.height + 1] = try world.host.end()
        let (registration, seed) = try register(next)
        let height = UInt64(world.chain.height - 1)
        let proof = try world.host.prove(
            StoreName.register, [RegisterStore.nodeKey(publicKey: registration), RegisterStore.policyKey], at: height)
        let handed = try world.enclave.control.handOverKey(
            KeyHandOver(
                sealedKey: key.sealedKey, registrationKey: registration,
                storeRoots: try world.chain.storeRoots(at: height), registration: proof))
        let last = try #require(world.chain.blocks[world.chain.height])
        end(world.enclave)
        _ = try next.control.join(
            JoinRequest(
                identity: world.chain.identity, seedExchangePublicKey: world.opened.seedExchangePublicKey,
                encryptedSeed: seed, beginning: .grant, networkEvidence: world.opened.evidence))
        let taken = try next.control.takeOverKey(handed)
        _ = try next.control.openConsensusKey(taken.sealedKey)
        _ = try next.control.sign(vote(2))
        _ = try next.execution.advance(last.advance)
        end(next)
    }

    private func founding() throws {
        let folder = TemporaryFolder("founders")
        let keys = "/simulated-platform.pem"
        let founders = try ["one", "two"].map { name in
            if name != "one" {
                try FileManager.default.createDirectory(
                    atPath: folder.path(name), withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
                try FileManager.default.copyItem(
                    atPath: folder.path("one") + keys, toPath: folder.path(name) + keys)
            }
            return try EnclaveProcess(state: folder.path(name))
        }
        let ownKeys = try founders.map { try $0.control.makeConsensusKey() }
        let root = [UInt8](try Data(contentsOf: folder.url.appendingPathComponent("one/simulated-root.der")))
        let trusted = try #require(TrustRoot(name: "root", kind: .simulated, certificate: root))
        let now = Int64(Date().timeIntervalSince1970)
        var identity = world.chain.identity
        identity.genesisSeconds = now
        identity.attestationRoots = [
            .init(name: "root", spkiSHA256: trusted.publicKeyInfoHash.bytes, kind: .simulated)
        ]
        identity.initialValidatorsHash = Hash32.zero.bytes
        let quoted = QuoteVerifier.verify(
            evidence: ownKeys[0].evidence, roots: [trusted], time: now, policy: QuotePolicy())
        let policy = RegistrationPolicy(measurements: [try #require(quoted.claims).body.measurement])
        func proposal(_ certificates: [[UInt8]] = []) -> FoundingProposal {
            FoundingProposal(
                identity: identity, policy: policy.protobuf, draftHash: SHA256.hash([1]).bytes,
                certificates: certificates)
        }
        let certificates = try zip(founders, ownKeys).map { founder, key in
            try founder.control.makeFoundingEvidence(
                FounderRequest(founding: proposal(), sealedConsensusKey: key.sealedKey, power: 10))
        }
        let validators = FoundingTerms.validators(try certificates.map { try FoundingCertificate(protobuf: $0) })
        identity.initialValidatorsHash = try #require(validators).hash().bytes
        let network = try founders[0].control.found(proposal(certificates))
        for (index, founder) in founders.enumerated() {
            _ = try founder.control.openFounded(
                FounderOpening(
                    founding: proposal(certificates), seedExchangePublicKey: network.seedExchangePublicKey,
                    encryptedSeed: network.encryptedSeeds[index], networkEvidence: network.evidence))
            end(founder)
        }
    }
}
