import CLibCrypto
import PublicCryptography
import SecretCryptography

package enum MnemonicError: Error, Equatable {
    /// Not 12, 15, 18, 21 or 24 words.
    case wordCount
    case unknownWord
    case checksum
    /// The passphrase is not ASCII: others would need Unicode normalisation (NFKD), which this does without.
    case passphraseNotASCII
}

/// A seed as English words (BIP 39), checked.
///
/// For wallets: the words are a Swift string, because they are there to be read and typed.
package struct Mnemonic: ~Copyable {
    /// The words, separated by one space.
    package let phrase: String

    /// The words in `text`, separated by any white space, in lower case.
    package init(_ text: String) throws(MnemonicError) {
        let words = text.utf8.split { [0x20, 0x09, 0x0a, 0x0d].contains($0) }.map { String($0)! }
        guard words.count % 3 == 0, (12...24).contains(words.count) else { throw .wordCount }
        var bits = [Bool]()
        for word in words {
            guard let index = MnemonicWords.index(of: word) else { throw .unknownWord }
            for shift in stride(from: 10, through: 0, by: -1) { bits.append(index >> shift & 1 == 1) }
        }
        let entropy = Mnemonic.bytes(of: bits[..<(words.count * 32 / 3)])
        guard Mnemonic.bits(of: entropy) == bits else { throw .checksum }
        phrase = words.joined(separator: " ")
    }

    /// The words of 16, 20, 24, 28 or 32 bytes of entropy.
    package init(entropy: [UInt8]) {
        precondition(entropy.count % 4 == 0 && (16...32).contains(entropy.count))
        let bits = Mnemonic.bits(of: entropy)
        let words = stride(from: 0, to: bits.count, by: 11).map { start in
            MnemonicWords.all[bits[start..<(start + 11)].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }]
        }
        phrase = words.joined(separator: " ")
    }

    /// 24 new words.
    package static func random() -> Mnemonic { Mnemonic(entropy: SecretRandom.bytes(32)) }

    /// The seed of 64 bytes for a tree of keys.
    package borrowing func seed(passphrase: String = "") throws(MnemonicError) -> GuardedBytes {
        guard passphrase.utf8.allSatisfy({ $0 < 0x80 }) else { throw .passphraseNotASCII }
        let password = phrase.utf8.map { CChar($0) }
        let salt = Array(("mnemonic" + passphrase).utf8)
        // Safe: password and salt have their own counts, and the output has the 64 bytes it says.
        return unsafe GuardedBytes(count: 64) { output in
            precondition(
                unsafe PKCS5_PBKDF2_HMAC(
                    password, Int32(password.count), salt, Int32(salt.count), 2048, EVP_sha512(), 64,
                    output.bindMemory(to: UInt8.self).baseAddress!) == 1)
        }
    }

    /// The entropy's bits, then the first bits of its hash: one for each 32.
    private static func bits(of entropy: [UInt8]) -> [Bool] {
        let checksum = SHA256.hash(entropy).bytes.prefix(1)
        let all = (entropy + checksum).flatMap { byte in (0..<8).map { byte >> (7 - UInt8($0)) & 1 == 1 } }
        return Array(all.prefix(entropy.count * 8 + entropy.count / 4))
    }

    private static func bytes(of bits: ArraySlice<Bool>) -> [UInt8] {
        stride(from: bits.startIndex, to: bits.endIndex, by: 8).map { start in
            bits[start..<(start + 8)].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
        }
    }
}
