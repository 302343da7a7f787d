import Foundation
import Testing
import WasmKit

@testable import ContractEngine

/// Modules that pass the structural limits, each as dear for a compiler as one kind of code can make it.
struct DearModule: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// A module with as much of it as `count` says, and the most that passes.
    var bytes: @Sendable (_ count: Int) -> [UInt8]
    var most: Int

    init(_ description: String, most: Int, _ build: @escaping @Sendable (inout WasmAssembly, Int) -> Void) {
        testDescription = description
        self.most = most
        bytes = { count in
            var contract = TestContract()
            contract.entry("instantiate", Op.i32(TestContract.outputRegion))
            build(&contract.assembly, count)
            return contract.assembly.bytes()
        }
    }

    private static let i32 = WasmAssembly.i32
    private static func locals(_ count: Int) -> [UInt8] { [UInt8](repeating: i32, count: count) }

    static let all = [
        DearModule("assignments above 1,020 operands", most: 520_000) { module, count in
            module.function(
                nil, [], [], locals: locals(2),
                code(
                    repeated(1_020, Op.get(0)), repeated(count, code(Op.i32(1), Op.set(1))), repeated(1_020, Op.drop)))
        },
        DearModule("calls above 1,020 operands", most: 340_000) { module, count in
            let callee = module.function(nil, [], [], [])
            module.function(
                nil, [], [],
                code(repeated(1_020, Op.i32(1)), repeated(count, Op.call(callee)), repeated(1_020, Op.drop)))
        },
        DearModule("blocks that leave a value, in one function", most: 32_500) { module, count in
            let block = code(Op.blockValue, Op.i32(0), Op.get(0), Op.branchIf(0), Op.end, Op.set(0))
            module.function(nil, [], [], locals: locals(1), repeated(count, block))
        },
        DearModule("branches over 250 locals, in one function", most: 65_000) { module, count in
            let branches = (0..<count).flatMap { step in
                code(Op.get(step % 250), Op.ifThen, Op.get(step * 7 % 250), Op.set(step * 3 % 250), Op.end)
            }
            module.function(nil, [], [], locals: locals(250), branches)
        },
        DearModule("branches under 1,000 operands, in one function", most: 64_000) { module, count in
            let branch = code(Op.get(0), Op.ifThen, Op.i32(4), Op.load(), Op.set(0), Op.end)
            module.function(
                nil, [], [i32], locals: locals(1),
                code(repeated(1_000, code(Op.i32(8), Op.load())), repeated(count, branch), repeated(999, Op.add)))
        },
        DearModule("branches in functions of 1,000", most: 150_000) { module, count in
            let block = code(Op.block, Op.i32(0), Op.drop, Op.end)
            for _ in 0..<count / 1_000 { module.function(nil, [], [], repeated(1_000, block)) }
        },
        DearModule("one table of branches", most: 64_990) { module, count in
            let table = Op.branchTable([Int](repeating: 0, count: count), 0)
            module.function(nil, [], [], code(Op.block, Op.i32(0), table, Op.end))
        },
        DearModule("blocks in blocks", most: 60_000) { module, count in
            let nest = code(repeated(500, Op.block), Op.i32(0), Op.branchIf(499), repeated(500, Op.end))
            module.function(nil, [], [], repeated(count / 500, nest))
        },
        DearModule("loops in loops over 250 locals", most: 32_000) { module, count in
            let loop = code(Op.loop, Op.get(1), Op.get(2), Op.add, Op.set(3), Op.get(0), Op.branchIf(0))
            let nest = repeated(400, loop) + repeated(400, Op.end)
            module.function(nil, [], [], locals: locals(250), repeated(count / 400, nest))
        },
        DearModule("calls through the table, in one function", most: 84_000) { module, count in
            module.table = 10
            let type = module.type([], [])
            module.function(nil, [], [], repeated(count, code(Op.i32(0), Op.callIndirect(type))))
        },
        DearModule("divisions, in one function", most: 170_000) { module, count in
            let division = code(Op.get(0), Op.get(1), Op.divide, Op.set(0))
            module.function(nil, [], [], locals: locals(2), repeated(count, division))
        },
        DearModule("loads, in one function", most: 345_000) { module, count in
            module.function(nil, [], [], repeated(count, code(Op.i32(0), Op.load(), Op.drop)))
        },
        DearModule("functions", most: 9_900) { module, count in
            for _ in 0..<count { module.function(nil, locals(100), [], locals: locals(50), []) }
        },
    ]
}

/// What passes the structural limits ends, soon and in little memory: here for the processor time that the linear
/// compiler takes while a block waits, and with `CLOISTER_COMPILE_COSTS` set as the table in docs/compile-costs.md.
@Suite("Compile costs", .serialized)
struct CompileCostTests {
    private static func seconds(_ body: () throws -> Void) rethrows -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
        }
        let start = now()
        try body()
        return now() - start
    }

    @Test("the dearest code of each kind that passes is accepted, and ready to run at once", arguments: DearModule.all)
    func linear(module: DearModule) throws {
        let code = module.bytes(module.most)
        let checked = try CheckedModule(reading: code)
        #expect(StructuralLimits.exceeded(by: checked) == nil)
        // Close to a limit, or it says nothing of it.
        #expect(StructuralLimits.exceeded(by: try CheckedModule(reading: module.bytes(module.most * 5 / 4))) != nil)
        try onContractThread {
            _ = try ModuleUpload.check(code, with: Engines.cranelift)
            // Measured: 0.05 to 0.7 seconds. The rest is for slow and busy machines, and a build without optimisation.
            var ready: CompiledModule?
            let taken = try Self.seconds { ready = try Engines.engine(.winch).compile(code) }
            #expect(taken < 6, "\(module.testDescription): \(taken) seconds")
            #expect(ready?.preset == .winch)
        }
    }

    @Test("what would cost the optimising compiler minutes stays with the linear one", arguments: DearModule.all)
    func optimised(module: DearModule) throws {
        let code = module.bytes(module.most)
        try onContractThread {
            var ready: CompiledModule?
            let taken = try Self.seconds { ready = try Engines.cranelift.compile(code) }
            let allowed = OptimizationBudget.allows(try CheckedModule(code))
            #expect(ready?.preset == (allowed ? .cranelift : .winch))
            #expect(taken < 30, "\(module.testDescription): \(taken) seconds")
        }
    }

    @Test("twice the branches of any contract known pass in one function, and run alike under every preset")
    func large() throws {
        // Looks its input up in a chain of 13,000 comparisons, as a parser of many messages does.
        var steps: [UInt8] = []
        for step in 0..<13_000 {
            steps += code(Op.get(3), Op.i32(Int64(step)), Op.equal, Op.ifThen, Op.get(3), Op.i32(Int64(step * 3)))
            steps += code(Op.add, Op.set(4 + step % 90), Op.otherwise, Op.get(4 + step % 89))
            steps += code(Op.set(4 + step * 7 % 90), Op.end)
        }
        let module = TestContract.executing(
            locals: [UInt8](repeating: WasmAssembly.i32, count: 95),
            code(Op.i32(77), Op.set(3), steps, Op.get(4), Op.set(5)))
        let checked = try CheckedModule(module)
        #expect(checked.scans.map(\.branchPoints).max() == 26_000)
        _ = try ModuleUpload.check(module, with: Engines.cranelift)
        var gas: Set<UInt64> = []
        for preset in [EnginePreset.winch, .cranelift] {
            try onContractThread {
                let run = try Engines.engine(preset).run(
                    try Engines.engine(preset).compile(module), .execute(), TestEnvironment())
                #expect(run.output == TestContract.output, "\(preset)")
                gas.insert(run.gasUsed)
            }
        }
        #expect(gas.count == 1)
    }

    @Test(
        "contracts are worth optimising", .enabled(if: RepositoryContract.areBuilt),
        arguments: ["snip20", "auction", "nft"])
    func repository(name: String) throws {
        let checked = try CheckedModule(try RepositoryContract(name).code)
        #expect(OptimizationBudget.allows(checked))
        // Far from the limit on machine code, which is an estimate.
        #expect(checked.nativeBytes < StructuralLimits.nativeBytesMax / 2)
    }

    // MARK: - The table

    @Test("measured", .enabled(if: getenv("CLOISTER_COMPILE_COSTS") != nil, "make compile-costs"))
    func table() throws {
        print(
            "| module | passes | wasm KB | joins | estimate | "
                + EnginePreset.allCases.map { "\($0)" }
                .joined(separator: " | ") + " |")
        print("|---|---|---|---|---|---|---|---|")
        for module in DearModule.all {
            for part in [8, 4, 2, 1] {
                let count = module.most / part
                try onContractThread { try Self.row("\(count) \(module.testDescription)", module.bytes(count)) }
                fflush(nil)
            }
        }
        for name in RealContracts.names {
            let code = RealContracts.code(name)
            if !code.isEmpty { try onContractThread { try Self.row(name, code) } }
        }
    }

    private static func row(_ name: String, _ code: [UInt8]) throws {
        let checked = try CheckedModule(reading: code)
        let instrumented = GasInstrumentation.instrument(checked, frameBudget: EngineLimits.frameBudget)
        let estimate = OptimizationBudget.estimate(checked).map { "\($0 / 1_000_000) ms" } ?? "none"
        let cells = try EnginePreset.allCases.map { preset in
            guard preset == .winch || OptimizationBudget.allows(checked) else { return "not tried" }
            let engine = try PresetEngine(preset, memory: .fresh)
            // The kernel forgets the most memory that there was.
            try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
            let before = kilobytes("VmRSS:")
            var image: Int?
            let taken = seconds {
                image = try? engine.compile(instrumented, facts: ModuleFacts(interface: .v1), memoryBytes: 0)
                    .serialize()?.count
            }
            let peak = max(0, kilobytes("VmHWM:") - before) / 1024
            return image.map { "\(Int(taken * 1000)) ms, \(peak) MB, code \($0 / 1024) KB" } ?? "refused"
        }
        print(
            "| \(name) | \(StructuralLimits.exceeded(by: checked) ?? "yes") | \(code.count / 1024) | "
                + "\(checked.scans.map(\.joins).max() ?? 0) | \(estimate), \(checked.nativeBytes / 1024) KB | "
                + cells.joined(separator: " | ") + " |")
    }

    private static func kilobytes(_ name: String) -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        return line.flatMap { Int($0.split(whereSeparator: { " \t".contains($0) })[1]) } ?? 0
    }
}
