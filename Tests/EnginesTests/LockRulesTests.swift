import ChainFormats
import ConsensusCore
import DecidedBlocks
import Testing
import Wire

/// CometBFT 0.38's rules for locks and rounds, as scenarios of its own tests tell them (`consensus/state_test.go`,
/// named in each title). Four validators of equal power; this node is `own`, counted from the proposer of round 0.
@Suite struct LockRulesTests {
    let a = NamedBlock("A")
    let b = NamedBlock("B")
    let c = NamedBlock("C")

    private func votes(_ rig: CoreRig) -> [String] { rig.votes(naming: ["A", "B", "C"]) }

    /// Locked on A in round 0, whose other precommits are nil; now in round 1.
    private func lockedOnA() -> CoreRig {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.prevote, a, round: 0, by: [0, 1, 3])
        rig.vote(.precommit, a, round: 0, by: [3])
        rig.vote(.precommit, nil, round: 0, by: [0, 1])
        rig.timeout(.precommit, 0)
        #expect(rig.core.round == 1 && rig.core.locked?.blockID == a.id)
        rig.effects.removeAll()
        return rig
    }

    @Test("StateLockNoPOL: locked, it prevotes its block without a proposal, and precommits nil without a polka")
    func noPolka() {
        var rig = lockedOnA()
        rig.timeout(.propose, 1)
        #expect(votes(rig) == ["prevote 1 A"])
        rig.vote(.prevote, a, round: 1, by: [3])
        rig.vote(.prevote, b, round: 1, by: [0, 1])
        rig.timeout(.prevote, 1)
        #expect(votes(rig) == ["prevote 1 A", "precommit 1 nil"])
        #expect(rig.core.locked?.blockID == a.id && rig.core.locked?.round == 0)
        rig.vote(.precommit, nil, round: 1, by: [0, 1, 3])
        rig.timeout(.precommit, 1)
        rig.propose(b, round: 2)
        #expect(votes(rig).last == "prevote 2 A")
    }

    @Test("StateLockPOLRelock: it prevotes its block though another is proposed, and locks the other on its polka")
    func relock() {
        var rig = lockedOnA()
        rig.propose(c, round: 1)
        #expect(votes(rig) == ["prevote 1 A"])
        rig.vote(.prevote, c, round: 1, by: [0, 1, 2])
        #expect(votes(rig) == ["prevote 1 A", "precommit 1 C"])
        #expect(rig.core.locked?.blockID == c.id && rig.core.locked?.round == 1)
        rig.vote(.precommit, c, round: 1, by: [0, 1, 3])
        #expect(rig.decision?.blockID == c.id)
    }

    @Test("the same block with a polka again is locked again, in the later round")
    func relockSame() {
        var rig = lockedOnA()
        rig.propose(a, round: 1, polRound: 0)
        rig.vote(.prevote, a, round: 1, by: [0, 1, 3])
        #expect(votes(rig) == ["prevote 1 A", "precommit 1 A"])
        #expect(rig.core.locked?.round == 1)
    }

    @Test("StateLockPOLUnlock: a later polka for nil unlocks")
    func unlock() {
        var rig = lockedOnA()
        rig.propose(c, round: 1)
        rig.vote(.prevote, a, round: 1, by: [3])
        rig.vote(.prevote, nil, round: 1, by: [0, 1, 2])
        #expect(votes(rig) == ["prevote 1 A", "precommit 1 nil"])
        #expect(rig.core.locked == nil)
        rig.vote(.precommit, nil, round: 1, by: [0, 1, 3])
        rig.timeout(.precommit, 1)
        rig.propose(b, round: 2)
        #expect(votes(rig).last == "prevote 2 B")
    }

    @Test("StateLockPOLUnlockOnUnknownBlock: a later polka for a block that is not here unlocks; a third may be locked")
    func unlockOnUnknown() {
        var rig = lockedOnA()
        rig.timeout(.propose, 1)
        rig.vote(.prevote, a, round: 1, by: [3])
        rig.vote(.prevote, b, round: 1, by: [0, 1, 2])
        rig.timeout(.prevote, 1)
        #expect(votes(rig) == ["prevote 1 A", "precommit 1 nil"])
        #expect(rig.core.locked == nil)
        rig.timeout(.precommit, 1)
        rig.propose(c, round: 2)
        rig.vote(.prevote, c, round: 2, by: [0, 1, 2])
        #expect(votes(rig).suffix(2) == ["prevote 2 C", "precommit 2 C"])
        #expect(rig.core.locked?.blockID == c.id)
    }

    @Test("StateLockPOLSafety1: a polka of a round before the lock, seen late, changes nothing")
    func earlierPolka() {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.precommit, nil, round: 0, by: [0, 1, 2])
        rig.timeout(.precommit, 0)
        rig.propose(b, round: 1)
        rig.vote(.prevote, b, round: 1, by: [0, 1, 2])
        rig.vote(.precommit, nil, round: 1, by: [0, 1, 2])
        rig.timeout(.precommit, 1)
        rig.timeout(.propose, 2)
        #expect(votes(rig).last == "prevote 2 B")
        let before = votes(rig)
        rig.vote(.prevote, a, round: 0, by: [0, 1, 2])
        #expect(votes(rig) == before && rig.core.locked?.blockID == b.id && rig.core.round == 2)
    }

    @Test("StateLockPOLSafety2: a block proposed again with a polka older than the lock gets the locked block's vote")
    func olderProofOfLock() {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.timeout(.precommit, 0)
        rig.propose(b, round: 1)
        rig.vote(.prevote, b, round: 1, by: [0, 1, 3])
        rig.vote(.precommit, nil, round: 1, by: [0, 1])
        rig.vote(.precommit, b, round: 1, by: [2])
        rig.timeout(.precommit, 1)
        rig.vote(.prevote, a, round: 0, by: [0, 1, 2])
        rig.propose(a, round: 2, polRound: 0)
        #expect(votes(rig).last == "prevote 2 B" && rig.core.locked?.blockID == b.id)
    }

    @Test("a polka between the lock and this round, seen late, unlocks at any step")
    func polkaInBetween() {
        var rig = lockedOnA()
        rig.timeout(.propose, 1)
        rig.vote(.precommit, nil, round: 1, by: [0, 1, 2])
        rig.timeout(.precommit, 1)
        #expect(rig.core.round == 2 && rig.core.locked?.blockID == a.id)
        rig.vote(.prevote, nil, round: 1, by: [0, 1, 2])
        #expect(rig.core.locked == nil)
        rig.propose(c, round: 2)
        #expect(votes(rig).last == "prevote 2 C")
    }

    @Test("ProposeValidBlock: unlocked by a polka for nil, the proposer still proposes its valid block again")
    func proposesValid() {
        var rig = CoreRig(own: 2)
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.prevote, a, round: 0, by: [0, 1, 2])
        rig.vote(.precommit, nil, round: 0, by: [0, 1, 3])
        rig.timeout(.precommit, 0)
        rig.timeout(.propose, 1)
        rig.vote(.prevote, nil, round: 1, by: [0, 1, 3])
        #expect(rig.core.locked == nil)
        rig.vote(.precommit, nil, round: 1, by: [0, 1, 3])
        rig.timeout(.precommit, 1)
        let reused = rig.effects.compactMap { effect in
            if case .propose(_, 2, let reused) = effect { reused } else { nil }
        }
        #expect(reused.first?.blockID == a.id && reused.first?.polRound == 0)
    }

    @Test("SetValidBlockOnDelayedProposal: the proposal that comes after our precommit for nil is valid by its polka")
    func delayedProposal() {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.timeout(.propose, 0)
        rig.vote(.prevote, a, round: 0, by: [0, 1, 2])
        rig.timeout(.prevote, 0)
        #expect(votes(rig) == ["prevote 0 nil", "precommit 0 nil"] && rig.core.valid == nil)
        rig.propose(a, round: 0)
        #expect(rig.core.valid?.blockID == a.id && rig.core.valid?.round == 0 && rig.core.locked == nil)
    }

    @Test("WaitingTimeoutOnNilPolka: two thirds of nil precommits do not end the round before the timer does")
    func nilPrecommits() {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.vote(.precommit, nil, round: 0, by: [0, 1, 2])
        #expect(rig.core.round == 0 && rig.scheduled(.precommit, 0) == 1)
        rig.timeout(.precommit, 0)
        #expect(rig.core.round == 1)
    }

    @Test("the precommit timer that ends a round without our precommit casts it, for nil, and then goes on")
    func precommitTimerVotes() {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.precommit, nil, round: 0, by: [0])
        rig.vote(.precommit, a, round: 0, by: [1, 2])
        #expect(votes(rig) == ["prevote 0 A"] && rig.scheduled(.precommit, 0) == 1)
        rig.timeout(.precommit, 0)
        #expect(votes(rig) == ["prevote 0 A", "precommit 0 nil"] && rig.core.round == 1)
    }

    @Test(
        "RoundSkipOnNilPolkaFromHigherRound: two thirds of nil precommits of a later round are joined and waited for")
    func skipOnNilPrecommits() {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.timeout(.propose, 0)
        rig.vote(.precommit, nil, round: 1, by: [0, 1])
        #expect(rig.core.round == 0)
        rig.vote(.precommit, nil, round: 1, by: [2])
        #expect(rig.core.round == 1)
        #expect(votes(rig) == ["prevote 0 nil", "precommit 1 nil"] && rig.scheduled(.precommit, 1) == 1)
        rig.timeout(.precommit, 1)
        #expect(rig.core.round == 2)
    }

    @Test(
        "a later round is joined on two thirds of its prevotes, or of its precommits, and nothing is voted in between")
    func skipOnPrevotes() {
        var rig = CoreRig(own: 2)
        rig.begin()
        rig.vote(.prevote, nil, round: 3, by: [0, 1])
        rig.vote(.precommit, nil, round: 3, by: [3])
        #expect(rig.core.round == 0)
        rig.vote(.prevote, a, round: 3, by: [3])
        #expect(rig.core.round == 3 && rig.core.step == .propose && votes(rig).isEmpty)
        rig.timeout(.propose, 3)
        #expect(votes(rig) == ["prevote 3 nil"])
    }

    @Test("EmitNewValidBlockEventOnCommitWithoutBlock, CommitFromPreviousRound: decided, no round and no timer goes on")
    func commitStep() {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.timeout(.precommit, 0)
        rig.vote(.precommit, b, round: 0, by: [0, 1, 2])
        #expect(rig.core.step == .commit && rig.decision == nil)
        #expect(rig.core.currentParts?.header == b.parts.header && rig.core.currentParts?.receivedCount == 0)
        rig.timeout(.propose, 1)
        rig.timeout(.precommit, 1)
        rig.vote(.prevote, a, round: 4, by: [0, 1, 2])
        rig.propose(a, round: 2)
        #expect(rig.core.step == .commit && rig.core.round == 1 && votes(rig) == ["precommit 0 nil"])
        rig.sendParts(b)
        #expect(rig.decision?.blockID == b.id && rig.decision?.round == 0)
    }

    @Test("a decided block that is still arriving keeps the parts that are here, whatever rounds come")
    func partsAreKept() {
        let text = String(repeating: "block of three parts ", count: 8000)
        let large = NamedBlock(text)
        #expect(large.parts.header.total == 3)
        var rig = CoreRig(own: 3, blockBytesMax: 1_000_000)
        rig.begin()
        rig.propose(large, round: 0, withParts: false)
        rig.send(.part(height: CoreRig.height, large.parts[0]!))
        rig.vote(.precommit, large, round: 0, by: [0, 1, 2])
        rig.send(.part(height: CoreRig.height, large.parts[2]!))
        rig.timeout(.propose, 0)
        rig.timeout(.precommit, 0)
        rig.vote(.precommit, nil, round: 1, by: [0, 1, 2])
        rig.send(.part(height: CoreRig.height, large.parts[1]!))
        #expect(rig.decision?.blockID == large.id && rig.decision?.round == 0)
    }

    @Test(
        "StateOversizedBlock: a block that is larger than it may be is prevoted nil, though its parts are not too many")
    func oversized() {
        var rig = CoreRig(own: 3, blockBytesMax: 1000)
        let (large, fitting) = (
            NamedBlock(String(repeating: "x", count: 1001)), NamedBlock(String(repeating: "x", count: 1000))
        )
        rig.begin()
        rig.propose(large, round: 0)
        #expect(votes(rig) == ["prevote 0 nil"])
        rig.timeout(.precommit, 0)
        rig.propose(fitting, round: 1)
        #expect(rig.effects.contains(.vote(.prevote, height: CoreRig.height, round: 1, fitting.id)))
    }

    @Test("StateBadProposal: an invalid block is prevoted nil, and the round ends as any other")
    func badProposal() {
        var rig = CoreRig(own: 3)
        rig.validity[b.id] = .invalid
        rig.begin()
        rig.propose(b, round: 0)
        #expect(votes(rig) == ["prevote 0 nil"])
        rig.vote(.prevote, nil, round: 0, by: [0, 1, 3])
        #expect(votes(rig) == ["prevote 0 nil", "precommit 0 nil"])
        rig.vote(.precommit, nil, round: 0, by: [0, 1, 3])
        rig.timeout(.precommit, 0)
        rig.propose(a, round: 1)
        #expect(votes(rig).last == "prevote 1 A")
    }

    @Test(
        "StateFullRound2: one after the other, a block is prevoted, locked and decided, and what comes later changes nothing"
    )
    func fullRound() {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.prevote, a, round: 0, by: [3, 0])
        #expect(rig.core.locked == nil)
        rig.vote(.prevote, a, round: 0, by: [1])
        #expect(votes(rig) == ["prevote 0 A", "precommit 0 A"] && rig.core.locked?.blockID == a.id)
        rig.vote(.precommit, a, round: 0, by: [3, 0])
        #expect(rig.decision == nil)
        rig.vote(.precommit, a, round: 0, by: [1])
        #expect(rig.decision?.blockID == a.id)
        let effects = rig.effects
        rig.vote(.precommit, a, round: 0, by: [2])
        rig.vote(.prevote, nil, round: 1, by: [0, 1, 2])
        rig.timeout(.precommit, 0)
        #expect(rig.effects == effects)
    }

    @Test(
        "StateSlashingPrevotes: a prevote for another block beside the first makes no two thirds, and the round goes on"
    )
    func conflictingPrevotes() {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.prevote, a, round: 0, by: [3])
        rig.vote(.prevote, b, round: 0, by: [0])
        rig.vote(.prevote, c, round: 0, by: [0])
        #expect(rig.scheduled(.prevote, 0) == 0)
        rig.vote(.prevote, nil, round: 0, by: [1])
        #expect(rig.scheduled(.prevote, 0) == 1 && votes(rig) == ["prevote 0 A"])
    }

    @Test("a block that is here is decided at once by precommits of a round that this node has not come to")
    func decidedAhead() {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.precommit, a, round: 3, by: [0, 1, 2])
        #expect(rig.decision?.blockID == a.id && rig.decision?.round == 3 && rig.core.round == 3)
        #expect(!rig.effects.contains { if case .validBlock = $0 { true } else { false } })
        #expect(votes(rig) == ["prevote 0 A", "precommit 3 nil"])
    }

    @Test(
        "what is decided without this node's precommit gets it all the same: for the block if it has its polka, else nil"
    )
    func precommitsOnDecision() {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.precommit, a, round: 0, by: [0, 1, 2])
        #expect(votes(rig) == ["prevote 0 A", "precommit 0 nil"] && rig.decision?.blockID == a.id)
        rig = CoreRig(own: 3)
        rig.begin()
        rig.vote(.prevote, a, round: 0, by: [0, 1, 2])
        rig.vote(.precommit, a, round: 0, by: [0, 1, 2])
        #expect(votes(rig) == ["precommit 0 nil"] && rig.core.locked == nil && rig.core.step == .commit)
        rig.sendParts(a)
        #expect(rig.decision?.blockID == a.id)
    }

    @Test("StateHalt1: a precommit of an earlier round that comes at last decides")
    func latePrecommit() {
        var rig = lockedOnA()
        rig.timeout(.propose, 1)
        #expect(votes(rig) == ["prevote 1 A"])
        rig.vote(.precommit, a, round: 0, by: [2])
        #expect(rig.decision == nil)
        var other = CoreRig(own: 3)
        other.begin()
        other.propose(a, round: 0)
        other.vote(.prevote, a, round: 0, by: [0, 1, 3])
        other.vote(.precommit, a, round: 0, by: [1, 3])
        other.vote(.precommit, nil, round: 0, by: [0])
        other.timeout(.precommit, 0)
        other.vote(.precommit, a, round: 0, by: [2])
        #expect(other.decision?.blockID == a.id && other.decision?.round == 0)
    }

    @Test(
        "ProposerSelection: the turn in a later round steps by the rounds that this node saw, all at once or one by one"
    )
    func proposerByRoundsSeen() {
        // Powers for which one call with two steps and two calls with one do not end at the same proposer.
        let set = UnequalSteps.validators
        func proposer(passing rounds: [Int32]) -> ValidatorAddress {
            var core = ConsensusMachine(UnequalSteps.start)
            _ = core.handle(.enterHeight(UnequalSteps.start))
            _ = core.handle(.timeout(ConsensusTimeout(.newHeight, height: UnequalSteps.start.height, round: 0)))
            for round in rounds {
                for index in 0..<set.count { _ = core.handle(.vote(UnequalSteps.vote(round: round, index: index))) }
            }
            #expect(core.round == UnequalSteps.round)
            return core.proposer(ofRound: core.round).address
        }
        let times = UnequalSteps.round
        let atOnce = set.incrementingProposerPriority(times: times).proposer.address
        var stepped = set
        for _ in 0..<times { stepped.incrementProposerPriority(times: 1) }
        #expect(atOnce != stepped.proposer.address)
        #expect(proposer(passing: [times]) == atOnce)
        #expect(proposer(passing: (1...times).map { $0 }) == stepped.proposer.address)
    }
}

/// A set whose priorities lie so far apart that every call of proposer selection rescales them: two rounds passed at
/// once and one after the other end at different proposers.
enum UnequalSteps {
    static let round: Int32 = 2

    static let validators: ValidatorSet = {
        let members = zip([14, 4, 2, 1], [16, 16, -5, -26]).enumerated().map { index, entry in
            Validator(
                publicKey: [UInt8](repeating: UInt8(index), count: 32), power: entry.0, proposerPriority: entry.1)!
        }
        return ValidatorSet(ordered: members)!
    }()

    static let start = HeightStart(
        height: 3, chainID: "rig", validators: validators, ownAddress: nil, blockBytesMax: 1000,
        waitsForTransactions: false)

    static func vote(round: Int32, index: Int) -> VerifiedVote {
        VerifiedVote(
            unchecked: Vote(
                kind: .prevote, height: start.height, round: round, blockID: nil, timestamp: .goZero,
                validatorAddress: validators.validators[index].address, validatorIndex: Int32(index), signature: [1]))
    }
}
