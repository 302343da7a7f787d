import ChainFormats
import ConsensusCore

/// What an operator may want to count of consensus. Called often and from several threads: implementations must be
/// quick.
package protocol EngineMetrics: Sendable {
    /// A step of a round ended.
    func stepEnded(_ step: ConsensusMachine.Step, seconds: Double)
    func roundEnded(seconds: Double)
    /// This node made a block for a round of its own.
    func proposed()
    /// Something came from a peer that is here already.
    func cameAgain(_ message: ConsensusMessage)
    /// A vote for a round or height that is over.
    func cameLate(_ vote: Vote)
}

package struct NoEngineMetrics: EngineMetrics {
    package init() {}
    package func stepEnded(_ step: ConsensusMachine.Step, seconds: Double) {}
    package func roundEnded(seconds: Double) {}
    package func proposed() {}
    package func cameAgain(_ message: ConsensusMessage) {}
    package func cameLate(_ vote: Vote) {}
}

/// How long steps and rounds take, of what the engine says when one begins.
struct StepTimes {
    private var step: (step: ConsensusMachine.Step, since: UInt64)?
    private var round: (height: Int64, round: Int32, since: UInt64)?

    mutating func entered(
        _ status: EngineStatus, now: UInt64, _ metrics: any EngineMetrics
    ) {
        func seconds(_ since: UInt64) -> Double { Double(now > since ? now - since : 0) / 1e9 }
        if let step, step.step != status.step { metrics.stepEnded(step.step, seconds: seconds(step.since)) }
        if step?.step != status.step { step = (status.step, now) }
        // A round ends with the next one, or with the height.
        guard status.step >= .propose else {
            if let round, round.height != status.height {
                metrics.roundEnded(seconds: seconds(round.since))
                self.round = nil
            }
            return
        }
        guard round?.height != status.height || round?.round != status.round else { return }
        if let round { metrics.roundEnded(seconds: seconds(round.since)) }
        round = (status.height, status.round, now)
    }
}
