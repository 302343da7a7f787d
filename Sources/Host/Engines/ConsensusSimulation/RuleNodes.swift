import ChainFormats
import ConsensusCore
import DecidedBlocks
import PublicCryptography
import Wire

/// What a vote is for, in two bits: 0 is no vote.
enum RuleChoice: UInt8, CaseIterable {
    case forNil = 1
    case one = 2
    case other = 3

    static let blocks: [RuleChoice] = [.one, .other]
}

/// What may happen to a node.
enum RuleAction: Hashable {
    case timeout(ConsensusTimeout.Kind)
    /// Two thirds voted in a later round, whatever for.
    case skip(to: Int)
    /// Two thirds prevoted this; their block comes along, or has yet to come.
    case prevotes(round: Int, RuleChoice, withBlock: Bool)
    case precommits(round: Int, RuleChoice)
    /// With what two thirds prevoted in the round that it refers to, and the block.
    case proposal(RuleChoice, polRound: Int, proof: RuleChoice?)
    case block(RuleChoice)
}

/// What a node does when something happens to it.
struct RuleAnswer {
    var node: Int
    var votes: [(round: Int, kind: VoteKind, choice: RuleChoice)] = []
    var proposal: (round: Int, choice: RuleChoice, polRound: Int)?
}

/// What one sees of a node's state.
struct RuleView {
    var round: Int
    var step: ConsensusMachine.Step
    /// It decided or left the last round, and does nothing any more.
    var isDone: Bool
    var lock: (round: Int, choice: RuleChoice)?
    /// Whether its turn to propose is to come.
    var hasTurn: Bool

    /// Whether the lock ends when two thirds prevoted this.
    func isUnlocked(by choice: RuleChoice, round: Int) -> Bool {
        guard let lock else { return false }
        return lock.round < round && round <= self.round && choice != lock.choice
    }
}

/// The states of one honest node by number, and how each answers: a core that came there stands for all that do.
final class RuleNodes {
    private struct Name: Hashable {
        /// `nil` once it is done.
        var footprint: ConsensusFootprint?
        var paperLocks: PaperLocks?
        /// The rounds to come in which it proposes: one at most.
        var turn: Int?
    }

    private struct Node {
        var core: ConsensusMachine
        var paperLocks: PaperLocks?
        var place: Int
    }

    private struct Question: Hashable {
        var node: Int
        var action: RuleAction
    }

    private static let height: Int64 = 1
    private let rounds: Int
    private let change: (inout ConsensusMachine) -> Void
    private let members: ValidatorSet
    private let blocks: [RuleChoice: OwnBlock]
    private var numbers: [Name: Int] = [:]
    private var nodes: [Node] = []
    private(set) var views: [RuleView] = []
    private var answers: [Question: [RuleAnswer]] = [:]

    var count: Int { nodes.count }

    init(rounds: Int, change: @escaping (inout ConsensusMachine) -> Void) {
        (self.rounds, self.change) = (rounds, change)
        members = ValidatorSet(
            genesis: (0..<4).map { ValidatorUpdate(publicKey: SHA256.hash([UInt8($0)]).bytes, power: 10) })!
        var blocks: [RuleChoice: OwnBlock] = [:]
        for choice in RuleChoice.blocks {
            let parts = PartSet(cutting: [choice.rawValue])
            blocks[choice] = OwnBlock(
                blockID: BlockID(hash: SHA256.hash([choice.rawValue]), parts: parts.header), parts: parts,
                bytes: [choice.rawValue], validity: .valid)
        }
        self.blocks = blocks
    }

    private func address(ofProposer round: Int) -> ValidatorAddress {
        round == 0
            ? members.proposer.address : members.incrementingProposerPriority(times: Int32(round)).proposer.address
    }

    // MARK: - States

    /// The node that proposes in round `place`, at the beginning of round 0.
    func begin(place: Int, hasPaperLocks: Bool) -> [RuleAnswer] {
        let start = HeightStart(
            height: Self.height, chainID: "search", validators: members, ownAddress: address(ofProposer: place),
            blockBytesMax: 1000, waitsForTransactions: false)
        var core = ConsensusMachine(start)
        _ = core.handle(.enterHeight(start))
        let node = Node(core: core, paperLocks: hasPaperLocks ? PaperLocks() : nil, place: place)
        return run(node, [.timeout(ConsensusTimeout(.newHeight, height: Self.height, round: 0))])
    }

    private func number(_ node: Node) -> Int {
        let round = Int(node.core.round)
        // After the last precommit of all nothing follows that others hear of.
        let isDone =
            node.core.step == .commit || round >= rounds || (round == rounds - 1 && node.core.step == .precommit)
        let turn = node.place > round && node.place < rounds ? node.place : nil
        let name =
            isDone
            ? Name()
            : Name(
                footprint: ConsensusFootprint(node.core, proposesLater: turn != nil), paperLocks: node.paperLocks,
                turn: turn)
        if let number = numbers[name] { return number }
        numbers[name] = nodes.count
        nodes.append(node)
        views.append(
            RuleView(
                round: isDone ? .max : round, step: node.core.step, isDone: isDone,
                lock: node.core.locked.map { (Int($0.round), choice($0.blockID)) }, hasTurn: turn != nil))
        return nodes.count - 1
    }

    // MARK: - Answers

    func answers(of number: Int, to action: RuleAction) -> [RuleAnswer] {
        let question = Question(node: number, action: action)
        if let known = answers[question] { return known }
        let node = nodes[number]
        let all = run(node, inputs(action, node)).filter { answer in
            answer.node != number || !answer.votes.isEmpty || answer.proposal != nil
        }
        answers[question] = all
        return all
    }

    private func inputs(_ action: RuleAction, _ node: Node) -> [ConsensusInput] {
        switch action {
        case .timeout(let kind): return [.timeout(ConsensusTimeout(kind, height: Self.height, round: node.core.round))]
        case .skip(let round):
            // Three that differ: two thirds, and of nothing.
            return zip(others(node), [nil] + RuleChoice.blocks.map { blocks[$0]?.blockID }).map {
                vote(.prevote, round, $1, $0)
            }
        case .prevotes(let round, let choice, let withBlock):
            let votes = others(node).map { vote(.prevote, round, blocks[choice]?.blockID, $0) }
            return votes + (withBlock ? blocks[choice].map { [.ownBlock($0)] } ?? [] : [])
        case .precommits(let round, let choice):
            return others(node).map { vote(.precommit, round, blocks[choice]?.blockID, $0) }
        case .proposal(let choice, let polRound, let proof):
            let block = blocks[choice]!
            let votes = proof.map { proof in
                others(node).map { vote(.prevote, polRound, blocks[proof]?.blockID, $0) }
            }
            return (votes ?? []) + [proposal(block.blockID, node.core.round, Int32(polRound)), .ownBlock(block)]
        case .block(let choice): return [.ownBlock(blocks[choice]!)]
        }
    }

    /// Any three make two thirds: whose votes they are does not matter.
    private func others(_ node: Node) -> [Int] {
        let own = members.index(of: address(ofProposer: node.place))
        return members.validators.indices.filter { $0 != own }
    }

    private func vote(_ kind: VoteKind, _ round: Int, _ blockID: BlockID?, _ voter: Int) -> ConsensusInput {
        .vote(
            VerifiedVote(
                unchecked: Vote(
                    kind: kind, height: Self.height, round: Int32(round), blockID: blockID, timestamp: .goZero,
                    validatorAddress: members.validators[voter].address, validatorIndex: Int32(voter))))
    }

    private func proposal(_ blockID: BlockID, _ round: Int32, _ polRound: Int32) -> ConsensusInput {
        .proposal(
            VerifiedProposal(
                unchecked: Proposal(
                    height: Self.height, round: round, polRound: polRound, blockID: blockID, timestamp: .goZero)))
    }

    private func choice(_ blockID: BlockID?) -> RuleChoice {
        blockID.map { $0 == blocks[.one]?.blockID ? .one : .other } ?? .forNil
    }

    private struct Run {
        var node: Node
        var queue: [ConsensusInput]
        var answer = RuleAnswer(node: 0)
    }

    /// What the driver does: its node's own messages come before anything else. A new block may be either, so a run can
    /// go on in two ways.
    private func run(_ node: Node, _ inputs: [ConsensusInput]) -> [RuleAnswer] {
        var open = [Run(node: node, queue: inputs)]
        var done: [RuleAnswer] = []
        while var run = open.popLast() {
            var isSplit = false
            while !run.queue.isEmpty, !isSplit {
                let effects = run.node.core.handle(run.queue.removeFirst())
                change(&run.node.core)
                var needsBlock = false
                for effect in effects { perform(effect, &run, &needsBlock) }
                guard needsBlock else { continue }
                isSplit = true
                for choice in RuleChoice.blocks {
                    var way = run
                    let block = blocks[choice]!
                    way.answer.proposal = (Int(run.node.core.round), choice, -1)
                    way.queue += [proposal(block.blockID, run.node.core.round, -1), .ownBlock(block)]
                    open.append(way)
                }
            }
            guard !isSplit else { continue }
            run.answer.node = number(run.node)
            done.append(run.answer)
        }
        return done
    }

    private func perform(_ effect: ConsensusEffect, _ run: inout Run, _ needsBlock: inout Bool) {
        switch effect {
        case .vote(let kind, _, let round, var blockID):
            let core = run.node.core
            if run.node.paperLocks != nil {
                blockID = run.node.paperLocks?.choice(kind, core, blockID) { id in
                    core.parts(id.parts)?.isComplete == true
                }
            }
            run.answer.votes.append((Int(round), kind, choice(blockID)))
            let own = members.index(of: address(ofProposer: run.node.place))!
            run.queue.append(vote(kind, Int(round), blockID, own))
        case .propose(_, let round, let reused):
            guard round < rounds else { break }
            guard let reused else {
                needsBlock = true
                break
            }
            run.answer.proposal = (Int(round), choice(reused.blockID), Int(reused.polRound))
            run.queue.append(proposal(reused.blockID, round, reused.polRound))
        default: break
        }
    }
}
