import ContractEngine
import Glibc
import PublicCryptography
import StrictJSON
import Testing

/// Contracts of others, not part of this repository: `CLOISTER_CONTRACTS`, or `shared/contracts` beside the checkout.
enum RealContracts {
    static let folder: String = {
        if let named = getenv("CLOISTER_CONTRACTS") { return String(cString: named) }
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        return root + "/../shared/contracts"
    }()

    static var areThere: Bool { access(folder + "/snip20-ibc.wasm", R_OK) == 0 }

    static func code(_ name: String) -> [UInt8] {
        guard let file = fopen(folder + "/" + name + ".wasm", "r") else { return [] }
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

@Suite("Contracts as they are deployed", .enabled(if: RealContracts.areThere, "needs CLOISTER_CONTRACTS"))
struct RealContractTests {
    @Test("a SNIP-20 token starts")
    func snip20() throws {
        let engine = Engines.cranelift
        let code = RealContracts.code("snip20-ibc")
        let facts = try ModuleUpload.check(code, with: engine)
        #expect(facts.interface == .v010)
        let module = try engine.compile(code)
        let environment = TestEnvironment()
        let env = #"{"block":{"height":12,"time":1571797419,"chain_id":"secretdev-1"},"message":{"sender":"secret1zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3mhk0jz","sent_funds":[]},"contract":{"address":"secret1zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3mhk0jz"},"contract_key":null,"contract_code_hash":"","transaction":null}"#
        let address = Bech32.encode(prefix: "secret", [UInt8](repeating: 0x11, count: 20))
        let fixed = env.split(separator: "secret1zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3mhk0jz").joined(separator: address)
        let run = try onContractThread {
            try engine.run(
                module,
                ContractInvocation(
                    .instantiate, environment: Array(fixed.utf8),
                    message: Array(#"{"name":"Secret SCRT","admin":"\#(address)","symbol":"SSCRT","decimals":6,"initial_balances":[{"address":"\#(address)","amount":"1000000"}],"prng_seed":"eW8=","config":{"public_total_supply":true,"enable_deposit":true,"enable_redeem":true,"enable_mint":false,"enable_burn":false},"supported_denoms":["uscrt"]}"#.utf8),
                    gasLimit: 10_000_000_000), environment: environment)
        }
        print(run.gasUsed, run.gasReservedForWrites, run.result.map { String(decoding: $0, as: UTF8.self) })
        #expect(run.output != nil)
    }
}
