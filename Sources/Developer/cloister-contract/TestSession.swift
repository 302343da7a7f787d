import ContractEngine
import Foundation
import PublicCryptography

/// The conversation with a test program (contracts/testkit/EngineLink.swift): a line each way, a word and values in
/// base64.
final class TestSession {
    private let contract: MeasuredContract
    /// What the runs of pairs of secrets look like to a host; `nil` if the program is one of ordinary tests.
    private let runs: LeakRuns?
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var received = Data()

    /// Starts the tests. What they say to people they write to standard error, since their output is ours to read.
    init(_ contract: MeasuredContract, program: String, name: String, runs: LeakRuns? = nil) throws {
        self.contract = contract
        self.runs = runs
        signal(SIGPIPE, SIG_IGN)
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [name]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["CLOISTER_CONTRACT_CODE_HASH": contract.codeHash.description]) { $1 }
        // A descriptor of its own: the number 1 is another file by the time that the new process is given its own.
        process.standardError = FileHandle(fileDescriptor: dup(1), closeOnDealloc: true)
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    /// Answers the tests until they end; their status.
    func serve() throws -> Int32 {
        defer { if process.isRunning { process.terminate() } }
        while let (word, values) = try receive() { try answer(word, values) }
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : 1
    }

    private func answer(_ word: String, _ values: [[UInt8]]) throws {
        switch (word, values.count) {
        case ("begin", 0):
            contract.begin()
            try send("done", [])
        case ("run", 3):
            guard let runs else { throw Misuse(description: "these are no pairs of secrets") }
            let texts = values.map { String(decoding: $0, as: UTF8.self) }
            contract.hostWatch = try runs.begin(texts[0], side: texts[1], reason: texts[2])
            try send("done", [])
        case ("call", 4):
            let answer = try contract.call(
                String(decoding: values[0], as: UTF8.self), environment: values[1], info: values[2],
                message: values[3]
            ) { [self] question in
                try send("query", [question])
                guard let (word, values) = try receive(), word == "answer", values.count == 1 else {
                    throw Misuse(description: "the tests did not answer a query")
                }
                return values[0]
            }
            switch answer {
            case .bytes(let bytes): try send("done", [bytes])
            case .trap(let text): try send("trap", [Array(text.utf8)])
            }
        case ("state", 0):
            let entries = contract.environment.state.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            try send("done", entries.flatMap { [$0.key, $0.value] })
        case ("restore", _) where values.count % 2 == 0:
            contract.environment.state = Dictionary(
                stride(from: 0, to: values.count, by: 2).map { (values[$0], values[$0 + 1]) }, uniquingKeysWith: { $1 })
            try send("done", [])
        default: throw Misuse(description: "the tests asked for \(word), which is nothing that is known")
        }
    }

    private func send(_ word: String, _ values: [[UInt8]]) throws {
        let line = word + values.map { $0.isEmpty ? " -" : " " + Base64.encode($0) }.joined() + "\n"
        try input.fileHandleForWriting.write(contentsOf: Data(line.utf8))
    }

    /// The next line; `nil` when the tests have ended.
    private func receive() throws -> (word: String, values: [[UInt8]])? {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: received[received.startIndex..<end], as: UTF8.self)
                received = received[(end + 1)...]
                let parts = line.split(separator: " ")
                let values = try parts.dropFirst().map { text -> [UInt8] in
                    if text == "-" { return [] }
                    guard let bytes = Base64.decode(text) else { throw Misuse(description: "not base64: \(text)") }
                    return bytes
                }
                return (String(parts.first ?? ""), values)
            }
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            received.append(more)
        }
    }
}
