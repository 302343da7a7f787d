import Foundation
import Glibc
import PublicCryptography
import StrictJSON

/// The chains that a user has encrypted to, with the key and the enclave each of them had: what was verified once, and
/// what another key is noticed by (as SSH knows hosts). A file of the user's home that nobody else may write.
package struct KnownChains: Sendable {
    package struct Entry: Equatable, Sendable {
        package var chainID: String
        package var ioExchangeKey: Hash32
        /// What the enclave proved of itself; `nil` if the node's word was taken.
        package var proved: Proved?
        /// Where the chain was met, as the user wrote it.
        package var nodes: [String]
        /// The newest state of which an enclave answered the user.
        package var shown: Shown?

        package init(chainID: String, ioExchangeKey: Hash32, proved: Proved?, nodes: [String], shown: Shown? = nil) {
            (self.chainID, self.ioExchangeKey, self.proved, self.nodes) = (chainID, ioExchangeKey, proved, nodes)
            self.shown = shown
        }

        package func isAt(_ node: String) -> Bool {
            let place = NodePlace.canonical(node)
            return nodes.contains { NodePlace.canonical($0).utf8.elementsEqual(place.utf8) }
        }

        /// By bytes: a `String` with the Kelvin sign in it would be equal to one with a K.
        package func isOf(_ chainID: String) -> Bool { self.chainID.utf8.elementsEqual(chainID.utf8) }
    }

    package struct Proved: Equatable, Sendable {
        package var identityHash: Hash32
        package var measurement: Hash32
        package var root: Hash32
        package var rootIsSimulated: Bool
        /// The chain had no root but that one when it was met; `false` too where an earlier version kept nothing of it.
        package var hasOneRoot: Bool

        package init(
            identityHash: Hash32, measurement: Hash32, root: Hash32, rootIsSimulated: Bool, hasOneRoot: Bool = false
        ) {
            (self.identityHash, self.measurement, self.root) = (identityHash, measurement, root)
            (self.rootIsSimulated, self.hasOneRoot) = (rootIsSimulated, hasOneRoot)
        }
    }

    /// A state, by the header that proves it.
    package struct Shown: Equatable, Sendable {
        package var height: Int64
        package var headerHash: Hash32
        package var seconds: Int64

        package init(height: Int64, headerHash: Hash32, seconds: Int64) {
            (self.height, self.headerHash, self.seconds) = (height, headerHash, seconds)
        }
    }

    package let path: String

    package init(home: URL) { path = home.appendingPathComponent("known_chains.json").path }

    /// In the order of their names.
    package func entries() throws -> [Entry] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        guard let data = FileManager.default.contents(atPath: path),
            let json = try? JSONReader.parse(Array(data), limits: JSONLimits(bytesMax: 1 << 20)),
            let list = json["chains"]?.array
        else { throw unreadable }
        return try list.map { item in
            guard let chainID = item["chain_id"]?.string, let key = Self.hash(item["io_exchange_key"]) else {
                throw unreadable
            }
            var proved: Proved?
            if let part = item["proved"], !part.isNull {
                guard let identity = Self.hash(part["identity"]), let measurement = Self.hash(part["measurement"]),
                    let root = Self.hash(part["root"]), let isSimulated = part["root_is_simulated"]?.bool
                else { throw unreadable }
                proved = Proved(
                    identityHash: identity, measurement: measurement, root: root, rootIsSimulated: isSimulated,
                    hasOneRoot: part["has_one_root"]?.bool ?? false)
            }
            var shown: Shown?
            if let part = item["shown"], !part.isNull {
                guard let height = part["height"]?.string.flatMap({ Int64($0) }), let hash = Self.hash(part["header"]),
                    let seconds = part["seconds"]?.string.flatMap({ Int64($0) })
                else { throw unreadable }
                shown = Shown(height: height, headerHash: hash, seconds: seconds)
            }
            return Entry(
                chainID: chainID, ioExchangeKey: key, proved: proved,
                nodes: (item["nodes"]?.array ?? []).compactMap(\.string), shown: shown)
        }
    }

    package func entry(_ chainID: String) throws -> Entry? {
        try entries().first { $0.isOf(chainID) }
    }

    /// Adds an entry, or takes the place of the one of its chain.
    package func save(_ entry: Entry) throws {
        var list = try entries().filter { !$0.isOf(entry.chainID) }
        list.append(entry)
        try write(list)
    }

    /// Whether the chain was known.
    package func forget(_ chainID: String) throws -> Bool {
        let list = try entries()
        let rest = list.filter { !$0.isOf(chainID) }
        guard rest.count < list.count else { return false }
        try write(rest)
        return true
    }

    package static func json(_ entry: Entry) -> JSONValue {
        .object([
            ("chain_id", .string(entry.chainID)),
            ("io_exchange_key", .string(Base64.encode(entry.ioExchangeKey.bytes))),
            (
                "proved",
                entry.proved.map { proved in
                    .object([
                        ("identity", .string(Base64.encode(proved.identityHash.bytes))),
                        ("measurement", .string(proved.measurement.description)),
                        ("root", .string(proved.root.description)),
                        ("root_is_simulated", .bool(proved.rootIsSimulated)),
                        ("has_one_root", .bool(proved.hasOneRoot)),
                    ])
                } ?? .null
            ),
            ("nodes", .array(entry.nodes.map { .string($0) })),
            (
                "shown",
                entry.shown.map { shown in
                    .object([
                        ("height", .string(String(shown.height))), ("header", .string(shown.headerHash.description)),
                        ("seconds", .string(String(shown.seconds))),
                    ])
                } ?? .null
            ),
        ])
    }

    private var unreadable: ClientError {
        ClientError(
            .invalidInput, "\(path) is not readable",
            details: ["It holds the keys of the chains you have used. Restore it; or remove it, and verify them again."]
        )
    }

    /// Hexadecimal or Base64: 32 bytes have different lengths in each.
    private static func hash(_ json: JSONValue?) -> Hash32? {
        guard let text = json?.string else { return nil }
        return (text.utf8.count == 64 ? Hexadecimal.decode(text) : Base64.decode(text)).flatMap { Hash32($0) }
    }

    private func write(_ list: [Entry]) throws {
        let sorted = list.sorted { $0.chainID.utf8.lexicographicallyPrecedes($1.chainID.utf8) }
        let json = JSONValue.object([("chains", .array(sorted.map(Self.json)))])
        try PrivateFile.replace(path, with: JSONWriter.bytes(of: json) + [0x0a])
    }
}

/// Files that the user alone may read, replaced as a whole.
enum PrivateFile {
    static func replace(_ path: String, with bytes: [UInt8]) throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // Made with its permissions, so that nobody can open it before they are set.
        let temporary = path + ".\(getpid()).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        let isWritten = bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
                guard count > 0 else { return false }
                done += count
            }
            return fsync(descriptor) == 0
        }
        close(descriptor)
        guard isWritten, rename(temporary, path) == 0 else {
            unlink(temporary)
            throw failure(path)
        }
    }

    private static func failure(_ path: String) -> ClientError {
        ClientError(.invalidInput, "cannot write \(path): \(String(cString: strerror(errno)))")
    }
}
