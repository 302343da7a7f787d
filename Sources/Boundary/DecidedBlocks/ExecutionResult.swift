import PublicCryptography
import Wire

/// What a transaction came to, as far as consensus covers it: the leaf of `last_results_hash` in the next header.
///
/// Text, events and the codespace of an error are not part of it and may differ between nodes.
package struct ExecutionResult: Hashable, Sendable {
    package var code: UInt32
    package var data: [UInt8]
    package var gasWanted: Int64
    package var gasUsed: Int64

    package init(code: UInt32, data: [UInt8], gasWanted: Int64, gasUsed: Int64) {
        (self.code, self.data, self.gasWanted, self.gasUsed) = (code, data, gasWanted, gasUsed)
    }

    package static func hash(of results: [ExecutionResult]) -> Hash32 {
        MerkleTree.root(of: results.map(\.protobuf))
    }
}

extension ExecutionResult: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        self.init(code: 0, data: [], gasWanted: 0, gasUsed: 0)
        while let field = try reader.next() {
            switch field.number {
            case 1: code = try field.uint32()
            case 2: data = try field.bytes()
            case 5: gasWanted = try field.int64()
            case 6: gasUsed = try field.int64()
            default: throw .notCanonical
            }
        }
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.uint64(1, UInt64(code))
        writer.bytes(2, data)
        writer.int64(5, gasWanted)
        writer.int64(6, gasUsed)
    }
}
