import PublicCryptography
import SignedTransactions

/// What most likely is wrong with a text that should be an address, so that nobody has to compare 45 characters.
package enum AddressText {
    private static let characterCount = 45
    private static let alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

    package static func address(_ text: String) throws -> AccountAddress {
        if let address = AccountAddress(bech32: text) { return address }
        throw ClientError(.invalidInput, "\(text) is not an address of this chain (secret1…): \(fault(text))")
    }

    private static func fault(_ text: String) -> String {
        if text.isEmpty { return "it is empty" }
        if text.contains(where: \.isWhitespace) { return "it has spaces in it" }
        if text.hasPrefix("0x") || text.utf8.count == 40, Hexadecimal.decode(String(text.suffix(40))) != nil {
            return "it is in hexadecimal, as addresses of Ethereum are"
        }
        if let (prefix, bytes) = Bech32.decode(text) { return fault(prefix, bytes) }
        guard let separator = text.lastIndex(of: "1"), separator > text.startIndex else {
            return "if it is the name of a key, `cloister keys show \(text) --address` prints its address"
        }
        let (prefix, rest) = (text[..<separator].lowercased(), text[text.index(after: separator)...])
        if text.contains(where: \.isUppercase), text.contains(where: \.isLowercase) {
            return "an address has no capital letters"
        }
        if let letter = rest.first(where: { !alphabet.contains($0.lowercased()) }) {
            return "\(letter) is in no address\(letter == "o" || letter == "O" ? " (0 is)" : "")"
        }
        guard prefix == AccountAddress.prefix else { return "its prefix is \(prefix), and its checksum does not fit" }
        guard text.count == characterCount else {
            return
                "it has \(text.count) characters, and the address of a key has \(characterCount): \(text.count < characterCount ? "some are missing" : "there are some too many")"
        }
        return wrongCharacter(text).map { "its checksum does not fit; look at the character behind \($0)" }
            ?? "its checksum does not fit: more than one character is wrong"
    }

    private static func fault(_ prefix: String, _ bytes: [UInt8]) -> String {
        switch prefix {
        case "secretvaloper":
            return AccountAddress(bytes).map { "it is a validator; the account that runs it is \($0)" }
                ?? "it is a validator"
        case "secretvalcons": return "it is the consensus address of a node"
        case "secretpub", "secretvaloperpub", "secretvalconspub": return "it is a public key"
        case AccountAddress.prefix:
            return "it holds \(bytes.count) bytes, and an account has \(AccountAddress.byteCount)"
        default: return "it is of another chain, whose addresses begin with \(prefix)1"
        }
    }

    /// What stands in front of the one character that may be wrong; `nil` if no single one explains it. Which it should
    /// be is not said: the next best address may be somebody's (BIP 173, "Checksum").
    private static func wrongCharacter(_ text: String) -> String? {
        var characters = Array(text)
        var found: Set<Int> = []
        for index in (AccountAddress.prefix.count + 1)..<characters.count {
            let original = characters[index]
            for other in alphabet where other != original {
                characters[index] = other
                if AccountAddress(bech32: String(characters)) != nil { found.insert(index) }
            }
            characters[index] = original
        }
        guard found.count == 1, let index = found.first else { return nil }
        return String(text.prefix(index).suffix(6))
    }
}
