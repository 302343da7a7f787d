import Testing
import WasmKit

@testable import ContractEngine

/// Where a call stopped: the functions that were active, by the numbers that they have in the module as it was
/// uploaded.
@Suite("Traces")
struct TraceTests {
    /// `execute` calls a function that calls another, which runs `code`. Their indices, the innermost first.
    private func nested(importing imports: [(String, Int, [UInt8])] = [], _ code: [UInt8]) -> (
        module: [UInt8], trace: [UInt32]
    ) {
        var contract = TestContract(imports: imports)
        let inner = contract.assembly.function(nil, [], [], code)
        let outer = contract.assembly.function(nil, [], [], Op.call(inner))
        contract.assembly.function("instantiate", [0x7f, 0x7f, 0x7f], [0x7f], Op.i32(TestContract.outputRegion))
        let execute = contract.assembly.function(
            "execute", [0x7f, 0x7f, 0x7f], [0x7f], Op.call(outer) + Op.i32(TestContract.outputRegion))
        return (contract.assembly.bytes(), [inner, outer, execute].map { UInt32($0) })
    }

    private func run(
        _ module: [UInt8], _ preset: EnginePreset = .cranelift, gasLimit: UInt64 = 1_000_000_000,
        wantsTrace: Bool = true
    ) throws -> ContractRun {
        let engine = Engines.engine(preset)
        let compiled = try engine.compile(module)
        var invocation = ContractInvocation.execute(gasLimit: gasLimit)
        invocation.wantsTrace = wantsTrace
        return try onContractThread { [invocation] in try engine.run(compiled, invocation, TestEnvironment()) }
    }

    @Test("a trap is traced to the functions it was in, alike by every compiler", arguments: EnginePreset.allCases)
    func traps(preset: EnginePreset) throws {
        let (panic, panicked) = nested(Op.unreachable)
        let run = try run(panic, preset)
        #expect(run.trap == .panicked && run.trace == panicked)

        let (division, divided) = nested(code(Op.i32(1), Op.i32(0), Op.divide, Op.drop))
        let second = try self.run(division, preset)
        #expect(second.trap == .divisionByZero && second.trace == divided)
    }

    @Test("gas that runs out, and a host function that ends the call, are traced too", arguments: EnginePreset.allCases)
    func ended(preset: EnginePreset) throws {
        let (endless, looped) = nested(code(Op.loop, Op.branch(0), Op.end))
        let exhausted = try run(endless, preset, gasLimit: 100_000)
        #expect(exhausted.trap == .outOfGas && exhausted.trace == looped)

        // A region at 0 is none: the host function refuses to read it.
        let (asking, asked) = nested(
            importing: [("db_read", 1, [WasmAssembly.i32])], code(Op.i32(0), Op.call(0), Op.drop))
        let refused = try run(asking, preset)
        #expect(refused.trap == .memoryRead && refused.trace == asked)
    }

    @Test("nothing is traced unless it is asked for, and asking changes neither result nor gas")
    func unasked() throws {
        let (module, _) = nested(Op.unreachable)
        let plain = try run(module, wantsTrace: false)
        let traced = try run(module)
        #expect(plain.trace.isEmpty && !traced.trace.isEmpty)
        #expect(plain.trap == traced.trap && plain.gasUsed == traced.gasUsed)
        let (good, _) = nested(Op.nop)
        #expect(try run(good).trace.isEmpty)
    }

    // MARK: - Names

    private func named(_ names: [(Int, String)], title: String = "name") -> [UInt8] {
        func sized(_ bytes: [UInt8]) -> [UInt8] { number(bytes.count) + bytes }
        let list = number(names.count) + names.flatMap { number($0.0) + sized(Array($0.1.utf8)) }
        let section = sized(Array(title.utf8)) + [0] + sized(sized(Array("module".utf8))) + [1] + sized(list)
        return nested(Op.unreachable).module + [0] + sized(section)
    }

    @Test("functions have the names that the module's author gave them, made printable")
    func names() {
        let code = named([(3, "inner"), (4, "two\nlines at 5"), (5, "Grüße"), (900, "far")])
        #expect(FunctionNames.find([3, 4, 6], in: code) == [3: "inner", 4: "two?lines?at?5"])
        #expect(FunctionNames.find([5, 900], in: code) == [5: "Gr????e", 900: "far"])
        #expect(FunctionNames.find([3], in: named([(3, "inner")], title: "names")).isEmpty)
        #expect(FunctionNames.find([3], in: nested(Op.unreachable).module).isEmpty)
        let long = named([(3, String(repeating: "n", count: 10_000))])
        #expect(FunctionNames.find([3], in: long)[3]?.utf8.count == 256)
    }

    @Test("a section of names that is cut or changed gives other names or none, and never a crash")
    func mutations() {
        let code = named([(3, "inner"), (4, "outer")])
        for count in 0..<code.count { #expect(FunctionNames.find([3, 4], in: Array(code[..<count])).count <= 2) }
        for index in code.indices.suffix(60) {
            for bit in 0..<8 {
                var changed = code
                changed[index] ^= 1 << bit
                #expect(FunctionNames.find([3, 4], in: changed).values.allSatisfy { $0.utf8.count <= 256 })
            }
        }
    }
}
