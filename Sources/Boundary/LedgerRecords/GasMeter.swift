/// A transaction's gas ran out.
package struct OutOfGas: Error, Equatable, Sendable, CustomStringConvertible {
    package var location: String
    package var gasWanted: UInt64
    package var gasUsed: UInt64

    package init(location: String, gasWanted: UInt64, gasUsed: UInt64) {
        (self.location, self.gasWanted, self.gasUsed) = (location, gasWanted, gasUsed)
    }

    /// The text of the Cosmos SDK, code 11, which clients search for.
    package var description: String {
        "out of gas in location: \(location); gasWanted: \(gasWanted), gasUsed: \(gasUsed): out of gas"
    }
}

/// Counts gas against a limit.
package struct GasMeter: Equatable, Sendable {
    package let limit: UInt64
    /// May exceed the limit by what was last asked for, as in the SDK: that is what a failed transaction reports.
    package private(set) var consumed: UInt64 = 0

    package init(limit: UInt64) {
        self.limit = limit
    }

    package var remaining: UInt64 { limit > consumed ? limit - consumed : 0 }

    /// Charges first and complains then. A sum beyond 64 bits counts as the largest number.
    package mutating func consume(_ amount: UInt64, at location: @autoclosure () -> String) throws(OutOfGas) {
        let (sum, overflows) = consumed.addingReportingOverflow(amount)
        consumed = overflows ? UInt64.max : sum
        guard consumed <= limit, !overflows else {
            throw OutOfGas(location: location(), gasWanted: limit, gasUsed: consumed)
        }
    }
}
