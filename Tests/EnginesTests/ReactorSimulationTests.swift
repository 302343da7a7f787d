import ConsensusSimulation
import ReactorSimulation
import Testing

/// Networks whose nodes talk by the code that real ones talk by.
@Suite struct ReactorSimulationTests {
    private func report(_ settings: SimulationSettings) async throws -> SimulationReport {
        // Others get the thread between two runs.
        await Task.yield()
        return try Simulation(settings, reactors: NodeReactors()).run()
    }

    private func settings(
        _ seed: UInt64, nodes: Int = 4, _ attack: SimulatedAttack = .mixed
    ) -> SimulationSettings {
        SimulationSettings(seed: seed, nodeCount: nodes, heights: 4, attack: attack, hasReactors: true)
    }

    @Test("whatever happens to whom, nodes that talk by their own reactors agree, and in the end decide")
    func mixedFaults() async throws {
        for seed in UInt64(1)...12 {
            let settings = settings(seed, nodes: 4 + Int(seed % 4))
            let report = try await report(settings)
            #expect(report.violation == nil, "\(settings.command)")
            #expect(report.heights >= 7 || report.highestRound > 0)
        }
    }

    @Test("nodes that were down for long fetch the chain from the others, and no honest node drops another for it")
    func fetched() async throws {
        for seed in UInt64(1)...8 {
            let settings = settings(seed, .these([.blackout, .crash, .lostDisk, .loss, .badSync]))
            let report = try await report(settings)
            #expect(report.violation == nil, "\(settings.command)")
        }
    }

    @Test("who votes twice is named in a block by the gossip of evidence")
    func evidence() async throws {
        var count = 0
        for seed in UInt64(1)...4 {
            let settings = settings(seed, .these([.equivocatingVoter, .badEvidence]))
            let report = try await report(settings)
            #expect(report.violation == nil, "\(settings.command)")
            count += report.evidenceCount
        }
        #expect(count > 0)
    }

    @Test("the same seed gives reactors the same events, another seed others")
    func seeds() async throws {
        let one = try await report(settings(5))
        #expect(try await report(settings(5)) == one)
        #expect(try await report(settings(6)).hash != one.hash)
    }
}
