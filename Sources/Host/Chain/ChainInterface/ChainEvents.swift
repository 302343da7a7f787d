import PublicCryptography
import Synchronization

/// What others wait for. Of one size, whatever happened: what a reader wants to show of it, it reads from the chain.
package enum ChainEvent: Hashable, Sendable {
    /// A transaction waits for a block now.
    case accepted(Hash32)
    /// What happened up to this height can be shown. Heights may be left out.
    case announced(height: Int64)
}

/// Tells many readers what happens, each in its own time.
///
/// Whoever publishes waits for nobody. A reader that falls behind loses its place and hears so; the memory of all
/// readers together is bounded, since there may be only so many and each queue is short.
package final class ChainEvents: Sendable {
    /// As many as CometBFT has of clients, with one subscription each.
    package static let readersMax = 100
    /// What a reader may leave unread: as much as comes in some seconds under full load.
    package static let queueMax = 1_000

    package struct TooManyReaders: Error, Equatable {
        package var max: Int
    }

    private struct Readers {
        var queues: [UInt64: ReaderQueue] = [:]
        var nextName: UInt64 = 0
    }

    private let readersMax: Int
    private let queueMax: Int
    private let readers = Mutex(Readers())

    package init(readersMax: Int = ChainEvents.readersMax, queueMax: Int = ChainEvents.queueMax) {
        precondition(queueMax > 0)
        (self.readersMax, self.queueMax) = (readersMax, queueMax)
    }

    /// Hears of everything from here on, until the reader goes away.
    package func read() throws(TooManyReaders) -> ChainEventReader {
        let queue = ReaderQueue(countMax: queueMax)
        let name: UInt64? = readers.withLock { readers in
            guard readers.queues.count < readersMax else { return nil }
            readers.nextName += 1
            readers.queues[readers.nextName] = queue
            return readers.nextName
        }
        guard let name else { throw TooManyReaders(max: readersMax) }
        return ChainEventReader(queue) { [weak self] in
            self?.readers.withLock { _ = $0.queues.removeValue(forKey: name) }
        }
    }

    /// Events reach every reader in the order in which they are published.
    package func publish(_ event: ChainEvent) {
        readers.withLock { readers in
            for queue in readers.queues.values { queue.put(event) }
        }
    }
}

/// A place in the stream of events. One task at a time reads.
package final class ChainEventReader: Sendable {
    /// The reader was too slow: what it missed is gone for it. It goes on with what comes now; who shows a complete
    /// story must end, or read from the chain what lies between.
    package struct FellBehind: Error, Equatable {
        package var missed: Int
    }

    private let queue: ReaderQueue
    private let leave: @Sendable () -> Void

    fileprivate init(_ queue: ReaderQueue, leave: @escaping @Sendable () -> Void) {
        (self.queue, self.leave) = (queue, leave)
    }

    deinit { leave() }

    /// The next event, once there is one; `nil` when the task is cancelled.
    package func next() async throws(FellBehind) -> ChainEvent? {
        let turn = await withTaskCancellationHandler {
            await withCheckedContinuation { queue.wait(for: $0) }
        } onCancel: {
            queue.release()
        }
        return try turn.get()
    }

    /// The next event, if there is one already.
    package func poll() throws(FellBehind) -> ChainEvent? { try queue.take()?.get() }
}

/// What one reader has not read yet.
private final class ReaderQueue: Sendable {
    typealias Turn = Result<ChainEvent?, ChainEventReader.FellBehind>

    private struct Content {
        var events: [ChainEvent] = []
        /// The first one that is not read.
        var start = 0
        var missed = 0
        var waiter: CheckedContinuation<Turn, Never>?

        mutating func take() -> Turn? {
            if missed > 0 {
                defer { missed = 0 }
                return .failure(ChainEventReader.FellBehind(missed: missed))
            }
            guard start < events.count else { return nil }
            defer { start += 1 }
            return .success(events[start])
        }
    }

    private let countMax: Int
    private let content = Mutex(Content())

    init(countMax: Int) { self.countMax = countMax }

    func put(_ event: ChainEvent) {
        content.withLock { content in
            if let waiter = content.waiter {
                content.waiter = nil
                waiter.resume(returning: .success(event))
                return
            }
            if content.events.count - content.start >= countMax {
                content.missed += content.events.count - content.start
                (content.events, content.start) = ([], 0)
            } else if content.start == content.events.count {
                content.events.removeAll(keepingCapacity: true)
                content.start = 0
            } else if content.start >= countMax {
                content.events.removeFirst(content.start)
                content.start = 0
            }
            content.events.append(event)
        }
    }

    func take() -> Turn? { content.withLock { $0.take() } }

    func wait(for continuation: CheckedContinuation<Turn, Never>) {
        content.withLock { content in
            precondition(content.waiter == nil, "two tasks read one place in the stream")
            if let turn = content.take() {
                continuation.resume(returning: turn)
            } else if Task.isCancelled {
                continuation.resume(returning: .success(nil))
            } else {
                content.waiter = continuation
            }
        }
    }

    /// Whoever waits need not wait any longer.
    func release() {
        content.withLock { content in
            content.waiter?.resume(returning: .success(nil))
            content.waiter = nil
        }
    }
}
