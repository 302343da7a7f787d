import API
import ChainFormats
import ChainInterface
import DecidedBlocks
import EnclaveProtocol
import ModuleKit
import PublicCryptography
import SignedTransactions
import StrictJSON
import Synchronization
import Testing

@Suite("Transactions") struct TransactionServiceTests {
    private let chain = ChainDouble(Fixture.script)
    private let hash = "D27FDE492DD2FDE8F3859C17CDC815D202D5430D1AF0474537E5F248762A0BF9"

    @Test("a transaction is found by its hash in any case, with every key the real client reads")
    func lookup() async throws {
        for text in [hash, hash.lowercased()] {
            let answer = try parsed(await chain.get("/cosmos/tx/v1beta1/txs/\(text)").text)
            let response = answer["tx_response"]
            #expect(response?["height"] == "4")
            #expect(response?["txhash"] == .string(hash))
            #expect(response?["code"] == 0)
            #expect(response?["codespace"] == "")
            #expect(response?["raw_log"] == "")
            #expect(response?["logs"] == [])
            #expect(response?["info"] == "")
            #expect(
                response?["data"] == "12260A242F636F736D6F732E62616E6B2E763162657461312E4D736753656E64526573706F6E7365")
            #expect(response?["gas_wanted"] == "100000")
            #expect(response?["gas_used"] == "51234")
            #expect(response?["timestamp"] == "2023-11-14T22:13:20Z")
            #expect(response?["events"]?[0]?["type"] == "tx")
            #expect(
                response?["events"]?[1]?["attributes"]?[3] == ["key": "msg_index", "value": "0", "index": true])
            #expect(response?["tx"]?["@type"] == "/cosmos.tx.v1beta1.Tx")
            #expect(response?["tx"]?["body"] == answer["tx"]?["body"])
            #expect(answer["tx"]?["body"]?["messages"]?[0]?["@type"] == "/cosmos.bank.v1beta1.MsgSend")
            #expect(answer["tx"]?["auth_info"]?["tip"] == .null)
        }
    }

    @Test("an unknown hash is 404 with the text pollers match, a bad one 400")
    func unknown() async {
        let missing = String(repeating: "a", count: 64)
        let answer = await chain.get("/cosmos/tx/v1beta1/txs/\(missing)")
        #expect(answer.status == 404)
        #expect(answer.text == #"{"code":5,"message":"tx not found: \#(missing)","details":[]}"#)
        #expect(await chain.get("/cosmos/tx/v1beta1/txs/abc").status == 400)
    }

    @Test("a receipt has the parts that prove each other, of a contract's call also what its enclave said")
    func receipts() async {
        let hash = SHA256.hash([7])
        let leaf = MerkleTree.leafHash(hash.bytes)
        let next = PublishedEvidence.DecidedHeader(
            height: 5, appHash: [9], header: [10], commit: [11], validators: [12])
        let alone = MerkleProof(total: 1, index: 0, leafHash: leaf, aunts: [])
        let second = MerkleProof(total: 2, index: 1, leafHash: leaf, aunts: [hash])
        let result = ExecutionResult(code: 3, data: [1], gasWanted: 4, gasUsed: 5)
        var receipt = TransactionReceipt(
            header: [2], inBlock: alone, inResults: second, result: result, output: nil, next: next)
        chain.script.withLock { script in
            script.receipts[hash] = .success(receipt)
            receipt.output = .init(data: [6], said: [7], salt: [8])
            script.receipts[SHA256.hash([8])] = .success(receipt)
            script.receipts[SHA256.hash([9])] = .failure(.heightForgotten(4))
        }
        let path = "/cloister/v1/receipts/"
        let proof = Base64.encode([0x83, 2, 1, 0x81, 0x58, 32] + hash.bytes)
        let shown =
            #"{"header":"Ag==","transaction_proof":"gwEAgA==","result":"CAMSAQEoBDAF","result_proof":"\#(proof)","#
            + #""next_header":{"height":"5","app_hash":"CQ==","header":"Cg==","commit":"Cw==","validators":"DA=="},"#
        let name = Hexadecimal.encode(hash.bytes)
        #expect(await chain.get(path + name).text == shown + #""data":null,"said":null,"salt":null}"#)
        #expect(
            await chain.get(path + Hexadecimal.encode(SHA256.hash([8]).bytes).uppercased()).text
                == shown + #""data":"Bg==","said":"Bw==","salt":"CA=="}"#)
        #expect(await chain.get(path + Hexadecimal.encode(SHA256.hash([9]).bytes)).status == 400)
        let missing = String(repeating: "a", count: 64)
        let answer = await chain.get(path + missing)
        #expect(answer.status == 404 && answer.text.contains("tx not found: \(missing)"))
        for text in ["abc", String(repeating: "g", count: 64), missing + "aa"] {
            #expect(await chain.get(path + text).status == 400)
        }
    }

    @Test("a broadcast answers with the check's outcome, also when it refuses")
    func broadcast() async {
        let bytes = Base64.encode(Fixture.transaction)
        let accepted = await chain.post(
            "/cosmos/tx/v1beta1/txs", #"{"txBytes":"\#(bytes)","mode":"BROADCAST_MODE_SYNC"}"#)
        #expect(
            accepted.text
                == #"{"tx_response":{"height":"0","txhash":"\#(hash)","codespace":"","code":0,"data":"","raw_log":"","#
                + #""logs":[],"info":"","gas_wanted":"0","gas_used":"0","tx":null,"timestamp":"","events":[]}}"#)
        let log = "account sequence mismatch, expected 5, got 0: incorrect account sequence"
        chain.script.withLock { $0.check = TransactionRefusal(code: 32, log: log) }
        let refused = await chain.post(
            "/cosmos/tx/v1beta1/txs", #"{"tx_bytes":"\#(bytes)","mode":"BROADCAST_MODE_SYNC"}"#)
        #expect(refused.status == 200)
        #expect(refused.text.contains(#""codespace":"sdk","code":32,"data":"","raw_log":"\#(log)""#))
        let async = await chain.post(
            "/cosmos/tx/v1beta1/txs", #"{"tx_bytes":"\#(bytes)","mode":"BROADCAST_MODE_ASYNC"}"#)
        #expect(async.text.contains(#""code":0"#))
        let asked = chain.script.withLock { $0.broadcasts }
        #expect(asked.map(\.waitsForCheck) == [true, true, false])
        #expect(asked.allSatisfy { $0.bytes == Fixture.transaction })
    }

    @Test("other modes and empty transactions are refused")
    func badBroadcasts() async {
        for mode in ["BROADCAST_MODE_BLOCK", "BROADCAST_MODE_UNSPECIFIED"] {
            let answer = await chain.post("/cosmos/tx/v1beta1/txs", #"{"tx_bytes":"AAAA","mode":"\#(mode)"}"#)
            #expect(answer.status == 500)
            #expect(
                answer.text
                    == #"{"code":2,"message":"unsupported return type unspecified; supported types: sync, async","#
                    + #""details":[]}"#)
        }
        #expect(await chain.post("/cosmos/tx/v1beta1/txs", #"{"mode":"BROADCAST_MODE_SYNC"}"#).status == 400)
        #expect(chain.script.withLock { $0.broadcasts.isEmpty })
    }

    @Test("a transaction is simulated from its bytes or from cosmpy's JSON")
    func simulate() async throws {
        chain.script.withLock { script in
            script.simulation.data = Fixture.committed.place.result.data
            script.simulation.events = [Event("transfer", ["amount": "1uscrt"])]
        }
        let shown = await chain.post("/cosmos/tx/v1beta1/decode", #"{"tx_bytes":"\#(goldenTransactionBase64)"}"#)
        let transaction = JSONWriter.text(of: try parsed(shown.text)["tx"]!)
        for body in [#"{"tx_bytes":"\#(goldenTransactionBase64)"}"#, #"{"tx":\#(transaction)}"#] {
            let answer = await chain.post("/cosmos/tx/v1beta1/simulate", body)
            #expect(
                answer.text
                    == #"{"gas_info":{"gas_wanted":"100000","gas_used":"51234"},"result":{"data":"#
                    + #""EiYKJC9jb3Ntb3MuYmFuay52MWJldGExLk1zZ1NlbmRSZXNwb25zZQ==","log":"","events":[{"type":"transfer","#
                    + #""attributes":[{"key":"amount","value":"1uscrt","index":true}]}],"#
                    + #""msg_responses":[{"@type":"/cosmos.bank.v1beta1.MsgSendResponse"}]}}"#)
        }
        #expect(chain.script.withLock { $0.simulated } == [Fixture.transaction, Fixture.transaction])
    }

    @Test("a simulation that fails says why and how much gas it took")
    func failingSimulation() async {
        chain.script.withLock {
            $0.simulation.failure = .insufficientFunds("spendable balance 0uscrt is smaller than 1uscrt")
        }
        let answer = await chain.post(
            "/cosmos/tx/v1beta1/simulate", #"{"tx_bytes":"\#(goldenTransactionBase64)"}"#)
        #expect(answer.status == 500)
        #expect(
            answer.text
                == #"{"code":2,"message":"spendable balance 0uscrt is smaller than 1uscrt: insufficient funds "#
                + #"with gas used: '51234'","details":[]}"#)
    }

    @Test(
        "messages that run a contract are not simulated, storing code is",
        arguments: [
            ("MsgInstantiateContract", false), ("MsgExecuteContract", false), ("MsgMigrateContract", false),
            ("MsgUpdateAdmin", false), ("MsgStoreCode", true),
        ])
    func contractSimulation(message: String, allowed: Bool) async {
        let body = TransactionBody(messages: [
            AnyMessage(typeURL: "/cosmos.bank.v1beta1.MsgSend", value: []),
            AnyMessage(typeURL: "/secret.compute.v1beta1.\(message)", value: []),
        ])
        let envelope = TransactionEnvelope(body: body.encoded, authentication: [], signatures: [])
        let answer = await chain.post(
            "/cosmos/tx/v1beta1/simulate", #"{"tx_bytes":"\#(Base64.encode(envelope.bytes))"}"#)
        #expect(answer.status == (allowed ? 200 : 500))
        #expect(chain.script.withLock { $0.simulated.count } == (allowed ? 1 : 0))
        if !allowed { #expect(answer.text.contains("cannot be simulated")) }
    }

    @Test("bytes that are no transaction are the client's mistake", arguments: ["/w==", "CgH/", "", "Cv//"])
    func noTransaction(base64: String) async {
        for path in ["simulate", "decode"] {
            let answer = await chain.post("/cosmos/tx/v1beta1/\(path)", #"{"tx_bytes":"\#(base64)"}"#)
            #expect(answer.status == 400)
        }
    }

    @Test("encoding undoes decoding")
    func coding() async throws {
        let decoded = await chain.post("/cosmos/tx/v1beta1/decode", #"{"tx_bytes":"\#(goldenTransactionBase64)"}"#)
        let encoded = await chain.post("/cosmos/tx/v1beta1/encode", decoded.text)
        #expect(encoded.text == #"{"tx_bytes":"\#(goldenTransactionBase64)"}"#)
    }

    @Test("a search takes events, a query or both")
    func search() async throws {
        let sender = Fixture.alice.description
        let expected = TransactionSearch(
            [.attribute(name: "message.sender", value: sender), .heights(3...Int64.max)], isDescending: true, offset: 5,
            limit: 5)
        let targets = [
            "?events=message.sender%3D'\(sender)'&events=tx.height%3E2&limit=5&page=2&order_by=ORDER_BY_DESC",
            "?query=message.sender%3D'\(sender)'%20and%20tx.height+%3E%3D+3&events=other.thing%3D1&limit=5&page=2&order_by=2",
        ]
        chain.script.withLock { $0.transactions = Array(repeating: $0.transactions[0], count: 7) }
        for target in targets {
            let answer = try parsed(await chain.get("/cosmos/tx/v1beta1/txs" + target).text)
            #expect(answer["total"] == "7")
            #expect(answer["pagination"] == .null)
            let asked = chain.script.withLock { $0.searches.removeLast() }
            #expect(asked == expected)
        }
        let all = try parsed(await chain.get("/cosmos/tx/v1beta1/txs?events=a.b%3D'c'&limit=1000").text)
        #expect(all["txs"]?.array?.count == 7)
        #expect(all["tx_responses"]?[0]?["txhash"] == .string(hash))
        #expect(chain.script.withLock { $0.searches.last?.limit } == 100)
        #expect(await chain.get("/cosmos/tx/v1beta1/txs").status == 400)
        #expect(await chain.get("/cosmos/tx/v1beta1/txs?query=a").status == 400)
        let beyond = "/cosmos/tx/v1beta1/txs?query=a.b%3D1&page=18446744073709551615"
        #expect(await chain.get(beyond).status == 400)
    }

    @Test("a search past the last page says which pages there are; the first page of nothing is empty")
    func pastTheLastPage() async throws {
        let search = "/cosmos/tx/v1beta1/txs?query=a.b%3D'c'&limit=1&page="
        #expect(await chain.get(search + "1").status == 200)
        let past = await chain.get(search + "2")
        #expect(past.status == 400)
        #expect(past.text == #"{"code":3,"message":"page should be within [1, 1] range, given 2","details":[]}"#)
        chain.script.withLock { $0.transactions = [] }
        let none = try parsed(await chain.get(search + "1").text)
        #expect(none["txs"] == [] && none["total"] == "0")
        #expect(await chain.get(search + "2").status == 400)
    }

    @Test("a block with its transactions")
    func blockWithTransactions() async throws {
        let answer = try parsed(await chain.get("/cosmos/tx/v1beta1/txs/block/4").text)
        #expect(answer["txs"]?.array?.count == 1)
        #expect(answer["txs"]?[0]?["body"]?["memo"] == "")
        #expect(answer["block"]?["header"]?["height"] == "4")
        #expect(answer["pagination"] == ["next_key": .null, "total": "1"])
    }
}

@Suite("Transaction queries") struct TransactionQueryTests {
    @Test(
        "conditions are read as CometBFT writes them",
        arguments: [
            (
                "message.action='/cosmos.bank.v1beta1.MsgSend'",
                [.attribute(name: "message.action", value: "/cosmos.bank.v1beta1.MsgSend")]
            ),
            ("a.b = 5", [.attribute(name: "a.b", value: "5")]),
            ("a.b='x AND y=z'", [.attribute(name: "a.b", value: "x AND y=z")]),
            ("a.b EXISTS", [.attributeExists(name: "a.b")]),
            ("a.b CONTAINS 'secret1'", [.attributeContains(name: "a.b", text: "secret1")]),
            ("a.b>5", [.attributeNumber(name: "a.b", in: 6...Int64.max)]),
            ("a.b <= 5", [.attributeNumber(name: "a.b", in: Int64.min...5)]),
            ("tx.height=7", [.heights(7...7)]), ("tx.height>7", [.heights(8...Int64.max)]),
            ("tx.height>=7", [.heights(7...Int64.max)]), ("tx.height<7", [.heights(0...6)]),
            ("tx.height<=7 AND tx.height<0", [.heights(0...7), .heights(0...0)]),
            (
                "a.b='' and c.d EXISTS AND tx.height = '9'",
                [.attribute(name: "a.b", value: ""), .attributeExists(name: "c.d"), .heights(9...9)]
            ),
        ] as [(String, [TransactionQuery.Condition])])
    func reading(text: String, conditions: [TransactionQuery.Condition]) throws {
        #expect(try TransactionQuery(text).conditions == conditions)
    }

    @Test("a hash is read in either case")
    func hash() throws {
        let hash = SHA256.hash([1])
        for text in [hash.description, hash.description.uppercased()] {
            #expect(try TransactionQuery("tx.hash='\(text)'").conditions == [.hash(hash)])
        }
    }

    @Test(
        "what is no query is refused",
        arguments: [
            "", "a", "a.b", "a.b=", "a.b='x", "='x'", "a.b='x' c.d='y'", "a.b='x' AND", "a.b>'x'", "a.b>5.5",
            "a.b>=TIME 2026-01-01T00:00:00Z", "a.b LIKE 'x'",
            "tx.height='x'", "tx.height=-1", "tx.hash='ab'", "tx.height>9223372036854775807", "AND a.b=1",
            "a.b='" + String(repeating: "x", count: 600) + "'",
            Array(repeating: "a.b=1", count: 17).joined(separator: " AND "),
        ])
    func refused(text: String) {
        let error = #expect(throws: StatusError.self) { try TransactionQuery(text) }
        #expect(error?.code == .invalidArgument)
    }
}
