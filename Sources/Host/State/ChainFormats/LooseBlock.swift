import DecidedBlocks
import Wire

/// What CometBFT's decoder makes of a block's bytes, which it takes in any encoding.
///
/// Our own blocks and votes have one encoding. But parts are cut from whatever the proposer wrote, two thirds may
/// decide it, and then it is the chain's: unknown fields and groups are passed over, numbers are cut to their width, of
/// a field that comes twice the last counts, and messages that come twice are one.
private indirect enum LooseForm: Sendable {
    case varint
    /// Enumerations, too.
    case int32
    case uint32
    case bytes
    /// Written even if nothing of it came.
    case required([(UInt32, LooseForm)])
    case optional([(UInt32, LooseForm)])
    case repeated(LooseForm)

    static let timestamp: [(UInt32, LooseForm)] = [(1, .varint), (2, .int32)]
    static let blockID: [(UInt32, LooseForm)] = [(1, .bytes), (2, .required([(1, .uint32), (2, .bytes)]))]
    static let header: [(UInt32, LooseForm)] =
        [
            (1, .required([(1, .varint), (2, .varint)])), (2, .bytes), (3, .varint), (4, .required(timestamp)),
            (5, .required(blockID)),
        ] + (6...14).map { ($0, .bytes) }
    static let commitSignature: [(UInt32, LooseForm)] = [
        (1, .int32), (2, .bytes), (3, .required(timestamp)), (4, .bytes),
    ]
    static let commit: [(UInt32, LooseForm)] = [
        (1, .varint), (2, .int32), (3, .required(blockID)), (4, .repeated(.required(commitSignature))),
    ]
    static let vote: [(UInt32, LooseForm)] = [
        (1, .int32), (2, .varint), (3, .int32), (4, .required(blockID)), (5, .required(timestamp)), (6, .bytes),
        (7, .int32), (8, .bytes), (9, .bytes), (10, .bytes),
    ]
    static let validator: [(UInt32, LooseForm)] = [
        (1, .bytes), (2, .required([(1, .bytes), (2, .bytes)])), (3, .varint), (4, .varint),
    ]
    static let lightBlock: [(UInt32, LooseForm)] = [
        (1, .optional([(1, .optional(header)), (2, .optional(commit))])),
        (2, .optional([(1, .repeated(.required(validator))), (2, .optional(validator))])),
    ]
    static let evidence: [(UInt32, LooseForm)] = [
        (
            1,
            .optional([
                (1, .optional(vote)), (2, .optional(vote)), (3, .varint), (4, .varint), (5, .required(timestamp)),
            ])
        ),
        (
            2,
            .optional([
                (1, .optional(lightBlock)), (2, .varint), (3, .repeated(.required(validator))), (4, .varint),
                (5, .required(timestamp)),
            ])
        ),
    ]
    static let block: [(UInt32, LooseForm)] = [
        (1, .required(header)), (2, .required([(1, .repeated(.bytes))])),
        (3, .required([(1, .repeated(.required(evidence)))])), (4, .optional(commit)),
    ]
}

extension ProtobufWriter {
    fileprivate mutating func loose(
        _ bytes: some Collection<UInt8>, _ form: [(UInt32, LooseForm)]
    ) throws(ProtobufError) {
        var values: [[LooseField]] = Array(repeating: [], count: form.count)
        var reader = LooseReader(Array(bytes))
        while let tag = try reader.tag() {
            if let place = form.firstIndex(where: { $0.0 == tag.number }) {
                values[place].append(try reader.field(tag))
            } else {
                try reader.skip(tag)
            }
        }
        for (place, (number, kind)) in form.enumerated() {
            let fields = values[place]
            switch kind {
            case .varint: uint64(number, try fields.last?.uint64() ?? 0)
            case .int32: int64(number, Int64(Int32(truncatingIfNeeded: try fields.last?.uint64() ?? 0)))
            case .uint32: uint64(number, UInt64(UInt32(truncatingIfNeeded: try fields.last?.uint64() ?? 0)))
            case .bytes: self.bytes(number, Array(try fields.last?.slice() ?? []))
            case .required(let inner): message(number, try ProtobufWriter.loose(fields, inner))
            case .optional(let inner):
                if !fields.isEmpty { message(number, try ProtobufWriter.loose(fields, inner)) }
            case .repeated(.bytes):
                for field in fields { message(number, try field.slice()) }
            case .repeated(.required(let inner)):
                for field in fields { message(number, try ProtobufWriter.loose([field], inner)) }
            case .repeated: break
            }
        }
    }

    /// Messages of one field, read as one: their bytes one after the other are the bytes of it.
    private static func loose(
        _ fields: [LooseField], _ form: [(UInt32, LooseForm)]
    ) throws(ProtobufError) -> [UInt8] {
        var bytes: [UInt8] = []
        for field in fields { bytes += try field.slice() }
        var writer = ProtobufWriter()
        try writer.loose(bytes, form)
        return writer.bytes
    }
}

extension Block {
    /// A block in whatever encoding it was proposed; `isCanonical` if that is the one that we would vote for.
    package static func received(_ bytes: [UInt8]) throws(ProtobufError) -> (block: Block, isCanonical: Bool) {
        let block = try? Block(protobuf: bytes)
        // Evidence is kept as bytes, and only its own form shows whether they are the one encoding of it.
        if let block, block.evidence.allSatisfy({ $0.content != nil }) { return (block, true) }
        var writer = ProtobufWriter()
        try writer.loose(bytes, LooseForm.block)
        return (try Block(protobuf: writer.bytes), false)
    }
}
