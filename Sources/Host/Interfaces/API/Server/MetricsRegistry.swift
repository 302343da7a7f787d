import Synchronization

/// The node's numbers for operators, in the text format of Prometheus (version 0.0.4).
///
/// Modules ask for a counter, gauge or histogram once and keep it; changing one is a lock and an addition. Label values
/// must come from a small fixed set: each set of labels is a series that lives as long as the process.
package final class MetricsRegistry: Sendable {
    package typealias Labels = [(name: String, value: String)]

    private enum Series: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)

        var type: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    private struct Family: Sendable {
        var help: String
        var type: String
        /// By the text of the labels.
        var series: [String: Series] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    package init() {}

    /// The counter of this name and these labels, made if there is none. A name belongs to one kind of metric.
    package func counter(_ name: String, help: String, labels: Labels = []) -> Counter {
        guard case .counter(let counter) = series(name, help, labels, or: .counter(Counter())) else {
            preconditionFailure("\(name) is no counter")
        }
        return counter
    }

    package func gauge(_ name: String, help: String, labels: Labels = []) -> Gauge {
        guard case .gauge(let gauge) = series(name, help, labels, or: .gauge(Gauge())) else {
            preconditionFailure("\(name) is no gauge")
        }
        return gauge
    }

    /// `bounds` ascend and hold for the first call with this name and these labels.
    package func histogram(
        _ name: String, help: String, labels: Labels = [], bounds: [Double] = Histogram.secondsBounds
    ) -> Histogram {
        guard case .histogram(let histogram) = series(name, help, labels, or: .histogram(Histogram(bounds: bounds)))
        else { preconditionFailure("\(name) is no histogram") }
        return histogram
    }

    private func series(_ name: String, _ help: String, _ labels: Labels, or new: @autoclosure () -> Series) -> Series {
        precondition(([name] + labels.map(\.name)).allSatisfy(MetricsRegistry.isName), "illegal metric name in \(name)")
        let key = MetricsRegistry.text(of: labels)
        return families.withLock { families in
            if let series = families[name]?.series[key] { return series }
            let series = new()
            var family = families[name] ?? Family(help: help, type: series.type)
            precondition(family.type == series.type, "\(name) is a \(family.type)")
            family.series[key] = series
            families[name] = family
            return series
        }
    }

    /// Everything, sorted by name and labels.
    package func text() -> String {
        var lines: [String] = []
        for (name, family) in families.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            let help = family.help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(family.type)"]
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                switch series {
                case .counter(let counter): lines.append("\(name)\(braced(labels)) \(format(counter.value))")
                case .gauge(let gauge): lines.append("\(name)\(braced(labels)) \(format(gauge.value))")
                case .histogram(let histogram): lines += histogramLines(name, labels, histogram)
                }
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func histogramLines(_ name: String, _ labels: String, _ histogram: Histogram) -> [String] {
        let state = histogram.state
        let comma = labels.isEmpty ? "" : ","
        var cumulative: UInt64 = 0
        var lines: [String] = []
        for (bound, count) in zip(histogram.bounds.map(format) + ["+Inf"], state.counts) {
            cumulative += count
            lines.append("\(name)_bucket{\(labels)\(comma)le=\"\(bound)\"} \(cumulative)")
        }
        return lines + [
            "\(name)_sum\(braced(labels)) \(format(state.sum))", "\(name)_count\(braced(labels)) \(cumulative)",
        ]
    }

    private func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }

    /// Whole numbers without a fraction.
    private func format(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? String(value)
    }

    private static func text(of labels: Labels) -> String {
        labels.map { name, value in
            // Few values need it, and each request looks one up.
            let isPlain = value.utf8.allSatisfy { $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "\"") && $0 != 10 }
            let escaped =
                isPlain
                ? value
                : value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(name)=\"\(escaped)\""
        }.joined(separator: ",")
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
        }
    }
}

// MARK: - Kinds

/// A number that only grows.
package final class Counter: Sendable {
    private let state = Mutex(0.0)

    package func increment(by amount: Double = 1) {
        precondition(amount >= 0)
        state.withLock { $0 += amount }
    }

    package var value: Double { state.withLock { $0 } }
}

/// A number that goes up and down.
package final class Gauge: Sendable {
    private let state = Mutex(0.0)

    package func set(_ value: Double) { state.withLock { $0 = value } }
    package func add(_ amount: Double) { state.withLock { $0 += amount } }

    package var value: Double { state.withLock { $0 } }
}

/// How often a value fell into each of some ranges.
package final class Histogram: Sendable {
    package static let secondsBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    struct State {
        /// One more than there are bounds: the last counts what lies above all of them.
        var counts: [UInt64]
        var sum = 0.0
    }

    let bounds: [Double]
    private let storage: Mutex<State>

    init(bounds: [Double]) {
        precondition(!bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy(<))
        self.bounds = bounds
        storage = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    package func observe(_ value: Double) {
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        storage.withLock { state in
            state.counts[index] += 1
            state.sum += value
        }
    }

    var state: State { storage.withLock { $0 } }
}
