import Foundation
import Testing
import Wire

@Suite struct TimestampTests {
    @Test("text in RFC 3339 and back")
    func text() throws {
        for text in [
            "1970-01-01T00:00:00Z", "2026-11-22T07:55:30.781011975Z", "0001-01-01T00:00:00Z", "2024-02-29T23:59:59.5Z",
            "9999-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.000000001Z", "2000-03-01T12:00:00.12Z",
        ] {
            #expect(try #require(Timestamp(rfc3339: text)).description == text)
        }
        #expect(Timestamp(rfc3339: "2026-01-01T02:30:00+02:30") == Timestamp(rfc3339: "2026-01-01T00:00:00Z"))
        #expect(Timestamp(rfc3339: "2026-01-01T00:00:00-00:01") == Timestamp(rfc3339: "2026-01-01T00:01:00Z"))
        #expect(Timestamp(rfc3339: "1970-01-01T00:00:00.000000007Z")?.unixNanoseconds == 7)
        #expect(Timestamp.goZero.description == "0001-01-01T00:00:00Z")
    }

    @Test("the calendar is Foundation's, over eight thousand years")
    func calendar() {
        let formatter = ISO8601DateFormatter()
        for seconds in stride(from: Int64(-12_000_000_000), to: 253_402_300_799, by: 86_399_917) {
            let expected = formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
            let time = Timestamp(seconds: seconds, nanoseconds: 0)
            #expect(time?.description == expected)
            #expect(Timestamp(rfc3339: expected) == time)
        }
    }

    @Test(
        "what is not a time is refused",
        arguments: [
            "", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z", "2026-01-01t00:00:00Z",
            "2026-01-01T00:00:00Z ", "+026-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01", "2026-01-01T00:00:00+24:00", "1900-02-29T00:00:00Z",
        ])
    func refused(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("nanosecond arithmetic carries, goes below 1970 and stops at the ends")
    func arithmetic() throws {
        let time = try #require(Timestamp(seconds: 10, nanoseconds: 999_999_999))
        #expect(time.adding(nanoseconds: 1) == Timestamp(seconds: 11, nanoseconds: 0))
        #expect(time.adding(nanoseconds: -12_000_000_000) == Timestamp(seconds: -2, nanoseconds: 999_999_999))
        #expect(Timestamp.latest.adding(nanoseconds: .max) == .latest)
        #expect(Timestamp.goZero.adding(nanoseconds: .min) == .goZero)
        #expect(time.adding(nanoseconds: 5).nanoseconds(since: time) == 5)
        #expect(Timestamp.latest.nanoseconds(since: .goZero) == .max)
        #expect(Timestamp(seconds: 0, nanoseconds: 1_000_000_000) == nil)
        #expect(Timestamp(seconds: 253_402_300_800, nanoseconds: 0) == nil)
        #expect(Timestamp.goZero < time && time < .latest)
    }

    @Test("protobuf is Go's, and nanoseconds below zero are refused")
    func protobuf() throws {
        #expect(Timestamp.goZero.protobuf == [0x08, 0x80, 0x92, 0xb8, 0xc3, 0x98, 0xfe, 0xff, 0xff, 0xff, 0x01])
        let negative = ProtobufWriter.encode { $0.int64(2, -1) }
        #expect(throws: ProtobufError.illegalValue(field: 1)) { try Timestamp(protobuf: negative) }
    }
}
