import PublicCryptography
import Wire

/// The first 20 bytes of the SHA-256 of a consensus key.
package struct ValidatorAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
    package static let byteCount = 20

    package let bytes: [UInt8]

    /// `nil` unless there are exactly 20 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == ValidatorAddress.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    package init(publicKey: [UInt8]) {
        bytes = Array(SHA256.hash(publicKey).bytes.prefix(ValidatorAddress.byteCount))
    }

    package init(_ field: ProtobufReader.Field) throws(ProtobufError) {
        guard let address = ValidatorAddress(try field.slice()) else { throw .illegalValue(field: field.number) }
        self = address
    }

    /// Upper-case hexadecimal, as CometBFT prints addresses.
    package var description: String { Hexadecimal.encode(bytes, uppercase: true) }

    package static func < (left: ValidatorAddress, right: ValidatorAddress) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

/// A member of a validator set: an Ed25519 key with a voting power.
package struct Validator: Hashable, Sendable {
    package let publicKey: [UInt8]
    package let address: ValidatorAddress
    package let power: Int64
    /// Its turn as proposer comes when this is the highest. Not covered by any hash.
    package var proposerPriority: Int64

    /// `nil` unless the key has 32 bytes and the power is between 1 and `ValidatorSet.totalPowerMax`.
    package init?(publicKey: [UInt8], power: Int64, proposerPriority: Int64 = 0) {
        guard publicKey.count == Ed25519.publicKeyByteCount, power > 0, power <= ValidatorSet.totalPowerMax else {
            return nil
        }
        self.publicKey = publicKey
        address = ValidatorAddress(publicKey: publicKey)
        self.power = power
        self.proposerPriority = proposerPriority
    }

    /// CometBFT's `SimpleValidator`: what the validators hash covers.
    var hashedBytes: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.message(1, Validator.protobuf(publicKey: publicKey))
            writer.int64(2, power)
        }
    }

    /// CometBFT's `PublicKey` with the Ed25519 member.
    package static func protobuf(publicKey: [UInt8]) -> [UInt8] {
        ProtobufWriter.encode { $0.message(1, publicKey) }
    }
}

extension Validator: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var publicKey: [UInt8] = []
        var (power, priority): (Int64, Int64) = (0, 0)
        while let field = try reader.next() {
            switch field.number {
            case 1: _ = try field.slice()
            case 2:
                var inner = ProtobufReader(try field.slice())
                guard let key = try inner.next(), key.number == 1 else { throw .illegalValue(field: 2) }
                publicKey = try key.bytes(atMost: Ed25519.publicKeyByteCount)
            case 3: power = try field.int64()
            case 4: priority = try field.int64()
            default: throw .notCanonical
            }
        }
        // The address is derived, never believed: a wrong one is not the canonical encoding of this key.
        guard let validator = Validator(publicKey: publicKey, power: power, proposerPriority: priority) else {
            throw .illegalValue(field: 2)
        }
        self = validator
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.bytes(1, address.bytes)
        writer.message(2, Validator.protobuf(publicKey: publicKey))
        writer.int64(3, power)
        writer.int64(4, proposerPriority)
    }
}
