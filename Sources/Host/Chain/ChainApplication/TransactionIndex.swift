import ChainFormats
import ChainInterface
import EnclaveProtocol
import Foundation
import GRDB
import ModuleKit
import PublicCryptography
import Wire

/// Which transactions, by hash, height or event attribute, with their results; kept in SQLite. Their bytes are in the
/// blocks, and nowhere else.
///
/// It follows the state and may lag it by the block that was being committed when the process died: `height` says how
/// far it came, and indexing a block twice changes nothing. Readers pass the announced height, and see nothing above.
package struct TransactionIndex: Sendable {
    let pool: DatabasePool

    /// Attributes with longer values are stored with their transaction, but not searchable.
    private static let valueBytesMax = 512
    /// Below this many bits of a row's number is the position in the block.
    static let positionBits: UInt64 = 20

    /// The file is no database, or not one that this process may use.
    package struct Unusable: Error {
        package var path: String
        package var reason: String
        /// Whether it will be the same at the next start.
        package var isLasting: Bool
    }

    /// What a block came to is longer than an answer may be.
    package struct ResultsTooLong: Error {}

    /// A search would have to look at more entries than one may.
    package struct SearchTooWide: Error {}

    /// How many attributes of one name are looked at where their values do not say which, and how many matches are
    /// counted: what a fraction of a second is enough for.
    package static let entriesMax = 1_000_000

    /// `isDurable` makes each block survive a loss of power, too.
    package init(path: String, isDurable: Bool) throws {
        do {
            pool = try TransactionIndex.open(path, isDurable: isDurable)
        } catch let error as DatabaseError {
            let passing: [ResultCode] = [.SQLITE_FULL, .SQLITE_NOMEM, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_IOERR]
            throw Unusable(
                path: path, reason: error.message ?? "\(error.resultCode)",
                isLasting: !passing.contains(error.resultCode))
        }
    }

    private static func open(_ path: String, isDurable: Bool) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = \(isDurable ? "FULL" : "NORMAL")")
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS blocks (
                        height INTEGER PRIMARY KEY, seconds INTEGER NOT NULL, nanoseconds INTEGER NOT NULL,
                        events BLOB);
                    CREATE TABLE IF NOT EXISTS transactions (
                        number INTEGER PRIMARY KEY, hash BLOB NOT NULL, code INTEGER NOT NULL, result BLOB NOT NULL,
                        proof BLOB);
                    CREATE INDEX IF NOT EXISTS transactions_by_hash ON transactions (hash);
                    CREATE TABLE IF NOT EXISTS attributes (
                        name TEXT NOT NULL, value TEXT NOT NULL, number INTEGER NOT NULL,
                        PRIMARY KEY (name, value, number)) WITHOUT ROWID;
                    CREATE TABLE IF NOT EXISTS block_attributes (
                        name TEXT NOT NULL, value TEXT NOT NULL, height INTEGER NOT NULL,
                        PRIMARY KEY (name, value, height)) WITHOUT ROWID;
                    """)
            // An index of before has none of the blocks that are in it.
            if try !database.columns(in: "blocks").contains(where: { $0.name == "events" }) {
                try database.execute(sql: "ALTER TABLE blocks ADD COLUMN events BLOB")
            }
            // Nor what shows that results are the enclave's.
            if try !database.columns(in: "transactions").contains(where: { $0.name == "proof" }) {
                try database.execute(sql: "ALTER TABLE transactions ADD COLUMN proof BLOB")
            }
            // An earlier version kept the transactions here, too.
            if try database.columns(in: "transactions").contains(where: { $0.name == "bytes" }) {
                try database.execute(sql: "ALTER TABLE transactions DROP COLUMN bytes")
            }
        }
        return pool
    }

    /// How many rows a table has, for tests.
    func count(_ table: String) throws -> Int {
        try pool.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM \(table)") ?? 0 }
    }

    /// The last block that is indexed, or zero.
    package func height() throws -> UInt64 {
        try pool.read { database in
            UInt64(try Int64.fetchOne(database, sql: "SELECT MAX(height) FROM blocks") ?? 0)
        }
    }

    package func add(
        height: UInt64, seconds: Int64, nanoseconds: UInt32, hashes: [Hash32], results: [TransactionResult],
        proofs: [OutputProof?] = [], events: BlockEvents = .none
    ) throws {
        precondition(hashes.count == results.count && hashes.count < 1 << TransactionIndex.positionBits)
        precondition(proofs.isEmpty || proofs.count == results.count)
        try pool.write { database in
            let transaction = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO transactions (number, hash, code, result, proof) VALUES (?, ?, ?, ?, ?)")
            let attribute = try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO attributes (name, value, number) VALUES (?, ?, ?)")
            for (position, result) in results.enumerated() {
                let number = TransactionIndex.number(height: height, position: UInt64(position))
                try transaction.execute(arguments: [
                    number, hashes[position].data, Int64(result.code), result.encoded().data,
                    proofs.isEmpty ? nil : proofs[position]?.encoded().data,
                ])
                for pair in TransactionIndex.searchable(result) {
                    try attribute.execute(arguments: [pair.name, pair.value, number])
                }
            }
            try database.execute(
                sql: "INSERT OR REPLACE INTO blocks (height, seconds, nanoseconds, events) VALUES (?, ?, ?, ?)",
                arguments: [Int64(height), seconds, Int64(nanoseconds), events.encoded.data])
            let ofBlock = try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO block_attributes (name, value, height) VALUES (?, ?, ?)")
            for pair in TransactionIndex.searchable(events.events) {
                try ofBlock.execute(arguments: [pair.name, pair.value, Int64(height)])
            }
        }
    }

    /// Forgets the blocks below `height`, at most `countMax` of them at a time, each with all that is found by it. The
    /// file does not shrink; what is free in it is used again.
    package func prune(below height: UInt64, countMax: Int = TransactionIndex.blocksPrunedAtOnceMax) throws {
        try pool.write { database in
            let heights = try Int64.fetchAll(
                database, sql: "SELECT height FROM blocks WHERE height < ? ORDER BY height LIMIT ?",
                arguments: [Int64(height), countMax])
            guard let first = heights.first, let last = heights.last else { return }
            let range: StatementArguments = [
                TransactionIndex.number(height: UInt64(first), position: 0),
                TransactionIndex.number(height: UInt64(last) + 1, position: 0),
            ]
            // There is no way from a number to its attributes but by what the result says.
            let attribute = try database.cachedStatement(
                sql: "DELETE FROM attributes WHERE name = ? AND value = ? AND number = ?")
            let rows = try Row.fetchCursor(
                database, sql: "SELECT number, result FROM transactions WHERE number >= ? AND number < ?",
                arguments: range)
            while let row = try rows.next() {
                let number = row["number"] as Int64
                let result = try TransactionResult(encoded: Array(row["result"] as Data))
                for pair in TransactionIndex.searchable(result) {
                    try attribute.execute(arguments: [pair.name, pair.value, number])
                }
            }
            let ofBlock = try database.cachedStatement(
                sql: "DELETE FROM block_attributes WHERE name = ? AND value = ? AND height = ?")
            let blocks = try Row.fetchCursor(
                database, sql: "SELECT height, events FROM blocks WHERE height <= ?", arguments: [last])
            while let row = try blocks.next() {
                let stored = (row["events"] as Data?) ?? Data()
                for pair in TransactionIndex.searchable(try BlockEvents(encoded: Array(stored)).events) {
                    try ofBlock.execute(arguments: [pair.name, pair.value, row["height"] as Int64])
                }
            }
            try database.execute(
                sql: "DELETE FROM transactions WHERE number >= ? AND number < ?", arguments: range)
            try database.execute(sql: "DELETE FROM blocks WHERE height <= ?", arguments: [last])
        }
    }

    /// A block forgets one when it is added; more of them only after the setting was made smaller.
    package static let blocksPrunedAtOnceMax = 100

    /// By what a transaction is found.
    private static func searchable(_ result: TransactionResult) -> [(name: String, value: String)] {
        searchable(result.events)
    }

    private static func searchable(_ events: [Event]) -> [(name: String, value: String)] {
        events.flatMap { event in
            event.attributes.filter { $0.value.utf8.count <= valueBytesMax }.map {
                (event.type + "." + $0.key, $0.value)
            }
        }
    }

    static func number(height: UInt64, position: UInt64) -> Int64 {
        Int64(height << positionBits | position)
    }
}

// MARK: - Reading

extension TransactionIndex {
    /// Of several inclusions of the same bytes, the one that succeeded, else the latest.
    package func transaction(hash: Hash32, upTo height: UInt64) throws -> IndexedTransaction? {
        try pool.read { database in
            try Row.fetchOne(
                database,
                sql: TransactionIndex.columns
                    + "WHERE hash = ? AND number < ? ORDER BY code = 0 DESC, number DESC LIMIT 1",
                arguments: [hash.data, TransactionIndex.number(height: height + 1, position: 0)]
            ).map(TransactionIndex.transaction)
        }
    }

    /// The transactions of a block, in its order.
    package func transactions(at height: UInt64) throws -> [IndexedTransaction] {
        try pool.read { database in
            try Row.fetchAll(
                database, sql: TransactionIndex.columns + "WHERE number >= ? AND number < ? ORDER BY number",
                arguments: [
                    TransactionIndex.number(height: height, position: 0),
                    TransactionIndex.number(height: height + 1, position: 0),
                ]
            ).map(TransactionIndex.transaction)
        }
    }

    /// The names of a block's transactions, in its order.
    package func hashes(at height: UInt64) throws -> [Hash32] {
        try pool.read { database in
            try Data.fetchAll(
                database, sql: "SELECT hash FROM transactions WHERE number >= ? AND number < ? ORDER BY number",
                arguments: [
                    TransactionIndex.number(height: height, position: 0),
                    TransactionIndex.number(height: height + 1, position: 0),
                ]
            ).map { Hash32($0)! }
        }
    }

    /// What shows that the result of a transaction is the enclave's; `nil` if no enclave ran it, or if nothing was
    /// kept.
    package func proof(of place: IndexedTransaction) throws -> OutputProof? {
        let number = TransactionIndex.number(height: UInt64(place.height), position: UInt64(place.position))
        return try pool.read { database in
            try Data.fetchOne(database, sql: "SELECT proof FROM transactions WHERE number = ?", arguments: [number])
        }.map { try OutputProof(encoded: Array($0)) }
    }

    /// What a block came to, as clients are shown it; `nil` for one that is not here. Throws `ResultsTooLong` before it
    /// reads more than `bytesMax`.
    package func results(at height: UInt64, bytesMax: Int) throws -> (results: [TransactionResult], events: [Event])? {
        let range: StatementArguments = [
            TransactionIndex.number(height: height, position: 0),
            TransactionIndex.number(height: height + 1, position: 0),
        ]
        return try pool.read { database in
            guard
                let block = try Row.fetchOne(
                    database, sql: "SELECT events FROM blocks WHERE height = ?", arguments: [Int64(height)])
            else { return nil }
            let stored = (block["events"] as Data?) ?? Data()
            let size = try Int.fetchOne(
                database, sql: "SELECT SUM(LENGTH(result)) FROM transactions WHERE number >= ? AND number < ?",
                arguments: range)
            guard stored.count + (size ?? 0) <= bytesMax else { throw ResultsTooLong() }
            let results = try Data.fetchAll(
                database, sql: "SELECT result FROM transactions WHERE number >= ? AND number < ? ORDER BY number",
                arguments: range)
            return (
                try results.map { try TransactionResult(encoded: Array($0)) },
                try BlockEvents(encoded: Array(stored)).events
            )
        }
    }

    static let columns = """
        SELECT number, hash, result,
            (SELECT seconds FROM blocks WHERE height = number >> \(positionBits)) AS seconds,
            (SELECT nanoseconds FROM blocks WHERE height = number >> \(positionBits)) AS nanoseconds
        FROM transactions\u{20}
        """

    static func transaction(_ row: Row) throws -> IndexedTransaction {
        let number = UInt64(bitPattern: row["number"] as Int64)
        let hash = row["hash"] as Data
        let result = row["result"] as Data
        return IndexedTransaction(
            hash: Hash32(hash)!, height: Int64(number >> positionBits),
            position: UInt32(number & (1 << positionBits - 1)),
            time: Timestamp(seconds: row["seconds"], nanoseconds: UInt32(row["nanoseconds"] as Int64)) ?? .goZero,
            result: try TransactionResult(encoded: Array(result)))
    }
}

extension Hash32 {
    var data: Data { Data(bytes) }
}

extension [UInt8] {
    fileprivate var data: Data { Data(self) }
}
