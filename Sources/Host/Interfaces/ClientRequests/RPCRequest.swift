import StrictJSON

/// What a request is told apart by, repeated in its answer.
package enum RPCID: Equatable, Sendable {
    case number(Int64)
    case text(String)

    /// Of a request that came as a path.
    package static let ofPath = RPCID.number(-1)

    package var json: JSONValue {
        switch self {
        case .number(let number): .number(number)
        case .text(let text): .string(text)
        }
    }
}

/// One JSON-RPC request, not yet held against what there is to call.
package struct RPCRequest: Equatable, Sendable {
    package enum Parameters: Equatable, Sendable {
        case none
        case named([Named])
        /// In the order of the method.
        case listed([JSONValue])
        /// From the query of a path: texts that are not JSON, or not yet.
        case path([Named])
        /// Neither an object nor a list.
        case unknown

        package struct Named: Equatable, Sendable {
            package var name: String
            package var value: JSONValue

            package init(_ name: String, _ value: JSONValue) { (self.name, self.value) = (name, value) }
        }
    }

    package var id: RPCID
    package var method: String
    package var parameters: Parameters

    package init(id: RPCID, method: String, parameters: Parameters) {
        (self.id, self.method, self.parameters) = (id, method, parameters)
    }
}

extension RPCRequest {
    /// The requests of a body, one or a list of them. Those without an id want no answer and are left out, as CometBFT
    /// leaves them out undone. A list of more than `batchMax` is refused as a whole, whatever is in it.
    package static func read(
        _ body: [UInt8], limits: JSONLimits, batchMax: Int = RequestLimits.batchMax
    ) throws(RPCFault) -> [RPCRequest] {
        let json: JSONValue
        do throws(JSONError) { json = try JSONReader.parse(body, limits: limits) } catch {
            throw .unreadable("\(error)")
        }
        switch json {
        case .null: return []
        case .array(let elements):
            guard batchMax > 0 else { throw .malformed("a message is one request here, and not a list") }
            guard elements.count <= batchMax else {
                throw .malformed("a batch has at most \(batchMax) requests, and this one has \(elements.count)")
            }
            var requests: [RPCRequest] = []
            for element in elements {
                if let request = try RPCRequest(element) { requests.append(request) }
            }
            return requests
        default:
            return try RPCRequest(json).map { [$0] } ?? []
        }
    }

    /// `nil` for what wants no answer.
    private init?(_ json: JSONValue) throws(RPCFault) {
        if json.isNull { return nil }
        guard json.object != nil else { throw .unreadable("a request is an object") }
        guard let id = try RPCRequest.id(json["id"]) else { return nil }
        let method = json["method"] ?? .null
        guard method.isNull || method.string != nil else { throw .unreadable("method is a text") }
        let version = json["jsonrpc"] ?? .null
        guard version.isNull || version.string != nil else { throw .unreadable("jsonrpc is a text") }
        let parameters: Parameters =
            switch json["params"] {
            case nil, .some(.null): .none
            case .some(.object(let members)): .named(members.map { .init($0.0, $0.1) })
            case .some(.array(let values)): .listed(values)
            default: .unknown
            }
        self.init(id: id, method: method.string ?? "", parameters: parameters)
    }

    /// Fractions are cut off, as Go's conversion does.
    private static func id(_ json: JSONValue?) throws(RPCFault) -> RPCID? {
        switch json {
        case nil, .some(.null): return nil
        case .some(.string(let text)): return .text(text)
        case .some(.number(let text)):
            let whole = text.prefix { $0 != "." }
            guard !text.contains(where: { $0 == "e" || $0 == "E" }), let number = Int64(whole) else {
                throw .unreadable("the id is too large a number")
            }
            return .number(number)
        default: throw .unreadable("the id is a number or a text")
        }
    }
}
