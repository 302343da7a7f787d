import Wire

extension GenesisValue {
    /// RFC 3339.
    package var time: Timestamp {
        get throws(GenesisRefusal) {
            guard let time = Timestamp(rfc3339: try text) else { throw refusal("is no time") }
            return time
        }
    }

    /// Seconds with up to nine decimals, like `3600s` or `0.5s`; below 292 years.
    package var nanoseconds: Int64 {
        get throws(GenesisRefusal) {
            let parts = try text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
            let decimals = parts.count == 2 ? parts[1] : "0"
            guard try text.last == "s", parts.count <= 2, (1...9).contains(decimals.utf8.count),
                (parts + [decimals]).allSatisfy({
                    $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                }),
                let whole = Int64(parts[0]),
                let rest = Int64(decimals + String(repeating: "0", count: 9 - decimals.utf8.count)),
                case (let scaled, false) = whole.multipliedReportingOverflow(by: 1_000_000_000),
                case (let sum, false) = scaled.addingReportingOverflow(rest)
            else { throw refusal("is no duration, like 600s") }
            return sum
        }
    }

    /// As `nanoseconds` reads it.
    package static func duration(nanoseconds count: Int64) -> String {
        let (seconds, rest) = count.quotientAndRemainder(dividingBy: 1_000_000_000)
        if rest == 0 { return "\(seconds)s" }
        let digits = String(rest)
        return "\(seconds).\(String(repeating: "0", count: 9 - digits.utf8.count))\(digits)s"
    }
}
