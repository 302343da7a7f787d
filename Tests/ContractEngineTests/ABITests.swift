import PublicCryptography
import SignedTransactions
import StrictJSON
import Testing

@testable import ContractEngine

@Suite("JSON that contracts are given")
struct ABITests {
    private func environment(random: [UInt8]?, inTransaction: Bool) -> ContractABI.Environment {
        ContractABI.Environment(
            height: 12, timeNanoseconds: 1_571_797_419_879_305_533, chainID: "secretdev-1", random: random,
            contract: "secret1contract", codeHash: SHA256.hash([]), sender: "secret1sender",
            funds: [Coin(340_282_366_920_938_463_463_374_607_431_768_211_455, "uscrt"), Coin(1, "x/\"y")],
            transaction: inTransaction ? .init(index: 3, hash: "ABCD") : nil)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("v0.10: seconds, the sender inside, never random")
    func v010() {
        #expect(
            text(ContractABI.environment(.v010, environment(random: [1], inTransaction: true)))
                == #"{"block":{"height":12,"time":1571797419,"chain_id":"secretdev-1"},"#
                + #""message":{"sender":"secret1sender","sent_funds":["#
                + #"{"denom":"uscrt","amount":"340282366920938463463374607431768211455"},{"denom":"x/\"y","amount":"1"}]},"#
                + #""contract":{"address":"secret1contract"},"contract_key":null,"#
                + #""contract_code_hash":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","#
                + #""transaction":null}"#)
    }

    @Test("v1: nanoseconds as text, random and transaction where there are any")
    func v1() {
        let rest =
            #""contract":{"address":"secret1contract","code_hash":"#
            + #""e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},"transaction":"#
        #expect(
            text(ContractABI.environment(.v1, environment(random: nil, inTransaction: true)))
                == #"{"block":{"height":12,"time":"1571797419879305533","chain_id":"secretdev-1"},"#
                + rest + #"{"index":3,"hash":"ABCD"}}"#)
        #expect(
            text(ContractABI.environment(.v1, environment(random: [0], inTransaction: false)))
                == #"{"block":{"height":12,"time":"1571797419879305533","chain_id":"secretdev-1","random":"AA=="},"#
                + rest + "null}")
        #expect(
            text(ContractABI.messageInfo(sender: "secret1sender", funds: [Coin(5, "uscrt")]))
                == #"{"sender":"secret1sender","funds":[{"denom":"uscrt","amount":"5"}]}"#)
        #expect(text(ContractABI.messageInfo(sender: "", funds: [])) == #"{"sender":"","funds":[]}"#)
    }

    @Test("replies")
    func replies() {
        #expect(
            text(ContractABI.reply(id: 42, data: [1, 2])) == #"{"id":42,"result":{"ok":{"events":[],"data":"AQI="}}}"#)
        let event = ContractEvent(type: "wasm", attributes: [ContractAttribute(key: "k", value: "v")])
        #expect(
            text(ContractABI.reply(id: .max, events: [event], data: nil))
                == #"{"id":18446744073709551615,"result":{"ok":{"events":["#
                + #"{"type":"wasm","attributes":[{"key":"k","value":"v"}]}],"data":null}}}"#)
        #expect(text(ContractABI.reply(id: 0, error: "a \"b\"")) == #"{"id":0,"result":{"error":"a \"b\""}}"#)
    }
}

@Suite("What contracts return")
struct ContractOutputTests {
    private func parse(_ text: String, _ interface: InterfaceVersion = .v1) -> ContractOutput {
        ContractOutput.parse(Array(text.utf8), interface: interface, entry: .execute)
    }

    private func response(_ text: String) -> ContractResponse? {
        if case .response(let response) = parse(text) { response } else { nil }
    }

    private func message(_ text: String) -> ContractMessage? {
        response(#"{"Ok":{"messages":[\#(text)],"log":[],"data":null}}"#)?.messages.first?.message
    }

    @Test("errors lose the quotes around them and nothing else")
    func errors() {
        func error(_ text: String) -> String? {
            if case .error(let error) = parse(text) { error.text } else { nil }
        }
        #expect(error(#"{"Err":"boom"}"#) == "boom")
        #expect(error(#"{"Err":{"generic_err":{"msg":"boom"}}}"#) == #"{"generic_err":{"msg":"boom"}}"#)
        #expect(error(#"{"Err":{"parse_err":{"target":"a","msg":"b"}}}"#) == #"{"parse_err":{"msg":"b","target":"a"}}"#)
        #expect(error(#"{"Err":"says \"no\""}"#) == #"says \"no\"#)
        #expect(error(#"{"Err":"\"quoted\""}"#) == #"\"quoted\"#)
        #expect(error(#"{"Err":""}"#) == "")
        #expect(error(#"{"Ok":"e30=","Err":"both"}"#) == "both")
    }

    @Test("answers keep their base64 text, under either name")
    func answers() {
        #expect(parse(#"{"Ok":"eyJvayI6MX0="}"#) == .answer("eyJvayI6MX0="))
        #expect(parse(#"{"ok":"eyJvayI6MX0="}"#) == .answer("eyJvayI6MX0="))
    }

    @Test("v0.10 responses")
    func v010() {
        let response = response(
            #"{"Ok":{"messages":[],"log":[{"key":"a","value":"b"},{"key":"c","value":"d","encrypted":false}],"data":"AQ=="}}"#
        )
        #expect(
            response?.attributes == [
                ContractAttribute(key: "a", value: "b"), ContractAttribute(key: "c", value: "d", isEncrypted: false),
            ])
        #expect(response?.data == [1])
        #expect(response?.events == [])
        #expect(self.response(#"{"Ok":{"messages":[],"log":[]}}"#)?.data == nil)
    }

    @Test("v1 responses and sub-messages")
    func v1() {
        let send = #"{"bank":{"send":{"to_address":"secret1b","amount":[{"denom":"uscrt","amount":"7"}]}}}"#
        let response = response(
            #"{"Ok":{"messages":[{"id":9,"msg":\#(send),"gas_limit":100,"reply_on":"success"},"#
                + #"{"id":0,"msg":\#(send),"gas_limit":null,"reply_on":"never"}],"#
                + #""attributes":[],"events":[{"type":"t","attributes":[{"key":"k","value":"v","encrypted":true}]}],"data":""}}"#
        )
        let message = ContractMessage.bankSend(
            .init(fromAddress: nil, toAddress: "secret1b", amount: [ContractCoin(denomination: "uscrt", amount: "7")]))
        #expect(
            response?.messages == [
                SubMessage(id: 9, message: message, gasLimit: 100, replyOn: .success),
                SubMessage(id: 0, message: message),
            ])
        #expect(response?.events == [ContractEvent(type: "t", attributes: [ContractAttribute(key: "k", value: "v")])])
        #expect(response?.data == [])
    }

    @Test("messages of contracts")
    func messages() {
        let execute =
            #"{"contract_addr":"secret1c","callback_code_hash":"ab","msg":"e30=","send":[],"callback_sig":null}"#
        let called = ContractMessage.wasmExecute(
            .init(contractAddress: "secret1c", codeHash: "ab", message: [0x7b, 0x7d], funds: []))
        #expect(message(#"{"wasm":{"execute":\#(execute)}}"#) == called)
        #expect(
            message(#"{"wasm":{"execute":\#(execute.replacing("callback_code_hash", with: "code_hash"))}}"#) == called)
        #expect(
            message(
                #"{"wasm":{"instantiate":{"admin":"secret1a","code_id":7,"code_hash":"ab","msg":"e30=","send":[],"label":"l"}}}"#
            )
                == .wasmInstantiate(
                    .init(admin: "secret1a", codeID: 7, codeHash: "ab", message: [0x7b, 0x7d], funds: [], label: "l")))
        #expect(
            message(#"{"wasm":{"migrate":{"contract_addr":"c","code_hash":"ab","code_id":8,"msg":"e30="}}}"#)
                == .wasmMigrate(.init(contractAddress: "c", codeHash: "ab", codeID: 8, message: [0x7b, 0x7d])))
        #expect(
            message(#"{"wasm":{"update_admin":{"contract_addr":"c","admin":"a"}}}"#)
                == .wasmUpdateAdmin(contractAddress: "c", admin: "a"))
        #expect(message(#"{"wasm":{"clear_admin":{"contract_addr":"c"}}}"#) == .wasmClearAdmin(contractAddress: "c"))
        guard case .other(let other)? = message(#"{"gov":{"vote":{"proposal":1,"vote_option":"Yes"}}}"#) else {
            Issue.record("gov is handed on")
            return
        }
        #expect("\(other)" == "gov")
        guard case .other(let encoded)? = message(#"{"stargate":{"type_url":"/a.B","value":"QUJD"}}"#) else {
            Issue.record("an encoded message is handed on")
            return
        }
        #expect(encoded == .init(kind: "stargate", encoded: AnyMessage(typeURL: "/a.B", value: Array("ABC".utf8))))
        let burn = #"{"bank":{"burn":{"amount":[{"denom":"uscrt","amount":"5"}]}}}"#
        // v0.10 has no such message.
        #expect(message(burn) == nil)
        let v1 = response(
            #"{"Ok":{"messages":[{"id":0,"msg":\#(burn),"gas_limit":null,"reply_on":"never"}],"attributes":[],"events":[],"data":null}}"#
        )
        guard case .other(let unknown)? = v1?.messages.first?.message else {
            Issue.record("burning is handed on")
            return
        }
        #expect(unknown.kind == "bank.burn")
    }

    @Test("IBC's two shapes")
    func ibc() {
        var response = ContractResponse()
        response.attributes = [ContractAttribute(key: "a", value: "b")]
        #expect(
            parse(
                #"{"Ok":{"acknowledgement":"AQ==","messages":[],"attributes":[{"key":"a","value":"b"}],"events":[]}}"#)
                == .acknowledgement([1], response))
        #expect(parse(#"{"Ok":null}"#) == .channelVersion(nil))
        #expect(parse(#"{"Ok":{"version":"ics20-1"}}"#) == .channelVersion("ics20-1"))
    }

    @Test(
        "whatever serde would refuse is malformed",
        arguments: [
            "", "null", "[]", "{}", #"{"Ok":1}"#, #"{"ok":{}}"#, #"{"Ok":{"messages":[],"log":[],"extra":1}}"#,
            #"{"Ok":{"messages":[],"log":[],"attributes":[]}}"#, #"{"Ok":{"log":[]}}"#,
            #"{"Ok":{"messages":[],"attributes":[],"events":[],"data":"*"}}"#,
            #"{"Ok":{"messages":[],"attributes":[],"events":[],"data":[1]}}"#,
            #"{"Ok":{"messages":[],"attributes":[],"events":[],"more":null}}"#,
            #"{"Ok":{"messages":[],"log":[{"key":"a"}]}}"#,
            #"{"Ok":{"messages":[],"log":[{"key":"a","value":"b","encrypted":1}]}}"#,
            #"{"Ok":{"messages":[{"bank":{"send":{}},"wasm":{}}],"log":[]}}"#,
            #"{"Ok":{"messages":[{"unknown":{}}],"log":[]}}"#,
            #"{"Ok":{"messages":[{"wasm":{"execute":{"contract_addr":"c","msg":"e30=","send":[]}}}],"log":[]}}"#,
            #"{"Ok":{"messages":[{"wasm":{"other":{}}}],"log":[]}}"#,
            #"{"Ok":{"messages":[{"id":1,"msg":{"custom":{}},"reply_on":"sometimes"}],"attributes":[],"events":[]}}"#,
            #"{"Ok":{"messages":[{"id":-1,"msg":{"custom":{}},"reply_on":"never"}],"attributes":[],"events":[]}}"#,
            #"{"Ok":{"messages":[],"log":[]}}x"#, #"{"Err":"a","Err":"b"}"#,
        ])
    func malformed(text: String) {
        #expect(parse(text) == .malformed)
        #expect(parse(text, .v010) == .malformed)
    }

    @Test("an output too long or too deep is malformed")
    func limits() {
        let long = #"{"Ok":""# + String(repeating: "A", count: ContractOutput.bytesMax) + #""}"#
        #expect(parse(long) == .malformed)
        #expect(
            parse(#"{"Err":"# + String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000) + "}")
                == .malformed)
    }
}

extension String {
    fileprivate func replacing(_ old: String, with new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
