import EconomyKit
import Foundation
import Seeds
import TestSupport
import Testing

@Suite("Walks of governance")
struct GovernanceWalkTests {
    /// `CLOISTER_SEED` and `CLOISTER_BLOCKS` take another one, or a longer one.
    @Test(
        "proposals at random end as a second telling says, to the last coin, and every invariant holds",
        arguments: [1, 2])
    func walk(seed: UInt64) async throws {
        let settings = ProcessInfo.processInfo.environment
        let seed = settings["CLOISTER_SEED"].flatMap { UInt64($0) } ?? seed
        let count = settings["CLOISTER_BLOCKS"].flatMap(Int.init) ?? 300
        let (difference, ends) = try await onThread { () -> (String?, [String: Int]) in
            var walk = try GovernanceWalk(seed: seed)
            for number in 0..<count {
                if let difference = try walk.block() {
                    return ("seed \(seed), block \(number): \(difference)", walk.ends)
                }
            }
            return (nil, walk.ends)
        }
        #expect(difference == nil)
        // All ends came.
        let kinds = [
            "burned", "cancelled", "expedited_proposal_rejected", "proposal_dropped", "proposal_failed",
            "proposal_passed", "proposal_rejected",
        ]
        #expect(ends.keys.sorted() == kinds, "\(ends)")
    }
}
