import DurableFiles
import Glibc

/// The file under a log.
package protocol LogFile: AnyObject {
    /// All of it; nothing if there is no file.
    func read() throws -> [UInt8]
    /// On disk when it returns. After a crash within it, some of the bytes may be there.
    func append(_ bytes: [UInt8]) throws
    /// Wholly or not at all.
    func replace(with bytes: [UInt8]) throws
    /// Puts bytes that are no record aside, for people.
    func keep(corrupted bytes: [UInt8]) throws
}

package final class DurableLogFile: LogFile {
    private let path: String
    private let isDurable: Bool
    /// `openToAppend`, but where a test lets it fail.
    private let reopen: (String) throws -> Int32
    private var descriptor: Int32?

    package init(
        _ path: String, isDurable: Bool, reopen: @escaping (String) throws -> Int32 = DurableLogFile.openToAppend
    ) {
        (self.path, self.isDurable, self.reopen) = (path, isDurable, reopen)
    }

    deinit { if let descriptor { close(descriptor) } }

    package static func openToAppend(_ path: String) throws -> Int32 {
        let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open", path) }
        return descriptor
    }

    package func read() throws -> [UInt8] { try DurableFile.read(path) ?? [] }

    package func append(_ bytes: [UInt8]) throws {
        let descriptor = try self.descriptor ?? DurableLogFile.openToAppend(path)
        self.descriptor = descriptor
        try DurableFile.write(bytes, to: descriptor, path: path)
        if isDurable, fdatasync(descriptor) != 0 { throw FileError("fdatasync", path) }
    }

    package func replace(with bytes: [UInt8]) throws {
        try DurableFile.replace(path, with: bytes)
        guard let old = descriptor else { return }
        // First the new one: if it cannot be had, the old one is closed once, when the log ends.
        let reopened = try reopen(path)
        close(old)
        descriptor = reopened
    }

    package func keep(corrupted bytes: [UInt8]) throws { try DurableFile.replace(path + ".corrupted", with: bytes) }
}
