import Foundation
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// A second node whose enclave the first one's lets in by evidence; all real processes.
extension Scenarios {
    @Suite(.serialized) struct JoiningTests {
        private let folder = TemporaryFolder("joining")

        private func node(_ arguments: [String]) async throws -> (ending: ChildProcess.Ending, output: String) {
            try await ChildProcess.run(Programs.path("cloister-node"), arguments, within: 120)
        }

        @Test("a node joins by evidence, fetches the chain and answers for a contract as the first one does")
        func joins() async throws {
            let port = try freePorts(1)[0]
            let first = try await NodeProcess(settings: "[p2p]\nlisten = \"127.0.0.1:\(port)\"")
            try await first.start()
            let session = try await first.session(.a)
            let load = CounterLoad(session, try await CounterContract.make(session))
            await load.run(atMost: 3)
            let id = try await first.id()

            let home = folder.path("second")
            let wrong = try await node([
                "init", "second", "--home", home, "--join", first.url, "--genesis-hash",
                String(repeating: "0", count: 64),
            ])
            #expect(wrong.ending == .exit(65) && wrong.output.contains("not the expected one"), "\(wrong)")
            let made = try await node([
                "init", "second", "--home", home, "--join", first.url, "--maker", first.home + "/data/platform",
            ])
            try #require(made.ending == .exit(0), "\(made)")
            let second = try NodeProcess(
                home: home, settings: "[p2p]\npersistent_peers = \"\(id)@127.0.0.1:\(port)\"")
            let early = try await node(["start", "--home", home])
            #expect(early.ending != .exit(0) && early.output.contains("cloister-node register"), "\(early)")

            let user = try WalletProcess(first.url)
            try await user.recover(.a)
            let wallet = user.home
            let registered = try await node(["register", "--home", home, "--from", "a", "--wallet", wallet])
            try #require(registered.ending == .exit(0), "\(registered)")
            #expect(registered.output.contains("start the node"), "\(registered)")
            // Once more, it finds what it has.
            let again = try await node(["register", "--home", home, "--from", "a", "--wallet", wallet])
            #expect(again.ending == .exit(0) && !again.output.contains("by a transaction"), "\(again)")

            try await second.start()
            let height = try await first.height()
            try await wait(for: "the second node to have the chain") { try await second.height() >= height }
            #expect(try await load.contract.count(try await second.session(.a)) == 3)
            let releases = try await second.client.get("/cloister/v1/releases/0")
            #expect(releases["count"]?.string == "1")
            // And again, from its own record.
            #expect(try await second.stop() == .exit(0))
            try await second.start()
            let later = try await second.session(.a)
            // A contract answers once a header has proved the state to the enclave that was started.
            await load.run(atMost: 1)
            try await wait(for: "a contract to answer") { (try? await load.contract.count(later)) == 4 }
            #expect(try await second.stop() == .exit(0))
            #expect(try await first.stop() == .exit(0))
        }
    }
}
