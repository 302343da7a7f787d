/// What the pool holds, and the arithmetic of a constant product: nothing here wraps, and what is left over by rounding
/// stays in the pool.
// sdk: message
struct Reserves {
    var a: Amount
    var b: Amount
    /// All shares, with those that nobody has.
    var shares: Amount
}

extension Reserves {
    /// Shares of the first provider that nobody can take out: with them a share is never worth so much that rounding
    /// takes a later provider's tokens.
    static let lockedShares: Amount = 1000

    /// What comes out for `amount`; the product of the reserves does not fall.
    static func output(
        for amount: Amount, into reserveIn: Amount, from reserveOut: Amount, feePerMille: UInt32
    ) throws(ContractError) -> Amount {
        guard reserveIn > 0, reserveOut > 0 else { throw ContractError("the pool is empty") }
        let counted = try amount.scaled(by: Amount(UInt128(1000 - feePerMille)), over: 1000)
        return try reserveOut.scaled(by: counted, over: reserveIn.adding(counted))
    }

    /// Puts `amount` of one token in and returns what comes out of the other.
    mutating func swap(_ amount: Amount, isA: Bool, feePerMille: UInt32) throws(ContractError) -> Amount {
        let (reserveIn, reserveOut) = isA ? (a, b) : (b, a)
        let output = try Reserves.output(for: amount, into: reserveIn, from: reserveOut, feePerMille: feePerMille)
        let newIn = try reserveIn.adding(amount)
        let newOut = try reserveOut.subtracting(output, or: "the pool has not that much")
        (a, b) = isA ? (newIn, newOut) : (newOut, newIn)
        return output
    }

    /// Adds up to these amounts and returns what is taken and the provider's new shares.
    mutating func add(
        upToA: Amount, upToB: Amount
    ) throws(ContractError) -> (a: Amount, b: Amount, shares: Amount) {
        guard upToA > 0, upToB > 0 else { throw ContractError("add some of both tokens") }
        var taken = (a: upToA, b: upToB)
        let minted: Amount
        if shares == 0 {
            let all = upToA.geometricMean(with: upToB)
            guard all > Reserves.lockedShares else { throw ContractError("the first liquidity is too small") }
            minted = try all.subtracting(Reserves.lockedShares, or: "")
            shares = Reserves.lockedShares
        } else {
            taken.b = try upToA.scaled(by: b, over: a, roundedUp: true)
            if taken.b > upToB { taken = (a: try upToB.scaled(by: a, over: b, roundedUp: true), b: upToB) }
            guard taken.a <= upToA else { throw ContractError("the amounts are too small") }
            let byA = try taken.a.scaled(by: shares, over: a)
            let byB = try taken.b.scaled(by: shares, over: b)
            minted = min(byA, byB)
        }
        guard minted > 0 else { throw ContractError("the amounts are too small") }
        a = try a.adding(taken.a)
        b = try b.adding(taken.b)
        shares = try shares.adding(minted)
        return (taken.a, taken.b, minted)
    }

    mutating func remove(_ count: Amount) throws(ContractError) -> (a: Amount, b: Amount) {
        let given = (a: try a.scaled(by: count, over: shares), b: try b.scaled(by: count, over: shares))
        a = try a.subtracting(given.a, or: "inconsistent")
        b = try b.subtracting(given.b, or: "inconsistent")
        shares = try shares.subtracting(count, or: "inconsistent")
        return given
    }
}
