import CSodium
import Foundation
import PublicCryptography
import SecretCryptography
import StrictJSON

/// A few secret bytes under a passphrase: Argon2id makes the key, XChaCha20-Poly1305 seals.
///
/// What guessing costs is in the file, so that it can rise later; a file that asks for more than a machine has is
/// refused.
package struct PassphraseBox: Equatable, Sendable {
    /// Argon2id's passes, and its memory in bytes.
    package struct Cost: Equatable, Sendable {
        package var passes: UInt64
        package var memory: Int

        package init(passes: UInt64, memory: Int) { (self.passes, self.memory) = (passes, memory) }

        /// libsodium's "moderate": about a second.
        package static let standard = Cost(passes: 3, memory: 256 << 20)
        private static let most = Cost(passes: 32, memory: 1 << 30)

        var isAcceptable: Bool {
            (1...Cost.most.passes).contains(passes) && (8192...Cost.most.memory).contains(memory)
        }
    }

    private let cost: Cost
    private let salt: [UInt8]
    private let nonce: [UInt8]
    private let sealed: [UInt8]

    /// `context` is shown beside the box and must be the same when it is opened.
    package init(sealing secret: [UInt8], passphrase: String, context: [UInt8], cost: Cost = .standard) throws {
        self.cost = cost
        salt = SecretRandom.bytes(Int(crypto_pwhash_SALTBYTES))
        nonce = SecretRandom.bytes(Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES))
        var key = try Self.key(passphrase, salt, cost)
        defer { sodium_memzero(&key, key.count) }
        var output = [UInt8](repeating: 0, count: secret.count + Int(crypto_aead_xchacha20poly1305_ietf_ABYTES))
        crypto_aead_xchacha20poly1305_ietf_encrypt(
            &output, nil, secret, UInt64(secret.count), context, UInt64(context.count), nil, nonce, key)
        sealed = output
    }

    /// `nil` for another passphrase, another context, or a changed box.
    package func open(passphrase: String, context: [UInt8]) throws -> [UInt8]? {
        let overhead = Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)
        guard sealed.count >= overhead else { return nil }
        var key = try Self.key(passphrase, salt, cost)
        defer { sodium_memzero(&key, key.count) }
        var output = [UInt8](repeating: 0, count: sealed.count - overhead)
        let status = crypto_aead_xchacha20poly1305_ietf_decrypt(
            &output, nil, nil, sealed, UInt64(sealed.count), context, UInt64(context.count), nonce, key)
        return status == 0 ? output : nil
    }

    private static func key(_ passphrase: String, _ salt: [UInt8], _ cost: Cost) throws -> [UInt8] {
        guard sodium_init() >= 0 else { throw ClientError(.invalidInput, "libsodium cannot initialise") }
        var key = [UInt8](repeating: 0, count: Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES))
        // Signed characters are what libsodium takes; the length goes along, so that a zero byte ends nothing.
        let characters = passphrase.utf8.map { CChar(bitPattern: $0) }
        guard
            crypto_pwhash(
                &key, UInt64(key.count), characters, UInt64(characters.count), salt, cost.passes, cost.memory,
                Int32(crypto_pwhash_ALG_ARGON2ID13)) == 0
        else { throw ClientError(.invalidInput, "not enough memory to open the keyring (\(cost.memory >> 20) MiB)") }
        return key
    }

    // MARK: - As JSON

    package var members: [(String, JSONValue)] {
        [
            ("kdf", "argon2id"), ("passes", .number(cost.passes)), ("memory", .number(cost.memory)),
            ("salt", .string(Hexadecimal.encode(salt))), ("cipher", "xchacha20-poly1305"),
            ("nonce", .string(Hexadecimal.encode(nonce))), ("sealed", .string(Base64.encode(sealed))),
        ]
    }

    package init?(json: JSONValue) {
        guard json["kdf"]?.string == "argon2id", json["cipher"]?.string == "xchacha20-poly1305",
            let passes = json["passes"]?.uint64, let memory = json["memory"]?.integer(as: Int.self),
            let salt = json["salt"]?.string.flatMap({ Hexadecimal.decode($0) }),
            let nonce = json["nonce"]?.string.flatMap({ Hexadecimal.decode($0) }),
            let sealed = json["sealed"]?.string.flatMap({ Base64.decode($0) }),
            salt.count == Int(crypto_pwhash_SALTBYTES),
            nonce.count == Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
        else { return nil }
        cost = Cost(passes: passes, memory: memory)
        guard cost.isAcceptable else { return nil }
        (self.salt, self.nonce, self.sealed) = (salt, nonce, sealed)
    }
}
