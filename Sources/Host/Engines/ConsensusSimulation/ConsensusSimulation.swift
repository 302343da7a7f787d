/// A network of validators in one process and one thread, in which everything that happens follows from a seed. Real is
/// all of the engine: `EngineLoop` with its rules, log, signer, block store, evidence and handshake. Simulated are
/// clock, network, disk, application and what a peer hands on or serves; with reactors (`SimulatedReactors`) a node's
/// own code does that, over connections that are simulated. Faults and hostile validators are drawn from the seed, and
/// after every input invariants are held against what was signed and decided. It iterates over nothing unordered and
/// reads no clock: a seed gives the same events in every build. A variation of a node that breaks a rule on purpose
/// shows that a fault of that kind would be found.
import ConsensusCore

/// What a simulation is made from, wholly.
package struct SimulationSettings: Sendable {
    package var seed: UInt64
    package var nodeCount: Int
    /// Faults end when the first node has decided this many.
    package var heights: Int64
    package var attack: SimulatedAttack
    package var defect: SimulatedDefect?
    /// Whether nodes talk by reactors.
    package var hasReactors: Bool

    package static let nodeCounts = 1...64

    package init(
        seed: UInt64, nodeCount: Int = 4, heights: Int64 = 6, attack: SimulatedAttack = .mixed,
        defect: SimulatedDefect? = nil, hasReactors: Bool = false
    ) {
        precondition(SimulationSettings.nodeCounts.contains(nodeCount) && heights > 0)
        (self.seed, self.nodeCount, self.heights) = (seed, nodeCount, heights)
        (self.attack, self.defect, self.hasReactors) = (attack, defect, hasReactors)
    }

    /// What shows this very run again.
    package var command: String {
        "cloister-node simulate --seed \(seed) --nodes \(nodeCount) --heights \(heights) --attack \(attack.name)"
            + (defect.map { " --defect \($0.rawValue)" } ?? "") + (hasReactors ? " --reactors" : "")
    }
}

/// What came of a simulation.
package struct SimulationReport: Sendable, Equatable {
    /// The first broken invariant; the run ends there.
    package var violation: String?
    /// Over every event in its order.
    package var hash: UInt64
    package var eventCount: Int
    package var simulatedMilliseconds: Int64
    /// Decided by at least one honest node.
    package var heights: Int64
    /// The latest round in which a height was decided.
    package var highestRound: Int32
    /// Pieces of evidence that blocks carried.
    package var evidenceCount: Int
    /// Sent, whether or not they arrived.
    package var messageCount: Int
    package var byteCount: Int
    /// How often each kind of fault happened, of those that did.
    package var faults: [(fault: SimulatedFault, count: Int)]

    package static func == (left: SimulationReport, right: SimulationReport) -> Bool {
        left.violation == right.violation && left.hash == right.hash && left.eventCount == right.eventCount
            && left.simulatedMilliseconds == right.simulatedMilliseconds && left.heights == right.heights
    }
}

/// A rule broken on purpose, to see that it is found. Nothing of it is in the engine.
package enum SimulatedDefect: String, CaseIterable, Sendable {
    /// One node follows the lock rules of the paper (arXiv 1807.04938), the others CometBFT's.
    case paperLocks = "paper-locks"
    /// Whatever is scheduled takes the place of the timer that runs.
    case replacedTimer = "replaced-timer"
    /// Parts that come after the decision are thrown away.
    case lostParts = "lost-parts"
    /// Who has lost its log does not say again what its signer signed last.
    case forgottenVote = "forgotten-vote"
}
