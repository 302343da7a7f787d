import ChainFormats
import ConsensusCore
import DecidedBlocks
import PublicCryptography
import Seeds
import Testing
import Wire

/// Three honest validators and one that is silent or votes for everything, on a network that loses, repeats and
/// reorders. Everything sent stays on offer, as gossip keeps it; what is delivered next is the seed's choice.
struct Simulation {
    enum Fault: String, CaseIterable { case none, silent, equivocating }

    let fault: Fault
    var generator: SeededGenerator
    var cores: [ConsensusMachine] = []
    var tickers: [TimeoutTicker] = []
    var decisions: [Int: BlockID] = [:]
    var cast: [Int: [String: BlockID?]] = [:]
    var locks: [Int: Int32] = [:]
    var messages: [ConsensusInput] = []
    var violations: [String] = []
    /// The last validator is the faulty one.
    var honest: Range<Int> { 0..<(fault == .none ? 4 : 3) }

    init(seed: UInt64, fault: Fault) {
        self.fault = fault
        generator = SeededGenerator(seed: seed)
        for index in 0..<4 {
            cores.append(ConsensusMachine(CoreRig.start(own: index)))
            tickers.append(TimeoutTicker())
            tickers[index].schedule(ConsensusTimeout(.newHeight, height: CoreRig.height, round: 0), deadline: 0)
        }
    }

    private var isDone: Bool { honest.allSatisfy { decisions[$0] != nil } }

    /// First anything happens, then the network works. The number of messages once every honest validator has decided;
    /// `nil` if they do not.
    mutating func run() -> Int? {
        disturb(steps: Int.random(in: 0..<1500, using: &generator))
        for _ in 0..<60 {
            if isDone { return messages.count }
            settle()
            if fault == .equivocating { lie() }
            for node in honest {
                if let timeout = tickers[node].fire(at: 0) { deliver(.timeout(timeout), to: node) }
            }
        }
        return nil
    }

    /// Everyone gets everything, until nobody has anything to add.
    private mutating func settle() {
        var before = -1
        while before != messages.count, !isDone {
            before = messages.count
            for message in messages {
                for node in honest where decisions[node] == nil { deliver(message, to: node) }
            }
        }
    }

    private mutating func disturb(steps: Int) {
        for _ in 0..<steps where !isDone {
            let node = honest.randomElement(using: &generator)!
            if Int.random(in: 0..<40, using: &generator) == 0, let timeout = tickers[node].fire(at: 0) {
                deliver(.timeout(timeout), to: node)
            } else if fault == .equivocating, Int.random(in: 0..<6, using: &generator) == 0 {
                lie()
            } else if let message = chosenMessage() {
                deliver(message, to: node)
            }
        }
    }

    /// Mostly something recent, sometimes anything.
    private mutating func chosenMessage() -> ConsensusInput? {
        guard !messages.isEmpty else { return nil }
        let window = Bool.random(using: &generator) ? 24 : messages.count
        return messages.suffix(window).randomElement(using: &generator)
    }

    private mutating func lie() {
        let round = cores[honest.randomElement(using: &generator)!].round
        let blocks = [NamedBlock("lie \(round)"), NamedBlock("block 0 0"), nil]
        let block = blocks.randomElement(using: &generator)!
        let kind: VoteKind = Bool.random(using: &generator) ? .prevote : .precommit
        messages.append(.vote(CoreRig.vote(kind, block?.id, round: round, by: 3)))
        if CoreRig.proposer(round).address == CoreRig.proposer(3).address, let block {
            offer(block, round: round, polRound: round > 0 && Bool.random(using: &generator) ? round - 1 : -1)
        }
    }

    private mutating func offer(_ block: NamedBlock, round: Int32, polRound: Int32) {
        let proposal = Proposal(
            height: CoreRig.height, round: round, polRound: polRound, blockID: block.id, timestamp: .goZero)
        messages.append(.proposal(VerifiedProposal(unchecked: proposal)))
        messages.append(.part(height: CoreRig.height, block.parts[0]!))
    }

    private mutating func deliver(_ input: ConsensusInput, to node: Int) {
        for effect in cores[node].handle(input) {
            switch effect {
            case .schedule(let timeout): tickers[node].schedule(timeout, deadline: 0)
            case .propose(_, let round, let reused):
                let name = reused.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "block \(node) \(round)"
                offer(NamedBlock(name), round: round, polRound: reused?.polRound ?? -1)
            case .vote(let kind, _, let round, let blockID):
                note(kind, round, blockID, of: node)
                let vote = CoreRig.vote(kind, blockID, round: round, by: node)
                messages.append(.vote(vote))
                deliver(.vote(vote), to: node)
            case .validate(_, let parts, let bytes): deliver(.validity(parts, SHA256.hash(bytes), .valid), to: node)
            case .decide(_, _, let blockID, _, _):
                if let other = decisions.values.first(where: { $0 != blockID }) {
                    violations.append("decided \(blockID.hash) and \(other.hash)")
                }
                decisions[node] = blockID
            case .halt: violations.append("halted")
            case .validBlock, .added, .equivocation, .entered: break
            }
        }
        if let lock = cores[node].locked?.round {
            if lock < locks[node] ?? -1 { violations.append("the lock of \(node) went back") }
            locks[node] = lock
        }
    }

    private mutating func note(_ kind: VoteKind, _ round: Int32, _ blockID: BlockID?, of node: Int) {
        let place = "\(kind) \(round)"
        if let before = cast[node]?[place], before != blockID { violations.append("\(node) voted twice at \(place)") }
        cast[node, default: [:]][place] = .some(blockID)
    }
}

@Suite struct ConsensusSimulationTests {
    @Test(
        "whatever the network does, honest validators agree, and in the end decide",
        arguments: Simulation.Fault.allCases)
    func agreement(fault: Simulation.Fault) {
        for seed in UInt64(1)...40 {
            var simulation = Simulation(seed: seed, fault: fault)
            let messages = simulation.run()
            #expect(simulation.violations.isEmpty, "seed \(seed)")
            #expect(messages != nil, "seed \(seed) did not decide")
        }
    }

    @Test("the same seed gives the same run")
    func deterministic() {
        var first = Simulation(seed: 9, fault: .equivocating)
        var second = Simulation(seed: 9, fault: .equivocating)
        #expect(first.run() == second.run())
        #expect(first.decisions == second.decisions && first.messages.count == second.messages.count)
    }
}
