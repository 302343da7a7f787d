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

        /// As gRPC's Go library writes it.
        package var name: String {
            switch self {
            case .unknown: "Unknown"
            case .invalidArgument: "InvalidArgument"
            case .deadlineExceeded: "DeadlineExceeded"
            case .notFound: "NotFound"
            case .alreadyExists: "AlreadyExists"
            case .permissionDenied: "PermissionDenied"
            case .resourceExhausted: "ResourceExhausted"
            case .failedPrecondition: "FailedPrecondition"
            case .outOfRange: "OutOfRange"
            case .unimplemented: "Unimplemented"
            case .internal: "Internal"
            case .unavailable: "Unavailable"
            case .unauthenticated: "Unauthenticated"
            }
        }

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
    /// What a handler refuses is told as it says it, over REST and gRPC. `abci_query` alone wraps it (`QueryRouter`).
    package static func notFound(_ what: String) -> StatusError { StatusError(.notFound, what) }

    package static func invalidRequest(_ what: String) -> StatusError { StatusError(.invalidArgument, what) }

    package static func unknownRequest(_ what: String) -> StatusError {
        StatusError(.unknown, "\(what): unknown request")
    }

    static let noRoute = StatusError(.unimplemented, "Not Implemented")
}
