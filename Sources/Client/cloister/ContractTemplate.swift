import Foundation
import WalletClient

/// What a new project begins as: a small contract that greets, or one of the example contracts with its tests.
struct ContractTemplate {
    static let smallest = "greeter"
    /// The examples in `contracts/` that are applications.
    static let names = [
        "auction", "counter", "credit-score", "draw-poker", "nft", "paid-content", "prediction", "rock-paper-scissors",
        "snip20", "swap", "voting",
    ]

    private let name: String
    /// The folder `contracts` of the sources.
    private let source: URL

    init(_ name: String, in source: URL) throws {
        guard name == Self.smallest || Self.names.contains(name) else {
            throw ClientError(
                .invalidInput,
                "no template is called \(name); there are \(([Self.smallest] + Self.names).joined(separator: ", "))")
        }
        (self.name, self.source) = (name, source)
    }

    /// Makes the folder `project`, which must not be there; all of it, or nothing.
    func make(_ projectName: String, at project: URL) throws {
        let files = FileManager.default
        // Beside it, so that it can be moved there in one step.
        let folder = project.deletingLastPathComponent()
        let unfinished = folder.appendingPathComponent(".\(projectName)-\(UUID().uuidString)", isDirectory: true)
        defer { try? files.removeItem(at: unfinished) }
        try fill(unfinished, projectName)
        try files.moveItem(at: unfinished, to: project)
    }

    private func fill(_ project: URL, _ projectName: String) throws {
        let files = FileManager.default
        try files.copyItem(at: source.appendingPathComponent("template"), to: project)
        try files.moveItem(
            at: project.appendingPathComponent("gitignore"), to: project.appendingPathComponent(".gitignore"))
        let sdk = project.appendingPathComponent("cloister-sdk", isDirectory: true)
        try files.createDirectory(at: sdk, withIntermediateDirectories: true)
        for part in ["sdk", "testkit", "runtime", "tools", "rules.mk"] {
            try files.copyItem(at: source.appendingPathComponent(part), to: sdk.appendingPathComponent(part))
        }
        for page in ["README.md", "Package.swift"] {
            try edit(project.appendingPathComponent(page)) { $0.replacingOccurrences(of: "NAME", with: projectName) }
        }
        if name != Self.smallest { try takeExample(into: project) }
    }

    private func takeExample(into project: URL) throws {
        let files = FileManager.default
        let contract = project.appendingPathComponent("contract", isDirectory: true)
        try files.removeItem(at: contract)
        try files.copyItem(at: source.appendingPathComponent(name), to: contract)
        try edit(project.appendingPathComponent("README.md")) { page in
            // The greeter's own calls, which this contract does not know, are behind the commands that build.
            let general = page.components(separatedBy: "\n    field()")[0]
            return general + "\n" + (try example())
        }
        let page = contract.appendingPathComponent("README.md")
        if files.fileExists(atPath: page.path) { try files.removeItem(at: page) }
    }

    /// The example's page, with its own module in the place where it is built here, and without links to neighbours.
    private func example() throws -> String {
        guard let page = try? String(contentsOf: source.appendingPathComponent("\(name)/README.md"), encoding: .utf8)
        else { return "It begins as the example `\(name)`.\n" }
        return "#"
            + page.replacingOccurrences(of: "contracts/build/\(name).wasm", with: "build/contract.wasm")
            .replacing(/\[([^\]]+)\]\(\.\.\/[^)]*\)/) { $0.output.1 }
    }

    private func edit(_ file: URL, _ change: (String) throws -> String) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        try change(text).write(to: file, atomically: true, encoding: .utf8)
    }
}
