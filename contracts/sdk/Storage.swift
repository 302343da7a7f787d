@_extern(wasm, module: "env", name: "db_read") @_extern(c)
func db_read(_ key: UInt32) -> UInt32
@_extern(wasm, module: "env", name: "db_write") @_extern(c)
func db_write(_ key: UInt32, _ value: UInt32)
@_extern(wasm, module: "env", name: "db_remove") @_extern(c)
func db_remove(_ key: UInt32)

/// The contract's own state: names and values are bytes, both encrypted before they leave the enclave. Writing in a
/// query ends the call.
enum Storage {
    static func read(_ key: Text) -> [UInt8]? {
        let region = Region.lend(key.utf8) { db_read($0) }
        return region == 0 ? nil : Region.take(region)
    }

    static func write(_ key: Text, _ value: [UInt8]) {
        Region.lend(key.utf8) { key in Region.lend(value) { db_write(key, $0) } }
    }

    static func remove(_ key: Text) {
        Region.lend(key.utf8) { db_remove($0) }
    }
}
