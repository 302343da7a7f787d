/// Looks for the dearest work that a unit of gas buys: in host functions, instructions, memory, storage, compilation,
/// decompression and signatures. What it finds is docs/gas-costs.md; run it with `make gas-search`.
///
/// Every candidate is a call as a contract could make it, measured in processor time of its thread. A search begins
/// anywhere and goes on from the worst it has met, so a run finds what a person did not think of, and another run may
/// find a little more. Nothing is asserted: prices are consensus, and times are a machine's.
import ContractEngine
import Foundation
import Glibc
import Seeds
import WasmKit

@main
enum GasSearch {
    static func main() {
        do {
            let seed = CommandLine.arguments.dropFirst().first.flatMap { UInt64($0) } ?? 1
            let findings = try ContractThread.run {
                var random = SeededGenerator(seed: seed)
                let engine = try WasmEngine()
                var findings = try InstructionSearch(engine).run(&random)
                findings += try HostFunctionSearch(engine).run(&random)
                findings += try OutsideSearch(engine).run(&random)
                return findings
            }
            report(findings)
        } catch {
            FileHandle.standardError.write(Data("gas-search: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func report(_ findings: [Finding]) {
        let sorted = findings.sorted { $0.before > $1.before }
        print("| what | ns a unit, Secret Network's price alone | ns a unit, now | with |")
        print("|---|---|---|---|")
        for finding in sorted {
            print("| \(finding.name) | \(figure(finding.before)) | \(figure(finding.after)) | \(finding.with) |")
        }
    }

    private static func figure(_ nanoseconds: Double) -> String {
        nanoseconds < 10 ? String(format: "%.2f", nanoseconds) : String(format: "%.0f", nanoseconds)
    }
}

/// The worst of one kind: nanoseconds of work for each unit of wasm gas, a thousandth of the chain's.
struct Finding {
    var name: String
    /// As long as work beyond a price is free: what it was before such work had a price.
    var before: Double
    /// Where it has one.
    var after: Double
    var with: String
}

/// Seconds that the calling thread has had a processor.
func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The least of three: what disturbs a measurement only adds to it.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    var least = Double.infinity
    for _ in 0..<3 {
        let start = threadSeconds()
        try body()
        least = min(least, threadSeconds() - start)
    }
    return least
}
