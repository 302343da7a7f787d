import PublicCryptography

/// What a generated contract may import, and the regions that its memory opens with for calling it.
enum HostImports {
    struct Import {
        var name: String
        var parameters: Int
        var result: ValueType?
        var isOfV010 = true
        var isOfV1 = true

        var signature: Signature {
            Signature(parameters: Array(repeating: .i32, count: parameters), result: result)
        }
    }

    static let all: [Import] = [
        Import(name: "db_read", parameters: 1, result: .i32),
        Import(name: "db_write", parameters: 2),
        Import(name: "db_remove", parameters: 1),
        Import(name: "query_chain", parameters: 1, result: .i32),
        Import(name: "canonicalize_address", parameters: 2, result: .i32, isOfV1: false),
        Import(name: "humanize_address", parameters: 2, result: .i32, isOfV1: false),
        Import(name: "addr_canonicalize", parameters: 2, result: .i32, isOfV010: false),
        Import(name: "addr_humanize", parameters: 2, result: .i32, isOfV010: false),
        Import(name: "addr_validate", parameters: 1, result: .i32, isOfV010: false),
        Import(name: "secp256k1_verify", parameters: 3, result: .i32),
        Import(name: "secp256k1_recover_pubkey", parameters: 3, result: .i64),
        Import(name: "secp256k1_sign", parameters: 2, result: .i64),
        Import(name: "ed25519_verify", parameters: 3, result: .i32),
        Import(name: "ed25519_batch_verify", parameters: 3, result: .i32),
        Import(name: "ed25519_sign", parameters: 2, result: .i64),
        Import(name: "debug", parameters: 1, isOfV010: false),
        Import(name: "check_gas", parameters: 0, result: .i64, isOfV010: false),
        Import(name: "gas_evaporate", parameters: 1, result: .i32, isOfV010: false),
        Import(name: "dcap_quote_verify", parameters: 2, result: .i64, isOfV010: false),
    ]

    /// Where the regions are, one each twelve bytes, and where their contents begin.
    static let regionsStart = 1024
    static let contentsStart = 2048

    /// Sixteen bytes from the start of memory to the end of its first page: what the last call returns, so that every
    /// write to that page shows in the result.
    static let outputRegion = 512

    /// Contents that host functions understand, from the public vectors of the interface.
    private static let contents: [[UInt8]] = [
        Array("k0".utf8), Array("k1".utf8), Array("a key that is not there".utf8),
        Array("out of gas".utf8), Array("refused".utf8), Array("nest".utf8), Array(#"{"bank":{}}"#.utf8),
        Array(Bech32.encode(prefix: "secret", [UInt8](repeating: 17, count: 20)).utf8),
        Array(Bech32.encode(prefix: "cosmos", [UInt8](repeating: 17, count: 20)).utf8),
        Array(" SECRET1 ".utf8), [0xff, 0xfe], [UInt8](repeating: 17, count: 20), [],
        decoded("ARp3VEHssUlDEwoW8AzdQYGKg90ENy8yWePKcjfjzao="),
        decoded("/hZeEYHs9trj+Akeb+7p3UAtXjcDNYP9/D/hj/ALIUAG9bfrJltxkfpMz/9Jn5K3c5QjLuvaNT2jgr7P/AEW8A=="),
        decoded("A0ZGrlBHMWtCMNAIbIrOxofwCxzZ0dxjT2yzWKwKmo//"),
        decoded("YXNzYWYgd2FzIGhlcmU="),
        decoded("8O7nwhM71/B9srKwe8Ps39z5lAsLMMs6LxdvoPk0HXjEM97TNhKbdU6gEePT2MaaIUSiMEmoG28HIZMgMRTCDg=="),
        decoded("LO2+Bt+/FIjomSaPB+I++LXkxgxwfnrKHLyvCic72rA="),
        section(decoded("YXNzYWYgd2FzIGhlcmU=")),
        section(
            decoded("8O7nwhM71/B9srKwe8Ps39z5lAsLMMs6LxdvoPk0HXjEM97TNhKbdU6gEePT2MaaIUSiMEmoG28HIZMgMRTCDg==")),
        section(decoded("LO2+Bt+/FIjomSaPB+I++LXkxgxwfnrKHLyvCic72rA=")),
        [0, 0, 0, 9],
    ]

    private static func decoded(_ text: String) -> [UInt8] { Base64.decode(text)! }
    private static func section(_ item: [UInt8]) -> [UInt8] { item + [0, 0, 0, UInt8(item.count)] }

    /// Regions that no honest contract has.
    private static let broken: [(offset: UInt32, capacity: UInt32, length: UInt32)] = [
        (0, 8, 8), (65_530, 8, 8), (3000, 4, 5), (.max, 8, 8), (16, .max, .max), (16, 20_000, 20_000), (1, 0, 0),
        (0xffff_fff0, 32, 32), (65_536, 0, 0), (UInt32(regionsStart), 12, 12),
    ]

    /// Pointers to regions that can be read, and to two rooms that host functions may write to.
    static let pointers: [Int] = (0..<contents.count + 2).map { regionsStart + 12 * $0 }
    /// Pointers to regions that no honest contract has, and to no region at all.
    static let brokenPointers: [Int] =
        (0..<broken.count).map { regionsStart + 12 * (contents.count + 2 + $0) } + [0, outputRegion, 65_530, 131_060]

    /// The bytes at `regionsStart`, then those at `contentsStart`.
    static func memory() -> (regions: [UInt8], contents: [UInt8]) {
        var (regions, bytes) = ([UInt8](), [UInt8]())
        func append(_ offset: UInt32, _ capacity: UInt32, _ length: UInt32) {
            for word in [offset, capacity, length] {
                regions += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
            }
        }
        for content in contents {
            append(UInt32(contentsStart + bytes.count), UInt32(content.count), UInt32(content.count))
            bytes += content
        }
        append(5000, 64, 0)
        append(5100, 19, 0)
        for region in broken { append(region.offset, region.capacity, region.length) }
        return (regions, bytes)
    }
}
