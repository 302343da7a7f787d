import DecidedBlocks
import Foundation
import PublicCryptography
import TestSupport
import Testing
import WalletClient
import Wire

/// What a user takes for an answer of the present.
@Suite struct AnswerAgeTests {
    private let folder = TemporaryFolder("answers")

    private func trust(proved: Bool = true) throws -> NetworkTrust {
        let trust = NetworkTrust(home: folder.url)
        let facts = KnownChains.Proved(
            identityHash: .zero, measurement: .zero, root: .zero, rootIsSimulated: true)
        try trust.known.save(
            .init(chainID: "c-1", ioExchangeKey: SHA256.hash([1]), proved: proved ? facts : nil, nodes: ["http://a"]))
        return trust
    }

    private func stamp(_ height: Int64, _ seconds: Int64, hash: UInt8 = 0) -> AnswerStamp {
        AnswerStamp(
            height: height, headerHash: SHA256.hash([hash, UInt8(height & 255)]),
            time: Timestamp(seconds: seconds, nanoseconds: 0)!, leaseHeight: 1)
    }

    private func isStale(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return false
        } catch let error as ClientError {
            return error.code == .stale
        } catch {
            return false
        }
    }

    @Test("what a user was shown is not taken back: by a minute of block time, or on another branch")
    func goesBack() throws {
        let trust = try trust()
        try trust.admit(stamp(100, 1_000), chainID: "c-1", now: 5_000)
        // Kept in the file: this is another process.
        let later = NetworkTrust(home: folder.url)
        #expect(try later.known.entry("c-1")?.shown?.height == 100)
        #expect(isStale { try later.admit(stamp(90, 939), chainID: "c-1", now: 5_000) })
        #expect(isStale { try later.admit(stamp(100, 1_000, hash: 7), chainID: "c-1", now: 5_000) })
        // A node that is a little slower is no attack, and does not turn back what is remembered.
        try later.admit(stamp(95, 940), chainID: "c-1", now: 5_000)
        try later.admit(stamp(100, 1_000), chainID: "c-1", now: 5_000)
        #expect(try later.known.entry("c-1")?.shown?.height == 100)
        try later.admit(stamp(101, 1_001), chainID: "c-1", now: 5_000)
        #expect(try later.known.entry("c-1")?.shown?.height == 101)
        #expect(try later.known.entry("c-1")?.nodes == ["http://a"])
    }

    @Test("a user says how old a state may be, by the user's own clock")
    func age() throws {
        let trust = try trust()
        try trust.admit(stamp(1, 1_000), chainID: "c-1", now: 1_030, ageMax: 30)
        #expect(isStale { try trust.admit(stamp(2, 1_000), chainID: "c-1", now: 1_031, ageMax: 30) })
    }

    @Test("an enclave that is known says of which state it answers; who leaves that away is not believed")
    func leftAway() throws {
        let trust = try trust()
        #expect(isStale { try trust.admit(nil, chainID: "c-1", now: 0) })
        // Secret Network's enclaves say no such thing.
        let other = try self.trust(proved: false)
        try other.admit(nil, chainID: "c-1", now: 0)
        #expect(isStale { try other.admit(nil, chainID: "c-1", now: 0, ageMax: 10) })
    }

    @Test("a stamp survives its coding, and other bytes are none")
    func coding() {
        let stamp = AnswerStamp(
            height: .max - 1, headerHash: SHA256.hash([3]), time: Timestamp(seconds: -5, nanoseconds: 999_999_999)!,
            leaseHeight: 7)
        #expect(AnswerStamp(stamp.bytes) == stamp && stamp.bytes.count == AnswerStamp.byteCount)
        #expect(AnswerStamp(Array(stamp.bytes.dropLast())) == nil && AnswerStamp(stamp.bytes + [0]) == nil)
        for position in stamp.bytes.indices {
            var other = stamp.bytes
            other[position] ^= 1
            #expect(AnswerStamp(other) != stamp)
        }
        // No moment: a billion nanoseconds.
        #expect(AnswerStamp(Array(stamp.bytes[..<48]) + [0x3b, 0x9a, 0xca, 0] + stamp.bytes[52...]) == nil)
    }
}
