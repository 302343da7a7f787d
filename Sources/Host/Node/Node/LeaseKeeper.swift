import ChainInterface
import DecidedBlocks
import EmbeddedEngine
import EnclaveLink
import EnclaveProtocol
import Foundation
import Logging
import PublicCryptography
import SignedTransactions
import Synchronization
import Wire

/// Sees to it that the enclave may answer: has its nonce stand in a block after a start, and again before the lease is
/// used up: a renewal takes a block or two, so half a lease is left when it is asked for. On a chain where nothing
/// happens and nobody asks, that is one small transaction a start.
///
/// Block time stands still there, and the next block would end all leases at once, just when its state is asked. So
/// what is old by the host's own clock is renewed as soon as a transaction waits: the nonce stands in that
/// transaction's block or in the one that proves it.
final class LeaseKeeper: @unchecked Sendable {
    private static let lookSeconds = 0.5
    /// A transaction that was handed in and stands in no block yet may have been lost.
    private static let patience = Duration.seconds(5)

    private let identity: ChainIdentity
    private let lease: @Sendable () throws -> EnclaveLease
    private let hasState: @Sendable () -> Bool
    private let submit: @Sendable ([UInt8]) throws -> CheckOutcome
    private let time: @Sendable () -> Timestamp
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger
    private let seen = Mutex<EnclaveLease?>(nil)
    private let condition = NSCondition()
    private var isWanted = false
    private var isBlockComing = false
    private var isStopped = false
    /// Used by one thread at a time: whoever calls `look`.
    private var handedIn: (nonce: [UInt8], at: ContinuousClock.Instant)?

    /// - Parameters:
    ///   - hasState: whether blocks are run from here on. A nonce that stands in a block before the state that a node
    ///     begins with is never seen by its enclave, and mempools take no transaction twice.
    ///   - time: of the newest block.
    ///   - submit: hands a transaction to the mempool; one that waits there already is no error.
    init(
        _ identity: ChainIdentity, lease: @escaping @Sendable () throws -> EnclaveLease,
        hasState: @escaping @Sendable () -> Bool = { true },
        time: @escaping @Sendable () -> Timestamp, submit: @escaping @Sendable ([UInt8]) throws -> CheckOutcome,
        clock: @escaping @Sendable () -> Timestamp = EngineClock.system.now, logger: Logger
    ) {
        (self.clock, self.hasState) = (clock, hasState)
        (self.identity, self.lease, self.time, self.submit, self.logger) = (identity, lease, time, submit, logger)
    }

    /// Looks from now on, on a thread of its own, until it is told to stop.
    func start() {
        let thread = Thread { [self] in while let isBlockComing = wait() { look(isBlockComing: isBlockComing) } }
        thread.name = "enclave-lease"
        thread.start()
    }

    /// What the enclave said of its lease when it was asked last.
    var lastSeen: EnclaveLease? { seen.withLock { $0 } }

    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }

    /// Somebody waits for an answer; or a block comes, since a transaction waits for it.
    func lookSoon(isBlockComing: Bool = false) {
        condition.withLock {
            isWanted = true
            if isBlockComing { self.isBlockComing = true }
            condition.signal()
        }
    }

    /// Whether a block comes; `nil` once it is over.
    private func wait() -> Bool? {
        condition.withLock {
            if !isWanted, !isStopped { _ = condition.wait(until: Date(timeIntervalSinceNow: Self.lookSeconds)) }
            defer { (isWanted, isBlockComing) = (false, false) }
            return isStopped ? nil : isBlockComing
        }
    }

    /// Hands in the nonce if the lease will soon be used up. Called before `start`, or by its thread.
    func look(isBlockComing: Bool = false) {
        guard hasState() else { return }
        do {
            let lease = try lease()
            seen.withLock { $0 = lease }
            guard let nonce = Hash32(lease.nonce), isDue(lease, isBlockComing) else { return }
            if let handedIn, handedIn.nonce == lease.nonce, ContinuousClock.now - handedIn.at < Self.patience { return }
            handedIn = (lease.nonce, .now)
            let outcome = try submit(LeaseTransaction.bytes(nonce: nonce))
            guard outcome.code != 0, outcome.code != SDKError.alreadyInMempool.rawValue else { return }
            logger.warning("the enclave's nonce is not taken", metadata: ["reason": "\(outcome.log)"])
        } catch {
            logger.warning("the enclave's lease is not renewed", metadata: ["reason": "\(error)"])
        }
    }

    private func isDue(_ lease: EnclaveLease, _ isBlockComing: Bool) -> Bool {
        let half = lease.grantedSeconds + Int64(identity.leaseSeconds) / 2
        return lease.grantedHeight == 0 || lease.answersLeft <= identity.leaseAnswers / 2 || time().seconds >= half
            || isBlockComing && clock().seconds >= half
    }
}
