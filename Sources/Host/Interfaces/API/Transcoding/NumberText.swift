/// Numbers that travel as text: math.Int and math.LegacyDec of the Cosmos SDK.
package enum NumberText {
    package static let decimals = 18

    /// "20000000000000000" on the wire is 0.020000000000000000. `nil` for anything but digits with an optional minus.
    package static func decimal(scaled text: String) -> String? {
        let isNegative = text.hasPrefix("-")
        let digits = text.dropFirst(isNegative ? 1 : 0)
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }), !(isNegative && digits.isEmpty) else { return nil }
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return "\(isNegative ? "-" : "")\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }

    /// "0.02" as it is on the wire. `nil` for more than 18 decimals or another form.
    package static func scaled(decimal text: String) -> String? {
        let isNegative = text.hasPrefix("-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = parts.first, !whole.isEmpty,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || (1...decimals).contains(fraction.count) else { return nil }
        let digits = whole + fraction + String(repeating: "0", count: decimals - fraction.count)
        let trimmed = digits.drop { $0 == "0" }
        return trimmed.isEmpty ? "0" : "\(isNegative ? "-" : "")\(trimmed)"
    }
}
