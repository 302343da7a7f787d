import BlockStorage
import ChainFormats
import ConsensusCore
import EmbeddedEngine

/// The code by which a node talks with its peers, in place of the simulator's own rules of who is handed what.
///
/// Nodes are then connected as TCP connects them: what is said comes whole and in order, late, or not at all because
/// the connection ended. `number` is what one end calls a connection; the lowest byte is the other node.
package protocol SimulatedReactors: AnyObject {
    /// Comes once, before anything else.
    func begin(_ setting: ReactorSetting)
    /// A node's process begins; its engine announces from here on.
    func prepare(_ node: Int)
    /// Its engine runs.
    func start(_ node: Int, engine: any GossipEngine, syncs: Bool)
    func stop(_ node: Int)
    func connected(_ node: Int, number: UInt64, isOutbound: Bool)
    func disconnected(_ node: Int, number: UInt64)
    func receive(_ bytes: [UInt8], on channel: UInt8, number: UInt64, at node: Int)
    func broadcast(_ message: ConsensusMessage, at node: Int)
    func announce(_ event: ConsensusEvent, at node: Int)
    /// The reactor's own time has come.
    func turn(_ node: Int)
    /// As it goes over a line; for who says what its reactor would not.
    func form(of message: ConsensusMessage) -> (channel: UInt8, bytes: [UInt8])
    func form(of evidence: Evidence) -> (channel: UInt8, bytes: [UInt8])
}

/// What reactors are made in.
package struct ReactorSetting {
    package var chainID: String
    package var initialHeight: Int64
    package var blockBytesMax: Int
    package var publicKeys: [[UInt8]]
    /// Microseconds since genesis.
    package var now: () -> Int64
    /// `false` if the connection is gone, or too much waits on it.
    package var send: (_ node: Int, _ number: UInt64, _ channel: UInt8, _ bytes: [UInt8]) -> Bool
    package var hasRoom: (_ node: Int, _ number: UInt64, _ channel: UInt8) -> Bool
    /// Ends a connection: for a fault of the other side, unless it was only slow.
    package var drop: (_ node: Int, _ number: UInt64, _ fault: String, _ isSlowness: Bool) -> Void
    /// Later, unless the node's process has ended by then.
    package var perform: (_ node: Int, _ afterMicroseconds: Int64, _ body: @escaping @Sendable () -> Void) -> Void
    /// Whether the node hands on what others said.
    package var gossips: (_ node: Int) -> Bool
}

/// The engine of a simulated node, as its reactors see it: what they hand in waits until they have done their turn.
final class ReactorEngine: GossipEngine, @unchecked Sendable {
    // One thread has it.
    private unowned let node: SimulatedNode
    let store: BlockStore
    private var mail: [EngineMail] = []

    init(_ node: SimulatedNode, _ store: BlockStore) { (self.node, self.store) = (node, store) }

    var roundState: ConsensusMachine? { node.loop?.core }
    var pendingEvidence: [Evidence] { node.loop?.evidence.pending ?? [] }

    func receive(_ message: ConsensusMessage, from peer: PeerNumber) -> Reception {
        if node.defect == .lostParts, case .part = message, node.loop?.core.step == .commit { return .unneeded }
        switch EngineDoor.look(at: message, in: roundState) {
        case .turnedAway(let reception): return reception
        case .wanted(let signer):
            mail.append(.message(PeerMessage(message: message, peer: peer, signer: signer)))
            return .taken
        }
    }

    func receive(_ block: SyncedBlock, from peer: PeerNumber) { mail.append(.synced(block, peer)) }
    func receive(_ evidence: Evidence, from peer: PeerNumber) { mail.append(.evidence(evidence, peer)) }
    func endSync() { mail.append(.endSync) }
    func forget(_ peer: PeerNumber) {}

    func take() -> [EngineMail] {
        defer { mail = [] }
        return mail
    }
}

/// Connections between nodes. Times in microseconds.
struct SimulatedLines {
    /// Of what is on its way; a real queue holds somewhat more.
    private static let messagesMax = 250
    private static let bytesMax = 1_000_000

    private struct Lane {
        var messages = 0
        var bytes = 0
    }

    private let count: Int
    private var last: UInt64 = 0
    /// Of each pair, the same both ways; 0 while there is none.
    private var connections: [UInt64]
    private var lanes: [[UInt8: Lane]]

    init(count: Int) {
        self.count = count
        connections = Array(repeating: 0, count: count * count)
        lanes = Array(repeating: [:], count: count * count)
    }

    func connection(_ one: Int, _ other: Int) -> UInt64 { connections[one * count + other] }

    /// What `node` calls its connection to `peer`; `nil` without one.
    func number(_ node: Int, to peer: Int) -> UInt64? {
        let connection = connection(node, peer)
        return connection == 0 ? nil : connection << 8 | UInt64(peer)
    }

    /// The other end of a connection that is there still.
    func peer(_ node: Int, _ number: UInt64) -> Int? {
        let peer = Int(number & 0xff)
        return peer < count && self.number(node, to: peer) == number ? peer : nil
    }

    mutating func connect(_ one: Int, _ other: Int) {
        last += 1
        for line in [one * count + other, other * count + one] { (connections[line], lanes[line]) = (last, [:]) }
    }

    mutating func disconnect(_ one: Int, _ other: Int) {
        for line in [one * count + other, other * count + one] { (connections[line], lanes[line]) = (0, [:]) }
    }

    func hasRoom(from: Int, to: Int, _ channel: UInt8) -> Bool {
        let lane = lanes[from * count + to][channel] ?? Lane()
        return lane.messages == 0 || lane.messages < Self.messagesMax && lane.bytes < Self.bytesMax
    }

    mutating func left(from: Int, to: Int, _ channel: UInt8, _ bytes: Int) {
        lanes[from * count + to][channel, default: Lane()].messages += 1
        lanes[from * count + to][channel, default: Lane()].bytes += bytes
    }

    mutating func arrived(from: Int, to: Int, _ channel: UInt8, _ bytes: Int) {
        lanes[from * count + to][channel]?.messages -= 1
        lanes[from * count + to][channel]?.bytes -= bytes
    }
}

/// What is said over a line.
final class SimulatedFrame {
    let connection: UInt64
    let sender: Int
    let channel: UInt8
    let bytes: [UInt8]

    init(connection: UInt64, sender: Int, channel: UInt8, bytes: [UInt8]) {
        (self.connection, self.sender, self.channel, self.bytes) = (connection, sender, channel, bytes)
    }

    var digest: UInt64 {
        var digest = EventDigest()
        digest.add(Int64(channel) << 32 | Int64(bytes.count))
        digest.add(bytes.prefix(128))
        return digest.value
    }
}
