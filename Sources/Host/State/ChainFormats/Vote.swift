import DecidedBlocks
import PublicCryptography
import Wire

/// A validator's prevote or precommit.
package struct Vote: Hashable, Sendable {
    package static let extensionByteCountMax = 4096

    package var kind: VoteKind
    package var height: Int64
    package var round: Int32
    /// `nil` is a vote for nothing in this round.
    package var blockID: BlockID?
    package var timestamp: Timestamp
    package var validatorAddress: ValidatorAddress
    package var validatorIndex: Int32
    package var signature: [UInt8]
    /// CometBFT's vote extension: kept, not covered by `signature`, not used by our own engine.
    package var voteExtension: [UInt8]
    package var extensionSignature: [UInt8]

    package init(
        kind: VoteKind, height: Int64, round: Int32, blockID: BlockID?, timestamp: Timestamp,
        validatorAddress: ValidatorAddress, validatorIndex: Int32, signature: [UInt8] = [],
        voteExtension: [UInt8] = [], extensionSignature: [UInt8] = []
    ) {
        (self.kind, self.height, self.round, self.blockID) = (kind, height, round, blockID)
        (self.timestamp, self.signature) = (timestamp, signature)
        (self.validatorAddress, self.validatorIndex) = (validatorAddress, validatorIndex)
        (self.voteExtension, self.extensionSignature) = (voteExtension, extensionSignature)
    }

    package func signBytes(chainID: String) -> [UInt8] {
        SignBytes.vote(kind, height: height, round: round, blockID: blockID, timestamp: timestamp, chainID: chainID)
    }

    /// Whether `validator` signed this vote. The sender claims an address; it must be the key's.
    package func isSigned(by validator: Validator, chainID: String) -> Bool {
        validatorAddress == validator.address
            && Ed25519.verify(
                signature: signature, message: signBytes(chainID: chainID), publicKey: validator.publicKey)
    }

    /// The slot of this precommit in a commit for `decided`.
    package func commitSignature(for decided: BlockID) -> CommitSignature {
        guard blockID == nil || blockID == decided else { return .absent }
        return CommitSignature(
            flag: blockID == nil ? .forNil : .commit, validatorAddress: validatorAddress, timestamp: timestamp,
            signature: signature)
    }
}

extension Vote: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var kind: VoteKind?
        var address: ValidatorAddress?
        var height: Int64 = 0
        var (round, index): (Int32, Int32) = (0, 0)
        var blockID: BlockID?
        var timestamp = Timestamp.goZero
        var signature: [UInt8] = []
        var extensionFields: ([UInt8], [UInt8]) = ([], [])
        while let field = try reader.next() {
            switch field.number {
            case 1: kind = VoteKind(rawValue: try field.uint32())
            case 2: height = try field.nonNegativeInt64()
            case 3: round = try field.round()
            case 4: blockID = try field.blockID()
            case 5: timestamp = try field.message(Timestamp.self)
            case 6: address = try ValidatorAddress(field)
            case 7: index = try field.round()
            case 8: signature = try field.bytes(atMost: CommitSignature.signatureByteCountMax)
            case 9: extensionFields.0 = try field.bytes(atMost: Vote.extensionByteCountMax)
            case 10: extensionFields.1 = try field.bytes(atMost: CommitSignature.signatureByteCountMax)
            default: throw .notCanonical
            }
        }
        guard let kind else { throw .illegalValue(field: 1) }
        guard let address else { throw .missing(field: 6) }
        self.init(
            kind: kind, height: height, round: round, blockID: blockID, timestamp: timestamp, validatorAddress: address,
            validatorIndex: index, signature: signature, voteExtension: extensionFields.0,
            extensionSignature: extensionFields.1)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.uint64(1, UInt64(kind.rawValue))
        writer.int64(2, height)
        writer.int64(3, Int64(round))
        writer.message(4, BlockID.protobuf(blockID))
        writer.message(5, timestamp)
        writer.bytes(6, validatorAddress.bytes)
        writer.int64(7, Int64(validatorIndex))
        writer.bytes(8, signature)
        writer.bytes(9, voteExtension)
        writer.bytes(10, extensionSignature)
    }
}
