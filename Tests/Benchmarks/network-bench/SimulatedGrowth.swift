import ConsensusSimulation

/// What a block takes of a network that is only simulated: everything a validator does but its disk and its sockets.
struct SimulatedGrowth {
    static let sizes = [4, 16, 64]

    let millisecondsPerBlock: Double
    /// Sent by one validator.
    let messagesPerBlock: Double
    let bytesPerBlock: Double
    let processorMilliseconds: Double

    init(nodeCount: Int) throws {
        let settings = SimulationSettings(seed: 1, nodeCount: nodeCount, heights: 6, attack: .none)
        let clock = ContinuousClock()
        let begin = clock.now
        let report = try Simulation(settings).run()
        let passed = Double((clock.now - begin) / .microseconds(1)) / 1000
        precondition(report.violation == nil)
        let blocks = Double(max(report.heights, 1))
        let shares = blocks * Double(nodeCount)
        millisecondsPerBlock = Double(report.simulatedMilliseconds) / blocks
        messagesPerBlock = Double(report.messageCount) / shares
        bytesPerBlock = Double(report.byteCount) / shares
        processorMilliseconds = passed / shares
    }
}
