import DecidedBlocks

/// What keeps a chain from its next block, as far as one node can tell.
enum StallCause: Equatable, Sendable {
    /// The enclave has not answered for so many seconds.
    case enclave(silentSeconds: Int)
    /// The block is decided and saved, and what runs it has not come to its end.
    case execution(height: Int64)
    case noPeers
    /// Blocks are fetched, and the peers claim no more than this.
    case fetching(highest: Int64)
    /// Of this height's votes there is less power than decides.
    case votes(power: Int64, quorum: Int64, missing: [String])
    /// This node is in the set and has not voted.
    case ownVote
    /// The round goes on, and nobody proposes what two thirds want.
    case proposal(round: Int32)
    /// CometBFT, which decides, hands over nothing; what it says of itself, if it answers.
    case engine(CometBFTView?)

    /// A word for metrics.
    var name: String {
        switch self {
        case .enclave: "enclave"
        case .execution: "execution"
        case .noPeers, .fetching: "peers"
        case .votes: "validators"
        case .ownVote: "validator"
        case .proposal: "proposal"
        case .engine: "engine"
        }
    }

    static let names = ["enclave", "engine", "execution", "peers", "proposal", "validator", "validators"]
    private static let shownMax = 8

    var text: String {
        switch self {
        case .enclave(let seconds): "the enclave has not answered for \(seconds) s"
        case .execution(let height): "block \(height) is decided, and running it does not end: the enclave or the disk"
        case .noPeers: "no peer is connected"
        case .fetching(let highest):
            highest > 0
                ? "blocks are fetched, and the highest that a peer has is \(highest)"
                : "blocks are fetched, and no peer says that it has any"
        case .votes(let power, let quorum, let missing):
            "votes with power \(power) are here, and \(quorum) decide; missing: "
                + missing.prefix(StallCause.shownMax).joined(separator: ", ")
                + (missing.count > StallCause.shownMax ? " and \(missing.count - StallCause.shownMax) more" : "")
        case .ownVote: "this node's validator has not voted: another process may have its key, or its record is ahead"
        case .proposal(let round): "round \(round) has no block that two thirds vote for"
        case .engine(let view):
            "CometBFT hands over no block: " + (view?.text ?? "its RPC does not answer") + "; its log says more"
        }
    }
}

/// What a node sees of its chain at one moment.
struct ChainSample: Sendable {
    /// Of the round, from the engine that is in this process.
    struct Round: Equatable, Sendable {
        var number: Int32
        /// Whether a block is being decided; else the height waits for transactions, or for its time.
        var isUnderWay: Bool
        /// The most power that voted in one of this round's two kinds.
        var power: Int64
        var quorum: Int64
        var missing: [String] = []
        var lacksOwnVote = false
    }

    var committedHeight: Int64
    var savedHeight: Int64
    var waitingTransactions = 0
    /// `nil` under another engine.
    var round: Round?
    /// Under another engine: whether it makes blocks without transactions, too, and what it says of itself.
    var makesEmptyBlocks = false
    var cometBFT: CometBFTView?
    var needsPeers = false
    var peerCount = 0
    var isFetching = false
    var highestOfPeers: Int64 = 0
    var enclaveSilentSeconds: Int?

    /// Whether a block should come.
    var expectsBlock: Bool {
        if isFetching || savedHeight > committedHeight || (needsPeers && peerCount == 0) { return true }
        guard let round else {
            return makesEmptyBlocks || cometBFT.map { $0.isFetching || $0.waitingTransactions > 0 } ?? false
        }
        return round.isUnderWay || waitingTransactions > 0
    }

    /// The nearest first.
    var causes: [StallCause] {
        var causes: [StallCause] = []
        if let enclaveSilentSeconds { causes.append(.enclave(silentSeconds: enclaveSilentSeconds)) }
        if savedHeight > committedHeight { return causes + [.execution(height: savedHeight)] }
        if needsPeers, peerCount == 0 { causes.append(.noPeers) }
        if isFetching { return causes + (peerCount > 0 ? [.fetching(highest: highestOfPeers)] : []) }
        guard let round else { return causes + [.engine(cometBFT)] }
        if round.lacksOwnVote { causes.append(.ownVote) }
        if round.power < round.quorum {
            causes.append(.votes(power: round.power, quorum: round.quorum, missing: round.missing))
        }
        return causes.isEmpty ? [.proposal(round: round.number)] : causes
    }
}

/// Whether the chain stands where it should go on. A chain that makes no empty blocks stands as long as nobody wants
/// anything of it, and that is no stall.
struct StallWatch {
    struct Stall: Equatable, Sendable {
        var seconds: Int
        var causes: [StallCause]
    }

    let patienceSeconds: Int
    private var height: Int64 = -1
    /// When the block that is missing began to be.
    private var expectedSince: UInt64?

    init(patienceSeconds: Int) { self.patienceSeconds = patienceSeconds }

    mutating func observe(_ sample: ChainSample, nanoseconds now: UInt64) -> Stall? {
        if sample.committedHeight != height || !sample.expectsBlock {
            (height, expectedSince) = (sample.committedHeight, nil)
        }
        guard sample.expectsBlock else { return nil }
        let since = expectedSince ?? now
        expectedSince = since
        let seconds = Int((now > since ? now - since : 0) / 1_000_000_000)
        return seconds >= patienceSeconds ? Stall(seconds: seconds, causes: sample.causes) : nil
    }
}
