import Wire

/// How nodes bring each other up to date, block by block.
package enum BlockSyncMessage: Hashable, Sendable {
    case request(height: Int64)
    case noBlock(height: Int64)
    /// The block as it is encoded; read by whoever asked for it.
    case block([UInt8])
    case statusRequest
    /// What the sender has.
    case status(height: Int64, base: Int64)

    var isSound: Bool {
        switch self {
        case .request(let height), .noBlock(let height): height >= 0
        case .block(let bytes): !bytes.isEmpty
        case .statusRequest: true
        case .status(let height, let base): base >= 0 && base <= height
        }
    }
}

extension BlockSyncMessage: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        guard let member = try reader.next(), try reader.next() == nil else { throw .notCanonical }
        var inner = ProtobufReader(try member.slice())
        switch member.number {
        case 1, 2:
            var height: Int64 = 0
            while let field = try inner.next() {
                guard field.number == 1 else { throw .notCanonical }
                height = try field.int64()
            }
            self = member.number == 1 ? .request(height: height) : .noBlock(height: height)
        case 3:
            // An extended commit comes with vote extensions alone, which no chain of ours has.
            guard let field = try inner.next(), field.number == 1, try inner.next() == nil else { throw .notCanonical }
            self = .block(try field.bytes())
        case 4:
            guard try inner.next() == nil else { throw .notCanonical }
            self = .statusRequest
        case 5:
            var (height, base): (Int64, Int64) = (0, 0)
            while let field = try inner.next() {
                switch field.number {
                case 1: height = try field.int64()
                case 2: base = try field.int64()
                default: throw .notCanonical
                }
            }
            self = .status(height: height, base: base)
        default: throw .notCanonical
        }
    }

    package func write(to writer: inout ProtobufWriter) {
        switch self {
        case .request(let height): writer.message(1) { $0.int64(1, height) }
        case .noBlock(let height): writer.message(2) { $0.int64(1, height) }
        case .block(let bytes): writer.message(3) { $0.message(1, bytes) }
        case .statusRequest: writer.message(4) { _ in }
        case .status(let height, let base):
            writer.message(5) {
                $0.int64(1, height)
                $0.int64(2, base)
            }
        }
    }
}
