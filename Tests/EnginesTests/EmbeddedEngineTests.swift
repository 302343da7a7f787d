import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import EmbeddedEngine
import Foundation
import Logging
import PublicCryptography
import Synchronization
import TestSupport
import Testing
import ValidatorSigning
import Wire

@Suite struct EmbeddedEngineTests {
    static let transactions: [[UInt8]] = [[1], [2, 2], [3, 3, 3]]

    @Test("transactions make a block, a second block proves it, and then the chain rests")
    func proofBlocks() throws {
        let rig = try EngineRig()
        rig.application.submit([[7]])
        try rig.run { $0.status?.lastHeight == 2 && $0.status?.step == .newRound }
        let headers = try rig.verifyChain()
        #expect(headers.count == 2)
        #expect(headers[0].time == rig.genesis.genesisTime)
        #expect(headers[1].appHash == rig.application.appHashes[1] && headers[1].appHash != headers[0].appHash)
        #expect(
            headers[1].lastResultsHash
                == ExecutionResult.hash(of: [ExecutionResult(code: 0, data: [7], gasWanted: 10, gasUsed: 1)]))
        #expect(rig.application.previousResultsMatched)
    }

    @Test("its own block is held against the rules once, and not judged again by who prepared it")
    func ownBlockOnce() throws {
        let rig = try EngineRig()
        rig.application.submit(Self.transactions)
        let validated = Mutex<[Int64]>([])
        try rig.run(validate: { state, block, history throws(BlockFault) in
            validated.withLock { $0.append(block.header.height) }
            try state.validate(block, against: history)
        }) { $0.status?.lastHeight == 4 && $0.status?.step == .newRound }
        #expect(validated.withLock { $0 } == [1, 2, 3, 4])
        #expect(rig.application.processedCount == 0)
        try rig.verifyChain()
    }

    @Test("woken for a transaction, it goes on from where it rested, also after a restart")
    func wake() throws {
        let rig = try EngineRig()
        var submitted = false
        for round in 0..<3 {
            submitted = false
            try rig.run { engine in
                if engine.status?.step == .newRound, !submitted {
                    submitted = true
                    rig.application.submit([[UInt8(round)]])
                    engine.wake()
                }
                return rig.application.executed.count == round + 1 && engine.status?.step == .newRound
            }
        }
        #expect(rig.application.executed == [[0], [1], [2]])
        // The first two blocks are empty; each transaction has a block and a proof. After each of the two restarts
        // comes one block more, which may hold the transaction already.
        #expect((8...10).contains(try rig.verifyChain().count))
    }

    @Test(
        "stopped at any step of any height, it goes on to the same chain of app hashes", arguments: CommitStep.allCases)
    func crash(step: CommitStep) throws {
        let expected = try Self.undisturbed
        for height in 1...3 as ClosedRange<Int64> {
            let rig = try EngineRig()
            rig.application.submit(Self.transactions)
            let error = try rig.run(hook: { at, atHeight in
                if at == step, atHeight == height { throw Crash() }
            }) { _ in false }
            #expect(error is Crash)
            try rig.run { _ in rig.application.executed.count == 3 }
            #expect(rig.application.executed == Self.transactions)
            let headers = try rig.verifyChain()
            #expect(Array(headers.map(\.appHash).prefix(3)) == expected, "height \(height)")
            #expect(rig.application.previousResultsMatched)
        }
    }

    private static var undisturbed: [[UInt8]] {
        get throws {
            let rig = try EngineRig()
            rig.application.submit(transactions)
            try rig.run { _ in rig.application.executed.count == 3 }
            return Array(try rig.verifyChain().map(\.appHash).prefix(3))
        }
    }

    @Test("stopped at every step one after the other, without a whole height in between")
    func repeatedCrashes() throws {
        let rig = try EngineRig()
        rig.application.submit(Self.transactions)
        for step in CommitStep.allCases {
            let error = try rig.run(
                configure: { $0.createsEmptyBlocks = true },
                hook: { at, _ in
                    if at == step { throw Crash() }
                }
            ) { _ in false }
            #expect(error is Crash, "\(step)")
        }
        try rig.run { _ in rig.application.executed.count == 3 }
        #expect(rig.application.executed == Self.transactions)
        try rig.verifyChain()
    }

    @Test("an application behind the chain is brought up to it, one ahead of it is refused", arguments: 0...3)
    func handshake(height: Int) throws {
        let rig = try EngineRig()
        rig.application.submit(Self.transactions)
        try rig.run { $0.status?.lastHeight == 4 && $0.status?.step == .newRound }
        let hashes = rig.application.appHashes
        rig.application.rollBack(to: Int64(height), executed: height)
        try rig.run { $0.status?.lastHeight == 4 }
        #expect(rig.application.height == 4 && rig.application.appHashes == hashes)
        #expect(rig.application.executed == Self.transactions)

        rig.application.pretend(height: 5)
        #expect(throws: EngineStop.applicationAhead(application: 5, store: 4)) { try rig.run { _ in true } }
    }

    @Test("an application that comes to another app hash is refused")
    func wrongAppHash() throws {
        let rig = try EngineRig()
        rig.application.submit(Self.transactions)
        try rig.run { $0.status?.lastHeight == 4 && $0.status?.step == .newRound }
        rig.application.rollBack(to: 2, executed: 2)
        rig.application.pretend(height: 1)
        #expect(throws: EngineStop.wrongAppHash(height: 2)) { try rig.run { _ in true } }
    }

    @Test("another chain's genesis is refused over the same folder")
    func wrongGenesis() throws {
        let rig = try EngineRig()
        try rig.run { $0.status?.lastHeight ?? 0 >= 1 }
        var other = rig.genesis
        other.chainID = "engine-2"
        let engine = try RunningEngine(
            configuration: EngineConfiguration(folder: rig.folder + "/engine"), genesis: other,
            application: rig.application, signer: nil, logger: Logger(label: "engine") { _ in SwiftLogNoOpLogHandler() }
        )
        #expect(throws: EngineStop.wrongGenesis) { try engine.start() }
    }

    @Test("transactions keep their interval, the block that proves them does not wait for it")
    func interval() throws {
        let rig = try EngineRig()
        rig.application.submit(Self.transactions)
        try rig.run(configure: { $0.blockIntervalMilliseconds = 3_600_000 }) {
            $0.status?.lastHeight == 2 && $0.status?.height == 3
        }
        #expect(rig.application.executed == [[1]])
        #expect(try rig.verifyChain().count == 2)
    }

    @Test(
        "with the log cut anywhere, it goes on and signs nothing twice",
        arguments: [CommitStep.precommitSigned, .blockSaved])
    func cutLog(step: CommitStep) throws {
        let rig = try EngineRig()
        rig.application.submit(Self.transactions)
        try rig.run(hook: { at, height in
            if at == step, height == 2 { throw Crash() }
        }) { _ in false }
        let whole = try Data(contentsOf: URL(fileURLWithPath: rig.folder + "/engine/wal"))
        let saved = rig.folder + "/saved"
        try FileManager.default.copyItem(atPath: rig.folder + "/engine", toPath: saved)
        let state = try Data(contentsOf: URL(fileURLWithPath: rig.folder + "/state.json"))
        let executed = rig.application.executed.count
        for cut in stride(from: 0, through: whole.count, by: max(1, whole.count / 16)) {
            try FileManager.default.removeItem(atPath: rig.folder + "/engine")
            try FileManager.default.copyItem(atPath: saved, toPath: rig.folder + "/engine")
            try whole.prefix(cut).write(to: URL(fileURLWithPath: rig.folder + "/engine/wal"))
            try state.write(to: URL(fileURLWithPath: rig.folder + "/state.json"))
            rig.application.rollBack(to: 1, executed: executed)
            try rig.run { $0.status?.lastHeight ?? 0 >= 3 }
            try rig.verifyChain()
        }
    }

    @Test("alone, with a signer that has signed later blocks than there are, it ends and says so", arguments: [0, 2])
    func signerAhead(restored: Int64) throws {
        let rig = try EngineRig()
        let (engine, saved) = (rig.folder + "/engine", rig.folder + "/saved")
        try rig.run(configure: { $0.createsEmptyBlocks = true }, until: { $0.status?.lastHeight ?? 0 >= 2 })
        let height = rig.application.height
        try FileManager.default.copyItem(atPath: engine, toPath: saved)
        try rig.run(configure: { $0.createsEmptyBlocks = true }) { $0.status?.lastHeight ?? 0 >= height + 5 }
        let signed = try rig.signer().lastSigned.height
        #expect(signed >= height + 5)

        try FileManager.default.removeItem(atPath: engine)
        if restored > 0 { try FileManager.default.copyItem(atPath: saved, toPath: engine) }
        rig.application.rollBack(to: restored > 0 ? height : 0, executed: 0)
        let error = try rig.run { _ in false }
        #expect(
            error as? EngineStop
                == .signerAhead(signedHeight: signed, signedRound: 0, height: restored > 0 ? height + 1 : 1))
    }

    @Test("alone, with a log that was lost, it catches up with a signer some rounds ahead and not with one far ahead")
    func roundsAhead() throws {
        let rig = try EngineRig()
        func sign(round: Int32) throws {
            try #"{"height": "1", "round": \#(round), "step": 3}"#
                .write(toFile: rig.folder + "/state.json", atomically: true, encoding: .utf8)
        }
        try sign(round: 2_000_000_000)
        let error = try rig.run { _ in false }
        #expect(
            error as? EngineStop == .signerAhead(signedHeight: 1, signedRound: 2_000_000_000, height: 1))
        try sign(round: 300)
        try rig.run(configure: { $0.isDurable = false }) { $0.status?.lastHeight ?? 0 >= 1 }
        #expect(try rig.signer().lastSigned >= (1, 301))
    }

    @Test("a validator set changes two heights after the block that says so")
    func validatorUpdates() throws {
        let rig = try EngineRig()
        let own = rig.genesis.validators[0].publicKey
        rig.application.validatorUpdates[2] = [ValidatorUpdate(publicKey: own, power: 77)]
        try rig.run(configure: { $0.createsEmptyBlocks = true }) { $0.status?.lastHeight ?? 0 >= 5 }
        let store = try BlockStore(folder: rig.folder + "/engine/blocks")
        #expect(try (1...5).map { try store.validators($0)?.totalPower } == [10, 10, 10, 77, 77])
    }

    @Test("parameters change in the block after the one that says so, and are there after a restart")
    func parameterUpdates() throws {
        let rig = try EngineRig()
        rig.application.parameterUpdates[2] = ConsensusParameterUpdates(
            block: .init(bytesMax: -1, gasMax: 7), evidence: EvidenceParameters(ageBlocksMax: 9, bytesMax: 0),
            publicKeyTypes: ["ed25519"], appVersion: 4, voteExtensionsHeight: 0)
        try rig.run(configure: { $0.createsEmptyBlocks = true }) { $0.status?.lastHeight ?? 0 >= 3 }
        try rig.run(configure: { $0.createsEmptyBlocks = true }) { $0.status?.lastHeight ?? 0 >= 6 }
        let headers = try rig.verifyChain()
        let (before, after) = (
            ConsensusParameters(),
            ConsensusParameters(
                blockBytesMax: -1, blockGasMax: 7, evidence: EvidenceParameters(ageBlocksMax: 9, bytesMax: 0))
        )
        #expect(headers.prefix(2).allSatisfy { $0.consensusHash == before.hash() && $0.appVersion == 0 })
        #expect(headers.dropFirst(2).allSatisfy { $0.consensusHash == after.hash() && $0.appVersion == 4 })
        let store = try BlockStore(folder: rig.folder + "/engine/blocks")
        #expect(try store.state()?.parameters == after)
        #expect(try store.outcome(2)?.parameterUpdates == rig.application.parameterUpdates[2])
    }

    @Test(
        "parameters that no chain can have, or that this engine cannot follow, stop it",
        arguments: [
            ConsensusParameterUpdates(block: .init(bytesMax: 0, gasMax: -1)),
            ConsensusParameterUpdates(block: .init(bytesMax: 1000, gasMax: -2)),
            ConsensusParameterUpdates(evidence: EvidenceParameters(ageBlocksMax: 0)),
            ConsensusParameterUpdates(publicKeyTypes: ["secp256k1"]),
            ConsensusParameterUpdates(voteExtensionsHeight: 5),
        ])
    func impossibleParameters(updates: ConsensusParameterUpdates) throws {
        let rig = try EngineRig()
        rig.application.parameterUpdates[1] = updates
        let error = try rig.run { _ in false }
        #expect(error is ParameterUpdateError)
    }

    @Test("after a pause an empty block comes before transactions, so that they run at the time of votes of now")
    func staleTime() throws {
        let rig = try EngineRig()
        try rig.run { $0.status?.lastHeight == 2 && $0.status?.step == .newRound }
        usleep(400_000)
        let before = Date().timeIntervalSince1970
        rig.application.submit([[5]])
        try rig.run(configure: { $0.staleMilliseconds = 300 }) { _ in rig.application.executed == [[5]] }
        let blocks = try rig.verifyChain()
        let store = try BlockStore(folder: rig.folder + "/engine/blocks")
        let withTransactions = try blocks.filter { try !store.block($0.height)!.transactions.isEmpty }
        // The third is empty; where a machine is so slow that the votes on it are stale, too, the fourth is as well.
        #expect(withTransactions.count == 1 && withTransactions[0].height >= 4)
        #expect(Double(withTransactions[0].time.unixNanoseconds) / 1e9 >= before)
        #expect(Double(blocks[2].time.unixNanoseconds) / 1e9 < before)
    }

    @Test("pruned heights are gone, with the names they were found by")
    func pruning() throws {
        let rig = try EngineRig()
        try rig.run(configure: { ($0.createsEmptyBlocks, $0.heightsKept) = (true, 3) }) {
            $0.status?.lastHeight ?? 0 >= 10
        }
        let store = try BlockStore(folder: rig.folder + "/engine/blocks")
        let bounds = try #require(try store.bounds())
        #expect(bounds.count == 3)
        #expect(try store.block(bounds.lowerBound - 1) == nil && store.block(bounds.lowerBound) != nil)
    }
}

@Suite struct EngineNetworkTests {
    /// Hands every message to every other engine at once.
    final class Hub: ConsensusNetwork, @unchecked Sendable {
        let peer: PeerNumber
        // Set once, before any engine starts.
        var others: [RunningEngine] = []
        init(_ peer: PeerNumber) { self.peer = peer }
        func broadcast(_ message: ConsensusMessage) { for engine in others { engine.receive(message, from: peer) } }
    }

    @Test("four engines decide the same blocks, each commit signed by more than two thirds of them")
    func fourValidators() throws {
        let folder = TemporaryFolder()
        var keys: [[UInt8]] = []
        for index in 0..<4 {
            let home = folder.path("\(index)")
            try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
            try ValidatorSigner.generate(keyPath: home + "/key.json", statePath: home + "/state.json")
            keys.append(try ValidatorSigner(keyPath: home + "/key.json", statePath: home + "/state.json").publicKey)
        }
        let genesis = GenesisDocument(
            genesisTime: Timestamp(rfc3339: "2026-01-02T03:04:05Z")!, chainID: "four-1",
            validators: keys.map { GenesisValidator(publicKey: $0, power: 1, name: "") })
        let hubs = (0..<4 as Range<UInt64>).map { Hub(PeerNumber($0)) }
        let applications = (0..<4).map { _ in CounterApplication() }
        let engines = try (0..<4).map { index in
            var configuration = EngineConfiguration(folder: folder.path("\(index)/engine"))
            configuration.createsEmptyBlocks = true
            configuration.timeouts.commitMilliseconds = 50
            return try RunningEngine(
                configuration: configuration, genesis: genesis, application: applications[index],
                signer: ValidatorSigner(
                    keyPath: folder.path("\(index)/key.json"), statePath: folder.path("\(index)/state.json")),
                network: hubs[index], logger: Logger(label: "engine") { _ in SwiftLogNoOpLogHandler() })
        }
        for index in 0..<4 { hubs[index].others = engines.indices.filter { $0 != index }.map { engines[$0] } }
        for application in applications { application.submit([[1], [2]]) }
        for engine in engines { try engine.start() }
        let deadline = Date(timeIntervalSinceNow: 30)
        while Date() < deadline, !applications.allSatisfy({ $0.height >= 6 }) { usleep(1000) }
        for hub in hubs { _ = hub }
        for engine in engines { engine.stop() }
        #expect(applications.allSatisfy { $0.height >= 6 && $0.executed == [[1], [2]] })
        var proposers = Set<ValidatorAddress>()
        for height in 1...6 as ClosedRange<Int64> {
            let names = try engines.map { try $0.store.blockID(height) }
            #expect(Set(names).count == 1, "height \(height)")
            for engine in engines {
                let decided = try #require(try engine.store.decidedBlock(height))
                try decided.commit.isWhollySigned(by: decided.validators, chainID: "four-1")
                proposers.insert(decided.header.proposerAddress)
            }
        }
        #expect(proposers.count == 4)
    }
}
