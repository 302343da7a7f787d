import Attestation
import ContractEngine
import LedgerRecords
import QuoteKit
import StrictJSON
import WasmKit

/// A contract that does one thing over and over.
struct LoopContract {
    /// Where the one region is that `allocate` gives again and again, and where inputs begin.
    static let output: Int64 = 1024
    private static let given: Int64 = 2048
    static let inputs = 1 << 20

    var assembly = WasmAssembly()

    init(imports: [(String, Int, [UInt8])] = [], pages: UInt32 = 192) {
        let givenBytes = Int64(pages) * 43_690
        for (name, parameters, results) in imports {
            assembly.importFunction(name, Array(repeating: WasmAssembly.i32, count: parameters), results)
        }
        assembly.pages = pages
        let answer = Array(#"{"Ok":{"messages":[],"attributes":[],"events":[],"data":null}}"#.utf8)
        assembly.data(at: Int(Self.output), Self.words(Int(Self.output) + 16, answer.count, answer.count, 0) + answer)
        assembly.function(
            "allocate", [WasmAssembly.i32], [WasmAssembly.i32],
            code(
                Op.i32(Self.given), Op.i32(givenBytes), Op.store(0), Op.i32(Self.given), Op.get(0), Op.store(4),
                Op.i32(Self.given), Op.i32(0), Op.store(8), Op.i32(Self.given)))
        assembly.function("deallocate", [WasmAssembly.i32], [], [])
        assembly.function("interface_version_8", [], [], [])
        assembly.function(
            "instantiate", Array(repeating: WasmAssembly.i32, count: 3), [WasmAssembly.i32], Op.i32(Self.output))
        assembly.exportItem("memory", kind: 2, 0)
    }

    static func words(_ values: Int...) -> [UInt8] {
        values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }

    /// The module whose `execute` does `body` as often as its message has bytes. Locals 3 and up are `locals`; the last
    /// of them is the counter.
    func module(_ engine: WasmEngine, times: Int, locals: [UInt8] = [], _ body: [UInt8]) throws -> CompiledModule {
        var assembly = assembly
        let counter = 3 + locals.count
        assembly.function(
            "execute", Array(repeating: WasmAssembly.i32, count: 3), [WasmAssembly.i32],
            locals: locals + [WasmAssembly.i32],
            code(
                Op.i32(Int64(times)), Op.set(counter), Op.block, Op.loop, Op.get(counter), Op.isZero, Op.branchIf(1),
                Op.get(counter), Op.i32(1), Op.subtract, Op.set(counter), body, Op.branch(0), Op.end, Op.end,
                Op.i32(Self.output)))
        return try engine.compile(assembly.bytes())
    }
}

/// Does for a contract what the enclave does, without a host: state in memory, at the chain's prices.
final class MeasuredEnvironment: ContractEnvironment {
    private var state: [[UInt8]: [UInt8]] = [:]
    /// Of the chain's gas that was used, in wasm gas.
    var external: UInt64 = 0
    private let root = TrustRoot(name: "intel", kind: .hardware, certificate: QuoteFixtures.intelRoot)!

    func read(_ key: [UInt8]) throws(ContractFault) -> [UInt8]? {
        external += 1_000 * GasSchedule.read(keyByteCount: 53, sizeClass: 0)
        return state[key]
    }

    func write(_ key: [UInt8], _ value: [UInt8]) throws(ContractFault) { state[key] = value }
    func remove(_ key: [UInt8]) throws(ContractFault) { state[key] = nil }

    func query(_ request: [UInt8], gasLimit: UInt64) throws(ContractFault) -> (answer: [UInt8], gasUsed: UInt64) {
        guard (try? JSONReader.parse(request, limits: JSONLimits(bytesMax: 2_048_000))) != nil else {
            return ([], 500_000)
        }
        external += 1_000 * GasSchedule.contractBookkeeping
        return ([], 0)
    }

    func verifyQuote(_ quote: [UInt8], collateral: [UInt8]) throws(ContractFault) -> UInt32? {
        QuoteVerifier.resultForContracts(evidence: quote, roots: [root], time: QuoteFixtures.genuineTime)
    }
}

extension WasmEngine {
    /// Seconds and gas of one call of `execute`.
    func cost(_ module: CompiledModule, gas: UInt64 = 40_000_000_000) throws -> (seconds: Double, gas: UInt64) {
        let environment = MeasuredEnvironment()
        let invocation = ContractInvocation(.execute, environment: [], info: [], message: [], gasLimit: gas)
        let start = threadSeconds()
        let run = try run(module, invocation, environment)
        return (threadSeconds() - start, run.gasUsed + environment.external)
    }
}
