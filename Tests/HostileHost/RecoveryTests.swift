import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import PublicCryptography
import SignedTransactions
import Testing
import TransactionFixtures
import Wire

extension HostileHostSuite {
    /// A host that was set back behind the platform's journal, or says so: what the next header proves lets a block run
    /// again as it ran, and in no other way.
    @Suite struct RecoveryTests {
        let world: World
        /// Heights 2 and 3, played, and 4, decided.
        let blocks: [DecidedBlock]
        /// What came of them.
        let results: [[PlayedResult]]
        /// Sealed after block 2.
        let record: [UInt8]

        /// Of block 2: a call that is paid and a payment in one; a call that is skipped; one that the enclave refuses;
        /// coins that only the host sends; a call that fails in the contract; a call.
        init() throws {
            world = try World()
            let (alice, mallory) = (world.alice, world.mallory)
            let increment = "{\"increment\":{}}"
            let second = try world.chain.decide([
                alice.sign([
                    try alice.execute(world.aliceCounter, increment, funds: 1_000), alice.send(1, to: mallory.address),
                ]),
                world.pauper.sign([try world.pauper.execute(world.aliceCounter, increment)]),
                mallory.sign([try mallory.execute(world.aliceCounter, increment)]) { $0.chainID = "another-chain" },
                mallory.sign([mallory.send(5, to: alice.address)]),
                mallory.sign([try mallory.execute(world.aliceCounter, "{\"nothing\":{}}")]),
                mallory.sign([try mallory.execute(world.malloryCounter, increment)]),
            ])
            var results = [try RecoveryTests.run(second, world.host)]
            record = try world.host.end()
            let third = try world.chain.decide([alice.sign([try alice.execute(world.aliceCounter, increment)])])
            results.append(try RecoveryTests.run(third, world.host))
            try world.host.end()
            blocks = [second, third, try world.chain.decide([])]
            self.results = results
        }

        /// All transactions of a block, as an honest host runs them.
        private static func run(
            _ block: DecidedBlock, _ host: PlayedHost, next: DecidedBlock? = nil
        ) throws -> [PlayedResult] {
            try host.begin(block, next: next)
            try host.hand()
            for index in block.transactions.indices { try run(index, host) }
            return host.outputs
        }

        private static func run(_ index: Int, _ host: PlayedHost) throws {
            let transaction = try Transaction(decoding: host.transactions[index])
            var trial = host.state
            guard try trial.runAnte(transaction) else { return host.skip(index) }
            guard transaction.hasComputeMessage else {
                host.state = trial
                return try host.runHere(transaction)
            }
            do {
                try host.run(index)
            } catch EnclaveError.refused(.signatureInvalid) {
                host.note(ExecutionResult(code: 4, data: [], gasWanted: 0, gasUsed: 0))
            }
        }

        private func journalFile() throws -> Data {
            let folder = URL(fileURLWithPath: world.path("platform"))
            let name = try FileManager.default.contentsOfDirectory(atPath: folder.path).first {
                $0.hasPrefix("journal-")
            }
            return try Data(contentsOf: folder.appendingPathComponent(try #require(name)))
        }

        private func refusedQuery() -> Failure? {
            refusal { try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice, at: 1) }
        }

        @Test("blocks behind the journal run again under the headers after them, to the same results")
        func runAgain() throws {
            #expect(results[0].map(\.code) == [0, 3, 0])
            try world.restart(fromHeight: 1)
            #expect(refusal { try world.host.begin(blocks[0]) } == .heightBehindJournal)
            let journal = try journalFile()
            for height in 0...1 {
                #expect(try RecoveryTests.run(blocks[height], world.host, next: blocks[height + 1]) == results[height])
                #expect(refusedQuery() == .notAnnounced)
                try world.host.end()
            }
            // Nothing is journalled for it, and no state of the past is asked.
            #expect(try journalFile() == journal)
            #expect(refusedQuery() == .notAnnounced)
            try world.host.play(blocks[2])
            #expect(try journalFile() != journal)
            try world.play([])
            #expect(
                try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice).text == "{\"count\":43}")
        }

        @Test("a block whose facts the host has lost runs again once the header after it is decided")
        func lostJournal() throws {
            world.records[2] = record
            try world.restart(fromHeight: 2)
            #expect(refusal { try world.host.begin(blocks[1]) } == .journalMissing)
            #expect(try RecoveryTests.run(blocks[1], world.host, next: blocks[2]) == results[1])
            try world.host.end()
            try world.host.play(blocks[2])
        }

        @Test("a ledger message that is lied about ends the run before anything is asked or said that depends on it")
        func anotherAnswer() throws {
            try world.restart(fromHeight: 1)
            var denied = LedgerMessageResult()
            (denied.code, denied.codespace, denied.log) = (5, "sdk", "insufficient funds")
            let lies: [(LedgerMessageResult) -> LedgerMessageResult] = [
                { _ in denied },
                { $0.with { $0.data = [1] } }, { $0.with { $0.responseTypeURL = "/x" } },
            ]
            for lie in lies {
                // The first answer, and the second after a true one.
                for position in 1...2 {
                    try world.host.begin(blocks[0], next: blocks[1])
                    try world.host.hand()
                    let (host, tap) = (world.host, world.enclave.tap)
                    var told = 0
                    host.tricks.ledger = { _, honest in
                        let isLie = host.ledgerMessages.count == position
                        told = tap.fromEnclave.count
                        return isLie ? lie(honest) : honest
                    }
                    #expect(refusal { try world.host.run(0) } == .resultNotProved)
                    #expect(world.host.ledgerMessages.count == position && world.host.outputs.isEmpty)
                    // One frame more, with the number.
                    #expect(world.enclave.tap.fromEnclave.count - told < 32)
                    #expect(refusal { try world.host.run(4) } == .noBlockBegun)
                }
            }
            world.host.tricks = .init()
            #expect(try RecoveryTests.run(blocks[0], world.host, next: blocks[1]) == results[0])
        }

        @Test("what ran is not left out, what was left out does not run, and nothing runs without its result")
        func anotherSelection() throws {
            try world.restart(fromHeight: 1)
            func expectNotProved(_ attempt: () throws -> Void) throws {
                try world.host.begin(blocks[0], next: blocks[1])
                try world.host.hand()
                #expect(refusal(attempt) == .resultNotProved)
                #expect(world.host.outputs.isEmpty && world.host.ledgerMessages.isEmpty)
                #expect(refusal { try world.host.run(5) } == .noBlockBegun)
            }
            // The first call is left out: for a later one, for the block's end, and with what is kept back of the
            // block.
            try expectNotProved { try world.host.run(4) }
            try expectNotProved { _ = try world.host.lane.endBlock() }
            for count in [0, 3, 5] {
                try world.host.begin(blocks[0], next: blocks[1])
                try world.host.hand(Array(blocks[0].transactions.prefix(count)))
                if count > 0 { try world.host.run(0) }
                if count == 5 {
                    #expect(refusal { try world.host.run(2) } == .signatureInvalid)
                    try world.host.run(4)
                }
                #expect(refusal { try world.host.lane.endBlock() } == .resultNotProved)
            }
            // Its result is not shown, is another's, or was changed.
            let leaves = blocks[1].previousResults
            var changed = leaves[0]
            changed[changed.count - 1] ^= 1
            for leaf in [[], leaves[1], leaves[4], leaves[5], changed, Array(leaves[0].dropLast())] {
                try expectNotProved { try world.host.run(0, provedResult: leaf) }
            }
            // The call that the ledger refused runs under no result, not under its own, nor under another's.
            for leaf in [[], leaves[1], leaves[0]] {
                try world.host.begin(blocks[0], next: blocks[1])
                try world.host.hand()
                try world.host.run(0)
                let asked = world.host.ledgerMessages.count
                #expect(refusal { try world.host.run(1, provedResult: leaf) } == .resultNotProved)
                #expect(world.host.outputs.count == 1 && world.host.ledgerMessages.count == asked)
            }
            #expect(try RecoveryTests.run(blocks[0], world.host, next: blocks[1]) == results[0])
        }

        @Test("what does not prove the results begins nothing: other leaves, other headers, headers that few signed")
        func otherProofs() throws {
            try world.restart(fromHeight: 1)
            func refused(_ change: (inout ProvingBlock) -> Void) -> Failure? {
                let failure = refusal { try world.host.begin(blocks[0], next: blocks[1]) { change(&$0.next!) } }
                #expect(refusal { try world.host.run(0) } == .noBlockBegun)
                return failure
            }
            let leafHash = blocks[1].proof.results[0]
            #expect(refused { $0.results[0][0] ^= 1 } == .resultsNotInHeader)
            #expect(refused { $0.results.swapAt(0, 5) } == .resultsNotInHeader)
            #expect(refused { $0.results.removeLast() } == .resultsNotInHeader)
            #expect(refused { $0.results.append(leafHash) } == .resultsNotInHeader)
            #expect(refused { $0.results = Array(repeating: leafHash, count: 65_536) } == .resultsNotInHeader)
            #expect(refused { $0.results = [] } == .resultsNotInHeader)
            #expect(refused { $0.results[0] = [] } == .resultsNotInHeader)
            for index: UInt32 in [3, 4, 6, .max] {
                let leaf = blocks[1].previousResults[Int(min(index, 5))]
                #expect(refused { $0.refused = [FailedResult(index: index, leaf: leaf)] } == .resultsNotInHeader)
            }
            #expect(refused { $0.refused[0].leaf[1] ^= 1 } == .resultsNotInHeader)

            #expect(refused { $0.header = [] } == .headerMalformed)
            #expect(refused { $0.commit = Commit.empty.protobuf } == .headerNotCommitted)
            let changed = with(blocks[1].header) { $0.lastResultsHash = MerkleTree.emptyRoot }
            #expect(refused { $0.header = changed.protobuf } == .headerNotCommitted)
            let few = world.chain.commit(blocks[1].header, signers: [0, 1])
            #expect(refused { $0.commit = few.protobuf } == .headerNotCommitted)
            for other in [blocks[0], blocks[2]] { #expect(refused { $0 = other.proof } == .headerWrongHeight) }
            let own = try FourValidatorChain(folder: world.path("own"), validators: ["w", "x", "y", "z"])
            #expect(
                refused {
                    $0.validators = own.set.protobuf
                    $0.commit = own.commit(blocks[1].header, signers: [0, 1, 2, 3]).protobuf
                } == .headerWrongValidators)
            let foreign = with(blocks[1].header) { $0.chainID = "another-chain" }
            #expect(refused { $0.header = foreign.protobuf } == .headerWrongChain)
            #expect(try RecoveryTests.run(blocks[0], world.host, next: blocks[1]) == results[0])
        }

        @Test(
            "a header after the block on another branch proves nothing, and stops the enclave if two thirds signed it")
        func otherBranch() throws {
            let branch = with(blocks[1].header) { $0.lastBlockID!.hash = SHA256.hash([4]) }
            for signers in [[0, 1], [0, 1, 2]] {
                try world.restart(fromHeight: 1)
                let failure = refusal {
                    try world.host.begin(blocks[0], next: blocks[1]) {
                        $0.next!.header = branch.protobuf
                        $0.next!.commit = world.chain.commit(branch, signers: signers).protobuf
                    }
                }
                #expect(failure == (signers.count < 3 ? .headerNotCommitted : .secondHeaderForHeight))
                #expect(
                    refusal { try world.host.begin(blocks[0], next: blocks[1]) } == (signers.count < 3 ? nil : .stopped)
                )
            }
        }

        @Test("behind the journal only the header that the platform went past proves anything, whoever signed another")
        func otherHistory() throws {
            try world.host.play(blocks[2])
            for _ in 0..<3 { try world.play([]) }
            // The keys of validators that have left, say: with a result for the first call that pleases the attacker.
            var forged = blocks[1]
            forged.previousResults[0] =
                ExecutionResult(code: 5, data: Array(repeating: 1, count: 96), gasWanted: 400_000, gasUsed: 1).protobuf
            forged.header.lastResultsHash = MerkleTree.root(of: forged.previousResults)
            forged.commit = world.chain.commit(forged.header, signers: [0, 1, 2, 3])
            try world.restart(fromHeight: 1)
            #expect(refusal { try world.host.begin(blocks[0], next: forged) } == .secondHeaderForHeight)
            #expect(refusal { try world.host.begin(blocks[0], next: blocks[1]) } == .stopped)

            // Nor is another history believed, or one with a gap.
            try world.restart(fromHeight: 1)
            let tricks: [([[UInt8]]) -> [[UInt8]]] = [
                { _ in [] }, { Array($0.dropFirst()) }, { $0.reversed() }, { $0 + $0.suffix(1) }, { [$0[0], $0[0]] },
                { [$0[0], forged.header.protobuf] + $0.dropFirst() }, { _ in [forged.header.protobuf] },
                { [$0[0], []] }, { [$0[0], Array($0[1].dropLast())] },
            ]
            for (number, trick) in tricks.enumerated() {
                world.host.tricks.headers = { $0 == 7 ? trick($1) : [] }
                #expect(
                    refusal { try world.host.begin(blocks[0], next: forged) } == .historyMissing, "trick \(number)")
                #expect(refusal { try world.host.run(0) } == .noBlockBegun)
            }
            // In any parts, and asked for once.
            var asked: [UInt64] = []
            world.host.tricks.headers = {
                asked.append($0)
                return Array($1.prefix(2))
            }
            for height in 0...1 {
                #expect(try RecoveryTests.run(blocks[height], world.host, next: blocks[height + 1]) == results[height])
                try world.host.end()
            }
            #expect(asked == [7, 5])
        }

        @Test("a block that was not begun before is bound as ever, whatever proves its results")
        func newBlock() throws {
            // Four validators decide the block after it ahead of time, with a result of their own.
            let transaction = world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])
            try world.host.play(blocks[2])
            world.records[4] = world.host.lastRecord
            let block = try world.chain.decide([transaction])
            var next = block
            next.previousResults = [
                ExecutionResult(code: 0, data: Array(repeating: 1, count: 64), gasWanted: 1, gasUsed: 1).protobuf
            ]
            next.header.height += 1
            next.header.lastBlockID = block.blockID
            next.header.time = world.chain.time(world.chain.height + 2)
            next.header.lastResultsHash = MerkleTree.root(of: next.previousResults)
            next.commit = world.chain.commit(next.header, signers: [0, 1, 2, 3])
            let journal = try journalFile()
            try world.host.begin(block, next: next)
            let begun = try journalFile()
            #expect(begun != journal)
            try world.host.hand()
            #expect(try world.host.run(0).code == 0)
            #expect(try journalFile() != begun)
            let facts = world.host.journal
            try world.restart(fromHeight: 4)
            #expect(refusal { try world.host.begin(block) } == .journalMissing)
            // Under their result no answer is given: the enclave comes to another, and is not theirs.
            try world.host.begin(block, next: next)
            try world.host.hand()
            #expect(refusal { try world.host.run(0) } == .resultsDiffer)
            #expect(world.host.outputs.isEmpty)
            #expect(refusal { try world.host.begin(block, journal: facts) } == .stopped)
        }

        private func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
            var changed = value
            change(&changed)
            return changed
        }
    }
}

extension LedgerMessageResult {
    fileprivate func with(_ change: (inout LedgerMessageResult) -> Void) -> LedgerMessageResult {
        var changed = self
        change(&changed)
        return changed
    }
}
