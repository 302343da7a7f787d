// A double of the enclave for tests that run a contract natively: same functions as `sdk/wasm/Host.swift`, state in a
// dictionary. When the tests run in the engine, state is its own.

/// What the enclave does for a contract, done by the test: state, gas, questions, signatures.
enum Host {
    nonisolated(unsafe) private static var nativeState: [[UInt8]: [UInt8]] = [:]
    /// What the contract has stored.
    static var state: [[UInt8]: [UInt8]] {
        get { EngineLink.isPresent ? EngineLink.state : nativeState }
        set { EngineLink.isPresent ? EngineLink.restore(newValue) : (nativeState = newValue) }
    }
    /// Answers of other contracts and of the ledger, by what is asked.
    nonisolated(unsafe) static var onQuery: ([UInt8]) -> [UInt8] = { _ in Array(#"{"Err":{"unknown":{}}}"#.utf8) }
    /// Nothing here costs gas but what a contract evaporates.
    nonisolated(unsafe) static var gas: UInt64 = 0
    /// A query must not write.
    nonisolated(unsafe) static var isQuery = false

    /// How often the contract has read its state, and written to or removed from it; counted natively alone.
    nonisolated(unsafe) static var reads = 0
    nonisolated(unsafe) static var writes = 0

    static func read(_ key: [UInt8]) -> [UInt8]? {
        reads += 1
        return nativeState[key]
    }

    static func write(_ key: [UInt8], _ value: [UInt8]) {
        precondition(!isQuery, "a query wrote to storage")
        writes += 1
        nativeState[key] = value
    }

    static func remove(_ key: [UInt8]) {
        precondition(!isQuery, "a query removed from storage")
        writes += 1
        nativeState[key] = nil
    }

    static func query(_ request: [UInt8]) -> [UInt8] { onQuery(request) }
    static func isAddress(_ text: [UInt8]) -> Bool { TestAddress.decode(text) != nil }
    static func humanize(_ address: [UInt8]) -> [UInt8]? { TestAddress.encode(address) }

    static func verify(signature: [UInt8], digest: [UInt8], publicKey: [UInt8]) -> Bool {
        TestKey.verify(signature: signature, digest: digest, publicKey: publicKey)
    }

    static func recover(signature: [UInt8], digest: [UInt8], recovery: UInt32) -> [UInt8]? {
        TestKey.recover(signature: signature, digest: digest, recovery: recovery)
    }

    static func sign(_ message: [UInt8], secretKey: [UInt8]) -> [UInt8]? { TestKey(secretKey).sign(message) }

    static func gasUsed() -> UInt64 { gas }
    static func evaporate(_ gas: UInt32) { Host.gas += UInt64(gas) }
}

/// Addresses as bech32 (BIP 173) with the prefix `secret`.
enum TestAddress {
    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    private static let prefix = Array("secret".utf8)

    static func encode(_ address: [UInt8]) -> [UInt8] {
        let words = regroup(address, from: 8, to: 5)
        let values = words + checksum(words)
        return prefix + [UInt8(ascii: "1")] + values.map { alphabet[Int($0)] }
    }

    static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.starts(with: prefix + [UInt8(ascii: "1")]) else { return nil }
        let values = text.dropFirst(7).compactMap { character in alphabet.firstIndex(of: character).map { UInt8($0) } }
        guard values.count == text.count - 7, values.count > 6 else { return nil }
        let words = Array(values.dropLast(6))
        guard Array(values.suffix(6)) == checksum(words) else { return nil }
        let bytes = regroup(words, from: 5, to: 8)
        return Array(bytes.prefix(words.count * 5 / 8))
    }

    private static func regroup(_ values: [UInt8], from: Int, to: Int) -> [UInt8] {
        var result: [UInt8] = []
        var pending = 0
        var bits = 0
        for value in values {
            pending = (pending << from | Int(value)) & 0xfff
            bits += from
            while bits >= to {
                bits -= to
                result.append(UInt8(pending >> bits & (1 << to - 1)))
            }
        }
        if bits > 0, to == 5 { result.append(UInt8(pending << (to - bits) & (1 << to - 1))) }
        return result
    }

    private static func checksum(_ words: [UInt8]) -> [UInt8] {
        let generators = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        var state = 1
        let expanded = prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 }
        for word in expanded + words + [UInt8](repeating: 0, count: 6) {
            let top = state >> 25
            state = (state & 0x1ff_ffff) << 5 ^ Int(word)
            for index in 0..<5 where top >> index & 1 == 1 { state ^= generators[index] }
        }
        state ^= 1
        return (0..<6).map { UInt8(state >> (5 * (5 - $0)) & 31) }
    }
}
