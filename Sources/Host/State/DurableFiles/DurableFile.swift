import Glibc

/// A system call on a file that failed.
package struct FileError: Error, CustomStringConvertible {
    package var operation: String
    package var path: String
    package var code: Int32

    package init(_ operation: String, _ path: String, code: Int32 = errno) {
        (self.operation, self.path, self.code) = (operation, path, code)
    }

    package var description: String { "\(operation) \(path): \(String(cString: strerror(code)))" }
}

/// Files whose content must be on disk before the next thing happens.
package enum DurableFile {
    /// Replaces the file: after a crash at any moment there is the old content or the new, never part of it.
    /// When not `isDurable`, this holds for the death of the process and not for a loss of power.
    package static func replace(
        _ path: String, with bytes: [UInt8], mode: mode_t = 0o600, isDurable: Bool = true
    ) throws {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileError("open", temporary) }
        do {
            defer { close(descriptor) }
            try write(bytes, to: descriptor, path: temporary)
            if isDurable, fdatasync(descriptor) != 0 { throw FileError("fdatasync", temporary) }
        }
        guard rename(temporary, path) == 0 else { throw FileError("rename", temporary) }
        if isDurable { try syncFolder(of: path) }
    }

    /// Makes a creation, removal or renaming last.
    package static func syncFolder(of path: String) throws {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let folder = end == path.startIndex ? "." : String(path[..<end])
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError("fsync", folder) }
    }

    package static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written)
            }
            if count < 0 {
                guard errno == EINTR else { throw FileError("write", path) }
            } else {
                written += count
            }
        }
    }

    /// `nil` if there is no such file.
    package static func read(_ path: String) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw FileError("open", path)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                guard errno == EINTR else { throw FileError("read", path) }
            } else {
                bytes.append(contentsOf: chunk[..<count])
            }
        }
    }

    package static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileError("mkdir", path) }
    }
}
