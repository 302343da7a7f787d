import ABCIServer
import CometBFTEngine
import Foundation
import StrictJSON
import Synchronization

/// What a CometBFT that drives this node says of itself.
struct CometBFTView: Equatable, Sendable {
    var height: Int64
    var peerCount: Int
    /// Whether it fetches blocks that others decided.
    var isFetching: Bool
    var waitingTransactions: Int
}

/// Asks CometBFT's RPC from time to time, on a thread of its own: nobody who wants to know waits for it.
final class CometBFTWatch: Sendable {
    private struct State {
        var view: CometBFTView?
        var hasStopped = false
    }

    private static let pauseSeconds = 2.0
    private static let patienceSeconds = 3
    private static let pageBytesMax = 4 << 20

    private let state = Mutex(State())

    /// `nil` while it does not answer.
    var view: CometBFTView? { state.withLock { $0.view } }

    init(_ address: SocketAddress) {
        let client = RPCClient(address, seconds: Self.patienceSeconds, answerBytesMax: Self.pageBytesMax)
        let thread = Thread { [weak self] in
            while let self, !self.state.withLock({ $0.hasStopped }) {
                let view = try? CometBFTView(asking: client)
                self.state.withLock { $0.view = view }
                Thread.sleep(forTimeInterval: Self.pauseSeconds)
            }
        }
        thread.name = "cometbft-watch"
        thread.start()
    }

    func stop() { state.withLock { $0.hasStopped = true } }
}

extension CometBFTView {
    fileprivate init(asking client: RPCClient) throws {
        func number(_ json: JSONValue?) throws -> Int64 {
            guard let value = json?.string.flatMap({ Int64($0) }) else { throw RPCClient.Failure.malformed }
            return value
        }
        let sync = try client.get("/status")["sync_info"]
        height = try number(sync?["latest_block_height"])
        isFetching = sync?["catching_up"]?.bool ?? false
        peerCount = Int(clamping: try number(client.get("/net_info")["n_peers"]))
        waitingTransactions = Int(clamping: try number(client.get("/num_unconfirmed_txs")["total"]))
    }

    /// Why no block comes of it, as far as it says.
    var text: String {
        let peers = peerCount == 1 ? "one peer" : peerCount == 0 ? "no peer" : "\(peerCount) peers"
        return isFetching
            ? "it is at height \(height) and fetches blocks, from \(peers)"
            : "it is at height \(height) with \(peers)"
    }
}
