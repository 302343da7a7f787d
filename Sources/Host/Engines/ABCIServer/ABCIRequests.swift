import ChainMessages
import EnclaveProtocol
import Wire

/// Requests as they are read: what may be long is bounded before it is a value.
package enum ABCIRequests {
    /// One more than a block of ours may hold. A proposal may be anybody's, so a longer one must be refused as a
    /// proposal, and its transactions need not all become values for that.
    package static let transactionsMax = BoundaryProtocol.transactionsPerBlockMax + 1

    package static func decode(_ frame: [UInt8]) throws -> ABCI.Request {
        try ABCI.Request(decoding: try bounded(frame), .engine)
    }

    /// The fields that hold transactions, by the method's field in the request.
    private static let lists: [UInt32: UInt32] = [16: 2, 17: 1, 18: 4, 20: 1]

    /// The frame without those transactions that are beyond the bound.
    private static func bounded(_ frame: [UInt8]) throws(ProtobufError) -> [UInt8] {
        var reader = ProtobufReader(frame)
        guard let method = try reader.next(), let list = lists[method.number], case .bytes(let body) = method.value
        else { return frame }
        var inner = ProtobufReader(body)
        var count = 0
        while let field = try inner.next() {
            if field.number == list { count += 1 }
        }
        guard count > transactionsMax else { return frame }
        var kept = ProtobufWriter()
        inner = ProtobufReader(body)
        count = 0
        while let field = try inner.next() {
            if field.number == list {
                count += 1
                guard count <= transactionsMax else { continue }
            }
            switch field.value {
            case .varint(let value):
                kept.varint(UInt64(field.number) << 3)
                kept.varint(value)
            case .bytes(let bytes): kept.message(field.number, bytes)
            case .fixed64, .fixed32: throw .wrongWireType(field: field.number)
            }
        }
        return ProtobufWriter.encode { $0.message(method.number, kept.bytes) }
    }
}
