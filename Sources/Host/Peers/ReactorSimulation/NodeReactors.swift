import ChainFormats
import ConsensusCore
import ConsensusSimulation
import DecidedBlocks
import EmbeddedEngine
import Logging
import PeerNetwork
import PeerWire
import PublicCryptography

/// The reactors of all nodes of a network.
package final class NodeReactors: SimulatedReactors, @unchecked Sendable {
    // One thread has it.
    private var setting: ReactorSetting?
    private var nodes: [Int: ReactorNode] = [:]

    package init() {}

    /// For a campaign, each of whose networks has its own.
    package static let fresh: @Sendable () -> any SimulatedReactors = { NodeReactors() }

    package func begin(_ setting: ReactorSetting) { self.setting = setting }

    package func prepare(_ node: Int) {
        guard let setting else { return }
        nodes[node] = ReactorNode(node, setting)
    }

    package func start(_ node: Int, engine: any GossipEngine, syncs: Bool) {
        nodes[node]?.start(engine, syncs: syncs)
    }

    package func stop(_ node: Int) { nodes.removeValue(forKey: node)?.stop() }

    package func connected(_ node: Int, number: UInt64, isOutbound: Bool) {
        nodes[node]?.connected(number, isOutbound: isOutbound)
    }

    package func disconnected(_ node: Int, number: UInt64) { nodes[node]?.disconnected(number) }

    package func receive(_ bytes: [UInt8], on channel: UInt8, number: UInt64, at node: Int) {
        nodes[node]?.receive(bytes, on: channel, number)
    }

    package func broadcast(_ message: ConsensusMessage, at node: Int) { nodes[node]?.consensus.broadcast(message) }
    package func announce(_ event: ConsensusEvent, at node: Int) { nodes[node]?.consensus.announce(event) }
    package func turn(_ node: Int) { nodes[node]?.consensus.turn() }

    package func form(of message: ConsensusMessage) -> (channel: UInt8, bytes: [UInt8]) {
        let gossip: ConsensusGossip =
            switch message {
            case .proposal(let proposal): .proposal(proposal)
            case .part(let height, let round, let part): .part(height: height, round: round, part)
            case .vote(let vote): .vote(vote)
            }
        let (channel, bytes) = ChannelMessage.consensus(gossip).encoded
        return (channel.rawValue, bytes)
    }

    package func form(of evidence: Evidence) -> (channel: UInt8, bytes: [UInt8]) {
        let (channel, bytes) = ChannelMessage.evidence([evidence]).encoded
        return (channel.rawValue, bytes)
    }
}

/// The reactors of one life of a node.
private final class ReactorNode: @unchecked Sendable {
    // One thread has it.
    let consensus: ConsensusReactor
    private let node: Int
    private let setting: ReactorSetting
    private let rules: PeerRules
    private let traffic = PeerTraffic()
    private var blocks: BlockSyncReactor?
    private var peers: [UInt64: Peer] = [:]
    private static let silent = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }

    init(_ node: Int, _ setting: ReactorSetting) {
        (self.node, self.setting) = (node, setting)
        rules = PeerRules(
            initialHeight: setting.initialHeight,
            limits: PeerLimits(blockBytesMax: setting.blockBytesMax))
        let work = SimulatedWork(node, setting)
        consensus = ConsensusReactor(logger: Self.silent, clock: { work.now })
    }

    func start(_ engine: any GossipEngine, syncs: Bool) {
        let blocks = BlockSyncReactor(
            store: engine.store, initialHeight: setting.initialHeight, fetches: syncs, logger: Self.silent,
            queue: SimulatedWork(node, setting), serving: SimulatedWork(node, setting),
            handIn: { block in
                engine.receive(
                    SyncedBlock(height: block.height, bytes: block.bytes, commit: block.commit),
                    from: PeerNumber(block.peer))
            }, onEnd: { [weak self] in self?.consensus.endSync() })
        self.blocks = blocks
        consensus.begin(
            engine, blocks: blocks.events, syncs: syncs,
            turner: { [weak self] in
                guard let self else { return }
                setting.perform(node, 1_000) { [weak self] in
                    guard let self, setting.gossips(node) else { return }
                    consensus.turn()
                }
            })
        for (_, peer) in peers.sorted(by: { $0.key < $1.key }) { blocks.connected(peer) }
    }

    func stop() {
        blocks?.stop()
        consensus.stop()
    }

    func connected(_ number: UInt64, isOutbound: Bool) {
        let key = setting.publicKeys[Int(number & 0xff)]
        let id = Hexadecimal.encode(ValidatorAddress(publicKey: key).bytes)
        let info = NodeInfo(
            id: id, listenAddress: "tcp://127.0.0.1:26656", network: setting.chainID, version: "simulated",
            channels: consensus.channels + [.blockSync], moniker: "node", appVersion: 0)
        let peer = Peer(
            number: number, identity: PeerIdentity(id: id, info: info),
            connection: SimulatedLine(node, number, setting, isOutbound: isOutbound), isPersistent: false,
            traffic: traffic)
        peers[number] = peer
        consensus.connected(peer)
        blocks?.connected(peer)
    }

    func disconnected(_ number: UInt64) {
        guard let peer = peers.removeValue(forKey: number) else { return }
        consensus.disconnected(peer)
        blocks?.disconnected(peer)
    }

    /// As `PeerSwitch` has it.
    func receive(_ bytes: [UInt8], on channel: UInt8, _ number: UInt64) {
        guard let peer = peers[number], let channel = PeerChannel(rawValue: channel) else { return }
        do throws(PeerFault) {
            let message = try ChannelMessage(channel, bytes, rules: rules)
            let reactors: [(any PeerReactor)?] = [consensus, blocks]
            for case let reactor? in reactors where reactor.channels.contains(channel) {
                try reactor.receive(message, from: peer)
            }
        } catch {
            peer.drop(error)
        }
    }
}

/// One end of a connection.
private final class SimulatedLine: PeerLine, @unchecked Sendable {
    // One thread has it.
    let isOutbound: Bool
    let address = "127.0.0.1"
    let sentBytes: UInt64 = 0
    private let node: Int
    private let number: UInt64
    private let setting: ReactorSetting

    init(_ node: Int, _ number: UInt64, _ setting: ReactorSetting, isOutbound: Bool) {
        (self.node, self.number, self.setting, self.isOutbound) = (node, number, setting, isOutbound)
    }

    func send(_ message: [UInt8], on channel: PeerChannel) -> Bool {
        setting.send(node, number, channel.rawValue, message)
    }

    func hasRoom(_ channel: PeerChannel) -> Bool { setting.hasRoom(node, number, channel.rawValue) }

    func end(_ reason: PeerEnd) {
        var isSlowness = true
        if case .fault(let fault) = reason {
            if case .silent = fault { isSlowness = true } else { isSlowness = false }
        }
        setting.drop(node, number, "\(reason)", isSlowness)
    }

    func endWhenSent() { end(.unwanted) }
    func adopt(_ limits: PeerLimits) {}
}

/// The simulation's clock, and its order of events.
private final class SimulatedWork: ReactorWork, @unchecked Sendable {
    // One thread has it.
    private let node: Int
    private let setting: ReactorSetting
    private var hasEnded = false
    /// A reactor takes 0 for never.
    private static let epoch: UInt64 = 3_600_000_000_000

    init(_ node: Int, _ setting: ReactorSetting) { (self.node, self.setting) = (node, setting) }

    var now: UInt64 { Self.epoch + UInt64(setting.now()) * 1000 }

    func perform(afterMilliseconds milliseconds: Int, _ body: @escaping @Sendable () -> Void) {
        setting.perform(node, Int64(milliseconds) * 1000, body)
    }

    func keepPerforming(everyMilliseconds milliseconds: Int, _ body: @escaping @Sendable () -> Void) {
        setting.perform(node, Int64(milliseconds) * 1000) { [weak self] in
            guard let self, !hasEnded else { return }
            body()
            keepPerforming(everyMilliseconds: milliseconds, body)
        }
    }

    func end() { hasEnded = true }
}
