import DecidedBlocks
import Dispatch
import PeerNetwork
import PeerWire
import PublicCryptography
import Synchronization
import Testing

/// Transactions as they go from node to node.
struct MempoolReactorTests {
    /// What waits at a node that runs no blocks: all that ever came.
    private final class Waiting: Sendable {
        private struct State {
            var list: [MempoolReactor.Waiting] = []
            var known: Set<Hash32> = []
            var came = 0
            var asked = 0
        }

        private let state = Mutex(State())

        func add(_ bytes: [UInt8]) {
            let hash = SHA256.hash(bytes)
            state.withLock { state in
                state.came += 1
                guard state.known.insert(hash).inserted else { return }
                state.list.append(.init(order: UInt64(state.list.count), hash: hash, bytes: bytes))
            }
        }

        var all: [[UInt8]] { state.withLock { $0.list.map(\.bytes) } }
        /// How many came, twice or not.
        var cameCount: Int { state.withLock { $0.came } }
        /// How many were looked at, over all looks.
        var askedCount: Int { state.withLock { $0.asked } }

        var pool: MempoolReactor.Pool {
            MempoolReactor.Pool(
                submit: { self.add($0) },
                waiting: { order, countMax in
                    self.state.withLock { state in
                        let found = state.list.dropFirst(Int(clamping: order)).prefix(countMax)
                        state.asked += found.count
                        return Array(found)
                    }
                })
        }
    }

    @Test(
        "of thousands that wait a peer gets each once, in their order, and later ones without a look at the others"
    )
    func each() async throws {
        let (own, others) = (Waiting(), Waiting())
        let transactions = (0..<5000).map { number in
            [UInt8](repeating: UInt8(number & 255), count: 40) + [UInt8(number >> 8)]
        }
        for bytes in transactions { own.add(bytes) }
        let sender = MempoolReactor(own.pool, height: { 1 }, heightOf: { _ in 1 })
        let receiver = MempoolReactor(others.pool, height: { 1 }, heightOf: { _ in 1 })
        let first = try Node(1, reactors: [sender])
        let second = try Node(2, dials: [first], reactors: [receiver])
        // None of them leaves, as blocks would make them: those behind the oldest come, too.
        #expect(await eventually { others.all.count == transactions.count })
        let areInOrder = others.all == transactions
        #expect(areInOrder)
        let asked = own.askedCount
        #expect(asked <= 2 * transactions.count)
        own.add([1, 2, 3])
        sender.wake()
        #expect(await eventually { others.all.last == [1, 2, 3] })
        #expect(own.askedCount < asked + 500)
        // The other one had them of this one, so it sends none back, and none came twice.
        #expect(others.cameCount == transactions.count + 1)
        #expect(first.peers.traffic.bytes.first { $0.kind == .transactions }?.bytes.received == 0)
        withExtendedLifetime(second) {}
        sender.stop()
        receiver.stop()
    }

    @Test("a vote does not wait for the transactions that came before it over the same connection")
    func votesFirst() async throws {
        let gate = DispatchSemaphore(value: 0)
        // A check that takes as long as the test wants.
        let taker = MempoolReactor(
            MempoolReactor.Pool(submit: { _ in gate.wait() }, waiting: { _, _ in [] }), height: { 1 },
            heightOf: { _ in 1 })
        let consensus = Listener(channels: [.consensusState])
        let first = try Node(1, reactors: [taker, consensus])
        let second = try Node(2, dials: [first])
        #expect(await eventually { second.peers.peers.count == 1 && first.peers.peers.count == 1 })
        let peer = try #require(second.peers.peers.first)
        #expect(peer.send(.transactions([[1], [2]])))
        #expect(
            await eventually {
                first.peers.traffic.bytes.contains { $0.kind == .transactions && $0.bytes.received > 0 }
            })
        #expect(peer.send(.consensus(.hasVote(VotePlace(height: 1, round: 0, kind: .prevote), index: 0))))
        #expect(await eventually { consensus.messages.count == 1 })
        taker.stop()
        for _ in 0..<2 { gate.signal() }
    }

    @Test("a peer that is behind gets nothing, and what it missed once it is there")
    func behind() async throws {
        let (own, others) = (Waiting(), Waiting())
        let height = Mutex<Int64>(1)
        let sender = MempoolReactor(own.pool, height: { 7 }, heightOf: { _ in height.withLock { $0 } })
        let receiver = MempoolReactor(others.pool, height: { 1 }, heightOf: { _ in 1 })
        let first = try Node(1, reactors: [sender])
        let second = try Node(2, dials: [first], reactors: [receiver])
        #expect(await eventually { first.peers.peers.count == 1 })
        own.add([1])
        sender.wake()
        // Looks go by, more than one.
        #expect(!(await eventually(0.5) { !others.all.isEmpty }))
        height.withLock { $0 = 6 }
        #expect(await eventually { others.all == [[1]] })
        withExtendedLifetime(second) {}
        sender.stop()
        receiver.stop()
    }
}
