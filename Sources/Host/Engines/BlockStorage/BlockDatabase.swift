import DurableFiles
import Glibc
import KeyValueDatabase

/// Where the block store keeps its records: keys and values. A write is wholly there or not at all.
package protocol BlockDatabase: Sendable {
    func get(_ key: [UInt8]) throws -> [UInt8]?
    /// How long a value is, without a copy of it.
    func byteCount(_ key: [UInt8]) throws -> Int?
    func write(_ body: (any BlockWriter) throws -> Void) throws
}

/// One write under way, which sees what it has written.
package protocol BlockWriter {
    func get(_ key: [UInt8]) throws -> [UInt8]?
    func put(_ key: [UInt8], _ value: [UInt8]) throws
    func remove(_ key: [UInt8]) throws
}

/// What LMDB answered to a call on the block database that should have worked.
package struct BlockDatabaseError: Error, CustomStringConvertible {
    package var cause: LMDBError
    package var description: String { cause.description }
}

/// One LMDB environment of one table.
struct LMDBBlockDatabase: BlockDatabase {
    private static let table = 0
    private let environment: LMDBEnvironment

    init(folder: String, isDurable: Bool) throws {
        try DurableFile.makeFolder(folder)
        do {
            environment = try LMDBEnvironment(
                path: folder, mapBytes: Self.mapBytes(of: folder), tables: [nil], isDurable: isDurable,
                readsAhead: false, keepsReaders: false)
        } catch {
            throw BlockDatabaseError(cause: error)
        }
    }

    /// Addresses for the map, which cannot grow while the database is open: a quarter of a terabyte, and four times
    /// what there is. A process has 128 terabytes of them, for all its databases and the memories of contracts.
    private static func mapBytes(of folder: String) -> Int {
        var status = stat()
        return max(1 << 38, stat(folder + "/data.mdb", &status) == 0 ? 4 * Int(status.st_size) : 0)
    }

    func get(_ key: [UInt8]) throws -> [UInt8]? { try read { try $0.get(Self.table, key).map { Array($0) } } }

    func byteCount(_ key: [UInt8]) throws -> Int? { try read { try $0.get(Self.table, key).map(\.count) } }

    private func read<Result>(_ body: (LMDBReader) throws -> Result) throws -> Result {
        do {
            return try environment.read(body)
        } catch let error as LMDBError {
            throw BlockDatabaseError(cause: error)
        }
    }

    func write(_ body: (any BlockWriter) throws -> Void) throws {
        do {
            try environment.write { try body(Writer(transaction: $0)) }
        } catch let error as LMDBError {
            throw BlockDatabaseError(cause: error)
        }
    }

    private struct Writer: BlockWriter {
        let transaction: LMDBWriter

        func get(_ key: [UInt8]) throws -> [UInt8]? {
            try transaction.get(LMDBBlockDatabase.table, key).map { Array($0) }
        }
        func put(_ key: [UInt8], _ value: [UInt8]) throws { try transaction.put(LMDBBlockDatabase.table, key, value) }
        func remove(_ key: [UInt8]) throws { try transaction.remove(LMDBBlockDatabase.table, key) }
    }
}
