import EnclaveProtocol
import PublicCryptography
import StrictJSON

/// What a step must come to. Without an `error`, a `log` or a `code` it must succeed.
struct ConformanceExpectation {
    private let expected: JSONValue
    private let template: ConformanceTemplate

    init(_ expected: JSONValue, _ template: ConformanceTemplate) {
        (self.expected, self.template) = (expected, template)
    }

    private var wantsFailure: Bool { ["error", "error_is", "log", "code"].contains { expected[$0] != nil } }

    /// Of a transaction: `error` is what its sender reads, `log` what everybody does.
    func check(
        _ result: PlayedResult, data: String, error: String, charge: UInt64, of contract: String,
        open: (String) -> String?
    ) throws {
        if wantsFailure {
            guard result.code != 0 else { throw ConformanceFault("it did not fail, and answered \(data)") }
        } else if result.code != 0 {
            throw ConformanceFault("it failed with \(result.code): \(result.log) / \(error)")
        }
        try texts(error: error, log: result.log)
        if let code = expected["code"] {
            let wanted = try template.expand(code).numberText ?? ""
            guard String(result.code) == wanted else {
                throw ConformanceFault("code \(result.code), not \(wanted): \(result.log)")
            }
        }
        if let codespace = expected["codespace"]?.string, codespace != result.codespace {
            throw ConformanceFault("codespace \(result.codespace)")
        }
        try compare(data, "data")
        try contain(data, "data_has")
        try bottom(data, "data_unwraps")
        try attributes(result.events, of: contract, open: open)
        let least = try value(of: expected["charge"] ?? expected["charge_from"], data: data)
        let most = try value(of: expected["charge"] ?? expected["charge_to"], data: data)
        guard Int64(charge) >= least ?? 0, Int64(charge) <= most ?? .max else {
            throw ConformanceFault("it was charged \(charge), not \(least ?? 0) to \(most ?? .max)")
        }
        if let writes = expected["writes"]?.numberText, writes != String(result.writes.count) {
            throw ConformanceFault("it wrote \(result.writes.count) records")
        }
    }

    /// Of a query.
    func check(answer: String, error: String, log: String, gas: UInt64) throws {
        if wantsFailure {
            guard !log.isEmpty else { throw ConformanceFault("it did not fail, and answered \(answer)") }
        } else if !log.isEmpty {
            throw ConformanceFault("it failed: \(log) / \(error)")
        }
        try texts(error: error, log: log)
        try compare(answer, "answer")
        try contain(answer, "answer_has")
        try bottom(answer, "answer_unwraps")
    }

    /// Of a value that a contract keeps.
    func check(value: String?) throws {
        if expected["is"]?.isNull == true {
            guard value == nil else { throw ConformanceFault("something is kept: \(value!)") }
            return
        }
        guard let value else {
            if expected["keep"] != nil { return }
            throw ConformanceFault("nothing is kept")
        }
        try compare(value, "is")
        try contain(value, "has")
        if let lack = try template.text(expected["lacks"]), value.contains(lack) {
            throw ConformanceFault("\(value) has \(lack)")
        }
    }

    // MARK: - Parts

    private func texts(error: String, log: String) throws {
        try contain(error, "error")
        try contain(log, "log")
        try compare(error, "error_is")
    }

    private func compare(_ text: String, _ member: String) throws {
        guard let wanted = expected[member] else { return }
        let expanded = try template.expand(wanted)
        let whole = expanded.string ?? JSONWriter.text(of: expanded)
        guard text == whole else { throw ConformanceFault("\(member) is \(text), not \(whole)") }
    }

    /// A text, or all of several.
    private func contain(_ text: String, _ member: String) throws {
        guard let wanted = expected[member] else { return }
        for part in wanted.array ?? [wanted] {
            let expanded = try template.expand(part)
            let piece = expanded.string ?? JSONWriter.text(of: expanded)
            guard text.contains(piece) else { throw ConformanceFault("\(member): \(text) has no \(piece)") }
        }
    }

    /// `attributes` are those of all `wasm` events of the contract; `clear` those that stand unencrypted in any event;
    /// `events` maps a type to the attributes of the events of that type.
    private func attributes(_ events: [Event], of contract: String, open: (String) -> String?) throws {
        func opened(_ event: Event) -> [String] {
            event.attributes.filter { $0.key != "contract_address" && $0.key != "msg_index" }.map {
                "\(open($0.key) ?? $0.key)=\(open($0.value) ?? $0.value)"
            }
        }
        func wanted(_ list: JSONValue) throws -> [String] {
            try (list.array ?? []).map { pair in
                "\(try template.text(pair[0]) ?? "")=\(try template.text(pair[1]) ?? "")"
            }
        }
        func check(_ list: JSONValue, of contract: String) throws {
            let own = events.filter { event in
                event.type == "wasm"
                    && event.attributes.contains { $0.key == "contract_address" && $0.value == contract }
            }
            let (found, wanted) = (own.flatMap(opened), try wanted(list))
            guard found == wanted else { throw ConformanceFault("attributes \(found), not \(wanted)") }
        }
        if let list = expected["attributes"] { try check(list, of: contract) }
        try contain(events.filter { $0.type == "wasm" }.flatMap(opened).joined(separator: "\n"), "attributes_have")
        for (name, list) in expected["attributes_of"]?.object ?? [] {
            try check(list, of: template.interpolate("${\(name)}"))
        }
        if let list = expected["clear"] {
            let clear = events.flatMap(\.attributes).map { "\($0.key)=\($0.value)" }
            for attribute in try wanted(list) where !clear.contains(attribute) {
                throw ConformanceFault("\(attribute) is not among \(clear)")
            }
        }
        if let list = expected["sealed"] {
            let clear = events.flatMap(\.attributes).flatMap { [$0.key, $0.value] }
            for text in list.array ?? [] {
                let text = try template.text(text) ?? ""
                guard !clear.contains(text) else { throw ConformanceFault("\(text) is readable") }
            }
        }
        for (type, list) in expected["events"]?.object ?? [] {
            let found = events.filter { $0.type == type }
            let wanted = try wanted(list)
            guard !found.isEmpty, found.flatMap(opened) == wanted else {
                throw ConformanceFault("\(found.count) events \(type): \(found.flatMap(opened)), not \(wanted)")
            }
        }
    }

    /// What is inside of answers to queries inside of each other: a text, and how deep it is.
    private func bottom(_ text: String, _ member: String) throws {
        guard let wanted = expected[member], let depth = wanted[1]?.uint64 else { return }
        let found = try (0..<depth).reduce(text) { text, _ in try unwrap(text) }
        guard found == wanted[0]?.string else { throw ConformanceFault("at the bottom is \(found)") }
    }

    /// The answer inside of a query's answer.
    private func unwrap(_ answer: String) throws -> String {
        guard let json = try? JSONReader.parse(Array(answer.utf8), limits: .init(bytesMax: 1 << 20)),
            let bytes = json["Ok"]?["Ok"]?.string.flatMap({ Base64.decode($0) })
        else { throw ConformanceFault("\(answer) is no answer to a query") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A sum of numbers, of values kept before, and of `data`, what this answered: `base+192-8`.
    private func value(of sum: JSONValue?, data: String) throws -> Int64? {
        guard let sum = try template.text(sum) ?? sum?.numberText else { return nil }
        var (total, sign, term): (Int64, Int64, String) = (0, 1, "")
        for character in sum + "+" {
            guard character == "+" || character == "-" else {
                term.append(character)
                continue
            }
            let text = term == "data" ? data : template.values[term] ?? term
            guard let number = Int64(text) else { throw ConformanceFault("\(term) is no number") }
            total += sign * number
            (sign, term) = (character == "+" ? 1 : -1, "")
        }
        return total
    }
}
