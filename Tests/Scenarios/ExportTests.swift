import Foundation
import SignedTransactions
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// A chain begins where another one stood.
extension Scenarios {
    @Suite(.serialized) struct ExportTests {
        /// How the command ended, what it said, and what it wrote.
        private func export(
            _ home: String, _ more: [String] = []
        ) async throws -> (ending: ChildProcess.Ending, said: String, genesis: JSONValue?) {
            let file = home + "/exported.json"
            try? FileManager.default.removeItem(atPath: file)
            let (ending, said) = try await ChildProcess.run(
                Programs.path("cloister-node"), ["export", "--home", home, "--output", file] + more)
            let written = try FileManager.default.contents(atPath: file).map {
                try JSONReader.parse(Array($0), limits: limits)
            }
            return (ending, said, written)
        }

        @Test("accounts, coins and parameters of one chain are another's, and what is not says so")
        func roundTrip() async throws {
            let old = try await NodeProcess()
            try await old.start()
            let session = try await old.session(.a)
            let contract = try await CounterContract.make(session)
            let payment = BankMessage.send(
                .init(from: session.wallet.address, to: contract.address, amount: [Coin(12, "uscrt")])
            ).any
            #expect(try await session.send([payment], gas: 50_000).code == 0)
            let running = try await export(old.home)
            #expect(running.ending == .exit(64) && running.said.contains("another node runs in"))
            #expect(try await old.stop() == .exit(0))

            let exported = try await export(old.home)
            #expect(exported.ending == .exit(0), "\(exported.said)")
            #expect(exported.said.contains("left out: compute: 1 codes and 1 contracts"))
            let genesis = try #require(exported.genesis)
            #expect(try await export(old.home).genesis == genesis)
            let early = try await export(old.home, ["--height", "99999"])
            #expect(early.ending == .exit(64) && early.genesis == nil)

            // Another validator, so another chain: everything but the validator is the exported file's.
            let new = try await NodeProcess()
            let file = new.home + "/config/genesis.json"
            let own = try JSONReader.parse(Array(Data(contentsOf: URL(fileURLWithPath: file))), limits: limits)
            let mixed = JSONValue.object(
                (genesis.object ?? []).map { name, value in
                    name == "validators" ? (name, own["validators"] ?? .null) : (name, value)
                })
            try Data(JSONWriter.bytes(of: mixed)).write(to: URL(fileURLWithPath: file))
            try await new.start()
            let last = try #require(genesis["initial_height"]?.string.flatMap { Int64($0) }) - 1
            #expect(try await new.height() > last)

            let payer = session.wallet.address
            #expect(try await new.balance(payer) == balance(payer, genesis))
            #expect(try await new.balance(contract.address) == 12)
            let fresh = try await new.session(.a)
            #expect(try await fresh.send([payment], gas: 50_000).code == 0)
            await #expect(throws: ClientError.self) { try await contract.count(fresh) }
            #expect(try await new.stop() == .exit(0))

            // Where the second chain began, its state says what the first one's said, but for its own keys.
            let second = try #require(try await export(new.home, ["--height", "\(last)"]).genesis)
            for part in ["auth", "bank", "compute"] {
                #expect(second["app_state"]?[part] == genesis["app_state"]?[part])
            }
            #expect(second["app_state"]?["register"] != genesis["app_state"]?["register"])
        }

        private let limits = JSONLimits(bytesMax: 8 << 20)

        private func balance(_ address: AccountAddress, _ genesis: JSONValue) -> UInt64? {
            let list = genesis["app_state"]?["bank"]?["balances"]?.array ?? []
            let entry = list.first { $0["address"]?.string == address.description }
            return entry?["coins"]?[0]?["amount"]?.string.flatMap { UInt64($0) }
        }
    }
}
