import ChainFormats
import ChainInterface
import DecidedBlocks
import PublicCryptography
import Wire

/// An application whose state is the blocks it ran. What it did not commit it forgets in a crash.
final class SimulatedApplication: ConsensusApplication, @unchecked Sendable {
    // One thread has it.
    struct Committed {
        var height: Int64 = 0
        var appHash: [UInt8] = []
    }

    private unowned let node: SimulatedNode
    private var pending: Committed?
    private var current: Committed

    init(_ node: SimulatedNode) {
        self.node = node
        current = node.disk.application
    }

    func lastCommitted() throws -> (height: Int64, appHash: [UInt8]) {
        (node.disk.application.height, node.disk.application.appHash)
    }

    func initializeChain(_ genesis: GenesisDocument) throws -> InitialState {
        current.appHash = SimulatedChain.firstAppHash
        return InitialState(appHash: current.appHash)
    }

    func prepareProposal(bytesMax: Int, height: Int64, time: Timestamp) throws -> [HashedTransaction] {
        node.simulation.transactions(of: node, bytesMax: bytesMax)
    }

    func processProposal(_ block: Block) throws -> Bool {
        if let taker = SimulatedChain.taker(of: block), taker != node.index { return false }
        return !node.dislikes(block)
    }

    func finalizeBlock(
        _ block: DecidedBlock, previousResults: [ExecutionResult], next: NextBlock?
    ) throws -> BlockOutcome {
        node.simulation.monitor.decided(block, by: node)
        let outcome = node.simulation.chain.run(block, after: current.appHash)
        pending = Committed(height: block.height, appHash: outcome.appHash)
        return outcome
    }

    func commit() throws {
        guard let pending else { return }
        current = pending
        node.disk.application = pending
        self.pending = nil
    }

    func hasTransactions() -> Bool { true }
}
