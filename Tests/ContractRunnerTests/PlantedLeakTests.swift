// A contract with faults on purpose (contracts/leak-probe) in the enclave's engine: each is found, by its name, and the
// same work in one shape shows nothing.

import ContractEngine
import Foundation
import PublicCryptography
import TestSupport
import Testing
import WasmKit

@testable import cloister_contract

@Suite(
    "cloister-contract: planted leaks",
    .enabled(
        if: FileManager.default.fileExists(atPath: Repository.contractFile("leak-probe")),
        "contracts/build/leak-probe.wasm is not built"))
struct PlantedLeakTests {
    private static let address = Bech32.encode(prefix: "secret", [UInt8](repeating: 3, count: 20))
    private static let environment = Array(
        (#"{"block":{"height":5,"time":"1571797419879305533","chain_id":"test-1","random":"\#(Base64.encode([UInt8](repeating: 7, count: 32)))"},"#
            + #""transaction":{"index":0,"hash":"AB"},"contract":{"address":"\#(address)","code_hash":"ab"}}"#).utf8)
    private static let info = Array(#"{"sender":"\#(address)","funds":[]}"#.utf8)

    /// What a host sees of a contract that keeps this secret and then works on it.
    private static func seen(_ secret: String, _ number: Int, _ entry: String, _ message: String) throws -> [SeenCall] {
        nonisolated(unsafe) let contract = try MeasuredContract(Repository.contract("leak-probe"))
        let watch = HostWatch()
        contract.hostWatch = watch
        _ = try ContractThread.run {
            for (entry, message) in [
                ("instantiate", #"{"secret":"\#(secret)","number":\#(number)}"#), (entry, message),
            ] {
                _ = try contract.call(
                    entry, environment: environment, info: info, message: Array(message.utf8),
                    onQuery: { _ in Array(#"{"Err":{"unknown":{}}}"#.utf8) })
            }
        }
        return watch.calls
    }

    private static func repeated(_ letter: String, _ count: Int) -> String { String(repeating: letter, count: count) }

    /// Each fault, by what is found first, and beside it whatever follows from that.
    private static let planted: [(leak: String, first: String, others: Set<String>)] = [
        ("loop", "gas.size", []), ("error_size", "output.size", ["gas.size"]),
        ("branch_that_writes", "writes.more", ["gas.size"]), ("branch_that_removes", "writes.size", ["gas.size"]),
        ("value_size", "writes.size", ["gas.size"]), ("order_of_reads", "reads.order", []),
        ("entry_that_is_read", "reads.other", []), ("branch_that_reads", "reads.more", ["gas.size"]),
        ("branch_that_asks", "reads.more", ["gas.size"]), ("ledger_question", "reads.other", []),
        ("branch_that_calls", "messages.more", ["gas.size"]), ("receiver", "messages.other", []),
        ("amount", "messages.size", []), ("message_size", "messages.size", ["gas.size"]),
        ("refusal", "outcome.other", ["events.more", "output.more", "gas.size"]),
        ("trap", "outcome.other", ["output.more", "gas.size"]), ("attribute_in_clear", "events.size", []),
        ("attribute_size", "events.size", ["gas.size"]), ("event_type", "events.other", ["gas.size"]),
    ]

    @Test("each planted leak that goes by a secret number is found by its name", arguments: planted.indices)
    func numbers(index: Int) throws {
        let (leak, first, others) = Self.planted[index]
        let found = try LeakFinding.all(
            Self.seen("aaaa", 3, "execute", #"{"leak":"\#(leak)"}"#),
            Self.seen("aaaa", 7, "execute", #"{"leak":"\#(leak)"}"#))
        #expect(found.first?.name == first && found.first?.call == 2, "\(leak): \(found)")
        #expect(Set(found.dropFirst().map(\.name)).isSubset(of: others), "\(leak): \(found)")
    }

    @Test("a comparison that ends early, a key, an answer and a query's answer that go by a secret are found")
    func texts() throws {
        let long = Self.repeated("a", 200)
        for (leak, secrets, name) in [
            ("early_exit", ("b" + Self.repeated("a", 199), Self.repeated("a", 199) + "b"), "gas.size"),
            ("key_by_secret", (long, Self.repeated("b", 200)), "writes.other"),
            ("output_size", (long, "a" + Self.repeated("-", 199)), "output.size"),
        ] {
            let message = #"{"leak":"\#(leak)"}"#
            let found = try LeakFinding.all(
                Self.seen(secrets.0, 3, "execute", message), Self.seen(secrets.1, 3, "execute", message))
            #expect(found.first?.name == name && found.first?.call == 2, "\(leak): \(found)")
        }
        let question = #"{"secret_length":{}}"#
        let found = try LeakFinding.all(Self.seen("", 3, "query", question), Self.seen("", 7, "query", question))
        #expect(found.map(\.name) == ["output.size", "gas.size"], "\(found)")
    }

    @Test(
        "the same work in one shape shows nothing",
        arguments: ["compare", "loop", "pad", "write", "choose", "call", "refuse", "fill"])
    func constantShape(sample: String) throws {
        let message = #"{"constant":"\#(sample)"}"#
        let found = try LeakFinding.all(
            Self.seen("b" + Self.repeated("a", 199), 3, "execute", message),
            Self.seen(Self.repeated("a", 200), 7, "execute", message))
        #expect(found.isEmpty, "\(sample): \(found)")
    }

    @Test(
        "an entry is asked for once a call, not after it was written, and by a key that is the enclave's hash of its name"
    )
    func reads() throws {
        let calls = try Self.seen("aaaa", 3, "execute", #"{"leak":"order_of_reads"}"#)
        #expect(calls[1][.reads].map(\.meaning) == ["secret", "number", "right", "left"])
        #expect(calls[0][.writes].map(\.meaning).sorted() == ["left", "number", "right", "secret"])
        #expect(calls[0][.writes].map(\.subject) == calls[0][.writes].map(\.subject).sorted())
        #expect(!calls[0][.writes].contains { $0.subject.contains("secret") })
        let byName = Dictionary(uniqueKeysWithValues: calls[0][.writes].map { ($0.meaning, $0.subject) })
        for read in calls[1][.reads] { #expect(byName[read.meaning] == read.subject) }
        // Header, one class of 64 bytes, and the tag: as sealed on a chain.
        #expect(Set(calls[0][.writes].map(\.detail)) == ["95 bytes"])
    }
}
