import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import PublicCryptography
import SecretCryptography
import Testing
import TransactionFixtures
import Wire

extension HostileHostSuite {
    /// A host that shows headers which the network did not decide.
    @Suite struct HeaderTests {
        let world: World

        init() throws { world = try World() }

        private func refusalOf(
            _ block: DecidedBlock, changing change: (inout BeginBlock) -> Void = { _ in }
        ) -> Failure? {
            refusal { try world.host.begin(block, changing: change) }
        }

        @Test("a header that was changed after it was signed is not decided")
        func forgedHeader() throws {
            let transaction = world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])
            let block = try world.chain.decide([transaction])
            let changes: [(inout Header) -> Void] = [
                { $0.time = self.world.chain.time(99) },
                { $0.appHash[0] ^= 1 },
                { $0.dataHash = MerkleTree.emptyRoot },
                { $0.lastResultsHash = MerkleTree.emptyRoot },
                { $0.nextValidatorsHash = SHA256.hash([1]) },
                { $0.proposerAddress = ValidatorAddress(publicKey: [1]) },
                { $0.consensusHash = SHA256.hash([2]) },
            ]
            for (number, change) in changes.enumerated() {
                var header = block.header
                change(&header)
                #expect(refusalOf(block) { $0.header = header.protobuf } == .headerNotCommitted, "change \(number)")
            }
            #expect(refusalOf(block) { $0.header[7] ^= 0x80 } != nil)
            #expect(refusalOf(block) { $0.header = [] } == .headerMalformed)
            #expect(refusal { try world.host.run(0) } == .noBlockBegun)
            #expect(refusalOf(block) == nil)
        }

        @Test("two of four signatures are not enough, however they are dressed up")
        func lessThanTwoThirds() throws {
            let half = try world.chain.decide([], signers: [0, 1])
            #expect(refusalOf(half) == .headerNotCommitted)
            #expect(refusalOf(try world.chain.decide([], signers: [])) == .headerNotCommitted)

            // A third slot that repeats the second one's vote, under the third one's address and under its own.
            var repeated = half.commit
            repeated.signatures[2] = half.commit.signatures[1]
            #expect(refusalOf(half) { $0.commit = repeated.protobuf } == .headerNotCommitted)
            repeated.signatures[2].validatorAddress = world.chain.set.validators[2].address
            #expect(refusalOf(half) { $0.commit = repeated.protobuf } == .headerNotCommitted)

            // A third vote that is for another round, another block, or nothing at all.
            let full = try world.chain.decide([])
            var mixed = full.commit
            mixed.signatures[3] = .absent
            mixed.signatures[2] = world.chain.commit(full.header, signers: [2], round: 1).signatures[2]
            #expect(refusalOf(full) { $0.commit = mixed.protobuf } == .headerNotCommitted)
            let other = try world.chain.decide([[1]])
            mixed.signatures[2] = other.commit.signatures[2]
            #expect(refusalOf(full) { $0.commit = mixed.protobuf } == .headerNotCommitted)
            mixed.signatures[2] = full.commit.signatures[2]
            mixed.signatures[2].flag = .forNil
            #expect(refusalOf(full) { $0.commit = mixed.protobuf } == .headerNotCommitted)

            // Three of four are more than two thirds.
            #expect(refusalOf(try world.chain.decide([], signers: [0, 1, 3])) == nil)
        }

        @Test("validators of the host's own do not decide anything")
        func otherValidators() throws {
            let own = try FourValidatorChain(folder: world.path("own"), validators: ["w", "x", "y", "z"])
            let block = try world.chain.decide([])
            var header = block.header
            header.validatorsHash = own.set.hash()
            header.nextValidatorsHash = own.set.hash()
            let forged = DecidedBlock(
                header: header, commit: own.commit(header, signers: [0, 1, 2, 3]), validators: own.set,
                transactions: [],
                previousResults: block.previousResults, storeRoots: block.storeRoots)
            #expect(refusalOf(forged) == .headerWrongValidators)
            // The set that the last header named, with powers of the host's choice.
            var weights = block
            weights.validators = ValidatorSet(
                ordered: block.validators.validators.enumerated().map { index, validator in
                    Validator(publicKey: validator.publicKey, power: index == 0 ? 1_000 : 10)!
                })!
            weights.commit = world.chain.commit(block.header, signers: [0])
            #expect(refusalOf(weights) == .headerWrongValidators)
        }

        @Test("a decided header of another chain, height, branch or time is not the next one")
        func notNext() throws {
            #expect(refusalOf(try world.chain.decide([]) { $0.chainID = "another-chain" }) == .headerWrongChain)
            #expect(refusalOf(try world.chain.decide([]) { $0.height += 1 }) == .headerWrongHeight)
            #expect(refusalOf(try world.chain.decide([]) { $0.height = .max }) == .headerWrongHeight)
            #expect(
                refusalOf(try world.chain.decide([]) { $0.time = FourValidatorChain.genesisTime })
                    == .headerTimeNotLater)
            #expect(refusalOf(try world.chain.decide([]) { $0.blockVersion = 12 }) == .headerMalformed)
            #expect(
                refusalOf(try world.chain.decide([], signers: [0, 1], changing: onAnotherBranch)) == .headerNotCommitted
            )
            #expect(
                refusalOf(try world.chain.decide([]) { $0.validatorsHash = SHA256.hash([3]) }) == .headerWrongValidators
            )
        }

        private func onAnotherBranch(_ header: inout Header) {
            header.lastBlockID!.hash = SHA256.hash([4])
        }

        @Test("a header that two thirds signed on another branch stops the enclave: it proves a second one at the head")
        func otherBranch() throws {
            try world.play([])
            #expect(refusalOf(try world.chain.decide([], changing: onAnotherBranch)) == .secondHeaderForHeight)
            try expectStopped()
        }

        @Test("a second header for a height stops the enclave if two thirds signed it, and is only refused if not")
        func secondHeader() throws {
            let first = try world.chain.decide([])
            let later: (inout Header) -> Void = { $0.time = self.world.chain.time(77) }
            let second = try world.chain.decide([], changing: later)
            let unsigned = try world.chain.decide([], signers: [0, 1], changing: later)
            try world.host.play(first)
            #expect(refusalOf(first) == .headerWrongHeight)
            #expect(refusalOf(unsigned) == .headerNotCommitted)
            // Signed by a set of the host's own, and with another block's signatures.
            let own = try FourValidatorChain(folder: world.path("own"), validators: ["w", "x", "y", "z"])
            #expect(
                refusalOf(second) {
                    $0.validators = own.set.protobuf
                    $0.commit = own.commit(second.header, signers: [0, 1, 2, 3]).protobuf
                } == .headerWrongValidators)
            #expect(refusalOf(second) { $0.commit = first.commit.protobuf } == .headerNotCommitted)
            try world.play([])
            // That height is behind: nobody can tell any more who was to sign it.
            #expect(refusalOf(second) == .headerWrongHeight)

            let third = try world.chain.decide([], signers: [0, 1, 3], changing: later)
            try world.play([])
            #expect(refusalOf(third) == .secondHeaderForHeight)
            try expectStopped()
        }

        @Test("a second header for the block that runs stops the enclave in the middle of it, if two thirds signed it")
        func secondHeaderWhileRunning() throws {
            let transaction = world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])
            let block = try world.begin([transaction])
            #expect(refusalOf(block) == .blockNotEnded)
            let later: (inout Header) -> Void = { $0.time = self.world.chain.time(77) }
            #expect(refusalOf(try world.chain.decide([], signers: [0], changing: later)) == .headerNotCommitted)
            // What was begun goes on: nothing that is not signed gets in its way.
            #expect(refusalOf(block) == .blockNotEnded)
            #expect(refusalOf(try world.chain.decide([], changing: later)) == .secondHeaderForHeight)
            #expect(refusal { try world.host.lane.runTransaction(RunTransaction(), answering: world.host) } == .stopped)
            try expectStopped()
        }

        private func expectStopped() throws {
            #expect(refusalOf(try world.chain.decide([])) == .stopped)
            #expect(refusal { try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice) } == .stopped)
        }

        @Test("store roots or results that are not the header's begin no block")
        func otherRoots() throws {
            let block = try world.chain.decide([])
            #expect(refusalOf(block) { $0.storeRoots[1].root[0] ^= 1 } == .storeRootsNotInHeader)
            #expect(refusalOf(block) { $0.storeRoots.swapAt(0, 1) } == .storeRootsNotInHeader)
            #expect(refusalOf(block) { $0.storeRoots.removeLast() } == .storeRootsNotInHeader)
            #expect(refusalOf(block) { $0.storeRoots[2].root = [] } == .storeRootsNotInHeader)
            #expect(refusalOf(block) { $0.previousResults.removeLast() } == .resultsNotInHeader)
            #expect(refusalOf(block) { $0.previousResults[0][0] ^= 1 } == .resultsNotInHeader)
            #expect(refusalOf(block) { $0.previousResults.swapAt(0, 1) } == .resultsNotInHeader)
        }

        @Test("an enclave whose results two thirds of the validators contradict stops for good")
        func contradictedResults() throws {
            let transaction = world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])
            let block = try world.begin([transaction])
            let result = try world.host.run(0)
            _ = try world.host.lane.endBlock()
            // The network says that it used one unit of gas more.
            let other = ExecutionResult(
                code: 0, data: result.sealed.data, gasWanted: Int64(result.gasWanted),
                gasUsed: Int64(result.gasUsed) + 1)
            try world.chain.adopt(block, writes: world.host.state.writes, results: [other])
            try expectStop()
        }

        @Test("an enclave that was kept from running what succeeded everywhere else stops for good")
        func skippedWhatSucceeded() throws {
            let transaction = world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])
            let block = try world.begin([transaction])
            _ = try world.host.lane.endBlock()
            let success = ExecutionResult(code: 0, data: [1], gasWanted: 400_000, gasUsed: 100_000)
            try world.chain.adopt(block, writes: [:], results: [success])
            // The host claims that it failed, with a result of its own.
            let failure = ExecutionResult(code: 32, data: [], gasWanted: 0, gasUsed: 0)
            try expectStop { $0.previousFailures = [FailedResult(index: 0, leaf: failure.protobuf)] }
        }

        @Test("an enclave that refused what succeeded everywhere else stops for good")
        func refusedWhatSucceeded() throws {
            let message = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")
            let block = try world.begin([world.alice.sign([message]) { $0.chainID = "another-chain" }])
            #expect(refusal { try world.host.run(0) } == .signatureInvalid)
            _ = try world.host.lane.endBlock()
            let success = ExecutionResult(code: 0, data: [1], gasWanted: 400_000, gasUsed: 100_000)
            try world.chain.adopt(block, writes: [:], results: [success])
            try expectStop()
        }

        private func expectStop(changing change: (inout BeginBlock) -> Void = { _ in }) throws {
            let next = try world.chain.decide([])
            #expect(refusalOf(next, changing: change) == .resultsDiffer)
            #expect(refusalOf(next) == .stopped)
            #expect(refusal { try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice) } == .stopped)
        }
    }
}
