import DecidedBlocks
import EnclaveProtocol
import PublicCryptography
import SecretCryptography
import SignedTransactions
import Wire

/// Whether this enclave may answer: not before it has seen, in a block that two thirds decided, a nonce that it made
/// itself, and only so often and for so much block time afterwards.
///
/// The attack: a host starts an enclave with an old record, or leaves one behind, and asks it of a state that is past:
/// what somebody could see then and may not see now. It cannot show a nonce of today in a block of yesterday. One that
/// it leaves behind after that answers until the lease is used up. There is no clock to end it sooner: how old a state
/// is the caller can tell (`AnswerStamp`).
struct FreshnessLease: Sendable {
    private let identity: ChainIdentity
    /// Stands in no block that was verified.
    private(set) var nonce = Hash32.zero
    /// Of the transaction that would hold it.
    private var awaited = Hash32.zero
    /// The block that held the nonce before this one.
    private(set) var granted: (height: Int64, time: Timestamp)?
    private(set) var answersLeft: UInt32 = 0

    /// `nil` on a chain without leases.
    init?(_ identity: ChainIdentity) {
        guard identity.leaseAnswers > 0 else { return nil }
        self.identity = identity
        draw()
    }

    private mutating func draw() {
        nonce = certain(Hash32(SecretRandom.bytes(Hash32.byteCount)), "as many were asked for")
        awaited = SHA256.hash(LeaseTransaction.bytes(nonce: nonce))
    }

    /// A block with these transactions is decided, and is the newest that this enclave has seen.
    mutating func renew(by header: Header, transactions: [Hash32]) {
        guard transactions.contains(awaited) else { return }
        granted = (header.height, header.time)
        answersLeft = identity.leaseAnswers
        draw()
    }

    /// Uses the lease up by one answer from a state of this time, if it still runs.
    ///
    /// - Returns: the height of the block that granted it.
    mutating func use(at time: Timestamp) -> Int64? {
        guard let granted, answersLeft > 0,
            time < granted.time.adding(nanoseconds: Int64(identity.leaseSeconds) * 1_000_000_000)
        else { return nil }
        answersLeft -= 1
        return granted.height
    }

    var told: EnclaveLease {
        var lease = EnclaveLease()
        lease.nonce = nonce.bytes
        lease.grantedHeight = UInt64(granted?.height ?? 0)
        lease.grantedSeconds = granted?.time.seconds ?? 0
        lease.answersLeft = answersLeft
        return lease
    }
}
