/// Kinds of fault. Names are those of `--attack`.
package enum SimulatedFault: String, CaseIterable, Sendable {
    // The network's.
    case delay
    case loss
    case duplication
    case reorder
    case partition
    case oneWayCut = "one-way-cut"
    case slowLink = "slow-link"
    /// One node gets no messages of one kind.
    case selectiveLoss = "selective-loss"
    // A node's, that its rules must outlive.
    case crash
    case powerLoss = "power-loss"
    case tornWrite = "torn-write"
    case blackout
    case crashInCommit = "crash-in-commit"
    case crashAtSigning = "crash-at-signing"
    case pause
    case clockSkew = "clock-skew"
    case clockJump = "clock-jump"
    case timerDrift = "timer-drift"
    case rejectedBlocks = "rejected-blocks"
    case largeBlocks = "large-blocks"
    // Of the set.
    case unequalPowers = "unequal-powers"
    case changingSet = "changing-set"
    // Of nodes that together have less than a third of the power: they keep the rules, but not all they should have.
    case restoredBackup = "restored-backup"
    case restoredSigner = "restored-signer"
    case bitRot = "bit-rot"
    case lostDisk = "lost-disk"
    case unlikeJudgement = "unlike-judgement"
    // Of hostile validators, with less than a third of the power.
    case silence
    case equivocatingProposer = "equivocating-proposer"
    case equivocatingVoter = "equivocating-voter"
    case amnesia
    case withheldParts = "withheld-parts"
    case badParts = "bad-parts"
    case unknownBlockVotes = "unknown-block-votes"
    case futureRounds = "future-rounds"
    case flood
    case forgedSignatures = "forged-signatures"
    case oversizedBlocks = "oversized-blocks"
    case invalidBlocks = "invalid-blocks"
    case wrongVoteTimes = "wrong-vote-times"
    case wrongBlockTimes = "wrong-block-times"
    case favouredPeers = "favoured-peers"
    case falseProofRounds = "false-proof-rounds"
    case lyingNames = "lying-names"
    case badEvidence = "bad-evidence"
    case badSync = "bad-sync"
    /// Says nothing any more once that would hurt.
    case desertion
    /// A node's log is gone, and what its signer signed last is not.
    case lostLog = "lost-log"

    /// Whether it takes a node that then counts among the faulty.
    package var isOfFaultyNode: Bool {
        switch self {
        case .restoredBackup, .restoredSigner, .bitRot, .lostDisk, .unlikeJudgement, .lostLog: true
        default: isHostile
        }
    }

    package var isHostile: Bool {
        switch self {
        case .silence, .equivocatingProposer, .equivocatingVoter, .amnesia, .withheldParts, .badParts,
            .unknownBlockVotes, .futureRounds, .flood, .forgedSignatures, .oversizedBlocks, .invalidBlocks,
            .wrongVoteTimes, .wrongBlockTimes, .favouredPeers, .falseProofRounds, .lyingNames, .badEvidence,
            .badSync, .desertion:
            true
        default: false
        }
    }
}

/// Which faults a simulation may draw.
package enum SimulatedAttack: Equatable, Sendable {
    case none
    /// A few of all kinds, as the seed says.
    case mixed
    case these([SimulatedFault])

    /// `none`, `mixed`, or kinds separated by commas.
    package init?(name: String) {
        switch name {
        case "none": self = .none
        case "mixed": self = .mixed
        default:
            var faults: [SimulatedFault] = []
            for part in name.split(separator: ",", omittingEmptySubsequences: false) {
                guard let fault = SimulatedFault(rawValue: String(part)) else { return nil }
                faults.append(fault)
            }
            self = .these(faults)
        }
    }

    package var name: String {
        switch self {
        case .none: "none"
        case .mixed: "mixed"
        case .these(let faults): faults.map(\.rawValue).joined(separator: ",")
        }
    }

    func faults(_ stream: inout SeededStream, _ later: inout SeededStream) -> [SimulatedFault] {
        switch self {
        case .none: return []
        case .these(let faults): return faults
        case .mixed:
            // What came to the list later is drawn apart: a seed goes on meaning what it meant.
            let all = stream.mixed(SimulatedFault.allCases.filter { $0 != .lostLog })
            let drawn = Array(all.prefix(2 + stream.below(9)))
            return later.chance(percent: 10) ? drawn + [.lostLog] : drawn
        }
    }
}
