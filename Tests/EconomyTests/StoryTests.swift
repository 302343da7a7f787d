import Foundation
import Testing

@Suite("Stories of the economy")
struct StoryTests {
    /// `CLOISTER_SEED` and `CLOISTER_BLOCKS` tell another one, or a longer one.
    @Test("the modules and a second telling in Python agree in every number after every block", arguments: ["1", "2"])
    func agree(seed: String) throws {
        let settings = ProcessInfo.processInfo.environment
        let seed = settings["CLOISTER_SEED"] ?? seed
        var story = Story()
        var blocks = 0
        for line in try Story.lines(seed: seed, blocks: settings["CLOISTER_BLOCKS"].flatMap(Int.init) ?? 100) {
            do { try story.follow(line) } catch {
                Issue.record("seed \(seed), block \(blocks): \(error)")
                return
            }
            guard line.hasPrefix("end ") else { continue }
            blocks += 1
            let broken = try story.brokenInvariants()
            guard broken.isEmpty else {
                Issue.record("seed \(seed), block \(blocks): \(broken.joined(separator: "; "))")
                return
            }
        }
        #expect(story.operations > 2 * blocks)
    }
}
