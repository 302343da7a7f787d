import ConsensusCore
import DecidedBlocks

/// Looks through every state that three honest validators of four can come to in the first rounds of a height, over the
/// engine's own core, for two blocks that could both be decided.
///
/// The fourth is hostile: it votes for anything towards anyone at any time, and proposes either block to whom it likes.
/// Messages arrive in any order or never, timers fire as soon as they may. What makes it end:
/// - A node answers to what two thirds voted and to nothing less, so what arrives is not a vote but such a fact, once
///   two honest votes and the hostile one can make it, and when it makes a difference.
/// - Who cast a vote does not matter, nor which of two nodes with the same turns to come is in which state.
/// - Of a round that all have left it matters what two thirds prevoted, and what two thirds may have precommitted.
/// - How a node answers is worked out once for each of its states, which are few.
///
/// A decision that nobody has heard of counts: two thirds may have precommitted as soon as two of the honest have.
package struct RuleSearch {
    package struct Report: Sendable, Equatable {
        package var states: Int
        /// States of one node, over all of its histories.
        package var nodeStates: Int
        /// Whether all were looked through.
        package var isComplete: Bool
        /// How a fork comes about, step by step; empty if none was found.
        package var fork: [String]
    }

    private struct Frame {
        var step: RuleStep?
        var next: [(step: RuleStep?, state: RuleState)]
    }

    private let rounds: Int
    /// The hostile validator's place in the order of proposing.
    private let hostile: Int
    private let honest: [(place: Int, hasPaperLocks: Bool)]
    private let nodes: RuleNodes
    private var seen = StateSet()

    /// Of at most four rounds. `hostile` counts from the proposer of round 0; `paperLocks` is how many of the honest
    /// keep to the paper's rules. `change` is done to each honest core after every input: a test breaks a rule so.
    package init(
        rounds: Int, hostile: Int, paperLocks: Int = 0, change: @escaping (inout ConsensusMachine) -> Void = { _ in }
    ) {
        precondition((1...4).contains(rounds) && (0..<4).contains(hostile))
        (self.rounds, self.hostile) = (rounds, hostile)
        nodes = RuleNodes(rounds: rounds, change: change)
        honest = (0..<4).filter { $0 != hostile }.enumerated().map { ($1, $0 < paperLocks) }
    }

    /// Looks through at most so many states; ends at the first fork.
    package mutating func run(statesMax: Int = .max) -> Report {
        var frames = [Frame(step: nil, next: beginnings())]
        while !frames.isEmpty {
            guard let (step, state) = frames[frames.count - 1].next.popLast() else {
                frames.removeLast()
                continue
            }
            guard seen.insert(state) else { continue }
            if isForked(state) { return report(true, (frames.map(\.step) + [step]).compactMap { $0?.description }) }
            guard seen.count < statesMax else { return report(false, []) }
            frames.append(Frame(step: step, next: successors(of: state)))
        }
        return report(true, [])
    }

    private func report(_ isComplete: Bool, _ fork: [String]) -> Report {
        Report(states: seen.count, nodeStates: nodes.count, isComplete: isComplete, fork: fork)
    }

    // MARK: - States

    private func beginnings() -> [(step: RuleStep?, state: RuleState)] {
        var all = [RuleState()]
        for (slot, node) in honest.enumerated() {
            all = all.flatMap { state in
                nodes.begin(place: node.place, hasPaperLocks: node.hasPaperLocks).map { answer in
                    var next = state
                    next.nodes[slot] = answer.node
                    record(answer, in: &next)
                    return next
                }
            }
        }
        return all.map { state in
            var state = state
            simplify(&state)
            return (nil, state)
        }
    }

    private func record(_ answer: RuleAnswer, in state: inout RuleState) {
        for vote in answer.votes { state.add(vote.choice, at: RuleState.place(vote.round, vote.kind)) }
        if let proposal = answer.proposal { state.proposals[proposal.round] = (proposal.choice, proposal.polRound) }
    }

    /// Forgets what nothing follows from any more.
    private func simplify(_ state: inout RuleState) {
        state.nodes.sort()
        let first = state.nodes.map { nodes.views[$0].round }.min() ?? 0
        for round in 0..<rounds {
            if round < first {
                state.keepMajority(RuleState.place(round, .prevote), [.forNil, .one, .other])
                state.keepMajority(RuleState.place(round, .precommit), RuleChoice.blocks)
            }
            let isHeard = state.nodes.contains {
                let view = nodes.views[$0]
                return !view.isDone && (view.round < round || (view.round == round && view.step <= .propose))
            }
            if !isHeard { state.proposals[round] = nil }
        }
    }

    private func isForked(_ state: RuleState) -> Bool {
        RuleChoice.blocks.allSatisfy { block in
            (0..<rounds).contains { state.count(block, RuleState.place($0, .precommit)) >= 2 }
        }
    }

    // MARK: - What may happen

    private func successors(of state: RuleState) -> [(step: RuleStep?, state: RuleState)] {
        var all: [(step: RuleStep?, state: RuleState)] = []
        for slot in state.nodes.indices {
            let number = state.nodes[slot]
            let view = nodes.views[number]
            guard !view.isDone, slot == 0 || state.nodes[slot - 1] != number else { continue }
            for action in actions(view, state) {
                for answer in nodes.answers(of: number, to: action) {
                    var next = state
                    next.nodes[slot] = answer.node
                    record(answer, in: &next)
                    simplify(&next)
                    all.append((RuleStep(node: number, round: view.round, action: action, answer: answer), next))
                }
            }
        }
        return all
    }

    private func actions(_ view: RuleView, _ state: RuleState) -> [RuleAction] {
        let round = view.round
        var all = view.step == .propose ? beforePrevote(round, state) : []
        let prevotes = RuleState.place(round, .prevote)
        let precommits = RuleState.place(round, .precommit)
        let isPrevoting = view.step == .prevote || view.step == .prevoteWait
        if isPrevoting, state.count(prevotes) >= 2 { all.append(.timeout(.prevote)) }
        if state.count(precommits) >= 2 { all.append(.timeout(.precommit)) }
        // What is known of prevotes counts when it ends a step or a lock, and otherwise for what is proposed.
        for earlier in 0...round {
            guard let choice = state.majority(RuleState.place(earlier, .prevote)) else { continue }
            let counts = earlier == round && (isPrevoting || view.hasTurn)
            guard counts || view.isUnlocked(by: choice, round: earlier) else { continue }
            all.append(.prevotes(round: earlier, choice, withBlock: true))
            if view.hasTurn, choice != .forNil { all.append(.prevotes(round: earlier, choice, withBlock: false)) }
        }
        if view.hasTurn {
            all += RuleChoice.blocks.map { .block($0) }
            if state.count(.forNil, precommits) >= 2 { all.append(.precommits(round: round, .forNil)) }
        }
        for later in 0..<rounds {
            if let choice = state.majority(RuleState.place(later, .precommit)), choice != .forNil {
                all.append(.precommits(round: later, choice))
            }
            let votes = max(
                state.count(RuleState.place(later, .prevote)), state.count(RuleState.place(later, .precommit)))
            if later > round, votes >= 2 { all.append(.skip(to: later)) }
        }
        return all
    }

    private func beforePrevote(_ round: Int, _ state: RuleState) -> [RuleAction] {
        var all: [RuleAction] = [.timeout(.propose)]
        if round == hostile {
            // What a proposal refers to can be heard without it: only the paper's rules ask what it is.
            let proofs = honest.contains(where: \.hasPaperLocks) ? -1..<round : -1..<0
            for choice in RuleChoice.blocks {
                for polRound in proofs {
                    if let action = proposal(choice, polRound, state) { all.append(action) }
                }
            }
        } else if let (choice, polRound) = state.proposals[round], let action = proposal(choice, polRound, state) {
            all.append(action)
        }
        return all
    }

    private func proposal(_ choice: RuleChoice, _ polRound: Int, _ state: RuleState) -> RuleAction? {
        guard polRound >= 0 else { return .proposal(choice, polRound: polRound, proof: nil) }
        guard let proof = state.majority(RuleState.place(polRound, .prevote)) else { return nil }
        return .proposal(choice, polRound: polRound, proof: proof)
    }
}

/// What happened to a node, and what it did.
private struct RuleStep: CustomStringConvertible {
    var node: Int
    var round: Int
    var action: RuleAction
    var answer: RuleAnswer

    var description: String {
        let votes = answer.votes.map { "\($0.kind) \($0.choice) in \($0.round)" }
        let proposal = answer.proposal.map { ["proposes \($0.choice) in \($0.round)"] } ?? []
        return "state \(node) in round \(round), \(action): \((votes + proposal).joined(separator: ", "))"
    }
}

/// The honest nodes' states, and what they have sent.
struct RuleState {
    var nodes = [0, 0, 0]
    var proposals: [(choice: RuleChoice, polRound: Int)?] = [nil, nil, nil, nil]
    /// Of each round and kind how many voted for nil, the one and the other block.
    private var counts: UInt64 = 0

    static func place(_ round: Int, _ kind: VoteKind) -> Int { 2 * round + (kind == .prevote ? 0 : 1) }

    private func shift(_ choice: RuleChoice, _ place: Int) -> Int { place * 6 + Int(choice.rawValue - 1) * 2 }

    func count(_ choice: RuleChoice, _ place: Int) -> Int { Int(counts >> shift(choice, place) & 3) }

    func count(_ place: Int) -> Int { RuleChoice.allCases.reduce(0) { $0 + count($1, place) } }

    /// What the hostile vote and two others make two thirds of: one choice at most, of three others.
    func majority(_ place: Int) -> RuleChoice? { RuleChoice.allCases.first { count($0, place) >= 2 } }

    mutating func add(_ choice: RuleChoice, at place: Int) { counts += 1 << shift(choice, place) }

    /// Two of what the hostile vote makes two thirds of, and nothing else.
    mutating func keepMajority(_ place: Int, _ choices: [RuleChoice]) {
        let kept = majority(place).flatMap { choices.contains($0) ? $0 : nil }
        counts &= ~(0x3f << (place * 6))
        if let kept { counts |= 2 << shift(kept, place) }
    }

    /// All of it.
    var words: (UInt64, UInt64) {
        var sent = counts
        for (round, proposal) in proposals.enumerated() {
            guard let (choice, polRound) = proposal else { continue }
            sent |= UInt64(Int(choice.rawValue) | (polRound + 1) << 2) << (48 + 4 * round)
        }
        return (UInt64(nodes[0]) | UInt64(nodes[1]) << 21 | UInt64(nodes[2]) << 42, sent)
    }
}

/// States that were seen, sixteen bytes each.
struct StateSet {
    private var slots: [(UInt64, UInt64)]
    private(set) var count = 0

    /// No state: there are never so many of one node.
    private static let empty = (UInt64.max, UInt64.max)

    init() { slots = Array(repeating: Self.empty, count: 1 << 16) }

    /// `false` if it is there already.
    mutating func insert(_ state: RuleState) -> Bool {
        guard insert(state.words) else { return false }
        count += 1
        if count * 3 > slots.count * 2 {
            let old = slots
            slots = Array(repeating: Self.empty, count: old.count * 2)
            for words in old where words != Self.empty { _ = insert(words) }
        }
        return true
    }

    private mutating func insert(_ words: (UInt64, UInt64)) -> Bool {
        var digest = EventDigest()
        digest.add(words.0)
        digest.add(words.1)
        var place = Int(digest.value & UInt64(slots.count - 1))
        while slots[place] != Self.empty {
            if slots[place] == words { return false }
            place = (place + 1) & (slots.count - 1)
        }
        slots[place] = words
        return true
    }
}
