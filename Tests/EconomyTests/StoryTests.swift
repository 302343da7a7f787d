import EconomyKit
import Foundation
import TestSupport
import Testing

@Suite("Stories of the economy")
struct StoryTests {
    /// `CLOISTER_SEED` and `CLOISTER_BLOCKS` tell another one, or a longer one.
    @Test("the modules and a second telling in Python agree in every number after every block", arguments: ["1", "2"])
    func agree(seed: String) async throws {
        let settings = ProcessInfo.processInfo.environment
        let seed = settings["CLOISTER_SEED"] ?? seed
        let count = settings["CLOISTER_BLOCKS"].flatMap(Int.init) ?? 100
        // Not on a thread of the pool: other tests wait for those.
        let difference = try await onThread { try Self.difference(seed: seed, count: count) }
        #expect(difference == nil)
    }

    /// Where the two tellings part; `nil` if they never do, and much happened.
    private static func difference(seed: String, count: Int) throws -> String? {
        var story = Story()
        var blocks = 0
        for line in try Story.lines(seed: seed, blocks: count) {
            do { try story.follow(line) } catch { return "seed \(seed), block \(blocks): \(error)" }
            guard line.hasPrefix("end ") else { continue }
            blocks += 1
            let broken = try story.brokenInvariants()
            guard broken.isEmpty else { return "seed \(seed), block \(blocks): \(broken.joined(separator: "; "))" }
        }
        guard blocks == count, story.operations > 2 * blocks else {
            return "seed \(seed): \(story.operations) operations in \(blocks) blocks"
        }
        return nil
    }
}
