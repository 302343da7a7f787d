import PublicCryptography
import Wire

/// How many parts a block is cut into, and the Merkle root over them.
package struct PartSetHeader: Hashable, Sendable {
    package var total: UInt32
    package var hash: Hash32

    package init(total: UInt32, hash: Hash32) {
        (self.total, self.hash) = (total, hash)
    }
}

/// What votes are for: a block, named by its header's hash and by the parts that carry it.
///
/// Where CometBFT has an empty block id (a vote for nil, the block before the first), we have `nil`.
package struct BlockID: Hashable, Sendable {
    package var hash: Hash32
    package var parts: PartSetHeader

    package init(hash: Hash32, parts: PartSetHeader) {
        (self.hash, self.parts) = (hash, parts)
    }
}

extension PartSetHeader: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var total: UInt32 = 0
        var hash: Hash32?
        while let field = try reader.next() {
            switch field.number {
            case 1: total = try field.uint32()
            case 2: hash = try field.hash()
            default: throw .notCanonical
            }
        }
        guard let hash else { throw .missing(field: 2) }
        guard total > 0 else { throw .missing(field: 1) }
        self.init(total: total, hash: hash)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.uint64(1, UInt64(total))
        writer.hash(2, hash)
    }
}

extension BlockID: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        guard let value = try BlockID.read(&reader) else { throw .missing(field: 1) }
        self = value
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.hash(1, hash)
        writer.message(2, parts)
    }

    /// The embedded form, in which an empty block id still holds an empty part set header: `12 00`.
    package static func protobuf(_ value: BlockID?) -> [UInt8] {
        value?.protobuf ?? [0x12, 0x00]
    }

    static func read(_ reader: inout ProtobufReader) throws(ProtobufError) -> BlockID? {
        var hash: Hash32?
        var parts: PartSetHeader?
        while let field = try reader.next() {
            switch field.number {
            case 1: hash = try field.hash()
            case 2: parts = try field.slice().isEmpty ? nil : field.message(PartSetHeader.self)
            default: throw .notCanonical
            }
        }
        // A name without its parts, or parts without a name, is nothing that CometBFT signs.
        switch (hash, parts) {
        case (let hash?, let parts?): return BlockID(hash: hash, parts: parts)
        case (nil, nil): return nil
        default: throw .illegalValue(field: 1)
        }
    }
}

extension ProtobufReader.Field {
    package func blockID() throws(ProtobufError) -> BlockID? {
        var reader = ProtobufReader(try slice())
        return try BlockID.read(&reader)
    }
}
