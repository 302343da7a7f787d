// What developers are told that a call costs is what the enclave would charge: the measured environment by itself, and
// the repository's counter in the engine.

import ContractEngine
import Foundation
import Keyring
import LedgerRecords
import PublicCryptography
import StrictJSON
import TestSupport
import Testing
import WasmKit

@testable import cloister_contract

@Suite("cloister-contract: stories") struct ContractStoryTests {
    private typealias Step = ContractStory.Step

    @Test("lines end as on any system, and a mark in front is none of the story", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(end: String) throws {
        let lines = [
            "# a remark", "instantiate {\"count\":5}", "", "execute {\"increment\":{}}\tfrom bob  with 5uscrt",
            "= {\"count\":6}",
            "query {\"a\":", "  1}", "! unknown",
        ]
        for mark in ["", "\u{feff}"] {
            let story = try ContractStory(mark + lines.joined(separator: end) + end)
            #expect(
                story.steps == [
                    Step(line: 2, entry: "instantiate", message: #"{"count":5}"#),
                    Step(
                        line: 5, entry: "execute", message: #"{"increment":{}}"#, sender: "bob", funds: "5uscrt",
                        expectation: .answer(#"{"count":6}"#)),
                    Step(line: 8, entry: "query", message: #"{"a": 1}"#, expectation: .error("unknown")),
                ], "\(story.steps)")
        }
    }

    @Test("a message is any value of JSON, and ends where its brackets and quotes do")
    func values() throws {
        for message in [
            #""get_count""#, "12", "null", "[1,[2]]", #"{"a":"}"}"#, #"{"a":"\\"}"#, #"{"a":"\"} from x"}"#,
            #""a \" b""#,
            #"{"a": {"b": [1, 2]}}"#,
        ] {
            for (more, sender) in [("", "alice"), (" from bob", "bob")] {
                let story = try ContractStory("query " + message + more)
                #expect(
                    story.steps == [Step(line: 1, entry: "query", message: message, sender: sender)], "\(story.steps)")
            }
        }
        for text in ["query", "query ", "query {} bob", "query {} from", "ask {}", "= 1", "query {}\n= 1\n= 2"] {
            #expect(throws: ContractStory.Malformed.self) { try ContractStory(text) }
        }
    }

    @Test("an expected error says something of it")
    func emptyError() {
        for text in ["query {}\n!", "query {}\n!  ", "query {}\r\n!\r\n"] {
            #expect(throws: ContractStory.Malformed.self) { try ContractStory(text) }
        }
    }
}

@Suite("cloister-contract: the measured environment") struct MeasuredEnvironmentTests {
    private static func price(reading key: [UInt8], _ value: [UInt8]?) -> UInt64 {
        GasSchedule.read(
            keyByteCount: StateKeys.treeKeyByteCount,
            sizeClass: value.map { StoredValue.sizeClass(nameCount: key.count, valueCount: $0.count) } ?? 0)
    }

    @Test("a call reads what it wrote, pays for each read, and nothing is state before it is flushed")
    func ownWrites() throws {
        let environment = MeasuredEnvironment()
        environment.state = [[1]: [10], [2]: [20]]
        environment.begin { _ in [] }
        try environment.write([1], [11, 12])
        try environment.remove([2])
        #expect(try environment.read([1]) == [11, 12])
        #expect(try environment.read([2]) == nil)
        #expect(try environment.read([3]) == nil)
        #expect(environment.state == [[1]: [10], [2]: [20]])
        let reads = Self.price(reading: [1], [11, 12]) + 2 * Self.price(reading: [2], nil)
        #expect(environment.gas == reads)
        environment.flush()
        #expect(environment.state == [[1]: [11, 12]])
        let write = GasSchedule.write(
            keyByteCount: StateKeys.treeKeyByteCount, sizeClass: StoredValue.sizeClass(nameCount: 1, valueCount: 2))
        #expect(environment.gas == reads + write + GasSchedule.remove)
    }

    @Test("another call begins with no gas and none of the last one's writes")
    func beginsAnew() throws {
        let environment = MeasuredEnvironment()
        environment.begin { _ in [] }
        try environment.write([1], [1])
        _ = try environment.read([1])
        environment.begin { _ in [] }
        #expect(environment.gas == 0 && !environment.hasAskedContracts)
        #expect(try environment.read([1]) == nil)
        environment.flush()
        #expect(environment.state.isEmpty)
    }

    @Test("a question costs the bookkeeping, and one to a contract makes the measurement partial")
    func questions() throws {
        let environment = MeasuredEnvironment()
        environment.begin { question in question.reversed() }
        let bank = Array(#"{"bank":{"balance":{}}}"#.utf8)
        #expect(try environment.query(bank, gasLimit: 1).answer == bank.reversed())
        #expect(environment.gas == GasSchedule.contractBookkeeping && !environment.hasAskedContracts)
        _ = try environment.query(Array(#"{"wasm":{"smart":{}}}"#.utf8), gasLimit: 1)
        #expect(environment.gas == 2 * GasSchedule.contractBookkeeping && environment.hasAskedContracts)
        // What is no JSON is the contract's affair.
        _ = try environment.query([0xff], gasLimit: 1)
    }

    @Test("tests that do not answer a question end the call with their own error")
    func unanswered() {
        let environment = MeasuredEnvironment()
        environment.begin { _ in throw Misuse(description: "no answer") }
        #expect(throws: ContractFault.self) { try environment.query([1], gasLimit: 1) }
        #expect((environment.failure as? Misuse)?.description == "no answer")
    }
}

@Suite(
    "cloister-contract: the counter, measured",
    .enabled(
        if: FileManager.default.fileExists(atPath: Repository.contractFile("counter")),
        "contracts/build/counter.wasm is not built"))
struct MeasuredContractTests {
    private static let address = Bech32.encode(prefix: "secret", [UInt8](repeating: 3, count: 20))
    private static let environment =
        Array(
            #"{"block":{"height":5,"time":"1571797419879305533","chain_id":"test-1","random":"\#(Base64.encode([UInt8](repeating: 7, count: 32)))"},"#
                .utf8)
        + Array(#""transaction":{"index":0},"contract":{"address":"\#(address)","code_hash":"\#(hash)"}}"#.utf8)
    private static let hash = String(repeating: "ab", count: 32)
    private static let info = Array(#"{"sender":"\#(address)","funds":[]}"#.utf8)

    private func call(_ contract: MeasuredContract, _ entry: String, _ message: String) throws -> String {
        nonisolated(unsafe) let contract = contract
        let answer = try ContractThread.run {
            try contract.call(
                entry, environment: Self.environment, info: Self.info, message: Array(message.utf8),
                onQuery: { _ in [] })
        }
        switch answer {
        case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
        case .trap(let text): return "trap: \(text)"
        }
    }

    @Test("each answered call is measured under its entry and its message's name, and a refused one changes nothing")
    func counter() throws {
        let contract = try MeasuredContract(Repository.contract("counter"))
        #expect(contract.codeHash == SHA256.hash(Repository.contract("counter")))
        #expect(try call(contract, "instantiate", #"{"count":5}"#).hasPrefix(#"{"Ok""#))
        #expect(try call(contract, "execute", #"{"increment":{}}"#).hasPrefix(#"{"Ok""#))
        let state = contract.environment.state
        #expect(try !call(contract, "execute", #"{"no_such_message":{}}"#).hasPrefix(#"{"Ok""#))
        #expect(contract.environment.state == state)
        let measured = contract.measurements
        #expect(measured.map(\.entry) == ["instantiate", "execute", "execute"])
        #expect(measured.map(\.message) == ["", "increment", "no_such_message"])
        #expect(measured.map(\.isRefused) == [false, false, true])
        #expect(measured.allSatisfy { !$0.isPartial })
        let least = GasSchedule.contractInstance + GasSchedule.contractBookkeeping
        #expect(measured.allSatisfy { $0.gas > least })
        #expect(measured[1].messageBytes == #"{"increment":{}}"#.utf8.count)
        // The same call on the same state costs the same.
        _ = try call(contract, "execute", #"{"increment":{}}"#)
        #expect(contract.measurements[3].gas == measured[1].gas)
        let json = try JSONReader.parse(contract.measurementsJSON, limits: JSONLimits(bytesMax: 1 << 16))
        #expect(json.array?.count == 4 && json.array?[1]["message"]?.string == "increment")
        contract.begin()
        #expect(contract.environment.state.isEmpty && contract.measurements.count == 4)
    }

    @Test("an entry point that nobody has, and code that is no module, are refused")
    func misuse() throws {
        let contract = try MeasuredContract(Repository.contract("counter"))
        #expect(throws: Misuse.self) { try call(contract, "sudo", "{}") }
        #expect(throws: (any Error).self) { try MeasuredContract([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) }
        #expect(contract.measurements.isEmpty)
    }
}
