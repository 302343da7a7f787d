import ABCIServer
import API
import BlockExecution
import BlockStorage
import ChainApplication
import ChainInterface
import ChainMessages
import CometBFTEngine
import ConsensusCore
import Dispatch
import EmbeddedEngine
import Foundation
import Logging
import PeerWire
import PublicCryptography
import Synchronization
import ValidatorSigning

/// What decides the node's blocks.
protocol NodeEngine: Sendable {
    var store: BlockStore { get }
    /// Nothing where another program knows.
    var status: EngineStatus? { get }
    /// The round with its votes, where there are others.
    var roundState: ConsensusMachine? { get }
    func start() throws
    /// Transactions wait.
    func wake()
    /// `false` if it did not end in time.
    func stop(by deadline: DispatchTime) -> Bool
}

extension RunningEngine: NodeEngine {}

extension DrivenEngine: NodeEngine {
    var status: EngineStatus? { nil }
    var roundState: ConsensusMachine? { nil }

    /// Its mempool tells it.
    func wake() {}

    func stop(by deadline: DispatchTime) -> Bool {
        stop(seconds: Double(deadline.uptimeNanoseconds &- DispatchTime.now().uptimeNanoseconds) / 1e9)
        return true
    }
}

extension NodeConfiguration {
    /// Where CometBFT waits for the enclave's signatures; `nil` where it has the key in a file.
    func remoteSignerAddress(_ home: NodeHome) throws -> SocketAddress? {
        guard signer == .enclave else { return nil }
        let folder = URL(fileURLWithPath: home.folder).path
        let place = cometBFT.signer.isEmpty ? "unix://" + folder + "/data/signer.sock" : cometBFT.signer
        guard let address = SocketAddress(place) else {
            throw NodeFault(
                "no socket can be at \(place)", path: home.configuration,
                remedy:
                    "say another one as cometbft.signer, unix:///path with at most \(SocketAddress.pathBytesMax) bytes")
        }
        return address
    }

    /// CometBFT as `[cometbft]` says, for the chain in `home`.
    func drivenEngine(
        _ home: NodeHome, genesis: GenesisDocument, application: Application, trust: SyncTrust?, logger: Logger,
        onStop: @escaping @Sendable ((any Error)?) -> Void, hook: @escaping CommitStepHook
    ) throws -> DrivenEngine {
        let folder = URL(fileURLWithPath: home.folder).path
        let absolute = NodeHome(folder)
        let place = cometBFT.abci.isEmpty ? "unix://" + folder + "/data/abci.sock" : cometBFT.abci
        guard let abci = SocketAddress(place), let rpc = SocketAddress(cometBFT.rpc) else {
            throw NodeFault(
                "no socket can be at \(place)", path: home.configuration,
                remedy:
                    "say another one as cometbft.abci, unix:///path with at most \(SocketAddress.pathBytesMax) bytes")
        }
        var settings = DrivenEngineConfiguration(folder: home.consensus, abci: abci, rpc: rpc)
        settings.isDurable = isDurable
        settings.heightsKept = blocksKept == 0 ? nil : Int64(blocksKept)
        settings.refusesStrangeCalls = cometBFT.refusesStrangeCalls
        settings.stateInterval = Int64(stateInterval)
        settings.trust = trust
        settings.home = cometBFT.program.isEmpty ? (cometBFT.home.isEmpty ? nil : cometBFT.home) : absolute.cometBFT
        settings.others = cometBFT.blockSources.map { RPCClient(host: $0.host, port: $0.port) }
        settings.applicationVersion = NodeVersion.text
        // A CometBFT that has no use for them makes both files, wherever they are said to be.
        let files = signer == .file ? absolute : NodeHome(absolute.cometBFT)
        var process: CometBFTProcess?
        if !cometBFT.program.isEmpty {
            var options = CometBFTProcess.Options(
                program: cometBFT.program, home: absolute.cometBFT, moniker: moniker,
                validatorKey: files.validatorKey, validatorState: files.validatorState,
                signer: try remoteSignerAddress(home), nodeKey: absolute.nodeKey, genesis: genesis.jsonBytes,
                abci: abci, rpc: rpc, peerAddress: cometBFT.peers, persistentPeers: cometBFT.persistentPeers,
                emptyBlockSeconds: cometBFT.emptyBlockSeconds)
            options.stateSync = try stateSync.ofCometBFT(home)
            process = CometBFTProcess(options)
        }
        return try DrivenEngine(
            settings, genesis: genesis, application: application, process: process, logger: logger, hook: hook,
            onStop: onStop)
    }
}

extension StateSyncSettings {
    /// As CometBFT's own settings have them; `nil` where this node takes no state, and its operator says there what he
    /// likes. Its light client compares what two nodes show, so there must be two.
    fileprivate func ofCometBFT(_ home: NodeHome) throws -> [(name: String, value: String)]? {
        guard isEnabled else { return nil }
        guard let trustHash, rpcServers.count > 1 else {
            throw NodeFault(
                "CometBFT takes no state without two nodes that show headers, and one header to begin with",
                exit: .configuration, path: home.configuration,
                remedy: "say rpc_servers, trust_height and trust_hash in [statesync]")
        }
        return [
            ("enable", "true"),
            ("rpc_servers", "\"" + rpcServers.map(\.description).joined(separator: ",") + "\""),
            ("trust_height", "\(trustHeight)"),
            ("trust_hash", "\"" + Hexadecimal.encode(trustHash.bytes, uppercase: true) + "\""),
            ("trust_period", "\"" + GoDuration.text(seconds: trustPeriodSeconds) + "\""),
            // CometBFT takes no less.
            ("discovery_time", "\"" + GoDuration.text(seconds: max(discoverySeconds, 5)) + "\""),
        ]
    }
}

extension DrivenEngine {
    /// What clients ask through CometBFT is answered as what they ask here. Called on a thread of the engine's, which
    /// waits.
    func answerQueries(with router: QueryRouter) {
        answerQueries { request in
            let answer = Waiting.value {
                await router.query(
                    path: request.path, data: request.data, height: request.height, proves: request.prove)
            }
            let operations = answer.proof.map {
                TendermintCrypto.ProofOp(type: $0.type, key: $0.key, data: $0.data)
            }
            return ABCI.ResponseQuery(
                code: answer.code, log: answer.log, key: answer.key, value: answer.value,
                proofOps: operations.isEmpty ? nil : .init(ops: operations), height: answer.height,
                codespace: answer.codespace)
        }
    }

    /// As `broadcast`, beside the pool of Swift's threads.
    func submit(_ transaction: [UInt8]) async throws -> CheckOutcome {
        try await withCheckedThrowingContinuation { continuation in
            Self.callers.addOperation { [self] in
                continuation.resume(with: Result { try broadcast(transaction) })
            }
        }
    }

    private static let callers: OperationQueue = {
        let queue = OperationQueue()
        queue.name = "cometbft-rpc"
        queue.maxConcurrentOperationCount = 8
        return queue
    }()
}

/// For a plain thread that must wait for what only a task can do.
private enum Waiting {
    static func value<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value {
        let done = DispatchSemaphore(value: 0)
        let place = Place<Value>()
        Task.detached {
            let value = await body()
            place.value.withLock { $0 = value }
            done.signal()
        }
        done.wait()
        return place.value.withLock { $0! }
    }

    private final class Place<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }
}
