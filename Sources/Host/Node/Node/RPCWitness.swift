import API
import BlockExecution
import BlockStorage
import ChainFormats
import CometBFTEngine
import CometBFTReading
import DecidedBlocks
import Dispatch
import EmbeddedEngine
import PeerWire
import PublicCryptography
import StrictJSON

/// A node of either kind, by its RPC: asked for headers, and told of those who sign two chains.
package struct RPCWitness: LightWitness, CustomStringConvertible {
    private let client: RPCClient
    private let place: ListenAddress

    package init(_ place: ListenAddress) {
        self.place = place
        // Headers of the largest set are a few MiB.
        client = RPCClient(host: place.host, port: place.port, answerBytesMax: 16 << 20)
    }

    package var description: String { place.description }

    package func lightBlock(_ height: Int64) throws -> UnverifiedHeader { try client.lightBlock(height) }
    package func lastLightBlock() throws -> UnverifiedHeader { try client.lastLightBlock() }

    package func take(_ evidence: Evidence) throws {
        guard let json = RPCForm.evidence(evidence) else { throw RPCClient.Failure.malformed }
        _ = try client.call("broadcast_evidence", ["evidence": json])
    }

    /// What our own RPC does with evidence: it is verified like a peer's, one piece at a time on a thread that nobody
    /// else waits for, and waits for a block.
    static func intake(of engine: RunningEngine) -> RPCDoor.EvidenceIntake {
        let queue = DispatchQueue(label: "evidence handed in")
        return { json throws(RPCDoor.EvidenceRefused) in
            let outcome = await withCheckedContinuation { continuation in
                queue.async { continuation.resume(returning: judge(json, engine)) }
            }
            return try outcome.get()
        }
    }

    private static func judge(_ json: JSONValue, _ engine: RunningEngine) -> Result<Hash32, RPCDoor.EvidenceRefused> {
        let evidence: Evidence
        do throws(RPCBlock.Malformed) { evidence = try RPCBlock.evidence(json) } catch {
            return .failure(RPCDoor.EvidenceRefused("its \(error.field) is none"))
        }
        guard let content = evidence.content else {
            return .failure(RPCDoor.EvidenceRefused("it is not in canonical form"))
        }
        do { try engine.submit(evidence) } catch {
            switch error as? EvidenceRefusal {
            case .invalid(let fault): return .failure(RPCDoor.EvidenceRefused("\(fault)"))
            case .notUnderstood:
                return .failure(RPCDoor.EvidenceRefused("a height that it is about is not here"))
            case nil: return .failure(RPCDoor.EvidenceRefused("the blocks cannot be read"))
            }
        }
        return .success(evidence.name(content).hash)
    }
}
