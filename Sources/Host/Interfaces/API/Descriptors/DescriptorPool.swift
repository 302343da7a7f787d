import Foundation

/// The messages, enumerations and methods of a protocol, by their full names.
package struct DescriptorPool: Sendable {
    package private(set) var messages: [String: MessageDescriptor] = [:]
    package private(set) var enumerations: [String: EnumDescriptor] = [:]
    /// In the order of the files, so that routes have an order.
    package private(set) var methods: [MethodDescriptor] = []

    /// The public protocol of this node.
    package static let chain: DescriptorPool = {
        guard let data = Data(base64Encoded: ChainDescriptors.base64) else {
            preconditionFailure("the embedded descriptors are not Base64")
        }
        do {
            return try DescriptorPool(fileDescriptorSet: [UInt8](data))
        } catch {
            preconditionFailure("the embedded descriptors do not load: \(error)")
        }
    }()

    /// Loads a serialized google.protobuf.FileDescriptorSet.
    ///
    /// Every type a field or a method names must be in the set. Only what the public protocol uses is supported: no
    /// maps, groups, floating-point or fixed-width fields, no default values.
    package init(fileDescriptorSet: [UInt8]) throws {
        var reader = ProtobufMessageReader(fileDescriptorSet)
        for file in try reader.all(1) {
            try load(file: file)
        }
        try checkReferences()
    }

    package func message(_ name: String) throws(DescriptorError) -> MessageDescriptor {
        guard let message = messages[name] else { throw .unknownType(name) }
        return message
    }

    package func enumeration(_ name: String) throws(DescriptorError) -> EnumDescriptor {
        guard let enumeration = enumerations[name] else { throw .unknownType(name) }
        return enumeration
    }

    private func checkReferences() throws(DescriptorError) {
        for message in messages.values {
            for field in message.fields {
                switch field.kind {
                case .message(let name): _ = try self.message(name)
                case .enumeration(let name): _ = try enumeration(name)
                default: break
                }
            }
        }
        for method in methods {
            _ = try message(method.input)
            _ = try message(method.output)
        }
    }

    fileprivate mutating func add(_ message: MessageDescriptor) { messages[message.name] = message }
    fileprivate mutating func add(_ enumeration: EnumDescriptor) { enumerations[enumeration.name] = enumeration }
    fileprivate mutating func add(_ method: MethodDescriptor) { methods.append(method) }
}

package enum DescriptorError: Error, Equatable {
    case unknownType(String)
    case unsupported(String)
}

// MARK: - Loading (google/protobuf/descriptor.proto gives the field numbers)

extension DescriptorPool {
    private mutating func load(file: ArraySlice<UInt8>) throws {
        var reader = ProtobufMessageReader(file)
        let scope = try reader.string(2)
        for message in try reader.all(4) { try load(message: message, scope: scope) }
        for enumeration in try reader.all(5) { try load(enumeration: enumeration, scope: scope) }
        for service in try reader.all(6) { try load(service: service, scope: scope) }
    }

    private mutating func load(message bytes: ArraySlice<UInt8>, scope: String) throws {
        var reader = ProtobufMessageReader(bytes)
        let name = "\(scope).\(try reader.string(1))"
        var options = ProtobufMessageReader(try reader.last(7) ?? [])
        guard try options.uint64(7) == 0 else { throw DescriptorError.unsupported("map \(name)") }
        add(
            MessageDescriptor(
                name: name, fields: try reader.all(2).map { try Self.field($0, of: name) },
                isFromStrangers: try options.uint64(50105) != 0))
        for nested in try reader.all(3) { try load(message: nested, scope: name) }
        for enumeration in try reader.all(4) { try load(enumeration: enumeration, scope: name) }
    }

    private mutating func load(enumeration bytes: ArraySlice<UInt8>, scope: String) throws {
        var reader = ProtobufMessageReader(bytes)
        let values = try reader.all(2).map { value in
            var value = ProtobufMessageReader(value)
            return (name: try value.string(1), number: Int32(truncatingIfNeeded: try value.uint64(2)))
        }
        add(EnumDescriptor(name: "\(scope).\(try reader.string(1))", values: values))
    }

    private mutating func load(service bytes: ArraySlice<UInt8>, scope: String) throws {
        var reader = ProtobufMessageReader(bytes)
        let service = "\(scope).\(try reader.string(1))"
        for method in try reader.all(2) {
            var method = ProtobufMessageReader(method)
            var options = ProtobufMessageReader(try method.last(4) ?? [])
            let rule = try options.last(72_295_728)
            add(
                MethodDescriptor(
                    path: "/\(service)/\(try method.string(1))",
                    input: String(try method.string(2).dropFirst()), output: String(try method.string(3).dropFirst()),
                    http: try rule.map(Self.httpRule)))
        }
    }

    /// google.api.HttpRule: get = 2, post = 4, body = 7. A post takes its whole message from the body.
    private static func httpRule(_ bytes: ArraySlice<UInt8>) throws -> HTTPRule {
        var reader = ProtobufMessageReader(bytes)
        let get = try reader.string(2)
        if !get.isEmpty { return HTTPRule(verb: .get, template: get) }
        let post = try reader.string(4)
        guard !post.isEmpty, try reader.string(7) == "*" else { throw DescriptorError.unsupported("http rule") }
        return HTTPRule(verb: .post, template: post)
    }

    private static func field(_ bytes: ArraySlice<UInt8>, of message: String) throws -> FieldDescriptor {
        var reader = ProtobufMessageReader(bytes)
        let name = try reader.string(1)
        var options = ProtobufMessageReader(try reader.last(8) ?? [])
        let key = try options.string(50104)
        let prefix = try options.string(50101)
        return FieldDescriptor(
            name: name, number: UInt32(try reader.uint64(3)),
            kind: try kind(
                type: try reader.uint64(5), name: String(try reader.string(6).dropFirst()), of: "\(message).\(name)"),
            isRepeated: try reader.uint64(4) == 3, isInOneof: try reader.contains(9),
            camelName: try reader.string(10), jsonKey: key.isEmpty ? name : key,
            bech32Prefix: prefix.isEmpty ? nil : prefix,
            numberText: FieldDescriptor.Number(rawValue: try options.uint64(50102)),
            isAlwaysShown: try options.uint64(50103) != 0)
    }

    private static func kind(type: UInt64, name: String, of field: String) throws -> FieldDescriptor.Kind {
        switch type {
        case 3: .int64
        case 4: .uint64
        case 5: .int32
        case 8: .bool
        case 9: .string
        case 11: .message(name)
        case 12: .bytes
        case 13: .uint32
        case 14: .enumeration(name)
        default: throw DescriptorError.unsupported("type \(type) of \(field)")
        }
    }
}
