import Foundation
import Glibc
import TestSupport
import Testing

extension Scenarios {
    /// Needs root, to install a launcher with a user of its own as an operator does.
    @Suite(.serialized, .enabled(if: geteuid() == 0)) struct ProductionTests {
        private static let host: UInt32 = 65532

        /// The built programs as `make install-launcher` installs them.
        private func install(into folder: TemporaryFolder) async throws -> String {
            let (from, to) = (folder.path("built"), folder.path("libexec"))
            try FileManager.default.createDirectory(atPath: from, withIntermediateDirectories: true)
            for name in [
                "cloister-node", "cloister", "cloister-enclave", "cloister-enclave-development", "enclave-host",
            ] {
                try FileManager.default.createSymbolicLink(
                    atPath: from + "/" + name, withDestinationPath: Programs.path(name))
            }
            let scripts = Repository.path("enclave-host")
            let bundled = try await ChildProcess.run(scripts + "/bundle.sh", [from])
            #expect(bundled.ending == .exit(0), "\(bundled.output)")
            let installed = try await ChildProcess.run(
                scripts + "/install.sh", [from, to, folder.path("state"), "nobody"], within: 120)
            #expect(installed.ending == .exit(0), "\(installed.output)")
            return to
        }

        private func asHost(_ command: [String]) -> (program: String, arguments: [String]) {
            (
                "/usr/bin/setpriv",
                ["--reuid=\(Self.host)", "--regid=\(Self.host)", "--clear-groups", "--inh-caps=-all"] + command
            )
        }

        @Test("a node of the profile production runs with an installed launcher, and says what is missing without one")
        func production() async throws {
            let folder = TemporaryFolder("production")
            chmod(folder.url.path, 0o755)
            let programs = try await install(into: folder)
            let home = folder.path("home")
            mkdir(home, 0o700)
            chown(home, Self.host, Self.host)
            let ports = try freePorts(2)
            let node = programs + "/cloister-node"
            let address = try Person.a.address
            let made = asHost([
                node, "init", "scenario", "--chain-id", "prod-1", "--home", home, "--account", "\(address)=1000uscrt",
            ])
            let initialised = try await ChildProcess.run(made.program, made.arguments)
            #expect(initialised.ending == .exit(0), "\(initialised.output)")
            func configure(profile: String) throws {
                let text = """
                    profile = "\(profile)"
                    [rest]
                    port = \(ports[0])
                    [metrics]
                    port = \(ports[1])

                    """
                try text.write(toFile: home + "/config/node.toml", atomically: false, encoding: .utf8)
            }

            // The built launcher has the host's user: that is no production platform, and the node says so.
            try configure(profile: "production")
            let without = try await ChildProcess.run(Programs.path("cloister-node"), ["start", "--home", home])
            #expect(without.ending == .exit(64))
            #expect(without.output.contains("needs an enclave-host that runs as a user of its own"))
            #expect(without.output.contains("make install-launcher"))
            for file in ["lock", "platform"] { try? FileManager.default.removeItem(atPath: home + "/data/" + file) }

            let started = asHost([node, "start", "--home", home])
            for round in 1...2 {
                let log = folder.path("log-\(round)")
                let running = try ChildProcess(started.program, started.arguments, log: log)
                let status = asHost([node, "status", "--home", home])
                try await wait(seconds: 60, for: "the node to serve: \(running.output)") {
                    guard running.isRunning else {
                        throw ChildProcess.Failure(description: "the node ended: \(running.output)")
                    }
                    return try await ChildProcess.run(status.program, status.arguments).ending == .exit(0)
                }
                let launcher = try ProcessTable.child(of: running.identifier, named: "enclave-host")
                #expect(kill(launcher, 0) == 0)
                let fields = try String(contentsOfFile: "/proc/\(launcher)/status", encoding: .utf8)
                #expect(fields.contains("Uid:\t65534\t65534\t65534\t65534"))
                // The host's folder has no platform in it.
                #expect(!FileManager.default.fileExists(atPath: home + "/data/platform"))
                running.send(SIGTERM)
                #expect(try await running.ending() == .exit(0), "\(running.output)")
            }

            // The same chain is not taken for a development one.
            try configure(profile: "development")
            let other = try await ChildProcess.run(started.program, started.arguments)
            #expect(other.ending == .exit(77), "\(other.output)")
            #expect(other.output.contains("see that `profile` is the platform's"))
        }
    }
}
