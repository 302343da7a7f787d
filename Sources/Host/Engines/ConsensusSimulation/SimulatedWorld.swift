import ChainFormats
import ChainInterface
import DecidedBlocks
import PublicCryptography
import StrictJSON
import ValidatorSigning
import Wire

/// What nodes run and keep besides the engine, in the place of an application that is only blocks: a ledger and an
/// enclave, say, with clients that send transactions. It has the streams of its own seed and draws from no other.
package protocol SimulatedWorld: AnyObject {
    /// The application's part of the genesis document.
    var appState: JSONValue { get }
    /// Comes once, before anything else.
    func begin(_ setting: WorldSetting) throws
    /// A node's process begins from what it kept. Without a signer it signs as a file would.
    func start(_ node: Int) throws -> (application: any ConsensusApplication, signer: (any VoteSigner)?)
    /// The process is gone; what it wrote stays.
    func stop(_ node: Int)
    /// Takes a copy of what the node keeps, or goes back to it. Its blocks are the engine's, and stay.
    func keepBackup(of node: Int) throws
    func restoreBackup(of node: Int) throws
    /// What becomes of a node that an error ended.
    func fate(of node: Int, after error: any Error) -> WorldFate
    /// Something happens, some times a second: clients send, enclaves die.
    func act(at now: Int64, isCalm: Bool) throws
    func receive(_ transaction: [UInt8], at node: Int) throws
    /// What waits at a node to be handed to others, in its order.
    func waiting(at node: Int) -> [HashedTransaction]
    /// An honest node came to this first.
    func came(_ outcome: BlockOutcome, of block: DecidedBlock)
    /// Whether nobody waits for anything any more.
    var isSettled: Bool { get }
    /// At the end, of what is up then.
    func check() throws
}

package enum WorldFate {
    case failed
    case restarts
    /// Nobody starts it again; only of a hostile node.
    case gone
}

/// What a world is made in.
package struct WorldSetting {
    package var seed: UInt64
    package var genesis: GenesisDocument
    /// Of each node: 32 bytes, from which Ed25519's key follows, and whether it keeps no rule.
    package var nodes: [(privateKey: [UInt8], publicKey: [UInt8], isHostile: Bool)]
    /// Ends the run.
    package var fail: (String) -> Void
    /// Adds to the hash of all events.
    package var note: (UInt64) -> Void
    /// Ends a node's process, which starts again later.
    package var crash: (Int) -> Void
    package var isUp: (Int) -> Bool
}

extension SimulatedFault {
    /// Of what takes an application that does as it is told, or keeps nothing that an enclave would miss.
    var isOfPlainApplication: Bool {
        switch self {
        case .rejectedBlocks, .largeBlocks, .changingSet, .unlikeJudgement, .restoredSigner, .lostDisk: true
        default: false
        }
    }
}

/// A world's application, as the monitor sees it.
final class WatchedApplication: ConsensusApplication, @unchecked Sendable {
    // One thread has it.
    private let inner: any ConsensusApplication
    private unowned let node: SimulatedNode

    init(_ inner: any ConsensusApplication, of node: SimulatedNode) { (self.inner, self.node) = (inner, node) }

    func lastCommitted() throws -> (height: Int64, appHash: [UInt8]) { try inner.lastCommitted() }
    func initializeChain(_ genesis: GenesisDocument) throws -> InitialState { try inner.initializeChain(genesis) }

    func prepareProposal(bytesMax: Int, height: Int64, time: Timestamp) throws -> [HashedTransaction] {
        try inner.prepareProposal(bytesMax: bytesMax, height: height, time: time)
    }

    func processProposal(_ block: Block) throws -> Bool { try inner.processProposal(block) }

    func finalizeBlock(
        _ block: DecidedBlock, previousResults: [ExecutionResult], next: NextBlock?
    ) throws -> BlockOutcome {
        node.simulation.monitor.decided(block, by: node)
        let outcome = try inner.finalizeBlock(block, previousResults: previousResults, next: next)
        node.simulation.monitor.came(outcome, of: block, by: node)
        return outcome
    }

    func commit() throws { try inner.commit() }
    func hasTransactions() -> Bool { inner.hasTransactions() }
}
