/// A moment in UTC with nanoseconds, as consensus writes it: whole seconds since 1970 (leap seconds do not count), in
/// the years 1 to 9999.
package struct Timestamp: Hashable, Sendable, Comparable {
    package let seconds: Int64
    package let nanoseconds: UInt32

    /// The first moment of year 1. Go's zero time: what CometBFT signs and hashes where a time is absent.
    package static let goZero = Timestamp(uncheckedSeconds: -62_135_596_800, nanoseconds: 0)
    package static let latest = Timestamp(uncheckedSeconds: 253_402_300_799, nanoseconds: 999_999_999)

    /// `nil` outside of the years 1 to 9999 or with a second's worth of nanoseconds.
    package init?(seconds: Int64, nanoseconds: UInt32) {
        guard seconds >= Timestamp.goZero.seconds, seconds <= Timestamp.latest.seconds, nanoseconds < 1_000_000_000
        else { return nil }
        self.init(uncheckedSeconds: seconds, nanoseconds: nanoseconds)
    }

    private init(uncheckedSeconds seconds: Int64, nanoseconds: UInt32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds != right.seconds ? left.seconds < right.seconds : left.nanoseconds < right.nanoseconds
    }
}

extension Timestamp {
    private static let perSecond: Int128 = 1_000_000_000

    private var total: Int128 { Int128(seconds) * Timestamp.perSecond + Int128(nanoseconds) }

    /// `count` nanoseconds later (earlier if negative), held within the years 1 to 9999.
    package func adding(nanoseconds count: Int64) -> Timestamp {
        let sum = min(max(total + Int128(count), Timestamp.goZero.total), Timestamp.latest.total)
        var (second, rest) = sum.quotientAndRemainder(dividingBy: Timestamp.perSecond)
        if rest < 0 {
            second -= 1
            rest += Timestamp.perSecond
        }
        return Timestamp(uncheckedSeconds: Int64(second), nanoseconds: UInt32(rest))
    }

    /// Nanoseconds from `earlier` to this moment, held within `Int64` (292 years).
    package func nanoseconds(since earlier: Timestamp) -> Int64 {
        Int64(clamping: total - earlier.total)
    }

    /// Nanoseconds since 1970, as contracts see time; held within `Int64`.
    package var unixNanoseconds: Int64 { Int64(clamping: total) }
}

extension Timestamp: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var seconds: Int64 = 0
        var nanoseconds: Int32 = 0
        while let field = try reader.next() {
            switch field.number {
            case 1: seconds = try field.int64()
            case 2: nanoseconds = try field.int32()
            default: throw .notCanonical
            }
        }
        guard let count = UInt32(exactly: nanoseconds), let time = Timestamp(seconds: seconds, nanoseconds: count)
        else { throw .illegalValue(field: 1) }
        self = time
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.int64(1, seconds)
        writer.uint64(2, UInt64(nanoseconds))
    }
}

// MARK: - Text

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with as many digits of a second as needed, as Go's `RFC3339Nano` prints.
    package var description: String {
        var days = seconds / 86400
        var second = seconds % 86400
        if second < 0 {
            days -= 1
            second += 86400
        }
        let date = CivilDate(daysSince1970: days)
        var text =
            CivilDate.digits(date.year, 4) + "-" + CivilDate.digits(date.month, 2) + "-" + CivilDate.digits(date.day, 2)
        text += "T" + CivilDate.digits(second / 3600, 2) + ":" + CivilDate.digits(second / 60 % 60, 2)
        text += ":" + CivilDate.digits(second % 60, 2)
        if nanoseconds > 0 {
            var fraction = Array(CivilDate.digits(Int64(nanoseconds), 9).utf8)
            while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
            text += "." + String(decoding: fraction, as: UTF8.self)
        }
        return text + "Z"
    }

    /// Reads RFC 3339 (section 5.6): up to nine digits of a second, `Z` or an offset. No leap second, nothing around
    /// it.
    package init?(rfc3339 text: String) {
        var rest = Array(text.utf8)[...]
        guard let year = CivilDate.number(&rest, digits: 4), CivilDate.skip(&rest, "-"),
            let month = CivilDate.number(&rest, digits: 2), CivilDate.skip(&rest, "-"),
            let day = CivilDate.number(&rest, digits: 2), CivilDate.skip(&rest, "T"),
            let hour = CivilDate.number(&rest, digits: 2), hour < 24, CivilDate.skip(&rest, ":"),
            let minute = CivilDate.number(&rest, digits: 2), minute < 60, CivilDate.skip(&rest, ":"),
            let second = CivilDate.number(&rest, digits: 2), second < 60,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var nanoseconds: Int64 = 0
        if CivilDate.skip(&rest, ".") {
            var digits = 0
            while let digit = CivilDate.number(&rest, digits: 1) {
                nanoseconds = nanoseconds * 10 + digit
                digits += 1
                guard digits <= 9 else { return nil }
            }
            guard digits > 0 else { return nil }
            for _ in digits..<9 { nanoseconds *= 10 }
        }
        var offset: Int64 = 0
        if !CivilDate.skip(&rest, "Z") {
            let sign: Int64
            if CivilDate.skip(&rest, "+") {
                sign = 1
            } else if CivilDate.skip(&rest, "-") {
                sign = -1
            } else {
                return nil
            }
            guard let hours = CivilDate.number(&rest, digits: 2), hours < 24, CivilDate.skip(&rest, ":"),
                let minutes = CivilDate.number(&rest, digits: 2), minutes < 60
            else { return nil }
            offset = sign * (hours * 3600 + minutes * 60)
        }
        guard rest.isEmpty else { return nil }
        let total = date.daysSince1970 * 86400 + hour * 3600 + minute * 60 + second - offset
        self.init(seconds: total, nanoseconds: UInt32(nanoseconds))
    }
}

/// A day of the proleptic Gregorian calendar. Years are counted from March, so that the leap day is a year's last.
private struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    private static let daysPerEra: Int64 = 146_097
    /// Days from 0000-03-01 to 1970-01-01.
    private static let epoch: Int64 = 719_468

    init?(year: Int64, month: Int64, day: Int64) {
        guard year >= 1, year <= 9999, month >= 1, month <= 12, day >= 1 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let length: Int64 = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
        guard day <= length else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// `days` must lie in the years 1 to 9999.
    init(daysSince1970 days: Int64) {
        let shifted = days + CivilDate.epoch
        let era = shifted / CivilDate.daysPerEra
        let dayOfEra = shifted % CivilDate.daysPerEra
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }

    var daysSince1970: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * CivilDate.daysPerEra + dayOfEra - CivilDate.epoch
    }

    static func digits(_ value: Int64, _ count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }

    /// Takes exactly `digits` decimal digits off the front.
    static func number(_ rest: inout ArraySlice<UInt8>, digits: Int) -> Int64? {
        guard rest.count >= digits else { return nil }
        var value: Int64 = 0
        for byte in rest.prefix(digits) {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        rest = rest.dropFirst(digits)
        return value
    }

    static func skip(_ rest: inout ArraySlice<UInt8>, _ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }
}
