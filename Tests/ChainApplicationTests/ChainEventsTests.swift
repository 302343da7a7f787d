import ChainInterface
import PublicCryptography
import Synchronization
import Testing

@Suite("Events of the chain")
struct ChainEventsTests {
    private func heights(_ range: ClosedRange<Int64>) -> [ChainEvent] { range.map { .announced(height: $0) } }

    private func rest(_ reader: ChainEventReader) throws -> [ChainEvent] {
        var events: [ChainEvent] = []
        while let event = try reader.poll() { events.append(event) }
        return events
    }

    @Test("every reader hears of everything since it came, in order, whatever the others read")
    func order() throws {
        let events = ChainEvents(queueMax: 10)
        let first = try events.read()
        for event in heights(1...3) { events.publish(event) }
        let second = try events.read()
        #expect(try first.poll() == .announced(height: 1))
        for event in heights(4...6) { events.publish(event) }
        #expect(try rest(first) == heights(2...6))
        #expect(try rest(second) == heights(4...6))
        // Over and over, reading a little less than what comes: the queue does not grow, nothing is lost.
        var heard: [ChainEvent] = []
        for height in 7...106 as ClosedRange<Int64> {
            events.publish(.announced(height: height))
            if height % 9 != 0, let event = try first.poll() { heard.append(event) }
            if height % 27 == 0 { heard += try rest(first) }
        }
        heard += try rest(first)
        #expect(heard == heights(7...106))
    }

    @Test("a slow reader loses its place, hears how much it missed, and keeps back nobody")
    func slow() async throws {
        let events = ChainEvents(queueMax: 10)
        let (slow, quick) = (try events.read(), try events.read())
        var heard: [ChainEvent] = []
        for event in heights(1...25) {
            events.publish(event)
            if let event = try quick.poll() { heard.append(event) }
        }
        #expect(heard == heights(1...25))
        let lag = await #expect(throws: ChainEventReader.FellBehind.self) { try await slow.next() }
        #expect(lag?.missed == 20)
        #expect(try await slow.next() == .announced(height: 21))
        #expect(try rest(slow) == heights(22...25))
        events.publish(.announced(height: 26))
        #expect(try await slow.next() == .announced(height: 26))
    }

    @Test("there may be only so many readers, and one that goes makes room")
    func readers() throws {
        let events = ChainEvents(readersMax: 3)
        var readers = try (0..<3).map { _ in try events.read() }
        #expect(throws: ChainEvents.TooManyReaders.self) { try events.read() }
        readers.removeFirst()
        readers.append(try events.read())
        #expect(throws: ChainEvents.TooManyReaders.self) { try events.read() }
        events.publish(.announced(height: 1))
        for reader in readers { #expect(try reader.poll() == .announced(height: 1)) }
        readers.removeAll()
        events.publish(.announced(height: 2))
        for _ in 0..<3 { readers.append(try events.read()) }
        for reader in readers { #expect(try reader.poll() == nil) }
    }

    @Test("who waits is woken by the next event, or by being cancelled, and may wait again")
    func cancellation() async throws {
        let events = ChainEvents()
        let reader = try events.read()
        for _ in 0..<50 {
            let cancelled = Task { try await reader.next() }
            await Task.yield()
            cancelled.cancel()
            #expect(try await cancelled.value == nil)
        }
        let woken = Task { try await reader.next() }
        await Task.yield()
        events.publish(.announced(height: 1))
        #expect(try await woken.value == .announced(height: 1))
        // What is there is read even by who is cancelled.
        events.publish(.announced(height: 2))
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await reader.next()
        }
        #expect(try await late.value == .announced(height: 2))
    }

    @Test("fifty readers wait while others publish: each hears of all, in each publisher's order")
    func many() async throws {
        let events = ChainEvents(readersMax: 50, queueMax: 5_000)
        let (publishers, count) = (4, 1_000 as Int64)
        let readers = try (0..<50).map { _ in try events.read() }
        let sums = try await withThrowingTaskGroup(of: Int64.self) { group in
            for reader in readers {
                group.addTask {
                    var last = [Int64](repeating: -1, count: publishers)
                    var sum: Int64 = 0
                    for _ in 0..<Int64(publishers) * count {
                        guard case .announced(let height)? = try await reader.next() else { break }
                        let publisher = Int(height % Int64(publishers))
                        #expect(height > last[publisher])
                        last[publisher] = height
                        sum += height
                    }
                    return sum
                }
            }
            await withTaskGroup(of: Void.self) { group in
                for publisher in 0..<publishers {
                    group.addTask {
                        for number in 0..<count {
                            events.publish(.announced(height: number * Int64(publishers) + Int64(publisher)))
                        }
                    }
                }
            }
            var sums: [Int64] = []
            for try await sum in group { sums.append(sum) }
            return sums
        }
        let all = Int64(publishers) * count
        #expect(sums == Array(repeating: all * (all - 1) / 2, count: 50))
    }
}
