import Foundation
import Glibc

/// A new folder, which is removed with its last owner. Everybody may enter it, since some tests run programs under
/// another user id.
package final class TemporaryFolder: Sendable {
    package let url: URL

    package init(_ name: String = "cloister") {
        var template = Array((FileManager.default.temporaryDirectory.path + "/\(name)-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil, chmod(template, 0o755) == 0 else {
            fatalError("no temporary folder: \(String(cString: strerror(errno)))")
        }
        url = URL(fileURLWithPath: String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Where `name` would be in it.
    package func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}
