import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import HostileClient
import ModuleKit
import PublicCryptography
import SignedTransactions
import Testing
import TransactionFixtures

extension HostileHostSuite {
    /// Blocks with more facts than a frame holds, which must be run again after a crash like any other.
    @Suite struct LongJournalTests {
        /// CometBFT's default for the bytes of a block.
        private static let blockBytesMax = 22_020_096

        @Test(
            "a block with more than a frame of facts, killed in the middle, comes to the same state as if it had not been",
            arguments: HonestNode.Victim.allCases)
        func largeBlock(victim: HonestNode.Victim) throws {
            let users = (0..<260).map { "user \($0)" }
            let node = try HonestNode(users: users + ["somebody"])
            try node.commit([])
            let transactions = node.users.dropLast().map { refused($0, sendingTo: node.users.last!.address) }
            #expect(transactions.reduce(0) { $0 + $1.count } < LongJournalTests.blockBytesMax)
            #expect(try node.isAcceptable(transactions))

            // A copy of the machine, on which nothing is killed.
            var copy: URL?
            func folders(in folder: URL) -> [URL] { ["node", "platform"].map { folder.appendingPathComponent($0) } }
            try node.restart { folder in
                let other = folder.appendingPathComponent("copy")
                try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
                for (from, to) in zip(folders(in: folder), folders(in: other)) {
                    try FileManager.default.copyItem(at: from, to: to)
                }
                copy = other
            }
            let whole = try node.finalize(transactions)
            try node.restart { folder in
                for (from, to) in zip(folders(in: copy!), folders(in: folder)) {
                    try FileManager.default.removeItem(at: to)
                    try FileManager.default.moveItem(at: from, to: to)
                }
            }

            #expect(throws: (any Error).self) { try node.finalize(transactions, death: (victim, 258)) }
            try node.restart()
            #expect(throws: (any Error).self) { try node.finalize(transactions, death: (victim, 259)) }
            try node.restart()
            #expect(try node.finalize(transactions) == whole)
            let results = try node.run(transactions)
            // What was vouched for: more than crosses in one frame.
            #expect(results.reduce(0) { $0 + $1.log.utf8.count } > BoundaryProtocol.frameBytesMax)
            #expect(try node.run([refused(node.users[0], sendingTo: node.users[1].address)])[0].code == 10)
        }

        /// A transaction of the enclave's that the ledger refuses, in very many words.
        private func refused(_ user: HostileUser, sendingTo receiver: AccountAddress) -> [UInt8] {
            let unsorted = (0..<520).reversed().map {
                Coin(1, String(repeating: "long/denomination/", count: 6) + "of/bytes/\(1_000_000_000 + $0)")
            }
            let messages = [
                BankMessage.multiSend(
                    .init(
                        inputs: [.init(address: user.address, coins: [Coin(1, "uscrt")])],
                        outputs: [.init(address: receiver, coins: unsorted)])
                ).any, ComputeMessage.clearAdmin(.init(sender: user.address, contract: receiver)).any,
            ]
            var transaction = FixtureTransaction(messages, by: user.key, number: user.number, sequence: user.sequence)
            transaction.chainID = FourValidatorChain.chainID
            transaction.gasLimit = 50_000_000
            return transaction.bytes
        }

        /// Of a block that is never shown to the enclave, each transaction counts as skipped: the cheapest facts.
        private struct Interrupted {
            let world: World
            let block: DecidedBlock
            let journal: [[UInt8]]
            let hashes: [Hash32]

            init(count: Int) throws {
                world = try World()
                block = try world.chain.decide(
                    (0..<UInt32(count)).map { VouchedFact.skipped(index: $0).bytes })
                journal = block.transactions.indices.map { VouchedFact.skipped(index: UInt32($0)).bytes }
                hashes = journal.map { VouchedFact(bytes: $0).hash }
                try world.host.begin(block)
                _ = try world.host.lane.endBlock()
                try world.restart(fromHeight: 1)
            }
        }

        @Test("the journal of the most transactions crosses in parts, and all their failures with the block after")
        func parts() throws {
            let interrupted = try Interrupted(count: BoundaryProtocol.transactionsPerBlockMax)
            let world = interrupted.world
            var asked: [Range<Int>] = []
            world.host.tricks.journal = { range, honest in
                asked.append(range)
                return honest
            }
            try world.host.begin(interrupted.block, journal: interrupted.journal)
            #expect(asked == [0..<32_768, 32_768..<65_536])
            // As long as the result of a failure can be.
            let failure = ExecutionResult(
                code: .max, data: [UInt8](repeating: 1, count: 64), gasWanted: .max, gasUsed: .max)
            for _ in interrupted.block.transactions { world.host.note(failure) }
            try world.host.end()
            try world.play([world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])])
            #expect(world.host.outputs.map(\.code) == [0])
        }

        @Test("parts that are cut, repeated, exchanged, missing, too many, altered or of another block are refused")
        func lies() throws {
            let interrupted = try Interrupted(count: 40_000)
            let (world, hashes) = (interrupted.world, interrupted.hashes)
            let other = hashes.indices.map { VouchedFact.admitted(index: UInt32($0)).hash }
            typealias Lie = (_ isFirst: Bool, _ honest: [Hash32]) -> [Hash32]
            let first = Array(hashes[..<32_768])
            let missing: [(String, Lie)] = [
                ("nothing", { _, _ in [] }),
                ("the first one cut", { isFirst, honest in isFirst ? Array(honest.dropLast()) : honest }),
                ("the second one cut", { isFirst, honest in isFirst ? honest : Array(honest.dropLast()) }),
                ("the second one missing", { isFirst, honest in isFirst ? honest : [] }),
                ("the second one first", { isFirst, _ in isFirst ? Array(hashes[32_768...]) : first }),
            ]
            let differing: [(String, Lie)] = [
                ("one too many", { isFirst, honest in isFirst ? honest : honest + [hashes[0]] }),
                ("as many as fit", { isFirst, honest in isFirst ? honest : first }),
                ("the first one repeated", { isFirst, honest in isFirst ? honest : Array(hashes[..<7_232]) }),
                ("another order in one", { isFirst, honest in isFirst ? honest : honest.reversed() }),
                ("another block's", { isFirst, _ in Array(isFirst ? other[..<32_768] : other[32_768...]) }),
                (
                    "another block's at the end",
                    { isFirst, honest in isFirst ? honest : honest.dropLast() + [other[39_999]] }
                ),
                ("one that is none", { isFirst, honest in isFirst ? [.zero] + honest.dropFirst() : honest }),
            ]
            for (expected, lies) in [(Failure.journalMissing, missing), (.journalDiffers, differing)] {
                for (name, lie) in lies {
                    world.host.tricks.journal = { lie($0.lowerBound == 0, $1) }
                    let questions = world.host.questions
                    #expect(
                        refusal { try world.host.begin(interrupted.block, journal: interrupted.journal) } == expected,
                        "\(name)")
                    // Nothing but how far it has come has left the enclave, and there is no block to go on with.
                    #expect(world.host.questions <= questions + 3, "\(name)")
                    #expect(refusal { try world.host.lane.endBlock() } == .noBlockBegun, "\(name)")
                }
            }
            world.host.tricks.journal = { $1 }
            try world.host.begin(interrupted.block, journal: interrupted.journal)
            _ = try world.host.lane.endBlock()
        }
    }
}
