import ChainFormats
import ConsensusCore
import DecidedBlocks

/// Does something else than the engine would, for a simulation of validators that break the rules.
package protocol EngineProbe: AnyObject {
    /// `true` if it has done in its own way what a proposer does.
    func propose(_ height: Int64, _ round: Int32, _ reused: ReusedBlock?, of loop: EngineLoop) throws -> Bool
    /// May change the vote; `true` if it has cast it, or not, itself.
    func cast(_ vote: inout Vote, of loop: EngineLoop) throws -> Bool
}

extension EngineLoop {
    /// What a probe tells the core as this node's own.
    package func feed(_ input: ConsensusInput) { queue.append(input) }
}
