import ChainSimulation
import ConsensusSimulation
import TestSupport
import Testing

/// Networks of whole nodes: engine, ledger, mempool and disks, beside the enclave's own code, which signs the votes.
@Suite struct ChainSimulationTests {
    /// A simulation has a thread of its own: the pool's are for tests that wait.
    private func report(
        _ seed: UInt64, heights: Int64 = 4, _ attack: SimulatedAttack = .mixed, _ faults: [EnclaveFault]? = nil,
        epochBlocks: UInt32 = 0
    ) async throws -> ChainReport {
        try await onThread {
            try ChainCampaign(
                seeds: seed..<seed + 1, heights: heights, attack: attack, faults: faults, epochBlocks: epochBlocks
            ).run(seed)
        }
    }

    @Test(
        "whatever happens to whom, whole nodes agree on states and secrets, and no confirmed transaction is lost or runs twice",
        arguments: [1, 2, 3, 44, 59, 71] as [UInt64])
    func mixedFaults(seed: UInt64) async throws {
        let report = try await report(seed)
        #expect(report.simulation.violation == nil, "\(report.command)")
        #expect(report.confirmed > 5)
    }

    @Test(
        "the same where keys are exchanged: enclaves that die, lie, are cloned or set back come to the same states",
        arguments: [1, 2, 3, 5] as [UInt64])
    func epochs(seed: UInt64) async throws {
        let report = try await report(seed, heights: 15, epochBlocks: 5)
        #expect(report.simulation.violation == nil, "\(report.command)")
        // As many as began in the blocks that came before faults took all the time.
        let begun = max(1, (report.simulation.heights - 2) / 5)
        #expect(report.confirmed > 5 && Int64(report.epochs) >= begun, "\(report.text)")
    }

    @Test("every kind of fault of an enclave happens, and does no harm alone", arguments: EnclaveFault.allCases)
    func oneFault(fault: EnclaveFault) async throws {
        // Who lies or makes strange blocks is hostile, and otherwise does little.
        let isHostile = fault == .lies || fault == .strangeTransactions
        var count = 0
        for seed in UInt64(1)...8 where count == 0 {
            let report = try await report(
                seed, heights: 6, isHostile ? .these([.favouredPeers]) : .none, [fault])
            #expect(report.simulation.violation == nil, "\(report.command)")
            count += report.enclaves.reduce(0) { $0 + $1.count }
        }
        #expect(count > 0)
    }

    @Test("a state that is set back runs its blocks again beside an enclave that is ahead of it")
    func setBack() async throws {
        var count = 0
        for seed in UInt64(1)...6 where count == 0 {
            let report = try await report(seed, heights: 8, .these([.restoredBackup]), [])
            #expect(report.simulation.violation == nil, "\(report.command)")
            count += report.restores
        }
        #expect(count > 0)
    }

    @Test("the same seed gives whole nodes the same events, another seed others")
    func deterministic() async throws {
        let first = try await report(9)
        let again = try await report(9)
        let other = try await report(10)
        #expect(first.simulation == again.simulation && first.confirmed == again.confirmed)
        #expect(first.simulation.hash != other.simulation.hash)
    }
}
