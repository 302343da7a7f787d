import SignedTransactions
import Wire

/// Rewards by the F1 scheme: with the records, the order of operations and the rounding of the host's module
/// (`Rewards` in `Distribution`), in 128 bits. What would need more is refused, so whatever is answered is exact.
extension LedgerAnswers {
    /// What numbers with 18 decimals are kept times.
    static let one: UInt128 = 1_000_000_000_000_000_000
    /// How many times a stake may have been slashed.
    private static let slashesMax: UInt64 = 64

    /// `a` times `b` over `c`, rounded down, and what is left of it. Exact: between the two are 256 bits.
    static func divide(
        _ a: UInt128, times b: UInt128, by c: UInt128
    ) throws(AnswerFault) -> (quotient: UInt128, remainder: UInt128) {
        let product = a.multipliedFullWidth(by: b)
        guard product.high < c else { throw .tooLarge }
        return c.dividingFullWidth(product)
    }

    /// What shares are worth in tokens, times 10^18: a quotient with 36 decimals, of which the last 18 are rounded
    /// away, to the nearer number or to the even one (Cosmos SDK: `LegacyDec.Quo`).
    static func worth(
        of shares: UInt128, tokens: UInt128, allShares: UInt128
    ) throws(AnswerFault) -> UInt128 {
        guard allShares > 0 else { return 0 }
        let (whole, rest) = try divide(shares, times: tokens, by: allShares)
        let (decimals, tail) = try divide(rest, times: one, by: allShares)
        let lost = try divide(tail, times: one, by: allShares).quotient
        let isUp = lost > one / 2 || lost == one / 2 && decimals % 2 == 1
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: one)
        let (sum, carries) = scaled.addingReportingOverflow(decimals + (isUp ? 1 : 0))
        guard !overflow, !carries else { throw .tooLarge }
        return sum
    }

    /// What a stake has earned until now, by denomination, times 10^18.
    func rewards(of stake: Stake) throws(AnswerFault) -> [Coin] {
        let part = LedgerAnswers.part(stake.validator)
        let found = try records(
            "distribution", [[0x04] + part + LedgerAnswers.part(stake.delegator), [0x06] + part])
        guard let start = found[0], let current = found[1], try current.number(2) > 0 else { throw .malformedRecord }
        // In the block that began it a stake has earned nothing, also where its validator was given rewards.
        guard try start.number(3) != height else { return [] }
        var (period, amount, earned) = (try start.number(1), try start.amount(2), [[Coin]]())
        let slashes = try slashes(of: part, since: start.number(3))
        let periods = [period] + slashes.map(\.period) + [try current.number(2) - 1]
        var ratios = try records("distribution", periods.map { [0x05] + part + StateKey.number($0).reversed() })
            .map { (record) throws(AnswerFault) in try record?.coins(1) ?? [] }
        let last = ratios.removeLast()
        var before = ratios.removeFirst()
        for (slash, ratio) in zip(slashes, ratios) where slash.period > period {
            earned.append(try LedgerAnswers.earned(from: before, to: ratio, by: amount))
            guard slash.fraction <= LedgerAnswers.one else { throw .malformedRecord }
            amount = try LedgerAnswers.divide(
                amount, times: LedgerAnswers.one - slash.fraction, by: LedgerAnswers.one
            ).quotient
            (period, before) = (slash.period, ratio)
        }
        if amount > stake.worth {
            // What roundings may come to.
            guard amount - stake.worth <= 3 else { throw .malformedRecord }
            amount = stake.worth
        }
        // As if the period ended now. While the validator has no token, nothing is its delegators'.
        let tokens = try stake.record.amount(5)
        let grown = try current.coins(1).map { Coin(tokens == 0 ? 0 : $0.amount / tokens, $0.denomination) }
        earned.append(
            try LedgerAnswers.earned(from: before, to: LedgerAnswers.sum([last, grown]), by: amount))
        return try LedgerAnswers.sum(earned)
    }

    /// The slashes of a validator from a height on, in their order: the newest of a list that counts itself.
    private func slashes(
        of part: [UInt8], since height: UInt64
    ) throws(AnswerFault) -> [(period: UInt64, fraction: UInt128)] {
        let value = try values("distribution", [[0xE0] + part])[0]
        guard let count = StateKey.number(decoding: value ?? StateKey.number(UInt64(0))) else {
            throw .malformedRecord
        }
        let newest = count - min(count, LedgerAnswers.slashesMax)..<count
        var keys = [[UInt8]]()
        for place in try values("distribution", newest.map { [0xE1] + part + StateKey.number($0) }) {
            guard let place, place.count == 16, let at = StateKey.number(decoding: place.prefix(8)) else {
                throw .malformedRecord
            }
            if at >= height { keys.append([0x08] + part + place) }
        }
        guard keys.count < LedgerAnswers.slashesMax else { throw .refused("a stake that was slashed too often") }
        return try records("distribution", keys).map { (record) throws(AnswerFault) in
            guard let record else { throw .malformedRecord }
            return (try record.number(1), try record.amount(2))
        }
    }

    /// What `stake` earned while a sum per token grew.
    private static func earned(
        from start: [Coin], to end: [Coin], by stake: UInt128
    ) throws(AnswerFault) -> [Coin] {
        try end.map { (coin) throws(AnswerFault) in
            let before = start.first { $0.denomination == coin.denomination }?.amount ?? 0
            guard coin.amount >= before else { throw .malformedRecord }
            return Coin(try divide(coin.amount - before, times: stake, by: one).quotient, coin.denomination)
        }
    }

    static func sum(_ lists: [[Coin]]) throws(AnswerFault) -> [Coin] {
        do throws(Coins.Fault) {
            return try Coins.sum(
                lists.map { (list) throws(Coins.Fault) in try Coins(list.filter { $0.amount > 0 }) }
            ).list
        } catch {
            throw error == .overflow ? .tooLarge : .malformedRecord
        }
    }
}
