import Foundation
import SignedTransactions
import Testing
import WalletClient

/// A node whose folder was set back behind the platform's journal, as from a backup.
extension Scenarios {
    @Suite(.serialized) struct RestoreTests {
        private let files = FileManager.default

        /// A node that was stopped at some block, with a copy of its `data` as it was some calls before.
        private func stopped() async throws -> (node: NodeProcess, load: CounterLoad, older: String) {
            let node = try await NodeProcess()
            try await node.start()
            let session = try await node.session(.a)
            let load = CounterLoad(session, try await CounterContract.make(session))
            try await load.call()
            #expect(try await node.stop() == .exit(0))
            let older = node.home + "/older"
            try files.copyItem(atPath: node.home + "/data", toPath: older)
            try await node.start()
            await load.run(atMost: 3)
            // A call that fails, and coins that no contract sees.
            try await load.call(#"{"nothing":{}}"#)
            let payment = BankMessage.send(
                .init(from: session.wallet.address, to: try Person.b.address, amount: [Coin(7, "uscrt")]))
            #expect(try await session.send([payment.any], gas: 100_000).code == 0)
            await load.run(atMost: 2)
            #expect(load.sent.count == 7)
            return (node, load, older)
        }

        private func replace(_ path: String, with older: String) throws {
            try files.removeItem(atPath: path)
            try files.copyItem(atPath: older, toPath: path)
        }

        @Test("a node whose state was set back, or is gone, runs the blocks that it has again, to the same end")
        func stateAlone() async throws {
            let (node, load, older) = try await stopped()
            var record = ChainRecord()
            try await record.read(node)
            let balance = try await node.balance(Person.b.address)
            #expect(try await node.stop() == .exit(0))
            let application = node.home + "/data/application"
            // The whole folder; the database alone; and everything, so that the chain begins at genesis.
            let losses: [() throws -> Void] = [
                { try replace(application, with: older + "/application") },
                { try replace(application + "/state", with: older + "/application/state") },
                { try files.removeItem(atPath: application) },
            ]
            for (number, loss) in losses.enumerated() {
                try loss()
                try await node.start()
                let last = record.height
                try await wait(for: "the blocks after loss \(number)") { try await node.height() > last }
                try await record.read(node)
                let successes = try await load.successes()
                #expect(successes == 6 + Int64(number))
                #expect(try await load.contract.count(load.session) == successes)
                #expect(try await node.balance(Person.b.address) == balance)
                // And it goes on.
                try await load.call()
                #expect(try await load.contract.count(load.session) == successes + 1)
                try await record.read(node)
                #expect(try await node.stop() == .exit(0))
            }
        }

        @Test("a node that was set back with its blocks ends, says why, and is not started again")
        func blocksToo() async throws {
            let (node, _, older) = try await stopped()
            #expect(try await node.stop() == .exit(0))
            for name in ["application", "consensus"] {
                try replace(node.home + "/data/" + name, with: older + "/" + name)
            }
            let before = node.log.utf8.count
            try node.launch()
            #expect(try await node.child?.ending(within: 30) == .exit(77))
            let said = String(decoding: Array(node.log.utf8).dropFirst(before), as: UTF8.self)
            #expect(said.contains("/data/platform: the validator has signed for height"), "\(said)")
            #expect(said.contains("restore the newer \(node.home)/data"), "\(said)")
        }
    }
}
