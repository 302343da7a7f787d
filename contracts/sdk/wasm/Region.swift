/// A piece of this instance's memory that contract and host pass to each other by the address of its description
/// (Secret Network protocol: contract ABI). The host relies on the three fields, in this order.
struct Region {
    var offset: UInt32
    var capacity: UInt32
    var length: UInt32
}

@_extern(c) func contract_allocate(_ bytes: Int) -> UnsafeMutableRawPointer?
@_extern(c) func contract_free(_ memory: UnsafeMutableRawPointer?)

extension Region {
    /// An empty region with room for `capacity` bytes; its description lives until `take` or `release`.
    static func allocate(capacity: Int) -> UnsafeMutablePointer<Region> {
        let region = contract_allocate(MemoryLayout<Region>.size)!.assumingMemoryBound(to: Region.self)
        let memory = contract_allocate(max(capacity, 1))!
        region.pointee = Region(
            offset: UInt32(UInt(bitPattern: memory)), capacity: UInt32(capacity), length: 0)
        return region
    }

    static func release(_ address: UInt32) {
        let region = at(address)
        contract_free(UnsafeMutableRawPointer(bitPattern: UInt(region.pointee.offset)))
        contract_free(region)
    }

    /// The bytes of a region that the host filled; the region is gone afterwards.
    static func take(_ address: UInt32) -> [UInt8] {
        let region = at(address).pointee
        let memory = UnsafeRawPointer(bitPattern: UInt(region.offset))
        let bytes = [UInt8](UnsafeRawBufferPointer(start: memory, count: Int(region.length)))
        release(address)
        return bytes
    }

    /// A region with `bytes` for the host to read as the result of a call.
    static func give(_ bytes: [UInt8]) -> UInt32 {
        let region = allocate(capacity: bytes.count)
        bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress, source.count > 0 else { return }
            UnsafeMutableRawPointer(bitPattern: UInt(region.pointee.offset))!
                .copyMemory(from: start, byteCount: source.count)
        }
        region.pointee.length = UInt32(bytes.count)
        return address(of: region)
    }

    /// Calls `body` with a region over `bytes` that is valid only inside it and must not be written to.
    static func lend<Result>(_ bytes: [UInt8], _ body: (UInt32) -> Result) -> Result {
        bytes.withUnsafeBytes { source in
            // An empty array may have no memory, but the host takes offset 0 for a mistake.
            let offset = UInt32(UInt(bitPattern: source.baseAddress))
            var region = Region(
                offset: offset == 0 ? 1 : offset, capacity: UInt32(source.count), length: UInt32(source.count))
            return withUnsafeMutablePointer(to: &region) { body(address(of: $0)) }
        }
    }

    static func address(of region: UnsafeMutablePointer<Region>) -> UInt32 { UInt32(UInt(bitPattern: region)) }

    private static func at(_ address: UInt32) -> UnsafeMutablePointer<Region> {
        UnsafeMutablePointer(bitPattern: UInt(address))!
    }
}

/// Called by the host before every argument it passes.
@_expose(wasm, "allocate") @_cdecl("allocate")
public func allocate(_ capacity: UInt32) -> UInt32 {
    Region.address(of: Region.allocate(capacity: Int(capacity)))
}

/// Required by the interface; the host never calls it, since the instance ends with the call.
@_expose(wasm, "deallocate") @_cdecl("deallocate")
public func deallocate(_ region: UInt32) {
    Region.release(region)
}
