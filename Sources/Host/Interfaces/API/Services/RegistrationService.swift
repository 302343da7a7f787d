import ChainMessages
import LedgerRecords
import PublicCryptography
import StateProofs
import StrictJSON

/// secret.registration.v1beta1.Query: the network's public keys, and the seeds wrapped for nodes that joined.
struct RegistrationService: Sendable {
    private typealias Query = RegistrationV1beta1.Query

    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        registry.query(Query.txKey, chain) { _, state in
            .init(key: try RegistrationService.masterKey(RegisterStore.ioExchangeKey, state).bytes)
        }
        registry.query(Query.registrationKey, chain) { _, state in
            // Part of the register module's genesis as JSON: what a joining node stores.
            let node = try RegistrationService.masterKey(RegisterStore.nodeExchangeKey, state)
            let io = try RegistrationService.masterKey(RegisterStore.ioExchangeKey, state)
            let text = JSONWriter.bytes(of: [
                "reg_info": .null, "node_exch_key": ["bytes": .string(Base64Text.encode(node.bytes))],
                "io_exch_key": ["bytes": .string(Base64Text.encode(io.bytes))],
            ])
            return .init(key: text)
        }
        registry.query(Query.encryptedSeed, chain) { request, state in
            let key = try RegistrationService.nodeKey(request.pubKey)
            guard let value = try state.get(store: StoreName.register, key: RegisterStore.nodeKey(publicKey: key))
            else {
                throw StatusError.notFound("node with public key \(Hexadecimal.encode(key)) not found")
            }
            let seed = try RegistrationV1beta1.RegistrationNodeInfo(stored: value).encryptedSeed
            guard !seed.isEmpty else { throw StatusError.notFound("the seed is not wrapped for this node yet") }
            return .init(encryptedSeed: seed)
        }
    }

    private static func masterKey(_ key: [UInt8], _ state: any StateReading) throws -> Hash32 {
        guard let value = try state.get(store: StoreName.register, key: key) else {
            throw StatusError.notFound("the network has no exchange keys")
        }
        guard let key = RegisterStore.masterKey(decoding: value) else { throw CorruptRecord(what: "exchange key") }
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
