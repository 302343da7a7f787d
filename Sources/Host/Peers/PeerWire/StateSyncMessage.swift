import Wire

/// How a node gets the state of a height from others without the blocks before it.
package enum StateSyncMessage: Hashable, Sendable {
    case snapshotsRequest
    case snapshot(height: UInt64, format: UInt32, chunks: UInt32, hash: [UInt8], metadata: [UInt8])
    case chunkRequest(height: UInt64, format: UInt32, index: UInt32)
    /// `nil` where the sender has no such chunk.
    case chunk(height: UInt64, format: UInt32, index: UInt32, [UInt8]?)

    package var channel: PeerChannel {
        switch self {
        case .snapshotsRequest, .snapshot: .snapshot
        case .chunkRequest, .chunk: .chunk
        }
    }

    var isSound: Bool {
        switch self {
        case .snapshotsRequest: true
        case .snapshot(let height, _, let chunks, let hash, _): height > 0 && chunks > 0 && !hash.isEmpty
        case .chunkRequest(let height, _, _): height > 0
        case .chunk(let height, _, _, _): height > 0
        }
    }
}

extension StateSyncMessage: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        guard let member = try reader.next(), try reader.next() == nil else { throw .notCanonical }
        var inner = ProtobufReader(try member.slice())
        var (height, numbers): (UInt64, [UInt32]) = (0, [0, 0])
        var texts: [UInt32: [UInt8]] = [:]
        var isMissing = false
        guard (1...4).contains(member.number) else { throw .notCanonical }
        while let field = try inner.next() {
            switch (member.number, field.number) {
            case (2...4, 1): height = try field.uint64()
            case (2...4, 2), (2...4, 3): numbers[Int(field.number) - 2] = try field.uint32()
            case (2, 4), (2, 5), (4, 4): texts[field.number] = try field.bytes()
            case (4, 5): isMissing = try field.bool()
            default: throw .notCanonical
            }
        }
        switch member.number {
        case 1: self = .snapshotsRequest
        case 2:
            self = .snapshot(
                height: height, format: numbers[0], chunks: numbers[1], hash: texts[4] ?? [],
                metadata: texts[5] ?? [])
        case 3: self = .chunkRequest(height: height, format: numbers[0], index: numbers[1])
        default:
            guard !isMissing || texts[4] == nil else { throw .illegalValue(field: 5) }
            self = .chunk(
                height: height, format: numbers[0], index: numbers[1], isMissing ? nil : texts[4] ?? [])
        }
    }

    package func write(to writer: inout ProtobufWriter) {
        switch self {
        case .snapshotsRequest: writer.message(1) { _ in }
        case .snapshot(let height, let format, let chunks, let hash, let metadata):
            writer.message(2) {
                $0.uint64(1, height)
                $0.uint64(2, UInt64(format))
                $0.uint64(3, UInt64(chunks))
                $0.bytes(4, hash)
                $0.bytes(5, metadata)
            }
        case .chunkRequest(let height, let format, let index):
            writer.message(3) {
                $0.uint64(1, height)
                $0.uint64(2, UInt64(format))
                $0.uint64(3, UInt64(index))
            }
        case .chunk(let height, let format, let index, let bytes):
            writer.message(4) {
                $0.uint64(1, height)
                $0.uint64(2, UInt64(format))
                $0.uint64(3, UInt64(index))
                $0.bytes(4, bytes ?? [])
                $0.bool(5, bytes == nil)
            }
        }
    }
}
