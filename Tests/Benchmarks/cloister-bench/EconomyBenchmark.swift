import BenchmarkKit
import ChainMessages
import EconomyKit
import Foundation
import ModuleKit
import PublicCryptography
import SignedTransactions
import StrictJSON
import Wire

/// What begin, end and commit of a block cost on a chain of many validators, delegators, proposals and accounts that
/// hold dust, beside the same on a small one: in a node's database on disk, without enclave and consensus. The budget
/// is 50 ms for the end of a block, whatever is due in it.
struct EconomyBenchmark {
    struct Size {
        var validators: Int
        var delegators: Int
        /// Of different validators, for each delegator.
        var delegations = 3
        var proposals: Int
        var dust: Int
    }

    static let small = Size(validators: 4, delegators: 40, proposals: 4, dust: 400)
    static let large = Size(validators: 100, delegators: 10_000, proposals: 1_000, dust: 100_000)
    static let budget = 0.05

    func run(_ report: Report) throws {
        let small = try EconomyLoad(Self.small)
        let large = try EconomyLoad(Self.large)
        report.table(
            "economy: \(Self.large.validators) validators, \(Self.large.delegators) delegators, "
                + "\(Self.large.proposals) proposals",
            columns: ["begin p50", "begin max", "end p50", "end max", "commit p50"])
        for (name, part) in Self.parts {
            let (less, more) = (try part(small), try part(large))
            for (size, blocks) in [("small", less), ("large", more)] {
                let (begins, ends) = (Samples(blocks.map(\.begin)), Samples(blocks.map(\.end)))
                let late = ends.maximum > Self.budget ? "  over 50 ms" : ""
                report.cells(
                    "\(name), \(size)",
                    [begins.median, begins.maximum, ends.median, ends.maximum, Samples(blocks.map(\.commit)).median]
                        .map(report.time),
                    note: "\(blocks.count) blocks, at most \(blocks.map(\.written).max() ?? 0) keys written\(late)")
            }
        }
        report.row("memory of this process at its highest", Machine.peakBytes, .bytes)
    }

    /// In the order of the story: each goes on where the one before ended.
    private static let parts: [(name: String, run: @Sendable (EconomyLoad) throws -> [EconomyLoad.Block])] = [
        ("blocks in which nothing happens", { try $0.blocks(100) }),
        ("a thousand transfers a block", { load in try load.blocks(10) { load.transfers(1_000) } }),
        ("everybody asks for rewards", { load in try load.blocks { load.rewards() } }),
        ("every validator votes on every proposal", { load in try load.blocks { load.votes() } }),
        ("all delegators vote on one proposal", { load in try load.blocks { load.delegatorsVote() } }),
        ("all proposals end at once", { try $0.pass(seconds: EconomyLoad.votingSeconds, blocks: 120) }),
        ("everybody takes a part of the stake back", { load in try load.blocks { load.undelegations() } }),
        ("the largest validator signs twice", { try $0.doubleSign() }),
        ("a third of the validators is jailed at once", { try $0.absence() }),
        ("all unbonding is done at once", { try $0.pass(seconds: EconomyLoad.unbondingSeconds, blocks: 40) }),
    ]
}
