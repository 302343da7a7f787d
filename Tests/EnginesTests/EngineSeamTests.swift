import BlockStorage
import ChainFormats
import ChainInterface
import DecidedBlocks
import Foundation
import Logging
import PublicCryptography
import Synchronization
import TestSupport
import Testing
import ValidatorSigning
import Wire

@testable import ConsensusCore
@testable import EmbeddedEngine

/// What peers bring into the engine and read from it.
@Suite struct EngineSeamTests {
    /// Remembers what it is told.
    final class Ear: ConsensusNetwork, @unchecked Sendable {
        let events = Mutex<[ConsensusEvent]>([])
        func broadcast(_ message: ConsensusMessage) {}
        func announce(_ event: ConsensusEvent) { events.withLock { $0.append(event) } }

        var refused: [Int64] {
            events.withLock { events in
                events.compactMap { if case .refused(let height, _) = $0 { height } else { nil } }
            }
        }
        var committed: [Int64] {
            events.withLock { events in
                events.compactMap { if case .committed(let height) = $0 { height } else { nil } }
            }
        }
    }

    private func follower(of rig: EngineRig, in folder: TemporaryFolder, ear: Ear, syncing: Bool) throws
        -> (engine: RunningEngine, application: CounterApplication)
    {
        let application = CounterApplication()
        var configuration = EngineConfiguration(folder: folder.path("follower"))
        configuration.beginsBySyncing = syncing
        let engine = try RunningEngine(
            configuration: configuration, genesis: rig.genesis, application: application, signer: nil, network: ear,
            logger: Logger(label: "engine") { _ in SwiftLogNoOpLogHandler() })
        try engine.start()
        return (engine, application)
    }

    private func until(_ isDone: () -> Bool) {
        let deadline = Date(timeIntervalSinceNow: 20)
        while !isDone(), Date() < deadline { usleep(1000) }
        #expect(isDone())
    }

    @Test("a node that is behind takes decided blocks with the next one's commit, and refuses what that does not prove")
    func syncs() throws {
        let rig = try EngineRig()
        rig.application.submit([[1], [2]])
        try rig.run(configure: { $0.createsEmptyBlocks = true }) { $0.status?.lastHeight ?? 0 >= 6 }
        let store = try BlockStore(folder: rig.folder + "/engine/blocks")
        let (ear, folder, peer) = (Ear(), TemporaryFolder(), PeerNumber(7))
        let (engine, application) = try follower(of: rig, in: folder, ear: ear, syncing: true)
        for height in 1...5 as ClosedRange<Int64> {
            let bytes = try #require(try store.blockBytes(height))
            let commit = try #require(try store.block(height + 1)?.lastCommit)
            if height == 3 {
                var forged = commit
                forged.signatures[0].signature[5] ^= 1
                engine.receive(SyncedBlock(height: height, bytes: bytes, commit: forged), from: peer)
                engine.receive(SyncedBlock(height: height, bytes: bytes + [0x98, 6, 1], commit: commit), from: peer)
                engine.receive(SyncedBlock(height: height, bytes: [], commit: commit), from: peer)
            }
            // One that is not next is nobody's fault.
            engine.receive(SyncedBlock(height: height + 1, bytes: bytes, commit: commit), from: peer)
            engine.receive(SyncedBlock(height: height, bytes: bytes, commit: commit), from: peer)
        }
        until { application.height == 5 }
        engine.stop()
        #expect(ear.refused == [3, 3, 3] && ear.committed == [1, 2, 3, 4, 5])
        for height in 1...5 as ClosedRange<Int64> {
            #expect(try engine.store.blockID(height) == store.blockID(height))
            #expect(application.appHashes[height] == rig.application.appHashes[height])
        }
    }

    @Test(
        "parts and precommits of its height are all that a node needs to decide, and what it has or is forged is turned away"
    )
    func catchesUp() throws {
        let rig = try EngineRig()
        rig.application.submit([[1]])
        try rig.run { $0.status?.lastHeight ?? 0 >= 2 }
        let store = try BlockStore(folder: rig.folder + "/engine/blocks")
        let (ear, folder, peer) = (Ear(), TemporaryFolder(), PeerNumber(7))
        let (engine, application) = try follower(of: rig, in: folder, ear: ear, syncing: false)
        for height in 1...2 as ClosedRange<Int64> {
            until { engine.roundState?.height == height }
            let decided = try #require(try store.decidedBlock(height))
            let vote = CommittedVotes(decided.commit, of: decided.validators)!.votes.vote(of: 0)!
            var forged = vote
            forged.signature[0] ^= 1
            #expect(engine.receive(.vote(forged), from: peer) == .forged)
            #expect(engine.receive(.vote(vote), from: peer) == .taken)
            until { engine.roundState?.step == .commit }
            #expect(engine.roundState?.decided?.blockID == decided.blockID)
            #expect(engine.roundState?.currentParts?.header == decided.blockID.parts)
            #expect(engine.receive(.vote(vote), from: peer) == .unneeded)
            let parts = PartSet(cutting: decided.blockBytes)
            #expect(engine.receive(.part(height: height, round: 3, parts[0]!), from: peer) == .taken)
        }
        until { application.height == 2 }
        engine.stop()
        let told = ear.events.withLock { events in
            events.contains { if case .validBlock(1, _, _, isCommit: true) = $0 { true } else { false } }
                && events.contains { if case .added = $0 { true } else { false } }
        }
        #expect(told)
    }

    /// An engine that decides alone, beside a validator of a tenth of its power whose votes a test makes.
    private func withPuppet(
        commitMilliseconds: Int64, ear: Ear, application: CounterApplication = CounterApplication(),
        configure: (inout EngineConfiguration) -> Void = { _ in }, _ body: (RunningEngine, Puppet) throws -> Void
    ) throws {
        let folder = TemporaryFolder()
        let (key, state) = (folder.path("key.json"), folder.path("state.json"))
        try ValidatorSigner.generate(keyPath: key, statePath: state)
        let own = try ValidatorSigner(keyPath: key, statePath: state).publicKey
        let puppet = Puppet()
        let genesis = GenesisDocument(
            genesisTime: RuleChain.genesisTime, chainID: RuleChain.chainID,
            validators: [
                GenesisValidator(publicKey: own, power: 10, name: "own"),
                GenesisValidator(publicKey: puppet.key.publicKey, power: 1, name: "puppet"),
            ])
        var configuration = EngineConfiguration(folder: folder.path("engine"))
        (configuration.createsEmptyBlocks, configuration.isDurable) = (true, false)
        configuration.timeouts.commitMilliseconds = commitMilliseconds
        // Where it is the puppet's turn, nothing is proposed.
        configuration.timeouts.proposeMilliseconds = 20
        configuration.timeouts.prevoteMilliseconds = 20
        configuration.timeouts.precommitMilliseconds = 20
        configure(&configuration)
        let engine = try RunningEngine(
            configuration: configuration, genesis: genesis, application: application,
            signer: ValidatorSigner(keyPath: key, statePath: state), network: ear,
            logger: Logger(label: "engine") { _ in SwiftLogNoOpLogHandler() })
        try engine.start()
        defer { engine.stop() }
        try body(engine, puppet)
    }

    struct Puppet {
        let key = TestKey("puppet")

        func vote(_ kind: VoteKind, _ height: Int64, round: Int32 = 0, _ blockID: BlockID?, after time: Timestamp)
            -> Vote
        {
            key.signed(
                Vote(
                    kind: kind, height: height, round: round, blockID: blockID,
                    timestamp: time.adding(nanoseconds: 5_000_000), validatorAddress: key.address, validatorIndex: 1))
        }
    }

    @Test("a precommit that comes after the decision, before the next height begins, is in the next block")
    func latePrecommits() throws {
        let ear = Ear()
        try withPuppet(commitMilliseconds: 1500, ear: ear) { engine, puppet in
            until { engine.roundState?.lastCommit?.height == 2 && engine.roundState?.step == .newHeight }
            let last = try #require(engine.roundState?.lastCommit)
            #expect(last.commit.signatures[1] == .absent)
            let time = try #require(try engine.store.block(2)).header.time
            let vote = puppet.vote(.precommit, 2, round: last.round, last.blockID, after: time)
            #expect(engine.receive(.vote(vote), from: PeerNumber(1)) == .taken)
            until { ear.committed.contains(3) }
            let commit = try #require(try engine.store.block(3)).lastCommit
            #expect(commit.signatures.map(\.flag) == [.commit, .commit])
            #expect(try engine.store.seenCommit(2)?.signatures[1] == .absent)
        }
    }

    @Test(
        "two votes of one validator become evidence in one block, and an engine that starts again knows that it is there"
    )
    func evidence() throws {
        let ear = Ear()
        try withPuppet(commitMilliseconds: 100, ear: ear) { engine, puppet in
            until { ear.committed.contains(1) }
            let height = try #require(engine.roundState?.height) + 5
            until { engine.roundState?.height == height }
            for name in ["A", "B"] {
                let vote = puppet.vote(.prevote, height, NamedBlock(name).id, after: RuleChain.genesisTime)
                #expect(engine.receive(.vote(vote), from: PeerNumber(1)) == .taken)
            }
            func blocks() -> [Block] {
                let top = (try? engine.store.bounds()?.upperBound) ?? 0
                return (1...top).compactMap { try? engine.store.block($0) }.filter { !$0.evidence.isEmpty }
            }
            until { !blocks().isEmpty }
            let committed = try #require(ear.committed.last)
            until { ear.committed.contains(committed + 3) }
            let found = blocks()
            #expect(found.count == 1 && found.first?.evidence.count == 1)
            guard case .duplicateVote(let duplicate) = found.first?.evidence.first?.content else {
                Issue.record("no duplicate vote")
                return
            }
            #expect(duplicate.first.height == height && duplicate.first.validatorAddress == puppet.key.address)
            #expect(engine.pendingEvidence.isEmpty)
            // A peer that is behind may not know that a block has it.
            var wrong = duplicate
            wrong.totalPower += 1
            engine.receive(found[0].evidence[0], from: PeerNumber(9))
            engine.receive(Evidence(.duplicateVote(wrong)), from: PeerNumber(9))
            func refusals() -> [EvidenceFault] {
                ear.events.withLock { events in
                    events.compactMap { if case .refusedEvidence(PeerNumber(9), let fault) = $0 { fault } else { nil } }
                }
            }
            until { refusals().contains(.wrongPower) }
            #expect(refusals() == [.wrongPower])
        }
    }

    @Test("a log that ends in a decision whose block is not here keeps no node from fetching it")
    func syncsAfterDecision() throws {
        let rig = try EngineRig()
        rig.application.submit([[1]])
        try rig.run { $0.status?.lastHeight ?? 0 >= 2 }
        let store = try BlockStore(folder: rig.folder + "/engine/blocks")
        let decided = try #require(try store.decidedBlock(1))
        let (ear, folder) = (Ear(), TemporaryFolder())
        try FileManager.default.createDirectory(
            atPath: folder.path("follower"), withIntermediateDirectories: true)
        do {
            let log = try WriteAheadLog.open(folder.path("follower/wal"), startingAfter: 0).log
            let vote = CommittedVotes(decided.commit, of: decided.validators)!.votes.vote(of: 0)!
            log.append(TimedRecord(time: vote.timestamp, .vote(vote)))
            try log.sync()
        }
        let (engine, application) = try follower(of: rig, in: folder, ear: ear, syncing: true)
        #expect(engine.roundState?.step == .commit)
        let commit = try #require(try store.block(2)?.lastCommit)
        engine.receive(SyncedBlock(height: 1, bytes: decided.blockBytes, commit: commit), from: PeerNumber(7))
        until { application.height == 1 }
        engine.stop()
        #expect(ear.committed == [1])
    }

    @Test("a wait for late precommits that is longer than votes may be old still leaves room for transactions")
    func longCommitTimeout() throws {
        let application = CounterApplication()
        let ear = Ear()
        try withPuppet(
            commitMilliseconds: 700, ear: ear, application: application, configure: { $0.staleMilliseconds = 300 }
        ) { _, _ in
            until { ear.committed.contains(1) }
            application.submit([[5]])
            until { application.executed == [[5]] }
        }
    }

    @Test("a peer that sends more than is taken loses its own messages, and another's is heard in the same turn")
    func bounds() {
        let mailbox = EngineMailbox()
        let vote = CoreRig.vote(.prevote, nil, round: 0, by: 0).vote
        func put(_ peer: UInt64, _ count: Int) {
            for _ in 0..<count {
                mailbox.put(.message(PeerMessage(message: .vote(vote), peer: PeerNumber(peer), signer: nil)))
            }
        }
        func taken(_ mail: [EngineMail]) -> [UInt64: Int] {
            mail.reduce(into: [:]) { counts, mail in
                if case .message(let message) = mail { counts[message.peer.value, default: 0] += 1 }
            }
        }
        put(1, 10_000)
        put(2, 3)
        #expect(taken(mailbox.take(waitingFor: 0)) == [1: EngineMailbox.turnCountMax, 2: 3])
        put(3, 1)
        #expect(taken(mailbox.take(waitingFor: 0)) == [1: EngineMailbox.turnCountMax, 3: 1])
        var rest = 0
        while let count = taken(mailbox.take(waitingFor: 0))[1] { rest += count }
        #expect(rest == EngineMailbox.messageCountMax - 2 * EngineMailbox.turnCountMax)
        put(1, 10)
        mailbox.forget(PeerNumber(1))
        #expect(mailbox.take(waitingFor: 0).isEmpty)
    }

    @Test("large blocks of one peer are bounded by their bytes")
    func byteBounds() {
        let mailbox = EngineMailbox()
        let block = SyncedBlock(height: 1, bytes: [UInt8](repeating: 0, count: 30 << 20), commit: .empty)
        for _ in 0..<5 { mailbox.put(.synced(block, PeerNumber(1))) }
        #expect(mailbox.take(waitingFor: 0).count == 2)
    }

    @Test("blocks that several peers served are taken in the order in which they were handed in")
    func orderOfBlocks() {
        let mailbox = EngineMailbox()
        for height in 1...8 {
            let block = SyncedBlock(height: Int64(height), bytes: [], commit: .empty)
            mailbox.put(.synced(block, PeerNumber(UInt64(height % 3))))
        }
        // What is handed in and has no peer any more is still verified by what it is.
        mailbox.forget(PeerNumber(1))
        let heights = mailbox.take(waitingFor: 0).compactMap { mail -> Int64? in
            if case .synced(let block, _) = mail { block.height } else { nil }
        }
        #expect(heights == Array(1...8))
    }
}
