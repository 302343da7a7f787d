import Foundation
import Glibc

/// The programs that were built together with this test bundle.
package enum Programs {
    package static let launcher = path("enclave-host")
    package static let enclave = path("cloister-enclave")
    package static let developmentEnclave = path("cloister-enclave-development")
    package static let hostileEnclave = path("hostile-enclave")

    /// Beside the test bundle, which is the program of this process, or is among the files mapped into it; or beside
    /// this program, if it is none that runs tests.
    package static let folder: String = {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        if program.hasSuffix(".xctest") { return URL(fileURLWithPath: program).deletingLastPathComponent().path }
        let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
        guard let line = maps.split(separator: "\n").first(where: { $0.hasSuffix(".xctest") }),
            let start = line.firstIndex(of: "/")
        else { return URL(fileURLWithPath: program).deletingLastPathComponent().path }
        return URL(fileURLWithPath: String(line[start...])).deletingLastPathComponent().path
    }()

    package static func path(_ name: String) -> String { folder + "/" + name }

    /// Another enclave program: the same behaviour and another measurement, as of a later build, in `folder`, with what
    /// it needs and, as far as `programs` names them, what else stands beside it.
    ///
    /// - Parameter generation: each has a measurement of its own.
    package static func nextEnclave(
        in folder: String, beside programs: [String] = [], generation: UInt8 = 0
    ) throws -> String {
        let files = FileManager.default
        try files.createDirectory(atPath: folder + "/enclave-bundle", withIntermediateDirectories: true)
        let next = folder + "/cloister-enclave"
        var program = try Data(contentsOf: URL(fileURLWithPath: enclave))
        program.append(generation)
        try program.write(to: URL(fileURLWithPath: next))
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: next)
        // Name, size, digest and path of each file; the measurement and the program come first.
        let measure = Process()
        let output = Pipe()
        measure.executableURL = URL(fileURLWithPath: launcher)
        measure.arguments = ["--enclave", enclave, "--measure"]
        measure.standardOutput = output
        try measure.run()
        let lines = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            .split(separator: "\n")
        measure.waitUntilExit()
        for line in lines.dropFirst(2) {
            let parts = line.split(separator: " ", maxSplits: 3)
            try files.copyItem(
                atPath: URL(fileURLWithPath: String(parts[3])).resolvingSymlinksInPath().path,
                toPath: folder + "/enclave-bundle/" + parts[0])
        }
        for name in programs {
            // Not a symbolic link: a program finds its companions by where it really is.
            if link(path(name), folder + "/" + name) != 0 {
                try files.copyItem(atPath: path(name), toPath: folder + "/" + name)
            }
        }
        return next
    }
}
