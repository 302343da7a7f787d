import PublicCryptography

/// A binary heap that gives the best paid candidate, of equals the oldest.
struct PriorityHeap {
    struct Element {
        var hash: Hash32
        var price: GasPrice
        var order: UInt64

        fileprivate func precedes(_ other: Element) -> Bool {
            price == other.price ? order < other.order : price > other.price
        }
    }

    private var elements: [Element] = []

    mutating func push(_ element: Element) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard elements[child].precedes(elements[parent]) else { return }
            elements.swapAt(child, parent)
            child = parent
        }
    }

    mutating func pop() -> Element? {
        guard let first = elements.first else { return nil }
        let last = elements.removeLast()
        guard !elements.isEmpty else { return first }
        elements[0] = last
        var parent = 0
        while true {
            var best = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < elements.count && elements[child].precedes(elements[best]) {
                best = child
            }
            guard best != parent else { return first }
            elements.swapAt(parent, best)
            parent = best
        }
    }
}
