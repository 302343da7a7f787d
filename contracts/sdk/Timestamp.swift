/// A point in time: nanoseconds since 1970 (UTC), until the year 2554. What would be before or after is refused
/// (`ContractError.Kind.overflow`). In JSON it is a text of digits, as CosmWasm writes it.
struct Timestamp: Equatable, Comparable, Sendable {
    var nanoseconds: UInt64

    private static let nanosecondsOfSecond: UInt64 = 1_000_000_000

    init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    init(seconds: UInt64) throws(ContractError) {
        nanoseconds = try Timestamp.nanoseconds(seconds, Timestamp.nanosecondsOfSecond)
    }

    /// Whole ones, rounded down.
    var seconds: UInt64 { nanoseconds / Timestamp.nanosecondsOfSecond }

    static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

    func adding(nanoseconds: UInt64) throws(ContractError) -> Timestamp {
        let (sum, overflowed) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        guard !overflowed else { throw Timestamp.outOfRange }
        return Timestamp(nanoseconds: sum)
    }

    func adding(seconds: UInt64) throws(ContractError) -> Timestamp {
        try adding(nanoseconds: try Timestamp.nanoseconds(seconds, Timestamp.nanosecondsOfSecond))
    }

    /// Of 24 hours; leap seconds have no place in the chain's time.
    func adding(days: UInt64) throws(ContractError) -> Timestamp {
        try adding(nanoseconds: try Timestamp.nanoseconds(days, 86_400 * Timestamp.nanosecondsOfSecond))
    }

    func subtracting(nanoseconds: UInt64) throws(ContractError) -> Timestamp {
        guard nanoseconds <= self.nanoseconds else { throw Timestamp.outOfRange }
        return Timestamp(nanoseconds: self.nanoseconds - nanoseconds)
    }

    func subtracting(seconds: UInt64) throws(ContractError) -> Timestamp {
        try subtracting(nanoseconds: try Timestamp.nanoseconds(seconds, Timestamp.nanosecondsOfSecond))
    }

    /// How long after `earlier` this is; refused if it is before.
    func nanoseconds(since earlier: Timestamp) throws(ContractError) -> UInt64 {
        try subtracting(nanoseconds: earlier.nanoseconds).nanoseconds
    }

    private static func nanoseconds(_ count: UInt64, _ unit: UInt64) throws(ContractError) -> UInt64 {
        let (product, overflowed) = count.multipliedReportingOverflow(by: unit)
        guard !overflowed else { throw outOfRange }
        return product
    }

    private static var outOfRange: ContractError { ContractError(.overflow, "the time is out of range") }
}

extension Timestamp: JSONCoded {
    init(_ json: JSON, _ name: Text) throws(ContractError) {
        guard case .string(let text) = json, text.utf8.first != UInt8(ascii: "-"),
            let nanoseconds = UInt64(decimal: text.utf8)
        else { throw ContractError(name + " must be nanoseconds in a text") }
        self.nanoseconds = nanoseconds
    }

    var json: JSON { .string(Text(decimal: nanoseconds)) }
}

extension Timestamp: BinaryCoded {
    init(from reader: inout BinaryReader) throws(BinaryError) { nanoseconds = try UInt64(from: &reader) }
    func write(to bytes: inout [UInt8]) { nanoseconds.write(to: &bytes) }
}
