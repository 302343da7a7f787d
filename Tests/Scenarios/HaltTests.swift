import Foundation
import SignedTransactions
import StrictJSON
import Testing
import WalletClient

/// One program ends at a height that all nodes know, and another takes the chain over.
extension Scenarios {
    @Suite(.serialized) struct HaltTests {
        private static let last: Int64 = 16

        /// A node that has run its last block while a client went on paying, and what a contract on it had counted.
        private func halted() async throws -> (node: NodeProcess, contract: CounterContract) {
            let node = try await NodeProcess(settings: "[upgrade]\nhalt_height = \(Self.last)")
            try await node.start()
            let config = try await node.client.get("/cosmos/base/node/v1beta1/config")
            #expect(config["halt_height"]?.string == String(Self.last))
            let session = try await node.session(.a)
            let contract = try await CounterContract.make(session, count: 41)
            let payment = BankMessage.send(
                .init(from: session.wallet.address, to: try Person.b.address, amount: [Coin(1, "uscrt")])
            ).any
            for _ in 0..<Self.last where node.child?.isRunning == true {
                _ = try? await session.send([payment], gas: 50_000)
            }
            #expect(try await node.child?.ending(within: 20) == .exit(69))
            #expect(node.log.contains("the chain is at height \(Self.last), and this program runs no block behind"))
            return (node, contract)
        }

        @Test("a program ends behind its last block, and the one with a module more goes on with the next")
        func handover() async throws {
            let (node, contract) = try await halted()
            let paid = Self.last + 1
            // The program of before does nothing more, however often it is started.
            try node.launch()
            #expect(try await node.child?.ending(within: 20) == .exit(69))
            // Nor does the next one, unless it is told that this is where it begins.
            try node.configure("")
            try node.launch(program: "cloister-node-next")
            #expect(try await node.child?.ending(within: 20) == .exit(65))
            try node.configure("[upgrade]\nheight = \(paid)")
            try await node.start(program: "cloister-node-next")

            let session = try await node.session(.a)
            #expect(try await contract.count(session) == 41)
            _ = try await session.execute(
                contract.address, message: Array(#"{"increment":{}}"#.utf8), gas: 500_000)
            #expect(try await contract.count(session) == 42)
            let versions = try await node.client.get("/cosmos/upgrade/v1beta1/module_versions?module_name=visits")
            #expect(versions["module_versions"]?[0]?["version"] == "1")
            let first = try await node.client.get("/cloister/v1/block_results/\(paid)")
            let event = first["finalize_block_events"]?[0]
            #expect(event?["type"] == "visited" && event?["attributes"]?[0]?["value"] == "101")
            #expect(try await node.client.get("/cloister/v1/block_results/\(Self.last)")["finalize_block_events"] == [])
            #expect(try await node.stop() == .exit(0))

            // There is no way back.
            try node.configure("")
            try node.launch()
            #expect(try await node.child?.ending(within: 20) == .exit(65))
            #expect(node.log.contains("a module that this program does not know, visits"))
        }

        @Test("the same program goes on when its halt height is taken back")
        func takenBack() async throws {
            let (node, contract) = try await halted()
            try node.configure("")
            try await node.start()
            let session = try await node.session(.a)
            #expect(try await contract.count(session) == 41)
            #expect(try await node.height() >= Self.last)
            #expect(try await node.stop() == .exit(0))
        }
    }
}
