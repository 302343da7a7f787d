import EnclaveLink
import EnclaveProtocol
import Foundation
import PublicCryptography
import SignedTransactions
import Synchronization
import Testing
import WalletClient
import WasmKit

extension HostileHostSuite {
    /// Contracts whose queries take all they can get, and hosts that end them.
    @Suite struct QueryBudgetTests {
        let world: World
        /// Its `query` loops until its gas is gone, and so does its `execute`.
        let endless = StrangeContract(
            changing: { assembly in
                let two = Array(repeating: WasmAssembly.i32, count: 2)
                assembly.function("query", two, [WasmAssembly.i32], Self.loop)
            }, execute: Self.loop)
        private static let loop = instructions(Op.loop, Op.branch(0), Op.end, Op.i32(StrangeContract.region(0)))
        let address: AccountAddress

        init() throws {
            world = try World()
            address = try #require(try world.install([endless]).addresses[0])
            try world.play([])
        }

        private func query() throws -> ContractQuery {
            var query = ContractQuery()
            query.contract = address.bytes
            query.input = try world.alice.encryption.seal([], codeHash: endless.codeHash.description, owner: nil)
            query.height = UInt64(world.chain.height - 1)
            query.gasLimit = .max
            return query
        }

        private func count() throws -> String? {
            try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.mallory).text
        }

        @Test("a query that nobody waits for ends with a number, and its lane answers the next")
        func givenUp() throws {
            let lane = world.enclave.queries[0]
            nonisolated(unsafe) let control = world.enclave.control
            let number = lane.queryCount + 1
            let ended = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                Thread.sleep(forTimeInterval: 0.2)
                try? control.abandonQuery(lane: 0, query: number)
                ended.signal()
            }
            #expect(refusal { try lane.query(query(), answering: world.host) } == .queryAbandoned)
            // The control lane is one thread's at a time, and its answer may come after the query's.
            ended.wait()
            #expect(try count() == "{\"count\":41}")
            // Said too early, it is for that query and for none behind it.
            try world.enclave.control.abandonQuery(lane: 0, query: lane.queryCount + 1)
            #expect(refusal { try lane.query(query(), answering: world.host) } == .queryAbandoned)
            #expect(try count() == "{\"count\":41}")
            #expect(refusal { try world.enclave.control.abandonQuery(lane: 1, query: 1) } == .queryMalformed)
            #expect(try world.isAlive())
        }

        @Test("no host gets more gas for a query than the enclave's own most")
        func gasMax() throws {
            let answer = try world.enclave.queries[0].query(query(), answering: world.host)
            #expect(answer.error == "Enclave: execution ran out of gas" && answer.gasUsed <= 50_000_000)
        }

        @Test("what a block runs cannot be given up")
        func blocks() throws {
            func run() throws -> (UInt32, UInt64) {
                try world.play([world.alice.sign([try world.tell(endless, at: address)], gas: 400_000)])
                return (world.host.outputs[0].code, world.host.outputs[0].gasUsed)
            }
            let quiet = try run()
            nonisolated(unsafe) let control = world.enclave.control
            let ended = DispatchSemaphore(value: 0)
            let flag = Flag()
            Thread.detachNewThread {
                while !flag.isSet { try? control.abandonQuery(lane: 0, query: .max) }
                ended.signal()
            }
            let disturbed = try? run()
            flag.set()
            ended.wait()
            #expect(disturbed?.0 == quiet.0 && disturbed?.1 == quiet.1 && quiet.0 == 11)
        }

        private final class Flag: Sendable {
            private let value = Atomic(false)
            var isSet: Bool { value.load(ordering: .relaxed) }
            func set() { value.store(true, ordering: .relaxed) }
        }

        private func limits(time: Duration, grace: Duration) -> QueryLimits {
            var limits = QueryLimits()
            (limits.time, limits.grace) = (time, grace)
            return limits
        }

        @Test("the host ends what takes too long, and the lane goes on")
        func pool() async throws {
            nonisolated(unsafe) let (control, host) = (world.enclave.control, world.host)
            let pool = QueryPool(
                lanes: world.enclave.queries, limits: limits(time: .milliseconds(200), grace: .seconds(60)),
                abandon: { try control.abandonQuery(lane: $0, query: $1) })
            let query = try query()
            await #expect(throws: EnclaveError.refused(.queryAbandoned)) {
                try await pool.run(for: "a") { lane, _ in try lane.query(query, answering: host) }
            }
            var other = query
            other.contract = world.aliceCounter.bytes
            other.input = try world.alice.seal("{\"get_count\":{}}", for: world.aliceCounter, isBound: false)
            let answer = try await pool.run(for: "a") { [other] lane, _ in try lane.query(other, answering: host) }
            #expect(answer.error.isEmpty && !answer.data.isEmpty)
            pool.stop()
        }

        @Test("a lane that does not come back is closed, and the enclave goes on")
        func lostLane() async throws {
            nonisolated(unsafe) let host = world.host
            let losses = Losses()
            let pool = QueryPool(
                lanes: world.enclave.queries, limits: limits(time: .milliseconds(100), grace: .milliseconds(200)),
                abandon: { _, _ in }, onLaneLost: { losses.add($0) })
            let query = try query()
            do {
                _ = try await pool.run(for: "a") { lane, _ in try lane.query(query, answering: host) }
                Issue.record("the lane answered")
            } catch EnclaveError.lost {
            }
            await #expect(throws: QueryPool.PoolError.noLanes) {
                try await pool.run(for: "a") { lane, _ in try lane.query(query, answering: host) }
            }
            #expect(losses.all == [0])
            #expect(try world.isAlive())
            pool.stop()
        }

        private final class Losses: Sendable {
            private let lanes = Mutex<[Int]>([])
            var all: [Int] { lanes.withLock { $0 } }
            func add(_ lane: Int) { lanes.withLock { $0.append(lane) } }
        }
    }
}

/// The queue in front of the query lanes, with lanes that the test plays.
@Suite("Query pool") struct QueryPoolTests {
    private final class SlowLane: QueryLink, @unchecked Sendable {
        var queryCount: UInt64 = 0
        func query(_ query: ContractQuery, answering questions: any HostAnswering) throws -> ContractAnswer {
            ContractAnswer()
        }
        func cut() {}
    }

    /// Opens once.
    private final class Gate: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)
        func open() { semaphore.signal() }
        func pass() {
            semaphore.wait()
            semaphore.signal()
        }
    }

    private func pool(_ change: (inout QueryLimits) -> Void = { _ in }) -> QueryPool {
        var limits = QueryLimits()
        // Longer than any machine is busy: what is tried here is not time.
        (limits.time, limits.wait) = (.seconds(600), .seconds(600))
        change(&limits)
        return QueryPool(lanes: [SlowLane()], limits: limits, abandon: { _, _ in })
    }

    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    @Test("clients take turns, and none has more under way than its share")
    func turns() async throws {
        let pool = pool { $0.perClient = 3 }
        let (gate, log) = (Gate(), Log())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (count, name) in ["a1", "a2", "a3", "b1"].enumerated() {
                group.addTask {
                    try await pool.run(for: String(name.prefix(1))) { _, _ in
                        gate.pass()
                        log.add(name)
                    }
                }
                while pool.underWayCount == count { await Task.yield() }
            }
            await #expect(throws: QueryPool.PoolError.tooManyOfClient) { try await pool.run(for: "a") { _, _ in } }
            gate.open()
            try await group.waitForAll()
        }
        // The first was at work; after it, the flood of one client does not stand before the one query of another.
        #expect(log.all == ["a1", "a2", "b1", "a3"])
        try await pool.run(for: "a") { _, _ in }
        pool.stop()
    }

    @Test("a full queue and a long wait are said, and nothing is lost count of")
    func bounds() async throws {
        let pool = pool { ($0.waiting, $0.wait) = (1, .milliseconds(50)) }
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pool.run(for: "a") { _, _ in gate.pass() } }
            while pool.waitingCount > 0 || pool.underWayCount == 0 { await Task.yield() }
            group.addTask {
                await #expect(throws: QueryPool.PoolError.busy) { try await pool.run(for: "b") { _, _ in } }
            }
            while pool.waitingCount == 0 { await Task.yield() }
            await #expect(throws: QueryPool.PoolError.busy) { try await pool.run(for: "c") { _, _ in } }
            try await Task.sleep(for: .milliseconds(80))
            gate.open()
            try await group.waitForAll()
        }
        #expect(pool.underWayCount == 0)
        pool.stop()
        await #expect(throws: QueryPool.PoolError.stopped) { try await pool.run(for: "a") { _, _ in } }
    }
}
