/// cloister-contract: runs the tests of a contract in the enclave's contract engine and measures what its calls cost.
///
/// `cloister contract test` and `build` start it; the tests are a program of the contract's own (contracts/testkit),
/// which this one starts and answers. It is a tool for developers: not confined, not measured, without a key, and no
/// part of an enclave, though the engine, the rules of upload and the prices are the enclave's own code.
import CProgramVersion
import ContractEngine
import Foundation
import PublicCryptography
import StrictJSON

@main
struct ContractRunner {
    private static let usage = """
        usage: cloister-contract run MODULE.wasm TESTS NAME [MEASUREMENTS]
          runs the test program TESTS with the contract MODULE.wasm; writes what the calls cost to MEASUREMENTS, as JSON
               cloister-contract leaks MODULE.wasm PAIRS NAME REPORT.txt REPORT.json
          runs the pairs of secrets in the program PAIRS and writes what of them a host can tell apart, in both forms;
          ends with 0 if nothing, with 3 if something, with others if the pairs could not be run
               cloister-contract check MODULE.wasm
          says what the module is, and ends with 65 if it could not be stored or not run
               cloister-contract story MODULE.wasm STORY [strict]
          makes the calls in the file STORY (- is standard input) and says what came of them; with `strict` ends with 1 if one is not as expected
               cloister-contract --version

        """

    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        let verb = arguments.first ?? ""
        if verb == "--version" {
            print(String(cString: cloister_program_version()))
            exit(0)
        }
        let counts: [String: ClosedRange<Int>] = ["run": 4...5, "leaks": 6...6, "check": 2...2, "story": 3...4]
        guard counts[verb]?.contains(arguments.count) == true else { end(64, usage) }
        let parts = Array(arguments.dropFirst())
        let box = Outcome()
        // Contracts need more stack than the first thread has.
        let thread = Thread {
            box.status = attempt(module: parts[0]) { contract in
                switch verb {
                case "leaks": try leaks(contract, pairs: parts[1], name: parts[2], text: parts[3], json: parts[4])
                case "check": check(contract, path: parts[0])
                case "story": try tell(contract, story: parts[1], isStrict: parts.count > 2)
                default:
                    try run(contract, tests: parts[1], name: parts[2], measurements: parts.count > 3 ? parts[3] : nil)
                }
            }
            box.done.signal()
        }
        thread.stackSize = WasmEngine.stackBytesNeeded
        thread.start()
        box.done.wait()
        exit(box.status)
    }

    /// Written by the thread before it signals, read after that.
    private final class Outcome: @unchecked Sendable {
        let done = DispatchSemaphore(value: 0)
        var status: Int32 = 1
    }

    private static func run(
        _ contract: MeasuredContract, tests: String, name: String, measurements: String?
    ) throws -> Int32 {
        let status = try TestSession(contract, program: tests, name: name).serve()
        if let measurements { try Data(contract.measurementsJSON).write(to: URL(fileURLWithPath: measurements)) }
        return status
    }

    private static func check(_ contract: MeasuredContract, path: String) -> Int32 {
        print("\(path): \(contract.codeBytes) bytes, code hash \(contract.codeHash)")
        print(contract.description)
        return 0
    }

    private static func tell(_ contract: MeasuredContract, story path: String, isStrict: Bool) throws -> Int32 {
        let name = path == "-" ? "standard input" : path
        guard let bytes = story(at: path) else { end(66, "cannot read \(name)\n") }
        do {
            let story = try ContractStory(String(decoding: bytes, as: UTF8.self))
            let failures = try StoryTeller(contract) { print($0) }.tell(story)
            if isStrict { print("\(story.steps.count - failures) of \(story.steps.count) calls are as expected") }
            return isStrict && (failures > 0 || story.steps.isEmpty) ? 1 : 0
        } catch let error as ContractStory.Malformed {
            end(65, "\(name), \(error)\n")
        }
    }

    /// No more than a story may have, and a byte by which a longer one shows.
    private static func story(at path: String) -> Data? {
        guard let file = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path) else { return nil }
        var bytes = Data()
        do {
            while bytes.count <= ContractStory.bytesMax {
                let read = try file.read(upToCount: ContractStory.bytesMax + 1 - bytes.count) ?? Data()
                if read.isEmpty { break }
                bytes += read
            }
        } catch {
            return nil
        }
        return bytes
    }

    /// The status of `cloister contract leaks` when something tells secrets apart.
    private static let leaky: Int32 = 3

    private static func leaks(
        _ contract: MeasuredContract, pairs: String, name: String, text: String, json: String
    ) throws -> Int32 {
        let runs = LeakRuns()
        let status = try TestSession(contract, program: pairs, name: name, runs: runs).serve()
        guard status == 0 else { return status == leaky ? 1 : status }
        let report = LeakReport(contract: name, pairs: try runs.pairs())
        try Data(report.text.utf8).write(to: URL(fileURLWithPath: text))
        try Data(JSONWriter.bytes(of: report.json)).write(to: URL(fileURLWithPath: json))
        return report.hasLeaks ? leaky : 0
    }

    private static func attempt(module path: String, _ body: (MeasuredContract) throws -> Int32) -> Int32 {
        guard let code = FileManager.default.contents(atPath: path) else { end(66, "cannot read \(path)\n") }
        if code.starts(with: [0x1f, 0x8b]) { end(65, "\(path) is compressed; unpack it first (gunzip)\n") }
        do {
            return try body(MeasuredContract(Array(code)))
        } catch let refusal as UploadRefusal {
            end(65, "\(path) could not be stored: \(refusal.message)\n")
        } catch let refusal as ModuleRefusal {
            end(65, "\(path) could not run: \(refusal.message)\n")
        } catch {
            end(1, "\(error)\n")
        }
    }

    private static func end(_ status: Int32, _ text: String) -> Never {
        FileHandle.standardError.write(Data(text.utf8))
        exit(status)
    }
}
