import EnclaveProtocol
import Foundation
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import TestSupport
import Testing
import WalletClient

extension HostileHostSuite {
    /// The leak report (docs/leak-reports.md) against what a host sees of the same contract in the real enclave: one
    /// instance is given a secret, called, given another and called again.
    @Suite struct LeakAgreementTests {
        private static let code = Repository.contract("leak-probe")
        private static let codeHash = SHA256.hash(code)

        let world: World
        let probe: AccountAddress

        init() throws {
            world = try World()
            let alice = world.alice
            let sealed = try alice.encryption.seal(
                Array(#"{"secret":"aaaa","number":3}"#.utf8), codeHash: Self.codeHash.description,
                owner: (alice.address, Self.codeHash.bytes))
            let made = ComputeMessage.instantiate(
                .init(sender: alice.address, codeID: 2, label: "probe", message: sealed))
            try world.play([alice.sign([alice.storeCode(Self.code)], gas: 3_000_000), alice.sign([made.any])])
            probe = try world.host.outputs[1].response().address!
        }

        /// By the names of the report's channels.
        private typealias Seen = [String: [String]]

        private func seen(_ json: String) throws -> Seen {
            let sealed = try world.alice.encryption.seal(
                Array(json.utf8), codeHash: Self.codeHash.description, owner: (world.alice.address, probe.bytes))
            var reads: [String] = []
            world.host.tricks.readState = { read, honest in
                for part in read.reads {
                    // Not who owns this input: its nonce is drawn anew for each.
                    for key in part.keys where part.store != StoreName.compute || [2, 3].contains(key.first) {
                        reads.append(part.store + " " + Hexadecimal.encode(key))
                    }
                }
                return honest
            }
            let message = world.alice.execute(probe, sealed: sealed, funds: 5)
            try world.play([world.alice.sign([message])])
            let result = world.host.outputs[0]
            var (log, error) = (result.log, "")
            if let start = log.range(of: "encrypted: "), let end = log[start.upperBound...].firstIndex(of: ":") {
                error = "\(log[start.upperBound..<end].utf8.count)"
                log.removeSubrange(start.upperBound..<end)
            }
            let events = result.events.map { event in
                event.type
                    + event.attributes.map { attribute in
                        // What is sealed is base64 of other bytes each time, of one length.
                        let isSealed = Base64.decode(attribute.value).map { $0.count >= 16 } ?? false
                        return isSealed
                            ? " \(attribute.key.utf8.count) \(attribute.value.utf8.count)"
                            : " \(attribute.key)=\(attribute.value)"
                    }.joined()
            }
            return [
                "reads": reads, "outcome": ["\(result.code) \(log)"],
                "writes": result.writes.filter { $0.key.first == 0x03 }.map {
                    Hexadecimal.encode($0.key) + " \($0.value?.count ?? 0)"
                },
                "messages": world.host.ledgerMessages.map { "\($0)" }, "events": events,
                "output": [error, "\(result.data.count)"], "gas": ["\(result.gasUsed)"],
            ]
        }

        private func keep(_ number: Int) throws {
            let kept = try seen(#"{"keep":{"secret":"aaaa","number":\#(number)}}"#)
            #expect(kept["outcome"]?.first?.hasPrefix("0 ") == true, "\(kept)")
        }

        /// In the host's sight with a low and with a high secret.
        private func both(_ json: String) throws -> (low: Seen, high: Seen) {
            try keep(3)
            let low = try seen(json)
            try keep(7)
            return (low, try seen(json))
        }

        /// What differs in the host's sight between the two.
        private func differences(_ json: String) throws -> Set<String> {
            let (low, high) = try both(json)
            return Set(low.keys.filter { low[$0] != high[$0] })
        }

        @Test(
            "what a leak report finds differs in the host's sight, too, and nothing else of it",
            arguments: [
                ("loop", ["gas"]), ("error_size", ["output", "gas"]), ("branch_that_writes", ["writes", "gas"]),
                ("branch_that_removes", ["writes", "gas"]), ("value_size", ["writes", "gas"]),
                ("order_of_reads", ["reads"]), ("entry_that_is_read", ["reads"]),
                ("branch_that_reads", ["reads", "gas"]), ("branch_that_asks", ["reads", "gas"]),
                ("ledger_question", ["reads"]), ("refusal", ["outcome", "events", "output", "gas"]),
                ("trap", ["outcome", "output", "gas"]), ("attribute_in_clear", ["events"]),
                ("event_type", ["events", "gas"]),
            ])
        func planted(leak: String, channels: [String]) throws {
            let found = try differences(#"{"leak":"\#(leak)"}"#)
            // Events are part of a result's data, whose length is seen with them. Less than a unit of gas may show or
            // not: that depends on what else the call costs.
            let (loose, gas) = (Set(["output", "gas"]), Set(["gas"]))
            #expect(found.subtracting(loose) == Set(channels).subtracting(loose), "\(leak): \(found)")
            if Set(channels) == gas { #expect(found == gas, "\(leak): \(found)") }
        }

        @Test(
            "what a leak report finds the same is the same in the host's sight",
            arguments: ["compare", "loop", "pad", "write", "choose", "refuse", "fill"])
        func constantShape(sample: String) throws {
            let (low, high) = try both(#"{"constant":"\#(sample)"}"#)
            #expect(low.keys.filter { $0 != "gas" && low[$0] != high[$0] } == [])
            // Less than a unit of gas may show as one (docs/leak-reports.md).
            let gas = try [low, high].map { try #require($0["gas"]?.first.flatMap(Int.init)) }
            #expect(abs(gas[0] - gas[1]) <= 1, "\(gas)")
        }
    }
}
