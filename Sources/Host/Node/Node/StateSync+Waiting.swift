import API
import BlockExecution
import ChainFormats
import ChainInterface
import CometBFTEngine
import DecidedBlocks
import Dispatch
import EnclaveProtocol
import Foundation
import Logging
import PeerNetwork
import PeerWire
import PublicCryptography
import StrictJSON
import Wire

extension StateSyncSettings {
    /// What is believed before a state is taken: what the operator named, or what the enclave knows itself; neither
    /// longer than `trust_period` by this host's clock. Where the enclave moves to is its own decision.
    func trust(_ genesis: GenesisDocument, _ opened: OpenedEnclave, now: Timestamp, logger: Logger) throws -> SyncTrust
    {
        let sources = rpcServers.map { RPCWitness($0) }
        guard var trust = SyncTrust(genesis, sources: sources) else { throw NodeFault("genesis has no validators") }
        let height = Int64(clamping: opened.headHeight)
        if height > 0, let hash = Hash32(opened.headHash) {
            // A machine that was let in: its enclave knows a header of then.
            trust.enclaveHeight = height
            for source in sources {
                guard
                    let place = try? SyncTrust.Place(
                        hash: hash, height: height, chainID: genesis.chainID, shownBy: source)
                else { continue }
                trust.enclave = place
                break
            }
        }
        if let trustHash {
            trust.named = try named(trustHash, of: genesis.chainID, by: sources)
        }
        let time = trust.named?.head.time ?? trust.enclave.head.time
        guard time.adding(nanoseconds: trustPeriodSeconds * 1_000_000_000) > now else {
            throw NodeFault(
                trust.named == nil
                    ? "the chain began at \(time), and no later header is named that may be believed"
                    : "the header that is named as trust_height is of \(time)",
                exit: .configuration,
                cause: "statesync.trust_period is \(GoDuration.text(seconds: trustPeriodSeconds))",
                remedy: "say trust_height and trust_hash of a younger header, from somebody whom you believe")
        }
        return trust
    }

    private func named(_ hash: Hash32, of chainID: String, by sources: [RPCWitness]) throws -> SyncTrust.Place {
        var causes: [String] = []
        for (source, server) in zip(sources, rpcServers) {
            do {
                if let place = try SyncTrust.Place(
                    hash: hash, height: trustHeight, chainID: chainID, shownBy: source)
                {
                    return place
                }
                causes.append("\(server) shows another header there")
            } catch {
                causes.append("\(server): \(error)")
            }
        }
        throw NodeFault(
            "the header of statesync.trust_height, \(trustHeight), is shown by nobody", exit: .failed,
            cause: causes.joined(separator: "; "),
            remedy: "ask who gave you trust_hash, and say other rpc_servers")
    }
}

extension StateSyncReactor.Progress {
    /// What a node that begins with a state of others waits for.
    func text(above floor: Int64) -> String {
        if let current {
            let chunks =
                missing.map { "\($0) of \(current.chunks) chunks are to come" }
                ?? "its \(current.chunks) chunks are asked for"
            return "the state of height \(current.height) is being fetched: \(chunks)"
        }
        var text: String
        switch (peers, offers) {
        case (0, _): text = "no peer is connected that could give the state"
        case (_, 0): text = "none of \(peers) peers offers a state"
        default: text = "\(peers) peers offer \(offers) states, of which none is of use yet"
        }
        if floor > 0 { text += "; it must be of a height above \(floor)" }
        if let lastRefusal { text += "; the last one was refused: \(lastRefusal)" }
        return text
    }
}

/// What a node answers on its operator's port before it has a state: that it lives, and what it waits for.
final class WaitingPage: Sendable {
    private let task: Task<Void, Never>
    private let ended = DispatchSemaphore(value: 0)

    init(
        _ configuration: NodeConfiguration, chainID: String, nodeID: String, metrics: MetricsRegistry, logger: Logger,
        text: @escaping @Sendable () -> String
    ) {
        let began = DispatchTime.now().uptimeNanoseconds
        let page: @Sendable (OperatorRequest) -> OperatorPage? = { request in
            switch request.path {
            case "/health": return OperatorPage(text: "alive\n")
            case "/ready": return OperatorPage(status: 503, text: text() + "\n")
            case "/status":
                let seconds = (DispatchTime.now().uptimeNanoseconds &- began) / 1_000_000_000
                let json: JSONValue = [
                    "chain_id": .string(chainID), "height": "0", "moniker": .string(configuration.moniker),
                    "node_id": .string(nodeID), "version": .string(NodeVersion.text), "engine": "embedded",
                    "uptime_seconds": .number(seconds), "ready": false, "not_ready": [.string(text())],
                ]
                return OperatorPage(contentType: "application/json", text: JSONWriter.text(of: json))
            default: return nil
            }
        }
        let server = MetricsServer(
            configuration: HTTPServerConfiguration(
                host: configuration.metricsHost, port: configuration.metricsPort),
            metrics: metrics, logger: logger, page: page)
        task = Task.detached { [ended] in
            try? await server.run()
            ended.signal()
        }
    }

    /// Until its port is free.
    func stop() {
        task.cancel()
        _ = ended.wait(timeout: .now() + .seconds(10))
    }
}
