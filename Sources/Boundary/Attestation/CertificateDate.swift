import Wire

/// A moment in a certificate, in seconds since 1970 (RFC 5280, section 4.1.2.5).
///
/// Computed here: the C library would open the host's time-zone file, which a confined enclave must not do, and correct
/// for leap seconds if the host's file asks it to, which would let a host choose the verdict.
enum CertificateDate {
    /// `text` is the content of a UTCTime (`YYMMDDHHMMSSZ`, 1950 to 2049) or a GeneralizedTime (`YYYYMMDDHHMMSSZ`);
    /// every other form the encodings know is forbidden in certificates and gives `nil`.
    static func seconds(_ text: [UInt8], isGeneralized: Bool) -> Int64? {
        var digits = text.dropLast()
        guard text.last == UInt8(ascii: "Z"), digits.count == (isGeneralized ? 14 : 12),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        if !isGeneralized { digits = Array((digits[0] >= UInt8(ascii: "5") ? "19" : "20").utf8) + digits }
        var rfc3339 = ""
        for (index, digit) in digits.enumerated() {
            switch index {
            case 4, 6: rfc3339 += "-"
            case 8: rfc3339 += "T"
            case 10, 12: rfc3339 += ":"
            default: break
            }
            rfc3339.unicodeScalars.append(Unicode.Scalar(digit))
        }
        return Timestamp(rfc3339: rfc3339 + "Z")?.seconds
    }
}
