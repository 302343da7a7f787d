import Foundation
import Glibc
import LauncherKit
import TestSupport
import Testing

/// What else a host does to launcher and enclave beside looking into them (`HostileAttemptTests`).
@Suite("What a host does from outside") struct OutsideTests {
    private let temporary: TemporaryFolder
    private var folder: URL { temporary.url }
    private var state: URL { folder.appendingPathComponent("state") }

    init() throws { temporary = TemporaryFolder() }

    @Test("an enclave or a launcher that crashes leaves no image of its memory", arguments: ["enclave", "launcher"])
    func noCoreDump(target: String) throws {
        // The host's wish is a core of any size.
        let enclave = try LaunchedEnclave(
            state: state, under: ["/bin/sh", "-c", "ulimit -c unlimited; cd \"$0\"; exec \"$@\"", folder.path])
        let process = try #require(enclave.enclaveProcess())
        // Process 1 of a namespace is not ended by a signal from outside, so it has to do so itself.
        if target == "enclave" {
            #expect(enclave.tell("crash") == nil)
        } else {
            kill(enclave.launcher.process, SIGSEGV)
        }
        let status = enclave.launcher.exitStatus()
        #expect(status == (target == "enclave" ? 75 : 128 + SIGSEGV))
        #expect(isDead(process))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left.sorted() == ["state"])
    }

    @Test("a descriptor that the host sends along on a lane is not received") func sentDescriptor() throws {
        let enclave = try LaunchedEnclave(state: state)
        let before = try #require(enclave.tell("facts"))
        let secret = open("/etc/passwd", O_RDONLY | O_CLOEXEC)
        defer { close(secret) }
        // `facts`, with a descriptor beside it (unix(7), SCM_RIGHTS).
        var line = Array("facts\n".utf8)
        var control = [UInt8](repeating: 0, count: 24)
        control.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: 20, as: UInt.self)
            bytes.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
            bytes.storeBytes(of: 1, toByteOffset: 12, as: Int32.self)
            bytes.storeBytes(of: secret, toByteOffset: 16, as: Int32.self)
        }
        let sent = line.withUnsafeMutableBytes { text in
            control.withUnsafeMutableBytes { control in
                var span = iovec(iov_base: text.baseAddress, iov_len: text.count)
                return withUnsafeMutablePointer(to: &span) { span in
                    var message = msghdr()
                    (message.msg_iov, message.msg_iovlen) = (span, 1)
                    (message.msg_control, message.msg_controllen) = (control.baseAddress, control.count)
                    return sendmsg(enclave.lanes[0], &message, 0)
                }
            }
        }
        #expect(sent == line.count)
        #expect(enclave.answer() == before)
    }

    @Test("a host that starts the launcher under a tracer gets no production platform", .enabled(if: canInstall))
    func traced() throws {
        // The kernel gives a traced program no other user, and without one the launcher serves no such profile.
        let installed = try InstalledLauncher(in: folder)
        let manifestless = ["--profile", "production"]
        let tracer = [Programs.hostileEnclave, "trace"]
        let enclave = try LaunchedEnclave(
            launcher: installed.program, stateArgument: "main", user: InstalledLauncher.host, under: tracer,
            options: manifestless)
        #expect(enclave.launcher.exitStatus() == 68, "\(enclave.launcher.said)")
        #expect(enclave.launcher.said.contains("needs a launcher with a user of its own"))
        #expect(!FileManager.default.fileExists(atPath: installed.folder().path))
    }

    @Test("files that the host exchanges while it runs change nothing of it") func exchangedFiles() throws {
        let program = folder.appendingPathComponent("enclave")
        try FileManager.default.copyItem(atPath: Programs.hostileEnclave, toPath: program.path)
        let enclave = try LaunchedEnclave(program.path, state: state)
        let identity = try #require(enclave.askPlatform(1)).payload
        let key = try #require(enclave.askPlatform(2, Array("seed".utf8))).payload
        try Data("another".utf8).write(to: program)
        let fuse = state.appendingPathComponent("fuse-simulated")
        try FileManager.default.removeItem(at: fuse)
        try Data(repeating: 7, count: 32).write(to: fuse)
        #expect(enclave.askPlatform(1)?.payload == identity)
        #expect(enclave.askPlatform(2, Array("seed".utf8))?.payload == key)
        #expect(enclave.tell("works") == "everything")
    }
}
