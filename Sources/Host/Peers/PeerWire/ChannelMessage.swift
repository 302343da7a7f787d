import ChainFormats
import DecidedBlocks
import Wire

/// A message of any channel, understood.
package enum ChannelMessage: Hashable, Sendable {
    case consensus(ConsensusGossip)
    case blockSync(BlockSyncMessage)
    case transactions([[UInt8]])
    case evidence([Evidence])
    case peerExchange(PeerExchangeMessage)
    case stateSync(StateSyncMessage)
    /// Something that says nothing; CometBFT does not mind.
    case nothing
}

/// What a reader must know of the chain to say that a message is none.
package struct PeerRules: Sendable {
    package var initialHeight: Int64
    package var limits: PeerLimits

    package init(initialHeight: Int64, limits: PeerLimits) {
        (self.initialHeight, self.limits) = (initialHeight, limits)
    }
}

extension ChannelMessage {
    package init(_ channel: PeerChannel, _ bytes: [UInt8], rules: PeerRules) throws(PeerFault) {
        do throws(ProtobufError) {
            switch channel {
            case .consensusState, .consensusData, .consensusVote, .voteSetBits:
                self = try Self.consensus(channel, bytes)
            case .blockSync: self = .blockSync(try BlockSyncMessage(protobuf: bytes))
            case .mempool: self = .transactions(try Self.transactions(bytes))
            case .evidence: self = .evidence(try Self.evidence(bytes))
            case .peerExchange: self = .peerExchange(try PeerExchangeMessage(protobuf: bytes))
            case .snapshot, .chunk: self = .stateSync(try StateSyncMessage(protobuf: bytes))
            }
        } catch {
            throw .undecodable(channel)
        }
        guard isSound(on: channel, rules) else { throw .invalid(channel) }
    }

    private func isSound(on channel: PeerChannel, _ rules: PeerRules) -> Bool {
        switch self {
        // CometBFT ignores what comes on the wrong one of its own channels; nobody honest does that.
        case .consensus(let gossip):
            gossip.isSound(initialHeight: rules.initialHeight, partCountMax: rules.limits.partCountMax)
        case .blockSync(let message): message.isSound
        case .transactions(let transactions):
            !transactions.isEmpty && transactions.allSatisfy { !$0.isEmpty }
                && transactions.allSatisfy { $0.count <= rules.limits.transactionBytesMax }
        case .evidence, .nothing: true
        case .peerExchange(let message): message.isSound
        case .stateSync(let message): message.channel == channel && message.isSound
        }
    }

    /// A name of half a block in a claim of two thirds is no block's: CometBFT looks for votes for it and finds none.
    private static func consensus(_ channel: PeerChannel, _ bytes: [UInt8]) throws(ProtobufError) -> ChannelMessage {
        do throws(ProtobufError) {
            let gossip = try ConsensusGossip(protobuf: bytes)
            return gossip.channel == channel ? .consensus(gossip) : .nothing
        } catch ProtobufError.illegalValue(field: 1) where bytes.first == 0x42 {
            return .nothing
        }
    }

    private static func transactions(_ bytes: [UInt8]) throws(ProtobufError) -> [[UInt8]] {
        var reader = ProtobufReader(bytes)
        guard let member = try reader.next(), member.number == 1, try reader.next() == nil else { throw .notCanonical }
        var inner = ProtobufReader(try member.slice())
        var transactions: [[UInt8]] = []
        while let field = try inner.next() {
            guard field.number == 1 else { throw .notCanonical }
            transactions.append(try field.bytes())
        }
        return transactions
    }

    private static func evidence(_ bytes: [UInt8]) throws(ProtobufError) -> [Evidence] {
        var reader = ProtobufReader(bytes)
        var list: [Evidence] = []
        while let field = try reader.next() {
            guard field.number == 1 else { throw .notCanonical }
            var inner = ProtobufReader(try field.slice())
            guard let member = try inner.next(), let kind = Evidence.Kind(rawValue: member.number),
                try inner.next() == nil
            else { throw .notCanonical }
            let evidence = Evidence(kind: kind, bytes: try member.bytes())
            switch kind {
            case .duplicateVote:
                guard try DoubleVote(protobuf: evidence.bytes).isInOrder else { throw .illegalValue(field: 1) }
            case .lightClientAttack: _ = try LightClientAttack(protobuf: evidence.bytes)
            }
            list.append(evidence)
        }
        return list
    }

    /// As the channel carries it.
    package var encoded: (channel: PeerChannel, bytes: [UInt8]) {
        switch self {
        case .consensus(let gossip): (gossip.channel, gossip.protobuf)
        case .blockSync(let message): (.blockSync, message.protobuf)
        case .transactions(let transactions):
            (
                .mempool,
                ProtobufWriter.encode { writer in
                    writer.message(1) { for transaction in transactions { $0.message(1, transaction) } }
                }
            )
        case .evidence(let list):
            (
                .evidence,
                ProtobufWriter.encode { writer in
                    for item in list { writer.message(1) { $0.message(item.kind.rawValue, item.bytes) } }
                }
            )
        case .peerExchange(let message): (.peerExchange, message.protobuf)
        case .stateSync(let message): (message.channel, message.protobuf)
        case .nothing: (.consensusState, [])
        }
    }
}
