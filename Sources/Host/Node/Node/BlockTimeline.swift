import BlockExecution
import Dispatch
import EnclaveLink
import Foundation
import StrictJSON
import Synchronization

/// When the last blocks came to each step of their lives, and what crossed into and out of the enclave while they ran.
/// For whoever looks at the node; nothing is decided by it.
final class BlockTimeline: Sendable {
    /// The moments that are kept of a height, in their order.
    enum Moment: String, CaseIterable, Sendable {
        /// This node proposed it. Of another's block the first moment is when it was logged, to be voted on.
        case proposed, logged, prevoted, precommitted, decided, saved
        /// The block is about to be run, and was run by enclave and ledger.
        case runBegan = "run_began"
        case ran, committed
        /// Its results are proved by the next header, and are shown.
        case announced

        fileprivate init?(_ step: CommitStep) {
            switch step {
            case .inputsLogged: self = .logged
            case .proposalSigned: self = .proposed
            case .prevoteSigned: self = .prevoted
            case .precommitSigned: self = .precommitted
            case .decided: self = .decided
            case .blockSaved: self = .saved
            case .heightEnded: self = .runBegan
            case .blockFinalized: self = .ran
            case .outcomeSaved, .applicationCommitted: return nil
            case .stateSaved: self = .committed
            }
        }
    }

    private struct Life {
        var height: Int64
        /// By the wall clock, in milliseconds since 1970, at the first moment.
        var wallMilliseconds: Int64
        var first: UInt64
        var moments: [Moment: UInt64] = [:]
        var atRun: Crossed?
        var crossed: Crossed?
        var transactions: (all: Int, driven: Int)?
    }

    /// Frames and bytes of a lane, in both directions.
    private struct Crossed {
        var frames: (into: UInt64, out: UInt64) = (0, 0)
        var bytes: (into: UInt64, out: UInt64) = (0, 0)

        init(_ traffic: BoundaryTraffic) {
            for count in traffic.counts {
                switch count.direction {
                case .intoEnclave: (frames.into, bytes.into) = (frames.into + count.frames, bytes.into + count.bytes)
                case .outOfEnclave: (frames.out, bytes.out) = (frames.out + count.frames, bytes.out + count.bytes)
                }
            }
        }

        init(_ later: Crossed, since earlier: Crossed) {
            frames = (later.frames.into - earlier.frames.into, later.frames.out - earlier.frames.out)
            bytes = (later.bytes.into - earlier.bytes.into, later.bytes.out - earlier.bytes.out)
        }
    }

    private static let livesMax = 24

    /// Of the lane on which blocks run.
    private let traffic: BoundaryTraffic?
    private let lives = Mutex<[Life]>([])

    init(traffic: BoundaryTraffic?) { self.traffic = traffic }

    func came(to step: CommitStep, _ height: Int64) {
        guard let moment = Moment(step) else { return }
        note(moment, height)
    }

    func announced(_ height: Int64) {
        // A height that was not seen here is none to begin with its end.
        guard lives.withLock({ $0.contains { $0.height == height } }) else { return }
        note(.announced, height)
    }

    func committed(_ height: Int64, transactions: Int, driven: Int) {
        lives.withLock { lives in
            guard let index = lives.lastIndex(where: { $0.height == height }) else { return }
            lives[index].transactions = (transactions, driven)
        }
    }

    private func note(_ moment: Moment, _ height: Int64) {
        let now = DispatchTime.now().uptimeNanoseconds
        let crossed = moment == .runBegan || moment == .ran ? traffic.map(Crossed.init) : nil
        lives.withLock { lives in
            if !lives.contains(where: { $0.height == height }) {
                let wall = Int64(Date().timeIntervalSince1970 * 1000)
                lives.append(Life(height: height, wallMilliseconds: wall, first: now))
                if lives.count > Self.livesMax { lives.removeFirst(lives.count - Self.livesMax) }
            }
            guard let index = lives.lastIndex(where: { $0.height == height }) else { return }
            // Of rounds the last counts; but each vote is logged for, and the first of those is the beginning.
            if moment == .logged, lives[index].moments[.logged] != nil { return }
            lives[index].moments[moment] = now
            switch moment {
            case .runBegan: lives[index].atRun = crossed
            case .ran:
                guard let before = lives[index].atRun, let crossed else { break }
                lives[index].crossed = Crossed(crossed, since: before)
            default: break
            }
        }
    }

    /// The last heights, the newest last, with microseconds since the first moment of each.
    var json: JSONValue {
        .array(
            lives.withLock { $0 }.map { life in
                var members: [(String, JSONValue)] = [
                    ("height", .string("\(life.height)")), ("began_ms", .number(life.wallMilliseconds)),
                    (
                        "moments",
                        .object(
                            Moment.allCases.compactMap { moment in
                                life.moments[moment].map { at in
                                    (moment.rawValue, .number((at > life.first ? at - life.first : 0) / 1000))
                                }
                            })
                    ),
                ]
                if let (all, driven) = life.transactions {
                    members += [("transactions", .number(all)), ("contract_transactions", .number(driven))]
                }
                if let crossed = life.crossed {
                    members += [
                        ("frames_in", .number(crossed.frames.into)), ("frames_out", .number(crossed.frames.out)),
                        ("bytes_in", .number(crossed.bytes.into)), ("bytes_out", .number(crossed.bytes.out)),
                    ]
                }
                return .object(members)
            })
    }
}
