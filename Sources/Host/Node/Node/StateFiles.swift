import Foundation
import Glibc

/// Looks at what a home holds before anything is built on it.
enum StateFiles {
    /// Refuses databases that were cut: LMDB maps its file and believes what the file says of its own length, so that
    /// reading behind the end would be the death of the process by a signal.
    static func requireWhole(_ home: NodeHome) throws {
        for folder in [home.application + "/state", home.consensus + "/blocks"] {
            try requireWhole(database: folder + "/data.mdb")
        }
    }

    /// A home without any record of its chain may begin one only if there is none: the seeds of a network cannot be
    /// made a second time, and a new network under old blocks would be refused far from the cause.
    static func requireBeginning(_ home: NodeHome) throws {
        let exists = FileManager.default.fileExists(atPath:)
        guard !exists(home.bootstrapRecord) else { return }
        let traces = [home.genesisHash, home.measurement, home.consensus + "/blocks/data.mdb"]
        guard let trace = traces.first(where: exists) else { return }
        throw NodeFault(
            """
            the sealed record of this chain is gone, and so is the state that holds a newer one: without either nobody \
            can open what the contracts hold
            """, exit: .data, path: home.bootstrapRecord, cause: "that there was a chain shows \(trace)",
            remedy: "restore data/bootstrap.sealed or data/application from a backup")
    }

    // MARK: - LMDB's file

    /// What the first two pages say (LMDB 0.9, `MDB_meta`, 64 bits).
    private struct Meta {
        static let magic: UInt32 = 0xBEEF_C0DE
        var pageBytes: UInt64
        /// The roots of the free list and of the main table; `nil` where there is none.
        var roots: [UInt64]
        var transaction: UInt64

        init?(_ page: [UInt8]) {
            func number<Value: FixedWidthInteger>(_ offset: Int, _: Value.Type) -> Value {
                page.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self)) }
            }
            guard page.count >= 152, number(16, UInt32.self) == Meta.magic else { return nil }
            pageBytes = UInt64(number(40, UInt32.self))
            roots = [number(80, UInt64.self), number(128, UInt64.self)].filter { $0 != .max }
            transaction = number(144, UInt64.self)
        }
    }

    static func requireWhole(database path: String) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return }
            throw NodeFault(
                "cannot open it", exit: .data, path: path, cause: String(cString: strerror(errno)),
                remedy: "give it to the user that runs the node")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            throw NodeFault("cannot look at it", exit: .failed, path: path, cause: String(cString: strerror(errno)))
        }
        // Without a byte it is new, and LMDB writes its first pages.
        guard status.st_size > 0 else { return }
        let size = UInt64(status.st_size)
        func page(at offset: UInt64) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = pread(file, &bytes, bytes.count, off_t(offset))
            return Array(bytes.prefix(max(count, 0)))
        }
        let damaged = NodeFault(
            "the database is damaged or cut", exit: .data, path: path, cause: "it has \(size) bytes",
            remedy: "restore the whole folder from a backup")
        guard let first = Meta(page(at: 0)), (256...65_536).contains(first.pageBytes),
            let second = Meta(page(at: first.pageBytes))
        else { throw damaged }
        let newest = first.transaction >= second.transaction ? first : second
        // The last pages may never have been written: only where the trees begin is certain. What is missing further
        // down is found when it is read (MapFault).
        guard newest.roots.allSatisfy({ $0 < size / first.pageBytes }), size >= 2 * first.pageBytes else {
            throw damaged
        }
    }
}
