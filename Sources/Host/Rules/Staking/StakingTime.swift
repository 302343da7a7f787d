import Wire

/// Moments in keys: text of a fixed length, so that the order of keys is the order of moments.
package enum StakingTime {
    package static let byteCount = 29

    /// `2006-01-02T15:04:05.000000000`.
    package static func key(_ time: Timestamp) -> [UInt8] {
        let parts = time.description.dropLast().split(separator: ".")
        let decimals = parts.count == 2 ? String(parts[1]) : ""
        return Array("\(parts[0]).\(decimals)\(String(repeating: "0", count: 9 - decimals.utf8.count))".utf8)
    }

    /// `nil` for bytes that are no such text.
    package static func time(_ key: some Collection<UInt8>) -> Timestamp? {
        guard key.count == byteCount, let text = String(validating: key, as: UTF8.self) else { return nil }
        return Timestamp(rfc3339: text + "Z")
    }
}

extension Timestamp {
    /// 1970-01-01T00:00:00Z.
    package static let unixZero = Timestamp(seconds: 0, nanoseconds: 0) ?? .goZero

    package func adding(_ duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (count, carries) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return adding(nanoseconds: isTooLong || carries ? .max : count)
    }
}
