import Ante
import ChainFormats
import ChainInterface
import ChainMessages
import ChainModules
import Cron
import DecidedBlocks
import LedgerRecords
import ModuleKit
import PublicCryptography
import SecretCryptography
import SignedTransactions
import TestSupport
import Testing
import TransactionFixtures
import WalletClient
import Wire

@testable import ChainApplication

/// Calls that the chain itself makes: the host's own application proposes and books them, the enclave's own code runs
/// them.
@Suite("Calls that the chain owes")
struct ScheduledCallTests {
    private static let code = Repository.contract("counter")
    private static let signer = FixtureSigner.single(FixtureKey("alice"), .direct)
    private static let counter = ContractAddress.derive(codeID: 1, instanceID: 1, creator: signer.address)

    /// How many calls the blocks of a chain hold, one after the other, if somebody always waits.
    struct RoomForOthers {
        let blockGas: UInt64
        let calls: [Int]

        init(_ blockGas: UInt64, _ calls: [Int]) { (self.blockGas, self.calls) = (blockGas, calls) }
    }

    private final class Story {
        let chain: CountedChain
        let alice: Actor
        private var sequence: UInt64 = 0

        /// The counter begins at zero; each schedule increments it.
        init(_ schedules: [(name: String, period: Int)], limit: Int = 5, blockGas: UInt64? = nil) throws {
            let list = schedules.map {
                "{\"name\":\"\($0.name)\",\"period\":\"\($0.period)\",\"msgs\":[{\"contract\":\"\(counter)\","
                    + "\"msg\":\"{\\\"increment\\\":{}}\"}],\"last_execute_height\":\"0\"}"
            }
            chain = try CountedChain(
                rich: [(signer.address, 1_000_000_000)],
                genesis: ",\"cron\":{\"params\":{\"security_address\":\"\(signer.address)\",\"limit\":\"\(limit)\"},"
                    + "\"scheduleList\":[\(list.joined(separator: ","))]}")
            if let blockGas { try chain.restart { $0.rules.blockGasMax = blockGas } }
            alice = Actor(signer, ioPublicKey: chain.ioPublicKey)
            let begin = try alice.encryption.seal(
                Array("{\"count\":0}".utf8), codeHash: SHA256.hash(code).description,
                owner: (signer.address, SHA256.hash(code).bytes))
            let made = try block([
                try sign([
                    ComputeMessage.storeCode(.init(sender: signer.address, code: code[...])).any,
                    ComputeMessage.instantiate(
                        .init(sender: signer.address, codeID: 1, label: "counter", message: begin)
                    ).any,
                ])
            ])
            #expect(made == [0])
        }

        func sign(_ messages: [AnyMessage], gas: UInt64 = 4_000_000) throws -> [UInt8] {
            let number = try chain.account(signer.address)?.accountNumber ?? 0
            var transaction = SignedTransaction(
                messages, by: [.init(alice.signer, accountNumber: number, sequence: sequence)])
            transaction.fee.gasLimit = gas
            sequence += 1
            return transaction.bytes
        }

        /// Runs a block; the codes of its results.
        func block(_ transactions: [[UInt8]]) throws -> [UInt32] {
            let results = try chain.run(transactions, counting: []).results
            #expect(try ModuleList.chain.brokenInvariants(in: chain.state) == [])
            return results.map(\.code)
        }

        /// What this node would propose in the next block.
        func owed() throws -> [[UInt8]] {
            try chain.application.prepareProposal(
                bytesMax: 1 << 20, height: Int64(chain.nextHeight), time: Timestamp(seconds: 0, nanoseconds: 0)!
            ).map(\.bytes)
        }

        func accepts(_ transactions: [[UInt8]]) throws -> Bool {
            try chain.application.processProposal(
                transactions.map { HashedTransaction($0) }, height: Int64(chain.nextHeight))
        }

        func last(_ name: String) throws -> UInt64? {
            try CronModule.schedule(name, in: chain.state)?.lastExecuteHeight
        }

        /// What everybody reads in the answer to a block's call, the one that was run last.
        func count(at height: UInt64) throws -> String {
            try chain.application.waitForIndex()
            let found = try #require(try chain.application.index.transactions(at: height).first)
            let data = try TransactionData(decoding: found.result.data)
            let response = try MessageResponse.contractResult(data.responses[0])
            guard case .execute(let sent)? = try ComputeMessage.decode(Transaction(decoding: called).body.messages[0])
            else { return "" }
            let everybody = ContractEncryption(
                privateKey: SecretKey(copying: SHA256.hash(Array("cloister cron".utf8)).bytes)!,
                ioPublicKey: chain.ioPublicKey)
            return String(
                decoding: try #require(everybody.openData(response.data, answerTo: sent.message)), as: UTF8.self)
        }

        /// The call that was run last.
        var called: [UInt8] = []
    }

    @Test("what calls are sealed with is everybody's")
    func key() throws {
        let secret = SecretKey(copying: SHA256.hash(Array("cloister cron".utf8)).bytes)!
        #expect(X25519.publicKey(of: secret) == CronStore.publicKey)
    }

    @Test("a schedule is called every so many blocks, in front of the block, and everybody reads the answer")
    func periodic() async throws {
        try await onThread {
            let story = try Story([("tick", 3)])
            var heights: [UInt64] = []
            for _ in 0..<8 {
                let height = story.chain.nextHeight
                let owed = try story.owed()
                #expect(story.chain.application.hasTransactions() == !owed.isEmpty)
                if !owed.isEmpty {
                    heights.append(height)
                    story.called = owed[0]
                }
                #expect(try story.accepts(owed))
                #expect(try story.block(owed) == owed.map { _ in 0 })
            }
            #expect(heights == [3, 6, 9])
            #expect(try story.last("tick") == 9)
            _ = try story.block([])
            #expect(try story.count(at: 9) == "{\"count\":3}")
        }
    }

    @Test("a call that a proposer leaves out is owed again; one block runs it once, in its place and unaltered")
    func leftOut() async throws {
        try await onThread {
            let story = try Story([("a", 2), ("b", 2)])
            let owed = try story.owed()
            #expect(owed.count == 2)
            #expect(try story.accepts([]) && story.accepts(owed) && story.accepts([owed[1]]))
            #expect(try !story.accepts([owed[1], owed[0]]) && !story.accepts([owed[0], owed[0]]))
            #expect(try !story.accepts([[1, 2, 3], owed[0]]))
            #expect(try story.block([]) == [])
            let again = try story.owed()
            #expect(again.count == 2 && again != owed)
            // Of another height, altered, twice, and as a stranger would send it.
            var altered = again[1]
            altered[altered.count - 40] ^= 1
            #expect(try story.block([owed[0], again[0], again[0], altered]) == [4, 0, 4, 4])
            #expect(try story.last("a") == 3 && story.last("b") == 0)
            let mine = try story.owed()
            #expect(mine.count == 1)
            #expect(try story.chain.application.checkTransaction(mine[0], .new).code == 4)
            #expect(try story.chain.application.submit(mine[0]).code == 4)
        }
    }

    @Test(
        "calls take no more of a block than half, or one in every second block while others wait",
        arguments: [
            RoomForOthers(12_000_000, [1, 1, 1, 1]), .init(24_000_000, [2, 2, 2, 2]), .init(6_000_000, [1, 0, 1, 0]),
        ])
    func roomForOthers(expected: RoomForOthers) async throws {
        let (blockGas, calls) = (expected.blockGas, expected.calls)
        try await onThread {
            let story = try Story([("a", 1), ("b", 1)], blockGas: blockGas)
            for expected in calls {
                let send = AnyMessage.send(1, from: story.alice.address, to: story.alice.address)
                let waiting = HashedTransaction(try story.sign([send], gas: 1_000_000))
                let block = try story.chain.application.prepareProposal(
                    of: [waiting], bytesMax: 1 << 20, height: Int64(story.chain.nextHeight))
                #expect(block.count == expected + 1 && block.last?.hash == waiting.hash)
                #expect(try story.accepts(block.map(\.bytes)))
                #expect(try !story.accepts([waiting.bytes] + block.dropLast().map(\.bytes)) || expected == 0)
                #expect(try story.block(block.map(\.bytes)) == block.map { _ in 0 })
                #expect(!story.chain.application.didAloneLast())
            }
            // With nobody who waits one comes in any case, and is no reason to hurry.
            let owed = try story.owed()
            #expect(!owed.isEmpty && story.chain.application.hasTransactions())
            #expect(try story.block(owed) == owed.map { _ in 0 })
            #expect(story.chain.application.didAloneLast())
        }
    }

    @Test("a block that has too little gas for a call is no reason for another block")
    func noGas() async throws {
        try await onThread {
            let story = try Story([("a", 1)], blockGas: 6_000_000)
            try story.chain.restart { $0.rules.blockGasMax = 4_999_999 }
            #expect(try story.owed().isEmpty && !story.chain.application.hasTransactions())
        }
    }

    @Test("a block owes no more than the limit, the longest waiting first")
    func bounded() async throws {
        try await onThread {
            let story = try Story((1...7).map { ("s\($0)", 1) }, limit: 3)
            let names = { (owed: [[UInt8]]) in try owed.map { try Transaction(decoding: $0).body.memo } }
            let first = try story.owed()
            #expect(try names(first) == ["s1", "s2", "s3"])
            #expect(try story.block(first) == [0, 0, 0])
            let second = try story.owed()
            #expect(try names(second) == ["s4", "s5", "s6"])
            // The smallest block takes one of them, and its own transactions.
            let size = HashedTransaction(second[0]).byteCountInBlock
            let small = try story.chain.application.prepareProposal(
                bytesMax: size + 1, height: Int64(story.chain.nextHeight),
                time: Timestamp(seconds: 0, nanoseconds: 0)!)
            #expect(small.map(\.bytes) == [second[0]])
            #expect(
                try story.chain.application.prepareProposal(
                    of: [], bytesMax: size - 1, height: Int64(story.chain.nextHeight)) == [])
        }
    }

    @Test("who watches over contracts ends a schedule, and what is gone is not owed")
    func removed() async throws {
        try await onThread {
            let story = try Story([("tick", 1)])
            let owed = try story.owed()
            let remove = Cron.MsgRemoveSchedule(authority: story.alice.address, name: "tick")
            #expect(try story.block(owed + [try story.sign([remove.any])]) == [0, 0])
            #expect(try story.owed() == [] && story.last("tick") == nil)
            #expect(!story.chain.application.hasTransactions())
        }
    }
}
