import BlockStorage
import CSodium
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import EmbeddedEngine
import Foundation
import Logging
import NIOCore
import PeerNetwork
import PeerWire
import PublicCryptography
import Seeds
import StrictJSON
import Synchronization
import TestSupport
import Testing
import ValidatorSigning
import Wire

/// CometBFT's example application as far as consensus sees it: the state's hash is the number of transactions, a
/// transaction `val=ed25519!key!power` changes the set, and who votes twice loses one of its power.
final class TallyApplication: ConsensusApplication {
    private let state = Mutex<(height: Int64, count: UInt64, next: (Int64, UInt64)?, waiting: [[UInt8]])>(
        (0, 0, nil, []))

    private static func hash(_ count: UInt64) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.varint(count << 1)
        return writer.bytes + [UInt8](repeating: 0, count: 8 - writer.bytes.count)
    }

    func submit(_ transaction: [UInt8]) { state.withLock { $0.waiting.append(transaction) } }
    var count: UInt64 { state.withLock { $0.count } }

    func lastCommitted() throws -> (height: Int64, appHash: [UInt8]) {
        state.withLock { ($0.height, Self.hash($0.count)) }
    }
    func initializeChain(_ genesis: GenesisDocument) throws -> InitialState { InitialState(appHash: Self.hash(0)) }
    func prepareProposal(bytesMax: Int, height: Int64, time: Timestamp) throws -> [HashedTransaction] {
        state.withLock { $0.waiting.map { HashedTransaction($0) } }
    }
    func processProposal(_ block: Block) throws -> Bool { true }
    func finalizeBlock(
        _ block: DecidedBlock, previousResults: [ExecutionResult], next: NextBlock?
    ) throws -> BlockOutcome {
        state.withLock { state in
            let count = state.count + UInt64(block.transactions.count)
            state.next = (block.height, count)
            let taken = Set(block.transactions.map(\.bytes))
            state.waiting.removeAll { taken.contains($0) }
            return BlockOutcome(
                results: block.transactions.map { _ in ExecutionResult(code: 0, data: [], gasWanted: 0, gasUsed: 0) },
                appHash: Self.hash(count), validatorUpdates: Self.updates(block))
        }
    }
    private static func updates(_ block: DecidedBlock) -> [ValidatorUpdate] {
        var updates: [ValidatorUpdate] = []
        for item in block.block.evidence {
            guard case .duplicateVote(let duplicate) = item.content,
                let index = block.validators.index(of: duplicate.first.validatorAddress)
            else { continue }
            updates.append(
                ValidatorUpdate(
                    publicKey: block.validators.validators[index].publicKey, power: duplicate.validatorPower - 1))
        }
        for transaction in block.transactions {
            let text = String(decoding: transaction.bytes, as: UTF8.self)
            let words = text.split(separator: "!")
            guard text.hasPrefix("val="), words.count == 3, let key = Base64.decode(String(words[1])),
                let power = Int64(words[2])
            else { continue }
            updates.append(ValidatorUpdate(publicKey: key, power: power))
        }
        return updates
    }
    func commit() throws {
        state.withLock { state in
            if let next = state.next { (state.height, state.count) = next }
        }
    }
    func hasTransactions() -> Bool { state.withLock { !$0.waiting.isEmpty } }
}

/// How an engine ended.
final class Failure: Sendable {
    let text = Mutex<String?>(nil)
}

/// One node: an engine, and its peers.
final class NetworkNode: @unchecked Sendable {
    private let temporary = TemporaryFolder()
    let application = TallyApplication()
    let engine: RunningEngine
    let consensus: ConsensusReactor
    let blocks: BlockSyncReactor
    let peers: PeerSwitch
    let side: Side
    let failure = Failure()

    init(
        _ number: UInt8, _ genesis: GenesisDocument, signer keyFolder: String?, dials: [PeerAddress],
        syncs: Bool = false, patience: Int64 = 1, seeds: [PeerAddress] = []
    ) throws {
        let logger = Logger(label: "node") { _ in SwiftLogNoOpLogHandler() }
        side = Side(number: number)
        consensus = ConsensusReactor(logger: logger)
        var configuration = EngineConfiguration(folder: temporary.path("engine"))
        configuration.isDurable = false
        configuration.createsEmptyBlocks = true
        configuration.beginsBySyncing = syncs
        configuration.timeouts.proposeMilliseconds = 1500 * patience
        configuration.timeouts.prevoteMilliseconds = 500 * patience
        configuration.timeouts.precommitMilliseconds = 500 * patience
        configuration.timeouts.commitMilliseconds = 200
        let onStop: @Sendable ((any Error)?) -> Void = { [failure] error in
            failure.text.withLock { $0 = error.map { "\($0)" } }
        }
        engine = try RunningEngine(
            configuration: configuration, genesis: genesis, application: application,
            signer: try keyFolder.map {
                try ValidatorSigner(keyPath: $0 + "/key.json", statePath: $0 + "/state.json", isDurable: false)
            }, network: consensus, logger: logger, onStop: onStop)
        blocks = BlockSyncReactor(
            store: engine.store, initialHeight: genesis.initialHeight, fetches: syncs, logger: logger,
            handIn: { [engine] block in
                engine.receive(
                    SyncedBlock(height: block.height, bytes: block.bytes, commit: block.commit),
                    from: PeerNumber(block.peer))
            }, onEnd: { [consensus] in consensus.endSync() })
        var settings = PeerSettings()
        let port = seeds.isEmpty ? 0 : try freePort()
        settings.listen = ListenAddress(host: "127.0.0.1", port: port)
        settings.allowsDuplicateIP = true
        settings.persistentPeers = dials
        settings.seeds = seeds
        settings.seedInterval = .seconds(1)
        var info = side.info
        info.network = genesis.chainID
        info.listenAddress = "tcp://127.0.0.1:\(port)"
        peers = PeerSwitch(
            settings, info: info, key: side.key,
            rules: PeerRules(
                initialHeight: genesis.initialHeight, limits: PeerLimits(blockBytesMax: 22_020_096)),
            reactors: [consensus, blocks], exchange: seeds.isEmpty ? nil : PeerExchangeReactor(), logger: logger)
        try engine.start()
        consensus.begin(engine, blocks: blocks.events, syncs: syncs)
        try peers.start()
    }

    func stop() {
        peers.stop()
        blocks.stop()
        consensus.stop()
        engine.stop()
    }

    var height: Int64 { engine.status?.lastHeight ?? 0 }
    var place: PeerAddress {
        PeerAddress(id: side.id, place: ListenAddress(host: "127.0.0.1", port: UInt16(peers.port!)))
    }
}

/// Keys of validators, and the chain that they begin.
final class NetworkRig: Sendable {
    let temporary = TemporaryFolder()
    let genesis: GenesisDocument
    let foreignSeed = "a validator in Python"

    /// With `foreign` the power of one more validator, whose key others have.
    init(validators: Int, foreign: Int64 = 0) throws {
        var members: [GenesisValidator] = []
        for index in 0..<validators {
            let folder = temporary.path("\(index)")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try ValidatorSigner.generate(keyPath: folder + "/key.json", statePath: folder + "/state.json")
            let key = try ValidatorSigner(keyPath: folder + "/key.json", statePath: folder + "/state.json").publicKey
            members.append(GenesisValidator(publicKey: key, power: 10, name: "v\(index)"))
        }
        if foreign > 0 {
            var (key, secret) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 64))
            crypto_sign_seed_keypair(&key, &secret, SHA256.hash(Array(foreignSeed.utf8)).bytes)
            members.append(GenesisValidator(publicKey: key, power: foreign, name: "foreign"))
        }
        var genesis = GenesisDocument(
            genesisTime: Timestamp(rfc3339: "2026-01-02T03:04:05Z")!, chainID: "peers-1", validators: members)
        genesis.appVersion = 1
        self.genesis = genesis
        try genesis.write(temporary.path("genesis.json"))
    }

    /// What the validator whose key others have says in round 0.
    func foreignVote(_ kind: VoteKind, height: Int64, _ blockID: BlockID?, in validators: ValidatorSet) -> Vote {
        var (key, secret) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 64))
        crypto_sign_seed_keypair(&key, &secret, SHA256.hash(Array(foreignSeed.utf8)).bytes)
        let address = ValidatorAddress(publicKey: key)
        var vote = Vote(
            kind: kind, height: height, round: 0, blockID: blockID,
            timestamp: genesis.genesisTime.adding(nanoseconds: 5_000_000_000), validatorAddress: address,
            validatorIndex: Int32(validators.index(of: address)!))
        let message = vote.signBytes(chainID: genesis.chainID)
        vote.signature = [UInt8](repeating: 0, count: 64)
        crypto_sign_detached(&vote.signature, nil, message, UInt64(message.count), secret)
        return vote
    }

    var publicKeys: [[UInt8]] { genesis.validators.map(\.publicKey) }
    var addresses: [ValidatorAddress] { publicKeys.map { ValidatorAddress(publicKey: $0) } }
    func keys(_ index: Int) -> String { temporary.path("\(index)") }
    var file: String { temporary.path("genesis.json") }
}

/// The peer in Python, where it lies beside the checkout.
enum ForeignPeer {
    static let script = Repository.shared.appendingPathComponent("tools/cometbft_peer.py").path
    static var isThere: Bool {
        let isThere = FileManager.default.fileExists(atPath: script)
        if !isThere { print("skipped: no \(script)") }
        return isThere
    }

    /// Runs it to its end, away from shared threads.
    static func run(_ arguments: [String]) async throws -> (status: Int32, output: String) {
        try await onThread {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", script] + arguments
            let pipe = Pipe()
            process.standardOutput = pipe
            process.standardError = pipe
            try process.run()
            let output = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return (process.terminationStatus, String(decoding: output, as: UTF8.self))
        }
    }
}

@Suite(.serialized, .timeLimit(.minutes(20))) struct NetworkTests {
    @Test("Four validators decide the same blocks, and a transaction that one has is in all")
    func fourValidators() async throws {
        let rig = try NetworkRig(validators: 4)
        let nodes = try await onThread {
            var nodes: [NetworkNode] = []
            for index in 0..<4 {
                // Not all are connected to all: the last hears of the first from the others alone.
                let dials = nodes.enumerated().filter { index != 3 || $0.offset != 0 }.map(\.element.place)
                nodes.append(
                    try NetworkNode(UInt8(index + 1), rig.genesis, signer: rig.keys(index), dials: dials))
            }
            return nodes
        }
        defer { for node in nodes { node.stop() } }
        nodes[3].application.submit(Array("k=v".utf8))
        #expect(await eventually(60) { nodes.allSatisfy { $0.height >= 8 } }, "\(nodes.map(\.height))")
        for height in 1...8 as ClosedRange<Int64> {
            let hashes = try nodes.map { try $0.engine.store.blockID(height) }
            #expect(Set(hashes).count == 1 && hashes[0] != nil)
        }
        #expect(await eventually(30) { nodes.allSatisfy { $0.application.count == 1 } })
        #expect(nodes.allSatisfy { $0.failure.text.withLock { $0 } == nil })
    }

    @Test("Who heard a validator's other vote first is given the one that decided")
    func voteThatDecided() async throws {
        // No timer ends the round while the votes are told.
        let rig = try NetworkRig(validators: 1, foreign: 5)
        let first = try await onThread {
            try NetworkNode(1, rig.genesis, signer: rig.keys(0), dials: [], patience: 100)
        }
        defer { first.stop() }
        let second = try await onThread {
            try NetworkNode(2, rig.genesis, signer: nil, dials: [first.place], patience: 100)
        }
        defer { second.stop() }
        #expect(await eventually(60) { first.engine.roundState?.proposal?.round == 0 })
        let round = try #require(first.engine.roundState)
        let blockID = try #require(round.proposal?.blockID)
        for (kind, choice, nodes) in [
            (VoteKind.prevote, nil, [first, second]), (.prevote, blockID, [first]),
            (.precommit, nil, [first, second]), (.precommit, blockID, [first]),
        ] {
            let vote = rig.foreignVote(kind, height: round.height, choice, in: round.start.validators)
            // The other node may have passed it on already.
            for node in nodes { #expect(node.engine.receive(.vote(vote), from: PeerNumber(900)) != .forged) }
            #expect(
                await eventually(60) {
                    nodes.allSatisfy { node in
                        guard let state = node.engine.roundState, state.height == round.height else { return true }
                        return !state.needs(vote)
                    }
                })
        }
        #expect(await eventually(60) { first.height == 1 }, "\(first.height)")
        #expect(await eventually(60) { second.height == 1 }, "\(second.height)")
        #expect(try second.engine.store.blockID(1) == blockID)
    }

    @Test("A fresh node fetches the blocks of others, verifies each, and follows")
    func freshNode() async throws {
        let rig = try NetworkRig(validators: 1)
        let first = try await onThread { try NetworkNode(1, rig.genesis, signer: rig.keys(0), dials: []) }
        defer { first.stop() }
        #expect(await eventually(60) { first.height >= 25 })
        let fresh = try await onThread {
            try NetworkNode(2, rig.genesis, signer: nil, dials: [first.place], syncs: true)
        }
        defer { fresh.stop() }
        #expect(await eventually(30) { fresh.height >= 25 }, "\(fresh.height)")
        #expect(await eventually(30) { !fresh.blocks.isFetching })
        let target = first.height + 5
        #expect(await eventually(60) { fresh.height >= target }, "\(fresh.height) of \(target)")
        #expect(try fresh.engine.store.blockID(20) == first.engine.store.blockID(20))
    }

    @Test("A block that comes when it is no longer needed is not held against who sends it, and one unasked is")
    func lateAnswer() async throws {
        let rig = try NetworkRig(validators: 1)
        let node = try await onThread { try NetworkNode(1, rig.genesis, signer: nil, dials: [], syncs: true) }
        defer { node.stop() }
        let port = UInt16(node.peers.port!)
        let answer = try #require(
            Facts.all["messages"]!.array!.first {
                $0["channel"]!.integer()! == 0x40 && $0["message"]!.string!.hasPrefix("1a")
            }?.bytes("message"))
        guard case .block(let bytes) = try BlockSyncMessage(protobuf: answer) else { return }
        let height = try Block(protobuf: bytes).header.height
        func say(_ message: BlockSyncMessage, _ wordy: Wordy) throws {
            try wordy.send(message.protobuf, on: .blockSync)
        }
        let wordy = try await onThread { try Wordy(Side(number: 2), port) }
        try say(.status(height: height + 5, base: 1), wordy)
        let request = BlockSyncMessage.request(height: height).protobuf
        #expect(await eventually { wordy.messages.contains { $0.1 == request } })
        try say(.status(height: 0, base: 0), wordy)
        #expect(await eventually { !node.blocks.isFetching })
        try say(.block(bytes), wordy)
        #expect(!(await eventually(0.5) { wordy.isClosed }))
        try say(.block(bytes), wordy)
        #expect(await eventually { wordy.isClosed })
    }

    @Test("A node that does not fetch is helped by consensus gossip, whatever height it is at")
    func caughtUpByGossip() async throws {
        let rig = try NetworkRig(validators: 1)
        let first = try await onThread { try NetworkNode(1, rig.genesis, signer: rig.keys(0), dials: []) }
        defer { first.stop() }
        #expect(await eventually(60) { first.height >= 10 })
        let behind = try await onThread { try NetworkNode(2, rig.genesis, signer: nil, dials: [first.place]) }
        defer { behind.stop() }
        #expect(await eventually(60) { behind.height >= 12 }, "\(behind.height)")
    }

    @Test("Numbers at the ends of their range, and changed messages of all kinds, stop no node")
    func hostilePeer() async throws {
        let rig = try NetworkRig(validators: 1)
        let node = try await onThread { try NetworkNode(1, rig.genesis, signer: rig.keys(0), dials: []) }
        defer { node.stop() }
        let port = UInt16(node.peers.port!)
        var random = SeededGenerator(seed: SeededGenerator.seed(of: "hostilePeer"))
        let heights: [Int64] = [0, 1, 2, 3, node.height, .max - 1, .max]
        let rounds: [Int32] = [0, 1, 2, 100, .max - 1, .max]
        var gossip: [ConsensusGossip] = []
        for height in heights {
            for round in rounds {
                let place = VotePlace(height: height, round: round, kind: random.below(2) == 0 ? .prevote : .precommit)
                let header = PartSetHeader(total: 3, hash: .zero)
                gossip += [
                    .newRoundStep(
                        NewRoundStep(
                            height: max(height, 1), round: round, step: 8, secondsSinceStart: .max,
                            lastCommitRound: height <= 1 ? -1 : round)),
                    .hasVote(place, index: .max), .voteSetMaj23(place, nil),
                    .voteSetBits(place, nil, BitArray(count: 10_000)),
                    .proposalPOL(height: height, polRound: round, BitArray(count: 10_000)),
                    .newValidBlock(height: height, round: round, header, BitArray(count: 3), isCommit: true),
                ]
            }
        }
        for (number, message) in gossip.enumerated() {
            // A connection for some of each, in an order of chance.
            guard number.isMultiple(of: 40) else { continue }
            let wordy = try await onThread {
                try Wordy(Side(seed: pattern(32, number), ephemeral: pattern(32, 5)), port)
            }
            try wordy.send(message.protobuf, on: message.channel)
            for message in gossip.shuffled(using: &random) { try wordy.send(message.protobuf, on: message.channel) }
        }
        for item in Facts.all["messages"]!.array! {
            let wordy = try await onThread {
                try Wordy(
                    Side(seed: Array((item.bytes("message") + pattern(32, 1)).prefix(32)), ephemeral: pattern(32, 5)),
                    port)
            }
            try wordy.send(item.bytes("message"), on: item["channel"]!.integer()! as UInt8)
        }
        let before = node.height
        #expect(await eventually(20) { node.height >= before + 3 })
        #expect(node.failure.text.withLock { $0 } == nil)
    }

    @Test("Two of our validators and one in Python decide one chain", .enabled(if: ForeignPeer.isThere))
    func foreignValidator() async throws {
        let rig = try NetworkRig(validators: 2, foreign: 10)
        let nodes = try await onThread {
            let first = try NetworkNode(1, rig.genesis, signer: rig.keys(0), dials: [])
            return [first, try NetworkNode(2, rig.genesis, signer: rig.keys(1), dials: [first.place])]
        }
        defer { for node in nodes { node.stop() } }
        let (status, output) = try await ForeignPeer.run([
            "validate", "127.0.0.1:\(nodes[0].peers.port!)", "--genesis", rig.file, "--seed", rig.foreignSeed,
            "--height", "12", "--seconds", "90",
        ])
        #expect(status == 0, "\(output)")
        // Without the third validator nothing is decided, and some of the blocks are its own.
        #expect(output.contains("proposer ours"), "\(output)")
        #expect(nodes.allSatisfy { $0.height >= 11 })
        #expect(nodes.allSatisfy { $0.failure.text.withLock { $0 } == nil })
    }

    @Test("A foreign node fetches our blocks, and another follows by gossip", .enabled(if: ForeignPeer.isThere))
    func foreignSync() async throws {
        let rig = try NetworkRig(validators: 1)
        let node = try await onThread { try NetworkNode(1, rig.genesis, signer: rig.keys(0), dials: []) }
        defer { node.stop() }
        #expect(await eventually(60) { node.height >= 22 })
        let place = "127.0.0.1:\(node.peers.port!)"
        let sync = try await ForeignPeer.run(["sync", place, "--genesis", rig.file, "--height", "20"])
        #expect(sync.status == 0 && sync.output.contains("synced to 20"), "\(sync.output)")
        let follow = try await ForeignPeer.run([
            "follow", place, "--genesis", rig.file, "--height", "25", "--seconds", "40",
        ])
        #expect(follow.status == 0, "\(follow.output)")
    }
    @Test(
        "The chain that a CometBFT decided is fetched from a peer and verified block by block",
        .enabled(if: ForeignPeer.isThere))
    func recordedChain() async throws {
        let session = Repository.shared.appendingPathComponent("vectors/p2p/e-blocksync-node.json.gz").path
        let recording = try #require(Facts.read(session)?["header"])
        var genesis = try GenesisDocument(json: JSONWriter.bytes(of: try #require(recording["genesis"])))
        // An application tells its version when a chain begins; CometBFT's example has 1.
        genesis.appVersion = 1
        let folder = TemporaryFolder()
        try genesis.write(folder.path("genesis.json"))
        let node = try await onThread { [genesis] in
            try NetworkNode(1, genesis, signer: nil, dials: [], syncs: true)
        }
        defer { node.stop() }
        async let served = ForeignPeer.run([
            "serve", "127.0.0.1:\(node.peers.port!)", "--genesis", folder.path("genesis.json"), "--blocks", session,
            "--seconds", "25",
        ])
        #expect(await eventually(40) { node.height >= 59 }, "\(node.height) \(node.failure.text.withLock { $0 } ?? "")")
        let block = recording["store_at_start"]?["blocks"]?["50"]?.string ?? recording["blocks_at_end"]?["50"]?.string
        #expect(try node.engine.store.blockBytes(50) == block.map(hexadecimal))
        #expect(try await served.status == 0)
    }
}
