import ChainFormats
import ConsensusCore
import DecidedBlocks
import EmbeddedEngine
import PublicCryptography
import Wire

/// What one node sends another, and who signed it, which is found out once for all that get it.
final class Envelope {
    enum Content {
        case proposal(Proposal)
        case part(height: Int64, round: Int32, BlockPart)
        case vote(Vote)
        /// For a node that fetches.
        case synced(SyncedBlock)
        case evidence(Evidence)
        case transaction(HashedTransaction)
    }

    let content: Content
    let digest: UInt64
    /// `nil` for a signature that is not its claimed signer's. A part has none.
    private(set) lazy var signer: [UInt8]? = verify()
    private let claimed: [UInt8]?

    /// `claimed`: the key that is said to have signed.
    init(_ content: Content, claimed: [UInt8]?) {
        (self.content, self.claimed) = (content, claimed)
        digest = Envelope.digest(content)
    }

    /// Someone who has verified it hands it on.
    init(_ content: Content, verified signer: [UInt8]?) {
        (self.content, claimed) = (content, signer)
        digest = Envelope.digest(content)
        self.signer = signer
    }

    /// What may be lost while others arrive.
    enum Kind: CaseIterable { case proposal, part, prevote, precommit, other }

    var kind: Kind {
        switch content {
        case .proposal: .proposal
        case .part: .part
        case .vote(let vote): vote.kind == .prevote ? .prevote : .precommit
        case .synced, .evidence, .transaction: .other
        }
    }

    /// About as it travels.
    private(set) lazy var byteCount: Int =
        switch content {
        case .proposal(let proposal): proposal.protobuf.count
        case .part(_, _, let part): part.protobuf.count
        case .vote(let vote): vote.protobuf.count
        case .synced(let block): block.bytes.count
        case .evidence(let item): item.bytes.count
        case .transaction(let transaction): transaction.bytes.count
        }

    private func verify() -> [UInt8]? {
        guard let claimed else { return nil }
        let signature: [UInt8]
        let message: [UInt8]
        switch content {
        case .part, .synced, .evidence, .transaction: return claimed
        case .proposal(let proposal):
            (signature, message) = (proposal.signature, proposal.signBytes(chainID: SimulatedChain.chainID))
        case .vote(let vote):
            (signature, message) = (vote.signature, vote.signBytes(chainID: SimulatedChain.chainID))
        }
        return Ed25519.verify(signature: signature, message: message, publicKey: claimed) ? claimed : nil
    }

    private static func digest(_ content: Content) -> UInt64 {
        var digest = EventDigest()
        switch content {
        case .proposal(let proposal):
            digest.add(Int64(1))
            digest.add(proposal.height)
            digest.add(Int64(proposal.round))
            digest.add(proposal.signature.prefix(16))
        case .part(let height, _, let part):
            digest.add(Int64(2))
            digest.add(height)
            digest.add(UInt64(part.index))
            digest.add(part.bytes.prefix(64))
        case .vote(let vote):
            digest.add(Int64(3))
            digest.add(vote.height)
            digest.add(Int64(vote.round) << 8 | Int64(vote.kind.rawValue))
            digest.add(Int64(vote.validatorIndex))
            digest.add(vote.signature.prefix(16))
        case .synced(let block):
            digest.add(Int64(4))
            digest.add(block.height)
            digest.add(block.bytes.prefix(64))
        case .evidence(let item):
            digest.add(Int64(5))
            digest.add(item.bytes.prefix(256))
        case .transaction(let transaction):
            digest.add(Int64(6))
            digest.add(transaction.hash.bytes)
        }
        return digest.value
    }
}

/// What happens at a moment. Of two at the same moment, the one that was planned first.
struct SimulatedEvent {
    enum Kind {
        case arrival(Envelope, from: Int)
        /// Over a connection between reactors.
        case frame(SimulatedFrame)
        /// Reactors of two nodes try to connect.
        case connect(Int)
        /// What a reactor does by itself.
        case work(@Sendable () -> Void)
        /// The node's timer may be due.
        case timer
        /// The node looks at what its peers lack.
        case gossip
        case start
        /// A hostile validator does something on its own account.
        case mischief
        case fault
        /// Faults end.
        case calm
        /// The world's turn.
        case world
    }

    var time: Int64
    var number: UInt64
    var node: Int
    /// Of the node's life for which it was planned; what was on its way to an earlier one is lost.
    var life: Int
    var kind: Kind
}

/// A heap.
struct EventQueue {
    private var events: [SimulatedEvent] = []
    private var number: UInt64 = 0

    var isEmpty: Bool { events.isEmpty }
    var count: Int { events.count }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        (events[left].time, events[left].number) < (events[right].time, events[right].number)
    }

    mutating func add(_ kind: SimulatedEvent.Kind, at time: Int64, node: Int = -1, life: Int = 0) {
        number += 1
        events.append(SimulatedEvent(time: time, number: number, node: node, life: life, kind: kind))
        var child = events.count - 1
        while child > 0, isBefore(child, (child - 1) / 2) {
            events.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func next() -> SimulatedEvent? {
        guard !events.isEmpty else { return nil }
        events.swapAt(0, events.count - 1)
        let first = events.removeLast()
        var parent = 0
        while true {
            var least = parent
            let child = 2 * parent + 1
            if child < events.count, isBefore(child, least) { least = child }
            if child + 1 < events.count, isBefore(child + 1, least) { least = child + 1 }
            guard least != parent else { return first }
            events.swapAt(parent, least)
            parent = least
        }
    }
}

/// The links between all nodes, and what is wrong with them for a while. Times in microseconds.
struct SimulatedLinks {
    private static let latency: ClosedRange<Int64> = 5_000...60_000

    private let count: Int
    private var cutUntil: [Int64]
    private var slowUntil: [Int64]
    private var slowness: [Int64]
    /// When the last message of a link arrives: later ones come later.
    private var lastArrival: [Int64]
    private var stream: SeededStream
    var lossPercent = 0
    var lossUntil: Int64 = 0
    var duplicationPercent = 0
    var duplicationUntil: Int64 = 0
    var reorderUntil: Int64 = 0
    var deaf: (node: Int, kind: Envelope.Kind, until: Int64)?
    var delay: Int64 = 0
    var delayUntil: Int64 = 0

    init(count: Int, seed: UInt64) {
        self.count = count
        cutUntil = Array(repeating: 0, count: count * count)
        (slowUntil, slowness, lastArrival) = (cutUntil, cutUntil, cutUntil)
        stream = SeededStream(seed: seed, purpose: 2)
    }

    mutating func cut(from: Int, to: Int, until time: Int64) { cutUntil[from * count + to] = time }

    mutating func slow(_ one: Int, _ other: Int, by delay: Int64, until time: Int64) {
        for link in [one * count + other, other * count + one] { (slowness[link], slowUntil[link]) = (delay, time) }
    }

    mutating func heal() {
        for link in cutUntil.indices { (cutUntil[link], slowUntil[link]) = (0, 0) }
        (lossUntil, duplicationUntil, reorderUntil, delayUntil, deaf) = (0, 0, 0, 0, nil)
    }

    /// When a message that is sent now arrives: never, once, or more often.
    mutating func arrivals(from: Int, to: Int, kind: Envelope.Kind, now: Int64) -> [Int64] {
        let link = from * count + to
        if let deaf, deaf.node == to, deaf.kind == kind, deaf.until > now { return [] }
        guard cutUntil[link] <= now else { return [] }
        if lossUntil > now, stream.chance(percent: lossPercent) { return [] }
        var times = [arrival(link, now)]
        if duplicationUntil > now, stream.chance(percent: duplicationPercent) { times.append(arrival(link, now)) }
        return times
    }

    func isCut(_ one: Int, _ other: Int, now: Int64) -> Bool {
        cutUntil[one * count + other] > now || cutUntil[other * count + one] > now
    }

    /// When what is said on a connection comes: whatever is lost is sent again, whatever was cut off comes when the
    /// line is whole. `nil` if the connection breaks instead.
    mutating func lineArrival(from: Int, to: Int, now: Int64) -> Int64? {
        let link = from * count + to
        var time = max(now, cutUntil[link]) + stream.within(Self.latency)
        if slowUntil[link] > now { time += slowness[link] }
        if delayUntil > now { time += stream.within(0...delay) }
        if reorderUntil > now { time += stream.within(0...300_000) }
        if lossUntil > now, stream.chance(percent: lossPercent) {
            if stream.chance(percent: 2) { return nil }
            time += stream.within(200_000...1_200_000)
        }
        time = max(time, lastArrival[link])
        lastArrival[link] = time
        return time
    }

    /// A new connection begins with nothing on its way.
    mutating func renew(_ one: Int, _ other: Int, now: Int64) {
        for link in [one * count + other, other * count + one] { lastArrival[link] = now }
    }

    private mutating func arrival(_ link: Int, _ now: Int64) -> Int64 {
        var time = now + stream.within(Self.latency)
        if slowUntil[link] > now { time += slowness[link] }
        if delayUntil > now { time += stream.within(0...delay) }
        if reorderUntil > now { return time + stream.within(0...1_500_000) }
        time = max(time, lastArrival[link])
        lastArrival[link] = time
        return time
    }
}
