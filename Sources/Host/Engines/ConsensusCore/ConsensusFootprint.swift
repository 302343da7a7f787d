import ChainFormats
import DecidedBlocks

/// What the rules look at from here on: two machines of one height with equal footprints answer alike to what is still
/// to come, whatever brought them here. For who looks through all states. It says nothing of timers, nor of votes but
/// what two thirds of this round came to; of other rounds such a fact counts at the moment when it arrives.
package struct ConsensusFootprint: Hashable, Sendable {
    private struct Choice: Hashable {
        var round: Int32
        var blockID: BlockID
    }

    private struct Held: Hashable {
        var parts: PartSetHeader
        var isJudged: Bool
    }

    /// What decides what this node will propose.
    private struct Proposing: Hashable {
        var valid: Choice?
        var wanted: PartSetHeader?
        var held: Set<Held>
        var hasSeenPolka: Bool
        var hasHandledPolka: Bool
        var prevotes: VoteSet.Majority
        var precommits: VoteSet.Majority
    }

    private var round: Int32
    private var step: ConsensusMachine.Step
    private var locked: Choice?
    /// Known before this node has prevoted itself.
    private var earlyPrevotes: VoteSet.Majority
    private var proposing: Proposing?

    /// `proposesLater`: whether a round is to come in which it is this node's turn.
    package init(_ machine: ConsensusMachine, proposesLater: Bool) {
        round = machine.round
        // Whether the wait has begun is for timers.
        step = machine.step == .prevoteWait ? .prevote : machine.step
        locked = machine.locked.map { Choice(round: $0.round, blockID: $0.blockID) }
        let prevotes = machine.votes.prevotes(machine.round)?.majority ?? .none
        earlyPrevotes = machine.step <= .propose ? prevotes : .none
        guard proposesLater else { return }
        proposing = Proposing(
            valid: machine.valid.map { Choice(round: $0.round, blockID: $0.blockID) }, wanted: machine.wanted,
            held: Set(machine.candidates.map { Held(parts: $0.parts.header, isJudged: $0.judgement != nil) }),
            hasSeenPolka: machine.hasSeenPolka, hasHandledPolka: machine.hasHandledPolka, prevotes: prevotes,
            precommits: machine.votes.precommits(machine.round)?.majority ?? .none)
    }
}
