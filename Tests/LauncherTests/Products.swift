import Foundation
import Glibc

/// The programs that were built together with this test bundle.
enum Products {
    static let launcher = path("enclave-host")
    static let enclave = path("cloister-enclave")
    static let developmentEnclave = path("cloister-enclave-development")
    static let hostile = path("hostile-enclave")

    /// Beside the test bundle, which is among the files mapped into this process.
    private static func path(_ name: String) -> String {
        let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
        guard let line = maps.split(separator: "\n").first(where: { $0.hasSuffix(".xctest") }),
            let start = line.firstIndex(of: "/")
        else { fatalError("the test bundle is not mapped") }
        return URL(fileURLWithPath: String(line[start...])).deletingLastPathComponent().appendingPathComponent(name)
            .path
    }
}

/// The package's folder.
let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// A new folder, which is removed with its last owner. Everybody may enter it, since some tests run programs under
/// another user id.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        var template = Array((FileManager.default.temporaryDirectory.path + "/launcher-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil, chmod(template, 0o755) == 0 else { throw POSIXError(.EIO) }
        url = URL(fileURLWithPath: String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// A number that is the same in every run, for tests that try many damaged inputs.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 32) ^ state
    }
}
