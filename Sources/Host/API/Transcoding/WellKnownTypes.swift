import ChainModel

/// google.protobuf.Timestamp as RFC 3339 text in UTC, with 0, 3, 6 or 9 decimals of a second (proto3 JSON mapping).
package enum TimestampText {
    package static let message = "google.protobuf.Timestamp"
    /// Go's zero time, which is what an absent non-nullable time is in the original.
    package static let zeroSeconds: Int64 = -62_135_596_800
    private static let endSeconds: Int64 = 253_402_300_800

    /// `nil` outside the years 1 to 9999 or for nanoseconds that are none.
    package static func encode(seconds: Int64, nanoseconds: Int32) -> String? {
        guard seconds >= zeroSeconds, seconds < endSeconds, let fraction = Fraction.text(nanoseconds) else {
            return nil
        }
        let second = (seconds % 86_400 + 86_400) % 86_400
        let (year, month, day) = civil(daysSinceEpoch: (seconds - second) / 86_400)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
            + "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))\(fraction)Z"
    }

    /// The message of an RFC 3339 text in UTC; `nil` if it is none.
    package static func decode(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), bytes[4] == UInt8(ascii: "-"),
            bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]),
            let second = number(bytes[17..<19]), let nanoseconds = Fraction.nanoseconds(bytes[19..<(bytes.count - 1)]),
            year >= 1, (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let days = daysSinceEpoch(year: year, month: month, day: day)
        guard civil(daysSinceEpoch: days) == (year, month, day) else { return nil }
        return ProtobufWriter.encode { writer in
            writer.int64(1, days * 86_400 + hour * 3600 + minute * 60 + second)
            writer.int64(2, Int64(nanoseconds))
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    // The Gregorian calendar by eras of 400 years that begin in March, so that a leap day comes last
    // (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").

    private static func civil(daysSinceEpoch: Int64) -> (Int64, Int64, Int64) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }

    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

/// google.protobuf.Duration as seconds with an `s` behind.
package enum DurationText {
    package static let message = "google.protobuf.Duration"
    private static let secondsMax: Int64 = 315_576_000_000

    /// `nil` if the two numbers differ in sign or are out of range.
    package static func encode(seconds: Int64, nanoseconds: Int32) -> String? {
        guard abs(seconds) <= secondsMax, nanoseconds == 0 || seconds == 0 || (seconds < 0) == (nanoseconds < 0),
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
