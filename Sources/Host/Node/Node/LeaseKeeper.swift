import ChainInterface
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import Logging
import PublicCryptography
import SignedTransactions
import Wire

/// Sees to it that the enclave may answer: has its nonce stand in a block after a start, and again before the lease is
/// used up. On a chain where nothing happens and nobody asks, that is one small transaction a start.
final class LeaseKeeper: @unchecked Sendable {
    /// Of the chains that begin with this program. A renewal takes a block or two; half a lease is left when it is
    /// asked for.
    static let answers: UInt32 = 10_000
    static let seconds: UInt32 = 3600

    private static let lookSeconds = 0.5
    /// A transaction that was handed in and stands in no block yet may have been lost.
    private static let patience = Duration.seconds(5)

    private let identity: ChainIdentity
    private let lease: @Sendable () throws -> EnclaveLease
    private let submit: @Sendable ([UInt8]) throws -> CheckOutcome
    private let time: @Sendable () -> Timestamp
    private let logger: Logger
    private let condition = NSCondition()
    private var isWanted = false
    private var isStopped = false
    /// Used by one thread at a time: whoever calls `look`.
    private var handedIn: (nonce: [UInt8], at: ContinuousClock.Instant)?

    /// - Parameters:
    ///   - time: of the newest block.
    ///   - submit: hands a transaction to the mempool; one that waits there already is no error.
    init(
        _ identity: ChainIdentity, lease: @escaping @Sendable () throws -> EnclaveLease,
        time: @escaping @Sendable () -> Timestamp, submit: @escaping @Sendable ([UInt8]) throws -> CheckOutcome,
        logger: Logger
    ) {
        (self.identity, self.lease, self.time, self.submit, self.logger) = (identity, lease, time, submit, logger)
    }

    /// Looks from now on, on a thread of its own, until it is told to stop.
    func start() {
        let thread = Thread { [self] in while wait() { look() } }
        thread.name = "enclave-lease"
        thread.start()
    }

    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }

    /// Somebody waits for an answer.
    func lookSoon() {
        condition.withLock {
            isWanted = true
            condition.signal()
        }
    }

    /// `false` once it is over.
    private func wait() -> Bool {
        condition.withLock {
            if !isWanted, !isStopped { _ = condition.wait(until: Date(timeIntervalSinceNow: Self.lookSeconds)) }
            isWanted = false
            return !isStopped
        }
    }

    /// Hands in the nonce if the lease will soon be used up. Called before `start`, or by its thread.
    func look() {
        do {
            let lease = try lease()
            guard let nonce = Hash32(lease.nonce), isDue(lease) else { return }
            if let handedIn, handedIn.nonce == lease.nonce, ContinuousClock.now - handedIn.at < Self.patience { return }
            handedIn = (lease.nonce, .now)
            let outcome = try submit(LeaseTransaction.bytes(nonce: nonce))
            guard outcome.code != 0, outcome.code != SDKError.alreadyInMempool.rawValue else { return }
            logger.warning("the enclave's nonce is not taken", metadata: ["reason": "\(outcome.log)"])
        } catch {
            logger.warning("the enclave's lease is not renewed", metadata: ["reason": "\(error)"])
        }
    }

    private func isDue(_ lease: EnclaveLease) -> Bool {
        lease.grantedHeight == 0 || lease.answersLeft <= identity.leaseAnswers / 2
            || time().seconds >= lease.grantedSeconds + Int64(identity.leaseSeconds) / 2
    }
}
