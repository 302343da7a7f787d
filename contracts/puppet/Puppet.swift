/// A contract that does what it is told: it answers with the very response that a message holds, so that a test can have
/// a contract say anything, well-formed or not. It is version 1, and can be migrated to.
///
/// instantiate, execute, migrate: an object with any of, in this order,
///     `"set":{"key":K,"value":text}`     writes to the state
///     `"query":Q`                        asks the chain and keeps the whole answer under "answer"
///     `"on_reply":M`                     keeps such an object for the next replies
///     `"run":K`                          does what the text kept under K says, and nothing else
///     `"work":N`                         reads the state N times, which costs gas
///     `"panic":true`, `"fail":text`, `"respond":R` (the default is an empty response)
/// reply: keeps the reply as it came under "reply", then does what "on_reply" holds
/// query `{"get":K}` gives the text kept under a key; `{"ask":Q}` asks the chain and gives the whole answer
enum Puppet {
    static func act(_ message: JSON) throws(ContractError) -> JSON {
        if let set = message.member("set"), let key = set.member("key"), let value = set.member("value") {
            Storage.write(try key.text("key"), try value.text("value").utf8)
        }
        if let query = message.member("query") { Storage.write("answer", ask(query)) }
        if let next = message.member("on_reply") { Storage.write("on_reply", next.encoded) }
        if let key = message.member("run") {
            return try act(JSONReader.parse(Storage.read(try key.text("run")) ?? []))
        }
        if let work = message.member("work") {
            let count: Int = try work.integer("work")
            for _ in 0..<count { _ = Storage.read("nothing") }
        }
        if message.member("panic") != nil { fatalError() }
        if let text = message.member("fail") { throw ContractError(try text.text("fail")) }
        if let response = message.member("respond") { return response }
        return .object([
            .init("messages", .array([])), .init("attributes", .array([])), .init("events", .array([])),
            .init("data", .null),
        ])
    }

    static func reply(_ reply: JSON) throws(ContractError) -> JSON {
        Storage.write("reply", reply.encoded)
        guard let next = Storage.read("on_reply") else { return try act(.object([])) }
        return try act(JSONReader.parse(next))
    }

    static func query(_ message: JSON) throws(ContractError) -> [UInt8] {
        if let key = message.member("get") {
            let value = Storage.read(try key.text("get"))
            return JSON.object([.init("value", value.map { .string(Text($0)) } ?? .null)]).encoded
        }
        if let question = message.member("ask") { return ask(question) }
        throw ContractError("unknown query")
    }

    private static func ask(_ question: JSON) -> [UInt8] {
        Region.take(Region.lend(question.encoded) { query_chain($0) })
    }
}

@_expose(wasm, "interface_version_8") @_cdecl("interface_version_8")
public func interface_version_8() {}

@_expose(wasm, "instantiate") @_cdecl("instantiate")
public func instantiate(_ environment: UInt32, _ info: UInt32, _ message: UInt32) -> UInt32 {
    finish { () throws(ContractError) in try Puppet.act(JSONReader.parse(Region.take(message))) }
}

@_expose(wasm, "execute") @_cdecl("execute")
public func execute(_ environment: UInt32, _ info: UInt32, _ message: UInt32) -> UInt32 {
    finish { () throws(ContractError) in try Puppet.act(JSONReader.parse(Region.take(message))) }
}

@_expose(wasm, "migrate") @_cdecl("migrate")
public func migrate(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    finish { () throws(ContractError) in try Puppet.act(JSONReader.parse(Region.take(message))) }
}

@_expose(wasm, "reply") @_cdecl("reply")
public func reply(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    finish { () throws(ContractError) in try Puppet.reply(JSONReader.parse(Region.take(message))) }
}

@_expose(wasm, "query") @_cdecl("query")
public func query(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    finish { () throws(ContractError) in .base64(try Puppet.query(JSONReader.parse(Region.take(message)))) }
}

private func finish(_ body: () throws(ContractError) -> JSON) -> UInt32 {
    do throws(ContractError) {
        return Region.give(JSON.object([.init("Ok", try body())]).encoded)
    } catch {
        return Region.give(JSON.object([.init("Err", .string(error.message))]).encoded)
    }
}
