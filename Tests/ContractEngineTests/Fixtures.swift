import ContractEngine
import ModuleGenerator
import Testing
import WasmKit

/// State in a dictionary, and closures for the rest.
final class TestEnvironment: ContractEnvironment {
    var state: [[UInt8]: [UInt8]] = [:]
    var reads = 0
    var onQuery: (([UInt8], UInt64) throws(ContractFault) -> (answer: [UInt8], gasUsed: UInt64))?
    var onRead: (([UInt8]) throws(ContractFault) -> [UInt8]?)?
    var onWrite: (([UInt8], [UInt8]) throws(ContractFault) -> Void)?
    var onQuote: (([UInt8], [UInt8]) -> UInt32?)?
    var debugged: [String] = []
    var wantsDebug = false

    func read(_ key: [UInt8]) throws(ContractFault) -> [UInt8]? {
        reads += 1
        if let onRead { return try onRead(key) }
        return state[key]
    }
    func write(_ key: [UInt8], _ value: [UInt8]) throws(ContractFault) {
        if let onWrite { try onWrite(key, value) }
        state[key] = value
    }
    func remove(_ key: [UInt8]) throws(ContractFault) { state[key] = nil }
    func query(_ request: [UInt8], gasLimit: UInt64) throws(ContractFault) -> (answer: [UInt8], gasUsed: UInt64) {
        guard let onQuery else { return (Array(#"{"Err":{"unknown":{}}}"#.utf8), 500) }
        return try onQuery(request, gasLimit)
    }
    func verifyQuote(_ quote: [UInt8], collateral: [UInt8]) throws(ContractFault) -> UInt32? {
        onQuote?(quote, collateral)
    }
    func debug(_ text: [UInt8]) { debugged.append(String(decoding: text, as: UTF8.self)) }
}

/// Runs `body` on a thread with the stack that contracts need, as the enclave's lanes are.
func onContractThread<Answer>(_ body: @escaping () throws -> Answer) throws -> Answer {
    try ContractThread.run(body)
}

/// One engine for each preset, shared by all tests.
enum Engines {
    static let all: [(preset: EnginePreset, engine: WasmEngine)] = EnginePreset.allCases.map {
        ($0, try! WasmEngine(preset: $0))
    }
    static var cranelift: WasmEngine { all[0].engine }
    static func engine(_ preset: EnginePreset) -> WasmEngine { all.first { $0.preset == preset }!.engine }
}

/// A v1 contract with a bump allocator, whose entry points the test writes.
///
/// `allocate` has 20 instructions, so each region that the host hands over costs 40 gas.
struct TestContract {
    static let allocateGas: UInt64 = 40
    /// A region whose bytes are `output`, in the data of every test contract.
    static let output = Array(#"{"Ok":{"messages":[],"attributes":[],"events":[],"data":null}}"#.utf8)
    static let outputRegion: Int64 = 1024

    var assembly = WasmAssembly()

    /// - Parameter imports: names with their numbers of i32 parameters and their results, indices from 0.
    init(imports: [(String, Int, [UInt8])] = [], marker: String = "interface_version_8") {
        for (name, parameters, results) in imports {
            assembly.importFunction(name, Array(repeating: WasmAssembly.i32, count: parameters), results)
        }
        assembly.global(WasmAssembly.i32, 4096)
        let region: [UInt8] = Array(
            [Int(TestContract.outputRegion) + 16, TestContract.output.count, TestContract.output.count]
                .flatMap { word($0) })
        assembly.data(at: Int(TestContract.outputRegion), region + [0, 0, 0, 0] + TestContract.output)
        assembly.function(
            "allocate", [WasmAssembly.i32], [WasmAssembly.i32], locals: [WasmAssembly.i32],
            code(
                Op.globalGet(0), Op.set(1),
                Op.get(1), Op.get(1), Op.i32(12), Op.add, Op.store(0),
                Op.get(1), Op.get(0), Op.store(4),
                Op.get(1), Op.i32(0), Op.store(8),
                Op.get(1), Op.i32(12), Op.add, Op.get(0), Op.add, Op.globalSet(0),
                Op.get(1)))
        assembly.function("deallocate", [WasmAssembly.i32], [], [])
        assembly.function(marker, [], [], [])
        assembly.exportItem("memory", kind: 2, 0)
    }

    mutating func execute(locals: [UInt8] = [], _ code: [UInt8]) { entry("execute", locals: locals, code) }

    /// An entry point of so many regions.
    mutating func entry(_ name: String, parameters: Int = 3, locals: [UInt8] = [], _ code: [UInt8]) {
        assembly.function(
            name, Array(repeating: WasmAssembly.i32, count: parameters), [WasmAssembly.i32], locals: locals, code)
    }

    /// `execute` runs `code`, which must leave the stack as it was, and returns the output.
    static func executing(
        imports: [(String, Int, [UInt8])] = [], locals: [UInt8] = [], _ code: [UInt8]
    ) -> [UInt8] {
        var contract = TestContract(imports: imports)
        contract.assembly.function(
            "instantiate", [0x7f, 0x7f, 0x7f], [0x7f], Op.i32(TestContract.outputRegion))
        contract.execute(locals: locals, code + Op.i32(TestContract.outputRegion))
        return contract.assembly.bytes()
    }
}

func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

extension ContractInvocation {
    /// `execute` with empty regions.
    static func execute(gasLimit: UInt64 = 1_000_000_000) -> ContractInvocation {
        ContractInvocation(.execute, environment: [], info: [], message: [], gasLimit: gasLimit)
    }
}

extension ContractRun {
    var trap: ContractTrap? {
        if case .failure(let trap) = result { trap } else { nil }
    }
    var output: [UInt8]? { try? result.get() }
}
