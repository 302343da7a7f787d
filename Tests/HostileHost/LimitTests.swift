import PublicCryptography
import SignedTransactions
import TestSupport
import Testing
import TransactionFixtures
import WalletClient
import WasmKit
import Wire

extension HostileHostSuite {
    /// What comes through consensus can fail only its own transaction: nothing that a user signs, or that a proposer
    /// puts into a block, ends the enclave or its lane.
    @Suite struct LimitTests {
        let world: World

        init() throws { world = try World() }

        @Test("gas that runs out anywhere, inside a sub-message too, fails the transaction alone")
        func outOfGas() throws {
            let inner = Base64.encode(Array("{\"increment\":{}}".utf8))
            let call = """
                {"call":{"contract":"\(world.malloryCounter!)","code_hash":"\(Hexadecimal.encode(CounterContract.codeHash.bytes))",\
                "msg":"\(inner)","reply_on":"always"}}
                """
            let message = try world.alice.execute(world.aliceCounter, call, funds: 10)
            let limits = stride(from: UInt64(10_000), through: 150_000, by: 5_000)
            try world.begin(
                limits.map { world.alice.sign([message], gas: $0) } + [world.alice.sign([message], gas: .max)])
            let codes = try (0..<limits.underestimatedCount + 1).map { try world.host.run($0).code }
            #expect(Set(codes) == [0, 11])
            #expect(codes.last == 0)
            for result in world.host.outputs where result.code != 0 {
                #expect(result.data.isEmpty && result.events.isEmpty && result.writes.isEmpty)
            }
            try world.host.end()
            try world.play([])
            let count = 7 + codes.count { $0 == 0 }
            #expect(
                try world.query(world.malloryCounter, "{\"get_count\":{}}", by: world.alice).text
                    == "{\"count\":\(count)}")
        }

        @Test("messages that are malformed behind their signer fail the transaction alone")
        func malformedMessages() throws {
            let sender = world.alice.address.description
            let increment = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")
            let malformed = [
                // A receiver that is no address, no receiver at all, an amount that is no number, bytes that are no
                // fields.
                ProtobufWriter.encode { writer in
                    writer.string(1, sender)
                    writer.string(2, "nobody")
                },
                ProtobufWriter.encode { $0.string(1, sender) },
                ProtobufWriter.encode { writer in
                    writer.string(1, sender)
                    writer.string(2, sender)
                    writer.message(3) { $0.string(2, "-1") }
                },
                ProtobufWriter.encode { $0.string(1, sender) } + [0x1a, 0x7f],
            ].map { AnyMessage(typeURL: BankMessage.sendTypeURL, value: $0) }
            let compute = AnyMessage(
                typeURL: increment.typeURL, value: ProtobufWriter.encode { $0.bytes(1, world.alice.address.bytes) })
            let transactions =
                (malformed + [compute]).map { world.alice.sign([increment, $0]) } + [world.alice.sign([increment])]
            try world.begin(transactions)
            for index in malformed.indices {
                // Some are no transactions at all; none succeeds, and none ends the lane.
                let result = try? world.host.run(index)
                #expect(result?.code != 0, "message \(index)")
            }
            _ = try? world.host.run(malformed.count)
            #expect(try world.host.run(transactions.count - 1).code == 0)
        }

        @Test("a ledger message that no frame can carry fails the transaction alone")
        func largeMessage() throws {
            let large = AnyMessage(
                typeURL: "/cosmos.staking.v1beta1.MsgDelegate",
                value: ProtobufWriter.encode { writer in
                    writer.string(1, world.alice.address.description)
                    writer.bytes(2, [UInt8](repeating: 1, count: 5 << 20))
                })
            let increment = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")
            try world.begin([
                world.alice.sign([increment, large], gas: 100_000_000), world.alice.sign([increment], fee: 0),
            ])
            let result = try world.host.run(0)
            #expect(result.code == 21 && result.data.isEmpty && result.writes.isEmpty)
            #expect(try world.host.run(1).code == 0)
        }

        @Test(
            "a module whose one import has a name of two mebibytes fails its own transaction, with a log that crosses")
        func longestName() throws {
            let code = WasmAssembly.module(importing: 2_097_040)
            #expect(code.count <= 2 << 20)
            let packed = try compressed(code, in: world.folder.url)
            #expect(packed.count < 4_096)
            let increment = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")
            try world.play([
                world.alice.sign([world.alice.storeCode(packed)], gas: 100_000_000), world.alice.sign([increment]),
            ])
            #expect(world.host.outputs.map(\.code) == [15, 0])
            let log = world.host.outputs[0].log
            #expect(log.contains("requires unsupported import: env.nnnn") && log.utf8.count == 65_536)
            #expect(world.host.outputs[0].writes.isEmpty && world.host.outputs[0].storedCodes.isEmpty)
            #expect(try world.isAlive())
        }

        @Test("texts that take minutes to compare, wherever one can be put, fail what they are in and hold up nobody")
        func marks() throws {
            func marks(_ count: Int) -> String { "a" + String(repeating: "\u{301}\u{323}", count: count / 4) }
            let response = "\"attributes\":[],\"events\":[],\"data\":null}}"
            let outputs = [
                "{\"Ok\":{\"\(marks(900_000))\":[]}}",
                "{\"Ok\":{\"messages\":[\(Told.message("{\"\(marks(900_000))\":{}}"))],\(response)",
                "{\"Ok\":{\"messages\":[\(Told.message("{\"wasm\":{\"\(marks(900_000))\":{}}}"))],\(response)",
            ]
            let contracts = outputs.map { StrangeContract(saying: $0) }
            let addresses = try world.install(contracts).addresses
            var named = WasmAssembly()
            named.importFunction(marks(2_000_000), [], [])
            let increment = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")
            let begin = ContinuousClock.now
            var transactions = [
                world.alice.sign(
                    [world.alice.storeCode(try compressed(named.bytes(), in: world.folder.url))], gas: 30_000_000)
            ]
            for (contract, address) in zip(contracts, addresses) {
                transactions.append(world.alice.sign([try world.tell(contract, at: try #require(address))]))
            }
            try world.play(transactions + [world.alice.sign([increment])])
            #expect(world.host.outputs.map(\.code) == [15, 3, 3, 3, 0], "\(world.host.outputs.map(\.log))")
            let other = AnyMessage(typeURL: "/" + marks(2_000_000), value: [])
            try world.begin([world.alice.sign([increment, other]), world.alice.sign([increment])])
            #expect((try? world.host.run(0)) == nil)
            #expect(ContinuousClock.now - begin < .seconds(60))
        }

        @Test("coins without order, as many as fit, beside a call fail their own transaction, with a log that crosses")
        func manyCoins() throws {
            let coins = (0..<17_500).reversed().map { number in
                Coin(1, "d" + String(repeating: "x", count: 121) + String(100_000 + number))
            }
            let send = BankMessage.send(.init(from: world.alice.address, to: world.mallory.address, amount: coins)).any
            let share = BankMessage.multiSend(
                .init(
                    inputs: [.init(address: world.alice.address, coins: coins)],
                    outputs: [.init(address: world.mallory.address, coins: coins)])
            ).any
            let increment = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")
            try world.play([
                world.alice.sign([increment, send], gas: 100_000_000),
                world.alice.sign([increment, share], gas: 100_000_000), world.alice.sign([increment]),
            ])
            #expect(world.host.outputs.map { $0.code != 0 } == [true, true, false])
            for result in world.host.outputs {
                #expect(result.log.utf8.count <= 65_536)
                #expect(result.code == 0 || (result.data.isEmpty && result.writes.isEmpty && result.events.isEmpty))
            }
            #expect(try world.isAlive())
        }

        @Test("an error of a contract that is longer than a log reaches its caller cut, and still opens")
        func longError() throws {
            let text = String(repeating: "\u{00e9}", count: 400_000)
            let contract = StrangeContract(saying: Array("{\"Err\":{\"generic_err\":{\"msg\":\"\(text)\"}}}".utf8))
            let address = try #require(try world.install([contract]).addresses[0])
            let told = try world.tell(contract, at: address)
            try world.play([world.alice.sign([told], gas: 3_000_000)])
            let result = world.host.outputs[0]
            #expect(result.code == 3 && result.log.utf8.count <= 65_536, "\(result.log.prefix(200))")
            #expect(result.log.hasSuffix(": execute contract failed"))
            let opened = world.alice.encryption.openError(result.log, answerTo: told.sealedInput)
            #expect(opened.contains("\u{00e9}\u{00e9}") && opened.utf8.count > 32_000)
            #expect(try world.isAlive())
        }

        @Test("a transaction with more signers than one question can ask for stops nobody")
        func manySigners() throws {
            let inputs = (0..<1_100).map { number in
                ProtobufWriter.encode {
                    $0.string(
                        1,
                        AccountAddress(SHA256.hash([UInt8(number & 255), UInt8(number >> 8)]).bytes.prefix(20))!
                            .description)
                }
            }
            let message = AnyMessage(
                typeURL: BankMessage.multiSendTypeURL,
                value: ProtobufWriter.encode { writer in for input in inputs { writer.message(1, input) } })
            let authentication = AuthenticationInfo(
                signers: inputs.map { _ in SignerInfo(publicKey: nil, mode: .single(.direct), sequence: 0) },
                fee: Fee(amount: [], gasLimit: 1))
            let crowd = TransactionEnvelope(
                body: TransactionBody(messages: [message]).encoded, authentication: authentication.encoded,
                signatures: inputs.map { _ in [UInt8](repeating: 1, count: 64) }
            ).bytes
            let increment = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}", funds: 10)
            try world.begin([crowd, world.alice.sign([increment])])
            #expect(try world.host.run(1).code == 0)
        }

        @Test("a block with more than one chunk, and one with none for the enclave, run")
        func chunks() throws {
            let memo = String(repeating: "m", count: 1 << 20)
            let large = (0..<6).map { _ in
                world.alice.sign([world.alice.send(1, to: world.mallory.address)], gas: 20_000_000) { $0.memo = memo }
            }
            try world.play(
                large + [world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])])
            #expect(world.host.outputs.map(\.code) == [0])
            try world.play([world.alice.sign([world.alice.send(1, to: world.mallory.address)])])
            try world.play([])
        }

        @Test("a block of seventeen hundred calls ends, and a restart opens the record that it left")
        func manyCalls() throws {
            let message = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")
            try world.play((0..<1_700).map { _ in world.alice.sign([message], gas: 20_000) })
            #expect(world.host.outputs.count == 1_700)
            try world.restart(fromHeight: world.chain.height)
            try world.play([world.alice.sign([message])])
            #expect(world.host.outputs.map(\.code) == [0])
        }
    }
}
