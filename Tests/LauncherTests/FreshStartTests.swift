import Foundation
import Glibc
import LauncherKit
import TestSupport
import Testing

@Suite("What the launcher's starter cannot hand on") struct FreshStartTests {
    private let temporary: TemporaryFolder
    var folder: URL { temporary.url }
    var state: URL { folder.appendingPathComponent("state") }

    init() throws { temporary = TemporaryFolder() }

    private func read(_ name: String, of process: pid_t) throws -> String {
        try String(contentsOfFile: "/proc/\(process)/\(name)", encoding: .utf8)
    }

    private func limits(of process: pid_t) throws -> [String] {
        try read("limits", of: process).split(separator: "\n").map {
            $0.split(separator: " ").joined(separator: " ")
        }
    }

    @Test("no library and no setting of the environment reaches the launcher or the enclave", .enabled(if: isRoot))
    func environment() throws {
        let preloaded = folder.appendingPathComponent("preloaded.so").path
        let library = try #require(
            Child.run([Programs.launcher, "--enclave", Programs.hostileEnclave, "--measure"]).output.split(
                separator: "\n"
            )
            .first { $0.hasPrefix("libc.so.6 ") }?.split(separator: " ").last)
        try FileManager.default.copyItem(
            atPath: URL(fileURLWithPath: String(library)).resolvingSymlinksInPath().path, toPath: preloaded)
        let variables = [
            "LD_PRELOAD=\(preloaded)", "LD_LIBRARY_PATH=\(folder.path)", "LD_AUDIT=\(preloaded)",
            "GLIBC_TUNABLES=glibc.malloc.check=3", "LD_TRACE_LOADED_OBJECTS=1", "OPENSSL_CONF=\(preloaded)",
        ]
        // A dynamic program would show its libraries and end.
        let enclave = try LaunchedEnclave(state: state, environment: variables)
        let process = try #require(enclave.enclaveProcess())
        for target in [enclave.launcher.process, process] {
            #expect(try !read("maps", of: target).contains("preloaded.so"))
        }
        #expect(try read("environ", of: enclave.launcher.process).allSatisfy { $0 == "\0" })
        #expect(enclave.tell("facts")?.contains(" environment=SWIFT_BACKTRACE=enable=no ") == true)
        #expect(try !read("maps", of: enclave.launcher.process).contains("libc.so"))
    }

    @Test("addresses are at random, whatever personality the starter had", .enabled(if: isRoot)) func personality()
        throws
    {
        let machine = try Child.run(["/bin/uname", "-m"]).output.trimmingCharacters(in: .whitespacesAndNewlines)
        var places: Set<Substring> = []
        for _ in 0..<3 {
            let enclave = try LaunchedEnclave(state: state, under: ["/usr/bin/setarch", machine, "-R", "-L", "-X"])
            let process = try #require(enclave.enclaveProcess())
            for target in [enclave.launcher.process, process] {
                #expect(try read("personality", of: target) == "00000000\n")
            }
            places.insert(try #require(try read("maps", of: process).split(separator: "-").first))
        }
        #expect(places.count == 3)
    }

    @Test("stack, data, address space and time are limited by the launcher, not by its starter", .enabled(if: isRoot))
    func limits() throws {
        let set = [
            "--stack=unlimited", "--as=3000000000:unlimited", "--cpu=100:unlimited", "--data=2000000000:unlimited",
        ]
        let enclave = try LaunchedEnclave(state: state, under: ["/usr/bin/prlimit"] + set)
        let process = try #require(enclave.enclaveProcess())
        let found = try limits(of: process)
        for line in [
            "Max stack size 8388608 8388608 bytes", "Max address space unlimited unlimited bytes",
            "Max cpu time unlimited unlimited seconds", "Max data size unlimited unlimited bytes",
            "Max core file size 0 0 bytes",
        ] { #expect(found.contains(line), "\(line)") }
        #expect(try limits(of: enclave.launcher.process).contains("Max stack size 8388608 8388608 bytes"))
    }

    @Test(
        "a limit that the launcher cannot lift is refused", .enabled(if: isRoot),
        arguments: [
            "--as=3000000000", "--data=2000000000", "--stack=1000000", "--cpu=100",
        ])
    func limitsOfAnother(limit: String) throws {
        chmod(folder.path, 0o777)
        let enclave = try LaunchedEnclave(state: state, user: 65532, under: ["/usr/bin/prlimit", limit])
        #expect(enclave.launcher.exitStatus() == 68, "\(enclave.launcher.said)")
    }
}
