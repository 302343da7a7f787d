import PublicCryptography

/// Inner nodes near the roots of trees, each under its hash with the two parts that it is the hash of.
///
/// An entry is a fact about SHA-256 and says nothing about any state: a node is looked up by a hash that a root leads
/// to, and what it names is the same in every tree and at every height. So nothing here can be stale, and whoever fills
/// it can only make it less useful. Each hash has one place, where the newest stays: finding a node must cost less than
/// hashing it, which takes a tenth of a microsecond.
package struct TreeTops {
    private struct Node {
        var hash: Hash32
        var left: Hash32
        var right: Hash32
    }

    /// Nodes further down are on the way to few keys.
    private static let depthMax = 12
    private static let placeCount = 4096

    /// Empty until the first node comes, then 400 KiB; for ever empty in what remembers nothing.
    private var places: [Node?] = []
    private let remembers: Bool

    package init(remembers: Bool = true) {
        self.remembers = remembers
    }

    package var count: Int { places.count { $0 != nil } }

    func children(of hash: Hash32) -> (left: Hash32, right: Hash32)? {
        guard !places.isEmpty, let node = places[TreeTops.place(of: hash)], node.hash == hash else { return nil }
        return (node.left, node.right)
    }

    mutating func note(_ hash: Hash32, at depth: Int, left: Hash32, right: Hash32) {
        guard remembers, depth < TreeTops.depthMax else { return }
        if places.isEmpty { places = Array(repeating: nil, count: TreeTops.placeCount) }
        places[TreeTops.place(of: hash)] = Node(hash: hash, left: left, right: right)
    }

    private static func place(of hash: Hash32) -> Int { hash.lastBits(12) }
}
