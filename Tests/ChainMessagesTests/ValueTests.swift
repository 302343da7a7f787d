import ChainMessages
import ExactNumbers
import SignedTransactions
import Testing
import Wire

@Suite("Values in chain messages") struct ValueTests {
    private let account = AccountAddress((0..<20).map(UInt8.init))!

    private func request(_ address: String) -> [UInt8] {
        ProtobufWriter.encode { $0.string(1, address) }
    }

    @Test("an address is the account's, in lower case where it is signed, and there")
    func addresses() throws {
        typealias Request = AuthV1beta1.QueryAccountRequest
        let text = account.description
        #expect(try Request(decoding: request(text), .signed).address == account)
        #expect(try Request(decoding: request(text.uppercased()), .request).address == account)
        #expect(throws: MessageError.invalidAddress(text.uppercased())) {
            try Request(decoding: request(text.uppercased()), .signed)
        }
        let validator = OperatorAddress(account).description
        #expect(throws: MessageError.invalidAddress(validator)) { try Request(decoding: request(validator), .request) }
        #expect(throws: MessageError.emptyAddress(field: 1)) { try Request(decoding: request(""), .request) }
    }

    @Test("a validator's addresses have prefixes of their own")
    func validatorAddresses() throws {
        let validator = OperatorAddress(account)
        #expect(validator.description.hasPrefix("secretvaloper1"))
        #expect(OperatorAddress(bech32: validator.description) == validator)
        #expect(OperatorAddress(bech32: account.description) == nil)
        let consensus = try #require(ConsensusAddress(account.bytes))
        #expect(consensus.description.hasPrefix("secretvalcons1"))
        #expect(ConsensusAddress(bech32: consensus.description) == consensus)
        #expect(ConsensusAddress(bech32: validator.description) == nil)
        #expect(ConsensusAddress([1, 2, 3]) == nil)
    }

    @Test(
        "decimals have one form",
        arguments: [
            ("0", "0.000000000000000000"), ("50000000000000000", "0.050000000000000000"),
            ("-1", "-0.000000000000000001"),
            ("340282366920938463463374607431768211455", "340282366920938463463.374607431768211455"),
        ])
    func decimals(scaled: String, text: String) throws {
        let value = try #require(Decimal18(scaledText: Array(scaled.utf8)))
        #expect(value.scaledText == scaled)
        #expect(value.description == text)
    }

    @Test(
        "what is not a decimal in its one form is refused",
        arguments: ["", "-", "-0", "00", "01", "+1", "1.0", "0x1", " 1", String(repeating: "9", count: 95)])
    func wrongDecimals(text: String) {
        #expect(Decimal18(scaledText: Array(text.utf8)) == nil)
    }

    @Test("decimals are ordered as numbers")
    func order() {
        let ordered = [(2, true), (1, true), (0, false), (1, false), (2, false)].map {
            Decimal18(scaled: UInt128($0.0), isNegative: $0.1)
        }
        #expect(ordered.shuffled().sorted() == ordered)
        #expect(Decimal18(scaled: 0, isNegative: true) == .zero)
    }

    @Test("a duration has one sign, less than a second of nanoseconds, and fits into 64 bits of nanoseconds")
    func durations() throws {
        func bytes(_ seconds: Int64, _ nanoseconds: Int64) -> [UInt8] {
            ProtobufWriter.encode { writer in
                writer.int64(1, seconds)
                writer.int64(2, nanoseconds)
            }
        }
        #expect(try Duration(decoding: bytes(-1, -500_000_000), .signed) == .milliseconds(-1500))
        for (seconds, nanoseconds) in [
            (1, -1), (-1, 1), (0, 1_000_000_000), (0, -1_000_000_000), (9_223_372_037, 0), (.max, 0), (.min, 0),
        ] as [(Int64, Int64)] {
            #expect(throws: MessageError.self) { try Duration(decoding: bytes(seconds, nanoseconds), .signed) }
        }
    }

    @Test("a moment outside of the years 1 to 9999 is refused, and an absent one is Go's zero")
    func moments() throws {
        let late = ProtobufWriter.encode { $0.int64(1, 253_402_300_800) }
        #expect(throws: MessageError.invalidTime(field: 1)) { try Timestamp(decoding: late, .signed) }
        #expect(try StakingV1beta1.MsgBeginRedelegateResponse(decoding: [], .signed).completionTime == .goZero)
    }

    @Test("a coin without an amount, or with one that is no number, is refused")
    func coins() {
        for amount in ["", "-1", "01", "1.5", String(repeating: "9", count: 95)] {
            let bytes = ProtobufWriter.encode { writer in
                writer.string(1, "uscrt")
                writer.string(2, amount)
            }
            #expect(throws: MessageError.self) { try Coin(decoding: bytes, .signed) }
        }
    }
}
