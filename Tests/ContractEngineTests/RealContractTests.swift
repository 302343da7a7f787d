import Glibc
import PublicCryptography
import StrictJSON
import TestSupport
import Testing

@testable import ContractEngine

/// Contracts of others, not part of this repository: `CLOISTER_CONTRACTS`, or `shared/contracts` beside the checkout.
enum RealContracts {
    static let names = ["snip20-ibc", "snip721", "snip1155", "bench-contract", "ibc-hooks", "cw20-ics20"]

    static var areThere: Bool { names.allSatisfy { access("\(Repository.foreignContracts)/\($0).wasm", R_OK) == 0 } }

    static func code(_ name: String) -> [UInt8] {
        Repository.bytes(atPath: "\(Repository.foreignContracts)/\(name).wasm") ?? []
    }
}

/// One contract with its state, called step by step.
final class Deployment {
    static let alice = Bech32.encode(prefix: "secret", [UInt8](repeating: 0x11, count: 20))
    static let bob = Bech32.encode(prefix: "secret", [UInt8](repeating: 0x33, count: 20))
    static let address = Bech32.encode(prefix: "secret", [UInt8](repeating: 0x22, count: 20))

    let engine: WasmEngine
    let module: CompiledModule
    let environment = TestEnvironment()
    var gas: [UInt64] = []

    init(_ engine: WasmEngine, _ module: CompiledModule) {
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
    @Test("pass the upload rules, far from the limits of depth", arguments: RealContracts.names)
    func upload(name: String) throws {
        let code = RealContracts.code(name)
        let facts = try ModuleUpload.check(code, with: Engines.cranelift)
        #expect(facts.interface == (name.hasPrefix("snip") ? .v010 : .v1))
        #expect(facts.speaksIBC == (name == "cw20-ics20"))
        let checked = try CheckedModule(code)
        let heaviest = zip(checked.scans, checked.module.functionTypes).map {
            $0.frameWeight(parameters: checked.module.types[$1].parameters.count)
        }.max()
        #expect(try #require(heaviest) < 16_384)
        _ = try Engines.engine(.winch).compile(code)
    }

    @Test("a SNIP-20 token does the same for the same gas under every preset")
    func token() throws {
        var gas: [EnginePreset: [UInt64]] = [:]
        var state: [EnginePreset: [[UInt8]: [UInt8]]] = [:]
        for (preset, engine) in Engines.all {
            // A hundredth of the depth that the protocol allows is plenty.
            let module = try engine.compile(
                RealContracts.code("snip20-ibc"), frameBudget: EngineLimits.frameBudget / 100)
            let token = Deployment(engine, module)
            #expect(try token.call(.instantiate, Deployment.snip20Init) == .response(ContractResponse()))

            let transfer = #"{"transfer":{"recipient":"\#(Deployment.bob)","amount":"10"}}"#
            guard case .response(let moved) = try token.call(.execute, transfer) else {
                Issue.record("transfer failed")
                return
            }
            let answer = String(decoding: moved.data ?? [], as: UTF8.self)
            #expect(answer.split(separator: " ").joined() == #"{"transfer":{"status":"success"}}"#)

            for (owner, balance) in [(Deployment.alice, "999990"), (Deployment.bob, "10")] {
                _ = try token.call(.execute, #"{"set_viewing_key":{"key":"k"}}"#, sender: owner)
                let query = #"{"balance":{"address":"\#(owner)","key":"k"}}"#
                #expect(try token.query(query) == #"{"balance":{"amount":"\#(balance)"}}"#)
            }
            let wrongKey = #"{"balance":{"address":"\#(Deployment.bob)","key":"x"}}"#
            #expect(try token.query(wrongKey).contains("viewing_key_error"))

            guard case .error(let error) = try token.call(.execute, transfer, sender: Deployment.address) else {
                Issue.record("spending nothing succeeded")
                return
            }
            #expect(error.text.hasPrefix(#"{"generic_err":{"msg":""#))
            #expect(try token.call(.execute, #"{"nonsense":{}}"#) != .malformed)
            gas[preset] = token.gas
            state[preset] = token.environment.state
        }
        #expect(gas[.cranelift] == gas[.winch] && gas[.cranelift] == gas[.pulley])
        #expect(state[.cranelift] == state[.winch] && state[.cranelift] == state[.pulley])
    }

    @Test("a v1 contract computes, stores and reads")
    func bench() throws {
        for (preset, engine) in Engines.all {
            let bench = Deployment(engine, try engine.compile(RealContracts.code("bench-contract")))
            #expect(try bench.call(.instantiate, #"{"init":{}}"#) == .response(ContractResponse()), "\(preset)")
            #expect(try bench.call(.execute, #"{"noop":{}}"#) != .malformed, "\(preset)")
            #expect(try bench.call(.execute, #"{"bench_write_storage":{}}"#) != .malformed, "\(preset)")
            #expect(!bench.environment.state.isEmpty)
        }
    }

    @Test("an IBC hooks contract migrates")
    func migrate() throws {
        let hooks = Deployment(Engines.cranelift, try Engines.cranelift.compile(RealContracts.code("ibc-hooks")))
        #expect(hooks.module.facts.features == [.stargate, .staking])
        guard case .response = try hooks.call(.migrate, #"{"nop":{}}"#) else {
            Issue.record("migration failed")
            return
        }
        #expect(
            try hooks.call(.migrate, #"{"std_error":{}}"#)
                == .error(ContractErrorText(text: "Generic error: std error")))
    }
}
