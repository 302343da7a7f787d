import DecidedBlocks
import PublicCryptography
import Wire

/// A proposer's claim that the block `blockID` be decided in this round.
package struct Proposal: Hashable, Sendable {
    package var height: Int64
    package var round: Int32
    /// The round in which the block had two thirds of the prevotes, or -1 for a new block.
    package var polRound: Int32
    package var blockID: BlockID
    package var timestamp: Timestamp
    package var signature: [UInt8]

    package init(
        height: Int64, round: Int32, polRound: Int32, blockID: BlockID, timestamp: Timestamp, signature: [UInt8] = []
    ) {
        (self.height, self.round, self.polRound) = (height, round, polRound)
        (self.blockID, self.timestamp, self.signature) = (blockID, timestamp, signature)
    }

    package func signBytes(chainID: String) -> [UInt8] {
        SignBytes.proposal(
            height: height, round: round, polRound: polRound, blockID: blockID, timestamp: timestamp, chainID: chainID)
    }

    package func isSigned(by validator: Validator, chainID: String) -> Bool {
        Ed25519.verify(signature: signature, message: signBytes(chainID: chainID), publicKey: validator.publicKey)
    }
}

extension Proposal: CanonicalMessage {
    private static let kind: UInt64 = 32

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var kind: UInt64 = 0
        var height: Int64 = 0
        var (round, polRound): (Int32, Int32) = (0, 0)
        var blockID: BlockID?
        var timestamp = Timestamp.goZero
        var signature: [UInt8] = []
        while let field = try reader.next() {
            switch field.number {
            case 1: kind = try field.uint64()
            case 2: height = try field.nonNegativeInt64()
            case 3: round = try field.round()
            case 4: polRound = try field.int32()
            case 5: blockID = try field.blockID()
            case 6: timestamp = try field.message(Timestamp.self)
            case 7: signature = try field.bytes(atMost: CommitSignature.signatureByteCountMax)
            default: throw .notCanonical
            }
        }
        guard kind == Proposal.kind else { throw .illegalValue(field: 1) }
        guard polRound >= -1 else { throw .illegalValue(field: 4) }
        guard let blockID else { throw .missing(field: 5) }
        self.init(
            height: height, round: round, polRound: polRound, blockID: blockID, timestamp: timestamp,
            signature: signature)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.uint64(1, Proposal.kind)
        writer.int64(2, height)
        writer.int64(3, Int64(round))
        writer.int64(4, Int64(polRound))
        writer.message(5, blockID)
        writer.message(6, timestamp)
        writer.bytes(7, signature)
    }
}
