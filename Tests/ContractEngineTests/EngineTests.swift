import Glibc
import PublicCryptography
import Testing
import WasmKit

@testable import ContractEngine

@Suite("Engine, modules and cache")
struct EngineTests {
    private func echo() throws -> [UInt8] {
        var contract = TestContract(imports: [("db_read", 1, [0x7f]), ("db_write", 2, [])])
        // Writes the message under itself and returns what it reads back.
        contract.execute(code(Op.get(2), Op.get(2), Op.call(1), Op.get(2), Op.call(0)))
        contract.entry("instantiate", Op.get(2))
        contract.entry("query", parameters: 2, Op.get(1))
        contract.entry("reply", parameters: 2, Op.get(0))
        return contract.assembly.bytes()
    }

    private func call(
        _ engine: WasmEngine, _ module: CompiledModule, _ entry: ContractEntry = .execute,
        _ message: String = "hello"
    ) throws -> ContractRun {
        try onContractThread {
            try engine.run(
                module,
                ContractInvocation(
                    entry, environment: Array("environment".utf8), info: [], message: Array(message.utf8),
                    gasLimit: 1_000_000), TestEnvironment())
        }
    }

    @Test("every preset starts and passes the library's self-test", arguments: EnginePreset.allCases)
    func presets(preset: EnginePreset) throws {
        let engine = try WasmEngine(preset: preset)
        let module = try engine.compile(try echo())
        #expect(module.preset == preset)
        #expect(try call(engine, module).output == Array("hello".utf8))
    }

    @Test("a module can be compiled for another preset than the engine's")
    func otherPreset() throws {
        let module = try Engines.cranelift.compile(try echo(), preset: .winch)
        #expect(module.preset == .winch)
        let run = try call(Engines.cranelift, module)
        #expect(run.output == Array("hello".utf8))
        #expect(run.gasUsed == (try call(Engines.cranelift, Engines.cranelift.compile(try echo()))).gasUsed)
    }

    @Test(
        "what one compiler refuses the other takes, what all refuse is the module's fault, and a node's fault is neither"
    )
    func secondCompiler() throws {
        for refusing in EnginePreset.allCases {
            for preferred in EnginePreset.allCases {
                var asked: [EnginePreset] = []
                let taken = try WasmEngine.firstThatTakes(preferred) { preset throws(ModuleRefusal) in
                    asked.append(preset)
                    guard preset != refusing else { throw .compilers }
                    return preset
                }
                #expect(taken != refusing && asked.first == preferred)
                #expect(asked.count == (preferred == refusing ? 2 : 1) && !asked.dropFirst().contains(.pulley))
            }
        }
        for preferred in EnginePreset.allCases {
            var asked: [EnginePreset] = []
            #expect(throws: ModuleRefusal.compilers) {
                try WasmEngine.firstThatTakes(preferred) { preset throws(ModuleRefusal) -> EnginePreset in
                    asked.append(preset)
                    throw .compilers
                }
            }
            #expect(Set(asked).isSuperset(of: [.winch, .cranelift]))
            #expect(throws: ModuleRefusal.engine) {
                try WasmEngine.firstThatTakes(preferred) { _ throws(ModuleRefusal) -> EnginePreset in
                    throw .engine
                }
            }
        }
    }

    /// A contract that goes to one of the ends of what is allowed.
    private func extreme(_ name: String) -> [UInt8] {
        var contract = TestContract()
        let (i32, i64) = (WasmAssembly.i32, WasmAssembly.i64)
        let most = number(0xffff_ffff)
        switch name {
        case "parameters":
            let wide = contract.assembly.function(nil, repeated(255, [i64]), [i64], Op.get(254))
            contract.assembly.function("wide", [], [i64], repeated(255, Op.i64(.min)) + Op.call(wide))
        case "operands":
            contract.assembly.function("tall", [], [], repeated(1_024, Op.i64(-1)) + repeated(1_024, Op.drop))
        case "calls below operands":
            let callee = contract.assembly.function(nil, repeated(9, [i64]), [i64], Op.get(8))
            contract.assembly.function(
                "tall", [i64], [i64],
                repeated(1_024, Op.get(0)) + repeated(127, Op.call(callee)) + repeated(7, Op.drop))
        case "offsets":
            contract.assembly.function(
                "far", [i32], [i64], Op.get(0) + [0x28, 2] + most + [0x29, 3] + most)
            contract.assembly.function(
                "further", [i32, i64], [],
                Op.get(0) + Op.get(1) + [0x37, 3] + most + Op.i32(-1) + Op.get(1)
                    + [0x37, 3] + most)
        case "branches":
            contract.assembly.function(
                "table", [i32], [],
                Op.block + Op.get(0) + Op.branchTable(Array(repeating: 0, count: 64_990), 0) + Op.end)
        case "nesting":
            contract.assembly.function(
                "deep", [i32], [],
                repeated(500, Op.block) + Op.get(0) + Op.branchTable(Array(0..<500), 0)
                    + repeated(500, Op.end))
        case "functions":
            var assembly = contract.assembly
            assembly.table = 10_000
            for _ in 0..<9_000 { assembly.element(assembly.function(nil, [], [], Op.nop)) }
            assembly.function("indirect", [i32], [], Op.get(0) + Op.callIndirect(assembly.type([], [])))
            contract.assembly = assembly
        case "globals":
            for _ in 0..<9_990 { contract.assembly.global(i64, .max) }
            contract.assembly.function("last", [], [i64], Op.globalGet(9_990))
        case "code behind a return":
            contract.assembly.function(
                "dead", [i32], [i32],
                code(
                    Op.get(0), Op.returns, Op.drop, Op.block, Op.unreachable, Op.drop, [0x1b], Op.drop, Op.loop,
                    Op.branch(1), Op.add, Op.drop, Op.end, Op.end, Op.get(0), Op.branchTable([0, 0], 0)))
        default: fatalError()
        }
        contract.execute(Op.i32(TestContract.outputRegion))
        return contract.assembly.bytes()
    }

    @Test(
        "each compiler alone takes what goes to the end of what is allowed",
        arguments: [
            "parameters", "operands", "calls below operands", "offsets", "branches", "nesting", "functions", "globals",
            "code behind a return",
        ])
    func extremes(name: String) throws {
        let module = extreme(name)
        let facts = try CheckedModule(module).facts
        let metered = try Engines.cranelift.metered(module)
        for preset in EnginePreset.allCases {
            let alone = try PresetEngine(preset, memory: .fresh)
            _ = try alone.compile(metered, facts: facts, memoryBytes: module.count)
        }
    }

    @Test("entries are found by interface, and a missing one is a result")
    func entries() throws {
        let module = try Engines.cranelift.compile(try echo())
        #expect(try call(Engines.cranelift, module, .query).output == Array("hello".utf8))
        #expect(try call(Engines.cranelift, module, .reply).output == Array("environment".utf8))
        let missing = try call(Engines.cranelift, module, .migrate)
        #expect(missing.trap == .missingFunction("migrate"))
        #expect(missing.gasUsed == 0)

        var old = TestContract(marker: "cosmwasm_vm_version_3")
        for name in ["init", "handle"] { old.entry(name, parameters: 2, Op.get(1)) }
        old.entry("query", parameters: 1, Op.get(0))
        let v010 = try Engines.cranelift.compile(old.assembly.bytes())
        for entry in [ContractEntry.instantiate, .execute, .query] {
            let run = try call(Engines.cranelift, v010, entry)
            #expect(run.output == Array("hello".utf8))
            // Two regions, or one for a query, which has no environment.
            #expect(run.gasUsed == (entry == .query ? 40 : 80) + 2)
        }
        #expect(try call(Engines.cranelift, v010, .reply).trap == .missingFunction("reply"))
    }

    /// Where each region of a call lies shows in which order they were allocated.
    @Test(
        "regions are allocated in the order that gas depends on",
        arguments: [
            (ContractEntry.instantiate, InterfaceVersion.v1, [0, 2, 1]), (.execute, .v1, [2, 0, 1]),
            (.query, .v1, [1, 0]), (.migrate, .v1, [0, 1]), (.reply, .v1, [1, 0]), (.instantiate, .v010, [0, 1]),
            (.execute, .v010, [1, 0]), (.query, .v010, [0]), (.migrate, .v010, [0, 1]),
        ])
    func allocationOrder(entry: ContractEntry, interface: InterfaceVersion, positions: [Int]) {
        let invocation = ContractInvocation(entry, environment: [1], info: [2], message: [3], gasLimit: 0)
        #expect(invocation.arguments(in: interface).map(\.position) == positions)
    }

    @Test("nothing of a call is left for the next")
    func freshInstances() throws {
        var contract = TestContract()
        let counter = contract.assembly.global(WasmAssembly.i32, 0)
        contract.assembly.data(at: 2048, word(2064) + word(8) + word(8))
        contract.execute(
            code(
                Op.globalGet(counter), Op.i32(1), Op.add, Op.globalSet(counter), Op.i32(2064), Op.i32(2064), Op.load(),
                Op.globalGet(counter), Op.add, Op.store(), Op.i32(2048)))
        let module = try Engines.cranelift.compile(contract.assembly.bytes())
        for _ in 0..<3 { #expect(try call(Engines.cranelift, module).output == word(1) + word(0)) }
    }

    // MARK: - Serializing

    @Test("a serialized module comes back as it was", arguments: EnginePreset.allCases)
    func serialize(preset: EnginePreset) throws {
        let engine = Engines.engine(preset)
        let module = try engine.compile(try echo())
        let bytes = try #require(module.serialize())
        #expect(bytes == (try engine.compile(try echo())).serialize(), "compilation is reproducible")
        let again = try engine.deserialize(trusted: bytes)
        #expect(again.facts == module.facts)
        #expect(again.memoryBytes == module.memoryBytes)
        let (before, after) = (try call(engine, module), try call(engine, again))
        #expect(before.output == after.output)
        #expect(before.gasUsed == after.gasUsed)
        for other in EnginePreset.allCases where (other == .pulley) != (preset == .pulley) {
            #expect(throws: ModuleRefusal.self) { try engine.deserialize(trusted: bytes, preset: other) }
        }
        #expect(throws: ModuleRefusal.invalid) { try engine.deserialize(trusted: []) }
        #expect(throws: ModuleRefusal.invalid) { try engine.deserialize(trusted: Array(bytes.prefix(20))) }
        #expect(throws: ModuleRefusal.engine) { try engine.deserialize(trusted: Array(bytes.prefix(200))) }
    }

    // MARK: - Cache

    @Test("the cache drops what was not used for longest, by number and by size")
    func cache() throws {
        let module = try Engines.cranelift.compile(try echo())
        func hash(_ number: UInt8) -> Hash32 { SHA256.hash([number]) }
        let byNumber = ModuleCache(capacity: 2)
        byNumber.insert(module, for: hash(1))
        byNumber.insert(module, for: hash(2))
        #expect(byNumber.module(for: hash(1)) != nil)
        byNumber.insert(module, for: hash(3))
        #expect(byNumber.count == 2)
        #expect(byNumber.module(for: hash(2)) == nil)
        #expect(byNumber.module(for: hash(1)) != nil)

        let bySize = ModuleCache(capacity: 100, memoryBytesMax: 3 * module.memoryBytes)
        for number in 0..<10 { bySize.insert(module, for: hash(UInt8(number))) }
        #expect(bySize.count == 3)
        let tiny = ModuleCache(capacity: 100, memoryBytesMax: 1)
        tiny.insert(module, for: hash(1))
        #expect(tiny.module(for: hash(1)) != nil, "one module is kept whatever its size")
    }

    @Test("a refusal while making is not cached")
    func cacheRefusal() throws {
        let cache = ModuleCache()
        #expect(throws: ModuleRefusal.invalid) {
            try cache.module(for: .zero) { () throws(ModuleRefusal) in try Engines.cranelift.compile([]) }
        }
        let echo = try echo()
        let made = try cache.module(for: .zero) { () throws(ModuleRefusal) in try Engines.cranelift.compile(echo) }
        let again = try cache.module(for: .zero) { () throws(ModuleRefusal) in throw .invalid }
        #expect(made === again)
    }

    @Test("several threads share an engine, a cache and a module")
    func threads() async throws {
        let cache = ModuleCache(capacity: 2)
        let echo = try echo()
        let engine = Engines.cranelift
        try await withThrowingTaskGroup(of: Int.self) { group in
            for lane in 0..<4 {
                group.addTask {
                    var good = 0
                    for round in 0..<25 {
                        let hash = SHA256.hash([UInt8((lane + round) % 3)])
                        let module = try cache.module(for: hash) { () throws(ModuleRefusal) in
                            try engine.compile(echo, preset: .winch)
                        }
                        let run = try self.call(engine, module, .execute, "lane \(lane) round \(round)")
                        if run.output == Array("lane \(lane) round \(round)".utf8) { good += 1 }
                    }
                    return good
                }
            }
            for try await good in group { #expect(good == 25) }
        }
        #expect(cache.count == 2)
    }
}
