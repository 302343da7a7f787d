import ContractEngine
import PublicCryptography
import Testing

@Suite("The counter contract", .enabled(if: RepositoryContract.areBuilt, "make contracts builds it"))
struct CounterTests {
    private let counter: RepositoryContract

    init() throws {
        counter = try RepositoryContract("counter")
        #expect(
            try counter.call(.instantiate, #"{"count":12}"#)
                == #"{"Ok":{"messages":[],"attributes":[],"events":[],"data":null}}"#)
    }

    @Test("it is a module that may be uploaded, of interface version 1")
    func upload() {
        #expect(counter.facts.interface == .v1)
        #expect(counter.code.count < 60 * 1024)
    }

    @Test("increment counts, answers with data and marks what is private")
    func increment() throws {
        #expect(
            try counter.call(.execute, #"{"increment":{}}"#, sender: RepositoryContract.stranger)
                == #"{"Ok":{"messages":[],"attributes":[{"key":"action","value":"increment","encrypted":true},"#
                + #"{"key":"contract","value":"counter","encrypted":false}],"events":[],"data":"eyJjb3VudCI6MTN9"}}"#)
        #expect(try counter.query(#"{"get_count":{}}"#) == #"{"count":13}"#)
        for _ in 0..<3 { _ = try counter.call(.execute, #"{"increment":{}}"#) }
        #expect(try counter.query(#"{"get_count":{}}"#) == #"{"count":16}"#)
    }

    @Test("the same call takes the same gas")
    func gas() throws {
        let first = try counter.run(.query, #"{"get_count":{}}"#)
        let second = try counter.run(.query, #"{"get_count":{}}"#)
        #expect(first.gasUsed == second.gasUsed)
        let execute = try counter.run(.execute, #"{"increment":{}}"#)
        #expect(execute.gasUsed < 2_000_000)
    }

    @Test("a migration keeps the count or sets it")
    func migrate() throws {
        #expect(try counter.call(.migrate, "{}").hasSuffix(#""data":"eyJjb3VudCI6MTJ9"}}"#))
        _ = try counter.call(.migrate, #"{"count":20}"#)
        #expect(try counter.query(#"{"get_count":{}}"#) == #"{"count":20}"#)
        #expect(try counter.call(.migrate, #"{"conut":20}"#) == #"{"Err":"unknown field: conut"}"#)
    }

    @Test("only the creator resets")
    func reset() throws {
        #expect(
            try counter.call(.execute, #"{"reset":{"count":3}}"#, sender: RepositoryContract.stranger)
                == #"{"Err":"only the creator may reset"}"#)
        #expect(try counter.query(#"{"get_count":{}}"#) == #"{"count":12}"#)
        _ = try counter.call(.execute, #"{"reset":{"count":-3}}"#)
        #expect(try counter.query(#"{"get_count":{}}"#) == #"{"count":-3}"#)
    }

    @Test("a full counter refuses instead of wrapping")
    func overflow() throws {
        _ = try counter.call(.execute, #"{"reset":{"count":9223372036854775807}}"#)
        #expect(try counter.call(.execute, #"{"increment":{}}"#) == #"{"Err":"the counter is full"}"#)
        #expect(try counter.query(#"{"get_count":{}}"#) == #"{"count":9223372036854775807}"#)
        #expect(
            try counter.call(.execute, #"{"reset":{"count":9223372036854775808}}"#)
                == #"{"Err":"count must be an integer in range"}"#)
        _ = try counter.call(.execute, #"{"reset":{"count":-9223372036854775808}}"#)
        #expect(try counter.query(#"{"get_count":{}}"#) == #"{"count":-9223372036854775808}"#)
    }

    @Test("a note is shown to whoever knows the owner's viewing key, and to nobody else")
    func notes() throws {
        let note = #"Grüße, \"Welt\" 🔑\n\u0001"#
        _ = try counter.call(.execute, #"{"remember":{"note":"\#(note)"}}"#)
        let question = #"{"get_note":{"address":"\#(RepositoryContract.creator)","key":"a secret key"}}"#
        #expect(try counter.query(question) == #"{"Err":"wrong viewing key"}"#)
        #expect(
            try counter.call(.execute, #"{"set_viewing_key":{"key":"short"}}"#)
                == #"{"Err":"a viewing key has from 8 to 256 characters"}"#)
        _ = try counter.call(.execute, #"{"set_viewing_key":{"key":"a secret key"}}"#)
        #expect(try counter.query(question) == #"{"note":"\#(note)"}"#)
        for key in ["a secret kez", "a secret ke", "", "a secret keyy"] {
            let guess = #"{"get_note":{"address":"\#(RepositoryContract.creator)","key":"\#(key)"}}"#
            #expect(try counter.query(guess) == #"{"Err":"wrong viewing key"}"#)
        }
        // Another sender's key opens another sender's note alone.
        _ = try counter.call(
            .execute, #"{"set_viewing_key":{"key":"another key"}}"#, sender: RepositoryContract.stranger)
        let other = #"{"get_note":{"address":"\#(RepositoryContract.stranger)","key":"another key"}}"#
        #expect(try counter.query(other) == #"{"note":null}"#)
        let long = String(repeating: "x", count: 4097)
        #expect(try counter.call(.execute, #"{"remember":{"note":"\#(long)"}}"#) == #"{"Err":"the note is too long"}"#)
    }

    @Test("pay sends from what the contract holds")
    func pay() throws {
        let receiver = RepositoryContract.stranger
        #expect(
            try counter.call(
                .execute, #"{"pay":{"to":"\#(receiver)","amount":"1000","denom":"uscrt"}}"#,
                funds: #"[{"denom":"uscrt","amount":"1000"}]"#)
                == #"{"Ok":{"messages":[{"id":0,"msg":{"bank":{"send":{"to_address":"\#(receiver)","#
                + #""amount":[{"denom":"uscrt","amount":"1000"}]}}},"gas_limit":null,"reply_on":"never"}],"#
                + #""attributes":[{"key":"action","value":"pay","encrypted":true}],"events":[],"data":null}}"#)
        for amount in ["0", "", "-1", "1.5", "01", "1e3", String(repeating: "9", count: 40)] {
            #expect(
                try counter.call(.execute, #"{"pay":{"to":"\#(receiver)","amount":"\#(amount)","denom":"uscrt"}}"#)
                    == #"{"Err":"amount must be a positive decimal number"}"#)
        }
        for address in ["", "secret1", receiver.uppercased(), "cosmos1" + receiver.dropFirst(7)] {
            #expect(
                try counter.call(.execute, #"{"pay":{"to":"\#(address)","amount":"1","denom":"uscrt"}}"#)
                    == #"{"Err":"to is not an address"}"#)
        }
    }

    @Test("call forwards a message to another contract, and a reply is remembered")
    func call() throws {
        let callee = RepositoryContract.stranger
        let message = Base64.encode(Array(#"{"increment":{}}"#.utf8))
        #expect(
            try counter.call(
                .execute,
                #"{"call":{"contract":"\#(callee)","code_hash":"\#(RepositoryContract.codeHash)","msg":"\#(message)"}}"#
            )
                == #"{"Ok":{"messages":[{"id":1,"msg":{"wasm":{"execute":{"contract_addr":"\#(callee)","#
                + #""code_hash":"\#(RepositoryContract.codeHash)","msg":"\#(message)","send":[]}}},"gas_limit":null,"#
                + #""reply_on":"never"}],"attributes":[{"key":"action","value":"call","encrypted":true}],"events":[],"data":null}}"#
        )
        let asking = #"{"call":{"contract":"\#(callee)","code_hash":"","msg":"","reply_on":"always"}}"#
        #expect(
            try counter.call(.execute, asking).contains(#""msg":"","send":[]}}},"gas_limit":null,"reply_on":"always"}"#)
        )
        #expect(
            try counter.call(
                .execute, #"{"call":{"contract":"\#(callee)","code_hash":"","msg":"","reply_on":"sometimes"}}"#)
                == #"{"Err":"unknown reply_on"}"#)
        for broken in ["e", "e30", "e3==", "e30=e30=", "e31=", "*30="] {
            #expect(
                try counter.call(.execute, #"{"call":{"contract":"\#(callee)","code_hash":"","msg":"\#(broken)"}}"#)
                    == #"{"Err":"msg must be base64"}"#)
        }
        #expect(try counter.query(#"{"get_last_reply":{}}"#) == #"{"last_reply":null}"#)
        #expect(
            try counter.call(.reply, #"{"id":1,"result":{"ok":{"events":[],"data":null}}}"#)
                == #"{"Ok":{"messages":[],"attributes":[{"key":"reply","value":"1","encrypted":false}],"events":[],"data":null}}"#
        )
        #expect(try counter.query(#"{"get_last_reply":{}}"#) == #"{"last_reply":"ok"}"#)
        _ = try counter.call(.reply, #"{"id":18446744073709551615,"result":{"error":"boom"}}"#)
        #expect(try counter.query(#"{"get_last_reply":{}}"#) == #"{"last_reply":"error: boom"}"#)
    }

    @Test(
        "errors are answers that say what is wrong",
        arguments: [
            (#"{"fail":{"text":"as \"asked\""}}"#, #"as \"asked\""#),
            (#"{"jump":{}}"#, "unknown message: jump"),
            (#"{}"#, "a message must be an object with one member"),
            (#"[]"#, "a message must be an object with one member"),
            (#"{"increment":{},"reset":{"count":1}}"#, "a message must be an object with one member"),
            (#"{"increment":null}"#, "fields must be in an object"),
            (#"{"increment":{"by":2}}"#, "unknown field: by"),
            (#"{"reset":{}}"#, "missing field: count"),
            (#"{"reset":{"count":"1"}}"#, "count must be an integer in range"),
            (#"{"reset":{"count":1.0}}"#, "count must be an integer in range"),
            (#"{"reset":{"count":1e1}}"#, "count must be an integer in range"),
            (#"{"reset":{"count":1,"count":2}}"#, "not JSON at byte 27"),
            (#"{"reset":{"count":01}}"#, "not JSON at byte 19"),
            (#"{"remember":{"note":"\ud800"}}"#, "not JSON at byte 27"),
            (#"{"remember":{"note":"\x"}}"#, "not JSON at byte 23"),
            (#"{"increment":{}} x"#, "not JSON at byte 17"),
            ("", "not JSON at byte 0"),
            (String(repeating: "[", count: 40), "not JSON at byte 32"),
        ])
    func errors(message: String, text: String) throws {
        #expect(try counter.call(.execute, message) == #"{"Err":"\#(text)"}"#)
        #expect(try counter.query(#"{"get_count":{}}"#) == #"{"count":12}"#)
    }

    @Test("any message cut or changed is answered, never trapped on")
    func mutations() throws {
        let message = #"{"remember":{"note":"\u00fc\ud83d\udd11 ü \n {[1,-2.5e+7,true,null]}"}}"#
        for length in 0..<message.utf8.count {
            let cut = String(decoding: message.utf8.prefix(length), as: UTF8.self)
            #expect(try counter.call(.execute, cut).hasPrefix(#"{"Err":"not JSON at byte "#))
        }
        for position in 0..<message.utf8.count {
            var changed = Array(message.utf8)
            changed[position] ^= 0x12
            let run = try counter.run(.execute, String(decoding: changed, as: UTF8.self))
            #expect(throws: Never.self) { try run.result.get() }
        }
    }
}

@Suite("The ledger probe", .enabled(if: RepositoryContract.areBuilt, "make contracts builds it"))
struct LedgerProbeTests {
    private let probe: RepositoryContract

    init() throws {
        probe = try RepositoryContract("ledger-probe")
        #expect(try probe.call(.instantiate, "{}") == #"{"Ok":{"messages":[],"log":[],"data":null}}"#)
    }

    @Test("it speaks interface version 0.10")
    func interface() throws {
        #expect(probe.facts.interface == .v010)
        #expect(
            try probe.call(.execute, #"{"fail":{"text":"no"}}"#) == #"{"Err":{"generic_err":{"msg":"no"}}}"#)
        let answer = try probe.call(
            .execute, #"{"who":{}}"#, sender: RepositoryContract.stranger, funds: #"[{"denom":"uscrt","amount":"7"}]"#)
        let data = Base64.encode(
            Array(
                #"{"sender":"\#(RepositoryContract.stranger)","funds":[{"denom":"uscrt","amount":"7"}],"height":12}"#
                    .utf8))
        #expect(
            answer == #"{"Ok":{"messages":[],"log":[{"key":"sender","value":"\#(RepositoryContract.stranger)","#
                + #""encrypted":true}],"data":"\#(data)"}}"#)
    }

    @Test("it sends and calls in the words of its version")
    func messages() throws {
        let other = RepositoryContract.stranger
        #expect(
            try probe.call(.execute, #"{"send":{"to":"\#(other)","amount":"5","denom":"uscrt"}}"#)
                == #"{"Ok":{"messages":[{"bank":{"send":{"from_address":"\#(RepositoryContract.address)","#
                + #""to_address":"\#(other)","amount":[{"denom":"uscrt","amount":"5"}]}}}],"#
                + #""log":[{"key":"sent_to","value":"\#(other)","encrypted":false}],"data":null}}"#)
        #expect(
            try probe.call(.execute, #"{"call":{"contract":"\#(other)","code_hash":"aa","msg":"e30="}}"#)
                == #"{"Ok":{"messages":[{"wasm":{"execute":{"contract_addr":"\#(other)","callback_code_hash":"aa","#
                + #""msg":"e30=","send":[]}}}],"log":[],"data":null}}"#)
    }

    @Test("its queries reach the chain and come back")
    func queries() throws {
        var requests = [String]()
        probe.environment.onQuery = { request, _ in
            requests.append(String(decoding: request, as: UTF8.self))
            return (Array(#"{"Ok":{"Ok":"\#(Base64.encode(Array("answer".utf8)))"}}"#.utf8), 500)
        }
        #expect(try probe.query(#"{"balance":{"address":"secret1x","denom":"uscrt"}}"#) == "answer")
        #expect(try probe.query(#"{"smart":{"contract":"secret1y","code_hash":"aa","msg":"e30="}}"#) == "answer")
        #expect(
            requests == [
                #"{"bank":{"balance":{"address":"secret1x","denom":"uscrt"}}}"#,
                #"{"wasm":{"smart":{"contract_addr":"secret1y","callback_code_hash":"aa","msg":"e30="}}}"#,
            ])
        probe.environment.onQuery = { _, _ in (Array(#"{"Ok":{"Err":{"unauthorized":{}}}}"#.utf8), 500) }
        #expect(
            try probe.query(#"{"balance":{"address":"secret1x","denom":"uscrt"}}"#)
                == #"{"Err":{"generic_err":{"msg":"query failed: {\"Ok\":{\"Err\":{\"unauthorized\":{}}}}"}}}"#)
    }
}
