import Testing

@testable import Node

@Suite("A chain that stands") struct StallWatchTests {
    private static let second: UInt64 = 1_000_000_000
    private static let quiet = ChainSample.Round(number: 0, isUnderWay: false, power: 0, quorum: 27)

    private func sample(_ height: Int64 = 5, _ round: ChainSample.Round? = quiet) -> ChainSample {
        var sample = ChainSample(committedHeight: height, savedHeight: height)
        sample.round = round
        return sample
    }

    /// What is said of one sample that stays for 40 seconds.
    private func stall(_ sample: ChainSample) -> StallWatch.Stall? {
        var watch = StallWatch(patienceSeconds: 30)
        for second in 0..<40 {
            let stall = watch.observe(sample, nanoseconds: UInt64(second) * Self.second)
            #expect(second >= 30 || stall == nil)
        }
        return watch.observe(sample, nanoseconds: 40 * Self.second)
    }

    @Test("nobody wants a block, so none is missing")
    func quiet() {
        #expect(stall(sample()) == nil)
        var alone = sample()
        alone.peerCount = 0
        #expect(stall(alone) == nil)
    }

    @Test("a transaction that waits makes a block one that should come")
    func waiting() {
        var waiting = sample()
        waiting.waitingTransactions = 1
        let stall = stall(waiting)
        #expect(stall?.seconds == 40)
        #expect(stall?.causes.map(\.name) == ["validators"])
    }

    @Test("a new height, or a while in which nobody wants anything, begins the time anew")
    func again() {
        var watch = StallWatch(patienceSeconds: 30)
        var busy = sample()
        busy.waitingTransactions = 1
        func look(_ sample: ChainSample, _ second: UInt64) -> Bool {
            watch.observe(sample, nanoseconds: second * Self.second) != nil
        }
        #expect(!look(busy, 0) && !look(busy, 29) && look(busy, 30))
        busy.committedHeight = 6
        busy.savedHeight = 6
        #expect(!look(busy, 31) && !look(busy, 60) && look(busy, 61))
        #expect(!look(sample(6), 62))
        #expect(!look(busy, 63) && !look(busy, 92) && look(busy, 93))
    }

    @Test("votes that are wanting are named with their power, and this node's own first of all")
    func votes() {
        var round = ChainSample.Round(number: 3, isUnderWay: true, power: 20, quorum: 27, missing: ["AA", "BB"])
        #expect(stall(sample(5, round))?.causes == [.votes(power: 20, quorum: 27, missing: ["AA", "BB"])])
        round.lacksOwnVote = true
        #expect(stall(sample(5, round))?.causes.first == .ownVote)
        (round.power, round.lacksOwnVote) = (40, false)
        #expect(stall(sample(5, round))?.causes == [.proposal(round: 3)])
    }

    @Test("peers, an enclave that is silent, and a block that does not end are told apart")
    func causes() {
        var lonely = sample()
        lonely.needsPeers = true
        #expect(stall(lonely)?.causes.first == .noPeers)
        lonely.peerCount = 1
        #expect(stall(lonely) == nil)
        lonely.isFetching = true
        lonely.highestOfPeers = 9
        #expect(stall(lonely)?.causes == [.fetching(highest: 9)])

        var running = sample()
        running.savedHeight = 6
        #expect(stall(running)?.causes == [.execution(height: 6)])
        running.enclaveSilentSeconds = 33
        #expect(stall(running)?.causes == [.enclave(silentSeconds: 33), .execution(height: 6)])

        var driven = sample(5, nil)
        #expect(stall(driven) == nil)
        driven.makesEmptyBlocks = true
        #expect(stall(driven)?.causes == [.engine(nil)])

        // Without empty blocks it is CometBFT that knows whether one should come.
        var view = CometBFTView(height: 5, peerCount: 3, isFetching: false, waitingTransactions: 0)
        driven.makesEmptyBlocks = false
        driven.cometBFT = view
        #expect(stall(driven) == nil)
        view.waitingTransactions = 2
        driven.cometBFT = view
        #expect(stall(driven)?.causes == [.engine(view)])
        view = CometBFTView(height: 5, peerCount: 3, isFetching: true, waitingTransactions: 0)
        driven.cometBFT = view
        #expect(stall(driven)?.causes.first?.text.contains("fetches blocks, from 3 peers") == true)
    }

    @Test("every cause has a word for metrics, and a sentence of its own")
    func words() {
        let all: [StallCause] = [
            .enclave(silentSeconds: 1), .execution(height: 1), .noPeers, .fetching(highest: 0), .fetching(highest: 1),
            .votes(power: 1, quorum: 2, missing: (0..<20).map(String.init)), .ownVote, .proposal(round: 1),
            .engine(nil),
        ]
        #expect(Set(all.map(\.name)) == Set(StallCause.names))
        #expect(Set(all.map(\.text)).count == all.count)
        #expect(all[5].text.contains("7 and 12 more"))
    }
}
