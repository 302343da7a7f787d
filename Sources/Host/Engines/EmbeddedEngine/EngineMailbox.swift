import ChainFormats
import Dispatch
import Foundation

/// What other threads tell the engine.
enum EngineMail: Sendable {
    case wake
    case message(ConsensusMessage)
    case stop
}

/// A bounded queue into the engine's thread.
final class EngineMailbox: @unchecked Sendable {
    // Everything below `lock` is touched only under it.
    private let lock = NSLock()
    private let arrivals = DispatchSemaphore(value: 0)
    private var messages: [ConsensusMessage] = []
    private var wasWoken = false
    private var mustStop = false

    /// Peers may send faster than we verify; what does not fit is dropped, and gossip offers it again.
    static let messageCountMax = 10_000

    func put(_ mail: EngineMail) {
        lock.lock()
        switch mail {
        case .wake: wasWoken = true
        case .stop: mustStop = true
        case .message(let message):
            if messages.count < EngineMailbox.messageCountMax { messages.append(message) }
        }
        lock.unlock()
        arrivals.signal()
    }

    /// Whether `stop` was put in; `take` will say so.
    var mustEnd: Bool {
        lock.lock()
        defer { lock.unlock() }
        return mustStop
    }

    /// What is there: stop before wake before messages. Waits for at most `nanoseconds`, or for good.
    func take(waitingFor nanoseconds: UInt64?) -> [EngineMail] {
        if let nanoseconds {
            _ = arrivals.wait(timeout: .now() + .nanoseconds(Int(min(nanoseconds, 1 << 62))))
        } else {
            arrivals.wait()
        }
        lock.lock()
        defer { lock.unlock() }
        var mail: [EngineMail] = mustStop ? [.stop] : []
        if wasWoken { mail.append(.wake) }
        mail += messages.map { .message($0) }
        (messages, wasWoken) = ([], false)
        return mail
    }
}

/// What validators send each other.
package enum ConsensusMessage: Sendable {
    case proposal(Proposal)
    case part(height: Int64, round: Int32, BlockPart)
    case vote(Vote)

    var height: Int64 {
        switch self {
        case .proposal(let proposal): proposal.height
        case .part(let height, _, _): height
        case .vote(let vote): vote.height
        }
    }
}
