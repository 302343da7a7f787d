/// The channels of a connection, each for the messages of one purpose.
package enum PeerChannel: UInt8, CaseIterable, Sendable {
    case peerExchange = 0x00
    case consensusState = 0x20
    case consensusData = 0x21
    case consensusVote = 0x22
    case voteSetBits = 0x23
    case mempool = 0x30
    case evidence = 0x38
    case blockSync = 0x40
    case snapshot = 0x60
    case chunk = 0x61

    /// The share of a connection that a channel has beside others that wait too.
    package var priority: Int {
        switch self {
        case .consensusData: 10
        case .consensusVote: 7
        case .consensusState, .evidence: 6
        case .mempool, .blockSync, .snapshot: 5
        case .chunk: 3
        case .peerExchange, .voteSetBits: 1
        }
    }
}

/// How long messages of each channel may be.
package struct PeerLimits: Equatable, Sendable {
    /// Bytes of a block's parts, of a light block, of a list of evidence (CometBFT: `maxMsgSize` of the reactors).
    static let messageBytesMax = 1 << 20
    static let snapshotBytesMax = 4_000_000
    static let chunkBytesMax = 16_000_000
    /// 250 addresses of 256 bytes.
    static let addressesBytesMax = 64_000
    /// Tags and lengths around a block or a transaction.
    private static let envelopeBytes = 64

    package var blockBytesMax: Int
    package var transactionBytesMax: Int

    package init(blockBytesMax: Int, transactionBytesMax: Int = 1 << 20) {
        (self.blockBytesMax, self.transactionBytesMax) = (blockBytesMax, transactionBytesMax)
    }

    package func bytesMax(_ channel: PeerChannel) -> Int {
        switch channel {
        case .peerExchange: PeerLimits.addressesBytesMax
        case .consensusState, .consensusData, .consensusVote, .voteSetBits, .evidence: PeerLimits.messageBytesMax
        // A transaction alone may have `transactionBytesMax`; several together may not.
        case .mempool: transactionBytesMax + 8
        case .blockSync: blockBytesMax + PeerLimits.envelopeBytes
        case .snapshot: PeerLimits.snapshotBytesMax
        case .chunk: PeerLimits.chunkBytesMax
        }
    }

    /// A block has no more parts than this.
    package var partCountMax: UInt32 { UInt32((blockBytesMax - 1) / 65_536 + 1) }
}
