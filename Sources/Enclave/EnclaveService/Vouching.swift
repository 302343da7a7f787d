import ChainModel
import EnclavePlatform
import EnclaveProtocol
import PublicCryptography

/// Facts of one block that only the host knows, bound so that no second run of the height can be told another story.
///
/// The attack: a host kills the enclave in the middle of a block, restarts it and answers a ledger message differently,
/// or runs what it had skipped, to see what the contract would have said then. So before a frame leaves that may depend on a fact, the digest of all
/// facts so far is stored by the platform, which outlives the enclave; a rerun must begin with the same facts.
///
/// The header itself is bound as the block begins, with no facts yet. So a second header for the height is noticed even if
/// nothing has been run, and so is another enclave that began the height on this platform: each names the record it knows
/// as the last, and the platform takes only one.
final class Vouching {
    private let platform: any EnclavePlatform
    private let height: UInt64
    private let headerHash: Hash32
    private let expected: [VouchedFact]
    private var used = 0
    private var digest = Hash32.zero
    /// What the platform holds.
    private var last: JournalRecord
    private var isBound: Bool

    /// - Parameter journal: what the host says it vouched for when it ran this height before.
    init(platform: any EnclavePlatform, height: UInt64, headerHash: Hash32, journal: [[UInt8]]) throws(Failure) {
        self.platform = platform
        self.height = height
        self.headerHash = headerHash
        do { last = try platform.readJournal() } catch { throw .platformFailed }
        if last.height > height { throw .heightBehindJournal }
        isBound = last.height == height
        guard isBound else {
            expected = []
            try bind()
            return
        }
        guard last.headerHash == headerHash else { throw .secondHeaderForHeight }
        guard UInt64(journal.count) >= last.count else { throw .journalMissing }
        expected = journal.prefix(Int(last.count)).map(VouchedFact.init(bytes:))
        guard expected.reduce(Hash32.zero, { $1.extend($0) }) == last.digest else { throw .journalDiffers }
    }

    /// The enclave is about to act on `fact`.
    func use(_ fact: VouchedFact) throws(Failure) {
        if used < expected.count {
            guard expected[used] == fact else { throw .journalDiffers }
        } else {
            isBound = false
        }
        used += 1
        digest = fact.extend(digest)
    }

    /// The block is about to end: all that was vouched for in an earlier run must have been said again. Else a host could
    /// tell a story, see what comes of it, and let the second run leave out what the next header will contradict.
    func finish() throws(Failure) {
        guard used >= expected.count else { throw .journalDiffers }
    }

    /// Binds what was used since the last frame; called before any frame leaves.
    func bind() throws(Failure) {
        guard !isBound else { return }
        let record = JournalRecord(height: height, headerHash: headerHash, count: UInt64(used), digest: digest)
        do {
            try platform.writeJournal(record, after: last)
        } catch {
            throw error == .refused ? .journalMoved : .platformFailed
        }
        last = record
        isBound = true
    }
}
