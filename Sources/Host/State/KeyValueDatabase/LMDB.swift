import CLMDB
import Synchronization

/// What went wrong in the database, by LMDB's own number.
package struct LMDBError: Error, Equatable, CustomStringConvertible {
    package var operation: String
    package var number: Int32

    package var description: String { "\(operation): \(String(cString: mdb_strerror(number)))" }
}

private func check(_ number: Int32, _ operation: String) throws(LMDBError) {
    guard number == 0 else { throw LMDBError(operation: operation, number: number) }
}

/// A memory-mapped file of tables. Readers never wait and see the last commit before they began; there is one writer at
/// a time.
package final class LMDBEnvironment: @unchecked Sendable {
    // Shared: LMDB's environment may be used by every thread. A transaction may not; see the two below.
    fileprivate let pointer: OpaquePointer
    private let idle = Mutex<[LMDBReader]>([])
    private let keepsReaders: Bool
    static let readersMax: UInt32 = 1024
    fileprivate let tableCount: Int
    fileprivate private(set) var tables: [MDB_dbi] = []

    /// `path` is a folder that exists. A table without a name is the database's own, which a database with named
    /// tables must not use. `isDurable` false leaves it to the system when a commit reaches the disk: for tests.
    /// `keepsReaders` makes the next read cheaper, and asks that no other environment of this process ever opens the
    /// folder, even after this one has done its work: closing one takes the readers of all.
    package init(
        path: String, mapBytes: Int, tables names: [String?], isDurable: Bool, readsAhead: Bool = true,
        keepsReaders: Bool = true
    ) throws(LMDBError) {
        self.keepsReaders = keepsReaders
        var environment: OpaquePointer?
        try check(mdb_env_create(&environment), "create")
        pointer = environment!
        tableCount = names.count
        try check(mdb_env_set_mapsize(pointer, mapBytes), "set the size of the map")
        try check(mdb_env_set_maxdbs(pointer, MDB_dbi(names.count)), "set the number of tables")
        try check(mdb_env_set_maxreaders(pointer, Self.readersMax), "set the number of readers")
        let flags =
            UInt32(MDB_NOTLS) | (isDurable ? 0 : UInt32(MDB_NOSYNC)) | (readsAhead ? 0 : UInt32(MDB_NORDAHEAD))
        try check(mdb_env_open(pointer, path, flags, 0o600), "open \(path)")
        var transaction: OpaquePointer?
        try check(mdb_txn_begin(pointer, nil, 0, &transaction), "begin")
        for name in names {
            var table = MDB_dbi()
            try check(mdb_dbi_open(transaction, name, UInt32(MDB_CREATE), &table), "open table \(name ?? "")")
            tables.append(table)
        }
        try check(mdb_txn_commit(transaction), "commit")
    }

    deinit {
        idle.withLock { $0.removeAll() }
        mdb_env_close(pointer)
    }

    /// Runs `body` on one consistent view. Bytes it gets live until it returns.
    package func read<Result>(_ body: (LMDBReader) throws -> Result) throws -> Result {
        let reader = try idle.withLock { $0.popLast() }?.renewed() ?? LMDBReader(self)
        defer {
            if keepsReaders {
                reader.reset()
                idle.withLock { $0.append(reader) }
            }
        }
        return try body(reader)
    }

    /// Runs `body` in the one write transaction, and commits unless it throws.
    package func write<Result>(_ body: (LMDBWriter) throws -> Result) throws -> Result {
        var transaction: OpaquePointer?
        try check(mdb_txn_begin(pointer, nil, 0, &transaction), "begin")
        let writer = LMDBWriter(transaction: transaction!, environment: self)
        let result: Result
        do {
            result = try body(writer)
        } catch {
            writer.closeCursors()
            mdb_txn_abort(transaction)
            throw error
        }
        writer.closeCursors()
        try check(mdb_txn_commit(transaction), "commit")
        return result
    }
}

/// Bytes inside the map.
package typealias MappedBytes = UnsafeRawBufferPointer

extension MDB_val {
    fileprivate var mapped: MappedBytes { MappedBytes(start: mv_data, count: mv_size) }
}

/// Calls `body` with the bytes as LMDB takes them; it does not keep them.
private func withValue<Result>(_ bytes: [UInt8], _ body: (inout MDB_val) -> Result) -> Result {
    bytes.withUnsafeBytes { buffer in
        var value = MDB_val(mv_size: buffer.count, mv_data: UnsafeMutableRawPointer(mutating: buffer.baseAddress))
        return body(&value)
    }
}

/// A walk over one table in the order of its keys.
package struct LMDBCursor {
    fileprivate let pointer: OpaquePointer
    package typealias Entry = (key: MappedBytes, value: MappedBytes)

    /// The first entry whose key is not before `key`.
    package func seek(_ key: [UInt8]) throws(LMDBError) -> Entry? {
        var value = MDB_val()
        var found = MDB_val()
        let number = withValue(key) { key in
            let number = mdb_cursor_get(pointer, &key, &value, MDB_SET_RANGE)
            found = key
            return number
        }
        return try entry(number, found, value)
    }

    package func first() throws(LMDBError) -> Entry? { try move(MDB_FIRST) }
    package func last() throws(LMDBError) -> Entry? { try move(MDB_LAST) }
    package func next() throws(LMDBError) -> Entry? { try move(MDB_NEXT) }
    package func previous() throws(LMDBError) -> Entry? { try move(MDB_PREV) }

    /// Removes the entry the cursor stands on; `next` then gives the one behind it.
    package func remove() throws(LMDBError) {
        try check(mdb_cursor_del(pointer, 0), "remove")
    }

    private func move(_ operation: MDB_cursor_op) throws(LMDBError) -> Entry? {
        var (key, value) = (MDB_val(), MDB_val())
        let number = mdb_cursor_get(pointer, &key, &value, operation)
        return try entry(number, key, value)
    }

    private func entry(_ number: Int32, _ key: MDB_val, _ value: MDB_val) throws(LMDBError) -> Entry? {
        if number == MDB_NOTFOUND { return nil }
        try check(number, "walk")
        return (key.mapped, value.mapped)
    }
}

/// One view of the database, used by one thread at a time.
package final class LMDBReader: @unchecked Sendable {
    // Handed from thread to thread by the environment's pool, never shared: LMDB allows that with MDB_NOTLS.
    private let transaction: OpaquePointer
    private var cursors: [OpaquePointer?]
    private var isFresh: [Bool]
    private let tables: [MDB_dbi]

    fileprivate init(_ environment: LMDBEnvironment) throws(LMDBError) {
        var transaction: OpaquePointer?
        try check(mdb_txn_begin(environment.pointer, nil, UInt32(MDB_RDONLY), &transaction), "begin to read")
        self.transaction = transaction!
        tables = environment.tables
        cursors = Array(repeating: nil, count: environment.tableCount)
        isFresh = Array(repeating: true, count: environment.tableCount)
    }

    deinit {
        for cursor in cursors { if let cursor { mdb_cursor_close(cursor) } }
        mdb_txn_abort(transaction)
    }

    fileprivate func renewed() throws(LMDBError) -> LMDBReader {
        try check(mdb_txn_renew(transaction), "renew")
        for index in isFresh.indices { isFresh[index] = false }
        return self
    }

    fileprivate func reset() {
        mdb_txn_reset(transaction)
    }

    package func get(_ table: Int, _ key: [UInt8]) throws(LMDBError) -> MappedBytes? {
        var value = MDB_val()
        let number = withValue(key) { mdb_get(transaction, tables[table], &$0, &value) }
        if number == MDB_NOTFOUND { return nil }
        try check(number, "get")
        return value.mapped
    }

    /// The reader's one cursor of a table.
    package func cursor(_ table: Int) throws(LMDBError) -> LMDBCursor {
        if let cursor = cursors[table] {
            if !isFresh[table] { try check(mdb_cursor_renew(transaction, cursor), "renew a cursor") }
            isFresh[table] = true
            return LMDBCursor(pointer: cursor)
        }
        var cursor: OpaquePointer?
        try check(mdb_cursor_open(transaction, tables[table], &cursor), "open a cursor")
        cursors[table] = cursor
        isFresh[table] = true
        return LMDBCursor(pointer: cursor!)
    }
}

/// The write transaction that is under way.
package final class LMDBWriter {
    package enum Mode {
        case anywhere
        /// The key is behind all others of its table.
        case append
        case unlessPresent
    }

    private let transaction: OpaquePointer
    private let environment: LMDBEnvironment
    private var cursors: [OpaquePointer?]

    fileprivate init(transaction: OpaquePointer, environment: LMDBEnvironment) {
        (self.transaction, self.environment) = (transaction, environment)
        cursors = Array(repeating: nil, count: environment.tableCount)
    }

    package func get(_ table: Int, _ key: [UInt8]) throws(LMDBError) -> MappedBytes? {
        var value = MDB_val()
        let number = withValue(key) { mdb_get(transaction, environment.tables[table], &$0, &value) }
        if number == MDB_NOTFOUND { return nil }
        try check(number, "get")
        return value.mapped
    }

    package func put(_ table: Int, _ key: [UInt8], _ value: [UInt8], _ mode: Mode = .anywhere) throws(LMDBError) {
        let flags: UInt32 =
            switch mode {
            case .anywhere: 0
            case .append: UInt32(MDB_APPEND)
            case .unlessPresent: UInt32(MDB_NOOVERWRITE)
            }
        let number = withValue(key) { key in
            withValue(value) { mdb_put(transaction, environment.tables[table], &key, &$0, flags) }
        }
        if mode == .unlessPresent, number == MDB_KEYEXIST { return }
        try check(number, "put")
    }

    /// Whether there was something to remove.
    @discardableResult
    package func remove(_ table: Int, _ key: [UInt8]) throws(LMDBError) -> Bool {
        let number = withValue(key) { mdb_del(transaction, environment.tables[table], &$0, nil) }
        if number == MDB_NOTFOUND { return false }
        try check(number, "remove")
        return true
    }

    /// The writer's one cursor of a table.
    package func cursor(_ table: Int) throws(LMDBError) -> LMDBCursor {
        if let cursor = cursors[table] { return LMDBCursor(pointer: cursor) }
        var cursor: OpaquePointer?
        try check(mdb_cursor_open(transaction, environment.tables[table], &cursor), "open a cursor")
        cursors[table] = cursor
        return LMDBCursor(pointer: cursor!)
    }

    fileprivate func closeCursors() {
        for cursor in cursors { if let cursor { mdb_cursor_close(cursor) } }
        cursors = []
    }
}
