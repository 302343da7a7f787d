import Foundation
import Glibc
import LauncherKit
import Synchronization
import TestSupport
import Testing

/// Every hostile attempt that is known, and docs/security/confinement.md beside it: what each comes to without any
/// layer of the confinement, under each layer alone, and in an enclave that was really launched, under both
/// confinements, by root and by an ordinary user.
///
/// `CLOISTER_WRITE_CONFINEMENT=1` writes what was seen into the page instead of comparing it.
@Suite("What a hostile program comes to", .serialized) struct HostileAttemptTests {
    private static let user: UInt32 = 65532
    private static let writes = ProcessInfo.processInfo.environment["CLOISTER_WRITE_CONFINEMENT"] != nil

    /// How an enclave is launched for an attempt.
    private struct Way: Sendable {
        var isStrict: Bool
        /// An ordinary user; else whoever runs the test, which is root where all of this can be seen.
        var user: UInt32?

        static let all = [
            Way(isStrict: false), Way(isStrict: true), Way(isStrict: false, user: HostileAttemptTests.user),
            Way(isStrict: true, user: HostileAttemptTests.user),
        ].filter { $0.user == nil || isRoot }

        func launch(in folder: TemporaryFolder) throws -> LaunchedEnclave {
            let state = URL(fileURLWithPath: folder.path("state-\(isStrict)-\(user ?? 0)-\(UUID().uuidString)"))
            if let user {
                try FileManager.default.createDirectory(at: state, withIntermediateDirectories: false)
                guard chown(state.path, user, user) == 0, chmod(state.path, 0o700) == 0 else {
                    throw POSIXError(.EPERM)
                }
            }
            return try LaunchedEnclave(
                state: state, user: user, options: ["--confinement", isStrict ? "strict" : "jit"])
        }
    }

    /// What came of each attempt by its name.
    private typealias Results = [String: String]

    /// All attempts under one layer alone.
    private static func alone(_ layer: String) throws -> Results {
        let run = try Child.run([Programs.hostileEnclave, "layer", layer])
        guard run.status == 0 else { throw SystemFailure("layer \(layer): \(run.errors)") }
        let rows = run.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        return Results(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
    }

    /// The answer of a launched enclave, and its launcher's word for its death.
    private static func attempt(_ name: String, in enclave: LaunchedEnclave) -> String {
        guard let answer = enclave.tell("try " + name) else {
            let wasKilled =
                enclave.launcher.exitStatus() == 75
                && enclave.launcher.said.contains("a system call outside its final list")
            return wasKilled ? "killed" : "died: \(enclave.launcher.said)"
        }
        guard let number = Int32(answer), number > 0 else { return answer == "0" ? "ok" : answer }
        return strerrorname(number)
    }

    private static func strerrorname(_ number: Int32) -> String {
        let names = [
            EPERM: "EPERM", ENOENT: "ENOENT", EACCES: "EACCES", EBADF: "EBADF", ENOTTY: "ENOTTY", ENOSYS: "ENOSYS",
            EFBIG: "EFBIG", EMFILE: "EMFILE", EROFS: "EROFS", EINVAL: "EINVAL",
        ]
        return names[number] ?? String(number)
    }

    /// One text for both confinements.
    private static func both(_ jit: String, _ strict: String) -> String {
        jit == strict ? jit : "\(jit), strict \(strict)"
    }

    @Test("every attempt comes to what the page says, under both confinements, as root and as a user")
    func attempts() async throws {
        try await onThread {
            let folder = TemporaryFolder("attempts")
            let seen = try Self.lookAtAttempts(in: folder)
            if Self.writes {
                var page = try ConfinementPage.read()
                (page.attempts, page.kernel) = (seen, ConfinementPage.ownKernel)
                try page.write()
            }
            try Self.compare(seen, with: ConfinementPage.read())
        }
    }

    private static func compare(_ seen: [ConfinementPage.Attempt], with page: ConfinementPage) throws {
        #expect(seen.map(\.name) == page.attempts.map(\.name))
        let sameKernel = page.kernel == ConfinementPage.ownKernel
        var shown = 0, refused = 0
        for (seen, said) in zip(seen, page.attempts) {
            // What the lists alone do is the same everywhere; what the kernel does without them is its own.
            #expect(seen.serving == said.serving, "\(seen.name), serving")
            #expect(seen.started == said.started, "\(seen.name), started")
            if sameKernel {
                #expect(Self.onAnyProcessor(seen) == Self.onAnyProcessor(said), "\(seen.name), alone")
            }
            if !seen.serving.hasPrefix("ok") { refused += 1 }
            if seen.alone[0] == "ok", seen.alone.dropFirst().contains(where: { $0 != "-" }) { shown += 1 }
            // Nothing succeeds in a launched enclave but what a compiler needs, under its own confinement.
            let allowed = ["map-anonymous-execute", "run-written-code"].contains(seen.name)
            #expect(allowed || (!seen.started.hasPrefix("ok") && !seen.serving.hasPrefix("ok")), "\(seen.name)")
            #expect(!seen.started.hasSuffix("strict ok") && !seen.serving.hasSuffix("strict ok"), "\(seen.name)")
        }
        #expect(refused >= 200)
        // The same attempt succeeds without the layer that stops it.
        #expect(shown >= 100, "\(shown)")
    }

    /// What an attempt comes to under one layer, wherever the same kernel runs: without any, a processor that has no
    /// such speculation leaves nothing to be allowed.
    private static func onAnyProcessor(_ attempt: ConfinementPage.Attempt) -> [String] {
        guard attempt.name == "allow-speculation" else { return attempt.alone }
        return attempt.alone.enumerated().map { $0.offset == 0 && $0.element == "ENXIO" ? "ok" : $0.element }
    }

    private static func lookAtAttempts(in folder: TemporaryFolder) throws -> [ConfinementPage.Attempt] {
        let layers = ["plain", "landlock", "namespaces", "start", "strict-start", "final", "strict-final"]
        let alone = try Dictionary(uniqueKeysWithValues: layers.map { ($0, try Self.alone($0)) })
        let ways = Way.all
        let first = try ways.map { try $0.launch(in: folder) }
        let names = try #require(first[0].tell("attempts")).split(separator: " ").map(String.init)

        // What the start list kills, and everything once the enclave serves, ends the enclave: a launch for each, in
        // one way after the other. What merely fails is tried in one enclave of each way.
        func isDeadly(_ name: String) -> Bool { alone["start"]?[name] == "killed" }
        var started: [[String: Set<String>]] = [[:], [:]]
        for (way, enclave) in zip(ways, first) {
            for name in names where !isDeadly(name) {
                started[way.isStrict ? 1 : 0][name, default: []].insert(Self.attempt(name, in: enclave))
            }
            #expect(enclave.tell("works") == "everything")
        }
        var serving = started
        for isStrict in [0, 1] { serving[isStrict] = [:] }
        for (index, name) in names.enumerated() {
            // Each confinement on its own where the lists differ, else in turns.
            let differs = alone["final"]?[name] != alone["strict-final"]?[name]
            let turns = differs ? [0, 1] : [index % ways.count]
            for turn in turns {
                let way = ways[turn % ways.count]
                let enclave = try way.launch(in: folder)
                if !isDeadly(name) {
                    #expect(enclave.tell("prepare") == "2")
                    #expect(enclave.tell(way.isStrict ? "confine strict" : "confine") == "0")
                }
                let result = Self.attempt(name, in: enclave)
                for isStrict in differs ? [way.isStrict ? 1 : 0] : [0, 1] {
                    if isDeadly(name) { started[isStrict][name] = [result] }
                    serving[isStrict][name] = [result]
                }
            }
        }

        return try names.map { name in
            let plain = try #require(alone["plain"]?[name])
            func cell(_ layer: String) throws -> String {
                let result = try #require(alone[layer]?[name])
                return result == plain ? "-" : result == "listed" ? "EPERM" : result
            }
            func text(_ results: [[String: Set<String>]]) -> String {
                let each = results.map { ($0[name] ?? []).sorted().joined(separator: " or ") }
                return both(each[0], each[1])
            }
            return try ConfinementPage.Attempt(
                name: name,
                alone: [
                    plain, cell("landlock"), cell("namespaces"), both(cell("start"), cell("strict-start")),
                    both(cell("final"), cell("strict-final")),
                ], started: text(started), serving: text(serving))
        }
    }

    @Test(
        "no process of the same user or another looks into launcher or enclave, and root does", .enabled(if: canInstall)
    )
    func attacks() async throws {
        try await onThread {
            let folder = TemporaryFolder("attacks")
            let seen = try Self.lookAtAttacks(in: folder)
            if Self.writes {
                var page = try ConfinementPage.read()
                page.attacks = seen
                try page.write()
            }
            #expect(try seen == ConfinementPage.read().attacks)
            #expect(seen.count >= 30)
            for attack in seen { #expect(attack.results == ["yes", "no", "no", "no", "yes"], "\(attack.name)") }
        }
    }

    private static func lookAtAttacks(in folder: TemporaryFolder) throws -> [ConfinementPage.Attack] {
        func attack(_ targets: [pid_t], as user: UInt32?) throws -> [(name: String, result: String)] {
            var results: [(name: String, result: String)] = []
            for target in targets {
                let run = try Child.run([Programs.hostileEnclave, "attack", String(target)], user: user)
                let rows = run.output.split(separator: "\n").map { line -> (name: String, result: String) in
                    let parts = line.components(separatedBy: ": ")
                    return (parts[0], parts[1])
                }
                // One text for launcher and enclave.
                results = results.isEmpty ? rows : zip(results, rows).map { ($0.name, both($0.result, $1.result)) }
            }
            return results
        }
        // Against an ordinary process of that user all succeed, so the others' failure means something: once it has
        // become `sleep`, and the user's own.
        let ordinary = try Child(["/usr/bin/sleep", "120"], user: user)
        var control = try attack([ordinary.process], as: user)
        for _ in 0..<100 where control.contains(where: { $0.result != "yes" }) {
            usleep(100_000)
            control = try attack([ordinary.process], as: user)
        }
        let enclave = try Way(isStrict: false, user: user).launch(in: folder)
        let targets = [enclave.launcher.process, try #require(enclave.enclaveProcess())]
        let own = try attack(targets, as: user)
        let other = try attack(targets, as: 65530)
        let byRoot = try attack([targets[1]], as: nil)
        let place = folder.url.appendingPathComponent("installed")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        let installed = try InstalledLauncher(in: place).start()
        let apart = try attack(
            [installed.launcher.process, #require(installed.enclaveProcess())], as: InstalledLauncher.host)
        return control.indices.map {
            ConfinementPage.Attack(
                name: control[$0].name,
                results: [control[$0].result, own[$0].result, other[$0].result, apart[$0].result, byRoot[$0].result])
        }
    }
}
