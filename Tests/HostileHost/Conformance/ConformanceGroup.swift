import Foundation
import PublicCryptography
import StrictJSON
import TestSupport

/// One table: the rows of one file of the protocol's test list, or of one binary.
struct ConformanceGroup {
    let name: String
    let count: Int
    let codes: [String: ConformanceCode]
    let rows: [ConformanceRow]

    private static let inOrder = ["init", "exec", "query", "submessages", "migrate", "mixed", "parameters", "ibc"]

    static func protocolList() throws -> [ConformanceGroup] {
        try inOrder.map { try ConformanceGroup(ConformanceFiles.tables.appendingPathComponent("\($0).json")) }
    }

    static func binaries() throws -> [ConformanceGroup] {
        let folder = ConformanceFiles.tables.appendingPathComponent("binaries")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.map { try ConformanceGroup($0) }
    }

    init(_ file: URL) throws {
        let table = try ConformanceFiles.read(file)
        name = file.deletingPathExtension().lastPathComponent
        var codes = try ConformanceCode.puppets.merging(ConformanceCode.read(table["codes"])) { $1 }
        var rows: [ConformanceRow] = []
        for entry in table["rows"]?.array ?? [] {
            guard let source = entry["derive"]?.string,
                let mode = entry["mode"]?.string.flatMap(ConformanceRow.Mode.init)
            else {
                var row = ConformanceRow(id: "\(name) \(rows.count + 1)", entry)
                row.values = table["values"]?.object ?? []
                if row.needs.isEmpty { row.needs = table["needs"]?.array?.compactMap(\.string) ?? [] }
                if row.versions.isEmpty { row.versions = table["for"]?.array?.compactMap(\.string) ?? ["v1", "v010"] }
                rows.append(row)
                continue
            }
            let derived = try ConformanceGroup(ConformanceFiles.tables.appendingPathComponent("\(source).json"))
            codes.merge(derived.codes) { own, _ in own }
            for row in derived.rows { rows.append(row.derived(as: "\(name) \(rows.count + 1)", mode)) }
        }
        self.rows = rows
        self.codes = codes
        count = table["count"]?.numberText.flatMap { Int($0) } ?? rows.count
    }
}

struct ConformanceRow {
    /// How its contracts come to be called.
    enum Mode: String {
        case direct
        /// They have been migrated before.
        case after
        /// What a user would execute is done by a migration.
        case during
    }

    let id: String
    let rule: String
    let content: JSONValue
    let mode: Mode
    /// What all rows of its table have under a name.
    var values: [(String, JSONValue)] = []
    /// Codes without which it is not run.
    var needs: [String]
    /// The versions of the interface that it is run for.
    var versions: [String]

    init(id: String, _ content: JSONValue, mode: Mode = .direct) {
        self.id = id
        self.content = content
        self.mode = mode
        rule = content["rule"]?.string ?? ""
        needs = content["needs"]?.array?.compactMap(\.string) ?? []
        versions = content["for"]?.array?.compactMap(\.string) ?? []
    }

    func derived(as id: String, _ mode: Mode) -> ConformanceRow {
        var row = ConformanceRow(id: "\(id) (\(self.id), \(mode.rawValue))", content, mode: mode)
        (row.values, row.needs, row.versions) = (values, needs, versions)
        return row
    }

    /// Why it is not run, if so.
    var excuse: String? { (content["not"] ?? (mode == .direct ? nil : content[mode.rawValue]))?.string }
    /// The test that stands for it.
    var test: String? { content["test"]?.string }

    /// Names of the contracts that stand ready, with their codes; `*` is the version that the row is run for.
    var contracts: [(name: String, code: String)] {
        switch content["with"] {
        case .array(let names)?: names.compactMap(\.string).map { ($0, "*") }
        case .object(let members)?: members.map { ($0.0, $0.1.string ?? "*") }
        default: [("a", "*")]
        }
    }
}

/// A module that contracts are made of, by name.
struct ConformanceCode {
    var file: String
    /// Whether it is looked for in the folder of contracts that are not ours.
    var isOutside: Bool
    /// Bytes to replace: how the original's tests make another code of the same contract.
    var replacing: [(old: [UInt8], new: [UInt8])] = []
    /// A custom section more, which makes it another code of the same contract.
    var isTagged = false
    /// Of the module, where the table says which it must be.
    var sha256: String?

    /// The contracts of this repository that do what a row says. Those named `next` are what they are migrated to.
    static let puppets: [String: ConformanceCode] = [
        "v1": .init(file: "puppet", isOutside: false), "v010": .init(file: "puppet-v010", isOutside: false),
        "v1-next": .init(file: "puppet", isOutside: false, isTagged: true),
        "v010-next": .init(file: "puppet-v010", isOutside: false, isTagged: true),
        "v1-plain": .init(
            file: "puppet", isOutside: false,
            replacing: [(Array("requires_random".utf8), Array("random_unwanted".utf8))]),
    ]

    static func read(_ json: JSONValue?) throws -> [String: ConformanceCode] {
        var codes: [String: ConformanceCode] = [:]
        for (name, code) in json?.object ?? [] {
            guard let file = code["file"]?.string else { throw ConformanceFault("code \(name) has no file") }
            let patches = try (code["patch"]?.array ?? []).map { patch in
                guard let old = patch[0]?.string.flatMap({ Hexadecimal.decode($0) }),
                    let new = patch[1]?.string.flatMap({ Hexadecimal.decode($0) })
                else { throw ConformanceFault("a patch of \(name) is not hexadecimal") }
                return (old: old, new: new)
            }
            codes[name] = ConformanceCode(
                file: file, isOutside: code["outside"]?.bool ?? false, replacing: patches,
                isTagged: code["tagged"]?.bool ?? false, sha256: code["sha256"]?.string)
        }
        return codes
    }
}

/// Where tables and binaries are.
enum ConformanceFiles {
    static let tables = Repository.root.appendingPathComponent("Tests/Conformance")

    static func read(_ file: URL) throws -> JSONValue {
        do {
            let limits = JSONLimits(bytesMax: 1 << 22, depthMax: 100, repeatedNames: .refused)
            return try JSONReader.parse(Array(try Data(contentsOf: file)), limits: limits)
        } catch {
            throw ConformanceFault("\(file.lastPathComponent): \(error)")
        }
    }

    /// Compressed or not; `nil` if it is not there.
    static func binary(_ code: ConformanceCode) -> [UInt8]? {
        let folder = code.isOutside ? Repository.foreignContracts : Repository.path("contracts/build")
        for name in ["\(code.file).wasm", "\(code.file).wasm.gz"] {
            if let data = FileManager.default.contents(atPath: "\(folder)/\(name)") { return Array(data) }
        }
        return nil
    }

    /// Whether the test bundle `target` has a test of this name.
    static func hasTest(_ name: String, in target: String) -> Bool {
        let folder = Repository.root.appendingPathComponent("Tests/\(target)")
        guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
            return false
        }
        for case let file as URL in files where file.pathExtension == "swift" {
            if let text = try? String(contentsOf: file, encoding: .utf8), text.contains("\"\(name)\"") { return true }
        }
        return false
    }
}
