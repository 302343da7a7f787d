import Dispatch
import Synchronization
import Testing

@testable import Node

@Suite("Work that is done a piece at a time") struct SerialWorkTests {
    private final class Counts: Sendable {
        let running = Mutex(0)
        let most = Mutex(0)
        let refused = Mutex(0)
    }

    @Test("one piece runs, so many wait, of one client fewer, the next is refused, and free room is taken again")
    func bounds() async throws {
        let work = SerialWork("test", waitingMax: 2, perClient: 2)
        let gate = DispatchSemaphore(value: 0)
        let counts = Counts()
        struct Odd: Error {}
        func piece(_ number: Int) -> @Sendable () throws -> Int {
            {
                let count = counts.running.withLock { count in
                    count += 1
                    return count
                }
                counts.most.withLock { $0 = max($0, count) }
                defer { counts.running.withLock { $0 -= 1 } }
                gate.wait()
                if number < 0 { throw Odd() }
                return number
            }
        }
        func start(_ numbers: ClosedRange<Int>, _ client: @escaping @Sendable (Int) -> String) -> [Task<
            Bool, any Error
        >] {
            numbers.map { number in
                Task {
                    do {
                        return try await work.run(for: client(number), piece(number)) == number
                    } catch is SerialWork.Busy {
                        counts.refused.withLock { $0 += 1 }
                        return false
                    }
                }
            }
        }
        /// Opens the gate for so many when so many have been refused: they do not end before.
        func done(_ pieces: [Task<Bool, any Error>], letting count: Int, refusing refused: Int) async throws -> Int {
            let deadline = ContinuousClock.now + .seconds(20)
            while counts.refused.withLock({ $0 }) < refused, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(5))
            }
            for _ in 0..<count { gate.signal() }
            var done = 0
            for piece in pieces where try await piece.value { done += 1 }
            return done
        }
        #expect(try await done(start(1...6) { "\($0 % 3)" }, letting: 3, refusing: 3) == 3)
        #expect(try await done(start(1...4) { _ in "a" }, letting: 2, refusing: 5) == 2)
        #expect(counts.refused.withLock { $0 } == 5 && counts.most.withLock { $0 } == 1)
        gate.signal()
        await #expect(throws: Odd.self) { try await work.run(for: "a", piece(-1)) }
        gate.signal()
        #expect(try await work.run(for: "a", piece(7)) == 7)
    }
}
