import EnclaveLink
import EnclaveProtocol
import Foundation
import Synchronization
import Testing

extension EnclaveClientSuite {
    @Suite struct QueryPoolTests {
        /// A lane that answers when it is told to.
        private final class HeldLane: QueryLink, @unchecked Sendable {
            private let counts = Mutex((queries: UInt64(0), isCut: false))
            let gate = DispatchSemaphore(value: 0)

            var queryCount: UInt64 { counts.withLock { $0.queries } }
            var isCut: Bool { counts.withLock { $0.isCut } }

            func query(_ query: ContractQuery, answering questions: any HostAnswering) throws -> ContractAnswer {
                counts.withLock { $0.queries += 1 }
                gate.wait()
                if isCut { throw EnclaveError.lost("cut") }
                return ContractAnswer()
            }

            func cut() {
                counts.withLock { $0.isCut = true }
                gate.signal()
            }
        }

        /// What the pool did, in order.
        private final class Notes: Sendable {
            private let list = Mutex<[String]>([])
            var all: [String] { list.withLock { $0 } }
            func add(_ note: String) { list.withLock { $0.append(note) } }
        }

        private let notes = Notes()

        private func pool(_ lanes: [HeldLane], _ change: (inout QueryLimits) -> Void = { _ in }) -> QueryPool {
            var limits = QueryLimits()
            (limits.time, limits.wait) = (.seconds(600), .seconds(600))
            change(&limits)
            return QueryPool(
                lanes: lanes, limits: limits,
                abandon: { [notes] lane, query in notes.add("abandon \(lane) \(query)") },
                onLaneLost: { [notes] in notes.add("lost \($0)") })
        }

        /// A query whose answer, or refusal, is noted under its name.
        private func ask(_ pool: QueryPool, _ name: String, of client: String) -> Task<Void, Never> {
            Task { [notes] in
                do {
                    _ = try await pool.run(for: client) { lane, _ in
                        notes.add("begin \(name)")
                        return try lane.query(ContractQuery(), answering: NotedQuestions())
                    }
                    notes.add("end \(name)")
                } catch { notes.add("\(name): \(error)") }
            }
        }

        private func until(_ what: String, _ condition: () -> Bool) async throws {
            let deadline = ContinuousClock.now + .seconds(200)
            while !condition() {
                try #require(ContinuousClock.now < deadline, "waited for \(what) in vain: \(notes.all)")
                try await Task.sleep(for: .milliseconds(2))
            }
        }

        @Test("clients take turns, whatever each has waiting")
        func turns() async throws {
            let lane = HeldLane()
            let pool = pool([lane])
            defer { pool.stop() }
            var tasks = [ask(pool, "a0", of: "a")]
            try await until("the first") { notes.all == ["begin a0"] }
            for (index, (name, client)) in [("a1", "a"), ("a2", "a"), ("a3", "a"), ("b1", "b")].enumerated() {
                tasks.append(ask(pool, name, of: client))
                try await until(name) { pool.waitingCount == index + 1 }
            }
            #expect(pool.underWayCount == 5)
            for _ in 0..<5 { lane.gate.signal() }
            for task in tasks { await task.value }
            #expect(notes.all.filter { $0.hasPrefix("begin") } == ["a0", "a1", "b1", "a2", "a3"].map { "begin \($0)" })
            try await until("the end") { pool.underWayCount == 0 }
        }

        @Test("a client with too much under way is told so, and others are not; and so is who finds the queue full")
        func limits() async throws {
            let lane = HeldLane()
            let pool = pool([lane]) { ($0.perClient, $0.waiting) = (2, 2) }
            defer { pool.stop() }
            var tasks = [ask(pool, "a0", of: "a")]
            try await until("the first") { notes.all == ["begin a0"] }
            tasks.append(ask(pool, "a1", of: "a"))
            try await until("a1") { pool.waitingCount == 1 }
            await #expect(throws: QueryPool.PoolError.tooManyOfClient) { try await pool.run(for: "a") { _, _ in } }
            tasks.append(ask(pool, "b0", of: "b"))
            try await until("b0") { pool.waitingCount == 2 }
            await #expect(throws: QueryPool.PoolError.busy) { try await pool.run(for: "c") { _, _ in } }
            for _ in 0..<3 { lane.gate.signal() }
            for task in tasks { await task.value }
            #expect(notes.all.filter { $0.hasPrefix("end") }.count == 3)
        }

        @Test("who waited too long is refused without a call, and a pool that stopped takes nobody")
        func waiting() async throws {
            let lane = HeldLane()
            let pool = pool([lane]) { $0.wait = .milliseconds(20) }
            let first = ask(pool, "a", of: "a")
            try await until("the first") { notes.all == ["begin a"] }
            let second = ask(pool, "b", of: "b")
            try await until("the second") { pool.waitingCount == 1 }
            try await Task.sleep(for: .milliseconds(60))
            lane.gate.signal()
            await first.value
            await second.value
            #expect(notes.all.contains("b: busy") && lane.queryCount == 1)
            pool.stop()
            await #expect(throws: QueryPool.PoolError.stopped) { try await pool.run(for: "c") { _, _ in } }
        }

        @Test(
            "a query that takes too long is given up, its lane is closed if that does not help, and the other goes on")
        func abandoned() async throws {
            let (held, other) = (HeldLane(), HeldLane())
            let pool = pool([held, other]) { ($0.time, $0.grace) = (.milliseconds(200), .seconds(3)) }
            defer { pool.stop() }
            await ask(pool, "a", of: "a").value
            let number = held.queryCount == 1 ? 0 : 1
            let lost = number == 0 ? held : other
            // Whoever looks on a busy machine comes late: the notes have the order.
            try await until("the end") { notes.all.contains("lost \(number)") }
            let told = notes.all.filter { $0.hasPrefix("abandon") || $0.hasPrefix("lost") }
            #expect(told == ["abandon \(number) 1", "lost \(number)"] && lost.isCut)
            let next = number == 0 ? other : held
            next.gate.signal()
            await ask(pool, "b", of: "a").value
            #expect(notes.all.contains("end b") && !next.isCut)
        }

        @Test("when the last lane is lost, all that wait are refused, and whoever comes later")
        func noLanes() async throws {
            let lane = HeldLane()
            let pool = pool([lane]) { ($0.time, $0.grace) = (.milliseconds(100), .milliseconds(100)) }
            defer { pool.stop() }
            let first = ask(pool, "a", of: "a")
            // On a busy machine the lane may be given up before anybody looks.
            try await until("the first") { notes.all.first == "begin a" }
            let second = ask(pool, "b", of: "b")
            await first.value
            await second.value
            #expect(notes.all.contains("b: noLanes") && pool.waitingCount == 0)
            await #expect(throws: QueryPool.PoolError.noLanes) { try await pool.run(for: "c") { _, _ in } }
        }
    }
}
