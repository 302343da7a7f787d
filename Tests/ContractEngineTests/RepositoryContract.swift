import ContractEngine
import Glibc
import PublicCryptography
import TestSupport

/// A contract of `contracts/`, built by make, with a state that survives the calls that succeed.
final class RepositoryContract {
    let code: [UInt8]
    let facts: ModuleFacts
    private let module: CompiledModule
    let environment = TestEnvironment()

    static let creator = Bech32.encode(prefix: "secret", [UInt8](repeating: 0x11, count: 20))
    static let stranger = Bech32.encode(prefix: "secret", [UInt8](repeating: 0x22, count: 20))
    static let address = Bech32.encode(prefix: "secret", [UInt8](repeating: 0x33, count: 20))
    static let codeHash = String(repeating: "ab", count: 32)

    static var areBuilt: Bool {
        ["counter", "ledger-probe"].allSatisfy { access(Repository.contractFile($0), R_OK) == 0 }
    }

    init(_ name: String) throws {
        code = Repository.contract(name)
        facts = try ModuleUpload.check(code, with: Engines.cranelift)
        module = try Engines.cranelift.compile(code)
    }

    /// The contract's answer; state changes stay only if it begins with `{"Ok"`.
    func call(
        _ entry: ContractEntry, _ message: String, sender: String = creator, funds: String = "[]"
    ) throws -> String {
        let before = environment.state
        let run = try run(entry, message, sender: sender, funds: funds)
        let answer = String(decoding: try run.result.get(), as: UTF8.self)
        if !answer.hasPrefix(#"{"Ok""#) { environment.state = before }
        return answer
    }

    /// The bytes of a query's answer as text.
    func query(_ message: String) throws -> String {
        let answer = try call(.query, message)
        let parts = answer.split(separator: "\"")
        guard parts.count == 5, parts[1] == "Ok", let bytes = Base64.decode(parts[3]) else { return answer }
        return String(decoding: bytes, as: UTF8.self)
    }

    func run(
        _ entry: ContractEntry, _ message: String, sender: String = creator, funds: String = "[]"
    ) throws -> ContractRun {
        let environmentText: String
        switch facts.interface {
        case .v1:
            environmentText =
                #"{"block":{"height":12,"time":"1571797419879305533","chain_id":"secretdev-1"},"contract":{"address":"#
                + #""\#(RepositoryContract.address)","code_hash":"\#(RepositoryContract.codeHash)"},"transaction":null}"#
        case .v010:
            environmentText =
                #"{"block":{"height":12,"time":1571797419,"chain_id":"secretdev-1"},"message":{"sender":"\#(sender)","#
                + #""sent_funds":\#(funds)},"contract":{"address":"\#(RepositoryContract.address)"},"contract_key":null,"#
                + #""contract_code_hash":"\#(RepositoryContract.codeHash)","transaction":null}"#
        }
        let info = #"{"sender":"\#(sender)","funds":\#(funds)}"#
        let invocation = ContractInvocation(
            entry, environment: Array(environmentText.utf8), info: Array(info.utf8), message: Array(message.utf8),
            gasLimit: 1_000_000_000)
        return try onContractThread { [self] in
            try Engines.cranelift.run(module, invocation, environment)
        }
    }
}
