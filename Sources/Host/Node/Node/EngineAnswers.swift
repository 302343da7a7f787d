import ABCIServer
import API
import BlockStorage
import ChainApplication
import ChainFormats
import CometBFTEngine
import DecidedBlocks
import EmbeddedEngine
import Foundation
import Mempool
import PeerNetwork
import PeerWire
import PublicCryptography
import StrictJSON

/// What a node says on its RPC for the engine of its own: peers, the round, what waits for a block.
struct EmbeddedEngineAnswers: Sendable {
    private let engine: RunningEngine
    private let peers: NodePeers?
    private let application: Application
    private let listenAddress: String

    init(_ engine: RunningEngine, peers: NodePeers?, application: Application, listenAddress: String) {
        (self.engine, self.peers, self.application) = (engine, peers, application)
        self.listenAddress = listenAddress
    }

    func answer(_ question: RPCDoor.EngineQuestion) throws -> JSONValue {
        switch question {
        case .networkInfo: return networkInfo
        case .consensusState: return ["round_state": try round.summary]
        case .consensusDump:
            let peers = (peers?.connected ?? []).map { peer, state -> JSONValue in
                [
                    "node_address": .string("\(peer.id)@\(peer.address)"),
                    "peer_state": ["round_state": state.map(RoundForm.peer) ?? .null],
                ]
            }
            return ["round_state": try round.whole, "peers": .array(peers)]
        case .waiting(let limit):
            return RPCForm.waiting(
                application.waiting(countMax: limit).map(\.transaction.bytes), total: application.waitingTotals)
        case .waitingCount: return RPCForm.waiting(nil, total: application.waitingTotals)
        }
    }

    private var round: RoundForm {
        get throws {
            guard let status = engine.status, let set = try engine.store.validators(status.height) else {
                throw RPCDoor.notReady
            }
            return RoundForm(status: status, machine: engine.roundState, validators: set)
        }
    }

    private var networkInfo: JSONValue {
        let connected = peers?.connected ?? []
        return [
            "listening": .bool(!listenAddress.isEmpty),
            "listeners": .array(listenAddress.isEmpty ? [] : [.string("Listener(\(listenAddress))")]),
            "n_peers": .string("\(connected.count)"),
            "peers": .array(
                connected.map { peer, _ in
                    let info = peer.identity.info
                    return [
                        "node_info": RPCForm.nodeInfo(
                            id: info.id, listenAddress: info.listenAddress, network: info.network,
                            version: info.version, channels: info.channels, moniker: info.moniker,
                            indexes: info.indexesTransactions, rpcAddress: info.rpcAddress,
                            protocols: (info.peerVersion, info.blockVersion, info.appVersion)),
                        "is_outbound": .bool(peer.isOutbound),
                        // Rates are not measured here: only what was sent, and for how long.
                        "connection_status": [
                            "Duration": .string("\(peer.ageNanoseconds)"),
                            "SendMonitor": [
                                "Active": true, "Bytes": .string("\(peer.sentBytes)"),
                                "Duration": .string("\(peer.ageNanoseconds)"),
                            ],
                        ],
                        "remote_ip": .string(peer.address),
                    ]
                }),
        ]
    }
}

/// What a CometBFT that drives this node says, in its own words: it alone has peers, a round and a mempool.
///
/// Asked beside the pool of Swift's threads. What it says is passed on as it comes, within a bound.
struct DrivenEngineAnswers: Sendable {
    private static let patienceSeconds = 5
    private static let answerBytesMax = 32 << 20

    private let client: RPCClient
    private let queue: OperationQueue

    init(_ address: SocketAddress) {
        client = RPCClient(address, seconds: Self.patienceSeconds, answerBytesMax: Self.answerBytesMax)
        queue = OperationQueue()
        queue.name = "cometbft-rpc-questions"
        queue.maxConcurrentOperationCount = 4
    }

    func answer(_ question: RPCDoor.EngineQuestion) async throws -> JSONValue {
        switch question {
        case .networkInfo: try await ask("net_info")
        case .consensusState: try await ask("consensus_state")
        case .consensusDump: try await ask("dump_consensus_state")
        case .waiting(let limit): try await ask("unconfirmed_txs", ["limit": .string("\(limit)")])
        case .waitingCount: try await ask("num_unconfirmed_txs")
        }
    }

    /// It verifies it, and has the pool in which it waits.
    func take(_ evidence: JSONValue) async throws(RPCDoor.EvidenceRefused) -> Hash32 {
        let answer: JSONValue
        do { answer = try await ask("broadcast_evidence", ["evidence": evidence]) } catch {
            throw RPCDoor.EvidenceRefused("\(error)")
        }
        guard let hash = answer["hash"]?.string.flatMap(Base64.decode).flatMap({ Hash32($0) }) else {
            throw RPCDoor.EvidenceRefused("the engine took it without a word")
        }
        return hash
    }

    private func ask(_ method: String, _ parameters: JSONValue = .object([])) async throws -> JSONValue {
        let result: Result<JSONValue, RPCClient.Failure> = await withCheckedContinuation { continuation in
            queue.addOperation { [client] in
                continuation.resume(
                    returning: Result { () throws(RPCClient.Failure) in try client.call(method, parameters) })
            }
        }
        do { return try result.get() } catch { throw RPCDoor.refused(byEngine: "\(error)") }
    }
}
