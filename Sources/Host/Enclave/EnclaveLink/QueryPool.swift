import Foundation

/// What contract queries may take of this node.
package struct QueryLimits: Equatable, Sendable {
    /// How long the enclave may work on one.
    package var time: Duration = .seconds(5)
    /// How long a lane may take to notice that it was given up.
    package var grace: Duration = .seconds(5)
    /// How long one may wait for a lane.
    package var wait: Duration = .seconds(10)
    /// How many may wait: a dozen milliseconds of usual work for each lane.
    package var waiting = 512
    /// How many of one client may wait or run.
    package var perClient = 16

    package init() {}
}

/// The query lanes behind one bounded queue: each lane has a thread of its own here as it has one in the enclave.
///
/// Nobody takes it all. Clients take turns, whatever each has waiting; a client with too much under way, and whoever
/// finds the queue full, is told so at once, to retry elsewhere or later. A query that takes too long is given up: the
/// enclave is told, its lane ends that query and takes the next. A lane that does not is closed, and the others go on.
package final class QueryPool: @unchecked Sendable {
    package enum PoolError: Error, Equatable {
        case busy
        /// The client has as many queries under way as one may have.
        case tooManyOfClient
        /// No lane is left.
        case noLanes
        case stopped
    }

    /// Tells the enclave that nobody waits for the queries of a lane (counted from 0) up to this one.
    package typealias Abandon = @Sendable (_ lane: Int, _ query: UInt64) throws -> Void

    private struct Job {
        var since: ContinuousClock.Instant
        var client: String
        var run: @Sendable (any QueryLink, Int) -> Void
        var refuse: @Sendable (PoolError) -> Void
    }

    /// A lane and what it does.
    private final class Worker {
        let lane: any QueryLink
        var since: ContinuousClock.Instant?
        var query: UInt64 = 0
        var isAbandoned = false
        var isCut = false

        init(_ lane: any QueryLink) { self.lane = lane }
    }

    private let limits: QueryLimits
    private let abandon: Abandon
    private let onLaneLost: @Sendable (Int) -> Void
    private let condition = NSCondition()
    private let workers: [Worker]
    /// Clients in the order of their turns, and what each has waiting.
    private var turns: [String] = []
    private var waiting: [String: [Job]] = [:]
    private var queued = 0
    /// Of each client, what waits or runs.
    private var underWay: [String: Int] = [:]
    private var isStopped = false

    package init(
        lanes: [any QueryLink], limits: QueryLimits = QueryLimits(), abandon: @escaping Abandon,
        onLaneLost: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        (self.limits, self.abandon, self.onLaneLost) = (limits, abandon, onLaneLost)
        workers = lanes.map { Worker($0) }
        for index in lanes.indices {
            QueryPool.start("enclave-query-\(index)") { [weak self] in
                while let self, self.serve(index) {}
            }
        }
        QueryPool.start("enclave-query-time") { [weak self] in
            while let self, self.watch() { Thread.sleep(forTimeInterval: QueryPool.watchInterval) }
        }
    }

    private static let watchInterval = 0.1

    private static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.start()
    }

    /// Runs `body` with a free lane and its number, off the caller's thread. It asks the lane once at most.
    package func run<Value: Sendable>(
        for client: String, _ body: @escaping @Sendable (any QueryLink, Int) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let job = Job(
                since: .now, client: client,
                run: { lane, number in continuation.resume(with: Result { try body(lane, number) }) },
                refuse: { continuation.resume(throwing: $0) })
            if let refusal = submit(job) { continuation.resume(throwing: refusal) }
        }
    }

    package func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }

    /// Queries that wait for a lane.
    package var waitingCount: Int { condition.withLock { queued } }

    /// Queries that wait or run.
    package var underWayCount: Int { condition.withLock { underWay.values.reduce(0, +) } }

    // MARK: - The queue

    private func submit(_ job: Job) -> PoolError? {
        condition.withLock {
            if isStopped { return .stopped }
            if workers.allSatisfy(\.isCut) { return .noLanes }
            if underWay[job.client, default: 0] >= limits.perClient { return .tooManyOfClient }
            if queued >= limits.waiting { return .busy }
            underWay[job.client, default: 0] += 1
            if waiting[job.client] == nil { turns.append(job.client) }
            waiting[job.client, default: []].append(job)
            queued += 1
            condition.signal()
            return nil
        }
    }

    /// Takes the next job of the client whose turn it is. The caller holds the lock.
    private func take() -> Job? {
        guard !turns.isEmpty else { return nil }
        let client = turns.removeFirst()
        let job = waiting[client]!.removeFirst()
        queued -= 1
        if waiting[client]!.isEmpty { waiting[client] = nil } else { turns.append(client) }
        return job
    }

    /// The caller holds the lock.
    private func end(_ job: Job) {
        underWay[job.client]! -= 1
        if underWay[job.client] == 0 { underWay[job.client] = nil }
    }

    // MARK: - Lanes

    /// Runs one job; `false` once there is none to come.
    private func serve(_ index: Int) -> Bool {
        let worker = workers[index]
        let next: Job? = condition.withLock {
            while turns.isEmpty && !isStopped { condition.wait() }
            guard let job = take() else { return nil }
            worker.query = worker.lane.queryCount + 1
            worker.isAbandoned = false
            worker.since = .now
            return job
        }
        guard let job = next else { return false }
        if job.since.duration(to: .now) > limits.wait { job.refuse(.busy) } else { job.run(worker.lane, index) }
        return condition.withLock {
            worker.since = nil
            end(job)
            return !worker.isCut
        }
    }

    /// Gives up what takes too long; `false` once the pool has stopped.
    private func watch() -> Bool {
        var given: [(lane: Int, query: UInt64)] = []
        var lost: [Int] = []
        var refused: [Job] = []
        let goesOn = condition.withLock {
            for (index, worker) in workers.enumerated() where !worker.isCut {
                guard let since = worker.since else { continue }
                let age = since.duration(to: .now)
                if age > limits.time, !worker.isAbandoned {
                    worker.isAbandoned = true
                    given.append((index, worker.query))
                } else if age > limits.time + limits.grace {
                    worker.isCut = true
                    lost.append(index)
                }
            }
            if workers.allSatisfy(\.isCut) {
                while let job = take() {
                    end(job)
                    refused.append(job)
                }
            }
            return !isStopped
        }
        // An enclave that is gone needs not be told.
        for (lane, query) in given { try? abandon(lane, query) }
        for index in lost {
            onLaneLost(index)
            workers[index].lane.cut()
        }
        for job in refused { job.refuse(.noLanes) }
        return goesOn
    }
}
