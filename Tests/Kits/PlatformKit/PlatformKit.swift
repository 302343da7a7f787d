/// A platform for tests of the enclave: it measures, seals and keeps a record in memory, and dies with the test.
///
/// It keeps the rule of the journal that every platform must (`Platform.writeJournal`), since the enclave's
/// promises rest on it. Its keys are hashes of its name and their labels: they protect nothing.
import Attestation
import EnclavePlatform
import PublicCryptography
import SecretCryptography
import Synchronization

package final class MemoryPlatform: Platform {
    package let measurement: Hash32
    package let facts: PlatformFacts
    private let version: UInt16
    /// Who signed the image and as which product; `nil` for nobody.
    private let publisher: String?
    private let journal = Mutex(JournalRecord.none)
    private let votes = Mutex(JournalRecord.none)
    private let records = Mutex(0)
    /// What the next call on the journal fails with.
    private let failure = Mutex<PlatformError?>(nil)

    /// What its keys depend on besides their labels.
    private let name: String

    /// A machine that was shut down had stored `record`, and `votes`.
    package init(
        facts: PlatformFacts = .simulated, name: String = "", record: JournalRecord = .none,
        votes: JournalRecord = .none, image: String = "measurement", securityVersion: UInt16 = 0,
        publisher: String? = nil
    ) {
        (self.facts, self.name) = (facts, name)
        (measurement, version, self.publisher) = (SHA256.hash(Array(image.utf8)), securityVersion, publisher)
        journal.withLock { $0 = record }
        self.votes.withLock { $0 = votes }
    }

    /// How often a record was stored.
    package var recordCount: Int { records.withLock { $0 } }

    package func fail(with error: PlatformError) { failure.withLock { $0 = error } }

    package func sealingKey(label: String) throws(PlatformError) -> SecretKey {
        guard (1...64).contains(label.utf8.count) else { throw .malformed }
        return SecretKey(copying: SHA256.hash(Array((name + "/" + label).utf8)).bytes)!
    }

    package func securityVersion() throws(PlatformError) -> UInt16 { version }

    package func sealingKey(
        label: String, of owner: KeyOwner, version: UInt16
    ) throws(PlatformError) -> SecretKey {
        guard (1...64).contains(label.utf8.count) else { throw .malformed }
        guard version <= self.version, owner == .measurement || publisher != nil else { throw .refused }
        let whose = owner == .measurement ? Hexadecimal.encode(measurement.bytes) : "by " + (publisher ?? "")
        return SecretKey(copying: SHA256.hash(Array("\(name)/\(whose)/\(version)/\(label)".utf8)).bytes)!
    }

    package func quote(reportData: [UInt8]) throws(PlatformError) -> [UInt8] {
        guard reportData.count == 64 else { throw .malformed }
        return reportData
    }

    package func readJournal() throws(PlatformError) -> JournalRecord {
        try failIfTold()
        return journal.withLock { $0 }
    }

    package func writeJournal(_ record: JournalRecord, after last: JournalRecord) throws(PlatformError) {
        try failIfTold()
        let isNext = journal.withLock { journal in
            guard journal == last, record.follows(last, underAnyHeader: false) else { return false }
            journal = record
            return true
        }
        guard isNext else { throw .refused }
        records.withLock { $0 += 1 }
    }

    package func readVotes() throws(PlatformError) -> JournalRecord {
        try failIfTold()
        return votes.withLock { $0 }
    }

    package func writeVotes(_ record: JournalRecord, after last: JournalRecord) throws(PlatformError) {
        try failIfTold()
        let isNext = votes.withLock { votes in
            guard votes == last, last == .none || record.follows(last, underAnyHeader: true) else { return false }
            votes = record
            return true
        }
        guard isNext else { throw .refused }
        records.withLock { $0 += 1 }
    }

    private func failIfTold() throws(PlatformError) {
        let error = failure.withLock { failure in
            defer { failure = nil }
            return failure
        }
        if let error { throw error }
    }
}

extension JournalRecord {
    /// To a greater height, or to a greater count under the same header, or any.
    fileprivate func follows(_ last: JournalRecord, underAnyHeader: Bool) -> Bool {
        height > last.height
            || (height == last.height && (underAnyHeader || headerHash == last.headerHash) && count > last.count)
    }
}

/// A machine of memory platforms: what it keeps over a restart is what its last one had stored.
package final class MemoryMachine: PlatformMachine {
    private let name: String
    private let publisher: String?
    private var last: MemoryPlatform?
    private var others = 0

    package init(name: String = "machine", publisher: String? = nil) {
        (self.name, self.publisher) = (name, publisher)
    }

    package func boot() throws -> any Platform {
        let platform = MemoryPlatform(
            name: name, record: try last?.readJournal() ?? .none, votes: try last?.readVotes() ?? .none,
            securityVersion: publisher == nil ? 0 : 3, publisher: publisher)
        last = platform
        return platform
    }

    package func other() throws -> any PlatformMachine {
        others += 1
        return MemoryMachine(name: "\(name)/\(others)", publisher: publisher)
    }
}
