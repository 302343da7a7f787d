import PublicCryptography
import Wire

/// The store `register`: the network's public exchange keys, which enclaves it approves, its registered nodes, and the
/// log of whom it gave its seeds.
package enum RegisterStore {
    /// The public key to which clients encrypt.
    package static let ioExchangeKey: [UInt8] = [2] + Array("IoExchMasterKey".utf8)
    package static let nodeExchangeKey: [UInt8] = [2] + Array("NodeExchMasterKey".utf8)
    package static let nodePrefix: [UInt8] = [1]

    /// A `RegistrationPolicy` (module `Attestation`).
    package static let policyKey: [UInt8] = [3]
    /// `PendingRegistrations`: whose evidence was appraised in the block before, and for whom the next one wraps the
    /// seeds.
    package static let pendingKey: [UInt8] = [4]
    /// A `SeedReleaseHead`.
    package static let releaseHeadKey: [UInt8] = [5]
    /// `SeedRelease`s by their numbers, from 1.
    package static let releasePrefix: [UInt8] = [6]
    /// `RecordedCollateral` (module `Attestation`) by the machines that it is for.
    package static let collateralPrefix: [UInt8] = [7]

    /// A `KeyEpoch`, where keys are exchanged.
    package static let epochKey: [UInt8] = [8]

    package static func releaseKey(_ number: UInt64) -> [UInt8] { releasePrefix + number.bigEndianBytes }

    package static func collateralKey(machines: [UInt8]) -> [UInt8] { collateralPrefix + machines }

    package static func nodeKey(publicKey: [UInt8]) -> [UInt8] { nodePrefix + publicKey }

    /// `MasterKey{bytes=1}`.
    package static func encodeMasterKey(_ key: Hash32) -> [UInt8] {
        ProtobufWriter.encode { $0.bytes(1, key.bytes) }
    }

    package static func masterKey(decoding value: [UInt8]) -> Hash32? {
        var reader = ProtobufReader(value)
        guard let field = try? reader.next(), field.number == 1, let bytes = try? field.slice(),
            (try? reader.next()) == .some(nil)
        else { return nil }
        return Hash32(bytes)
    }
}
