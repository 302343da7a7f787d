import Foundation
import PublicCryptography
import SecretCryptography
import SignedTransactions
import StrictJSON

/// The accounts of one user, as files in a folder that only the user can read.
///
/// Two kinds, as users of `secretd` know them: `file` keeps mnemonics under a passphrase; `test` keeps them in clear,
/// for development networks and programs that nobody sits at. Names are file names, so they are restricted.
package struct Keystore: Sendable {
    package enum Backend: String, CaseIterable, Sendable {
        case test, file
    }

    /// What is known of an account without its secret.
    package struct Entry: Equatable, Sendable {
        package enum Kind: String, Sendable {
            case local
            /// The public key alone: somebody else signs.
            case offline
            /// Of several keys, of which some sign.
            case multi
        }

        package var name: String
        package var key: AccountKey
        package var kind: Kind

        package var address: AccountAddress { key.address }

        /// Of one key; of several their list, as `key.json` writes it.
        package var publicKey: [UInt8] {
            if case .secp256k1(let bytes) = key { bytes } else { key.any.encoded }
        }
    }

    /// The passphrase, asked of the user when it is needed; `true` for one that is new.
    package typealias Passphrase = @Sendable (_ isNew: Bool) throws -> String

    package static let passphraseLengthMin = 8

    package let backend: Backend
    private let home: URL
    private let passphrase: Passphrase
    private let cost: PassphraseBox.Cost

    package init(
        home: URL, backend: Backend = .test, cost: PassphraseBox.Cost = .standard,
        passphrase: @escaping Passphrase = { _ in throw ClientError(.invalidInput, "the keyring needs a passphrase") }
    ) {
        self.home = home
        self.backend = backend
        self.cost = cost
        self.passphrase = passphrase
    }

    /// Which kind a home has; `test` if it has both or none.
    package static func backend(of home: URL) -> Backend {
        let exists = { (backend: Backend) in FileManager.default.fileExists(atPath: folder(backend, home).path) }
        return exists(.file) && !exists(.test) ? .file : .test
    }

    private static func folder(_ backend: Backend, _ home: URL) -> URL {
        home.appendingPathComponent("keyring-\(backend.rawValue)", isDirectory: true)
    }

    package var folder: URL { Self.folder(backend, home) }
    package var isEmpty: Bool { names.isEmpty }

    // MARK: - Accounts

    /// `account` and `index` are of the path m/44'/529'/account'/0/index.
    package func add(
        name: String, mnemonic: String, account: UInt32 = 0, index: UInt32 = 0
    ) throws -> Entry {
        let words = mnemonic.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return try add(name, KeySecret(words: words, account: account, index: index))
    }

    /// `privateKey` has 64 hexadecimal digits, as `export` gives them.
    package func add(name: String, privateKey: String) throws -> Entry {
        try add(name, KeySecret(privateKey: privateKey))
    }

    private func add(_ name: String, _ secret: KeySecret) throws -> Entry {
        try requireFree(name)
        let wallet = try secret.wallet()
        let entry = Entry(name: name, key: .secp256k1(wallet.publicKey), kind: .local)
        var members: [(String, JSONValue)] = [("name", .string(name))]
        switch backend {
        case .test: members.insert(("mnemonic", .string(secret.text)), at: 0)
        case .file:
            let box = try PassphraseBox(
                sealing: Array(secret.text.utf8), passphrase: try passphraseOfKeyring(), context: Self.context(entry),
                cost: cost)
            members += [
                ("address", .string(entry.address.description)), ("pubkey", .string(Base64.encode(entry.publicKey))),
            ]
            members += box.members
        }
        try PrivateFile.replace(file(name).path, with: JSONWriter.bytes(of: .object(members)))
        return entry
    }

    /// An account whose secret is elsewhere, or is several people's.
    package func add(name: String, key: AccountKey) throws -> Entry {
        try requireFree(name)
        let members: [(String, JSONValue)] = [("name", .string(name)), ("public_key", key.json)]
        try PrivateFile.replace(file(name).path, with: JSONWriter.bytes(of: .object(members)))
        return Self.entry(name, key)
    }

    private static func entry(_ name: String, _ key: AccountKey) -> Entry {
        if case .multisignature = key { return Entry(name: name, key: key, kind: .multi) }
        return Entry(name: name, key: key, kind: .offline)
    }

    private func requireFree(_ name: String) throws {
        guard Self.isName(name) else {
            throw ClientError(.invalidInput, "a key's name has letters, digits, '-' and '_', at most 64")
        }
        guard !FileManager.default.fileExists(atPath: file(name).path) else {
            throw ClientError(.invalidInput, "there is a key named \(name) already")
        }
    }

    package func entry(_ name: String) throws -> Entry {
        let json = try read(name)
        if let key = json["public_key"] { return Self.entry(name, try AccountKey(json: key)) }
        switch backend {
        case .test:
            let wallet = try secret(name, json).wallet()
            return Entry(name: name, key: .secp256k1(wallet.publicKey), kind: .local)
        case .file: return try sealedEntry(name, json).entry
        }
    }

    package func entries() throws -> [Entry] { try names.map(entry) }

    /// The account's key; asks for the passphrase if the keyring has one.
    package func wallet(_ name: String) throws -> Wallet {
        let json = try read(name)
        guard json["public_key"] == nil else {
            let entry = try entry(name)
            throw ClientError(
                .invalidInput,
                entry.kind == .multi
                    ? """
                    \(name) is an account of several keys: write the transaction with --generate-only, have members sign it \
                    (`cloister tx sign --multisig \(name)`), and put the parts together (`cloister tx multisign`)
                    """
                    : "only the public key of \(name) is here; who has the other one signs (--generate-only, then `tx sign`)"
            )
        }
        switch backend {
        case .test: return try secret(name, json).wallet()
        case .file:
            let (entry, box) = try sealedEntry(name, json)
            guard let text = try box.open(passphrase: try passphrase(false), context: Self.context(entry)) else {
                throw ClientError(.invalidInput, "the passphrase does not open key \(name)")
            }
            return try KeySecret(text: String(decoding: text, as: UTF8.self)).wallet()
        }
    }

    package func remove(_ name: String) throws {
        _ = try read(name)
        try FileManager.default.removeItem(at: file(name))
    }

    /// One passphrase for all keys: a new key is not sealed under a mistyped one.
    private func passphraseOfKeyring() throws -> String {
        let sealed = try names.lazy.map { ($0, try self.read($0)) }.first { $0.1["public_key"] == nil }
        guard let (other, json) = sealed else {
            let new = try passphrase(true)
            guard new.utf8.count >= Self.passphraseLengthMin else {
                throw ClientError(.invalidInput, "a passphrase has \(Self.passphraseLengthMin) characters and more")
            }
            return new
        }
        let (entry, box) = try sealedEntry(other, json)
        let given = try passphrase(false)
        guard try box.open(passphrase: given, context: Self.context(entry)) != nil else {
            throw ClientError(.invalidInput, "this is not the keyring's passphrase: it does not open key \(other)")
        }
        return given
    }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".json") }
            .map { String($0.dropLast(5)) }.sorted()
    }

    private func read(_ name: String) throws -> JSONValue {
        guard Self.isName(name), let data = FileManager.default.contents(atPath: file(name).path) else {
            throw ClientError(
                .notFound, "no key named \(name) in \(folder.path); `cloister keys list` shows those there are")
        }
        return try JSONReader.parse(Array(data), limits: JSONLimits(bytesMax: 65_536))
    }

    private func secret(_ name: String, _ json: JSONValue) throws -> KeySecret {
        guard let text = json["mnemonic"]?.string else {
            throw ClientError(.invalidInput, "the file of key \(name) holds no mnemonic")
        }
        return KeySecret(text: text)
    }

    private func sealedEntry(_ name: String, _ json: JSONValue) throws -> (entry: Entry, box: PassphraseBox) {
        guard let address = json["address"]?.string.flatMap(AccountAddress.init(bech32:)),
            let publicKey = json["pubkey"]?.string.flatMap({ Base64.decode($0) }), let box = PassphraseBox(json: json)
        else { throw ClientError(.invalidInput, "the file of key \(name) holds no sealed key") }
        let entry = Entry(name: name, key: .secp256k1(publicKey), kind: .local)
        guard entry.address == address else {
            throw ClientError(.invalidInput, "the file of key \(name) has another key than its address says")
        }
        return (entry, box)
    }

    /// Ties the secret to what is shown beside it.
    private static func context(_ entry: Entry) -> [UInt8] {
        Array("cloister/keyring/1\0\(entry.name)\0".utf8) + entry.address.bytes + entry.publicKey
    }

    // MARK: - Encryption

    /// The key pair that seals messages to contracts, made at first use; the file has the form of secretcli's
    /// `id_tx_io.json`.
    package func encryption(ioPublicKey: [UInt8]) throws -> ContractEncryption {
        let file = home.appendingPathComponent("id_tx_io.json")
        if let data = FileManager.default.contents(atPath: file.path) {
            let json = try JSONReader.parse(Array(data), limits: JSONLimits(bytesMax: 4096))
            guard let text = json["private"]?.string, let bytes = Hexadecimal.decode(text),
                let key = SecretKey(copying: bytes)
            else { throw ClientError(.invalidInput, "\(file.path) holds no key") }
            return ContractEncryption(privateKey: key, ioPublicKey: ioPublicKey)
        }
        let bytes = SecretRandom.bytes(32)
        let key = SecretKey(copying: bytes)!
        let json = [
            "private": JSONValue.string(Hexadecimal.encode(bytes)),
            "public": .string(Hexadecimal.encode(X25519.publicKey(of: key))),
        ].object
        try PrivateFile.replace(file.path, with: JSONWriter.bytes(of: json))
        return ContractEncryption(privateKey: key, ioPublicKey: ioPublicKey)
    }

    private func file(_ name: String) -> URL { folder.appendingPathComponent(name + ".json") }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
