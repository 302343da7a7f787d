import PublicCryptography
import SecretCryptography
import SignedTransactions
import StrictJSON
import Testing
import WalletClient

/// A caller, the enclave's side of her encryption, and a stranger.
private final class Talk {
    let caller: ContractEncryption
    let stranger: ContractEncryption
    let input: [UInt8]
    private let network = SecretKey.random()
    static let sender = AccountAddress([UInt8](repeating: 0x11, count: 20))!
    static let contract = AccountAddress([UInt8](repeating: 0x33, count: 20))!

    init() throws {
        let publicKey = X25519.publicKey(of: network)
        caller = ContractEncryption(privateKey: .random(), ioPublicKey: publicKey)
        stranger = ContractEncryption(privateKey: .random(), ioPublicKey: publicKey)
        input = try caller.seal(
            Array(#"{"greet":{}}"#.utf8), codeHash: String(repeating: "ab", count: 32),
            owner: (Self.sender, Self.contract.bytes))
    }

    /// As the enclave seals for the caller of `input`.
    func sealed(_ text: String) -> String {
        var key = TransactionKey(privateKey: network, publicKey: caller.publicKey, nonce: Array(input[..<32]))!
        return Base64.encode(key.seal(Array(text.utf8)))
    }

    func response(code: Int, codespace: String = "compute", log: String = "", data: String = "", events: String = "[]")
        throws -> JSONValue
    {
        let text =
            #"{"code":\#(code),"codespace":"\#(codespace)","raw_log":"\#(log)","data":"\#(data)","events":\#(events),"#
            + #""gas_wanted":"200000","gas_used":"51234","tx":{"body":{"messages":[{"@type":"#
            + #""/secret.compute.v1beta1.MsgExecuteContract","sender":"\#(Self.sender)","contract":"\#(Self.contract)","#
            + #""msg":"\#(Base64.encode(input))"}]}}}"#
        return try JSONReader.parse(Array(text.utf8), limits: JSONLimits(bytesMax: 1 << 20))
    }

    func failure(_ code: Int, _ log: String, codespace: String = "compute", by reader: ContractEncryption? = nil)
        throws -> Explanation.Failure
    {
        let response = try response(code: code, codespace: codespace, log: log)
        return try #require(Explanation(response: response, encryption: reader ?? caller).failure)
    }
}

@Suite("What became of a transaction") struct ExplanationTests {
    private static let place = "failed to execute message; message index: 0: "

    @Test("a contract's error is read by its caller alone, in whatever place it was")
    func contractError() throws {
        let talk = try Talk()
        let log = Self.place + "encrypted: \(talk.sealed("who are you?")): execute contract failed"
        let failure = try talk.failure(3, log)
        #expect(failure.failureClass == .contractError)
        #expect(failure.text == "who are you?")
        #expect(failure.messageIndex == 0 && !failure.isInSubmessage && failure.trace == nil)

        let hash = String(repeating: "0f", count: 32)
        let inner = try talk.failure(
            3,
            Self.place + "dispatch: submessages: dispatch: submessages: encrypted: "
                + "\(talk.sealed(hash + "not today")): execute contract failed")
        #expect(inner.isInSubmessage && inner.text == "not today")

        let seen = try talk.failure(3, log, by: talk.stranger)
        #expect(seen.failureClass == .contractError)
        #expect(seen.text.hasPrefix("encrypted: ") && !seen.text.contains("who are you"))
    }

    @Test("a failure is classed by its code and the plain part of its log")
    func classes() throws {
        let talk = try Talk()
        let enclave = "Execution error: Enclave: "
        let trap = try talk.failure(3, Self.place + enclave + "the contract panicked: execute contract failed")
        #expect(trap.failureClass == .trap && trap.text == "the contract panicked" && trap.trace == nil)
        let refused = try talk.failure(3, Self.place + enclave + "failed to decrypt data: execute contract failed")
        #expect(refused.failureClass == .enclave && refused.text == "failed to decrypt data")
        let gas = "out of gas in location: wasm contract; gasWanted: 60000, gasUsed: 60001: out of gas"
        let outOfGas = try talk.failure(11, gas, codespace: "sdk")
        #expect(outOfGas.failureClass == .outOfGas && outOfGas.text == gas && outOfGas.messageIndex == nil)
        let funds = try talk.failure(5, Self.place + "insufficient funds", codespace: "sdk")
        #expect(funds.failureClass == .chain && funds.text == "insufficient funds")
        let odd = try talk.failure(3, "encrypted: ")
        #expect(odd.failureClass == .contractError)
    }

    @Test("a trace is read out of an error, with its frames and their names")
    func trace() throws {
        let talk = try Talk()
        let text = "the contract panicked\n  in code ab12\n    at 7 $s8Contract\n    at 9"
        let lead = "encrypted: \(talk.sealed(text)): execute contract failed: "
        let failure = try talk.failure(
            3, Self.place + lead + "Execution error: Enclave: the contract panicked: execute contract failed")
        #expect(failure.failureClass == .trap && failure.text == "the contract panicked")
        #expect(failure.trace?.codeHash == "ab12")
        #expect(failure.trace?.frames == [.init(function: 7, name: "$s8Contract"), .init(function: 9)])
        let gas = "out of gas in location: wasm contract; gasWanted: 6, gasUsed: 7: out of gas"
        let outOfGas = try talk.failure(11, lead + gas, codespace: "sdk")
        #expect(outOfGas.failureClass == .outOfGas && outOfGas.text == gas && outOfGas.trace != nil)
        // A contract can say what looks like a trace, and is not believed.
        let said = try talk.failure(3, Self.place + "encrypted: \(talk.sealed(text)): execute contract failed")
        #expect(said.failureClass == .contractError && said.trace == nil && said.text == text)
        for bad in ["boom", "boom\nin code ab", "boom\n  in code ab\n  at 7", "boom\n  in code ab\n    at x"] {
            #expect(ContractTrace(text: bad) == nil)
        }
    }

    @Test("messages, answers and events of a success are in clear, and what was plain is told apart")
    func success() throws {
        let talk = try Talk()
        let answer = Base64.encode(Array("hello".utf8))
        let data = TransactionData(responses: [
            MessageResponse.executeContract(data: Base64.decode(talk.sealed(answer))!)
        ]).encoded
        let events =
            #"[{"type":"wasm","attributes":[{"key":"contract_address","value":"\#(Talk.contract)"},{"key":"#
            + #""\#(talk.sealed("action"))","value":"\#(talk.sealed("greet"))"},{"key":"plain","value":"yes"},"#
            + #"{"key":"msg_index","value":"0"}]},{"type":"transfer","attributes":[]}]"#
        let response = try talk.response(code: 0, data: Hexadecimal.encode(data), events: events)
        let explanation = Explanation(response: response, encryption: talk.caller)
        #expect(explanation.failure == nil)
        #expect(explanation.messages.map(\.text) == [#"{"greet":{}}"#])
        #expect(explanation.answers == ["hello"])
        #expect(explanation.logs.count == 1)
        let attributes = explanation.logs[0].attributes
        #expect(attributes.map(\.key) == ["contract_address", "action", "plain"])
        #expect(attributes.map(\.value)[1...] == ["greet", "yes"])
        #expect(attributes.map(\.wasSealed) == [false, true, false])
        #expect(explanation.gasWanted == "200000" && explanation.gasUsed == "51234")

        let other = Explanation(response: response, encryption: talk.stranger)
        #expect(other.messages.map(\.text) == [nil] && other.answers.isEmpty)
        #expect(other.logs[0].attributes.allSatisfy { !$0.wasSealed })
    }

    @Test("names belong to the module that is the same without its custom sections, and to no other")
    func names() throws {
        let header: [UInt8] = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
        let code: [UInt8] = [1, 4, 1, 0x60, 0, 0]
        let section: [UInt8] = [0, 12, 4] + Array("name".utf8) + [1, 5, 1, 7, 2, 0x68, 0x69]
        let named = try WasmNames(header + code + section)
        #expect(named.names == [7: "hi"])
        #expect(named.codeHash == SHA256.hash(header + code).description)
        var trace = try #require(ContractTrace(text: "x\n  in code \(named.codeHash)\n    at 7\n    at 8"))
        let isNamed = trace.addNames(from: named)
        #expect(isNamed)
        #expect(trace.frames.map(\.name) == ["hi", nil])
        var other = try #require(ContractTrace(text: "x\n  in code 00\n    at 7"))
        let isOtherNamed = other.addNames(from: named)
        #expect(!isOtherNamed && other.frames[0].name == nil)
        let whole = header + code + section
        for count in 0..<whole.count where ![8, 14].contains(count) {
            #expect(throws: ClientError.self, "\(count)") { try WasmNames(Array(whole[..<count])) }
        }
    }
}
