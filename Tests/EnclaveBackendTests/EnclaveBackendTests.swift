// The seam outside the enclave: every backend keeps the same promises, and each promise is one that can be broken.

import Attestation
import BackendKit
import EnclaveConnector
import EnclaveLauncher
import EnclaveLink
import Foundation
import Glibc
import LauncherKit
import Logging
import PublicCryptography
import SecretCryptography
import TestSupport
import Testing

@Suite("EnclaveBackend", .serialized) struct EnclaveBackendSuite {
    @Test("an enclave behind the launcher keeps each promise of a backend", arguments: BackendCase.calls)
    func launched(each: BackendCase) { #expect(throws: Never.self) { try each.check(LaunchedTestMachine()) } }

    @Test("an enclave behind a socket keeps each promise of a backend", arguments: BackendCase.calls)
    func connected(each: BackendCase) { #expect(throws: Never.self) { try each.check(SocketMachine()) } }

    @Test("a scripted enclave keeps each promise of a backend", arguments: BackendCase.calls)
    func scripted(each: BackendCase) { #expect(throws: Never.self) { try each.check(ScriptedMachine()) } }

    @Test("an enclave that a description starts keeps each promise of a backend", arguments: BackendCase.all)
    func described(each: BackendCase) { #expect(throws: Never.self) { try each.check(describedMachine(.launched)) } }

    @Test("an enclave in C keeps each promise but one", arguments: BackendCase.all)
    func foreign(each: BackendCase) {
        let lacks = BackendDescription.core.lacks ?? []
        if lacks.contains(each.name) {
            #expect(throws: (any Error).self) { try each.check(describedMachine(.core)) }
        } else {
            #expect(throws: Never.self) { try each.check(describedMachine(.core)) }
        }
    }

    /// In the parts where their faults are; `cloister-research run` has them run all, which takes minutes.
    @Test("each broken enclave is caught by its cases and by no others", arguments: BackendDescription.broken)
    func foreignBroken(description: BackendDescription) throws {
        let checks = SuiteRun.checks { describedMachine(description) }
            .filter { ["votes", "freshness", "custody"].contains($0.part) }
        let run = SuiteRun(checks, of: description)
        #expect(Set(run.failed) == Set(description.fails ?? []) && run.isAsExpected)
        #expect(run.count { $0 == .passed } == checks.count - run.failed.count)
    }

    @Test("a private key is found wherever it stands, in each form that is looked for")
    func keyFinder() {
        let secrets: [[UInt8]] = (0..<3).map { SHA256.hash([UInt8($0)]).bytes }
        let finder = KeyFinder(
            exchange: secrets[..<2].map { X25519.publicKey(of: SecretKey(copying: $0)!) },
            signing: Ed25519Signer.publicKey(of: SecretKey(copying: secrets[2])!))
        let noise: [UInt8] = SHA256.hash([9]).bytes
        let zero: [UInt8] = [0]
        for secret in secrets {
            #expect(finder.find(in: noise + secret + noise) == 32)
            let digits = Array(Hexadecimal.encode(secret).utf8)
            #expect(finder.find(in: zero + digits + zero) == 1)
            let shifted: [UInt8] = Array("a".utf8) + digits
            #expect(finder.find(in: zero + shifted) == 1)
            for before in 0..<3 {
                var content = [UInt8](repeating: 7, count: before)
                content += secret + noise
                let text = Array(Base64.encode(content).utf8)
                #expect(finder.find(in: zero + text) == 1)
            }
            let reversed: [UInt8] = secret.reversed()
            #expect(finder.find(in: reversed) == nil)
        }
        #expect(finder.find(in: noise) == nil)
        #expect(finder.find(in: []) == nil)
    }

    @Test("a backend of which nothing could be tried is not as expected")
    func nothingTried() {
        var description = BackendDescription.core
        description.root = "{state}/no-such-root.der"
        let checks = SuiteRun.checks { describedMachine(description) }
        let custody = SuiteRun(checks.filter { $0.part == "opening" }, of: description)
        #expect(!custody.isAsExpected && custody.failed.contains("an enclave is opened once"))
        let none = SuiteRun.Check(part: "any", name: "any") { throw NotOffered("never") }
        #expect(!SuiteRun([none], of: description).isAsExpected)
    }

    @Test("a session is had again to the same hashes, and a changed one is not")
    func replay() throws {
        let session = try RecordedSession(recording: describedMachine(.core))
        try session.replay()
        for index in session.frames.indices where session.frames[index].body.count > 40 {
            var changed = session
            changed.frames[index].body[20] ^= 1
            #expect(throws: RecordedSession.Differs.self) { try changed.replay() }
        }
        var other = session
        other.enclaveTranscript = session.transcripts[1]
        #expect(throws: RecordedSession.Differs.self) { try other.replay() }
    }

    @Test("each case has a name of its own, and both seams have more than sixty")
    func names() {
        let names = BackendCase.all.map(\.name)
        #expect(Set(names).count == names.count && names.count >= 60)
    }

    @Test("an enclave that breaks a promise is caught", arguments: ScriptedMachine.Fault.allCases)
    func broken(fault: ScriptedMachine.Fault) {
        let failing = BackendCase.calls.filter { each in
            do {
                try each.check(ScriptedMachine(fault))
                return false
            } catch { return true }
        }
        #expect(Set(failing.map(\.name)) == fault.caughtBy)
    }

    @Test("a socket that is not there, and one where nobody speaks the protocol, are named")
    func noEnclave() throws {
        let folder = TemporaryFolder("socket")
        let path = folder.path("none.sock")
        #expect(throws: EnclaveError.notStarted("\(path): No such file or directory")) {
            _ = try ConnectedEnclave(socket: path, queryLanes: 1)
        }
        let long = String(repeating: "a", count: ConnectedEnclave.pathBytesMax + 1)
        #expect(throws: EnclaveError.notStarted("a socket's path has 1 to 107 bytes")) {
            _ = try ConnectedEnclave(socket: long, queryLanes: 1)
        }
        let silent = try ListeningSocket(folder.path("silent.sock"))
        let error = #expect(throws: EnclaveError.self) {
            _ = try ConnectedEnclave(socket: silent.path, queryLanes: 1, patience: 1)
        }
        guard case .notStarted? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}

extension ScriptedMachine.Fault {
    fileprivate var caughtBy: Set<String> {
        switch self {
        case .none: []
        case .oneLane:
            [
                "there are as many query lanes as were asked for",
                "a query that waits for the host keeps no other lane waiting",
                "a query lane that was cut takes nobody with it",
            ]
        case .servesUnopened: ["nothing runs before a network was opened"]
        case .opensTwice: ["an enclave is opened once"]
        case .takesAnyRecord:
            [
                "a record that was changed is refused, and the true one opens after that",
                "no other machine opens a record",
            ]
        case .sealsForAll: ["no other machine opens a record"]
        case .forgetsHead: ["a record stands for the head after its block"]
        case .answersAnyHeight: ["only the state that a header has proved can be asked"]
        case .hidesEnd:
            [
                "the end of an enclave is told once, and every lane is lost", "who comes after the end is told, too",
                "an enclave that was stopped has ended, and the machine is free",
            ]
        case .tellsEndTwice: ["the end of an enclave is told once, and every lane is lost"]
        case .runsTwice: ["a machine runs one enclave at a time"]
        case .signsTwice: ["one vote is signed for a place, over a restart"]
        case .cutsAll: ["a query lane that was cut takes nobody with it"]
        }
    }
}

private func describedMachine(_ description: BackendDescription) -> CommandMachine {
    CommandMachine(description, programs: Programs.folder, folder: Programs.folder)
}

/// The real launcher and enclave over a folder of its own.
private final class LaunchedTestMachine: BackendMachine {
    private let folder = TemporaryFolder("backend")
    private var running: LaunchedEnclave?

    func start(queryLanes: Int) throws -> any EnclaveBackend {
        let enclave = try LaunchedEnclave(
            .init(
                launcher: Programs.launcher, program: Programs.enclave, stateDirectory: folder.path("platform"),
                queryLanes: queryLanes), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        running = enclave
        return enclave
    }

    func rootHash() throws -> [UInt8] { try simulatedRootHash(folder.path("platform")) }

    func kill() throws {
        guard let process = running?.launcherProcess else { return }
        Glibc.kill(process, SIGKILL)
        waitForLock(of: folder.path("platform"))
    }

    func other() throws -> any BackendMachine { LaunchedTestMachine() }
}

/// The same at the other end of a Unix socket: whoever connects gets the lanes of a new enclave.
private final class SocketMachine: BackendMachine {
    private let folder = TemporaryFolder("socket")
    private var running: EnclaveOnSocket?

    func start(queryLanes: Int) throws -> any EnclaveBackend {
        let path = folder.path("\(UInt32.random(in: .min ... .max)).sock")
        let server = try EnclaveOnSocket(path, state: folder.path("platform"), queryLanes: queryLanes)
        let enclave = try ConnectedEnclave(socket: path, queryLanes: queryLanes)
        running = server
        return enclave
    }

    func rootHash() throws -> [UInt8] { try simulatedRootHash(folder.path("platform")) }

    func kill() throws {
        running?.kill()
        waitForLock(of: folder.path("platform"))
    }

    func other() throws -> any BackendMachine { SocketMachine() }
}

private func simulatedRootHash(_ state: String) throws -> [UInt8] {
    let certificate = Array(try Data(contentsOf: URL(fileURLWithPath: state + "/simulated-root.der")))
    return try #require(TrustRoot(name: "root", kind: .simulated, certificate: certificate)).publicKeyInfoHash.bytes
}

/// Until nobody has the machine: the enclave dies after the launcher that was killed.
private func waitForLock(of state: String) {
    let lock = open(state + "/lock", O_RDONLY | O_CLOEXEC)
    guard lock >= 0 else { return }
    flock(lock, LOCK_EX)
    close(lock)
}
