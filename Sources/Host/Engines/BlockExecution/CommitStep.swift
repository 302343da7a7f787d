/// The moments between two steps that a crash must not hurt, by the names that scenario tests use.
package enum CommitStep: String, CaseIterable, Sendable {
    /// What the next signature rests on is on disk.
    case inputsLogged = "inputs-logged"
    case proposalSigned = "proposal-signed"
    case prevoteSigned = "prevote-signed"
    case precommitSigned = "precommit-signed"
    /// The algorithm has decided; nothing of the decision is saved.
    case decided = "decided"
    case blockSaved = "block-saved"
    case heightEnded = "height-ended"
    /// The application ran the block; nothing of the result is saved.
    case blockFinalized = "block-finalized"
    case outcomeSaved = "outcome-saved"
    case applicationCommitted = "application-committed"
    case stateSaved = "state-saved"
}

/// Called after each step with its height. A test throws here to stop the engine on the spot, or ends the process.
package typealias CommitStepHook = @Sendable (CommitStep, Int64) throws -> Void

/// Where to crash, as a process is told in one word: `block-saved` for the first time it comes there, `block-saved@12`
/// for a height.
package struct CrashPoint: Equatable, Sendable {
    package var step: CommitStep
    package var height: Int64?

    package init?(_ text: String) {
        let words = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let step = CommitStep(rawValue: String(words[0])) else { return nil }
        self.step = step
        if words.count == 2 {
            guard let height = Int64(words[1]) else { return nil }
            self.height = height
        }
    }

    package func matches(_ step: CommitStep, _ height: Int64) -> Bool {
        self.step == step && (self.height == nil || self.height == height)
    }
}
