import Testing
import WasmKit

@testable import ContractEngine

@Suite("Upload rules")
struct UploadTests {
    private func refusal(_ code: [UInt8]) -> UploadRefusal? {
        do throws(UploadRefusal) {
            _ = try ModuleUpload.check(code, with: Engines.cranelift)
            return nil
        } catch {
            return error
        }
    }

    private func contract(
        imports: [(String, Int, [UInt8])] = [], _ change: (inout TestContract) -> Void = { _ in }
    ) -> [UInt8] {
        var contract = TestContract(imports: imports)
        contract.entry("instantiate", Op.i32(TestContract.outputRegion))
        change(&contract)
        return contract.assembly.bytes()
    }

    private func contractV010(without missing: String = "") -> [UInt8] {
        var contract = TestContract(marker: "cosmwasm_vm_version_3")
        for name in ["init", "handle"] where name != missing {
            contract.entry(name, parameters: 2, Op.i32(TestContract.outputRegion))
        }
        if missing != "query" { contract.entry("query", parameters: 1, Op.i32(TestContract.outputRegion)) }
        return contract.assembly.bytes()
    }

    @Test("a minimal contract of either interface is accepted, with what it offers")
    func accepted() throws {
        let v1 = try ModuleUpload.check(
            contract { contract in
                contract.entry("query", parameters: 2, Op.i32(0))
                // A wrong type is not offered.
                contract.entry("migrate", parameters: 1, Op.i32(0))
                contract.assembly.function("requires_random", [], [], [])
                contract.assembly.function("requires_staking", [], [], [])
            }, with: Engines.cranelift)
        #expect(v1.interface == .v1)
        #expect(v1.exports == [.allocate, .instantiate, .query])
        #expect(v1.features == [.random, .staking])
        #expect(!v1.speaksIBC)
        let v010 = try ModuleUpload.check(contractV010(), with: Engines.cranelift)
        #expect(v010.interface == .v010)
        #expect(v010.exports == [.allocate, .`init`, .handle, .query])
    }

    @Test("an IBC contract has all six functions")
    func ibc() throws {
        let names = [
            "channel_open", "channel_connect", "channel_close", "packet_receive", "packet_ack", "packet_timeout",
        ]
        for missing in [nil] + names.map(Optional.some) {
            let facts = try ModuleUpload.check(
                contract { contract in
                    for name in names where name != missing {
                        contract.entry("ibc_" + name, parameters: 2, Op.i32(0))
                    }
                }, with: Engines.cranelift)
            #expect(facts.speaksIBC == (missing == nil))
        }
    }

    @Test("the first marker decides")
    func markers() throws {
        let both = contract { $0.assembly.function("cosmwasm_vm_version_3", [], [], []) }
        #expect(try ModuleUpload.check(both, with: Engines.cranelift).interface == .v1)
        let other = TestContract(marker: "interface_version_7").assembly.bytes()
        #expect(refusal(other) == .noInterface)
    }

    @Test("every required export is required")
    func exports() {
        for name in ["init", "handle", "query"] {
            #expect(refusal(contractV010(without: name)) == .missingExport(name))
        }
        #expect(refusal(TestContract().assembly.bytes()) == .missingExport("instantiate"))
    }

    @Test("imports are functions that the interface offers")
    func imports() {
        #expect(refusal(contract(imports: [("db_read", 1, [0x7f]), ("check_gas", 0, [0x7e])])) == nil)
        #expect(refusal(contract(imports: [("db_scan", 3, [0x7f])])) == .unsupportedImport("env.db_scan"))
        #expect(
            refusal(contract(imports: [("canonicalize_address", 2, [0x7f])]))
                == .unsupportedImport("env.canonicalize_address"))
        #expect(refusal(contract(imports: [("debug_print", 1, [])])) == .unsupportedImport("env.debug_print"))
        var foreign = WasmAssembly()
        foreign.importFunction("db_read", [0x7f], [0x7f], module: "wasi")
        #expect(refusal(foreign.bytes()) == .noInterface)
        var global = TestContract()
        global.entry("instantiate", Op.i32(0))
        global.assembly.importGlobal("x")
        #expect(refusal(global.assembly.bytes()) == .importKind("x"))
    }

    @Test("names that nobody could compare make code that is no module, at once", .timeLimit(.minutes(1)))
    func names() {
        let marks = "r" + String(repeating: "\u{301}\u{323}", count: 450_000)
        #expect(refusal(contract(imports: [(marks, 1, [])])) == .invalid)
        #expect(refusal(contract { $0.assembly.function(marks, [], [], []) }) == .invalid)
        #expect(refusal(contract { $0.assembly.function("requires_" + marks, [], [], []) }) == .invalid)
        var foreign = WasmAssembly()
        foreign.importFunction("db_read", [0x7f], [0x7f], module: marks)
        #expect(refusal(foreign.bytes()) == .invalid)
    }

    @Test("an import of the wrong type fails only when the contract runs")
    func importTypes() {
        let code = contract(imports: [("db_read", 2, [0x7f])])
        #expect(refusal(code) == nil)
        #expect(throws: ModuleRefusal.unsupportedImport("db_read")) { try Engines.cranelift.compile(code) }
    }

    @Test("there is one memory, of at most 512 pages and no declared maximum")
    func memory() {
        #expect(refusal(contract { $0.assembly.pages = 512 }) == nil)
        #expect(refusal(contract { $0.assembly.pages = 513 }) == .memoryMinimum)
        #expect(refusal(contract { $0.assembly.pagesMax = 10 }) == .memoryMaximum)
        #expect(refusal(contract { $0.assembly.memories = 0 }) == .memoryCount)
        #expect(refusal(contract { $0.assembly.memories = 2 }) == .memoryCount)
    }

    @Test("more than 192 pages, floats and a start function fail only when the contract runs")
    func onlyAtRun() throws {
        let large = contract { $0.assembly.pages = 193 }
        #expect(refusal(large) == nil)
        #expect(throws: ModuleRefusal.memory) { try Engines.cranelift.compile(large) }
        _ = try Engines.cranelift.compile(contract { $0.assembly.pages = 192 })

        let constant = contract { $0.execute(code(Op.block, [0x43, 0, 0, 0, 0], Op.drop, Op.end, Op.i32(0))) }
        let local = contract { $0.execute(locals: [WasmAssembly.f32], Op.i32(0)) }
        let parameter = contract { $0.assembly.function(nil, [WasmAssembly.f32], [], []) }
        let global = contract { $0.assembly.floatGlobal() }
        for code in [constant, local, parameter, global] {
            #expect(refusal(code) == nil)
            #expect(throws: ModuleRefusal.floatingPoint) { try Engines.cranelift.compile(code) }
        }

        let start = contract { $0.assembly.start = $0.assembly.function(nil, [], [], []) }
        #expect(refusal(start) == nil)
        #expect(throws: ModuleRefusal.start) { try Engines.cranelift.compile(start) }
    }

    @Test("features that no chain of ours has are refused")
    func features() {
        #expect(
            refusal(contract { $0.assembly.function("requires_iterator", [], [], []) })
                == .unsupportedFeature("iterator"))
    }

    @Test("nothing beyond the first WebAssembly and sign extension is valid")
    func instructions() {
        func running(_ instructions: [UInt8]) -> [UInt8] { contract { $0.execute(instructions + Op.i32(0)) } }
        #expect(refusal(running(code(Op.i32(128), [0xc0], Op.drop))) == nil)
        let zero = Op.i32(0)
        let foreign: [(String, [UInt8])] = [
            ("memory.fill", code(zero, zero, zero, [0xfc, 11, 0])), ("saturating conversion", code(zero, [0xfc, 0])),
            ("ref.null", code([0xd0, 0x70], Op.drop)),
            ("simd", code([0xfd, 12], [UInt8](repeating: 0, count: 16), Op.drop)), ("atomic fence", [0xfe, 3, 0]),
            ("tail call", [0x12, 0]), ("typed select", code(zero, zero, zero, [0x1c, 1, 0x7f], Op.drop)),
            ("try", [0x06, 0x40, 0x0b]), ("block of two results", [0x02, 0x00, 0x0b]),
        ]
        for (name, instructions) in foreign {
            #expect(refusal(running(instructions)) == .invalid, "\(name)")
        }
    }

    @Test("bytes that are no module are refused")
    func garbage() {
        #expect(refusal([]) == .invalid)
        #expect(refusal([0x1f, 0x8b, 8, 0]) == .invalid)
        let code = contract()
        // Only without its last section, the data, is it a module again.
        #expect((0..<code.count).filter { refusal(Array(code[..<$0])) == nil }.count == 1)
        #expect(refusal(code + [0]) == .invalid)
        #expect(refusal([UInt8](repeating: 0, count: (2 << 20) + 1)) == .tooLarge)
        #expect(refusal(contract { $0.assembly.customSection = [1, 2, 3] }) == nil)
        #expect(refusal(contract { $0.execute(Op.add) }) == .invalid)
    }

    // MARK: - Compile bombs

    @Test("loops nested over many locals, half a minute for a compiler, are refused at once")
    func loopBomb() {
        let code = repeated(900, Op.loop) + repeated(900, Op.end)
        #expect(refusal(contract { $0.execute(code + Op.i32(0)) }) == .structure("nesting"))
        let dead = Op.unreachable + repeated(10_000, Op.block)
        #expect(refusal(contract { $0.execute(dead) }) == .invalid)
    }

    @Test("locals, operands and branches of a function are bounded, and the machine code of all")
    func shapes() {
        func function(_ code: [UInt8], locals: Int = 0, _ count: Int = 1) -> UploadRefusal? {
            let types = [UInt8](repeating: 0x7f, count: locals)
            return refusal(
                contract { for _ in 0..<count { $0.assembly.function(nil, [], [], locals: types, code) } })
        }
        #expect(function([], locals: 256) == nil)
        #expect(function([], locals: 257) == .structure("locals"))
        let operands = { code(repeated($0, Op.i32(0)), repeated($0, Op.drop)) }
        #expect(function(operands(1_024)) == nil)
        #expect(function(operands(1_025)) == .structure("operands"))
        let branches = { repeated($0, code(Op.i32(0), Op.ifThen, Op.end)) }
        #expect(function(branches(65_000)) == nil)
        #expect(function(branches(65_001)) == .structure("branches of a function"))
        let table = code(Op.i32(0), Op.branchTable([Int](repeating: 0, count: 65_000), 0))
        #expect(function(table) == .structure("branches of a function"))
        // Each costs a branch and six bytes: the machine code of many functions is bounded, not their branches.
        #expect(function(branches(20_000), 16) == nil)
        #expect(function(repeated(20_000, Op.call(2)), 17) == nil)
        #expect(function(repeated(20_000, Op.call(2)), 18) == .structure("machine code"))
    }

    @Test("tables, functions, types and segments are bounded")
    func counts() {
        #expect(refusal(contract { $0.assembly.table = 10_000 }) == nil)
        #expect(refusal(contract { $0.assembly.table = 10_001 }) == .structure("table elements"))
        #expect(
            refusal(contract { contract in for _ in 0..<10_001 { contract.assembly.function(nil, [], [], []) } })
                == .structure("functions"))
        #expect(
            refusal(contract { contract in for _ in 0..<10_001 { contract.assembly.global(0x7f, 0) } })
                == .structure("globals"))
        #expect(
            refusal(contract { contract in for _ in 0..<10_001 { contract.assembly.data(at: 0, []) } })
                == .structure("segments"))
    }
}
