import PublicCryptography

/// Inner nodes near the roots of trees, each under its hash with the two parts that it is the hash of.
///
/// An entry is a fact about SHA-256 and says nothing about any state: a node is looked up by a hash that a root leads to,
/// and what it names is the same in every tree and at every height. So nothing here can be stale, and whoever fills it
/// can only make it less useful. Memory is bounded; what is dropped is hashed again.
package struct TreeTops {
    /// Nodes further down are on the way to few keys.
    private static let depthMax = 12
    /// What one lane of the enclave remembers, some 800 KiB.
    package static let nodesOfLane = 4096

    private let nodesMax: Int
    private var nodes: [Hash32: (left: Hash32, right: Hash32)] = [:]

    package init(nodesMax: Int) {
        self.nodesMax = nodesMax
    }

    package var count: Int { nodes.count }

    func children(of hash: Hash32) -> (left: Hash32, right: Hash32)? {
        nodes[hash]
    }

    mutating func note(_ hash: Hash32, at depth: Int, left: Hash32, right: Hash32) {
        guard depth < TreeTops.depthMax, nodesMax > 0 else { return }
        if nodes.count >= nodesMax { nodes.removeAll(keepingCapacity: true) }
        nodes[hash] = (left, right)
    }
}
