import CLibCrypto
import Foundation
import Glibc
import LauncherKit
import PublicCryptography
import Seeds
import TestSupport
import Testing

@Suite("What is measured") struct MeasurementTests {
    private let temporary: TemporaryFolder
    var folder: URL { temporary.url }

    init() throws { temporary = TemporaryFolder() }

    private struct Measured {
        var measurement: String
        /// Name, size, SHA-384 and path of each file.
        var files: [(name: String, size: Int, digest: String, path: String)]
    }

    private func measure(_ program: String) throws -> Measured {
        try measured(by: [Programs.launcher, "--enclave", program, "--measure"])
    }

    private func measured(by command: [String]) throws -> Measured {
        let result = try Child.run(command)
        try #require(result.status == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n")
        let files = lines.dropFirst().map { line in
            let parts = line.split(separator: " ", maxSplits: 3)
            return (name: String(parts[0]), size: Int(parts[1])!, digest: String(parts[2]), path: String(parts[3]))
        }
        return Measured(measurement: String(lines[0]), files: files)
    }

    /// A copy of the hostile enclave in a folder of its own. Its search path names its own folder, so a library beside
    /// it is taken instead of the system's.
    private func installed(_ folderName: String, as name: String = "cloister-enclave") throws -> URL {
        let place = folder.appendingPathComponent(folderName)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let program = place.appendingPathComponent(name)
        try FileManager.default.copyItem(atPath: Programs.hostileEnclave, toPath: program.path)
        return program
    }

    private func append(_ byte: UInt8, to file: URL) throws {
        try Data(try Data(contentsOf: file) + [byte]).write(to: file)
    }

    @Test("the measurement is the hash that the documentation states") func documentedHash() throws {
        let measured = try measure(Programs.enclave)
        #expect(measured.files.map(\.name).contains("libwasmtime.so"))
        #expect(measured.files.map(\.name).contains("ld-linux-x86-64.so.2"))
        #expect(measured.files[0].name == "entry")
        var bytes = Array("cloister/enclave-image/1".utf8) + bigEndian(measured.files.count, width: 4)
        let sorted = measured.files.dropFirst().sorted {
            Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8))
        }
        for file in [measured.files[0]] + sorted {
            let contents = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file.path)))
            #expect(contents.count == file.size)
            var digest = [UInt8](repeating: 0, count: 48)
            _ = SHA384(contents, contents.count, &digest)
            #expect(file.digest == digest.map { String(format: "%02x", $0) }.joined())
            bytes += bigEndian(file.name.utf8.count, width: 2) + Array(file.name.utf8)
            bytes += bigEndian(contents.count, width: 8) + digest
        }
        #expect(measured.measurement == SHA256.hash(bytes).description)
    }

    @Test("it does not change with the folder or the name of the program") func sameElsewhere() throws {
        let first = try measure(installed("first").path)
        let second = try measure(installed("second/deeper", as: "another-name").path)
        #expect(first.measurement == second.measurement)
    }

    @Test("it does not change with the folder of a library") func libraryElsewhere() throws {
        let program = try installed("beside")
        let before = try measure(program.path)
        let library = try #require(before.files.first { $0.name == "libsodium.so.23" })
        try FileManager.default.copyItem(
            atPath: URL(fileURLWithPath: library.path).resolvingSymlinksInPath().path,
            toPath: program.deletingLastPathComponent().appendingPathComponent("libsodium.so.23").path)
        let after = try measure(program.path)
        #expect(after.files.first { $0.name == "libsodium.so.23" }?.path != library.path)
        #expect(after.measurement == before.measurement)
    }

    @Test("it changes with any byte of the program") func changedProgram() throws {
        let program = try installed("changed")
        let before = try measure(program.path).measurement
        try append(0, to: program)
        #expect(try measure(program.path).measurement != before)
    }

    @Test("what its starter left open does not stand in its way") func inheritedDescriptors() throws {
        let command = "exec \"$0\" --enclave \"$1\" --measure 100</dev/null 101</dev/null 105</dev/null"
        let crowded = try measured(by: ["/bin/bash", "-c", command, Programs.launcher, Programs.enclave])
        #expect(try crowded.measurement == measure(Programs.enclave).measurement)
    }

    @Test("it changes with any byte of a library, and the changed library is what would run") func changedLibrary()
        throws
    {
        let program = try installed("changed")
        let before = try measure(program.path)
        let library = try #require(before.files.first { $0.name == "libsodium.so.23" })
        let copy = program.deletingLastPathComponent().appendingPathComponent("libsodium.so.23")
        try FileManager.default.copyItem(
            atPath: URL(fileURLWithPath: library.path).resolvingSymlinksInPath().path, toPath: copy.path)
        try append(0, to: copy)
        let after = try measure(program.path)
        #expect(after.measurement != before.measurement)

        let enclave = try LaunchedEnclave(program.path, state: folder.appendingPathComponent("state"))
        #expect(
            enclave.askPlatform(1)?.payload.prefix(32).map { String(format: "%02x", $0) }.joined() == after.measurement)
    }

    @Test("a bundle beside the program is what the image is made of, and an upgrade of the system changes nothing")
    func bundle() throws {
        let program = try installed("bundled")
        let place = program.deletingLastPathComponent()
        // By another process: a child of another test, begun meanwhile, would hold the file open for writing, and what
        // is open so cannot be started.
        let launcher = place.appendingPathComponent("enclave-host").path
        #expect(try Child.run(["/bin/cp", Programs.launcher, launcher]).status == 0)
        let before = try measure(program.path)
        let script = Repository.root.appendingPathComponent("enclave-host/bundle.sh").path
        let made = try Child.run([script, place.path])
        #expect(made.status == 0, "\(made.errors)")
        let bundled = try measure(program.path)
        #expect(bundled.measurement == before.measurement)
        let bundle = place.appendingPathComponent("enclave-bundle")
        for file in bundled.files.dropFirst() {
            #expect(file.path == bundle.resolvingSymlinksInPath().appendingPathComponent(file.name).path)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: bundle.path).count == bundled.files.count - 1)
        let enclave = try LaunchedEnclave(program.path, state: folder.appendingPathComponent("state"))
        #expect(enclave.tell("works") == "everything")

        // The system's library would come first by the program's own search path; it changed.
        let library = try #require(before.files.first { $0.name == "libsodium.so.23" })
        let upgraded = place.appendingPathComponent("libsodium.so.23")
        try FileManager.default.copyItem(
            atPath: URL(fileURLWithPath: library.path).resolvingSymlinksInPath().path, toPath: upgraded.path)
        try append(0, to: upgraded)
        #expect(try measure(program.path).measurement == before.measurement)
        // Without the bundle it would have counted, and a bundle that lacks a file does not fall back to the system's.
        try FileManager.default.removeItem(at: bundle.appendingPathComponent("libsodium.so.23"))
        let lacking = try Child.run([Programs.launcher, "--enclave", program.path, "--measure"])
        #expect(lacking.status == 67)
        #expect(lacking.errors.contains("lacks libsodium.so.23"))
        try FileManager.default.removeItem(at: bundle)
        #expect(try measure(program.path).measurement != before.measurement)
    }

    @Test("a library that the loader would not recognise by its name is refused") func libraryWithoutName() throws {
        let program = try installed("nameless")
        let source = try #require(try measure(program.path).files.first { $0.name == "libsodium.so.23" }).path
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: source)))
        // Turns the entry DT_SONAME (14) of the dynamic section into one that nobody reads.
        let headers = Int(littleEndian(bytes[32..<40]))
        let segments = (0..<Int(littleEndian(bytes[56..<58]))).map { headers + 56 * $0 }
        let dynamic = try #require(segments.first { littleEndian(bytes[$0..<($0 + 4)]) == 2 })
        let start = Int(littleEndian(bytes[(dynamic + 8)..<(dynamic + 16)]))
        let entry = try #require(
            stride(from: start, to: bytes.count, by: 16).first { littleEndian(bytes[$0..<($0 + 8)]) == 14 })
        bytes[entry] = 0xff
        try Data(bytes).write(to: program.deletingLastPathComponent().appendingPathComponent("libsodium.so.23"))
        let result = try Child.run([Programs.launcher, "--enclave", program.path, "--measure"])
        #expect(result.status == 67)
        #expect(result.errors.contains("does not carry the DT_SONAME libsodium.so.23"))
    }

    @Test("a damaged program is refused or measured, and never harms the launcher", arguments: [UInt64(1), 2, 3])
    func damagedProgram(seed: UInt64) throws {
        var numbers = SeededGenerator(seed: seed)
        let original = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Programs.hostileEnclave)))
        let headers = Int(littleEndian(original[32..<40]))
        let dynamic = try #require(
            (0..<Int(littleEndian(original[56..<58]))).map { headers + 56 * $0 }
                .first { littleEndian(original[$0..<($0 + 4)]) == 2 })
        let dynamicStart = Int(littleEndian(original[(dynamic + 8)..<(dynamic + 16)]))
        let program = folder.appendingPathComponent("damaged")
        for round in 0..<25 {
            var bytes = original
            if round == 0 {
                bytes.removeLast(Int.random(in: 1..<bytes.count, using: &numbers))
            } else {
                // Where the launcher looks: the headers and the dynamic section.
                for _ in 0..<4 {
                    let place = Bool.random(using: &numbers) ? 0..<1024 : dynamicStart..<(dynamicStart + 512)
                    bytes[Int.random(in: place, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
                }
            }
            try Data(bytes).write(to: program)
            let status = try Child.run([Programs.launcher, "--enclave", program.path, "--measure"]).status
            #expect(status == 0 || status == 67, "seed \(seed), round \(round)")
        }
    }

    private func bigEndian(_ value: Int, width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * (width - 1 - $0))) }
    }

    private func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
