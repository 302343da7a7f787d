/// A moment in a certificate, in seconds since 1970 (RFC 5280, section 4.1.2.5).
///
/// Computed here rather than by libcrypto, whose comparison goes through the C library's `gmtime_r`: that opens the
/// host's time-zone file, which a confined enclave must not do, and corrects for leap seconds if the host's file asks
/// it to, which would let a host choose the verdict.
enum CertificateDate {
    /// `text` is the content of a UTCTime (`YYMMDDHHMMSSZ`, 1950 to 2049) or a GeneralizedTime (`YYYYMMDDHHMMSSZ`);
    /// every other form the encodings know is forbidden in certificates and gives `nil`.
    static func seconds(_ text: [UInt8], isGeneralized: Bool) -> Int64? {
        let yearDigits = isGeneralized ? 4 : 2
        guard text.count == yearDigits + 11, text.last == UInt8(ascii: "Z") else { return nil }
        var digits = [Int64]()
        for character in text.dropLast() {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
            digits.append(Int64(character - UInt8(ascii: "0")))
        }
        func number(at position: Int) -> Int64 { digits[position] * 10 + digits[position + 1] }
        var year = number(at: 0)
        if isGeneralized {
            year = year * 100 + number(at: 2)
        } else {
            year += year >= 50 ? 1900 : 2000
        }
        let month = number(at: yearDigits)
        let day = number(at: yearDigits + 2)
        let hour = number(at: yearDigits + 4)
        let minute = number(at: yearDigits + 6)
        let second = number(at: yearDigits + 8)
        guard (1...12).contains(month), day >= 1, day <= days(inMonth: month, of: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        return (daysSince1970(year: year, month: month, day: day) * 24 + hour) * 3600 + minute * 60 + second
    }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Counts in years that begin in March, so that the leap day is the last of its year.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let marchMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        // No negative years occur, so truncating division is flooring; 719,468 days lie between 0000-03-01 and 1970.
        return 365 * marchYear + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468
    }
}
