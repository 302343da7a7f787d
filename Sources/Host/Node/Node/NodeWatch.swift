import BlockStorage
import ChainApplication
import ChainFormats
import ConsensusCore
import DecidedBlocks
import Dispatch
import EmbeddedEngine
import Logging
import PeerNetwork
import PublicCryptography
import Synchronization
import Wire

/// Looks at all parts of a running node, for its metrics, for whoever asks whether it is well, and for a word in the
/// log when the chain stands where it should go on.
final class NodeWatch: Sendable {
    struct Parts: Sendable {
        var application: Application
        var engine: any NodeEngine
        var peers: NodePeers?
        var heartbeat: EnclaveHeartbeat
        var metrics: NodeMetrics
        /// Under CometBFT: whether it makes blocks without transactions, and who asks it how it is.
        var makesEmptyBlocks: Bool
        var cometBFT: CometBFTWatch?
        /// Of the validator whose key this node has.
        var ownAddress: ValidatorAddress?
        /// Before the engine began.
        var heightAtStart: UInt64
    }

    private struct State {
        var stalls: StallWatch
        var stall: StallWatch.Stall?
        var sample: ChainSample?
        /// When the log was told last.
        var toldAt: UInt64?
        /// Up to here, blocks are counted.
        var countedHeight: Int64
        var lastBlockTime: Timestamp?
        /// Of the last block's set and parameters.
        var lastHashes: (set: Hash32, parameters: Hash32)?
        var lastSignedHeight: Int64 = 0
        /// When the process was looked at last, in nanoseconds since the machine was booted.
        var processSeenAt: UInt64 = 0
    }

    /// Blocks that are counted in one look; of a node that fetches many at once the others are left out.
    private static let blocksCountedMax: Int64 = 100
    private static let repeatSeconds: UInt64 = 60
    private static let processSeconds: UInt64 = 5

    private let parts: Parts
    private let logger: Logger
    private let state: Mutex<State>

    init(_ parts: Parts, patienceSeconds: Int, logger: Logger) {
        (self.parts, self.logger) = (parts, logger)
        state = Mutex(
            State(
                stalls: StallWatch(patienceSeconds: patienceSeconds),
                countedHeight: Int64(parts.heightAtStart)))
    }

    var stall: StallWatch.Stall? { state.withLock { $0.stall } }
    /// Of the last block that this node's validator helped to decide, since the start.
    var lastSignedHeight: Int64 { state.withLock { $0.lastSignedHeight } }
    var peers: [PeerState] { parts.peers?.states ?? [] }
    var heartbeat: EnclaveHeartbeat { parts.heartbeat }
    /// Nothing under the embedded engine, and while CometBFT does not answer.
    var cometBFT: CometBFTView? { parts.cometBFT?.view }

    /// Why the node should not be given work yet; nothing when it should.
    var reasonsAgainstReady: [String] {
        var reasons: [String] = []
        if parts.application.announcedHeight == 0 { reasons.append("no block is announced yet") }
        if parts.peers?.isFetching ?? cometBFT?.isFetching ?? false { reasons.append("blocks are still being fetched") }
        if let seconds = parts.heartbeat.silentSeconds {
            reasons.append(StallCause.enclave(silentSeconds: seconds).text)
        }
        if let stall {
            reasons.append("no block since \(stall.seconds) s: " + stall.causes.map(\.text).joined(separator: "; "))
        }
        return reasons
    }

    /// To be called a few times a second.
    func look() {
        let now = DispatchTime.now().uptimeNanoseconds
        let sample = sample()
        let (before, stall, isDue) = state.withLock { state in
            let before = state.stall
            state.stall = state.stalls.observe(sample, nanoseconds: now)
            state.sample = sample
            let isDue = state.toldAt.map { now >= $0 + Self.repeatSeconds * 1_000_000_000 } ?? true
            if state.stall != nil, isDue { state.toldAt = now }
            if state.stall == nil { state.toldAt = nil }
            return (before, state.stall, isDue)
        }
        if let stall, isDue {
            logger.warning(
                "no block is decided",
                metadata: [
                    "height": .stringConvertible(sample.committedHeight + 1),
                    "seconds": .stringConvertible(stall.seconds),
                    "why": "\(stall.causes.map(\.text).joined(separator: "; "))",
                ])
        } else if before != nil, stall == nil {
            logger.notice("blocks are decided again", metadata: ["height": .stringConvertible(sample.committedHeight)])
        }
        count(upTo: sample.committedHeight)
        let isProcessDue = state.withLock { state in
            guard now >= state.processSeenAt + Self.processSeconds * 1_000_000_000 else { return false }
            state.processSeenAt = now
            return true
        }
        if isProcessDue { parts.metrics.lookAtProcess() }
        if let peers = parts.peers { parts.metrics.count(peers.traffic) }
        parts.metrics.look(
            sample, engine: parts.engine.status, waiting: parts.application.waitingTotals, stall: stall,
            cometBFT: sample.cometBFT, enclave: parts.heartbeat.health,
            isEnclaveSilent: parts.heartbeat.silentSeconds != nil)
    }

    private func sample() -> ChainSample {
        let committed = Int64(parts.application.committedHeight)
        let saved = (try? parts.engine.store.bounds()?.upperBound) ?? committed
        var sample = ChainSample(committedHeight: committed, savedHeight: saved)
        sample.waitingTransactions = parts.application.waitingTotals.count
        sample.makesEmptyBlocks = parts.makesEmptyBlocks
        sample.cometBFT = cometBFT
        sample.round = round
        if let peers = parts.peers {
            sample.needsPeers = peers.areNeeded
            let states = peers.states
            sample.peerCount = states.count
            sample.highestOfPeers = states.map(\.height).max() ?? 0
            sample.isFetching = peers.isFetching
        }
        sample.enclaveSilentSeconds = parts.heartbeat.silentSeconds
        return sample
    }

    private var round: ChainSample.Round? {
        guard let status = parts.engine.status else { return nil }
        let isUnderWay = status.step > .newRound
        guard let machine = parts.engine.roundState, machine.height == status.height else {
            // Alone: nobody else's vote is wanting.
            return ChainSample.Round(number: status.round, isUnderWay: isUnderWay, power: 1, quorum: 1)
        }
        let set = machine.start.validators
        var round = ChainSample.Round(
            number: machine.round, isUnderWay: machine.step > .newRound, power: 0, quorum: set.quorum)
        let prevotes = machine.votes(.prevote, round: machine.round)
        let precommits = machine.votes(.precommit, round: machine.round)
        round.power = max(prevotes?.power ?? 0, precommits?.power ?? 0)
        let hasVoted = zip(prevotes?.voters ?? [], precommits?.voters ?? []).map { $0 || $1 }
        for (index, validator) in set.validators.enumerated()
        where !(hasVoted.indices.contains(index) && hasVoted[index]) {
            round.missing.append("\(validator.address)")
            if validator.address == parts.ownAddress, machine.step >= .prevote { round.lacksOwnVote = true }
        }
        return round
    }

    /// What each block brought.
    private func count(upTo height: Int64) {
        let (first, lastTime) = state.withLock { ($0.countedHeight + 1, $0.lastBlockTime) }
        guard height >= first else { return }
        let store = parts.engine.store
        var before = lastTime
        var signed: Int64 = 0
        var hashes = state.withLock { $0.lastHashes }
        for height in max(first, height - Self.blocksCountedMax + 1)...height {
            guard let summary = try? store.summary(height) else { continue }
            let signers = height > 1 ? try? store.validators(height - 1) : nil
            parts.metrics.count(
                summary, of: try? store.validators(height), signers: signers, after: before, own: parts.ownAddress)
            before = summary.header.time
            let hasEvidence = summary.header.evidenceHash.map { $0 != SHA256.hash([]) } ?? false
            let evidence = hasEvidence ? (try? store.block(height)?.evidence) ?? [] : []
            parts.metrics.countEvidence(evidence.count, power: evidence.reduce(0) { $0 + $1.power })
            if let hashes {
                parts.metrics.countChanges(
                    set: hashes.set != summary.header.validatorsHash,
                    parameters: hashes.parameters != summary.header.consensusHash)
            }
            hashes = (summary.header.validatorsHash, summary.header.consensusHash)
            let own = summary.lastCommit.signatures.contains {
                $0.flag != .absent && $0.validatorAddress != nil && $0.validatorAddress == parts.ownAddress
            }
            if own { signed = summary.lastCommit.height }
        }
        state.withLock { state in
            (state.countedHeight, state.lastBlockTime, state.lastHashes) = (height, before, hashes)
            if signed > 0 { state.lastSignedHeight = signed }
        }
    }
}

extension Evidence {
    /// Of those whom it accuses, when they broke the rule.
    fileprivate var power: Int64 {
        switch content {
        case .duplicateVote(let votes): votes.validatorPower
        case .lightClientAttack(let attack): attack.byzantine.reduce(0) { $0 + $1.power }
        case nil: 0
        }
    }
}
