import PublicCryptography
import StrictJSON
import TestSupport
import Testing

@testable import ContractEngine

@Suite("ContractEngine: shapes") struct ShapeTests {
    @Test(
        "JSON is filled up with spaces to 256 bytes, and is the same JSON", arguments: [2, 3, 255, 256, 257, 511, 512])
    func filled(byteCount: Int) throws {
        let answer = Array(#"[""#.utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: max(byteCount - 4, 0))
        let json = byteCount < 4 ? Array("{}".utf8) : answer + Array(#""]"#.utf8)
        let filled = ContractShape.filled(json)
        #expect(filled.count == (json.count + 255) / 256 * 256)
        #expect(filled.starts(with: json) && filled.dropFirst(json.count).allSatisfy { $0 == UInt8(ascii: " ") })
        #expect(JSONWriter.bytes(of: try JSONReader.parse(filled, limits: .contractMessage)) == json)
    }

    @Test(
        "what is no JSON object or array stays as it is",
        arguments: ["", "a", "7", #""text""#, "{", "{}x", "[1,]", " {}", "{\u{0}}", "{\"a\":1}}"])
    func others(answer: String) {
        #expect(ContractShape.filled(Array(answer.utf8)) == Array(answer.utf8))
    }

    @Test("an answer that is larger than a message may be stays as it is")
    func large() {
        let large = Array(#"[""#.utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20) + Array(#""]"#.utf8)
        #expect(ContractShape.filled(large) == large)
    }

    @Test("what is missing to a multiple", arguments: [(0, 0), (1, 9), (9, 1), (10, 0), (11, 9)])
    func missing(count: UInt64, missing: UInt64) { #expect(ContractShape.missing(count, to: 10) == missing) }

    @Test("a module says its step by the name of an export, and a compiled one keeps it")
    func step() throws {
        let engine = try WasmEngine()
        let shaped = try engine.compile(Repository.contract("puppet-shaped"))
        #expect(shaped.facts.gasStep == 50_000)
        #expect(try engine.compile(Repository.contract("puppet")).facts.gasStep == 0)
        #expect(try ModuleUpload.check(Repository.contract("puppet-shaped"), with: engine).gasStep == 50_000)
        let prefix = shaped.facts.prefix(memoryBytes: 65_536 * 3)
        let split = try #require(ModuleFacts.split(prefix + [1, 2, 3]))
        #expect(split.facts == shaped.facts && split.memoryBytes == 65_536 * 3 && split.image == [1, 2, 3])
        for count in 0..<prefix.count { #expect(ModuleFacts.split(Array(prefix.prefix(count))) == nil) }
    }
}
