import PublicCryptography

/// Why values are not proved.
package enum ProofError: Error, Equatable, Sendable {
    case noKeys
    /// As many values as keys are needed.
    case countMismatch
    case duplicateKey
    case truncated
    case trailingBytes
    case illegalNode
    case tooDeep
    /// A leaf stands where its path does not lead.
    case misplacedLeaf
    /// A value is given for an absent key, none for a present one, or another one.
    case wrongValue
    case wrongRoot
    /// A leaf lies between two that should be neighbours.
    case leafLeftOut
}

/// One proof over several keys of one store, present or absent: the tree above the queried paths in preorder.
///
/// For the set of queried paths in a subtree (never empty): `00` is an empty subtree; `01 || path || value hash` is a
/// single leaf; `02` is an inner node, followed by its left and its right part. A part with no queried path is its hash
/// (32 bytes), a part with some is encoded in the same way.
package enum MultiProof {
    package enum Node {
        package static let empty: UInt8 = 0
        package static let leaf: UInt8 = 1
        package static let inner: UInt8 = 2
    }

    /// Returns if the store with `root` has exactly `values` under `keys`, `nil` meaning that the key is absent.
    ///
    /// The host chose `values` and `proof` and may lie about every byte of them: a value left out, replaced or moved to
    /// another key, a leaf of another key, or a proof of an older tree ends in a `ProofError`. What remains is to find
    /// a SHA-256 collision. Every byte of the proof must be used. Work is bounded by the proof's length: each byte is
    /// read once, and the recursion is at most 256 deep. Keys may come in any order; the same key twice is refused.
    package static func verify(
        root: Hash32, keys: [[UInt8]], values: [[UInt8]?], proof: [UInt8]
    ) throws(ProofError) {
        var tops = TreeTops(remembers: false)
        try verify(root: root, keys: keys, values: values, proof: proof, tops: &tops)
    }

    /// The same, without hashing again what `tops` has.
    package static func verify(
        root: Hash32, keys: [[UInt8]], values: [[UInt8]?], proof: [UInt8], tops: inout TreeTops
    ) throws(ProofError) {
        _ = try verified(root: root, keys: keys, values: values, proof: proof, tops: &tops)
    }

    private static func verified(
        root: Hash32, keys: [[UInt8]], values: [[UInt8]?], proof: [UInt8], tops: inout TreeTops
    ) throws(ProofError) -> Surroundings {
        guard !keys.isEmpty else { throw .noKeys }
        guard keys.count == values.count else { throw .countMismatch }
        var queries = [Query]()
        queries.reserveCapacity(keys.count)
        for (key, value) in zip(keys, values) {
            queries.append(Query(path: SparseMerkleTree.path(of: key), valueHash: value.map { SHA256.hash($0) }))
        }
        queries.sort { $0.path < $1.path }
        for index in 1..<queries.count where queries[index - 1].path == queries[index].path { throw .duplicateKey }

        var reader = Reader(proof: proof, queries: queries)
        _ = try reader.subtree(0..<queries.count, depth: 0, expected: root, &tops)
        guard reader.position == proof.count else { throw .trailingBytes }
        return reader.surroundings
    }

    /// What a proof shows of the leaves beside those that were asked for.
    package struct Surroundings: Equatable, Sendable {
        /// Whether no leaf lies before the first, behind the last, and between two of those asked for.
        package fileprivate(set) var isFirst = true
        package fileprivate(set) var isLast = true
        fileprivate(set) var isWithoutGap = true
    }

    /// As `verify`, of keys that are all present and have no other between them in the order of their paths.
    ///
    /// The attack: a host leaves out what it wants to be passed over. A subtree in which nothing was asked for stands
    /// in the proof as its hash: between two of the keys it must be the empty one's.
    package static func verifyRange(
        root: Hash32, keys: [[UInt8]], values: [[UInt8]?], proof: [UInt8]
    ) throws(ProofError) -> Surroundings {
        guard !values.contains(nil) else { throw .wrongValue }
        var tops = TreeTops(remembers: false)
        let surroundings = try verified(root: root, keys: keys, values: values, proof: proof, tops: &tops)
        guard surroundings.isWithoutGap else { throw .leafLeftOut }
        return surroundings
    }

    private struct Query {
        var path: Hash32
        var valueHash: Hash32?
    }

    private struct Reader {
        let proof: [UInt8]
        let queries: [Query]
        var position = 0
        var surroundings = Surroundings()

        init(proof: [UInt8], queries: [Query]) {
            self.proof = proof
            self.queries = queries
        }

        /// The hash of the subtree at `depth` in which the queries of `range` end; `range` is never empty. Where it is
        /// known beforehand, it is `expected`, and no other is returned.
        mutating func subtree(
            _ range: Range<Int>, depth: Int, expected: Hash32?, _ tops: inout TreeTops
        ) throws(ProofError) -> Hash32 {
            let computed = try node(range, depth: depth, expected: expected, &tops)
            guard expected == nil || computed == expected else { throw .wrongRoot }
            return computed
        }

        private mutating func node(
            _ range: Range<Int>, depth: Int, expected: Hash32?, _ tops: inout TreeTops
        ) throws(ProofError) -> Hash32 {
            guard position < proof.count else { throw .truncated }
            let kind = proof[position]
            position += 1
            switch kind {
            case Node.empty:
                for query in queries[range] where query.valueHash != nil { throw .wrongValue }
                return SparseMerkleTree.emptyRoot
            case Node.leaf:
                return try leaf(range, depth: depth)
            case Node.inner:
                guard depth < SparseMerkleTree.depthMax else { throw .tooDeep }
                let middle = firstRight(in: range, depth: depth)
                let known = expected.flatMap { tops.children(of: $0) }
                let left = try part(range.lowerBound..<middle, depth: depth + 1, expected: known?.left, &tops)
                let right = try part(middle..<range.upperBound, depth: depth + 1, expected: known?.right, &tops)
                if known != nil, let expected { return expected }
                let hash = SparseMerkleTree.innerHash(left, right)
                tops.note(hash, at: depth, left: left, right: right)
                return hash
            default:
                throw .illegalNode
            }
        }

        private mutating func part(
            _ range: Range<Int>, depth: Int, expected: Hash32?, _ tops: inout TreeTops
        ) throws(ProofError) -> Hash32 {
            guard range.isEmpty else { return try subtree(range, depth: depth, expected: expected, &tops) }
            let sibling = try hash()
            guard expected == nil || sibling == expected else { throw .wrongRoot }
            if sibling != SparseMerkleTree.emptyRoot {
                // As many queries lie before it as its range begins with: they are sorted.
                if range.lowerBound == 0 {
                    surroundings.isFirst = false
                } else if range.lowerBound == queries.count {
                    surroundings.isLast = false
                } else {
                    surroundings.isWithoutGap = false
                }
            }
            return sibling
        }

        private mutating func leaf(_ range: Range<Int>, depth: Int) throws(ProofError) -> Hash32 {
            let path = try hash()
            let valueHash = try hash()
            // The queries of the range share their first `depth` bits with this place; so must the leaf, else it
            // would say nothing about them.
            guard path.commonPrefixBitCount(with: queries[range.lowerBound].path) >= depth else { throw .misplacedLeaf }
            for query in queries[range] {
                guard query.valueHash == (query.path == path ? valueHash : nil) else { throw .wrongValue }
            }
            return SparseMerkleTree.leafHash(path: path, valueHash: valueHash)
        }

        private mutating func hash() throws(ProofError) -> Hash32 {
            guard proof.count - position >= Hash32.byteCount else { throw .truncated }
            let start = position
            position += Hash32.byteCount
            return certain(Hash32(proof[start..<position]), "32 bytes were left")
        }

        /// The first query of `range` that goes right at `depth`; they are sorted, so those on the left come first.
        private func firstRight(in range: Range<Int>, depth: Int) -> Int {
            var (low, high) = (range.lowerBound, range.upperBound)
            while low < high {
                let middle = low + (high - low) / 2
                if queries[middle].path.bit(depth) { high = middle } else { low = middle + 1 }
            }
            return low
        }
    }
}
