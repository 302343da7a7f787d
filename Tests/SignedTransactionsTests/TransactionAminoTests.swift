import PublicCryptography
import SignedTransactions
import TestSupport
import Testing

@Suite("Amino JSON documents")
struct TransactionAminoTests {
    private let a = GoldenTransaction.sender
    private let b = GoldenTransaction.receiver
    private var a64: String { Base64.encode(a.bytes) }
    private var b64: String { Base64.encode(b.bytes) }

    private func document(
        _ messages: [AnyMessage], memo: String = "", timeout: UInt64 = 0,
        fee: Fee = Fee(amount: [Coin(25_000, "uscrt")], gasLimit: 100_000)
    ) throws -> String? {
        AminoDocument.bytes(
            body: TransactionBody(messages: messages, memo: memo, timeoutHeight: timeout), fee: fee,
            chainID: "secretdev-1",
            accountNumber: 7, sequence: 3
        ).map { String(decoding: $0, as: UTF8.self) }
    }

    private func expected(_ messages: String, memo: String = "") -> String {
        #"{"account_number":"7","chain_id":"secretdev-1","fee":{"amount":[{"amount":"25000","denom":"uscrt"}],"gas":"100000"},"#
            + #""memo":"\#(memo)","msgs":[\#(messages)],"sequence":"3"}"#
    }

    @Test("a bank send has the SDK's sorted document")
    func send() throws {
        let message = BankMessage.send(.init(from: a, to: b, amount: [Coin(1, "uscrt")])).any
        #expect(
            try document([message])
                == expected(
                    #"{"type":"cosmos-sdk/MsgSend","value":{"amount":[{"amount":"1","denom":"uscrt"}],"#
                        + #""from_address":"\#(a)","to_address":"\#(b)"}}"#))
    }

    @Test("contract messages write byte addresses in Base64, keep empty funds and leave other empty fields out")
    func compute() throws {
        let cases: [(ComputeMessage, String)] = [
            (
                .execute(.init(sender: a, contract: b, message: [1, 2, 3])),
                #"{"type":"wasm/MsgExecuteContract","value":{"contract":"\#(b64)","msg":"AQID","sender":"\#(a64)","sent_funds":[]}}"#
            ),
            (
                .instantiate(.init(sender: a, codeID: 3, label: "one", message: [1], funds: [Coin(5, "uscrt")])),
                #"{"type":"wasm/MsgInstantiateContract","value":{"code_id":"3","init_funds":[{"amount":"5","denom":"uscrt"}],"#
                    + #""init_msg":"AQ==","label":"one","sender":"\#(a64)"}}"#
            ),
            (
                .instantiate(.init(sender: a, codeID: 3, label: "one", message: [1], admin: b)),
                #"{"type":"wasm/MsgInstantiateContract","value":{"admin":"\#(b)","code_id":"3","init_funds":[],"#
                    + #""init_msg":"AQ==","label":"one","sender":"\#(a64)"}}"#
            ),
            (
                .migrate(.init(sender: a, contract: b, codeID: 4, message: [1])),
                #"{"type":"wasm/MsgMigrateContract","value":{"code_id":"4","contract":"\#(b)","msg":"AQ==","sender":"\#(a)"}}"#
            ),
            (
                .updateAdmin(.init(sender: a, newAdmin: b, contract: b)),
                #"{"type":"wasm/MsgUpdateAdmin","value":{"contract":"\#(b)","new_admin":"\#(b)","sender":"\#(a)"}}"#
            ),
            (
                .clearAdmin(.init(sender: a, contract: b)),
                #"{"type":"wasm/MsgClearAdmin","value":{"contract":"\#(b)","sender":"\#(a)"}}"#
            ),
            (
                .storeCode(.init(sender: a, code: [1], source: "s")),
                #"{"type":"wasm/MsgStoreCode","value":{"sender":"\#(a64)","source":"s","wasm_byte_code":"AQ=="}}"#
            ),
        ]
        for (message, text) in cases { #expect(try document([message.any]) == expected(text)) }
        #expect(try document(cases.map(\.0.any)) == expected(cases.map(\.1).joined(separator: ",")))
    }

    @Test("timeout, payer and granter appear in their places when set")
    func optionalParts() throws {
        let message = ComputeMessage.clearAdmin(.init(sender: a, contract: b)).any
        let text = try #require(
            try document([message], timeout: 99, fee: Fee(gasLimit: 1, payer: "p", granter: "g")))
        #expect(text.contains(#""fee":{"amount":[],"gas":"1","granter":"g","payer":"p"},"memo":"""#))
        #expect(text.hasSuffix(#""sequence":"3","timeout_height":"99"}"#))
    }

    @Test("text is escaped as Go escapes it")
    func escapes() throws {
        let message = ComputeMessage.clearAdmin(.init(sender: a, contract: b)).any
        let text = try #require(try document([message], memo: "<&>\"\\\n\t\u{1}\u{2028}é😀/"))
        #expect(text.contains(#""memo":"\u003c\u0026\u003e\"\\\n\t\u0001\u2028é😀/""#))
    }

    @Test("a message without a known Amino form cannot be signed in this mode")
    func unknownForm() throws {
        let unknown = AnyMessage(typeURL: "/cosmos.nft.v1beta1.MsgSend", value: [])
        #expect(try document([unknown]) == nil)
        // Nor can one whose restrictions are told in one of two fields.
        let choice = AnyMessage(typeURL: "/cosmos.staking.v1beta1.StakeAuthorization", value: [])
        #expect(try document([choice]) == nil)
    }

    @Test("the published signature of a document in Amino JSON verifies")
    func permit() {
        let text =
            #"{"account_number":"0","chain_id":"secretdev-1","fee":{"amount":[{"amount":"0","denom":"uscrt"}],"gas":"1"},"#
            + #""memo":"","msgs":[{"type":"query_permit","value":{"allowed_tokens":["secret1xyz"],"permissions":["balance"],"#
            + #""permit_name":"test"}}],"sequence":"0"}"#
        let signature = Base64.decode(
            "ZIoCFNgbITH08gXoaUQZGeqr7FgLApU4bQAtJtysAswzZBnkVwEBANbb4RPf7MGFTGdzweNHIH3uBL3uqy35GA==")!
        let digest = SHA256.hash(Array(text.utf8))
        #expect(Secp256k1.verify(signature: signature, digest: digest, publicKey: GoldenTransaction.publicKey))
        #expect(!Secp256k1.verify(signature: signature, digest: .zero, publicKey: GoldenTransaction.publicKey))
    }

    @Test("the same signature with the high s is refused, and so are bytes that are no key")
    func highS() {
        let order = hexadecimal("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
        let transaction = try! Transaction(decoding: GoldenTransaction.bytes)
        let digest = SHA256.hash(
            transaction.envelope.signDocument(chainID: GoldenTransaction.chainID, accountNumber: 0))
        let signature = Array(transaction.envelope.signatures[0])
        var high = [UInt8](repeating: 0, count: 32)
        var borrow = 0
        for index in (0..<32).reversed() {
            let difference = Int(order[index]) - Int(signature[32 + index]) - borrow
            borrow = difference < 0 ? 1 : 0
            high[index] = UInt8(truncatingIfNeeded: difference)
        }
        let key = GoldenTransaction.publicKey
        #expect(Secp256k1.verify(signature: signature, digest: digest, publicKey: key))
        #expect(!Secp256k1.verify(signature: Array(signature[..<32]) + high, digest: digest, publicKey: key))
        #expect(!Secp256k1.verify(signature: signature, digest: digest, publicKey: Array(key.dropLast())))
        #expect(!Secp256k1.verify(signature: signature, digest: digest, publicKey: [5] + key.dropFirst()))
        #expect(!Secp256k1.verify(signature: Array(signature.dropLast()), digest: digest, publicKey: key))
        #expect(!Secp256k1.isCompressedKey([UInt8](repeating: 2, count: 32)))
        let recovered = (0..<4).compactMap { Secp256k1.recover(signature: signature, recoveryID: $0, digest: digest) }
        #expect(recovered.contains { Array($0[1..<33]) == Array(key.dropFirst()) })
        #expect(Secp256k1.recover(signature: signature, recoveryID: 4, digest: digest) == nil)
    }
}
