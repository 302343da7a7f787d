import Foundation
import StrictJSON

/// A list in a node's answer as lines for people: a heading, and a row for each element. Programs read the answer
/// itself.
package struct AnswerTable: Sendable {
    /// How a value is written.
    package enum Form: Sendable {
        case text
        /// The last word of a name as `BOND_STATUS_BONDED` or `/cosmos.gov.v1.MsgVote`, in small letters or as it is.
        case lastWord
        /// A number of millionths of SCRT, whole or with decimals.
        case tokens
        /// A coin or a list of coins, whole or with decimals.
        case coins
        /// The same as a limit: without any there is none.
        case limit
        /// A part of 1, in percent.
        case percent
        /// How many elements a list has.
        case count
        /// To the second.
        case time
        /// The texts of a list, with commas.
        case words
    }

    package struct Column: Sendable {
        var heading: String
        var paths: [[String]]
        var form: Form

        /// - Parameter paths: the names of members from the element on, with dots between; of several the first that
        ///   leads to something.
        package init(_ heading: String, _ paths: String..., form: Form) {
            (self.heading, self.form) = (heading, form)
            self.paths = paths.map { $0.split(separator: ".").map(String.init) }
        }

        package init(_ heading: String, _ path: String, _ form: Form = .text) { self.init(heading, path, form: form) }
    }

    private let list: [String]
    private let parts: String?
    private let columns: [Column]

    /// - Parameters:
    ///   - list: the path of the list in the answer.
    ///   - parts: a list in each element which makes a row for each of its own elements; columns under `part` are of
    /// it.
    package init(_ list: String, parts: String? = nil, _ columns: [Column]) {
        self.list = list.split(separator: ".").map(String.init)
        (self.parts, self.columns) = (parts, columns)
    }

    /// The lines; of a list with nothing in it, one that says so.
    package func lines(_ answer: JSONValue) -> [String] {
        guard let elements = AnswerTable.value(answer, list)?.array, !elements.isEmpty else { return ["none"] }
        var rows = [columns.map(\.heading)]
        for element in elements {
            for part in parts.map({ element[$0]?.array ?? [] }) ?? [.null] {
                rows.append(
                    columns.map { column in
                        let values = column.paths.lazy.compactMap { path in
                            path.first == "part"
                                ? AnswerTable.value(part, Array(path.dropFirst())) : AnswerTable.value(element, path)
                        }
                        return Rendering.line(AnswerTable.cell(values.first ?? .null, column.form))
                    })
            }
        }
        let widths = columns.indices.map { index in rows.map { $0[index].count }.max() ?? 0 }
        var lines = rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
        if let key = answer["pagination"]?["next_key"]?.string, !key.isEmpty {
            lines.append("there are more: --page-key \(Rendering.line(key))")
        }
        return lines
    }

    private static func value(_ json: JSONValue, _ path: [String]) -> JSONValue? {
        path.reduce(json as JSONValue?) { $0?[$1] }
    }

    static func cell(_ value: JSONValue, _ form: Form) -> String {
        switch form {
        case .text: return plain(value)
        case .lastWord:
            let text = plain(value)
            guard text.contains("_"), text == text.uppercased() else {
                return text.split(separator: ".").last.map(String.init) ?? text
            }
            let word = text.split(separator: "_").last ?? ""
            return (text.hasSuffix("NO_WITH_VETO") ? "no_with_veto" : String(word)).lowercased()
        case .tokens: return scrt(plain(value)).map { $0 + "scrt" } ?? plain(value)
        case .coins, .limit:
            let coins = value.array ?? (value.isNull ? [] : [value])
            let texts = coins.map { coin in
                let (amount, denomination) = (plain(coin["amount"] ?? .null), plain(coin["denom"] ?? .null))
                guard denomination == "uscrt", let scrt = scrt(amount) else { return amount + denomination }
                return scrt + "scrt"
            }
            return texts.isEmpty ? (form == .limit ? "any" : "none") : texts.joined(separator: ",")
        case .percent: return MessageText.scaled(plain(value)).flatMap(percent) ?? plain(value)
        case .count: return String(value.array?.count ?? 0)
        case .time: return String(plain(value).prefix { $0 != "." && $0 != "Z" }) + (value.string == nil ? "" : "Z")
        case .words: return (value.array ?? []).map(plain).joined(separator: ",")
        }
    }

    private static func plain(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        default: JSONWriter.text(of: value)
        }
    }

    /// Millionths of SCRT as SCRT; what is less than one is left out.
    private static func scrt(_ text: String) -> String? {
        let whole = text.prefix { $0 != "." }
        guard let number = UInt128(whole) else { return nil }
        return decimal(number, places: 6)
    }

    /// Of a number times 10^18.
    private static func percent(_ scaled: String) -> String? {
        UInt128(scaled).map { decimal($0 / 100_000_000_000_000, places: 2) + "%" }
    }

    private static func decimal(_ number: UInt128, places: Int) -> String {
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        var fraction = padded.suffix(places)
        while fraction.last == "0" { fraction.removeLast() }
        return padded.dropLast(places) + (fraction.isEmpty ? "" : "." + fraction)
    }
}
