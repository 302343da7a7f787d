import Testing
import WasmKit

@testable import ContractEngine

/// Gas by hand: two for each instruction of every sequence that is entered (Secret Network protocol: wasm gas). Each
/// call begins with three regions, 40 gas each.
@Suite("Gas of small modules")
struct GasTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var gas: UInt64
        var code: [UInt8]
        var trap: ContractTrap?

        init(_ description: String, _ gas: UInt64, _ code: [UInt8], trap: ContractTrap? = nil) {
            (testDescription, self.gas, self.code, self.trap) = (description, gas, code, trap)
        }
    }

    private static let count = Op.i32(1) + Op.drop  // two instructions

    /// The last instruction of `execute` is always the constant that is returned. Local 3 is an i32.
    static let cases: [Case] = [
        Case("one constant", 120 + 2, []),
        Case("nop is free", 120 + 2, code(Op.nop, Op.nop)),
        Case("a block is one instruction and a sequence", 120 + 4 + 4, code(Op.block, count, Op.end)),
        Case("an empty block", 120 + 4, code(Op.block, Op.end)),
        Case("nested blocks", 120 + 4 + 2 + 2 + 4, code(Op.block, Op.block, Op.block, count, Op.end, Op.end, Op.end)),
        Case("the arm taken", 120 + 6 + 4, code(Op.i32(1), Op.ifThen, count, Op.otherwise, count, count, Op.end)),
        Case("the other arm", 120 + 6 + 8, code(Op.i32(0), Op.ifThen, count, Op.otherwise, count, count, Op.end)),
        Case("no arm at all", 120 + 6, code(Op.i32(0), Op.ifThen, count, Op.end)),
        Case(
            "ten rounds of a loop", 120 + 8 + 10 * 10,
            code(Op.i32(10), Op.set(3), Op.loop, Op.get(3), Op.i32(1), Op.subtract, Op.tee(3), Op.branchIf(0), Op.end)),
        Case(
            "dead code is dropped, dead blocks too", 120 + 4 + 2,
            code(Op.block, Op.branch(0), count, Op.block, count, Op.end, count, Op.end)),
        Case(
            "code lives again after the block", 120 + 4 + 4 + 2,
            code(Op.block, Op.block, Op.branch(0), count, Op.end, Op.nop, Op.branch(0), count, Op.end)),
        Case(
            "an arm that ends dead leaves the other alive", 120 + 6 + 8,
            code(Op.i32(0), Op.ifThen, Op.unreachable, Op.otherwise, count, count, Op.end)),
        Case("nothing after return", 120 + 4, code(Op.i32(TestContract.outputRegion), Op.returns, count)),
        Case(
            "br_table is one instruction", 120 + 4 + 6 + 4,
            code(Op.block, Op.block, Op.i32(1), Op.branchTable([0, 1], 0), count, Op.end, count, Op.end)),
        Case(
            "leaving early does not get anything back", 120 + 4 + 12,
            code(Op.block, Op.i32(1), Op.branchIf(0), count, count, Op.end)),
        Case("memory.size", 120 + 6, code(Op.size, Op.drop)),
        Case(
            "memory.grow: pages, the metering function, the instruction", 120 + 8 + 28 + 2 * 8192,
            code(Op.i32(2), Op.grow, Op.drop)),
        Case("memory.grow by nothing", 120 + 8 + 28, code(Op.i32(0), Op.grow, Op.drop)),
        Case("memory.grow that fails is charged too", 120 + 8 + 28 + 192 * 8192, code(Op.i32(192), Op.grow, Op.drop)),
        Case(
            "memory.grow by -1 costs more than there is", EngineLimits.gasMax, code(Op.i32(-1), Op.grow, Op.drop),
            trap: .outOfGas),
        Case("unreachable counts", 120 + 2, Op.unreachable, trap: .panicked),
        Case("division by zero", 120 + 10, code(Op.i32(1), Op.i32(0), Op.divide, Op.drop), trap: .divisionByZero),
        Case(
            "division that overflows", 120 + 10, code(Op.i32(Int64(Int32.min)), Op.i32(-1), Op.divide, Op.drop),
            trap: .panicked),
        Case("memory out of bounds", 120 + 8, code(Op.i32(-4), Op.load(), Op.drop), trap: .memoryOutOfBounds),
    ]

    @Test("is what the schedule says under every preset", arguments: cases)
    func golden(example: Case) throws {
        let code = TestContract.executing(locals: [WasmAssembly.i32], example.code)
        for (preset, engine) in Engines.all {
            let module = try engine.compile(code)
            let run = try onContractThread { try engine.run(module, .execute(), TestEnvironment()) }
            #expect(run.gasUsed == example.gas, "\(preset)")
            #expect(run.trap == example.trap, "\(preset)")
            if example.trap == nil { #expect(run.output == TestContract.output, "\(preset)") }
        }
    }

    @Test("of calls is that of both functions")
    func calls() throws {
        var contract = TestContract()
        contract.assembly.table = 2
        let callee = contract.assembly.function(nil, [], [], code(Op.i32(1), Op.drop, Op.returns))
        contract.assembly.element(callee)
        let type = contract.assembly.type([], [])
        contract.execute(
            code(Op.call(callee), Op.call(callee), Op.i32(0), Op.callIndirect(type), Op.i32(TestContract.outputRegion)))
        let code = contract.assembly.bytes()
        for (preset, engine) in Engines.all {
            let module = try engine.compile(code)
            let run = try onContractThread { try engine.run(module, .execute(), TestEnvironment()) }
            #expect(run.gasUsed == 120 + 10 + 3 * 6, "\(preset)")
            #expect(run.output == TestContract.output)
        }
    }

    @Test("that runs out anywhere gives no other result than running out")
    func sweep() throws {
        let code = TestContract.executing(
            locals: [WasmAssembly.i32],
            code(
                Op.i32(3), Op.set(3), Op.loop, Op.get(3), Op.ifThen, Op.i32(0), Op.grow, Op.drop, Op.end, Op.get(3),
                Op.i32(1), Op.subtract, Op.tee(3), Op.branchIf(0), Op.end))
        // Function 4, loop 7 in each of three rounds, and in each the arm with its growth.
        let full: UInt64 = 120 + 8 + 3 * (14 + 6 + 28)
        for (preset, engine) in Engines.all {
            let module = try engine.compile(code)
            try onContractThread {
                for limit in 0...full + 1 {
                    let run = try engine.run(module, .execute(gasLimit: limit), TestEnvironment())
                    if limit < full {
                        #expect(run.trap == .outOfGas, "\(preset) \(limit)")
                        #expect(run.gasUsed > limit && run.gasUsed <= limit + 40, "\(preset) \(limit)")
                    } else {
                        #expect(run.output == TestContract.output, "\(preset) \(limit)")
                        #expect(run.gasUsed == full, "\(preset) \(limit)")
                    }
                }
            }
        }
    }

    @Test("cannot be written by a module that names the global it will be kept in")
    func attack() throws {
        // The module has one global of its own; number 1 is the gas once the module is instrumented.
        let code = TestContract.executing(code(Op.i64(1 << 40), Op.globalSet(1)))
        #expect(throws: ModuleRefusal.invalid) { try Engines.cranelift.compile(code) }
        #expect(throws: UploadRefusal.invalid) { try ModuleUpload.check(code, with: Engines.cranelift) }
        // Only validating the original stands in the way: the instrumented module would be a valid one.
        let instrumented = GasInstrumentation.instrument(try CheckedModule(code), frameBudget: 1 << 20)
        #expect(Engines.cranelift.validates(instrumented))
    }

    @Test("cannot be read by a module that imports or exports its names")
    func reservedNames() throws {
        var contract = TestContract()
        contract.entry("instantiate", Op.i32(TestContract.outputRegion))
        contract.assembly.exportItem("cloister.gas", kind: 3, 0)
        let code = contract.assembly.bytes()
        #expect(throws: ModuleRefusal.invalid) { try Engines.cranelift.compile(code) }
        #expect(throws: UploadRefusal.reservedExport("cloister.gas")) {
            try ModuleUpload.check(code, with: Engines.cranelift)
        }
        // Instrumenting twice is refused for the same reason.
        let once = GasInstrumentation.instrument(
            try CheckedModule(TestContract.executing([])), frameBudget: EngineLimits.frameBudget)
        #expect(throws: ModuleRefusal.invalid) { try Engines.cranelift.compile(once) }
    }
}
