import BlockExecution
import Foundation
import Glibc
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// A chain that exchanges its keys, with real programs and real clients.
extension Scenarios {
    @Suite(.serialized) struct EpochTests {
        private static let blocks: Int64 = 8

        private static func node(_ settings: String = "") async throws -> NodeProcess {
            let node = try await NodeProcess(settings: settings)
            let genesis = node.home + "/config/genesis.json"
            let text = try String(contentsOfFile: genesis, encoding: .utf8)
            let rotating = text.replacing(
                #""lease":{"#, with: #""epochs":{"blocks":"\#(blocks)","grace_blocks":"\#(blocks)"},"lease":{"#)
            #expect(rotating != text)
            try rotating.write(toFile: genesis, atomically: true, encoding: .utf8)
            return node
        }

        @Test(
            "kill -9 at every step of the blocks in which keys are exchanged, over epochs, and clients notice nothing")
        func goesOn() async throws {
            let node = try await Self.node()
            try await node.start()
            let identity = try await node.client.get("/cloister/v1/evidence")["identity"]
            #expect(identity?["epoch_blocks"]?.uint64 == UInt64(Self.blocks))
            let contract = try await CounterContract.make(try await node.session(.a))
            // A wallet that has met the chain in its first epoch, and is asked again in the last.
            let wallet = try WalletProcess(node.url)
            try await wallet.recover(.b)
            let question = ["query", "compute", "query", "\(contract.address)", #"{"get_count":{}}"#, "-o", "json"]
            let first = try await wallet.run(question)
            #expect(first.status == 0, "\(first.errors)")

            var keys: [[UInt8]] = [try await node.client.ioPublicKey()]
            var record = ChainRecord()
            try await record.read(node)
            #expect(try await node.stop() == .exit(0))
            var count: Int64 = 0
            for step in CommitStep.allCases {
                if record.height % Self.blocks >= Self.blocks - 2 {
                    // The next epoch is so near that the node would die before it serves.
                    try await node.start()
                    let load = CounterLoad(try await node.session(.a), contract)
                    while try await node.height() % Self.blocks >= Self.blocks - 2 { try await load.call() }
                    count += try await load.successes()
                    try await record.read(node)
                    #expect(try await node.stop() == .exit(0))
                }
                // The first block of an epoch: its height is one more than a multiple.
                let begins = (record.height / Self.blocks + 1) * Self.blocks + 1
                try await node.start(crashingAt: "\(step.rawValue)@\(begins)")
                // Clients that ask for the key once, before the epoch begins, and use it until the node dies.
                let caller = CounterLoad(try await node.session(.a), contract)
                await caller.run()
                #expect(try await node.child?.ending() == .signal(SIGKILL), "\(step) at \(begins)")
                try await node.start()
                try await wait(for: "block \(begins), after \(step)") { try await node.height() >= begins }
                // The old key is good for a while still.
                try await caller.call()
                count += try await caller.successes()
                try await record.read(node)
                keys.append(try await node.client.ioPublicKey())
                let session = try await node.session(.c)
                #expect(try await contract.count(session) == count, "after \(step)")
                #expect(Set(keys).count == keys.count, "after \(step)")
                #expect(try await node.stop() == .exit(0))
            }

            try await node.start()
            let last = try await wallet.run(question)
            #expect(last.status == 0 && last.output.contains("\(count)"), "\(last.errors)")
            let sent = try await wallet.run([
                "tx", "compute", "execute", "\(contract.address)", #"{"increment":{}}"#, "--from", "b", "-o", "json",
            ])
            #expect(sent.status == 0, "\(sent.errors)")
            #expect(try await contract.count(try await node.session(.c)) == count + 1)
            #expect(try await node.stop() == .exit(0))
        }

        @Test(
            "a node whose enclave has the first epoch's seeds takes the state of a later one, and goes on into the next"
        )
        func stateSync() async throws {
            let port = try freePorts(1)[0]
            let first = try await Self.node("[p2p]\nlisten = \"127.0.0.1:\(port)\"\n[statesync]\ninterval = 3")
            try await first.start()
            #expect(try await first.stop() == .exit(0))
            // The same birth and machine, and no state or block.
            let folder = TemporaryFolder("second")
            defer { withExtendedLifetime(folder) {} }
            let home = folder.path("home")
            try first.copyMachine(to: home)
            for name in ["data/application", "data/consensus"] {
                try FileManager.default.removeItem(atPath: home + "/" + name)
            }

            try await first.start()
            let contract = try await CounterContract.make(try await first.session(.a))
            var count: Int64 = 0
            // Each call with the key of its time.
            func call(to height: Int64) async throws {
                while try await first.height() < height {
                    try await CounterLoad(try await first.session(.a), contract).call()
                    count += 1
                }
            }
            func agrees(_ node: NodeProcess) async throws {
                let height = try await first.height()
                try await wait(for: "the second node to have block \(height)") { try await node.height() >= height }
                let session = try await node.session(.c)
                try await wait(for: "the second node to answer") { (try? await contract.count(session)) == count }
            }
            try await call(to: 2 * Self.blocks + 3)
            let second = try NodeProcess(
                home: home,
                settings: "[p2p]\npersistent_peers = \"\(try await first.id())@127.0.0.1:\(port)\"\n"
                    + "[statesync]\nenable = true\ndiscovery_time = \"1s\"")
            try await second.start()
            try await call(to: try await first.height() + 1)
            try await agrees(second)
            let status = try await second.client.get("/cosmos/base/node/v1beta1/status")
            #expect(Int64(status["earliest_store_height"]?.string ?? "") ?? 0 > Self.blocks)
            try await call(to: 3 * Self.blocks + 3)
            try await agrees(second)
            #expect(try await second.client.ioPublicKey() == (try await first.client.ioPublicKey()))
            // It comes up again from its own record.
            #expect(try await second.stop() == .exit(0))
            try await second.start()
            try await call(to: try await first.height() + 1)
            try await agrees(second)
            #expect(try await second.stop() == .exit(0))
            #expect(try await first.stop() == .exit(0))
        }

        @Test("a wallet follows no key that is not proved to be the same network's")
        func followed() async throws {
            let node = try await Self.node()
            try await node.start()
            let contract = try await CounterContract.make(try await node.session(.a))
            let host = ManInTheMiddle(node.url)
            try await host.start()
            let wallet = try WalletProcess(host.url)
            let question = ["query", "compute", "query", "\(contract.address)", #"{"get_count":{}}"#, "-o", "json"]
            let first = try await wallet.run(question)
            #expect(first.status == 0, "\(first.errors)")
            let old = try await node.client.get("/registration/v1beta1/tx-key")
            let oldEvidence = try await node.client.get("/cloister/v1/evidence")
            let caller = CounterLoad(try await node.session(.a), contract)
            while try await node.client.get("/registration/v1beta1/tx-key") == old { try await caller.call() }

            let key = JSONValue.string(String(repeating: "A", count: 43) + "=")
            let lies: [(String, [String: ManInTheMiddle.Lie])] = [
                ("another key", ["/registration/v1beta1/tx-key": { $0.replacing("key", with: key) }]),
                ("no evidence", ["/cloister/v1/evidence": { _ in nil }]),
                (
                    "an identity without epochs",
                    ["/cloister/v1/evidence": { $0.replacing("identity", "epoch_blocks", with: .number(0)) }]
                ),
            ]
            for (what, told) in lies {
                host.tell(told)
                let run = try await wallet.run(question)
                #expect(run.status != 0, "\(what)")
                #expect(!host.seen.contains { $0.target.contains("/compute/v1beta1/query/") }, "\(what)")
            }
            host.tell([:])
            let last = try await wallet.run(question)
            #expect(last.status == 0, "\(last.errors)")
            // What was true in an earlier epoch leads nobody back to its key.
            host.tell(["/registration/v1beta1/tx-key": { _ in old }, "/cloister/v1/evidence": { _ in oldEvidence }])
            let back = try await wallet.run(question)
            #expect(back.status != 0 && back.errors.contains("from before what you were shown"), "\(back.errors)")
            #expect(try await node.stop() == .exit(0))
        }
    }
}
