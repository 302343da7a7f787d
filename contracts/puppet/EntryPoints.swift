/// What makes the puppet a contract of version 1.
enum Dialect {
    static func response(data: [UInt8]?) -> JSON {
        .object([
            .init("messages", .array([])), .init("attributes", .array([])), .init("events", .array([])),
            .init("data", data.map { .base64($0) } ?? .null),
        ])
    }

    static func error(_ text: Text) -> JSON { .string(text) }

    static func call(_ name: Text, _ first: UInt32, _ second: UInt32, _ third: UInt32) -> Import? {
        switch name {
        case "addr_validate": return .region(addr_validate(first))
        case "addr_canonicalize": return .region(addr_canonicalize(first, second))
        case "addr_humanize": return .region(addr_humanize(first, second))
        case "check_gas": return .number(check_gas())
        case "gas_evaporate": return .number(gas_evaporate(first))
        case "debug":
            debug(first)
            return .nothing
        default: return Import.common(name, first, second, third)
        }
    }
}

@_extern(wasm, module: "env", name: "addr_canonicalize") @_extern(c)
private func addr_canonicalize(_ text: UInt32, _ destination: UInt32) -> UInt32
@_extern(wasm, module: "env", name: "debug") @_extern(c)
private func debug(_ text: UInt32)

@_expose(wasm, "interface_version_8") @_cdecl("interface_version_8")
public func interface_version_8() {}

/// A test that wants a contract which does not ask for randomness renames this export in the bytes.
@_expose(wasm, "requires_random") @_cdecl("requires_random")
public func requires_random() {}

@_expose(wasm, "instantiate") @_cdecl("instantiate")
public func instantiate(_ environment: UInt32, _ info: UInt32, _ message: UInt32) -> UInt32 {
    act(environment, info, message)
}

@_expose(wasm, "execute") @_cdecl("execute")
public func execute(_ environment: UInt32, _ info: UInt32, _ message: UInt32) -> UInt32 {
    act(environment, info, message)
}

@_expose(wasm, "migrate") @_cdecl("migrate")
public func migrate(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    act(environment, nil, message)
}

@_expose(wasm, "reply") @_cdecl("reply")
public func reply(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    Puppet.answer { () throws(ContractError) in
        var puppet = Puppet(environment: Region.take(environment))
        return try puppet.reply(JSONReader.parse(Region.take(message)))
    }
}

@_expose(wasm, "query") @_cdecl("query")
public func query(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    Puppet.answer { () throws(ContractError) in
        var puppet = Puppet(isQuery: true, environment: Region.take(environment))
        return try puppet.query(JSONReader.parse(Region.take(message)))
    }
}

private func act(_ environment: UInt32, _ info: UInt32?, _ message: UInt32) -> UInt32 {
    Puppet.answer { () throws(ContractError) in
        var puppet = Puppet(environment: Region.take(environment), info: info.map { Region.take($0) } ?? [])
        return try puppet.act(JSONReader.parse(Region.take(message)))
    }
}
