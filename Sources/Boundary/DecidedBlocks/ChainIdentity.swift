import PublicCryptography
import Wire

/// What makes this chain this chain; it exists before the seed does.
package struct ChainIdentity: Equatable, Sendable {
    package enum Profile: UInt32, Sendable { case development = 1, production = 2 }
    package var chainID: String
    package var genesisSeconds: Int64
    package var genesisNanoseconds: UInt32
    package var initialHeight: UInt64
    package var initialValidatorsHash: [UInt8]
    package var attestationRoots: [AttestationRoot]
    package var profile: Profile
    /// After a block that holds its nonce an enclave answers so often, and for so much block time; zero where it needs
    /// none.
    package var leaseAnswers: UInt32
    package var leaseSeconds: UInt32
    /// After so many blocks the keys that clients and contracts encrypt with are exchanged for others, and for so many
    /// of these messages to the key before are opened still; zero where keys stay.
    package var epochBlocks: UInt32
    package var epochGraceBlocks: UInt32

    package init(
        chainID: String, genesisSeconds: Int64, genesisNanoseconds: UInt32, initialHeight: UInt64,
        initialValidatorsHash: [UInt8], attestationRoots: [AttestationRoot], profile: Profile,
        leaseAnswers: UInt32 = 0, leaseSeconds: UInt32 = 0, epochBlocks: UInt32 = 0, epochGraceBlocks: UInt32 = 0
    ) {
        self.chainID = chainID
        self.genesisSeconds = genesisSeconds
        self.genesisNanoseconds = genesisNanoseconds
        self.initialHeight = initialHeight
        self.initialValidatorsHash = initialValidatorsHash
        self.attestationRoots = attestationRoots
        self.profile = profile
        self.leaseAnswers = leaseAnswers
        self.leaseSeconds = leaseSeconds
        self.epochBlocks = epochBlocks
        self.epochGraceBlocks = epochGraceBlocks
    }

    package var rotatesKeys: Bool { epochBlocks > 0 }
}

/// A key that evidence on this chain may end in.
package struct AttestationRoot: Equatable, Sendable {
    package enum Kind: UInt32, Sendable { case simulated = 1, hardware = 2 }
    package var name: String
    package var spkiSHA256: [UInt8]
    package var kind: Kind
    package init(name: String, spkiSHA256: [UInt8], kind: Kind) {
        (self.name, self.spkiSHA256, self.kind) = (name, spkiSHA256, kind)
    }
}

extension ChainIdentity {
    /// The canonical bytes that the network seed, the sealed record and report data are bound to.
    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.string(1, chainID)
            writer.int64(2, genesisSeconds)
            writer.uint64(3, UInt64(genesisNanoseconds))
            writer.uint64(4, initialHeight)
            writer.bytes(5, initialValidatorsHash)
            for root in attestationRoots { writer.message(6, root.encoded) }
            writer.uint64(7, UInt64(profile.rawValue))
            writer.uint64(8, UInt64(leaseAnswers))
            writer.uint64(9, UInt64(leaseSeconds))
            writer.uint64(10, UInt64(epochBlocks))
            writer.uint64(11, UInt64(epochGraceBlocks))
        }
    }

    package init(decoding bytes: [UInt8]) throws(ProtobufError) {
        self.init(
            chainID: "", genesisSeconds: 0, genesisNanoseconds: 0, initialHeight: 0, initialValidatorsHash: [],
            attestationRoots: [], profile: .development)
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: chainID = try field.string()
            case 2: genesisSeconds = try field.int64()
            case 3: genesisNanoseconds = try field.uint32()
            case 4: initialHeight = try field.uint64()
            case 5: initialValidatorsHash = try field.bytes()
            case 6: attestationRoots.append(try AttestationRoot(decoding: try field.slice()))
            case 7:
                guard let profile = Profile(rawValue: try field.uint32()) else { throw .illegalValue(field: 7) }
                self.profile = profile
            case 8: leaseAnswers = try field.uint32()
            case 9: leaseSeconds = try field.uint32()
            case 10: epochBlocks = try field.uint32()
            case 11: epochGraceBlocks = try field.uint32()
            default: throw .illegalValue(field: field.number)
            }
        }
    }
}

extension AttestationRoot {
    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.string(1, name)
            writer.bytes(2, spkiSHA256)
            writer.uint64(3, UInt64(kind.rawValue))
        }
    }

    package init(decoding bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        self.init(name: "", spkiSHA256: [], kind: .simulated)
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: name = try field.string()
            case 2: spkiSHA256 = try field.bytes()
            case 3:
                guard let kind = Kind(rawValue: try field.uint32()) else { throw .illegalValue(field: 3) }
                self.kind = kind
            default: throw .illegalValue(field: field.number)
            }
        }
    }
}
