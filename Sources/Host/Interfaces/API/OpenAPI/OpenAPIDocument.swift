import StrictJSON

/// The REST interface as an OpenAPI 3.1 document (spec.openapis.org/oas/v3.1.0), made of the descriptors that read the
/// requests and write the answers, so that it says what they do. What an answer has beyond it is a fault: nothing but
/// the members that are listed comes, and all that are required do.
struct OpenAPIDocument {
    /// Of all routes of this node.
    static let chain: [UInt8] = {
        do { return JSONWriter.bytes(of: try OpenAPIDocument(.chain).value) } catch {
            preconditionFailure("the embedded descriptors do not tell their types: \(error)")
        }
    }()

    private let pool: DescriptorPool
    private var paths: [(shape: String, path: String, operations: [(String, JSONValue)])] = []
    private var schemas: OpenAPISchemas

    private init(_ pool: DescriptorPool) throws {
        self.pool = pool
        schemas = OpenAPISchemas(pool)
        for method in pool.methods {
            guard let rule = method.http else { continue }
            try add(method, rule)
        }
        try schemas.complete()
    }

    /// Of two methods whose templates differ in names alone, the later one is found (`RouteTable`).
    private mutating func add(_ method: MethodDescriptor, _ rule: HTTPRule) throws {
        let path = rule.template.replacing("=**}", with: "}")
        let shape = path.split(separator: "/").map { $0.hasPrefix("{") ? "{}" : String($0) }.joined(separator: "/")
        let verb = rule.verb == .get ? "get" : "post"
        let operation = try operation(of: method, rule, path)
        guard let index = paths.firstIndex(where: { $0.shape == shape }) else {
            return paths.append((shape, path, [(verb, operation)]))
        }
        paths[index].operations.removeAll { $0.0 == verb }
        paths[index].operations.append((verb, operation))
        paths[index].path = path
    }

    private var value: JSONValue {
        let operations = paths.map { ($0.path, JSONValue.object($0.operations)) }
        return .object([
            ("openapi", "3.1.0"),
            (
                "info",
                [
                    "title": "Cloister over REST", "version": "1",
                    "description":
                        "Integers of 64 bits are texts, bytes are Base64, amounts and decimals texts. The header x-cosmos-block-height asks for an earlier height.",
                ]
            ),
            ("servers", [["url": "/"]]), ("paths", .object(operations)),
            (
                "components",
                .object([
                    ("schemas", .object([("Refusal", Self.refusal)] + schemas.all)),
                    ("responses", .object(Self.refusals)), ("headers", .object(Self.headers)),
                ])
            ),
        ])
    }

    // MARK: - Operations

    private mutating func operation(of method: MethodDescriptor, _ rule: HTTPRule, _ path: String) throws -> JSONValue {
        let parts = method.path.split(separator: "/")
        let name = parts[1].prefix(1).lowercased() + parts[1].dropFirst()
        var members: [(String, JSONValue)] = [
            ("operationId", .string(String(method.path.dropFirst()).replacing("/", with: "."))),
            ("tags", [.string(String(parts[0]))]), ("summary", .string(name)),
        ]
        let input = try pool.message(method.input)
        if rule.verb == .post {
            let schema = schemas.reference(toRequest: input.name)
            members.append(
                (
                    "requestBody", ["required": true, "content": ["application/json": ["schema": schema]]]
                ))
            members.append(("parameters", [Self.height]))
        } else {
            members.append(("parameters", .array(try parameters(of: input, path) + [Self.height])))
        }
        let answer = schemas.reference(toAnswer: method.output)
        let responses: [(String, JSONValue)] = [
            (
                "200",
                [
                    "description": "The answer.", "content": ["application/json": ["schema": answer]],
                    "headers": [
                        "Grpc-Metadata-X-Cosmos-Block-Height": ["$ref": "#/components/headers/Height"]
                    ],
                ]
            )
        ]
        members.append(
            (
                "responses",
                .object(
                    responses
                        + Self.refusals.map { ($0.0, ["$ref": .string("#/components/responses/\($0.0)")]) })
            ))
        return .object(members)
    }

    private func parameters(of input: MessageDescriptor, _ path: String) throws -> [JSONValue] {
        var parameters: [JSONValue] = []
        var bound: Set<UInt32> = []
        for part in path.split(separator: "/") where part.hasPrefix("{") {
            let name = part.dropFirst().dropLast()
            guard let field = input.field(requestName: name) else { continue }
            bound.insert(field.number)
            parameters.append([
                "name": .string(String(name)), "in": "path", "required": true,
                "schema": try OpenAPISchemas.parameter(field, pool),
            ])
        }
        func add(_ message: MessageDescriptor, _ prefix: String, depth: Int) throws {
            for field in message.fields where depth > 0 || !bound.contains(field.number) {
                let name = prefix + field.name
                if let schema = try OpenAPISchemas.parameter(field, pool, isQuery: true) {
                    parameters.append(["name": .string(name), "in": "query", "schema": schema])
                } else if case .message(let type) = field.kind, !field.isRepeated, depth < 2 {
                    try add(pool.message(type), name + ".", depth: depth + 1)
                }
            }
        }
        try add(input, "", depth: 0)
        return parameters
    }

    private static let height: JSONValue = [
        "name": "x-cosmos-block-height", "in": "header",
        "description": "The height that is asked about; 0 is the latest.",
        "schema": ["type": "integer", "format": "int64", "minimum": 0],
    ]

    // MARK: - What every route may answer

    private static let headers: [(String, JSONValue)] = [
        ("Height", ["description": "The height of the answer.", "schema": ["type": "string", "pattern": "^[0-9]+$"]])
    ]

    private static let refusal: JSONValue = [
        "type": "object", "required": ["code", "message", "details"], "additionalProperties": false,
        "properties": [
            "code": ["type": "integer", "description": "A status of gRPC."], "message": ["type": "string"],
            "details": ["type": "array", "maxItems": 0],
        ],
    ]

    /// By status; the codes of gRPC that have it.
    private static let refusals: [(String, JSONValue)] = [
        refusal("400", "The request is malformed, or asks for what cannot be.", [3, 9, 11]),
        refusal("404", "It is not there.", [5]), refusal("413", "The body is too large.", [8]),
        refusal("429", "More than one answer, or one client, may have.", [8]),
        refusal("431", "The URL or the headers are too long.", [8]),
        refusal(
            "500", "What a module refuses with an error of its own, as a stock node tells it.", [2, 13],
            but: ["properties": ["message": ["const": "internal error"]]]),
        refusal("501", "There is no such route.", [12]), refusal("503", "The node cannot answer now.", [14]),
        refusal("504", "It took too long.", [4]),
    ]

    private static func refusal(
        _ status: String, _ description: JSONValue, _ codes: [Int], but excluded: JSONValue? = nil
    ) -> (String, JSONValue) {
        let codes = codes.map { JSONValue.number(String($0)) }
        var all: [JSONValue] = [
            ["$ref": "#/components/schemas/Refusal"], ["properties": ["code": ["enum": .array(codes)]]],
        ]
        if let excluded { all.append(["not": excluded]) }
        return (
            status,
            ["description": description, "content": ["application/json": ["schema": ["allOf": .array(all)]]]]
        )
    }
}
