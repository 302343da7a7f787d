import DecidedBlocks
import PublicCryptography
import Wire

/// How a light client follows: CometBFT's rules, with its numbers.
package struct LightRules: Sendable {
    package var chainID: String
    /// For how long who signed a header can still be punished for it.
    package var trustingPeriodNanoseconds = ChainHead.trustingPeriodNanoseconds
    /// Whether that is measured up to the time of the header that it vouches for, not to this moment: for a way that
    /// was believed before, and may be long.
    package var goesByBlockTime = false
    /// How far the clocks of those who sign may be ahead of this one.
    package var clockDriftNanoseconds: Int64 = 10_000_000_000

    package init(chainID: String) { self.chainID = chainID }
}

/// Why a light client does not believe what it is shown.
package enum LightRefusal: Error, Hashable {
    /// What is believed is too old to vouch for anything.
    case expired
    case fromTheFuture
    /// Another header is shown where one is believed already.
    case another(height: Int64)
    case notShown(height: Int64)
    /// Too few of those who are believed signed it, and no header between leads there.
    case notTrusted
    case header(HeaderRefusal)
}

/// The headers over which a light client came from one that it believes to a later one; the first is the one believed.
///
/// Other than `LightTrail`, which leads an enclave, it takes a third of the believed set, at a height of its own: so
/// that evidence of two traces that part is what CometBFT's evidence rules ask for.
package struct LightTrace: Sendable {
    package private(set) var headers: [UnverifiedHeader]

    package var last: UnverifiedHeader { headers[headers.count - 1] }

    /// Of headers that were verified before, each from the one before it.
    package init(unchecked headers: [UnverifiedHeader]) {
        precondition(!headers.isEmpty)
        self.headers = headers
    }

    /// Directly where that is enough, else over headers between that `source` shows (CometBFT: `verifySkipping`).
    package init(
        from believed: UnverifiedHeader, to target: UnverifiedHeader, by rules: LightRules, at now: Timestamp,
        _ source: any LightBlockSource
    ) throws(LightRefusal) {
        headers = [believed]
        var waiting = [target]
        var shown = 0
        while let next = waiting.last {
            if next.header.height == last.header.height {
                guard next.header.hash() == last.header.hash() else { throw .another(height: next.header.height) }
                waiting.removeLast()
                continue
            }
            do throws(LightRefusal) {
                try next.isBelieved(after: last, by: rules, at: now)
                headers.append(next)
                waiting.removeLast()
            } catch {
                let (low, high) = (last.header.height, next.header.height)
                guard error == .notTrusted || error == .expired && rules.goesByBlockTime, shown < LightTrail.shownMax,
                    high - low > 1
                else { throw error }
                shown += 1
                waiting.append(try source.header(low + (high - low) / 2))
            }
        }
    }
}

extension LightBlockSource {
    /// Of this height and no other.
    func header(_ height: Int64) throws(LightRefusal) -> UnverifiedHeader {
        guard let shown = try? lightBlock(height), shown.header.height == height else {
            throw .notShown(height: height)
        }
        return shown
    }
}

extension UnverifiedHeader {
    /// CometBFT: `light.Verify`, with a third.
    fileprivate func isBelieved(
        after believed: UnverifiedHeader, by rules: LightRules, at now: Timestamp
    ) throws(LightRefusal) {
        let end = believed.header.time.adding(nanoseconds: rules.trustingPeriodNanoseconds)
        guard end > (rules.goesByBlockTime ? header.time : now) else { throw .expired }
        guard header.height > believed.header.height else { throw .header(.wrongHeight) }
        guard header.time > believed.header.time else { throw .header(.timeNotLater) }
        guard header.time < now.adding(nanoseconds: rules.clockDriftNanoseconds) else { throw .fromTheFuture }
        let isNext = header.height - 1 == believed.header.height
        do throws(HeaderRefusal) {
            _ = try checkSigned(
                by: isNext ? believed.header.nextValidatorsHash : header.validatorsHash, chainID: rules.chainID)
        } catch {
            throw .header(error)
        }
        guard isNext || commit.hasThird(of: believed.validators, chainID: rules.chainID) else { throw .notTrusted }
    }
}

extension Commit {
    /// Whether more than a third of a set, which need not be the one of this height, signed the block.
    fileprivate func hasThird(of set: ValidatorSet, chainID: String) -> Bool {
        var counted = [Bool](repeating: false, count: set.count)
        var signed: Int64 = 0
        for (slot, signature) in signatures.enumerated() where signature.flag == .commit {
            guard let address = signature.validatorAddress, let index = set.index(of: address), !counted[index],
                let message = signBytes(at: slot, chainID: chainID),
                Ed25519.verify(
                    signature: signature.signature, message: message, publicKey: set.validators[index].publicKey)
            else { continue }
            counted[index] = true
            signed += set.validators[index].power
        }
        return signed > set.totalPower / 3
    }
}
