import Foundation
import Glibc
import LauncherKit
import TestSupport
import Testing

@Suite("The journal record") struct JournalRecordTests {
    private let temporary: TemporaryFolder
    var folder: URL { temporary.url }
    var state: URL { folder.appendingPathComponent("state") }

    init() throws { temporary = TemporaryFolder() }

    private func record(height: UInt8, header: UInt8, count: UInt8, digest: UInt8) -> [UInt8] {
        let zeros = [UInt8](repeating: 0, count: 7)
        return zeros + [height] + [UInt8](repeating: header, count: 32) + zeros + [count]
            + [UInt8](repeating: digest, count: 32)
    }

    private let none = [UInt8](repeating: 0, count: 80)

    /// Asks to store `record` after the one that stands there, or after `last`.
    private func store(_ record: [UInt8], after last: [UInt8]? = nil, by enclave: LaunchedEnclave) throws -> UInt8 {
        let known = try last ?? #require(enclave.askPlatform(4)).payload
        return try #require(enclave.askPlatform(5, known + record)).status
    }

    private func journalFile() throws -> URL {
        let names = try FileManager.default.contentsOfDirectory(atPath: state.path).filter { $0.hasPrefix("journal-") }
        return state.appendingPathComponent(try #require(names.first))
    }

    private func end(_ enclave: LaunchedEnclave) {
        enclave.closeLanes()
        #expect(enclave.launcher.exitStatus() == 0)
    }

    @Test("is zero at first, and then what was stored, over restarts") func stored() throws {
        let first = try LaunchedEnclave(state: state)
        #expect(try #require(first.askPlatform(4)).payload == [UInt8](repeating: 0, count: 80))
        let record = record(height: 3, header: 9, count: 2, digest: 8)
        #expect(try #require(first.askPlatform(5, none + record)) == (0, []))
        #expect(first.askPlatform(4)?.payload == record)
        end(first)
        let second = try LaunchedEnclave(state: state)
        #expect(second.askPlatform(4)?.payload == record)
    }

    @Test("goes forward by height or by count, and never back") func neverBack() throws {
        let stored = record(height: 5, header: 9, count: 7, digest: 8)
        let backward = [
            record(height: 4, header: 9, count: 8, digest: 8), record(height: 5, header: 1, count: 8, digest: 8),
            record(height: 5, header: 9, count: 6, digest: 8), record(height: 5, header: 9, count: 7, digest: 1),
            [UInt8](repeating: 0, count: 80),
        ]
        let enclave = try LaunchedEnclave(state: state)
        #expect(try store(stored, by: enclave) == 0)
        for record in backward + [stored] {
            #expect(try store(record, by: enclave) == 3)
            #expect(enclave.askPlatform(4)?.payload == stored)
        }
        end(enclave)

        let restarted = try LaunchedEnclave(state: state)
        for record in backward { #expect(try store(record, by: restarted) == 3) }
        for next in [
            record(height: 5, header: 9, count: 8, digest: 1), record(height: 6, header: 2, count: 0, digest: 0),
            record(height: 200, header: 2, count: 0, digest: 0),
        ] {
            #expect(try store(next, by: restarted) == 0)
            #expect(restarted.askPlatform(4)?.payload == next)
        }
    }

    @Test("a write that was cut off leaves the record before it") func cutWrite() throws {
        let enclave = try LaunchedEnclave(state: state)
        let first = record(height: 1, header: 1, count: 1, digest: 1)
        let second = record(height: 2, header: 2, count: 2, digest: 2)
        #expect(try store(first, by: enclave) == 0)
        #expect(try store(second, by: enclave) == 0)
        end(enclave)
        // The first record went to the second slot, at 512; the second to the first.
        var bytes = [UInt8](try Data(contentsOf: journalFile()))
        bytes[40] ^= 1
        try Data(bytes).write(to: journalFile())
        let restarted = try LaunchedEnclave(state: state)
        #expect(restarted.askPlatform(4)?.payload == first)
        end(restarted)
        // Both damaged is no accident of one write.
        bytes[512 + 40] ^= 1
        try Data(bytes).write(to: journalFile())
        let refused = try LaunchedEnclave(state: state).launcher
        #expect(refused.exitStatus() == 66)
        #expect(refused.said.contains("is damaged"))
    }

    @Test("a first write that was cut off leaves no record") func cutFirstWrite() throws {
        let enclave = try LaunchedEnclave(state: state)
        #expect(try store(record(height: 1, header: 1, count: 1, digest: 1), by: enclave) == 0)
        end(enclave)
        var bytes = [UInt8](try Data(contentsOf: journalFile()))
        bytes[512 + 40] ^= 1
        try Data(bytes).write(to: journalFile())
        #expect(try LaunchedEnclave(state: state).askPlatform(4)?.payload == [UInt8](repeating: 0, count: 80))
    }

    @Test("another program has a record of its own") func otherProgram() throws {
        let high = record(height: 255, header: 1, count: 1, digest: 1)
        let program = folder.appendingPathComponent("changed-enclave")
        try Data(try Data(contentsOf: URL(fileURLWithPath: Programs.hostileEnclave)) + [0]).write(to: program)
        let other = try LaunchedEnclave(program.path, state: state)
        #expect(try store(high, by: other) == 0)
        end(other)
        let enclave = try LaunchedEnclave(state: state)
        #expect(enclave.askPlatform(4)?.payload == [UInt8](repeating: 0, count: 80))
        #expect(try store(record(height: 1, header: 1, count: 1, digest: 1), by: enclave) == 0)
    }

    @Test("is stored only by who names the one before it: of two that begin at one place, the second is refused")
    func conditional() throws {
        let enclave = try LaunchedEnclave(state: state)
        let stories = (1...2).map { record(height: 3, header: 9, count: 1, digest: $0) }
        let begun = record(height: 3, header: 9, count: 0, digest: 0)
        #expect(try store(begun, after: none, by: enclave) == 0)
        #expect(try store(stories[0], after: none, by: enclave) == 3)
        #expect(try store(stories[0], after: begun, by: enclave) == 0)
        // The other one's story goes forward too, from what it knows.
        let further = record(height: 3, header: 9, count: 2, digest: 7)
        for later in [stories[1], further, record(height: 4, header: 1, count: 0, digest: 0)] {
            #expect(try store(later, after: begun, by: enclave) == 3)
            #expect(try store(later, after: stories[1], by: enclave) == 3)
            #expect(enclave.askPlatform(4)?.payload == stories[0])
        }
        #expect(try store(further, after: stories[0], by: enclave) == 0)
    }

    @Test("is read again before it is followed") func movedBehindTheBack() throws {
        let enclave = try LaunchedEnclave(state: state)
        let first = record(height: 1, header: 1, count: 1, digest: 1)
        #expect(try store(first, by: enclave) == 0)
        let early = try Data(contentsOf: journalFile())
        let second = record(height: 1, header: 1, count: 2, digest: 2)
        #expect(try store(second, by: enclave) == 0)
        let late = try Data(contentsOf: journalFile())
        end(enclave)
        try early.write(to: journalFile())
        let clone = try LaunchedEnclave(state: state)
        #expect(clone.askPlatform(4)?.payload == first)
        // The same file, in the place of its old contents.
        let file = try FileHandle(forWritingTo: journalFile())
        try file.write(contentsOf: late)
        #expect(try store(record(height: 1, header: 1, count: 2, digest: 9), after: first, by: clone) == 3)
        #expect(clone.askPlatform(4)?.payload == second)
    }
}
