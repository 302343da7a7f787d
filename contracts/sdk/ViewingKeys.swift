/// Passwords for queries, one an account (SNIP-20: viewing keys). Only their hashes are stored.
enum ViewingKeys {
    private static let hashes = Map<Bytes>("viewing_key")
    private static let keyBytesMax = 256

    /// A new key that nobody can guess, for whoever sent the call.
    static func create(_ call: Call, entropy: Text) throws(ContractError) -> Text {
        var random = try Random(call, "viewing key " + entropy)
        let key = "api_key_" + Text(Base64.encode(random.bytes32()))
        try set(key, of: call.sender.address)
        return key
    }

    /// What others wrote clients for takes any key, as the reference of SNIP-20 does; what is new should not.
    static func set(_ key: Text, of account: Text, bytesMin: Int = 8) throws(ContractError) {
        guard key.utf8.count >= bytesMin, key.utf8.count <= keyBytesMax else {
            throw ContractError("a viewing key has from " + Text(decimal: UInt64(bytesMin)) + " to 256 characters")
        }
        hashes.save(Bytes(SHA256.hash(key.utf8)), at: account)
    }

    static func isRight(_ key: Text, of account: Text) throws(ContractError) -> Bool {
        // No key set answers like a wrong key, so that the answer does not tell who uses this contract.
        let expected = try hashes.find(account)?.bytes ?? [UInt8](repeating: 0, count: 32)
        return Text(expected).isSame(as: Text(SHA256.hash(key.utf8)))
    }

    static func require(_ key: Text, of account: Text) throws(ContractError) {
        guard try isRight(key, of: account) else { throw ContractError("wrong viewing key") }
    }
}
