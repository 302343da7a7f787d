import PublicCryptography
import Wire

/// A state that a node gives to others, as CometBFT's peers and ABCI name it.
package struct SnapshotDescription: Hashable, Sendable {
    /// The only form there is: `SnapshotManifest`, the chunks of the state, the block of the height.
    package static let currentFormat: UInt32 = 1
    /// More than a state has that a node could put together.
    package static let chunksMax: UInt32 = 65_538

    package var height: Int64
    package var format: UInt32
    package var chunks: UInt32
    /// Of the manifest, which is the first chunk: the same on all nodes.
    package var hash: [UInt8]

    package init(height: Int64, format: UInt32, chunks: UInt32, hash: [UInt8]) {
        (self.height, self.format, self.chunks, self.hash) = (height, format, chunks, hash)
    }
}

/// The first chunk: what there will be, and why it can be believed.
package struct SnapshotManifest: Hashable, Sendable {
    /// As much as a chunk may have.
    package static let byteCountMax = 15_000_000

    /// Where the chain stood, with its proof: the engine's business.
    package var point: [UInt8]
    /// In which chunks the state comes: the application's.
    package var outline: [UInt8]

    package init(point: [UInt8], outline: [UInt8]) { (self.point, self.outline) = (point, outline) }

    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            writer.bytes(1, point)
            writer.bytes(2, outline)
        }
    }

    /// A peer chose the bytes.
    package init(decoding bytes: [UInt8]) throws(ProtobufError) {
        self.init(point: [], outline: [])
        guard bytes.count <= SnapshotManifest.byteCountMax else { throw .tooMany(field: 1) }
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: point = try field.bytes()
            case 2: outline = try field.bytes()
            default: throw .notCanonical
            }
        }
    }
}

/// A state that is being put together from what peers say.
package protocol StateRestoring: AnyObject {
    var chunkCount: Int { get }
    /// Those that can be taken now, in any order, each once. None are left when all are there.
    var wanted: Set<Int> { get }
    func take(_ chunk: [UInt8], at index: Int) throws -> RestoreVerdict
    /// Makes the state last, as that of this height, once all chunks are there. The enclave's head moves with it.
    /// `false`, and nothing has changed, if the enclave does not go there.
    func finish(_ place: RestoredPlace) throws -> Bool
}

package enum RestoreVerdict: Sendable {
    case taken
    /// Not what stands under the application hash: who sent it lies, and it must come from somebody else.
    case wrong
    /// What was said to belong to the state does not, or not all of it.
    case refused
}

/// Where a restored state stands in its chain.
package struct RestoredPlace: Sendable {
    package var height: Int64
    package var time: Timestamp
    package var headerHash: Hash32
    package var appHash: [UInt8]
    /// What the enclave is shown, one after the other: the last is the height's own.
    package var way: [Step]

    package struct Step: Sendable {
        package var header: [UInt8]
        package var commit: [UInt8]
        package var validators: [UInt8]
        /// The set that the enclave's head names before.
        package var trustedValidators: [UInt8]

        package init(header: [UInt8], commit: [UInt8], validators: [UInt8], trustedValidators: [UInt8]) {
            (self.header, self.commit, self.validators) = (header, commit, validators)
            self.trustedValidators = trustedValidators
        }
    }

    package init(height: Int64, time: Timestamp, headerHash: Hash32, appHash: [UInt8], way: [Step]) {
        (self.height, self.time, self.headerHash, self.appHash) = (height, time, headerHash, appHash)
        self.way = way
    }
}

/// An application whose states others can be given, and that can begin with one of theirs. From any thread, but for
/// `beginRestoring`, which is for an application that has no state yet.
package protocol StateTransferring: AnyObject, Sendable {
    /// The outline of the state after a height, which is kept from now on until it is released; `nil` if it is gone.
    func holdState(at height: Int64) throws -> (outline: [UInt8], chunkCount: Int)?
    /// A chunk of a state that is held.
    func chunk(_ index: Int, ofStateAt height: Int64) throws -> [UInt8]?
    func releaseState(at height: Int64)
    /// `nil` if this is no outline of the state with that application hash.
    func beginRestoring(outline: [UInt8], appHash: [UInt8]) throws -> (any StateRestoring)?
}
