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
        try call.charge(InstructionGas.secp256k1Verify)
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
        try call.charge(InstructionGas.secp256k1Recover)
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
        try call.charge(InstructionGas.secp256k1Sign)
        let message = try call.read(arguments.first)
        guard let bytes = try bytes(call, arguments.second, counts: [32]), let key = SecretKey(copying: bytes),
            let signature = Secp256k1Signer.sign(SHA256.hash(message), privateKey: key)
        else { return Verdict.privateKey.inUpperHalf }
        return UInt64(try call.store(signature))
    }

    // MARK: - Ed25519

    static func ed25519Verify(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64
    {
        try call.charge(InstructionGas.ed25519Verify)
        let message = try call.read(arguments.first)
        let signature = try bytes(call, arguments.second, counts: [64])
        let key = try bytes(call, arguments.third, counts: [32])
        guard let signature else { return Verdict.signatureFormat.rawValue }
        guard let key else { return Verdict.keyFormat.rawValue }
        try call.work(InstructionGas.ed25519VerifyWork)
        let isValid = Ed25519.verify(signature: signature, message: message, publicKey: key)
        return (isValid ? Verdict.valid : .invalid).rawValue
    }

    /// As many messages, signatures and keys, or one message for all, or one key for all.
    ///
    /// Nothing is taken apart before all of it is paid: three regions can name millions of items.
    static func ed25519BatchVerify(
        _ call: ContractCall, _ arguments: Arguments
    ) throws(ContractCall.Interruption) -> UInt64 {
        try call.charge(InstructionGas.ed25519BatchBase)
        guard let messages = Sections(try call.read(arguments.first)),
            let signatures = Sections(try call.read(arguments.second)),
            let keys = Sections(try call.read(arguments.third))
        else { return Verdict.generic.rawValue }
        let count = signatures.count
        try call.charge(InstructionGas.ed25519BatchItem * UInt64(count))
        guard messages.count == count || messages.count == 1, keys.count == count || keys.count == 1,
            messages.count == count || keys.count == count
        else { return Verdict.batch.rawValue }
        var verdict = Verdict.valid
        var (message, key) = ([UInt8](), [UInt8]())
        // From the last to the first, as they are found; what is malformed is said of the first.
        var (nextMessage, nextSignature, nextKey) = (messages.last, signatures.last, keys.last)
        var malformed: Verdict?
        for _ in 0..<count {
            let signature = signatures.take(&nextSignature)
            if let found = messages.take(&nextMessage) { message = found }
            if let found = keys.take(&nextKey) { key = found }
            guard let signature, signature.count == Ed25519.signatureByteCount else {
                malformed = .signatureFormat
                continue
            }
            guard key.count == Ed25519.publicKeyByteCount else {
                malformed = .keyFormat
                continue
            }
            // One that is wrong decides, whatever the others are.
            guard verdict == .valid else { continue }
            try call.work(InstructionGas.ed25519VerifyWork + InstructionGas.hashedByteWork * UInt64(message.count))
            if !Ed25519.verify(signature: signature, message: message, publicKey: key) { verdict = .invalid }
        }
        return (malformed ?? verdict).rawValue
    }

    static func ed25519Sign(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64 {
        try call.charge(InstructionGas.ed25519Sign)
        let message = try call.read(arguments.first)
        try call.work(InstructionGas.hashedByteWork * UInt64(message.count))
        guard let bytes = try bytes(call, arguments.second, counts: [32]), let key = SecretKey(copying: bytes) else {
            return Verdict.privateKey.inUpperHalf
        }
        return UInt64(try call.store(Ed25519Signer.sign(message, privateKey: key)))
    }

    /// Items, each followed by its length (big-endian), found from the end.
    struct Sections {
        private let bytes: [UInt8]
        let count: Int

        /// `nil` if the items do not fill `bytes` exactly.
        init?(_ bytes: [UInt8]) {
            self.bytes = bytes
            var (count, end) = (0, bytes.count)
            while end > 0 {
                guard let item = Sections.item(before: end, in: bytes) else { return nil }
                end = item.lowerBound
                count += 1
            }
            self.count = count
        }

        /// Where the last item ends, for `take`.
        var last: Int { bytes.count }

        /// The item that ends at `end`, which moves on to the one before it; `nil` at the beginning.
        func take(_ end: inout Int) -> [UInt8]? {
            guard end > 0, let item = Sections.item(before: end, in: bytes) else { return nil }
            end = item.lowerBound
            return Array(bytes[item])
        }

        private static func item(before end: Int, in bytes: [UInt8]) -> Range<Int>? {
            guard end >= 4 else { return nil }
            let length =
                Int(bytes[end - 4]) << 24 | Int(bytes[end - 3]) << 16 | Int(bytes[end - 2]) << 8 | Int(bytes[end - 1])
            guard length <= end - 4 else { return nil }
            return end - 4 - length..<end - 4
        }
    }

    // MARK: - Attestation

    static func verifyQuote(_ call: ContractCall, _ arguments: Arguments) throws(ContractCall.Interruption) -> UInt64 {
        try call.charge(InstructionGas.quoteVerify)
        try call.work(InstructionGas.quoteVerifyWork)
        let quote = try call.read(arguments.first)
        let collateral = try call.read(arguments.second)
        let verdict = try call.ask { () throws(ContractFault) in
            try call.environment.verifyQuote(quote, collateral: collateral)
        }
        guard let verdict else { return Verdict.generic.inUpperHalf }
        return UInt64(verdict)
    }
}
