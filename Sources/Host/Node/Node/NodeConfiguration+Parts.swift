import Ante
import ChainApplication
import ChainInterface
import EmbeddedEngine
import Mempool
import PeerNetwork
import PeerWire
import Registration

/// What each part of the node gets of the settings: the one place where a setting of consensus, state or mempool
/// becomes an effect, and where the node says what it does.
extension NodeConfiguration {
    func configure(_ application: inout ApplicationConfiguration) {
        application.mempool.transactionCountMax = mempoolSize
        application.transactionGasMax = transactionGasMax
        application.minimumGasPrice = MinimumGasPrice(gasPrice)
        application.heightsKept = statesKept
        application.transactionHeightsKept = transactionHeightsKept
        application.isDurable = isDurable
        application.upgradeHeight = upgradeHeight == 0 ? nil : upgradeHeight
        application.haltHeight = haltHeight == 0 ? nil : haltHeight
        for approval in approvals {
            application.approvals[approval.height, default: .init()].added.append(approval.measurement)
            if let end = approval.end {
                application.approvals[end, default: .init()].ended.append(approval.measurement)
            }
        }
    }

    /// A transaction is read out of its block, so none is found longer than blocks are kept, one less since the newest
    /// block is indexed when the next one begins; 0 for all.
    var transactionHeightsKept: UInt64 {
        guard blocksKept > 0 else { return transactionsKept }
        return transactionsKept == 0 ? blocksKept - 1 : min(transactionsKept, blocksKept - 1)
    }

    func configure(_ engine: inout EngineConfiguration) {
        engine.isDurable = isDurable
        engine.blockIntervalMilliseconds = blockIntervalMilliseconds
        engine.timeouts.commitMilliseconds = commitTimeoutMilliseconds
        engine.createsEmptyBlocks = makesEmptyBlocks
        engine.heightsKept = blocksKept == 0 ? nil : Int64(blocksKept)
        engine.beginsBySyncing = !persistentPeers.isEmpty || !seeds.isEmpty
    }

    /// `nil` for a node that has nothing to do with others.
    var peerSettings: PeerSettings? {
        guard peerListen != nil || !persistentPeers.isEmpty || !seeds.isEmpty else { return nil }
        var settings = PeerSettings()
        settings.listen = peerListen
        settings.persistentPeers = persistentPeers
        settings.seeds = seeds
        settings.isSeed = isSeed
        settings.external = peerExternal
        settings.inboundMax = peersInboundMax
        settings.allowsDuplicateIP = allowsDuplicateIP
        settings.sendBytesPerSecond = peerSendRate
        settings.receiveBytesPerSecond = peerReceiveRate
        return settings
    }

    /// What clients are told of this node. A transaction must pay both prices, so they are told the higher one.
    func description(
        _ rules: ChainRules, nodeID: String, validatorKey: [UInt8], engine: EngineChoice
    ) -> NodeDescription {
        var node = NodeDescription()
        node.nodeID = nodeID
        node.validatorKey = validatorKey
        node.channels = PeerChannel.allCases.map(\.rawValue)
        node.listenAddress =
            switch engine {
            case .embedded: (peerExternal ?? peerListen).map { "tcp://\($0)" } ?? ""
            case .cometbft: cometBFT.peers
            }
        node.applicationVersion = NodeVersion.text
        node.moniker = moniker
        node.rpcAddress = rpcListen.map { "tcp://\($0)" } ?? ""
        let prices = [MinimumGasPrice(gasPrice), rules.minimumGasPrice].compactMap { $0 }
        node.minimumGasPrice = prices.max { $0.isBelow($1) }?.description ?? ""
        node.haltHeight = haltHeight
        node.pruningKeepRecent = statesKept
        node.pruningInterval = statesKept == 0 ? 0 : Application.blocksBetweenPruning
        return node
    }

    var isDurable: Bool { profile == .production }

    /// What a block may take by other settings is no stall.
    var stallSeconds: Int { Int((stallMilliseconds + blockIntervalMilliseconds + commitTimeoutMilliseconds) / 1000) }
}
