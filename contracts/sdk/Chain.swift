@_extern(wasm, module: "env", name: "query_chain") @_extern(c)
func query_chain(_ request: UInt32) -> UInt32
@_extern(wasm, module: "env", name: "addr_validate") @_extern(c)
func addr_validate(_ address: UInt32) -> UInt32

/// What a contract may ask of the chain while it runs.
enum Chain {
    /// Sends a query (`{"bank":{..}}`, `{"wasm":{"smart":{..}}}`, ...) and returns the bytes of its answer.
    static func query(_ request: JSON) throws(ContractError) -> [UInt8] {
        let answer = try JSONReader.parse(Region.take(Region.lend(request.encoded) { query_chain($0) }))
        if let inner = answer.member("Ok")?.member("Ok"), let text = try? inner.text("answer"),
            let bytes = Base64.decode(text.utf8)
        {
            return bytes
        }
        throw ContractError("query failed: " + Text(answer.encoded))
    }

    /// Whether `address` is the normalized text of an address of this chain (interface version 1 only).
    static func isAddress(_ address: Text) -> Bool {
        let complaint = Region.lend(address.utf8) { addr_validate($0) }
        if complaint != 0 { Region.release(complaint) }
        return complaint == 0
    }
}
