import API
import ChainApplication
import EmbeddedEngine

/// The node's numbers under the names that CometBFT's dashboards use, where it has one.
final class NodeMetrics: ApplicationMetrics {
    let registry = MetricsRegistry()
    private let height: Gauge
    private let announcedHeight: Gauge
    private let rounds: Gauge
    private let blockTransactions: Counter
    private let drivenTransactions: Counter
    private let runTime: Histogram
    private let commitTime: Histogram
    private let mempoolSize: Gauge
    private let mempoolBytes: Gauge
    private let accepted: Counter
    private let refused: Counter

    init() {
        height = registry.gauge("consensus_height", help: "Height of the last committed block.")
        announcedHeight = registry.gauge("cloister_announced_height", help: "Height that clients see.")
        rounds = registry.gauge("consensus_rounds", help: "Round of the height being decided.")
        blockTransactions = registry.counter("consensus_total_txs", help: "Transactions in committed blocks.")
        drivenTransactions = registry.counter("cloister_contract_txs", help: "Transactions that the enclave drove.")
        runTime = registry.histogram("cloister_block_run_seconds", help: "Time to run a block.")
        commitTime = registry.histogram("cloister_block_commit_seconds", help: "Time to make a block last.")
        mempoolSize = registry.gauge("mempool_size", help: "Transactions that wait for a block.")
        mempoolBytes = registry.gauge("mempool_size_bytes", help: "Bytes of the transactions that wait for a block.")
        let help = "Transactions handed in, by outcome of their check."
        accepted = registry.counter("cloister_checked_txs_total", help: help, labels: [("outcome", "accepted")])
        refused = registry.counter("cloister_checked_txs_total", help: help, labels: [("outcome", "refused")])
    }

    func transactionChecked(code: UInt32) {
        if code == 0 { accepted.increment() } else { refused.increment() }
    }

    func mempoolChanged(count: Int, bytes: Int) {
        mempoolSize.set(Double(count))
        mempoolBytes.set(Double(bytes))
    }

    func blockCommitted(height: UInt64, transactions: Int, driven: Int, runSeconds: Double, commitSeconds: Double) {
        self.height.set(Double(height))
        blockTransactions.increment(by: Double(transactions))
        drivenTransactions.increment(by: Double(driven))
        runTime.observe(runSeconds)
        commitTime.observe(commitSeconds)
    }

    func announced(_ height: Int64) { announcedHeight.set(Double(height)) }

    func sample(engine: EngineStatus?, waiting: (count: Int, bytes: Int)) {
        if let engine { rounds.set(Double(engine.round)) }
        mempoolChanged(count: waiting.count, bytes: waiting.bytes)
    }
}
