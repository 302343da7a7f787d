import DecidedBlocks
import EnclaveProtocol
import LedgerRecords
import PublicCryptography
import SecretCryptography
import SignedTransactions
import StateProofs
import Testing
import TransactionFixtures
import WalletClient

extension HostileHostSuite {
    /// A host that has contracts called in the chain's own name.
    @Suite struct ScheduledCallTests {
        private static let counter = ContractAddress.derive(
            codeID: 1, instanceID: 1, creator: FixtureKey("alice").address)

        private static let codeHash = Hexadecimal.encode(CounterContract.codeHash.bytes)

        /// An increment of Alice's counter in the chain's name, without a signature, for the second block.
        private func call(
            place: UInt64, message: String = "{\"increment\":{}}", contract: AccountAddress = counter,
            timeout: UInt64 = 2, funds: [Coin] = []
        ) -> [UInt8] {
            let execute = ComputeMessage.execute(
                .init(
                    sender: CronStore.sender, contract: contract, message: input(place: place, message), funds: funds))
            let body = TransactionBody(messages: [execute.any], memo: "tick", timeoutHeight: timeout)
            let authentication = AuthenticationInfo(
                signers: [SignerInfo(publicKey: nil, mode: .single(.direct), sequence: place)],
                fee: Fee(gasLimit: 5_000_000))
            return TransactionEnvelope(body: body.encoded, authentication: authentication.encoded, signatures: [[]])
                .bytes
        }

        /// In clear.
        private func input(place: UInt64, _ message: String = "{\"increment\":{}}") -> [UInt8] {
            SHA256.hash([UInt8(truncatingIfNeeded: place)]).bytes + CronStore.publicKey
                + Array((Self.codeHash + message).utf8)
        }

        /// The state before the second block says that these are due in it.
        private func world(due: [UInt64: [UInt8]]) throws -> World {
            let records = due.map { (CronStore.dueKey($0.key), $0.value as [UInt8]?) }
            return try World(ledger: [StoreName.cron: Dictionary(uniqueKeysWithValues: records)])
        }

        @Test("what the proved state says is due runs, and its answer is everybody's")
        func due() throws {
            let calls = (1...3).map { call(place: $0) }
            let world = try world(due: [1: calls[0], 2: calls[1], 3: calls[2]])
            let block = try world.begin([calls[0], calls[2]])
            #expect(try world.host.run(0).code == 0)
            #expect(try world.host.run(1).code == 0)
            world.records[block.header.height] = try world.host.end()
            let outputs = world.host.outputs
            try world.play([])
            #expect(try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice).text == "{\"count\":43}")
            let data = try MessageResponse.contractResult(TransactionData(decoding: outputs[0].data).responses[0]).data
            let everybody = ContractEncryption(
                privateKey: SecretKey(copying: SHA256.hash(Array("cloister cron".utf8)).bytes)!,
                ioPublicKey: world.opened.ioPublicKey)
            let opened = try #require(everybody.openData(data, answerTo: input(place: 1)))
            #expect(String(decoding: opened, as: UTF8.self) == "{\"count\":42}")
        }

        @Test("a call that stands behind its place, or twice, runs no second time")
        func misplaced() throws {
            let calls = (1...3).map { call(place: $0) }
            let world = try world(due: [1: calls[0], 2: calls[1], 3: calls[2]])
            try world.begin([calls[0], calls[2], calls[1], calls[0]])
            #expect(try world.host.run(0).code == 0 && world.host.run(1).code == 0)
            #expect(refusal { try world.host.run(2) } == .sequenceUsed)
            #expect(refusal { try world.host.run(3) } == .sequenceUsed)
            #expect(world.host.outputs.count == 2)
        }

        @Test("nothing else runs in the chain's name, whatever two thirds of the validators decide")
        func notDue() throws {
            let due = call(place: 1)
            let world = try world(due: [1: due])
            // Each as it would be signed, were there a key.
            let forged = [
                call(place: 2), call(place: 1, message: "{\"reset\":{\"count\":0}}"),
                call(place: 1, contract: FixtureKey("mallory").address), call(place: 1, timeout: 3),
                call(place: 1, funds: [Coin(1, "uscrt")]), call(place: 0), call(place: .max),
            ]
            try world.begin(forged)
            for index in forged.indices {
                #expect(refusal { try world.host.run(index) } == .signatureInvalid, "\(index)")
            }
            #expect(world.host.outputs.isEmpty)
        }

        @Test("a host cannot show a call as due that is not, nor hide that one is")
        func lies() throws {
            let (due, other) = (call(place: 1), call(place: 1, message: "{\"reset\":{\"count\":0}}"))
            for (record, shown, called) in [(due, other as [UInt8]?, other), (due, nil, due)] {
                let world = try world(due: [1: record])
                world.host.tricks.readState = { read, honest in
                    guard read.reads[0].store == StoreName.cron else { return honest }
                    var lie = honest
                    lie[0].values = [shown]
                    return lie
                }
                try world.begin([called])
                #expect(refusal { try world.host.run(0) } == .proofInvalid)
                #expect(world.host.outputs.isEmpty)
            }
        }

        @Test("a chain that knows no such calls runs none, and asks nobody")
        func withoutStore() throws {
            let world = try World()
            world.host.tricks.readState = { read, honest in
                #expect(read.reads[0].store != StoreName.cron)
                return honest
            }
            try world.begin([call(place: 1)])
            #expect(refusal { try world.host.run(0) } == .signatureInvalid)
        }

        @Test("a call past its block is timed out, and what is in clear is the chain's alone to say")
        func late() throws {
            let late = call(place: 1, timeout: 1)
            let world = try world(due: [1: late])
            let inClear = world.mallory.execute(world.aliceCounter, sealed: input(place: 1))
            try world.begin([late, world.mallory.sign([inClear])])
            #expect(refusal { try world.host.run(0) } == .timedOut)
            let result = try world.host.run(1)
            #expect(result.code != 0 && result.log.contains("failed to decrypt data"), "\(result)")
        }
    }
}
