import Foundation
import TestSupport
import Testing

@testable import Node

private let systemdAnalyze = "/usr/bin/systemd-analyze"

@Suite("Units of systemd") struct UnitFileTests {
    /// The lines of a unit as installed below a folder of its own.
    private func installed(_ unit: String) throws -> [String] {
        let root = TemporaryFolder("units")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Repository.path("docs/systemd/install-units.sh"))
        process.arguments = ["/opt/cloister", root.url.path]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(FileManager.default.fileExists(atPath: root.path("opt/cloister/share/doc/cloister/operations.md")))
        let text = try String(contentsOfFile: root.path("etc/systemd/system/" + unit), encoding: .utf8)
        #expect(!text.contains("@PREFIX@"))
        return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    private func value(_ lines: [String], _ name: String) -> String? {
        lines.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    @Test(
        "systemd finds nothing in the units that it does not understand",
        .enabled(if: FileManager.default.isExecutableFile(atPath: systemdAnalyze), "no systemd-analyze here"))
    func verified() throws {
        let root = TemporaryFolder("units")
        func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
            let pipe = Pipe()
            (process.standardOutput, process.standardError) = (pipe, pipe)
            try process.run()
            let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return (process.terminationStatus, output)
        }
        // It looks for the programs, too.
        let prefix = root.path("prefix")
        let programs = prefix + "/libexec/cloister"
        try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "/bin/true", toPath: programs + "/cloister-node")
        #expect(try run(Repository.path("docs/systemd/install-units.sh"), [prefix, root.url.path]).status == 0)
        let units = root.path("etc/systemd/system") + "/"
        let names = ["cloister-node@.service", "cloister-backup@.service", "cloister-backup@.timer"]
        let instances = names.map { units + $0.replacing("@", with: "@main") }
        for (name, instance) in zip(names, instances) {
            try FileManager.default.copyItem(atPath: units + name, toPath: instance)
        }
        let (status, output) = try run(systemdAnalyze, ["verify", "--man=no"] + instances)
        #expect(status == 0 && output.isEmpty, "\(output)")
    }

    @Test("a node is started again for what another start may mend, and for nothing else")
    func restarts() throws {
        let unit = try installed("cloister-node@.service")
        let prevented = NodeExit.allCases.filter { $0 != .stopped && !$0.mayHelpToRestart }.map(\.rawValue).sorted()
        #expect(value(unit, "Restart") == "on-failure")
        #expect(value(unit, "RestartPreventExitStatus") == prevented.map(String.init).joined(separator: " "))
        // That counts for the main process alone: a command before it that refuses settings is begun anew with them.
        #expect(!unit.contains { $0.hasPrefix("ExecStartPre") || $0.hasPrefix("ExecStartPost") })
        // Longer than a node takes that waits for nothing any more.
        #expect(value(unit, "TimeoutStopSec").flatMap { Int($0) } ?? 0 > 20)
        #expect(
            value(unit, "ExecStart")?.hasPrefix("/opt/cloister/libexec/cloister/cloister-node start --home ") == true)
    }

    @Test("nothing in the unit takes the launcher its own user")
    func launcher() throws {
        let unit = try installed("cloister-node@.service")
        let names = Set(unit.compactMap { $0.split(separator: "=").first.map(String.init) })
        // Each of them sets or implies no_new_privs for a unit with User=, under which set-user-id does nothing.
        let harmful = [
            "NoNewPrivileges", "PrivateDevices", "ProtectKernelTunables", "ProtectKernelModules", "ProtectKernelLogs",
            "ProtectClock", "MemoryDenyWriteExecute", "RestrictRealtime", "RestrictSUIDSGID", "SystemCallFilter",
            "SystemCallArchitectures", "RestrictAddressFamilies", "RestrictNamespaces", "LockPersonality",
            "ProtectHostname", "DynamicUser",
        ]
        #expect(names.intersection(harmful).isEmpty)
        #expect(names.contains("User"))
    }

    @Test("backups are made by the program, and old ones alone are removed")
    func backups() throws {
        let unit = try installed("cloister-backup@.service")
        #expect(value(unit, "ExecStart")?.contains("cloister-node backup") == true)
        #expect(value(unit, "ExecStartPost")?.contains("head -n -7") == true)
        #expect(try installed("cloister-backup@.timer").contains("[Timer]"))
    }

    @Test("of one node's backups the oldest and what was cut off go, and those of a node with a longer name stay")
    func otherBackups() throws {
        let unit = try installed("cloister-backup@.service")
        let folder = TemporaryFolder("backups")
        let own = (0..<9).map { "main-2026010\($0)T000000Z" }
        let others = [
            "main-2-20250101T000000Z", "main-2-20250101T000000Z.partial", "main-2026", "other-20250101T000000Z",
        ]
        for name in own + others + ["main-20250101T000000Z.partial"] {
            try FileManager.default.createDirectory(atPath: folder.path(name), withIntermediateDirectories: true)
        }
        for name in ["ExecStartPre", "ExecStartPost"] {
            let start = "/bin/sh -ec '"
            let line = try #require(value(unit, name))
            #expect(line.hasPrefix(start) && line.hasSuffix("'"))
            let script = line.dropFirst(start.count).dropLast()
                .replacing("/var/lib/cloister-backups", with: folder.url.path).replacing("%i", with: "main")
                .replacing("%%", with: "%")
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-ec", String(script)]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(left.sorted() == (own.dropFirst(2) + others).sorted())
    }
}
