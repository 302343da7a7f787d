import ChainFormats
import DecidedBlocks
import Dispatch
import Foundation

/// A peer as the engine knows it: a number that who talks to it has chosen.
package struct PeerNumber: Hashable, Sendable {
    package let value: UInt64

    package init(_ value: UInt64) { self.value = value }
}

/// What validators send each other.
package enum ConsensusMessage: Sendable {
    case proposal(Proposal)
    case part(height: Int64, round: Int32, BlockPart)
    case vote(Vote)

    package var height: Int64 {
        switch self {
        case .proposal(let proposal): proposal.height
        case .part(let height, _, _): height
        case .vote(let vote): vote.height
        }
    }

    /// About what it takes while it waits.
    var byteCount: Int {
        if case .part(_, _, let part) = self { part.bytes.count + 4096 } else { 1024 }
    }
}

/// A block that was decided long ago, from a peer that has it, with the commit that the block after it carries.
package struct SyncedBlock: Sendable {
    package var height: Int64
    package var bytes: [UInt8]
    package var commit: Commit

    package init(height: Int64, bytes: [UInt8], commit: Commit) {
        (self.height, self.bytes, self.commit) = (height, bytes, commit)
    }

    var byteCount: Int { bytes.count + 200 * commit.signatures.count }
}

/// A message with who brought it and the key under which its signature was verified on the way in, if it was.
package struct PeerMessage: Sendable {
    var message: ConsensusMessage
    var peer: PeerNumber
    var signer: [UInt8]?

    package init(message: ConsensusMessage, peer: PeerNumber, signer: [UInt8]?) {
        (self.message, self.peer, self.signer) = (message, peer, signer)
    }
}

/// What other threads tell the engine.
package enum EngineMail: Sendable {
    case wake
    /// The signer, which did not answer in time, does now.
    case signerAnswers
    /// No more blocks to sync: begin with consensus.
    case endSync
    case message(PeerMessage)
    case synced(SyncedBlock, PeerNumber)
    case evidence(Evidence, PeerNumber)
    case stop
}

/// Queues into the engine's thread, one for each peer and each bounded: who sends more than we take loses its own
/// messages, which gossip offers again, and nobody else's.
final class EngineMailbox: @unchecked Sendable {
    // Everything below `lock` is touched only under it.
    private let lock = NSLock()
    private let arrivals = DispatchSemaphore(value: 0)
    private var queues: [Queue] = []
    /// Blocks of the past, whoever served them, in the order in which they were handed in: the engine takes each at its
    /// height alone, so one that came before its turn would have to be fetched again.
    private var synced = Queue(peer: PeerNumber(.max))
    private var wasWoken = false
    private var signerAnswers = false
    private var syncHasEnded = false
    private var mustStop = false

    private struct Queue {
        let peer: PeerNumber
        private(set) var mail: [EngineMail] = []
        private var byteCount = 0

        init(peer: PeerNumber) { self.peer = peer }

        mutating func put(_ one: EngineMail) {
            let bytes = EngineMailbox.byteCount(one)
            guard mail.count < EngineMailbox.messageCountMax,
                mail.isEmpty || byteCount + bytes <= EngineMailbox.byteCountMax
            else { return }
            mail.append(one)
            byteCount += bytes
        }

        mutating func takeTurn() -> ArraySlice<EngineMail> {
            let turn = mail.prefix(EngineMailbox.turnCountMax)
            mail.removeFirst(turn.count)
            byteCount = mail.reduce(0) { $0 + EngineMailbox.byteCount($1) }
            return turn
        }
    }

    static let messageCountMax = 2000
    /// Room for a block of the usual size and one that was synced.
    static let byteCountMax = 64 << 20
    /// Of one peer at a time, so that all are heard and timers fire in between.
    static let turnCountMax = 50

    func put(_ mail: EngineMail) {
        lock.lock()
        switch mail {
        case .wake: wasWoken = true
        case .signerAnswers: signerAnswers = true
        case .endSync: syncHasEnded = true
        case .stop: mustStop = true
        case .message(let message): put(mail, of: message.peer)
        case .synced: synced.put(mail)
        case .evidence(_, let peer): put(mail, of: peer)
        }
        lock.unlock()
        arrivals.signal()
    }

    private func put(_ mail: EngineMail, of peer: PeerNumber) {
        let index = queues.firstIndex { $0.peer == peer } ?? queues.endIndex
        if index == queues.endIndex { queues.append(Queue(peer: peer)) }
        queues[index].put(mail)
    }

    func forget(_ peer: PeerNumber) {
        lock.lock()
        defer { lock.unlock() }
        queues.removeAll { $0.peer == peer }
    }

    /// Whether `stop` was put in; `take` will say so.
    var mustEnd: Bool {
        lock.lock()
        defer { lock.unlock() }
        return mustStop
    }

    /// What is there: stop before wake before messages, a few of each peer. Waits for at most `nanoseconds`, or for
    /// good.
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
        if signerAnswers { mail.append(.signerAnswers) }
        if syncHasEnded { mail.append(.endSync) }
        (wasWoken, signerAnswers, syncHasEnded) = (false, false, false)
        mail += synced.takeTurn()
        for index in queues.indices { mail += queues[index].takeTurn() }
        queues.removeAll { $0.mail.isEmpty }
        if !queues.isEmpty || !synced.mail.isEmpty { arrivals.signal() }
        return mail
    }

    private static func byteCount(_ mail: EngineMail) -> Int {
        switch mail {
        case .message(let message): message.message.byteCount
        case .synced(let block, _): block.byteCount
        case .evidence(let item, _): item.bytes.count
        case .wake, .signerAnswers, .endSync, .stop: 0
        }
    }
}
