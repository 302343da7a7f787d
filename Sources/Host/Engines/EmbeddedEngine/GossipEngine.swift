import BlockStorage
import ChainFormats
import ConsensusCore

/// An engine as whoever talks with its peers sees it: one that runs, or one that a simulation turns.
package protocol GossipEngine: AnyObject, Sendable {
    var store: BlockStore { get }
    /// The round as it is; `nil` before there is one.
    var roundState: ConsensusMachine? { get }
    /// Evidence that is verified and waits for a block.
    var pendingEvidence: [Evidence] { get }
    @discardableResult func receive(_ message: ConsensusMessage, from peer: PeerNumber) -> Reception
    func receive(_ block: SyncedBlock, from peer: PeerNumber)
    func receive(_ evidence: Evidence, from peer: PeerNumber)
    /// Nothing more to sync.
    func endSync()
    /// Drops what waits of a peer that is gone.
    func forget(_ peer: PeerNumber)
}

extension RunningEngine: GossipEngine {}

/// What is done with a message at an engine's door, before it waits for the engine.
package enum EngineDoor {
    package enum Verdict: Sendable {
        /// With the key under which its signature was verified, if it was.
        case wanted(signer: [UInt8]?)
        case turnedAway(Reception)
    }

    /// Signatures are verified here, on the caller's thread, and only of what is not here already.
    package static func look(
        at message: ConsensusMessage, in round: ConsensusMachine?, _ metrics: any EngineMetrics = NoEngineMetrics()
    ) -> Verdict {
        if case .vote(let vote) = message, let round, round.isOver(vote) { metrics.cameLate(vote) }
        guard let round, message.height == round.height || message.height == round.height - 1 else {
            return .wanted(signer: nil)
        }
        switch message {
        case .part(let height, _, let part):
            // The engine decides.
            if height == round.height, !round.needs(part) { metrics.cameAgain(message) }
            return .wanted(signer: nil)
        case .vote(let vote):
            guard round.needs(vote) else {
                metrics.cameAgain(message)
                return .turnedAway(.unneeded)
            }
            guard let key = round.signer(of: vote) else { return .turnedAway(.forged) }
            return .wanted(signer: key)
        case .proposal(let proposal):
            guard round.isWanted(proposal) else { return .turnedAway(.unneeded) }
            // Whose turn it is may look otherwise from the engine, which then decides.
            return .wanted(signer: round.signer(of: proposal))
        }
    }
}
