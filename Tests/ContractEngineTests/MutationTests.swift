import Seeds
import Testing
import WasmKit

@testable import ContractEngine

/// Bytes that were a module once. Whatever they are now, reading them ends in a value or a refusal.
@Suite("Mutated modules")
struct MutationTests {
    private static func mutate(_ code: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var code = code
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let index = Int.random(in: 8..<code.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: code[index] = UInt8.random(in: 0...255, using: &random)
            case 1: code[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: code.remove(at: index)
            case 3: code.insert(UInt8.random(in: 0...255, using: &random), at: index)
            case 4: code[index] = [0x00, 0x7f, 0x80, 0xff, 0x0b, 0x40].randomElement(using: &random)!
            default: code.removeSubrange(index..<min(code.count, index + 3))
            }
            if code.count < 16 { return code }
        }
        return code
    }

    private static let seeds: [UInt64] = [1, 20_260_101, UInt64.random(in: 0...UInt64.max)]

    private func subject() -> [UInt8] {
        var contract = TestContract(imports: [("db_read", 1, [0x7f]), ("db_write", 2, [])])
        contract.assembly.table = 3
        contract.assembly.element(2)
        contract.assembly.global(WasmAssembly.i64, -5)
        contract.assembly.customSection = [1, 2, 3]
        contract.execute(
            locals: [WasmAssembly.i32, WasmAssembly.i64],
            code(
                Op.i32(3), Op.set(3), Op.loop, Op.block, Op.get(3), Op.branchTable([0, 1], 0), Op.end,
                Op.get(3), Op.i32(1), Op.subtract, Op.tee(3), Op.branchIf(0), Op.end,
                Op.i32(1), Op.grow, Op.ifThen, Op.get(0), Op.i32(0), Op.callIndirect(0), Op.drop, Op.otherwise,
                Op.i32(1024), Op.returns, Op.end, Op.get(2), Op.call(0)))
        contract.entry("instantiate", Op.i32(1024))
        return contract.assembly.bytes()
    }

    @Test("are refused or run, and stay valid when instrumented", arguments: seeds)
    func mutations(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let subject = subject()
        let engine = Engines.engine(.winch)
        var ran = 0
        for step in 0..<1500 {
            let mutant = Self.mutate(subject, &random)
            _ = try? ModuleUpload.check(mutant, with: engine)
            guard let checked = try? CheckedModule(mutant), engine.validates(mutant),
                (try? checked.refuseUnlessRunnable()) != nil
            else { continue }
            let instrumented = GasInstrumentation.instrument(checked, frameBudget: EngineLimits.frameBudget)
            #expect(engine.validates(instrumented), "seed \(seed) step \(step)")
            guard checked.facts.exports.contains(.execute) else { continue }
            var outcomes: Set<String> = []
            for (_, engine) in Engines.all {
                let module = try engine.compile(mutant)
                let run = try onContractThread {
                    try engine.run(module, .execute(gasLimit: 5_000_000), TestEnvironment())
                }
                outcomes.insert("\(run.gasUsed) \(run.result)")
            }
            #expect(outcomes.count == 1, "seed \(seed) step \(step): \(outcomes)")
            ran += 1
        }
        #expect(ran > 10, "seed \(seed): only \(ran) ran")
    }

    @Test("of random bytes behind a header are refused", arguments: seeds)
    func noise(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for step in 0..<3000 {
            let count = Int.random(in: 0..<200, using: &random)
            let noise = (0..<count).map { _ in UInt8.random(in: 0...13, using: &random) }
            let module = try? CheckedModule([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] + noise)
            #expect(module?.interface == nil, "seed \(seed) step \(step)")
        }
    }

    @Test(
        "of deployed contracts are read to the end or refused",
        .enabled(if: RealContracts.areThere, "needs CLOISTER_CONTRACTS"))
    func deployed() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let code = RealContracts.code("cw20-ics20")
        var refused = 0
        for _ in 0..<60 where (try? CheckedModule(Self.mutate(code, &random))) == nil { refused += 1 }
        #expect(refused > 0, "seed \(seed)")
    }
}
