import ChainFormats
import ConsensusCore
import DecidedBlocks
import Testing
import Wire

/// What becomes of precommits that come after the decision.
@Suite struct LastCommitTests {
    let a = NamedBlock("A")

    /// At the height after one that voters 0 to 2 decided for A, voter 3 still to come.
    private func rig(skips: Bool = false, voters: [Int] = [0, 1, 2]) throws -> CoreRig {
        var rig = CoreRig(own: 0)
        rig.begin()
        rig.propose(a, round: 0)
        rig.vote(.precommit, a, round: 0, by: voters)
        let votes = try #require(rig.core.decidedVotes)
        #expect(votes.commit == rig.decision?.commit)
        rig.effects.removeAll()
        var start = CoreRig.start(own: 0)
        (start.height, start.lastCommit, start.skipsCommitTimeout) = (CoreRig.height + 1, votes, skips)
        rig.send(.enterHeight(start))
        return rig
    }

    private func late(_ blockID: BlockID?, by voter: Int, kind: VoteKind = .precommit, round: Int32 = 0) -> VerifiedVote
    {
        CoreRig.vote(kind, blockID, round: round, by: voter)
    }

    @Test(
        "a late precommit joins the last commit, for the block, for nil, and for another as absent",
        arguments: [0, 1, 2])
    func joins(choice: Int) throws {
        var rig = try rig()
        let vote = late([a.id, nil, NamedBlock("B").id][choice], by: 3)
        let slot = Int(vote.vote.validatorIndex)
        #expect(rig.core.lastCommit?.commit.signatures[slot] == .absent)
        #expect(rig.core.needs(vote.vote))
        rig.send(.vote(vote))
        #expect(rig.core.lastCommit?.commit.signatures[slot].flag == [.commit, .forNil, .absent][choice])
        #expect(rig.effects.contains(.added(vote.vote)) && !rig.core.needs(vote.vote))
        #expect(rig.core.step == .newHeight)
    }

    @Test("not another round's, not a prevote, and nothing once the height has begun")
    func refused() throws {
        var rig = try rig()
        for vote in [late(a.id, by: 3, round: 1), late(a.id, by: 3, kind: .prevote)] {
            #expect(!rig.core.needs(vote.vote))
            rig.send(.vote(vote))
        }
        rig.send(.timeout(ConsensusTimeout(.newHeight, height: CoreRig.height + 1, round: 0)))
        #expect(rig.core.step == .propose)
        rig.send(.vote(late(a.id, by: 3)))
        #expect(rig.core.lastCommit?.isComplete == false)
        #expect(rig.core.lastCommit?.commit.signatures.filter { $0.flag == .commit }.count == 3)
    }

    @Test("a late precommit beside another one of the same validator is reported")
    func conflict() throws {
        var rig = try rig()
        let (first, second) = (late(a.id, by: 1), late(nil, by: 1))
        #expect(rig.core.needs(second.vote) && !rig.core.needs(first.vote))
        rig.send(.vote(second))
        #expect(rig.effects.contains(.equivocation(first.vote, second.vote)))
    }

    @Test("with all precommits here the height may begin at once, where that is wanted")
    func skipsTimeout() throws {
        var rig = try rig(skips: true)
        rig.send(.vote(late(a.id, by: 3)))
        #expect(rig.core.step == .propose)
    }

    @Test("what was counted is what a saved commit says, slot for slot")
    func restored() throws {
        let votes = try #require(try rig(voters: [0, 2, 3]).core.lastCommit)
        let commit = votes.commit
        #expect(CommittedVotes(commit, of: CoreRig.validators)?.commit == commit)
        #expect(commit.signatures.filter { $0 == .absent }.count == 1)
        var short = commit
        short.signatures.removeLast()
        #expect(CommittedVotes(short, of: CoreRig.validators) == nil)
    }
}
