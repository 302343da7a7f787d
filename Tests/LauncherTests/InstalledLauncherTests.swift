import Foundation
import Glibc
import LauncherKit
import TestSupport
import Testing

@Suite("A launcher with a user of its own", .enabled(if: canInstall)) struct InstalledLauncherTests {
    private let temporary: TemporaryFolder
    private let installed: InstalledLauncher
    var folder: URL { temporary.url }

    init() throws {
        temporary = TemporaryFolder()
        installed = try InstalledLauncher(in: temporary.url)
    }

    private func flags(_ enclave: LaunchedEnclave) throws -> UInt8 {
        try #require(enclave.askPlatform(1)?.payload.last)
    }

    private func status(_ process: pid_t, _ field: String) throws -> String {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(field + ":") })
        return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().joined(separator: " ")
    }

    @Test("serves the profile production, and its platform says that the host is another user") func production() throws
    {
        let enclave = try installed.start()
        // Simulated, production, closed file system, own user of the launcher; namespaces where the kernel gives any.
        let namespaces: UInt8 = enclave.hasNamespaces ? 0b100_0000 : 0
        #expect(try flags(enclave) == 0b1_0111 | namespaces, "\(enclave.launcher.said)")
        #expect(try flags(installed.start(state: "other", options: [])) == 0b1_0101 | namespaces)
    }

    @Test("a launcher with the host's user refuses the profile production", arguments: [nil, UInt32(65532)])
    func notInstalled(user: UInt32?) throws {
        let state = folder.appendingPathComponent("state")
        chmod(folder.path, 0o777)
        let launcher = try LaunchedEnclave(state: state, user: user, options: ["--profile", "production"]).launcher
        #expect(launcher.exitStatus() == 68)
        #expect(launcher.said.contains("needs a launcher with a user of its own"))
        // Nor does it help to start an installed one as root, who can become anybody.
        let byRoot = try LaunchedEnclave(
            launcher: installed.program, stateArgument: folder.appendingPathComponent("root").path,
            options: ["--profile", "production"]
        ).launcher
        #expect(byRoot.exitStatus() == 68)
    }

    @Test("the host cannot read, trace, signal or outlive it") func keptApart() throws {
        let enclave = try installed.start()
        let process = try #require(enclave.enclaveProcess())
        let launcher = enclave.launcher.process
        for target in [launcher, process] {
            #expect(try status(target, "Uid") == "65531 65531 65531 65531")
            for signal in ["KILL", "STOP", "ABRT", "ALRM", "USR1", "SEGV"] {
                let kill = try Child.run(["/bin/kill", "-\(signal)", String(target)], user: InstalledLauncher.host)
                #expect(kill.status != 0)
            }
        }
        #expect(enclave.tell("works") == "everything")
        // What it would read: the fuse key and the journal, and the folder that holds them.
        for file in ["fuse-simulated", "lock", "simulated-platform.pem", ""] {
            let path = installed.folder().appendingPathComponent(file).path
            #expect(FileManager.default.fileExists(atPath: path))
            #expect(try Child.run(["/bin/cat", path], user: InstalledLauncher.host).status != 0)
            #expect(try Child.run(["/bin/ls", path], user: InstalledLauncher.host).status != 0)
        }
        // When the host dies, both end.
        enclave.closeLanes()
        #expect(enclave.launcher.exitStatus() == 0)
    }

    @Test(
        "its state is where it was installed, and another host's is another",
        arguments: [
            "", "/tmp/mine", "../escape", "Main", "a/b", ".", String(repeating: "a", count: 65),
        ])
    func fixedState(name: String) throws {
        let refused = try installed.start(state: name).launcher
        #expect(refused.exitStatus() == 64)
        let enclave = try installed.start()
        #expect(enclave.askPlatform(1) != nil)
        let fuse = try Data(contentsOf: installed.folder().appendingPathComponent("fuse-simulated"))
        let other = try installed.start(user: 65530)
        #expect(other.askPlatform(1) != nil)
        let otherFolder = installed.folder(user: 65530)
        #expect(try Data(contentsOf: otherFolder.appendingPathComponent("fuse-simulated")) != fuse)
    }

    @Test("a state folder that others may write is refused") func openState() throws {
        chmod(installed.states.path, 0o777)
        let refused = try installed.start().launcher
        #expect(refused.exitStatus() == 66)
        #expect(refused.said.contains("only the launcher's user may write"))
    }

    @Test("it gives the root certificate to a host that cannot read the folder") func root() throws {
        let enclave = try installed.start()
        #expect(enclave.askPlatform(1) != nil)
        let printed = try Child.run(
            ["/bin/sh", "-c", "\(installed.program) --state main --root | base64 -w0"], user: InstalledLauncher.host)
        #expect(printed.status == 0, "\(printed.errors)")
        let file = installed.folder().appendingPathComponent("simulated-root.der")
        #expect(try Data(base64Encoded: printed.output) == Data(contentsOf: file))
    }

    @Test("in production the enclave's words are withheld") func withheldLog() throws {
        let enclave = try installed.start()
        #expect(enclave.tell("say the secret is 42") == "said")
        enclave.closeLanes()
        #expect(enclave.launcher.exitStatus() == 0)
        #expect(!enclave.launcher.said.contains("secret"))
        #expect(enclave.launcher.said.contains("17 bytes of the enclave's log were withheld"))
    }

    @Test("a record in production is what was stored, over restarts") func durableRecord() throws {
        let record = [UInt8](repeating: 0, count: 7) + [3] + [UInt8](repeating: 9, count: 72)
        let none = [UInt8](repeating: 0, count: 80)
        let first = try installed.start()
        #expect(try #require(first.askPlatform(5, none + record)) == (0, []))
        first.closeLanes()
        #expect(first.launcher.exitStatus() == 0)
        #expect(try installed.start().askPlatform(4)?.payload == record)
    }

    @Test("a development enclave does not serve on a production platform") func developmentEnclave() throws {
        let enclave = try installed.start(Programs.developmentEnclave)
        #expect(enclave.launcher.exitStatus() == 75)
        #expect(enclave.launcher.said.contains("the enclave ended with status 15"))
    }

    @Test("the host's environment does not reach it") func environment() throws {
        let preloaded = folder.appendingPathComponent("preloaded.so").path
        try FileManager.default.copyItem(atPath: "/lib/x86_64-linux-gnu/libm.so.6", toPath: preloaded)
        let enclave = try installed.start(
            environment: [
                "LD_PRELOAD=\(preloaded)", "LD_LIBRARY_PATH=\(folder.path)", "LD_AUDIT=\(preloaded)",
                "GLIBC_TUNABLES=glibc.malloc.check=3", "LD_SHOW_AUXV=1", "OPENSSL_CONF=/nowhere",
            ])
        let process = try #require(enclave.enclaveProcess())
        for target in [enclave.launcher.process, process] {
            let maps = try String(contentsOfFile: "/proc/\(target)/maps", encoding: .utf8)
            #expect(!maps.contains("preloaded.so"))
        }
        #expect(enclave.tell("facts")?.contains(" environment=SWIFT_BACKTRACE=enable=no ") == true)
    }
}
