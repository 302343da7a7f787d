/// A contract that does what it is told and answers with what a message holds, so that a test can have a contract say
/// anything, well-formed or not. `EntryPoints.swift` beside it makes it version 1; `puppet-v010` is the same of version
/// 0.10. It can be migrated to.
///
/// instantiate, execute, migrate: an object with any of, in this order,
///     `"set":{"key":K,"value":text}`     writes to the state
///     `"remove":K`                       removes from it
///     `"environment":true`               keeps what the contract is told of its call, as "environment" and "info"
///     `"query":Q`                        asks the chain and keeps the whole answer under "answer"
///     `"call":{"function":F,"arguments":[…]}` calls an import and keeps what came of it under "result"
///     `"on_reply":M`                     keeps such an object for the next replies
///     `"run":K`                          does what the text kept under K says, and nothing else
///     `"work":N`                         reads the state N times, which costs gas
///     `"allocate":N`, `"recurse":true`   takes memory, or calls itself until it may not
///     `"panic":true`, `"fail":text`      ends the call
///     `"say":text`                       answers with this text as it is
///     `"respond":R`                      answers with this response; `"return":K` with what K holds as its data
///
/// An argument of an import is base64 text (a region with these bytes), a number (as it is) or `{"capacity":N}` (a
/// region to be filled). The result is `{"code":N,"bytes":base64 or null,"filled":base64 or null}`.
///
/// reply: keeps the reply as it came under "reply", then does what "on_reply" holds
/// query `{"get":K}` gives the text kept under a key, `{"echo":J}` the given JSON; any other does as above and answers
/// with the last thing that it would have kept
struct Puppet {
    let isQuery: Bool
    let environment: [UInt8]
    let info: [UInt8]
    private var last: [UInt8] = []

    init(isQuery: Bool = false, environment: [UInt8] = [], info: [UInt8] = []) {
        (self.isQuery, self.environment, self.info) = (isQuery, environment, info)
    }

    /// The whole output of a call.
    static func answer(_ body: () throws(ContractError) -> [UInt8]) -> UInt32 {
        do throws(ContractError) {
            return Region.give(try body())
        } catch {
            return Region.give(JSON.object([.init("Err", Dialect.error(error.message))]).encoded)
        }
    }

    mutating func act(_ message: JSON) throws(ContractError) -> [UInt8] {
        if let set = message.member("set"), let key = set.member("key"), let value = set.member("value") {
            Storage.write(try key.text("key"), try value.text("value").utf8)
        }
        if let key = message.member("remove") { Storage.remove(try key.text("remove")) }
        if message.member("environment") != nil {
            keep("info", info)
            keep("environment", environment)
        }
        if let query = message.member("query") ?? message.member("ask") { keep("answer", Puppet.ask(query)) }
        if let call = message.member("call") { keep("result", try Import.call(call).encoded) }
        if let next = message.member("on_reply") { Storage.write("on_reply", next.encoded) }
        if let key = message.member("run") {
            return try act(JSONReader.parse(Storage.read(try key.text("run")) ?? []))
        }
        if let work = message.member("work") {
            let count: Int = try work.integer("work")
            for _ in 0..<count { _ = Storage.read("nothing") }
        }
        if let bytes = message.member("allocate") {
            _ = Region.allocate(capacity: try bytes.integer("allocate"))
        }
        if message.member("recurse") != nil { Storage.write("depth", Text(decimal: Puppet.deeper(1)).utf8) }
        if message.member("panic") != nil { fatalError() }
        if let text = message.member("fail") { throw ContractError(try text.text("fail")) }
        if let text = message.member("say") { return try text.text("say").utf8 }
        if let response = message.member("respond") { return JSON.object([.init("Ok", response)]).encoded }
        var data: [UInt8]?
        if let key = message.member("return") { data = Storage.read(try key.text("return")) }
        return JSON.object([.init("Ok", Dialect.response(data: data))]).encoded
    }

    mutating func reply(_ reply: JSON) throws(ContractError) -> [UInt8] {
        keep("reply", reply.encoded)
        guard let next = Storage.read("on_reply") else { return try act(.object([])) }
        return try act(JSONReader.parse(next))
    }

    mutating func query(_ message: JSON) throws(ContractError) -> [UInt8] {
        if let key = message.member("get") {
            let value = Storage.read(try key.text("get"))
            last = JSON.object([.init("value", value.map { .string(Text($0)) } ?? .null)]).encoded
        } else if let echo = message.member("echo") {
            last = echo.encoded
        } else {
            let output = try act(message)
            if message.member("say") != nil { return output }
            if last.isEmpty { throw ContractError("unknown query") }
        }
        return JSON.object([.init("Ok", .base64(last))]).encoded
    }

    /// A query may not write, and answers with what it would have kept.
    private mutating func keep(_ key: Text, _ value: [UInt8]) {
        last = value
        if !isQuery { Storage.write(key, value) }
    }

    private static func ask(_ question: JSON) -> [UInt8] {
        Region.take(Region.lend(question.encoded) { query_chain($0) })
    }

    /// Not a loop for any compiler, and never at an end that a contract could reach.
    private static func deeper(_ depth: Int) -> Int {
        depth == .max ? 0 : max(deeper(depth + 1), depth & 7) &* 3 &+ 1
    }
}

/// Calls of imports by name.
struct Import {
    /// What the number that an import returns means.
    enum Result {
        case number
        /// 0, or a region with a text.
        case region
        /// An error's number in the upper half, a region in the lower.
        case either
    }

    var result: Result
    var value: UInt64

    static func number(_ value: some FixedWidthInteger) -> Import { Import(result: .number, value: UInt64(value)) }
    static func region(_ value: UInt32) -> Import { Import(result: .region, value: UInt64(value)) }
    static func either(_ value: UInt64) -> Import { Import(result: .either, value: value) }
    static var nothing: Import { number(0 as UInt32) }

    static func call(_ call: JSON) throws(ContractError) -> JSON {
        var pointers: [UInt32] = []
        var destination: UInt32?
        for argument in try (call.member("arguments") ?? .null).elements("arguments") {
            switch argument {
            case .number: pointers.append(try argument.integer("argument"))
            case .string(let text):
                guard let bytes = Base64.decode(text.utf8) else { throw ContractError("argument must be base64") }
                pointers.append(Region.give(bytes))
            default:
                let capacity: Int = try (argument.member("capacity") ?? .null).integer("capacity")
                let region = Region.address(of: Region.allocate(capacity: capacity))
                destination = region
                pointers.append(region)
            }
        }
        let name = try (call.member("function") ?? .null).text("function")
        while pointers.count < 3 { pointers.append(0) }
        guard let made = Dialect.call(name, pointers[0], pointers[1], pointers[2]) else {
            throw ContractError("unknown function: " + name)
        }
        var code = made.value
        var bytes = JSON.null
        switch made.result {
        case .number: break
        case .either where code >> 32 != 0: code >>= 32
        case .region, .either:
            if code != 0 { bytes = .base64(Region.take(UInt32(truncatingIfNeeded: code))) }
            code = 0
        }
        let filled = destination.map { JSON.base64(Region.take($0)) } ?? .null
        return .object([.init("code", .integer(code)), .init("bytes", bytes), .init("filled", filled)])
    }

    /// Those that both interfaces have.
    static func common(_ name: Text, _ first: UInt32, _ second: UInt32, _ third: UInt32) -> Import? {
        switch name {
        case "db_read": return .region(db_read(first))
        case "db_write":
            db_write(first, second)
            return .nothing
        case "db_remove":
            db_remove(first)
            return .nothing
        case "query_chain": return .region(query_chain(first))
        case "secp256k1_verify": return .number(secp256k1_verify(first, second, third))
        case "secp256k1_recover_pubkey": return .either(secp256k1_recover_pubkey(first, second, third))
        case "secp256k1_sign": return .either(secp256k1_sign(first, second))
        case "ed25519_verify": return .number(ed25519_verify(first, second, third))
        case "ed25519_batch_verify": return .number(ed25519_batch_verify(first, second, third))
        case "ed25519_sign": return .either(ed25519_sign(first, second))
        default: return nil
        }
    }
}

@_extern(wasm, module: "env", name: "ed25519_verify") @_extern(c)
private func ed25519_verify(_ message: UInt32, _ signature: UInt32, _ publicKey: UInt32) -> UInt32
@_extern(wasm, module: "env", name: "ed25519_batch_verify") @_extern(c)
private func ed25519_batch_verify(_ messages: UInt32, _ signatures: UInt32, _ publicKeys: UInt32) -> UInt32
@_extern(wasm, module: "env", name: "ed25519_sign") @_extern(c)
private func ed25519_sign(_ message: UInt32, _ secretKey: UInt32) -> UInt64
