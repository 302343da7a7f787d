import DecidedBlocks
import PublicCryptography
import Wire

/// One piece of a block as it travels, with the proof that it belongs.
package struct BlockPart: Hashable, Sendable {
    package static let byteCountMax = 65536

    package var index: UInt32
    package var bytes: [UInt8]
    package var proof: MerkleProof

    package init(index: UInt32, bytes: [UInt8], proof: MerkleProof) {
        (self.index, self.bytes, self.proof) = (index, bytes, proof)
    }
}

/// A block cut into parts of 64 KiB, whole or still arriving.
///
/// Parts come from peers in any order. Only a part that is proved against the header takes memory, so a set never
/// holds more than the proposer signed for.
package struct PartSet: Sendable {
    package enum Refusal: Error, Equatable {
        case wrongIndex
        case wrongSize
        case wrongProof
    }

    package let header: PartSetHeader
    private var parts: [BlockPart?]
    package private(set) var receivedCount = 0
    package private(set) var byteCount = 0

    /// An empty set that waits for what `header` promises, `nil` if that is more than a block may have.
    package init?(waitingFor header: PartSetHeader, blockByteCountMax: Int) {
        guard header.total > 0, Int(header.total) <= (blockByteCountMax - 1) / BlockPart.byteCountMax + 1 else {
            return nil
        }
        self.header = header
        parts = Array(repeating: nil, count: Int(header.total))
    }

    /// All parts of a block's encoding, which is never empty.
    package init(cutting bytes: [UInt8]) {
        precondition(!bytes.isEmpty)
        let chunks = stride(from: 0, to: bytes.count, by: BlockPart.byteCountMax).map { start in
            Array(bytes[start..<min(start + BlockPart.byteCountMax, bytes.count)])
        }
        let (root, proofs) = MerkleTree.proofs(of: chunks)
        header = PartSetHeader(total: UInt32(chunks.count), hash: root)
        parts = zip(chunks, proofs).enumerated().map { index, pair in
            BlockPart(index: UInt32(index), bytes: pair.0, proof: pair.1)
        }
        receivedCount = chunks.count
        byteCount = bytes.count
    }

    package var isComplete: Bool { receivedCount == parts.count }

    package subscript(index: Int) -> BlockPart? {
        parts.indices.contains(index) ? parts[index] : nil
    }

    /// Whether the part belongs here and is missing.
    package func needs(_ part: BlockPart) -> Bool { (try? isMissing(part)) == true }

    /// Takes a part; `false` if it was here already.
    @discardableResult
    package mutating func add(_ part: BlockPart) throws(Refusal) -> Bool {
        guard try isMissing(part) else { return false }
        parts[Int(part.index)] = part
        receivedCount += 1
        byteCount += part.bytes.count
        return true
    }

    private func isMissing(_ part: BlockPart) throws(Refusal) -> Bool {
        let index = Int(part.index)
        guard index < parts.count else { throw .wrongIndex }
        guard parts[index] == nil else { return false }
        // All but the last part are full.
        let isLast = index == parts.count - 1
        guard
            isLast
                ? (1...BlockPart.byteCountMax).contains(part.bytes.count) : part.bytes.count == BlockPart.byteCountMax
        else { throw .wrongSize }
        guard part.proof.index == Int64(index), part.proof.total == Int64(parts.count),
            part.proof.proves(part.bytes, root: header.hash)
        else { throw .wrongProof }
        return true
    }

    /// The block's encoding once every part is here.
    package var assembled: [UInt8]? {
        guard isComplete else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        for case let part? in parts { bytes.append(contentsOf: part.bytes) }
        return bytes
    }
}

extension BlockPart: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var index: UInt32 = 0
        var bytes: [UInt8] = []
        var proof: MerkleProof?
        while let field = try reader.next() {
            switch field.number {
            case 1: index = try field.uint32()
            case 2: bytes = try field.bytes(atMost: BlockPart.byteCountMax)
            case 3: proof = try field.message(MerkleProof.self)
            default: throw .notCanonical
            }
        }
        guard let proof else { throw .missing(field: 3) }
        self.init(index: index, bytes: bytes, proof: proof)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.uint64(1, UInt64(index))
        writer.bytes(2, bytes)
        writer.message(3, proof)
    }
}
