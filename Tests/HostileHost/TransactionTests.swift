import EnclaveProtocol
import PublicCryptography
import SignedTransactions
import Testing
import TransactionFixtures
import WalletClient

extension HostileHostSuite {
    /// A host that lies about which transactions are in a block, in which order, and how often.
    @Suite struct TransactionTests {
        let world: World

        init() throws { world = try World() }

        private func increment(fee: UInt128 = 2_500) throws -> [UInt8] {
            world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")], fee: fee)
        }

        @Test("a transaction of an earlier block does not run again")
        func replayedInLaterBlock() throws {
            let transaction = try increment()
            try world.play([transaction])
            // The network was made to decide it again; every honest host's ante rules refuse it.
            try world.begin([transaction])
            #expect(refusal { try world.host.run(0) } == .sequenceUsed)
            #expect(world.host.outputs.isEmpty)
        }

        @Test("a transaction that stands twice in a block runs once")
        func replayedInBlock() throws {
            let transaction = try increment()
            try world.begin([transaction, transaction])
            #expect(try world.host.run(0).code == 0)
            #expect(refusal { try world.host.run(1) } == .sequenceUsed)
            #expect(refusal { try world.host.run(0) } == .transactionRevisited)
            #expect(world.host.outputs.count == 1)
        }

        @Test("what a host puts in the place of a transaction is not in the block")
        func notInBlock() throws {
            let (decided, other) = (try increment(), try increment())
            try world.host.begin(try world.chain.decide([decided]))
            #expect(refusal { try world.host.hand([other]) } == .transactionsNotInHeader)
            #expect(refusal { try world.host.hand([decided, other]) } == .transactionsNotInHeader)
            #expect(refusal { try world.host.run(0) } == .transactionMissing)
            try world.host.hand()
            #expect(refusal { try world.host.hand() } == .chunkOutOfOrder)
            #expect(world.host.outputs.isEmpty)
        }

        @Test("a list of hashes that is not the header's begins no block")
        func otherHashes() throws {
            let (decided, other) = (try increment(), try increment())
            let block = try world.chain.decide([decided])
            #expect(
                refusal { try world.host.begin(block) { $0.transactionHashes = [SHA256.hash(other).bytes] } }
                    == .transactionsNotInHeader)
            #expect(
                refusal { try world.host.begin(block) { $0.transactionHashes.append(SHA256.hash(other).bytes) } }
                    == .transactionsNotInHeader)
            #expect(refusal { try world.host.begin(block) { $0.transactionHashes = [] } } == .transactionsNotInHeader)
            #expect(refusal { try world.host.run(0) } == .noBlockBegun)
        }

        @Test("a transaction that was skipped is not revisited")
        func skippedThenRevisited() throws {
            // Free of charge: of who had a transaction skipped nothing counts, not even for a fee.
            try world.begin([try increment(fee: 0), try increment(fee: 0)])
            #expect(try world.host.run(1).code == 0)
            #expect(refusal { try world.host.run(0) } == .transactionRevisited)
            #expect(world.host.outputs.count == 1)
        }

        @Test("altered funds, an altered sender or an altered fee are not what was signed")
        func altered() throws {
            let message = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}", funds: 1)
            let signed = try TransactionEnvelope(decoding: world.alice.sign([message]))
            let authentication = try AuthenticationInfo(decoding: signed.authenticationBytes)

            func forge(_ messages: [AnyMessage]? = nil, _ change: (inout AuthenticationInfo) -> Void = { _ in })
                -> [UInt8]
            {
                var forged = authentication
                change(&forged)
                let body = messages.map { TransactionBody(messages: $0).encoded } ?? Array(signed.bodyBytes)
                return TransactionEnvelope(
                    body: body, authentication: forged.encoded, signatures: signed.signatures.map { Array($0) }
                ).bytes
            }
            guard case .execute(var moreFunds) = try ComputeMessage.decode(message) else { return }
            moreFunds.funds = [Coin(100_000, "uscrt")]
            guard case .execute(var otherSender) = try ComputeMessage.decode(message) else { return }
            otherSender.sender = world.mallory.address
            // Even if two thirds of the validators were made to decide them.
            let forgeries = [
                forge([ComputeMessage.execute(moreFunds).any]),
                forge([ComputeMessage.execute(otherSender).any]),
                forge { $0.fee.amount = [Coin(1, "uscrt")] },
                forge { $0.fee.gasLimit = 100_000_000 },
            ]
            try world.begin(forgeries)
            for index in forgeries.indices {
                #expect(refusal { try world.host.run(index) } == .signatureInvalid, "forgery \(index)")
            }
            #expect(world.host.outputs.isEmpty)
        }

        @Test("a signature for another chain, a stranger's, and one past its time are refused")
        func notForHere() throws {
            let message = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")
            let stranger = User("stranger", number: 77, ioPublicKey: world.opened.ioPublicKey)
            try world.begin([
                world.alice.sign([message], sequence: 9) { $0.chainID = "another-chain" },
                stranger.sign([try stranger.execute(world.aliceCounter, "{\"increment\":{}}")]),
                world.alice.sign([message], sequence: 9) { $0.timeoutHeight = 1 },
                world.alice.sign([world.alice.send(1, to: world.mallory.address)], sequence: 9),
                [1, 2, 3],
            ])
            #expect(refusal { try world.host.run(0) } == .signatureInvalid)
            #expect(refusal { try world.host.run(1) } == .signerUnknown)
            #expect(refusal { try world.host.run(2) } == .timedOut)
            #expect(refusal { try world.host.run(3) } == .transactionNotDriven)
            #expect(refusal { try world.host.run(4) } == .transactionMalformed)
            #expect(refusal { try world.host.run(5) } == .transactionMissing)
            #expect(world.host.outputs.isEmpty)
        }

        @Test("a later message that fails takes back what an earlier one revealed")
        func failsAfterRevealing() throws {
            let reveal = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}", isBound: false)
            let fail = try world.alice.execute(world.aliceCounter, "{\"fail\":{\"text\":\"no\"}}")
            try world.begin([world.alice.sign([reveal, fail])])
            let result = try world.host.run(0)
            #expect(result.code == 3 && result.codespace == "compute")
            #expect(result.data.isEmpty && result.events.isEmpty && result.storedCodes.isEmpty)
            // What stays is whose the unbound input is, and nothing of the contract's.
            #expect(result.writes.map { $0.key.first } == [0x0d])
            try world.host.end()
            try world.play([])
            #expect(try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice).text == "{\"count\":41}")
        }

        @Test("what an earlier message revealed does not leave before the last one has succeeded")
        func nothingLeavesEarly() throws {
            let reveal = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")
            try world.begin([world.alice.sign([reveal, world.alice.send(1, to: world.mallory.address)])])
            world.enclave.tap.forget()
            struct Stop: Error {}
            // The host has everything that left up to the ledger message, and ends the enclave there.
            world.host.tricks.ledger = { _, _ in throw Stop() }
            #expect(throws: Stop.self) { try world.host.run(0) }
            #expect(world.host.outputs.isEmpty)
            let left = world.enclave.tap.fromEnclave
            #expect(left.count > 0)
            // Every window of what left, tried as the sealed answer to the message.
            let sealedBytes = 16 + Base64.encode(Array("{\"count\":42}".utf8)).utf8.count
            for start in 0...(max(left.count, sealedBytes) - sealedBytes) {
                let window = Array(left[start..<start + sealedBytes])
                #expect(world.alice.encryption.open(window, answerTo: reveal.sealedInput) == nil)
            }
        }
    }
}
