import Foundation
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// The pages of a real node: who is shown them, and that their numbers are those of what really happens.
extension Scenarios {
    @Suite(.serialized) struct PagesTests {
        private func inspection(_ node: NodeProcess) async throws -> JSONValue {
            let page = ChainClient(node: "http://127.0.0.1:\(node.metricsPort)", timeoutSeconds: 20)
            return try await page.get("/inspector.json")
        }

        private func increment(_ session: Session, _ counter: CounterContract) async throws {
            let message = Array(#"{"increment":{}}"#.utf8)
            let done = try await session.execute(counter.address, message: message, gas: 200_000)
            #expect(done.receipt.code == 0, "\(done.receipt.log)")
        }

        /// Of one message, over all lanes.
        private func frames(_ told: JSONValue, _ number: Int64, into: Bool) -> Int64 {
            var frames: Int64 = 0
            for lane in told["traffic"]?["lanes"]?.array ?? [] {
                for message in lane["messages"]?.array ?? [] {
                    guard message["number"]?.int64 == number, message["into"]?.bool == into else { continue }
                    frames += message["frames"]?.int64 ?? 0
                }
            }
            return frames
        }

        @Test("the inspector counts what crosses, shows the enclave that runs, its evidence and the lives of blocks")
        func inspector() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let session = try await node.session(.a)
            let before = try await inspection(node)
            let counter = try await CounterContract.make(session)
            try await increment(session, counter)
            // The health that tells of the head is asked for every few seconds.
            try await wait(for: "the enclave to tell of its head") {
                try await inspection(node)["enclave"]?["head_height"]?.string.flatMap { Int64($0) } ?? 0 > 1
            }
            let told = try await inspection(node)
            // begin_block, run_transaction, end_block and their answers, by their numbers in proto/boundary/v1.
            for number in [10, 12, 13] as [Int64] {
                for into in [true, false] {
                    #expect(frames(told, number, into: into) > frames(before, number, into: into), "\(number) \(into)")
                }
            }

            let measurement = try String(contentsOfFile: node.home + "/data/measurement", encoding: .utf8)
            let enclave = try #require(told["enclave"])
            let shown = try #require(enclave["measurement"]?.string)
            #expect(shown.count == 64 && measurement.hasPrefix(shown))
            #expect(enclave["simulated"]?.bool == true && enclave["answers"]?.bool == true)
            let kernel = try #require(enclave["kernel"])
            let process = try node.enclave
            #expect(kernel["process"]?.int64 == Int64(process))
            #expect(kernel["seccomp_mode"]?.int64 == 2 && kernel["no_new_privileges"]?.bool == true)
            #expect(kernel["capabilities"]?.string == "0")

            let evidence = try #require(told["evidence"])
            #expect(evidence["accepted"]?.bool == true && evidence["root_is_simulated"]?.bool == true)
            #expect(evidence["key_is_quoted"]?.bool == true)
            let steps = try #require(evidence["steps"]?.array)
            let numbers: [Int64] = steps.compactMap { $0["step"]?.int64 }
            #expect(numbers == Array(1...12))
            let outcomes: [String] = steps.compactMap { $0["outcome"]?.string }
            #expect(outcomes.count == 12 && !outcomes.contains("refused") && !outcomes.contains("not_reached"))
            #expect(told["lease"]?["answers_left"]?.int64 ?? 0 > 0)
            #expect(told["releases"]?["count"]?.string == "0")

            let blocks = try #require(told["blocks"]?.array)
            let driving = blocks.filter { $0["contract_transactions"]?.int64 == 1 }
            let crossed: [Int64] = driving.compactMap { $0["frames_in"]?.int64 }
            #expect(crossed.count >= 3 && crossed.allSatisfy { $0 >= 3 })
            for block in blocks.dropLast() {
                let names = ["proposed", "logged", "prevoted", "decided", "saved", "run_began", "ran", "committed"]
                let order: [Int64] = names.map { block["moments"]?[$0]?.int64 ?? -1 }
                #expect(order == order.sorted() && order.allSatisfy { $0 >= 0 }, "\(block)")
            }
        }

        @Test("what the inspector answers is bounded, whatever the chain has seen")
        func bounded() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let session = try await node.session(.a)
            let counter = try await CounterContract.make(session)
            for _ in 0..<30 { try await increment(session, counter) }
            let told = try await inspection(node)
            #expect(told["blocks"]?.array?.count == 24)
            #expect(JSONWriter.bytes(of: told).count < 64 << 10)
        }

        @Test("a port that others may reach has no pages unless its operator says so; metrics and status stay")
        func off() async throws {
            for (host, setting, isShown) in [
                ("0.0.0.0", "", false), ("127.0.0.1", #"pages = "never""#, false),
                ("0.0.0.0", #"pages = "always""#, true),
            ] {
                let node = try await NodeProcess()
                let file = node.home + "/config/node.toml"
                let text = try String(contentsOfFile: file, encoding: .utf8)
                try text.replacing("[metrics]\n", with: "[metrics]\nhost = \"\(host)\"\n\(setting)\n")
                    .write(toFile: file, atomically: true, encoding: .utf8)
                try await node.start()
                let port = ChainClient(node: "http://127.0.0.1:\(node.metricsPort)", timeoutSeconds: 20)
                #expect(try await port.get("/status")["ready"] != nil)
                for path in ["/inspector.json", "/boundary.json", "/rest/cosmos/base/node/v1beta1/status"] {
                    let answer = try? await port.get(path)
                    #expect((answer != nil) == isShown, "\(host) \(setting) \(path)")
                }
            }
        }
    }
}
