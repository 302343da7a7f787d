import Wire

/// google.protobuf.Timestamp as RFC 3339 text in UTC, with 0, 3, 6 or 9 decimals of a second (proto3 JSON mapping).
package enum TimestampText {
    package static let message = "google.protobuf.Timestamp"

    /// `nil` outside the years 1 to 9999 or for nanoseconds that are none.
    package static func encode(seconds: Int64, nanoseconds: Int32) -> String? {
        guard let whole = Timestamp(seconds: seconds, nanoseconds: 0), let fraction = Fraction.text(nanoseconds) else {
            return nil
        }
        return whole.description.dropLast() + fraction + "Z"
    }

    /// The message of an RFC 3339 text; `nil` if it is none.
    package static func decode(_ text: String) -> [UInt8]? {
        Timestamp(rfc3339: text)?.protobuf
    }
}

/// google.protobuf.Duration as seconds with an `s` behind.
package enum DurationText {
    package static let message = "google.protobuf.Duration"
    private static let secondsMax: Int64 = 315_576_000_000

    /// `nil` if the two numbers differ in sign or are out of range.
    package static func encode(seconds: Int64, nanoseconds: Int32) -> String? {
        guard (-secondsMax...secondsMax).contains(seconds),
            nanoseconds == 0 || seconds == 0 || (seconds < 0) == (nanoseconds < 0),
            nanoseconds > Int32.min, let fraction = Fraction.text(abs(nanoseconds))
        else { return nil }
        let sign = seconds < 0 || nanoseconds < 0 ? "-" : ""
        return "\(sign)\(abs(seconds))\(fraction)s"
    }

    package static func decode(_ text: String) -> [UInt8]? {
        guard text.hasSuffix("s") else { return nil }
        let isNegative = text.hasPrefix("-")
        let digits = Array(text.utf8.dropLast().dropFirst(isNegative ? 1 : 0))
        let whole = digits.prefix { (48...57).contains($0) }
        guard !whole.isEmpty, let seconds = Int64(String(decoding: whole, as: UTF8.self)), seconds <= secondsMax,
            let nanoseconds = Fraction.nanoseconds(digits[whole.count...])
        else { return nil }
        return ProtobufWriter.encode { writer in
            writer.int64(1, isNegative ? -seconds : seconds)
            writer.int64(2, Int64(isNegative ? -nanoseconds : nanoseconds))
        }
    }
}

/// The decimals of a second.
private enum Fraction {
    /// "", ".123", ".123456" or ".123456789": as many groups of three digits as are needed.
    static func text(_ nanoseconds: Int32) -> String? {
        guard (0..<1_000_000_000).contains(nanoseconds) else { return nil }
        if nanoseconds == 0 { return "" }
        var digits = String(nanoseconds)
        digits = String(repeating: "0", count: 9 - digits.count) + digits
        while digits.hasSuffix("000") { digits.removeLast(3) }
        return "." + digits
    }

    /// Nothing, or a dot and 1 to 9 digits.
    static func nanoseconds(_ text: ArraySlice<UInt8>) -> Int32? {
        guard let dot = text.first else { return 0 }
        let digits = text.dropFirst()
        guard dot == UInt8(ascii: "."), (1...9).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        let value = digits.reduce(Int32(0)) { $0 * 10 + Int32($1 - 48) }
        return (digits.count..<9).reduce(value) { value, _ in value * 10 }
    }
}
