import CSodium
import DecidedBlocks
import DurableFiles
import PublicCryptography
import StrictJSON
import Wire

/// CometBFT's `node_key.json`: the key by which a node is known to its peers. It signs the challenge of a handshake,
/// which both sides have a part in.
package struct NodeKey: Sendable {
    private let secretKey: [UInt8]

    /// The address of its public key in lower-case hexadecimal, as CometBFT names nodes.
    package var id: String { Hexadecimal.encode(ValidatorAddress(publicKey: publicKey).bytes) }

    package var publicKey: [UInt8] { Array(secretKey.suffix(32)) }

    @Sendable
    package func sign(_ message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: Ed25519.signatureByteCount)
        crypto_sign_detached(&signature, nil, message, UInt64(message.count), secretKey)
        return signature
    }

    /// The key of a file, which is made with a new one if there is none.
    package static func open(_ path: String) throws -> NodeKey {
        guard let bytes = try DurableFile.read(path) else { return try make(path) }
        guard let json = try? JSONReader.parse(bytes, limits: JSONLimits(bytesMax: 1 << 16)),
            json["priv_key"]?["type"]?.string == "tendermint/PrivKeyEd25519",
            let secretKey = json["priv_key"]?["value"]?.string.flatMap(Base64.decode),
            secretKey.count == SignerKeyFile.secretKeyByteCount, pair(of: secretKey).secretKey == secretKey
        else { throw SignerFileError.malformed(path) }
        return NodeKey(secretKey: secretKey)
    }

    private static func make(_ path: String) throws -> NodeKey {
        guard sodium_init() >= 0 else { throw FileError("sodium_init", path) }
        var (publicKey, secretKey) = pair(of: [])
        crypto_sign_keypair(&publicKey, &secretKey)
        let text = """
            {"priv_key":{"type":"tendermint/PrivKeyEd25519","value":"\(Base64.encode(secretKey))"}}

            """
        try DurableFile.replace(path, with: Array(text.utf8))
        return NodeKey(secretKey: secretKey)
    }

    /// The key pair of the seed that a secret key begins with.
    private static func pair(of secretKey: [UInt8]) -> (publicKey: [UInt8], secretKey: [UInt8]) {
        var pair = (
            publicKey: [UInt8](repeating: 0, count: Ed25519.publicKeyByteCount),
            secretKey: [UInt8](repeating: 0, count: SignerKeyFile.secretKeyByteCount)
        )
        if secretKey.count >= 32 {
            crypto_sign_seed_keypair(&pair.publicKey, &pair.secretKey, Array(secretKey.prefix(32)))
        }
        return pair
    }
}
