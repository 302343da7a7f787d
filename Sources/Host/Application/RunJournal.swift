import EnclaveProtocol
import Glibc
import PublicCryptography

/// The facts this host vouched for while it ran a block, kept in a file until the block is committed.
///
/// A fact is written before it is said (one `write`; synchronized when `isDurable`). When the process dies in between,
/// the next run of the same height and header hands the facts to the enclave, which accepts no others: what was once
/// said about a block can only be said again. A journal of another block is void.
///
/// The file: height (8 bytes, big endian), header hash (32), then for each fact its length (4), the first 4 bytes of
/// its SHA-256, and its bytes. A last entry that was cut off was never said, and is dropped.
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

    /// Facts that the next `record` calls must repeat, then those recorded since `begin`.
    private var facts: [[UInt8]] = []
    private var repeated = 0
    private let descriptor: Int32
    private let isDurable: Bool

    package init(path: String, isDurable: Bool) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(operation: "open", errorNumber: errno) }
        self.isDurable = isDurable
    }

    deinit { close(descriptor) }

    /// Starts a run of a block.
    ///
    /// - Returns: the facts of an interrupted run of the same block, oldest first.
    package func begin(height: UInt64, headerHash: [UInt8]) throws -> [[UInt8]] {
        let head = RunJournal.bigEndian(height, byteCount: 8) + headerHash
        let contents = try readAll()
        repeated = 0
        if contents.starts(with: head) {
            let intact: Int
            (facts, intact) = RunJournal.parse(contents[head.count...])
            if intact < contents.count { try truncate(to: intact) }
        } else {
            facts = []
            try truncate(to: 0)
            try append(head)
        }
        return facts
    }

    /// Writes a fact down. After this it may be said.
    package func record(_ fact: VouchedFact) throws {
        if repeated < facts.count {
            guard facts[repeated] == fact.bytes else { throw Divergence(position: repeated) }
            repeated += 1
            return
        }
        let digest = SHA256.hash(fact.bytes).bytes.prefix(4)
        try append(RunJournal.bigEndian(UInt64(fact.bytes.count), byteCount: 4) + digest + fact.bytes)
        facts.append(fact.bytes)
        repeated += 1
    }

    /// The block is committed: nothing of it can be run again.
    package func clear() throws {
        facts = []
        repeated = 0
        try truncate(to: 0)
    }

    private static func parse(_ contents: ArraySlice<UInt8>) -> (facts: [[UInt8]], intact: Int) {
        var facts: [[UInt8]] = []
        var rest = contents
        while rest.count >= 8 {
            let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard rest.count - 8 >= count else { break }
            let fact = Array(rest.dropFirst(8).prefix(count))
            guard SHA256.hash(fact).bytes.prefix(4).elementsEqual(rest.dropFirst(4).prefix(4)) else { break }
            facts.append(fact)
            rest = rest.dropFirst(8 + count)
        }
        return (facts, rest.startIndex)
    }

    private static func bigEndian(_ value: UInt64, byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (byteCount - 1 - $0))) }
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
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, $0.count - written) }
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
