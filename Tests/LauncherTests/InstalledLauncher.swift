import Foundation
import Glibc
import LauncherKit
import TestSupport

/// The launcher as `make install-launcher` installs it: set-user-id to a user of its own, with a folder for the state.
struct InstalledLauncher {
    /// The launcher's user, and the one that the host has.
    static let owner: UInt32 = 65531
    static let host: UInt32 = 65532

    let program: String
    let states: URL
    /// Production starts no image that nobody signed.
    private let publisher: Publisher

    init(in folder: URL) throws {
        let place = folder.appendingPathComponent("libexec")
        states = place.appendingPathComponent("state")
        program = place.appendingPathComponent("enclave-host").path
        try FileManager.default.createDirectory(at: states, withIntermediateDirectories: true)
        // By another process: what this one has open for writing, a child of another test holds until it executes, and
        // a program that is open for writing cannot be executed.
        guard try Child.run(["/bin/cp", Programs.launcher, program]).status == 0 else { throw POSIXError(.EIO) }
        guard chmod(place.path, 0o755) == 0, chown(states.path, Self.owner, Self.owner) == 0,
            chmod(states.path, 0o700) == 0, chown(program, Self.owner, Self.owner) == 0, chmod(program, 0o4755) == 0
        else { throw POSIXError(.EPERM) }
        publisher = try Publisher(in: folder.appendingPathComponent("publisher"))
    }

    /// Started by the host's user, in the profile production.
    func start(
        _ enclave: String = Programs.hostileEnclave, state: String = "main", user: UInt32 = host,
        options: [String] = ["--profile", "production"], environment: [String] = []
    ) throws -> LaunchedEnclave {
        try LaunchedEnclave(
            enclave, launcher: program, stateArgument: state, user: user,
            options: options + ["--manifest", publisher.sign(enclave)], environment: environment)
    }

    /// The folder of the state called `name`.
    func folder(_ name: String = "main", user: UInt32 = host) -> URL {
        states.appendingPathComponent("\(user)-\(name)")
    }
}

/// Whether tests can install it: as root, on a file system that knows set-user-id programs.
let canInstall: Bool = {
    guard isRoot else { return false }
    let folder = TemporaryFolder()
    var status = statvfs()
    return statvfs(folder.url.path, &status) == 0 && status.f_flag & UInt(ST_NOSUID) == 0
}()
