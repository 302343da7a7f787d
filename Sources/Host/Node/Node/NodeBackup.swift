import BlockStorage
import ChainApplication
import ChainInterface
import DurableFiles
import Foundation
import Glibc
import KeyValueDatabase
import PublicCryptography
import StateStore
import StrictJSON

/// A copy of what a node can be brought up from again: state, blocks, index, genesis and settings. The node may run
/// meanwhile.
///
/// What must never exist twice, or come back older than it was, is not in it: a validator's key in a file, the record
/// of what it signed, the launcher's folder (which is the machine), the log of consensus. The state, and a key that the
/// enclave has, are sealed for the machine and the enclave that wrote them. Elsewhere a backup opens nothing.
package struct NodeBackup: Sendable {
    package let folder: String
    package let chainID: String
    /// The last block whose state is in it, and the last block.
    package let stateHeight: UInt64
    package let blockHeight: Int64
    fileprivate let files: [File]

    fileprivate struct File: Sendable {
        var path: String
        var byteCount: Int
        var hash: Hash32
    }

    private static let manifest = "backup.json"
    private static let format = 1
    private static let state = "data/application/state"
    private static let blocks = "data/consensus/blocks"
    private static let index = "data/application/transactions.sqlite"
    private static let database = "/data.mdb"
    /// Small files that never change while a node runs, or not so that it matters.
    private static let plain = [
        "config/genesis.json", "config/node.toml", "config/node_key.json", "data/genesis.sha256", "data/measurement",
        "data/enclave-image", "data/bootstrap.sealed", "data/platform-name", "config/priv_validator_enclave.json",
        "config/join.json", "data/registration.cert", "data/encrypted-seed",
    ]
    /// Of a node that stands: what the newest block is run again by.
    private static let journal = "data/application/run-journal"

    /// Nothing else is ever put into a node's folder.
    private static let known = Set(plain + [journal, index, state + database, blocks + database])

    // MARK: - Making one

    /// Copies the node in `home` to the new folder `target`.
    package init(of home: NodeHome, to target: String) throws {
        let target = (target as NSString).standardizingPath
        guard !FileManager.default.fileExists(atPath: target) else {
            throw NodeFault("there is something already", path: target, remedy: "say a folder that is not there")
        }
        try home.requireOwnUser()
        try StateFiles.requireWhole(home)
        guard FileManager.default.fileExists(atPath: home.folder + "/" + Self.state + Self.database) else {
            throw NodeFault("no block was run here yet: there is nothing to copy", path: home.application)
        }
        // A node that runs goes on, and one that is started meanwhile is not kept from it.
        let stands = !HomeLock.isHeld(home)
        let partial = target + ".partial"
        try? FileManager.default.removeItem(atPath: partial)
        do {
            // Blocks after the state, so that there is no state without its block; the index last, since it is never
            // more than a block behind the state.
            for folder in [Self.state, Self.blocks] {
                let (from, to) = (home.folder + "/" + folder, partial + "/" + folder)
                try FileManager.default.createDirectory(
                    atPath: to, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try LMDBCopy.copy(from: from, to: to)
            }
            try TransactionIndex.copy(from: home.folder + "/" + Self.index, to: partial + "/" + Self.index)
            try FileManager.default.createDirectory(
                atPath: partial + "/config", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for path in Self.plain + (stands && !HomeLock.isHeld(home) ? [Self.journal] : [])
            where FileManager.default.fileExists(atPath: home.folder + "/" + path) {
                try FileManager.default.copyItem(atPath: home.folder + "/" + path, toPath: partial + "/" + path)
            }
            (chainID, stateHeight, blockHeight) = try Self.heights(partial)
            folder = target
            files = try Self.list(partial)
            try DurableFile.replace(partial + "/" + Self.manifest, with: Array(manifestText.utf8))
            for file in files { try Self.sync(partial + "/" + file.path) }
            guard rename(partial, target) == 0 else { throw FileError("rename", partial) }
            try DurableFile.syncFolder(of: target)
        } catch {
            try? FileManager.default.removeItem(atPath: partial)
            throw error
        }
    }

    private static func heights(_ folder: String) throws -> (chainID: String, state: UInt64, blocks: Int64) {
        let copy = NodeHome(folder)
        let state = try Application.openState(folder: copy.application, isDurable: false).latestHeight ?? 0
        let blocks = try BlockStore(folder: copy.consensus + "/blocks", isDurable: false).bounds()?.upperBound ?? 0
        for path in [Self.state, Self.blocks] {
            try? FileManager.default.removeItem(atPath: folder + "/" + path + "/lock.mdb")
        }
        return (try GenesisFile(copy).document.chainID, state, blocks)
    }

    private static func list(_ folder: String) throws -> [File] {
        let paths = (FileManager.default.enumerator(atPath: folder)?.allObjects ?? []).compactMap { $0 as? String }
        return try paths.sorted().compactMap { path in
            var status = stat()
            guard stat(folder + "/" + path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            return File(path: path, byteCount: Int(status.st_size), hash: try hash(folder + "/" + path))
        }
    }

    private static func hash(_ path: String) throws -> Hash32 {
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? handle.close() }
        var hasher = SHA256.Hasher()
        while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty { hasher.update(chunk) }
        return hasher.finalize()
    }

    private static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError("fsync", path) }
    }

    private var manifestText: String {
        let lines = files.map { file in
            JSONWriter.text(
                of: .object([
                    ("path", .string(file.path)), ("bytes", .number(file.byteCount)),
                    ("sha256", .string("\(file.hash)")),
                ]))
        }
        return """
            {
              "format": \(Self.format), "chain_id": \(JSONWriter.text(of: .string(chainID))),
              "version": "\(NodeVersion.text)", "state_height": \(stateHeight), "block_height": \(blockHeight),
              "files": [
                \(lines.joined(separator: ",\n    "))
              ]
            }

            """
    }

    // MARK: - Reading one

    /// A backup that is whole.
    package init(_ folder: String) throws {
        let folder = (folder as NSString).standardizingPath
        self.folder = folder
        let path = folder + "/" + Self.manifest
        guard let bytes = try DurableFile.read(path) else {
            throw NodeFault("there is no backup", exit: .data, path: path)
        }
        guard let json = try? JSONReader.parse(bytes, limits: JSONLimits(bytesMax: 1 << 20)),
            json["format"]?.integer() == Self.format, let chainID = json["chain_id"]?.string,
            let stateHeight: UInt64 = json["state_height"]?.integer(),
            let blockHeight: Int64 = json["block_height"]?.integer(), let list = json["files"]?.array
        else { throw NodeFault("this is no backup that this program made", exit: .data, path: path) }
        files = try list.map { file in
            guard let path = file["path"]?.string, Self.known.contains(path),
                let byteCount: Int = file["bytes"]?.integer(),
                let hash = file["sha256"]?.string.flatMap(Hexadecimal.decode).flatMap({ Hash32($0) })
            else { throw NodeFault("this is no backup that this program made", exit: .data, path: folder) }
            return File(path: path, byteCount: byteCount, hash: hash)
        }
        (self.chainID, self.stateHeight, self.blockHeight) = (chainID, stateHeight, blockHeight)
        for file in files {
            let place = folder + "/" + file.path
            guard FileManager.default.fileExists(atPath: place), try Self.hash(place) == file.hash else {
                throw NodeFault("is not what the backup was made with", exit: .data, path: place)
            }
        }
    }

    // MARK: - Putting it back

    /// Puts the backup into `home`, whose own are moved aside. With `keepsBlocks` the blocks there stay, and those
    /// after the backup's state run again; with `blocks` they come from a backup of another node of the chain.
    ///
    /// The validator's key and its record stay as they are.
    ///
    /// - Returns: what the operator should know now.
    package func restore(
        into home: NodeHome, keepsBlocks: Bool = false, blocks: NodeBackup? = nil
    ) throws -> [String] {
        for path in ["/config", "/data"] {
            try FileManager.default.createDirectory(
                atPath: home.folder + path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        try home.requireOwnUser()
        let lock = try HomeLock(home)
        defer { withExtendedLifetime(lock) {} }
        let source = blocks ?? self
        guard source.chainID == chainID else {
            throw NodeFault("is a backup of chain \(source.chainID), not of \(chainID)", path: source.folder)
        }
        if home.exists {
            let chain = try GenesisFile(home).document.chainID
            guard chain == chainID else {
                throw NodeFault(
                    "is a backup of chain \(chainID), and \(home.folder) is a node of \(chain)", path: folder)
            }
        }
        if keepsBlocks { try requireBlocks(of: home) }
        if source.blockHeight < Int64(stateHeight) {
            throw NodeFault(
                "its blocks end at height \(source.blockHeight), before the state's \(stateHeight)", path: source.folder
            )
        }
        var said: [String] = []
        let away = try aside(home, keepsBlocks ? [Self.parent(Self.state)] : ["data/application", "data/consensus"])
        if let away { said.append("what was there is in \(away); remove it once the node is well") }
        for file in files where !(keepsBlocks || blocks != nil) || !file.path.hasPrefix(Self.blocks + "/") {
            try copy(file, to: home)
        }
        // Of the blocks that stay, the newest has none after it, and is run again by what was said of it then.
        if keepsBlocks, let away { try keepJournal(of: home, from: away) }
        for file in (blocks?.files ?? []) where file.path.hasPrefix(Self.blocks + "/") {
            try blocks?.copy(file, to: home)
        }
        try DurableFile.syncFolder(of: home.folder + "/data/application")
        let exists = { FileManager.default.fileExists(atPath: $0) }
        switch (exists(home.validatorKey), exists(home.validatorState)) {
        case (true, true): break
        case _ where exists(home.sealedValidatorKey): break
        case (true, false):
            said.append(
                "the record of what the validator signed is not here, and no backup has it: put its newest copy to "
                    + "\(home.validatorState), or give the node a new key")
        case (false, _):
            said.append("no validator's key is here, and no backup has one: put yours there, with its record")
        }
        said.append(
            "state at height \(stateHeight), blocks "
                + (keepsBlocks ? "as they were" : "to height \(source.blockHeight)"))
        return said
    }

    private static func parent(_ path: String) -> String { (path as NSString).deletingLastPathComponent }

    /// All blocks that the state of the backup needs must be there.
    private func requireBlocks(of home: NodeHome) throws {
        let path = home.folder + "/" + Self.blocks
        try StateFiles.requireWhole(database: path + Self.database)
        let bounds = try BlockStore(folder: path, isDurable: false).bounds()
        guard let bounds, bounds.contains(Int64(stateHeight)) else {
            throw NodeFault(
                "the blocks here are \(bounds.map { "\($0.lowerBound) to \($0.upperBound)" } ?? "none"), and the backup's "
                    + "state is at height \(stateHeight)", exit: .data, path: path, remedy: "restore the blocks, too")
        }
    }

    /// Moves what is there to a folder of its own; the name of the folder if there was something.
    private func aside(_ home: NodeHome, _ paths: [String]) throws -> String? {
        let there = paths.filter { FileManager.default.fileExists(atPath: home.folder + "/" + $0) }
        guard !there.isEmpty else { return nil }
        var number = 1
        while FileManager.default.fileExists(atPath: home.folder + "/data/before-restore-\(number)") { number += 1 }
        let away = home.folder + "/data/before-restore-\(number)"
        try FileManager.default.createDirectory(
            atPath: away, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for path in there {
            let name = (path as NSString).lastPathComponent
            guard rename(home.folder + "/" + path, away + "/" + name) == 0 else { throw FileError("rename", path) }
        }
        return away
    }

    private func keepJournal(of home: NodeHome, from away: String) throws {
        let (old, target) = (away + "/application/run-journal", home.folder + "/" + Self.journal)
        guard FileManager.default.fileExists(atPath: old) else { return }
        try? FileManager.default.removeItem(atPath: target)
        try FileManager.default.copyItem(atPath: old, toPath: target)
        try Self.sync(target)
    }

    /// Files outside the databases are kept where there are some.
    private func copy(_ file: File, to home: NodeHome) throws {
        let target = home.folder + "/" + file.path
        guard !FileManager.default.fileExists(atPath: target) else { return }
        try FileManager.default.createDirectory(
            atPath: Self.parent(target), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try FileManager.default.copyItem(atPath: folder + "/" + file.path, toPath: target)
        try Self.sync(target)
    }
}
