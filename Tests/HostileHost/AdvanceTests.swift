import BlockExecution
import ChainFormats
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import PublicCryptography
import Testing
import TransactionFixtures
import Wire

extension HostileHostSuite {
    /// A host that has the head moved over blocks which the enclave does not run.
    @Suite struct AdvanceTests {
        let world: World
        private var increment: [UInt8] { get throws { try call() } }

        /// Nothing that the enclave ran waits for the next header.
        init() throws {
            world = try World()
            try world.play([])
        }

        private func call() throws -> [UInt8] {
            world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])
        }

        /// Blocks that the world's own enclave runs, of which another one is shown the last alone.
        private func decideAndRun(_ transactions: [[[UInt8]]]) throws -> [DecidedBlock] {
            try transactions.map { transactions in
                let block = try world.chain.decide(transactions)
                world.records[block.header.height] = try world.host.play(block)
                return block
            }
        }

        /// An enclave on another machine of the same network: a copy of this one's, as it was after `height`.
        private func newcomer(fromHeight height: Int64, platform: String) throws {
            world.enclave.kill()
            try FileManager.default.removeItem(atPath: world.path("platform"))
            try FileManager.default.moveItem(atPath: world.path(platform), toPath: world.path("platform"))
            try world.restart(fromHeight: height)
        }

        private func copyPlatform(_ name: String) throws {
            try FileManager.default.copyItem(atPath: world.path("platform"), toPath: world.path(name))
        }

        private func refused(_ block: DecidedBlock, _ change: (inout Advance) -> Void = { _ in }) -> Failure? {
            refusal { try world.enclave.execution.advance(with(block.advance, change)) }
        }

        private func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
            var changed = value
            change(&changed)
            return changed
        }

        @Test("an enclave that was shown one later header goes on from the state there, to the results of the others")
        func goesOn() throws {
            try copyPlatform("early")
            let blocks = try decideAndRun([[try call()], [], [try call()], []])
            try newcomer(fromHeight: 2, platform: "early")
            let record = try world.enclave.execution.advance(blocks[2].advance)

            // Its results are nobody's here, and the next block begins without them.
            let tail = blocks[3]
            let begun = try world.host.begin(tail) {
                $0.previousResults = []
                $0.previousFailures = []
            }
            #expect(begun.height == tail.height && begun.outputKeys.isEmpty)
            #expect(try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice).text == "{\"count\":43}")

            // The sealed record stands for the new place.
            try world.restart(fromHeight: 2, record: record)
            #expect(refusal { try world.host.begin(blocks[1]) } == .headerWrongHeight)
            try world.host.begin(tail)
            world.records[tail.header.height] = try world.host.lane.endBlock()
            try world.play([try call()])
            try world.play([])
            #expect(try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice).text == "{\"count\":44}")
        }

        @Test("an enclave that is months behind goes the way that its host found, and each step stands after a kill")
        func monthsBehind() throws {
            try copyPlatform("early")
            var blocks: [DecidedBlock] = []
            for _ in 0..<12 {
                world.chain.secondsAhead += 6 * 86_400
                blocks += try decideAndRun([[try call()]])
            }
            blocks += try decideAndRun([[]])
            let (target, tail) = (blocks[blocks.count - 2], blocks[blocks.count - 1])
            try newcomer(fromHeight: 2, platform: "early")
            #expect(refused(target) == .headerBeyondTrust)

            let identity = world.chain.identity
            let anchor = ChainAnchor(
                chainID: identity.chainID, genesisTime: FourValidatorChain.genesisTime, initialHeight: 1,
                initialValidatorsHash: world.chain.set.hash())
            let shown = Shown(
                headers: world.chain.blocks.mapValues {
                    UnverifiedHeader(header: $0.header, commit: $0.commit, validators: $0.validators)
                })
            let head = try anchor.verify(first: shown.lightBlock(1)).head.advance(to: shown.lightBlock(2), on: anchor)
                .head
            let trail = try LightTrail(
                from: head, trusting: world.chain.set, to: shown.lightBlock(target.header.height), on: anchor,
                sources: [shown])
            #expect(trail.steps.count >= 6)
            for (number, step) in trail.steps.enumerated() {
                let advance = Advance(
                    header: step.header.header.protobuf, commit: step.header.commit.protobuf,
                    validators: step.header.validators.protobuf, trustedValidators: step.trusted.protobuf)
                let record = try world.enclave.execution.advance(advance)
                try world.restart(fromHeight: 2, record: record)
                #expect(refused(blocks[0]) == .headerWrongHeight, "\(number)")
                // Three heights are eighteen days.
                if target.header.height - step.header.header.height > 2 {
                    #expect(refused(target) == .headerBeyondTrust, "\(number)")
                }
            }
            try world.host.begin(tail) {
                $0.previousResults = []
                $0.previousFailures = []
            }
            #expect(try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice).text == "{\"count\":53}")
        }

        @Test("results are left out only where this enclave ran and missed none")
        func resultsStay() throws {
            try world.play([try call()])
            let block = try world.chain.decide([])
            #expect(refusal { try world.host.begin(block) { $0.previousResults = [] } } == .resultsNotInHeader)
            let other = SHA256.hash([1]).bytes
            #expect(refusal { try world.host.begin(block) { $0.previousResults = [other] } } == .resultsNotInHeader)
            #expect(refusal { try world.host.begin(block) } == nil)
        }

        @Test("a forged header, one that few signed, and another set's do not move the head")
        func forged() throws {
            try copyPlatform("early")
            let blocks = try decideAndRun([[], [], [], []])
            try newcomer(fromHeight: 2, platform: "early")
            let far = blocks[2]
            let changes: [(inout Header) -> Void] = [
                { $0.appHash[0] ^= 1 }, { $0.time = self.world.chain.time(99) },
                { $0.nextValidatorsHash = SHA256.hash([1]) }, { $0.lastBlockID!.hash = SHA256.hash([1]) },
            ]
            for change in changes {
                #expect(refused(far) { $0.header = with(far.header, change).protobuf } == .headerNotCommitted)
            }
            for signers in [[], [0, 1]] {
                let commit = world.chain.commit(far.header, signers: signers)
                #expect(refused(far) { $0.commit = commit.protobuf } == .headerNotTrusted)
            }
            #expect(refused(far) { $0.commit = blocks[1].commit.protobuf } == .headerNotCommitted)
            #expect(refused(far) { $0.header = [] } == .headerMalformed)
            #expect(refused(far) { $0.trustedValidators = [1] } == .headerMalformed)
            let foreign = with(far.header) { $0.chainID = "another-chain" }
            #expect(refused(far) { $0.header = foreign.protobuf } == .headerWrongChain)

            // The host's own set, said to be trusted, and said to be the set of that height.
            let own = try FourValidatorChain(folder: world.path("own"), validators: ["w", "x", "y", "z"])
            let header = with(far.header) {
                ($0.validatorsHash, $0.nextValidatorsHash) = (own.set.hash(), own.set.hash())
            }
            let signed = own.commit(header, signers: [0, 1, 2, 3])
            let forged = Advance(
                header: header.protobuf, commit: signed.protobuf, validators: own.set.protobuf,
                trustedValidators: own.set.protobuf)
            #expect(refused(far) { $0 = forged } == .headerWrongValidators)
            #expect(
                refused(far) { $0 = with(forged) { $0.trustedValidators = world.chain.set.protobuf } }
                    == .headerNotTrusted)
            // Nothing of all that moved it.
            #expect(refusal { try world.host.begin(blocks[0]) } == nil)
        }

        @Test("the head does not go back, nor over a block that runs, nor further than the trusting period")
        func boundaries() throws {
            try copyPlatform("early")
            let blocks = try decideAndRun([[], [], [], [], []])
            for block in blocks.prefix(5) { #expect(refused(block) == .headerWrongHeight) }
            try newcomer(fromHeight: 2, platform: "early")
            let late = with(blocks[3].header) {
                let period = ChainHead.trustingPeriodNanoseconds / 1_000_000_000
                $0.time = Timestamp(seconds: world.chain.time(2).seconds + period, nanoseconds: 0)!
            }
            let commit = world.chain.commit(late, signers: [0, 1, 2, 3])
            #expect(
                refused(blocks[3]) { ($0.header, $0.commit) = (late.protobuf, commit.protobuf) }
                    == .headerBeyondTrust)
            let early = with(blocks[3].header) { $0.time = FourValidatorChain.genesisTime }
            let early2 = world.chain.commit(early, signers: [0, 1, 2, 3])
            #expect(
                refused(blocks[3]) { ($0.header, $0.commit) = (early.protobuf, early2.protobuf) }
                    == .headerTimeNotLater)

            try world.host.begin(blocks[0])
            #expect(refused(blocks[3]) == .blockNotEnded)
            try world.host.hand()
            _ = try world.host.lane.endBlock()
            #expect(refused(blocks[3]) == nil)
            for block in blocks.prefix(4) { #expect(refused(block) == .headerWrongHeight) }
            #expect(refused(blocks[4]) == nil)
        }

        @Test("behind what the platform went through no head moves, whatever record is opened")
        func behindJournal() throws {
            let blocks = try decideAndRun([[], [], [], [try call()]])
            try world.restart(fromHeight: 2)
            #expect(refused(blocks[1]) == .heightBehindJournal)
            #expect(refused(blocks[2]) == .heightBehindJournal)
            // The newest header that it knows is no step back; blocks before it do not run again.
            #expect(refused(blocks[3]) == nil)
            try world.restart(fromHeight: 2)
            #expect(refusal { try world.host.begin(blocks[0]) } == .heightBehindJournal)
        }

        @Test(
            "a second header that two thirds signed stops the enclave: at its head, and at the platform's last height")
        func secondHeader() throws {
            let blocks = try decideAndRun([[], [], []])
            let second = with(blocks[2]) {
                $0.header.appHash[0] ^= 1
                $0.commit = world.chain.commit($0.header, signers: [0, 1, 2, 3])
            }
            try world.restart(fromHeight: 5)
            #expect(refused(second) == .secondHeaderForHeight)
            #expect(refusal { try world.host.begin(try world.chain.decide([])) } == .stopped)
            try world.restart(fromHeight: 2)
            #expect(refused(second) == .secondHeaderForHeight)
            #expect(refused(blocks[2]) == .stopped)
        }

        @Test("what this enclave ran is held against the next header before its head moves on, after a restart, too")
        func contradicted() throws {
            try world.play([try call()])
            let height = world.chain.height
            // Two thirds signed another result than this enclave came to.
            let other = SHA256.hash([1])
            let next = try world.chain.decide([]) { $0.lastResultsHash = MerkleTree.root(ofLeafHashes: [other]) }
            func begin() -> Failure? {
                refusal { try world.host.begin(next) { $0.previousResults = [other.bytes] } }
            }
            #expect(begin() == .resultsDiffer)
            #expect(refused(next) == .stopped)
            let far = try world.chain.decide([]) {
                $0.height += 3
                $0.time = world.chain.time($0.height)
            }
            try world.restart(fromHeight: height)
            #expect(refused(far) == .resultsNotCompared)
            #expect(refused(next) == .resultsNotCompared)
            #expect(begin() == .resultsDiffer)
        }

        @Test(
            "what is sealed after an advance says nothing of blocks that others ran, and asks nothing of their outputs")
        func oldStateIsGone() throws {
            try copyPlatform("early")
            let blocks = try decideAndRun([[try call()], [], [], []])
            try newcomer(fromHeight: 2, platform: "early")
            try world.host.begin(blocks[0])
            try world.host.hand()
            try world.host.run(0)
            _ = try world.host.lane.endBlock()
            #expect(
                try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice, at: 2).text
                    == "{\"count\":41}")
            try world.host.play(blocks[1])
            _ = try world.enclave.execution.advance(blocks[2].advance)
            // The state before is not asked any more, and the one at the new head not yet.
            for height: Int64 in 1...5 {
                #expect(
                    refusal { try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice, at: height) }
                        == .notAnnounced)
            }
        }
    }
}

/// The headers of a chain, as another node's RPC shows them.
private struct Shown: LightBlockSource {
    struct Missing: Error {}
    var headers: [Int64: UnverifiedHeader]

    func lightBlock(_ height: Int64) throws -> UnverifiedHeader {
        guard let header = headers[height] else { throw Missing() }
        return header
    }
}

extension DecidedBlock {
    /// What an honest host says to have the head moved to it.
    var advance: Advance {
        Advance(
            header: header.protobuf, commit: commit.protobuf, validators: validators.protobuf,
            trustedValidators: validators.protobuf)
    }
}
