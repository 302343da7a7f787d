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

    package init() {}

    /// Of a validator that has nobody to wait for.
    static var alone: TimeoutConfiguration {
        var timeouts = TimeoutConfiguration()
        timeouts.proposeMilliseconds = 1000
        (timeouts.prevoteMilliseconds, timeouts.precommitMilliseconds) = (10, 10)
        return timeouts
    }

    func milliseconds(_ timeout: ConsensusTimeout) -> Int64 {
        let growth = growthMilliseconds * Int64(timeout.round)
        switch timeout.kind {
        case .newHeight: return 0
        case .propose: return proposeMilliseconds + growth
        case .prevote: return prevoteMilliseconds + growth
        case .precommit: return precommitMilliseconds + growth
        }
    }
}

/// What an operator may choose. Nothing here changes what blocks are valid but `precision` and `messageDelay`, which
/// all validators of a network should agree on.
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
    /// Heights to keep in the store; `nil` keeps all.
    package var heightsKept: Int64?
    /// How far clocks may differ and how long a proposal may travel (CometBFT v1.0's proposer-based timestamps).
    package var precisionMilliseconds: Int64 = 505
    package var messageDelayMilliseconds: Int64 = 15_000

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

/// How blocks are held against the rules: `ConsensusState.validate` but where a test counts.
package typealias BlockValidator = @Sendable (ConsensusState, Block) throws(BlockFault) -> Void
