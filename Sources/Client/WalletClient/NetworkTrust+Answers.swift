import DecidedBlocks
import PublicCryptography
import Wire

extension NetworkTrust {
    /// By how much block time an answer may be older than one that was shown before: nodes are not all equally quick.
    package static let slackSeconds: Int64 = 60

    /// Throws unless the user may rely on the answer being of the chain's present, and remembers what it is of.
    ///
    /// The attack: a node asks an enclave that was left behind, which cannot know it, and passes on what was true once.
    /// What the user was shown before it cannot take back; and how old a state may be at most, by `now`, the user can
    /// say (`ageMax`, in seconds).
    package func admit(_ stamp: AnswerStamp?, chainID: String, now: Int64, ageMax: Int64? = nil) throws {
        guard var entry = try known.entry(chainID) else { return }
        guard let stamp else {
            // A network that has no enclave of ours says nothing.
            guard entry.proved != nil || ageMax != nil else { return }
            throw ClientError(
                .stale, "the answer does not say of which state it is: it may be of any",
                details: ["An enclave of chain \(chainID) says so with every answer; the node left it away."])
        }
        if let shown = entry.shown {
            if stamp.height == shown.height, stamp.headerHash != shown.headerHash {
                throw ClientError(
                    .stale, "the enclave that answered is on another branch of chain \(chainID)",
                    details: ["shown before  \(shown.headerHash)", "answered now  \(stamp.headerHash)"])
            }
            guard stamp.time.seconds + Self.slackSeconds >= shown.seconds else {
                throw ClientError(
                    .stale,
                    "the answer is of height \(stamp.height), and you were shown \(shown.height) before: it is left out",
                    details: ["The node's enclave was left behind, by mistake or on purpose. Ask another node."])
            }
        }
        if let ageMax, stamp.time.seconds < now - ageMax {
            throw ClientError(
                .stale, "the answer is of height \(stamp.height), which is \(now - stamp.time.seconds) seconds ago",
                details: ["More than \(ageMax) seconds were not wanted. No newer block may have been made."])
        }
        guard stamp.height > entry.shown?.height ?? -1 else { return }
        entry.shown = .init(height: stamp.height, headerHash: stamp.headerHash, seconds: stamp.time.seconds)
        try known.save(entry)
    }
}
