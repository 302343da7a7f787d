import ABCIServer
import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import ChainMessages
import CometBFTEngine
import CometBFTReading
import DecidedBlocks
import Foundation
import PublicCryptography
import StrictJSON
import Synchronization
import TestSupport
import Testing
import ValidatorSigning
import Wire

@Suite("An application that CometBFT drives") struct DrivenEngineTests {
    static let transactions: [[UInt8]] = [[1], [2, 2], [3, 3, 3]]

    private static func undisturbed() throws -> [Int64: [UInt8]] {
        let driven = try DrivenRig()
        try driven.start()
        for transaction in transactions { #expect(try driven.comet.check(transaction).code == 0) }
        while driven.application.executed.count < transactions.count { try driven.comet.height() }
        driven.kill()
        return driven.application.appHashes
    }

    @Test("every decided block is rebuilt, verified and kept, and the embedded engine goes on from it")
    func handedOver() async throws {
        try await onThread {
            let driven = try DrivenRig()
            try driven.start()
            for transaction in Self.transactions { _ = try driven.comet.check(transaction) }
            for _ in 0..<5 { try driven.comet.height() }
            driven.kill()
            #expect(driven.application.executed == Self.transactions)
            #expect(driven.application.previousResultsMatched)
            #expect(try driven.rig.verifyChain().count == 5)
            // The same folder and the same key, under the other engine.
            driven.application.submit([[9]])
            try driven.rig.run { _ in driven.application.executed.count == 4 }
            #expect(driven.application.executed == Self.transactions + [[9]])
            #expect(try driven.rig.verifyChain().count >= 6)
        }
    }

    @Test("by ABCI's verbs one gives its state to another, which tells a wrong chunk's sender and goes on")
    func snapshots() async throws {
        try await onThread {
            let giver = try DrivenRig()
            giver.stateInterval = 2
            try giver.start()
            for transaction in Self.transactions { _ = try giver.comet.check(transaction) }
            for _ in 0..<8 { try giver.comet.height() }
            // Made ready beside the blocks.
            var offered: ABCI.Snapshot?
            for _ in 0..<500 where offered == nil {
                offered = try giver.comet.ask(.init(listSnapshots: .init())).listSnapshots?.snapshots.first
                if offered == nil { usleep(10_000) }
            }
            let snapshot = try #require(offered)
            #expect(snapshot.height % 2 == 0 && snapshot.chunks == 4 && snapshot.format == 1)
            let appHash = try #require(giver.application.appHashes[Int64(snapshot.height)])
            func chunk(_ index: UInt32) throws -> [UInt8] {
                let request = ABCI.RequestLoadSnapshotChunk(height: snapshot.height, format: 1, chunk: index)
                return try #require(try giver.comet.ask(.init(loadSnapshotChunk: request)).loadSnapshotChunk).chunk
            }
            #expect(try chunk(9).isEmpty)

            let taker = try DrivenRig(genesis: giver.rig.genesis)
            try taker.start(connects: false)
            try taker.comet.connect(to: try #require(taker.engine?.address))
            #expect(try taker.comet.ask(.init(info: .init())).info?.lastBlockHeight == 0)
            func offer(_ snapshot: ABCI.Snapshot, _ hash: [UInt8]) throws -> ABCI.ResponseOfferSnapshotResult? {
                try taker.comet.ask(.init(offerSnapshot: .init(snapshot: snapshot, appHash: hash))).offerSnapshot?
                    .result
            }
            func apply(_ index: UInt32, _ bytes: [UInt8]) throws -> ABCI.ResponseApplySnapshotChunk? {
                try taker.comet.ask(
                    .init(applySnapshotChunk: .init(index: index, chunk: bytes, sender: "someone"))
                ).applySnapshotChunk
            }
            var other = snapshot
            other.format = 2
            #expect(try offer(other, appHash) == .rejectFormat)
            // CometBFT believes in another state than the snapshot is of.
            #expect(try offer(snapshot, SHA256.hash([1]).bytes) == .accept)
            #expect(try apply(0, try chunk(0))?.result == .rejectSnapshot)
            #expect(try offer(snapshot, appHash) == .accept)
            let wrong = try #require(try apply(0, [1]))
            #expect(wrong.result == .retry && wrong.refetchChunks == [0] && wrong.rejectSenders == ["someone"])
            for index in 0..<4 as Range<UInt32> { #expect(try apply(index, try chunk(index))?.result == .accept) }
            let info = try #require(try taker.comet.ask(.init(info: .init())).info)
            #expect(info.lastBlockHeight == Int64(snapshot.height) && info.lastBlockAppHash == appHash)
            taker.kill()
            // CometBFT knows nothing of it: it was killed before. That very state is taken again, and no other.
            try taker.start(connects: false)
            try taker.comet.connect(to: try #require(taker.engine?.address))
            #expect(try offer(snapshot, SHA256.hash([1]).bytes) == .reject)
            #expect(try offer(snapshot, appHash) == .accept)
            #expect(try apply(0, try chunk(0))?.result == .accept)
            #expect(taker.application.height == Int64(snapshot.height))
            taker.kill()
            giver.kill()
            let count = taker.application.executed.count
            #expect(taker.application.executed == Array(Self.transactions.prefix(count)))
            let store = try BlockStore(folder: taker.rig.folder + "/engine/blocks")
            #expect(try store.bounds() == Int64(snapshot.height)...Int64(snapshot.height))
        }
    }

    @Test("killed between any two calls, it goes on to the same chain of app hashes")
    func killedBetweenCalls() async throws {
        try await onThread {
            let expected = try Self.undisturbed()
            // Info and InitChain, and four calls for each of three heights.
            for calls in 0...14 {
                let driven = try DrivenRig()
                driven.comet.callsLeft = calls
                #expect(throws: ScriptedCometBFT.Killed.self) {
                    try driven.start()
                    for transaction in Self.transactions { _ = try driven.comet.check(transaction) }
                    while true { try driven.comet.height() }
                }
                driven.kill()
                driven.comet.callsLeft = .max
                // At its start CometBFT's RPC does not answer: our own copy must do, or the block was not asked for
                // yet.
                let hasOwn = try BlockStore(folder: driven.folder + "/blocks").bounds()?.upperBound == driven.comet.top
                driven.comet.isReachable = !hasOwn && driven.comet.top > 0
                try driven.start()
                driven.comet.isReachable = true
                for transaction in Self.transactions where !driven.application.executed.contains(transaction) {
                    if !driven.comet.mempool.contains(transaction) { _ = try driven.comet.check(transaction) }
                }
                while driven.application.executed.count < 3 { try driven.comet.height() }
                driven.kill()
                #expect(driven.application.executed == Self.transactions, "after \(calls) calls")
                #expect(driven.application.appHashes == expected, "after \(calls) calls")
                #expect(driven.application.previousResultsMatched)
                #expect(driven.stopped.error == nil)
                try driven.rig.verifyChain()
            }
        }
    }

    @Test(
        "stopped at any step of any height, it goes on to the same chain of app hashes",
        arguments: [
            CommitStep.decided, .blockSaved, .blockFinalized, .outcomeSaved, .applicationCommitted, .stateSaved,
        ])
    func crash(step: CommitStep) async throws {
        try await onThread {
            let expected = try Self.undisturbed()
            for height in 1...3 as ClosedRange<Int64> {
                let driven = try DrivenRig()
                try driven.start(hook: { at, atHeight in
                    if at == step, atHeight == height { throw Crash() }
                })
                for transaction in Self.transactions { _ = try driven.comet.check(transaction) }
                #expect(throws: ScriptedCometBFT.Ended.self) { while true { try driven.comet.height() } }
                #expect(driven.stopped.error is Crash)
                driven.kill()
                try driven.start()
                while driven.application.executed.count < 3 { try driven.comet.height() }
                driven.kill()
                #expect(driven.application.executed == Self.transactions)
                #expect(driven.application.appHashes == expected, "height \(height)")
                #expect(driven.application.previousResultsMatched)
                try driven.rig.verifyChain()
            }
        }
    }

    @Test("an application that lost blocks is brought up to the chain from its own copy", arguments: 0...3)
    func behind(height: Int) async throws {
        try await onThread {
            let driven = try DrivenRig()
            try driven.start()
            for transaction in Self.transactions { _ = try driven.comet.check(transaction) }
            for _ in 0..<4 { try driven.comet.height() }
            driven.kill()
            let hashes = driven.application.appHashes
            driven.application.rollBack(to: Int64(height), executed: height)
            driven.comet.isReachable = false
            try driven.start()
            #expect(driven.application.height == 4 && driven.application.appHashes == hashes)
            driven.kill()
        }
    }

    @Test("a block that is not there yet is waited for, whatever else is said instead of it")
    func late() async throws {
        try await onThread {
            let driven = try DrivenRig()
            try driven.start()
            _ = try driven.comet.check([1])
            try driven.comet.height()
            driven.comet.isReachable = false
            let done = Atomic<Bool>(false)
            let comet = driven.comet
            let thread = Thread {
                usleep(300_000)
                // Another block of the height, and one that nobody signed, are not what is asked for.
                guard comet.top == 2,
                    let right = {
                        comet.isReachable = true; return try? comet.block(2)
                    }()
                else { return }
                var (other, unsigned) = (right, right)
                other.block.header.proposerAddress = ValidatorAddress(publicKey: [1])
                unsigned.commit.signatures = [.absent]
                for wrong in [other, unsigned] {
                    comet.replace(2, wrong)
                    usleep(300_000)
                    if done.load(ordering: .relaxed) { Issue.record("a wrong block was taken") }
                }
                comet.replace(2, right)
            }
            thread.start()
            try driven.comet.height()
            done.store(true, ordering: .relaxed)
            #expect(driven.application.height == 2)
            driven.kill()
            try driven.rig.verifyChain()
        }
    }

    @Test("a decided block that breaks a rule of ours is not run")
    func refusedBlock() async throws {
        try await onThread {
            let driven = try DrivenRig()
            try driven.start()
            try driven.comet.height()
            driven.comet.disturb = { $0.header.appVersion = 7 }
            #expect(throws: ScriptedCometBFT.Ended.self) { try driven.comet.height() }
            #expect(driven.stopped.error as? DriveFault == .refused(height: 2, .wrongVersion))
            #expect(driven.application.height == 1)
            driven.kill()
        }
    }

    @Test("CometBFT is told to forget the blocks that this node forgets")
    func retained() async throws {
        try await onThread {
            let driven = try DrivenRig()
            driven.heightsKept = 3
            try driven.start()
            var retained: [Int64] = []
            for _ in 0..<6 {
                try driven.comet.height()
                retained.append(driven.comet.retainedHeight)
            }
            #expect(retained == [0, 0, 1, 2, 3, 4])
            driven.kill()
            #expect(try BlockStore(folder: driven.folder + "/blocks").bounds() == 4...6)
        }
    }

    @Test("another genesis than the node's is refused, and says what differs")
    func wrongGenesis() async throws {
        try await onThread {
            let changes: [(String, (inout ABCI.RequestInitChain) -> Void)] = [
                ("chain_id", { $0.chainID = "other" }), ("initial_height", { $0.initialHeight = 2 }),
                ("genesis_time", { $0.time = $0.time.adding(nanoseconds: 1) }),
                ("validators", { $0.validators[0].power = 11 }), ("validators", { $0.validators[0].pubKey = [1] }),
                ("consensus_params.block", { $0.consensusParams?.block?.maxGas = 3 }),
                ("consensus_params.abci", { $0.consensusParams?.abci?.voteExtensionsEnableHeight = 5 }),
                ("consensus_params.validator", { $0.consensusParams?.validator?.pubKeyTypes = ["secp256k1"] }),
                ("app_state", { $0.appStateBytes = Array("{\"a\":1}".utf8) }),
            ]
            for (name, change) in changes {
                let fresh = try DrivenRig()
                try fresh.start(connects: false)
                let connection = try ABCIConnection(try #require(fresh.engine?.address))
                #expect(try connection.ask(.init(info: .init())).info?.lastBlockHeight == 0)
                var request = fresh.comet.initChain()
                change(&request)
                let answer = try connection.ask(.init(initChain: request))
                #expect(answer.exception?.error.contains(name) == true, "\(name)")
                #expect(fresh.stopped.error as? DriveFault == .wrongGenesis(name))
                fresh.kill()
            }
        }
    }

    @Test("checks and queries are answered beside consensus, and a refused transaction never waits")
    func beside() async throws {
        try await onThread {
            let driven = try DrivenRig()
            try driven.start()
            driven.engine?.answerQueries { .init(code: 0, key: $0.data, value: [7], height: 1) }
            let refused = try driven.comet.check([0xff])
            #expect(refused.code == 4 && refused.codespace == "counter" && refused.log == "never")
            #expect(driven.comet.mempool.isEmpty)
            let answer = try driven.comet.ask(.init(query: .init(data: [5], path: "/store/bank/key")))
            #expect(answer.query?.value == [7] && answer.query?.key == [5])
            #expect(try driven.comet.ask(.init(query: .init(path: "/p2p/filter/addr/1.2.3.4"))).query?.code == 0)
            #expect(try driven.comet.ask(.init(listSnapshots: .init())).listSnapshots?.snapshots == [])
            try driven.comet.height()
            driven.kill()
        }
    }
}
