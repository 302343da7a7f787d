import HTTPTypes
import HummingbirdCore
import NIOCore

/// Bodies of requests over HTTP/1.1. Each holds its share of a budget from before it is read, as much as its client
/// says that it will send, until its answer is made; and it has a time to come.
struct RequestBodies: Sendable {
    /// Why a request has no body that could be answered.
    struct Refusal: Error {
        var status: StatusError
        var isTooLong = false
    }

    /// What a request with a body costs beside it.
    private static let overhead = 4096

    let budget: BodyBudget
    let deadlines: Deadlines
    /// Of one body.
    let bytesMax: Int
    let time: Duration

    /// What `work` makes of the body.
    func with<Answer: Sendable>(
        _ request: Request, from client: String, _ work: ([UInt8]) async -> Answer
    ) async throws(Refusal) -> Answer {
        let reserved = try reserve(for: request, from: client)
        defer { budget.release(reserved, of: client) }
        return await work(reserved > 0 ? try await body(of: request) : [])
    }

    private func reserve(for request: Request, from client: String) throws(Refusal) -> Int {
        let isChunked = request.headers[.transferEncoding] != nil
        let length = request.headers[.contentLength]
        guard isChunked || length.map({ $0 != "0" }) ?? false else { return 0 }
        // Who does not say may send as much as anybody.
        let bytes = isChunked ? bytesMax : length.flatMap { Int($0) } ?? bytesMax
        let reserved = min(max(0, bytes), bytesMax) + RequestBodies.overhead
        if let refusal = budget.reserve(reserved, for: client) { throw Refusal(status: StatusError(refusal)) }
        return reserved
    }

    /// Who sends a body slowly holds its bytes until the deadline, and no longer.
    private func body(of request: Request) async throws(Refusal) -> [UInt8] {
        let bytesMax = bytesMax
        let tooLong = Refusal(
            status: StatusError(.resourceExhausted, "the body is larger than \(bytesMax) bytes"), isTooLong: true)
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > bytesMax { throw tooLong }
        let requestBody = request.body
        let body: [UInt8]?
        do {
            body = try await deadlines.result(within: time) {
                Array(try await requestBody.collect(upTo: bytesMax).readableBytesView)
            }
        } catch is NIOTooManyBytesError {
            throw tooLong
        } catch {
            throw Refusal(status: StatusError(.invalidArgument, "the body could not be read"))
        }
        guard let body else { throw Refusal(status: StatusError(.deadlineExceeded, "the body came too slowly")) }
        return body
    }
}

extension StatusError {
    init(_ refusal: BodyBudget.Refusal) {
        switch refusal {
        case .usedUp: self.init(.unavailable, "too many bodies at once; try again")
        case .shareUsedUp: self.init(.resourceExhausted, "too many bodies of yours at once; try again")
        }
    }
}
