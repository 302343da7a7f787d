import ArgumentParser
import Foundation
import WalletClient

/// A module of whatever language in a file, looked at and called by the program beside this one, which has the
/// enclave's engine.
struct ContractModule {
    private let path: String

    init(_ path: String) throws {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw ClientError(.notFound, "cannot read \(path)")
        }
        self.path = path
    }

    func check() throws -> Int32 { try run(["check", path]) }

    /// - Parameter isStrict: whether another outcome than the story's is a failure.
    func tell(_ story: String, isStrict: Bool) throws -> Int32 {
        // - is standard input for it, too, which it has from this process.
        try run(["story", path, story] + (isStrict ? ["strict"] : []))
    }

    private func run(_ arguments: [String]) throws -> Int32 {
        try Companion.run("cloister-contract", arguments, builtBy: "`make build` or `make release`")
    }
}
