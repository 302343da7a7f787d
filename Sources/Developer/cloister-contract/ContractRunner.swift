/// cloister-contract: runs the tests of a contract in the enclave's contract engine and measures what its calls cost.
///
/// `cloister contract test` and `build` start it; the tests are a program of the contract's own (contracts/testkit),
/// which this one starts and answers. It is a tool for developers: not confined, not measured, without a key, and no
/// part of an enclave, though the engine, the rules of upload and the prices are the enclave's own code.
import ContractEngine
import Foundation
import PublicCryptography

@main
struct ContractRunner {
    private static let usage = """
        usage: cloister-contract run MODULE.wasm TESTS NAME [MEASUREMENTS]
          runs the test program TESTS with the contract MODULE.wasm; writes what the calls cost to MEASUREMENTS, as JSON

        """

    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 4 || arguments.count == 5, arguments.first == "run" else { end(64, usage) }
        let parts = Array(arguments.dropFirst())
        let box = Outcome()
        // Contracts need more stack than the first thread has.
        let thread = Thread {
            box.status = run(
                module: parts[0], tests: parts[1], name: parts[2], measurements: parts.count > 3 ? parts[3] : nil)
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

    private static func run(module path: String, tests: String, name: String, measurements: String?) -> Int32 {
        guard let code = FileManager.default.contents(atPath: path) else { end(66, "cannot read \(path)\n") }
        do {
            let contract = try MeasuredContract(Array(code))
            let session = try TestSession(contract, program: tests, name: name)
            let status = try session.serve()
            if let measurements {
                try Data(contract.measurementsJSON).write(to: URL(fileURLWithPath: measurements))
            }
            return status
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
