import ABCIServer
import Ante
import EnclaveLink
import Foundation
import LogLines
import Logging
import Pages
import PeerWire
import PublicCryptography
import TOMLKit

/// What an operator may set; `config/node.toml` in the node's home.
package struct NodeConfiguration: Sendable {
    package var moniker = "cloister"
    package var profile = Profile.development
    package var restHost = "127.0.0.1"
    package var restPort = 1317
    package var metricsHost = "127.0.0.1"
    package var metricsPort = 26660
    /// Where the pages beside the metrics are shown.
    package var pages = PagesDoor.Audience.loopback
    package var queryLanes = 2
    package var enclave = Enclave.standard
    package var enclaveBackend = EnclaveBackend.launched
    package var confinement = Confinement.jit
    package var signer = Signer.enclave
    /// Where a connected enclave listens, and the certificate (DER) in which its evidence ends.
    package var enclaveSocket = ""
    package var enclaveRoot = ""
    /// Gas for one contract query (Secret Network protocol: queries).
    package var queryGasMax: UInt64 = 10_000_000
    package var queryLimits = QueryLimits()
    /// The shortest time from one block with transactions to the next, in milliseconds.
    package var blockIntervalMilliseconds: Int64 = 0
    /// What other validators get for their votes on a block before the next one begins, in milliseconds. Alone there is
    /// nobody to wait for.
    package var commitTimeoutMilliseconds: Int64 = 1000
    /// Whether there are blocks without transactions, too, one after the other.
    package var makesEmptyBlocks = false
    /// For how long a block that should come may be missing before the node says so, in milliseconds.
    package var stallMilliseconds: Int64 = 30_000
    /// How many transactions may wait for a block.
    package var mempoolSize = 5_000
    /// The least that a transaction pays for a unit of gas to wait here; what genesis asks holds besides.
    package var gasPrice = "0.0125uscrt"
    /// The most gas a transaction may want to wait here; a block's own limit holds besides.
    package var transactionGasMax: UInt64 = 50_000_000
    /// How many heights of the state can be asked for; 0 for all.
    package var statesKept: UInt64 = 0
    /// How many blocks are kept; 0 for all.
    package var blocksKept: UInt64 = 0
    /// Of how many heights transactions are found by hash and event; 0 for all.
    package var transactionsKept: UInt64 = 0
    /// Where other nodes connect; `nil`: nowhere.
    package var peerListen: ListenAddress?
    package var persistentPeers: [PeerAddress] = []
    /// Nodes that only tell of others, and whether this is one.
    package var seeds: [PeerAddress] = []
    package var isSeed = false
    /// Where others reach this node, if not at `peerListen`.
    package var peerExternal: ListenAddress?
    /// Whether nodes are dialled that others tell of, and are told of.
    package var pex = false
    package var peersInboundMax = 40
    package var allowsDuplicateIP = false
    /// Bytes a second, for each peer.
    package var peerSendRate = 5_120_000
    package var peerReceiveRate = 5_120_000
    /// Where CometBFT's RPC is answered; `nil`: nowhere.
    package var rpcListen: ListenAddress?
    /// Where gRPC is answered, without TLS; `nil`: nowhere.
    package var grpcListen: ListenAddress?
    package var stateSync = StateSyncSettings()
    /// Of every so many heights the state is given to others; 0 for none.
    package var stateInterval: UInt64 = 1000
    /// The first block of this program's ledger; 0 where no other program ran the chain before.
    package var upgradeHeight: UInt64 = 0
    /// The last block of this program; 0 where it goes on for ever.
    package var haltHeight: UInt64 = 0
    package var approvals: [EnclaveApproval] = []
    package var cometBFT = CometBFT()
    package var logLevel = Logger.Level.info
    package var logFormat = LogFormat.text

    /// Of the second engine, where the node is started with it.
    package struct CometBFT: Sendable {
        /// The program; empty where it is run by hand.
        package var program = ""
        /// Where it finds the application; empty for a socket in the node's folder.
        package var abci = ""
        package var rpc = "tcp://127.0.0.1:26657"
        /// Its folder where it is run by hand.
        package var home = ""
        /// RPC of other nodes that show blocks.
        package var blockSources: [ListenAddress] = []
        /// Where it waits for the signer; empty for a socket in the node's folder.
        package var signer = ""
        package var peers = "tcp://0.0.0.0:26656"
        package var persistentPeers = ""
        /// Seconds between blocks without transactions, 0 for none.
        package var emptyBlockSeconds = 10
        package var refusesStrangeCalls = false
    }

    /// What decides blocks.
    package enum EngineChoice: String, Sendable, CaseIterable { case embedded, cometbft }

    package enum Profile: String, Sendable, CaseIterable { case development, production }

    /// Which of the two enclave programs runs.
    package enum Enclave: String, Sendable, CaseIterable {
        case standard
        /// Tells callers, sealed, where contracts stopped. Another measurement: it opens nothing of the standard one.
        case development

        package var program: String {
            switch self {
            case .standard: "cloister-enclave"
            case .development: "cloister-enclave-development"
            }
        }
    }

    /// Who holds the validator's key and the record of what it signed.
    package enum Signer: String, Sendable, CaseIterable { case enclave, file }

    /// Where the enclave comes from.
    package enum EnclaveBackend: String, Sendable, CaseIterable {
        /// This machine starts it, through `enclave-host`.
        case launched
        /// It runs already, and listens on a Unix socket.
        case connected
    }

    /// What becomes of memory that a launched enclave wrote: executable by its compiler, or never. Either is another
    /// enclave by measurement (enclave-host/README.md).
    package enum Confinement: String, Sendable, CaseIterable { case jit, strict }

    package init() {}

    /// The file with these values, each with its meaning.
    package var text: String {
        """
        # Cloister node. Times in milliseconds.
        moniker = "\(Settings.escaped(moniker))"
        # development or production: production waits for the disk before it vouches for anything, and needs an enclave-host
        # that was installed with a user of its own (`make install-launcher`). It is fixed with the chain's first start.
        profile = "\(profile.rawValue)"
        # trace, debug, info, notice, warning, error or critical; `cloister-node reload` makes a running node read it again.
        log_level = "\(logLevel.rawValue)"
        # text or json: how the lines of the log look (docs/operations.md).
        log_format = "\(logFormat.rawValue)"

        [rest]
        host = "\(Settings.escaped(restHost))"
        port = \(restPort)

        [metrics]
        host = "\(Settings.escaped(metricsHost))"
        port = \(metricsPort)
        # Who is shown the pages beside the metrics (explorer, and an inspector of what crosses into the enclave): loopback,
        # if `host` is this machine alone; always, whoever reaches the port; or never.
        pages = "\(pages.rawValue)"

        [enclave]
        # Threads for contract queries, 1 to 16.
        query_lanes = \(queryLanes)
        # launched or connected: this machine starts the enclave through enclave-host, or it runs already and accepts its
        # lanes on the Unix socket `socket`; its evidence ends in the certificate (DER) in the file `root`. `init` makes the
        # validator's key before this is read, on this machine; `genesis draft` and `founder` read it where it is there.
        backend = "\(enclaveBackend.rawValue)"
        socket = "\(Settings.escaped(enclaveSocket))"
        root = "\(Settings.escaped(enclaveRoot))"
        # What is launched, standard or development: the second is another program, which tells callers where contracts
        # stopped.
        program = "\(enclave.rawValue)"
        # How it is confined, jit or strict: under strict nothing that it wrote can be executed, so contracts are interpreted
        # and take several times as long. Either is another enclave, which opens nothing of the other's.
        confinement = "\(confinement.rawValue)"

        [validator]
        # Who holds the validator's key and the record of what it signed: enclave, or file (priv_validator_key.json).
        signer = "\(signer.rawValue)"

        [query]
        # The most gas that one contract query may use.
        gas = \(queryGasMax)
        # Milliseconds after which a contract query is ended.
        time = \(Int(queryLimits.time / .milliseconds(1)))
        # Contract queries of one client that may be under way at once; more are refused with 429.
        per_client = \(queryLimits.perClient)

        [mempool]
        # How many transactions may wait for a block; more are refused with code 20.
        size = \(mempoolSize)
        # The most gas one transaction may want; more is refused with code 41, as what no block may hold always is.
        transaction_gas = \(transactionGasMax)
        # The least that is paid for a unit of gas; less is refused with code 13. What genesis asks of all holds besides.
        gas_price = "\(Settings.escaped(gasPrice))"

        [pruning]
        # How many heights of the state can be asked for, and how many blocks; older ones are forgotten. 0 keeps all, and
        # else at least \(Self.keptMin) are kept; of how many heights transactions are found by hash and event likewise,
        # but of no more than there are blocks.
        states = \(statesKept)
        blocks = \(blocksKept)
        transactions = \(transactionsKept)

        [consensus]
        # The shortest time from one block with transactions to the next.
        block_interval = \(blockIntervalMilliseconds)
        # What other validators get for their late votes on a block before the next one begins; alone it is nothing.
        commit_timeout = \(commitTimeoutMilliseconds)
        # Whether blocks come without transactions, too: every `commit_timeout`, alone every `block_interval`. All validators
        # should say the same.
        empty_blocks = \(makesEmptyBlocks)
        # How long a block that should come may be missing before the node says so, and why, in its log, status and metrics.
        stall = \(stallMilliseconds)

        [p2p]
        # Where other nodes connect, as host:port; empty: nowhere.
        listen = "\(peerListen.map { Settings.escaped("\($0)") } ?? "")"
        # Nodes that this one connects to, as id@host:port with commas between; their ids are in their logs.
        persistent_peers = "\(persistentPeers.map(\.description).joined(separator: ","))"
        # Nodes that tell of others, in the same form: one of them is asked while no other is known. Needs `pex`.
        seeds = "\(seeds.map(\.description).joined(separator: ","))"
        # Whether this node is one of those: it asks all that it hears of for more, tells whoever comes, and stays connected to
        # nobody but `persistent_peers`. Needs `pex`.
        seed_mode = \(isSeed)
        # What others are told of where this node is, as host:port, where that is not `listen`; empty: that.
        external_address = "\(peerExternal.map { Settings.escaped("\($0)") } ?? "")"
        # Whether this node asks others for more nodes to connect to, and tells them of those that it has reached.
        pex = \(pex)
        # How many others may be connected besides those, and whether more than one from one address.
        max_inbound = \(peersInboundMax)
        allow_duplicate_ip = \(allowsDuplicateIP)
        # The most bytes a second to and from each.
        send_rate = \(peerSendRate)
        receive_rate = \(peerReceiveRate)

        [rpc]
        # Where CometBFT's RPC is answered, as host:port, usually on port 26657; empty: nowhere. Wallets, explorers, relayers,
        # light clients and nodes that begin with a state ask it. It is for anybody, as REST is.
        listen = "\(rpcListen.map { Settings.escaped("\($0)") } ?? "")"

        [grpc]
        # Where gRPC is answered, with server reflection and without TLS, as host:port, usually on port 9090; empty: nowhere.
        # It is for anybody, as REST is.
        listen = "\(grpcListen.map { Settings.escaped("\($0)") } ?? "")"

        [statesync]
        # Whether this node, if it has no state yet, takes one from its peers instead of running all blocks.
        enable = \(stateSync.isEnabled)
        # RPC of nodes that show headers, as host:port with commas between. Under CometBFT two are needed, and a header below;
        # else they are where the validators have changed by a third since genesis, or in more than two weeks.
        rpc_servers = "\(stateSync.rpcServers.map(\.description).joined(separator: ","))"
        # A header of the chain that you know from elsewhere, and for how long after its time it may be believed: less than
        # validators' coins stay bound. 0 believes the validators of genesis, however long ago that was.
        trust_height = \(stateSync.trustHeight)
        trust_hash = "\(stateSync.trustHash.map { Hexadecimal.encode($0.bytes, uppercase: true) } ?? "")"
        trust_period = "\(GoDuration.text(seconds: stateSync.trustPeriodSeconds))"
        # For how long offers are gathered before one is chosen.
        discovery_time = "\(GoDuration.text(seconds: stateSync.discoverySeconds))"
        # Of every so many heights the state is given to others; 0 for none. The first time after a start all of it is looked
        # at, later what has changed.
        interval = \(stateInterval)

        [cometbft]
        # For `start --engine cometbft`: CometBFT 0.38 decides blocks and drives this node by ABCI. The program is started and
        # ended with the node; empty where CometBFT is run by hand, with its proxy_app at `abci`.
        program = "\(Settings.escaped(cometBFT.program))"
        # Where CometBFT finds the application: unix:///path or tcp://127.0.0.1:26658; empty for a socket in this folder.
        abci = "\(Settings.escaped(cometBFT.abci))"
        # Where CometBFT's RPC answers; the node reads blocks and hands in transactions there.
        rpc = "\(Settings.escaped(cometBFT.rpc))"
        # Where it is run by hand: its folder, whose log of consensus has the block that was decided when both were killed.
        home = "\(Settings.escaped(cometBFT.home))"
        # RPC of other nodes, as host:port with commas between, asked for blocks that neither has. Nobody is believed.
        block_sources = "\(cometBFT.blockSources.map(\.description).joined(separator: ","))"
        # Where it waits for its signer (priv_validator_laddr), which this node is where the enclave has the validator's key;
        # as `abci`, empty for a socket in this folder. Over TCP, any user of this machine who listens there first is given
        # votes of his choice.
        signer = "\(Settings.escaped(cometBFT.signer))"
        # Where it listens for peers, and those that it keeps connected: id@host:port, separated by commas.
        peers = "\(Settings.escaped(cometBFT.peers))"
        persistent_peers = "\(Settings.escaped(cometBFT.persistentPeers))"
        # Seconds between blocks without transactions; 0 for none.
        empty_blocks = \(cometBFT.emptyBlockSeconds)
        # Whether a call of CometBFT out of ABCI's order ends it, instead of being a warning in the log; for tests.
        strict = \(cometBFT.refusesStrangeCalls)

        [upgrade]
        # The first block of this program, the same on all nodes, where one with other modules ran the chain before; else 0.
        height = \(upgradeHeight)
        # The last block of this program, the same on all nodes, where another one is to go on with the next; else 0. The node
        # ends with status \(NodeExit.halted.rawValue) behind it.
        halt_height = \(haltHeight)
        # Enclave programs that the chain gives its seeds to besides those of genesis: measurement@height with commas between,
        # each from that block on, or measurement@height-end, no more from block end on; the same on all nodes, and for ever.
        approve = "\(approvals.map(\.description).joined(separator: ","))"

        """
    }

    /// Reads the file. Whatever in it is not as it must be is refused, all of it at once.
    package init(path: String) throws {
        let table: TOMLTable
        do {
            table = try TOMLTable(string: try String(contentsOfFile: path, encoding: .utf8))
        } catch let error as TOMLParseError {
            throw NodeFault("this is no TOML", path: path, cause: error.debugDescription)
        } catch {
            throw NodeFault(error, at: path)
        }
        var reader = SettingsReader(table)
        moniker = reader.text("", "moniker", moniker, problem: Settings.problem(ofMoniker:))
        profile = reader.choice("", "profile", profile)
        logLevel = reader.choice("", "log_level", logLevel)
        logFormat = reader.choice("", "log_format", logFormat)
        restHost = reader.text("rest", "host", restHost, problem: Settings.problem(ofHost:))
        restPort = reader.integer("rest", "port", 1...65535, restPort)
        metricsHost = reader.text("metrics", "host", metricsHost, problem: Settings.problem(ofHost:))
        metricsPort = reader.integer("metrics", "port", 1...65535, metricsPort)
        pages = reader.choice("metrics", "pages", pages)
        queryLanes = reader.integer("enclave", "query_lanes", 1...16, queryLanes)
        enclaveBackend = reader.choice("enclave", "backend", enclaveBackend)
        enclaveSocket = reader.text("enclave", "socket", enclaveSocket, problem: Settings.problem(ofSocket:))
        enclaveRoot = reader.text("enclave", "root", enclaveRoot)
        enclave = reader.choice("enclave", "program", enclave)
        confinement = reader.choice("enclave", "confinement", confinement)
        signer = reader.choice("validator", "signer", signer)
        queryGasMax = reader.integer("query", "gas", 1...50_000_000, queryGasMax)
        let time = Int(queryLimits.time / .milliseconds(1))
        queryLimits.time = .milliseconds(reader.integer("query", "time", 100...600_000, time))
        queryLimits.perClient = reader.integer("query", "per_client", 1...1_000, queryLimits.perClient)
        mempoolSize = reader.integer("mempool", "size", 1...1_000_000, mempoolSize)
        transactionGasMax = reader.integer("mempool", "transaction_gas", 1...UInt64.max, transactionGasMax)
        gasPrice = reader.text("mempool", "gas_price", gasPrice) {
            MinimumGasPrice($0) == nil ? "must be an amount and a denomination, as 0.0125uscrt" : nil
        }
        statesKept = Self.kept("states", statesKept, &reader)
        blocksKept = Self.kept("blocks", blocksKept, &reader)
        transactionsKept = Self.kept("transactions", transactionsKept, &reader)
        blockIntervalMilliseconds = reader.integer(
            "consensus", "block_interval", 0...3_600_000, blockIntervalMilliseconds)
        commitTimeoutMilliseconds = reader.integer(
            "consensus", "commit_timeout", 0...3_600_000, commitTimeoutMilliseconds)
        makesEmptyBlocks = reader.flag("consensus", "empty_blocks", makesEmptyBlocks)
        stallMilliseconds = reader.integer("consensus", "stall", 1_000...86_400_000, stallMilliseconds)
        let listen = reader.text("p2p", "listen", "") {
            $0.isEmpty || ListenAddress($0) != nil ? nil : "must be host:port, or empty"
        }
        peerListen = ListenAddress(listen)
        persistentPeers = Self.peers("persistent_peers", &reader)
        seeds = Self.peers("seeds", &reader)
        isSeed = reader.flag("p2p", "seed_mode", isSeed)
        let external = reader.text("p2p", "external_address", "") {
            $0.isEmpty || ListenAddress($0) != nil ? nil : "must be host:port, or empty"
        }
        peerExternal = ListenAddress(external)
        pex = reader.flag("p2p", "pex", pex)
        if !pex, !seeds.isEmpty { reader.refuse("p2p", "seeds", "needs pex = true: a seed has nothing but addresses") }
        if !pex, isSeed { reader.refuse("p2p", "seed_mode", "needs pex = true") }
        if isSeed, peerListen == nil { reader.refuse("p2p", "seed_mode", "needs listen: others come to a seed") }
        peersInboundMax = reader.integer("p2p", "max_inbound", 0...1000, peersInboundMax)
        allowsDuplicateIP = reader.flag("p2p", "allow_duplicate_ip", allowsDuplicateIP)
        peerSendRate = reader.integer("p2p", "send_rate", 10_000...1_000_000_000, peerSendRate)
        peerReceiveRate = reader.integer("p2p", "receive_rate", 10_000...1_000_000_000, peerReceiveRate)
        let rpc = reader.text("rpc", "listen", "") {
            $0.isEmpty || ListenAddress($0) != nil ? nil : "must be host:port, or empty"
        }
        rpcListen = ListenAddress(rpc)
        let grpc = reader.text("grpc", "listen", "") {
            $0.isEmpty || ListenAddress($0) != nil ? nil : "must be host:port, or empty"
        }
        grpcListen = ListenAddress(grpc)
        stateSync = StateSyncSettings(&reader)
        stateInterval = reader.integer("statesync", "interval", 0...1_000_000_000, stateInterval)
        cometBFT.program = reader.text("cometbft", "program", cometBFT.program)
        func problem(ofAddress text: String) -> String? {
            SocketAddress(text) == nil ? "must be unix:///path or tcp://127.0.0.1:port, of this machine" : nil
        }
        cometBFT.abci = reader.text("cometbft", "abci", cometBFT.abci) { $0.isEmpty ? nil : problem(ofAddress: $0) }
        cometBFT.rpc = reader.text("cometbft", "rpc", cometBFT.rpc, problem: problem(ofAddress:))
        cometBFT.home = reader.text("cometbft", "home", cometBFT.home)
        let others = reader.text("cometbft", "block_sources", "") { text in
            text.split(separator: ",").allSatisfy { ListenAddress(String($0)) != nil }
                ? nil : "must be host:port, with commas between"
        }
        cometBFT.blockSources = others.split(separator: ",").compactMap { ListenAddress(String($0)) }
        cometBFT.signer = reader.text("cometbft", "signer", cometBFT.signer) {
            $0.isEmpty ? nil : problem(ofAddress: $0)
        }
        cometBFT.peers = reader.text("cometbft", "peers", cometBFT.peers)
        cometBFT.persistentPeers = reader.text("cometbft", "persistent_peers", cometBFT.persistentPeers)
        if stateSync.isEnabled, persistentPeers.isEmpty, seeds.isEmpty, cometBFT.persistentPeers.isEmpty {
            reader.refuse(
                "statesync", "enable",
                "needs a node to take the state from: persistent_peers or seeds of p2p, or persistent_peers of cometbft"
            )
        }
        cometBFT.emptyBlockSeconds = reader.integer("cometbft", "empty_blocks", 0...86_400, cometBFT.emptyBlockSeconds)
        cometBFT.refusesStrangeCalls = reader.flag("cometbft", "strict", cometBFT.refusesStrangeCalls)
        upgradeHeight = reader.integer("upgrade", "height", 0...UInt64(Int64.max), upgradeHeight)
        haltHeight = reader.integer("upgrade", "halt_height", 0...UInt64(Int64.max), haltHeight)
        if (1..<max(upgradeHeight, 1)).contains(haltHeight) {
            reader.refuse("upgrade", "halt_height", "is before the first block of this program, upgrade.height")
        }
        let approved = reader.text("upgrade", "approve", approvals.map(\.description).joined(separator: ",")) {
            EnclaveApproval.list($0) == nil
                ? "must be measurement@height or measurement@height-end, with commas between" : nil
        }
        approvals = EnclaveApproval.list(approved) ?? approvals
        reader.refuseUnknown()
        if enclave == .development, profile == .production {
            reader.refuse("enclave", "program", "a development enclave does not run in the profile production")
        }
        if enclaveBackend == .connected {
            for (key, value) in [("socket", enclaveSocket), ("root", enclaveRoot)] where value.isEmpty {
                reader.refuse("enclave", key, "a connected enclave needs one")
            }
        }
        if restPort == metricsPort, restHost == metricsHost {
            reader.refuse("metrics", "port", "is the port of REST, too")
        }
        guard reader.violations.isEmpty else { throw NodeFault(violations: reader.violations, path: path) }
    }

    private static func peers(_ key: String, _ reader: inout SettingsReader) -> [PeerAddress] {
        let text = reader.text("p2p", key, "") { text in
            text.split(separator: ",").allSatisfy { PeerAddress(String($0)) != nil }
                ? nil : "must be id@host:port, with commas between"
        }
        return text.split(separator: ",").compactMap { PeerAddress(String($0)) }
    }

    /// Consensus, queries that run, and the enclave go back some heights.
    private static let keptMin: UInt64 = 16

    private static func kept(_ key: String, _ otherwise: UInt64, _ reader: inout SettingsReader) -> UInt64 {
        let kept = reader.integer("pruning", key, 0...1_000_000_000, otherwise)
        if (1..<keptMin).contains(kept) { reader.refuse("pruning", key, "must be 0, or at least \(keptMin)") }
        return kept
    }
}
