/// One test of a contract; its name is a sentence. The test file of a contract says
///
///     let contractTests: [ContractTest] = [ContractTest("increment counts") { test in ... }]
struct ContractTest: Sendable {
    let name: String
    let body: @Sendable (TestChain) throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (TestChain) throws -> Void) {
        self.name = name
        self.body = body
    }
}

/// A chain with one contract on it, for one test.
final class TestChain {
    var contract = TestChain.address(0x33)
    let alice = TestChain.address(0x11)
    let bob = TestChain.address(0x22)
    let carol = TestChain.address(0x44)
    let chainID = "secretdev-1"
    /// Of the contract; natively it has none, and one of the right length stands in.
    let codeHash = EngineLink.codeHash ?? String(repeating: "a5", count: 32)
    var height = 12
    var timeSeconds = 1_700_000_000
    var random = [UInt8](repeating: 7, count: 32)
    private(set) var failures: [String] = []
    /// Public coins, once `give` was called (TestLedger.swift).
    var ledger = TestLedger()
    /// Other contracts, by their addresses.
    var neighbours: [String: TestNeighbour] = [:] {
        didSet { isLive = true }
    }
    /// Whether what the contract asks for happens, or is only shown.
    var isLive = false
    /// Whether a call of a live chain is under way.
    var isInTransaction = false

    init() { clear() }

    /// Begins anew, without state and answers of others.
    func clear() {
        Host.state = [:]
        Host.gas = 0
        if EngineLink.isPresent { EngineLink.begin() }
        (ledger, neighbours) = (TestLedger(), [:])
        isLive = false
        Host.onQuery = { [unowned self] in answerQuestion($0) }
    }

    static func address(_ byte: UInt8) -> String {
        String(decoding: TestAddress.encode([UInt8](repeating: byte, count: 20)), as: UTF8.self)
    }

    /// Coins as in `"5uscrt"` or `"3other,5uscrt"`. The whole answer comes back; a refused call changes nothing.
    @discardableResult
    func instantiate(_ message: String, from sender: String? = nil, with funds: String = "") -> TestAnswer {
        transaction(sender, funds) {
            call("instantiate", info(sender, funds), message) { Dispatch<ThisContract>.instantiate($0, $1, $2) }
        }
    }

    @discardableResult
    func execute(_ message: String, from sender: String? = nil, with funds: String = "") -> TestAnswer {
        // What is called from within a transaction happens in its block.
        if !isInTransaction { height += 1 }
        return transaction(sender, funds) {
            call("execute", info(sender, funds), message) { Dispatch<ThisContract>.execute($0, $1, $2) }
        }
    }

    /// As a contract's admin does it: whatever the state was.
    @discardableResult
    func migrate(_ message: String) -> TestAnswer {
        height += 1
        return call("migrate", [], message) { Dispatch<ThisContract>.migrate($0, $2) }
    }

    @discardableResult
    func reply(_ message: String) -> TestAnswer {
        call("reply", [], message) { Dispatch<ThisContract>.reply($0, $2) }
    }

    /// The answer's JSON without padding, or the error's text. A contract asks in the transaction that it runs in.
    @discardableResult
    func query(_ question: String, byContract isInTransaction: Bool = false) -> String {
        Host.isQuery = true
        defer { Host.isQuery = false }
        let (environment, question) = (environment(isInTransaction, hasRandom: false), TestChain.sent(question))
        let answer = TestAnswer(
            EngineLink.isPresent
                ? EngineLink.call("query", environment, [], question)
                : Dispatch<ThisContract>.query(environment, question))
        return answer.error ?? answer.query
    }

    func expect(
        _ condition: Bool, _ comment: @autoclosure () -> String = "", file: StaticString = #fileID, line: UInt = #line
    ) {
        if !condition { failures.append("\(file):\(line): \(comment())") }
    }

    func expect(_ found: String?, _ expected: String?, file: StaticString = #fileID, line: UInt = #line) {
        expect(found == expected, "\(found ?? "nil") is not \(expected ?? "nil")", file: file, line: line)
    }

    private func transaction(_ sender: String?, _ funds: String, _ call: () -> TestAnswer) -> TestAnswer {
        isLive ? transact(from: sender ?? alice, with: funds, call) : call()
    }

    /// In the engine if it is there, else `native`; what a refused call wrote is taken back.
    private func call(
        _ entry: String, _ info: [UInt8], _ message: String, _ native: ([UInt8], [UInt8], [UInt8]) -> [UInt8]
    ) -> TestAnswer {
        let (environment, message) = (environment(true), TestChain.sent(message))
        if EngineLink.isPresent { return TestAnswer(EngineLink.call(entry, environment, info, message)) }
        let before = Host.state
        let answer = TestAnswer(native(environment, info, message))
        if answer.error != nil { Host.state = before }
        return answer
    }

    /// A message's bytes; in pairs of secrets filled up as the client `cloister` does.
    private static func sent(_ message: String) -> [UInt8] {
        #if LEAKS
            return Padding.spaces(Array(message.utf8), multiple: Message.bytesMultiple)
        #else
            return Array(message.utf8)
        #endif
    }

    private func environment(_ isTransaction: Bool, hasRandom: Bool = true) -> [UInt8] {
        let randomText = isTransaction && hasRandom ? String(decoding: Base64.encode(random), as: UTF8.self) : "AA=="
        // As long as on a chain: a contract pays for reading them.
        let transaction = isTransaction ? #"{"index":0,"hash":"\#(String(repeating: "5A", count: 32))"}"# : "null"
        return Array(
            (#"{"block":{"height":\#(height),"time":"\#(timeSeconds)000000000","chain_id":"\#(chainID)","#
                + #""random":"\#(randomText)"},"contract":{"address":"\#(contract)","#
                + #""code_hash":"\#(codeHash)"},"#
                + #""transaction":\#(transaction)}"#).utf8)
    }

    private func info(_ sender: String?, _ funds: String) -> [UInt8] {
        let coins = funds.split(separator: ",").map { coin in
            let digits = coin.prefix { $0.isNumber }
            return #"{"denom":"\#(coin.dropFirst(digits.count))","amount":"\#(digits)"}"#
        }
        return Array(#"{"sender":"\#(sender ?? alice)","funds":[\#(coins.joined(separator: ","))]}"#.utf8)
    }
}

/// A call of another contract that an answer asks for: its address, and the message without padding.
struct TestCall: Equatable {
    let contract: String
    let message: String
}

/// What a contract gave back.
struct TestAnswer {
    let text: String
    private let json: JSON

    init(_ bytes: [UInt8]) {
        text = String(decoding: bytes, as: UTF8.self)
        json = (try? JSONReader.parse(bytes)) ?? .null
    }

    /// The refusal's text, `nil` if the call succeeded.
    var error: String? { json.member("Err").flatMap { TestAnswer.string($0) } }
    var data: String { (json.member("Ok")?.member("data")).map(TestAnswer.decoded) ?? "" }
    var messages: String { (json.member("Ok")?.member("messages")).map(TestAnswer.compact) ?? "" }
    /// The calls of other contracts that it asks for, without padding.
    var calls: [TestCall] {
        guard case .array(let messages)? = json.member("Ok")?.member("messages") else { return [] }
        return messages.compactMap { message in
            guard let call = message.member("msg")?.member("wasm")?.member("execute"),
                let contract = call.member("contract_addr").flatMap({ TestAnswer.string($0) }),
                let body = call.member("msg")
            else { return nil }
            return TestCall(contract: contract, message: TestAnswer.decoded(body))
        }
    }
    /// The messages that it asks for, with whether and as what they are told about.
    var submessages: [(id: String, message: JSON, replyOn: String)] {
        guard case .array(let messages)? = json.member("Ok")?.member("messages") else { return [] }
        return messages.map { message in
            var id = "0"
            if case .number(let number)? = message.member("id") { id = String(decoding: number.utf8, as: UTF8.self) }
            return (
                id, message.member("msg") ?? .null,
                message.member("reply_on").flatMap { TestAnswer.string($0) } ?? "never"
            )
        }
    }
    var events: String { (json.member("Ok")?.member("events")).map(TestAnswer.compact) ?? "" }
    var attributes: String { (json.member("Ok")?.member("attributes")).map(TestAnswer.compact) ?? "" }
    fileprivate var query: String { json.member("Ok").map(TestAnswer.decoded) ?? text }

    static func string(_ json: JSON) -> String? {
        guard case .string(let text) = json else { return nil }
        return String(decoding: text.utf8, as: UTF8.self)
    }

    private static func compact(_ json: JSON) -> String { String(decoding: json.encoded, as: UTF8.self) }

    static func decoded(_ json: JSON) -> String {
        guard case .string(let text) = json, var bytes = Base64.decode(text.utf8) else { return "" }
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A SNIP-24 permit of `key`, as a wallet makes it.
func permit(
    _ key: TestKey, name: String = "test", chain: String = "secretdev-1", contract: String, permission: String
) -> String {
    let document =
        #"{"account_number":"0","chain_id":"\#(chain)","fee":{"amount":[{"amount":"0","denom":"uscrt"}],"gas":"1"},"#
        + #""memo":"","msgs":[{"type":"query_permit","value":{"allowed_tokens":["\#(contract)"],"#
        + #""permissions":["\#(permission)"],"permit_name":"\#(name)"}}],"sequence":"0"}"#
    let signature = String(decoding: Base64.encode(key.sign(Array(document.utf8))), as: UTF8.self)
    let publicKey = String(decoding: Base64.encode(key.publicKey), as: UTF8.self)
    return #"{"params":{"permit_name":"\#(name)","allowed_tokens":["\#(contract)"],"chain_id":"\#(chain)","#
        + #""permissions":["\#(permission)"]},"signature":{"pub_key":{"type":"tendermint/PubKeySecp256k1","#
        + #""value":"\#(publicKey)"},"signature":"\#(signature)"}}"#
}
