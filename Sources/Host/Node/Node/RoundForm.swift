import API
import ChainFormats
import ConsensusCore
import DecidedBlocks
import EmbeddedEngine
import PeerNetwork
import PeerWire
import PublicCryptography
import StrictJSON

/// The engine's round in CometBFT's JSON, for who wants to see why a block does not come.
///
/// A node without others keeps no picture of its round: then there is its place alone. No clock is read of the
/// engine's, so the times of a round are that of the last block; blocks that are proposed are told by their parts.
struct RoundForm {
    let status: EngineStatus
    let machine: ConsensusMachine?
    let validators: ValidatorSet

    private var height: Int64 { machine?.height ?? status.height }
    private var round: Int32 { machine?.round ?? status.round }
    private var step: ConsensusMachine.Step { machine?.step ?? status.step }
    private var time: JSONValue { .string("\(status.lastTime)") }

    private var proposer: Validator? {
        if let machine { return machine.proposer(ofRound: machine.round) }
        return round == 0
            ? validators.proposerAddress.flatMap { validators.index(of: $0) }.map { validators.validators[$0] }
            : validators.incrementingProposerPriority(times: round).proposer
    }

    /// CometBFT's `RoundStateSimple`.
    var summary: JSONValue {
        let proposer = proposer
        return [
            "height/round/step": .string("\(height)/\(round)/\(step.rawValue)"), "start_time": time,
            "proposal_block_hash": hash(machine?.proposal?.blockID),
            "locked_block_hash": hash(machine?.locked?.blockID),
            "valid_block_hash": hash(machine?.valid?.blockID), "height_vote_set": votes,
            "proposer": [
                "address": RPCForm.hexadecimal(proposer?.address.bytes ?? []),
                "index": .number(proposer.flatMap { validators.index(of: $0.address) } ?? -1),
            ],
        ]
    }

    /// CometBFT's `RoundState`.
    var whole: JSONValue {
        [
            "height": .string("\(height)"), "round": .number(round), "step": .number(step.rawValue),
            "start_time": time, "commit_time": time, "validators": set(validators),
            "proposal": machine?.proposal.map(proposal) ?? .null, "proposal_block": .null,
            "proposal_block_parts": machine?.currentParts.map(parts) ?? .null,
            "locked_round": .number(machine?.locked?.round ?? -1), "locked_block": .null,
            "locked_block_parts": .null, "valid_round": .number(machine?.valid?.round ?? -1), "valid_block": .null,
            "valid_block_parts": .null, "votes": votes, "commit_round": .number(machine?.decided?.round ?? -1),
            "last_commit": machine?.lastCommit.map { lastCommit($0) } ?? .null,
            "last_validators": (machine?.lastCommit).map { set($0.validators) } ?? .null,
            "triggered_timeout_precommit": false,
        ]
    }

    private func hash(_ blockID: BlockID?) -> JSONValue { RPCForm.hexadecimal(blockID?.hash.bytes ?? []) }

    // MARK: - Votes

    /// Of rounds that count; rounds are skipped in steps that a stranger does not choose, but a number is a number.
    private static let roundsMax: Int32 = 20

    private var votes: JSONValue {
        let first = max(0, round - Self.roundsMax + 1)
        return .array(
            (first...max(first, round)).map { round in
                let prevotes = machine?.votes(.prevote, round: round)
                let precommits = machine?.votes(.precommit, round: round)
                return [
                    "round": .number(round), "prevotes": texts(prevotes, validators),
                    "prevotes_bit_array": .string(tally(prevotes, validators)),
                    "precommits": texts(precommits, validators),
                    "precommits_bit_array": .string(tally(precommits, validators)),
                ]
            })
    }

    private func lastCommit(_ commit: CommittedVotes) -> JSONValue {
        [
            "votes": texts(commit.votes, commit.validators),
            "votes_bit_array": .string(tally(commit.votes, commit.validators)), "peer_maj_23s": .object([]),
        ]
    }

    private func texts(_ votes: VoteSet?, _ set: ValidatorSet) -> JSONValue {
        .array(
            set.validators.indices.map { index in
                .string(votes?.vote(of: index).map(RoundForm.text) ?? "nil-Vote")
            })
    }

    /// "BA{4:x_x_} 20/40 = 0.50": who voted, with how much of the power.
    private func tally(_ votes: VoteSet?, _ set: ValidatorSet) -> String {
        let bits = RoundForm.bits(votes?.voters ?? Array(repeating: false, count: set.count))
        let (power, total) = (votes?.power ?? 0, set.totalPower)
        let hundredths = total > 0 ? Int((Double(power) / Double(total) * 100).rounded()) : 0
        let fraction = "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
        return "BA{\(set.count):\(bits)} \(power)/\(total) = \(fraction)"
    }

    private static func bits(_ flags: [Bool]) -> String { String(flags.map { $0 ? "x" : "_" }) }

    /// As CometBFT prints a vote: six bytes of each long thing are enough to tell it apart.
    private static func text(_ vote: Vote) -> String {
        func mark(_ bytes: [UInt8]) -> String {
            Hexadecimal.encode(Array((bytes + [UInt8](repeating: 0, count: 6)).prefix(6)), uppercase: true)
        }
        let (kind, word) =
            vote.kind == .prevote
            ? ("SIGNED_MSG_TYPE_PREVOTE", "Prevote") : ("SIGNED_MSG_TYPE_PRECOMMIT", "Precommit")
        let round = (vote.round < 10 ? "0" : "") + "\(vote.round)"
        return
            "Vote{\(vote.validatorIndex):\(mark(vote.validatorAddress.bytes)) \(vote.height)/\(round)/\(kind)(\(word)) "
            + "\(mark(vote.blockID?.hash.bytes ?? [])) \(mark(vote.signature)) \(mark(vote.voteExtension)) @ \(vote.timestamp)}"
    }

    // MARK: - The rest

    private func set(_ set: ValidatorSet) -> JSONValue {
        let proposer = set.proposerAddress.flatMap { set.index(of: $0) }.map { set.validators[$0] }
        return [
            "validators": .array(set.validators.map(RPCForm.validator)),
            "proposer": proposer.map(RPCForm.validator) ?? .null,
        ]
    }

    private func proposal(_ proposal: Proposal) -> JSONValue {
        [
            "Type": 32, "height": .string("\(proposal.height)"), "round": .number(proposal.round),
            "pol_round": .number(proposal.polRound), "block_id": RPCForm.blockID(proposal.blockID),
            "timestamp": .string("\(proposal.timestamp)"), "signature": .string(Base64.encode(proposal.signature)),
        ]
    }

    private func parts(_ parts: PartSet) -> JSONValue {
        let flags = (0..<Int(parts.header.total)).map { parts[$0] != nil }
        return [
            "count/total": .string("\(parts.receivedCount)/\(parts.header.total)"),
            "parts_bit_array": .string(RoundForm.bits(flags)),
        ]
    }

    /// What a peer is known to have (CometBFT: `PeerRoundState`).
    static func peer(_ state: PeerRoundState) -> JSONValue {
        func bits(_ array: BitArray?) -> JSONValue {
            guard let array else { return .null }
            return .string(RoundForm.bits((0..<array.count).map { array[$0] }))
        }
        return [
            "height": .string("\(state.height)"), "round": .number(state.round), "step": .number(state.step),
            "proposal": .bool(state.hasProposal),
            "proposal_block_part_set_header": [
                "total": .number(state.parts?.total ?? 0), "hash": RPCForm.hexadecimal(state.parts?.hash.bytes ?? []),
            ],
            "proposal_block_parts": bits(state.partBits), "proposal_pol_round": .number(state.polRound),
            "proposal_pol": bits(state.pol), "prevotes": bits(state.prevotes), "precommits": bits(state.precommits),
            "last_commit_round": .number(state.lastCommitRound), "last_commit": bits(state.lastCommit),
            "catchup_commit_round": .number(state.catchUpRound), "catchup_commit": bits(state.catchUp),
        ]
    }
}
