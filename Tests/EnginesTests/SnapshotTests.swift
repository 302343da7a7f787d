import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import EmbeddedEngine
import Foundation
import PublicCryptography
import Synchronization
import TestSupport
import Testing
import ValidatorSigning
import Wire

/// An application whose state is three chunks, named by its hash.
private final class ChunkedApplication: StateTransferring, @unchecked Sendable {
    static let chunks: [[UInt8]] = [[1, 1], [2], [3, 3, 3]]
    let counter: CounterApplication
    private let lock = NSLock()
    private var held: Set<Int64> = []
    private var finished: [RestoredPlace] = []

    init(_ counter: CounterApplication) { self.counter = counter }

    var heldHeights: Set<Int64> { lock.withLock { held } }
    var places: [RestoredPlace] { lock.withLock { finished } }

    func holdState(at height: Int64) -> (outline: [UInt8], chunkCount: Int)? {
        guard let hash = counter.appHashes[height] else { return nil }
        lock.withLock { _ = held.insert(height) }
        return (hash, Self.chunks.count)
    }

    func chunk(_ index: Int, ofStateAt height: Int64) -> [UInt8]? { Self.chunks[index] }
    func releaseState(at height: Int64) { lock.withLock { _ = held.remove(height) } }

    func beginRestoring(outline: [UInt8], appHash: [UInt8]) -> (any StateRestoring)? {
        outline == appHash ? Restoring(self) : nil
    }

    private final class Restoring: StateRestoring {
        let application: ChunkedApplication
        init(_ application: ChunkedApplication) { self.application = application }
        let chunkCount = ChunkedApplication.chunks.count
        private(set) var wanted: Set<Int> = [0, 1, 2]
        func take(_ chunk: [UInt8], at index: Int) -> RestoreVerdict {
            guard ChunkedApplication.chunks[index] == chunk else { return .wrong }
            wanted.remove(index)
            return .taken
        }
        func finish(_ place: RestoredPlace) -> Bool {
            application.lock.withLock { application.finished.append(place) }
            return true
        }
    }
}

/// States that are given and taken, with what proves them.
@Suite struct SnapshotTests {
    /// A chain of some heights, with what serves its states, and what a new node has.
    private final class Stage {
        let rig: EngineRig
        let application: ChunkedApplication
        let store: BlockStore
        let server: SnapshotServer
        private let folder = TemporaryFolder()
        private var count = 0

        init() throws {
            rig = try EngineRig()
            rig.application.submit((0..<12).map { [UInt8($0), 9] })
            try rig.run { $0.status?.step == .newRound && $0.status?.lastHeight ?? 0 >= 13 }
            application = ChunkedApplication(rig.application)
            store = try BlockStore(folder: rig.folder + "/engine/blocks")
            server = SnapshotServer(store: store, application: application, interval: 5)
            try server.look()
        }

        /// What is believed; genesis unless a test says otherwise.
        var trust: SyncTrust?

        func newStore() throws -> BlockStore {
            count += 1
            return try BlockStore(folder: folder.path("\(count)"), isDurable: false)
        }

        func taker(
            _ description: SnapshotDescription, store: BlockStore, appHash: [UInt8]? = nil,
            genesis change: (inout GenesisDocument) -> Void = { _ in }
        ) throws -> SnapshotTaker? {
            var genesis = rig.genesis
            change(&genesis)
            return SnapshotTaker(
                description, store: store, application: application, genesis: genesis,
                trust: try #require(trust ?? SyncTrust(genesis)), appHash: appHash)
        }

        /// What a peer would say that changes where the chain stood, and names its snapshot rightly.
        func forged(_ change: (inout SyncPoint) -> Void) throws -> (description: SnapshotDescription, manifest: [UInt8])
        {
            var description = server.list()[0]
            var manifest = try SnapshotManifest(
                decoding: server.chunk(0, height: description.height, format: description.format)!)
            var point = try SyncPoint(protobuf: manifest.point)
            change(&point)
            manifest.point = point.protobuf
            description.hash = SHA256.hash(manifest.encoded).bytes
            return (description, manifest.encoded)
        }

        func verdict(_ change: (inout SyncPoint) -> Void) throws -> SnapshotTaker.Verdict? {
            let (description, manifest) = try forged(change)
            return try taker(description, store: newStore())?.take(manifest, at: 0)
        }
    }

    @Test("a chain goes on in a new store from a state that was given chunk by chunk, in any order")
    func taken() async throws {
        try await onThread {
            let stage = try Stage()
            let description = try #require(stage.server.list().first)
            #expect(description.height % 5 == 0 && description.chunks == 5)
            let store = try stage.newStore()
            let taker = try #require(try stage.taker(description, store: store))
            func chunk(_ index: UInt32) throws -> [UInt8] {
                try #require(try stage.server.chunk(index, height: description.height, format: 1))
            }
            #expect(taker.wanted == [0])
            // Not before the manifest says what it is.
            #expect(try taker.take(try chunk(2), at: 2) == .taken && taker.wanted == [0])
            #expect(try taker.take(try chunk(0), at: 0) == .taken && taker.wanted == [1, 2, 3, 4])
            #expect(try taker.take([7], at: 3) == .wrongChunk && taker.take([], at: 4) == .wrongChunk)
            for index in [3, 1, 4] as [UInt32] { #expect(try taker.take(try chunk(index), at: index) == .taken) }
            #expect(try taker.take([7], at: 3) == .taken && taker.wanted == [2])
            #expect(stage.application.places.isEmpty)
            #expect(try taker.take(try chunk(2), at: 2) == .complete)

            let place = try #require(stage.application.places.first)
            let header = try #require(try stage.store.block(description.height)).header
            #expect(place.height == header.height && place.headerHash == header.hash() && place.time == header.time)
            #expect(place.appHash == stage.rig.application.appHashes[header.height])
            let state = try #require(try store.state())
            #expect(try state == SyncPoint(stage.store, height: header.height)?.state)
            #expect(try store.bounds() == header.height...header.height)
            // What an enclave may ask for of the heights before, and no more.
            for height in 1...header.height {
                #expect(try store.header(height)?.hash() == stage.store.header(height)?.hash(), "\(height)")
            }
            #expect(try store.decidedBlock(header.height)?.block == stage.store.block(header.height))
            // The next block of the chain is the next one here.
            let next = try #require(try stage.store.block(header.height + 1))
            try state.validate(next)
            #expect(try store.outcome(header.height)?.results == stage.store.outcome(header.height)?.results)
        }
    }

    @Test("what is said of the place in the chain is held against genesis, signatures and the next header")
    func forgedPlaces() async throws {
        try await onThread {
            let stage = try Stage()
            #expect(try stage.verdict { _ in } == .taken)
            let other = try EngineRig()
            let changes: [(SyncRefusal?, (inout SyncPoint) -> Void)] = [
                (.malformed, { $0.earlier.removeLast() }),
                (.malformed, { $0.earlier.removeAll() }),
                (.malformed, { $0.earlier[0].appHash = SHA256.hash([1]).bytes }),
                (.malformed, { $0.earlier.swapAt(0, 1) }),
                (.anotherChain, { $0.state.chainID = "other-1" }), (.anotherChain, { $0.state.initialHeight = 2 }),
                (.anotherChain, { $0.state.genesisTime = .goZero }), (nil, { $0.header.appHash[0] ^= 1 }),
                (nil, { $0.nextHeader.appHash[0] ^= 1 }), (nil, { $0.commit.signatures = [.absent] }),
                (nil, { $0.nextCommit.signatures = [.absent] }), (nil, { swap(&$0.commit, &$0.nextCommit) }),
                (nil, { swap(&$0.header, &$0.nextHeader) }), (.notProved, { $0.state.appHash[0] ^= 1 }),
                (.notProved, { $0.state.lastHeaderAppHash = [] }), (.notProved, { $0.state.lastBlockID = nil }),
                (.notProved, { $0.state.lastTime = .goZero }), (.notProved, { $0.state.appVersion += 1 }),
                (.notProved, { $0.state.parameters.blockBytesMax -= 1 }), (.notProved, { $0.state.lastResults = [] }),
                (.malformed, { $0.state.lastValidators = nil }),
                (
                    nil,
                    { point in
                        let set = ValidatorSet(genesis: other.genesis.validatorUpdates)!
                        (point.state.lastValidators, point.state.validators) = (set, set)
                        point.state.nextValidators = set
                    }
                ),
                (.notProved, { $0.state.nextValidators = ValidatorSet(genesis: other.genesis.validatorUpdates)! }),
                (
                    .impossiblePriorities,
                    { point in
                        var validator = point.state.validators.validators[0]
                        validator.proposerPriority = .min
                        point.state.validators = ValidatorSet(ordered: [validator])!
                    }
                ),
            ]
            for (number, (refusal, change)) in changes.enumerated() {
                let verdict = try stage.verdict(change)
                guard case .refused(let why) = verdict else {
                    Issue.record("change \(number): \(String(describing: verdict))")
                    continue
                }
                #expect(refusal == nil || refusal == why, "change \(number)")
            }
            #expect(stage.application.places.isEmpty)
        }
    }

    @Test("a snapshot of another form, name, size or state is refused, and so is a manifest that is none")
    func otherSnapshots() async throws {
        try await onThread {
            let stage = try Stage()
            let honest = stage.server.list()[0]
            let manifest = try #require(try stage.server.chunk(0, height: honest.height, format: 1))
            let impossible: [(inout SnapshotDescription) -> Void] = [
                { $0.format = 2 }, { $0.height = 0 }, { $0.chunks = 1 }, { $0.chunks = .max }, { $0.hash = [1] },
            ]
            for change in impossible {
                var description = honest
                change(&description)
                #expect(try stage.taker(description, store: stage.newStore()) == nil)
            }
            func verdict(_ change: (inout SnapshotDescription) -> Void) throws -> SnapshotTaker.Verdict? {
                var description = honest
                change(&description)
                return try stage.taker(description, store: stage.newStore())?.take(manifest, at: 0)
            }
            #expect(try verdict { $0.hash[0] ^= 1 } == .wrongChunk)
            #expect(try verdict { $0.chunks += 1 } == .refused(.notProved))
            #expect(try verdict { $0.height += 5 } == .refused(.malformed))
            // The engine beside us believes in another state.
            let taker = try stage.taker(honest, store: stage.newStore(), appHash: [1])
            #expect(try taker?.take(manifest, at: 0) == .refused(.notProved))
            let other = try stage.taker(honest, store: stage.newStore()) { $0.chainID = "other-1" }
            #expect(try other?.take(manifest, at: 0) == .refused(.anotherChain))
            for bytes in [[], [1], Array(manifest.dropLast()), [UInt8](repeating: 0x0a, count: 100)] {
                var description = honest
                description.hash = SHA256.hash(bytes).bytes
                guard case .refused = try stage.taker(description, store: stage.newStore())?.take(bytes, at: 0) else {
                    Issue.record("taken: \(bytes.count) bytes")
                    continue
                }
            }
        }
    }

    @Test(
        "a state whose header is not the only one that was signed is not taken, and whoever shows headers hears of it")
    func forked() async throws {
        try await onThread {
            let stage = try Stage()
            let honest = stage.server.list()[0]
            let manifest = try #require(try stage.server.chunk(0, height: honest.height, format: 1))
            let decided = try (1...13 as ClosedRange<Int64>).map { height in
                let block = try #require(try stage.store.decidedBlock(height))
                return UnverifiedHeader(header: block.header, commit: block.commit, validators: block.validators)
            }
            func verdict(_ witness: ShownChain) throws -> SnapshotTaker.Verdict? {
                stage.trust = SyncTrust(stage.rig.genesis, sources: [witness])
                return try stage.taker(honest, store: stage.newStore())?.take(manifest, at: 0)
            }
            #expect(try verdict(ShownChain(decided)) == .taken)
            // A copy of the validator's machine signs another header of that height.
            var other = decided[Int(honest.height) - 1]
            other.header.dataHash = SHA256.hash([1])
            let parts = try #require(other.commit.blockID?.parts)
            let blockID = BlockID(hash: other.header.hash(), parts: parts)
            var vote = Vote(
                kind: .precommit, height: honest.height, round: other.commit.round, blockID: blockID,
                timestamp: other.header.time, validatorAddress: other.validators.validators[0].address,
                validatorIndex: 0)
            let record = stage.rig.folder + "/copied.json"
            try ValidatorSigner.generate(keyPath: stage.rig.folder + "/unused.json", statePath: record)
            try ValidatorSigner(keyPath: stage.rig.folder + "/key.json", statePath: record).sign(
                &vote, chainID: stage.rig.chainID)
            other.commit = Commit(
                height: honest.height, round: other.commit.round, blockID: blockID,
                signatures: [vote.commitSignature(for: blockID)])
            var forked = decided
            forked[Int(honest.height) - 1] = other
            let witness = ShownChain(forked)
            #expect(try verdict(witness) == .refused(.forked))
            let evidence = try #require(witness.taken.withLock { $0.first })
            guard case .lightClientAttack(let attack) = evidence.content else { Issue.record("not read"); return }
            #expect(attack.conflicting.header == decided[Int(honest.height) - 1].header)
            #expect(attack.byzantine.map(\.address) == other.validators.validators.map(\.address))
            // Who shows what nobody signed keeps no state away.
            forked[Int(honest.height) - 1].commit = decided[Int(honest.height) - 1].commit
            #expect(try verdict(ShownChain(forked)) == .taken)
        }
    }

    /// What a node shows over its RPC.
    private final class ShownChain: LightWitness {
        struct Missing: Error {}
        let headers: [UnverifiedHeader]
        let taken = Mutex<[Evidence]>([])
        init(_ headers: [UnverifiedHeader]) { self.headers = headers }
        func lightBlock(_ height: Int64) throws -> UnverifiedHeader {
            guard headers.indices.contains(Int(height) - 1) else { throw Missing() }
            return headers[Int(height) - 1]
        }
        func lastLightBlock() throws -> UnverifiedHeader { headers[headers.count - 1] }
        func take(_ evidence: Evidence) throws { taken.withLock { $0.append(evidence) } }
    }

    @Test("the newest two states are given, of every so many heights, and what is no longer given is let go")
    func offered() async throws {
        try await onThread {
            let stage = try Stage()
            #expect(stage.server.list().map(\.height) == [10] && stage.application.heldHeights == [10])
            try stage.server.look()
            #expect(stage.server.list().count == 1)
            let server = SnapshotServer(store: stage.store, application: stage.application, interval: 1_000)
            try server.look()
            #expect(server.list().isEmpty)
            #expect(try stage.server.chunk(5, height: 10, format: 1) == nil)
            #expect(try stage.server.chunk(1, height: 10, format: 2) == nil)
            #expect(try stage.server.chunk(1, height: 5, format: 1) == nil)
        }
    }

    @Test("a state stays for two minutes after somebody was told of it or fetched of it, and newer ones wait for room")
    func kept() async throws {
        try await onThread {
            let rig = try EngineRig()
            let application = ChunkedApplication(rig.application)
            let clock = Mutex(ContinuousClock.now)
            func pass(_ seconds: Int) { clock.withLock { $0 += .seconds(seconds) } }
            var isDone = false
            try rig.run(seconds: 120) { engine in
                guard !isDone else { return true }
                isDone = true
                let server = SnapshotServer(store: engine.store, application: application, interval: 1) {
                    clock.withLock { $0 }
                }
                var count: UInt8 = 0
                /// One height more at least, looked at.
                func grow() throws {
                    let before = engine.status?.lastHeight ?? 0
                    count += 1
                    rig.application.submit([[count, 9]])
                    engine.wake()
                    let deadline = Date(timeIntervalSinceNow: 60)
                    while engine.status?.lastHeight ?? 0 <= before {
                        try #require(Date() < deadline)
                        usleep(500)
                    }
                    try server.look()
                }
                func has(_ height: Int64) throws -> Bool { try server.chunk(2, height: height, format: 1) != nil }
                /// Without asking for it, which would count.
                func isHeld(_ height: Int64) -> Bool { application.heldHeights.contains(height) }
                while server.list().isEmpty { try grow() }
                let first = server.list()[0].height
                // Told a moment ago, so it outlasts the newest two.
                for _ in 0..<3 { try grow() }
                let told = server.list().map(\.height)
                #expect(told.count == 2 && !told.contains(first) && isHeld(first))
                // Of whoever was told of nothing, nothing is kept.
                #expect(application.heldHeights.count == 3)
                pass(119)
                try grow()
                #expect(try has(first))
                pass(119)
                try grow()
                #expect(isHeld(first) && !isHeld(told[0]) && !isHeld(told[1]), "one is fetched, the others are not")
                pass(1)
                try grow()
                #expect(try !has(first))
                // Others are told of each that is new: those that are waited for leave no room in the end.
                var heights: Set<Int64> = []
                for _ in 0..<12 {
                    heights.formUnion(server.list().map(\.height))
                    try grow()
                }
                #expect(heights.isSubset(of: application.heldHeights) && application.heldHeights.count == 8)
                let oldest = try #require(heights.min())
                pass(121)
                #expect(try has(oldest), "fetched since")
                try grow()
                #expect(isHeld(oldest) && application.heldHeights.count == 3)
                // Who fetches all the while keeps no newer one from being made.
                for _ in 0..<12 {
                    for height in application.heldHeights { _ = try has(height) }
                    try grow()
                    #expect(server.list()[0].height > oldest)
                    pass(121)
                }
                #expect(application.heldHeights.count <= 8)
                return true
            }
        }
    }
}
