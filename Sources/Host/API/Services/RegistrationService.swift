import ChainModel
import PublicCryptography
import StrictJSON

/// secret.registration.v1beta1.Query: the network's public keys, and the seeds wrapped for nodes that joined.
struct RegistrationService: Sendable {
    private static let service = "/secret.registration.v1beta1.Query/"

    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        let service = RegistrationService.service
        registry.registerQuery(service + "TxKey", chain) { _, state in
            let key = try RegistrationService.masterKey(RegisterStore.ioExchangeKey, state)
            return ProtobufWriter.encode { $0.bytes(1, key.bytes) }
        }
        registry.registerQuery(service + "RegistrationKey", chain) { _, state in
            // Part of the register module's genesis as JSON: what a joining node stores.
            let node = try RegistrationService.masterKey(RegisterStore.nodeExchangeKey, state)
            let io = try RegistrationService.masterKey(RegisterStore.ioExchangeKey, state)
            let text = JSONWriter.bytes(of: [
                "reg_info": .null, "node_exch_key": ["bytes": .string(Base64Text.encode(node.bytes))],
                "io_exch_key": ["bytes": .string(Base64Text.encode(io.bytes))],
            ])
            return ProtobufWriter.encode { $0.bytes(1, text) }
        }
        registry.registerQuery(service + "EncryptedSeed", chain) { request, state in
            let key = try RegistrationService.nodeKey(try request.bytes(1))
            guard let value = try state.get(store: StoreName.register, key: RegisterStore.nodeKey(publicKey: key))
            else {
                throw StatusError.notFound("node with public key \(Hexadecimal.encode(key)) not found")
            }
            var node = ProtobufMessageReader(value)
            let seed = try node.bytes(2)
            guard !seed.isEmpty else { throw StatusError.notFound("the seed is not wrapped for this node yet") }
            return ProtobufWriter.encode { $0.bytes(1, seed) }
        }
    }

    private static func masterKey(_ key: [UInt8], _ state: any StateReading) throws -> Hash32 {
        guard let value = try state.get(store: StoreName.register, key: key) else {
            throw StatusError.notFound("the network has no exchange keys")
        }
        guard let key = RegisterStore.masterKey(decoding: value) else { throw CorruptState(what: "exchange key") }
        return key
    }

    /// Operators write the key as 64 hexadecimal digits where REST expects Base64, which 64 such digits also are.
    private static func nodeKey(_ bytes: [UInt8]) throws -> [UInt8] {
        if bytes.count == Hash32.byteCount { return bytes }
        guard bytes.count == 48, let key = Hexadecimal.decode(Base64Text.encode(bytes)) else {
            throw StatusError.invalidRequest("a node's public key has \(Hash32.byteCount) bytes")
        }
        return key
    }
}
