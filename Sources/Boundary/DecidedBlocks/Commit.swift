import PublicCryptography
import Wire

/// What a validator's slot in a commit says.
package enum BlockIDFlag: UInt32, Sendable {
    /// No vote of this validator was seen in time.
    case absent = 1
    /// It signed the block of the commit.
    case commit = 2
    /// It signed that nothing should be decided in this round.
    case forNil = 3
}

/// One validator's slot in a commit.
package struct CommitSignature: Hashable, Sendable {
    package static let signatureByteCountMax = 64

    package var flag: BlockIDFlag
    /// `nil` where the validator is absent.
    package var validatorAddress: ValidatorAddress?
    package var timestamp: Timestamp
    package var signature: [UInt8]

    package static let absent = CommitSignature(flag: .absent, validatorAddress: nil, timestamp: .goZero, signature: [])

    package init(flag: BlockIDFlag, validatorAddress: ValidatorAddress?, timestamp: Timestamp, signature: [UInt8]) {
        (self.flag, self.validatorAddress) = (flag, validatorAddress)
        (self.timestamp, self.signature) = (timestamp, signature)
    }
}

/// The precommits of one round that decided a block, one slot for each validator in the order of its set.
package struct Commit: Hashable, Sendable {
    /// As many votes as CometBFT counts for one height.
    package static let signatureCountMax = 10_000

    package var height: Int64
    package var round: Int32
    /// `nil` only in the empty commit that the first block carries.
    package var blockID: BlockID?
    package var signatures: [CommitSignature]

    /// What the first block carries in place of a commit.
    package static let empty = Commit(height: 0, round: 0, blockID: nil, signatures: [])

    package init(height: Int64, round: Int32, blockID: BlockID?, signatures: [CommitSignature]) {
        (self.height, self.round, self.blockID, self.signatures) = (height, round, blockID, signatures)
    }

    /// Over the slots alone: neither height, round nor block id are part of it.
    package func hash() -> Hash32 {
        MerkleTree.root(of: signatures.map(\.protobuf))
    }

    /// The bytes that the validator of slot `index` signed; `nil` if it is absent.
    package func signBytes(at index: Int, chainID: String) -> [UInt8]? {
        let slot = signatures[index]
        guard slot.flag != .absent else { return nil }
        return SignBytes.vote(
            .precommit, height: height, round: round, blockID: slot.flag == .commit ? blockID : nil,
            timestamp: slot.timestamp, chainID: chainID)
    }
}

extension CommitSignature: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var flag: BlockIDFlag?
        var address: ValidatorAddress?
        var timestamp = Timestamp.goZero
        var signature: [UInt8] = []
        while let field = try reader.next() {
            switch field.number {
            case 1: flag = BlockIDFlag(rawValue: try field.uint32())
            case 2: address = try ValidatorAddress(field)
            case 3: timestamp = try field.message(Timestamp.self)
            case 4: signature = try field.bytes(atMost: CommitSignature.signatureByteCountMax)
            default: throw .notCanonical
            }
        }
        guard let flag else { throw .illegalValue(field: 1) }
        self.init(flag: flag, validatorAddress: address, timestamp: timestamp, signature: signature)
        if flag == .absent {
            guard self == .absent else { throw .illegalValue(field: 1) }
        } else {
            guard address != nil else { throw .missing(field: 2) }
            guard !signature.isEmpty else { throw .missing(field: 4) }
        }
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.uint64(1, UInt64(flag.rawValue))
        writer.bytes(2, validatorAddress?.bytes ?? [])
        writer.message(3, timestamp)
        writer.bytes(4, signature)
    }
}

extension Commit: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        self = .empty
        while let field = try reader.next() {
            switch field.number {
            case 1: height = try field.nonNegativeInt64()
            case 2: round = try field.round()
            case 3: blockID = try field.blockID()
            case 4:
                guard signatures.count < Commit.signatureCountMax else { throw .tooMany(field: 4) }
                signatures.append(try field.message(CommitSignature.self))
            default: throw .notCanonical
            }
        }
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.int64(1, height)
        writer.int64(2, Int64(round))
        writer.message(3, BlockID.protobuf(blockID))
        for signature in signatures { writer.message(4, signature) }
    }
}

extension ProtobufReader.Field {
    /// A round counts from zero.
    package func round() throws(ProtobufError) -> Int32 {
        let value = try int32()
        guard value >= 0 else { throw .illegalValue(field: number) }
        return value
    }
}
