import DecidedBlocks
import EnclaveLauncher
import EnclaveLink
import Foundation
import Glibc
import Logging
import TestSupport
import Testing

extension EnclaveClientSuite {
    @Suite struct LaunchedEnclaveTests {
        private let folder = TemporaryFolder("launched")

        /// A launcher of one line, which is what a broken installation may be.
        private func launcher(_ script: String) throws -> String {
            let path = folder.path("launcher")
            try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            return path
        }

        private func failure(_ launcher: String) -> (any Error)? {
            do {
                _ = try LaunchedEnclave(
                    .init(launcher: launcher, program: "/nowhere", stateDirectory: folder.path("state")),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
                return nil
            } catch { return error }
        }

        @Test("a launcher that is not there, and one that may not be run, are named")
        func missing() throws {
            let path = folder.path("nothing")
            #expect(failure(path) as? EnclaveError == .notStarted("\(path): No such file or directory"))
            let denied = try launcher("exit 0")
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: denied)
            #expect(failure(denied) as? EnclaveError == .notStarted("\(denied): Permission denied"))
        }

        @Test("a launcher that refuses says so with its status", arguments: [0, 1, 67, 72])
        func refused(status: Int32) throws {
            #expect(failure(try launcher("exit \(status)")) as? EnclaveError == .launcherRefused(status: status))
        }

        @Test("a launcher that was killed is told apart from one that refused")
        func killed() throws {
            let error = failure(try launcher("kill -9 $$")) as? EnclaveError
            #expect(error == .notStarted("enclave-host was ended by signal 9"))
        }

        @Test("a socket that this process has open is no lane of the launcher's")
        func inherited() throws {
            var pair: [Int32] = [0, 0]
            try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
            defer { for end in pair { close(end) } }
            // Where the launcher looks for one lane too many, if no other test has something there.
            let behind = fcntl(pair[0], F_DUPFD, 7)
            defer { close(behind) }
            let seen = folder.path("descriptors")
            let path = try launcher(
                "for f in 3 4 5 6 7; do readlink /proc/$$/fd/$f || echo none; done > '\(seen)'; exit 5")
            #expect(failure(path) as? EnclaveError == .launcherRefused(status: 5))
            let open = try String(contentsOfFile: seen, encoding: .utf8).split(separator: "\n")
            // Control, execution and two for queries.
            #expect(open.prefix(4).allSatisfy { $0.hasPrefix("socket:") } && open.count == 5, "\(open)")
            #expect(open.last?.hasPrefix("socket:") == false, "\(open)")
        }

        @Test("the launcher gets the profile and the lanes as they were chosen, and an empty environment")
        func arguments() throws {
            let seen = folder.path("seen")
            let path = try launcher(
                "echo \"$@\" > '\(seen)'; env >> '\(seen)'; ls /proc/self/fd | wc -l >> '\(seen)'; exit 5")
            _ = try? LaunchedEnclave(
                .init(
                    launcher: path, program: "/program", stateDirectory: "/state", queryLanes: 3, profile: .production),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let lines = try String(contentsOfFile: seen, encoding: .utf8).split(separator: "\n")
            #expect(lines.first == "--enclave /program --state /state --query-lanes 3 --profile production")
            // A shell adds these of its own.
            #expect(
                lines.dropFirst().dropLast().allSatisfy { line in
                    ["PWD=", "OLDPWD=", "_=", "SHLVL="].contains { line.hasPrefix($0) }
                }, "\(lines)")
        }
    }
}
