import PublicCryptography
import Wire

/// How a client that has not followed every height may trust a later header: some of those it trusted must have signed
/// it.
package struct SkippingRules: Sendable {
    /// The share of the trusted set's power that must have signed, as a fraction: more than a third, so that one honest
    /// validator has, and at most all of it.
    let numerator: Int64
    let denominator: Int64
    /// For how long a set can still be punished for what it signs.
    let trustingPeriodNanoseconds: Int64
    let clockDriftNanoseconds: Int64

    /// `nil` unless the share is between a third and one.
    package init?(
        numerator: Int64 = 1, denominator: Int64 = 3, trustingPeriodNanoseconds: Int64, clockDriftNanoseconds: Int64
    ) {
        guard (1...100).contains(numerator), (numerator...3 * numerator).contains(denominator) else { return nil }
        (self.numerator, self.denominator) = (numerator, denominator)
        self.trustingPeriodNanoseconds = trustingPeriodNanoseconds
        self.clockDriftNanoseconds = clockDriftNanoseconds
    }
}

/// Why a later header is not believed. None of these changes the head.
package enum SkipRefusal: Error, Hashable {
    /// The head is too old to vouch for anything.
    case expired
    case fromTheFuture
    /// The set named by the head signed too little of it: a header in between may lead there.
    case notEnoughTrust
    case header(HeaderRefusal)
}

extension ChainHead {
    /// Accepts any later header of the chain, or says why not. `trusted` is the set that this head names for the height
    /// after it. Where heights in between have to be tried is left to the caller (CometBFT: `light.Verify`).
    package func verify(
        skippingTo next: UnverifiedHeader, trusting trusted: ValidatorSet, by rules: SkippingRules, at now: Timestamp,
        chainID: String
    ) throws(SkipRefusal) -> VerifiedHeader {
        let header = next.header
        guard time.adding(nanoseconds: rules.trustingPeriodNanoseconds) > now else { throw .expired }
        guard header.height > height else { throw .header(.wrongHeight) }
        guard header.time > time else { throw .header(.timeNotLater) }
        guard header.time < now.adding(nanoseconds: rules.clockDriftNanoseconds) else { throw .fromTheFuture }
        guard trusted.hash() == nextValidatorsHash else { throw .header(.wrongValidators) }
        let isNext = header.height - 1 == height
        let expected = isNext ? nextValidatorsHash : header.validatorsHash
        if !isNext {
            // What is not even in its own right what it says is not worth a header in between.
            guard next.isNamedByItsCommit, next.validators.hash() == expected else { throw .header(.commitForAnother) }
            guard next.commit.isTrusted(by: trusted, rules, chainID: chainID) else { throw .notEnoughTrust }
        }
        do throws(HeaderRefusal) {
            return try next.verify(signedBy: expected, chainID: chainID)
        } catch {
            throw .header(error)
        }
    }
}

extension ChainHead {
    /// Accepts any later header for one who follows the chain and only leaves out heights.
    ///
    /// More than two thirds of the set that this head names must have signed it, so that a fork takes as many liars as
    /// one of the next height would. There is no clock to be asked: what must not be too late is the header, by block
    /// time, for within that time who signed it can still be punished.
    package func skip(
        to next: UnverifiedHeader, trusting trusted: ValidatorSet, on anchor: ChainAnchor,
        within nanoseconds: Int64 = trustingPeriodNanoseconds
    ) throws(HeaderRefusal) -> VerifiedHeader {
        guard next.header.chainID == anchor.chainID else { throw .wrongChain }
        guard next.header.height > height, next.header.height - 1 > height else { throw .wrongHeight }
        let skipping = SkippingRules(
            numerator: 2, denominator: 3, trustingPeriodNanoseconds: nanoseconds,
            clockDriftNanoseconds: 1)
        guard let rules = skipping else { throw .beyondTrust }
        do throws(SkipRefusal) {
            return try verify(
                skippingTo: next, trusting: trusted, by: rules, at: next.header.time, chainID: anchor.chainID)
        } catch {
            switch error {
            case .expired, .fromTheFuture: throw .beyondTrust
            case .notEnoughTrust: throw .notTrusted
            case .header(let refusal): throw refusal
            }
        }
    }

    /// Two weeks: two thirds of the time that validators' coins are bound on the chains that this one is like.
    package static let trustingPeriodNanoseconds: Int64 = 14 * 24 * 3600 * 1_000_000_000
}

extension UnverifiedHeader {
    fileprivate var isNamedByItsCommit: Bool { commit.height == header.height && commit.blockID?.hash == header.hash() }
}

extension Commit {
    /// Whether more than this share of the power of `trusted`, which need not be the set of this height, signed the
    /// block.
    fileprivate func isTrusted(by trusted: ValidatorSet, _ rules: SkippingRules, chainID: String) -> Bool {
        let needed = Int64(clamping: Int128(trusted.totalPower) * Int128(rules.numerator) / Int128(rules.denominator))
        var counted = [Bool](repeating: false, count: trusted.count)
        var signed: Int64 = 0
        for (slot, signature) in signatures.enumerated() where signature.flag == .commit {
            guard let address = signature.validatorAddress, let index = trusted.index(of: address), !counted[index],
                isSigned(slot, by: trusted.validators[index], chainID: chainID)
            else { continue }
            counted[index] = true
            signed += trusted.validators[index].power
            if signed > needed { return true }
        }
        return false
    }
}
