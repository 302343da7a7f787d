import BlockStorage
import ChainFormats
import ConsensusCore
import Glibc
import Wire

/// How long a step waits for others: a base that grows with the round, until the network is faster than it.
package struct TimeoutConfiguration: Sendable, Equatable {
    package var proposeMilliseconds: Int64 = 3000
    package var prevoteMilliseconds: Int64 = 1000
    package var precommitMilliseconds: Int64 = 1000
    package var growthMilliseconds: Int64 = 500
    /// Between a decision and the next height, so that late precommits join the commit: `timeout_commit`. It paces
    /// every block, proof blocks too.
    package var commitMilliseconds: Int64 = 1000

    package init() {}

    /// Of a validator that has nobody to wait for.
    static var alone: TimeoutConfiguration {
        var timeouts = TimeoutConfiguration()
        timeouts.proposeMilliseconds = 1000
        (timeouts.prevoteMilliseconds, timeouts.precommitMilliseconds) = (10, 10)
        timeouts.commitMilliseconds = 0
        return timeouts
    }

    func milliseconds(_ timeout: ConsensusTimeout) -> Int64 {
        let growth = growthMilliseconds * Int64(timeout.round)
        switch timeout.kind {
        case .newHeight: return commitMilliseconds
        case .propose: return proposeMilliseconds + growth
        case .prevote: return prevoteMilliseconds + growth
        case .precommit: return precommitMilliseconds + growth
        }
    }
}

/// What an operator may choose. Nothing here changes what blocks are valid.
package struct EngineConfiguration: Sendable {
    /// The engine's own folder: log and block store.
    package var folder: String
    /// Whether everything that was promised outlives a loss of power, and not only the death of the process.
    package var isDurable = true
    package var timeouts = TimeoutConfiguration()
    /// Blocks without transactions, one for each interval.
    package var createsEmptyBlocks = false
    /// The shortest time from one block with transactions to the next. The block that proves its results does not wait.
    package var blockIntervalMilliseconds: Int64 = 0
    /// A log that is larger at the end of a height begins anew.
    package var logRotationBytes = 16 << 20
    /// Heights to keep in the store; `nil` keeps all.
    package var heightsKept: Int64?
    /// Blocks are taken from peers until `RunningEngine.endSync`.
    package var beginsBySyncing = false
    /// Whether a height begins as soon as all precommits of the last one are here.
    package var skipsCommitTimeout = false
    /// A block whose time is later than our clock by more than this gets no vote.
    package var timeToleranceMilliseconds: Int64 = 60_000
    /// Transactions do not go into a block whose time is older than this: an empty one comes first. A block's time is
    /// that of the votes for the block before, which may have been long ago where no empty blocks are made.
    package var staleMilliseconds: Int64 = 10_000

    package init(folder: String) { self.folder = folder }
}

/// The clocks an engine reads, for tests to turn.
package struct EngineClock: Sendable {
    package var now: @Sendable () -> Timestamp
    /// Never goes back; timers run on it.
    package var monotonicNanoseconds: @Sendable () -> UInt64

    package init(
        now: @escaping @Sendable () -> Timestamp, monotonicNanoseconds: @escaping @Sendable () -> UInt64
    ) {
        (self.now, self.monotonicNanoseconds) = (now, monotonicNanoseconds)
    }

    package static let system = EngineClock(
        now: {
            let time = read(CLOCK_REALTIME)
            return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: UInt32(time.tv_nsec)) ?? .goZero
        },
        monotonicNanoseconds: {
            let time = read(CLOCK_MONOTONIC)
            return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        })

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }
}
