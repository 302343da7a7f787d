import BenchmarkKit
import Foundation
import Synchronization

/// Clients that send what was made ready before, each over its own connection, one request after the other.
struct ClientLoad {
    /// What a server said to one request.
    enum Answer { case taken, full, refused(String) }

    struct Client: Sendable {
        var port: Int
        /// In the order in which they are sent.
        var requests: [[UInt8]]
        var path: String
    }

    /// What a client's thread has to do with the others.
    final class Progress: Sendable {
        let hasEnded = Atomic(false)
        /// How many of each client's were taken.
        let taken: Mutex<[Int]>
        let running = Atomic(0)
        let failure = Mutex<String?>(nil)

        init(clientCount: Int) { taken = Mutex(Array(repeating: 0, count: clientCount)) }

        func end() throws {
            hasEnded.store(true, ordering: .relaxed)
            while running.load(ordering: .acquiring) > 0 { usleep(1000) }
            try check()
        }

        func check() throws {
            if let failure = failure.withLock({ $0 }) { throw ProductNetwork.Failed(description: failure) }
        }
    }

    /// Begins to send as fast as the servers take it. What a full mempool refuses is sent again a little later.
    static func begin(
        _ clients: [Client], answer: @escaping @Sendable (LoopbackHTTP.Answer) -> Answer
    ) -> Progress {
        let progress = Progress(clientCount: clients.count)
        for (index, client) in clients.enumerated() {
            progress.running.add(1, ordering: .relaxed)
            Thread.detachNewThread {
                defer { progress.running.subtract(1, ordering: .releasing) }
                do {
                    let connection = try LoopbackHTTP(port: client.port)
                    var rest = client.requests[...]
                    while let request = rest.first, !progress.hasEnded.load(ordering: .relaxed) {
                        switch answer(try connection.post(client.path, json: request)) {
                        case .taken:
                            progress.taken.withLock { $0[index] += 1 }
                            rest = rest.dropFirst()
                        case .full: usleep(10_000)
                        case .refused(let text):
                            return progress.failure.withLock { $0 = "a transaction was refused: \(text)" }
                        }
                    }
                } catch {
                    progress.failure.withLock { $0 = "\(error)" }
                }
            }
        }
        return progress
    }

    /// At a modest rate: the seconds from sending each to seeing that it is in a block. Each client sends one at a
    /// time, and waits for its own moment; `isSeen` is asked every two milliseconds.
    static func latencies(
        _ clients: [Client], perSecond: Double, answer: @escaping @Sendable (LoopbackHTTP.Answer) -> Answer,
        isSeen: @escaping @Sendable (LoopbackHTTP, _ client: Int, _ number: Int) throws -> Bool
    ) throws -> Samples {
        let progress = Progress(clientCount: clients.count)
        let gathered = Mutex<[Double]>([])
        let (start, interval) = (Machine.now, Double(clients.count) / perSecond)
        for (index, client) in clients.enumerated() {
            progress.running.add(1, ordering: .relaxed)
            Thread.detachNewThread {
                defer { progress.running.subtract(1, ordering: .releasing) }
                do {
                    let connection = try LoopbackHTTP(port: client.port)
                    for (number, request) in client.requests.enumerated() {
                        let due = start + (Double(number) + Double(index) / Double(clients.count)) * interval
                        if Machine.now < due { usleep(UInt32((due - Machine.now) * 1e6)) }
                        let sent = Machine.now
                        switch answer(try connection.post(client.path, json: request)) {
                        case .taken: break
                        case .full: return progress.failure.withLock { $0 = "the mempool is full" }
                        case .refused(let text):
                            return progress.failure.withLock { $0 = "a transaction was refused: \(text)" }
                        }
                        while try !isSeen(connection, index, number) {
                            guard Machine.now - sent < 60 else {
                                return progress.failure.withLock { $0 = "a transaction came into no block" }
                            }
                            usleep(2000)
                        }
                        let seconds = Machine.now - sent
                        gathered.withLock { $0.append(seconds) }
                    }
                } catch {
                    progress.failure.withLock { $0 = "\(error)" }
                }
            }
        }
        while progress.running.load(ordering: .acquiring) > 0 { usleep(5000) }
        try progress.check()
        return Samples(gathered.withLock { $0 })
    }
}
