import BlockStorage
import ChainApplication
import ChainFormats
import DurableFiles
import Foundation
import Glibc
import KeyValueDatabase
import StateStore

/// Gives room back to the disk: databases forget what the settings no longer keep, and are written anew without the
/// room that this leaves. LMDB's file by itself never shrinks.
package struct Compaction: Sendable {
    package struct Part: Sendable {
        package var name: String
        package var bytesBefore: Int
        package var bytesAfter: Int
    }

    package let parts: [Part]

    /// The node must not run.
    package init(_ home: NodeHome, _ configuration: NodeConfiguration) throws {
        try home.requireOwnUser()
        let lock = try HomeLock(home)
        defer { withExtendedLifetime(lock) {} }
        try StateFiles.requireWhole(home)
        var parts: [Part] = []
        let state = home.application + "/state"
        if FileManager.default.fileExists(atPath: state + "/data.mdb") {
            try Self.forget(home, configuration)
            parts.append(try Self.compact("state", state, isDurable: configuration.isDurable))
        }
        let blocks = home.consensus + "/blocks"
        if FileManager.default.fileExists(atPath: blocks + "/data.mdb") {
            parts.append(try Self.compact("blocks", blocks, isDurable: configuration.isDurable))
        }
        let index = home.application + "/transactions.sqlite"
        if FileManager.default.fileExists(atPath: index) {
            let before = Self.bytes(index)
            try TransactionIndex.compact(index)
            parts.append(Part(name: "index", bytesBefore: before, bytesAfter: Self.bytes(index)))
        }
        self.parts = parts
    }

    /// As a running node does from time to time.
    private static func forget(_ home: NodeHome, _ configuration: NodeConfiguration) throws {
        let database = try Application.openState(folder: home.application, isDurable: configuration.isDurable)
        guard let latest = database.latestHeight else { return }
        if configuration.statesKept > 0, latest > configuration.statesKept {
            try database.prune(upTo: latest - configuration.statesKept)
        }
        if configuration.transactionHeightsKept > 0, latest > configuration.transactionHeightsKept {
            let index = try TransactionIndex(
                path: home.application + "/transactions.sqlite", isDurable: configuration.isDurable)
            try index.prune(below: latest - configuration.transactionHeightsKept, countMax: .max)
        }
        let store = try BlockStore(folder: home.consensus + "/blocks", isDurable: configuration.isDurable)
        guard configuration.blocksKept > 0, let state = try store.state(), let top = try store.bounds()?.upperBound
        else { return }
        let first = top - Int64(configuration.blocksKept) + 1
        // Small steps, since each is one transaction.
        while let bounds = try store.bounds(), bounds.lowerBound < first {
            try store.prune(below: first, expires: state.isExpired)
            guard try store.bounds() != bounds else { break }
        }
    }

    private static func compact(_ name: String, _ folder: String, isDurable: Bool) throws -> Part {
        let file = folder + "/data.mdb"
        let before = bytes(file)
        let new = folder + ".compact"
        try? FileManager.default.removeItem(atPath: new)
        try FileManager.default.createDirectory(
            atPath: new, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        do {
            try LMDBCopy.copy(from: folder, to: new)
        } catch {
            try? FileManager.default.removeItem(atPath: new)
            throw error
        }
        let descriptor = open(new + "/data.mdb", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open", new) }
        defer { close(descriptor) }
        // Whatever the profile: the old file goes.
        guard fsync(descriptor) == 0 else { throw FileError("fsync", new) }
        guard rename(new + "/data.mdb", file) == 0 else { throw FileError("rename", file) }
        try DurableFile.syncFolder(of: file)
        try? FileManager.default.removeItem(atPath: new)
        return Part(name: name, bytesBefore: before, bytesAfter: bytes(file))
    }

    /// What the file takes of the disk.
    private static func bytes(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_blocks) * 512 : 0
    }
}
