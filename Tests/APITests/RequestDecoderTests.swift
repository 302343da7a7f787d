import API
import PublicCryptography
import StrictJSON
import Testing
import Wire

@Suite("Requests as protobuf") struct RequestDecoderTests {
    private let broadcast = ProtobufWriter.encode { writer in
        writer.bytes(1, [0xfb, 0xff])
        writer.uint64(2, 2)
    }

    @Test(
        "names come in both styles, enumerations as names or numbers, base64 in every dialect",
        arguments: [
            #"{"tx_bytes":"+/8=","mode":"BROADCAST_MODE_SYNC"}"#, #"{"txBytes":"+/8=","mode":2}"#,
            #"{"txBytes":"-_8","mode":"2"}"#, #"{"tx_bytes":"+_8","mode":"BROADCAST_MODE_SYNC"}"#,
            #"{"mode":"BROADCAST_MODE_SYNC","tx_bytes":" /8="}"#,
            #"{"tx_bytes":"+/8=","mode":"BROADCAST_MODE_SYNC","sequences":[1],"fee_granter":"x"}"#,
            #"{"tx_bytes":"+/8=","mode":"BROADCAST_MODE_SYNC","sequences":null}"#,
        ])
    func dialects(body: String) throws {
        #expect(try requestBytes(body, as: "cosmos.tx.v1beta1.BroadcastTxRequest") == broadcast)
    }

    @Test(
        "integers are texts or numbers of their type",
        arguments: [
            (#"{"height":"5","code":7}"#, true), (#"{"height":5,"code":"7"}"#, true), (#"{"height":"5.0"}"#, false),
            (#"{"height":9223372036854775808}"#, false), (#"{"code":-1}"#, false), (#"{"code":4294967296}"#, false),
            (#"{"height":true}"#, false), (#"{"height":"+5"}"#, false), (#"{"height":""}"#, false),
            (#"{"height":1e3}"#, false),
        ])
    func integers(body: String, accepted: Bool) throws {
        if accepted {
            let expected = ProtobufWriter.encode { writer in
                writer.uint64(1, 7)
                writer.int64(9, 5)
            }
            #expect(try requestBytes(body, as: "cosmos.base.tendermint.v1beta1.ABCIQueryResponse") == expected)
        } else {
            #expect(throws: StatusError.self) {
                try requestBytes(body, as: "cosmos.base.tendermint.v1beta1.ABCIQueryResponse")
            }
        }
    }

    @Test("cosmpy's camel-case transaction becomes the bytes of the golden vector")
    func cosmpyTransaction() throws {
        let body = """
            {"tx":{"body":{"messages":[{"@type":"/cosmos.bank.v1beta1.MsgSend",
              "fromAddress":"secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03",
              "toAddress":"secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne","amount":[{"denom":"uscrt","amount":"1"}]}]},
              "authInfo":{"signerInfos":[{"publicKey":{"@type":"/cosmos.crypto.secp256k1.PubKey",
                "key":"A07oJJ9n4TYTnD7ZStYyiPbB3kXOZvqIMkchGmmPRAzf"},
                "modeInfo":{"single":{"mode":"SIGN_MODE_DIRECT"}}}],
                "fee":{"amount":[{"denom":"uscrt","amount":"25000"}],"gasLimit":"100000"}},
              "signatures":["frYTlN1tINHioicqG78j5l+OQxNKq8TiumGoEWqCXcM0lsixj8eGAMV3cQKThvH90mCEQ/WRkQhI7ugLhlDa6g=="]}}
            """
        let expected = ProtobufWriter.encode { $0.message(1, Base64.decode(goldenTransactionBase64)!) }
        #expect(try requestBytes(body, as: "cosmos.tx.v1beta1.SimulateRequest") == expected)
    }

    @Test(
        "what a message shows is what it accepts",
        arguments: [
            "cosmos.tx.v1beta1.Tx", "cosmos.tx.v1beta1.TxBody",
        ])
    func roundTrip(message: String) throws {
        let body = ProtobufWriter.encode { writer in
            writer.message(
                1,
                anyMessage(
                    "/secret.compute.v1beta1.MsgExecuteContract",
                    ProtobufWriter.encode { execute in
                        execute.bytes(1, Array(repeating: 1, count: 20))
                        execute.bytes(2, Array(repeating: 2, count: 20))
                        execute.bytes(3, [9, 9])
                        execute.message(5, coin("uscrt", "7"))
                    }))
            writer.string(2, "memo \"quoted\" \u{1} é")
            writer.uint64(3, 12)
        }
        let bytes =
            message.hasSuffix("Body")
            ? body
            : ProtobufWriter.encode { writer in
                writer.message(1, body)
                writer.message(3, [1, 2, 3])
                writer.message(3, [])
            }
        #expect(try requestBytes(json(bytes, as: message), as: message) == bytes)
    }

    @Test("decimals, durations, addresses and times are read as they are shown")
    func ownOptions() throws {
        let parameters = ProtobufWriter.encode { writer in
            writer.string(1, "secret1g")
            writer.message(2) { params in
                params.string(1, "800000000000000000")
                params.uint64(2, 2_097_152)
            }
        }
        #expect(
            try requestBytes(
                #"{"authority":"secret1g","params":{"compile_cost":"0.8","max_contract_size":"2097152"}}"#,
                as: "secret.compute.v1beta1.MsgUpdateParams") == parameters)
        #expect(
            try requestBytes(#"{"max_age_duration":"1.5s"}"#, as: "tendermint.types.EvidenceParams")
                == ProtobufWriter.encode { writer in
                    writer.message(2) { duration in
                        duration.int64(1, 1)
                        duration.int64(2, 500_000_000)
                    }
                })
    }

    @Test(
        "what is wrong is refused as the client's mistake",
        arguments: [
            ("cosmos.tx.v1beta1.BroadcastTxRequest", #"[]"#), ("cosmos.tx.v1beta1.BroadcastTxRequest", #""x""#),
            ("cosmos.tx.v1beta1.BroadcastTxRequest", #"{"tx_bytes":5}"#),
            ("cosmos.tx.v1beta1.BroadcastTxRequest", #"{"tx_bytes":"a"}"#),
            ("cosmos.tx.v1beta1.BroadcastTxRequest", #"{"tx_bytes":"a*=="}"#),
            ("cosmos.tx.v1beta1.BroadcastTxRequest", #"{"tx_bytes":"AAA=","txBytes":"AAA="}"#),
            ("cosmos.tx.v1beta1.BroadcastTxRequest", #"{"mode":"BROADCAST_MODE_TELEPATHY"}"#),
            ("cosmos.tx.v1beta1.SimulateRequest", #"{"tx":{"body":{"messages":[{"value":"x"}]}}}"#),
            ("cosmos.tx.v1beta1.SimulateRequest", #"{"tx":{"body":{"messages":[{"@type":"/nobody.knows.This"}]}}}"#),
            ("cosmos.tx.v1beta1.SimulateRequest", #"{"tx":{"body":{"no_such_field":1}}}"#),
            ("cosmos.tx.v1beta1.SimulateRequest", #"{"tx":{"signatures":"AAAA"}}"#),
            ("secret.compute.v1beta1.MsgStoreCode", #"{"sender":"secret1nonsense"}"#),
            ("secret.compute.v1beta1.MsgStoreCode", #"{"sender":"cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lzv7xu"}"#),
            ("cosmos.base.v1beta1.DecCoin", #"{"amount":"1.0000000000000000001"}"#),
            ("cosmos.base.v1beta1.DecCoin", #"{"amount":"."}"#),
            ("tendermint.types.EvidenceParams", #"{"max_age_duration":"5"}"#),
            ("tendermint.types.Vote", #"{"timestamp":"2023-02-29T00:00:00Z"}"#),
            ("tendermint.types.Vote", #"{"timestamp":"yesterday"}"#),
        ])
    func refused(message: String, body: String) {
        let error = #expect(throws: StatusError.self) { try requestBytes(body, as: message) }
        #expect(error?.code == .invalidArgument)
    }
}
