import API
import ChainFormats
import DecidedBlocks
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StrictJSON
import Testing
import Wire

@Suite("Answers as JSON") struct ResponseEncoderTests {
    @Test("an empty message has every default")
    func defaults() throws {
        #expect(
            try json([], as: "cosmos.base.abci.v1beta1.TxResponse")
                == #"{"height":"0","txhash":"","codespace":"","code":0,"data":"","raw_log":"","logs":[],"info":"","#
                + #""gas_wanted":"0","gas_used":"0","tx":null,"timestamp":"","events":[]}"#)
        #expect(
            try json([], as: "cosmos.base.query.v1beta1.PageResponse") == #"{"next_key":null,"total":"0"}"#)
        #expect(try json([], as: "google.protobuf.Empty") == "{}")
        #expect(
            try json([], as: "cosmos.tx.v1beta1.Fee") == #"{"amount":[],"gas_limit":"0","payer":"","granter":""}"#)
    }

    @Test("64-bit integers are texts, 32-bit ones numbers, enumerations names")
    func scalars() throws {
        let event = ProtobufWriter.encode { writer in
            writer.uint64(1, UInt64.max)
            writer.int64(2, -1)
        }
        #expect(
            try json(event, as: "cosmos.base.abci.v1beta1.GasInfo")
                == #"{"gas_wanted":"18446744073709551615","gas_used":"18446744073709551615"}"#)
        let vote = ProtobufWriter.encode { writer in
            writer.uint64(1, 2)
            writer.int64(2, Int64.min)
            writer.int64(3, -5)
            writer.int64(7, 3)
        }
        let answer = try parsed(json(vote, as: "tendermint.types.Vote"))
        #expect(answer["type"] == "SIGNED_MSG_TYPE_PRECOMMIT")
        #expect(answer["height"] == "-9223372036854775808")
        #expect(answer["round"] == -5)
        #expect(answer["validator_index"] == 3)
    }

    @Test("an enumeration's number without a name stays a number")
    func unknownEnumeration() throws {
        let single = ProtobufWriter.encode { $0.uint64(1, 99) }
        #expect(try json(single, as: "cosmos.tx.v1beta1.ModeInfo.Single") == #"{"mode":99}"#)
        let eip = ProtobufWriter.encode { $0.uint64(1, 191) }
        #expect(try json(eip, as: "cosmos.tx.v1beta1.ModeInfo.Single") == #"{"mode":"SIGN_MODE_EIP_191"}"#)
    }

    @Test("absent bytes are null, empty ones empty, others padded base64")
    func bytes() throws {
        #expect(try json([], as: "secret.registration.v1beta1.Key") == #"{"key":null}"#)
        #expect(try json([0x0a, 0x00], as: "secret.registration.v1beta1.Key") == #"{"key":""}"#)
        let key = ProtobufWriter.encode { $0.bytes(1, [0xfb, 0xff, 0xfe, 0x01]) }
        #expect(try json(key, as: "secret.registration.v1beta1.Key") == #"{"key":"+//+AQ=="}"#)
    }

    @Test("what a past block's header says is shown as a live node shows it, and hashes that nobody told are null")
    func historicalInfo() throws {
        let answer = ProtobufWriter.encode { writer in
            writer.message(1) { writer in
                writer.message(1) { writer in
                    writer.message(1) { _ in }
                    writer.string(2, "injective-777")
                    writer.int64(3, 295)
                    writer.message(4) { writer in
                        writer.int64(1, 1_795_935_754)
                        writer.int64(2, 27_309_616)
                    }
                    writer.message(5) { $0.message(2) { _ in } }
                    writer.bytes(9, Base64.decode("ynaONVM5I5K60tw9f2ynCEAEb72P84RZ1jbcB4MJPiU=")!)
                    writer.bytes(11, Base64.decode("onog2l5F/A1kWmOKFnyERszsQCQBokmHZ+9MpWFzSDI=")!)
                    writer.bytes(14, Base64.decode("HpcWqbD0YYRa7UQq9uGuZpu0vS0=")!)
                }
            }
        }
        #expect(
            try json(answer, as: "cosmos.staking.v1beta1.QueryHistoricalInfoResponse")
                == #"{"hist":{"header":{"version":{"block":"0","app":"0"},"chain_id":"injective-777","height":"295","#
                + #""time":"2026-11-29T07:02:34.027309616Z","last_block_id":{"hash":null,"part_set_header":{"total":0,"#
                + #""hash":null}},"last_commit_hash":null,"data_hash":null,"validators_hash":null,"#
                + #""next_validators_hash":"ynaONVM5I5K60tw9f2ynCEAEb72P84RZ1jbcB4MJPiU=","consensus_hash":null,"#
                + #""app_hash":"onog2l5F/A1kWmOKFnyERszsQCQBokmHZ+9MpWFzSDI=","last_results_hash":null,"#
                + #""evidence_hash":null,"proposer_address":"HpcWqbD0YYRa7UQq9uGuZpu0vS0="},"valset":[]}}"#)
    }

    @Test("addresses in bytes are bech32, and the certificate has its own name")
    func ownOptions() throws {
        let address = AccountAddress(bech32: "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03")!
        let certificate = ProtobufWriter.encode { writer in
            writer.bytes(1, address.bytes)
            writer.bytes(2, [1])
        }
        #expect(
            try json(certificate, as: "secret.registration.v1beta1.RaAuthenticate")
                == #"{"sender":"secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03","ra_cert":"AQ==","replace_machine_id":""}"#
        )
        #expect(
            try json([], as: "secret.compute.v1beta1.ContractInfo")
                == #"{"code_id":"0","creator":"","label":"","created":null,"ibc_port_id":"","admin":"","#
                + #""admin_proof":null,"require_governance":false}"#)
    }

    @Test(
        "decimals have 18 places",
        arguments: [
            ("", "0.000000000000000000"), ("0", "0.000000000000000000"), ("20000000000000000", "0.020000000000000000"),
            ("1", "0.000000000000000001"), ("12300000000000000000", "12.300000000000000000"),
            ("-500000000000000000", "-0.500000000000000000"),
            ("10000000000000000000000000", "10000000.000000000000000000"),
        ])
    func decimals(wire: String, shown: String) throws {
        #expect(
            try json(coin("uscrt", wire), as: "cosmos.base.v1beta1.DecCoin")
                == #"{"denom":"uscrt","amount":"\#(shown)"}"#)
        if !wire.isEmpty { #expect(NumberText.scaled(decimal: shown) == wire) }
    }

    @Test("a decimal that is none is an error of the handler", arguments: ["1.0", "-", "12a", "+1"])
    func badDecimal(wire: String) {
        #expect(throws: TranscodingError.self) { try json(coin("u", wire), as: "cosmos.base.v1beta1.DecCoin") }
    }

    @Test("an empty integer amount is 0")
    func integers() throws {
        #expect(try json(coin("uscrt", ""), as: "cosmos.base.v1beta1.Coin") == #"{"denom":"uscrt","amount":"0"}"#)
    }

    @Test(
        "times have as many groups of three decimals as they need",
        arguments: [
            (1_700_000_000, 0, "2023-11-14T22:13:20Z"), (1_700_000_000, 120_000_000, "2023-11-14T22:13:20.120Z"),
            (0, 1, "1970-01-01T00:00:00.000000001Z"), (951_782_400, 1_000, "2000-02-29T00:00:00.000001Z"),
            (-62_135_596_800, 0, "0001-01-01T00:00:00Z"),
            (253_402_300_799, 999_999_999, "9999-12-31T23:59:59.999999999Z"),
            (-1, 0, "1969-12-31T23:59:59Z"),
        ] as [(Int64, Int32, String)])
    func times(seconds: Int64, nanoseconds: Int32, text: String) throws {
        #expect(TimestampText.encode(seconds: seconds, nanoseconds: nanoseconds) == text)
        let message = ProtobufWriter.encode { writer in
            writer.int64(1, seconds)
            writer.int64(2, Int64(nanoseconds))
        }
        #expect(TimestampText.decode(text) == message)
    }

    @Test("an absent time that may not be absent is Go's zero time; one that may be is null")
    func zeroTime() throws {
        let header = try parsed(json([], as: "tendermint.types.Header"))
        #expect(header["time"] == "0001-01-01T00:00:00Z")
        #expect(header["last_block_id"]?["part_set_header"]?["total"] == 0)
        let status = try parsed(json([], as: "cosmos.base.node.v1beta1.StatusResponse"))
        #expect(status["timestamp"] == .null)
        #expect(throws: TranscodingError.self) {
            let late = ProtobufWriter.encode { $0.message(3) { $0.int64(1, 253_402_300_800) } }
            _ = try json(late, as: "cosmos.base.node.v1beta1.StatusResponse")
        }
    }

    @Test(
        "durations are seconds with an s",
        arguments: [
            (90, 0, "90s"), (0, 0, "0s"), (1, 500_000_000, "1.500s"), (0, -1, "-0.000000001s"), (-3, 0, "-3s"),
        ] as [(Int64, Int32, String)])
    func durations(seconds: Int64, nanoseconds: Int32, text: String) {
        #expect(DurationText.encode(seconds: seconds, nanoseconds: nanoseconds) == text)
        let message = ProtobufWriter.encode { writer in
            writer.int64(1, seconds)
            writer.int64(2, Int64(nanoseconds))
        }
        #expect(DurationText.decode(text) == message)
    }

    @Test(
        "a duration that is none is an error, and null where its author is a stranger",
        arguments: [
            (.min, 0), (.max, 0), (315_576_000_001, 0), (-315_576_000_001, 0), (0, .min), (0, 1_000_000_000), (1, -1),
        ] as [(Int64, Int32)])
    func illegalDurations(seconds: Int64, nanoseconds: Int32) throws {
        #expect(DurationText.encode(seconds: seconds, nanoseconds: nanoseconds) == nil)
        let parameters = ProtobufWriter.encode { writer in
            writer.message(2) { duration in
                duration.int64(1, seconds)
                duration.int64(2, Int64(nanoseconds))
            }
        }
        #expect(throws: TranscodingError.self) { try json(parameters, as: "tendermint.types.EvidenceParams") }
        let message = AnyMessage(typeURL: "/tendermint.types.EvidenceParams", value: parameters)
        let shown = try parsed(json(TransactionBody(messages: [message]).encoded, as: "cosmos.tx.v1beta1.TxBody"))
        #expect(shown["messages"]?[0]?["max_age_duration"] == .null)
        #expect(shown["messages"]?[0]?["max_bytes"] == "0")
    }

    @Test("what would be many times as long as it was written is refused before it is")
    func amplified() throws {
        func body(_ count: Int) -> [UInt8] {
            let commit = [UInt8](repeatElement([0x22, 0x00], count: count).joined())
            return TransactionBody(messages: [AnyMessage(typeURL: "/tendermint.types.Commit", value: commit)]).encoded
        }
        #expect(try json(body(1_000), as: "cosmos.tx.v1beta1.TxBody").utf8.count > 100_000)
        #expect(throws: TranscodingError.tooLarge) { try json(body(1_000_000), as: "cosmos.tx.v1beta1.TxBody") }
    }

    @Test("the consensus parameters of the golden answer")
    func consensusParameters() throws {
        let parameters = ProtobufWriter.encode { writer in
            writer.message(1) { params in
                params.message(1) { block in
                    block.int64(1, 22_020_096)
                    block.int64(2, -1)
                }
                params.message(2) { evidence in
                    evidence.int64(1, 100_000)
                    evidence.message(2) { $0.int64(1, 172_800) }
                    evidence.int64(3, 1_048_576)
                }
                params.message(3) { $0.string(1, "ed25519") }
                params.message(4) { _ in }
                params.message(5) { _ in }
            }
        }
        #expect(
            try json(parameters, as: "cosmos.consensus.v1.QueryParamsResponse")
                == #"{"params":{"block":{"max_bytes":"22020096","max_gas":"-1"},"#
                + #""evidence":{"max_age_num_blocks":"100000","max_age_duration":"172800s","max_bytes":"1048576"},"#
                + #""validator":{"pub_key_types":["ed25519"]},"version":{"app":"0"},"#
                + #""abci":{"vote_extensions_enable_height":"0"}}}"#)
    }

    @Test("an Any is opened by its type")
    func any() throws {
        let key = ProtobufWriter.encode { $0.bytes(1, [2, 3]) }
        let account = ProtobufWriter.encode { writer in
            writer.string(1, "secret1x")
            writer.message(2, anyMessage("/cosmos.crypto.secp256k1.PubKey", key))
            writer.uint64(3, 4)
            writer.uint64(4, 5)
        }
        let response = ProtobufWriter.encode {
            $0.message(1, anyMessage("/cosmos.auth.v1beta1.BaseAccount", account))
        }
        #expect(
            try json(response, as: "cosmos.auth.v1beta1.QueryAccountResponse")
                == #"{"account":{"@type":"/cosmos.auth.v1beta1.BaseAccount","address":"secret1x","#
                + #""pub_key":{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"AgM="},"#
                + #""account_number":"4","sequence":"5"}}"#)
    }

    @Test("a message in two parts is merged, a scalar's last value counts, packed numbers are unpacked")
    func wireForms() throws {
        let twice = ProtobufWriter.encode { writer in
            writer.message(2, coin("uscrt", ""))
            writer.message(2, ProtobufWriter.encode { $0.string(2, "5") })
        }
        #expect(
            try json(twice, as: "cosmos.bank.v1beta1.DenomOwner")
                == #"{"address":"","balance":{"denom":"uscrt","amount":"5"}}"#)
        let last = ProtobufWriter.encode { writer in
            writer.uint64(1, 5)
            writer.uint64(1, 6)
        }
        #expect(try json(last, as: "tendermint.version.Consensus") == #"{"block":"6","app":"0"}"#)
    }

    @Test("what the descriptor does not say is an error of the handler")
    func strict() {
        let unknown = ProtobufWriter.encode { $0.uint64(9, 1) }
        #expect(throws: TranscodingError.unknownField(message: "cosmos.base.v1beta1.Coin", number: 9)) {
            try json(unknown, as: "cosmos.base.v1beta1.Coin")
        }
        let wrongType = ProtobufWriter.encode { $0.uint64(1, 1) }
        #expect(throws: TranscodingError.wrongWireType(message: "cosmos.base.v1beta1.Coin", field: "denom")) {
            try json(wrongType, as: "cosmos.base.v1beta1.Coin")
        }
        let notNumber = ProtobufWriter.encode { $0.string(1, "x") }
        #expect(throws: TranscodingError.wrongWireType(message: "tendermint.version.Consensus", field: "block")) {
            try json(notNumber, as: "tendermint.version.Consensus")
        }
        let tooLarge = ProtobufWriter.encode { $0.uint64(4, 1 << 32) }
        #expect(throws: TranscodingError.self) { try json(tooLarge, as: "cosmos.base.abci.v1beta1.TxResponse") }
        #expect(throws: TranscodingError.self) { try json([0x0a, 1, 0xff], as: "cosmos.base.v1beta1.Coin") }
        #expect(throws: ProtobufError.self) { try json([0x0a, 5, 0x41], as: "cosmos.base.v1beta1.Coin") }
        let unknownAny = ProtobufWriter.encode { $0.message(1, anyMessage("/nobody.knows.This", [])) }
        #expect(throws: DescriptorError.unknownType("/nobody.knows.This")) {
            try json(unknownAny, as: "cosmos.auth.v1beta1.QueryAccountResponse")
        }
    }

    @Test("what a transaction's author wrote may hold unknown fields and types, and is still shown")
    func strangers() throws {
        let body = ProtobufWriter.encode { writer in
            writer.message(1, anyMessage("/nobody.knows.This", [1, 2]))
            writer.message(2, [0xff])
            writer.uint64(1500, 1)
        }
        let response = ProtobufWriter.encode { $0.message(1) { $0.message(1, body) } }
        let answer = try parsed(json(response, as: "cosmos.tx.v1beta1.GetTxResponse"))
        let shown = answer["tx"]?["body"]
        #expect(shown?["messages"]?[0] == ["@type": "/nobody.knows.This", "value": "AQI="])
        #expect(shown?["memo"] == "\u{fffd}")
        #expect(shown?["timeout_height"] == "0")
        #expect(answer["tx"]?["auth_info"] == .null)
        #expect(answer["tx"]?["signatures"] == [])
    }

    @Test(
        "what a transaction's author wrote wrongly is shown as near as it goes",
        arguments: [
            // A decimal that is not scaled, as text of the wire.
            (
                "/cosmos.base.v1beta1.DecCoin", coin("u", "0.5"),
                ["@type": "/cosmos.base.v1beta1.DecCoin", "denom": "u", "amount": "0.5"]
            ),
            // Numbers with more bits than their fields have.
            (
                "/tendermint.types.PartSetHeader", ProtobufWriter.encode { $0.uint64(1, 1 << 32 | 7) },
                ["@type": "/tendermint.types.PartSetHeader", "total": .number("7"), "hash": .null]
            ),
            // No message of its type: cut off, of a wrong wire type, too deep.
            (
                "/cosmos.base.v1beta1.Coin", [0x0a, 5, 0x41],
                ["@type": "/cosmos.base.v1beta1.Coin", "value": "CgVB"]
            ),
            (
                "/cosmos.base.v1beta1.Coin", ProtobufWriter.encode { $0.uint64(1, 1) },
                ["@type": "/cosmos.base.v1beta1.Coin", "value": "CAE="]
            ),
        ] as [(String, [UInt8], JSONValue)])
    func strangersFaults(url: String, value: [UInt8], expected: JSONValue) throws {
        let sound = AnyMessage(typeURL: "/cosmos.base.v1beta1.Coin", value: coin("uscrt", "1"))
        let body = TransactionBody(messages: [sound, AnyMessage(typeURL: url, value: value), sound]).encoded
        let response = ProtobufWriter.encode { $0.message(1) { $0.message(1, body) } }
        let shown = try parsed(json(response, as: "cosmos.tx.v1beta1.GetTxResponse"))["tx"]?["body"]?["messages"]
        #expect(shown?[1] == expected)
        let around: JSONValue = ["@type": "/cosmos.base.v1beta1.Coin", "denom": "uscrt", "amount": "1"]
        #expect(shown?[0] == around && shown?[2] == around)
        // As an answer of ours it is an error.
        if value.count < 4 || url.hasSuffix("DecCoin") {
            #expect(throws: (any Error).self) { try json(value, as: String(url.dropFirst())) }
        }
    }

    @Test("messages within messages are shown down to a depth, and below with their bytes; no transaction is null")
    func strangersDepth() throws {
        var value: [UInt8] = []
        for _ in 0..<60 {
            value = ProtobufWriter.encode { $0.message(1, anyMessage("/cosmos.tx.v1beta1.TxBody", value)) }
        }
        let shown = try json(value, as: "cosmos.tx.v1beta1.TxBody")
        #expect(shown.contains(#""@type":"/cosmos.tx.v1beta1.TxBody","value":""#))
        let none = ProtobufWriter.encode { $0.message(1, [0x0a, 9]) }
        #expect(
            try json(none, as: "cosmos.tx.v1beta1.GetTxResponse") == #"{"tx":null,"tx_response":null}"#)
    }

    @Test("nesting deeper than any message of the protocol is refused")
    func depth() throws {
        var mode = ProtobufWriter.encode { $0.message(1) { $0.uint64(1, 1) } }
        for _ in 0..<40 {
            let inner = mode
            mode = ProtobufWriter.encode { $0.message(2) { $0.message(2, inner) } }
        }
        #expect(throws: TranscodingError.tooDeep) { try json(mode, as: "cosmos.tx.v1beta1.ModeInfo") }
    }

    @Test("the transaction of the golden vector looks as the real client walks it")
    func goldenTransaction() throws {
        let bytes = Base64.decode(goldenTransactionBase64)!
        #expect(
            SHA256.hash(bytes).description.uppercased()
                == "D27FDE492DD2FDE8F3859C17CDC815D202D5430D1AF0474537E5F248762A0BF9")
        #expect(
            try json(bytes, as: "cosmos.tx.v1beta1.Tx")
                == #"{"body":{"messages":[{"@type":"/cosmos.bank.v1beta1.MsgSend","#
                + #""from_address":"secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03","#
                + #""to_address":"secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne","#
                + #""amount":[{"denom":"uscrt","amount":"1"}]}],"memo":"","timeout_height":"0","#
                + #""extension_options":[],"non_critical_extension_options":[]},"#
                + #""auth_info":{"signer_infos":[{"public_key":{"@type":"/cosmos.crypto.secp256k1.PubKey","#
                + #""key":"A07oJJ9n4TYTnD7ZStYyiPbB3kXOZvqIMkchGmmPRAzf"},"#
                + #""mode_info":{"single":{"mode":"SIGN_MODE_DIRECT"}},"sequence":"0"}],"#
                + #""fee":{"amount":[{"denom":"uscrt","amount":"25000"}],"gas_limit":"100000","payer":"","#
                + #""granter":""},"tip":null},"#
                + #""signatures":["frYTlN1tINHioicqG78j5l+OQxNKq8TiumGoEWqCXcM0lsixj8eGAMV3cQKThvH90mCEQ/WRkQhI7ugLhlDa6g=="]}"#
        )
    }
}

/// facts: made with secret-sdk 1.8.3 from key a, sequence 0.
let goldenTransactionBase64 =
    "Co0BCooBChwvY29zbW9zLmJhbmsudjFiZXRhMS5Nc2dTZW5kEmoKLXNlY3JldDFhcDI2cXJscDhtY3EycGc2cjQ3dzQzbDB5OHprcW04YTQ1"
    + "MHMwMxItc2VjcmV0MWZjM2Z6eTc4dHRwMGx3dXVqdzdlNTJyaHNweG44dWo1MnpmeW5lGgoKBXVzY3J0EgExEmYKTgpGCh8vY29zbW9zLmNy"
    + "eXB0by5zZWNwMjU2azEuUHViS2V5EiMKIQNO6CSfZ+E2E5w+2UrWMoj2wd5Fzmb6iDJHIRppj0QM3xIECgIIARIUCg4KBXVzY3J0EgUyNTAw"
    + "MBCgjQYaQH62E5TdbSDR4qInKhu/I+ZfjkMTSqvE4rphqBFqgl3DNJbIsY/HhgDFd3ECk4bx/dJghEP1kZEISO7oC4ZQ2uo="
