import Foundation

/// The files of the repository that the tests were built from.
package enum Repository {
    /// The folder with the package's manifest.
    package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    package static func path(_ name: String) -> String { root.appendingPathComponent(name).path }

    /// Facts, recordings and contracts of others, which lie beside the checkout of those who have them.
    package static let shared = root.deletingLastPathComponent().appendingPathComponent("shared")

    /// Contracts that are not part of this repository: `CLOISTER_CONTRACTS`, or those that are shared.
    package static let foreignContracts =
        ProcessInfo.processInfo.environment["CLOISTER_CONTRACTS"] ?? shared.appendingPathComponent("contracts").path

    /// Where `make contracts` puts the contract called `name`.
    package static func contractFile(_ name: String) -> String { path("contracts/build/\(name).wasm") }

    /// A contract of this repository.
    package static func contract(_ name: String) -> [UInt8] {
        guard let code = bytes(atPath: contractFile(name)) else {
            fatalError("\(contractFile(name)) is missing: run `make contracts` first")
        }
        return code
    }

    /// A file's contents, or `nil` if it is not there.
    package static func bytes(atPath path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path).map { Array($0) }
    }

    /// A Python that has all of `libraries`: the one that the variable names, or that of a folder which `make test`
    /// makes.
    package static func python(with libraries: [String], variable: String, folder: String) -> String? {
        let python = ProcessInfo.processInfo.environment[variable] ?? path("\(folder)/bin/python")
        let lib = URL(fileURLWithPath: python).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("lib").path
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: lib)) ?? []
        let isInstalled = versions.contains { version in
            libraries.allSatisfy { FileManager.default.fileExists(atPath: "\(lib)/\(version)/site-packages/\($0)") }
        }
        return isInstalled ? python : nil
    }
}
