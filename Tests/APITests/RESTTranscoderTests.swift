import API
import Seeds
import StrictJSON
import Testing
import Wire

@Suite("REST routes") struct RESTTranscoderTests {
    private static let allBalances = "/cosmos.bank.v1beta1.Query/AllBalances"

    private func balancesRequest(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
        ProtobufWriter.encode { writer in
            writer.string(1, "secret1x")
            writer.message(2, body)
        }
    }

    @Test("path variables, dotted parameters and an answer with its height")
    func query() async {
        let asked = Asked()
        let answer = ProtobufWriter.encode { writer in
            writer.message(1, coin("uscrt", "12"))
            writer.message(2) { $0.uint64(2, 1) }
        }
        let rest = transcoder(Self.allBalances, response: answer, asked: asked)
        let response = await rest.respond(
            to: RESTRequest(
                "GET",
                "/cosmos/bank/v1beta1/balances/secret1x?pagination.limit=10&pagination.key=%2B%2F8%3D"
                    + "&pagination.count_total=true&pagination.reverse=false&pagination.nothing=1&unknown=2"))
        #expect(response.status == 200)
        #expect(response.height == 7)
        #expect(response.method == Self.allBalances)
        #expect(
            response.text
                == #"{"balances":[{"denom":"uscrt","amount":"12"}],"pagination":{"next_key":null,"total":"1"}}"#)
        let expected = balancesRequest { page in
            page.bytes(1, [0xfb, 0xff])
            page.uint64(3, 10)
            page.bool(4, true)
        }
        #expect(await asked.requests == [expected])
    }

    @Test(
        "an encrypted query survives every way of escaping base64, and the repeated address is ignored",
        arguments: ["%2B%2F8%3D", "+/8=", "%2b/8=", "+%2F8", "-_8=", " /8="])
    func base64InQuery(text: String) async {
        let asked = Asked()
        let rest = transcoder("/secret.compute.v1beta1.Query/QuerySecretContract", asked: asked)
        let target = "/compute/v1beta1/query/secret1c?contract_address=secret1other&query=\(text)"
        let response = await rest.respond(to: RESTRequest("GET", target))
        #expect(response.status == 200)
        let expected = ProtobufWriter.encode { writer in
            writer.string(1, "secret1c")
            writer.bytes(2, [0xfb, 0xff])
        }
        #expect(await asked.requests == [expected])
    }

    @Test("repeated parameters, spaces and escapes in a search")
    func search() async {
        let asked = Asked()
        let rest = transcoder("/cosmos.tx.v1beta1.Service/GetTxsEvent", asked: asked)
        let target =
            "/cosmos/tx/v1beta1/txs?events=message.sender%3D'secret1x'&events=tx.height%3E5&limit=3&order_by=ORDER_BY_DESC"
            + "&query=a.b='c'+AND%20d.e=1&page="
        _ = await rest.respond(to: RESTRequest("GET", target))
        let expected = ProtobufWriter.encode { writer in
            writer.string(1, "message.sender='secret1x'")
            writer.string(1, "tx.height>5")
            writer.uint64(3, 2)
            writer.uint64(5, 3)
            writer.string(6, "a.b='c' AND d.e=1")
        }
        #expect(await asked.requests == [expected])
    }

    @Test(
        "a question mark or slash at the end, and slashes that repeat, are forgiven",
        arguments: [
            "/cosmos/bank/v1beta1/params", "/cosmos/bank/v1beta1/params?", "/cosmos/bank/v1beta1/params/?",
            "//cosmos/bank/v1beta1/params", "/cosmos///bank/v1beta1/params//",
        ])
    func forgiven(target: String) async {
        let rest = transcoder("/cosmos.bank.v1beta1.Query/Params")
        let response = await rest.respond(to: RESTRequest("GET", target))
        #expect(response.text == #"{"params":{"send_enabled":[],"default_send_enabled":false}}"#)
    }

    @Test(
        "what is no route is not implemented",
        arguments: [
            ("GET", "/"), ("GET", ""), ("GET", "/reg/tx-key"), ("GET", "/cosmos/bank/v1beta1"),
            ("GET", "/cosmos/bank/v1beta1/params/more"), ("GET", "//"),
            ("POST", "/cosmos/bank/v1beta1/params"), ("DELETE", "/cosmos/bank/v1beta1/params"),
            ("GET", "/cosmos/bank/v1beta1/send_enabled"), ("GET", "cosmos/bank/v1beta1/params"),
            ("GET", "http://node/cosmos/bank/v1beta1/params"),
        ])
    func noRoute(verb: String, target: String) async {
        let rest = transcoder("/cosmos.bank.v1beta1.Query/Params")
        let response = await rest.respond(to: RESTRequest(verb, target))
        #expect(response.status == 501)
        #expect(response.text == #"{"code":12,"message":"Not Implemented","details":[]}"#)
    }

    @Test("the more definite of two routes is found, and the later of two alike")
    func precedence() {
        let routes = RouteTable(DescriptorPool.chain.methods)
        func method(_ path: String) -> String? {
            let segments = path.split(separator: "/").map(String.init)
            return routes.match(verb: .get, segments)?.method.path.split(separator: "/").last.map(String.init)
        }
        #expect(method("/cosmos/base/tendermint/v1beta1/blocks/latest") == "GetLatestBlock")
        #expect(method("/cosmos/base/tendermint/v1beta1/blocks/5") == "GetBlockByHeight")
        #expect(method("/cosmos/tx/v1beta1/txs/block/5") == "GetBlockWithTxs")
        #expect(method("/cosmos/tx/v1beta1/txs/ABCD") == "GetTx")
        #expect(method("/cosmos/auth/v1beta1/bech32") == "Bech32Prefix")
        #expect(method("/cosmos/auth/v1beta1/bech32/secret1x") == "AddressStringToBytes")
        #expect(method("/cosmos/bank/v1beta1/denoms_metadata") == "DenomsMetadata")
        #expect(method("/cosmos/bank/v1beta1/denoms_metadata/ibc/AB") == "DenomMetadata")
        #expect(method("/compute/v1beta1/code_hash/by_code_id/1") == "CodeHashByCodeId")
        #expect(method("/compute/v1beta1/contract_address/my label") == "AddressByLabel")
    }

    @Test("an escaped slash stays in its segment, a bare one does not")
    func slashes() async {
        let asked = Asked()
        let rest = transcoder("/cosmos.bank.v1beta1.Query/DenomMetadata", asked: asked)
        for target in ["ibc%2FAB", "ibc/AB"] {
            _ = await rest.respond(to: RESTRequest("GET", "/cosmos/bank/v1beta1/denoms_metadata/\(target)"))
        }
        let expected = ProtobufWriter.encode { $0.string(1, "ibc/AB") }
        #expect(await asked.requests == [expected, expected])
        let labels = Asked()
        let byLabel = transcoder("/secret.compute.v1beta1.Query/AddressByLabel", asked: labels)
        _ = await byLabel.respond(to: RESTRequest("GET", "/compute/v1beta1/contract_address/a%2Fb+c%20d"))
        #expect(await labels.requests == [ProtobufWriter.encode { $0.string(1, "a/b+c d") }])
    }

    @Test(
        "what the client got wrong is 400",
        arguments: [
            ("GET", "/cosmos/bank/v1beta1/balances/a%2", ""), ("GET", "/cosmos/bank/v1beta1/balances/a%zz", ""),
            ("GET", "/cosmos/bank/v1beta1/balances/%ff", ""),
            ("GET", "/cosmos/bank/v1beta1/balances/a?pagination.limit=-1", ""),
            ("GET", "/cosmos/bank/v1beta1/balances/a?pagination.limit=x", ""),
            ("GET", "/cosmos/bank/v1beta1/balances/a?pagination.key=%00", ""),
            ("GET", "/cosmos/bank/v1beta1/balances/a?pagination=5", ""),
            ("GET", "/cosmos/bank/v1beta1/balances/a?resolve_denom=yes", ""),
        ])
    func clientMistakes(verb: String, target: String, body: String) async {
        let asked = Asked()
        let response = await transcoder(Self.allBalances, asked: asked).respond(
            to: RESTRequest(verb, target, body: Array(body.utf8)))
        #expect(response.status == 400)
        #expect(response.text.hasPrefix(#"{"code":3,"message":"#))
        #expect(await asked.requests.isEmpty)
    }

    @Test("the height header is passed on, 0 means the announced height, others are refused")
    func heights() async {
        let asked = Asked()
        let rest = transcoder(Self.allBalances, asked: asked)
        let target = "/cosmos/bank/v1beta1/balances/a"
        for height in [nil, "", "0", "1", "9223372036854775807"] as [String?] {
            #expect(await rest.respond(to: RESTRequest("GET", target, height: height)).status == 200)
        }
        #expect(await asked.heights == [nil, nil, nil, 1, .max])
        for height in ["-1", "x", "9223372036854775808", "1.0"] {
            #expect(await rest.respond(to: RESTRequest("GET", target, height: height)).status == 400)
        }
        #expect(await asked.heights.count == 5)
    }

    @Test("paths, parameters, members and types that nobody could compare are refused at once", .timeLimit(.minutes(1)))
    func marks() async {
        let rest = transcoder("/cosmos.tx.v1beta1.Service/TxEncode")
        let marks = String(repeating: "%CC%81%CC%A3", count: 80_000)
        for target in ["/c\(marks)/bank/v1beta1/params", "/cosmos/bank/v1beta1/params?p\(marks)=1"] {
            #expect(await rest.respond(to: RESTRequest("GET", target)).status == 400)
        }
        let text = "a" + String(repeating: "\u{301}\u{323}", count: 400_000)
        let bodies = ["{\"\(text)\":1}", "{\"tx\":{\"body\":{\"messages\":[{\"@type\":\"/\(text)\"}]}}}"]
        for body in bodies {
            let request = RESTRequest("POST", "/cosmos/tx/v1beta1/encode", body: Array(body.utf8))
            #expect(await rest.respond(to: request).status == 400)
        }
    }

    @Test("a body of more values than any transaction has is 400, wherever they stand")
    func manyValues() async {
        let rest = transcoder("/cosmos.tx.v1beta1.Service/BroadcastTx", response: [])
        func answer(_ count: Int) async -> RESTResponse {
            let body = #"{"tx_bytes":"QUJD","more":["# + String(repeating: "0,", count: count - 1) + "0]}"
            return await rest.respond(to: RESTRequest("POST", "/cosmos/tx/v1beta1/txs", body: Array(body.utf8)))
        }
        #expect(await answer(APILimits.bodyValuesMax - 3).status == 200)
        let refused = await answer(APILimits.bodyValuesMax - 2)
        #expect(refused.status == 400 && refused.text.contains("tooManyValues"))
    }

    @Test("a body that is no JSON is 400, an empty one is an empty message")
    func bodies() async {
        let asked = Asked()
        let rest = transcoder("/cosmos.tx.v1beta1.Service/BroadcastTx", asked: asked)
        for body in ["{", "{} {}", "nul", "{\"tx_bytes\":}", "[1", "\u{feff}{}", "{\"a\":1,\"a\":2}"] {
            let request = RESTRequest("POST", "/cosmos/tx/v1beta1/txs", body: Array(body.utf8))
            #expect(await rest.respond(to: request).status == 400)
        }
        #expect(await asked.requests.isEmpty)
        #expect(await rest.respond(to: RESTRequest("POST", "/cosmos/tx/v1beta1/txs")).status == 200)
        #expect(await asked.requests == [[]])
    }

    @Test(
        "the same error has one body and one status over REST",
        arguments: [
            (StatusError(.unknown, "a: unknown request"), 500), (StatusError(.invalidArgument, "a"), 400),
            (StatusError(.deadlineExceeded, "a"), 504), (StatusError(.notFound, "a"), 404),
            (StatusError(.alreadyExists, "a"), 409), (StatusError(.permissionDenied, "a"), 403),
            (StatusError(.resourceExhausted, "a"), 429), (StatusError(.failedPrecondition, "a"), 400),
            (StatusError(.outOfRange, "a"), 400), (StatusError(.unimplemented, "a"), 501),
            (StatusError(.internal, "a"), 500), (StatusError(.unavailable, "a"), 503),
            (StatusError(.unauthenticated, "a"), 401),
        ])
    func statuses(error: StatusError, status: Int) async {
        var registry = ServiceRegistry()
        registry.register(Self.allBalances) { _, _ in throw error }
        let response = await RESTTranscoder(registry, logger: quiet).respond(
            to: RESTRequest("GET", "/cosmos/bank/v1beta1/balances/a"))
        #expect(response.status == status)
        #expect(
            response.text == #"{"code":\#(error.code.rawValue),"message":"\#(error.message)","details":[]}"#)
    }

    @Test("a handler's own mistake is an internal error whose text stays inside")
    func internalErrors() async {
        let wrong = transcoder(Self.allBalances, response: [0xff])
        let response = await wrong.respond(to: RESTRequest("GET", "/cosmos/bank/v1beta1/balances/a"))
        #expect(response.status == 500)
        #expect(response.text == #"{"code":13,"message":"internal error","details":[]}"#)
    }

    @Test("mutilated requests end in an answer, whatever they are", arguments: [1, 2, 3] as [UInt64])
    func fuzz(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let rest = transcoder("/cosmos.tx.v1beta1.Service/Simulate")
        let search = transcoder("/cosmos.tx.v1beta1.Service/GetTxsEvent")
        let body = Array(
            (#"{"tx":{"body":{"messages":[{"@type":"/cosmos.bank.v1beta1.MsgSend","from_address":"s","amount":"#
                + #"[{"denom":"u","amount":"1"}]}],"memo":"\u00e9"},"auth_info":{"fee":{"gas_limit":"5"}},"#
                + #""signatures":["AAAA"]},"tx_bytes":"+/8="}"#).utf8)
        let target = "/cosmos/tx/v1beta1/txs?events=a%3D'b'&limit=3&pagination.key=%2B%2F8%3D&query=a+b&order_by=1"
        for _ in 0..<300 {
            var mutated = body
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<mutated.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: mutated[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: mutated.remove(at: index)
                default: mutated.insert(UInt8.random(in: 0x20...0x7f, using: &generator), at: index)
                }
            }
            let posted = await rest.respond(to: RESTRequest("POST", "/cosmos/tx/v1beta1/simulate", body: mutated))
            #expect([200, 400].contains(posted.status), "seed \(seed): \(mutated)")
            var bytes = Array(target.utf8)
            let index = Int.random(in: 1..<bytes.count, using: &generator)
            bytes[index] = UInt8.random(in: 0x21...0x7e, using: &generator)
            let asked = await search.respond(to: RESTRequest("GET", String(decoding: bytes, as: UTF8.self)))
            #expect([200, 400, 501].contains(asked.status), "seed \(seed): \(bytes)")
            #expect(throws: Never.self) { try parsed(posted.text + "") }
        }
    }

    @Test("mutilated answers are errors or JSON, never a trap", arguments: [4, 5] as [UInt64])
    func fuzzAnswers(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let request = try requestBytes(
            #"{"body":{"messages":[{"@type":"/cosmos.bank.v1beta1.MsgSend","amount":[{"denom":"u","amount":"1"}]}]},"#
                + #""auth_info":{"signer_infos":[{"mode_info":{"single":{"mode":1}}}]},"signatures":["AAAA"]}"#,
            as: "cosmos.tx.v1beta1.Tx")
        for _ in 0..<500 {
            var bytes = request
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if let text = try? json(bytes, as: "cosmos.tx.v1beta1.Tx") {
                #expect(throws: Never.self, "seed \(seed)") { try parsed(text) }
            }
        }
    }
}
