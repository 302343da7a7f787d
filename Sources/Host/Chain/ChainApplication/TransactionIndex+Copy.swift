import Foundation
import GRDB

extension TransactionIndex {
    /// Writes one state of the index at `path` to the new file `target`, in as little room as it takes. Another process
    /// may use the index meanwhile.
    package static func copy(from path: String, to target: String) throws {
        try queue(path).writeWithoutTransaction { database in
            try database.execute(sql: "VACUUM INTO ?", arguments: [target])
        }
    }

    /// Gives back the room that forgotten rows took. Nobody else may use the index meanwhile.
    package static func compact(_ path: String) throws {
        try queue(path).writeWithoutTransaction { database in
            try database.execute(sql: "VACUUM")
            _ = try database.checkpoint(.truncate)
        }
    }

    private static func queue(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busySeconds)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static let busySeconds: TimeInterval = 10
}
