import Foundation
import SignedTransactions
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// Two nodes with their enclaves, which have the network's seed from one birth.
extension Scenarios {
    @Suite(.serialized) struct PeerTests {
        @Test("a node takes the state of another, moves its enclave's head there, and goes on with its contracts")
        func stateSync() async throws {
            let files = FileManager.default
            let port = try freePorts(1)[0]
            let first = try await NodeProcess(
                settings: "[p2p]\nlisten = \"127.0.0.1:\(port)\"\n[statesync]\ninterval = 3")
            try await first.start()
            #expect(try await first.stop() == .exit(0))
            // The same birth and machine, the keys of another node and of no validator, and no state or block.
            let folder = TemporaryFolder("second")
            defer { withExtendedLifetime(folder) {} }
            let home = folder.path("home")
            try first.copyMachine(to: home)
            for name in ["data/application", "data/consensus"] { try files.removeItem(atPath: home + "/" + name) }

            try await first.start()
            let session = try await first.session(.a)
            let load = CounterLoad(session, try await CounterContract.make(session))
            await load.run(atMost: 4)
            let id = try await first.id()
            let height = try await first.height()
            let second = try NodeProcess(
                home: home,
                settings:
                    "[p2p]\npersistent_peers = \"\(id)@127.0.0.1:\(port)\"\n[statesync]\nenable = true\ndiscovery_time = \"1s\""
            )
            try await second.start()
            // Others go on meanwhile; what is decided after the state is fetched block by block.
            await load.run(atMost: 2)
            let later = try await first.height()
            #expect(later > height)
            try await wait(for: "the second node to have the chain") { try await second.height() >= later }
            let there = try await second.session(.a)
            #expect(try await load.contract.count(there) == 6)
            let lowest = try await second.client.get("/cosmos/base/node/v1beta1/status")["earliest_store_height"]?
                .string
            #expect(Int64(lowest ?? "") ?? 0 > 2)
            #expect(try await second.stop() == .exit(0))
            // It comes up again by itself.
            try await second.start()
            try await wait(for: "the second node to have the chain again") { try await second.height() >= later }
            let again = try await second.session(.a)
            #expect(try await load.contract.count(again) == 6)
            #expect(try await second.stop() == .exit(0))
            #expect(try await first.stop() == .exit(0))
        }

        @Test("a node fetches the chain of another, runs its contract calls, and hands on what clients give it")
        func secondNode() async throws {
            let port = try freePorts(1)[0]
            let first = try await NodeProcess(settings: "[p2p]\nlisten = \"127.0.0.1:\(port)\"")
            try await first.start()
            #expect(try await first.stop() == .exit(0))
            // The same birth, the keys of another node and of no validator.
            let folder = TemporaryFolder("second")
            defer { withExtendedLifetime(folder) {} }
            let home = folder.path("home")
            try first.copyMachine(to: home)

            try await first.start()
            let session = try await first.session(.a)
            let load = CounterLoad(session, try await CounterContract.make(session))
            await load.run(atMost: 3)
            let id = try await first.id()
            let second = try NodeProcess(
                home: home, settings: "[p2p]\npersistent_peers = \"\(id)@127.0.0.1:\(port)\"")
            try await second.start()
            let height = try await first.height()
            try await wait(for: "the second node to have the chain") { try await second.height() >= height }
            let there = try await second.session(.a)
            #expect(try await load.contract.count(there) == 3)

            // The first alone decides; what the second is given must get there.
            let before = try await first.balance(Person.b.address)
            let payment = BankMessage.send(
                .init(from: there.wallet.address, to: try Person.b.address, amount: [Coin(7, "uscrt")]))
            #expect(try await there.send([payment.any], gas: 100_000).code == 0)
            #expect(try await first.balance(Person.b.address) == before + 7)
            #expect(try await second.stop() == .exit(0))
            #expect(try await first.stop() == .exit(0))
        }
    }
}
