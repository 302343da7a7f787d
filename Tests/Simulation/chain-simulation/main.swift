import ChainSimulation
import ConsensusSimulation
import Foundation

// Networks of whole nodes under faults, each from a seed; says the digest of their events, the same in every build.

func fail(_ text: String) -> Never {
    FileHandle.standardError.write(Data((text + "\n").utf8))
    exit(1)
}

let usage = "usage: chain-simulation COUNT [FIRST [HEIGHTS [ATTACK [ENCLAVE-FAULTS [EPOCH-BLOCKS]]]]]"
let words = Array(CommandLine.arguments.dropFirst())
let first = words.count > 1 ? UInt64(words[1]) : 1
let heights = words.count > 2 ? Int64(words[2]) : 6
let epochBlocks = words.count > 5 ? UInt32(words[5]) : 0
guard (1...6).contains(words.count), let count = UInt64(words[0]), count > 0, let first, let heights, heights > 0,
    let epochBlocks,
    let attack = SimulatedAttack(name: words.count > 3 ? words[3] : "mixed")
else { fail(usage) }
var faults: [EnclaveFault]?
if words.count > 4, words[4] != "drawn" {
    let names = words[4].split(separator: ",").map(String.init)
    faults = names.compactMap(EnclaveFault.init)
    guard faults?.count == names.count || words[4] == "none" else { fail(usage) }
}

let campaign = ChainCampaign(
    seeds: first..<first + count, heights: heights, attack: attack, faults: faults, epochBlocks: epochBlocks)
let clock = ContinuousClock()
let begin = clock.now
let outcome = try campaign.run(workers: ProcessInfo.processInfo.activeProcessorCount) { report in
    if let violation = report.simulation.violation {
        print("FAILED: \(violation)\n  \(report.command)")
    } else if count <= 50 {
        print(report.text)
    }
}
let seconds = Double((clock.now - begin) / .milliseconds(1)) / 1000
let simulated = Double(outcome.simulatedMilliseconds) / 1000
print(
    "\(count) seeds of whole nodes, \(outcome.failed) failed; \(outcome.confirmed) transactions confirmed,",
    "\(Int(simulated)) simulated seconds in \(Int(seconds)), \(Int(simulated / max(seconds, 0.001))) a second")
print("enclaves:", outcome.faults.map { "\($0.fault.rawValue) \($0.count)" }.joined(separator: ", "))
print("digest \(String(outcome.digest, radix: 16))")
if outcome.failed > 0 { fail("a rule was broken") }
