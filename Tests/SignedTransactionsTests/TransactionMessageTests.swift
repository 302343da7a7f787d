import PublicCryptography
import SignedTransactions
import Testing
import Wire

@Suite("Messages of transactions")
struct TransactionMessageTests {
    private let a = GoldenTransaction.sender
    private let b = GoldenTransaction.receiver

    private var computeMessages: [ComputeMessage] {
        [
            .storeCode(.init(sender: a, code: [0, 0x61, 0x73, 0x6d], source: "https://x", builder: "y:1")),
            .instantiate(
                .init(sender: a, codeID: 3, label: "l<1>", message: [1, 2], funds: [Coin(5, "uscrt")], admin: b)),
            .instantiate(.init(sender: a, codeID: 3, label: "l", message: [1, 2])),
            .execute(.init(sender: a, contract: b, message: [9, 9], funds: [Coin(5, "uabc"), Coin(7, "uscrt")])),
            .migrate(.init(sender: a, contract: b, codeID: 4, message: [3])),
            .updateAdmin(.init(sender: a, newAdmin: b, contract: b)),
            .clearAdmin(.init(sender: a, contract: b)),
        ]
    }

    @Test("compute messages survive a round trip, and their sender is their signer")
    func computeRoundTrip() throws {
        for message in computeMessages {
            let any = message.any
            #expect(try ComputeMessage.decode(any) == message)
            #expect(try any.signers() == [a])
            #expect(message.sender == a && any.type?.isCompute == true && !message.claimsToBeCallback)
            #expect(try BankMessage.decode(any) == nil)
        }
    }

    @Test("the wire form of an execute message has the published field numbers")
    func executeWire() {
        let message = ComputeMessage.execute(.init(sender: a, contract: b, message: [9], funds: [Coin(5, "uscrt")]))
        let coin: [UInt8] = [0x0a, 5] + Array("uscrt".utf8) + [0x12, 1, UInt8(ascii: "5")]
        #expect(
            Array(message.any.value) == [0x0a, 20] + a.bytes + [0x12, 20] + b.bytes + [0x1a, 1, 9, 0x2a, 10] + coin)
        #expect(message.any.typeURL == "/secret.compute.v1beta1.MsgExecuteContract")
    }

    @Test("fields that only callbacks have are seen")
    func callbacks() throws {
        let it = ComputeMessage.execute(
            .init(sender: a, contract: b, message: [], callbackCodeHash: "", callbackSignature: [1]))
        #expect(it.claimsToBeCallback)
        #expect(try ComputeMessage.decode(it.any) == it)
    }

    @Test("an address of the wrong length, prefix or case is refused")
    func addresses() {
        let short = AnyMessage(
            typeURL: "/secret.compute.v1beta1.MsgExecuteContract",
            value: ProtobufWriter.encode { writer in
                writer.bytes(1, a.bytes.dropLast())
                writer.bytes(2, b.bytes)
            })
        #expect(throws: TransactionError.invalidAddress) { try ComputeMessage.decode(short) }
        #expect(throws: TransactionError.invalidAddress) { try short.signers() }
        for text in [a.description.uppercased(), a.validatorText, "", "secret1"] {
            let any = AnyMessage(
                typeURL: BankMessage.sendTypeURL,
                value: ProtobufWriter.encode { writer in
                    writer.string(1, text)
                    writer.string(2, b.description)
                })
            #expect(throws: TransactionError.invalidAddress) { try BankMessage.decode(any) }
            #expect(throws: TransactionError.invalidAddress) { try any.signers() }
        }
    }

    @Test("a second signer in a message of one signer is refused, so that nobody is charged for another")
    func twoSenders() {
        let any = AnyMessage(
            typeURL: BankMessage.sendTypeURL,
            value: ProtobufWriter.encode { writer in
                writer.string(1, a.description)
                writer.string(1, b.description)
                writer.string(2, b.description)
            })
        #expect(throws: TransactionError.duplicateField(1)) { try any.signers() }
        #expect(throws: TransactionError.duplicateField(1)) { try BankMessage.decode(any) }
    }

    @Test("a multiple send is signed by each of its inputs once")
    func multiSend() throws {
        let message = BankMessage.multiSend(
            .init(
                inputs: [
                    .init(address: a, coins: [Coin(1, "uscrt")]), .init(address: b, coins: [Coin(2, "uscrt")]),
                    .init(address: a, coins: [Coin(3, "uscrt")]),
                ],
                outputs: [.init(address: b, coins: [Coin(6, "uscrt")])]))
        #expect(try BankMessage.decode(message.any) == message)
        #expect(try message.any.signers() == [a, b])
    }

    @Test("a validator's operator address signs as the account behind it")
    func validatorSigner() throws {
        let any = AnyMessage(
            typeURL: "/cosmos.slashing.v1beta1.MsgUnjail",
            value: ProtobufWriter.encode { $0.string(1, a.validatorText) })
        #expect(a.validatorText.hasPrefix("secretvaloper1"))
        #expect(try any.signers() == [a])
    }

    @Test("answers are what clients decode")
    func responses() throws {
        #expect(MessageResponse.storeCode(codeID: 7).value.elementsEqual([8, 7]))
        let instantiated = try MessageResponse.contractResult(
            MessageResponse.instantiateContract(address: b, data: [1]))
        #expect(instantiated.address == b && instantiated.data == [1])
        for any in [MessageResponse.executeContract(data: [2]), MessageResponse.migrateContract(data: [2])] {
            let result = try MessageResponse.contractResult(any)
            #expect(result.address == nil && result.data == [2])
        }
        let data = TransactionData(responses: [
            MessageResponse.storeCode(codeID: 1), MessageResponse.empty(toMessage: BankMessage.sendTypeURL),
        ])
        #expect(try TransactionData(decoding: data.encoded) == data)
        #expect(data.responses[1].typeURL == "/cosmos.bank.v1beta1.MsgSendResponse")
    }

    @Test("amounts are digits without a leading zero, of at most 128 bits")
    func amounts() {
        #expect(Coin.amount("0".utf8) == 0)
        #expect(Coin.amount("340282366920938463463374607431768211455".utf8) == UInt128.max)
        for text in ["", "00", "01", "-1", "+1", "1.0", " 1", "1e3", "340282366920938463463374607431768211456"] {
            #expect(Coin.amount(text.utf8) == nil, "\(text)")
        }
    }

    @Test("denominations follow the SDK's pattern")
    func denominations() {
        let longest = "a" + String(repeating: "b", count: 127)
        for text in ["uscrt", "abc", "A1:", "ibc/27394FB0", "a.b_c-d", longest] { #expect(Coin.isDenomination(text)) }
        for text in ["", "ab", "1abc", "a b", "abé", "/abc", longest + "b"] { #expect(!Coin.isDenomination(text)) }
    }

    @Test("coins must be legal, positive, ascending and distinct")
    func coins() throws {
        #expect(try Coins([Coin(1, "uabc"), Coin(2, "uscrt")]).description == "1uabc,2uscrt")
        #expect(throws: Coins.Fault.notAscending) { try Coins([Coin(1, "uscrt"), Coin(2, "uabc")]) }
        #expect(throws: Coins.Fault.notAscending) { try Coins([Coin(1, "uscrt"), Coin(2, "uscrt")]) }
        #expect(throws: Coins.Fault.notPositive) { try Coins([Coin(0, "uscrt")]) }
        #expect(throws: Coins.Fault.illegalDenomination("u")) { try Coins([Coin(1, "u")]) }
        let sum = try Coins.sum([Coins([Coin(1, "uscrt")]), Coins([Coin(5, "uabc"), Coin(2, "uscrt")])])
        #expect(sum.list == [Coin(5, "uabc"), Coin(3, "uscrt")])
        #expect(throws: Coins.Fault.overflow) {
            try Coins.sum([Coins([Coin(UInt128.max, "uscrt")]), Coins([Coin(1, "uscrt")])])
        }
    }
}
