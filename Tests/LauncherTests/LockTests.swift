import Foundation
import Glibc
import LauncherKit
import TestSupport
import Testing

@Suite("One launcher on a state folder") struct LockTests {
    private let temporary: TemporaryFolder
    var folder: URL { temporary.url }
    var state: URL { folder.appendingPathComponent("state") }

    init() throws { temporary = TemporaryFolder() }

    private func expectRefusal(at path: URL, _ program: String = Programs.hostileEnclave) throws {
        let second = try LaunchedEnclave(program, state: path).launcher
        #expect(second.exitStatus() == 70)
        #expect(
            second.said
                == "enclave-host: another launcher uses this state folder; one machine runs one enclave of a chain\n")
    }

    @Test("a second launcher on the same folder is refused, and the first goes on") func second() throws {
        let first = try LaunchedEnclave(state: state)
        #expect(first.tell("facts") != nil)
        try expectRefusal(at: state)
        #expect(first.askPlatform(4)?.status == 0)
        first.closeLanes()
        #expect(first.launcher.exitStatus() == 0)
        #expect(try LaunchedEnclave(state: state).tell("facts") != nil)
    }

    @Test("an enclave of another program runs beside it, and each has a lock of its own") func otherProgram() throws {
        let first = try LaunchedEnclave(state: state)
        #expect(first.tell("facts") != nil)
        let other = try LaunchedEnclave(Programs.enclave, state: state)
        try expectRefusal(at: state)
        #expect(first.askPlatform(4)?.status == 0)
        first.closeLanes()
        #expect(first.launcher.exitStatus() == 0)
        try expectRefusal(at: state, Programs.enclave)
        other.closeLanes()
        #expect(other.launcher.exitStatus() == 0, "\(other.launcher.said)")
    }

    @Test("so is one on another path to it") func otherPath() throws {
        let first = try LaunchedEnclave(state: state)
        #expect(first.tell("facts") != nil)
        let link = folder.appendingPathComponent("elsewhere")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder)
        try expectRefusal(at: link.appendingPathComponent("state"))
        let moved = folder.appendingPathComponent("moved")
        try FileManager.default.moveItem(at: state, to: moved)
        try expectRefusal(at: moved)
        #expect(first.askPlatform(4)?.status == 0)
    }

    @Test("so is one where the folder is mounted a second time", .enabled(if: isRoot)) func mounted() throws {
        let first = try LaunchedEnclave(state: state)
        #expect(first.tell("facts") != nil)
        let other = folder.appendingPathComponent("mounted")
        try FileManager.default.createDirectory(at: other, withIntermediateDirectories: false)
        try #require(mount(state.path, other.path, nil, UInt(MS_BIND), nil) == 0)
        defer { umount2(other.path, Int32(MNT_DETACH)) }
        try expectRefusal(at: other)
    }

    /// The kernel takes a process's memory before its descriptors, and its namespaces, which takes a while, after both.
    private func hasNoMemory(_ process: pid_t) -> Bool {
        guard let pages = try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8) else { return true }
        return pages.hasPrefix("0 ")
    }

    @Test("the lock dies with the launcher, and not before its enclave has") func killed() throws {
        for _ in 0..<5 {
            let first = try LaunchedEnclave(state: state)
            let process = try #require(first.enclaveProcess())
            if isRoot {
                // The enclave holds the lock too: the launcher's death alone does not open the folder.
                #expect(
                    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/61")
                        .hasPrefix(state.appendingPathComponent("lock-").path))
            }
            first.launcher.end(by: SIGKILL)
            let second = try LaunchedEnclave(state: state)
            #expect(second.tell("facts") != nil, "\(second.launcher.said)")
            #expect(hasNoMemory(process))
            #expect(isDead(process))
        }
    }

    @Test("the lock is an empty file that nobody writes") func emptyFile() throws {
        let first = try LaunchedEnclave(state: state)
        #expect(first.tell("facts") != nil)
        let locks = try FileManager.default.contentsOfDirectory(atPath: state.path).filter { $0.hasPrefix("lock") }
        #expect(locks.count == 2)
        for lock in locks.map({ state.appendingPathComponent($0) }) {
            #expect(try FileManager.default.attributesOfItem(atPath: lock.path)[.posixPermissions] as? Int == 0o400)
            #expect(try FileManager.default.attributesOfItem(atPath: lock.path)[.size] as? Int == 0)
        }
    }
}
