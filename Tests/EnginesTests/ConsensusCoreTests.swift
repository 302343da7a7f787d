import ChainFormats
import ConsensusCore
import DecidedBlocks
import Testing
import Wire

/// Scenarios with four validators, named by the lines of the paper where its rules and CometBFT 0.38's are the same
/// (`LockRulesTests` has where they are not). Voter 0 proposes in round 0, voter 1 in round 1, and so on; this node is
/// `own`.
@Suite struct ConsensusCoreTests {
    let a = NamedBlock("A")
    let b = NamedBlock("B")
    let names = ["A", "B"]

    @Test("line 14: the proposer of the round proposes, the others start their timers alone")
    func proposes() {
        var rig = CoreRig(own: 0)
        rig.begin()
        #expect(rig.effects.contains(.propose(height: 3, round: 0, reusing: nil)))
        #expect(rig.scheduled(.propose, 0) == 1)
        rig = CoreRig(own: 1)
        rig.begin()
        #expect(!rig.effects.contains(.propose(height: 3, round: 0, reusing: nil)))
        #expect(rig.scheduled(.propose, 0) == 1)
    }

    @Test(
        "line 22: a valid proposal is prevoted, another gets nil",
        arguments: [(BlockValidity.valid, "A"), (.rejected, "nil"), (.invalid, "nil")])
    func prevotes(validity: BlockValidity, vote: String) {
        var rig = CoreRig(own: 1)
        rig.validity[a.id] = validity
        rig.begin()
        rig.propose(a, round: 0)
        #expect(rig.votes(naming: names) == ["prevote 0 \(vote)"])
    }

    @Test("line 57: without a proposal in time, nil; a proposal without its parts is none")
    func prevotesNil() {
        var rig = CoreRig(own: 1)
        rig.begin()
        rig.propose(a, round: 0, withParts: false)
        rig.timeout(.propose, 1)
        #expect(rig.votes(naming: names) == [])
        rig.timeout(.propose, 0)
        rig.sendParts(a)
        #expect(rig.votes(naming: names) == ["prevote 0 nil"])
    }

    @Test("line 34: two thirds of any prevotes start the timer once, and it ends in a precommit for nil")
    func prevoteWait() {
        var rig = CoreRig(own: 1)
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.prevote, a, round: 0, by: [0, 1])
        #expect(rig.scheduled(.prevote, 0) == 0)
        rig.vote(.prevote, nil, round: 0, by: [2, 3])
        #expect(rig.scheduled(.prevote, 0) == 1)
        rig.timeout(.prevote, 0)
        #expect(rig.votes(naming: names) == ["prevote 0 A", "precommit 0 nil"])
        #expect(rig.core.locked == nil)
    }

    @Test("lines 36 and 49: two thirds of prevotes lock, two thirds of precommits decide")
    func decides() {
        var rig = CoreRig(own: 1)
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.prevote, a, round: 0, by: [0, 1])
        #expect(rig.core.locked == nil)
        rig.vote(.prevote, a, round: 0, by: [2])
        #expect(rig.votes(naming: names) == ["prevote 0 A", "precommit 0 A"])
        #expect(rig.core.locked?.blockID == a.id && rig.core.valid?.round == 0)
        rig.vote(.precommit, a, round: 0, by: [0, 1])
        #expect(rig.decision == nil)
        rig.vote(.precommit, a, round: 0, by: [3])
        #expect(rig.decision?.blockID == a.id && rig.decision?.round == 0)
        #expect(rig.decision?.commit.signatures.filter { $0.flag == .commit }.count == 3)
        let after = rig.effects.count
        rig.vote(.precommit, a, round: 0, by: [2])
        rig.timeout(.precommit, 0)
        #expect(rig.effects.count == after)
    }

    @Test("a block of our own is not judged again, is proposed again as it is, and decides like another's")
    func ownBlock() {
        func proposing(_ validity: BlockValidity) -> CoreRig {
            var rig = CoreRig(own: 0)
            rig.begin()
            #expect(rig.effects.contains(.propose(height: CoreRig.height, round: 0, reusing: nil)))
            rig.propose(a, round: 0, withParts: false)
            let bytes = a.parts.assembled!
            rig.send(.ownBlock(OwnBlock(blockID: a.id, parts: a.parts, bytes: bytes, validity: validity)))
            // Its parts, should they come from others, change nothing.
            rig.sendParts(a)
            return rig
        }
        func isJudged(_ effect: ConsensusEffect) -> Bool { if case .validate = effect { true } else { false } }

        var rig = proposing(.valid)
        #expect(rig.votes(naming: names) == ["prevote 0 A"])
        rig.vote(.prevote, a, round: 0, by: [0, 1, 2])
        #expect(rig.votes(naming: names) == ["prevote 0 A", "precommit 0 A"])
        var later = rig
        rig.vote(.precommit, a, round: 0, by: [0, 1, 2])
        #expect(rig.decision?.blockID == a.id && !rig.effects.contains(where: isJudged))
        later.vote(.precommit, nil, round: 0, by: [1, 2, 3])
        for round in 0..<4 as Range<Int32> { later.timeout(.precommit, round) }
        let reused = later.effects.compactMap { effect in
            if case .propose(_, 4, let reused) = effect { reused } else { nil }
        }
        #expect(reused.count == 1 && reused[0].blockID == a.id && reused[0].bytes == a.parts.assembled)
        #expect(proposing(.rejected).votes(naming: names) == ["prevote 0 nil"])

        // Without its proposal, or for another height, it is nothing.
        var stranger = CoreRig(own: 0)
        stranger.begin()
        stranger.send(
            .ownBlock(OwnBlock(blockID: a.id, parts: a.parts, bytes: a.parts.assembled!, validity: .valid)))
        #expect(stranger.votes(naming: names).isEmpty)
    }

    @Test("line 44: two thirds of prevotes for nil precommit nil at once, and line 65 goes on to the next round")
    func nilPolka() {
        var rig = CoreRig(own: 1)
        rig.begin()
        rig.timeout(.propose, 0)
        rig.vote(.prevote, nil, round: 0, by: [0, 1, 2])
        #expect(rig.votes(naming: names) == ["prevote 0 nil", "precommit 0 nil"])
        rig.vote(.precommit, nil, round: 0, by: [0, 1, 2])
        #expect(rig.scheduled(.precommit, 0) == 1)
        rig.timeout(.precommit, 0)
        #expect(rig.core.round == 1)
        #expect(rig.effects.contains(.propose(height: 3, round: 1, reusing: nil)))
    }

    /// A node locked on A in round 0 and now in `round`.
    private func locked(own: Int = 3, enteringRound round: Int32 = 1) -> CoreRig {
        var rig = CoreRig(own: own)
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.prevote, a, round: 0, by: [0, 1, own])
        rig.vote(.precommit, nil, round: 0, by: [0, 1])
        rig.vote(.precommit, a, round: 0, by: [own])
        for round in 0..<round { rig.timeout(.precommit, round) }
        #expect(rig.core.round == round && rig.core.locked?.blockID == a.id)
        rig.effects.removeAll()
        return rig
    }

    @Test("a block that is proposed again waits for the majority that it names, if only for nil")
    func waitsForProof() {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.timeout(.precommit, 0)
        rig.propose(b, round: 1, polRound: 0)
        #expect(rig.votes(naming: names) == ["precommit 0 nil"])
        rig.vote(.prevote, b, round: 0, by: [0, 1, 2])
        #expect(rig.votes(naming: names).last == "prevote 1 B")

        rig = CoreRig(own: 3)
        rig.begin()
        rig.timeout(.precommit, 0)
        rig.propose(b, round: 1, polRound: 0)
        rig.vote(.prevote, nil, round: 0, by: [0, 1, 2])
        #expect(rig.votes(naming: names).last == "prevote 1 B")
    }

    @Test("what two thirds prevoted is good even if our application would not have it")
    func reproposedRejected() {
        var rig = CoreRig(own: 3)
        rig.validity[b.id] = .rejected
        rig.begin()
        rig.propose(b, round: 0)
        rig.vote(.prevote, b, round: 0, by: [0, 1, 2])
        #expect(rig.votes(naming: names) == ["prevote 0 nil", "precommit 0 B"])
        rig.timeout(.precommit, 0)
        rig.propose(b, round: 1, polRound: 0)
        #expect(rig.votes(naming: names).last == "prevote 1 B")
    }

    @Test("line 42: a majority that comes after our precommit makes the block valid, and line 16 proposes it again")
    func validIsReproposed() {
        var rig = CoreRig(own: 1)
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.prevote, a, round: 0, by: [1, 2])
        rig.vote(.prevote, nil, round: 0, by: [3])
        rig.timeout(.prevote, 0)
        #expect(rig.votes(naming: names) == ["prevote 0 A", "precommit 0 nil"])
        rig.vote(.prevote, a, round: 0, by: [0])
        #expect(rig.core.valid?.blockID == a.id && rig.core.locked == nil)
        rig.timeout(.precommit, 0)
        let reused = rig.effects.compactMap { effect -> ReusedBlock? in
            if case .propose(_, 1, let reused) = effect { return reused }
            return nil
        }
        #expect(reused.first?.blockID == a.id && reused.first?.polRound == 0 && reused.first?.bytes == Array("A".utf8))
    }

    @Test("line 49: the precommits of an earlier round decide")
    func commitFromEarlierRound() {
        var rig = locked(enteringRound: 2)
        rig = locked(enteringRound: 1)
        rig.vote(.precommit, a, round: 0, by: [2])
        #expect(rig.decision == nil)
        var other = CoreRig(own: 3)
        other.begin()
        other.propose(a, round: 0)
        other.vote(.prevote, a, round: 0, by: [0, 1, 3])
        other.vote(.precommit, a, round: 0, by: [3, 0])
        other.timeout(.precommit, 0)
        #expect(other.core.round == 1)
        other.vote(.precommit, a, round: 0, by: [1])
        #expect(other.decision?.round == 0 && other.decision?.blockID == a.id)
    }

    @Test("a decided block that we never saw is fetched, and decided once it is here")
    func commitOfUnknownBlock() {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.vote(.precommit, b, round: 0, by: [0, 1, 2])
        #expect(rig.effects.contains(.validBlock(height: 3, round: 0, b.id.parts, isCommit: true)))
        #expect(rig.decision == nil)
        rig.sendParts(a)
        #expect(rig.decision == nil)
        rig.sendParts(b)
        #expect(rig.decision?.blockID == b.id)
    }

    @Test("two thirds behind an invalid block stop the node")
    func haltsOnInvalidDecision() {
        var rig = CoreRig(own: 3)
        rig.validity[a.id] = .invalid
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.precommit, a, round: 0, by: [0, 1, 2])
        #expect(rig.effects.contains(.halt(a.id)) && rig.decision == nil)
    }

    @Test("two thirds of prevotes for what is invalid or not understood are outvoting: nil, and nothing is locked")
    func outvoted() {
        for validity in [BlockValidity.invalid, .notUnderstood] {
            var rig = CoreRig(own: 3)
            rig.validity[a.id] = validity
            rig.begin()
            rig.propose(a, round: 0)
            rig.vote(.prevote, a, round: 0, by: [0, 1, 2])
            #expect(rig.votes(naming: names) == ["prevote 0 nil", "precommit 0 nil"])
            #expect(rig.core.locked == nil && rig.core.valid == nil && !rig.effects.contains(.halt(a.id)))
            rig.timeout(.precommit, 0)
            #expect(rig.core.round == 1)
        }
    }

    @Test("a decided block in which something is not understood is decided")
    func notUnderstood() {
        var rig = CoreRig(own: 3)
        rig.validity[a.id] = .notUnderstood
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.precommit, a, round: 0, by: [0, 1, 2])
        #expect(rig.decision?.blockID == a.id && !rig.effects.contains(.halt(a.id)))
    }

    @Test(
        "a proposer that signs another name for the same parts: the block's own name is voted for, and not fetched twice"
    )
    func falseName() {
        var rig = CoreRig(own: 3)
        rig.begin()
        let signed = BlockID(hash: b.id.hash, parts: a.id.parts)
        let proposal = Proposal(
            height: CoreRig.height, round: 0, polRound: -1, blockID: signed, timestamp: .goZero)
        rig.send(.proposal(VerifiedProposal(unchecked: proposal)))
        rig.sendParts(a)
        #expect(rig.votes(naming: names) == ["prevote 0 A"])
        rig.vote(.prevote, a, round: 0, by: [0, 1, 2])
        #expect(rig.votes(naming: names).last == "precommit 0 A")
        rig.vote(.precommit, a, round: 0, by: [0, 1, 2])
        #expect(rig.decision?.blockID == a.id)
        #expect(rig.effects.filter { if case .validate = $0 { true } else { false } }.count == 1)
    }

    @Test("a validator that votes for two blocks is reported, and counts once for each")
    func equivocation() {
        var rig = CoreRig(own: 3)
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.prevote, b, round: 0, by: [0])
        rig.vote(.prevote, a, round: 0, by: [0, 3])
        #expect(rig.core.locked == nil && rig.scheduled(.prevote, 0) == 0)
        #expect(rig.effects.filter { if case .equivocation = $0 { true } else { false } }.count == 1)
        rig.vote(.prevote, a, round: 0, by: [1])
        #expect(rig.core.locked?.blockID == a.id)
    }

    @Test("votes for a thousand blocks take two places, and still count for a block that others vote for")
    func boundedEquivocation() {
        var set = VoteSet(validators: CoreRig.validators)
        for number in 0..<1000 {
            _ = set.add(CoreRig.vote(.prevote, NamedBlock("\(number)").id, round: 0, by: 0).vote)
        }
        let lost = CoreRig.vote(.prevote, NamedBlock("7").id, round: 0, by: 0).vote
        guard case .conflict = set.add(lost) else { Issue.record("kept"); return }
        for voter in 1...2 { _ = set.add(CoreRig.vote(.prevote, NamedBlock("7").id, round: 0, by: voter).vote) }
        #expect(set.majority == .none && set.power == 3)
        _ = set.add(lost)
        #expect(set.majority == .block(NamedBlock("7").id) && set.power == 3)
        #expect(set.add(lost) == .known)
        set.remove(0)
        #expect(set.majority == .none && set.power == 2)
    }

    @Test("nothing happens twice, however often a message comes")
    func duplicates() {
        var rig = CoreRig(own: 1)
        rig.begin()
        for _ in 0..<3 {
            rig.begin()
            rig.propose(a, round: 0)
            rig.propose(b, round: 0)
            rig.vote(.prevote, a, round: 0, by: [0, 1, 2])
        }
        #expect(rig.votes(naming: names) == ["prevote 0 A", "precommit 0 A"])
    }

    @Test("round 0 waits for transactions, of ours or in the proposal of another")
    func waitsForTransactions() {
        var rig = CoreRig(own: 0, waitsForTransactions: true)
        rig.begin()
        #expect(rig.core.step == .newRound && rig.scheduled(.propose, 0) == 0)
        rig.send(.transactionsAvailable)
        #expect(rig.core.step == .propose)
        rig = CoreRig(own: 0, waitsForTransactions: true)
        rig.send(.transactionsAvailable)
        rig.begin()
        #expect(rig.core.step == .propose)
        rig = CoreRig(own: 2, waitsForTransactions: true)
        rig.begin()
        rig.propose(a, round: 0)
        #expect(rig.votes(naming: names) == ["prevote 0 A"])
    }

    @Test("votes for far rounds take two places for each validator, the latest")
    func boundedVotes() {
        var set = HeightVoteSet(validators: CoreRig.validators)
        for round in Int32(2)...200 {
            _ = set.add(CoreRig.vote(.prevote, nil, round: round, by: 0))
            _ = set.add(CoreRig.vote(.precommit, nil, round: round, by: 0))
        }
        #expect(set.roundCount == 2)
        #expect(set.prevotes(200)?.power == 1 && set.prevotes(5) == nil)
        #expect(set.add(CoreRig.vote(.prevote, nil, round: 7, by: 0)) == .known)
        #expect(set.roundToSkipTo == nil)
        _ = set.add(CoreRig.vote(.prevote, nil, round: 199, by: 1))
        _ = set.add(CoreRig.vote(.precommit, nil, round: 199, by: 2))
        #expect(set.roundToSkipTo == nil)
        _ = set.add(CoreRig.vote(.prevote, nil, round: 199, by: 2))
        #expect(set.roundToSkipTo == 199)
    }

    @Test("a vote that finds no room is not needed, and a validator leaves its far rounds a bounded number of times")
    func refusedFarVotes() {
        var set = HeightVoteSet(validators: CoreRig.validators)
        func vote(_ round: Int32) -> Vote { CoreRig.vote(.prevote, nil, round: round, by: 0).vote }
        for round: Int32 in [10, 11] { _ = set.add(VerifiedVote(unchecked: vote(round))) }
        #expect(!set.needs(vote(9)) && !set.needs(vote(11)) && set.needs(vote(12)) && set.needs(vote(1)))
        #expect(set.add(VerifiedVote(unchecked: vote(9))) == .known)
        var last: Int32 = 12
        while last < 20_000, set.needs(vote(last)) {
            _ = set.add(VerifiedVote(unchecked: vote(last)))
            last += 1
        }
        #expect(last < 2000 && set.roundCount == 2)
        // Others have their own room, and a later round gives this one room again.
        #expect(set.needs(CoreRig.vote(.prevote, nil, round: 12, by: 1).vote))
        set.enter(round: 20_000)
        #expect(set.needs(vote(20_001)) && set.needs(vote(20_005)))
    }

    @Test("of a validator that voted twice the vote for what the majority wants is the one to pass on")
    func voteToPassOn() {
        let b = NamedBlock("B").id
        var set = VoteSet(validators: CoreRig.validators)
        func vote(_ blockID: BlockID?, by voter: Int) -> Vote {
            CoreRig.vote(.prevote, blockID, round: 0, by: voter).vote
        }
        let twice = Int(vote(nil, by: 3).validatorIndex)
        _ = set.add(vote(nil, by: 3))
        _ = set.add(vote(b, by: 3))
        #expect(set.vote(of: twice) == vote(nil, by: 3) && set.majority == .none)
        _ = set.add(vote(b, by: 0))
        _ = set.add(vote(b, by: 1))
        #expect(set.majority == .block(b) && set.vote(of: twice) == vote(b, by: 3))
        // Who has no vote for it still has its first passed on.
        _ = set.add(vote(nil, by: 2))
        #expect(set.vote(of: Int(vote(nil, by: 2).validatorIndex)) == vote(nil, by: 2))
        set.remove(twice)
        #expect(set.majority == .none && set.vote(of: twice) == nil)
    }

    @Test("who signs for rounds that never come cannot take its precommit back from a height that it decided")
    func farRoundsAndDecision() {
        var set = HeightVoteSet(validators: CoreRig.validators)
        for round in [Int32(700), 9000] { _ = set.add(CoreRig.vote(.prevote, nil, round: round, by: 0)) }
        for voter in [1, 2, 0] { _ = set.add(CoreRig.vote(.precommit, NamedBlock("A").id, round: 5, by: voter)) }
        #expect(set.decision?.round == 5)
        #expect(set.roundCount == 3)
        // The rounds of others are no room of its own: when they leave one, so does it.
        for round in [Int32(300), 301] { _ = set.add(CoreRig.vote(.prevote, nil, round: round, by: 1)) }
        for round in [Int32(302), 303] { _ = set.add(CoreRig.vote(.prevote, nil, round: round, by: 2)) }
        #expect(set.roundCount == 6 && set.precommits(5) == nil)
    }

    @Test("a proposal for a block too large, a wrong height or an impossible earlier round is ignored")
    func ignoredProposals() {
        var rig = CoreRig(own: 1)
        rig.begin()
        let large = NamedBlock(String(repeating: "x", count: 70_000))
        rig.propose(large, round: 0)
        rig.propose(a, round: 0, polRound: 0)
        rig.propose(a, round: 3)
        #expect(rig.votes(naming: names) == [])
        rig.propose(a, round: 0)
        #expect(rig.votes(naming: names) == ["prevote 0 A"])
    }
}
