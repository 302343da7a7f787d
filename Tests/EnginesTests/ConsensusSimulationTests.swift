import ConsensusSimulation
import Testing

/// Under which attack, and among how many seeds, a rule that is broken on purpose is seen.
private let foundDefects: [(defect: SimulatedDefect, attack: String, seeds: ClosedRange<UInt64>, says: String)] = [
    (.paperLocks, "amnesia,loss,partition", 1...200, "left its lock"),
    (.lostParts, "loss,large-blocks", 1...20, "not all decided"),
    // One in fifty.
    (.replacedTimer, "desertion,loss,reorder", 20...220, "/prevote"),
]

@Suite struct ConsensusSimulationTests {
    private func report(_ settings: SimulationSettings) async throws -> SimulationReport {
        // Others get the thread between two runs.
        await Task.yield()
        return try Simulation(settings).run()
    }

    @Test("whatever happens to whom, honest validators keep the rules, agree, and in the end decide")
    func mixedFaults() async throws {
        for seed in UInt64(1)...12 {
            let settings = SimulationSettings(seed: seed, nodeCount: 4 + Int(seed % 4), heights: 4)
            let report = try await report(settings)
            #expect(report.violation == nil, "\(settings.command)")
            #expect(report.heights >= 7 || report.highestRound > 0)
        }
    }

    /// A far round that had no room, commits that no block could follow, a median of hostile votes, and one that asks
    /// who serves it nothing for ever.
    @Test(
        "seeds that once stood still or broke a rule do not",
        arguments: [
            (115_072, 4), (123_112, 4), (123_148, 4), (127_208, 4), (177_000, 4), (209_362, 6),
        ] as [(UInt64, Int)])
    func foundSeeds(seed: UInt64, nodeCount: Int) async throws {
        let settings = SimulationSettings(seed: seed, nodeCount: nodeCount, heights: 6)
        let report = try await report(settings)
        #expect(report.violation == nil, "\(settings.command)")
    }

    @Test("every kind of fault happens, and does no harm alone", arguments: SimulatedFault.allCases)
    func oneFault(fault: SimulatedFault) async throws {
        var count = 0
        // Who has nobody to serve serves nothing bad, and who is never waited for need not desert.
        let needed: [SimulatedFault: [SimulatedFault]] = [
            .badSync: [.blackout, .crash, .lostDisk], .desertion: [.loss, .reorder],
        ]
        for seed in UInt64(1)...(needed[fault] == nil ? 2 : 12) where count == 0 || seed <= 2 {
            let settings = SimulationSettings(
                seed: seed, nodeCount: 4, heights: 6, attack: .these([fault] + (needed[fault] ?? [])))
            let report = try await report(settings)
            #expect(report.violation == nil, "\(settings.command)")
            count += report.faults.filter { $0.fault == fault }.reduce(0) { $0 + $1.count }
        }
        #expect(count > 0)
    }

    @Test("who votes twice is named in a block, and nobody else")
    func evidence() async throws {
        var count = 0
        for seed in UInt64(1)...4 {
            let settings = SimulationSettings(
                seed: seed, nodeCount: 4, heights: 6, attack: .these([.equivocatingVoter, .badEvidence]))
            let report = try await report(settings)
            #expect(report.violation == nil, "\(settings.command)")
            count += report.evidenceCount
        }
        #expect(count > 0)
    }

    /// All three are needed for two thirds: what one signed and lost, the others wait for.
    @Test("of three equals one that lost its log says again what it signed, and one that does not is found")
    func lostLog() async throws {
        var wasFound = false
        for seed in UInt64(1)...30 {
            var settings = SimulationSettings(
                seed: seed, nodeCount: 3, heights: 6,
                attack: .these([.lostLog, .partition, .selectiveLoss, .timerDrift]))
            let report = try await report(settings)
            #expect(report.violation == nil, "\(settings.command)")
            guard !wasFound else { continue }
            settings.defect = .forgottenVote
            wasFound = try await self.report(settings).violation?.contains("not all decided") == true
        }
        #expect(wasFound)
    }

    @Test("the same seed gives the same events, another seed others")
    func deterministic() async throws {
        let first = try await report(SimulationSettings(seed: 9))
        let again = try await report(SimulationSettings(seed: 9))
        let other = try await report(SimulationSettings(seed: 10))
        #expect(first == again)
        #expect(first.hash != other.hash)
    }

    @Test(
        "a node with other lock rules, one that throws parts of a decided block away, and lost timers are found",
        arguments: foundDefects.indices)
    func brokenRule(place: Int) async throws {
        let (defect, attack, seeds, says) = foundDefects[place]
        let campaign = SimulationCampaign(
            seeds: seeds.lowerBound..<seeds.upperBound, attack: SimulatedAttack(name: attack)!, defect: defect)
        for seed in seeds {
            let settings = campaign.settings(seed)
            if let violation = try await report(settings).violation, violation.contains(says) { return }
        }
        Issue.record("\(defect.rawValue) was not found in \(seeds) seeds")
    }
}
