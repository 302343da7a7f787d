import Foundation
import Glibc
import LauncherKit
import TestSupport
import Testing

@Suite("What the launcher demands of the host") struct DescriptorTests {
    private let temporary: TemporaryFolder
    var folder: URL { temporary.url }
    var state: URL { folder.appendingPathComponent("state") }

    init() throws { temporary = TemporaryFolder() }

    @Test("a child gets each descriptor under the number that was meant, whatever its own numbers were")
    func numbers() throws {
        var pipes: [(reading: Int32, writing: Int32)] = []
        for least in [620, 600, 601, 602] as [Int32] {
            var pair: [Int32] = [0, 0]
            #expect(Glibc.pipe(&pair) == 0)
            pipes.append((pair[0], fcntl(pair[1], F_DUPFD_CLOEXEC, least)))
            close(pair[1])
        }
        let child = try Child(
            ["/bin/sh", "-c", "printf a >&3; printf b >&4; printf c >&5; printf d >&6"],
            descriptors: pipes.map(\.writing))
        #expect(child.exitStatus() == 0, "\(child.said)")
        for (letter, pipe) in zip("abcd", pipes) {
            close(pipe.writing)
            var byte: UInt8 = 0
            #expect(read(pipe.reading, &byte, 1) == 1 && byte == letter.asciiValue, "\(letter)")
            close(pipe.reading)
        }
    }

    /// Starts the launcher with `lanes` sockets, the one at `odd` replaced by a file.
    private func start(lanes count: Int, odd: Int? = nil, options: [String] = []) throws -> Child {
        var ends: [Int32] = []
        for _ in 0..<count {
            var pair: [Int32] = [0, 0]
            #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
            ends += pair
        }
        let file = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { for end in ends + [file] { close(end) } }
        var given = stride(from: 0, to: ends.count, by: 2).map { ends[$0] }
        if let odd { given[odd] = file }
        let arguments = ["--enclave", Programs.hostileEnclave, "--state", state.path]
        return try Child([Programs.launcher] + arguments + options, descriptors: given)
    }

    @Test("a missing lane is refused", arguments: [0, 1, 2, 3]) func missingLane(count: Int) throws {
        let launcher = try start(lanes: count)
        #expect(launcher.exitStatus() == 65)
        #expect(launcher.said == "enclave-host: descriptor \(3 + count) is not a Unix stream socket\n")
    }

    @Test("a lane too many is refused") func surplusLane() throws {
        let launcher = try start(lanes: 5)
        #expect(launcher.exitStatus() == 65)
        #expect(launcher.said == "enclave-host: there are more lanes than 2 for queries\n")
    }

    @Test("something else in a lane's place is refused", arguments: [0, 3]) func oddLane(index: Int) throws {
        let launcher = try start(lanes: 4, odd: index)
        #expect(launcher.exitStatus() == 65)
    }

    @Test("what else the host left open is closed before the enclave starts") func inheritedFile() throws {
        // The file stands where the launcher expects nothing.
        let launcher = try start(lanes: 5, odd: 4)
        // The lanes' other ends are closed, so the enclave ends at once.
        #expect(launcher.exitStatus() == 0)
        #expect(launcher.said == "enclave-host: the enclave ended in order\n")
    }

    @Test(
        "a wrong command line is refused",
        arguments: [
            [], ["--enclave", "/bin/true"], ["--state", "/nowhere"],
            ["--enclave", "/bin/true", "--state", "/x", "more"],
            ["--enclave", "/bin/true", "--state", "/x", "--query-lanes", "0"],
            ["--enclave", "/bin/true", "--state", "/x", "--query-lanes", "17"],
            ["--enclave", "/bin/true", "--state", "/x", "--query-lanes", "-1"],
            ["--enclave", "/bin/true", "--state", "/x", "--query-lanes", "2x"],
            ["--enclave", "/bin/true", "--state", "/x", "--profile", "test"],
            ["--enclave", "/bin/true", "--state", "/x", "--measure"], ["--debug"],
        ]) func wrongCommandLine(arguments: [String]) throws
    {
        let result = try Child.run([Programs.launcher] + arguments)
        #expect(result.status == 64)
        #expect(result.errors.contains("usage: enclave-host"))
    }

    @Test("a state folder that is open to others, or a link, is refused") func openStateFolder() throws {
        try FileManager.default.createDirectory(at: state, withIntermediateDirectories: false)
        #expect(chmod(state.path, 0o750) == 0)
        #expect(try start(lanes: 4).exitStatus() == 66)

        let link = folder.appendingPathComponent("link")
        #expect(chmod(state.path, 0o700) == 0)
        #expect(symlink(state.path, link.path) == 0)
        let launcher = try LaunchedEnclave(state: link).launcher
        #expect(launcher.exitStatus() == 66)
    }

    @Test("a fuse key that others may read, or of another size, is refused") func damagedFuse() throws {
        let launcher = try start(lanes: 4)
        #expect(launcher.exitStatus() == 0)
        let fuse = state.appendingPathComponent("fuse-simulated")
        #expect(chmod(fuse.path, 0o444) == 0)
        #expect(try start(lanes: 4).exitStatus() == 66)
        #expect(chmod(fuse.path, 0o600) == 0)
        try Data(repeating: 7, count: 31).write(to: fuse)
        #expect(chmod(fuse.path, 0o400) == 0)
        #expect(try start(lanes: 4).exitStatus() == 66)
    }

    @Test("a program that is missing, or no program, is refused") func noProgram() throws {
        let missing = try LaunchedEnclave("/nowhere/cloister-enclave", state: state).launcher
        #expect(missing.exitStatus() == 67)
        let text = folder.appendingPathComponent("text")
        try Data("not a program".utf8).write(to: text)
        let launcher = try LaunchedEnclave(text.path, state: state).launcher
        #expect(launcher.exitStatus() == 67)
    }
}
