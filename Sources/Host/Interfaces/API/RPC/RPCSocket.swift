import ChainInterface
import ClientRequests
import Logging
import StrictJSON

/// Where the bytes of a connection go, text by text.
///
/// A write ends when the next may begin; it throws where the other side does not take it in time.
protocol TextSink: Sendable {
    func write(_ text: [UInt8]) async throws
}

/// One connection to `/websocket`: the RPC's methods as messages, and events of what was subscribed to.
///
/// Requests are done one after the other. Events come height by height, for all subscriptions of the connection, from
/// the height behind the one at which each began. Nothing is kept of what a slow reader has not read but the height it
/// is at: who falls behind by more than `heightsBehindMax` is told so, and let go.
actor RPCSocket {
    static let subscriptionsMax = 10
    static let heightsBehindMax: Int64 = 1_000

    private struct Subscription {
        let id: RPCID
        let text: String
        let query: EventQuery
        /// Nothing up to here is told.
        let from: Int64
    }

    /// The reader is too slow, or asked for what cannot be shown: the connection ends behind this.
    struct Ended: Error {
        var reason: String
    }

    private let door: RPCDoor
    private let stories: BlockStories
    private let slots: RequestSlots
    private let client: String
    private let sink: any TextSink
    private var subscriptions: [Subscription] = []
    private var hasSubscribed: CheckedContinuation<Void, Never>?
    private var isOver = false

    init(
        _ door: RPCDoor, stories: BlockStories, slots: RequestSlots, client: String, sink: any TextSink
    ) {
        (self.door, self.stories) = (door, stories)
        (self.slots, self.client, self.sink) = (slots, client, sink)
    }

    // MARK: - Requests

    /// One message, which is one request: lists are for HTTP alone, as with CometBFT.
    func receive(_ message: [UInt8]) async throws {
        let requests: [RPCRequest]
        do throws(RPCFault) {
            requests = try RPCRequest.read(message, limits: RPCDoor.jsonLimits, batchMax: 0)
        } catch {
            return try await sink.write(RPCDoor.response(.failure(error), id: nil))
        }
        for request in requests { try await answer(request) }
    }

    private func answer(_ request: RPCRequest) async throws {
        guard let method = RPCDoor.methods[request.method], method.isForSockets else {
            guard await slots.acquire() else {
                return try await sink.write(
                    RPCDoor.response(.failure(.failed("too many requests at once; try again")), id: request.id))
            }
            let result: Result<JSONValue, RPCFault>
            do {
                defer { slots.release() }
                result = await door.result(of: request, client: client)
            }
            return try await sink.write(RPCDoor.response(result, id: request.id))
        }
        let result: Result<JSONValue, RPCFault>
        do throws(RPCFault) {
            let call = try RPCCall(request, names: method.names)
            switch request.method {
            case "subscribe": try subscribe(try call.text("query") ?? "", id: request.id)
            case "unsubscribe": try unsubscribe(try call.text("query") ?? "")
            default: try unsubscribeAll()
            }
            result = .success(.object([]))
        } catch {
            result = .failure(error)
        }
        // Before any event: none comes while this actor has not given way.
        try await sink.write(RPCDoor.response(result, id: request.id))
        if case .success = result, request.method == "subscribe" { begin(request.id) }
    }

    /// Of those that are answered and not begun.
    private var fresh: [Subscription] = []

    private func subscribe(_ text: String, id: RPCID) throws(RPCFault) {
        guard subscriptions.count + fresh.count < Self.subscriptionsMax else {
            throw .failed("max_subscriptions_per_client \(Self.subscriptionsMax) reached")
        }
        let query = try Self.query(text)
        guard !subscriptions.contains(where: { $0.query == query }) else { throw .failed("already subscribed") }
        fresh.append(Subscription(id: id, text: text, query: query, from: door.chain.announcedHeight))
    }

    private func begin(_ id: RPCID) {
        subscriptions += fresh
        fresh = []
        hasSubscribed?.resume()
        hasSubscribed = nil
    }

    private func unsubscribe(_ text: String) throws(RPCFault) {
        let query = try Self.query(text)
        guard let index = subscriptions.firstIndex(where: { $0.query == query }) else {
            throw .failed("subscription not found")
        }
        subscriptions.remove(at: index)
    }

    private func unsubscribeAll() throws(RPCFault) {
        guard !subscriptions.isEmpty else { throw .failed("subscription not found") }
        subscriptions = []
    }

    /// Who waits for what is never told would wait in vain, so it is refused.
    private static func query(_ text: String) throws(RPCFault) -> EventQuery {
        let query: EventQuery
        do throws(EventQueryFault) { query = try EventQuery(text) } catch {
            throw .failed("failed to parse query: \(error.text)")
        }
        for condition in query.conditions where condition.name == "tm.event" {
            guard case .compares(.equal, .text(let kind)) = condition.test else { continue }
            guard BlockStory.kinds.contains(kind) else {
                throw .failed("no events \(kind) are told here, but \(BlockStory.kinds.joined(separator: ", "))")
            }
        }
        return query
    }

    // MARK: - Events

    /// Tells events until the task is cancelled or the node ends. Throws `Ended`, having said why, and what the sink
    /// throws.
    func tell() async throws {
        while !Task.isCancelled {
            guard let first = subscriptions.map(\.from).min() else {
                await untilSubscribed()
                if isOver { return }
                continue
            }
            var told = first
            while !subscriptions.isEmpty {
                guard let announced = await door.heights.next(after: told) else {
                    return try await end("the node ends")
                }
                // A subscription that is younger than what was told begins behind it by itself.
                while told < announced, !subscriptions.isEmpty {
                    guard announced - told <= Self.heightsBehindMax else { return try await end("slow client") }
                    told += 1
                    try await tell(told)
                }
            }
        }
    }

    private func tell(_ height: Int64) async throws {
        let story: BlockStory?
        do { story = try await stories.story(at: height) } catch let refusal as ChainRefusal {
            return try await end(refusal.status.message)
        }
        guard let story else { return try await end("block \(height) is not here any more") }
        for happening in story.happenings {
            for subscription in subscriptions where subscription.from < height {
                guard subscription.query.matches(happening.values) else { continue }
                try await sink.write(Self.event(happening, subscription))
            }
        }
    }

    private static func event(_ happening: BlockStory.Happening, _ subscription: Subscription) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("jsonrpc", "2.0")
        writer.member("id", subscription.id.json)
        writer.name("result")
        writer.beginObject()
        writer.member("query", subscription.text)
        writer.name("data")
        writer.writeUnchecked(happening.data)
        writer.name("events")
        writer.writeUnchecked(happening.events)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    private func end(_ reason: String) async throws {
        for subscription in subscriptions {
            try await sink.write(
                RPCDoor.response(
                    .failure(.ended("subscription was canceled (reason: \(reason))")), id: subscription.id))
        }
        throw Ended(reason: reason)
    }

    private func untilSubscribed() async {
        if isOver || !subscriptions.isEmpty { return }
        await withCheckedContinuation { hasSubscribed = $0 }
    }

    /// Whoever waits for a subscription need not any longer.
    func stop() {
        isOver = true
        hasSubscribed?.resume()
        hasSubscribed = nil
    }
}
