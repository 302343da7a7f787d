import PublicCryptography
import Wire

/// How far the exchange of the network's keys has come: what the enclaves write, and every other enclave finds proved.
package struct KeyEpoch: Equatable, Sendable, CanonicalMessage {
    /// From 0.
    package var number: UInt16
    /// Of the block with which it began.
    package var height: Int64
    /// Every value of the store `compute` whose path is not above this one is under this epoch's key; `nil` once all
    /// are.
    package var renewedUpTo: Hash32?

    package init(number: UInt16, height: Int64, renewedUpTo: Hash32? = nil) {
        (self.number, self.height, self.renewedUpTo) = (number, height, renewedUpTo)
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        self.init(number: 0, height: 0)
        while let field = try reader.next() {
            switch field.number {
            case 1:
                guard let number = UInt16(exactly: try field.uint32()) else { throw .illegalValue(field: 1) }
                self.number = number
            case 2: height = try field.nonNegativeInt64()
            case 3: renewedUpTo = try field.hash()
            default: throw .notCanonical
            }
        }
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.uint64(1, UInt64(number))
        writer.int64(2, height)
        writer.hash(3, renewedUpTo)
    }
}
