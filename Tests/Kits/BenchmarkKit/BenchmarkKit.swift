/// What the measuring programs share: a client that costs next to nothing, accounts and the contract that they call,
/// the machine, and statistics.
///
/// It measures nothing by itself, and asserts nothing about time.
import Glibc

/// Measured values of one thing.
package struct Samples {
    package private(set) var values: [Double] = []

    package init(_ values: [Double] = []) { self.values = values.sorted() }

    package var isEmpty: Bool { values.isEmpty }
    package var median: Double { quantile(0.5) }
    package var minimum: Double { values.first ?? .nan }
    package var maximum: Double { values.last ?? .nan }

    package func quantile(_ share: Double) -> Double {
        guard !values.isEmpty else { return .nan }
        return values[min(values.count - 1, Int(Double(values.count) * share))]
    }

    /// The seconds that each of `count` runs of `body` takes, after some that are not counted.
    package static func timing(_ count: Int, warmUp: Int = 20, _ body: () throws -> Void) rethrows -> Samples {
        for _ in 0..<warmUp { try body() }
        var values: [Double] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            let start = Machine.now
            try body()
            values.append(Machine.now - start)
        }
        return Samples(values)
    }
}
