import ChainFormats
import ChainMessages
import Foundation
import Glibc
import Logging

/// Serves an application over a socket, to one engine at a time.
package final class ABCIListener: @unchecked Sendable {
    // `connections`, `owner`, `grammar` and `isClosed` are touched only under `lock`; the rest is constant.

    /// No request may be longer: the largest block that there is, with what stands beside its transactions.
    package static let requestBytesMax = Block.byteCountMax + (16 << 20)
    /// The four of an engine, those of the one before that have not ended yet, and a person's.
    package static let connectionsMax = 12

    package let address: SocketAddress
    private let descriptor: Int32
    private let handler: any ABCIHandler
    private let refusesStrangeCalls: Bool
    private let logger: Logger
    private let lock = NSLock()
    /// Held for a whole consensus method.
    private let consensus = NSLock()
    private var connections: [Int: Int32] = [:]
    private var connectionCount = 0
    /// The connection that consensus comes over.
    private var owner: Int?
    private var grammar = CallGrammar()
    private var isClosed = false

    /// With `refusesStrangeCalls`, a call that the grammar does not have is an exception; else it is a warning.
    package init(
        at address: SocketAddress, handler: any ABCIHandler, refusesStrangeCalls: Bool, logger: Logger
    ) throws(SocketError) {
        // An engine that is gone is an error of the next write, not the end of this process.
        signal(SIGPIPE, SIG_IGN)
        descriptor = try address.listen()
        var bound = address
        if case .tcp(let host, _) = address, let port = SocketAddress.port(of: descriptor) {
            bound = .tcp(host: host, port: port)
        }
        self.address = bound
        self.handler = handler
        self.refusesStrangeCalls = refusesStrangeCalls
        self.logger = logger
        start("abci-listener") { [weak self, descriptor] in
            defer { Glibc.close(descriptor) }
            while true {
                let connection = accept(descriptor, nil, nil)
                let code = errno
                guard let self, !self.lock.withLock({ self.isClosed }) else {
                    if connection >= 0 { Glibc.close(connection) }
                    return
                }
                if connection >= 0 {
                    _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                    self.take(connection)
                } else if code != EINTR && code != ECONNABORTED {
                    // Too many open files, for instance: others may end theirs.
                    usleep(100_000)
                }
            }
        }
    }

    deinit { close() }

    /// Ends all connections and takes no more. A method that runs goes on to its end.
    package func close() {
        lock.withLock {
            guard !isClosed else { return }
            isClosed = true
            // Its thread wakes, and closes it.
            shutdown(descriptor, Int32(SHUT_RDWR))
            for connection in connections.values { shutdown(connection, Int32(SHUT_RDWR)) }
            if case .unix(let path) = address { unlink(path) }
        }
    }

    private func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.stackSize = 8 << 20
        thread.start()
    }

    // MARK: - Connections

    private func take(_ connection: Int32) {
        let name: Int? = lock.withLock {
            guard !isClosed, connections.count < Self.connectionsMax else { return nil }
            connectionCount += 1
            connections[connectionCount] = connection
            return connectionCount
        }
        guard let name else {
            Glibc.close(connection)
            return
        }
        start("abci-\(name)") { [weak self] in
            self?.serve(name, connection)
        }
    }

    /// Answers what comes over one connection, in its order.
    private func serve(_ name: Int, _ connection: Int32) {
        defer { end(name, connection) }
        var reader = DelimitedReader(byteCountMax: Self.requestBytesMax)
        var answers: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            // What the engine waits for leaves before we wait for the engine.
            guard send(answers, over: connection) else { return }
            answers.removeAll(keepingCapacity: answers.capacity <= 1 << 20)
            let count = recv(connection, &chunk, chunk.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                if !reader.isAtBoundary { logger.warning("a connection of the engine ended within a request") }
                return
            }
            reader.append(chunk[..<count])
            do {
                while let frame = try reader.next() {
                    let (response, goesOn) = answer(frame, from: name)
                    answers += response.delimited
                    guard goesOn else {
                        _ = send(answers, over: connection)
                        return
                    }
                    if answers.count > 1 << 20 {
                        guard send(answers, over: connection) else { return }
                        answers.removeAll()
                    }
                }
            } catch {
                logger.error("what came is no request", metadata: ["cause": "\(error)"])
                _ = send(ABCI.Response(exception: .init(error: "no request: \(error)")).delimited, over: connection)
                return
            }
        }
    }

    private func send(_ bytes: [UInt8], over connection: Int32) -> Bool {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, 0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            start += count
        }
        return true
    }

    private func end(_ name: Int, _ connection: Int32) {
        let wasOwner = lock.withLock {
            connections[name] = nil
            Glibc.close(connection)
            guard owner == name else { return false }
            (owner, grammar) = (nil, CallGrammar())
            return true
        }
        guard wasOwner else { return }
        consensus.withLock { handler.engineLeft() }
    }

    // MARK: - Methods

    private func answer(_ frame: [UInt8], from name: Int) -> (ABCI.Response, goesOn: Bool) {
        do {
            let request = try ABCIRequests.decode(frame)
            return (try answer(request, from: name), true)
        } catch {
            logger.error("a call of the engine is refused", metadata: ["cause": "\(error)"])
            return (ABCI.Response(exception: .init(error: "\(error)")), false)
        }
    }

    private func answer(_ request: ABCI.Request, from name: Int) throws -> ABCI.Response {
        if let echo = request.echo { return ABCI.Response(echo: .init(message: echo.message)) }
        if request.flush != nil { return ABCI.Response(flush: .init()) }
        if let check = request.checkTx { return ABCI.Response(checkTx: try handler.checkTx(check)) }
        if let query = request.query { return ABCI.Response(query: try handler.query(query)) }
        if request.listSnapshots != nil { return ABCI.Response(listSnapshots: try handler.listSnapshots()) }
        if let load = request.loadSnapshotChunk {
            return ABCI.Response(loadSnapshotChunk: try handler.loadSnapshotChunk(load))
        }
        return try consensus.withLock { try consensusAnswer(request, from: name) }
    }

    private func consensusAnswer(_ request: ABCI.Request, from name: Int) throws -> ABCI.Response {
        if let info = request.info {
            let response = try handler.info(info)
            lock.withLock { grammar.info(lastHeight: response.lastBlockHeight) }
            return ABCI.Response(info: response)
        }
        if let offer = request.offerSnapshot {
            let response = try handler.offerSnapshot(offer)
            try judge { try $0.offerSnapshot(isAccepted: response.result == .accept) }
            return ABCI.Response(offerSnapshot: response)
        }
        if let apply = request.applySnapshotChunk {
            let response = try handler.applySnapshotChunk(apply)
            try judge { try $0.applySnapshotChunk() }
            return ABCI.Response(applySnapshotChunk: response)
        }
        try own(name)
        if let initChain = request.initChain {
            try judge { try $0.initChain(initialHeight: initChain.initialHeight) }
            return ABCI.Response(initChain: try handler.initChain(initChain))
        }
        if let prepare = request.prepareProposal {
            try judge { try $0.proposal("PrepareProposal", height: prepare.height) }
            return ABCI.Response(prepareProposal: try handler.prepareProposal(prepare))
        }
        if let process = request.processProposal {
            try judge { try $0.proposal("ProcessProposal", height: process.height) }
            return ABCI.Response(processProposal: try handler.processProposal(process))
        }
        if let finalize = request.finalizeBlock {
            try judge { try $0.finalizeBlock(height: finalize.height) }
            return ABCI.Response(finalizeBlock: try handler.finalizeBlock(finalize))
        }
        if request.commit != nil {
            try judge { try $0.commit() }
            return ABCI.Response(commit: try handler.commit())
        }
        if request.extendVote != nil || request.verifyVoteExtension != nil {
            throw ABCIRefusal("vote extensions are not enabled on this chain")
        }
        throw ABCIRefusal("a method that ABCI 2.0 does not have")
    }

    /// Consensus comes over one connection, until that ends: two engines would each decide.
    private func own(_ name: Int) throws(ABCIRefusal) {
        let isOwner = lock.withLock {
            if owner == nil { owner = name }
            return owner == name
        }
        guard isOwner else { throw ABCIRefusal("another engine drives this application") }
    }

    private func judge(_ step: (inout CallGrammar) throws -> Void) throws {
        do {
            try lock.withLock { try step(&grammar) }
        } catch {
            guard !refusesStrangeCalls else { throw error }
            logger.warning("a call of the engine out of order", metadata: ["call": "\(error)"])
        }
    }
}
