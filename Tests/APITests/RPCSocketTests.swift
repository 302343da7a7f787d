import ChainFormats
import ChainInterface
import ClientRequests
import DecidedBlocks
import Dispatch
import EnclaveProtocol
import Logging
import ModuleKit
import PublicCryptography
import StrictJSON
import Synchronization
import Testing
import Wire

@testable import API

/// Nothing is decided here beyond what `ChainDouble` announces.
private struct NoBlocks: DecidedChain {
    func decidedHeights() -> ClosedRange<Int64>? { nil }
    func decidedBlock(at height: Int64) -> CommittedBlock? { nil }
    func height(ofHash hash: Hash32) -> Int64? { nil }
    func decidedHeader(at height: Int64) -> Header? { nil }
    func commit(of height: Int64) -> (commit: Commit, isCanonical: Bool)? { nil }
    func validatorSet(of height: Int64) -> ValidatorSet? { nil }
    func parameters(of height: Int64) -> ConsensusParameters? { nil }
}

/// What was written, or a reader that does not read.
private final class Texts: TextSink {
    private let texts = Mutex<[JSONValue]>([])

    func write(_ text: [UInt8]) async throws {
        let json = try JSONReader.parse(text, limits: JSONLimits(bytesMax: 1 << 24))
        texts.withLock { $0.append(json) }
    }

    var all: [JSONValue] { texts.withLock { $0 } }
}

@Suite("Subscriptions", .serialized) struct RPCSocketTests {
    private let chain = ChainDouble(Fixture.script)

    private var door: RPCDoor {
        RPCDoor(
            chain, blocks: NoBlocks(), router: QueryRouter(.services(of: chain), chain: chain), heights: chain.heights,
            logger: quiet)
    }

    /// Announces a block of one transaction.
    private func announce(_ height: Int64, _ transaction: [UInt8], _ events: [Event] = []) {
        chain.script.withLock { script in
            var result = TransactionResult()
            result.gasUsed = 7
            result.events = [Event("message", ["action": "send", "count": "\(height)"])]
            let place = IndexedTransaction(
                hash: SHA256.hash(transaction), height: height, position: 0, time: .goZero, result: result)
            script.transactions.append(CommittedTransaction(place, bytes: transaction))
            script.results[height] = .success(
                CommittedResults(
                    height: height, transactions: [result], events: events, validatorUpdates: [], appHash: [1]))
        }
        chain.announce(height)
    }

    private func withServer(_ body: @escaping @Sendable (Int) throws -> Void) async throws {
        let (door, chain) = (door, chain)
        let running = Task { try await chain.heights.run() }
        defer { running.cancel() }
        try await withRunning(
            { configuration, onRunning in
                RESTServer(
                    configuration: configuration, door: door, metrics: MetricsRegistry(), logger: quiet,
                    onRunning: onRunning)
            }
        ) { client in
            let port = client.port
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                // A thread of the test's would keep the server from answering.
                DispatchQueue.global().async { continuation.resume(with: Result { try body(port) }) }
            }
        }
    }

    @Test("who subscribes is told what happens from then on, as CometBFT tells it, and nothing else")
    func story() async throws {
        try await withServer { port in
            let client = try WebSocketClient(port: port)
            try client.send(
                #"{"jsonrpc":"2.0","id":"t","method":"subscribe","params":["tm.event='Tx' AND message.count>5"]}"#)
            #expect(try client.message() == ["jsonrpc": "2.0", "id": "t", "result": .object([])])
            try client.send(
                #"{"jsonrpc":"2.0","id":7,"method":"subscribe","params":{"query":"tm.event = 'NewBlock'"}}"#)
            #expect(try client.message()["id"] == 7)
            announce(6, [1, 2, 3], [Event("mint", ["amount": "5"])])
            let block = try client.message()
            #expect(block["id"] == 7 && block["result"]?["query"] == "tm.event = 'NewBlock'")
            let data = block["result"]?["data"]
            #expect(data?["type"] == "tendermint/event/NewBlock")
            #expect(data?["value"]?["block"]?["header"]?["height"] == "6")
            #expect(data?["value"]?["block"]?["data"]?["txs"] == ["AQID"])
            let finalized = data?["value"]?["result_finalize_block"]
            #expect(finalized?["app_hash"] == "AQ==" && finalized?["validator_updates"] == .array([]))
            #expect(finalized?["tx_results"]?[0]?["gas_used"] == "7")
            #expect(block["result"]?["events"]?["mint.amount"] == ["5"])
            #expect(block["result"]?["events"]?["tm.event"] == ["NewBlock"])
            let transaction = try client.message()
            let hash = Hexadecimal.encode(SHA256.hash([1, 2, 3]).bytes, uppercase: true)
            #expect(transaction["id"] == "t")
            #expect(
                transaction["result"]?["data"]?["value"]?["TxResult"] == [
                    "height": "6", "tx": "AQID",
                    "result": [
                        "gas_used": "7",
                        "events": [
                            [
                                "type": "message",
                                "attributes": [
                                    ["key": "action", "value": "send", "index": true],
                                    ["key": "count", "value": "6", "index": true],
                                ],
                            ]
                        ],
                    ],
                ])
            let events = transaction["result"]?["events"]
            #expect(events?["tx.hash"] == [.string(hash)] && events?["tx.height"] == ["6"])
            // Requests are answered between events, and what is unsubscribed is not told.
            try client.send(
                #"{"jsonrpc":"2.0","id":8,"method":"unsubscribe","params":{"query":"tm.event='NewBlock'"}}"#)
            #expect(try client.message() == ["jsonrpc": "2.0", "id": 8, "result": .object([])])
            try client.send(#"{"jsonrpc":"2.0","id":9,"method":"health"}"#)
            #expect(try client.message()["id"] == 9)
            announce(7, [4])
            #expect(try client.message()["id"] == "t")
            try client.send(#"{"jsonrpc":"2.0","id":10,"method":"unsubscribe_all"}"#)
            #expect(try client.message()["id"] == 10)
            announce(8, [5])
            // In two frames, with a ping between.
            try client.send(Array(#"{"jsonrpc":"2.0","id":11,"#.utf8), isLast: false)
            try client.send([1], opcode: 9)
            try client.send(Array(#""method":"health"}"#.utf8), opcode: 0)
            #expect(try client.message()["id"] == 11)
        }
    }

    @Test("what cannot be subscribed to, or too often, is refused with the reason")
    func refusals() async throws {
        try await withServer { port in
            let client = try WebSocketClient(port: port)
            func refusal(_ method: String, _ query: String) throws -> JSONValue? {
                try client.send(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"query":"\#(query)"}}"#)
                return try client.message()["error"]
            }
            #expect(try refusal("subscribe", "tm.event='Vote'")?["data"]?.string?.contains("no events Vote") == true)
            #expect(try refusal("subscribe", "tm.event")?["data"]?.string?.hasPrefix("failed to parse query") == true)
            #expect(try refusal("unsubscribe", "tm.event='Tx'")?["data"] == "subscription not found")
            for number in 0..<RPCSocket.subscriptionsMax {
                #expect(try refusal("subscribe", "a.b='\(number)'") == nil)
            }
            #expect(
                try refusal("subscribe", "a.b='x'")?["data"]?.string
                    == "max_subscriptions_per_client \(RPCSocket.subscriptionsMax) reached")
            #expect(try refusal("unsubscribe", "a.b='3'") == nil)
            #expect(try refusal("subscribe", "a.b='4'")?["data"] == "already subscribed")
            try client.send("[]")
            #expect(try client.message()["error"]?["code"] == .number(Int64(-32600)))
            try client.send("{")
            #expect(try client.message()["error"]?["code"] == .number(Int64(-32700)))
            try client.send([UInt8](repeating: 0x20, count: RPCSockets.messageBytesMax / 2 + 1), isLast: false)
            try client.send([UInt8](repeating: 0x20, count: RPCSockets.messageBytesMax / 2 + 1), opcode: 0)
            #expect(throws: WebSocketClient.Failure.self) { _ = try client.message() }
            #expect(throws: WebSocketClient.Failure.self) { _ = try WebSocketClient(port: port, path: "/elsewhere") }
        }
    }

    @Test("of one address there may be three quarters of all connections, and the others are told")
    func floods() async throws {
        try await withServer { port in
            var clients: [WebSocketClient] = []
            let mine = RPCSockets.countMax - RPCSockets.countMax / 4
            for _ in 0..<mine {
                let client = try WebSocketClient(port: port)
                try client.send(#"{"jsonrpc":"2.0","id":1,"method":"health"}"#)
                #expect(try client.message()["id"] == 1)
                clients.append(client)
                // On a busy machine this takes longer than the server keeps one that it hears nothing of.
                for client in clients { try client.send([], opcode: 10) }
            }
            let tooMany = try WebSocketClient(port: port, seconds: 120)
            #expect(try tooMany.message()["error"]?["data"]?.string?.hasPrefix("max_subscription_clients") == true)
            #expect(throws: WebSocketClient.Failure.self) { _ = try tooMany.message() }
        }
    }

    @Test("a reader that fell behind is told so and let go, and one that keeps up is not")
    func slowReader() async throws {
        let running = Task { [chain] in try await chain.heights.run() }
        defer { running.cancel() }
        for (behind, isSlow) in [(3, false), (RPCSocket.heightsBehindMax + 1, true)] as [(Int64, Bool)] {
            let chain = ChainDouble(Fixture.script)
            let texts = Texts()
            let door = RPCDoor(
                chain, blocks: NoBlocks(), router: QueryRouter(.services(of: chain), chain: chain),
                heights: chain.heights, logger: quiet)
            let socket = RPCSocket(
                door, stories: BlockStories(chain), slots: RequestSlots(running: 1, waiting: 1), client: "", sink: texts
            )
            try await socket.receive(
                Array(#"{"jsonrpc":"2.0","id":3,"method":"subscribe","params":{"query":"a.b='c'"}}"#.utf8))
            for height in 6...8 as ClosedRange<Int64> {
                chain.script.withLock {
                    $0.results[height] = .success(
                        CommittedResults(
                            height: height, transactions: [], events: [], validatorUpdates: [], appHash: []))
                }
            }
            chain.announce(5 + behind)
            let telling = Task { try await socket.tell() }
            if isSlow {
                await #expect(throws: RPCSocket.Ended.self) { try await telling.value }
                #expect(
                    texts.all.last?["error"] == [
                        "code": -32000, "message": "Server error",
                        "data": "subscription was canceled (reason: slow client)",
                    ])
            } else {
                try await Task.sleep(for: .milliseconds(50))
                telling.cancel()
                await #expect(throws: RPCSocket.Ended.self) { try await telling.value }
                #expect(texts.all.last?["error"]?["data"] == "subscription was canceled (reason: the node ends)")
            }
        }
    }
}
