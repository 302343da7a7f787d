import Dispatch
import Synchronization

/// Many simulations, as many at a time as there are workers; each has one thread for itself.
package struct SimulationCampaign: Sendable {
    package var seeds: Range<UInt64>
    /// 4 to 7 validators, as the seed says, if not given.
    package var nodeCount: Int?
    package var heights: Int64
    package var attack: SimulatedAttack
    package var defect: SimulatedDefect?
    /// By which nodes talk, each network by its own; by the simulator's rules without.
    package var reactors: (@Sendable () -> any SimulatedReactors)?

    package init(
        seeds: Range<UInt64>, nodeCount: Int? = nil, heights: Int64 = 6, attack: SimulatedAttack = .mixed,
        defect: SimulatedDefect? = nil, reactors: (@Sendable () -> any SimulatedReactors)? = nil
    ) {
        (self.seeds, self.nodeCount, self.heights) = (seeds, nodeCount, heights)
        (self.attack, self.defect, self.reactors) = (attack, defect, reactors)
    }

    package struct Outcome: Sendable {
        package var failed = 0
        package var simulatedMilliseconds: Int64 = 0
        package var evidenceCount = 0
        /// Over the hashes of all seeds, whichever ended first.
        package var digest: UInt64 = 0
    }

    package func settings(_ seed: UInt64) -> SimulationSettings {
        SimulationSettings(
            seed: seed, nodeCount: nodeCount ?? 4 + Int(seed % 4), heights: heights, attack: attack, defect: defect,
            hasReactors: reactors != nil)
    }

    /// `said` hears of each seed when it has ended, one at a time.
    package func run(
        workers: Int = 1, said: @Sendable (SimulationSettings, SimulationReport) -> Void
    ) throws -> Outcome {
        let outcome = Mutex(Outcome())
        try SeedWorkers.run(seeds, workers) { seed in
            let settings = settings(seed)
            let report = try Simulation(settings, reactors: reactors?()).run()
            outcome.withLock { outcome in
                var digest = EventDigest()
                digest.add(seed)
                digest.add(report.hash)
                outcome.digest ^= digest.value
                outcome.failed += report.violation == nil ? 0 : 1
                outcome.simulatedMilliseconds += report.simulatedMilliseconds
                outcome.evidenceCount += report.evidenceCount
                said(settings, report)
            }
        }
        return outcome.withLock { $0 }
    }
}

/// Takes one seed after the other until all are done, or one could not be run.
package enum SeedWorkers {
    /// The first error of a worker ends all of them, each with the seed that it has.
    package static func run(
        _ seeds: Range<UInt64>, _ workers: Int, _ body: @Sendable (UInt64) throws -> Void
    ) throws {
        let next = Mutex(seeds.lowerBound)
        let failure = Mutex<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            while let seed = next.withLock({ seed -> UInt64? in
                guard seeds.contains(seed), failure.withLock({ $0 == nil }) else { return nil }
                defer { seed += 1 }
                return seed
            }) {
                do { try body(seed) } catch { failure.withLock { $0 = error } }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }
}

extension SimulationReport {
    /// In a line.
    package func text(_ settings: SimulationSettings) -> String {
        let faults = faults.map { "\($0.fault.rawValue) \($0.count)" }.joined(separator: ", ")
        return
            "seed \(settings.seed): \(heights) heights, round \(highestRound) at most, \(evidenceCount) evidence, "
            + "\(eventCount) events, hash \(String(hash, radix: 16)); faults: \(faults.isEmpty ? "none" : faults)"
    }
}
