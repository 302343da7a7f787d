import Testing
import WasmKit

@testable import ContractEngine

@Suite("Regions and memory")
struct MemoryTests {
    private func run(_ code: [UInt8], gasLimit: UInt64 = 1_000_000_000) throws -> ContractRun {
        let module = try Engines.cranelift.compile(code)
        return try onContractThread {
            try Engines.cranelift.run(module, .execute(gasLimit: gasLimit), TestEnvironment())
        }
    }

    /// `execute` returns `pointer`; the twelve bytes at 2048 are `region`.
    private func returning(_ pointer: Int64, region: [UInt8] = []) throws -> ContractRun {
        var contract = TestContract()
        contract.assembly.data(at: 2048, region)
        contract.execute(Op.i32(pointer))
        return try run(contract.assembly.bytes())
    }

    @Test("a result that does not lie in memory is refused")
    func results() throws {
        let page = 65_536
        #expect(try returning(2048, region: word(3000) + word(4) + word(4)).output == [0, 0, 0, 0])
        #expect(try returning(2048, region: word(page - 4) + word(4) + word(4)).output?.count == 4)
        #expect(try returning(2048, region: word(1) + word(0) + word(0)).output == [])
        for pointer in [0, Int64(page) - 11, Int64(page), -1, -12, Int64(Int32.min)] {
            #expect(try returning(pointer).trap == .memoryRead, "\(pointer)")
        }
        let broken = [
            word(0) + word(4) + word(4), word(page - 3) + word(4) + word(4), word(3000) + word(3) + word(4),
            word(-1) + word(4) + word(4), word(-4) + word(-1) + word(-1), word(3000) + word(-1) + word(page),
        ]
        for region in broken { #expect(try returning(2048, region: region).trap == .memoryRead, "\(region)") }
    }

    /// A contract whose `allocate` is `code`.
    private func allocating(imports: [(String, Int, [UInt8])] = [], _ allocate: [UInt8]) throws -> ContractRun {
        var assembly = WasmAssembly()
        for (name, parameters, results) in imports {
            assembly.importFunction(name, [UInt8](repeating: 0x7f, count: parameters), results)
        }
        assembly.function("allocate", [0x7f], [0x7f], allocate)
        assembly.function("deallocate", [0x7f], [], [])
        assembly.function("interface_version_8", [], [], [])
        assembly.function("execute", [0x7f, 0x7f, 0x7f], [0x7f], Op.get(2))
        assembly.data(at: 2048, word(3000) + word(10) + word(0))
        let module = try Engines.cranelift.compile(assembly.bytes())
        return try onContractThread {
            try Engines.cranelift.run(
                module,
                ContractInvocation(
                    .execute, environment: [], info: [], message: Array("0123456789".utf8), gasLimit: 1_000_000),
                TestEnvironment())
        }
    }

    @Test("what allocate answers is not trusted")
    func allocations() throws {
        // Message, environment and info all go into one region, of which only the last stays: empty.
        #expect(try allocating(Op.i32(2048)).output == [])
        #expect(try allocating(Op.i32(0)).trap == .memoryAllocation)
        #expect(try allocating(Op.unreachable).trap == .panicked)
        #expect(try allocating(Op.i32(65_530)).trap == .memoryRead)
        #expect(try allocating(code(Op.i32(2052), Op.i32(9), Op.store(), Op.i32(2048))).trap == .memoryWrite)
        #expect(try allocating(code(Op.i32(2048), Op.i32(65_530), Op.store(), Op.i32(2048))).trap == .memoryWrite)
        #expect(try allocating(code(Op.i32(2048), Op.i32(0), Op.store(), Op.i32(2048))).trap == .memoryRead)
    }

    @Test("a host function that is reached from allocate ends the call")
    func reentry() throws {
        let run = try allocating(
            imports: [("db_read", 1, [0x7f])], code(Op.i32(2048), Op.call(0), Op.drop, Op.i32(2048)))
        #expect(run.trap == .panicked)
    }

    @Test("memory grows to 192 pages and not further, whatever the module says")
    func growth() throws {
        var contract = TestContract()
        contract.assembly.pages = 17
        // Grows by one until it cannot, then returns what memory.size says, in a region at 2048.
        contract.assembly.data(at: 2048, word(2064) + word(4) + word(4))
        contract.execute(
            code(
                Op.loop, Op.i32(1), Op.grow, Op.i32(-1), Op.equal, Op.isZero, Op.branchIf(0), Op.end,
                Op.i32(2064), Op.size, Op.store(), Op.i32(2048)))
        for (preset, engine) in Engines.all {
            let module = try engine.compile(contract.assembly.bytes())
            let run = try onContractThread { try engine.run(module, .execute(), TestEnvironment()) }
            #expect(run.output == word(192), "\(preset)")
            // 175 pages are had and the next refused: all 176 are paid.
            #expect(run.gasUsed == 120 + 2 * 5 + 176 * (2 * 6 + 28 + 8192))
        }
        var small = TestContract()
        small.assembly.pagesMax = 2
        small.execute(code(Op.i32(2), Op.grow, Op.i32(-1), Op.equal, Op.ifThen, Op.unreachable, Op.end, Op.i32(1024)))
        #expect(try run(small.assembly.bytes()).trap == .panicked)
    }

    @Test("memory, tables and globals of one call are not there in the next, with any preset")
    func nothingStays() throws {
        // Traps if it finds a page that is not empty, or the global changed; then fills both.
        var contract = TestContract()
        let global = contract.assembly.global(WasmAssembly.i64, 0)
        contract.execute(
            locals: [WasmAssembly.i32],
            code(
                Op.globalGet(global), [0x50], Op.isZero, Op.ifThen, Op.unreachable, Op.end,
                Op.i64(7), Op.globalSet(global), Op.i32(150), Op.grow, Op.drop, Op.i32(65_536), Op.set(3),
                Op.loop,
                Op.get(3), Op.load(), Op.ifThen, Op.unreachable, Op.end,
                Op.get(3), Op.i32(-1), Op.store(),
                Op.get(3), Op.i32(4_096), Op.add, Op.tee(3), Op.i32(150 * 65_536), Op.lessThan, Op.branchIf(0),
                Op.end, Op.i32(TestContract.outputRegion)))
        for (preset, engine) in Engines.all {
            let modules = try (0..<2).map { _ in try engine.compile(contract.assembly.bytes()) }
            for round in 0..<4 {
                // The same module again, and another one that may get the same memory.
                let run = try onContractThread {
                    try engine.run(modules[round & 1], .execute(), TestEnvironment())
                }
                #expect(run.trap == nil, "\(preset), round \(round)")
            }
        }
    }

    @Test("an instance finds nothing of those before it in its memory or table", arguments: EnginePreset.allCases)
    func nothingIsLeft(preset: EnginePreset) throws {
        // Fills all that it can have, from behind its own data to the last byte of 192 pages.
        var writer = TestContract()
        writer.assembly.pages = 17
        writer.execute(
            locals: [WasmAssembly.i32],
            code(
                Op.i32(175), Op.grow, Op.drop, Op.i32(8192), Op.set(3),
                Op.loop, Op.get(3), Op.i64(0x5ec2_e75e_c2e7_5ec2), Op.store64, Op.get(3), Op.i32(8), Op.add, Op.tee(3),
                Op.i32(192 * 65_536), Op.lessThan, Op.branchIf(0), Op.end, Op.i32(1024)))
        // Looks at every word of what it has: in 17 pages at first, then in those it grows by. Traps if one is not
        // zero.
        var reader = TestContract()
        reader.assembly.pages = 17
        reader.execute(
            locals: [WasmAssembly.i32],
            code(
                Op.i32(175), Op.grow, Op.drop, Op.i32(8192), Op.set(3),
                Op.loop, Op.get(3), Op.load(), Op.ifThen, Op.unreachable, Op.end, Op.get(3), Op.i32(4), Op.add,
                Op.tee(3), Op.i32(192 * 65_536), Op.lessThan, Op.branchIf(0), Op.end, Op.i32(1024)))
        // Has a table with a function in it; the other has one of the same size, empty.
        var filled = TestContract()
        filled.assembly.table = 8
        filled.assembly.element(0)
        filled.execute(Op.i32(1024))
        var empty = TestContract()
        empty.assembly.table = 8
        empty.execute(
            code(Op.i32(1), Op.i32(0), Op.callIndirect(empty.assembly.type([0x7f], [0x7f])), Op.drop, Op.i32(1024)))

        let engine = try WasmEngine(preset: preset, memory: .slots)
        let modules = try [writer, reader, filled, empty].map { try engine.compile($0.assembly.bytes()) }
        try onContractThread {
            for _ in 0..<3 {
                let runs = try modules.map { try engine.run($0, .execute(gasLimit: 1 << 40), TestEnvironment()) }
                #expect(runs[0].trap == nil && runs[1].trap == nil && runs[2].trap == nil)
                #expect(runs[3].trap == .indirectCallMismatch)
            }
        }
    }

    @Test("slots for instances change neither gas nor results", arguments: EnginePreset.allCases)
    func slotsAndFresh(preset: EnginePreset) throws {
        var contract = TestContract()
        contract.assembly.pages = 3
        contract.execute(code(Op.i32(100), Op.grow, Op.drop, Op.i32(90 * 65_536), Op.i32(7), Op.store(), Op.i32(1024)))
        let runs = try [InstanceMemory.slots, .fresh].map { memory in
            let engine = try WasmEngine(preset: preset, memory: memory)
            let module = try engine.compile(contract.assembly.bytes())
            return try onContractThread { try engine.run(module, .execute(), TestEnvironment()) }
        }
        #expect(runs[0].output == runs[1].output && runs[0].gasUsed == runs[1].gasUsed && runs[0].trap == nil)
    }

    @Test("data or elements outside fail the call before it begins")
    func segments() throws {
        var data = TestContract()
        data.execute(Op.i32(1024))
        data.assembly.data(at: 65_535, [1, 2])
        #expect(try run(data.assembly.bytes()).trap == .instantiation)
        var table = TestContract()
        table.execute(Op.i32(1024))
        table.assembly.table = 0
        table.assembly.element(0)
        #expect(try run(table.assembly.bytes()).trap == .instantiation)
    }

    @Test("a bomb of calls, memory and loops ends with its gas", arguments: EnginePreset.allCases)
    func bombs(preset: EnginePreset) throws {
        let engine = Engines.engine(preset)
        let module = try engine.compile(TestContract.executing(code(Op.loop, Op.branch(0), Op.end)))
        let run = try onContractThread { try engine.run(module, .execute(gasLimit: 1_000_000), TestEnvironment()) }
        #expect(run.trap == .outOfGas)
        #expect(run.gasUsed == 1_000_000 + 2)
    }

    @Test("tables are checked by type and bounds")
    func tables() throws {
        func calling(_ index: Int64, _ type: ([UInt8], [UInt8])) throws -> ContractTrap? {
            var contract = TestContract()
            contract.assembly.table = 2
            contract.assembly.element(1)
            let index = code(Op.i32(0), Op.i32(index), Op.callIndirect(contract.assembly.type(type.0, type.1)))
            contract.execute(index + (type.1.isEmpty ? [] : Op.drop) + Op.i32(1024))
            return try run(contract.assembly.bytes()).trap
        }
        #expect(try calling(0, ([0x7f], [])) == nil)
        #expect(try calling(0, ([0x7f], [0x7f])) == .indirectCallMismatch)
        #expect(try calling(1, ([0x7f], [])) == .indirectCallMismatch)
        #expect(try calling(2, ([0x7f], [])) == .tableOutOfBounds)
    }
}
