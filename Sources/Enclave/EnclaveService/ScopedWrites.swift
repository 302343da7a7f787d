import Wire

/// Values that a transaction wrote, in layers: one a scope (transaction, message, sub-message). A scope that fails
/// takes its layer with it; one that succeeds is merged into its parent.
struct ScopedWrites<Value> {
    private var layers: [[ByteKey: Value]] = [[:]]

    var depth: Int { layers.count }

    func value(_ key: ByteKey) -> Value? {
        for layer in layers.reversed() {
            if let value = layer[key] { return value }
        }
        return nil
    }

    mutating func set(_ key: ByteKey, _ value: Value) {
        layers[layers.count - 1][key] = value
    }

    mutating func open() {
        layers.append([:])
    }

    mutating func merge() {
        precondition(layers.count > 1)
        let top = layers.removeLast()
        layers[layers.count - 1].merge(top) { _, new in new }
    }

    mutating func discard() {
        precondition(layers.count > 1)
        layers.removeLast()
    }

    /// All that would be left if every scope were closed now, in the order of keys: the order of a dictionary never
    /// shows.
    var sorted: [(key: [UInt8], value: Value)] {
        let all =
            layers.count == 1 ? layers[0] : layers.dropFirst().reduce(layers[0]) { $0.merging($1) { _, new in new } }
        return all.map { (key: $0.key.bytes, value: $0.value) }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }
}
