import BlockStorage
import ChainFormats
import ChainInterface
import DecidedBlocks
import Foundation
import Logging
import PeerNetwork
import PeerWire
import PublicCryptography
import StrictJSON
import Synchronization
import TestSupport
import Testing
import Wire

/// A node that does nothing but serve and fetch blocks; what it would hand to an engine is kept.
private final class Library: Sendable {
    private let folder = TemporaryFolder()
    let store: BlockStore
    let blocks: BlockSyncReactor
    let node: Node

    init(fetches: Bool, timing: BlockSyncReactor.Timing = .init()) throws {
        store = try BlockStore(folder: folder.path("blocks"), isDurable: false)
        let handed = Mutexed<[FetchedBlock]>([])
        blocks = BlockSyncReactor(
            store: store, initialHeight: 1, fetches: fetches, timing: timing,
            logger: Logger(label: "blocks") { _ in SwiftLogNoOpLogHandler() },
            handIn: { block in handed.value.withLock { $0.append(block) } }, onEnd: {})
        self.given = handed
        node = try Node(1, reactors: [blocks]) { $0.sendBytesPerSecond = 1 << 30 }
    }

    private let given: Mutexed<[FetchedBlock]>
    var handedIn: [FetchedBlock] { given.value.withLock { $0 } }

    /// A block of the recordings, at a height and of a size.
    static func block(_ height: Int64, bytes count: Int = 10) throws -> Block {
        let answer = Facts.all["messages"]!.array!.first {
            $0["channel"]!.integer()! == 0x40 && $0["message"]!.string!.hasPrefix("1a")
        }
        guard case .block(let bytes) = try BlockSyncMessage(protobuf: try #require(answer).bytes("message")) else {
            throw POSIXError(.EINVAL)
        }
        var block = try Block(protobuf: bytes)
        block.header.height = height
        block.transactions = [HashedTransaction(pattern(count, Int(height)))]
        block.lastCommit.height = height - 1
        return block
    }

    func keep(_ block: Block) throws {
        let none = ValidatorSet(ordered: [Validator(publicKey: pattern(32, 1), power: 10)!])!
        try store.save(
            DecidedBlock(
                block: block, blockBytes: block.protobuf,
                blockID: BlockID(hash: block.header.hash(), parts: PartSetHeader(total: 1, hash: .zero)),
                commit: block.lastCommit, validators: none, nextValidators: none))
    }
}

private final class Mutexed<Value: Sendable>: Sendable {
    let value: Mutex<Value>
    init(_ value: Value) { self.value = Mutex(value) }
}

extension Wordy {
    fileprivate func say(_ message: BlockSyncMessage) throws { try send(message.protobuf, on: .blockSync) }
    fileprivate var said: [BlockSyncMessage] {
        messages.filter { $0.0 == .blockSync }.compactMap { try? BlockSyncMessage(protobuf: $0.1) }
    }
    /// Heights that it was asked for.
    fileprivate var requests: [Int64] {
        said.compactMap { if case .request(let height) = $0 { height } else { nil } }
    }
}

@Suite(.serialized, .timeLimit(.minutes(20))) struct BlockSyncReactorTests {
    @Test("All blocks that were asked for at once are served, however large, as room comes")
    func served() async throws {
        let library = try await onThread { Box(try Library(fetches: false)) }.value
        for height in 1...20 as ClosedRange<Int64> { try library.keep(Library.block(height, bytes: 300_000)) }
        let port = library.node.port
        let asker = try await onThread { try Wordy(Side(number: 2), port) }
        for height in 1...21 as ClosedRange<Int64> { try asker.say(.request(height: height)) }
        #expect(
            await eventually(20) {
                asker.said.count { if case .block = $0 { true } else { false } } == 20
                    && asker.said.contains(.noBlock(height: 21))
            })
    }

    @Test("A peer that lacks what it claims does not keep a node from taking part, whatever it claims again")
    func emptyClaims() async throws {
        let library = try await onThread { Box(try Library(fetches: true)) }.value
        let port = library.node.port
        let liar = try await onThread { try Wordy(Side(number: 2), port) }
        try liar.say(.status(height: 1 << 62, base: 1))
        #expect(await eventually { liar.requests.contains(1) && liar.requests.contains(2) })
        try liar.say(.noBlock(height: 2))
        try liar.say(.status(height: 1 << 62, base: 1))
        try liar.say(.noBlock(height: 1))
        let blocks = library.blocks
        #expect(await eventually(5) { !blocks.isFetching })
    }

    @Test("Claims with nothing behind them are waited for no longer than a while")
    func emptyWords() async throws {
        var timing = BlockSyncReactor.Timing()
        timing.progressNanoseconds = 1_000_000_000
        let library = try await onThread { [timing] in Box(try Library(fetches: true, timing: timing)) }.value
        let port = library.node.port
        let liar = try await onThread { try Wordy(Side(number: 2), port) }
        try liar.say(.status(height: 1 << 62, base: 1))
        #expect(await eventually { !liar.requests.isEmpty })
        let blocks = library.blocks
        #expect(await eventually(10) { !blocks.isFetching })
    }

    @Test("Of who serves large blocks few are asked at once, and as long as they come it is not left")
    func largeBlocks() async throws {
        var timing = BlockSyncReactor.Timing()
        timing.answerNanoseconds = 16_000_000_000
        let library = try await onThread { [timing] in Box(try Library(fetches: true, timing: timing)) }.value
        let port = library.node.port
        let server = try await onThread { try Wordy(Side(number: 2), port) }
        let blocks = try (1...6).map { try Library.block($0, bytes: 2 << 20).protobuf }
        try server.say(.status(height: 100, base: 1))
        #expect(await eventually { !server.requests.isEmpty })
        #expect(!(await eventually(0.5) { server.requests.count > 2 }))
        for bytes in blocks {
            try server.say(.block(bytes))
            // Each is in time, though what was asked for first is long ago.
            #expect(!(await eventually(3.4) { server.isClosed }))
        }
        #expect(server.requests.count <= 6 + 4)
        // One that is not committed after a while is handed in again.
        #expect(
            await eventually { Set(library.handedIn.map(\.height)) == Set(1...5) }, "\(library.handedIn.map(\.height))")
    }

    @Test("A decided block in another encoding is fetched as it is")
    func otherEncoding() async throws {
        let library = try await onThread { Box(try Library(fetches: true)) }.value
        let port = library.node.port
        let server = try await onThread { try Wordy(Side(number: 2), port) }
        try server.say(.status(height: 100, base: 1))
        #expect(await eventually { server.requests.contains(2) })
        // A field that nobody knows, as a proposer of another program may have written it.
        let other = try Library.block(1).protobuf + [0x78, 0x01]
        try server.say(.block(other))
        try server.say(.block(Library.block(2).protobuf))
        #expect(await eventually { !library.handedIn.isEmpty })
        #expect(library.handedIn.first?.bytes == other)
        #expect(!server.isClosed)
    }
}
