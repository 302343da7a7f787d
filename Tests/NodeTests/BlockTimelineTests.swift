import BlockExecution
import EnclaveLink
import StrictJSON
import Testing

@testable import Node

/// What is kept of blocks for whoever looks at a node.
@Suite struct BlockTimelineTests {
    private let steps: [CommitStep] = [
        .proposalSigned, .inputsLogged, .prevoteSigned, .precommitSigned, .decided, .blockSaved, .heightEnded,
        .blockFinalized, .outcomeSaved, .applicationCommitted, .stateSaved,
    ]

    private func lives(_ timeline: BlockTimeline) -> [JSONValue] { timeline.json.array ?? [] }

    private func moment(_ life: JSONValue, _ name: BlockTimeline.Moment) -> Int64? {
        life["moments"]?[name.rawValue]?.int64
    }

    @Test("a block's moments are in the order in which it came to them, with what crossed while it ran")
    func order() throws {
        let traffic = BoundaryTraffic()
        let timeline = BlockTimeline(traffic: traffic)
        traffic.count(.intoEnclave, [0x0a, 0, 0])
        for step in steps {
            // A frame at each step: two of them between the begin and the end of the run.
            traffic.count(.outOfEnclave, [0x52, 1, 0])
            if step == .blockFinalized { traffic.count(.intoEnclave, [0x52, 2, 0, 0]) }
            timeline.came(to: step, 7)
        }
        timeline.committed(7, transactions: 3, driven: 2)
        timeline.announced(7)
        let life = try #require(lives(timeline).first)
        let order = BlockTimeline.Moment.allCases.map { moment(life, $0) ?? -1 }
        #expect(order.first == 0 && order == order.sorted())
        #expect(life["height"]?.string == "7" && lives(timeline).count == 1)
        #expect(life["transactions"]?.int64 == 3 && life["contract_transactions"]?.int64 == 2)
        #expect(life["frames_in"]?.int64 == 1 && life["bytes_in"]?.int64 == 4)
        #expect(life["frames_out"]?.int64 == 1 && life["bytes_out"]?.int64 == 3)
    }

    @Test("the last heights are kept and no more; what is announced of others begins no life")
    func bounded() {
        let timeline = BlockTimeline(traffic: nil)
        for height in 1...100 as ClosedRange<Int64> {
            for step in steps { timeline.came(to: step, height) }
            timeline.announced(height - 1)
        }
        let heights = lives(timeline).compactMap { $0["height"]?.string.flatMap { Int64($0) } }
        #expect(heights == Array(77...100))
        timeline.announced(5)
        timeline.committed(5, transactions: 1, driven: 1)
        #expect(lives(timeline).count == 24)
        // Without an enclave that can be looked at, nothing is said of frames.
        #expect(lives(timeline).allSatisfy { $0["frames_in"] == nil })
    }

    @Test("of a height that takes more than one round the last proposal counts, and the first that was logged")
    func rounds() throws {
        let timeline = BlockTimeline(traffic: nil)
        for step in [CommitStep.inputsLogged, .proposalSigned, .inputsLogged, .inputsLogged, .proposalSigned] {
            timeline.came(to: step, 3)
            // A microsecond is what is told apart.
            let until = ContinuousClock.now + .microseconds(50)
            while ContinuousClock.now < until {}
        }
        let life = try #require(lives(timeline).first)
        #expect(moment(life, .logged) == 0)
        #expect(moment(life, .proposed) ?? 0 >= 200)
    }
}
