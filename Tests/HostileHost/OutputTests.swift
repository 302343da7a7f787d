import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import PublicCryptography
import SignedTransactions
import Testing

extension HostileHostSuite {
    /// A host that runs a decided block more than once, on clones of its enclave and with other stories, to read what a
    /// contract would have answered then; and one that would like to read what it did answer before that is proved.
    @Suite struct OutputTests {
        let world: World

        init() throws { world = try World() }

        private func increment(funds: UInt128 = 0, fee: UInt128 = 2_500) throws -> [UInt8] {
            world.alice.sign(
                [try world.alice.execute(world.aliceCounter, "{\"increment\":{}}", funds: funds)], fee: fee)
        }

        private static var denied: LedgerMessageResult {
            var result = LedgerMessageResult()
            (result.code, result.codespace, result.log) = (5, "sdk", "insufficient funds")
            return result
        }

        /// Another machine with the same keys: a copy of this one, as it was after the last block, with its own host.
        private func clone(_ name: String) throws -> (enclave: EnclaveProcess, host: PlayedHost) {
            try FileManager.default.copyItem(atPath: world.path("platform"), toPath: world.path(name))
            let enclave = try EnclaveProcess(state: world.path(name))
            _ = try enclave.control.unseal(world.records[world.chain.height]!)
            return (enclave, try PlayedHost(world.chain, lane: enclave.execution, machine: world.host.machine))
        }

        private func opens(_ result: PlayedResult, _ block: DecidedBlock, index: UInt32 = 0, with key: [UInt8]) -> Bool
        {
            let place = OutputPlace(headerHash: block.header.hash(), index: index)
            return TransactionOutput(opening: result.sealed.output, key: key, at: place) != nil
        }

        @Test("of an answer, an event or an error nothing is in sight of the host before the next header")
        func nothingBefore() throws {
            let puppets = try PuppetWorld()
            let world = puppets.world
            let puppet = puppets.one
            let told =
                #"{"respond":{"messages":[],"attributes":[{"key":"answer","value":"forty-two, in clear","encrypted":false}],"events":[],"data":"YW4gYW5zd2Vy"}}"#
            let block = try world.begin([
                world.alice.sign([try world.alice.tell(puppet, told)]),
                world.alice.sign([try world.alice.tell(puppet, "no JSON that it knows")]),
                world.alice.sign([try world.alice.tell(puppet, told), world.alice.send(1, to: puppet)]),
            ])
            let results = try (0..<3).map { try world.host.run($0) }
            #expect(results[0].code == 0 && results[1].code == 3 && results[2].code == 0)
            try world.host.end()
            let sight = Data(world.enclave.tap.fromEnclave)
            for result in results {
                // Hashes, and one more for each answer of the ledger.
                #expect(result.sealed.data.count == (result == results[2] ? 96 : 64))
                var answers = [result.data, Array(result.log.utf8), Array(result.codespace.utf8)]
                answers += result.events.flatMap { $0.attributes.map { Array($0.value.utf8) } }
                // What is public in itself, such as an address, is found elsewhere.
                for answer in answers where answer.count > 8 && answer != Array(puppet.description.utf8) {
                    let isPublic = Data(world.enclave.tap.toEnclave).range(of: Data(answer)) != nil
                    #expect(
                        isPublic || sight.range(of: Data(answer)) == nil, "\(String(decoding: answer, as: UTF8.self))")
                }
            }
            #expect(results[0].events.flatMap(\.attributes).contains { $0.value == "forty-two, in clear" })
            #expect(!results[1].log.isEmpty)

            let next = try world.chain.decide([])
            let keys = try world.host.begin(next).outputKeys
            #expect(keys.map(\.index) == [0, 1, 2])
            for (key, result) in zip(keys, results) {
                for (index, other) in results.enumerated() {
                    let isOwn = Int(key.index) == index
                    #expect(opens(other, block, index: UInt32(index), with: key.key) == isOwn)
                }
                #expect(!opens(result, next, index: key.index, with: key.key))
            }
        }

        @Test("a clone that is told another story gets a sealed answer and no key, before and after the next header")
        func otherStories() throws {
            // Paid or not; and after one that was skipped, or was not.
            let first = world.mallory.sign([try world.mallory.execute(world.aliceCounter, "{\"increment\":{}}")])
            let block = try world.chain.decide([first, try increment(funds: 1_000)])
            let (denied, deniedHost) = try clone("denied")
            try deniedHost.begin(block)
            try deniedHost.hand()
            deniedHost.tricks.ledger = { _, _ in Self.denied }
            let lies = try [0, 1].map { try deniedHost.run($0) }
            let (skipping, skippingHost) = try clone("skipping")
            try skippingHost.begin(block)
            try skippingHost.hand()
            skippingHost.skip(0)
            let skipped = try skippingHost.run(1)
            for host in [deniedHost, skippingHost] { _ = try host.lane.endBlock() }

            try world.host.begin(block)
            try world.host.hand()
            let truths = try [0, 1].map { try world.host.run($0) }
            try world.host.end()
            // There was something to learn.
            #expect(truths[1].output != lies[1].output && truths[1].output != skipped.output)
            #expect(lies[1].code == 5 && skipped.code == 0 && truths[1].code == 0)

            let next = try world.chain.decide([])
            for host in [deniedHost, skippingHost] {
                #expect(refusal { try host.begin(next) } == .resultsDiffer)
                #expect(refusal { try host.begin(next) } == .stopped)
            }
            let keys = try world.host.begin(next).outputKeys
            #expect(opens(truths[1], block, index: 1, with: keys[1].key))
            #expect(!opens(lies[1], block, index: 1, with: keys[1].key))
            #expect(!opens(skipped, block, index: 1, with: keys[1].key))
            for enclave in [denied, skipping] { enclave.kill() }
            // Whoever asked can make up the whole answer but for its salt, and has that of the true one by now. What
            // left with the block does not tell him that he is right.
            #expect(try skipped.output.commitment(log: "") == Array(skipped.sealed.data.prefix(64)))
            for lie in [lies[1], skipped] {
                for salt in [[], truths[1].output.salt] {
                    var guess = lie.output
                    guess.salt = salt
                    let hashes = try guess.commitment(log: lie.log)
                    #expect(hashes.prefix(32) != lie.sealed.data.prefix(32))
                    #expect(hashes.suffix(32) != lie.sealed.data[32..<64])
                }
            }
        }

        @Test("a clone that is told the truth gives the same keys, when it has seen the next header and not before")
        func truthfulClone() throws {
            let block = try world.chain.decide([try increment(), try increment(funds: 7)])
            let (enclave, host) = try clone("clone")
            try host.begin(block)
            try host.hand()
            let cloned = try [0, 1].map { try host.run($0) }
            _ = try host.lane.endBlock()
            try world.host.begin(block)
            try world.host.hand()
            let own = try [0, 1].map { try world.host.run($0) }
            try world.host.end()
            #expect(cloned == own)
            let next = try world.chain.decide([])
            let unsigned = try world.chain.decide([], signers: [0, 1])
            #expect(refusal { try host.begin(unsigned) } == .headerNotCommitted)
            let keys = try host.begin(next).outputKeys
            #expect(try world.host.begin(next).outputKeys == keys && keys.count == 2)
            enclave.kill()
        }

        @Test("keys are given again after a restart, for the results in the record and no others")
        func keysAgain() throws {
            let block = try world.chain.decide([try increment(), try increment()])
            try world.host.begin(block)
            try world.host.hand()
            for index in [0, 1] { #expect(try world.host.run(index).code == 0) }
            world.records[2] = try world.host.end()
            let next = try world.chain.decide([try increment()])
            let keys = try world.host.begin(next).outputKeys
            #expect(keys.count == 2)
            // kill -9 with the next block begun, and with one of its transactions run.
            for _ in 0..<2 {
                try world.restart(fromHeight: 2)
                #expect(try world.host.begin(next, journal: world.host.journal).outputKeys == keys)
                try world.host.hand()
                #expect(try world.host.run(0).code == 0)
            }
            try world.host.end()
            try world.play([])
            #expect(try world.host.begin(try world.chain.decide([])).outputKeys.isEmpty)
        }

        @Test("what a host says in its own words changes no result, and no two texts are sealed alike")
        func wordsOfTheHost() throws {
            let block = try world.chain.decide([try increment(funds: 1_000)])
            let results = try ["no", "not at all, since the host would rather not"].map { text in
                let (enclave, host) = try clone("words \(text.count)")
                defer { enclave.kill() }
                try host.begin(block)
                try host.hand()
                host.tricks.ledger = { _, _ in
                    var result = Self.denied
                    result.log = text
                    return result
                }
                return try host.run(0)
            }
            #expect(results[0].sealed.leaf == results[1].sealed.leaf)
            #expect(results[0].log != results[1].log)
            // One key, two texts: the nonces differ.
            #expect(results[0].sealed.output.prefix(24) != results[1].sealed.output.prefix(24))
            // Another codespace is another answer: contracts that asked are told of it.
            let (enclave, host) = try clone("codespace")
            defer { enclave.kill() }
            try host.begin(block)
            try host.hand()
            host.tricks.ledger = { _, _ in
                var result = Self.denied
                result.codespace = "bank"
                return result
            }
            let other = try host.run(0)
            #expect(other.code == results[0].code && other.gasUsed == results[0].gasUsed)
            #expect(other.sealed.leaf != results[0].sealed.leaf)
        }

        @Test("transactions that were kept from the enclave count as skipped, all of them or the last")
        func withheld() throws {
            for handed in [0, 1] {
                let world = try World()
                let transactions = try (0..<2).map { _ in
                    world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])
                }
                let block = try world.chain.decide(transactions)
                try world.host.begin(block)
                try world.host.hand(Array(transactions.prefix(handed)))
                var results: [ExecutionResult] = []
                for index in 0..<handed { results.append(try world.host.run(index).sealed.leaf) }
                _ = try world.host.lane.endBlock()
                // The rest succeeded everywhere else.
                for _ in handed..<2 {
                    results.append(ExecutionResult(code: 0, data: [1], gasWanted: 400_000, gasUsed: 100_000))
                }
                try world.chain.adopt(block, writes: world.host.state.writes, results: results)
                let next = try world.chain.decide([])
                #expect(refusal { try world.host.begin(next) } == .resultsDiffer, "\(handed) handed over")
                #expect(refusal { try world.host.begin(next) } == .stopped)
                world.enclave.kill()
            }
        }
    }
}
