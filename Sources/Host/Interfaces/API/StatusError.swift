/// Why a request has no answer: a gRPC status, which REST shows as an HTTP status and a small body.
package struct StatusError: Error, Equatable, CustomStringConvertible {
    /// The codes of gRPC that occur here.
    package enum Code: Int, Sendable {
        case unknown = 2
        case invalidArgument = 3
        case deadlineExceeded = 4
        case notFound = 5
        case alreadyExists = 6
        case permissionDenied = 7
        case resourceExhausted = 8
        case failedPrecondition = 9
        case outOfRange = 11
        case unimplemented = 12
        case `internal` = 13
        case unavailable = 14
        case unauthenticated = 16

        package var httpStatus: Int {
            switch self {
            case .invalidArgument, .failedPrecondition, .outOfRange: 400
            case .unauthenticated: 401
            case .permissionDenied: 403
            case .notFound: 404
            case .alreadyExists: 409
            case .resourceExhausted: 429
            case .unknown, .internal: 500
            case .unimplemented: 501
            case .unavailable: 503
            case .deadlineExceeded: 504
            }
        }
    }

    package var code: Code
    package var message: String
    /// What the enclave says of its refusal, for the client alone (`AnswerStamp`).
    package var stamp: [UInt8] = []

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(code): \(message)" }
}

extension StatusError {
    /// The texts that reach a client of the original through its query router, which wraps what a handler says.
    package static func notFound(_ what: String) -> StatusError {
        StatusError(.notFound, "rpc error: code = NotFound desc = \(what): key not found")
    }

    package static func invalidRequest(_ what: String) -> StatusError {
        StatusError(.invalidArgument, "rpc error: code = InvalidArgument desc = \(what): invalid request")
    }

    package static func unknownRequest(_ what: String) -> StatusError {
        StatusError(.unknown, "\(what): unknown request")
    }

    static let noRoute = StatusError(.unimplemented, "Not Implemented")
}
