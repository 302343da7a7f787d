import ConsensusSimulation
import Synchronization

/// What came of one network of whole nodes.
package struct ChainReport: Sendable {
    package var settings: SimulationSettings
    package var faults: [EnclaveFault]?
    package var simulation: SimulationReport
    package var confirmed: Int
    /// States that were set back.
    package var restores: Int
    package var enclaves: [(fault: EnclaveFault, count: Int)]
    /// Zero where keys stay.
    package var epochBlocks: UInt32
    /// Key epochs that began.
    package var epochs: UInt16

    /// What shows this very run again.
    package var command: String {
        let named = faults.map { $0.isEmpty ? "none" : $0.map(\.rawValue).joined(separator: ",") }
        return "chain-simulation 1 \(settings.seed) \(settings.heights) \(settings.attack.name)"
            + (epochBlocks > 0 ? " \(named ?? "drawn") \(epochBlocks)" : named.map { " \($0)" } ?? "")
    }

    /// In a line.
    package var text: String {
        let enclaves = enclaves.map { "\($0.fault.rawValue) \($0.count)" }.joined(separator: ", ")
        return "\(simulation.text(settings)); \(confirmed) transactions; enclaves: \(enclaves.isEmpty ? "-" : enclaves)"
            + (epochBlocks > 0 ? "; \(epochs) key epochs" : "")
    }
}

/// Many such networks, as many at a time as there are workers.
package struct ChainCampaign: Sendable {
    package var seeds: Range<UInt64>
    package var heights: Int64
    package var attack: SimulatedAttack
    /// As the seed says, if not given.
    package var faults: [EnclaveFault]?
    /// Zero where keys stay.
    package var epochBlocks: UInt32

    package init(
        seeds: Range<UInt64>, heights: Int64 = 6, attack: SimulatedAttack = .mixed, faults: [EnclaveFault]? = nil,
        epochBlocks: UInt32 = 0
    ) {
        (self.seeds, self.heights, self.attack, self.faults) = (seeds, heights, attack, faults)
        self.epochBlocks = epochBlocks
    }

    package struct Outcome: Sendable {
        package var failed = 0
        package var confirmed = 0
        package var simulatedMilliseconds: Int64 = 0
        package var digest: UInt64 = 0
        package var counts: [EnclaveFault: Int] = [:]

        package var faults: [(fault: EnclaveFault, count: Int)] {
            EnclaveFault.allCases.map { ($0, counts[$0] ?? 0) }
        }
    }

    /// One network; four or five nodes, as the seed says.
    package func run(_ seed: UInt64) throws -> ChainReport {
        let settings = SimulationSettings(
            seed: seed, nodeCount: 4 + Int(seed % 2), heights: heights, attack: attack)
        let world = try ChainWorld(seed: seed, faults: faults, epochBlocks: epochBlocks)
        let report = try Simulation(settings, world: world).run()
        world.end()
        return ChainReport(
            settings: settings, faults: faults, simulation: report, confirmed: world.confirmedCount,
            restores: world.restores, enclaves: world.faultCounts, epochBlocks: epochBlocks, epochs: world.epochCount)
    }

    /// `said` hears of each seed when it has ended, one at a time.
    package func run(workers: Int = 1, said: @Sendable (ChainReport) -> Void) throws -> Outcome {
        let outcome = Mutex(Outcome())
        try SeedWorkers.run(seeds, workers) { seed in
            let report = try run(seed)
            outcome.withLock { outcome in
                outcome.digest ^= report.simulation.hash &+ seed &* 0x9e37_79b9_7f4a_7c15
                outcome.failed += report.simulation.violation == nil ? 0 : 1
                outcome.confirmed += report.confirmed
                outcome.simulatedMilliseconds += report.simulation.simulatedMilliseconds
                for (fault, count) in report.enclaves { outcome.counts[fault, default: 0] += count }
                said(report)
            }
        }
        return outcome.withLock { $0 }
    }
}
