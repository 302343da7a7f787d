import ChainInterface
import ChainMessages
import PublicCryptography
import Wire

/// A block in the parts that queries show. What consensus hashes is read here by field numbers: it has no structs.
struct BlockView {
    /// `tendermint.types.BlockID`.
    var id: [UInt8]
    /// `tendermint.types.Block`.
    var protobuf: [UInt8]
    var header: ArraySlice<UInt8>
    var transactions: [ArraySlice<UInt8>]

    /// The block of a height that a client asks for.
    init(_ chain: any ChainAccess, height: Int64) throws {
        guard height > 0 else {
            throw StatusError(.invalidArgument, "height must be greater than 0, but got \(height)")
        }
        guard height <= chain.announcedHeight else {
            // The original's words, slip and all: clients may look for them.
            throw StatusError(.invalidArgument, "requested block height is bigger then the chain length")
        }
        guard let block = try chain.block(at: height) else {
            throw StatusError(.notFound, "block \(height) is not available")
        }
        try self.init(block)
    }

    /// The last announced block.
    init(_ chain: any ChainAccess, latest announced: Int64) throws {
        guard let block = try chain.block(at: announced) else {
            throw StatusError(.notFound, "block latest is not available")
        }
        try self.init(block)
    }

    private init(_ block: CommittedBlock) throws {
        id = block.id.protobuf
        protobuf = block.protobuf
        var reader = ProtobufMessageReader(block.protobuf)
        header = try reader.last(1) ?? []
        var data = ProtobufMessageReader(try reader.last(2) ?? [])
        transactions = try data.all(1)
    }

    /// What the header says of the state.
    func facts() throws -> (height: UInt64, time: Timestamp, appHash: [UInt8], validatorsHash: [UInt8]) {
        var reader = ProtobufMessageReader(header)
        return (
            try reader.uint64(3), try Timestamp(decoding: try reader.last(4) ?? [], .signed),
            try reader.bytes(11), try reader.bytes(8)
        )
    }

    /// `cosmos.base.tendermint.v1beta1.Block`: the same with the proposer's address as text.
    func sdkBlock() throws -> [UInt8] {
        var writer = ProtobufWriter()
        var reader = ProtobufReader(protobuf)
        while let field = try reader.next() {
            writer.message(field.number, field.number == 1 ? try sdkHeader() : try field.bytes())
        }
        return writer.bytes
    }

    private func sdkHeader() throws -> [UInt8] {
        var writer = ProtobufWriter()
        var reader = ProtobufReader(header)
        while let field = try reader.next() {
            switch field.value {
            case .varint(let value): writer.uint64(field.number, value)
            case .bytes(let bytes) where field.number == 14:
                writer.string(14, Bech32.encode(prefix: ConsensusAddress.prefix, Array(bytes)))
            case .bytes(let bytes): writer.message(field.number, bytes)
            default: throw CorruptRecord(what: "header")
            }
        }
        return writer.bytes
    }
}
