import Wire

/// What waits for a time, in a store in the order of the times: a prefix, the time as a text whose order is that of
/// time (the Cosmos SDK's, in UTC with nine decimals), and what tells those of one time apart.
package enum TimeQueue {
    /// What one block does of what is due; the rest waits for the next.
    package static let perBlock = 200
    /// Of a time in a key.
    package static let byteCount = 29

    package static func key(_ prefix: [UInt8], _ time: Timestamp) -> [UInt8] {
        var text = Array(time.description.utf8.dropLast())
        if time.nanoseconds == 0 { text.append(UInt8(ascii: ".")) }
        return prefix + text + [UInt8](repeating: UInt8(ascii: "0"), count: byteCount - text.count)
    }

    /// Up to `limit` entries of which the time is `time` or before it, the oldest first.
    package static func due(
        in store: String, prefix: [UInt8], at time: Timestamp, limit: Int, _ state: any LedgerReading
    ) throws -> [LedgerEntry] {
        let last = key(prefix, time)
        return Array(
            try state.entries(in: store, prefix: prefix, after: nil, limit: limit, reverse: false).prefix { entry in
                !last.lexicographicallyPrecedes(entry.key.prefix(last.count))
            })
    }
}
