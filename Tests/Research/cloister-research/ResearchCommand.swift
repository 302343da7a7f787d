import ArgumentParser
import Attestation
import BackendKit
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import LauncherKit
import PublicCryptography
import TestSupport

/// For who brings an enclave, or a machine for one, of their own: docs/backends.md.
@main struct ResearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cloister-research",
        abstract: "Try another enclave, or another machine for it, against the promises of its seam.",
        discussion: """
            A BACKEND is a name from `list`, a file backend.json, or a folder with one.
            Status 0: as it should be. 1: it is not. 2: the backend could not be tried. 64: the command line is wrong.
            """,
        subcommands: [
            List.self, New.self, Verify.self, Boot.self, Attest.self, Run.self, Record.self, Replay.self, Serve.self,
        ])
}

/// What ends a verb with a status other than 0; said already, or to be said.
struct Ending: Error {
    static let notAsItShouldBe: Int32 = 1
    static let notTried: Int32 = 2

    var status: Int32
    var text: String
}

struct Output: ParsableArguments {
    @Flag(help: "Answer with one JSON value.") var json = false

    /// One of the two, on standard output.
    func say(_ value: some Encodable, _ text: @autoclosure () -> String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = json ? try encoder.encode(value) : Data(text().utf8)
        FileHandle.standardOutput.write(data + Data("\n".utf8))
    }
}

extension ParsableCommand {
    /// Ends the process with the status of what went wrong.
    func ending(_ body: () throws -> Void) throws {
        do { try body() } catch let ending as Ending {
            if !ending.text.isEmpty { FileHandle.standardError.write(Data((ending.text + "\n").utf8)) }
            throw ExitCode(ending.status)
        } catch let error as BackendDescription.Invalid {
            FileHandle.standardError.write(Data((error.description + "\n").utf8))
            throw ExitCode(Ending.notAsItShouldBe)
        } catch let error as ExitCode {
            throw error
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            throw ExitCode(Ending.notTried)
        }
    }
}

struct Backend: ParsableArguments {
    @Argument(help: "A name from `list`, a file, or a folder with backend.json.") var backend: String
    @Option(help: "Where the programs of this build are.") var programs = Programs.folder

    var folder: String {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: backend, isDirectory: &isFolder)
        let url = URL(fileURLWithPath: backend)
        return isFolder.boolValue ? url.path : url.deletingLastPathComponent().path
    }

    func description() throws -> BackendDescription {
        try BackendDescription.own.first { $0.name == backend } ?? .read(backend)
    }

    func machine() throws -> CommandMachine {
        CommandMachine(try description(), programs: programs, folder: folder)
    }
}

extension ResearchCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The backends that this repository has.")
        @OptionGroup var output: Output

        func run() throws {
            let own = BackendDescription.own
            let width = own.map(\.name.count).max() ?? 0
            try output.say(
                own,
                own.map { $0.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0.about }
                    .joined(separator: "\n"))
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Look at a description and at what it names, without starting anything.")
        @OptionGroup var backend: Backend
        @OptionGroup var output: Output

        struct Found: Encodable {
            var name: String
            var seam: String
            var program: String
            var sha256: String
            var cases: Int
        }

        func run() throws {
            try ending {
                let description = try backend.description()
                try description.check()
                let checks = try Run.checks(of: backend).count
                var found = Found(
                    name: description.name, seam: description.seam.rawValue, program: "", sha256: "", cases: checks)
                // The last one is what is measured, where a launcher starts it.
                let machine = try backend.machine()
                for word in description.command
                where word == description.command[0] || word.hasPrefix("{programs}/") || word.hasPrefix("{folder}/") {
                    let path = machine.filled(word)
                    guard access(path, X_OK) == 0, let data = FileManager.default.contents(atPath: path) else {
                        throw Ending(
                            status: Ending.notAsItShouldBe, text: "\(path): \(String(cString: strerror(errno)))")
                    }
                    (found.program, found.sha256) = (path, SHA256.hash(Array(data)).description)
                }
                try output.say(
                    found,
                    """
                    \(found.name): a backend at the seam \(found.seam), \(found.cases) cases
                    program  \(found.program.isEmpty ? "none: it runs already" : found.program)
                    sha256   \(found.sha256)
                    """)
            }
        }
    }

    struct Boot: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start a backend, begin a network on it, run blocks, start it again.")
        @OptionGroup var backend: Backend
        @OptionGroup var output: Output
        @Option(help: "How many blocks.") var blocks = 3

        struct Booted: Encodable {
            var name: String
            var measurement: String
            var ioKey: String
            var head: UInt64
            var seconds: Double
        }

        func run() throws {
            guard (1...10_000).contains(blocks) else { throw ValidationError("--blocks is 1 to 10000") }
            try ending {
                let start = Date()
                let machine = try backend.machine()
                let enclave = try machine.start(queryLanes: 1)
                let chain = QuietChain()
                let identity = chain.identity(rootHash: try machine.rootHash())
                let opened = try enclave.withControl { try $0.bootstrap(identity) }
                chain.register(opened)
                var record = opened.sealedRecord
                for _ in 0..<blocks {
                    _ = try enclave.execution.beginBlock(chain.next(), answering: chain)
                    record = try enclave.execution.endBlock()
                    chain.adopt()
                }
                try machine.kill()
                let again = try machine.start(queryLanes: 1)
                let head = try again.withControl { try $0.unseal(record).headHeight }
                let booted = Booted(
                    name: try backend.description().name, measurement: Hexadecimal.encode(opened.measurement),
                    ioKey: Base64.encode(opened.ioPublicKey), head: head, seconds: Date().timeIntervalSince(start))
                try output.say(
                    booted,
                    """
                    \(booted.name): began a network, ran \(blocks) blocks, was killed, and opened it at height \(head)
                    measurement  \(booted.measurement)
                    key          \(booted.ioKey)
                    """)
                guard head == UInt64(blocks) else {
                    throw Ending(status: Ending.notAsItShouldBe, text: "its head is \(head) after \(blocks) blocks")
                }
            }
        }
    }

    struct Attest: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Have a backend show its evidence, and verify it.")
        @OptionGroup var backend: Backend
        @OptionGroup var output: Output

        struct Attested: Encodable {
            var name: String
            var accepted: Bool
            var measurement: String
            var root: String
            var steps: [String]
        }

        func run() throws {
            try ending {
                let machine = try backend.machine()
                let enclave = try machine.start(queryLanes: 1)
                let identity = QuietChain().identity(rootHash: try machine.rootHash())
                let opened = try enclave.withControl { try $0.bootstrap(identity) }
                let verdict = QuoteVerifier.verify(
                    evidence: opened.evidence, roots: [try machine.root()], time: Int64(Date().timeIntervalSince1970),
                    policy: QuotePolicy())
                let said = verdict.claims.map { claims in
                    ReportData.facts(in: claims.body.reportData).map { facts in
                        claims.body.reportData
                            == ReportData.network(
                                identity: identity.encoded, ioPublicKey: opened.ioPublicKey,
                                seedExchangePublicKey: opened.seedExchangePublicKey, facts: facts)
                    } ?? false
                }
                let isAccepted = said == true && verdict.claims?.body.measurement.bytes == opened.measurement
                let attested = Attested(
                    name: try backend.description().name, accepted: isAccepted,
                    measurement: Hexadecimal.encode(opened.measurement),
                    root: try machine.root().publicKeyInfoHash.description,
                    steps: verdict.steps.map { "\($0.step.rawValue) \($0.step): \($0.outcome)" }
                        + ["13 keys and program: \(isAccepted ? "passed" : "not these")"])
                try output.say(
                    attested,
                    (["\(attested.name): \(isAccepted ? "accepted" : "REFUSED")"] + attested.steps
                        + ["root \(attested.root), which whoever has the machine made"]).joined(separator: "\n"))
                if !isAccepted { throw Ending(status: Ending.notAsItShouldBe, text: "") }
            }
        }
    }

    struct Record: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Have a short session with a backend and keep it.")
        @OptionGroup var backend: Backend
        @Option(help: "The file for the session.") var to: String
        @OptionGroup var output: Output

        func run() throws {
            try ending {
                let session = try RecordedSession(recording: try backend.machine())
                try session.write(to)
                try output.say(session.transcripts, Replay.text(session))
            }
        }
    }

    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have a recorded session again, with a player in the enclave's place: to the same hashes.")
        @Argument(help: "What `record` wrote.") var file: String
        @OptionGroup var output: Output

        static func text(_ session: RecordedSession) -> String {
            zip(["control", "execution", "query"], session.transcripts)
                .map { $0.padding(toLength: 11, withPad: " ", startingAt: 0) + $1 }.joined(separator: "\n")
        }

        func run() throws {
            try ending {
                let session: RecordedSession
                do {
                    session = try RecordedSession(reading: file)
                    try session.replay()
                } catch let error as RecordedSession.Differs {
                    throw Ending(status: Ending.notAsItShouldBe, text: error.description)
                }
                try output.say(session.transcripts, Self.text(session))
            }
        }
    }

    struct Serve: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put an enclave behind a Unix socket, as one in a virtual machine is; one after the other.")
        @Option(help: "Where to listen.") var socket: String
        @Option(help: "The folder of the machine.") var state: String
        @Option(help: "How many query lanes.") var queryLanes = 1

        func run() throws {
            guard (1...16).contains(queryLanes) else { throw ValidationError("--query-lanes is 1 to 16") }
            try ending {
                let served = try EnclaveOnSocket(socket, state: state, queryLanes: queryLanes)
                let status = served.waitForEnd()
                guard status == 0 else { throw Ending(status: Ending.notTried, text: "it ended with status \(status)") }
            }
        }
    }
}
