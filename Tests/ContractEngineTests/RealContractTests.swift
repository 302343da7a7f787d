import ChainModel
import Glibc
import PublicCryptography
import StrictJSON
import Testing

@testable import ContractEngine

/// Contracts of others, not part of this repository: `CLOISTER_CONTRACTS`, or `shared/contracts` beside the checkout.
enum RealContracts {
    static let folder: String = {
        if let named = getenv("CLOISTER_CONTRACTS") { return String(cString: named) }
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        return root + "/../shared/contracts"
    }()

    static let names = ["snip20-ibc", "snip721", "snip1155", "bench-contract", "ibc-hooks", "cw20-ics20"]

    static var areThere: Bool { names.allSatisfy { access("\(folder)/\($0).wasm", R_OK) == 0 } }

    static func code(_ name: String) -> [UInt8] {
        guard let file = fopen("\(folder)/\(name).wasm", "r") else { return [] }
        defer { fclose(file) }
        var code: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return code }
            code.append(contentsOf: buffer[..<count])
        }
    }
}

/// One contract with its state, called step by step.
final class Deployment {
    static let alice = Bech32.encode(prefix: "secret", [UInt8](repeating: 0x11, count: 20))
    static let bob = Bech32.encode(prefix: "secret", [UInt8](repeating: 0x33, count: 20))
    static let address = Bech32.encode(prefix: "secret", [UInt8](repeating: 0x22, count: 20))

    let engine: ContractEngine
    let module: CompiledModule
    let environment = TestEnvironment()
    var gas: [UInt64] = []

    init(_ engine: ContractEngine, _ module: CompiledModule) {
        self.engine = engine
        self.module = module
    }

    func call(_ entry: ContractEntry, _ message: String, sender: String = alice) throws -> ContractOutput {
        let block = ContractABI.Environment(
            height: 12, timeNanoseconds: 1_571_797_419_879_305_533, chainID: "secretdev-1", random: nil,
            contract: Deployment.address, codeHash: .zero, sender: sender, funds: [], transaction: nil)
        let interface = module.facts.interface
        let invocation = ContractInvocation(
            entry, environment: ContractABI.environment(interface, block),
            info: ContractABI.messageInfo(sender: sender, funds: []), message: Array(message.utf8),
            gasLimit: 10_000_000_000)
        let run = try onContractThread { [self] in try engine.run(module, invocation, environment) }
        gas.append(run.gasUsed)
        return ContractOutput.parse(try run.result.get(), interface: interface, entry: entry)
    }

    func query(_ message: String) throws -> String {
        guard case .answer(let text) = try call(.query, message, sender: "") else { return "" }
        return String(decoding: Base64.decode(text) ?? [], as: UTF8.self)
    }

    static let snip20Init = """
        {"name":"Secret SCRT","admin":"\(alice)","symbol":"SSCRT","decimals":6,"initial_balances":[{"address":"\(alice)",\
        "amount":"1000000"}],"prng_seed":"eW8=","config":{"public_total_supply":true,"enable_deposit":true,\
        "enable_redeem":true,"enable_mint":false,"enable_burn":false},"supported_denoms":["uscrt"]}
        """
}

@Suite("Contracts as they are deployed", .enabled(if: RealContracts.areThere, "needs CLOISTER_CONTRACTS"))
struct RealContractTests {
    @Test("need this much frame budget", arguments: RealContracts.names)
    func frames(name: String) throws {
        let engine = Engines.all[1].engine
        let code = RealContracts.code(name)
        let checked = try CheckedModule(code)
        let weights = zip(checked.scans, checked.module.functionTypes).map { $0.frameWeight(parameters: checked.module.types[$1].parameters.count) }
        print(name, "functions", weights.count, "max weight", weights.max()!, "nesting", checked.scans.map(\.nesting).max()!, "loops", checked.scans.map(\.loopNesting).max()!, "product", zip(checked.scans, checked.module.functionTypes).map { ($0.locals + checked.module.types[$1].parameters.count) * $0.branchPoints }.max()!, zip(checked.scans, checked.module.functionTypes).map { ($0.locals + checked.module.types[$1].parameters.count) * $0.branchPoints }.reduce(0, +))
        guard name == "snip20-ibc" else { return }
        var (low, high) = (Int32(0), Int32(4 << 20))
        while high - low > 4096 {
            let middle = (low + high) / 2
            let token = Deployment(engine, try engine.compile(code, frameBudget: middle))
            do {
                _ = try token.call(.instantiate, Deployment.snip20Init)
                _ = try token.call(.execute, #"{"transfer":{"recipient":"\#(Deployment.bob)","amount":"10"}}"#)
                _ = try token.call(.execute, #"{"set_viewing_key":{"key":"k"}}"#, sender: Deployment.bob)
                _ = try token.query(#"{"transfer_history":{"address":"\#(Deployment.bob)","key":"k","page_size":10}}"#)
                high = middle
            } catch { low = middle }
        }
        print(name, "needs", high)
    }
}
