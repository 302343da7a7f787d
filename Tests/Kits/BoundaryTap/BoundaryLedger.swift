/// What a host learns from sizes and counts alone: for each message and each field of bytes, how often it crossed and
/// how long it was, as classes of powers of two. Times are left out: nothing is promised of how long the enclave takes.
package struct BoundaryLedger: Equatable {
    private struct Row: Equatable {
        var count = 0
        var classes: Set<Int> = []

        mutating func note(_ byteCount: Int?) {
            count += 1
            if let byteCount { classes.insert(BoundaryLedger.sizeClass(byteCount)) }
        }
    }

    private var rows: [String: Row] = [:]

    package init(_ frames: [(way: DeclaredBoundary.Way, frame: BoundaryReader.Frame, byteCount: Int)]) {
        for (way, frame, byteCount) in frames {
            // How often the host asked in vain depends on how fast a compiler is.
            if frame.message == "EnclaveTakeModuleRequest" { continue }
            if frame.message == "EnclaveTakeModuleResponse", !frame.leaves.contains(where: { $0.field == "sealed" }) {
                continue
            }
            let name = frame.message
            // Where keys made at random lie among others says how long a proof is.
            let proofs = frame.leaves.filter { $0.message == "StateProof" && $0.field == "proof" }
            let chance = proofs.map(\.range.count).reduce(0, +)
            rows[BoundaryLedger.place(way, name, ""), default: Row()].note(byteCount - chance)
            for leaf in frame.leaves where leaf.isBytes {
                let field = leaf.message == name ? leaf.field : "\(leaf.message).\(leaf.field)"
                let place = BoundaryLedger.place(way, name, field)
                rows[place, default: Row()].note(proofs.contains(leaf) ? nil : leaf.range.count)
            }
        }
    }

    private static func place(_ way: DeclaredBoundary.Way, _ message: String, _ field: String) -> String {
        "\(way == .intoEnclave ? "in" : "out") | \(message) | \(field)"
    }

    /// The smallest power of two that is no less.
    static func sizeClass(_ byteCount: Int) -> Int {
        byteCount < 2 ? byteCount : 1 << (Int.bitWidth - (byteCount - 1).leadingZeroBitCount)
    }

    /// The names of the messages that crossed in a direction.
    package func messages(_ way: DeclaredBoundary.Way) -> Set<String> {
        Set(
            rows.keys.map { $0.split(separator: " | ", omittingEmptySubsequences: false) }
                .filter { $0[0] == (way == .intoEnclave ? "in" : "out") }.map { String($0[1]) })
    }

    /// The places that differ in how often they were there or in how long they were.
    package func differences(from other: BoundaryLedger) -> [String] {
        Set(rows.keys).union(other.rows.keys).filter { rows[$0] != other.rows[$0] }.sorted()
            .map { $0.split(separator: " | ").joined(separator: " ") }
    }

    /// A row of the page for each message and each of its fields.
    package var table: [String] {
        rows.keys.sorted().map { key in
            let row = rows[key]!
            let classes = row.classes.sorted()
            guard !classes.isEmpty else { return "| \(key) | \(row.count) | by chance |" }
            let sizes =
                classes.count > 3
                ? "\(classes[0]) … \(classes.last!)" : classes.map(String.init).joined(separator: ", ")
            return "| \(key) | \(row.count) | \(sizes) |"
        }
    }
}
