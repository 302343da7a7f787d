import Foundation
import Wire

/// Server reflection (grpc.reflection.v1 and v1alpha, which have the same messages): what services there are, and the
/// files that declare them, out of the descriptors that drive everything else here. grpcurl and its like ask it.
struct GRPCReflection: Sendable {
    private static let versions = ["grpc.reflection.v1", "grpc.reflection.v1alpha"]

    /// A file of the public protocol.
    private struct File: Sendable {
        var name: String
        /// Without the imports that are not in the set: they say how REST reads the file.
        var bytes: [UInt8]
        var dependencies: [String]
    }

    private let files: [String: File]
    /// Of services, methods, messages, their fields, and enumerations: the file that declares each.
    private let symbols: [String: String]
    /// Those that answer.
    private let services: [String]

    /// `methods` are those that have a handler.
    init(served methods: [String]) {
        guard let set = Data(base64Encoded: ChainDescriptors.base64),
            let (files, symbols) = try? GRPCReflection.read([UInt8](set))
        else { preconditionFailure("the embedded descriptors do not load") }
        (self.files, self.symbols) = (files, symbols)
        let served = Set(methods.compactMap { $0.dropFirst().split(separator: "/").first.map(String.init) })
        services = (Array(served) + Self.versions.map { $0 + ".ServerReflection" }).sorted()
    }

    func serves(_ path: String) -> Bool {
        Self.versions.contains { path == "/\($0).ServerReflection/ServerReflectionInfo" }
    }

    /// `ServerReflectionResponse` for a `ServerReflectionRequest`.
    func answers(to request: [UInt8]) throws -> [[UInt8]] {
        var reader = ProtobufMessageReader(request)
        do {
            let host = try reader.string(1)
            return [
                ProtobufWriter.encode { writer in
                    writer.string(1, host)
                    writer.message(2, request)
                    do { try answer(&reader, to: &writer) } catch {
                        let error = error as? StatusError ?? StatusError(.invalidArgument, "the request is malformed")
                        // ErrorResponse
                        writer.message(7) { inner in
                            inner.int64(1, Int64(error.code.rawValue))
                            inner.string(2, error.message)
                        }
                    }
                }
            ]
        } catch {
            throw StatusError(.invalidArgument, "the request is malformed")
        }
    }

    private func answer(_ reader: inout ProtobufMessageReader, to writer: inout ProtobufWriter) throws {
        if try reader.contains(3) {
            let name = try reader.string(3)
            guard files[name] != nil else { throw StatusError(.notFound, "File not found: \(name)") }
            return write(name, to: &writer)
        }
        if try reader.contains(4) {
            let symbol = try reader.string(4)
            guard let name = symbols[symbol] else { throw StatusError(.notFound, "Symbol not found: \(symbol)") }
            return write(name, to: &writer)
        }
        if try reader.contains(5) || reader.contains(6) {
            throw StatusError(.notFound, "no message of this protocol has extensions")
        }
        guard try reader.contains(7) else { throw StatusError(.invalidArgument, "nothing is asked for") }
        writer.message(6) { list in
            for service in services { list.message(1) { $0.string(1, service) } }
        }
    }

    /// FileDescriptorResponse, with all that the file needs, the file itself first.
    private func write(_ name: String, to writer: inout ProtobufWriter) {
        var names = [name]
        var index = 0
        while index < names.count {
            for dependency in files[names[index]]?.dependencies ?? [] where !names.contains(dependency) {
                names.append(dependency)
            }
            index += 1
        }
        writer.message(4) { list in
            for name in names { if let file = files[name] { list.message(1, file.bytes) } }
        }
    }

    // MARK: - Reading the descriptors

    private static func read(_ set: [UInt8]) throws -> ([String: File], [String: String]) {
        var reader = ProtobufMessageReader(set)
        let all = try reader.all(1)
        var files: [String: File] = [:]
        var symbols: [String: String] = [:]
        var known: Set<String> = []
        for bytes in all {
            var file = ProtobufMessageReader(bytes)
            known.insert(try file.string(1))
        }
        for bytes in all {
            var file = ProtobufMessageReader(bytes)
            let (name, package) = (try file.string(1), try file.string(2))
            let (content, dependencies) = try without(importsBeyond: known, Array(bytes))
            files[name] = File(name: name, bytes: content, dependencies: dependencies)
            for message in try file.all(4) { try declare(message, in: package, of: name, &symbols) }
            for enumeration in try file.all(5) {
                var enumeration = ProtobufMessageReader(enumeration)
                symbols["\(package).\(try enumeration.string(1))"] = name
            }
            for service in try file.all(6) {
                var service = ProtobufMessageReader(service)
                let full = "\(package).\(try service.string(1))"
                symbols[full] = name
                for method in try service.all(2) {
                    var method = ProtobufMessageReader(method)
                    symbols["\(full).\(try method.string(1))"] = name
                }
            }
        }
        return (files, symbols)
    }

    private static func declare(
        _ bytes: ArraySlice<UInt8>, in scope: String, of file: String, _ symbols: inout [String: String]
    ) throws {
        var message = ProtobufMessageReader(bytes)
        let full = "\(scope).\(try message.string(1))"
        symbols[full] = file
        for nested in try message.all(3) { try declare(nested, in: full, of: file, &symbols) }
        for enumeration in try message.all(4) {
            var enumeration = ProtobufMessageReader(enumeration)
            symbols["\(full).\(try enumeration.string(1))"] = file
        }
    }

    /// `FileDescriptorProto` without the names of files (3) that nobody can be given, and so without what says of those
    /// by number that they are public (10) or weak (11).
    private static func without(
        importsBeyond known: Set<String>, _ bytes: [UInt8]
    ) throws -> ([UInt8], dependencies: [String]) {
        var writer = ProtobufWriter()
        var dependencies: [String] = []
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (3, _):
                let name = try field.string()
                guard known.contains(name) else { continue }
                dependencies.append(name)
                writer.string(3, name)
            case (10, _), (11, _): continue
            case (_, .varint(let value)): writer.uint64(field.number, value)
            case (_, .bytes(let content)): writer.message(field.number, content)
            default: throw DescriptorError.unsupported("a field of a file")
            }
        }
        return (writer.bytes, dependencies)
    }
}
