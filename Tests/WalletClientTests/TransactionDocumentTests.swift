import PublicCryptography
import SignedTransactions
import StrictJSON
import TestSupport
import Testing
import WalletClient

@Suite("Transactions as files") struct TransactionDocumentTests {
    private static func wallet(_ mnemonic: String) throws -> Wallet { try Wallet(mnemonic: mnemonic) }

    private static let place = SigningPlace(chainID: "secretdev-1", account: .init(number: 7, sequence: 3))

    private static func document(from sender: AccountAddress, amount: String = "5") throws -> TransactionDocument {
        let message: JSONValue = .object([
            ("@type", "/cosmos.bank.v1beta1.MsgSend"), ("from_address", .string(sender.description)),
            ("to_address", "secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne"),
            ("amount", [.object([("denom", "uscrt"), ("amount", .string(amount))])]),
        ])
        return TransactionDocument(messages: [message], note: "rent", fee: Fee(gas: 50_000, priceMicro: 12_500))
    }

    /// Through its text, as between machines.
    private static func carried(_ document: TransactionDocument) throws -> TransactionDocument {
        try TransactionDocument(try JSONReader.parse(JSONWriter.bytes(of: document.json)))
    }

    @Test("a document is the JSON of the Cosmos SDK's Tx, and comes back from it as it was")
    func form() throws {
        let alice = try Self.wallet(LocalSecret.a)
        var document = try Self.document(from: alice.address)
        #expect(
            JSONWriter.text(of: document.json)
                == #"{"body":{"messages":[{"@type":"/cosmos.bank.v1beta1.MsgSend","from_address":"\#(alice.address)","#
                + #""to_address":"secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne","amount":[{"denom":"uscrt","amount":"5"}]}],"#
                + #""memo":"rent","timeout_height":"0","extension_options":[],"non_critical_extension_options":[]},"#
                + #""auth_info":{"signer_infos":[],"fee":{"amount":[{"denom":"uscrt","amount":"625"}],"gas_limit":"50000","#
                + #""payer":"","granter":""},"tip":null},"signatures":[]}"#)
        for mode in [SignMode.direct, .legacyAminoJSON] {
            document = try Self.carried(document)
            try document.sign(by: alice, mode: mode, at: Self.place)
            let carried = try Self.carried(document)
            #expect(try carried.bytes() == document.bytes() && carried.json == document.json)
            let transaction = try Transaction(decoding: try carried.bytes())
            #expect(
                SignatureCheck.verify(
                    transaction, signerIndex: 0, chainID: "secretdev-1", accountNumber: 7, sequence: 3) == .valid)
            #expect(
                SignatureCheck.verify(
                    transaction, signerIndex: 0, chainID: "secretdev-2", accountNumber: 7, sequence: 3)
                    == .wrongSignature)
        }
        let bob = try Self.wallet(LocalSecret.b)
        #expect(throws: ClientError.self) { try document.sign(by: bob, mode: .direct, at: Self.place) }
        #expect(throws: ClientError.self) { try document.sign(by: alice, mode: .textual, at: Self.place) }
    }

    @Test("members sign each for itself, in any order, and only what all mean comes together")
    func severalKeys() throws {
        let wallets = try [LocalSecret.a, LocalSecret.b, LocalSecret.c].map(Self.wallet)
        let key = AccountKey.multisignature(threshold: 2, wallets.map { .secp256k1($0.publicKey) })
        let document = try Self.document(from: key.address)
        func part(
            _ index: Int, of document: TransactionDocument, at place: SigningPlace = Self.place
        ) throws -> MemberSignature {
            let made = try Self.carried(document).signature(by: wallets[index], for: key.address, at: place)
            let text = JSONWriter.bytes(of: made.json)
            return try #require(try MemberSignature.all(of: try JSONReader.parse(text)).first)
        }
        for signing in [[0, 1], [2, 0], [1, 2], [2, 1, 0]] {
            var whole = document
            try whole.combine(try signing.map { try part($0, of: document) }, of: key, at: Self.place)
            let transaction = try Transaction(decoding: try Self.carried(whole).bytes())
            #expect(transaction.signers == [key.address] && transaction.signatureCount == signing.count)
            #expect(
                SignatureCheck.verify(
                    transaction, signerIndex: 0, chainID: "secretdev-1", accountNumber: 7, sequence: 3) == .valid)
        }

        func refusal(_ parts: [MemberSignature]) -> String {
            var whole = document
            do {
                try whole.combine(parts, of: key, at: Self.place)
                return "none"
            } catch { return "\(error)" }
        }
        let first = try part(0, of: document)
        #expect(refusal([first]).contains("1 of 3 have signed, and 2 must"))
        #expect(refusal([first, first]).contains("1 of 3 have signed, and 2 must"))
        let another = try part(1, of: try Self.document(from: key.address, amount: "6"))
        #expect(refusal([first, another]).contains("\(wallets[1].address) signed something else"))
        var later = Self.place
        later.account.sequence = 4
        #expect(refusal([first, try part(1, of: document, at: later)]).contains("signed something else"))
        let stranger = try Self.wallet(LocalSecret.d)
        let foreign = try document.signature(by: stranger, for: key.address, at: Self.place)
        #expect(refusal([first, foreign]).contains("\(stranger.address) is no member"))
        // A transaction of somebody else's is no matter of these keys.
        let others = try Self.document(from: stranger.address)
        #expect(throws: ClientError.self) { try others.signature(by: wallets[0], for: key.address, at: Self.place) }
        var single = document
        #expect(throws: ClientError.self) {
            try single.combine([first], of: .secp256k1(wallets[0].publicKey), at: Self.place)
        }
    }

    @Test(
        "what is no document is refused by its member",
        arguments: [
            ("{}", "body.messages"), (#"{"body":{"messages":[]}}"#, "body.messages"),
            (#"{"body":{"messages":[{}],"extension_options":[{}]}}"#, "extension_options"),
            (#"{"body":{"messages":[{}]},"auth_info":{"fee":{"amount":[{"denom":"u"}]}}}"#, "fee.amount"),
            (#"{"body":{"messages":[{}],"timeout_height":"x"}}"#, "timeout_height"),
            (#"{"body":{"messages":[{}]},"signatures":["*"]}"#, "signatures"),
            (#"{"body":{"messages":[{}]},"signatures":["AA=="]}"#, "signatures"),
            (
                #"{"body":{"messages":[{}]},"auth_info":{"signer_infos":[{"mode_info":{"single":{"mode":"X"}}}]},"signatures":["AA=="]}"#,
                "mode_info"
            ),
        ])
    func refused(text: String, member: String) throws {
        let json = try JSONReader.parse(Array(text.utf8))
        let error = #expect(throws: ClientError.self) { _ = try TransactionDocument(json) }
        #expect(error?.description.contains(member) ?? false, "\(String(describing: error))")
    }

    @Test("a public key is read with its type, and one that no chain takes is refused")
    func keys() throws {
        let key = AccountKey.multisignature(
            threshold: 1, [.secp256k1(try Self.wallet(LocalSecret.a).publicKey)])
        #expect(try AccountKey(json: key.json) == key)
        for text in [
            "{}", #"{"@type":"/cosmos.crypto.ed25519.PubKey","key":"AA=="}"#,
            #"{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"AAAA"}"#,
            #"{"@type":"/cosmos.crypto.multisig.LegacyAminoPubKey","threshold":1,"public_keys":[]}"#,
            JSONWriter.text(of: key.json).replacing(#""threshold":1"#, with: #""threshold":2"#),
        ] {
            let json = try JSONReader.parse(Array(text.utf8))
            #expect(throws: ClientError.self, "\(text)") { _ = try AccountKey(json: json) }
        }
    }
}

@Suite("Addresses that are none") struct AddressTextTests {
    @Test(
        "the likely mistake is named",
        arguments: [
            ("", "it is empty"), ("alice", "cloister keys show alice --address"),
            ("secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s0", "44 characters"),
            ("secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s033", "some too many"),
            ("secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a45os03", "o is in no address (0 is)"),
            ("secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s04", "behind a450s0"),
            ("secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a45zz03", "more than one character"),
            ("Secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03", "capital letters"),
            ("cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lzv7xu", "of another chain, whose addresses begin with cosmos1"),
            ("0x52908400098527886E0F7030069857D2E4169EE7", "Ethereum"), ("secret1 ap26", "spaces"),
        ])
    func mistakes(text: String, words: String) {
        let error = #expect(throws: ClientError.self) { _ = try AddressText.address(text) }
        #expect(error?.description.contains(words) ?? false, "\(String(describing: error))")
    }

    @Test("another kind of address of this chain says what it is of")
    func kinds() throws {
        let account = try #require(AccountAddress(bech32: "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03"))
        let validator = #expect(throws: ClientError.self) { _ = try AddressText.address(account.validatorText) }
        #expect(validator?.description.contains("the account that runs it is \(account)") ?? false)
        let long = Bech32.encode(prefix: "secret", Array(repeating: 1, count: 32))
        let contract = #expect(throws: ClientError.self) { _ = try AddressText.address(long) }
        #expect(contract?.description.contains("32 bytes") ?? false)
        #expect(try AddressText.address(account.description) == account)
    }
}
