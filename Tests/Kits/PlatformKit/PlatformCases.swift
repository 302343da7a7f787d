import Attestation
import EnclavePlatform
import PublicCryptography
import SecretCryptography
import Synchronization

/// What a platform under test must let the cases do. Each call of `boot` is a new start of the same enclave.
package protocol PlatformMachine: AnyObject {
    /// Starts the enclave on this machine. Whatever was started before is dead by then.
    func boot() throws -> any Platform
    /// Another machine of the same kind.
    func other() throws -> any PlatformMachine
}

/// What every conforming `Platform` does, one promise a case: the suite of the seam inside the enclave. A case throws
/// `Violation` where the platform does not keep the promise.
package struct PlatformCase: Sendable, CustomStringConvertible {
    package struct Violation: Error, Equatable {
        package var text: String
    }

    package var name: String
    package var check: @Sendable (any PlatformMachine) throws -> Void

    package var description: String { name }

    package static let all: [PlatformCase] = [
        PlatformCase(name: "who it is stays the same over a restart, and is more than nothing") { machine in
            let first = try machine.boot()
            let (measurement, facts, version) = (first.measurement, first.facts, try first.securityVersion())
            try require(measurement != Hash32.zero, "the measurement is zero")
            try require(facts.rawValue >> 16 == 0, "it speaks of what is the enclave's own to say")
            let again = try machine.boot()
            try require(
                try again.measurement == measurement && again.facts == facts && again.securityVersion() == version,
                "it is somebody else after a restart")
        },
        PlatformCase(name: "a sealing key is the same again after a restart") { machine in
            let key = try bytes(machine.boot().sealingKey(label: "network"))
            try require(try bytes(machine.boot().sealingKey(label: "network")) == key, "the key changed")
        },
        PlatformCase(name: "each label has a key of its own") { machine in
            let platform = try machine.boot()
            let labels = ["network", "network ", "Network", "n", String(repeating: "n", count: 64)]
            let keys = try labels.map { try bytes(platform.sealingKey(label: $0)) }
            try require(Set(keys).count == keys.count, "two labels have one key")
        },
        PlatformCase(name: "no other machine has the key") { machine in
            let key = try bytes(machine.boot().sealingKey(label: "network"))
            try require(try bytes(machine.other().boot().sealingKey(label: "network")) != key, "another machine has it")
        },
        PlatformCase(name: "a label that is none gets no key, and the next call goes on") { machine in
            let platform = try machine.boot()
            for label in ["", String(repeating: "n", count: 65)] {
                let error = failure { () throws(PlatformError) in _ = try platform.sealingKey(label: label) }
                try require(error == .malformed, "a label of \(label.utf8.count) bytes: \(told(error))")
            }
            _ = try platform.sealingKey(label: "network")
        },
        PlatformCase(name: "each version up to its own has a key of its own, the same again after a restart") {
            machine in
            let platform = try machine.boot()
            let versions = Set([0, try platform.securityVersion()]).sorted()
            let keys = try versions.map { try bytes(platform.sealingKey(label: "n", of: .measurement, version: $0)) }
            try require(Set(keys).count == versions.count, "two versions have one key")
            try require(try !keys.contains(bytes(platform.sealingKey(label: "n"))), "it is the key of no version")
            let again = try machine.boot()
            for (version, key) in zip(versions, keys) {
                let same = try bytes(again.sealingKey(label: "n", of: .measurement, version: version))
                try require(same == key, "the key of version \(version) changed")
            }
        },
        PlatformCase(name: "no version has the key of a later one") { machine in
            let platform = try machine.boot()
            let own = try platform.securityVersion()
            guard own < .max else { return }
            for owner in [KeyOwner.measurement, .publisher] {
                for version in Set([own + 1, .max]) {
                    let error = failure { () throws(PlatformError) in
                        _ = try platform.sealingKey(label: "n", of: owner, version: version)
                    }
                    try require(error == .refused, "version \(version) of the \(owner): \(told(error))")
                }
            }
        },
        PlatformCase(name: "the publisher's key is none of the image's, or there is none") { machine in
            let platform = try machine.boot()
            let version = try platform.securityVersion()
            let key: [UInt8]
            do throws(PlatformError) {
                key = bytes(try platform.sealingKey(label: "n", of: .publisher, version: version))
            } catch {
                return try require(error == .refused || error == .unsupported, "refused with \(error)")
            }
            let own = try bytes(platform.sealingKey(label: "n", of: .measurement, version: version))
            try require(key != own, "it is the image's own key")
            let again = try bytes(machine.boot().sealingKey(label: "n", of: .publisher, version: version))
            try require(again == key, "the key changed")
        },
        PlatformCase(name: "a quote carries the report data that it was asked for") { machine in
            let platform = try machine.boot()
            for seed in [1, 2] as [UInt8] {
                let data = (0..<64).map { UInt8($0) ^ seed }
                let quote = try platform.quote(reportData: data)
                try require(quote.contains(data), "the report data is not in the quote")
            }
        },
        PlatformCase(name: "report data of another length gets no quote, and the next call goes on") { machine in
            let platform = try machine.boot()
            for count in [0, 63, 65] {
                let data = [UInt8](repeating: 1, count: count)
                let error = failure { () throws(PlatformError) in _ = try platform.quote(reportData: data) }
                try require(error == .malformed, "\(count) bytes: \(told(error))")
            }
            _ = try platform.quote(reportData: [UInt8](repeating: 1, count: 64))
        },
        PlatformCase(name: "a machine begins without a record") { machine in
            try require(try machine.boot().readJournal() == .none, "there is a record")
        },
        PlatformCase(name: "a stored record is there after a restart") { machine in
            try machine.boot().writeJournal(record(7, 2), after: .none)
            try require(try machine.boot().readJournal() == record(7, 2), "another record is there")
        },
        PlatformCase(name: "a record follows the last one that was stored, and no other") { machine in
            let platform = try machine.boot()
            try platform.writeJournal(record(7, 1), after: .none)
            try refuses(platform, record(7, 2), after: .none, keeping: record(7, 1))
            try refuses(platform, record(8, 1), after: record(7, 2), keeping: record(7, 1))
            try refuses(platform, record(8, 1), after: record(7, 1, header: 2), keeping: record(7, 1))
            try platform.writeJournal(record(7, 2), after: record(7, 1))
        },
        PlatformCase(name: "no record goes back, or beside the last one") { machine in
            let platform = try machine.boot()
            let last = record(7, 3)
            try platform.writeJournal(last, after: .none)
            for back in [record(6, 9), record(7, 2), last, record(7, 4, header: 2), record(0, 0)] {
                try refuses(platform, back, after: last, keeping: last)
            }
            try platform.writeJournal(record(8, 0, header: 2), after: last)
        },
        PlatformCase(name: "a record that was refused before a restart leaves no trace after it") { machine in
            let platform = try machine.boot()
            try platform.writeJournal(record(7, 3), after: .none)
            try refuses(platform, record(6, 9), after: record(7, 3), keeping: record(7, 3))
            try require(try machine.boot().readJournal() == record(7, 3), "another record is there")
        },
        PlatformCase(name: "numbers of all sizes are kept as they are") { machine in
            let platform = try machine.boot()
            let high = JournalRecord(height: .max - 1, headerHash: hash(0xff), count: .max, digest: hash(0xfe))
            try platform.writeJournal(high, after: .none)
            try require(try platform.readJournal() == high, "another record is there")
            try platform.writeJournal(record(.max, 0), after: high)
        },
        PlatformCase(name: "of lanes that write at once after the same record, one wins") { machine in
            let platform = try machine.boot()
            let wins = Atomic<Int>(0)
            let refusals = Atomic<Int>(0)
            let done = Bell()
            let lanes = 8
            for lane in 0..<lanes {
                let started = LaneThread.start {
                    let error = failure { () throws(PlatformError) in
                        try platform.writeJournal(record(7, 1 + UInt64(lane)), after: .none)
                    }
                    switch error {
                    case nil: wins.add(1, ordering: .relaxed)
                    case .refused: refusals.add(1, ordering: .relaxed)
                    default: break
                    }
                    done.ring()
                }
                try require(started, "no thread")
            }
            for _ in 0..<lanes { done.wait() }
            let counts = (wins.load(ordering: .relaxed), refusals.load(ordering: .relaxed))
            try require(counts == (1, lanes - 1), "\(counts.0) won and \(counts.1) were refused")
        },
        PlatformCase(name: "votes have a record of their own, over a restart") { machine in
            let first = try machine.boot()
            try require(try first.readVotes() == .none, "there is a record of votes")
            try first.writeVotes(record(0, 0, header: 5), after: .none)
            try first.writeVotes(record(7, 2), after: record(0, 0, header: 5))
            try require(try first.readJournal() == .none, "the other record moved")
            try first.writeJournal(record(3, 1), after: .none)
            try require(try first.readVotes() == record(7, 2), "the record of votes moved")
            try require(try machine.boot().readVotes() == record(7, 2), "another record of votes is there")
        },
        PlatformCase(name: "a record of votes goes forward from the last one, under any header") { machine in
            let platform = try machine.boot()
            let last = record(7, 3)
            try platform.writeVotes(last, after: .none)
            for (next, after) in [
                (record(6, 9), last), (record(7, 2), last), (last, last), (record(7, 3, header: 2), last),
                (record(7, 2, header: 2), last), (record(0, 0), last), (record(8, 0), .none),
                (record(8, 0), record(7, 2)),
            ] {
                let error = failure { () throws(PlatformError) in try platform.writeVotes(next, after: after) }
                try require(error == .refused, "\(next.height)/\(next.count): \(told(error))")
                try require(try platform.readVotes() == last, "what was refused was stored")
            }
            try platform.writeVotes(record(7, 4, header: 2), after: last)
            try platform.writeVotes(record(8, 0, header: 1), after: record(7, 4, header: 2))
        },
    ]

    // MARK: - Parts of cases

    private static func require(_ isKept: Bool, _ text: @autoclosure () -> String) throws {
        if !isKept { throw Violation(text: text()) }
    }

    private static func refuses(
        _ platform: any Platform, _ record: JournalRecord, after last: JournalRecord, keeping kept: JournalRecord
    ) throws {
        let error = failure { () throws(PlatformError) in try platform.writeJournal(record, after: last) }
        try require(
            error == .refused, "\(record.height)/\(record.count) after \(last.height)/\(last.count): \(told(error))")
        try require(try platform.readJournal() == kept, "what was refused was stored")
    }

    private static func failure(_ body: () throws(PlatformError) -> Void) -> PlatformError? {
        do throws(PlatformError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    private static func told(_ error: PlatformError?) -> String { error.map { "\($0)" } ?? "taken" }

    private static func hash(_ byte: UInt8) -> Hash32 { Hash32([UInt8](repeating: byte, count: 32))! }

    private static func record(_ height: UInt64, _ count: UInt64, header: UInt8 = 1) -> JournalRecord {
        JournalRecord(
            height: height, headerHash: hash(header), count: count, digest: hash(UInt8(truncatingIfNeeded: count)))
    }

    private static func bytes(_ key: borrowing SecretKey) -> [UInt8] {
        // Safe: a test's own key, copied where the test can compare it.
        unsafe key.withUnsafeBytes { unsafe Array($0) }
    }
}
