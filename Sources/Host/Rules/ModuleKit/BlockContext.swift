import Wire

/// The block in which something runs.
package struct BlockContext: Equatable, Sendable {
    package var height: UInt64
    /// The block's own, on which two thirds agreed: the only clock there is.
    package var time: Timestamp
    /// The consensus address of who proposed it.
    package var proposer: [UInt8]

    package init(height: UInt64, time: Timestamp, proposer: [UInt8]) {
        (self.height, self.time, self.proposer) = (height, time, proposer)
    }
}
