/// What makes the puppet a contract of version 0.10.
enum Dialect {
    static func response(data: [UInt8]?) -> JSON {
        .object([
            .init("messages", .array([])), .init("log", .array([])), .init("data", data.map { .base64($0) } ?? .null),
        ])
    }

    static func error(_ text: Text) -> JSON {
        .object([.init("generic_err", .object([.init("msg", .string(text))]))])
    }

    static func call(_ name: Text, _ first: UInt32, _ second: UInt32, _ third: UInt32) -> Import? {
        switch name {
        case "canonicalize_address": return .region(canonicalize_address(first, second))
        case "humanize_address": return .region(humanize_address(first, second))
        default: return Import.common(name, first, second, third)
        }
    }
}

@_extern(wasm, module: "env", name: "canonicalize_address") @_extern(c)
private func canonicalize_address(_ text: UInt32, _ destination: UInt32) -> UInt32
@_extern(wasm, module: "env", name: "humanize_address") @_extern(c)
private func humanize_address(_ canonical: UInt32, _ destination: UInt32) -> UInt32

@_expose(wasm, "cosmwasm_vm_version_3") @_cdecl("cosmwasm_vm_version_3")
public func cosmwasm_vm_version_3() {}

@_expose(wasm, "init") @_cdecl("init")
public func initialize(_ environment: UInt32, _ message: UInt32) -> UInt32 { act(environment, message) }

@_expose(wasm, "handle") @_cdecl("handle")
public func handle(_ environment: UInt32, _ message: UInt32) -> UInt32 { act(environment, message) }

@_expose(wasm, "migrate") @_cdecl("migrate")
public func migrate(_ environment: UInt32, _ message: UInt32) -> UInt32 { act(environment, message) }

@_expose(wasm, "query") @_cdecl("query")
public func query(_ message: UInt32) -> UInt32 {
    Puppet.answer { () throws(ContractError) in
        var puppet = Puppet(isQuery: true)
        return try puppet.query(JSONReader.parse(Region.take(message)))
    }
}

private func act(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    Puppet.answer { () throws(ContractError) in
        var puppet = Puppet(environment: Region.take(environment))
        return try puppet.act(JSONReader.parse(Region.take(message)))
    }
}
