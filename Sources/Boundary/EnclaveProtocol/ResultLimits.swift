/// How much a transaction, or a query, may leave to be read: constants of the protocol, since every node must come to
/// the same result. Contracts and users choose texts and events; what a lane could not carry would end it, on every
/// node.
package enum ResultLimits {
    /// What a result says of itself, in UTF-8. Longer texts are cut (`String.cut(toBytes:)`).
    package static let logBytesMax = 65_536
    /// An error that is sealed for the caller, before sealing: one that was cut afterwards would open for nobody. In
    /// base64 it leaves room for where it happened.
    package static let sealedErrorBytesMax = 32_768

    /// Data, events and writes together: half a frame.
    package static let bytesMax = 8 * 1024 * 1024
    /// Events, attributes and writes, each of them.
    package static let partsMax = 32_768

    /// The bytes of `events`; `nil` if there are too many of them, or one is too large.
    package static func byteCount(of events: [Event]) -> Int? {
        var (byteCount, attributeCount) = (0, 0)
        for event in events {
            attributeCount += event.attributes.count
            byteCount += event.type.utf8.count
            guard event.type.utf8.count <= eventTypeBytesMax, attributeCount <= partsMax else { return nil }
            for attribute in event.attributes {
                let (key, value) = (attribute.key.utf8.count, attribute.value.utf8.count)
                guard max(key, value) <= attributeBytesMax else { return nil }
                byteCount += key + value
            }
        }
        return events.count <= partsMax ? byteCount : nil
    }
}

extension String {
    /// The text, or of its beginning as many whole Unicode scalars as `max` bytes of UTF-8 hold.
    package func cut(toBytes max: Int) -> String {
        guard utf8.count > max else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: max)
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(unicodeScalars[..<end])
    }
}
