import BlockStorage
import ChainFormats
import ConsensusCore
import DecidedBlocks
import PublicCryptography

/// Takes a validator's own messages to the others, and tells them where it is. All calls come from the engine's thread
/// and must not block.
package protocol ConsensusNetwork: AnyObject, Sendable {
    /// Our own message, which is on this node's disk.
    func broadcast(_ message: ConsensusMessage)
    /// Something that peers are told or that gossip goes on from; `RunningEngine.roundState` has it already.
    func announce(_ event: ConsensusEvent)
}

extension ConsensusNetwork {
    package func announce(_ event: ConsensusEvent) {}
}

/// What happened to this node in its round.
package enum ConsensusEvent: Sendable {
    /// A step began (CometBFT: `NewRoundStep`). Comes twice for a precommit step in which the wait for others begins.
    case entered(height: Int64, round: Int32, ConsensusMachine.Step)
    /// Two thirds stand behind a block (CometBFT: `NewValidBlock`); which of its parts are here, `roundState` knows.
    case validBlock(height: Int64, round: Int32, PartSetHeader, isCommit: Bool)
    /// A vote that was not here before (CometBFT: `HasVote`).
    case added(Vote)
    /// Evidence that was found or verified, to be passed on.
    case evidence(Evidence)
    /// Evidence that breaks a rule: no honest peer passes it on.
    case refusedEvidence(PeerNumber, EvidenceFault)
    /// A block was run and saved.
    case committed(height: Int64)
    /// A synced block is not the chain's.
    case refused(height: Int64, PeerNumber)
}

/// What became of a message at the door.
package enum Reception: Equatable, Sendable {
    /// It waits for the engine.
    case taken
    /// It is here already, or of no use now.
    case unneeded
    /// Its signature is not that of the validator it names: no honest peer sends it.
    case forged
}
