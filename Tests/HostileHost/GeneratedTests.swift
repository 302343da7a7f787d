import Bank
import ChainApplication
import ChainInterface
import EnclaveLink
import EnclaveProtocol
import Foundation
import HostileClient
import ModuleKit
import PublicCryptography
import SignedTransactions
import StrictJSON
import Testing
import TransactionFixtures
import WalletClient
import WasmKit

extension HostileHostSuite {
    /// Transactions and queries that are drawn, and those that once ended a chain, on the real enclave with the honest
    /// host's own code: whatever is sent, each run ends in a frame, both ways, and everybody goes on.
    ///
    /// `CLOISTER_HOSTILE_SEED` repeats a run; `CLOISTER_HOSTILE_BLOCKS` makes it longer.
    @Suite struct GeneratedTests {
        let node: HonestNode
        private(set) var scene: Scene

        private static let environment = ProcessInfo.processInfo.environment
        private static let blocks = environment["CLOISTER_HOSTILE_BLOCKS"].flatMap { Int($0) } ?? 5

        init() throws {
            node = try HonestNode(users: (0..<24).map { "hostile \($0)" })
            scene = Scene(chainID: FourValidatorChain.chainID, users: node.users)
            scene.modules = [CounterContract.code, ProbeContract.code]
            // A debug build takes its time for every byte; longer runs send longer transactions too.
            if GeneratedTests.blocks < 50 { (scene.transactionBytesMax, scene.textBytesMax) = (700_000, 60_000) }
            try install()
        }

        private func sign(_ messages: [AnyMessage], by user: HostileUser, gas: UInt64 = 50_000_000) -> [UInt8] {
            var transaction = FixtureTransaction(messages, by: user.key, number: user.number, sequence: user.sequence)
            transaction.chainID = FourValidatorChain.chainID
            transaction.gasLimit = gas
            user.sequence += 1
            return transaction.bytes
        }

        /// Two puppets and a counter.
        private mutating func install() throws {
            let user = node.users[0]
            let stored = try node.run(
                [PuppetContract.code, CounterContract.code].map { code in
                    sign([ComputeMessage.storeCode(.init(sender: user.address, code: code[...])).any], by: user)
                })
            try #require(stored.map(\.code) == [0, 0], "\(stored.map(\.log))")
            scene.puppetCodeID = 1
            scene.puppetCodeHash = PuppetContract.codeHash
            let wanted = [
                (1, PuppetContract.codeHash, "{}"), (1, PuppetContract.codeHash, "{}"),
                (2, CounterContract.codeHash, "{\"count\":1}"),
            ]
            let made = try node.run(
                wanted.enumerated().map { index, wanted in
                    let sealed = try user.encryption.seal(
                        Array(wanted.2.utf8), codeHash: wanted.1.description, owner: (user.address, wanted.1.bytes))
                    let message = ComputeMessage.instantiate(
                        .init(
                            sender: user.address, codeID: UInt64(wanted.0), label: "\(index)", message: sealed,
                            admin: user.address))
                    return sign([message.any], by: user)
                })
            for (index, result) in made.enumerated() {
                try #require(result.code == 0, "\(result.log)")
                let response = try TransactionData(decoding: result.data).responses[0]
                scene.contracts.append(
                    Scene.Contract(
                        address: try MessageResponse.contractResult(response).address!, codeHash: wanted[index].1,
                        isPuppet: index < 2))
            }
        }

        private func execute(_ order: String) throws -> AnyMessage {
            let (user, puppet) = (node.users[0], scene.contracts[0])
            let sealed = try user.encryption.seal(
                Array(order.utf8), codeHash: puppet.codeHash.description, owner: (user.address, puppet.address.bytes))
            return ComputeMessage.execute(.init(sender: user.address, contract: puppet.address, message: sealed)).any
        }

        /// That what is left of a block crosses and is kept, and that nobody has gone.
        private func expectSound(_ results: [TransactionResult], _ name: (Int) -> String) throws {
            for (index, result) in results.enumerated() {
                #expect(result.log.utf8.count <= ResultLimits.logBytesMax, "\(name(index))")
                #expect(result.codespace.utf8.count <= ResultLimits.codespaceBytesMax, "\(name(index))")
                #expect(ResultLimits.byteCount(of: result.events) != nil, "\(name(index))")
            }
            _ = try node.enclave.control.health()
        }

        // MARK: - What once ended a chain

        @Test("an import with a name of two mebibytes is a failed transaction, for enclave and host alike")
        func longestName() throws {
            let packed = RunPacker.gzip(WasmAssembly.module(importing: 2_097_040))
            let user = node.users[0]
            let store = ComputeMessage.storeCode(.init(sender: user.address, code: packed[...])).any
            let results = try node.run([sign([store], by: user), sign([try execute("{}")], by: user)])
            #expect(results.map(\.code) == [15, 0], "\(results.map(\.log))")
            try expectSound(results) { "\($0)" }
            try node.restart()
            #expect(try node.run([sign([try execute("{}")], by: user)]).map(\.code) == [0])
        }

        @Test("17,500 coins without order beside a call are a failed transaction, for enclave and host alike")
        func unsortedCoins() throws {
            let coins = (0..<17_500).reversed().map {
                Coin(1, String(repeating: "d", count: 122) + String(100_000 + $0))
            }
            let user = node.users[0]
            let send = BankMessage.send(.init(from: user.address, to: node.users[1].address, amount: coins)).any
            let results = try node.run([
                sign([try execute("{}"), send], by: user), sign([send], by: user), sign([try execute("{}")], by: user),
            ])
            #expect(results.map { $0.code == 0 } == [false, false, true], "\(results.map(\.log))")
            try expectSound(results) { "\($0)" }
            try node.restart()
            #expect(try node.run([sign([try execute("{}")], by: user)]).map(\.code) == [0])
        }

        @Test(
            "a multiple send of 2,100 outputs beside a call runs, and one without order fails alone, for both alike")
        func manyOutputs() throws {
            let user = node.users[0]
            let outputs = (0..<2_100).map {
                BankMessage.Party(address: node.users[1 + $0 % 7].address, coins: [Coin(1, "uscrt")])
            }
            let many = BankMessage.multiSend(
                .init(inputs: [.init(address: user.address, coins: [Coin(2_100, "uscrt")])], outputs: outputs)
            ).any
            let unsorted = (0..<2_500).reversed().map { Coin(1, "denomination/of/fifty/bytes/\(1_000_000_000 + $0)") }
            let without = BankMessage.multiSend(
                .init(
                    inputs: [.init(address: user.address, coins: [Coin(1, "uscrt")])],
                    outputs: [.init(address: node.users[1].address, coins: unsorted)])
            ).any
            let before = try balance(of: node.users[1])
            let results = try node.run([
                sign([try execute("{}"), many], by: user), sign([try execute("{}"), without], by: user),
                sign([try execute("{}")], by: user), sign([many], by: user),
            ])
            #expect(results.map(\.code) == [0, 10, 0, 0], "\(results.map { $0.log.prefix(200) })")
            #expect(try balance(of: node.users[1]) == before + 600)
            try expectSound(results) { "\($0)" }
            try node.restart()
            #expect(try node.run([sign([try execute("{}")], by: user)]).map(\.code) == [0])
        }

        private func balance(of user: HostileUser) throws -> UInt128 {
            try BankModule.balance(
                of: user.address, denomination: "uscrt",
                on: node.application.state(at: node.application.committedHeight))
        }

        // MARK: - What is drawn

        @Test("whatever users sign and ask, each run ends in a frame, both ways, and enclave and host go on")
        func generated() throws {
            let chosen = GeneratedTests.environment["CLOISTER_HOSTILE_SEED"].flatMap { UInt64($0) }
            let seed = chosen ?? UInt64.random(in: 1...UInt64.max)
            let blocks = GeneratedTests.blocks
            var generator = HostileGenerator(seed: seed, scene: scene)
            var (succeeded, driven, asked, answered) = (0, 0, 0, 0)
            var ends: [String: Int] = [:]
            for block in 1...blocks {
                var attempts = [HostileGenerator.Attempt]()
                var bytes = 0
                while attempts.count < 24, bytes < 6 << 20 {
                    let attempt = try generator.attempt()
                    attempts.append(attempt)
                    bytes += attempt.bytes.count
                }
                // As they come, and as they would come into a block.
                for attempt in attempts { _ = try node.application.checkTransaction(attempt.bytes, .new) }
                attempts = try attempts.filter { try node.isAcceptable([$0.bytes]) }
                let results: [TransactionResult]
                do {
                    results = try node.run(attempts.map(\.bytes))
                } catch {
                    Issue.record("seed \(seed), block \(block): \(error)\n\(attempts.map(\.name))")
                    return
                }
                #expect(results.count == attempts.count, "seed \(seed), block \(block)")
                try expectSound(results) { "seed \(seed), block \(block): \(attempts[$0].name)" }
                succeeded += results.count { $0.code == 0 }
                for result in results { ends["\(result.codespace) \(result.code)", default: 0] += 1 }
                driven += attempts.count { (try? Transaction(decoding: $0.bytes))?.hasComputeMessage == true }
                try ask(&generator, "seed \(seed), block \(block)", &asked, &answered)
            }
            // Otherwise the run would say little.
            #expect(succeeded > blocks / 2 && driven > 3 * blocks, "seed \(seed): \(ends.sorted { $0.key < $1.key })")
            #expect(answered > 0, "seed \(seed)")
            try node.restart()
            try node.run([])
            let last = try node.run([sign([try execute("{}")], by: node.users[0])])
            #expect(last.map(\.code) == [0], "seed \(seed)")
        }

        private func ask(
            _ generator: inout HostileGenerator, _ place: String, _ asked: inout Int, _ answered: inout Int
        ) throws {
            for _ in 0..<6 {
                let question = try generator.question()
                asked += 1
                do {
                    let answer = try node.ask(question.contract, question.input, gas: 1_000_000)
                    #expect(answer.error.utf8.count <= ResultLimits.logBytesMax, "\(place): \(question.name)")
                    if answer.error.isEmpty { answered += 1 }
                } catch EnclaveError.refused(let failure) {
                    #expect(!failure.closesLane, "\(place): \(question.name): \(failure)")
                } catch Failure.frameTooLong {
                    // More than a query may have: it never left the host.
                    #expect(question.input.count > 2_048_000 || question.contract.count > 20, "\(place)")
                }
            }
            _ = try node.enclave.control.health()
        }
    }
}
