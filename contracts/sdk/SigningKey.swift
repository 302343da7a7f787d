/// A secp256k1 key that a contract draws for itself: what it signs, anybody can verify without asking the chain, and
/// nobody but this contract's code can have signed it.
// sdk: message
struct SigningKey {
    var secretKey: Bytes
    /// 33 bytes, compressed.
    var publicKey: Bytes
}

extension SigningKey {
    init(_ call: Call, _ purpose: Text) throws(ContractError) {
        var random = try Random(call, purpose)
        let secretKey = random.bytes32()
        // The enclave signs and recovers but does not derive: of the keys that could have made one signature, only ours
        // verifies another.
        let first = Text("first").utf8
        let second = Text("second").utf8
        guard let signature = Host.sign(first, secretKey: secretKey),
            let other = Host.sign(second, secretKey: secretKey)
        else { throw ContractError("no usable key was drawn; try again") }
        for recovery in UInt32(0)..<4 {
            if let candidate = Host.recover(signature: signature, digest: SHA256.hash(first), recovery: recovery),
                Host.verify(signature: other, digest: SHA256.hash(second), publicKey: candidate)
            {
                self.secretKey = Bytes(secretKey)
                publicKey = Bytes(candidate)
                return
            }
        }
        throw ContractError("no usable key was drawn; try again")
    }

    /// 64 bytes r, s over the SHA-256 of `message`.
    func sign(_ message: [UInt8]) throws(ContractError) -> Bytes {
        guard let signature = Host.sign(message, secretKey: secretKey.bytes) else {
            throw ContractError("cannot sign")
        }
        return Bytes(signature)
    }
}
