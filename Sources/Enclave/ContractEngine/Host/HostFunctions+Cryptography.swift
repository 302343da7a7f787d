import PublicCryptography
import SecretCryptography

/// Signatures for contracts (Secret Network protocol: imports). Lengths are looked at before bytes are copied.
extension HostFunctions {
    /// What contracts are told, in the result or in the upper half of it (Secret Network protocol: limits).
    enum Verdict: UInt64 {
        case valid = 0
        case invalid = 1
        case hashFormat = 3
        case signatureFormat = 4
        case keyFormat = 5
        case recoveryParameter = 6
        case batch = 7
        case generic = 10
        case privateKey = 1000

        var inUpperHalf: UInt64 { rawValue << 32 }
    }

    /// The region's bytes, `nil` unless their number is one of `counts`.
    private static func bytes(
        _ call: ContractCall, _ pointer: UInt32, counts: [UInt32]
    ) throws(ContractCall.Interruption) -> [UInt8]? {
        let region = try call.region(at: pointer)
        guard counts.contains(region.length) else { return nil }
        return try call.bytes(of: region)
    }

    // MARK: - secp256k1

    static func secp256k1Verify(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption)
        -> UInt64
    {
        try call.charge(GasSchedule.secp256k1Verify)
        let hash = try bytes(call, arguments.first, counts: [32])
        let signature = try bytes(call, arguments.second, counts: [64])
        let key = try bytes(call, arguments.third, counts: [33, 65])
        guard let hash, let digest = Hash32(hash) else { return Verdict.hashFormat.rawValue }
        guard let signature else { return Verdict.signatureFormat.rawValue }
        guard let key = key.flatMap(publicKey) else { return Verdict.keyFormat.rawValue }
        let isValid = Secp256k1.verify(signature: signature, digest: digest, publicKey: key)
        return (isValid ? Verdict.valid : .invalid).rawValue
    }

    /// `key` in a form that `Secp256k1` takes: the hybrid form (06, 07) says in its first byte what its last says too.
    private static func publicKey(_ key: [UInt8]) -> [UInt8]? {
        var key = key
        if key.count == 65, key[0] == 6 || key[0] == 7 {
            guard key[0] & 1 == key[64] & 1 else { return nil }
            key[0] = 4
        }
        return Secp256k1.isKey(key) ? key : nil
    }

    /// The compressed key, unlike the original's model, which gives all 65 bytes.
    static func secp256k1Recover(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption)
        -> UInt64
    {
        try call.charge(GasSchedule.secp256k1Recover)
        let hash = try bytes(call, arguments.first, counts: [32])
        let signature = try bytes(call, arguments.second, counts: [64])
        guard let hash, let digest = Hash32(hash) else { return Verdict.hashFormat.inUpperHalf }
        guard let signature else { return Verdict.signatureFormat.inUpperHalf }
        guard arguments.third < 4 else { return Verdict.recoveryParameter.inUpperHalf }
        let key = Secp256k1.recover(signature: signature, recoveryID: UInt8(arguments.third), digest: digest)
        guard let key else { return Verdict.generic.inUpperHalf }
        return UInt64(try call.store([2 | key[64] & 1] + key[1..<33]))
    }

    static func secp256k1Sign(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64
    {
        try call.charge(GasSchedule.secp256k1Sign)
        let message = try call.read(arguments.first)
        guard let bytes = try bytes(call, arguments.second, counts: [32]), let key = SecretKey(copying: bytes),
            let signature = Secp256k1Signer.sign(SHA256.hash(message), privateKey: key)
        else { return Verdict.privateKey.inUpperHalf }
        return UInt64(try call.store(signature))
    }

    // MARK: - Ed25519

    static func ed25519Verify(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64
    {
        try call.charge(GasSchedule.ed25519Verify)
        let message = try call.read(arguments.first)
        let signature = try bytes(call, arguments.second, counts: [64])
        let key = try bytes(call, arguments.third, counts: [32])
        guard let signature else { return Verdict.signatureFormat.rawValue }
        guard let key else { return Verdict.keyFormat.rawValue }
        let isValid = Ed25519.verify(signature: signature, message: message, publicKey: key)
        return (isValid ? Verdict.valid : .invalid).rawValue
    }

    /// As many messages, signatures and keys, or one message for all, or one key for all.
    static func ed25519BatchVerify(
        _ call: ContractCall, _ arguments: Arguments
    ) throws(ContractCall.Interruption) -> UInt64 {
        try call.charge(GasSchedule.ed25519BatchBase)
        guard let messages = sections(try call.read(arguments.first)),
            let signatures = sections(try call.read(arguments.second)),
            let keys = sections(try call.read(arguments.third))
        else { return Verdict.generic.rawValue }
        let count = signatures.count
        try call.charge(GasSchedule.ed25519BatchItem * UInt64(count))
        guard messages.count == count || messages.count == 1, keys.count == count || keys.count == 1,
            messages.count == count || keys.count == count
        else { return Verdict.batch.rawValue }
        var verdict = Verdict.valid
        for index in 0..<count {
            let (signature, key) = (signatures[index], keys[keys.count == 1 ? 0 : index])
            guard signature.count == Ed25519.signatureByteCount else { return Verdict.signatureFormat.rawValue }
            guard key.count == Ed25519.publicKeyByteCount else { return Verdict.keyFormat.rawValue }
            let message = messages[messages.count == 1 ? 0 : index]
            if !Ed25519.verify(signature: signature, message: message, publicKey: key) { verdict = .invalid }
        }
        return verdict.rawValue
    }

    static func ed25519Sign(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64 {
        try call.charge(GasSchedule.ed25519Sign)
        let message = try call.read(arguments.first)
        guard let bytes = try bytes(call, arguments.second, counts: [32]), let key = SecretKey(copying: bytes) else {
            return Verdict.privateKey.inUpperHalf
        }
        return UInt64(try call.store(Ed25519Signer.sign(message, privateKey: key)))
    }

    /// Items, each followed by its length (big-endian), found from the end; `nil` if they do not fill `bytes` exactly.
    static func sections(_ bytes: [UInt8]) -> [[UInt8]]? {
        var sections: [[UInt8]] = []
        var end = bytes.count
        while end > 0 {
            guard end >= 4 else { return nil }
            let length = bytes[end - 4..<end].reduce(0) { $0 << 8 | Int($1) }
            guard length <= end - 4 else { return nil }
            sections.append(Array(bytes[end - 4 - length..<end - 4]))
            end -= 4 + length
        }
        return sections.reversed()
    }

    // MARK: - Attestation

    static func verifyQuote(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64 {
        try call.charge(GasSchedule.quoteVerify)
        let quote = try call.read(arguments.first)
        let collateral = try call.read(arguments.second)
        let verdict = try call.ask { () throws(ContractFault) in
            try call.environment.verifyQuote(quote, collateral: collateral)
        }
        guard let verdict else { return Verdict.generic.inUpperHalf }
        return UInt64(verdict)
    }
}
