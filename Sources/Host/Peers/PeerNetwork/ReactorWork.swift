import Dispatch
import Synchronization

/// Where a reactor does what it does by itself, one thing at a time, and the clock that it reads: the system's, or one
/// that a simulation turns.
package protocol ReactorWork: AnyObject, Sendable {
    /// In nanoseconds; never goes back.
    var now: UInt64 { get }
    /// Runs `body` after whatever was given before; after so long at the earliest.
    func perform(afterMilliseconds milliseconds: Int, _ body: @escaping @Sendable () -> Void)
    /// Runs `body` again and again until `end`. Comes at most once.
    func keepPerforming(everyMilliseconds milliseconds: Int, _ body: @escaping @Sendable () -> Void)
    /// What repeats does so no longer.
    func end()
}

extension ReactorWork {
    func perform(_ body: @escaping @Sendable () -> Void) { perform(afterMilliseconds: 0, body) }
}

/// A queue of the system.
package final class ReactorQueue: ReactorWork {
    private let queue: DispatchQueue
    private let timer = Mutex<Timer?>(nil)

    private struct Timer: @unchecked Sendable {
        // A source of Dispatch may be used from any thread.
        let source: any DispatchSourceTimer
    }

    package init(_ label: String) { queue = DispatchQueue(label: label) }

    deinit { end() }

    package var now: UInt64 { DispatchTime.now().uptimeNanoseconds }

    package func perform(afterMilliseconds milliseconds: Int, _ body: @escaping @Sendable () -> Void) {
        guard milliseconds > 0 else { return queue.async(execute: body) }
        queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds), execute: body)
    }

    package func keepPerforming(everyMilliseconds milliseconds: Int, _ body: @escaping @Sendable () -> Void) {
        let made = DispatchSource.makeTimerSource(queue: queue)
        made.schedule(deadline: .now() + .milliseconds(milliseconds), repeating: .milliseconds(milliseconds))
        made.setEventHandler(handler: body)
        made.resume()
        let timer = Timer(source: made)
        self.timer.withLock { $0 = timer }
    }

    package func end() { timer.withLock { $0 }?.source.cancel() }
}
