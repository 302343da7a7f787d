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

    @Test("one piece runs, so many wait, the next is refused, and room that is free is taken again")
    func bounds() async throws {
        let work = SerialWork("test", waitingMax: 2)
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
        let pieces = (1...6).map { number in
            Task {
                do {
                    return try await work.run(piece(number))
                } catch is SerialWork.Busy {
                    counts.refused.withLock { $0 += 1 }
                    return 0
                }
            }
        }
        // The others do not end before the gate opens.
        while counts.refused.withLock({ $0 }) < 3 { try await Task.sleep(for: .milliseconds(5)) }
        for _ in 0..<3 { gate.signal() }
        var sum = 0
        for piece in pieces where try await piece.value > 0 { sum += 1 }
        #expect(sum == 3 && counts.refused.withLock { $0 } == 3 && counts.most.withLock { $0 } == 1)
        gate.signal()
        await #expect(throws: Odd.self) { try await work.run(piece(-1)) }
        gate.signal()
        #expect(try await work.run(piece(7)) == 7)
    }
}
