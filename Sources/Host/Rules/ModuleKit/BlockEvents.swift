import EnclaveProtocol
import Wire

/// What modules did at a block's begin and end. Not under any hash: consensus covers what it came to.
package struct BlockEvents: Equatable, Sendable {
    package let events: [Event]
    /// How many were left out, since they are more than is kept of a block.
    package let leftOut: Int

    /// Modules are bounded by what they do, and state says how much that is: thousands of unbondings may end at once.
    package static let bytesMax = 2 << 20
    package static let none = BlockEvents(bounding: [])

    /// Keeps as many events from the first on as a block may have.
    package init(bounding all: [Event]) {
        var (byteCount, attributeCount, kept) = (0, 0, 0)
        for event in all {
            guard let bytes = ResultLimits.byteCount(of: [event]) else { break }
            byteCount += bytes
            attributeCount += event.attributes.count
            guard byteCount <= BlockEvents.bytesMax, attributeCount <= ResultLimits.partsMax,
                kept < ResultLimits.partsMax
            else { break }
            kept += 1
        }
        events = Array(all[..<kept])
        leftOut = all.count - kept
    }

    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in for event in events { event.write(1, to: &writer) } }
    }

    package init(encoded bytes: [UInt8]) throws(ProtobufError) {
        var list: [Event] = []
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            guard field.number == 1 else { throw .illegalFieldNumber }
            list.append(try Event(encoded: try field.slice()))
        }
        self.init(bounding: list)
    }
}
