import Foundation
import Glibc
import TestSupport
import Testing
import WalletClient

extension Scenarios {
    @Suite(.serialized) struct EnclaveDeathTests {
        enum Victim: String, CaseIterable { case enclave, launcher }

        @Test(
            "kill -9 of the enclave or of its launcher under load ends the node with status 75, and a restart goes on",
            arguments: Victim.allCases)
        func enclaveDies(victim: Victim) async throws {
            let node = try await NodeProcess()
            try await node.start()
            let session = try await node.session(.a)
            let contract = try await CounterContract.make(session)
            let first = CounterLoad(session, contract)
            let second = CounterLoad(try await node.session(.b), contract)
            var record = ChainRecord()
            try await record.read(node)
            let (launcher, enclave) = (try node.launcher, try node.enclave)

            let carried = Carried((first, second))
            async let firstLoad: Void = carried.value.0.run()
            async let secondLoad: Void = carried.value.1.run()
            try await wait(for: "some calls") { try await node.height() > record.height + 3 }
            kill(victim == .enclave ? enclave : launcher, SIGKILL)
            #expect(try await node.child?.ending() == .exit(75))
            _ = await (firstLoad, secondLoad)
            try await wait(for: "enclave and launcher to be gone") {
                !ProcessTable.isRunning(enclave) && !ProcessTable.isRunning(launcher)
            }

            try await node.start()
            try await first.call()
            try await second.call()
            try await record.read(node)
            let successes = try await first.successes() + second.successes()
            #expect(try await contract.count(session) == successes)
            #expect(try await node.stop() == .exit(0))
        }

        @Test(
            "a restart keeps the chain: contract, balances and transactions answer before any new block's transaction")
        func restartKeepsTheChain() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let session = try await node.session(.a)
            let contract = try await CounterContract.make(session, count: 7)
            let load = CounterLoad(session, contract)
            try await load.call()
            try await load.call()
            var record = ChainRecord()
            try await record.read(node)
            let balance = try await node.balance(Person.a.address)
            let transaction = try await session.client.get("/cosmos/tx/v1beta1/txs/\(load.sent[1])")
            #expect(balance < NodeProcess.coinsAtGenesis)

            for isKilled in [false, true] {
                if isKilled { try await node.killHard() } else { #expect(try await node.stop() == .exit(0)) }
                try await node.start()
                #expect(try await contract.count(session) == 9)
                #expect(try await node.balance(Person.a.address) == balance)
                #expect(try await session.client.get("/cosmos/tx/v1beta1/txs/\(load.sent[1])") == transaction)
                #expect(try await node.session(.a).client.ioPublicKey() == session.client.ioPublicKey())
                try await record.read(node)
            }
            try await load.call()
            #expect(try await contract.count(session) == 10)
            #expect(try await node.stop() == .exit(0))
        }

        @Test("two machines that run the same blocks from genesis come to the same state and the same answers")
        func sameBlocksSameState() async throws {
            let node = try await NodeProcess()
            try await node.start()
            let session = try await node.session(.a)
            let contract = try await CounterContract.make(session)
            let load = CounterLoad(session, contract)
            try await load.call()
            try await load.call(#"{"fail":{"text":"no"}}"#)
            try await load.call(#"{"remember":{"note":"kept"}}"#)
            var record = ChainRecord()
            try await record.read(node)
            #expect(try await node.stop() == .exit(0))

            // The other has the blocks and the network's first record, and no state: it runs all blocks again. Its
            // platform has no journal; the first machine's would refuse to run a height behind it another time.
            let folder = TemporaryFolder("second")
            try FileManager.default.copyItem(atPath: node.home, toPath: folder.path("home"))
            try FileManager.default.removeItem(atPath: folder.path("home") + "/data/application")
            try FileManager.default.createDirectory(
                atPath: folder.path("home") + "/data/application", withIntermediateDirectories: true)
            let platform = folder.path("home") + "/data/platform"
            let journals = try FileManager.default.contentsOfDirectory(atPath: platform).filter {
                $0.hasPrefix("journal-")
            }
            #expect(journals.count == 1)
            for journal in journals { try FileManager.default.removeItem(atPath: platform + "/" + journal) }
            let second = try NodeProcess(home: folder.path("home"))
            try await second.start()
            try await wait(for: "the second to catch up") { try await second.height() >= record.height }
            try await record.read(second)
            let other = try await second.session(.a)
            #expect(try await contract.count(other) == 1)
            for hash in load.sent {
                let path = "/cosmos/tx/v1beta1/txs/\(hash)"
                let answer = try await other.client.get(path)
                try await node.start()
                #expect(try await session.client.get(path) == answer)
                #expect(try await node.stop() == .exit(0))
            }
            #expect(try await second.stop() == .exit(0))
        }
    }
}
