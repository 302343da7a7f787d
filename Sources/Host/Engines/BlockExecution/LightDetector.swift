import BlockStorage
import ChainFormats
import DecidedBlocks
import PublicCryptography
import Wire

/// Another node whom a light client asks for the headers that it believes already, and tells if they differ.
package protocol LightWitness: LightBlockSource {
    /// The last header that it has.
    func lastLightBlock() throws -> UnverifiedHeader
    /// Throws if it does not take it.
    func take(_ evidence: Evidence) throws
}

/// How validators signed two chains.
package enum LightAttackKind: String, Sendable {
    /// A header that does not follow from the chain: its state, results, parameters or set are another's.
    case lunatic
    /// Both headers could follow, and were decided in one round.
    case equivocation
    /// In different rounds: validators forgot what they were locked by. Nobody can be named for it.
    case amnesia
}

/// Two chains, each signed as the light client asks.
package struct LightAttack: Hashable, Sendable {
    package var kind: LightAttackKind
    /// Where the two chains were last the same.
    package var commonHeight: Int64
    /// Blames who signed the primary's header: for the witness.
    package var ofPrimary: LightClientAttack
    /// Blames who signed the witness's header: for the primary. `nil` if the primary does not stand by its header.
    package var ofWitness: LightClientAttack?
}

/// What asking a witness about a header came to.
package enum WitnessFinding: Sendable {
    case agrees
    /// It does not answer, or has not come so far.
    case silent
    /// It shows what it cannot prove: it is of no use as a witness.
    case wrong(LightRefusal)
    case attack(LightAttack)
}

/// Compares the headers that a light client came to with those of other nodes, as CometBFT's detector does: one node,
/// or validators who sign two chains, can deceive a client that asks nobody else.
package struct LightDetector: Sendable {
    package var rules: LightRules
    /// A witness that takes longer has not answered.
    package var patience = Duration.seconds(120)
    /// Waits until a witness that is behind may have come as far as an honest one would.
    package var wait: @Sendable () -> Void

    package init(_ rules: LightRules, wait: @escaping @Sendable () -> Void = {}) {
        (self.rules, self.wait) = (rules, wait)
    }

    /// - Parameters:
    ///   - trace: the way to the header that is compared, its last.
    ///   - primary: who showed it; `nil` if nobody can be asked about it.
    package func compare(
        _ trace: LightTrace, with witness: any LightWitness, primary: (any LightBlockSource)?, at now: Timestamp
    ) -> WitnessFinding {
        let target = trace.last
        let witness = HurriedWitness(witness, patience)
        guard let shown = shown(by: witness, beside: target) else { return .silent }
        if shown.header.height == target.header.height, shown.header.hash() == target.header.hash() { return .agrees }
        do throws(LightRefusal) {
            guard let (theirs, first) = try part(trace, from: shown, of: witness, at: now) else {
                return .wrong(.another(height: target.header.height))
            }
            return .attack(attack(theirs, first, primary, now))
        } catch {
            return witness.isLate ? .silent : .wrong(error)
        }
    }

    /// At the target's height; or the last that it has, if by its time there should be more: then the target is of a
    /// chain that ran ahead.
    private func shown(by witness: any LightWitness, beside target: UnverifiedHeader) -> UnverifiedHeader? {
        for isLastTime in [false, true] {
            if let shown = try? witness.header(target.header.height) { return shown }
            guard let last = try? witness.lastLightBlock() else { return nil }
            if last.header.height >= target.header.height { return try? witness.header(target.header.height) }
            if last.header.time >= target.header.time { return last }
            if !isLastTime { wait() }
        }
        return nil
    }

    /// CometBFT: `examineConflictingHeaderAgainstTrace`. Goes along the trace until `source` shows another header and
    /// can prove it: its way there from the last one that is common, and the header of the trace. `nil` if it shows the
    /// same all along.
    private func part(
        _ trace: LightTrace, from shown: UnverifiedHeader, of source: any LightBlockSource, at now: Timestamp
    ) throws(LightRefusal) -> (theirs: LightTrace, ours: UnverifiedHeader)? {
        guard shown.header.height >= trace.headers[0].header.height else {
            throw .notShown(height: trace.headers[0].header.height)
        }
        var common: UnverifiedHeader?
        for ours in trace.headers {
            guard let before = common else {
                let theirs = try source.header(ours.header.height)
                guard theirs.header.hash() == ours.header.hash() else {
                    throw .another(height: ours.header.height)
                }
                common = theirs
                continue
            }
            let theirs: UnverifiedHeader
            if ours.header.height > shown.header.height {
                // A chain that ran ahead: its time must be later than that of every header which the other has.
                guard ours.header.time <= shown.header.time else { throw .notShown(height: ours.header.height) }
                theirs = shown
            } else {
                theirs =
                    ours.header.height == shown.header.height ? shown : try source.header(ours.header.height)
            }
            let way = try LightTrace(from: before, to: theirs, by: rules, at: now, source)
            guard theirs.header.hash() == ours.header.hash() else { return (way, ours) }
            common = theirs
        }
        return nil
    }

    private func attack(
        _ theirs: LightTrace, _ first: UnverifiedHeader, _ primary: (any LightBlockSource)?, _ now: Timestamp
    ) -> LightAttack {
        let (common, trusted) = (theirs.headers[0], theirs.last)
        var found = LightAttack(
            kind: first.header.isDerivedOtherwise(than: trusted.header)
                ? .lunatic : first.commit.round == trusted.commit.round ? .equivocation : .amnesia,
            commonHeight: common.header.height,
            ofPrimary: LightClientAttack(first, beside: trusted, common: common), ofWitness: nil)
        // The same from the other side: each of the two may be the one who lies.
        if let primary, let back = try? part(theirs, from: first, of: primary, at: now) {
            found.ofWitness = LightClientAttack(back.ours, beside: back.theirs.last, common: back.theirs.headers[0])
        }
        return found
    }
}

/// One that shows nothing more after a while: it may answer slowly, and never end.
private struct HurriedWitness: LightWitness {
    struct Late: Error {}
    private let inner: any LightWitness
    private let deadline: ContinuousClock.Instant

    init(_ inner: any LightWitness, _ patience: Duration) {
        (self.inner, deadline) = (inner, ContinuousClock.now + patience)
    }

    var isLate: Bool { ContinuousClock.now >= deadline }

    private func hurry() throws { if isLate { throw Late() } }

    func lightBlock(_ height: Int64) throws -> UnverifiedHeader {
        try hurry()
        return try inner.lightBlock(height)
    }
    func lastLightBlock() throws -> UnverifiedHeader {
        try hurry()
        return try inner.lastLightBlock()
    }
    func take(_ evidence: Evidence) throws { try inner.take(evidence) }
}

extension LightClientAttack {
    /// CometBFT: `newLightClientAttackEvidence`. Of a header that does not follow from the chain the common height's
    /// set is to blame, else the set of the header's own height.
    init(_ conflicting: UnverifiedHeader, beside trusted: UnverifiedHeader, common: UnverifiedHeader) {
        let place = conflicting.header.isDerivedOtherwise(than: trusted.header) ? common : trusted
        // A set whose turn nobody has said is none to CometBFT; and one false signature behind those that suffice makes
        // a node refuse all of them.
        var conflicting = conflicting
        conflicting.commit = conflicting.trueCommit
        let set = conflicting.validators
        conflicting.validators = ValidatorSet(ordered: set.validators, proposer: set.proposer.address) ?? set
        self.init(
            conflicting: conflicting, commonHeight: place.header.height,
            byzantine: conflicting.guilty(
                common: common.validators, beside: trusted.header, decidedBy: trusted.trueCommit),
            totalPower: place.validators.totalPower, time: place.header.time)
    }
}

extension UnverifiedHeader {
    /// Its commit without the votes for the block that are not its validators'.
    fileprivate var trueCommit: Commit {
        var commit = commit
        for (slot, signature) in commit.signatures.enumerated() where signature.flag == .commit {
            if validators.validators.indices.contains(slot),
                signature.validatorAddress == validators.validators[slot].address,
                let message = commit.signBytes(at: slot, chainID: header.chainID),
                Ed25519.verify(
                    signature: signature.signature, message: message,
                    publicKey: validators.validators[slot].publicKey)
            {
                continue
            }
            commit.signatures[slot] = .absent
        }
        return commit
    }
}
