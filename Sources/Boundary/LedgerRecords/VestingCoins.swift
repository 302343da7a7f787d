import SignedTransactions
import Wire

/// What of an account's coins becomes its own with time: `cosmos.vesting.v1beta1`, a value for all its kinds.
///
/// Locked coins can be delegated and nothing else. Host and enclave compute here what is locked; the arithmetic is the
/// Cosmos SDK's to the last coin.
package struct VestingCoins: Equatable, Sendable {
    package enum Kind: String, Sendable {
        /// A share that grows each second from `start` to `end`.
        case continuous = "ContinuousVestingAccount"
        /// All of it at `end`.
        case delayed = "DelayedVestingAccount"
        /// A part at the end of each period.
        case periodic = "PeriodicVestingAccount"
        /// Never.
        case permanent = "PermanentLockedAccount"
        /// The inner record alone, which locks nothing. No message makes one.
        case base = "BaseVestingAccount"

        private static let namespace = "/cosmos.vesting.v1beta1."
        package var typeURL: String { Kind.namespace + rawValue }

        package init?(typeURL: String) {
            guard typeURL.hasPrefix(Kind.namespace) else { return nil }
            self.init(rawValue: String(typeURL.dropFirst(Kind.namespace.utf8.count)))
        }
    }

    package struct Period: Equatable, Sendable {
        /// In seconds.
        package var length: Int64
        package var amount: Coins

        package init(length: Int64, amount: Coins) { (self.length, self.amount) = (length, amount) }
    }

    /// Of one account; what makes such accounts refuses more. All of them are read for each question about its coins.
    package static let periodsMax = 128

    package var kind: Kind
    package var original: Coins
    /// Of what is delegated: what had vested, and what had not.
    package var delegatedFree = Coins.none
    package var delegatedVesting = Coins.none
    /// Seconds since 1970, like `end`; of continuous and periodic vesting.
    package var start: Int64 = 0
    package var end: Int64
    package var periods: [Period] = []

    package init(_ kind: Kind, original: Coins, start: Int64 = 0, end: Int64, periods: [Period] = []) {
        (self.kind, self.original, self.start, self.end, self.periods) = (kind, original, start, end, periods)
    }

    /// What of the account's coins of a denomination it cannot send at a time.
    package func locked(_ denomination: String, at time: Int64) -> UInt128 {
        let total = original.amount(of: denomination)
        let vesting = total - vested(of: total, denomination, at: time)
        return vesting - min(vesting, delegatedVesting.amount(of: denomination))
    }

    /// At most `total`.
    private func vested(of total: UInt128, _ denomination: String, at time: Int64) -> UInt128 {
        switch kind {
        case .base: return total
        case .permanent: return 0
        case .delayed: return time >= end ? total : 0
        case .continuous, .periodic: break
        }
        if time <= start { return 0 }
        if time >= end { return total }
        guard kind == .periodic else {
            // The share is cut to 36 decimals and rounded to 18; then the coins are rounded. Halves go to even.
            let one: UInt128 = 1_000_000_000_000_000_000
            let (passed, all) = (UInt128(Int128(time) - Int128(start)), UInt128(Int128(end) - Int128(start)))
            let (share, rest) = all.dividingFullWidth(passed.multipliedFullWidth(by: one * one)).quotient
                .quotientAndRemainder(dividingBy: one)
            return VestingCoins.rounded(
                one.dividingFullWidth(total.multipliedFullWidth(by: VestingCoins.rounded((share, rest), of: one))),
                of: one)
        }
        var (vested, passed): (UInt128, Int128) = (0, Int128(start))
        for period in periods {
            passed += Int128(period.length)
            if passed > Int128(time) { break }
            vested += min(total - vested, period.amount.amount(of: denomination))
        }
        return vested
    }

    private static func rounded(_ value: (quotient: UInt128, remainder: UInt128), of divisor: UInt128) -> UInt128 {
        let twice = 2 * value.remainder
        return value.quotient + (twice > divisor || twice == divisor && value.quotient & 1 == 1 ? 1 : 0)
    }
}

// MARK: - Records

extension VestingCoins {
    /// From an account's record, with the `BaseAccount` in it; `nil` for an account of another kind.
    package static func read(
        _ record: AnyMessage
    ) throws(TransactionError) -> (base: ArraySlice<UInt8>, vesting: VestingCoins)? {
        guard let kind = Kind(typeURL: record.typeURL) else { return nil }
        var vesting = VestingCoins(kind, original: .none, end: 0)
        var (inner, base) = (kind == .base ? record.value : [], ArraySlice<UInt8>())
        if kind != .base {
            var fields = TransactionFields(record.value, repeated: [3])
            while let field = try fields.next() {
                switch field.number {
                case 1: inner = try field.slice()
                case 2: vesting.start = Int64(bitPattern: try field.uint64())
                case 3: vesting.periods.append(try Period(decoding: try field.slice()))
                default: try fields.unknown(field)
                }
            }
        }
        var lists = [[Coin]](repeating: [], count: 3)
        var fields = TransactionFields(inner, repeated: [2, 3, 4])
        while let field = try fields.next() {
            switch field.number {
            case 1: base = try field.slice()
            case 2, 3, 4: lists[Int(field.number) - 2].append(try Coin(decoding: try field.slice()))
            case 5: vesting.end = Int64(bitPattern: try field.uint64())
            default: try fields.unknown(field)
            }
        }
        vesting.original = try Coins(read: lists[0])
        vesting.delegatedFree = try Coins(read: lists[1])
        vesting.delegatedVesting = try Coins(read: lists[2])
        return (base, vesting)
    }

    /// An account's record.
    func any(around base: [UInt8]) -> AnyMessage {
        let inner = ProtobufWriter.encode { writer in
            writer.message(1, base)
            for (number, coins) in [(2, original), (3, delegatedFree), (4, delegatedVesting)] as [(UInt32, Coins)] {
                for coin in coins.list { writer.message(number, coin.encoded) }
            }
            writer.int64(5, end)
        }
        guard kind != .base else { return AnyMessage(typeURL: kind.typeURL, value: inner) }
        return AnyMessage(
            typeURL: kind.typeURL,
            value: ProtobufWriter.encode { writer in
                writer.message(1, inner)
                writer.int64(2, start)
                for period in periods {
                    writer.message(3) { writer in
                        writer.int64(1, period.length)
                        for coin in period.amount.list { writer.message(2, coin.encoded) }
                    }
                }
            })
    }
}

extension VestingCoins.Period {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(TransactionError) {
        var (length, list) = (Int64(0), [Coin]())
        var fields = TransactionFields(bytes, repeated: [2])
        while let field = try fields.next() {
            switch field.number {
            case 1: length = Int64(bitPattern: try field.uint64())
            case 2: list.append(try Coin(decoding: try field.slice()))
            default: try fields.unknown(field)
            }
        }
        self.init(length: length, amount: try Coins(read: list))
    }
}
