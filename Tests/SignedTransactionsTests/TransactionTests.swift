import PublicCryptography
import SignedTransactions
import TestSupport
import Testing
import Wire

/// A transaction that secret-sdk 1.8.3 made: a sends 1uscrt to b, in direct mode.
enum GoldenTransaction {
    static let bytes = Base64.decode(
        """
        Co0BCooBChwvY29zbW9zLmJhbmsudjFiZXRhMS5Nc2dTZW5kEmoKLXNlY3JldDFhcDI2cXJscDhtY3EycGc2cjQ3dzQzbDB5OHprcW04YTQ1MHMw\
        MxItc2VjcmV0MWZjM2Z6eTc4dHRwMGx3dXVqdzdlNTJyaHNweG44dWo1MnpmeW5lGgoKBXVzY3J0EgExEmYKTgpGCh8vY29zbW9zLmNyeXB0by5z\
        ZWNwMjU2azEuUHViS2V5EiMKIQNO6CSfZ+E2E5w+2UrWMoj2wd5Fzmb6iDJHIRppj0QM3xIECgIIARIUCg4KBXVzY3J0EgUyNTAwMBCgjQYaQH62\
        E5TdbSDR4qInKhu/I+ZfjkMTSqvE4rphqBFqgl3DNJbIsY/HhgDFd3ECk4bx/dJghEP1kZEISO7oC4ZQ2uo=
        """)!
    static let hash = Hash32(
        hexadecimal("D27FDE492DD2FDE8F3859C17CDC815D202D5430D1AF0474537E5F248762A0BF9".lowercased()))!
    static let chainID = "secretdev-1"
    static let publicKey = hexadecimal("034ee8249f67e136139c3ed94ad63288f6c1de45ce66fa883247211a698f440cdf")
    static let sender = AccountAddress(bech32: "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03")!
    static let receiver = AccountAddress(bech32: "secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne")!
}

@Suite("Transactions")
struct TransactionTests {
    @Test("the golden transaction decodes to what was sent and has the published hash")
    func golden() throws {
        let transaction = try Transaction(decoding: GoldenTransaction.bytes)
        #expect(transaction.hash == GoldenTransaction.hash)
        #expect(transaction.signers == [GoldenTransaction.sender])
        #expect(transaction.feePayer == GoldenTransaction.sender)
        #expect(transaction.body.memo == "" && transaction.body.timeoutHeight == 0)
        #expect(transaction.authentication.fee == Fee(amount: [Coin(25_000, "uscrt")], gasLimit: 100_000))
        #expect(transaction.authentication.signers[0].mode == .single(.direct))
        #expect(!transaction.hasComputeMessage)
        let message = try BankMessage.decode(transaction.body.messages[0])
        #expect(
            message
                == .send(
                    .init(from: GoldenTransaction.sender, to: GoldenTransaction.receiver, amount: [Coin(1, "uscrt")])))
    }

    @Test("encoding the golden transaction's parts again gives its bytes")
    func encoding() throws {
        let transaction = try Transaction(decoding: GoldenTransaction.bytes)
        let body = TransactionBody(messages: [try #require(try BankMessage.decode(transaction.body.messages[0])).any])
        let again = TransactionEnvelope(
            body: body.encoded, authentication: transaction.authentication.encoded,
            signatures: transaction.envelope.signatures.map { Array($0) })
        #expect(again.bytes == GoldenTransaction.bytes)
        #expect(try TransactionEnvelope(decoding: again.bytes) == again)
    }

    @Test("the golden transaction's signature is valid for its chain, account and sequence only")
    func signature() throws {
        let transaction = try Transaction(decoding: GoldenTransaction.bytes)
        func check(chain: String = GoldenTransaction.chainID, number: UInt64 = 0, sequence: UInt64 = 0)
            -> SignatureCheck.Result
        {
            SignatureCheck.verify(
                transaction, signerIndex: 0, chainID: chain, accountNumber: number, sequence: sequence)
        }
        #expect(check() == .valid)
        #expect(check(chain: "secretdev-2") == .wrongSignature)
        #expect(check(number: 1) == .wrongSignature)
        #expect(check(sequence: 1) == .wrongSequence(expected: 1, given: 0))
        #expect(
            SignatureCheck.verify(transaction, signerIndex: 1, chainID: "x", accountNumber: 0, sequence: 0)
                == .noSuchSigner)
    }

    @Test("a flipped bit anywhere in the transaction is no longer validly signed")
    func flippedBits() throws {
        for index in GoldenTransaction.bytes.indices {
            var bytes = GoldenTransaction.bytes
            bytes[index] ^= 1 << UInt8(index % 8)
            guard let transaction = try? Transaction(decoding: bytes) else { continue }
            for signer in transaction.signers.indices {
                let result = SignatureCheck.verify(
                    transaction, signerIndex: signer, chainID: GoldenTransaction.chainID, accountNumber: 0, sequence: 0)
                #expect(result != .valid, "byte \(index)")
            }
        }
    }

    @Test("the address of a key is that of the published account")
    func keyAddress() {
        #expect(AccountKey.secp256k1(GoldenTransaction.publicKey).address == GoldenTransaction.sender)
    }

    @Test("another encoding of the same transaction is refused: its hash would differ")
    func malleability() throws {
        let it = try TransactionEnvelope(decoding: GoldenTransaction.bytes)
        let (body, authentication) = (Array(it.bodyBytes), Array(it.authenticationBytes))
        let signature = Array(it.signatures[0])
        func bytes(_ parts: [(UInt32, [UInt8])]) -> [UInt8] {
            ProtobufWriter.encode { writer in for (number, part) in parts { writer.message(number, part) } }
        }
        #expect(bytes([(1, body), (2, authentication), (3, signature)]) == GoldenTransaction.bytes)
        #expect(throws: TransactionError.notCanonical) {
            try TransactionEnvelope(decoding: bytes([(2, authentication), (1, body), (3, signature)]))
        }
        #expect(throws: TransactionError.duplicateField(1)) {
            try TransactionEnvelope(decoding: bytes([(1, body), (1, body), (2, authentication), (3, signature)]))
        }
        #expect(throws: TransactionError.unknownField(4)) {
            try TransactionEnvelope(decoding: bytes([(1, body), (2, authentication), (3, signature), (4, [])]))
        }
        #expect(throws: TransactionError.unknownField(1_030)) {
            try TransactionEnvelope(decoding: bytes([(1, body), (2, authentication), (3, signature), (1_030, [])]))
        }
        // The body's length, 141, in three bytes instead of two.
        let longer = [0x0a, 0x8d, 0x81, 0x00] + GoldenTransaction.bytes.dropFirst(3)
        #expect(throws: TransactionError.notCanonical) { try TransactionEnvelope(decoding: longer) }
    }

    @Test("unknown fields are ignored in a body when their number has bit 11, and refused otherwise")
    func unknownFields() throws {
        let message = BankMessage.send(
            .init(from: GoldenTransaction.sender, to: GoldenTransaction.receiver, amount: [Coin(1, "uscrt")])
        ).any
        func body(_ number: UInt32, inMessage: Bool) -> [UInt8] {
            let extra = ProtobufWriter.encode { $0.message(number, [1]) }
            if inMessage {
                return TransactionBody(
                    messages: [AnyMessage(typeURL: message.typeURL, value: Array(message.value) + extra)]).encoded
            }
            return TransactionBody(messages: [message]).encoded + extra
        }
        for number: UInt32 in [1_024, 1_500, 3_072] {
            #expect(try TransactionBody(decoding: body(number, inMessage: false)[...]).messages == [message])
            let inner = try TransactionBody(decoding: body(number, inMessage: true)[...]).messages[0]
            #expect(try BankMessage.decode(inner) == BankMessage.decode(message))
        }
        for number: UInt32 in [4, 15, 1_022, 2_048] {
            #expect(throws: TransactionError.unknownField(number)) {
                try TransactionBody(decoding: body(number, inMessage: false)[...])
            }
            let inner = try TransactionBody(decoding: body(number, inMessage: true)[...]).messages[0]
            #expect(throws: TransactionError.unknownField(number)) { try BankMessage.decode(inner) }
        }
        #expect(throws: TransactionError.extensionOption) {
            try TransactionBody(decoding: body(1_023, inMessage: false)[...])
        }
        #expect(try TransactionBody(decoding: body(2_047, inMessage: false)[...]).ignoredOptions == 1)
        #expect(throws: TransactionError.noMessages) { try TransactionBody(decoding: []) }
    }

    @Test("nothing unknown is ignored beside the signatures")
    func unknownInAuthentication() {
        let it = AuthenticationInfo(
            signers: [SignerInfo(publicKey: nil, mode: .single(.direct), sequence: 1)], fee: Fee(gasLimit: 1))
        #expect(throws: Never.self) { try AuthenticationInfo(decoding: it.encoded[...]) }
        for number: UInt32 in [3, 4, 1_030] {
            let extra = ProtobufWriter.encode { $0.message(number, [1]) }
            #expect(throws: TransactionError.unknownField(number)) {
                try AuthenticationInfo(decoding: (it.encoded + extra)[...])
            }
        }
    }

    @Test("signer infos, multisignature modes and keys survive a round trip; too deep ones are refused")
    func multisignatures() throws {
        var mode = ModeInfo.single(.legacyAminoJSON)
        var key = AccountKey.secp256k1(GoldenTransaction.publicKey)
        for depth in 1...6 {
            mode = .multi(bits: [0xc0], extraBits: 2, [mode, .single(.direct)])
            key = .multisignature(threshold: 1, [key])
            let it = AuthenticationInfo(
                signers: [SignerInfo(publicKey: key.any, mode: mode, sequence: 7)],
                fee: Fee(amount: [Coin(1, "uscrt")], gasLimit: 2, payer: "p", granter: "g"))
            if depth <= ModeInfo.depthMax {
                #expect(try AuthenticationInfo(decoding: it.encoded[...]) == it)
                #expect(try AccountKey(key.any) == key)
            } else {
                #expect(throws: TransactionError.nestedTooDeeply) { try AuthenticationInfo(decoding: it.encoded[...]) }
                #expect(throws: TransactionError.nestedTooDeeply) { try AccountKey(key.any) }
            }
        }
    }

    @Test("as many signatures as signers are needed, and a message type must be known")
    func signatureCounts() throws {
        let it = try TransactionEnvelope(decoding: GoldenTransaction.bytes)
        for count in [0, 2] {
            let other = TransactionEnvelope(
                body: Array(it.bodyBytes), authentication: Array(it.authenticationBytes),
                signatures: Array(repeating: Array(it.signatures[0]), count: count))
            #expect(throws: TransactionError.wrongSignatureCount) { try Transaction(decoding: other.bytes) }
        }
        let unknown = TransactionEnvelope(
            body: TransactionBody(messages: [AnyMessage(typeURL: "/a.B", value: [])]).encoded,
            authentication: Array(it.authenticationBytes), signatures: [Array(it.signatures[0])])
        #expect(throws: TransactionError.unknownMessageType("/a.B")) { try Transaction(decoding: unknown.bytes) }
    }

    @Test("a message type, a memo or a payer that nobody could compare is no text", .timeLimit(.minutes(1)))
    func marks() throws {
        let it = try TransactionEnvelope(decoding: GoldenTransaction.bytes)
        let marks = "a" + String(repeating: "\u{301}\u{323}", count: 100_000)
        let golden = try Transaction(decoding: GoldenTransaction.bytes)
        var (body, authentication) = (golden.body, golden.authentication)
        body.messages[0].typeURL = "/" + marks
        authentication.fee.granter = marks
        var memo = golden.body
        memo.memo = marks
        for (body, authentication, field) in [
            (body, golden.authentication, 1), (memo, golden.authentication, 2), (golden.body, authentication, 4),
        ] as [(TransactionBody, AuthenticationInfo, UInt32)] {
            let other = TransactionEnvelope(
                body: body.encoded, authentication: authentication.encoded, signatures: it.signatures.map(Array.init))
            #expect(throws: TransactionError.malformed(.invalidUTF8(field: field))) {
                try Transaction(decoding: other.bytes)
            }
        }
    }

    @Test("a key that is not the signer's is refused, and the account's key serves when none is sent")
    func keys() throws {
        let golden = try Transaction(decoding: GoldenTransaction.bytes)
        var authentication = golden.authentication
        authentication.signers[0].publicKey = nil
        let without = try Transaction(
            decoding: TransactionEnvelope(
                body: Array(golden.envelope.bodyBytes), authentication: authentication.encoded,
                signatures: [Array(golden.envelope.signatures[0])]
            ).bytes)
        func check(_ key: AnyMessage?) -> SignatureCheck.Result {
            SignatureCheck.verify(
                without, signerIndex: 0, chainID: GoldenTransaction.chainID, accountNumber: 0, sequence: 0,
                accountKey: key)
        }
        #expect(check(nil) == .missingKey)
        // The authentication differs from what was signed, so the signature itself cannot hold.
        #expect(check(AccountKey.secp256k1(GoldenTransaction.publicKey).any) == .wrongSignature)
        let other = hexadecimal("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")
        #expect(check(AccountKey.secp256k1(other).any) == .wrongKey)
        #expect(check(AnyMessage(typeURL: "/cosmos.crypto.ed25519.PubKey", value: [])) == .unsupportedKey)
    }
}
