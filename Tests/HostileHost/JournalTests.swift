import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import PublicCryptography
import Testing

extension HostileHostSuite {
    /// A host that kills the enclave in the middle of a block and tells the next one another story, to see what would
    /// have come of it.
    @Suite struct JournalTests {
        let world: World

        init() throws { world = try World() }

        private func increment(funds: UInt128 = 0, fee: UInt128 = 2_500) throws -> [UInt8] {
            world.alice.sign(
                [try world.alice.execute(world.aliceCounter, "{\"increment\":{}}", funds: funds)], fee: fee)
        }

        private var denied: LedgerMessageResult {
            var result = LedgerMessageResult()
            (result.code, result.codespace, result.log) = (5, "sdk", "insufficient funds")
            return result
        }

        @Test("a ledger message that was lied about can only be lied about again")
        func anotherStory() throws {
            let block = try world.begin([try increment(funds: 1_000)])
            // The first story: no money. The enclave is killed when it has said what comes of it.
            world.host.tricks.ledger = { _, _ in self.denied }
            let first = try world.host.run(0)
            #expect(first.code == 5)
            let lie = world.host.journal
            #expect(lie.count == 2)
            try world.restart(fromHeight: 1)

            // The second story, at every place where it could be told.
            #expect(refusal { try world.host.begin(block) } == .journalMissing)
            #expect(refusal { try world.host.begin(block, journal: Array(lie.prefix(1))) } == .journalMissing)
            let paid = try VouchedFact.ledgerResult(index: 0, sequence: 0, LedgerMessageResult()).bytes
            #expect(refusal { try world.host.begin(block, journal: [lie[0], paid]) } == .journalDiffers)
            #expect(refusal { try world.host.begin(block, journal: lie.reversed()) } == .journalDiffers)
            try world.host.begin(block, journal: lie)
            try world.host.hand()
            #expect(refusal { try world.host.run(0) } == .journalDiffers)
            #expect(world.host.outputs.isEmpty)

            // The first one, again: the same answer to the byte.
            try world.host.begin(block, journal: lie)
            try world.host.hand()
            world.host.tricks.ledger = { _, _ in self.denied }
            #expect(try world.host.run(0) == first)
            try world.host.end()
            try world.play([])
        }

        @Test("a block that was cut off goes on with the true journal, to the same result")
        func honestRestart() throws {
            let message = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}", funds: 1_000)
            let transactions = [world.alice.sign([message]), try increment(funds: 1), try increment()]
            let block = try world.begin(transactions)
            let first = try world.host.run(0)
            struct Killed: Error {}
            world.host.tricks.ledger = { _, _ in throw Killed() }
            #expect(throws: Killed.self) { try world.host.run(1) }
            let journal = world.host.journal
            try world.restart(fromHeight: 1)

            try world.host.begin(block, journal: journal)
            try world.host.hand()
            let second = try world.host.run(0)
            #expect(second == first && first.code == 0)
            #expect(try world.alice.data(second, answerTo: message) == "{\"count\":42}")
            #expect(try [1, 2].map { try world.host.run($0).code } == [0, 0])
            try world.host.end()
            try world.play([])
            #expect(try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice).text == "{\"count\":44}")
        }

        @Test("what was run cannot be skipped, and what was skipped cannot be run, after a restart")
        func anotherSelection() throws {
            // No ledger message anywhere: the selection itself is the story.
            // Free of charge: of who had a transaction skipped nothing counts, not even for a fee.
            let transactions = try (0..<3).map { _ in try increment(fee: 0) }
            let block = try world.begin(transactions)
            #expect(try world.host.run(0).code == 0)
            world.host.skip(1)
            #expect(try world.host.run(2).code == 0)
            let journal = world.host.journal
            try world.restart(fromHeight: 1)

            #expect(refusal { try world.host.begin(block) } == .journalMissing)
            for other in [1, 2] {
                try world.host.begin(block, journal: journal)
                try world.host.hand()
                #expect(refusal { try world.host.run(other) } == .journalDiffers)
            }
            try world.host.begin(block, journal: journal)
            try world.host.hand()
            #expect(try world.host.run(0).code == 0)
            #expect(refusal { try world.host.run(1) } == .journalDiffers)
            let stories: [[[UInt8]]] = [
                [VouchedFact.skipped(index: 0).bytes] + journal.dropFirst(),
                [VouchedFact.admitted(index: 1).bytes] + journal.dropFirst(),
                Array(journal.dropFirst()) + journal.prefix(1),
            ]
            for story in stories { #expect(refusal { try world.host.begin(block, journal: story) } == .journalDiffers) }
        }

        @Test("a block does not end before all that was vouched for has been said again")
        func leftOut() throws {
            let block = try world.begin([try increment()])
            #expect(try world.host.run(0).code == 0)
            let journal = world.host.journal
            try world.restart(fromHeight: 1)
            // As if the block had nothing for the enclave, so that the next header contradicts nothing.
            try world.host.begin(block, journal: journal)
            #expect(refusal { try world.host.lane.endBlock() } == .journalDiffers)
            try world.host.begin(block, journal: journal)
            try world.host.hand()
            #expect(refusal { try world.host.lane.endBlock() } == .journalDiffers)
            try world.host.begin(block, journal: journal)
            try world.host.hand()
            #expect(try world.host.run(0).code == 0)
            try world.host.end()
        }

        @Test("a second header for a height that was begun stops the enclave")
        func secondHeader() throws {
            let transaction = try increment()
            let first = try world.begin([transaction])
            #expect(try world.host.run(0).code == 0)
            let journal = world.host.journal
            try world.restart(fromHeight: 1)
            // All four have signed it; the block's random depends on it.
            let second = try world.chain.decide([transaction]) { $0.time = self.world.chain.time(9) }
            #expect(refusal { try world.host.begin(second, journal: journal) } == .secondHeaderForHeight)
            #expect(refusal { try world.host.begin(first, journal: journal) } == .stopped)
        }

        @Test("a second header for a height that was begun stops the enclave, though nothing of it was run")
        func secondHeaderOfNothing() throws {
            let transaction = try increment()
            let first = try world.chain.decide([transaction])
            try world.host.begin(first)
            try world.restart(fromHeight: 1)
            let second = try world.chain.decide([transaction]) { $0.time = self.world.chain.time(9) }
            #expect(refusal { try world.host.begin(second) } == .secondHeaderForHeight)
            #expect(refusal { try world.host.begin(first) } == .stopped)
            // It is the header that was begun which counts, over any number of restarts.
            try world.restart(fromHeight: 1)
            try world.host.begin(first)
            try world.host.hand()
            #expect(try world.host.run(0).code == 0)
            try world.host.end()
        }

        @Test("a second launcher on the platform's folder gets no enclave, while a block runs and after it")
        func secondLauncher() throws {
            try world.begin([try increment(funds: 1_000)])
            world.host.tricks.ledger = { _, _ in self.denied }
            // The clone that would tell what comes of another story.
            func expectNoClone() throws {
                let clone = try RawEnclave(state: world.path("platform"), queryLanes: 1)
                clone.waitForEnd()
                #expect(!clone.isAlive)
                let said = String(decoding: clone.standardError, as: UTF8.self)
                #expect(said.contains("another launcher uses this state folder"))
            }
            try expectNoClone()
            #expect(try world.host.run(0).code == 5)
            try expectNoClone()
            try world.host.end()
        }

        @Test("an enclave that finds its journal moved by a clone stops before anything leaves it")
        func movedJournal() throws {
            let folder = world.path("platform")
            let name = try #require(
                FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasPrefix("journal-") })
            let file = URL(fileURLWithPath: folder + "/" + name)
            let block = try world.begin([try increment()])
            let begun = try Data(contentsOf: file)
            // The clone runs the block on, here: the same enclave, before it is killed.
            #expect(try world.host.run(0).code == 0)
            let run = try Data(contentsOf: file)
            try world.restart(fromHeight: 1)
            world.enclave.kill()
            try begun.write(to: file)
            try world.restart(fromHeight: 1)
            try world.host.begin(block)
            try world.host.hand()
            let handle = try FileHandle(forWritingTo: file)
            try handle.write(contentsOf: run)
            #expect(refusal { try world.host.run(0) } == .journalMoved)
            #expect(refusal { try world.host.begin(block) } == .stopped)
        }

        @Test("an old sealed record does not take the enclave back behind its journal")
        func oldRecord() throws {
            let old = try world.chain.decide([try increment()])
            world.records[2] = try world.host.play(old)
            let journal = world.host.journal
            try world.play([try increment()])
            try world.restart(fromHeight: 1)
            #expect(refusal { try world.host.begin(old, journal: journal) } == .heightBehindJournal)
            // The chain has gone on meanwhile; the record before the last block still opens it.
            try world.restart(fromHeight: 3)
            try world.play([])
        }

        @Test("a sealed record that was touched, cut or made by another enclave is refused")
        func otherRecords() throws {
            let record = world.records[1]!
            world.enclave.kill()
            let other = try EnclaveProcess(state: world.path("elsewhere"))
            #expect(refusal { try other.control.unseal(record) } == .sealedRecordRefused)
            #expect(refusal { try other.control.unseal([]) } == .sealedRecordRefused)
            let foreign = try other.control.bootstrap(world.chain.identity).sealedRecord
            other.stop()
            let again = try EnclaveProcess(state: world.path("platform"))
            for position in stride(from: 0, to: record.count, by: 97) {
                var touched = record
                touched[position] ^= 0x20
                #expect(refusal { try again.control.unseal(touched) } == .sealedRecordRefused, "byte \(position)")
            }
            #expect(refusal { try again.control.unseal(Array(record.dropLast())) } == .sealedRecordRefused)
            #expect(refusal { try again.control.unseal(foreign) } == .sealedRecordRefused)
            #expect(try again.control.unseal(record).headHeight == 1)
        }
    }
}
