import Synchronization
import Testing

@testable import API

@Suite("Deadlines")
struct DeadlinesTests {
    private struct Failed: Error, Equatable {}

    @Test("what ends in time is what it comes to, or throws what it throws")
    func inTime() async throws {
        let deadlines = Deadlines()
        #expect(try await deadlines.result(within: .seconds(60)) { 7 } == 7)
        await #expect(throws: Failed.self) {
            try await deadlines.result(within: .seconds(60)) { () async throws -> Int in throw Failed() }
        }
    }

    @Test("what takes too long is cancelled and comes to nothing, whatever it says then, and others go on")
    func late() async throws {
        let deadlines = Deadlines()
        async let other = deadlines.result(within: .seconds(600)) {
            try await Task.sleep(for: .milliseconds(1_200))
            return 1
        }
        let wasCancelled = Mutex(false)
        let late = try await deadlines.result(within: .milliseconds(1)) {
            do {
                try await Task.sleep(for: .seconds(600))
            } catch {
                wasCancelled.withLock { $0 = true }
            }
            return 2
        }
        #expect(late == nil && wasCancelled.withLock { $0 })
        #expect(try await other == 1)
        // It looks again after it had nothing to look at.
        #expect(
            try await deadlines.result(within: .milliseconds(1)) { try await Task.sleep(for: .seconds(600)) } == nil)
    }

    @Test("who waits for it can cancel it")
    func cancelled() async throws {
        let deadlines = Deadlines()
        let waiting = Task {
            try await deadlines.result(within: .seconds(600)) { try await Task.sleep(for: .seconds(600)) }
        }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
