import PublicCryptography
import SignedTransactions
import Wire

/// `secret.registration.v1beta1.RegistrationNodeInfo`: a node's evidence, and the seeds once they are wrapped for it.
package struct RegisteredNode: Equatable, Sendable {
    package var certificate: [UInt8]
    package var encryptedSeed: [UInt8]

    package init(certificate: [UInt8], encryptedSeed: [UInt8] = []) {
        (self.certificate, self.encryptedSeed) = (certificate, encryptedSeed)
    }

    package init(decoding bytes: [UInt8]) throws(ProtobufError) {
        self.init(certificate: [])
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: certificate = try field.bytes()
            case 2: encryptedSeed = try field.bytes()
            default: throw .illegalValue(field: field.number)
            }
        }
    }

    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.bytes(1, certificate)
            writer.bytes(2, encryptedSeed)
        }
    }
}

/// A node whose evidence stands in the state, and who asked for it.
package struct PendingRegistration: Equatable, Sendable, CanonicalMessage {
    package var registrationKey: Hash32
    package var sender: AccountAddress
    /// The node whose machine it stands in for, as the sender says: nothing is taken from that node.
    package var replaces: Hash32?

    package init(registrationKey: Hash32, sender: AccountAddress, replaces: Hash32?) {
        (self.registrationKey, self.sender, self.replaces) = (registrationKey, sender, replaces)
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var (key, replaces): (Hash32?, Hash32?)
        var sender: AccountAddress?
        while let field = try reader.next() {
            switch field.number {
            case 1: key = try field.hash()
            case 2: sender = AccountAddress(try field.slice())
            case 3: replaces = try field.hash()
            default: throw .notCanonical
            }
        }
        guard let key else { throw .missing(field: 1) }
        guard let sender else { throw .missing(field: 2) }
        self.init(registrationKey: key, sender: sender, replaces: replaces)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.hash(1, registrationKey)
        writer.bytes(2, sender.bytes)
        writer.hash(3, replaces)
    }
}

package struct PendingRegistrations: Equatable, Sendable, CanonicalMessage {
    /// The next block writes three records for each.
    package static let countMax = 16

    package var list: [PendingRegistration]

    package init(_ list: [PendingRegistration]) { self.list = list }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        list = []
        while let field = try reader.next() {
            guard field.number == 1 else { throw .notCanonical }
            guard list.count < PendingRegistrations.countMax else { throw .tooMany(field: 1) }
            list.append(try field.message(PendingRegistration.self))
        }
    }

    package func write(to writer: inout ProtobufWriter) {
        for registration in list { writer.message(1, registration) }
    }
}

/// One entry of the key-release log: the chain's enclaves have wrapped the seeds for another one.
///
/// Each entry has the hash of the one before, so that whoever knows the last knows all that there were.
package struct SeedRelease: Equatable, Sendable, CanonicalMessage {
    package var number: UInt64
    /// Of the entry before; zero for the first.
    package var previous: Hash32
    package var registrationKey: Hash32
    /// What was quoted: the program, the key of the root, the machine's facts, and the quote's identity.
    package var measurement: Hash32
    package var root: Hash32
    package var facts: UInt32
    package var quoteIdentity: Hash32
    /// Who sent the evidence.
    package var sender: AccountAddress
    package var replaces: Hash32?
    /// The block in which the seeds were wrapped.
    package var height: Int64
    package var headerHash: Hash32
    /// SHA-256 of the wrapped seeds.
    package var seedHash: Hash32

    package init(
        number: UInt64, previous: Hash32, registrationKey: Hash32, measurement: Hash32, root: Hash32, facts: UInt32,
        quoteIdentity: Hash32, sender: AccountAddress, replaces: Hash32?, height: Int64, headerHash: Hash32,
        seedHash: Hash32
    ) {
        (self.number, self.previous, self.registrationKey) = (number, previous, registrationKey)
        (self.measurement, self.root, self.facts, self.quoteIdentity) = (measurement, root, facts, quoteIdentity)
        (self.sender, self.replaces) = (sender, replaces)
        (self.height, self.headerHash, self.seedHash) = (height, headerHash, seedHash)
    }

    package var hash: Hash32 { SHA256.hash(Array("cloister/release/1".utf8) + protobuf) }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var (number, facts, height): (UInt64, UInt32, Int64) = (0, 0, 0)
        var hashes: [UInt32: Hash32] = [:]
        var sender: AccountAddress?
        while let field = try reader.next() {
            switch field.number {
            case 1: number = try field.uint64()
            case 2...5, 7, 9, 11, 12: hashes[field.number] = try field.hash()
            case 6: facts = try field.uint32()
            case 8: sender = AccountAddress(try field.slice())
            case 10: height = try field.nonNegativeInt64()
            default: throw .notCanonical
            }
        }
        func hash(_ field: UInt32) throws(ProtobufError) -> Hash32 {
            guard let hash = hashes[field] else { throw .missing(field: field) }
            return hash
        }
        guard let sender else { throw .missing(field: 8) }
        self.init(
            number: number, previous: try hash(2), registrationKey: try hash(3), measurement: try hash(4),
            root: try hash(5), facts: facts, quoteIdentity: try hash(7), sender: sender, replaces: hashes[9],
            height: height, headerHash: try hash(11), seedHash: try hash(12))
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.uint64(1, number)
        writer.hash(2, previous)
        writer.hash(3, registrationKey)
        writer.hash(4, measurement)
        writer.hash(5, root)
        writer.uint64(6, UInt64(facts))
        writer.hash(7, quoteIdentity)
        writer.bytes(8, sender.bytes)
        writer.hash(9, replaces)
        writer.int64(10, height)
        writer.hash(11, headerHash)
        writer.hash(12, seedHash)
    }
}

/// How far the key-release log has come.
package struct SeedReleaseHead: Equatable, Sendable, CanonicalMessage {
    package static let none = SeedReleaseHead(count: 0, hash: Hash32.zero)

    package var count: UInt64
    /// Of the last entry.
    package var hash: Hash32
    /// Of how many, from the first on, the wrapped seeds are no longer kept.
    package var expired: UInt64

    package init(count: UInt64, hash: Hash32, expired: UInt64 = 0) {
        (self.count, self.hash, self.expired) = (count, hash, expired)
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        self.init(count: 0, hash: Hash32.zero)
        while let field = try reader.next() {
            switch field.number {
            case 1: count = try field.uint64()
            case 2: hash = try field.hash()
            case 3: expired = try field.uint64()
            default: throw .notCanonical
            }
        }
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.uint64(1, count)
        writer.hash(2, hash)
        writer.uint64(3, expired)
    }
}
