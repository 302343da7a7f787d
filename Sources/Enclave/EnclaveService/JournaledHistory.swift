import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import PublicCryptography
import Wire

/// The chain up to the header that the platform's journal names, each header of which names the one before it.
///
/// The attack: the keys of validators that have left long ago sign another header after an old block, with results of
/// the attacker's choice. Two thirds of that block's set they may be, but what they sign now is not what this platform
/// went through: behind the journal only the header in its own history proves anything.
struct JournaledHistory {
    /// More than a node that is set back can be behind, and 32 MiB.
    private static let heightsMax = 1 << 20

    private let height: Int64
    /// From the journal's header downwards.
    private var hashes: [Hash32]

    init(_ journal: JournalRecord) {
        height = Int64(clamping: journal.height)
        hashes = [journal.headerHash]
    }

    func isOf(_ journal: JournalRecord) -> Bool {
        Int64(clamping: journal.height) == height && hashes[0] == journal.headerHash
    }

    /// The hash of the header at a height that is not above the journal's.
    ///
    /// - Parameter ask: asks the host, which may answer anything, for headers from `highest` downwards.
    mutating func hash(
        at wanted: Int64, ask: (_ highest: UInt64, _ count: UInt32) throws(Failure) -> [[UInt8]]
    ) throws(Failure) -> Hash32 {
        precondition(wanted > 0 && wanted <= height)
        let depth = height - wanted
        guard depth < Self.heightsMax else { throw Failure.historyMissing }
        while hashes.count <= Int(depth) {
            // Each header brings the hash below its own.
            let count = min(Int(depth) + 1 - hashes.count, BoundaryProtocol.headersPerAnswerMax)
            let headers = try ask(UInt64(height) - UInt64(hashes.count - 1), UInt32(count))
            guard !headers.isEmpty, headers.count <= count else { throw Failure.historyMissing }
            for bytes in headers {
                guard let header = try? Header(protobuf: bytes), header.hash() == hashes[hashes.count - 1],
                    let below = header.lastBlockID?.hash
                else { throw Failure.historyMissing }
                hashes.append(below)
            }
        }
        return hashes[Int(depth)]
    }
}
