import Attestation
import EnclavePlatform
import PlatformKit
import PublicCryptography
import SecretCryptography
import Synchronization
import Testing

@Suite("EnclavePlatform: what every platform does") struct PlatformSuiteTests {
    @Test("the platform in memory keeps each promise", arguments: PlatformCase.all)
    func memory(each: PlatformCase) {
        #expect(throws: Never.self) { try each.check(MemoryMachine()) }
        #expect(throws: Never.self) { try each.check(MemoryMachine(publisher: "somebody")) }
    }

    @Test(
        "a platform that breaks a promise is caught by the cases that name it", arguments: BrokenPlatform.Fault.allCases
    )
    func broken(fault: BrokenPlatform.Fault) throws {
        let failing = PlatformCase.all.filter { each in
            do {
                try each.check(BrokenMachine(fault, name: "machine"))
                return false
            } catch { return true }
        }
        #expect(Set(failing.map(\.name)) == fault.caughtBy)
    }
}

/// A memory platform with one fault.
final class BrokenPlatform: Platform {
    enum Fault: CaseIterable {
        case keyOfThisBoot, oneKeyForAll, keyOfEveryMachine, emptyQuote, forgetsJournal, forgetsLast, goesBack
        case anotherEachTime, forgetsVotes, votesGoBack, oneRecordForBoth
        case oneKeyForAllVersions, keyOfLaterVersions, publishersKeyIsOwn

        var caughtBy: Set<String> {
            switch self {
            case .keyOfThisBoot:
                [
                    "a sealing key is the same again after a restart",
                    "each version up to its own has a key of its own, the same again after a restart",
                    "the publisher's key is none of the image's, or there is none",
                ]
            case .oneKeyForAllVersions:
                ["each version up to its own has a key of its own, the same again after a restart"]
            case .keyOfLaterVersions: ["no version has the key of a later one"]
            case .publishersKeyIsOwn: ["the publisher's key is none of the image's, or there is none"]
            case .oneKeyForAll: ["each label has a key of its own"]
            case .keyOfEveryMachine: ["no other machine has the key"]
            case .emptyQuote: ["a quote carries the report data that it was asked for"]
            case .forgetsJournal:
                [
                    "a stored record is there after a restart",
                    "a record that was refused before a restart leaves no trace after it",
                ]
            case .forgetsLast:
                [
                    "a record follows the last one that was stored, and no other",
                    "of lanes that write at once after the same record, one wins",
                ]
            case .goesBack:
                [
                    "no record goes back, or beside the last one",
                    "a record that was refused before a restart leaves no trace after it",
                ]
            case .forgetsVotes, .oneRecordForBoth: ["votes have a record of their own, over a restart"]
            case .votesGoBack: ["a record of votes goes forward from the last one, under any header"]
            case .anotherEachTime: ["who it is stays the same over a restart, and is more than nothing"]
            }
        }
    }

    let measurement: Hash32
    let facts = PlatformFacts.simulated
    private let fault: Fault
    private let boot: Int
    private let honest: MemoryPlatform
    private let stored: Mutex<JournalRecord>
    private let votes: Mutex<JournalRecord>

    init(_ fault: Fault, name: String, boot: Int, record: JournalRecord, votes: JournalRecord) {
        (self.fault, self.boot) = (fault, boot)
        measurement = SHA256.hash([fault == .anotherEachTime ? UInt8(boot) : 0])
        let shown = fault == .keyOfEveryMachine ? "" : name
        honest = MemoryPlatform(
            name: fault == .keyOfThisBoot ? "\(shown)\(boot)" : shown, record: record, securityVersion: 3,
            publisher: "somebody")
        stored = Mutex(record)
        self.votes = Mutex(votes)
    }

    func sealingKey(label: String) throws(PlatformError) -> SecretKey {
        guard fault == .oneKeyForAll, (1...64).contains(label.utf8.count) else {
            return try honest.sealingKey(label: label)
        }
        return try honest.sealingKey(label: "label")
    }

    func securityVersion() throws(PlatformError) -> UInt16 { 3 }

    func sealingKey(label: String, of owner: KeyOwner, version: UInt16) throws(PlatformError) -> SecretKey {
        let shown = fault == .oneKeyForAllVersions && version <= 3 ? 0 : version
        return try honest.sealingKey(
            label: label, of: fault == .publishersKeyIsOwn ? .measurement : owner,
            version: fault == .keyOfLaterVersions ? min(shown, 3) : shown)
    }

    func quote(reportData: [UInt8]) throws(PlatformError) -> [UInt8] {
        let quote = try honest.quote(reportData: reportData)
        return fault == .emptyQuote ? [] : quote
    }

    func readJournal() throws(PlatformError) -> JournalRecord { stored.withLock { $0 } }

    func writeJournal(_ record: JournalRecord, after last: JournalRecord) throws(PlatformError) {
        let isTaken = stored.withLock { stored in
            let isNext = stored == last || fault == .forgetsLast
            let isForward =
                record.height > last.height
                || (record.height == last.height && record.headerHash == last.headerHash && record.count > last.count)
            guard isNext, isForward || fault == .goesBack else { return false }
            stored = record
            return true
        }
        if !isTaken { throw .refused }
    }

    func readVotes() throws(PlatformError) -> JournalRecord { votes.withLock { $0 } }

    func writeVotes(_ record: JournalRecord, after last: JournalRecord) throws(PlatformError) {
        let isTaken = votes.withLock { votes in
            let isForward = (record.height, record.count) > (last.height, last.count) || last == .none
            guard votes == last, isForward || fault == .votesGoBack else { return false }
            votes = record
            return true
        }
        if !isTaken { throw .refused }
        if fault == .oneRecordForBoth { stored.withLock { $0 = record } }
    }
}

private final class BrokenMachine: PlatformMachine {
    private let fault: BrokenPlatform.Fault
    private let name: String
    private var boots = 0
    private var last: BrokenPlatform?

    init(_ fault: BrokenPlatform.Fault, name: String) { (self.fault, self.name) = (fault, name) }

    func boot() throws -> any Platform {
        let record = fault == .forgetsJournal ? .none : try last?.readJournal() ?? .none
        boots += 1
        let votes = fault == .forgetsVotes ? .none : try last?.readVotes() ?? .none
        let platform = BrokenPlatform(fault, name: name, boot: boots, record: record, votes: votes)
        last = platform
        return platform
    }

    func other() throws -> any PlatformMachine { BrokenMachine(fault, name: name + "'") }
}
