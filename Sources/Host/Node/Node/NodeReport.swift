import API
import BlockStorage
import ChainApplication
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import Dispatch
import EmbeddedEngine
import EnclaveProtocol
import LogLines
import Logging
import PublicCryptography
import StrictJSON
import Wire

/// Which enclave a node has, for its operator.
struct EnclaveIdentity: Sendable {
    var measurement: [UInt8]
    /// Whether no processor stands behind its quotes.
    var isSimulated: Bool
    /// SHA-256 of the chain's identity, which its quotes are for: what a user may expect.
    var ofChain: Hash32

    init(_ measurement: [UInt8], of chain: ChainIdentity) {
        self.measurement = measurement
        isSimulated = chain.attestationRoots.contains { $0.kind == .simulated }
        ofChain = SHA256.hash(chain.encoded)
    }
}

/// The operator's pages: whether the node lives, whether it should be given work, and all it knows of itself.
struct NodeReport: Sendable {
    let watch: NodeWatch
    let chain: ChainAdapter
    let engine: any NodeEngine
    let application: Application
    let peers: NodePeers?
    let configuration: NodeConfiguration
    let choice: NodeConfiguration.EngineChoice
    let ownAddress: ValidatorAddress?
    let enclaveIdentity: EnclaveIdentity
    let end: EndOfNode
    let threshold: LogThreshold
    private let began = DispatchTime.now().uptimeNanoseconds

    init(
        watch: NodeWatch, chain: ChainAdapter, engine: any NodeEngine, application: Application, peers: NodePeers?,
        configuration: NodeConfiguration, choice: NodeConfiguration.EngineChoice, ownAddress: ValidatorAddress?,
        enclaveIdentity: EnclaveIdentity, end: EndOfNode, threshold: LogThreshold
    ) {
        (self.watch, self.chain, self.engine, self.application) = (watch, chain, engine, application)
        (self.peers, self.configuration, self.choice) = (peers, configuration, choice)
        (self.ownAddress, self.enclaveIdentity, self.end, self.threshold) = (
            ownAddress, enclaveIdentity, end, threshold
        )
    }

    /// `/health`: whether another start could help. `/ready`: whether work may be sent here. `/status`: all.
    func page(_ request: OperatorRequest) -> OperatorPage? {
        switch request.path {
        case "/health": return page(reasonsAgainstHealth, well: "alive")
        case "/ready": return page(watch.reasonsAgainstReady, well: "ready")
        case "/status":
            return OperatorPage(contentType: "application/json", text: JSONWriter.text(of: json))
        default: return nil
        }
    }

    private func page(_ reasons: [String], well: String) -> OperatorPage {
        OperatorPage(
            status: reasons.isEmpty ? 200 : 503,
            text: reasons.isEmpty ? well + "\n" : reasons.map { $0 + "\n" }.joined())
    }

    /// A chain that stands is nothing that a restart of this node mends; an enclave that is silent may be.
    private var reasonsAgainstHealth: [String] {
        var reasons: [String] = []
        if let fault = end.fault { reasons.append("the node ends: \(fault)") }
        if let seconds = watch.heartbeat.silentSeconds {
            reasons.append(StallCause.enclave(silentSeconds: seconds).text)
        }
        return reasons
    }

    private var json: JSONValue {
        var members: [(String, JSONValue)] = []
        func add(_ name: String, _ value: JSONValue) { members.append((name, value)) }
        func add(_ name: String, text: String) { members.append((name, .string(text))) }
        let node = chain.node
        let block = (try? chain.block(at: nil)).flatMap { $0 }
        let header = block.flatMap { try? Block.received($0.protobuf).block.header }
        add("chain_id", text: chain.genesis.chainID)
        add("identity", text: enclaveIdentity.ofChain.description)
        add("height", text: "\(chain.announcedHeight)")
        add("time", header.map { .string($0.time.description) } ?? .null)
        add("block_hash", block.map { .string("\($0.id.hash)") } ?? .null)
        add("app_hash", header.map { .string(Hexadecimal.encode($0.appHash, uppercase: true)) } ?? .null)
        add("moniker", text: node.moniker)
        add("node_id", text: node.nodeID)
        add("version", text: NodeVersion.text)
        add("engine", text: choice.rawValue)
        add("rest", text: NodeAddress(host: configuration.restHost, port: configuration.restPort).description)
        let now = DispatchTime.now().uptimeNanoseconds
        add("uptime_seconds", .number((now > began ? now - began : 0) / 1_000_000_000))
        add("committed_height", text: "\(application.committedHeight)")
        add("earliest_height", text: "\(node.earliestHeight)")
        add("log_level", text: threshold.level.rawValue)
        let reasons = watch.reasonsAgainstReady
        add("syncing", .bool(chain.isSyncing))
        add("ready", .bool(reasons.isEmpty))
        add("not_ready", .array(reasons.map { .string($0) }))
        add("stall", stall)
        add("consensus", consensus)
        if choice == .cometbft { add("cometbft", cometBFT) }
        add("validator", validator)
        add("peers", .array(watch.peers.map(json)))
        add("absent_peers", .array((peers?.absent ?? []).map { .string("\($0)") }))
        add("mempool", mempool)
        add("enclave", enclave)
        return .object(members)
    }

    private func json(_ peer: PeerState) -> JSONValue {
        .object([
            ("id", .string(peer.id)), ("address", .string(peer.address)), ("moniker", .string(peer.moniker)),
            ("version", .string(peer.version)), ("outbound", .bool(peer.isOutbound)),
            ("height", .string("\(peer.height)")),
        ])
    }

    private var stall: JSONValue {
        guard let stall = watch.stall else { return .null }
        return .object([
            ("seconds", .number(stall.seconds)),
            ("causes", .array(stall.causes.map { .string($0.name) })),
            ("why", .array(stall.causes.map { .string($0.text) })),
        ])
    }

    private var consensus: JSONValue {
        guard let status = engine.status else { return .null }
        let set = try? engine.store.validators(status.height)
        return .object([
            ("height", .string("\(status.height)")), ("round", .number(status.round)),
            ("step", .string("\(status.step)")), ("validators", .number(set?.count ?? 0)),
            ("power", .number(set?.totalPower ?? 0)),
        ])
    }

    private var cometBFT: JSONValue {
        guard let view = watch.cometBFT else { return .null }
        return .object([
            ("height", .string("\(view.height)")), ("peers", .number(view.peerCount)),
            ("fetching", .bool(view.isFetching)), ("transactions", .number(view.waitingTransactions)),
        ])
    }

    private var validator: JSONValue {
        guard let ownAddress else { return .null }
        let next = Int64(application.committedHeight) + 1
        let member = (try? engine.store.validators(next))?.validators.first { $0.address == ownAddress }
        return .object([
            ("address", .string("\(ownAddress)")), ("power", .number(member?.power ?? 0)),
            ("last_signed_height", .number(watch.lastSignedHeight)),
        ])
    }

    private var mempool: JSONValue {
        let (count, bytes) = application.waitingTotals
        return .object([("transactions", .number(count)), ("bytes", .number(bytes))])
    }

    private var enclave: JSONValue {
        let health = watch.heartbeat.health
        return .object([
            ("measurement", .string(Hexadecimal.encode(enclaveIdentity.measurement))),
            ("backend", .string(configuration.enclaveBackend.rawValue)),
            ("answers", .bool(watch.heartbeat.silentSeconds == nil)), ("simulated", .bool(enclaveIdentity.isSimulated)),
            ("head_height", .string("\(health?.headHeight ?? 0)")),
            ("modules", .number(health?.modulesLoaded ?? 0)), ("resident_bytes", .number(health?.residentBytes ?? 0)),
        ])
    }
}
