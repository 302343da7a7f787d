import Foundation
import Glibc
import TestSupport

/// Somebody who signs images with a key of their own, with the script that publishers use.
package struct Publisher {
    /// The development key, which everybody has.
    package static let developmentKey = Repository.root.appendingPathComponent("enclave-host/development-publisher.pem")
        .path

    package let key: String
    package let folder: URL

    package init(in folder: URL) throws {
        self.folder = folder
        key = folder.appendingPathComponent("publisher.pem").path
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let made = try Child.run(["/usr/bin/openssl", "genpkey", "-algorithm", "ed25519", "-out", key])
        guard made.status == 0, chmod(folder.path, 0o755) == 0 else { throw SystemFailure(made.errors) }
    }

    /// The path of a new manifest of `program`.
    package func sign(_ program: String, key: String? = nil, _ options: [String] = []) throws -> String {
        let manifest = folder.appendingPathComponent("manifest-\(UUID().uuidString)").path
        let script = Repository.root.appendingPathComponent("enclave-host/sign.sh").path
        let signed = try Child.run(
            [script, program, "--launcher", Programs.launcher, "--to", manifest, "--key", key ?? self.key] + options)
        guard signed.status == 0 else { throw SystemFailure(signed.errors) }
        return manifest
    }
}
