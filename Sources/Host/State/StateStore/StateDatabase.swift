import Glibc
import KeyValueDatabase
import PublicCryptography
import StateProofs
import Synchronization
import Wire

package enum StateDatabaseError: Error, Equatable {
    case cannotCreate(path: String, errno: Int32)
    case unknownStore(String)
    /// It is there already, or its name is not one that crosses to the enclave.
    case cannotAdd(store: String)
    /// The first commit names none.
    case noStores
    /// Keys have 1 to `StateKey.byteCountMax` bytes.
    case illegalKey(store: String)
    /// The height is not there yet, or no longer.
    case heightNotKept(UInt64)
    /// Heights are committed one after the other.
    case wrongHeight(expected: UInt64, given: UInt64)
    /// Another commit came between preparing and committing.
    case stale
    case damaged(String)
}

/// All stores at all kept heights. Each height has the stores of the one before, and those that a commit adds.
///
/// Usable from every thread. Reads never wait for a commit; commits wait for each other.
package final class StateDatabase: Sendable {
    package struct Options: Sendable {
        /// Address space, not memory or disk: more than the state will ever be.
        package var mapBytes = 64 << 30
        /// Whether a commit has reached the disk when it returns. False is for tests.
        package var isDurable = true

        package init() {}
    }

    /// What is written with a commit, or by itself: `nil` removes.
    package typealias Metadata = [String: [UInt8]?]
    /// By store and key; `nil` removes.
    package typealias Writes = [String: [[UInt8]: [UInt8]?]]

    let environment: LMDBEnvironment
    let heights = Mutex(Heights())

    /// Which heights may be read, and which are being read.
    struct Heights: Sendable {
        var latest: UInt64?
        var oldest: UInt64?
        var held: [UInt64: Int] = [:]
    }

    /// Opens the database in the folder `path`, or creates both.
    package init(path: String, options: Options = Options()) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw StateDatabaseError.cannotCreate(path: path, errno: errno)
        }
        environment = try LMDBEnvironment(
            path: path, mapBytes: options.mapBytes, tables: Table.names, isDurable: options.isDurable)
        let (oldest, latest) = try environment.read { reader in
            let cursor = try reader.cursor(Table.heights)
            return (
                try cursor.first().flatMap { StateKey.number(decoding: $0.key) },
                try cursor.last().flatMap { StateKey.number(decoding: $0.key) }
            )
        }
        heights.withLock { ($0.oldest, $0.latest) = (oldest, latest) }
    }

    /// `nil` before the first commit.
    package var latestHeight: UInt64? { heights.withLock { $0.latest } }

    /// The first height that is still kept.
    package var oldestHeight: UInt64? { heights.withLock { $0.oldest } }

    /// The state after the block of `height`, to be read for as long as the snapshot lives.
    package func snapshot(at height: UInt64) throws -> StateSnapshot {
        try heights.withLock { heights throws(StateDatabaseError) in
            guard let oldest = heights.oldest, let latest = heights.latest, (oldest...latest).contains(height) else {
                throw .heightNotKept(height)
            }
            heights.held[height, default: 0] += 1
        }
        do {
            let roots = try environment.read { try self.roots(at: height, $0) }
            return StateSnapshot(self, height: height, roots: roots)
        } catch {
            release(height)
            throw error
        }
    }

    /// The state after the last block; `nil` before the first commit.
    package func latestSnapshot() throws -> StateSnapshot? {
        try latestHeight.map { try snapshot(at: $0) }
    }

    func release(_ height: UInt64) {
        heights.withLock { heights in
            heights.held[height, default: 1] -= 1
            if heights.held[height] == 0 { heights.held[height] = nil }
        }
    }

    // MARK: - Roots and pages

    struct StoreRoot: Sendable {
        var name: String
        var slot: TreeSlot
    }

    func roots(at height: UInt64, _ reader: LMDBReader) throws -> [StoreRoot] {
        guard var rest = try reader.get(Table.heights, StateKey.number(height)) else {
            throw StateDatabaseError.heightNotKept(height)
        }
        var roots = [StoreRoot]()
        while let count = rest.first {
            guard rest.count > Int(count) else { throw StateDatabaseError.damaged("height \(height)") }
            let name = String(decoding: rest[1...Int(count)], as: UTF8.self)
            rest = MappedBytes(rebasing: rest[(1 + Int(count))...])
            guard let slot = TreeSlot(takingFrom: &rest) else { throw StateDatabaseError.damaged("height \(height)") }
            roots.append(StoreRoot(name: name, slot: slot))
        }
        return roots
    }

    static func encode(_ roots: [StoreRoot]) -> [UInt8] {
        roots.flatMap { [UInt8($0.name.utf8.count)] + Array($0.name.utf8) + $0.slot.bytes }
    }

    static func commitment(_ roots: [StoreRoot]) -> StoreCommitment {
        // The names are sorted wherever stores are added.
        StoreCommitment(roots.map { (name: $0.name, root: $0.slot.hash) })!
    }

    /// As many as cross to the enclave (proto/boundary), and a name that tables can hold.
    static func isStoreName(_ name: String) -> Bool {
        (1...32).contains(name.utf8.count) && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    func page(store: String, height: UInt64, path: [UInt8], depth: Int, _ reader: LMDBReader) throws -> TreePage {
        let key = PageKey.bytes(store: store, height: height, path: path, depth: depth)
        guard let bytes = try reader.get(Table.pages, key), let page = TreePage(bytes) else {
            throw StateDatabaseError.damaged("page of \(store), height \(height), depth \(depth)")
        }
        return page
    }

    /// Forgets every height, for another beginning. Nobody may be reading what there was.
    package func removeAll() throws {
        try environment.write { writer in
            for table in Table.names.indices {
                let cursor = try writer.cursor(table)
                while try cursor.first() != nil { try cursor.remove() }
            }
        }
        heights.withLock { ($0.oldest, $0.latest) = (nil, nil) }
    }

    // MARK: - Metadata and blobs

    package func metaValue(_ name: String) throws -> [UInt8]? {
        try environment.read { try $0.get(Table.metadata, Array(name.utf8)).map { Array($0) } }
    }

    /// Writes metadata by itself; with a block it goes into `commit`.
    package func writeMeta(_ metadata: Metadata) throws {
        try environment.write { try StateDatabase.write(metadata, $0) }
    }

    static func write(_ metadata: Metadata, _ writer: LMDBWriter) throws {
        for (name, value) in metadata {
            if let value {
                try writer.put(Table.metadata, Array(name.utf8), value)
            } else {
                try writer.remove(Table.metadata, Array(name.utf8))
            }
        }
    }

    /// Keeps bytes under their SHA-256; for contract code, which is outside the tree.
    @discardableResult
    package func putBlob(_ bytes: [UInt8]) throws -> Hash32 {
        let hash = SHA256.hash(bytes)
        try environment.write { try $0.put(Table.blobs, hash.bytes, bytes, .unlessPresent) }
        return hash
    }

    /// Without reading it.
    package func blobByteCount(_ hash: Hash32) throws -> Int? {
        try environment.read { try $0.get(Table.blobs, hash.bytes)?.count }
    }

    package func blob(_ hash: Hash32) throws -> [UInt8]? {
        try environment.read { try $0.get(Table.blobs, hash.bytes).map { Array($0) } }
    }
}
