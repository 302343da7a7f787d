/// What an operator may want to count. Called often and from several threads: implementations must be quick.
package protocol ApplicationMetrics: Sendable {
    func transactionChecked(code: UInt32)
    func mempoolChanged(count: Int, bytes: Int)
    func blockCommitted(height: UInt64, transactions: Int, driven: Int, runSeconds: Double, commitSeconds: Double)
}

package struct NoMetrics: ApplicationMetrics {
    package init() {}
    package func transactionChecked(code: UInt32) {}
    package func mempoolChanged(count: Int, bytes: Int) {}
    package func blockCommitted(
        height: UInt64, transactions: Int, driven: Int, runSeconds: Double, commitSeconds: Double
    ) {}
}
