import ContractEngine
import EnclaveProtocol
import Keyring
import LedgerRecords
import PublicCryptography
import SecretCryptography
import SignedTransactions
import StrictJSON

/// Watches a contract's calls as a host would (SeenCall), in the layout that state has on a chain: keys of the tree are
/// hashed and values are sealed by the enclave's own code, under keys that are of this program alone.
///
/// Each call is seen as if it were alone in its block and the enclave remembered nothing of an earlier one, which shows
/// the host the most. An entry that a call reads again, or reads after it has written it, is not asked for.
final class HostWatch {
    private(set) var calls: [SeenCall] = []
    private var current = SeenCall(title: "")
    private var keys: StateKeys
    private let address = AccountAddress(digestOf: [])
    private var asked: Set<[UInt8]> = []
    private var written: [SeenCall.Sight] = []

    init() {
        let seeds = NetworkSeeds(genesis: Self.madeUp(1), current: Self.madeUp(2))
        keys = NetworkKeys(seeds).stateKeys(
            contractKey: [UInt8](repeating: 3, count: NetworkKeys.contractKeyByteCount))
    }

    /// The reports' own: equal on every machine, so that committed ones can be compared.
    private static func madeUp(_ byte: UInt8) -> SecretKey {
        SecretKey { memory in for index in memory.indices { unsafe memory[index] = byte } }
    }

    // MARK: - One call

    func begin(_ entry: ContractEntry, _ name: String, message: [UInt8], info: [UInt8], messageName: String) {
        current = SeenCall(title: messageName.isEmpty || entry == .reply ? name : name + " " + messageName)
        asked = []
        written = []
        current.add(.init(name), to: .call)
        let caller = try? JSONReader.parse(info, limits: JSONLimits(bytesMax: 1 << 20))
        if let sender = caller?["sender"]?.string { current.add(.init("from " + sender), to: .call) }
        for coin in caller?["funds"]?.array ?? [] {
            let (amount, denomination) = (coin["amount"]?.string ?? "", coin["denom"]?.string ?? "")
            current.add(.init("with " + amount + denomination), to: .call)
        }
        // A reply is made inside the enclave.
        if entry != .reply { current.add(.init("message", "\(message.count) bytes"), to: .input) }
    }

    func read(_ name: [UInt8], _ value: [UInt8]?) {
        guard asked.insert(name).inserted else { return }
        current.add(sight(of: name, value, absent: "absent"), to: .reads)
    }

    func asks(_ request: [UInt8]) {
        let json = try? JSONReader.parse(request, limits: JSONLimits(bytesMax: 4 << 20))
        if let smart = json?["wasm"]?["smart"] {
            let message = smart["msg"]?.string.flatMap { Base64.decode($0) } ?? []
            current.add(
                .init("contract " + (smart["contract_addr"]?.string ?? "of no address"), "\(message.count) bytes"),
                to: .reads)
        } else {
            // The enclave looks it up in the ledger's records, whose keys are in clear.
            current.add(.init("ledger " + String(decoding: request, as: UTF8.self)), to: .reads)
        }
    }

    /// What the call leaves written if it succeeds, in any order: the enclave sorts it by keys of the tree.
    func writes(_ entries: [(name: [UInt8], value: [UInt8]?)]) {
        written = entries.map { sight(of: $0.name, $0.value, absent: "removed") }.sorted { $0.subject < $1.subject }
    }

    /// - Parameter gas: as the compute module counts it, of this call alone.
    /// - Parameter isShaped: the contract keeps its shape, so that one failure looks like another.
    func end(_ outcome: Outcome, gas: UInt64, isShaped: Bool) {
        switch outcome {
        case .trap(let text) where isShaped, .refused(let text) where isShaped: addFailure(text)
        case .malformed where isShaped: addFailure("")
        case .trap(let text):
            current.add(.init("ends with: " + text), to: .outcome)
        case .refused(let error):
            current.add(.init("is refused"), to: .outcome)
            let bytes = error.cut(toBytes: ResultLimits.sealedErrorBytesMax).utf8.count
            current.add(.init("error", "\(bytes) bytes"), to: .output)
        case .answered(let text):
            current.add(.init("answers"), to: .outcome)
            let answer = Base64.decode(text).map { Base64.encode(ContractShape.filled($0)) } ?? text
            current.add(.init("answer", "\(answer.utf8.count) bytes"), to: .output)
        case .responded(let response): add(response)
        case .malformed: current.add(.init("answers with what is no answer"), to: .outcome)
        }
        current.add(.init("gas", String(gas)), to: .gas)
        calls.append(current)
    }

    enum Outcome {
        case trap(String)
        case refused(String)
        case answered(String)
        case responded(ContractResponse)
        case malformed
    }

    private func addFailure(_ text: String) {
        current.add(.init("fails"), to: .outcome)
        let error = ContractShape.filled(error: text).cut(toBytes: ResultLimits.sealedErrorBytesMax)
        current.add(.init("error", "\(error.utf8.count) bytes"), to: .output)
    }

    private func add(_ response: ContractResponse) {
        current.add(.init("succeeds"), to: .outcome)
        for sight in written { current.add(sight, to: .writes) }
        if let data = response.data {
            let filled = Base64.encode(ContractShape.filled(data))
            current.add(.init("data", "\(filled.utf8.count) bytes"), to: .output)
        }
        addEvent("wasm", response.attributes)
        for event in response.events { addEvent("wasm-" + event.type, event.attributes) }
        for message in response.messages { current.add(Self.sight(of: message), to: .messages) }
    }

    private func addEvent(_ type: String, _ attributes: [ContractAttribute]) {
        current.add(.init("event " + type), to: .events)
        for attribute in attributes {
            current.add(
                attribute.isEncrypted
                    ? .init(
                        "sealed attribute",
                        "a name of \(attribute.key.utf8.count) and a value of \(attribute.value.utf8.count) bytes",
                        meaning: attribute.key)
                    : .init("attribute " + attribute.key, "\"" + attribute.value + "\""),
                to: .events)
        }
    }

    private static func sight(of message: SubMessage) -> SeenCall.Sight {
        let reply = message.replyOn == .never ? "" : ", reply on \(message.replyOn.rawValue)"
        switch message.message {
        case .bankSend(let send): return .init("payment to " + send.toAddress + reply, coins(send.amount))
        case .wasmExecute(let call):
            return .init(
                "call of " + call.contractAddress + with(call.funds) + reply, "\(call.message.count) bytes")
        case .wasmInstantiate(let call):
            return .init(
                "a new contract of code \(call.codeID) called \"\(call.label)\"" + with(call.funds) + reply,
                "\(call.message.count) bytes")
        case .wasmMigrate(let call):
            return .init(
                "migration of \(call.contractAddress) to code \(call.codeID)" + reply, "\(call.message.count) bytes")
        case .wasmUpdateAdmin(let contract, let admin): return .init("\(admin) as admin of \(contract)" + reply)
        case .wasmClearAdmin(let contract): return .init("no admin of " + contract + reply)
        case .other(let other): return .init("message " + other.kind + reply, "")
        }
    }

    private static func with(_ funds: [ContractCoin]) -> String { funds.isEmpty ? "" : " with " + coins(funds) }

    private static func coins(_ coins: [ContractCoin]) -> String {
        coins.map { $0.amount + $0.denomination }.joined(separator: ",")
    }

    // MARK: - State

    /// An entry's key in the tree after the contract's address, and how long what is stored there is: sealed, so that
    /// the length is the one on a chain.
    private func sight(of name: [UInt8], _ value: [UInt8]?, absent: String) -> SeenCall.Sight {
        let hashed = keys.hashedName(name)
        let size = value.map {
            let sealed = keys.seal(
                name: name, hashedAs: hashed, value: $0, contract: address, height: 1, transactionIndex: 0)
            return "\(sealed.count) bytes"
        }
        return .init(
            "entry " + Hexadecimal.encode(Array(hashed.bytes.prefix(6))), size ?? absent, meaning: Self.shown(name))
    }

    private static let shownBytesMax = 64

    /// For people: what is no printable ASCII as hexadecimal, and of a long name the beginning.
    private static func shown(_ bytes: [UInt8]) -> String {
        let rest = bytes.count > shownBytesMax ? "…" : ""
        let bytes = Array(bytes.prefix(shownBytesMax))
        return bytes.allSatisfy { (0x20..<0x7f).contains($0) }
            ? String(decoding: bytes, as: UTF8.self) + rest : "0x" + Hexadecimal.encode(bytes) + rest
    }
}
