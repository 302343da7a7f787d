/// The one timer of an engine.
package protocol StepTimer {
    var pending: (timeout: ConsensusTimeout, deadline: UInt64)? { get }
    mutating func schedule(_ timeout: ConsensusTimeout, deadline: UInt64)
    /// What is due, once.
    mutating func fire(at now: UInt64) -> ConsensusTimeout?
}

/// Of two timers the later height, round and step counts (CometBFT's `timeoutTicker`).
///
/// A step that comes late, such as a wait for prevotes while the wait for precommits runs, must not take the place of
/// the later one, which nobody would schedule again.
package struct TimeoutTicker: StepTimer, Sendable {
    /// The latest that was scheduled, whether or not it has fired.
    private var latest: ConsensusTimeout?
    package private(set) var pending: (timeout: ConsensusTimeout, deadline: UInt64)?

    package init() {}

    package mutating func schedule(_ timeout: ConsensusTimeout, deadline: UInt64) {
        if let latest, timeout <= latest { return }
        latest = timeout
        pending = (timeout, deadline)
    }

    package mutating func fire(at now: UInt64) -> ConsensusTimeout? {
        guard let pending, pending.deadline <= now else { return nil }
        self.pending = nil
        return pending.timeout
    }
}
