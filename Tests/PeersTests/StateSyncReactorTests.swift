import Foundation
import Logging
import PeerNetwork
import PeerWire
import PublicCryptography
import Synchronization
import TestSupport
import Testing
import Wire

/// Three chunks, and what became of them.
private final class Puzzle: Sendable {
    static let chunks: [[UInt8]] = [[1], pattern(2_000_000, 7), [3, 3]]
    static let offer = OfferedState(height: 40, format: 1, chunks: 3, hash: SHA256.hash([4]).bytes)

    private let state = Mutex<(missing: Set<UInt32>, begun: [UInt64], ended: Int)>(([0, 1, 2], [], 0))

    var begun: [UInt64] { state.withLock { $0.begun } }
    var isComplete: Bool { state.withLock { $0.ended == 1 } }

    static let serving = StateSyncReactor.Serving(
        list: { [offer] },
        chunk: { height, format, index in
            guard height == 40, format == 1, index < 3 else { return nil }
            return chunks[Int(index)]
        })

    /// Of heights above 40 the first chunk is refused, of odd ones nothing is wanted.
    func taking() -> StateSyncReactor.Taking {
        .init(
            begin: { [self] offer in
                guard offer.height % 2 == 0 else { return nil }
                state.withLock {
                    $0.begun.append(offer.height)
                    $0.missing = [0, 1, 2]
                }
                return .init(
                    wanted: { self.state.withLock { $0.missing } },
                    take: { bytes, index in
                        guard offer.height == 40 else { return .refused("another chain", isLie: true) }
                        guard bytes == Puzzle.chunks[Int(index)] else { return .wrongChunk }
                        return self.state.withLock {
                            $0.missing.remove(index)
                            return $0.missing.isEmpty ? .complete : .taken
                        }
                    })
            }, onEnd: { [self] error in if error == nil { state.withLock { $0.ended += 1 } } })
    }
}

extension Wordy {
    fileprivate func say(_ message: StateSyncMessage) throws { try send(message.protobuf, on: message.channel) }
    fileprivate var said: [StateSyncMessage] {
        messages.filter { $0.0 == .snapshot || $0.0 == .chunk }.compactMap { try? StateSyncMessage(protobuf: $0.1) }
    }
    fileprivate var requests: [(height: UInt64, index: UInt32)] {
        said.compactMap { if case .chunkRequest(let height, _, let index) = $0 { (height, index) } else { nil } }
    }
    fileprivate func offer(_ height: UInt64) throws {
        try say(.snapshot(height: height, format: 1, chunks: 3, hash: Puzzle.offer.hash, metadata: []))
    }
}

@Suite(.serialized, .timeLimit(.minutes(20))) struct StateSyncReactorTests {
    private static let logger = Logger(label: "states") { _ in SwiftLogNoOpLogHandler() }

    private static func server() -> StateSyncReactor { StateSyncReactor(Puzzle.serving, logger: logger) }

    private static func client(
        _ puzzle: Puzzle, discovery: UInt64 = 300_000_000, chunk: UInt64 = 10_000_000_000
    ) -> StateSyncReactor {
        var timing = StateSyncReactor.Timing()
        (timing.discoveryNanoseconds, timing.chunkNanoseconds) = (discovery, chunk)
        return StateSyncReactor(
            .init(list: { [] }, chunk: { _, _, _ in nil }), taking: puzzle.taking(), timing: timing, logger: logger)
    }

    @Test("A state is taken from two nodes that give it, and a request for what is not there is answered so")
    func taken() async throws {
        let puzzle = Puzzle()
        let nodes = try await onThread {
            let servers = [try Node(1, reactors: [Self.server()]), try Node(2, reactors: [Self.server()])]
            return Box((servers, try Node(3, dials: servers, reactors: [Self.client(puzzle)])))
        }
        #expect(await eventually { puzzle.isComplete })
        #expect(puzzle.begun == [40])
        let port = nodes.value.0[0].port
        let curious = try await onThread { Box(try Wordy(Side(number: 9), port)) }.value
        try curious.say(.snapshotsRequest)
        try curious.say(.chunkRequest(height: 40, format: 1, index: 3))
        try curious.say(.chunkRequest(height: 41, format: 1, index: 0))
        #expect(await eventually { curious.said.count == 3 })
        #expect(
            curious.said.contains(.snapshot(height: 40, format: 1, chunks: 3, hash: Puzzle.offer.hash, metadata: [])))
        #expect(curious.said.contains(.chunk(height: 40, format: 1, index: 3, nil)))
        #expect(!curious.isClosed)
    }

    @Test("Who gives a wrong chunk is dropped, and what it was asked for is asked of another")
    func wrongChunk() async throws {
        let puzzle = Puzzle()
        let node = try await onThread { Box(try Node(3, reactors: [Self.client(puzzle)])) }.value
        let port = node.port
        let liar = try await onThread { Box(try Wordy(Side(number: 1), port)) }.value
        try liar.offer(40)
        #expect(await eventually { !liar.requests.isEmpty })
        let honest = try await onThread { Box(try Wordy(Side(number: 2), port)) }.value
        try honest.offer(40)
        for request in liar.requests { try liar.say(.chunk(height: 40, format: 1, index: request.index, [9])) }
        #expect(await eventually { liar.isClosed })
        for index in [0, 1, 2] as [UInt32] {
            #expect(await eventually { honest.requests.contains { $0.index == index } })
            try honest.say(.chunk(height: 40, format: 1, index: index, Puzzle.chunks[Int(index)]))
        }
        #expect(await eventually { puzzle.isComplete })
        #expect(!honest.isClosed)
    }

    @Test(
        "Who offers a state that is none is dropped, one of no use not begun, and who is silent is waited for no longer"
    )
    func refused() async throws {
        let puzzle = Puzzle()
        let node = try await onThread { Box(try Node(3, reactors: [Self.client(puzzle, chunk: 20_000_000_000)])) }.value
        let port = node.port
        let (liar, silent, honest) = try await onThread {
            (
                Box(try Wordy(Side(number: 1), port)), Box(try Wordy(Side(number: 4), port)),
                Box(try Wordy(Side(number: 5), port))
            )
        }
        // Highest first: 61 is of no use, 60 is a lie, 40 has nobody but the silent one at first.
        try liar.value.offer(61)
        try liar.value.offer(60)
        #expect(await eventually { liar.value.requests.contains { $0.height == 60 } })
        try liar.value.say(.chunk(height: 60, format: 1, index: 0, [1]))
        try silent.value.offer(40)
        #expect(await eventually { silent.value.requests.contains { $0.height == 40 } })
        try honest.value.offer(40)
        #expect(await eventually { silent.value.isClosed })
        for index in [0, 1, 2] as [UInt32] {
            #expect(await eventually { honest.value.requests.contains { $0.index == index } })
            try honest.value.say(.chunk(height: 40, format: 1, index: index, Puzzle.chunks[Int(index)]))
        }
        #expect(await eventually { puzzle.isComplete })
        #expect(puzzle.begun.filter { $0 == 60 } == [60] && !puzzle.begun.contains(61))
        #expect(liar.value.isClosed)
    }

    @Test("Offers of one peer are bounded, chunks that nobody asked for are passed over, and a flood of requests too")
    func bounded() async throws {
        let puzzle = Puzzle()
        let node = try await onThread { Box(try Node(3, reactors: [Self.client(puzzle, discovery: 6_000_000_000)])) }
            .value
        let port = node.port
        let flooder = try await onThread { Box(try Wordy(Side(number: 1), port)) }.value
        // Ten count, the highest of them is the tenth.
        for height in 0..<200 as Range<UInt64> { try flooder.offer(1_000 + 2 * height) }
        for index in 0..<50 as Range<UInt32> { try flooder.say(.chunk(height: 1_000, format: 1, index: index, [1])) }
        #expect(await eventually { !puzzle.begun.isEmpty })
        #expect(puzzle.begun.first == 1_018 && !flooder.isClosed)

        let server = try await onThread { Box(try Node(2, reactors: [Self.server()])) }.value
        let serverPort = server.port
        let greedy = try await onThread { Box(try Wordy(Side(number: 7), serverPort)) }.value
        for index in 0..<500 as Range<UInt32> { try greedy.say(.chunkRequest(height: 40, format: 1, index: index)) }
        #expect(await eventually { greedy.said.count >= 8 })
        #expect(!greedy.isClosed)
    }
}
