import Foundation
import PublicCryptography
import SecretCryptography
import SignedTransactions
import StrictJSON

/// What a key's file keeps of it, as one line: the words of a mnemonic, with the path below them where it is not the
/// usual one, or 64 hexadecimal digits.
struct KeySecret {
    let text: String

    init(text: String) { self.text = text }

    init(words: String, account: UInt32, index: UInt32) {
        text = account == 0 && index == 0 ? words : "\(words) \(account)/\(index)"
    }

    init(privateKey: String) throws {
        guard let bytes = Hexadecimal.decode(privateKey), bytes.count == SecretKey.byteCount else {
            throw ClientError(.invalidInput, "a private key has 64 hexadecimal digits")
        }
        text = Hexadecimal.encode(bytes)
    }

    func wallet() throws -> Wallet {
        let words = text.split(separator: " ")
        if words.count == 1 {
            guard let bytes = Hexadecimal.decode(text), let key = SecretKey(copying: bytes) else {
                throw ClientError(.invalidInput, "a key's file holds neither words nor 64 hexadecimal digits")
            }
            return try Wallet(privateKey: key)
        }
        let path = (words.last ?? "").split(separator: "/").compactMap { UInt32($0) }
        guard path.count == 2 else { return try Wallet(mnemonic: text) }
        return try Wallet(
            mnemonic: words.dropLast().joined(separator: " "), account: path[0], index: path[1])
    }
}

/// A key on its way from one machine to another: sealed under a passphrase of its own, as a file of JSON.
package enum ExportedKey {
    private static let form = "cloister key 1"

    package static func sealed(
        _ wallet: Wallet, passphrase: String, cost: PassphraseBox.Cost = .standard
    ) throws -> JSONValue {
        guard passphrase.utf8.count >= Keystore.passphraseLengthMin else {
            throw ClientError(.invalidInput, "a passphrase has \(Keystore.passphraseLengthMin) characters and more")
        }
        let box = try PassphraseBox(
            sealing: Array(wallet.exported().utf8), passphrase: passphrase, context: context(wallet.address), cost: cost
        )
        return .object([("form", .string(form)), ("address", .string(wallet.address.description))] + box.members)
    }

    /// The private key, as 64 hexadecimal digits.
    package static func opened(_ json: JSONValue, passphrase: String) throws -> String {
        guard json["form"]?.string == form, let box = PassphraseBox(json: json),
            let address = json["address"]?.string.flatMap(AccountAddress.init(bech32:))
        else { throw ClientError(.invalidInput, "this is no key that `cloister keys export` wrote") }
        guard let bytes = try box.open(passphrase: passphrase, context: context(address)) else {
            throw ClientError(.invalidInput, "the passphrase does not open the key of \(address)")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func context(_ address: AccountAddress) -> [UInt8] {
        Array("cloister/export/1\0".utf8) + address.bytes
    }
}
