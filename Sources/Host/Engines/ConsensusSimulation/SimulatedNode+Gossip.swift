import BlockStorage
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import EmbeddedEngine

/// What a node has sent a peer lately: once lost, it is offered again.
struct PeerOffers {
    private static let memory: Int64 = 1_500_000

    // Only asked whether something is in it.
    private var items = Set<UInt64>()
    private var since: Int64 = 0

    mutating func forget(at now: Int64) {
        items.removeAll(keepingCapacity: true)
        since = now
    }

    /// Whether it is worth sending.
    mutating func add(_ item: UInt64, at now: Int64) -> Bool {
        if now - since > Self.memory { forget(at: now) }
        return items.insert(item).inserted
    }
}

/// What CometBFT's reactor does for peers: it hands on what they lack. A reactor knows that from what a peer says;
/// here it looks, and what it then sends takes its way over the network.
extension SimulatedNode {
    private static let itemsMax = 16
    private static let transactionsMax = 32

    func gossip() throws {
        guard let loop else { return }
        if let reactors = simulation.reactors {
            for peer in simulation.nodes where peer.index != index && peer.isUp && !loop.isSyncing {
                if let other = peer.loop?.core { sendTransactions(loop.core, to: peer, other) }
            }
            return try enter { reactors.turn(index) }
        }
        guard !loop.isSyncing else { return sync(loop) }
        let own = loop.core
        for peer in simulation.nodes where peer.index != index && peer.isUp {
            guard let other = peer.loop?.core else { continue }
            var budget = Self.itemsMax
            if other.height == own.height {
                sendProposal(own, to: peer, other, &budget)
                sendParts(own, to: peer, other, &budget)
                sendVotes(own, to: peer, other, &budget)
                sendLateVotes(own, to: peer, other, &budget)
            } else if other.height < own.height {
                sendDecided(own, to: peer, other, &budget)
            }
            for item in loop.evidence.pending where other.height >= own.height {
                send(.evidence(item), signer: nil, to: peer, &budget)
            }
            sendTransactions(own, to: peer, other)
        }
    }

    /// Asks somebody for the next block, or ends fetching when nobody has one: the block after it must be there, since
    /// it carries the commit.
    private func sync(_ loop: EngineLoop) {
        let height = loop.state.nextHeight
        let servers = simulation.nodes.filter { node in
            node.index != index && node.isUp && node.lastHeight > height && !distrusted.contains(node.peer)
        }
        guard !servers.isEmpty else { return simulation.endSync(of: self) }
        let server = simulation.one(of: servers)
        guard let block = server.decided(height), let next = server.decided(height + 1) else { return }
        var synced = SyncedBlock(height: height, bytes: block.blockBytes, commit: next.block.lastCommit)
        simulation.adversaries[server.index]?.spoil(&synced)
        simulation.send(Envelope(.synced(synced), verified: nil), from: server, to: self)
    }

    private func send(_ content: Envelope.Content, signer: [UInt8]?, to peer: SimulatedNode, _ budget: inout Int) {
        guard budget > 0 else { return }
        let envelope = Envelope(content, verified: signer)
        guard offers[peer.index].add(envelope.digest, at: simulation.now) else { return }
        budget -= 1
        simulation.send(envelope, from: self, to: peer)
    }

    /// A peer that is more than a height behind could not check them.
    private func sendTransactions(_ own: ConsensusMachine, to peer: SimulatedNode, _ other: ConsensusMachine) {
        guard let world = simulation.world, other.height >= own.height - 1 else { return }
        var budget = Self.transactionsMax
        for transaction in world.waiting(at: index) {
            send(.transaction(transaction), signer: nil, to: peer, &budget)
        }
    }

    private func sendProposal(
        _ own: ConsensusMachine, to peer: SimulatedNode, _ other: ConsensusMachine, _ budget: inout Int
    ) {
        guard other.proposal == nil, other.step <= .propose else { return }
        for envelope in proposals {
            guard case .proposal(let proposal) = envelope.content, proposal.round == other.round else { continue }
            send(envelope.content, signer: envelope.signer, to: peer, &budget)
        }
    }

    private func sendParts(
        _ own: ConsensusMachine, to peer: SimulatedNode, _ other: ConsensusMachine, _ budget: inout Int
    ) {
        guard let wanted = other.currentParts, !wanted.isComplete, let parts = own.parts(wanted.header) else { return }
        sendParts(of: parts, missingIn: wanted, to: peer, other, &budget)
    }

    private func sendParts(
        of own: PartSet, missingIn wanted: PartSet, to peer: SimulatedNode, _ other: ConsensusMachine,
        _ budget: inout Int
    ) {
        for place in 0..<Int(own.header.total) where wanted[place] == nil {
            if let part = own[place] {
                send(.part(height: other.height, round: other.round, part), signer: nil, to: peer, &budget)
            }
        }
    }

    private func sendVotes(
        _ own: ConsensusMachine, to peer: SimulatedNode, _ other: ConsensusMachine, _ budget: inout Int
    ) {
        var rounds = [other.round]
        for round in [own.round, own.decided?.round, other.proposal?.polRound] {
            if let round, round >= 0, !rounds.contains(round) { rounds.append(round) }
        }
        for round in rounds {
            for kind in [VoteKind.prevote, .precommit] {
                guard let votes = own.votes(kind, round: round) else { continue }
                sendVotes(
                    votes, missingIn: other.votes(kind, round: round), of: own.start.validators, to: peer, &budget)
            }
        }
    }

    private func sendVotes(
        _ own: VoteSet, missingIn other: VoteSet?, of validators: ValidatorSet, to peer: SimulatedNode,
        _ budget: inout Int
    ) {
        let majority = own.majority
        // CometBFT's VoteSetMaj23: of what two thirds stand behind, those votes too that come second.
        let isOwed = majority != .none && other?.majority != majority
        guard isOwed || other?.isComplete != true else { return }
        let members = validators.validators
        for place in members.indices {
            if let vote = own.vote(of: place), other?.vote(of: place) == nil {
                send(.vote(vote), signer: members[place].publicKey, to: peer, &budget)
            }
            guard isOwed, case .block(let blockID) = majority, let vote = own.vote(of: place, for: blockID),
                other?.vote(of: place, for: blockID) == nil
            else { continue }
            send(.vote(vote), signer: members[place].publicKey, to: peer, &budget)
        }
    }

    private func sendLateVotes(
        _ own: ConsensusMachine, to peer: SimulatedNode, _ other: ConsensusMachine, _ budget: inout Int
    ) {
        guard other.step == .newHeight, let last = own.lastCommit, let their = other.lastCommit,
            last.round == their.round
        else { return }
        sendVotes(last.votes, missingIn: their.votes, of: last.validators, to: peer, &budget)
    }

    /// A peer that is behind gets the precommits that decided its height, and then the block.
    private func sendDecided(
        _ own: ConsensusMachine, to peer: SimulatedNode, _ other: ConsensusMachine, _ budget: inout Int
    ) {
        guard let stored = decided(other.height) else { return }
        if other.decided == nil {
            let seen = own.lastCommit.flatMap { $0.height == other.height ? $0 : nil }
            if let last = seen ?? CommittedVotes(stored.commit, of: stored.validators) {
                let votes = other.votes(.precommit, round: last.round)
                sendVotes(last.votes, missingIn: votes, of: last.validators, to: peer, &budget)
            }
        }
        if let wanted = other.parts(stored.blockID.parts), !wanted.isComplete {
            sendParts(of: simulation.chain.parts(of: stored), missingIn: wanted, to: peer, other, &budget)
        }
    }
}
