import PublicCryptography
import Wire

/// A block's header as CometBFT 0.38 has it. Its hash names the block, and a commit signs that name.
///
/// A hash that is `nil` is the empty byte string on the wire; only headers from elsewhere have such.
package struct Header: Hashable, Sendable {
    /// The block protocol of CometBFT 0.38.
    package static let blockProtocol: UInt64 = 11
    package static let chainIDByteCountMax = 50
    package static let appHashByteCountMax = 64

    package var blockVersion: UInt64
    package var appVersion: UInt64
    package var chainID: String
    package var height: Int64
    package var time: Timestamp
    /// `nil` for the chain's first block.
    package var lastBlockID: BlockID?
    /// Over the commit for the block before, which this block carries.
    package var lastCommitHash: Hash32?
    package var dataHash: Hash32?
    /// Over the set that signs this block.
    package var validatorsHash: Hash32
    /// Over the set that signs the next block.
    package var nextValidatorsHash: Hash32
    package var consensusHash: Hash32
    /// Of the state after the block before.
    package var appHash: [UInt8]
    /// Over the results of the block before.
    package var lastResultsHash: Hash32?
    package var evidenceHash: Hash32?
    package var proposerAddress: ValidatorAddress

    package init(
        blockVersion: UInt64 = Header.blockProtocol, appVersion: UInt64 = 0, chainID: String, height: Int64,
        time: Timestamp, lastBlockID: BlockID?, lastCommitHash: Hash32?, dataHash: Hash32?, validatorsHash: Hash32,
        nextValidatorsHash: Hash32, consensusHash: Hash32, appHash: [UInt8], lastResultsHash: Hash32?,
        evidenceHash: Hash32?, proposerAddress: ValidatorAddress
    ) {
        self.blockVersion = blockVersion
        self.appVersion = appVersion
        self.chainID = chainID
        self.height = height
        self.time = time
        self.lastBlockID = lastBlockID
        self.lastCommitHash = lastCommitHash
        self.dataHash = dataHash
        self.validatorsHash = validatorsHash
        self.nextValidatorsHash = nextValidatorsHash
        self.consensusHash = consensusHash
        self.appHash = appHash
        self.lastResultsHash = lastResultsHash
        self.evidenceHash = evidenceHash
        self.proposerAddress = proposerAddress
    }

    /// The Merkle root over the fourteen fields, each in its own protobuf wrapper.
    package func hash() -> Hash32 {
        MerkleTree.root(of: [
            version, wrapped(Array(chainID.utf8)), ProtobufWriter.encode { $0.int64(1, height) }, time.protobuf,
            BlockID.protobuf(lastBlockID), wrapped(lastCommitHash), wrapped(dataHash), wrapped(validatorsHash),
            wrapped(nextValidatorsHash), wrapped(consensusHash), wrapped(appHash), wrapped(lastResultsHash),
            wrapped(evidenceHash), wrapped(proposerAddress.bytes),
        ])
    }

    private var version: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.uint64(1, blockVersion)
            writer.uint64(2, appVersion)
        }
    }

    private func wrapped(_ bytes: [UInt8]) -> [UInt8] { ProtobufWriter.encode { $0.bytes(1, bytes) } }
    private func wrapped(_ hash: Hash32?) -> [UInt8] { wrapped(hash?.bytes ?? []) }
}

extension Header: CanonicalMessage {
    package func write(to writer: inout ProtobufWriter) {
        writer.message(1, version)
        writer.string(2, chainID)
        writer.int64(3, height)
        writer.message(4, time)
        writer.message(5, BlockID.protobuf(lastBlockID))
        writer.hash(6, lastCommitHash)
        writer.hash(7, dataHash)
        writer.hash(8, validatorsHash)
        writer.hash(9, nextValidatorsHash)
        writer.hash(10, consensusHash)
        writer.bytes(11, appHash)
        writer.hash(12, lastResultsHash)
        writer.hash(13, evidenceHash)
        writer.bytes(14, proposerAddress.bytes)
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var version: (block: UInt64, app: UInt64) = (0, 0)
        var chainID = ""
        var height: Int64 = 0
        var time = Timestamp.goZero
        var lastBlockID: BlockID?
        var hashes = [Hash32?](repeating: nil, count: 14)
        var appHash: [UInt8] = []
        var proposerAddress: ValidatorAddress?
        while let field = try reader.next() {
            switch field.number {
            case 1: version = try Header.readVersion(field)
            case 2:
                chainID = try field.string()
                guard chainID.utf8.count <= Header.chainIDByteCountMax else { throw .illegalValue(field: 2) }
            case 3: height = try field.nonNegativeInt64()
            case 4: time = try field.message(Timestamp.self)
            case 5: lastBlockID = try field.blockID()
            case 6...10, 12, 13: hashes[Int(field.number)] = try field.hash()
            case 11: appHash = try field.bytes(atMost: Header.appHashByteCountMax)
            case 14: proposerAddress = try ValidatorAddress(field)
            default: throw .notCanonical
            }
        }
        guard let validatorsHash = hashes[8] else { throw .missing(field: 8) }
        guard let nextValidatorsHash = hashes[9] else { throw .missing(field: 9) }
        guard let consensusHash = hashes[10] else { throw .missing(field: 10) }
        guard let proposerAddress else { throw .missing(field: 14) }
        self.init(
            blockVersion: version.block, appVersion: version.app, chainID: chainID, height: height, time: time,
            lastBlockID: lastBlockID, lastCommitHash: hashes[6], dataHash: hashes[7], validatorsHash: validatorsHash,
            nextValidatorsHash: nextValidatorsHash, consensusHash: consensusHash, appHash: appHash,
            lastResultsHash: hashes[12], evidenceHash: hashes[13], proposerAddress: proposerAddress)
    }

    private static func readVersion(_ field: ProtobufReader.Field) throws(ProtobufError) -> (UInt64, UInt64) {
        var version: (block: UInt64, app: UInt64) = (0, 0)
        var reader = ProtobufReader(try field.slice())
        while let field = try reader.next() {
            switch field.number {
            case 1: version.block = try field.uint64()
            case 2: version.app = try field.uint64()
            default: throw .notCanonical
            }
        }
        return version
    }
}
