import ChainInterface

/// What an operator may want to count. Called often and from several threads: implementations must be quick.
package protocol ApplicationMetrics: Sendable {
    func transactionChecked(_ outcome: CheckOutcome, byteCount: Int)
    /// After a block so many that wait were checked again, and so many of all dropped.
    func mempoolRechecked(count: Int, dropped: Int)
    func mempoolChanged(count: Int, bytes: Int)
    func blockCommitted(height: UInt64, transactions: Int, driven: Int, runSeconds: Double, commitSeconds: Double)
}

package struct NoMetrics: ApplicationMetrics {
    package init() {}
    package func transactionChecked(_ outcome: CheckOutcome, byteCount: Int) {}
    package func mempoolRechecked(count: Int, dropped: Int) {}
    package func mempoolChanged(count: Int, bytes: Int) {}
    package func blockCommitted(
        height: UInt64, transactions: Int, driven: Int, runSeconds: Double, commitSeconds: Double
    ) {}
}
