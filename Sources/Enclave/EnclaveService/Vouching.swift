import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import PublicCryptography

/// Facts of one block that only the host knows, bound so that no second run of the height can be told another story.
///
/// The attack: a host kills the enclave in the middle of a block, restarts it and answers a ledger message differently,
/// or runs what it had skipped, to see what the contract would have said then. So before a frame leaves that may depend
/// on a fact, the digest of all facts so far is stored by the platform, which outlives the enclave; a rerun must begin
/// with the same facts.
///
/// The header itself is bound as the block begins, with no facts yet. So a second header for the height is noticed even
/// if nothing has been run, and so is another enclave that began the height on this platform: each names the record it
/// knows as the last, and the platform takes only one.
final class Vouching {
    private let platform: any Platform
    private let height: UInt64
    private let headerHash: Hash32
    /// Hashes of what was bound in an earlier run.
    private let expected: [Hash32]
    private var used = 0
    private var digest = Hash32.zero
    /// What the platform holds.
    private(set) var last: JournalRecord
    private var isBound: Bool
    /// Nothing is bound, and nothing expected: what is told is held against what the next header proves
    /// (`ProvenResults`).
    let isProved: Bool

    /// - Parameters:
    ///   - hasProof: whether the next header is there to prove what came of this height. It serves only a height that
    ///     was
    ///     begun on this platform before; what is new is bound, proved or not.
    ///   - ask: asks the host for the hashes of facts that it vouched for when it ran this height before, from the
    ///     `first`th
    ///     on.
    init(
        platform: any Platform, height: UInt64, headerHash: Hash32, hasProof: Bool,
        ask: (_ first: UInt32, _ count: UInt32) throws(Failure) -> [Hash32]
    ) throws(Failure) {
        self.platform = platform
        self.height = height
        self.headerHash = headerHash
        do { last = try platform.readJournal() } catch { throw Failure.platformFailed }
        isBound = last.height >= height
        isProved = isBound && hasProof
        if last.height == height, last.headerHash != headerHash { throw Failure.secondHeaderForHeight }
        if isProved {
            expected = []
            return
        }
        if last.height > height { throw Failure.heightBehindJournal }
        guard isBound else {
            expected = []
            try bind()
            return
        }
        expected = try Vouching.hashes(of: last, ask: ask)
    }

    /// Binds a header that the head moves to, without a fact: what this platform went through does not come again.
    static func bind(_ header: VerifiedHeader, on platform: any Platform) throws(Failure) {
        let height = UInt64(header.header.height)
        let last: JournalRecord
        do { last = try platform.readJournal() } catch { throw .platformFailed }
        if last.height == height {
            guard last.headerHash == header.hash else { throw .secondHeaderForHeight }
            return
        }
        guard last.height < height else { throw .heightBehindJournal }
        do {
            try platform.writeJournal(
                JournalRecord(height: height, headerHash: header.hash, count: 0, digest: .zero), after: last)
        } catch {
            throw error == .refused ? .journalMoved : .platformFailed
        }
    }

    /// The hashes of the facts that `record` binds.
    ///
    /// The host may answer anything, and it is told nothing but how far it has come. The number comes from the
    /// platform, where an enclave of this program wrote it: it is never more than a block can have.
    private static func hashes(
        of record: JournalRecord, ask: (_ first: UInt32, _ count: UInt32) throws(Failure) -> [Hash32]
    ) throws(Failure) -> [Hash32] {
        guard record.count <= UInt64(ServiceLimits.factsPerBlockMax) else { throw Failure.platformFailed }
        var hashes = [Hash32]()
        var digest = Hash32.zero
        while hashes.count < Int(record.count) {
            let count = min(Int(record.count) - hashes.count, BoundaryProtocol.journalHashesPerAnswerMax)
            let part = try ask(UInt32(hashes.count), UInt32(count))
            guard part.count >= count else { throw Failure.journalMissing }
            guard part.count == count else { throw Failure.journalDiffers }
            for hash in part { digest = VouchedFact.extend(digest, with: hash) }
            hashes += part
        }
        guard digest == record.digest else { throw Failure.journalDiffers }
        return hashes
    }

    /// The enclave is about to act on `fact`.
    func use(_ fact: VouchedFact) throws(Failure) {
        guard !isProved else { return }
        let hash = fact.hash
        if used < expected.count {
            guard expected[used] == hash else { throw .journalDiffers }
        } else {
            isBound = false
        }
        used += 1
        digest = VouchedFact.extend(digest, with: hash)
    }

    /// The block is about to end: all that was vouched for in an earlier run must have been said again. Else a host
    /// could tell a story, see what comes of it, and let the second run leave out what the next header will contradict.
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
