import BlockStorage
import ChainFormats
import ConsensusCore
import DecidedBlocks
import Dispatch
import EmbeddedEngine
import Foundation
import Logging
import PeerWire
import PublicCryptography
import Synchronization

/// Takes consensus to the peers and theirs to the engine: proposals, parts and votes of all validators, not only ours.
///
/// It follows CometBFT's gossip: for each peer it keeps what that peer has, sends what it lacks of what this node has,
/// and asks from time to time about votes that may have been lost. A thread of its own looks at all peers, whenever
/// something has changed and ten times a second besides.
package final class ConsensusReactor: PeerReactor, ConsensusNetwork {
    /// CometBFT: `peer_query_maj23_sleep_duration`.
    private static let queryNanoseconds: UInt64 = 2_000_000_000
    /// What a peer that is not caught up is given again, if it has not moved on: it drops what comes before its reactor
    /// runs, without a word.
    private static let stalledNanoseconds: UInt64 = 10_000_000_000
    /// Of one kind for one peer before the next peer's turn.
    private static let turnMax = 32
    private static let idleSeconds = 0.1
    /// Pieces of evidence that are remembered of a peer.
    private static let evidenceMax = 1000
    /// Blocks of the past that are kept in parts, and the parts of all of them.
    private static let oldPartsMax = 4
    private static let oldPartCountMax = 1024
    /// After a block of the past that took longer to cut than this, none is cut for some times as long.
    private static let cutNanoseconds: UInt64 = 2_000_000
    private static let cutPause: UInt64 = 4

    private final class Entry: Sendable {
        let peer: Peer
        let state = Mutex(PeerRoundState())
        let times = Mutex((query: UInt64(0), moved: UInt64(0)))
        /// Hashes of what it sent or was sent: of the bytes, which nobody has verified, nothing stays.
        let evidence = Mutex<Set<Hash32>>([])

        init(_ peer: Peer) { self.peer = peer }

        func note(_ hash: Hash32) {
            evidence.withLock { known in
                if known.count >= ConsensusReactor.evidenceMax { known.removeAll() }
                known.insert(hash)
            }
        }
    }

    private struct PendingEvidence {
        var evidence: Evidence
        var height: Int64
        var hash: Hash32
    }

    private struct State {
        var peers: [UInt64: Entry] = [:]
        var engine: (any GossipEngine)?
        var blocks = BlockSyncReactor.Events(committed: { _ in }, refused: { _ in })
        var begins: @Sendable () -> Void = {}
        var hasStopped = false
        /// Who turns this reactor, if it has no thread.
        var turner: (@Sendable () -> Void)?
        /// Until this node takes part nothing is said: who gossips to it before would believe that it has what it
        /// was sent.
        var isSilent = false
        /// Of heights that peers are behind with, the last that was needed at the end.
        var oldParts: [(height: Int64, parts: PartSet)] = []
        /// Before it no other block is cut.
        var nextCut: UInt64 = 0
        /// Whose turn is first.
        var turn = 0
        var pending: (from: [Evidence], items: [PendingEvidence])?
    }

    package let channels: [PeerChannel] = [
        .consensusState, .consensusData, .consensusVote, .voteSetBits, .evidence,
    ]
    private let logger: Logger
    private let state = Mutex(State())
    private let changes = DispatchSemaphore(value: 0)
    private let isSignalled = Atomic(false)

    private let clock: @Sendable () -> UInt64

    package init(
        logger: Logger, clock: @escaping @Sendable () -> UInt64 = { DispatchTime.now().uptimeNanoseconds }
    ) {
        (self.logger, self.clock) = (logger, clock)
    }

    /// Begins to gossip what `engine` has; `blocks` hears of blocks that were handed to it, and `begins` of each height
    /// that begins, on the engine's thread.
    ///
    /// A node that `syncs` says nothing before `endSync`. With a `turner` there is no thread: it hears when something
    /// has changed, and calls `turn`.
    package func begin(
        _ engine: any GossipEngine, blocks: BlockSyncReactor.Events, syncs: Bool,
        begins: @escaping @Sendable () -> Void = {}, turner: (@Sendable () -> Void)? = nil
    ) {
        let peers = state.withLock { state in
            state.engine = engine
            state.begins = begins
            state.blocks = blocks
            state.isSilent = syncs
            state.turner = turner
            return syncs ? [] : state.peers.values.sorted { $0.peer.number < $1.peer.number }
        }
        for entry in peers { greet(entry, engine) }
        guard turner == nil else { return }
        let thread = Thread { [weak self] in
            while let self, !self.state.withLock({ $0.hasStopped }) {
                _ = self.changes.wait(timeout: .now() + ConsensusReactor.idleSeconds)
                self.turn()
            }
        }
        thread.name = "gossip"
        thread.start()
    }

    package func endSync() {
        let (engine, peers) = state.withLock { state in
            state.isSilent = false
            return (state.engine, state.peers.values.sorted { $0.peer.number < $1.peer.number })
        }
        engine?.endSync()
        guard let engine else { return }
        for entry in peers { greet(entry, engine) }
    }

    /// The height that a peer said it is at; 0 before that.
    package func height(of peer: Peer) -> Int64 {
        state.withLock { $0.peers[peer.number] }?.state.withLock { $0.height } ?? 0
    }

    /// What a peer is known to have of its round; `nil` for one that is not here.
    package func round(of peer: Peer) -> PeerRoundState? {
        state.withLock { $0.peers[peer.number] }?.state.withLock { $0 }
    }

    package func stop() {
        state.withLock { state in
            state.hasStopped = true
            state.engine = nil
        }
        changes.signal()
    }

    private var engine: (any GossipEngine)? { state.withLock { $0.engine } }
    private var entries: [Entry] { state.withLock { $0.peers.values.sorted { $0.peer.number < $1.peer.number } } }

    private func wake() {
        guard !isSignalled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        if let turner = state.withLock({ $0.turner }) { turner() } else { changes.signal() }
    }

    /// One look at all peers, never two at once.
    package func turn() {
        isSignalled.store(false, ordering: .releasing)
        gossip()
    }

    // MARK: From the engine

    package func broadcast(_ message: ConsensusMessage) { wake() }

    package func announce(_ event: ConsensusEvent) {
        switch event {
        case .entered(let height, let round, let step):
            if step == .newHeight { state.withLock { $0.begins }() }
            // A step that CometBFT does not announce: it begins with the proposal's.
            guard step != .newRound else { break }
            let last = engine?.roundState?.lastCommit?.round ?? -1
            send(
                .newRoundStep(
                    NewRoundStep(height: height, round: round, step: UInt32(step.rawValue), lastCommitRound: last)))
        case .validBlock(let height, let round, let header, let isCommit):
            send(validBlock(height: height, round: round, header, isCommit: isCommit))
        case .added(let vote):
            send(
                .hasVote(
                    VotePlace(height: vote.height, round: vote.round, kind: vote.kind), index: vote.validatorIndex))
        case .evidence: break
        case .refusedEvidence(let number, let fault):
            logger.warning("evidence that proves nothing", metadata: ["fault": "\(fault)"])
            state.withLock { $0.peers[number.value] }?.peer.drop(.invalid(.evidence))
        case .committed(let height): state.withLock { $0.blocks }.committed(height)
        case .refused(let height, _): state.withLock { $0.blocks }.refused(height)
        }
        wake()
    }

    private func send(_ gossip: ConsensusGossip) {
        guard !state.withLock({ $0.isSilent }) else { return }
        for entry in entries { entry.peer.send(.consensus(gossip)) }
    }

    private func validBlock(
        height: Int64, round: Int32, _ header: PartSetHeader, isCommit: Bool
    ) -> ConsensusGossip {
        var bits = BitArray(count: min(Int(header.total), BitArray.countMax))
        if let parts = engine?.roundState?.parts(header) {
            for index in 0..<Int(header.total) where parts[index] != nil { bits[index] = true }
        }
        return .newValidBlock(height: height, round: round, header, bits, isCommit: isCommit)
    }

    // MARK: From peers

    package func connected(_ peer: Peer) {
        let entry = Entry(peer)
        let engine = state.withLock { state in
            state.peers[peer.number] = entry
            return state.isSilent ? nil : state.engine
        }
        if let engine { greet(entry, engine) }
    }

    private func greet(_ entry: Entry, _ engine: any GossipEngine) {
        guard let round = engine.roundState else { return }
        let step = round.step == .newRound ? ConsensusMachine.Step.newHeight : round.step
        entry.peer.send(
            .consensus(
                .newRoundStep(
                    NewRoundStep(
                        height: round.height, round: round.round, step: UInt32(step.rawValue),
                        lastCommitRound: round.lastCommit?.round ?? -1))))
        if let parts = round.currentParts, round.decided != nil {
            entry.peer.send(
                .consensus(validBlock(height: round.height, round: round.round, parts.header, isCommit: true)))
        }
    }

    package func disconnected(_ peer: Peer) {
        let engine = state.withLock { state in
            state.peers[peer.number] = nil
            return state.engine
        }
        engine?.forget(PeerNumber(peer.number))
    }

    package func receive(_ message: ChannelMessage, from peer: Peer) throws(PeerFault) {
        guard let entry = state.withLock({ $0.peers[peer.number] }), let engine, let round = engine.roundState
        else { return }
        let number = PeerNumber(peer.number)
        if case .evidence(let list) = message, !state.withLock({ $0.isSilent }) {
            for item in list.prefix(ConsensusReactor.turnMax) {
                entry.note(SHA256.hash(item.bytes))
                engine.receive(item, from: number)
            }
        }
        guard case .consensus(let gossip) = message else { return }
        switch gossip {
        case .newRoundStep(let step):
            entry.state.withLock { $0.apply(step) }
            entry.times.withLock { $0.moved = clock() }
        case .newValidBlock(let height, let round, let header, let bits, let isCommit):
            entry.state.withLock { $0.applyValidBlock(height: height, round: round, header, bits, isCommit: isCommit) }
        case .proposal(let proposal):
            entry.state.withLock { $0.set(proposal) }
            _ = engine.receive(.proposal(proposal), from: number)
        case .proposalPOL(let height, let polRound, let bits):
            entry.state.withLock { $0.setPOL(height: height, polRound: polRound, bits) }
        case .part(let height, let partRound, let part):
            entry.state.withLock { $0.setPart(height: height, round: partRound, Int(part.index)) }
            guard height == round.height || height == round.height + 1 else { return }
            _ = engine.receive(.part(height: height, round: partRound, part), from: number)
        case .vote(let vote):
            let place = VotePlace(height: vote.height, round: vote.round, kind: vote.kind)
            entry.state.withLock { state in
                prepare(&state, round)
                state.setVote(place, index: Int(vote.validatorIndex))
            }
            // A wrong signature is no reason to leave a peer: it may have another set than ours.
            _ = engine.receive(.vote(vote), from: number)
        case .hasVote(let place, let index):
            entry.state.withLock { state in
                prepare(&state, round)
                state.setVote(place, index: Int(index))
            }
        case .voteSetMaj23(let place, let blockID):
            guard place.height == round.height, let votes = round.votes(place.kind, round: place.round) else { return }
            let bits = BitArray(votes.voters(for: blockID))
            peer.send(.consensus(.voteSetBits(place, blockID, bits)))
            return
        case .voteSetBits(let place, let blockID, let bits):
            let ours =
                place.height == round.height
                ? round.votes(place.kind, round: place.round).map { BitArray($0.voters(for: blockID)) } : nil
            entry.state.withLock { $0.apply(bits, at: place, ours: ours) }
        }
        wake()
    }

    private func prepare(_ state: inout PeerRoundState, _ round: ConsensusMachine) {
        state.prepare(height: round.height, count: round.start.validators.count)
        if let last = round.lastCommit { state.prepare(height: last.height, count: last.validators.count) }
    }

    // MARK: Gossip

    private func gossip() {
        guard let engine, !state.withLock({ $0.isSilent }), let round = engine.roundState else { return }
        let now = clock()
        let evidence = pendingEvidence(engine)
        var isUnfinished = false
        for entry in inTurn(entries) {
            isUnfinished = gossipParts(to: entry, engine, round) || isUnfinished
            isUnfinished = gossipVotes(to: entry, engine, round) || isUnfinished
            let (asks, begins) = entry.times.withLock { times in
                let asks = elapsed(times.query, now) >= ConsensusReactor.queryNanoseconds
                if asks { times.query = now }
                let begins = times.moved != 0 && elapsed(times.moved, now) >= ConsensusReactor.stalledNanoseconds
                if begins { times.moved = now }
                return (asks, begins)
            }
            if asks { query(entry, engine, round) }
            gossipEvidence(evidence, to: entry)
            if begins { entry.state.withLock { $0.forgetSent() } }
        }
        if isUnfinished { wake() }
    }

    /// Each time another is the first.
    private func inTurn(_ entries: [Entry]) -> [Entry] {
        guard !entries.isEmpty else { return [] }
        let first = state.withLock { state in
            state.turn = (state.turn + 1) % entries.count
            return state.turn
        }
        return Array(entries[first...] + entries[..<first])
    }

    /// `true` if there was more than a turn's worth.
    private func gossipParts(to entry: Entry, _ engine: any GossipEngine, _ round: ConsensusMachine) -> Bool {
        var peer = entry.state.withLock { $0 }
        guard peer.height > 0 else { return false }
        if peer.height < round.height {
            return sendOldParts(to: entry, of: peer.height, engine)
        }
        guard peer.height == round.height else { return false }
        if let header = peer.parts, let parts = round.parts(header) {
            if send(parts, to: entry, height: round.height, round: round.round) { return true }
            peer = entry.state.withLock { $0 }
        }
        guard peer.round == round.round, !peer.hasProposal, let proposal = round.proposal else { return false }
        guard entry.peer.send(.consensus(.proposal(proposal))) else { return false }
        entry.state.withLock { $0.set(proposal) }
        if proposal.polRound >= 0, let votes = round.votes(.prevote, round: proposal.polRound) {
            let bits = BitArray(votes.voters)
            entry.peer.send(
                .consensus(.proposalPOL(height: round.height, polRound: proposal.polRound, bits)))
        }
        return true
    }

    /// The parts that the peer lacks of these.
    private func send(_ parts: PartSet, to entry: Entry, height: Int64, round: Int32) -> Bool {
        var sent = 0
        for index in 0..<Int(parts.header.total) {
            guard let part = parts[index],
                entry.state.withLock({ $0.parts == parts.header && $0.partBits?[index] == false })
            else { continue }
            guard sent < ConsensusReactor.turnMax else { return true }
            guard entry.peer.send(.consensus(.part(height: height, round: round, part))) else { return false }
            sent += 1
            entry.state.withLock { $0.setSentPart(parts.header, index) }
        }
        return false
    }

    private func sendOldParts(to entry: Entry, of height: Int64, _ engine: any GossipEngine) -> Bool {
        guard entry.peer.hasRoom(.consensusData), let blockID = (try? engine.store.blockID(height)) ?? nil
        else { return false }
        let peerRound = entry.state.withLock { state -> Int32? in
            state.expect(blockID.parts)
            guard state.height == height, state.parts == blockID.parts, let bits = state.partBits,
                bits.indices.count < bits.count
            else { return nil }
            return state.round
        }
        guard let peerRound, let parts = oldParts(height, engine) else { return false }
        return send(parts, to: entry, height: height, round: peerRound)
    }

    /// `nil` also while another block was cut a moment ago: reading and hashing large ones for who is behind must not
    /// keep votes from the others.
    private func oldParts(_ height: Int64, _ engine: any GossipEngine) -> PartSet? {
        let start = clock()
        let (known, mayCut) = state.withLock { state -> (PartSet?, Bool) in
            guard let place = state.oldParts.firstIndex(where: { $0.height == height }) else {
                return (nil, state.nextCut <= start)
            }
            let known = state.oldParts.remove(at: place)
            state.oldParts.append(known)
            return (known.parts, false)
        }
        if let known { return known }
        guard mayCut, let bytes = (try? engine.store.blockBytes(height)) ?? nil else { return nil }
        let parts = PartSet(cutting: bytes)
        let end = clock()
        let time = elapsed(start, end)
        state.withLock { state in
            if time > ConsensusReactor.cutNanoseconds { state.nextCut = end + time * ConsensusReactor.cutPause }
            var count = state.oldParts.reduce(Int(parts.header.total)) { $0 + Int($1.parts.header.total) }
            while let first = state.oldParts.first,
                state.oldParts.count >= ConsensusReactor.oldPartsMax || count > ConsensusReactor.oldPartCountMax
            {
                count -= Int(first.parts.header.total)
                state.oldParts.removeFirst()
            }
            state.oldParts.append((height, parts))
        }
        return parts
    }

    /// CometBFT's order: what the peer needs first for the step that it is in.
    private func gossipVotes(to entry: Entry, _ engine: any GossipEngine, _ round: ConsensusMachine) -> Bool {
        let peer = entry.state.withLock { state in
            prepare(&state, round)
            return state
        }
        guard peer.height > 0 else { return false }
        if peer.height == round.height {
            if peer.step == 1, let last = round.lastCommit, send(last, to: entry) { return true }
            guard peer.round >= 0 else { return false }
            if peer.polRound >= 0, peer.step <= 3, send(.prevote, peer.polRound, round, to: entry) { return true }
            guard peer.round <= round.round else { return false }
            return send(.prevote, peer.round, round, to: entry) || send(.precommit, peer.round, round, to: entry)
                || (peer.polRound >= 0 && send(.prevote, peer.polRound, round, to: entry))
        }
        if peer.height == round.height - 1, let last = round.lastCommit { return send(last, to: entry) }
        guard peer.height < round.height - 1, entry.peer.hasRoom(.consensusVote),
            let votes = oldCommit(peer.height, engine)
        else { return false }
        return send(votes, to: entry)
    }

    private func oldCommit(_ height: Int64, _ engine: any GossipEngine) -> CommittedVotes? {
        guard let commit = (try? engine.store.seenCommit(height)) ?? nil,
            let validators = (try? engine.store.validators(height)) ?? nil
        else { return nil }
        return CommittedVotes(commit, of: validators)
    }

    private func send(_ committed: CommittedVotes, to entry: Entry) -> Bool {
        let place = VotePlace(height: committed.height, round: committed.round, kind: .precommit)
        let count = committed.validators.count
        entry.state.withLock { state in
            state.prepareCatchUp(height: committed.height, round: committed.round, count: count)
            state.prepare(height: committed.height, count: count)
        }
        return send(committed.votes, at: place, count: count, to: entry)
    }

    private func send(_ kind: VoteKind, _ number: Int32, _ round: ConsensusMachine, to entry: Entry) -> Bool {
        guard let votes = round.votes(kind, round: number) else { return false }
        return send(
            votes, at: VotePlace(height: round.height, round: number, kind: kind),
            count: round.start.validators.count, to: entry)
    }

    private func send(_ votes: VoteSet, at place: VotePlace, count: Int, to entry: Entry) -> Bool {
        guard let known = entry.state.withLock({ $0.votes(place) }), known.count == count else { return false }
        var sent = 0
        for index in 0..<count where !known[index] {
            guard let vote = votes.vote(of: index) else { continue }
            guard sent < ConsensusReactor.turnMax else { return true }
            guard entry.peer.send(.consensus(.vote(vote))) else { return false }
            sent += 1
            entry.state.withLock { $0.setVote(place, index: index) }
        }
        return false
    }

    /// Read and hashed once, not for every peer and look.
    private func pendingEvidence(_ engine: any GossipEngine) -> [PendingEvidence] {
        let pending = engine.pendingEvidence
        if let known = state.withLock({ $0.pending }), known.from == pending { return known.items }
        let items = pending.prefix(ConsensusReactor.turnMax).compactMap { item in
            item.content.map { PendingEvidence(evidence: item, height: $0.height, hash: SHA256.hash(item.bytes)) }
        }
        state.withLock { $0.pending = (pending, items) }
        return items
    }

    /// A peer can verify what happened below its own height.
    private func gossipEvidence(_ pending: [PendingEvidence], to entry: Entry) {
        guard !pending.isEmpty else { return }
        let height = entry.state.withLock { $0.height }
        for item in pending {
            guard item.height < height, !entry.evidence.withLock({ $0.contains(item.hash) }),
                entry.peer.send(.evidence([item.evidence]))
            else { continue }
            entry.note(item.hash)
        }
    }

    /// What two thirds did is worth to be asked about: an answer tells what the peer lacks, or what was lost.
    private func query(_ entry: Entry, _ engine: any GossipEngine, _ round: ConsensusMachine) {
        let peer = entry.state.withLock { $0 }
        func ask(_ place: VotePlace, _ majority: VoteSet.Majority?) {
            switch majority {
            case .block(let blockID): entry.peer.send(.consensus(.voteSetMaj23(place, blockID)))
            case .forNil: entry.peer.send(.consensus(.voteSetMaj23(place, nil)))
            case .some(.none), nil: break
            }
        }
        if peer.height == round.height, peer.round >= 0 {
            for kind in [VoteKind.prevote, .precommit] {
                ask(
                    VotePlace(height: round.height, round: peer.round, kind: kind),
                    round.votes(kind, round: peer.round)?.majority)
            }
            if peer.polRound >= 0 {
                ask(
                    VotePlace(height: round.height, round: peer.polRound, kind: .prevote),
                    round.votes(.prevote, round: peer.polRound)?.majority)
            }
        }
        if peer.catchUpRound >= 0, peer.height > 0, peer.height < round.height,
            let commit = (try? engine.store.seenCommit(peer.height)) ?? nil, let blockID = commit.blockID
        {
            ask(
                VotePlace(height: peer.height, round: commit.round, kind: .precommit), .block(blockID))
        }
    }
}
