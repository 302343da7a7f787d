import CEnclaveRuntime
import Foundation
import Glibc
import LauncherKit
import TestSupport
import Testing

@Suite("What an enclave can do") struct ConfinementTests {
    private let temporary: TemporaryFolder
    var folder: URL { temporary.url }
    var state: URL { folder.appendingPathComponent("state") }

    init() throws { temporary = TemporaryFolder() }

    @Test("environment, arguments and descriptors are exactly as promised") func promisedSurroundings() throws {
        let enclave = try LaunchedEnclave(state: state, queryLanes: 3)
        let facts = try #require(enclave.tell("facts"))
        // The image's descriptors lie above the limit of 64 until the enclave closes them.
        #expect(
            facts.hasPrefix(
                "dumpable=0 arguments=cloister-enclave,3 environment=SWIFT_BACKTRACE=enable=no "
                    + "descriptors=2,3,4,5,6,7,60,61,100,102,"
            ))
        #expect(enclave.tell("prepare") == "3")
        let later = try #require(enclave.tell("facts"))
        #expect(later.hasSuffix(" descriptors=2,3,4,5,6,7,60,61"))
    }

    @Test("its user, capabilities and privileges are taken away") func noPrivileges() throws {
        let enclave = try LaunchedEnclave(state: state)
        let process = try #require(enclave.enclaveProcess())
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let fields = Dictionary(
            uniqueKeysWithValues: status.split(separator: "\n").compactMap { line -> (Substring, String)? in
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2 else { return nil }
                return (parts[0], parts[1].split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " "))
            })
        let user = isRoot ? confinedUser : geteuid()
        let group = isRoot ? confinedUser : getegid()
        #expect(fields["Uid"] == "\(user) \(user) \(user) \(user)")
        #expect(fields["Gid"] == "\(group) \(group) \(group) \(group)")
        for kind in ["CapInh", "CapPrm", "CapEff", "CapAmb"] { #expect(fields[Substring(kind)] == "0000000000000000") }
        // Who is not root and has no namespaces cannot empty it, and gains nothing by it either.
        if enclave.hasNamespaces || isRoot { #expect(fields["CapBnd"] == "0000000000000000") }
        #expect(fields["NoNewPrivs"] == "1")
        #expect(fields["Seccomp"] == "2")
        let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
            .split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(limits.contains("Max core file size 0 0 bytes"))
        #expect(limits.contains("Max open files 64 64 files"))
        #expect(limits.contains("Max file size 1048576 1048576 bytes"))
    }

    @Test(
        "it sees nothing of the machine: its own processes, mounts, networks and descriptors alone",
        .enabled(if: isRoot))
    func ownNamespaces() throws {
        let enclave = try LaunchedEnclave(state: state)
        let process = try #require(enclave.enclaveProcess())
        guard enclave.hasNamespaces else { return }
        func namespace(_ name: String, of process: String) throws -> String {
            try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/ns/\(name)")
        }
        for name in ["mnt", "pid", "net", "ipc", "uts", "cgroup"] {
            #expect(try namespace(name, of: String(process)) != namespace(name, of: "self"), "\(name)")
        }
        let mounts = try String(contentsOfFile: "/proc/\(process)/mounts", encoding: .utf8)
        #expect(mounts == "proc / proc ro,nosuid,nodev,relatime 0 0\n")
        let root = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/root")
        #expect(root.allSatisfy { Int32($0) != nil } && root.contains("60"))
    }

    @Test("where the kernel gives no namespaces the launcher and its platform say so, and all else is in force")
    func noNamespaces() throws {
        let refusing = """
            echo 0 > /proc/sys/user/max_net_namespaces && \
            exec /usr/bin/unshare -U --map-user=1000 --map-group=1000 "$0" "$@"
            """
        let enclave = try LaunchedEnclave(
            state: state, under: ["/usr/bin/unshare", "-U", "-r", "/bin/sh", "-c", refusing])
        let facts = try #require(enclave.askPlatform(1)).payload.last
        #expect(facts == 0b101, "\(enclave.launcher.said)")
        #expect(!enclave.hasNamespaces)
        #expect(enclave.tell("try open-file") == String(EACCES))
        #expect(enclave.tell("try pidfd-open") == nil)
        #expect(enclave.launcher.exitStatus() == 75)
    }

    @Test("a user namespace has no user in it, so that who made it holds no capability over the enclave's memory")
    func emptyUserNamespace() throws {
        let user: UInt32 = isRoot ? 65532 : geteuid()
        if isRoot { #expect(chown(folder.path, user, user) == 0) }
        let enclave = try LaunchedEnclave(state: state, user: isRoot ? user : nil)
        let process = try #require(enclave.enclaveProcess())
        guard enclave.hasNamespaces, isRoot else { return }
        for map in ["uid_map", "gid_map"] {
            #expect(try String(contentsOfFile: "/proc/\(process)/\(map)", encoding: .utf8).isEmpty)
        }
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/ns/user")
                != FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/user"))
    }

    @Test("after the final list the enclave still computes, but starts no thread", arguments: ["jit", "strict"])
    func finallyWorks(confinement: String) throws {
        let enclave = try LaunchedEnclave(state: state, options: ["--confinement", confinement])
        #expect(enclave.tell("works") == "everything")
        #expect(enclave.tell("prepare") == "2")
        #expect(enclave.tell("thread") == "0")
        #expect(enclave.tell(confinement == "strict" ? "confine strict" : "confine") == "0")
        #expect(enclave.tell("works") == "everything")
        #expect(enclave.askPlatform(1)?.payload.count == 36)
        #expect(enclave.tell("thread") == nil)
        #expect(enclave.launcher.exitStatus() == 75)
    }

    @Test("the reviewed list of system calls is the one that is enforced") func reviewedList() throws {
        let text = try String(
            contentsOf: Repository.root.appendingPathComponent("enclave-host/allowed-syscalls.txt"), encoding: .utf8)
        let machine = try Child.run(["/bin/uname", "-m"]).output.trimmingCharacters(in: .whitespacesAndNewlines)
        let lines = text.split(separator: "\n").compactMap { line -> String? in
            let words = line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
            guard let last = words.last else { return nil }
            guard ["x86_64", "aarch64"].contains(last) else { return words.joined(separator: " ") }
            return last == machine ? words.dropLast().joined(separator: " ") : nil
        }
        let start = try Child.run([Programs.launcher, "--syscalls"]).output.split(separator: "\n").map(String.init)
        let final = (0..<200).compactMap { confine_finally_line($0) }.map { String(cString: $0) }
        #expect(Set(lines).count == lines.count)
        #expect(lines.filter { $0.contains(" start") || $0.contains(" strict-start") }.sorted() == start.sorted())
        #expect(lines.filter { $0.contains(" final") || $0.contains(" strict-final") }.sorted() == final.sorted())
        #expect(lines.count == start.count + final.count)
        // The final list can only take away: whatever it names, the start list has.
        let started = Set(start.map { $0.split(separator: " ")[0] })
        for line in final { #expect(started.contains(line.split(separator: " ")[0]), "\(line)") }
    }
}
