import Foundation
import TestSupport

/// The tables of docs/security/confinement.md, which are made from what was seen and compared with it.
struct ConfinementPage {
    /// The column of the page's first table that each of the layers alone has.
    static let layers = ["plain", "landlock", "namespaces", "start", "final"]
    private static let mark = (begin: "<!-- seen: begin -->\n", end: "<!-- seen: end -->\n")
    private static let path = Repository.root.appendingPathComponent("docs/security/confinement.md")

    struct Attempt: Equatable {
        var name: String
        /// By layer, as in `layers`.
        var alone: [String]
        var started: String
        var serving: String

        var cells: [String] { [name] + alone + [started, serving] }
    }

    struct Attack: Equatable {
        var name: String
        /// What comes of it, by who tries it on whom, as in the page's second table.
        var results: [String]

        var cells: [String] { [name] + results }
    }

    var attempts: [Attempt] = []
    var attacks: [Attack] = []
    /// The release of Linux on which all of it was seen, as "6.18".
    var kernel = ""

    static var ownKernel: String {
        var name = utsname()
        uname(&name)
        let release = withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return release.split(separator: ".").prefix(2).joined(separator: ".")
    }

    static func read() throws -> ConfinementPage {
        let text = try String(contentsOf: path, encoding: .utf8)
        var page = ConfinementPage()
        for line in text.split(separator: "\n") {
            if line.hasPrefix("Seen on Linux ") {
                page.kernel = String(line.dropFirst(14).prefix { $0.isNumber || $0 == "." }.drop { $0 == "." })
                if page.kernel.hasSuffix(".") { page.kernel.removeLast() }
            }
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard line.hasPrefix("| "), cells.count > 2, !["attempt", "attack", "---"].contains(cells[1]) else {
                continue
            }
            let row = Array(cells[1..<(cells.count - 1)])
            if row.count == layers.count + 3 {
                page.attempts.append(
                    Attempt(name: row[0], alone: Array(row[1...layers.count]), started: row[6], serving: row[7]))
            } else if row.count == 6 {
                page.attacks.append(Attack(name: row[0], results: Array(row[1...])))
            }
        }
        return page
    }

    /// Puts what was seen in the place of the tables.
    func write() throws {
        var text = try String(contentsOf: Self.path, encoding: .utf8)
        guard let begin = text.range(of: Self.mark.begin), let end = text.range(of: Self.mark.end) else {
            throw CocoaError(.formatting)
        }
        var lines = ["Seen on Linux \(kernel).", ""]
        lines += table(
            [
                "attempt", "no layer", "Landlock", "namespaces", "start list", "final list", "enclave, at its start",
                "enclave that serves",
            ], attempts.map(\.cells))
        lines.append("")
        lines += table(
            [
                "attack", "any process, own user", "both, own user", "both, other user", "installed, host's user",
                "root",
            ], attacks.map(\.cells))
        text.replaceSubrange(begin.upperBound..<end.lowerBound, with: lines.joined(separator: "\n") + "\n")
        try text.write(to: Self.path, atomically: true, encoding: .utf8)
    }

    private func table(_ head: [String], _ rows: [[String]]) -> [String] {
        ([head, head.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
    }
}
