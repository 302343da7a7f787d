// The seam to the platform from inside: what crosses the platform lane, and the rule of the journal that every platform
// keeps. That the launcher keeps it too, on a disk and over restarts, is LauncherTests'.

import PublicCryptography
import Synchronization
import Testing

@testable import EnclavePlatform

@Suite("EnclavePlatform: records") struct JournalRecordCodingTests {
    private static func hash(_ byte: UInt8) -> Hash32 { Hash32([UInt8](repeating: byte, count: 32))! }

    @Test(
        "a record comes back from its bytes",
        arguments: [
            JournalRecord.none,
            JournalRecord(height: .max, headerHash: hash(0xff), count: .max, digest: hash(0xfe)),
            JournalRecord(height: 1 << 56, headerHash: hash(1), count: 255, digest: hash(2)),
        ])
    func roundTrip(record: JournalRecord) {
        #expect(record.encoded.count == JournalRecord.byteCount && JournalRecord(record.encoded) == record)
    }

    @Test("each byte of a record counts, and none may be missing or left over")
    func bytes() {
        let record = JournalRecord(height: 3, headerHash: Self.hash(1), count: 4, digest: Self.hash(2))
        for index in 0..<JournalRecord.byteCount {
            var changed = record.encoded
            changed[index] ^= 1
            #expect(JournalRecord(changed) != record)
        }
        for count in [0, 1, 79, 81, 160] {
            #expect(JournalRecord([UInt8](repeating: 1, count: count)) == nil)
        }
    }

    @Test("integers are written with their highest byte first, in all of their width")
    func bigEndian() {
        #expect(UInt64(0x0102_0304_0506_0708).bigEndianBytes == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(UInt32(255).bigEndianBytes == [0, 0, 0, 255])
        #expect(UInt64(bigEndianBytes: [0, 0, 0, 0, 0, 0, 1, 0]) == 256)
        #expect(UInt64(bigEndianBytes: UInt64.max.bigEndianBytes) == .max)
    }
}

@Suite("EnclavePlatform: threads") struct LaneThreadTests {
    @Test("each ring of a bell wakes one wait, also one that comes later")
    func bell() {
        let (bell, answered) = (Bell(), Bell())
        let woken = Atomic<Int>(0)
        bell.ring()
        bell.ring()
        for _ in 0..<3 {
            #expect(
                LaneThread.start {
                    bell.wait()
                    woken.add(1, ordering: .relaxed)
                    answered.ring()
                })
        }
        answered.wait()
        answered.wait()
        #expect(woken.load(ordering: .relaxed) == 2)
        bell.ring()
        answered.wait()
        #expect(woken.load(ordering: .relaxed) == 3)
    }
}
