import API
import BlockStorage
import ChainApplication
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import EmbeddedEngine
import EnclaveProtocol
import PeerNetwork
import PeerWire
import SignedTransactions
import Wire

/// The node's numbers. Where CometBFT has one, it has CometBFT's name and label, in the namespace that CometBFT begins
/// with, so that dashboards for its chains show this one; what only this node has begins with `cloister`.
final class NodeMetrics: ApplicationMetrics {
    let registry = MetricsRegistry()
    private let chainID: String
    private let height: Gauge
    private let latestHeight: Gauge
    private let announcedHeight: Gauge
    private let rounds: Gauge
    private let validators: Gauge
    private let validatorsPower: Gauge
    private let missingValidators: Gauge
    private let missingPower: Gauge
    private let byzantineValidators: Gauge
    private let byzantinePower: Gauge
    private let stepTimes: [ConsensusMachine.Step: Histogram]
    private let roundTimes: Histogram
    private let proposals: Counter
    private let repeatedVotes: Counter
    private let repeatedParts: Counter
    private let lateVotes: [VoteKind: Counter]
    private let setChanges: Counter
    private let parameterChanges: Counter
    private let blockInterval: Histogram
    private let blockTransactions: Gauge
    private let blockBytes: Gauge
    private let chainBytes: Counter
    private let totalTransactions: Counter
    private let drivenTransactions: Counter
    private let runTime: Histogram
    private let processingTime: Histogram
    private let commitTime: Histogram
    private let mempoolSize: Gauge
    private let mempoolBytes: Gauge
    private let failedTransactions: Counter
    private let fullTransactions: Counter
    private let knownTransactions: Counter
    private let transactionBytes: Histogram
    private let evictedTransactions: Counter
    private let rechecks: Counter
    private let accepted: Counter
    private let refused: Counter
    private let peers: Gauge
    private let sentBytes: [Counter]
    private let receivedBytes: [Counter]
    private let isFetching: Gauge
    private let isStalled: Gauge
    private let stallCauses: [(name: String, gauge: Gauge)]
    private let enclaveBytes: Gauge
    private let enclaveAnswers: Gauge
    private let timeline: BlockTimeline
    private let process: ProcessMetrics

    private static let namespace = "cometbft_"
    private static let millisecondBounds = [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 250, 500, 1000, 5000]
        .map(Double.init)

    /// - Parameters:
    ///   - dataFolder: Whose disk is watched.
    ///   - measurement: Of the enclave, in hexadecimal.
    init(chainID: String, timeline: BlockTimeline, dataFolder: String, measurement: String) {
        (self.chainID, self.timeline) = (chainID, timeline)
        let registry = registry
        process = ProcessMetrics(registry, folder: dataFolder, measurement: measurement)
        let labels = [(name: "chain_id", value: chainID)]
        func gauge(_ name: String, _ help: String) -> Gauge {
            registry.gauge(Self.namespace + name, help: help, labels: labels)
        }
        func counter(_ name: String, _ help: String) -> Counter {
            registry.counter(Self.namespace + name, help: help, labels: labels)
        }
        height = gauge("consensus_height", "Height of the last committed block.")
        latestHeight = gauge("consensus_latest_block_height", "Height of the last committed block.")
        rounds = gauge("consensus_rounds", "Round of the height being decided.")
        validators = gauge("consensus_validators", "Validators of the last block.")
        validatorsPower = gauge("consensus_validators_power", "Their power.")
        missingValidators = gauge("consensus_missing_validators", "Validators whose vote the last commit lacks.")
        missingPower = gauge("consensus_missing_validators_power", "Their power.")
        byzantineValidators = gauge(
            "consensus_byzantine_validators", "Validators that the last block has evidence against.")
        byzantinePower = gauge("consensus_byzantine_validators_power", "Their power.")
        func histogram(_ name: String, _ help: String, step: String? = nil, bounds: [Double]) -> Histogram {
            registry.histogram(
                Self.namespace + name, help: help,
                labels: labels + (step.map { [(name: "step", value: $0)] } ?? []), bounds: bounds)
        }
        stepTimes = Dictionary(
            uniqueKeysWithValues: Self.steps.map { step, name in
                let help = "Seconds of a step of a round."
                return (
                    step,
                    histogram(
                        "consensus_step_duration_seconds", help, step: name, bounds: Histogram.secondsBounds)
                )
            })
        roundTimes = histogram(
            "consensus_round_duration_seconds", "Seconds of a round.", bounds: Histogram.secondsBounds)
        proposals = counter("consensus_proposal_create_count", "Blocks that this node made and proposed.")
        repeatedVotes = counter("consensus_duplicate_vote", "Votes that came and were here already.")
        repeatedParts = counter("consensus_duplicate_block_part", "Parts of blocks that came and were here already.")
        lateVotes = Dictionary(
            uniqueKeysWithValues: [(VoteKind.prevote, "prevote"), (.precommit, "precommit")].map { kind, name in
                (
                    kind,
                    registry.counter(
                        Self.namespace + "consensus_late_votes", help: "Votes that came for a round that was over.",
                        labels: labels + [(name: "vote_type", value: name)])
                )
            })
        setChanges = counter("state_validator_set_updates", "Changes of the set of validators.")
        parameterChanges = counter("state_consensus_param_updates", "Changes of the parameters of consensus.")
        blockInterval = registry.histogram(
            Self.namespace + "consensus_block_interval_seconds", help: "From a block's time to the next one's.",
            labels: labels)
        blockTransactions = gauge("consensus_num_txs", "Transactions in the last block.")
        blockBytes = gauge("consensus_block_size_bytes", "Bytes of the last block.")
        chainBytes = counter("consensus_chain_size_bytes", "Bytes of the blocks since the start.")
        totalTransactions = counter("consensus_total_txs", "Transactions in committed blocks since the start.")
        processingTime = registry.histogram(
            Self.namespace + "state_block_processing_time", help: "Milliseconds to run a block.", labels: labels,
            bounds: Self.millisecondBounds)
        mempoolSize = gauge("mempool_size", "Transactions that wait for a block.")
        mempoolBytes = gauge("mempool_size_bytes", "Bytes of the transactions that wait for a block.")
        failedTransactions = counter("mempool_failed_txs", "Transactions that were handed in and refused.")
        fullTransactions = counter(
            "mempool_rejected_txs", "Transactions that were handed in and found no room.")
        knownTransactions = counter(
            "mempool_already_received_txs", "Transactions that were handed in and known already.")
        transactionBytes = histogram(
            "mempool_tx_size_bytes", "Bytes of a transaction that was taken.",
            bounds: (0...6).map { Double(1 << (7 + 2 * $0)) })
        evictedTransactions = counter(
            "mempool_evicted_txs", "Transactions that waited, and were dropped after a block.")
        rechecks = counter("mempool_recheck_times", "Checks of transactions that wait, after a block.")
        peers = gauge("p2p_peers", "Connected peers.")
        func traffic(_ name: String, _ help: String) -> [Counter] {
            ChannelMessage.Kind.allCases.map { kind in
                registry.counter(
                    Self.namespace + name, help: help, labels: labels + [(name: "message_type", value: kind.name)])
            }
        }
        sentBytes = traffic("p2p_message_send_bytes_total", "Bytes of the messages of a kind that were sent.")
        receivedBytes = traffic("p2p_message_receive_bytes_total", "Bytes of the messages of a kind that came.")
        isFetching = gauge("blocksync_syncing", "1 while blocks are fetched that others decided.")

        announcedHeight = registry.gauge("cloister_announced_height", help: "Height that clients see.")
        drivenTransactions = registry.counter("cloister_contract_txs", help: "Transactions that the enclave drove.")
        runTime = registry.histogram("cloister_block_run_seconds", help: "Time to run a block.")
        commitTime = registry.histogram("cloister_block_commit_seconds", help: "Time to make a block last.")
        let help = "Transactions handed in, by outcome of their check."
        accepted = registry.counter("cloister_checked_txs_total", help: help, labels: [("outcome", "accepted")])
        refused = registry.counter("cloister_checked_txs_total", help: help, labels: [("outcome", "refused")])
        isStalled = registry.gauge("cloister_stalled", help: "1 while a block should come and none does.")
        stallCauses = StallCause.names.map { name in
            let gauge = registry.gauge(
                "cloister_stall_cause", help: "1 for what keeps the next block away.", labels: [("cause", name)])
            return (name, gauge)
        }
        enclaveBytes = registry.gauge("cloister_enclave_resident_bytes", help: "Memory of the enclave's process.")
        enclaveAnswers = registry.gauge("cloister_enclave_answers", help: "1 while the enclave answers.")
    }

    func transactionChecked(_ outcome: CheckOutcome, byteCount: Int) {
        guard outcome.code != 0 else {
            accepted.increment()
            transactionBytes.observe(Double(byteCount))
            return
        }
        refused.increment()
        switch outcome.codespace == SDKError.codespace ? SDKError(rawValue: outcome.code) : nil {
        case .alreadyInMempool: knownTransactions.increment()
        case .mempoolFull: fullTransactions.increment()
        default: failedTransactions.increment()
        }
    }

    func mempoolRechecked(count: Int, dropped: Int) {
        rechecks.increment(by: Double(count))
        evictedTransactions.increment(by: Double(dropped))
    }

    func mempoolChanged(count: Int, bytes: Int) {
        mempoolSize.set(Double(count))
        mempoolBytes.set(Double(bytes))
    }

    func blockCommitted(height: UInt64, transactions: Int, driven: Int, runSeconds: Double, commitSeconds: Double) {
        timeline.committed(Int64(height), transactions: transactions, driven: driven)
        self.height.set(Double(height))
        latestHeight.set(Double(height))
        blockTransactions.set(Double(transactions))
        totalTransactions.increment(by: Double(transactions))
        drivenTransactions.increment(by: Double(driven))
        runTime.observe(runSeconds)
        processingTime.observe(runSeconds * 1000)
        commitTime.observe(commitSeconds)
    }

    func announced(_ height: Int64) {
        timeline.announced(height)
        announcedHeight.set(Double(height))
    }

    func look(
        _ sample: ChainSample, engine: EngineStatus?, waiting: (count: Int, bytes: Int), stall: StallWatch.Stall?,
        cometBFT: CometBFTView?, enclave: EnclaveHealth?, isEnclaveSilent: Bool
    ) {
        height.set(Double(sample.committedHeight))
        latestHeight.set(Double(sample.committedHeight))
        if let engine { rounds.set(Double(engine.round)) }
        mempoolChanged(count: waiting.count, bytes: waiting.bytes)
        peers.set(Double(cometBFT?.peerCount ?? sample.peerCount))
        isFetching.set(cometBFT?.isFetching ?? sample.isFetching ? 1 : 0)
        isStalled.set(stall == nil ? 0 : 1)
        let causes = Set((stall?.causes ?? []).map(\.name))
        for (name, gauge) in stallCauses { gauge.set(causes.contains(name) ? 1 : 0) }
        enclaveBytes.set(Double(enclave?.residentBytes ?? 0))
        enclaveAnswers.set(isEnclaveSilent ? 0 : 1)
    }

    /// Of the process and its disk, which change slowly and cost a few system calls.
    func lookAtProcess() { process.look() }

    /// A block, with its set, the set that signed the commit in it, and the time of the block before, as far as they
    /// are known. `own` is this node's validator.
    func count(
        _ block: BlockSummary, of set: ValidatorSet?, signers: ValidatorSet?, after time: Timestamp?,
        own: ValidatorAddress?
    ) {
        blockBytes.set(Double(block.byteCount))
        chainBytes.increment(by: Double(block.byteCount))
        if let time {
            blockInterval.observe(max(0, Double(block.header.time.nanoseconds(since: time)) / 1_000_000_000))
        }
        if let set {
            validators.set(Double(set.count))
            validatorsPower.set(Double(set.totalPower))
        }
        let signatures = block.lastCommit.signatures
        guard let signers, signers.count == signatures.count else { return }
        let missing = zip(signers.validators, signatures).filter { $1.flag == .absent }.map(\.0)
        missingValidators.set(Double(missing.count))
        missingPower.set(Double(missing.reduce(0) { $0 + $1.power }))
        guard let own, let member = signers.validators.first(where: { $0.address == own }) else { return }
        let labels = [(name: "chain_id", value: chainID), (name: "validator_address", value: "\(own)")]
        registry.gauge(
            Self.namespace + "consensus_validator_power", help: "Power of this node's validator.", labels: labels
        ).set(Double(member.power))
        let missed = registry.gauge(
            Self.namespace + "consensus_validator_missed_blocks",
            help: "Commits since the start that lack this node's vote.", labels: labels)
        if missing.contains(where: { $0.address == own }) {
            missed.add(1)
        } else {
            registry.gauge(
                Self.namespace + "consensus_validator_last_signed_height",
                help: "Last height that this node's validator signed.", labels: labels
            ).set(Double(block.lastCommit.height))
        }
    }

    /// What peers were sent and sent since the start.
    func count(_ traffic: [(kind: ChannelMessage.Kind, bytes: PeerTraffic.Bytes)]) {
        for (kind, bytes) in traffic {
            for (counter, total) in [
                (sentBytes[kind.rawValue], bytes.sent), (receivedBytes[kind.rawValue], bytes.received),
            ] { counter.increment(by: max(0, Double(total) - counter.value)) }
        }
    }

    /// Against so many validators, who had this power when they broke a rule.
    func countEvidence(_ validators: Int, power: Int64) {
        byzantineValidators.set(Double(validators))
        byzantinePower.set(Double(power))
    }

    func countChanges(set: Bool, parameters: Bool) {
        if set { setChanges.increment() }
        if parameters { parameterChanges.increment() }
    }
}

extension NodeMetrics: EngineMetrics {
    /// By CometBFT's names.
    private static let steps: [(ConsensusMachine.Step, String)] = [
        (.newHeight, "NewHeight"), (.newRound, "NewRound"), (.propose, "Propose"), (.prevote, "Prevote"),
        (.prevoteWait, "PrevoteWait"), (.precommit, "Precommit"), (.commit, "Commit"),
    ]

    func stepEnded(_ step: ConsensusMachine.Step, seconds: Double) { stepTimes[step]?.observe(seconds) }
    func roundEnded(seconds: Double) { roundTimes.observe(seconds) }
    func proposed() { proposals.increment() }

    func cameAgain(_ message: ConsensusMessage) {
        switch message {
        case .vote: repeatedVotes.increment()
        case .part: repeatedParts.increment()
        case .proposal: break
        }
    }

    func cameLate(_ vote: Vote) { lateVotes[vote.kind]?.increment() }
}
