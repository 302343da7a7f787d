import PublicCryptography

extension MerkleTree {
    /// The proof for one leaf of those with these hashes. `index` must be one of theirs.
    package static func proof(at index: Int, ofLeafHashes hashes: [Hash32]) -> MerkleProof {
        var (aunts, rest) = ([Hash32](), hashes[...])
        while rest.count > 1 {
            let middle = rest.startIndex + splitPoint(rest.count)
            let (own, other) = index < middle ? (rest[..<middle], rest[middle...]) : (rest[middle...], rest[..<middle])
            aunts.append(root(ofLeafHashes: Array(other)))
            rest = own
        }
        return MerkleProof(
            total: Int64(hashes.count), index: Int64(index), leafHash: hashes[index], aunts: aunts.reversed())
    }
}

extension MerkleProof {
    /// As COSE receipts carry it: the CBOR of an inclusion proof for the tree RFC9162_SHA256 (RFC 9942, section 5.2),
    /// which is `MerkleTree`'s. A tree of one leaf has an empty path, which the RFC's grammar does not foresee
    /// (docs/decisions/0055).
    package var receiptForm: [UInt8] {
        CBORHead.array(3) + CBORHead.unsigned(total) + CBORHead.unsigned(index) + CBORHead.array(aunts.count)
            + aunts.flatMap { CBORHead.bytes(Hash32.byteCount) + $0.bytes }
    }
}

/// The first bytes of a CBOR item, in the shortest form (RFC 8949, sections 3 and 4.2.1).
private enum CBORHead {
    static func unsigned(_ value: Int64) -> [UInt8] { head(0, UInt64(value)) }
    static func bytes(_ count: Int) -> [UInt8] { head(2, UInt64(count)) }
    static func array(_ count: Int) -> [UInt8] { head(4, UInt64(count)) }

    private static func head(_ major: UInt8, _ argument: UInt64) -> [UInt8] {
        let bytes = argument.bigEndianBytes
        switch argument {
        case 0..<24: return [major << 5 | UInt8(argument)]
        case 24...0xff: return [major << 5 | 24] + bytes.suffix(1)
        case 0x100...0xffff: return [major << 5 | 25] + bytes.suffix(2)
        case 0x1_0000...0xffff_ffff: return [major << 5 | 26] + bytes.suffix(4)
        default: return [major << 5 | 27] + bytes
        }
    }
}
