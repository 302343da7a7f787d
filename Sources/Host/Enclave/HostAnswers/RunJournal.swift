import EnclaveProtocol
import Glibc
import PublicCryptography

/// The hashes of the facts this host vouched for while it ran a block, kept in a file until another one has some.
///
/// A fact is written before it is said (synchronized when `isDurable`). When the process dies in between, the next run
/// of the same height and header hands the hashes to the enclave, which accepts no other facts: what was once said
/// about a block can only be said again. A journal of another block is void.
///
/// The file: height (8 bytes, big endian), header hash (32), then for each fact its SHA-256 (32) and the first 4 bytes
/// of the hash of that. A last entry that was cut off was never said, and is dropped.
package final class RunJournal {
    package struct Failure: Error, CustomStringConvertible {
        package var operation: String
        package var errorNumber: Int32
        package var description: String { "run journal: \(operation) failed with error \(errorNumber)" }
    }

    /// A second run of a block came to other facts than the first.
    package struct Divergence: Error, CustomStringConvertible {
        package var position: Int
        package var description: String { "run journal: fact \(position) of this run is not that of the run before" }
    }

    /// Of the facts that are to be noted first, since an earlier run noted them, then of those noted since `begin`.
    private(set) var hashes: [Hash32] = []
    private var repeated = 0
    /// Noted and not yet in the file.
    private var unwritten: [UInt8] = []
    /// What the file is to begin with once a fact is written, while it still holds another block's: that block may be
    /// run again, after others, by a node whose state was set back.
    private var newHead: [UInt8]?
    private let descriptor: Int32
    private let isDurable: Bool

    package init(path: String, isDurable: Bool) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(operation: "open", errorNumber: errno) }
        self.isDurable = isDurable
    }

    deinit { close(descriptor) }

    /// Starts a run of a block. `hashes` are then those of an interrupted run of the same block, oldest first.
    package func begin(height: UInt64, headerHash: [UInt8]) throws {
        let head = height.bigEndianBytes + headerHash
        let contents = try readAll()
        repeated = 0
        unwritten = []
        if contents.starts(with: head) {
            let intact: Int
            (hashes, intact) = RunJournal.parse(contents[head.count...])
            if intact < contents.count { try truncate(to: intact) }
            newHead = nil
        } else {
            hashes = []
            newHead = head
        }
    }

    /// Writes a fact down, and all that were noted. After this it may be said.
    package func record(_ fact: VouchedFact) throws {
        try note(fact)
        try write()
    }

    /// A fact that is not said before others are: one `write` is enough for them all.
    package func note(_ fact: VouchedFact) throws {
        let hash = fact.hash
        if repeated < hashes.count {
            guard hashes[repeated] == hash else { throw Divergence(position: repeated) }
        } else {
            hashes.append(hash)
            unwritten += RunJournal.entry(hash)
        }
        repeated += 1
    }

    /// After this all that was noted may be said.
    package func write() throws {
        guard !unwritten.isEmpty else { return }
        if let newHead {
            try truncate(to: 0)
            try append(newHead)
            self.newHead = nil
        }
        try append(unwritten)
        unwritten = []
    }

    private static let checkByteCount = 4
    private static let entryByteCount = Hash32.byteCount + checkByteCount

    private static func entry(_ hash: Hash32) -> [UInt8] {
        hash.bytes + SHA256.hash(hash.bytes).bytes.prefix(checkByteCount)
    }

    private static func parse(_ contents: ArraySlice<UInt8>) -> (hashes: [Hash32], intact: Int) {
        var hashes: [Hash32] = []
        var rest = contents
        while rest.count >= entryByteCount, let hash = Hash32(rest.prefix(Hash32.byteCount)),
            entry(hash).elementsEqual(rest.prefix(entryByteCount))
        {
            hashes.append(hash)
            rest = rest.dropFirst(entryByteCount)
        }
        return (hashes, rest.startIndex)
    }
}

// MARK: - The file

extension RunJournal {
    private func readAll() throws -> [UInt8] {
        var contents: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(descriptor, &buffer, buffer.count, off_t(contents.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(operation: "read", errorNumber: errno) }
            if count == 0 { return contents }
            contents += buffer.prefix(count)
        }
    }

    private func append(_ bytes: [UInt8]) throws {
        guard lseek(descriptor, 0, SEEK_END) >= 0 else { throw Failure(operation: "seek", errorNumber: errno) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(operation: "write", errorNumber: errno) }
            written += count
        }
        if isDurable, fdatasync(descriptor) != 0 { throw Failure(operation: "synchronize", errorNumber: errno) }
    }

    private func truncate(to count: Int) throws {
        guard ftruncate(descriptor, off_t(count)) == 0 else { throw Failure(operation: "truncate", errorNumber: errno) }
    }
}
