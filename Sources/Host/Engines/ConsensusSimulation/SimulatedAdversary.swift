import BlockStorage
import ChainFormats
import ConsensusCore
import DecidedBlocks
import PublicCryptography
import Wire

/// What a hostile validator makes of what its core would do. It holds its own key and nobody else's.
final class SimulatedAdversary {
    private let faults: [SimulatedFault]
    private var stream: SeededStream
    private unowned let simulation: Simulation
    private var withheld: [(envelope: Envelope, time: Int64)] = []

    init(faults: [SimulatedFault], index: Int, simulation: Simulation) {
        self.faults = faults.filter(\.isHostile)
        self.simulation = simulation
        stream = SeededStream(seed: simulation.settings.seed, purpose: 100 + UInt64(index))
    }

    /// Whether it hands on what others said.
    var gossips: Bool { !faults.contains { [.silence, .amnesia, .favouredPeers].contains($0) } }

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
        let envelope = Envelope(content, claimed: node.signer.publicKey)
        for peer in peers { simulation.send(envelope, from: node, to: peer) }
    }

    // MARK: - Votes

    /// The vote that its own core should know, if any.
    func cast(_ vote: Vote, of node: SimulatedNode) -> Vote? {
        let everyone = others(than: node)
        var vote = vote
        switch choice() {
        case .silence: return nil
        case .equivocatingVoter:
            var other = vote
            other.blockID = vote.blockID == nil ? someBlock(node) : stream.chance(percent: 50) ? nil : someBlock(node)
            let (one, two) = (signed(vote, node), signed(other, node))
            let split = stream.mixed(everyone)
            let middle = stream.below(split.count + 1)
            send(.vote(one), from: node, to: Array(split.prefix(middle)))
            send(.vote(two), from: node, to: Array(split.dropFirst(middle)))
            if stream.chance(percent: 30) { send(.vote(two), from: node, to: Array(split.prefix(middle))) }
            return one
        case .amnesia: return castWithoutMemory(vote, node)
        case .unknownBlockVotes: vote.blockID = unknownBlock()
        case .wrongVoteTimes:
            vote.timestamp = vote.timestamp.adding(nanoseconds: stream.within(-3600...3600) * 1_000_000_000)
        case .favouredPeers:
            let own = signed(vote, node)
            send(.vote(own), from: node, to: some(node))
            return own
        default: break
        }
        let own = signed(vote, node)
        send(.vote(own), from: node, to: everyone)
        return own
    }

    /// One vote for each place, of whatever block suits, shown to few and to the others much later.
    private func castWithoutMemory(_ vote: Vote, _ node: SimulatedNode) -> Vote {
        var vote = vote
        if vote.kind == .prevote {
            vote.blockID = nil
            if let proposal = node.core.proposal, stream.chance(percent: 50),
                node.soundBlocks.contains(where: { $0.blockID == proposal.blockID })
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
            let envelope = Envelope(.vote(own), claimed: node.signer.publicKey)
            withheld.append((envelope, simulation.now + stream.within(2_000_000...30_000_000)))
        }
        return own
    }

    private func signed(_ vote: Vote, _ node: SimulatedNode) -> Vote {
        var vote = vote
        vote.signature = node.signer.signature(of: vote.signBytes(chainID: SimulatedChain.chainID))
        simulation.monitor.signed(vote, by: node)
        return vote
    }

    private func someBlock(_ node: SimulatedNode) -> BlockID {
        node.soundBlocks.isEmpty || stream.chance(percent: 20)
            ? unknownBlock() : stream.one(of: node.soundBlocks).blockID
    }

    private func unknownBlock() -> BlockID {
        let hash = SHA256.hash(stream.bytes(8))
        return BlockID(
            hash: hash, parts: PartSetHeader(total: UInt32(1 + stream.below(3)), hash: SHA256.hash(hash.bytes)))
    }

    // MARK: - Proposals

    func propose(_ height: Int64, _ round: Int32, _ reused: ReusedBlock?, of node: SimulatedNode) {
        let fault = choice()
        let everyone = others(than: node)
        switch fault {
        case .silence: return
        case .amnesia where stream.chance(percent: 60): return
        case .equivocatingProposer:
            guard let one = node.makeBlock(), let two = node.makeBlock() else { return }
            let split = stream.mixed(everyone)
            let middle = stream.below(split.count + 1)
            offer(one, round, of: node, to: Array(split.prefix(middle)))
            offer(two, round, of: node, to: Array(split.dropFirst(middle)))
        case .favouredPeers: offer(node.makeBlock(), round, of: node, to: some(node))
        case .withheldParts, .badParts: offer(node.makeBlock(), round, of: node, to: everyone, parts: fault)
        case .falseProofRounds where round > 0:
            offer(node.makeBlock(), round, polRound: Int32(stream.below(Int(round))), of: node, to: everyone)
        case .lyingNames:
            offer(node.makeBlock(), round, name: SHA256.hash(stream.bytes(8)), of: node, to: everyone)
        case .oversizedBlocks, .invalidBlocks, .wrongBlockTimes, .badEvidence:
            offer(node.makeBlock { spoil(&$0, fault) }, round, of: node, to: everyone)
        default:
            if let reused, let block = try? Block(protobuf: reused.bytes) {
                offer(block, round, polRound: reused.polRound, of: node, to: everyone)
            } else {
                offer(node.makeBlock(), round, of: node, to: everyone)
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
        to peers: [SimulatedNode], parts fault: SimulatedFault? = nil
    ) {
        guard let block else { return }
        let height = node.core.height
        let parts = PartSet(cutting: block.protobuf)
        var proposal = Proposal(
            height: height, round: round, polRound: polRound,
            blockID: BlockID(hash: name ?? block.header.hash(), parts: parts.header), timestamp: node.clock)
        proposal.signature = node.signer.signature(of: proposal.signBytes(chainID: SimulatedChain.chainID))
        send(.proposal(proposal), from: node, to: peers)
        node.feed(.proposal(VerifiedProposal(unchecked: proposal)))
        for place in 0..<Int(parts.header.total) {
            let part = parts[place]!
            node.feed(.part(height: height, part))
            switch fault {
            case .withheldParts: send(.part(height: height, part), from: node, to: some(node))
            case .badParts:
                var bad = part
                bad.bytes[stream.below(bad.bytes.count)] ^= 1
                send(.part(height: height, bad), from: node, to: peers)
                send(.part(height: height, part), from: node, to: some(node))
            default: send(.part(height: height, part), from: node, to: peers)
            }
        }
    }

    // MARK: - On its own account

    func mischief(of node: SimulatedNode) {
        let everyone = others(than: node)
        for (envelope, time) in withheld where time <= simulation.now {
            let few = stream.chance(percent: 50) ? Array(stream.mixed(everyone).prefix(1)) : everyone
            for peer in few { simulation.send(envelope, from: node, to: peer) }
        }
        let now = simulation.now
        withheld.removeAll { $0.time <= now }
        if faults.contains(.futureRounds) {
            simulation.count(.futureRounds)
            for _ in 0..<4 {
                let round = node.core.round + Int32(1 + stream.below(stream.chance(percent: 50) ? 4 : 100_000))
                sendVote(height: node.core.height, round: round, someBlock(node), node, to: everyone)
            }
        }
        if faults.contains(.flood) {
            simulation.count(.flood)
            let victim = stream.one(of: everyone)
            let again = [SimulatedNode](repeating: victim, count: 60)
            for _ in 0..<4 {
                sendVote(height: victim.core.height + 1, round: 0, unknownBlock(), node, to: again)
            }
            for _ in 0..<4 {
                let part = BlockPart(index: 0, bytes: stream.bytes(100), proof: PartSet(cutting: [1])[0]!.proof)
                send(.part(height: victim.core.height, part), from: node, to: [victim])
                sendVote(height: victim.core.height, round: victim.core.round, unknownBlock(), node, to: [victim])
                sendVote(height: victim.core.height + 1000, round: 0, unknownBlock(), node, to: [victim])
            }
        }
        if faults.contains(.forgedSignatures) {
            simulation.count(.forgedSignatures)
            forge(node, to: everyone)
        }
    }

    private func sendVote(
        height: Int64, round: Int32, _ blockID: BlockID?, _ node: SimulatedNode, to peers: [SimulatedNode]
    ) {
        guard let place = node.state.validators.index(of: node.signer.address) else { return }
        let vote = Vote(
            kind: stream.chance(percent: 50) ? .prevote : .precommit, height: height, round: round, blockID: blockID,
            timestamp: node.clock, validatorAddress: node.signer.address, validatorIndex: Int32(place))
        send(.vote(signed(vote, node)), from: node, to: peers)
    }

    /// Votes and proposals in the names of others, with signatures of its own.
    private func forge(_ node: SimulatedNode, to peers: [SimulatedNode]) {
        let members = node.state.validators.validators
        let place = stream.below(members.count)
        var vote = Vote(
            kind: .precommit, height: node.core.height, round: node.core.round, blockID: someBlock(node),
            timestamp: node.clock, validatorAddress: members[place].address, validatorIndex: Int32(place))
        vote.signature = node.signer.signature(of: vote.signBytes(chainID: SimulatedChain.chainID))
        guard members[place].address != node.signer.address else { return }
        for peer in peers {
            simulation.send(Envelope(.vote(vote), claimed: members[place].publicKey), from: node, to: peer)
        }
        // It is not its turn, or it has proposed.
        var proposal = Proposal(
            height: node.core.height, round: node.core.round, polRound: -1, blockID: someBlock(node),
            timestamp: node.clock)
        proposal.signature = node.signer.signature(of: proposal.signBytes(chainID: SimulatedChain.chainID))
        send(.proposal(proposal), from: node, to: peers)
    }
}
