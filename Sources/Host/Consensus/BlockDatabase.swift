import CLMDB
import Glibc

/// What LMDB answered to a call that should have worked.
package struct DatabaseError: Error, CustomStringConvertible {
    package var operation: String
    package var code: Int32
    package var description: String { "\(operation): \(String(cString: mdb_strerror(code)))" }
}

/// An LMDB environment of our own with one table: every write transaction is on disk when it returns.
///
/// Readers on other threads see whole transactions. The map is address space, not memory or disk.
final class BlockDatabase: @unchecked Sendable {
    // LMDB synchronises its environment and its transactions itself.
    private let environment: OpaquePointer
    private let table: MDB_dbi

    static let mapBytes = 1 << 40

    init(folder: String, isDurable: Bool) throws {
        try DurableFile.makeFolder(folder)
        var environment: OpaquePointer?
        try check(mdb_env_create(&environment), "mdb_env_create")
        guard let environment else { throw DatabaseError(operation: "mdb_env_create", code: ENOMEM) }
        do {
            try check(mdb_env_set_mapsize(environment, BlockDatabase.mapBytes), "mdb_env_set_mapsize")
            let flags = MDB_NOTLS | MDB_NORDAHEAD | (isDurable ? 0 : MDB_NOSYNC)
            try check(mdb_env_open(environment, folder, UInt32(flags), 0o600), "mdb_env_open")
            var transaction: OpaquePointer?
            try check(mdb_txn_begin(environment, nil, 0, &transaction), "mdb_txn_begin")
            var table: MDB_dbi = 0
            let opened = mdb_dbi_open(transaction, nil, 0, &table)
            guard opened == 0 else {
                mdb_txn_abort(transaction)
                throw DatabaseError(operation: "mdb_dbi_open", code: opened)
            }
            try check(mdb_txn_commit(transaction), "mdb_txn_commit")
            self.environment = environment
            self.table = table
        } catch {
            mdb_env_close(environment)
            throw error
        }
    }

    deinit { mdb_env_close(environment) }

    struct Transaction {
        fileprivate let pointer: OpaquePointer?
        fileprivate let table: MDB_dbi

        func get(_ key: [UInt8]) throws -> [UInt8]? {
            var value = MDB_val()
            let code = withValue(key) { key in mdb_get(pointer, table, &key, &value) }
            if code == MDB_NOTFOUND { return nil }
            try check(code, "mdb_get")
            return Array(UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size))
        }

        func put(_ key: [UInt8], _ value: [UInt8]) throws {
            let code = withValue(key) { key in withValue(value) { mdb_put(pointer, table, &key, &$0, 0) } }
            try check(code, "mdb_put")
        }

        func remove(_ key: [UInt8]) throws {
            let code = withValue(key) { key in mdb_del(pointer, table, &key, nil) }
            if code != MDB_NOTFOUND { try check(code, "mdb_del") }
        }
    }

    func read<Result>(_ body: (Transaction) throws -> Result) throws -> Result {
        var pointer: OpaquePointer?
        try check(mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &pointer), "mdb_txn_begin")
        defer { mdb_txn_abort(pointer) }
        return try body(Transaction(pointer: pointer, table: table))
    }

    /// All of it or nothing, and on disk.
    func write(_ body: (Transaction) throws -> Void) throws {
        var pointer: OpaquePointer?
        try check(mdb_txn_begin(environment, nil, 0, &pointer), "mdb_txn_begin")
        do {
            try body(Transaction(pointer: pointer, table: table))
        } catch {
            mdb_txn_abort(pointer)
            throw error
        }
        try check(mdb_txn_commit(pointer), "mdb_txn_commit")
    }
}

private func check(_ code: Int32, _ operation: String) throws {
    guard code == 0 else { throw DatabaseError(operation: operation, code: code) }
}

/// LMDB's view of bytes that live for the call; it does not write through it.
private func withValue<Result>(_ bytes: [UInt8], _ body: (inout MDB_val) -> Result) -> Result {
    bytes.withUnsafeBytes { buffer in
        var value = MDB_val(mv_size: buffer.count, mv_data: UnsafeMutableRawPointer(mutating: buffer.baseAddress))
        return body(&value)
    }
}
