import Testing
import WasmKit

@testable import ContractEngine

/// Functions that call others become blocks that are left in every way there is; none may change what they compute.
@Suite("Control flow through the rewritten functions")
struct ControlFlowTests {
    /// What `probe(n)` answers for n from 0 to 7. `callee(n)` is n + 1.
    private func answers(_ engine: WasmEngine, _ probeCode: (_ callee: Int) -> [UInt8]) throws -> [UInt8] {
        var contract = TestContract()
        let callee = contract.assembly.function(
            nil, [WasmAssembly.i32], [WasmAssembly.i32], code(Op.get(0), Op.i32(1), Op.add))
        let probe = contract.assembly.function(nil, [WasmAssembly.i32], [WasmAssembly.i32], probeCode(callee))
        let region = 2048
        contract.assembly.data(at: region, word(region + 16) + word(8) + word(8))
        var body: [UInt8] = []
        for index in 0..<8 {
            body += code(Op.i32(Int64(region + 16 + index)), Op.i32(Int64(index)), Op.call(probe), Op.store8)
        }
        contract.execute(body + Op.i32(Int64(region)))
        let module = try engine.compile(contract.assembly.bytes())
        let run = try onContractThread { try engine.run(module, .execute(), TestEnvironment()) }
        return try run.result.get()
    }

    @Test("return from inside blocks and loops", arguments: EnginePreset.allCases)
    func returns(preset: EnginePreset) throws {
        let answers = try answers(Engines.engine(preset)) { callee in
            code(
                Op.block, Op.loop, Op.get(0), Op.i32(5), Op.lessThan, Op.ifThen,
                Op.get(0), Op.call(callee), Op.returns,
                Op.end, Op.end, Op.end, Op.i32(99))
        }
        #expect(answers == [1, 2, 3, 4, 5, 99, 99, 99])
    }

    @Test("branch to the function's own label, with its value", arguments: EnginePreset.allCases)
    func branches(preset: EnginePreset) throws {
        let answers = try answers(Engines.engine(preset)) { callee in
            code(
                Op.blockValue,
                Op.get(0), Op.call(callee), Op.get(0), Op.i32(3), Op.equal, Op.branchIf(1), Op.drop,
                Op.i32(70), Op.get(0), Op.branchTable([1, 0, 1], 1),
                Op.end, Op.i32(7), Op.add)
        }
        #expect(answers == [70, 77, 70, 4, 70, 70, 70, 70])
    }

    @Test("a return that is the whole function, and returns that are dead", arguments: EnginePreset.allCases)
    func deadReturns(preset: EnginePreset) throws {
        let answers = try answers(Engines.engine(preset)) { callee in
            code(
                Op.get(0), Op.call(callee), Op.returns, Op.block, Op.i32(1), Op.returns, Op.end, Op.unreachable,
                Op.returns)
        }
        #expect(answers == [1, 2, 3, 4, 5, 6, 7, 8])
    }
}
