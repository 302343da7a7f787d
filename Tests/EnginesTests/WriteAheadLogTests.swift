import ChainFormats
import DecidedBlocks
import Foundation
import Glibc
import PublicCryptography
import TestSupport
import Testing
import Wire

@testable import ConsensusCore
@testable import EmbeddedEngine

@Suite struct WriteAheadLogTests {
    static let time = Timestamp(rfc3339: "2026-05-06T07:08:09.123Z")!
    static let records: [TimedRecord] = {
        let block = NamedBlock(String(repeating: "block", count: 30))
        return [
            TimedRecord(time: .goZero, .endHeight(0)),
            TimedRecord(time: time, .timeout(ConsensusTimeout(.newHeight, height: 1, round: 0))),
            TimedRecord(
                time: time,
                .proposal(
                    Proposal(height: 1, round: 0, polRound: -1, blockID: block.id, timestamp: time, signature: [1, 2]))),
            TimedRecord(time: time, .part(height: 1, round: 0, block.parts[0]!)),
            TimedRecord(time: time, .vote(CoreRig.vote(.prevote, block.id, round: 0, by: 0).vote)),
            TimedRecord(time: time, .vote(CoreRig.vote(.precommit, nil, round: 7, by: 1).vote)),
            TimedRecord(time: time, .endHeight(1)),
        ]
    }()

    private func withPath(_ body: (String) throws -> Void) throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try body(folder.path("wal"))
    }

    @Test("the checksum is Castagnoli's")
    func checksum() {
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xe306_9283)
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
        #expect(CRC32C.checksum([UInt8]()) == 0)
    }

    @Test("every kind of record comes back")
    func roundTrip() throws {
        try withPath { path in
            do {
                let (log, found) = try WriteAheadLog.open(path, startingAfter: 0)
                #expect(found == [Self.records[0]])
                for record in Self.records.dropFirst() { log.append(record) }
                try log.sync()
            }
            #expect(try WriteAheadLog.open(path, startingAfter: 0).records == Self.records)
        }
    }

    @Test("cut at every byte, the whole records before the cut are there and the rest is kept aside")
    func everyCut() throws {
        let frames = Self.records.map { WriteAheadLog.frame($0) }
        let bytes = frames.flatMap { $0 }
        try withPath { path in
            for cut in 0...bytes.count {
                let wholeCount =
                    frames.indices.last { frames[...$0].reduce(0) { $0 + $1.count } <= cut }.map { $0 + 1 } ?? 0
                try Data(bytes.prefix(cut)).write(to: URL(fileURLWithPath: path))
                let (log, records) = try WriteAheadLog.open(path, startingAfter: 0)
                let kept = Array(Self.records.prefix(max(1, wholeCount)))
                #expect(records == kept, "cut at \(cut)")
                let next = TimedRecord(time: Self.time, .endHeight(9))
                log.append(next)
                try log.sync()
                let expected = kept + [next]
                #expect(
                    WriteAheadLog.parse(Array(try Data(contentsOf: URL(fileURLWithPath: path)))).records == expected)
            }
            #expect(FileManager.default.fileExists(atPath: path + ".corrupted"))
        }
    }

    @Test("a flipped bit ends the log before its record")
    func everyFlip() {
        let frames = Self.records.map { WriteAheadLog.frame($0) }
        let bytes = frames.flatMap { $0 }
        for index in bytes.indices {
            var flipped = bytes
            flipped[index] ^= 0x10
            var end = 0
            let before = frames.prefix { frame in
                end += frame.count
                return end <= index
            }.count
            #expect(WriteAheadLog.parse(flipped).records == Array(Self.records.prefix(before)), "byte \(index)")
        }
    }

    @Test("a log that cannot be opened anew closes what it had once, and nothing of another's")
    func failedRotation() throws {
        struct Refused: Error {}
        try withPath { path in
            var log: WriteAheadLog? =
                try WriteAheadLog.open(path, startingAfter: 0, rotationBytes: 0) { _ in throw Refused() }.log
            #expect(throws: Refused.self) { try log?.endHeight(1, time: Self.time) }
            // Whoever opens a file is given the lowest number that is free.
            let others = (0..<64).map { _ in open("/dev/null", O_RDONLY) }
            log = nil
            #expect(others.allSatisfy { fcntl($0, F_GETFD) >= 0 })
            for other in others { close(other) }
        }
    }

    @Test("within a height a log that has grown leaves out blocks that nothing comes of")
    func shrunk() throws {
        try withPath { path in
            let (log, _) = try WriteAheadLog.open(path, startingAfter: 0, rotationBytes: 100_000)
            let vote = TimedRecord(time: Self.time, .vote(CoreRig.vote(.prevote, nil, round: 0, by: 2).vote))
            var sizes: [Int] = []
            for round in 0..<40 as Range<Int32> {
                let part = PartSet(cutting: [UInt8](repeating: UInt8(round), count: 60_000))[0]!
                log.append(TimedRecord(time: Self.time, .part(height: 1, round: round, part)))
                log.append(vote)
                try log.sync()
                try log.shrink { $0 == 1 && $1.bytes[0] >= round - 1 }
                sizes.append(try Data(contentsOf: URL(fileURLWithPath: path)).count)
            }
            #expect(sizes.max()! < 600_000)
            let (_, records) = try WriteAheadLog.open(path, startingAfter: 0)
            #expect(records.filter { $0 == vote }.count == 40)
            let kept = records.compactMap { record in
                if case .part(_, _, let part) = record.record { part.bytes[0] } else { nil }
            }
            #expect(kept.last == 39 && kept == kept.sorted())
        }
    }

    @Test("a log that has grown begins anew at the end of a height")
    func rotation() throws {
        try withPath { path in
            let (log, _) = try WriteAheadLog.open(path, startingAfter: 0, rotationBytes: 500)
            for record in Self.records.dropFirst().dropLast() { log.append(record) }
            try log.endHeight(1, time: Self.time)
            let vote = TimedRecord(time: Self.time, .vote(CoreRig.vote(.prevote, nil, round: 0, by: 2).vote))
            log.append(vote)
            try log.sync()
            #expect(
                try WriteAheadLog.open(path, startingAfter: 0).records == [
                    TimedRecord(time: Self.time, .endHeight(1)), vote,
                ])
        }
    }
}
