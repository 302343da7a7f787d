import PeerWire

/// What waits to be sent to one peer: a lane for each channel, which share the connection by priority.
struct SendQueue {
    /// A lane takes a message while it has less than this, and always one.
    static let bytesMax = 1 << 20
    static let messagesMax = 256

    private struct Lane {
        let channel: PeerChannel
        var messages: [[UInt8]] = []
        /// Of the first message.
        var sent = 0
        var byteCount = 0
        /// Bytes sent lately: who has sent least for its priority goes first.
        var recentlySent = 0
    }

    private var lanes: [Lane]

    init(channels: [PeerChannel]) { lanes = channels.map { Lane(channel: $0) } }

    var isEmpty: Bool { lanes.allSatisfy { $0.messages.isEmpty } }

    func hasRoom(_ channel: PeerChannel) -> Bool {
        guard let lane = lanes.first(where: { $0.channel == channel }) else { return false }
        return lane.messages.isEmpty
            || lane.byteCount < SendQueue.bytesMax && lane.messages.count < SendQueue.messagesMax
    }

    /// `false` if the other side does not have the channel, or too much waits for it already.
    mutating func add(_ message: [UInt8], to channel: PeerChannel) -> Bool {
        guard hasRoom(channel), let place = lanes.firstIndex(where: { $0.channel == channel }) else { return false }
        lanes[place].messages.append(message)
        lanes[place].byteCount += message.count
        return true
    }

    /// Packets of about `byteCount` bytes.
    mutating func take(_ byteCount: Int) -> [UInt8] {
        var packets: [UInt8] = []
        while packets.count < byteCount, let place = nextLane() {
            let message = lanes[place].messages[0]
            let start = lanes[place].sent
            let end = min(start + PeerPacket.pieceByteCountMax, message.count)
            let isLast = end == message.count
            let piece = PeerPacket.piece(
                channel: lanes[place].channel.rawValue, isLast: isLast, message[start..<end])
            let packet = Delimited.encode(piece.protobuf)
            packets += packet
            lanes[place].recentlySent += packet.count
            lanes[place].sent = end
            if isLast {
                lanes[place].messages.removeFirst()
                lanes[place].byteCount -= message.count
                lanes[place].sent = 0
            }
        }
        return packets
    }

    private func nextLane() -> Int? {
        let waiting = lanes.indices.filter { !lanes[$0].messages.isEmpty }
        return waiting.min { left, right in
            lanes[left].recentlySent * lanes[right].channel.priority
                < lanes[right].recentlySent * lanes[left].channel.priority
        }
    }

    /// Once in a while: what was sent long ago counts less.
    mutating func forgetALittle() {
        for place in lanes.indices { lanes[place].recentlySent = lanes[place].recentlySent * 4 / 5 }
    }
}

/// Bytes that may pass: so many a second, and no more than a second's at once.
struct RateLimit {
    /// Nanoseconds of it are still counted in 64 bits.
    private static let perSecondMax = 4_000_000_000
    private let perSecond: Int64
    private var left: Int64
    private var last: UInt64

    init(bytesPerSecond: Int, now: UInt64) {
        perSecond = Int64(min(max(bytesPerSecond, 1), RateLimit.perSecondMax))
        (left, last) = (perSecond, now)
    }

    /// Counts what passed; nanoseconds to wait before more may.
    mutating func spend(_ bytes: Int, now: UInt64) -> Int64 {
        let passed = Int64(clamping: min(elapsed(last, now), 1_000_000_000))
        last = max(last, now)
        left = min(left + passed * perSecond / 1_000_000_000, perSecond) - Int64(bytes)
        return left >= 0 ? 0 : -left * 1_000_000_000 / perSecond
    }
}
