/// Tells random stories of the economy to the modules and to a model in Python, one after the other, until so many
/// operations were done, and ends with status 1 where the two part or an invariant does not hold.
///
/// Each has a seed, and the same seed is the same story, in any build; how many are told depends on the threads.
///
///     economy-stories --operations 1000000 --seed 1 --blocks 500
import EconomyKit
import Foundation
import Synchronization

@main
enum EconomyStories {
    static func main() {
        do {
            let options = try Options(Array(CommandLine.arguments.dropFirst()))
            let run = Run(options)
            let workers = (0..<options.threads).map { _ in
                let ended = DispatchSemaphore(value: 0)
                Thread.detachNewThread {
                    run.work()
                    ended.signal()
                }
                return ended
            }
            for worker in workers { worker.wait() }
            exit(run.report() ? 0 : 1)
        } catch {
            FileHandle.standardError.write(Data("economy-stories: \(error)\n".utf8))
            exit(64)
        }
    }
}

struct Options {
    struct Invalid: Error, CustomStringConvertible { var description: String }

    /// Counted over all stories; the last ones are told to their end.
    var operations = 1_000_000
    var seed = 1
    /// Of each story.
    var blocks = 500
    var threads = ProcessInfo.processInfo.activeProcessorCount

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard let number = rest.popFirst().flatMap(Int.init), number > 0 else {
                throw Invalid(description: "\(name) needs a positive number")
            }
            switch name {
            case "--operations": operations = number
            case "--seed": seed = number
            case "--blocks": blocks = number
            case "--threads": threads = number
            default: throw Invalid(description: "unknown option \(name)")
            }
        }
    }
}

/// What the threads share: which story is next, and what came of those before.
final class Run: Sendable {
    private struct Progress {
        var next: Int
        var stories = 0
        var blocks = 0
        var operations = 0
        var faults: [String] = []
    }

    private let options: Options
    private let progress: Mutex<Progress>

    init(_ options: Options) {
        self.options = options
        progress = Mutex(Progress(next: options.seed))
    }

    /// Tells stories until there were enough operations, or a fault.
    func work() {
        while let seed = next() {
            do {
                let (operations, blocks) = try tell(seed)
                let line = progress.withLock { progress -> String? in
                    let before = progress.operations
                    progress.stories += 1
                    progress.blocks += blocks
                    progress.operations += operations
                    guard before / 20_000 != progress.operations / 20_000 else { return nil }
                    return "\(progress.operations) operations, \(progress.blocks) blocks, \(progress.stories) stories"
                }
                if let line { say(line) }
            } catch {
                progress.withLock { $0.faults.append("seed \(seed): \(error)") }
            }
        }
    }

    /// - Returns: whether all held.
    func report() -> Bool {
        progress.withLock { progress in
            for fault in progress.faults { say("FAILS   \(fault)") }
            say(
                "\(progress.stories) stories from seed \(options.seed), \(progress.blocks) blocks, \(progress.operations) "
                    + "operations: \(progress.faults.count) failed")
            return progress.faults.isEmpty && progress.operations >= options.operations
        }
    }

    private func next() -> Int? {
        progress.withLock { progress in
            guard progress.operations < options.operations, progress.faults.isEmpty else { return nil }
            progress.next += 1
            return progress.next - 1
        }
    }

    private func tell(_ seed: Int) throws -> (operations: Int, blocks: Int) {
        var story = Story()
        var blocks = 0
        for line in try Story.lines(seed: String(seed), blocks: options.blocks) {
            try story.follow(line)
            guard line.hasPrefix("end ") else { continue }
            blocks += 1
            let broken = try story.brokenInvariants()
            guard broken.isEmpty else {
                throw StoryFault(line: "block \(blocks)", difference: broken.joined(separator: "; "))
            }
        }
        guard blocks == options.blocks else {
            throw StoryFault(line: "the end", difference: "\(blocks) blocks were told instead of \(options.blocks)")
        }
        return (story.operations, blocks)
    }

    private func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
