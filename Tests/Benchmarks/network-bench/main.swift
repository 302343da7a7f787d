import ConsensusSimulation
import Foundation

// What consensus takes without contracts and enclave: blocks and transactions a second of one and four validators, each
// with engine, peers and a durable disk, beside CometBFT's kvstore where `COMETBFT` names its program; and what a block
// takes of simulated networks of 4, 16 and 64.

func say(_ words: String...) { FileHandle.standardOutput.write(Data((words.joined(separator: " ") + "\n").utf8)) }

let seconds = CommandLine.arguments.count > 1 ? Double(CommandLine.arguments[1]) ?? 10 : 10

func pad(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
func number(_ value: Double) -> String { value < 10 ? String(format: "%.2f", value) : String(format: "%.0f", value) }

say("consensus, \(Int(seconds)) s for each figure, \(ProcessInfo.processInfo.activeProcessorCount) processors")
for validators in [1, 4] {
    let network = try BenchNetwork(validators: validators)
    let figures = network.measure(seconds: seconds)
    network.stop()
    let (median, ninetyNine) = figures.latencies
    say(pad("\(validators) validators, this engine", 30), "\(number(figures.idleBlocks)) idle blocks/s,")
    say(
        "  \(number(figures.transactions)) transactions/s in \(number(figures.blocks)) blocks/s,",
        "\(number(figures.processorMicroseconds)) us of processor a transaction and validator,",
        "\(number(figures.sentBytes)) bytes sent a transaction of 250")
    say("  at 100 a second: committed after \(number(median)) ms, 99 of 100 within \(number(ninetyNine)) ms")
    guard let program = ProcessInfo.processInfo.environment["COMETBFT"] else { continue }
    let comet = try BenchComet(program, validators: validators)
    let (idle, transactions) = comet.measure(seconds: seconds)
    comet.stop()
    say(
        pad("\(validators) validators, CometBFT", 30), "\(number(idle)) idle blocks/s,",
        "\(number(transactions)) transactions/s")
}
say("simulated networks without faults:")
for count in SimulatedGrowth.sizes {
    let growth = try SimulatedGrowth(nodeCount: count)
    say(
        pad("\(count) validators", 18), "\(number(growth.millisecondsPerBlock)) simulated ms a block,",
        "\(number(growth.messagesPerBlock)) messages and \(number(growth.bytesPerBlock)) bytes a block and validator,",
        "\(number(growth.processorMilliseconds)) ms of processor a block and validator")
}
