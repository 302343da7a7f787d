import Foundation
import Glibc
import LedgerRecords
import SignedTransactions
import StrictJSON
import TestSupport
import Testing
import WalletClient

extension Scenarios {
    /// A developer's day: a new contract, a network that tells where it stops, and the wallet's command.
    @Suite(.serialized) struct FindingOutWhyTests {
        private struct Developer {
            let net: LocalnetProcess
            let project: NewProject

            /// Runs `cloister … -o json` in the project, as the network's account `a`.
            func cloister(_ arguments: [String]) async throws -> (
                ending: ChildProcess.Ending, json: JSONValue, text: String
            ) {
                let run = try await ChildProcess.run(
                    Programs.path("cloister"),
                    arguments + [
                        "--from", "a", "--home", net.home + "/client", "--node", net.client.node, "-o", "json",
                    ],
                    folder: project.path)
                let last = run.output.split(separator: "\n").last { $0.hasPrefix("{") }
                let json = last.flatMap { try? JSONReader.parse(Array($0.utf8), limits: JSONLimits(bytesMax: 1 << 20)) }
                return (run.ending, json ?? .null, run.output)
            }
        }

        @Test(
            "a call's gas comes from the published profile, and one that fails is explained to its caller with a backtrace"
        )
        func story() async throws {
            let project = try await NewProject("greeter")
            try project.edit(
                "contract/Contract.swift", "count.save(try count.load() + 1)",
                #"if name == "nobody" { fatalError() }"# + "\n            count.save(try count.load() + 1)")
            #expect(try await project.cloister("build").ending == .exit(0))
            let net = try LocalnetProcess()
            try await net.start(["--development-enclave"])
            #expect(net.output.contains("cloister-enclave-development: tells callers where contracts stopped"))
            let developer = Developer(net: net, project: project)

            // Stored with its profile, which anybody can read beside the code.
            let stored = try await developer.cloister([
                "tx", "compute", "store", "build/contract.wasm", "--source", "https://example.org/greeter",
                "--gas-profile", "build/contract.gas", "--gas", "auto",
            ])
            #expect(stored.json["code_id"]?.string == "1", "\(stored.text)")
            let source = try await net.client.get("/compute/v1beta1/code/1")["code_info"]?["source"]?.string
            #expect(source?.hasPrefix("https://example.org/greeter#gas=1;i=2") == true)

            let made = try await developer.cloister([
                "tx", "compute", "instantiate", "1", #"{"greeting":"hello"}"#, "--label", "greeter", "--gas", "auto",
                "--explain",
            ])
            let contract = try #require(made.json["contract_address"]?.string, "\(made.text)")
            #expect(made.json["messages"]?[0]?["message"]?.string == #"{"greeting":"hello"}"#)
            let greeting = #"{"greet":{"name":"Ada"}}"#
            let greeted = try await developer.cloister([
                "tx", "compute", "execute", contract, greeting, "--gas", "auto", "--explain",
            ])
            #expect(greeted.ending == .exit(0), "\(greeted.text)")
            #expect(greeted.json["answers"]?[0]?.string == #""hello, Ada""#)
            let wanted = try #require(greeted.json["gas"]?["wanted"]?.string.flatMap { UInt64($0) })
            let used = try #require(greeted.json["gas"]?["used"]?.string.flatMap { UInt64($0) })
            #expect(used < wanted && wanted < used * 3 / 2, "\(used) of \(wanted)")

            // What no profile prices is refused before it is sent.
            let unknown = try await developer.cloister([
                "tx", "compute", "execute", contract, #"{"shout":{}}"#, "--gas", "auto",
            ])
            #expect(unknown.ending == .exit(1))
            #expect(unknown.text.contains("has no price for this message"))

            // The contract's own error, and where its code stopped.
            let refused = try await developer.cloister([
                "tx", "compute", "execute", contract, #"{"greet":{"name":""}}"#, "--explain",
            ])
            #expect(refused.ending == .exit(2))
            #expect(refused.json["failure"]?["class"]?.string == "contract_error")
            #expect(refused.json["failure"]?["text"]?.string == "who are you?")
            let trapped = try await developer.cloister([
                "tx", "compute", "execute", contract, #"{"greet":{"name":"nobody"}}"#, "--explain", "--symbols",
                "build/contract.named.wasm",
            ])
            #expect(trapped.ending == .exit(2))
            let failure = trapped.json["failure"]
            #expect(failure?["class"]?.string == "trap")
            #expect(failure?["text"]?.string == "the contract panicked")
            let frames = (failure?["backtrace"]?.array ?? []).compactMap(\.string)
            #expect(frames.contains { $0.contains("Greeter.execute") }, "\(frames)")
            #expect(frames.last?.hasSuffix("  execute") == true, "\(frames)")
            let other = try await developer.cloister([
                "tx", "compute", "execute", contract, #"{"greet":{"name":"nobody"}}"#, "--explain", "--symbols",
                CounterContract.codeFile,
            ])
            #expect(other.json["failure"]?["symbols"]?.string?.contains("not of the one that stopped") == true)
            let exhausted = try await developer.cloister([
                "tx", "compute", "execute", contract, greeting, "--explain", "--gas", "30000",
            ])
            #expect(exhausted.json["failure"]?["class"]?.string == "out_of_gas", "\(exhausted.text)")

            // The same transaction later, and as somebody else's wallet sees it.
            let hash = try #require(trapped.json["txhash"]?.string)
            let lines = ["query", "compute", "tx", hash, "--node", net.client.node, "-o", "json", "--home"]
            let later = try await ChildProcess.run(Programs.path("cloister"), lines + [net.home + "/client"])
            #expect(later.output.contains("the contract panicked") && later.output.contains("nobody"))
            let stranger = try await ChildProcess.run(Programs.path("cloister"), lines + [net.folder.path("stranger")])
            #expect(stranger.ending == .exit(0), "\(stranger.output)")
            #expect(!stranger.output.contains("backtrace") && !stranger.output.contains("nobody"))
            net.child?.send(SIGINT)
            #expect(try await net.child?.ending() == .exit(0))
        }

        @Test(
            "what the engine measures of a test's call is what the network charges for it, to within one in a hundred")
        func measuredGas() async throws {
            let project = try await NewProject("greeter")
            #expect(try await project.cloister("build").ending == .exit(0))
            let measured = try GasMeasurements(
                json: Array(
                    Data(contentsOf: URL(fileURLWithPath: project.path + "/build/contract/measurements.json"))))
            let node = try await NodeProcess()
            try await node.start()
            let session = try await node.session(.a)
            let code = Array(try Data(contentsOf: URL(fileURLWithPath: project.path + "/build/contract.wasm")))
            let codeID = try #require(try await session.store(code).codeID)
            let (made, address, _) = try await session.instantiate(
                codeID: codeID, message: Array(#"{"greeting":"hello"}"#.utf8), label: "greeter", gas: 200_000)
            let (greeted, _, _) = try await session.execute(
                try #require(address), message: Array(#"{"greet":{"name":"Ada"}}"#.utf8), gas: 200_000)
            for (receipt, entry) in [(made, "instantiate"), (greeted, "execute")] {
                let byteCount = try await node.transactionByteCount(receipt.hash)
                let used = try #require(UInt64(receipt.gasUsed))
                let charged = used - GasSchedule.ante(byteCount: byteCount, signatureCount: 1)
                let gas = try #require(measured.list.first { $0.entry == entry && !$0.isRefused }?.gas)
                #expect(gas > charged * 99 / 100 && gas < charged * 101 / 100, "\(entry): \(gas), charged \(charged)")
            }
            #expect(try await node.stop() == .exit(0))
        }

        @Test("a call is not simulated, and a code without a profile says so")
        func refusals() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let session = try await node.session(.a)
            let code = Array(try Data(contentsOf: URL(fileURLWithPath: CounterContract.codeFile)))
            let codeID = try #require(try await session.store(code).codeID)
            await #expect(throws: ClientError.self) {
                _ = try await session.instantiationGas(
                    codeID: codeID, message: Array(#"{"count":1}"#.utf8), label: "x", funds: [], admin: nil)
            }
            let message = ComputeMessage.instantiate(
                .init(sender: session.wallet.address, codeID: codeID, label: "x", message: [1, 2, 3]))
            do {
                _ = try await session.simulatedGas([message.any])
                Issue.record("a contract call was simulated")
            } catch let error as ClientError {
                #expect(error.description.contains("cannot be simulated"), "\(error.description)")
            }
            // What would fail is told with its reason, not with the gas until then.
            let tooMuch = BankMessage.send(
                .init(from: session.wallet.address, to: try Person.b.address, amount: [Coin(.max, "uscrt")]))
            do {
                _ = try await session.simulatedGas([tooMuch.any])
                Issue.record("a payment of what nobody has was simulated")
            } catch let error as ClientError {
                #expect(error.description.contains("insufficient funds"), "\(error.description)")
            }
            #expect(try await node.stop() == .exit(0))
        }
    }
}
