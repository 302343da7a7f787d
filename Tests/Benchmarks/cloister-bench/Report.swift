import BenchmarkKit
import Foundation

/// Prints the table, row by row as the figures come.
final class Report {
    enum Unit { case time, count, perSecond, bytes }

    private static let nameWidth = 58
    private static let columnWidth = 12

    /// At once: a run takes minutes, and its output may go to a file.
    private func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    func title(machine: String, contract: String) {
        say(
            "\(contract == "end" ? "end" : "run") \(Machine.runID)  \(machine)"
                + (contract == "end" ? "" : "\ncontract: \(contract)"))
    }

    func section(_ name: String) {
        say(
            "\n" + pad(name, Report.nameWidth) + ["median", "min", "p99", "max"].map(column).joined()
                + "  budget, remarks")
    }

    func row(_ name: String, _ samples: Samples, _ unit: Unit = .time, note: String = "") {
        guard !samples.isEmpty else { return skipped(name, "not measured") }
        let figures = [samples.median, samples.minimum, samples.quantile(0.99), samples.maximum]
        say("  " + pad(name, Report.nameWidth - 2) + figures.map { column(text($0, unit)) }.joined() + "  " + note)
    }

    func row(_ name: String, _ value: Double, _ unit: Unit, note: String = "") {
        say(
            "  " + pad(name, Report.nameWidth - 2) + column(text(value, unit))
                + String(repeating: " ", count: 3 * Report.columnWidth) + "  " + note)
    }

    /// A table whose columns are not statistics of one figure.
    func table(_ name: String, columns: [String]) {
        say("\n" + pad(name, Report.nameWidth) + columns.map(column).joined() + "  budget, remarks")
    }

    func cells(_ name: String, _ texts: [String], note: String = "") {
        say("  " + pad(name, Report.nameWidth - 2) + texts.map(column).joined() + "  " + note)
    }

    func time(_ seconds: Double) -> String { text(seconds, .time) }

    static func ratio(_ value: Double) -> String { String(format: value < 10 ? "%.1f x" : "%.0f x", value) }

    func skipped(_ name: String, _ reason: String) {
        say("  " + pad(name, Report.nameWidth - 2) + "  skipped: " + reason)
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private func column(_ text: String) -> String {
        String(repeating: " ", count: max(1, Report.columnWidth - text.count)) + text
    }

    private func text(_ value: Double, _ unit: Unit) -> String {
        switch unit {
        case .time where value < 0.001: String(format: "%.1f us", value * 1e6)
        case .time where value < 1: String(format: "%.2f ms", value * 1e3)
        case .time: String(format: "%.2f s", value)
        case .count: value == value.rounded() ? String(Int(value)) : String(format: "%.1f", value)
        case .perSecond: String(format: "%.0f /s", value)
        case .bytes: String(format: "%.1f MiB", value / 1_048_576)
        }
    }
}
