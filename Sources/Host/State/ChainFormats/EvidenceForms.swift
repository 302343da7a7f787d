import DecidedBlocks
import PublicCryptography
import Wire

/// Two votes of one validator for one height, round and kind that are for different things.
package struct DoubleVote: Hashable, Sendable {
    /// The one whose block id comes first.
    package var first: Vote
    package var second: Vote
    package var totalPower: Int64
    package var validatorPower: Int64
    /// Of the block at that height.
    package var time: Timestamp

    package init(first: Vote, second: Vote, totalPower: Int64, validatorPower: Int64, time: Timestamp) {
        (self.first, self.second) = (first, second)
        (self.totalPower, self.validatorPower, self.time) = (totalPower, validatorPower, time)
    }

    /// Of two votes in any order; `nil` if the set does not have the voter.
    package init?(_ one: Vote, _ other: Vote, of validators: ValidatorSet, time: Timestamp) {
        guard let index = validators.index(of: one.validatorAddress) else { return nil }
        let isFirst = DoubleVote.key(one.blockID).lexicographicallyPrecedes(DoubleVote.key(other.blockID))
        self.init(
            first: isFirst ? one : other, second: isFirst ? other : one, totalPower: validators.totalPower,
            validatorPower: validators.validators[index].power, time: time)
    }

    package var isInOrder: Bool {
        DoubleVote.key(first.blockID).lexicographicallyPrecedes(DoubleVote.key(second.blockID))
    }

    /// CometBFT's `BlockID.Key`.
    private static func key(_ blockID: BlockID?) -> [UInt8] { blockID.map { $0.hash.bytes + $0.parts.protobuf } ?? [] }
}

/// A header that was signed by enough to deceive a light client which trusts the set of `commonHeight`.
package struct LightClientAttack: Hashable, Sendable {
    package var conflicting: UnverifiedHeader
    package var commonHeight: Int64
    /// Who is to blame, by power and address.
    package var byzantine: [Validator]
    package var totalPower: Int64
    /// Of the block at the common height.
    package var time: Timestamp

    package init(
        conflicting: UnverifiedHeader, commonHeight: Int64, byzantine: [Validator], totalPower: Int64, time: Timestamp
    ) {
        (self.conflicting, self.commonHeight, self.byzantine) = (conflicting, commonHeight, byzantine)
        (self.totalPower, self.time) = (totalPower, time)
    }
}

/// Evidence that is understood.
package enum EvidenceContent: Hashable, Sendable {
    case duplicateVote(DoubleVote)
    case lightClientAttack(LightClientAttack)

    /// The height whose set and time it is held against.
    package var height: Int64 {
        switch self {
        case .duplicateVote(let duplicate): duplicate.first.height
        case .lightClientAttack(let attack): attack.commonHeight
        }
    }

    package var time: Timestamp {
        switch self {
        case .duplicateVote(let duplicate): duplicate.time
        case .lightClientAttack(let attack): attack.time
        }
    }
}

/// What one piece of evidence is told apart by.
package struct EvidenceName: Hashable, Sendable {
    package let height: Int64
    package let hash: Hash32
}

extension Evidence {
    /// `nil` for what is not in the one canonical form of something that we know.
    package var content: EvidenceContent? {
        switch kind {
        case .duplicateVote: (try? DoubleVote(protobuf: bytes)).map { .duplicateVote($0) }
        case .lightClientAttack: (try? LightClientAttack(protobuf: bytes)).map { .lightClientAttack($0) }
        }
    }

    package init(_ content: EvidenceContent) {
        switch content {
        case .duplicateVote(let duplicate): self.init(kind: .duplicateVote, bytes: duplicate.protobuf)
        case .lightClientAttack(let attack): self.init(kind: .lightClientAttack, bytes: attack.protobuf)
        }
    }

    /// CometBFT's `Hash`: over the message, but for an attack over 31 bytes of the header's hash, a zero and the common
    /// height, so that attacks which differ in their signatures alone are one.
    package func name(_ content: EvidenceContent) -> EvidenceName {
        switch content {
        case .duplicateVote: return EvidenceName(height: content.height, hash: SHA256.hash(bytes))
        case .lightClientAttack(let attack):
            var writer = ProtobufWriter()
            // Go's `PutVarint`: zigzag.
            writer.varint(UInt64(bitPattern: attack.commonHeight << 1 ^ attack.commonHeight >> 63))
            let hash = attack.conflicting.header.hash().bytes
            return EvidenceName(height: content.height, hash: SHA256.hash(hash.prefix(31) + [0] + writer.bytes))
        }
    }

    /// What a list of evidence takes in its block (CometBFT: `EvidenceData.ByteSize`).
    package static func byteCount(_ evidence: [Evidence]) -> Int { protobuf(of: evidence).count }

    /// CometBFT's `EvidenceList`.
    package static func protobuf(of evidence: [Evidence]) -> [UInt8] {
        ProtobufWriter.encode { writer in
            for item in evidence { writer.message(1) { $0.message(item.kind.rawValue, item.bytes) } }
        }
    }

    package static func list(protobuf bytes: [UInt8]) throws(ProtobufError) -> [Evidence] {
        var list: [Evidence] = []
        var reader = ProtobufReader(bytes)
        while let element = try reader.next() {
            guard element.number == 1 else { throw .notCanonical }
            list.append(try Evidence(element))
        }
        return list
    }
}

extension DoubleVote: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var votes: [Vote?] = [nil, nil]
        var powers: [Int64] = [0, 0]
        var time = Timestamp.goZero
        while let field = try reader.next() {
            switch field.number {
            case 1, 2: votes[Int(field.number) - 1] = try field.message(Vote.self)
            case 3, 4: powers[Int(field.number) - 3] = try field.int64()
            case 5: time = try field.message(Timestamp.self)
            default: throw .notCanonical
            }
        }
        guard let first = votes[0], let second = votes[1] else { throw .missing(field: 1) }
        self.init(first: first, second: second, totalPower: powers[0], validatorPower: powers[1], time: time)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.message(1, first)
        writer.message(2, second)
        writer.int64(3, totalPower)
        writer.int64(4, validatorPower)
        writer.message(5, time)
    }
}

extension LightClientAttack: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var conflicting: UnverifiedHeader?
        var integers: [Int64] = [0, 0]
        var byzantine: [Validator] = []
        var time = Timestamp.goZero
        while let field = try reader.next() {
            switch field.number {
            case 1: conflicting = try LightClientAttack.lightBlock(field)
            case 2: integers[0] = try field.nonNegativeInt64()
            case 3:
                guard byzantine.count < ValidatorSet.countMax else { throw .tooMany(field: 3) }
                byzantine.append(try field.message(Validator.self))
            case 4: integers[1] = try field.nonNegativeInt64()
            case 5: time = try field.message(Timestamp.self)
            default: throw .notCanonical
            }
        }
        guard let conflicting else { throw .missing(field: 1) }
        self.init(
            conflicting: conflicting, commonHeight: integers[0], byzantine: byzantine, totalPower: integers[1],
            time: time)
    }

    private static func lightBlock(_ field: ProtobufReader.Field) throws(ProtobufError) -> UnverifiedHeader {
        var (header, commit): (Header?, Commit?)
        var validators: ValidatorSet?
        var reader = ProtobufReader(try field.slice())
        while let member = try reader.next() {
            switch member.number {
            case 1:
                var inner = ProtobufReader(try member.slice())
                while let part = try inner.next() {
                    switch part.number {
                    case 1: header = try part.message(Header.self)
                    case 2: commit = try part.message(Commit.self)
                    default: throw .notCanonical
                    }
                }
            case 2: validators = try member.message(ValidatorSet.self)
            default: throw .notCanonical
            }
        }
        guard let header, let commit else { throw .missing(field: 1) }
        guard let validators else { throw .missing(field: 2) }
        return UnverifiedHeader(header: header, commit: commit, validators: validators)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.message(1) { writer in
            writer.message(1) { writer in
                writer.message(1, conflicting.header)
                writer.message(2, conflicting.commit)
            }
            writer.message(2, conflicting.validators)
        }
        writer.int64(2, commonHeight)
        for validator in byzantine { writer.message(3, validator) }
        writer.int64(4, totalPower)
        writer.message(5, time)
    }
}
