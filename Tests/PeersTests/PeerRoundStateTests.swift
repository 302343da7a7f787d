import ChainFormats
import DecidedBlocks
import PeerNetwork
import PeerWire
import PublicCryptography
import Testing
import Wire

/// The rules by which CometBFT keeps what a peer has.
@Suite struct PeerRoundStateTests {
    private let parts = PartSetHeader(total: 3, hash: .zero)
    private func step(_ height: Int64, _ round: Int32, _ step: UInt32, last: Int32 = 0) -> NewRoundStep {
        NewRoundStep(height: height, round: round, step: step, lastCommitRound: last)
    }
    private func place(_ height: Int64, _ round: Int32, _ kind: VoteKind) -> VotePlace {
        VotePlace(height: height, round: round, kind: kind)
    }
    private var proposal: Proposal {
        Proposal(
            height: 5, round: 0, polRound: -1, blockID: BlockID(hash: .zero, parts: parts), timestamp: .goZero)
    }

    @Test("A new round forgets proposal, parts and votes; a step back says nothing")
    func newRound() {
        var state = PeerRoundState()
        state.apply(step(5, 0, 3))
        state.set(proposal)
        state.setPart(height: 5, round: 0, 1)
        state.prepare(height: 5, count: 4)
        state.setVote(place(5, 0, .prevote), index: 2)
        #expect(state.partBits?.indices == [1])
        #expect(state.votes(place(5, 0, .prevote))?.indices == [2])
        state.apply(step(5, 0, 1))
        #expect(state.step == 3 && state.hasProposal)
        state.apply(step(5, 1, 1))
        #expect(!state.hasProposal && state.parts == nil && state.votes(place(5, 1, .prevote)) == nil)
    }

    @Test("The precommits of the round that decided become the last commit")
    func newHeight() {
        var state = PeerRoundState()
        state.apply(step(5, 2, 6))
        state.prepare(height: 5, count: 4)
        state.setVote(place(5, 2, .precommit), index: 3)
        var other = state
        state.apply(step(6, 0, 1, last: 2))
        #expect(state.votes(place(5, 2, .precommit))?.indices == [3])
        // It was decided in another round than the one that the peer was known to be in.
        other.apply(step(6, 0, 1, last: 1))
        #expect(other.votes(place(5, 1, .precommit)) == nil)
        other.prepare(height: 5, count: 4)
        #expect(other.votes(place(5, 1, .precommit))?.indices == [])
    }

    @Test("Precommits for a peer that is behind are kept apart, and are its round's when it comes there")
    func catchUp() {
        var state = PeerRoundState()
        state.apply(step(5, 0, 3))
        state.prepareCatchUp(height: 5, round: 2, count: 4)
        state.prepare(height: 5, count: 4)
        state.setVote(place(5, 2, .precommit), index: 1)
        #expect(state.votes(place(5, 2, .precommit))?.indices == [1])
        #expect(state.votes(place(5, 0, .precommit))?.indices == [])
        state.apply(step(5, 2, 3))
        #expect(state.precommits?.indices == [1])
    }

    @Test("What a peer says of a valid block counts for its own round, or when it is decided")
    func validBlock() {
        var state = PeerRoundState()
        state.apply(step(5, 1, 3))
        var bits = BitArray(count: 3)
        bits[0] = true
        state.applyValidBlock(height: 5, round: 0, parts, bits, isCommit: false)
        #expect(state.parts == nil)
        state.applyValidBlock(height: 5, round: 0, parts, bits, isCommit: true)
        #expect(state.parts == parts && state.partBits?.indices == [0])
        // The block that it waits for is said: nothing else is expected of it.
        state.expect(PartSetHeader(total: 9, hash: .zero))
        #expect(state.parts == parts)
    }

    @Test("An answer about a block says which of our votes for it the peer lacks, and nothing of other votes")
    func answers() {
        var state = PeerRoundState()
        state.apply(step(5, 0, 4))
        state.prepare(height: 5, count: 4)
        for index in [0, 1, 3] { state.setVote(place(5, 0, .prevote), index: index) }
        let ours = BitArray([true, true, false, false])
        state.apply(BitArray([false, true, false, false]), at: place(5, 0, .prevote), ours: ours)
        #expect(state.votes(place(5, 0, .prevote))?.indices == [1, 3])
        state.apply(BitArray(count: 9), at: place(5, 0, .prevote), ours: nil)
        #expect(state.votes(place(5, 0, .prevote))?.count == 4)
    }
}
