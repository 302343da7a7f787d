import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import PublicCryptography
import SignedTransactions
import Testing
import WalletClient
import Wire

extension HostileHostSuite {
    /// A host that asks an enclave which is not at the chain's head. Blocks are five seconds apart.
    @Suite struct LeaseTests {
        private static let question = "{\"get_count\":{}}"

        private func ask(_ world: World) throws -> String? {
            try world.query(world.aliceCounter, Self.question, by: world.alice).text
        }

        private func refusedAnswer(_ world: World) -> Failure? { refusal { try ask(world) } }

        /// What the world's enclave wants to see in a block now.
        private func wanted(_ world: World) throws -> [UInt8] {
            LeaseTransaction.bytes(nonce: Hash32(try world.enclave.control.lease().nonce)!)
        }

        @Test("nothing is answered before a block holds the nonce of this start, and no more often than the lease says")
        func answersOfALease() throws {
            let world = try World(lease: (answers: 3, seconds: 1_000))
            try world.play([])
            #expect(refusedAnswer(world) == .leaseMissing)
            let first = try wanted(world)
            // Not that of a stranger, one bit off, longer, or within another transaction.
            var wrong = first
            wrong[first.count - 1] ^= 1
            let others = [LeaseTransaction.bytes(nonce: SHA256.hash([1])), wrong, first + [0]]
            try world.begin(others)
            #expect(refusedAnswerAtHead(world) == .leaseMissing)
            for _ in others { world.host.note(ExecutionResult(code: 2, data: [], gasWanted: 0, gasUsed: 0)) }
            try world.host.end()
            #expect(try wanted(world) == first)

            try world.play([first])
            let lease = try world.enclave.control.lease()
            #expect(lease.grantedHeight == UInt64(world.chain.height) && lease.answersLeft == 3)
            for _ in 0..<3 { #expect(try ask(world) == "{\"count\":41}") }
            #expect(refusedAnswer(world) == .leaseMissing)
            // The chain goes on; what was shown once does not count again.
            try world.play([first])
            #expect(refusedAnswer(world) == .leaseMissing)
            let second = try wanted(world)
            #expect(second != first)
            try world.play([second])
            #expect(try ask(world) == "{\"count\":41}")
        }

        @Test("a clone that is started with an old record answers nothing, whatever blocks of the past it is shown")
        func parkedClone() throws {
            let world = try World(lease: (answers: 5, seconds: 1_000))
            try FileManager.default.copyItem(atPath: world.path("platform"), toPath: world.path("early"))
            let transactions = [[try wanted(world)], [], []]
            let blocks = try transactions.map { transactions in
                let block = try world.chain.decide(transactions)
                world.records[block.header.height] = try world.host.play(block)
                return block
            }
            #expect(try ask(world) == "{\"count\":41}")
            // Another machine's copy runs the same blocks. Its nonce is in none of them.
            world.enclave.kill()
            try FileManager.default.removeItem(atPath: world.path("platform"))
            try FileManager.default.moveItem(atPath: world.path("early"), toPath: world.path("platform"))
            try world.restart(fromHeight: 1)
            for block in blocks {
                try world.host.begin(block)
                #expect(
                    refusal {
                        try world.query(world.aliceCounter, Self.question, by: world.alice, at: block.header.height - 1)
                    }
                        == .leaseMissing)
                try world.host.hand()
                _ = try world.host.lane.endBlock()
            }
            // Not before it is at the head, where a block can hold it.
            try world.play([try wanted(world)])
            #expect(try ask(world) == "{\"count\":41}")
        }

        @Test("an enclave that is left behind stops by itself: its host withholds blocks and asks on")
        func withheldBlocks() throws {
            let world = try World(lease: (answers: 4, seconds: 1_000))
            try world.play([try wanted(world)])
            // The chain goes on elsewhere, with a nonce that would renew the lease, were it shown.
            _ = try world.chain.decide([try wanted(world)])
            for _ in 0..<4 { #expect(try ask(world) == "{\"count\":41}") }
            for _ in 0..<3 { #expect(refusedAnswer(world) == .leaseMissing) }
            // A new start makes a new nonce, and the old block begins no lease.
            try world.restart(fromHeight: world.chain.height)
            let block = try world.chain.decide([])
            try world.host.begin(block)
            #expect(refusedAnswerAtHead(world) == .leaseMissing)
        }

        private func refusedAnswerAtHead(_ world: World) -> Failure? {
            refusal { try world.query(world.aliceCounter, Self.question, by: world.alice, at: world.chain.height) }
        }

        @Test("a lease lapses by the time of blocks, however few answers were given")
        func blockTime() throws {
            let world = try World(lease: (answers: 1_000, seconds: 12))
            try world.play([try wanted(world)])
            for _ in 0..<3 {
                #expect(try ask(world) == "{\"count\":41}")
                try world.play([])
            }
            try world.play([])
            #expect(refusedAnswer(world) == .leaseMissing)
            try world.play([try wanted(world)])
            #expect(try ask(world) == "{\"count\":41}")
        }

        @Test("an answer says of which state it is, to who asked alone, and what a contract says is no such word")
        func stamps() throws {
            let world = try World(lease: (answers: 100, seconds: 1_000))
            try world.play([try wanted(world)])
            let leaseHeight = world.chain.height
            try world.play([])
            var query = ContractQuery()
            query.contract = world.aliceCounter.bytes
            query.input = try world.alice.seal(Self.question, for: world.aliceCounter, isBound: false)
            query.height = UInt64(world.chain.height - 1)
            query.gasLimit = 1_000_000
            let answer = try world.enclave.queries[0].query(query, answering: world.host)
            let asked: AccountAddress = world.aliceCounter
            let stamp = world.alice.encryption.openStamp(
                answer.stamp, of: answer.data, by: asked, answerTo: query.input)
            let header = try #require(world.chain.last).header
            #expect(
                stamp
                    == AnswerStamp(
                        height: header.height - 1, headerHash: header.hash(), time: header.time,
                        leaseHeight: leaseHeight))

            // The attack: a host has another contract of the same code answer.
            var elsewhere = query
            elsewhere.contract = world.malloryCounter.bytes
            let told = try world.enclave.queries[0].query(elsewhere, answering: world.host)
            for (contract, opens) in [(world.malloryCounter!, true), (asked, false)] {
                let stamp = world.alice.encryption.openStamp(
                    told.stamp, of: told.data, by: contract, answerTo: query.input)
                #expect((stamp != nil) == opens)
            }
            #expect(
                world.alice.encryption.openStamp(
                    answer.stamp, of: answer.data, by: world.malloryCounter, answerTo: query.input) == nil)
            let other = try world.enclave.queries[0].query(query, answering: world.host)
            #expect(
                world.alice.encryption.openStamp(other.stamp, of: answer.data + [0], by: asked, answerTo: query.input)
                    == nil)
            #expect(
                world.alice.encryption.openStamp(answer.data, of: answer.data, by: asked, answerTo: query.input) == nil)
            #expect(world.alice.encryption.open(answer.stamp, answerTo: query.input) == nil)
            #expect(
                world.mallory.encryption.openStamp(answer.stamp, of: answer.data, by: asked, answerTo: query.input)
                    == nil)
            // Asked with another nonce, it is another's.
            let again = try world.alice.seal(Self.question, for: world.aliceCounter, isBound: false)
            #expect(world.alice.encryption.openStamp(answer.stamp, of: answer.data, by: asked, answerTo: again) == nil)
        }

        @Test("what a contract refuses says of which state it is, as data do")
        func refusalStamps() throws {
            let world = try World(lease: (answers: 100, seconds: 1_000))
            try world.play([try wanted(world)])
            let leaseHeight = world.chain.height
            try world.play([])
            func ask(_ json: String, gas: UInt64 = 1_000_000) throws -> (ContractAnswer, [UInt8]) {
                var query = ContractQuery()
                query.contract = world.aliceCounter.bytes
                query.input = try world.alice.seal(json, for: world.aliceCounter, isBound: false)
                query.height = UInt64(world.chain.height - 1)
                query.gasLimit = gas
                return (try world.enclave.queries[0].query(query, answering: world.host), query.input)
            }
            let header = try #require(world.chain.last).header
            let expected = AnswerStamp(
                height: header.height - 1, headerHash: header.hash(), time: header.time, leaseHeight: leaseHeight)
            // The contract's own words, and the enclave's about its end.
            for (json, gas) in [("{\"no_such_question\":{}}", 1_000_000), ("{\"get_count\":{}}", 21_002)]
                as [(
                    String, UInt64
                )]
            {
                let (answer, input) = try ask(json, gas: gas)
                #expect(answer.data.isEmpty && !answer.error.isEmpty)
                let text = Array(answer.error.utf8)
                let stamp = world.alice.encryption.openStamp(
                    answer.stamp, of: text, by: world.aliceCounter, answerTo: input)
                #expect(stamp == expected, "\(answer.error)")
                #expect(
                    world.alice.encryption.openStamp(
                        answer.stamp, of: text + [0], by: world.aliceCounter, answerTo: input) == nil)
                #expect(
                    world.mallory.encryption.openStamp(answer.stamp, of: text, by: world.aliceCounter, answerTo: input)
                        == nil)
            }
            // What was not asked of the contract uses no lease, and is the node's word.
            let used = try world.enclave.control.lease().answersLeft
            var query = ContractQuery()
            query.contract = world.alice.address.bytes
            query.input = try world.alice.seal(Self.question, for: world.aliceCounter, isBound: false)
            query.height = UInt64(world.chain.height - 1)
            query.gasLimit = 1_000_000
            let answer = try world.enclave.queries[0].query(query, answering: world.host)
            #expect(answer.error.contains("not found") && answer.stamp.isEmpty)
            #expect(try world.enclave.control.lease().answersLeft == used)
        }

        @Test("a chain's identity has both ends of a lease or none")
        func identities() throws {
            let world = try World(lease: (answers: 1, seconds: 1))
            world.enclave.kill()
            for (answers, seconds, profile) in [
                (0, 1, ChainIdentity.Profile.development), (1, 0, .development), (0, 0, .production),
            ] as [(UInt32, UInt32, ChainIdentity.Profile)] {
                let enclave = try EnclaveProcess(state: world.path("platform-\(answers)-\(seconds)"))
                defer { enclave.kill() }
                var identity = world.chain.identity
                (identity.leaseAnswers, identity.leaseSeconds, identity.profile) = (answers, seconds, profile)
                #expect(refusal { try enclave.control.bootstrap(identity) } == .identityRefused)
            }
        }
    }
}
