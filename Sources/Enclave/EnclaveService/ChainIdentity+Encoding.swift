import Attestation
import ChainModel
import EnclaveProtocol
import PublicCryptography

extension ChainIdentity {
    /// Refuses an identity that no chain can have. The host chose it, and it is fixed with the seed for ever.
    func check() throws(Failure) {
        guard (1...50).contains(chainID.utf8.count), initialHeight >= 1, initialHeight <= UInt64(Int64.max / 2),
            initialValidatorsHash.count == Hash32.byteCount,
            Timestamp(seconds: genesisSeconds, nanoseconds: genesisNanoseconds) != nil,
            attestationRoots.allSatisfy({ $0.spkiSHA256.count == Hash32.byteCount })
        else { throw .identityRefused }
        // One chain never has both kinds of root, and a production chain no simulated one.
        let kinds = Set(attestationRoots.map(\.kind))
        guard kinds.count <= 1, !(profile == .production && kinds.contains(.simulated)) else { throw .identityRefused }
    }

    /// The canonical bytes that the network seed, the sealed record and report data are bound to.
    var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.string(1, chainID)
            writer.int64(2, genesisSeconds)
            writer.uint64(3, UInt64(genesisNanoseconds))
            writer.uint64(4, initialHeight)
            writer.bytes(5, initialValidatorsHash)
            for root in attestationRoots {
                writer.message(6) { item in
                    item.string(1, root.name)
                    item.bytes(2, root.spkiSHA256)
                    item.uint64(3, UInt64(root.kind.rawValue))
                }
            }
            writer.uint64(7, UInt64(profile.rawValue))
        }
    }

    init(decoding bytes: [UInt8]) throws(ProtobufError) {
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
            default: throw .illegalValue(field: field.number)
            }
        }
    }
}

extension TrustRoot {
    /// `nil` for a hash of the wrong length, which `check` has refused.
    init?(chainIdentity root: AttestationRoot) {
        guard let hash = Hash32(root.spkiSHA256) else { return nil }
        self.init(name: root.name, kind: root.kind == .hardware ? .hardware : .simulated, publicKeyInfoHash: hash)
    }
}

extension AttestationRoot {
    fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(ProtobufError) {
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

/// What a quote of ours signs: 64 bytes, made only inside.
package enum ReportData {
    /// SHA-256 over a tag, the chain's identity and both public keys, then zeros.
    package static func network(identity: [UInt8], ioPublicKey: [UInt8], seedExchangePublicKey: [UInt8]) -> [UInt8] {
        let tag = Array("cloister/network-keys/1".utf8)
        let digest = SHA256.hash(tag + SHA256.hash(identity).bytes + ioPublicKey + seedExchangePublicKey)
        return digest.bytes + [UInt8](repeating: 0, count: 32)
    }
}
