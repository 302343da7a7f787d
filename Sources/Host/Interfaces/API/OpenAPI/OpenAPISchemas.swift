import StrictJSON
import Wire

/// JSON Schemas of messages: as answers have them (`ResponseEncoder`) and as requests may (`RequestDecoder`).
struct OpenAPISchemas {
    private enum Use: Hashable {
        case answer, request
    }

    private struct Component: Hashable {
        var message: String
        var use: Use

        var name: String { (use == .request ? "request." : "") + message }
    }

    private let pool: DescriptorPool
    private var wanted: [Component] = []
    private var known: Set<Component> = []
    /// By name, once `complete` was called.
    private(set) var all: [(String, JSONValue)] = []

    init(_ pool: DescriptorPool) { self.pool = pool }

    mutating func reference(toAnswer message: String) -> JSONValue {
        reference(Component(message: message, use: .answer))
    }

    mutating func reference(toRequest message: String) -> JSONValue {
        reference(Component(message: message, use: .request))
    }

    private mutating func reference(_ component: Component) -> JSONValue {
        if known.insert(component).inserted { wanted.append(component) }
        return ["$ref": .string("#/components/schemas/\(component.name)")]
    }

    /// Makes all that are referred to, and what they refer to.
    mutating func complete() throws {
        while let component = wanted.popLast() {
            all.append((component.name, try schema(of: component)))
        }
        all.sort { $0.0 < $1.0 }
    }

    private mutating func schema(of component: Component) throws -> JSONValue {
        switch component.message {
        case "google.protobuf.Any":
            // What it holds has the members of its type beside the type's name.
            return ["type": "object", "required": ["@type"], "properties": ["@type": ["type": "string"]]]
        case TimestampText.message: return Self.orNull(["type": "string", "format": "date-time"])
        case DurationText.message: return Self.orNull(["type": "string", "pattern": Self.durations])
        default: break
        }
        let message = try pool.message(component.message)
        var properties: [(String, JSONValue)] = []
        var required: [JSONValue] = []
        for field in message.fields {
            let name = component.use == .answer ? field.jsonKey : field.name
            properties.append((name, try schema(of: field, component.use)))
            if component.use == .answer, !field.isInOneof { required.append(.string(name)) }
        }
        var members: [(String, JSONValue)] = [("type", "object"), ("properties", .object(properties))]
        if !required.isEmpty { members.append(("required", .array(required))) }
        // A request may have more at its top, and other names of its fields.
        if component.use == .answer { members.append(("additionalProperties", false)) }
        return .object(members)
    }

    private mutating func schema(of field: FieldDescriptor, _ use: Use) throws -> JSONValue {
        if field.isRepeated { return ["type": "array", "items": try element(of: field, use)] }
        switch field.kind {
        case .bytes where use == .answer && field.numberText == nil && field.bech32Prefix == nil:
            return Self.orNull(["type": "string", "format": "byte"])
        case .message where use == .answer && !field.isAlwaysShown: return Self.orNull(try element(of: field, use))
        default: return try element(of: field, use)
        }
    }

    private mutating func element(of field: FieldDescriptor, _ use: Use) throws -> JSONValue {
        switch field.kind {
        case .message(let name):
            let reference = reference(Component(message: name, use: use))
            // What a stranger wrote may be no transaction at all, or an `Any` without a type (`ResponseEncoder`).
            let mayBeNone = try pool.message(name).isFromStrangers || name == "google.protobuf.Any"
            return use == .answer && field.isRepeated && mayBeNone ? Self.orNull(reference) : reference
        case .enumeration(let name):
            // A number that has no name stays one.
            return ["anyOf": [try Self.names(of: name, pool), ["type": "integer", "format": "int32"]]]
        case .int64, .uint64:
            let text: JSONValue = ["type": "string", "pattern": field.kind == .int64 ? "^-?[0-9]+$" : "^[0-9]+$"]
            return use == .answer ? text : ["anyOf": [text, Self.integer(field.kind)]]
        case .int32, .uint32: return Self.integer(field.kind)
        case .bool: return ["type": "boolean"]
        case .string: return Self.text(field)
        case .bytes: return Self.text(field)
        }
    }

    // MARK: - Scalars

    private static let durations: JSONValue = #"^-?[0-9]+(\.[0-9]{1,9})?s$"#

    /// Not a list of types, which readers of older documents do not understand.
    private static func orNull(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "null"]]] }

    /// Of a variable of a path or a parameter; `nil` for a message, whose fields are parameters of their own.
    static func parameter(_ field: FieldDescriptor, _ pool: DescriptorPool, isQuery: Bool) throws -> JSONValue? {
        let schema: JSONValue
        switch field.kind {
        case .message(TimestampText.message): schema = ["type": "string", "format": "date-time"]
        case .message(DurationText.message): schema = ["type": "string", "pattern": durations]
        case .message: return nil
        case .enumeration(let name): schema = try names(of: name, pool)
        case .int64, .uint64, .int32, .uint32: schema = integer(field.kind)
        case .bool: schema = ["type": "boolean"]
        case .string, .bytes: schema = text(field)
        }
        return isQuery && field.isRepeated ? ["type": "array", "items": schema] : schema
    }

    static func parameter(_ field: FieldDescriptor, _ pool: DescriptorPool) throws -> JSONValue {
        guard let schema = try parameter(field, pool, isQuery: false) else {
            throw DescriptorError.unsupported("a message in a path: \(field.name)")
        }
        return schema
    }

    private static func names(of enumeration: String, _ pool: DescriptorPool) throws -> JSONValue {
        ["type": "string", "enum": .array(try pool.enumeration(enumeration).values.map { .string($0.name) })]
    }

    private static func integer(_ kind: FieldDescriptor.Kind) -> JSONValue {
        func range<Number: FixedWidthInteger>(_ type: Number.Type, _ format: JSONValue) -> JSONValue {
            [
                "type": "integer", "format": format, "minimum": .number(String(Number.min)),
                "maximum": .number(String(Number.max)),
            ]
        }
        return switch kind {
        case .int32: range(Int32.self, "int32")
        case .uint32: range(UInt32.self, "uint32")
        case .uint64: range(UInt64.self, "uint64")
        default: range(Int64.self, "int64")
        }
    }

    private static func text(_ field: FieldDescriptor) -> JSONValue {
        if let prefix = field.bech32Prefix {
            return ["type": "string", "description": .string("An address that begins with \(prefix).")]
        }
        switch field.numberText {
        case .integer: return ["type": "string", "description": "An integer."]
        case .decimal: return ["type": "string", "description": "A decimal number."]
        case nil: return field.kind == .bytes ? ["type": "string", "format": "byte"] : ["type": "string"]
        }
    }
}
