import Foundation
import LedgerRecords
import PublicCryptography
import SignedTransactions
import TestSupport
import Testing
import Wire

@Suite("Vesting coins")
struct VestingCoinsTests {
    private let address = AccountAddress(Array(1...20))!

    private func coins(_ amount: UInt128, _ denomination: String = "uscrt") -> Coins {
        amount == 0 ? .none : (try? Coins([Coin(amount, denomination)])) ?? .none
    }

    @Test("what is locked at a time is what numbers of any size say")
    func vectors() throws {
        let file = Repository.root.appendingPathComponent("Tests/Fixtures/vesting.json")
        let cases = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [[Any]])
        #expect(cases.count > 1_000)
        for vector in cases {
            let kind = try #require((vector[0] as? String).flatMap(VestingCoins.Kind.init(rawValue:)))
            func number(_ value: Any) throws -> Int64 { try #require(value as? NSNumber).int64Value }
            func amount(_ value: Any) throws -> UInt128 { try #require((value as? String).flatMap { UInt128($0) }) }
            let periods = try #require(vector[5] as? [[Any]]).map {
                VestingCoins.Period(length: try number($0[0]), amount: coins(try amount($0[1])))
            }
            var vesting = VestingCoins(
                kind, original: coins(try amount(vector[3])), start: try number(vector[1]), end: try number(vector[2]),
                periods: periods)
            vesting.delegatedVesting = coins(try amount(vector[4]))
            #expect(
                try vesting.locked("uscrt", at: number(vector[6])) == amount(vector[7]), "\(vector.map { "\($0)" })")
        }
    }

    @Test("times and lengths at the ends of their range overflow nothing")
    func extremes() {
        for (start, end) in [(Int64.min, Int64.max), (.max, .min), (0, .max), (.min, 0)] {
            for kind in [VestingCoins.Kind.continuous, .periodic, .delayed, .permanent, .base] {
                let period = VestingCoins.Period(length: .max, amount: coins(.max))
                let vesting = VestingCoins(
                    kind, original: coins(.max), start: start, end: end,
                    periods: Array(repeating: period, count: VestingCoins.periodsMax))
                for time in [Int64.min, start, start &+ 1, 0, 1_700_000_000, end &- 1, end, .max] {
                    #expect(vesting.locked("uscrt", at: time) <= .max)
                    #expect(vesting.locked("other", at: time) == 0)
                }
            }
        }
        #expect(VestingCoins(.base, original: coins(5), end: .max).locked("uscrt", at: 0) == 0)
    }

    @Test("a record is an account around which stands what vests, and survives a round trip")
    func records() throws {
        var vesting = VestingCoins(.continuous, original: try Coins([Coin(1, "other"), Coin(9, "uscrt")]), end: 77)
        (vesting.delegatedFree, vesting.delegatedVesting, vesting.start) = (coins(3), coins(4), -2)
        for kind in [VestingCoins.Kind.continuous, .delayed, .periodic, .permanent, .base] {
            vesting.kind = kind
            if kind != .continuous { vesting.start = kind == .periodic ? 5 : 0 }
            vesting.periods = kind == .periodic ? [.init(length: 72, amount: vesting.original)] : []
            let account = AccountRecord(
                address: address, publicKey: AccountKey.secp256k1(GoldenTransaction.publicKey).any, accountNumber: 3,
                sequence: 9, vesting: vesting)
            #expect(try AccountRecord(decoding: account.encoded) == account)
            #expect(try AccountRecord.vesting(of: account.encoded) == vesting)
            for count in 0..<account.any.value.count {
                let cut = AnyMessage(typeURL: account.any.typeURL, value: account.any.value.prefix(count))
                if let read = try? AccountRecord(decoding: cut.encoded) { #expect(read != account) }
            }
        }
        #expect(try AccountRecord.vesting(of: AccountRecord(address: address, accountNumber: 3).encoded) == nil)
        #expect(
            vesting.kind.typeURL == "/cosmos.vesting.v1beta1.BaseVestingAccount"
                && VestingCoins.Kind(typeURL: "/cosmos.vesting.v1beta1.MsgCreateVestingAccount") == nil)
        let foreign = AnyMessage(typeURL: "/cosmos.vesting.v1beta1.OtherAccount", value: [])
        #expect(throws: TransactionError.unknownMessageType(foreign.typeURL)) {
            try AccountRecord(decoding: foreign.encoded)
        }
    }

    /// As `protoc` writes a ContinuousVestingAccount (cosmos-sdk 0.50).
    @Test("a record has the bytes that the original writes")
    func golden() throws {
        let vesting = VestingCoins(.continuous, original: coins(1000), start: 1_700_000_000, end: 1_800_000_000)
        let account = AccountRecord(address: address, accountNumber: 7, vesting: vesting)
        let base = [0x0a, 0x2d] + Array(address.description.utf8) + [0x18, 7]
        let coin: [UInt8] = [0x0a, 5] + Array("uscrt".utf8) + [0x12, 4] + Array("1000".utf8)
        var inner: [UInt8] = [0x0a, UInt8(base.count)] + base
        inner += [0x12, UInt8(coin.count)] + coin + [0x28, 0x80, 0xa4, 0xa7, 0xda, 0x06]
        #expect(
            Array(account.any.value) == [0x0a, UInt8(inner.count)] + inner + [0x10, 0x80, 0xe2, 0xcf, 0xaa, 0x06])
    }
}
