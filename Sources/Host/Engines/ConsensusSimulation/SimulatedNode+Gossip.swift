import ChainFormats
import ConsensusCore
import DecidedBlocks

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

    func gossip() {
        for peer in simulation.nodes where peer.index != index && peer.isUp {
            var budget = Self.itemsMax
            if peer.core.height == core.height {
                sendProposal(to: peer, &budget)
                sendParts(to: peer, &budget)
                sendVotes(to: peer, &budget)
                sendLateVotes(to: peer, &budget)
            } else if peer.core.height < core.height {
                sendDecided(to: peer, &budget)
            }
        }
    }

    private func send(_ content: Envelope.Content, signer: [UInt8]?, to peer: SimulatedNode, _ budget: inout Int) {
        guard budget > 0 else { return }
        let envelope = Envelope(content, verified: signer)
        guard offers[peer.index].add(envelope.digest, at: simulation.now) else { return }
        budget -= 1
        simulation.send(envelope, from: self, to: peer)
    }

    private func sendProposal(to peer: SimulatedNode, _ budget: inout Int) {
        guard peer.core.proposal == nil, peer.core.step <= .propose else { return }
        for envelope in proposals {
            guard case .proposal(let proposal) = envelope.content, proposal.round == peer.core.round else { continue }
            send(envelope.content, signer: envelope.signer, to: peer, &budget)
        }
    }

    private func sendParts(to peer: SimulatedNode, _ budget: inout Int) {
        guard let wanted = peer.core.currentParts, !wanted.isComplete, let own = core.parts(wanted.header) else {
            return
        }
        sendParts(of: own, missingIn: wanted, to: peer, &budget)
    }

    private func sendParts(of own: PartSet, missingIn wanted: PartSet, to peer: SimulatedNode, _ budget: inout Int) {
        for place in 0..<Int(own.header.total) where wanted[place] == nil {
            if let part = own[place] {
                send(.part(height: peer.core.height, part), signer: nil, to: peer, &budget)
            }
        }
    }

    private func sendVotes(to peer: SimulatedNode, _ budget: inout Int) {
        var rounds = [peer.core.round]
        for round in [core.round, core.decided?.round, peer.core.proposal?.polRound] {
            if let round, round >= 0, !rounds.contains(round) { rounds.append(round) }
        }
        for round in rounds {
            for kind in [VoteKind.prevote, .precommit] {
                guard let own = core.votes(kind, round: round) else { continue }
                sendVotes(
                    own, missingIn: peer.core.votes(kind, round: round), of: core.start.validators, to: peer, &budget)
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

    private func sendLateVotes(to peer: SimulatedNode, _ budget: inout Int) {
        guard peer.core.step == .newHeight, let own = core.lastCommit, let other = peer.core.lastCommit,
            own.round == other.round
        else { return }
        sendVotes(own.votes, missingIn: other.votes, of: own.validators, to: peer, &budget)
    }

    /// A peer that is behind gets the precommits that decided its height, and then the block.
    private func sendDecided(to peer: SimulatedNode, _ budget: inout Int) {
        let height = peer.core.height
        guard disk.blocks.count >= height else { return }
        let stored = disk.blocks[Int(height) - 1]
        if peer.core.decided == nil {
            if let last = core.lastCommit, last.height == height {
                let other = peer.core.votes(.precommit, round: last.round)
                sendVotes(last.votes, missingIn: other, of: last.validators, to: peer, &budget)
            } else if let votes = CommittedVotes(stored.commit, of: stored.validators) {
                let other = peer.core.votes(.precommit, round: votes.round)
                sendVotes(votes.votes, missingIn: other, of: stored.validators, to: peer, &budget)
            }
        }
        if let wanted = peer.core.parts(stored.parts.header), !wanted.isComplete {
            sendParts(of: stored.parts, missingIn: wanted, to: peer, &budget)
        }
    }
}
