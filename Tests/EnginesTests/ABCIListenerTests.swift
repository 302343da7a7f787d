import ABCIServer
import ChainMessages
import EnclaveProtocol
import Foundation
import Logging
import Seeds
import Synchronization
import TestSupport
import Testing
import Wire

/// Answers every method, and notes in which order they came.
private final class NotingHandler: ABCIHandler {
    let calls = Mutex<[String]>([])
    let failing = Mutex<String?>(nil)
    let underWay = Mutex<(now: Int, most: Int)>((0, 0))

    private func note(_ call: String) throws {
        calls.withLock { $0.append(call) }
        if failing.withLock({ $0 }) == call { throw ABCIRefusal("cannot") }
    }

    private func alone<Value>(_ body: () throws -> Value) rethrows -> Value {
        underWay.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
        }
        usleep(200)
        defer { underWay.withLock { $0.now -= 1 } }
        return try body()
    }

    func info(_ request: ABCI.RequestInfo) throws -> ABCI.ResponseInfo {
        try note("info")
        return .init(data: request.version)
    }
    func initChain(_ request: ABCI.RequestInitChain) throws -> ABCI.ResponseInitChain {
        try note("initChain")
        return .init(appHash: [1])
    }
    func prepareProposal(_ request: ABCI.RequestPrepareProposal) throws -> ABCI.ResponsePrepareProposal {
        try alone {
            try note("prepare \(request.height)")
            return .init(txs: request.txs)
        }
    }
    func processProposal(_ request: ABCI.RequestProcessProposal) throws -> ABCI.ResponseProcessProposal {
        try alone {
            try note("process \(request.height) \(request.txs.count)")
            return .init(status: .accept)
        }
    }
    func finalizeBlock(_ request: ABCI.RequestFinalizeBlock) throws -> ABCI.ResponseFinalizeBlock {
        try note("finalize \(request.height)")
        return .init(appHash: [2])
    }
    func commit() throws -> ABCI.ResponseCommit {
        try note("commit")
        return .init()
    }
    func offerSnapshot(_ request: ABCI.RequestOfferSnapshot) throws -> ABCI.ResponseOfferSnapshot {
        try note("offer")
        return .init(result: .accept)
    }
    func applySnapshotChunk(_ request: ABCI.RequestApplySnapshotChunk) throws -> ABCI.ResponseApplySnapshotChunk {
        try note("apply")
        return .init(result: .accept)
    }
    func checkTx(_ request: ABCI.RequestCheckTx) throws -> ABCI.ResponseCheckTx { .init(data: request.tx) }
    func query(_ request: ABCI.RequestQuery) throws -> ABCI.ResponseQuery { .init(value: request.data) }
    func listSnapshots() throws -> ABCI.ResponseListSnapshots { .init() }
    func loadSnapshotChunk(_ request: ABCI.RequestLoadSnapshotChunk) throws -> ABCI.ResponseLoadSnapshotChunk {
        .init(chunk: [UInt8(request.chunk)])
    }
    func engineLeft() { calls.withLock { $0.append("left") } }
}

@Suite("ABCI over sockets") struct ABCIListenerTests {
    private static let time = Timestamp(seconds: 1, nanoseconds: 0)!

    private static func initChain() -> ABCI.Request {
        .init(initChain: .init(time: time, chainID: "c", initialHeight: 1))
    }
    private static func prepare(_ height: Int64) -> ABCI.Request {
        .init(
            prepareProposal: .init(
                maxTxBytes: 100, txs: [[1]], localLastCommit: .init(), height: height, time: time))
    }
    private static func process(_ height: Int64, txs: [[UInt8]] = []) -> ABCI.Request {
        .init(processProposal: .init(txs: txs, proposedLastCommit: .init(), height: height, time: time))
    }
    private static func finalize(_ height: Int64) -> ABCI.Request {
        .init(finalizeBlock: .init(decidedLastCommit: .init(), height: height, time: time))
    }

    private func served(
        tcp: Bool = false, strict: Bool = true,
        _ body: @escaping @Sendable (SocketAddress, NotingHandler) throws -> Void
    ) async throws {
        try await onThread {
            let folder = TemporaryFolder()
            let handler = NotingHandler()
            let listener = try ABCIListener(
                at: SocketAddress(tcp ? "tcp://127.0.0.1:0" : "unix://" + folder.url.path + "/s")!, handler: handler,
                refusesStrangeCalls: strict, logger: Logger(label: "abci") { _ in SwiftLogNoOpLogHandler() })
            try body(listener.address, handler)
            listener.close()
        }
    }

    @Test("all four connections are answered, over a Unix socket and over TCP", arguments: [false, true])
    func heights(tcp: Bool) async throws {
        try await served(tcp: tcp) { address, handler in
            let connections = try (0..<4).map { _ in try ABCIConnection(address) }
            #expect(try connections[0].ask(.init(info: .init(version: "v"))).info?.data == "v")
            #expect(try connections[3].ask(Self.initChain()).initChain?.appHash == [1])
            for height in 1...3 as ClosedRange<Int64> {
                #expect(try connections[3].ask(Self.prepare(height)).prepareProposal?.txs == [[1]])
                #expect(try connections[3].ask(Self.process(height)).processProposal?.status == .accept)
                #expect(
                    try connections[2].ask(.init(checkTx: .init(tx: [UInt8(height)]))).checkTx?.data == [UInt8(height)])
                #expect(try connections[3].ask(Self.finalize(height)).finalizeBlock?.appHash == [2])
                #expect(try connections[3].ask(.init(commit: .init())).commit != nil)
                #expect(try connections[0].ask(.init(query: .init(data: [9]))).query?.value == [9])
                #expect(
                    try connections[1].ask(.init(loadSnapshotChunk: .init(chunk: 5))).loadSnapshotChunk?.chunk == [5])
            }
            let calls = handler.calls.withLock { $0 }
            #expect(calls.count == 2 + 3 * 4 && calls.last == "commit")
        }
    }

    @Test("requests that come at once are answered in their order, each flush in its place")
    func order() async throws {
        try await served { address, _ in
            let connection = try ABCIConnection(address)
            let count = 2_000
            var stream: [UInt8] = []
            for number in 0..<count {
                stream += ABCI.Request(checkTx: .init(tx: [UInt8(number & 255), UInt8(number >> 8)])).delimited
                if number % 7 == 0 { stream += ABCI.Request(flush: .init()).delimited }
            }
            let sent = stream
            let sender = Thread { try? connection.send(sent) }
            sender.start()
            for number in 0..<count {
                #expect(try connection.answer().checkTx?.data == [UInt8(number & 255), UInt8(number >> 8)])
                if number % 7 == 0 { #expect(try connection.answer().flush != nil) }
            }
        }
    }

    @Test("calls that ABCI's grammar does not have are exceptions")
    func strange() async throws {
        let orders: [([ABCI.Request], String)] = [
            ([Self.initChain()], "InitChain came where Info"),
            ([.init(info: .init()), Self.finalize(1)], "FinalizeBlock of height 1 came where InitChain"),
            ([.init(info: .init()), Self.initChain(), Self.initChain()], "InitChain came where a proposal"),
            ([.init(info: .init()), Self.initChain(), .init(commit: .init())], "Commit came where a proposal"),
            (
                [.init(info: .init()), Self.initChain(), Self.finalize(1), Self.finalize(1)],
                "FinalizeBlock of height 1 came where Commit of height 1"
            ),
            (
                [.init(info: .init()), Self.initChain(), Self.finalize(1), Self.process(2)],
                "ProcessProposal of height 2 came where Commit"
            ),
            (
                [.init(info: .init()), Self.initChain(), Self.finalize(1), .init(commit: .init()), Self.finalize(3)],
                "FinalizeBlock of height 3 came where a proposal or FinalizeBlock of height 2"
            ),
            (
                [.init(info: .init()), .init(applySnapshotChunk: .init())],
                "ApplySnapshotChunk came where InitChain or OfferSnapshot"
            ),
            (
                [
                    .init(info: .init()), Self.initChain(),
                    .init(extendVote: .init(time: Self.time, proposedLastCommit: .init())),
                ],
                "vote extensions are not enabled"
            ),
        ]
        for (requests, words) in orders {
            try await served { address, _ in
                let connection = try ABCIConnection(address)
                for request in requests.dropLast() { #expect(try connection.ask(request).exception == nil) }
                let last = try connection.ask(requests.last!)
                #expect(last.exception?.error.contains(words) == true, "\(String(describing: last.exception))")
                // CometBFT ends itself; so does the connection.
                #expect(throws: ABCIConnection.Ended.self) { try connection.answer() }
            }
        }
        // Without the strict mode the same calls reach the application.
        try await served(strict: false) { address, handler in
            let connection = try ABCIConnection(address)
            #expect(try connection.ask(Self.finalize(5)).finalizeBlock != nil)
            #expect(handler.calls.withLock { $0 } == ["finalize 5"])
        }
    }

    @Test("a snapshot may be restored in the place of InitChain")
    func snapshots() throws {
        var grammar = CallGrammar()
        grammar.info(lastHeight: 0)
        try grammar.offerSnapshot(isAccepted: false)
        #expect(throws: CallGrammar.Violation.self) { try grammar.applySnapshotChunk() }
        try grammar.offerSnapshot(isAccepted: true)
        try grammar.applySnapshotChunk()
        grammar.info(lastHeight: 10)
        #expect(throws: CallGrammar.Violation.self) { try grammar.initChain(initialHeight: 1) }
        try grammar.proposal("PrepareProposal", height: 11)
        try grammar.finalizeBlock(height: 11)
        grammar.info(lastHeight: 10)
        try grammar.commit()
        // A CometBFT that looks for a state asks nothing before.
        var syncing = CallGrammar()
        try syncing.offerSnapshot(isAccepted: true)
        try syncing.applySnapshotChunk()
    }

    @Test("one engine drives at a time, and another one may come after it")
    func oneEngine() async throws {
        try await served { address, handler in
            var first: ABCIConnection? = try ABCIConnection(address)
            _ = try first?.ask(.init(info: .init()))
            _ = try first?.ask(Self.initChain())
            let second = try ABCIConnection(address)
            #expect(try second.ask(Self.finalize(1)).exception?.error.contains("another engine") == true)
            first = nil
            while !handler.calls.withLock({ $0.contains("left") }) { usleep(1000) }
            let third = try ABCIConnection(address)
            #expect(try third.ask(.init(info: .init())).info != nil)
            #expect(try third.ask(Self.initChain()).initChain != nil)
        }
    }

    @Test("what fails is said as an exception, once, and nothing more is answered on that connection")
    func exception() async throws {
        try await served { address, handler in
            handler.failing.withLock { $0 = "finalize 1" }
            let connection = try ABCIConnection(address)
            _ = try connection.ask(.init(info: .init()))
            _ = try connection.ask(Self.initChain())
            #expect(try connection.ask(Self.finalize(1)).exception?.error == "cannot")
            #expect(throws: ABCIConnection.Ended.self) { try connection.answer() }
        }
    }

    @Test("bytes that are no request end their connection and no other")
    func garbage() async throws {
        try await served { address, _ in
            let other = try ABCIConnection(address)
            var tooLong = ProtobufWriter()
            tooLong.varint(UInt64(ABCIListener.requestBytesMax + 1))
            for bytes in [[UInt8](repeating: 0xff, count: 12), tooLong.bytes, [2, 0x0a, 0x05], [2, 0x1d, 0x00], [0]] {
                let connection = try ABCIConnection(address)
                try connection.send(bytes)
                #expect(try connection.answer().exception != nil, "\(bytes)")
                #expect(throws: ABCIConnection.Ended.self) { try connection.answer() }
            }
            #expect(try other.ask(.init(echo: .init(message: "still"))).echo?.message == "still")
        }
    }

    @Test("a proposal of more transactions than a block may hold reaches the application as one that it refuses")
    func manyTransactions() async throws {
        let most = BoundaryProtocol.transactionsPerBlockMax
        try await served { address, handler in
            let connection = try ABCIConnection(address)
            _ = try connection.ask(.init(info: .init()))
            _ = try connection.ask(Self.initChain())
            for count in [most, most + 1, 1_500_000] {
                let request = Self.process(1, txs: Array(repeating: [], count: count))
                #expect(try connection.ask(request).processProposal != nil)
                #expect(handler.calls.withLock { $0.last } == "process 1 \(min(count, most + 1))")
            }
        }
    }

    @Test("consensus methods are called one at a time, whoever calls")
    func alone() async throws {
        try await served(strict: false) { address, handler in
            let connection = try ABCIConnection(address)
            var stream: [UInt8] = []
            for _ in 0..<50 { stream += Self.prepare(1).delimited + Self.process(1).delimited }
            try connection.send(stream)
            for _ in 0..<100 { _ = try connection.answer() }
            #expect(handler.underWay.withLock { $0.most } == 1)
        }
    }

    @Test("random orders of calls are judged as the grammar says, and end no process", arguments: 0..<20)
    func randomCalls(seed: Int) async throws {
        try await served { address, _ in
            var random = SeededGenerator(seed: UInt64(seed))
            let connection = try ABCIConnection(address)
            var height: Int64 = 0
            var isFinalized = false
            _ = try connection.ask(.init(info: .init()))
            _ = try connection.ask(Self.initChain())
            for _ in 0..<60 {
                let choice = Int.random(in: 0..<5, using: &random)
                let (request, isLegal): (ABCI.Request, Bool)
                switch choice {
                case 0: (request, isLegal) = (Self.prepare(height + 1), !isFinalized)
                case 1: (request, isLegal) = (Self.process(height + 1), !isFinalized)
                case 2: (request, isLegal) = (Self.finalize(height + 1), !isFinalized)
                case 3: (request, isLegal) = (.init(commit: .init()), isFinalized)
                default: (request, isLegal) = (.init(info: .init()), true)
                }
                let answer = try connection.ask(request)
                #expect((answer.exception == nil) == isLegal)
                guard isLegal else { return }
                if choice == 2 { isFinalized = true }
                if choice == 3 { (height, isFinalized) = (height + 1, false) }
            }
        }
    }
}
