import Logging
import Testing

@testable import LogLines

@Suite("Repeated log lines") struct LineLimiterTests {
    @Test("the same message is let through a few times in a while, and the next one says how many were left out")
    func limited() {
        var limiter = LineLimiter()
        let start = ContinuousClock.now
        let first = (0..<10_000).map { limiter.admit("does not vote", .notice, now: start + .microseconds($0)) }
        #expect(first.count { $0 != .leaveOut } == LineLimiter.linesMax)
        #expect(limiter.admit("another", .notice, now: start) == .write(leftOut: 0))
        #expect(limiter.admit("does not vote", .critical, now: start) == .write(leftOut: 0))
        let later = start + LineLimiter.window
        #expect(limiter.admit("does not vote", .notice, now: later) == .write(leftOut: 10_000 - LineLimiter.linesMax))
        #expect(limiter.admit("does not vote", .notice, now: later) == .write(leftOut: 0))
    }
}
