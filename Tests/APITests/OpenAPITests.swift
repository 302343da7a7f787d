import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import Testing

@testable import API

/// Holds JSON against the schemas of the document: the keywords that it uses, and none else.
private struct SchemaCheck {
    /// By where they stand in the document.
    private var parts: [String: JSONValue] = [:]

    init(_ document: JSONValue) {
        for kind in ["schemas", "responses", "headers"] {
            guard case .object(let members)? = document["components"]?[kind] else { continue }
            for (name, part) in members { parts["#/components/\(kind)/\(name)"] = part }
        }
    }

    func resolve(_ reference: String) -> JSONValue? { parts[reference] }

    /// Where and why it does not fit; `nil` if it does.
    func fault(_ value: JSONValue, _ schema: JSONValue, at place: String = "") -> String? {
        guard case .object(let members) = schema else { return "\(place): no schema" }
        for (keyword, argument) in members {
            if let fault = fault(value, keyword, argument, place) { return fault }
        }
        return nil
    }

    private func fault(_ value: JSONValue, _ keyword: String, _ argument: JSONValue, _ place: String) -> String? {
        switch keyword {
        case "$ref":
            guard let schema = resolve(argument.string ?? "") else { return "\(place): \(argument) is not there" }
            return fault(value, schema, at: place)
        case "type":
            let types = argument.array ?? [argument]
            return types.contains { isOf($0.string ?? "", value) } ? nil : "\(place): \(value) is none of \(types)"
        case "enum": return (argument.array ?? []).contains(value) ? nil : "\(place): \(value) is none of \(argument)"
        case "const": return argument == value ? nil : "\(place): \(value) is not \(argument)"
        case "pattern":
            guard let text = value.string else { return nil }
            let isNumber = Int64(text) != nil || UInt64(text) != nil
            // Of the three that there are; the third is of durations.
            let isSound = argument.string?.hasSuffix("s$") == true ? text.hasSuffix("s") : isNumber
            return isSound ? nil : "\(place): \(text) is not as \(argument)"
        case "properties":
            guard case .object(let given) = value, case .object(let properties) = argument else { return nil }
            for (name, part) in given {
                guard let schema = properties.first(where: { $0.0 == name })?.1 else { continue }
                if let fault = fault(part, schema, at: place + "." + name) { return fault }
            }
            return nil
        case "required":
            guard case .object = value else { return nil }
            let missing = (argument.array ?? []).first { value[$0.string ?? ""] == nil }
            return missing.map { "\(place): \($0) is missing" }
        case "items":
            for (index, element) in (value.array ?? []).enumerated() {
                if let fault = fault(element, argument, at: "\(place)[\(index)]") { return fault }
            }
            return nil
        case "maxItems": return (value.array?.count ?? 0) <= argument.int64 ?? 0 ? nil : "\(place): too long"
        case "anyOf":
            let faults = (argument.array ?? []).map { fault(value, $0, at: place) }
            return faults.contains(nil) ? nil : faults.compactMap { $0 }.first ?? "\(place): nothing is allowed"
        case "allOf": return (argument.array ?? []).lazy.compactMap { fault(value, $0, at: place) }.first
        case "not": return fault(value, argument, at: place) == nil ? "\(place): \(value) is excluded" : nil
        case "additionalProperties", "format", "description", "minimum", "maximum": return nil
        default: return "\(place): the keyword \(keyword) is not known here"
        }
    }

    /// Members beyond those listed, where a schema allows none.
    func strays(_ value: JSONValue, _ schema: JSONValue, at place: String = "") -> String? {
        var schema = schema
        while let reference = schema["$ref"]?.string { schema = resolve(reference) ?? .null }
        if let any = schema["anyOf"]?.array {
            guard let fitting = any.first(where: { fault(value, $0) == nil }) else { return nil }
            return strays(value, fitting, at: place)
        }
        if let items = schema["items"] {
            return (value.array ?? []).lazy.compactMap { strays($0, items, at: place + "[]") }.first
        }
        guard case .object(let given) = value else { return nil }
        for (name, part) in given {
            guard let known = schema["properties"]?[name] else {
                if schema["additionalProperties"] == false { return "\(place).\(name) is nowhere declared" }
                continue
            }
            if let stray = strays(part, known, at: place + "." + name) { return stray }
        }
        return nil
    }

    private func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("null", .null): true
        case ("integer", .number(let text)): Int64(text) != nil || UInt64(text) != nil
        default: false
        }
    }
}

@Suite("OpenAPI", .serialized) struct OpenAPITests {
    private let chain = ChainDouble(Fixture.script)

    private var document: JSONValue {
        get throws { try parsed(String(decoding: OpenAPIDocument.chain, as: UTF8.self)) }
    }

    private func operations(of document: JSONValue) throws -> [(path: String, verb: String, operation: JSONValue)] {
        guard case .object(let paths)? = document["paths"] else { return [] }
        return paths.flatMap { path, item -> [(path: String, verb: String, operation: JSONValue)] in
            guard case .object(let verbs) = item else { return [] }
            return verbs.map { (path, $0.0, $0.1) }
        }
    }

    /// On a thread of its own: the walks are all computation, and other suites have their clients wait.
    private func walking(_ body: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
        }
    }

    @Test("every route that answers is in it once, and all that it refers to")
    func complete() async throws {
        let answer = await chain.get("/openapi.json")
        #expect(answer.status == 200 && answer.contentType == "application/json")
        try await walking { try complete(answer) }
    }

    private func complete(_ answer: RESTResponse) throws {
        let document = try parsed(answer.text)
        let operations = try operations(of: document)
        let names = Set(operations.compactMap { $0.operation["operationId"]?.string })
        #expect(names.count == operations.count && names.contains("cosmos.bank.v1beta1.Query.AllBalances"))
        // Those whose template another method has, too, are never found.
        let routes = RouteTable(DescriptorPool.chain.methods)
        for method in DescriptorPool.chain.methods {
            guard let rule = method.http else { continue }
            let segments = rule.template.split(separator: "/").map { $0.hasPrefix("{") ? "~" : String($0) }
            let found = try #require(routes.match(verb: rule.verb, segments)).method.path
            #expect(names.contains(String(found.dropFirst()).replacing("/", with: ".")), "\(found)")
        }
        let check = SchemaCheck(document)
        func walk(_ value: JSONValue) {
            switch value {
            case .array(let elements): for element in elements { walk(element) }
            case .object(let members):
                for (name, member) in members {
                    if name == "$ref" { #expect(check.resolve(member.string ?? "") != nil, "\(member)") }
                    walk(member)
                }
            default: break
            }
        }
        walk(document)
    }

    /// What a client may send for anything: some of it is right somewhere.
    private static let words = [
        Fixture.alice.description, Fixture.contract.description, Fixture.bob.description,
        Bech32.encode(prefix: "secretvaloper", Fixture.alice.bytes),
        Bech32.encode(prefix: "secretvalcons", Fixture.alice.bytes),
        Bech32.encode(prefix: "secret", Array(repeating: 7, count: 255)), "0", "1", "4", "5", "-1", "99", "007", "1.5",
        "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "1e9", "true",
        "uscrt", "nonsense", "AAAA", "=", "\u{0}", "ibc/27394FB092D2ECCD", "é\u{301}\u{1F512}",
        "PROPOSAL_STATUS_PASSED",
        "ORDER_BY_DESC", "message.sender='a'", "tx.height>0", "[", "{}", "null", "voting", "bonded_tokens_pool",
        String(repeating: "9", count: 400), String(repeating: "a", count: 2_000),
        String(repeating: "00", count: 32), "/cosmos.bank.v1beta1.MsgSend", "/app/version",
    ]

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            return isPlain ? String(UnicodeScalar(byte)) : "%" + Hexadecimal.encode([byte])
        }.joined()
    }

    @Test("whatever is asked, the answer is one that the document declares, and never an internal error")
    func walk() async throws {
        let document = try document
        let check = SchemaCheck(document)
        var numbers = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: .min ... .max, using: &numbers)
        var state = seed
        func draw(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
        var statuses: [Int: Int] = [:]
        for (path, verb, operation) in try operations(of: document) {
            let parameters = operation["parameters"]?.array ?? []
            await Task.yield()
            for attempt in 0..<(verb == "get" ? 8 : 1) {
                var (target, query) = (path, [String]())
                for parameter in parameters where verb == "get" {
                    guard let name = parameter["name"]?.string, let place = parameter["in"]?.string else { continue }
                    let word = Self.words[draw(Self.words.count)]
                    switch place {
                    case "path": target = target.replacing("{\(name)}", with: Self.escaped(word))
                    case "query" where attempt > 0 && draw(3) == 0:
                        query.append("\(Self.escaped(name))=\(Self.escaped(word))")
                    default: break
                    }
                }
                let height = attempt == 7 ? ["1", "5", "6", "-1", "x"][draw(5)] : nil
                let whole = target + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
                let answer =
                    verb == "get"
                    ? await chain.get(whole, height: height) : await chain.post(target, #"{"tx_bytes":"AAAA","tx":{}}"#)
                try hold(answer, operation, check, "\(seed) \(verb) \(whole) at \(height ?? "-")")
                statuses[answer.status, default: 0] += 1
            }
        }
        // It is no test of refusals alone.
        #expect(statuses[200] ?? 0 > 150 && statuses[400] ?? 0 > 150 && statuses[404] ?? 0 > 15, "\(statuses)")
    }

    private func hold(
        _ answer: RESTResponse, _ operation: JSONValue, _ check: SchemaCheck, _ asked: String
    ) throws {
        guard var response = operation["responses"]?[String(answer.status)] else {
            Issue.record("status \(answer.status) is not declared: \(asked)")
            return
        }
        if let reference = response["$ref"]?.string { response = check.resolve(reference) ?? .null }
        let schema = try #require(response["content"]?["application/json"]?["schema"])
        let body = try parsed(answer.text)
        let fault = check.fault(body, schema) ?? check.strays(body, schema)
        #expect(fault == nil, "\(asked): \(answer.text.prefix(300))")
    }

    @Test("bodies of any form are answered as the document says")
    func bodies() async throws {
        let document = try document
        let check = SchemaCheck(document)
        let values = [
            "null", "[]", "{}", "1", "-1", "1.5", #""""#, #""AAAA""#, #""*""#, #""1""#, "true", #"["a"]"#, #"{"a":1}"#,
            #"[{"@type":"/cosmos.bank.v1beta1.MsgSend"}]"#, #"{"@type":"/nobody"}"#, "99999999999999999999",
            #"{"body":{"messages":[{"@type":"/cosmos.bank.v1beta1.MsgSend","amount":[{"amount":"x"}]}]}}"#,
            #"{"body":null,"auth_info":{"fee":{"gas_limit":-1}},"signatures":["*"]}"#,
            #"{"auth_info":{"signer_infos":[{"mode_info":{"multi":{"mode_infos":[{}]}}}]}}"#,
        ]
        for (path, verb, operation) in try operations(of: document) where verb == "post" {
            let schema = operation["requestBody"]?["content"]?["application/json"]?["schema"]
            let component = try #require(schema?["$ref"]?.string.flatMap { check.resolve($0) })
            guard case .object(let fields)? = component["properties"] else { continue }
            var bodies = values + ["", "{", "[[[[", "\u{0}", #"{"tx_bytes":"AAAA","txBytes":"AAAA"}"#]
            for (name, _) in fields { bodies += values.map { "{\"\(name)\":\($0)}" } }
            bodies.append(#"{"tx_bytes":"\#(goldenTransactionBase64)"}"#)
            for body in bodies {
                await Task.yield()
                try hold(await chain.post(path, body), operation, check, "\(path) \(body)")
            }
        }
    }
}
