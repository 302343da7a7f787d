import Testing
import WasmKit

@testable import ContractEngine

/// The depth limit is counted, not met: long before the native stack of any preset, and at the same call on all.
@Suite("Call depth")
struct DepthTests {
    /// Recursive functions of several shapes: what fills a native frame is not what the limit counts.
    struct Shape: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var locals = 0
        /// Runs before the function calls itself with one less than local 0.
        var before: [UInt8] = []
        /// Runs after, on top of its result.
        var after: [UInt8] = []
    }

    private static let manyLocals = 200

    static let shapes: [Shape] = [
        Shape(testDescription: "small"),
        Shape(
            testDescription: "many locals that stay alive", locals: manyLocals,
            before: (1...manyLocals).flatMap { code(Op.get(0), Op.i32(Int64($0)), Op.add, Op.set($0)) },
            after: (1...manyLocals).flatMap { code(Op.get($0), Op.add) }),
        Shape(
            testDescription: "many operands that stay alive",
            before: repeated(300, code(Op.get(0), Op.load(64))), after: repeated(300, Op.add)),
        Shape(
            testDescription: "branches that reassign locals", locals: 40,
            before: (0..<1000).flatMap { step in
                code(
                    Op.get(0), Op.ifThen, Op.i32(Int64(step)), Op.load(), Op.set(1 + step % 40), Op.otherwise,
                    Op.get(1 + step * 7 % 40), Op.set(1 + (step * 13 + 5) % 40), Op.end)
            },
            after: (1...40).flatMap { code(Op.get($0), Op.add) }),
        Shape(
            testDescription: "loops that rotate locals", locals: 40,
            before: (0..<20).flatMap { turn in
                code(
                    Op.loop, (0..<40).flatMap { Op.get(1 + ($0 + turn + 1) % 40) },
                    (0..<40).reversed().flatMap { Op.set(1 + $0) }, Op.i32(0), Op.branchIf(0), Op.end)
            },
            after: (1...40).flatMap { code(Op.get($0), Op.add) }),
    ]

    /// `descend(n)` calls itself n times, then runs `bottom`; `execute` calls it and returns the output.
    private func contract(
        _ shape: Shape, imports: [(String, Int, [UInt8])] = [], times: Int64, bottom: [UInt8] = []
    ) -> [UInt8] {
        var contract = TestContract(imports: imports)
        let descend = imports.count + 3
        let recursion = code(Op.get(0), Op.i32(1), Op.subtract, Op.call(descend))
        let index = contract.assembly.function(
            nil, [WasmAssembly.i32], [WasmAssembly.i32],
            locals: [UInt8](repeating: WasmAssembly.i32, count: shape.locals),
            code(
                Op.get(0), Op.isZero, Op.ifThen, bottom, Op.i32(0), Op.returns, Op.end, shape.before, recursion,
                shape.after))
        precondition(index == descend)
        contract.execute(code(Op.i32(times), Op.call(descend), Op.drop, Op.i32(TestContract.outputRegion)))
        contract.entry(
            "query", parameters: 2, code(Op.i32(times), Op.call(descend), Op.drop, Op.i32(TestContract.outputRegion)))
        return contract.assembly.bytes()
    }

    /// How often `descend` fits into the budget beside the function that calls it.
    private func fitting(_ code: [UInt8]) throws -> Int64 {
        let module = try CheckedModule(code)
        func weight(_ own: Int, _ parameters: Int) -> Int64 { module.scans[own].frameWeight(parameters: parameters) }
        return (Int64(EngineLimits.frameBudget) - weight(4, 3)) / weight(3, 1)
    }

    @Test("ends the call at the same place and for the same gas under every preset", arguments: shapes)
    func limit(shape: Shape) throws {
        let fits = try fitting(contract(shape, times: 0))
        var gas: Set<UInt64> = []
        for (preset, engine) in Engines.all {
            let deepest = try engine.compile(contract(shape, times: fits - 1))
            let tooDeep = try engine.compile(contract(shape, times: fits))
            try onContractThread {
                let run = try engine.run(deepest, .execute(), TestEnvironment())
                #expect(run.output == TestContract.output, "\(preset)")
                let ended = try engine.run(tooDeep, .execute(), TestEnvironment())
                #expect(ended.trap == .stackOverflow, "\(preset)")
                gas.insert(ended.gasUsed)
            }
        }
        #expect(gas.count == 1)
    }

    @Test("and ten nested queries at the bottom of each fit into the stack that is asked for", arguments: shapes)
    func nested(shape: Shape) throws {
        let query = code(Op.i32(TestContract.outputRegion), Op.call(0), Op.drop)
        let imports: [(String, Int, [UInt8])] = [("query_chain", 1, [WasmAssembly.i32])]
        let fits = try fitting(contract(shape, imports: imports, times: 0, bottom: query))
        for (preset, engine) in Engines.all {
            let module = try engine.compile(contract(shape, imports: imports, times: fits - 1, bottom: query))
            let environment = Descending(engine, module, depth: 1)
            let run = try onContractThread {
                try engine.run(module, .execute(gasLimit: 50_000_000_000), environment)
            }
            #expect(run.output == TestContract.output, "\(preset)")
            #expect(environment.deepest == EngineLimits.activationsMax, "\(preset)")
        }
    }

    @Test("deeper than the stack was asked for is a fault, not a result")
    func tooManyActivations() throws {
        let module = try Engines.cranelift.compile(TestContract.executing([]))
        var invocation = ContractInvocation.execute()
        invocation.depth = EngineLimits.activationsMax + 1
        #expect(throws: ContractFault.engine) {
            try onContractThread { try Engines.cranelift.run(module, invocation, TestEnvironment()) }
        }
    }
}

/// Answers a query by querying the same contract, as deep as it goes.
private final class Descending: ContractEnvironment {
    let engine: WasmEngine
    let module: CompiledModule
    let depth: Int
    var deepest: Int

    init(_ engine: WasmEngine, _ module: CompiledModule, depth: Int) {
        (self.engine, self.module, self.depth, deepest) = (engine, module, depth, depth)
    }

    func read(_ key: [UInt8]) throws(ContractFault) -> [UInt8]? { nil }
    func write(_ key: [UInt8], _ value: [UInt8]) throws(ContractFault) {}
    func remove(_ key: [UInt8]) throws(ContractFault) {}
    func query(_ request: [UInt8], gasLimit: UInt64) throws(ContractFault) -> (answer: [UInt8], gasUsed: UInt64) {
        guard depth < EngineLimits.activationsMax else { return (request, 500) }
        let inner = Descending(engine, module, depth: depth + 1)
        let invocation = ContractInvocation(
            .query, environment: [], message: [], gasLimit: gasLimit, depth: depth + 1)
        let run = try engine.run(module, invocation, inner)
        deepest = inner.deepest
        guard case .success(let answer) = run.result else { throw .hostRefused(1) }
        return (answer, run.gasUsed)
    }
}
