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
        #expect(fields["NoNewPrivs"] == "1")
        #expect(fields["Seccomp"] == "2")
        let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
            .split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(limits.contains("Max core file size 0 0 bytes"))
        #expect(limits.contains("Max open files 64 64 files"))
        #expect(limits.contains("Max file size 1048576 1048576 bytes"))
    }

    @Test("every attempt to get out is refused, and what it needs works") func startList() throws {
        let enclave = try LaunchedEnclave(state: state)
        let attempts = try attempts(of: enclave)
        #expect(attempts.count > 100)
        for (name, refusal) in attempts {
            #expect(enclave.tell("try " + name) == refusal, "\(name)")
        }
        #expect(enclave.tell("works") == "everything")
        #expect(enclave.tell("thread") == "0")
    }

    @Test("after the final list the same attempts kill the enclave") func finalList() throws {
        for (name, refusal) in try attempts(of: LaunchedEnclave(state: state)) {
            let enclave = try LaunchedEnclave(state: state)
            #expect(enclave.tell("prepare") == "2")
            #expect(enclave.tell("confine") == "0")
            let answer = enclave.tell("try " + name)
            // The one call that is refused instead: wasmtime asks whether standard error is a terminal.
            if refusal == String(ENOTTY) {
                #expect(answer == refusal)
                continue
            }
            #expect(answer == nil, "\(name) was answered")
            #expect(enclave.launcher.exitStatus() == 75, "\(name)")
            #expect(enclave.launcher.said.contains("a system call outside its final list"), "\(name)")
        }
    }

    @Test("after the final list the enclave still computes, but starts no thread") func finallyWorks() throws {
        let enclave = try LaunchedEnclave(state: state)
        #expect(enclave.tell("prepare") == "2")
        #expect(enclave.tell("thread") == "0")
        #expect(enclave.tell("confine") == "0")
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
        #expect(lines.filter { $0.contains(" start") }.sorted() == start.sorted())
        #expect(lines.filter { $0.contains(" final") }.sorted() == final.sorted())
        #expect(lines.count == start.count + final.count)
        // The final list can only take away: whatever it names, the start list has.
        let started = Set(start.map { $0.split(separator: " ")[0] })
        for line in final { #expect(started.contains(line.split(separator: " ")[0]), "\(line)") }
    }

    @Test("a process of the same user cannot look into it") func outsideAttack() throws {
        let user = isRoot ? confinedUser : nil
        // The attacker succeeds against an ordinary process of that user, so its failure means something.
        let ordinary = try Child(["/usr/bin/sleep", "60"], user: user)
        // Until it has become `sleep`, and the user's own.
        var success = try Child.run([Programs.hostileEnclave, "attack", String(ordinary.process)], user: user)
        for _ in 0..<100 where success.status != 8 {
            usleep(100_000)
            success = try Child.run([Programs.hostileEnclave, "attack", String(ordinary.process)], user: user)
        }
        #expect(success.status == 8, "\(success.output)")

        let enclave = try LaunchedEnclave(state: state)
        let process = try #require(enclave.enclaveProcess())
        let failure = try Child.run([Programs.hostileEnclave, "attack", String(process)], user: user)
        #expect(failure.status == 0, "\(failure.output)")
    }

    @Test("nor can it when the launcher is not root and has the same user", .enabled(if: isRoot))
    func outsideAttackWithoutRoot() throws {
        let user: UInt32 = 65532
        #expect(chown(folder.path, user, user) == 0)
        let enclave = try LaunchedEnclave(state: state, user: user)
        let process = try #require(enclave.enclaveProcess())
        for target in [process, enclave.launcher.process] {
            let failure = try Child.run([Programs.hostileEnclave, "attack", String(target)], user: user)
            #expect(failure.status == 0, "\(failure.output)")
        }
        for (name, refusal) in try attempts(of: enclave) {
            #expect(enclave.tell("try " + name) == refusal, "\(name)")
        }
    }

    /// The attempts that the hostile enclave knows, with the errno of each one's refusal.
    private func attempts(of enclave: LaunchedEnclave) throws -> [(name: String, refusal: String)] {
        try #require(enclave.tell("attempts")).split(separator: " ").map { entry in
            let parts = entry.split(separator: "=")
            return (String(parts[0]), String(parts[1]))
        }
    }
}
