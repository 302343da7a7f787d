/// Measures networks of one and four validators on this machine, beside CometBFT's kvstore where `COMETBFT` names its
/// program: whole nodes as clients see them, and consensus alone, without contracts and enclave; and what a block takes
/// of simulated networks of 4, 16 and 64. Nothing is asserted about time. Run it with `make bench-network`.
import BenchmarkKit
import Foundation

@main
enum NetworkBench {
    static func main() {
        do {
            let options = try Options(Array(CommandLine.arguments.dropFirst()))
            say("\(Machine.line); \(number(options.seconds)) s for each figure")
            for section in options.sections {
                switch section {
                case .product: try product(options)
                case .consensus:
                    say(
                        "\nconsensus alone: engine, peers and a durable disk in one process, which is handed transactions"
                    )
                    for validators in options.sizes { try consensus(validators, seconds: options.seconds) }
                case .growth:
                    say("\nsimulated networks without faults")
                    for count in SimulatedGrowth.sizes { try growth(count) }
                }
            }
            say("\n\(Machine.line), at the end")
        } catch {
            FileHandle.standardError.write(Data("network-bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func product(_ options: Options) throws {
        let table = ProductTable()
        for validators in options.sizes { try table.measure(validators, options) }
        table.end(hasComet: options.comet != nil)
    }

    private static func consensus(_ validators: Int, seconds: Double) throws {
        let network = try BenchNetwork(validators: validators)
        let figures = try network.measure(seconds: seconds)
        network.stop()
        let (median, ninetyNine) = figures.latencies
        say(
            pad("\(validators) validators", 18), "\(number(figures.idleBlocks)) idle blocks/s,",
            "\(number(figures.transactions)) transactions/s in \(number(figures.blocks)) blocks/s,",
            "\(number(figures.processorMicroseconds)) us of processor a transaction and validator,",
            "\(number(figures.sentBytes)) bytes sent a transaction of 250;")
        say("  at 100 a second: committed after \(number(median)) ms, 99 of 100 within \(number(ninetyNine)) ms")
    }

    private static func growth(_ count: Int) throws {
        let growth = try SimulatedGrowth(nodeCount: count)
        say(
            pad("\(count) validators", 18), "\(number(growth.millisecondsPerBlock)) simulated ms a block,",
            "\(number(growth.messagesPerBlock)) messages and \(number(growth.bytesPerBlock)) bytes a block and validator,",
            "\(number(growth.processorMilliseconds)) ms of processor a block and validator")
    }

    struct Options {
        enum Section: String, CaseIterable { case product, consensus, growth }

        struct Invalid: Error, CustomStringConvertible { var description: String }

        var seconds = 10.0
        var sections = Section.allCases
        var sizes = [1, 4]
        /// The folder with the built programs.
        var programs: String
        let comet = ProcessInfo.processInfo.environment["COMETBFT"]

        init(_ arguments: [String]) throws {
            let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            programs = (program as NSString).deletingLastPathComponent
            var rest = arguments[...]
            while let name = rest.popFirst() {
                guard let value = rest.popFirst() else { throw Invalid(description: "\(name) needs a value") }
                let parts = value.split(separator: ",").map(String.init)
                switch name {
                case "--seconds":
                    guard let number = Double(value), number > 0 else {
                        throw Invalid(description: "\(value) is no time")
                    }
                    seconds = number
                case "--only":
                    sections = parts.compactMap(Section.init)
                    guard sections.count == parts.count else {
                        throw Invalid(description: "sections are \(Section.allCases.map(\.rawValue))")
                    }
                case "--validators":
                    sizes = parts.compactMap { Int($0) }.filter { $0 > 0 }
                    guard sizes.count == parts.count else {
                        throw Invalid(description: "\(value) is no list of numbers")
                    }
                case "--programs": programs = value
                default: throw Invalid(description: "unknown option \(name)")
                }
            }
        }
    }
}

/// At once: a run takes minutes, and its output may go to a file.
func say(_ words: String...) { FileHandle.standardOutput.write(Data((words.joined(separator: " ") + "\n").utf8)) }

func pad(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }

func number(_ value: Double) -> String {
    value.isNaN ? "-" : value < 10 ? String(format: "%.2f", value) : String(format: "%.0f", value)
}
