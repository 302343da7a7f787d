import Wire

/// What a connection carries: a question whether the other side is there, its answer, or a piece of a message.
package enum PeerPacket: Equatable, Sendable {
    case ping
    case pong
    case piece(channel: UInt8, isLast: Bool, ArraySlice<UInt8>)

    package static let pieceByteCountMax = 1024
    /// Of the packet without its length.
    static let byteCountMax = pieceByteCountMax + 32

    package init(protobuf bytes: [UInt8]) throws(PeerFault) {
        do throws(ProtobufError) {
            var reader = ProtobufReader(bytes)
            guard let field = try reader.next(), try reader.next() == nil else { throw .notCanonical }
            var inner = ProtobufReader(try field.slice())
            switch field.number {
            case 1, 2:
                guard try inner.next() == nil else { throw .notCanonical }
                self = field.number == 1 ? .ping : .pong
            case 3:
                var channel: Int32 = 0
                var isLast = false
                var data: ArraySlice<UInt8> = []
                while let field = try inner.next() {
                    switch field.number {
                    case 1: channel = try field.int32()
                    case 2: isLast = try field.bool()
                    case 3: data = try field.slice()
                    default: throw .notCanonical
                    }
                }
                guard let channel = UInt8(exactly: channel), data.count <= PeerPacket.pieceByteCountMax else {
                    throw .illegalValue(field: 1)
                }
                self = .piece(channel: channel, isLast: isLast, data)
            default: throw .notCanonical
            }
        } catch {
            throw .packet
        }
    }

    package var protobuf: [UInt8] {
        ProtobufWriter.encode { writer in
            switch self {
            case .ping: writer.message(1) { _ in }
            case .pong: writer.message(2) { _ in }
            case .piece(let channel, let isLast, let data):
                writer.message(3) {
                    $0.uint64(1, UInt64(channel))
                    $0.bool(2, isLast)
                    $0.bytes(3, data)
                }
            }
        }
    }

    /// A message as the pieces that carry it, with their lengths.
    package static func encode(_ message: [UInt8], channel: PeerChannel) -> [UInt8] {
        var bytes: [UInt8] = []
        var start = 0
        repeat {
            let end = min(start + pieceByteCountMax, message.count)
            let piece = PeerPacket.piece(
                channel: channel.rawValue, isLast: end == message.count, message[start..<end])
            bytes += Delimited.encode(piece.protobuf)
            start = end
        } while start < message.count
        return bytes
    }
}

/// Puts messages together from their pieces, channel by channel.
struct MessageAssembler {
    private let channels: [UInt8]
    var limits: PeerLimits
    private var partial: [(channel: PeerChannel, bytes: [UInt8])] = []

    init(channels: [UInt8], limits: PeerLimits) {
        (self.channels, self.limits) = (channels, limits)
    }

    mutating func add(
        channel number: UInt8, isLast: Bool, _ data: ArraySlice<UInt8>
    ) throws(PeerFault) -> (PeerChannel, [UInt8])? {
        guard channels.contains(number), let channel = PeerChannel(rawValue: number) else {
            throw .unknownChannel(number)
        }
        let place = partial.firstIndex { $0.channel == channel }
        let before = place.map { partial[$0].bytes.count } ?? 0
        guard before + data.count <= limits.bytesMax(channel) else { throw .messageTooLong(channel) }
        guard let place else {
            if isLast { return (channel, Array(data)) }
            partial.append((channel, Array(data)))
            return nil
        }
        partial[place].bytes += data
        return isLast ? (channel, partial.remove(at: place).bytes) : nil
    }
}
