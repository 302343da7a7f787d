import LedgerRecords
import SignedTransactions
import Testing
import Wire

@Suite("Fee allowances")
struct FeeAllowanceTests {
    private static let second: Int64 = 1_000_000_000
    private let send = "/cosmos.bank.v1beta1.MsgSend"

    private func coins(_ amount: UInt128, _ denomination: String = "uscrt") -> Coins {
        amount == 0 ? .none : (try? Coins([Coin(amount, denomination)])) ?? .none
    }

    private func time(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds, nanoseconds: 0)! }

    private func refusal(_ allowance: FeeAllowance, _ fee: Coins, _ types: [String] = [], at seconds: Int64 = 10)
        -> FeeAllowance.Refusal?
    {
        do throws(FeeAllowance.Refusal) {
            _ = try allowance.paying(fee, for: types, at: time(seconds))
            return nil
        } catch {
            return error
        }
    }

    @Test("a limit is spent to the last coin, and then there is no allowance")
    func basic() throws {
        let allowance = FeeAllowance(limit: coins(100))
        let left = try #require(try allowance.paying(coins(60), for: [send], at: time(10)))
        #expect(left == FeeAllowance(limit: coins(40)))
        #expect(refusal(left, coins(41)) == .exceeded)
        #expect(refusal(left, coins(1, "other")) == .exceeded)
        #expect(try left.paying(coins(40), for: [send], at: time(10)) == nil)
        #expect(try left.paying(.none, for: [send], at: time(10)) == left)
        let unlimited = FeeAllowance(limit: .none)
        #expect(try unlimited.paying(coins(.max), for: [send], at: time(10)) == unlimited)
    }

    @Test("an allowance holds in the moment of its end, and not a nanosecond later")
    func expiration() {
        let allowance = FeeAllowance(limit: .none, expiration: time(10))
        #expect(refusal(allowance, coins(1), at: 10) == nil)
        #expect(
            throws: FeeAllowance.Refusal.expired,
            performing: { try allowance.paying(.none, for: [], at: time(10).adding(nanoseconds: 1)) })
    }

    @Test("a period's part comes anew at its time, and is never more than what is left in all")
    func periodic() throws {
        var allowance = FeeAllowance(
            limit: coins(100),
            period: .init(nanoseconds: 10 * Self.second, limit: coins(30), left: coins(20), reset: time(20)))
        func pay(_ amount: UInt128, at seconds: Int64) throws {
            allowance = try #require(try allowance.paying(coins(amount), for: [], at: time(seconds)))
        }
        #expect(refusal(allowance, coins(21), at: 19) == .exceededInPeriod)
        try pay(20, at: 19)
        #expect(allowance.limit == coins(80) && allowance.period?.left == Coins.none)
        // At its time, from its time on.
        try pay(25, at: 20)
        #expect(allowance.period?.left == coins(5) && allowance.period?.reset == time(30))
        // Long after it, from then on.
        try pay(30, at: 47)
        #expect(allowance.period?.reset == time(57) && allowance.limit == coins(25))
        #expect(refusal(allowance, coins(26), at: 60) == .exceededInPeriod)
        #expect(try allowance.paying(coins(25), for: [], at: time(60)) == nil)
        // What comes anew in two steps is not more than one part.
        allowance.period?.reset = time(50)
        try pay(1, at: 60)
        #expect(allowance.period?.reset == time(60) && allowance.period?.left == coins(24))
        var unlimited = allowance
        unlimited.limit = .none
        #expect(try unlimited.paying(coins(30), for: [], at: time(80))?.period?.left == Coins.none)
    }

    @Test("a period's part that other coins than its own are asked of covers nothing")
    func otherCoins() {
        let both = try? Coins([Coin(5, "other"), Coin(5, "uscrt")])
        let allowance = FeeAllowance(
            limit: both ?? .none, period: .init(nanoseconds: 1, limit: coins(5), left: coins(5), reset: time(99)))
        #expect(refusal(allowance, coins(1, "other")) == .exceededInPeriod)
    }

    @Test("a list of types lets through transactions with these alone")
    func messages() {
        let allowance = FeeAllowance(limit: coins(5), messages: [send, "/a.B"])
        #expect(refusal(allowance, coins(1), [send, send, "/a.B"]) == nil)
        #expect(refusal(allowance, coins(1), [send, "/a.C"]) == .messageNotAllowed)
        #expect(refusal(allowance, coins(6), [send]) == .exceeded)
    }

    @Test("records survive a round trip, and what is cut short is another or none")
    func records() throws {
        let (granter, grantee) = (AccountAddress(Array(1...20))!, AccountAddress(Array(2...21))!)
        let period = FeeAllowance.Period(
            nanoseconds: 3_600 * Self.second + 5, limit: coins(7), left: coins(3), reset: time(-1))
        for allowance in [
            FeeAllowance(limit: .none), FeeAllowance(limit: coins(9), expiration: time(0)),
            FeeAllowance(limit: coins(9), expiration: time(77), period: period, messages: [send, ""]),
            FeeAllowance(limit: .none, period: .init(nanoseconds: 0, limit: coins(1), left: .none, reset: .goZero)),
        ] {
            let grant = FeeGrant(granter: granter, grantee: grantee, allowance: allowance)
            #expect(try FeeGrant(decoding: grant.encoded) == grant)
            for count in 0..<grant.encoded.count {
                if let read = try? FeeGrant(decoding: Array(grant.encoded.prefix(count))) { #expect(read != grant) }
            }
        }
        let once = FeeAllowance(limit: .none, messages: [send])
        var twice = once.any
        twice.value =
            ProtobufWriter.encode { writer in
                writer.message(1, once.any.encoded)
                writer.message(2, Array(send.utf8))
            }[...]
        #expect(throws: TransactionError.self) { try FeeAllowance(decoding: twice) }
        #expect(throws: TransactionError.self) { try FeeAllowance(decoding: AnyMessage(typeURL: "/a.B", value: [])) }
        let key = FeegrantStore.grantKey(from: granter, to: grantee)
        #expect(key == [0, 20] + grantee.bytes + [20] + granter.bytes)
    }

    @Test("a duration that is negative or too long is none", arguments: [(-1, 0), (1 << 62, 0), (1, -1), (1, 1 << 30)])
    func durations(seconds: Int64, nanoseconds: Int64) {
        let any = AnyMessage(
            typeURL: "/cosmos.feegrant.v1beta1.PeriodicAllowance",
            value: ProtobufWriter.encode { writer in
                writer.message(1) { _ in }
                writer.message(2) { writer in
                    writer.int64(1, seconds)
                    writer.int64(2, nanoseconds)
                }
            })
        #expect(throws: TransactionError.invalidAmount) { try FeeAllowance(decoding: any) }
    }
}
