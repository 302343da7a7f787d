import DurableFiles
import Foundation
import Glibc

/// Where the launcher keeps what a machine keeps, and how it is told so.
///
/// A launcher with the node's own user keeps it in a folder of the node's home. One that was installed with a user of
/// its own keeps it where the node can neither read nor choose, and takes a name instead: of this home, made once.
struct PlatformPlace: Sendable {
    /// What `enclave-host --state` is given.
    let state: String
    /// Whether the node's user cannot read it.
    let isApart: Bool
    private let launcher: String

    init(_ home: NodeHome, launcher: String, chainID: String) throws {
        self.launcher = launcher
        isApart = Self.hasOwnUser(launcher)
        state = isApart ? try Self.name(home, chainID: chainID) : home.platform
    }

    /// The kernel sets its user id at the start, and the starter is not one who can become anybody.
    private static func hasOwnUser(_ launcher: String) -> Bool {
        var status = stat()
        return stat(launcher, &status) == 0 && status.st_mode & S_ISUID != 0 && status.st_uid != getuid()
            && status.st_uid != 0 && getuid() != 0
    }

    private static func name(_ home: NodeHome, chainID: String) throws -> String {
        if let kept = try? String(contentsOfFile: home.platformName, encoding: .utf8) {
            return kept.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let readable = chainID.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }.prefix(40)
        let name = String(readable) + "-" + String(UInt32.random(in: .min ... .max), radix: 16)
        // Another name is another machine, on which this chain does not open.
        try DurableFile.replace(home.platformName, with: Array((name + "\n").utf8))
        return name
    }

    /// The certificate at the root of this platform's quotes.
    func rootCertificate() throws -> [UInt8]? {
        guard isApart else {
            let path = state + "/simulated-root.der"
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        }
        return try LauncherTool.run(launcher, ["--state", state, "--root"])
    }

    /// What this platform publishes of itself; the node cannot read what a launcher with a user of its own keeps.
    func collateral() throws -> [UInt8]? {
        isApart ? nil : try DurableFile.read(state + "/simulated-collateral.pb")
    }
}

/// The launcher as a program that prints something and ends.
enum LauncherTool {
    /// Its output, or `nil` when it refused; it says why on standard error.
    static func run(_ launcher: String, _ arguments: [String]) throws -> [UInt8]? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: launcher)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? Array(output) : nil
    }
}
