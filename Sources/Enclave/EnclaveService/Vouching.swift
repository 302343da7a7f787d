import ChainModel
import EnclavePlatform
import EnclaveProtocol
import PublicCryptography

/// Facts of one block that only the host knows, bound so that no second run of the height can be told another story.
///
/// The attack: a host kills the enclave in the middle of a block, restarts it and answers a ledger message differently,
/// or runs what it had skipped, to see what the contract would have said then. So before a frame leaves that may depend on a fact, the digest of all
/// facts so far is stored by the platform, which outlives the enclave; a rerun must begin with the same facts.
final class Vouching {
    private let platform: any EnclavePlatform
    private let height: UInt64
    private let headerHash: Hash32
    private let expected: [VouchedFact]
    private var used = 0
    private var digest = Hash32.zero
    private var isBound = true

    /// - Parameter journal: what the host says it vouched for when it ran this height before.
    init(platform: any EnclavePlatform, height: UInt64, headerHash: Hash32, journal: [[UInt8]]) throws(Failure) {
        self.platform = platform
        self.height = height
        self.headerHash = headerHash
        let record: JournalRecord
        do { record = try platform.readJournal() } catch { throw .platformFailed }
        if record.height > height { throw .heightBehindJournal }
        guard record.height == height, record.count > 0 else {
            expected = []
            return
        }
        guard record.headerHash == headerHash else { throw .secondHeaderForHeight }
        guard UInt64(journal.count) >= record.count else { throw .journalMissing }
        expected = journal.prefix(Int(record.count)).map(VouchedFact.init(bytes:))
        guard expected.reduce(Hash32.zero, { $1.extend($0) }) == record.digest else { throw .journalDiffers }
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
        do {
            try platform.writeJournal(
                JournalRecord(height: height, headerHash: headerHash, count: UInt64(used), digest: digest))
        } catch {
            throw .platformFailed
        }
        isBound = true
    }
}
