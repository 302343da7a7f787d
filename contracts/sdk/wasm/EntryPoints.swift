// What a module of interface version 1 exports (Secret Network protocol: contract ABI). Every argument is a region.

@_expose(wasm, "interface_version_8") @_cdecl("interface_version_8")
public func interface_version_8() {}

/// Its presence asks for `Environment.random`.
@_expose(wasm, "requires_random") @_cdecl("requires_random")
public func requires_random() {}

@_expose(wasm, "instantiate") @_cdecl("instantiate")
public func instantiate(_ environment: UInt32, _ info: UInt32, _ message: UInt32) -> UInt32 {
    Region.give(
        Dispatch<ThisContract>.instantiate(Region.take(environment), Region.take(info), Region.take(message)))
}

@_expose(wasm, "execute") @_cdecl("execute")
public func execute(_ environment: UInt32, _ info: UInt32, _ message: UInt32) -> UInt32 {
    Region.give(Dispatch<ThisContract>.execute(Region.take(environment), Region.take(info), Region.take(message)))
}

@_expose(wasm, "query") @_cdecl("query")
public func query(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    Region.give(Dispatch<ThisContract>.query(Region.take(environment), Region.take(message)))
}

@_expose(wasm, "reply") @_cdecl("reply")
public func reply(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    Region.give(Dispatch<ThisContract>.reply(Region.take(environment), Region.take(message)))
}

@_expose(wasm, "migrate") @_cdecl("migrate")
public func migrate(_ environment: UInt32, _ message: UInt32) -> UInt32 {
    Region.give(Dispatch<ThisContract>.migrate(Region.take(environment), Region.take(message)))
}
