@_extern(wasm, module: "env", name: "db_read") @_extern(c)
func db_read(_ key: UInt32) -> UInt32
@_extern(wasm, module: "env", name: "db_write") @_extern(c)
func db_write(_ key: UInt32, _ value: UInt32)
@_extern(wasm, module: "env", name: "db_remove") @_extern(c)
func db_remove(_ key: UInt32)
@_extern(wasm, module: "env", name: "query_chain") @_extern(c)
func query_chain(_ request: UInt32) -> UInt32
@_extern(wasm, module: "env", name: "addr_validate") @_extern(c)
func addr_validate(_ address: UInt32) -> UInt32
@_extern(wasm, module: "env", name: "addr_humanize") @_extern(c)
func addr_humanize(_ canonical: UInt32, _ destination: UInt32) -> UInt32
@_extern(wasm, module: "env", name: "secp256k1_verify") @_extern(c)
func secp256k1_verify(_ digest: UInt32, _ signature: UInt32, _ publicKey: UInt32) -> UInt32
@_extern(wasm, module: "env", name: "secp256k1_recover_pubkey") @_extern(c)
func secp256k1_recover_pubkey(_ digest: UInt32, _ signature: UInt32, _ recovery: UInt32) -> UInt64
@_extern(wasm, module: "env", name: "secp256k1_sign") @_extern(c)
func secp256k1_sign(_ message: UInt32, _ secretKey: UInt32) -> UInt64
@_extern(wasm, module: "env", name: "check_gas") @_extern(c)
func check_gas() -> UInt64
@_extern(wasm, module: "env", name: "gas_evaporate") @_extern(c)
func gas_evaporate(_ gas: UInt32) -> UInt32

/// The functions of the enclave, in Swift's terms. The test kit has a double of the same shape.
enum Host {
    static func read(_ key: [UInt8]) -> [UInt8]? {
        let region = Region.lend(key) { db_read($0) }
        return region == 0 ? nil : Region.take(region)
    }

    static func write(_ key: [UInt8], _ value: [UInt8]) {
        Region.lend(key) { key in Region.lend(value) { db_write(key, $0) } }
    }

    static func remove(_ key: [UInt8]) {
        Region.lend(key) { db_remove($0) }
    }

    static func query(_ request: [UInt8]) -> [UInt8] {
        Region.take(Region.lend(request) { query_chain($0) })
    }

    static func isAddress(_ text: [UInt8]) -> Bool {
        let complaint = Region.lend(text) { addr_validate($0) }
        if complaint != 0 { Region.release(complaint) }
        return complaint == 0
    }

    static func humanize(_ address: [UInt8]) -> [UInt8]? {
        let text = Region.address(of: Region.allocate(capacity: 90))
        let complaint = Region.lend(address) { addr_humanize($0, text) }
        if complaint != 0 {
            Region.release(complaint)
            Region.release(text)
            return nil
        }
        return Region.take(text)
    }

    static func verify(signature: [UInt8], digest: [UInt8], publicKey: [UInt8]) -> Bool {
        Region.lend(digest) { digest in
            Region.lend(signature) { signature in
                Region.lend(publicKey) { secp256k1_verify(digest, signature, $0) == 0 }
            }
        }
    }

    static func recover(signature: [UInt8], digest: [UInt8], recovery: UInt32) -> [UInt8]? {
        bytes(
            Region.lend(digest) { digest in
                Region.lend(signature) { secp256k1_recover_pubkey(digest, $0, recovery) }
            })
    }

    static func sign(_ message: [UInt8], secretKey: [UInt8]) -> [UInt8]? {
        bytes(Region.lend(message) { message in Region.lend(secretKey) { secp256k1_sign(message, $0) } })
    }

    static func gasUsed() -> UInt64 { check_gas() }
    static func evaporate(_ gas: UInt32) { _ = gas_evaporate(gas) }

    /// An error's number is in the upper half, a region in the lower.
    private static func bytes(_ result: UInt64) -> [UInt8]? {
        result >> 32 != 0 ? nil : Region.take(UInt32(truncatingIfNeeded: result))
    }
}
