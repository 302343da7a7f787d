import BlockStorage
import ChainFormats
import ConsensusCore
import DecidedBlocks
import EmbeddedEngine
import PublicCryptography
import Wire

/// What a hostile validator makes of what its core would do. It holds its own key and nobody else's.
final class SimulatedAdversary {
    private let faults: [SimulatedFault]
    private var stream: SeededStream
    private unowned let simulation: Simulation
    private var withheld: [(envelope: Envelope, time: Int64)] = []
    private var hasDeserted = false

    init(faults: [SimulatedFault], index: Int, simulation: Simulation) {
        self.faults = faults.filter(\.isHostile)
        self.simulation = simulation
        stream = SeededStream(seed: simulation.settings.seed, purpose: 100 + UInt64(index))
    }

    /// Whether it hands on what others said.
    var gossips: Bool { !hasDeserted && !faults.contains { [.silence, .amnesia, .favouredPeers].contains($0) } }

    private func choice() -> SimulatedFault {
        let fault = stream.one(of: faults)
        simulation.count(fault)
        return fault
    }

    private func some(_ node: SimulatedNode) -> [SimulatedNode] {
        let peers = stream.mixed(others(than: node))
        return Array(peers.prefix(stream.below(peers.count + 1)))
    }

    private func others(than node: SimulatedNode) -> [SimulatedNode] {
        simulation.nodes.filter { $0.index != node.index }
    }

    private func send(_ content: Envelope.Content, from node: SimulatedNode, to peers: [SimulatedNode]) {
        guard !hasDeserted else { return }
        let envelope = Envelope(content, claimed: node.key.publicKey)
        for peer in peers { simulation.send(envelope, from: node, to: peer) }
    }

    // MARK: - Votes

    /// The vote that its own core should know, if any.
    func cast(_ vote: Vote, of node: SimulatedNode, _ loop: EngineLoop) -> Vote? {
        let everyone = others(than: node)
        var vote = vote
        switch choice() {
        case .silence: return nil
        case .equivocatingVoter:
            var other = vote
            other.blockID = vote.blockID == nil ? someBlock(loop) : stream.chance(percent: 50) ? nil : someBlock(loop)
            let (one, two) = (signed(vote, node), signed(other, node))
            let split = stream.mixed(everyone)
            let middle = stream.below(split.count + 1)
            send(.vote(one), from: node, to: Array(split.prefix(middle)))
            send(.vote(two), from: node, to: Array(split.dropFirst(middle)))
            if stream.chance(percent: 30) { send(.vote(two), from: node, to: Array(split.prefix(middle))) }
            return one
        case .amnesia: return castWithoutMemory(vote, node, loop)
        case .unknownBlockVotes: vote.blockID = unknownBlock()
        case .wrongVoteTimes:
            vote.timestamp = vote.timestamp.adding(nanoseconds: stream.within(-3600...3600) * 1_000_000_000)
        case .favouredPeers:
            let own = signed(vote, node)
            send(.vote(own), from: node, to: some(node))
            return own
        case .desertion:
            // Votes that split, and nil early: rounds end without a decision.
            if vote.kind == .precommit || stream.chance(percent: 50) { vote.blockID = nil }
            let own = signed(vote, node)
            send(.vote(own), from: node, to: vote.kind == .precommit ? everyone : some(node))
            return own
        default: break
        }
        let own = signed(vote, node)
        send(.vote(own), from: node, to: everyone)
        return own
    }

    /// One vote for each place, of whatever block suits, shown to few and to the others much later.
    private func castWithoutMemory(_ vote: Vote, _ node: SimulatedNode, _ loop: EngineLoop) -> Vote {
        var vote = vote
        if vote.kind == .prevote {
            vote.blockID = nil
            if let proposal = loop.core.proposal, stream.chance(percent: 50),
                loop.soundBlocks.contains(where: { $0.blockID == proposal.blockID })
            {
                vote.blockID = proposal.blockID
            }
        }
        let own = signed(vote, node)
        let everyone = stream.mixed(others(than: node))
        let isShown = vote.kind == .prevote || stream.chance(percent: 30)
        let shown = isShown ? everyone : Array(everyone.prefix(stream.below(2)))
        send(.vote(own), from: node, to: shown)
        if shown.count < everyone.count {
            let envelope = Envelope(.vote(own), claimed: node.key.publicKey)
            withheld.append((envelope, simulation.now + stream.within(2_000_000...30_000_000)))
        }
        return own
    }

    private func signed(_ vote: Vote, _ node: SimulatedNode) -> Vote {
        var vote = vote
        vote.signature = node.key.signature(of: vote.signBytes(chainID: SimulatedChain.chainID))
        simulation.monitor.signed(vote, by: node)
        return vote
    }

    private func someBlock(_ loop: EngineLoop) -> BlockID {
        loop.soundBlocks.isEmpty || stream.chance(percent: 20)
            ? unknownBlock() : stream.one(of: loop.soundBlocks).blockID
    }

    private func unknownBlock() -> BlockID {
        let hash = SHA256.hash(stream.bytes(8))
        return BlockID(
            hash: hash, parts: PartSetHeader(total: UInt32(1 + stream.below(3)), hash: SHA256.hash(hash.bytes)))
    }

    // MARK: - Proposals

    func propose(
        _ height: Int64, _ round: Int32, _ reused: ReusedBlock?, of node: SimulatedNode, _ loop: EngineLoop
    ) {
        let fault = choice()
        let everyone = others(than: node)
        switch fault {
        case .silence: return
        case .amnesia where stream.chance(percent: 60): return
        case .equivocatingProposer, .desertion:
            guard let one = node.makeBlock(), let two = node.makeBlock() else { return }
            let split = stream.mixed(everyone)
            let middle = stream.below(split.count + 1)
            offer(one, round, of: node, loop, to: Array(split.prefix(middle)))
            offer(two, round, of: node, loop, to: Array(split.dropFirst(middle)))
            guard fault == .desertion else { return }
            // One hears of the split votes only when all have waited for more of them.
            let waits = 1_200_000 + 500_000 * Int64(round) + stream.within(0...700_000)
            simulation.deafen(stream.one(of: everyone), to: .prevote, until: simulation.now + waits)
        case .favouredPeers: offer(node.makeBlock(), round, of: node, loop, to: some(node))
        case .withheldParts, .badParts: offer(node.makeBlock(), round, of: node, loop, to: everyone, parts: fault)
        case .falseProofRounds where round > 0:
            offer(node.makeBlock(), round, polRound: Int32(stream.below(Int(round))), of: node, loop, to: everyone)
        case .lyingNames:
            offer(node.makeBlock(), round, name: SHA256.hash(stream.bytes(8)), of: node, loop, to: everyone)
        case .oversizedBlocks, .invalidBlocks, .wrongBlockTimes, .badEvidence:
            offer(node.makeBlock { spoil(&$0, fault) }, round, of: node, loop, to: everyone)
        default:
            if let reused, let block = try? Block(protobuf: reused.bytes) {
                offer(block, round, polRound: reused.polRound, of: node, loop, to: everyone)
            } else {
                offer(node.makeBlock(), round, of: node, loop, to: everyone)
            }
        }
    }

    private func spoil(_ block: inout Block, _ fault: SimulatedFault) {
        switch fault {
        case .oversizedBlocks:
            let bytes = [UInt8](repeating: UInt8(stream.below(256)), count: SimulatedChain.blockBytesMax + 1)
            block.transactions = [HashedTransaction(bytes)]
            block.header.dataHash = Block.dataHash(of: block.transactions)
        case .wrongBlockTimes:
            block.header.time = block.header.time.adding(nanoseconds: stream.within(-5_000...600_000) * 1_000_000 + 1)
        case .badEvidence:
            block.evidence = [Evidence(kind: .duplicateVote, bytes: stream.bytes(40))]
            block.header.evidenceHash = Block.evidenceHash(of: block.evidence)
        default:
            let hash = SHA256.hash(stream.bytes(8))
            switch stream.below(8) {
            case 0: block.header.appHash = hash.bytes
            case 1: block.header.validatorsHash = hash
            case 2: block.header.nextValidatorsHash = hash
            case 3: block.header.height += 1
            case 4: block.header.lastResultsHash = hash
            case 5: block.header.lastBlockID = BlockID(hash: hash, parts: PartSetHeader(total: 1, hash: hash))
            case 6: block.header.consensusHash = hash
            default:
                // A commit with too few votes.
                for slot in block.lastCommit.signatures.indices where slot % 2 == 0 {
                    block.lastCommit.signatures[slot] = .absent
                }
                block.header.lastCommitHash = block.lastCommit.hash()
            }
        }
    }

    private func offer(
        _ block: Block?, _ round: Int32, polRound: Int32 = -1, name: Hash32? = nil, of node: SimulatedNode,
        _ loop: EngineLoop, to peers: [SimulatedNode], parts fault: SimulatedFault? = nil
    ) {
        guard let block else { return }
        let height = loop.core.height
        let parts = PartSet(cutting: block.protobuf)
        var proposal = Proposal(
            height: height, round: round, polRound: polRound,
            blockID: BlockID(hash: name ?? block.header.hash(), parts: parts.header), timestamp: node.clock)
        proposal.signature = node.key.signature(of: proposal.signBytes(chainID: SimulatedChain.chainID))
        send(.proposal(proposal), from: node, to: peers)
        loop.feed(.proposal(VerifiedProposal(unchecked: proposal)))
        for place in 0..<Int(parts.header.total) {
            let part = parts[place]!
            loop.feed(.part(height: height, part))
            switch fault {
            case .withheldParts: send(.part(height: height, round: round, part), from: node, to: some(node))
            case .badParts:
                var bad = part
                bad.bytes[stream.below(bad.bytes.count)] ^= 1
                send(.part(height: height, round: round, bad), from: node, to: peers)
                send(.part(height: height, round: round, part), from: node, to: some(node))
            default: send(.part(height: height, round: round, part), from: node, to: peers)
            }
        }
    }

    // MARK: - On its own account

    func mischief(of node: SimulatedNode) {
        guard let loop = node.loop else { return }
        let everyone = others(than: node)
        let now = simulation.now
        for (envelope, time) in withheld where time <= now && !hasDeserted {
            let few = stream.chance(percent: 50) ? Array(stream.mixed(everyone).prefix(1)) : everyone
            for peer in few { simulation.send(envelope, from: node, to: peer) }
        }
        withheld.removeAll { $0.time <= now }
        if faults.contains(.futureRounds) {
            simulation.count(.futureRounds)
            for _ in 0..<4 {
                let round = loop.core.round + Int32(1 + stream.below(stream.chance(percent: 50) ? 4 : 100_000))
                sendVote(height: loop.core.height, round: round, someBlock(loop), node, loop, to: everyone)
            }
        }
        if faults.contains(.flood) {
            simulation.count(.flood)
            flood(node, loop, stream.one(of: everyone))
        }
        if faults.contains(.forgedSignatures) {
            simulation.count(.forgedSignatures)
            forge(node, loop, to: everyone)
        }
        if faults.contains(.badEvidence) {
            simulation.count(.badEvidence)
            accuse(node, loop, to: everyone)
        }
    }

    private func flood(_ node: SimulatedNode, _ loop: EngineLoop, _ victim: SimulatedNode) {
        guard let core = victim.loop?.core else { return }
        let again = [SimulatedNode](repeating: victim, count: 60)
        for _ in 0..<4 { sendVote(height: core.height + 1, round: 0, unknownBlock(), node, loop, to: again) }
        for _ in 0..<4 {
            let part = BlockPart(index: 0, bytes: stream.bytes(100), proof: PartSet(cutting: [1])[0]!.proof)
            send(.part(height: core.height, round: core.round, part), from: node, to: [victim])
            sendVote(height: core.height, round: core.round, unknownBlock(), node, loop, to: [victim])
            sendVote(height: core.height + 1000, round: 0, unknownBlock(), node, loop, to: [victim])
        }
    }

    private func sendVote(
        height: Int64, round: Int32, _ blockID: BlockID?, _ node: SimulatedNode, _ loop: EngineLoop,
        to peers: [SimulatedNode]
    ) {
        guard let place = loop.state.validators.index(of: node.key.address) else { return }
        let vote = Vote(
            kind: stream.chance(percent: 50) ? .prevote : .precommit, height: height, round: round, blockID: blockID,
            timestamp: node.clock, validatorAddress: node.key.address, validatorIndex: Int32(place))
        send(.vote(signed(vote, node)), from: node, to: peers)
    }

    /// Votes and proposals in the names of others, with signatures of its own.
    private func forge(_ node: SimulatedNode, _ loop: EngineLoop, to peers: [SimulatedNode]) {
        let members = loop.state.validators.validators
        let place = stream.below(members.count)
        var vote = Vote(
            kind: .precommit, height: loop.core.height, round: loop.core.round, blockID: someBlock(loop),
            timestamp: node.clock, validatorAddress: members[place].address, validatorIndex: Int32(place))
        vote.signature = node.key.signature(of: vote.signBytes(chainID: SimulatedChain.chainID))
        guard members[place].address != node.key.address, !hasDeserted else { return }
        for peer in peers {
            simulation.send(Envelope(.vote(vote), claimed: members[place].publicKey), from: node, to: peer)
        }
        // It is not its turn, or it has proposed.
        var proposal = Proposal(
            height: loop.core.height, round: loop.core.round, polRound: -1, blockID: someBlock(loop),
            timestamp: node.clock)
        proposal.signature = node.key.signature(of: proposal.signBytes(chainID: SimulatedChain.chainID))
        send(.proposal(proposal), from: node, to: peers)
    }

    /// Bytes that are none, and two votes in another's name that it did not sign.
    private func accuse(_ node: SimulatedNode, _ loop: EngineLoop, to peers: [SimulatedNode]) {
        send(.evidence(Evidence(kind: .duplicateVote, bytes: stream.bytes(40))), from: node, to: peers)
        let height = loop.state.lastHeight
        guard height > 0, let validators = loop.state.lastValidators else { return }
        let place = stream.below(validators.count)
        let votes = (0..<2).map { _ in
            var vote = Vote(
                kind: .precommit, height: height, round: 0, blockID: unknownBlock(), timestamp: node.clock,
                validatorAddress: validators.validators[place].address, validatorIndex: Int32(place))
            vote.signature = node.key.signature(of: vote.signBytes(chainID: SimulatedChain.chainID))
            return vote
        }
        guard validators.validators[place].address != node.key.address,
            let accusation = DoubleVote(votes[0], votes[1], of: validators, time: loop.state.lastTime)
        else { return }
        send(.evidence(Evidence(.duplicateVote(accusation))), from: node, to: peers)
    }

    /// What a node that fetches gets in place of a block.
    func spoil(_ block: inout SyncedBlock) {
        guard faults.contains(.badSync) else { return }
        simulation.count(.badSync)
        switch stream.below(5) {
        case 0: if !block.bytes.isEmpty { block.bytes[stream.below(block.bytes.count)] ^= 1 }
        case 1: block.commit.height += 1
        case 2:
            for slot in block.commit.signatures.indices where slot % 2 == 0 { block.commit.signatures[slot] = .absent }
        case 3: block.height += 1
        default: block.bytes = []
        }
    }

    /// What goes over a line in place of what its reactor says: of blocks of the past.
    func spoil(_ bytes: inout [UInt8], on channel: UInt8) {
        guard faults.contains(.badSync), channel == 0x40, bytes.count > 100, stream.chance(percent: 50) else { return }
        simulation.count(.badSync)
        bytes[stream.below(bytes.count)] ^= 1
    }

    /// Leaves when an honest node has heard two thirds of the precommits of its round and not yet of the prevotes:
    /// if that one loses its timer now, the others are too few.
    func saw(_ core: ConsensusMachine) {
        guard faults.contains(.desertion), !hasDeserted, core.step == .prevote,
            core.votes(.precommit, round: core.round)?.hasTwoThirdsOfAny == true
        else { return }
        hasDeserted = true
        simulation.count(.desertion)
    }
}
