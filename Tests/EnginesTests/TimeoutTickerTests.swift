import ConsensusCore
import Testing

@Suite struct TimeoutTickerTests {
    @Test("one timer: a later height, round or step takes its place, an earlier one or the same never does")
    func laterWins() {
        let kinds: [ConsensusTimeout.Kind] = [.newHeight, .propose, .prevote, .precommit]
        let places = (1...2).flatMap { height in
            (0...1).flatMap { round in
                kinds.map { ConsensusTimeout($0, height: Int64(height), round: Int32(round)) }
            }
        }
        for (first, earlier) in places.enumerated() {
            for (second, later) in places.enumerated() {
                var ticker = TimeoutTicker()
                ticker.schedule(earlier, deadline: 10)
                ticker.schedule(later, deadline: 5)
                #expect(ticker.pending?.timeout == places[max(first, second)])
                #expect(ticker.pending?.deadline == (second > first ? 5 : 10))
            }
        }
    }

    @Test("the wait for prevotes that begins during the wait for precommits leaves that one to fire, once")
    func lateStep() {
        var ticker = TimeoutTicker()
        let precommit = ConsensusTimeout(.precommit, height: 7, round: 2)
        ticker.schedule(precommit, deadline: 10)
        ticker.schedule(ConsensusTimeout(.prevote, height: 7, round: 2), deadline: 11)
        #expect(ticker.fire(at: 9) == nil)
        #expect(ticker.fire(at: 11) == precommit)
        #expect(ticker.fire(at: 20) == nil)
        ticker.schedule(ConsensusTimeout(.prevote, height: 7, round: 2), deadline: 12)
        #expect(ticker.pending == nil)
        ticker.schedule(ConsensusTimeout(.propose, height: 7, round: 3), deadline: 12)
        #expect(ticker.pending != nil)
    }
}
