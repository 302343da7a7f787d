import ClientRequests
import NIOHPACK

/// What a call says beside its message.
struct GRPCMetadata {
    /// `x-cosmos-block-height`.
    var height: Int64?
    var timeout: Duration?

    /// `value` gives the header of a name in lower case.
    init(_ value: (String) -> String?) throws(StatusError) {
        if let text = value("grpc-timeout") {
            guard let timeout = GRPCForm.timeout(text) else { throw StatusError(.internal, "malformed grpc-timeout") }
            self.timeout = timeout
        }
        if let encoding = value("grpc-encoding"), encoding != "identity" {
            throw StatusError(.unimplemented, "grpc-encoding \(encoding) is not understood here, but identity")
        }
        // 0 means the announced height, as over REST.
        if let text = value("x-cosmos-block-height"), !text.isEmpty {
            guard let height = Int64(text), height >= 0 else {
                throw StatusError(.invalidArgument, "invalid height header: it must be a number that is not negative")
            }
            self.height = height == 0 ? nil : height
        }
    }
}

/// What the headers of a gRPC request over HTTP/2 say.
struct GRPCHead {
    /// It is no request of gRPC: an answer of HTTP says so (grpc.io: "gRPC over HTTP2").
    struct Refused: Error {
        var status: String
        var reason: String
    }

    var path: String
    var metadata: GRPCMetadata

    init(_ headers: HPACKHeaders) throws {
        guard headers.first(name: ":method") == "POST", let path = headers.first(name: ":path") else {
            throw Refused(status: "405", reason: "a call is a POST")
        }
        let type = headers.first(name: "content-type") ?? ""
        guard type.hasPrefix("application/grpc"), !type.hasPrefix("application/grpc-web") else {
            throw Refused(status: "415", reason: "the content type is application/grpc; gRPC-web comes over HTTP/1.1")
        }
        self.path = path
        metadata = try GRPCMetadata { headers.first(name: $0) }
    }
}
