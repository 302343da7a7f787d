import ChainInterface
import Foundation
import GRDB
import PublicCryptography

// Searches of transactions and of blocks, by the same conditions over the same kind of table.

extension TransactionIndex {
    /// A page of what meets all conditions, and how much there is in all. Throws `SearchTooWide` before it looks at
    /// more than `entriesMax` of anything.
    package func search(
        _ search: TransactionSearch, upTo height: UInt64, entriesMax: Int = TransactionIndex.entriesMax
    ) throws -> (page: [IndexedTransaction], total: Int) {
        try pool.read { database in
            var filter = Filter("number < ?", [TransactionIndex.number(height: height + 1, position: 0)])
            for condition in search.conditions {
                try filter.add(condition, Subject.transactions, in: database, entriesMax: entriesMax)
            }
            let total = try TransactionIndex.count(Subject.transactions, filter, in: database, entriesMax: entriesMax)
            let order = search.isDescending ? "DESC" : "ASC"
            let page = try Row.fetchAll(
                database,
                sql: TransactionIndex.columns + "WHERE " + filter.text + " ORDER BY number \(order) LIMIT ? OFFSET ?",
                arguments: filter.arguments + [search.limit, search.offset])
            return (try page.map(TransactionIndex.transaction), total)
        }
    }

    /// The same of blocks, which are told by their heights.
    package func search(
        _ search: BlockSearch, upTo height: UInt64, entriesMax: Int = TransactionIndex.entriesMax
    ) throws -> (page: [Int64], total: Int) {
        try pool.read { database in
            var filter = Filter("height <= ?", [Int64(clamping: height)])
            for condition in search.conditions {
                try filter.add(condition, Subject.blocks, in: database, entriesMax: entriesMax)
            }
            let total = try TransactionIndex.count(Subject.blocks, filter, in: database, entriesMax: entriesMax)
            let order = search.isDescending ? "DESC" : "ASC"
            let page = try Int64.fetchAll(
                database,
                sql: "SELECT height FROM blocks WHERE " + filter.text + " ORDER BY height \(order) LIMIT ? OFFSET ?",
                arguments: filter.arguments + [search.limit, search.offset])
            return (page, total)
        }
    }

    private static func count(
        _ subject: Subject, _ filter: Filter, in database: Database, entriesMax: Int
    ) throws -> Int {
        let count = try Int.fetchOne(
            database,
            sql: "SELECT COUNT(*) FROM (SELECT 1 FROM \(subject.table) WHERE \(filter.text) LIMIT ?)",
            arguments: filter.arguments + [entriesMax + 1])
        guard let count, count <= entriesMax else { throw SearchTooWide() }
        return count
    }

    /// Where something stands, and its attributes.
    private struct Subject {
        var table: String
        var attributes: String
        var key: String

        static let transactions = Subject(table: "transactions", attributes: "attributes", key: "number")
        static let blocks = Subject(table: "blocks", attributes: "block_attributes", key: "height")
    }

    /// Conditions of SQL, all of which hold, with what stands for their question marks.
    private struct Filter {
        private(set) var text: String
        private(set) var arguments: StatementArguments

        init(_ text: String, _ arguments: StatementArguments) { (self.text, self.arguments) = (text, arguments) }

        mutating func add(
            _ condition: TransactionSearch.Condition, _ subject: Subject, in database: Database, entriesMax: Int
        ) throws {
            let entries = "SELECT \(subject.key) FROM \(subject.attributes) WHERE name = ?"
            switch condition {
            case .attribute(let name, let value):
                add("\(subject.key) IN (\(entries) AND value = ?)", [name, value])
            case .attributeExists(let name):
                try requireFew(name, subject, in: database, entriesMax)
                add("\(subject.key) IN (\(entries))", [name])
            case .attributeContains(let name, let text):
                try requireFew(name, subject, in: database, entriesMax)
                add("\(subject.key) IN (\(entries) AND INSTR(value, ?) > 0)", [name, text])
            case .attributeNumber(let name, let range):
                try requireFew(name, subject, in: database, entriesMax)
                // SQLite takes the digits that a text begins with, and the largest number for more than it knows.
                add(
                    "\(subject.key) IN (\(entries) AND value GLOB '[0-9]*' AND CAST(value AS INTEGER) BETWEEN ? AND ?)",
                    [name, range.lowerBound, range.upperBound])
            case .hash(let hash): add("hash = ?", [hash.data])
            case .heights(let range):
                let bits = Int64(TransactionIndex.positionBits)
                let last = UInt64(min(max(range.upperBound, 0), Int64.max >> bits - 1))
                let first = min(UInt64(max(range.lowerBound, 0)), last + 1)
                if subject.key == "height" {
                    add("height >= ? AND height <= ?", [Int64(first), Int64(last)])
                } else {
                    add(
                        "number >= ? AND number < ?",
                        [
                            TransactionIndex.number(height: first, position: 0),
                            TransactionIndex.number(height: last + 1, position: 0),
                        ])
                }
            }
        }

        private mutating func add(_ text: String, _ arguments: StatementArguments) {
            self.text += " AND " + text
            self.arguments += arguments
        }

        /// Every entry of the name is looked at, whatever else the search says.
        private func requireFew(_ name: String, _ subject: Subject, in database: Database, _ entriesMax: Int) throws {
            let count = try Int.fetchOne(
                database,
                sql: "SELECT COUNT(*) FROM (SELECT 1 FROM \(subject.attributes) WHERE name = ? LIMIT ?)",
                arguments: [name, entriesMax + 1])
            guard let count, count <= entriesMax else { throw SearchTooWide() }
        }
    }
}
