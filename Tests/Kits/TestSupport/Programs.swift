import Foundation

/// The programs that were built together with this test bundle.
package enum Programs {
    package static let launcher = path("enclave-host")
    package static let enclave = path("cloister-enclave")
    package static let developmentEnclave = path("cloister-enclave-development")
    package static let hostileEnclave = path("hostile-enclave")

    /// Beside the test bundle, which is the program of this process, or is among the files mapped into it.
    package static let folder: String = {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        if program.hasSuffix(".xctest") { return URL(fileURLWithPath: program).deletingLastPathComponent().path }
        let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
        guard let line = maps.split(separator: "\n").first(where: { $0.hasSuffix(".xctest") }),
            let start = line.firstIndex(of: "/")
        else { fatalError("the test bundle is not mapped") }
        return URL(fileURLWithPath: String(line[start...])).deletingLastPathComponent().path
    }()

    package static func path(_ name: String) -> String { folder + "/" + name }
}
