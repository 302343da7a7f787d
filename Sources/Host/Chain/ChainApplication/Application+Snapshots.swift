import ChainFormats
import ChainInterface
import DurableFiles
import EnclaveLink
import EnclaveProtocol
import Foundation
import LedgerRecords
import Logging
import ModuleKit
import PublicCryptography
import StateProofs
import StateStore
import Synchronization

/// States that others are being given.
final class HeldStates: Sendable {
    struct Held: Sendable {
        var snapshot: StateSnapshot
        var outline: StateOutline
    }

    private let held = Mutex<[Int64: Held]>([:])
    /// Of the state that was outlined last: the next one differs in little.
    let lastParts = Mutex<StateParts?>(nil)
    let keepRecord = Mutex<@Sendable ([UInt8]) throws -> Void>({ _ in })

    subscript(height: Int64) -> Held? {
        get { held.withLock { $0[height] } }
        set { held.withLock { $0[height] = newValue } }
    }
}

extension Application: StateTransferring {
    package func holdState(at height: Int64) throws -> (outline: [UInt8], chunkCount: Int)? {
        if let held = heldStates[height] { return (held.outline.encoded, held.outline.chunks.count) }
        guard height > 0, let snapshot = try? database.snapshot(at: UInt64(height)) else { return nil }
        let codes = try codeHashes(in: snapshot)
        let parts = try snapshot.parts(
            bytesTarget: StateOutline.bytesTarget, knowing: heldStates.lastParts.withLock { $0 })
        heldStates.lastParts.withLock { $0 = parts }
        let outline = StateOutline(
            commitment: snapshot.commitment, parts: parts.all,
            blobs: try codes.map { ($0, try database.blobByteCount($0) ?? 0) })
        heldStates[height] = .init(snapshot: snapshot, outline: outline)
        return (outline.encoded, outline.chunks.count)
    }

    package func chunk(_ index: Int, ofStateAt height: Int64) throws -> [UInt8]? {
        guard let held = heldStates[height], held.outline.chunks.indices.contains(index) else { return nil }
        let chunk = held.outline.chunks[index]
        return StateChunk(
            parts: try chunk.parts.map { try held.snapshot.entries(of: $0) },
            blobs: try chunk.blobs.map { try code(hash: $0) ?? [] }
        ).encoded
    }

    package func releaseState(at height: Int64) { heldStates[height] = nil }

    /// Of all codes that the state names, each once, in order.
    private func codeHashes(in state: any StateReader) throws -> [Hash32] {
        Set(try Application.codeHashes(of: state.iterate(StoreName.compute, prefix: ComputeStore.codePrefix))).sorted()
    }

    static func codeHashes(of entries: [StateEntry]) throws -> [Hash32] {
        try entries.filter { $0.key.starts(with: ComputeStore.codePrefix) }
            .map { try CodeInfo(decoding: $0.value).codeHash }
    }

    package func beginRestoring(outline bytes: [UInt8], appHash: [UInt8]) throws -> (any StateRestoring)? {
        guard let outline = try? StateOutline(decoding: bytes), outline.isOf(appHash) else { return nil }
        return try RestoredState(self, outline)
    }

    /// To be called with each record of the enclave that belongs to no state yet: it must be what the enclave is opened
    /// with next.
    package func keepRecords(by body: @escaping @Sendable ([UInt8]) throws -> Void) {
        heldStates.keepRecord.withLock { $0 = body }
    }

    /// Makes a state from others this node's first, which `fill` puts together. No block may have been run.
    fileprivate func begin(
        stores: [String], at place: RestoredPlace, filling fill: (StateRestoration) throws -> Void
    ) throws -> Bool {
        try execution.withLock { execution in
            // At most the state of genesis, which others have gone on from.
            guard try database.metaValue(MetadataName.sealedRecord) == nil else { throw RestoreRefusal.notEmpty }
            let restoration = try StateRestoration(of: database, height: UInt64(place.height), stores: stores)
            try fill(restoration)
            guard restoration.applicationHash.bytes == place.appHash else { throw RestoreRefusal.wrongState }
            var sealedRecord: [UInt8] = []
            do {
                for step in place.way {
                    sealedRecord = try execution.lane.advance(
                        Advance(
                            header: step.header, commit: step.commit, validators: step.validators,
                            trustedValidators: step.trustedValidators))
                    // The platform is told of each step: an older record would be behind it.
                    try heldStates.keepRecord.withLock { $0 }(sealedRecord)
                }
            } catch EnclaveError.refused(let failure)
                where [.headerNotTrusted, .headerBeyondTrust, .headerWrongHeight].contains(failure)
            {
                // It knows another set, or the header is too late for it or too early: another state may do.
                logger.warning("the enclave does not go to a state that was given", metadata: ["cause": "\(failure)"])
                return false
            }
            // Nothing is known of what happened in the block: the index begins after it.
            let block = LastBlock(
                height: UInt64(place.height), headerHash: place.headerHash, time: place.time, hashes: [], results: [],
                outputs: [], events: .none)
            try restoration.finish(
                meta: [MetadataName.sealedRecord: sealedRecord, MetadataName.lastBlock: block.encoded()])
            execution.last = block
            let snapshot = try database.snapshot(at: block.height)
            try progress.withLock { progress in
                try progress.follow(snapshot, configuration)
                (progress.committedHeight, progress.committedTime) = (block.height, block.time)
                // As after a start: it is the lowest there is.
                progress.provedHeight = block.height
                progress.indexedHeight = block.height
                progress.announcedHeight = block.height
            }
            try advanceIntake(
                to: snapshot, height: block.height, included: [], touched: [])
            return true
        }
    }
}

package enum RestoreRefusal: Error, Equatable {
    case notEmpty
    case wrongState
}

/// Keeps on disk what has come, each chunk as it came, until all is there: in memory there is one at a time.
private final class RestoredState: StateRestoring {
    private let application: Application
    private let outline: StateOutline
    private let folder: String
    /// Chunks with parts, and then those with codes, once it is known which codes there are.
    private var missing: Set<Int>
    private var missingCodes: Set<Int>
    private var codeHashes: Set<Hash32> = []

    init(_ application: Application, _ outline: StateOutline) throws {
        (self.application, self.outline) = (application, outline)
        folder = application.configuration.folder + "/incoming"
        missing = Set(0..<outline.partChunkCount)
        missingCodes = Set(outline.partChunkCount..<outline.chunks.count)
        // What an attempt left behind that came to no end.
        try? FileManager.default.removeItem(atPath: folder)
        try DurableFile.makeFolder(folder)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func file(_ index: Int) -> String { "\(folder)/\(index)" }

    var chunkCount: Int { outline.chunks.count }

    var wanted: Set<Int> { missing.isEmpty ? missingCodes : missing }

    func take(_ bytes: [UInt8], at index: Int) throws -> RestoreVerdict {
        guard wanted.contains(index) else { return .taken }
        guard let chunk = try? StateChunk(decoding: bytes), chunk.isOf(outline.chunks[index]) else { return .wrong }
        for (part, entries) in zip(outline.chunks[index].parts, chunk.parts) where part.store == StoreName.compute {
            let found = entries.map { StateEntry(key: $0.key, value: $0.value) }
            codeHashes.formUnion(try Application.codeHashes(of: found))
        }
        // It comes again after a crash.
        try DurableFile.replace(file(index), with: bytes, isDurable: false)
        guard missing.remove(index) != nil else {
            missingCodes.remove(index)
            return .taken
        }
        // Which codes there are the state says, and nobody else: an outline has each of them, and no other.
        return missing.isEmpty && codeHashes.sorted() != outline.blobs ? .refused : .taken
    }

    func finish(_ place: RestoredPlace) throws -> Bool {
        try application.begin(stores: outline.commitment.stores.map(\.name), at: place) { restoration in
            for (index, expected) in outline.chunks.enumerated() {
                guard let bytes = try DurableFile.read(file(index)), let chunk = try? StateChunk(decoding: bytes) else {
                    throw RestoreRefusal.wrongState
                }
                var writes: StateDatabase.Writes = [:]
                for (part, entries) in zip(expected.parts, chunk.parts) {
                    for entry in entries { writes[part.store, default: [:]][entry.key] = .some(entry.value) }
                }
                if !writes.isEmpty { try restoration.add(writes) }
                try restoration.add(blobs: chunk.blobs)
            }
        }
    }
}
