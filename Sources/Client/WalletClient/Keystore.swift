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
        package var name: String
        package var address: AccountAddress
        package var publicKey: [UInt8]
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

    package func add(name: String, mnemonic: String) throws -> Entry {
        guard Self.isName(name) else {
            throw ClientError(.invalidInput, "a key's name has letters, digits, '-' and '_', at most 64")
        }
        guard !FileManager.default.fileExists(atPath: file(name).path) else {
            throw ClientError(.invalidInput, "there is a key named \(name) already")
        }
        let words = mnemonic.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let wallet = try Wallet(mnemonic: words)
        let entry = Entry(name: name, address: wallet.address, publicKey: wallet.publicKey)
        var members: [(String, JSONValue)] = [("name", .string(name))]
        switch backend {
        case .test: members.insert(("mnemonic", .string(words)), at: 0)
        case .file:
            let box = try PassphraseBox(
                sealing: Array(words.utf8), passphrase: try passphraseOfKeyring(), context: Self.context(entry),
                cost: cost)
            members += [
                ("address", .string(entry.address.description)), ("pubkey", .string(Base64.encode(entry.publicKey))),
            ]
            members += box.members
        }
        try PrivateFile.replace(file(name).path, with: JSONWriter.bytes(of: .object(members)))
        return entry
    }

    package func entry(_ name: String) throws -> Entry {
        let json = try read(name)
        switch backend {
        case .test:
            let wallet = try Wallet(mnemonic: try mnemonic(name, json))
            return Entry(name: name, address: wallet.address, publicKey: wallet.publicKey)
        case .file: return try sealedEntry(name, json).entry
        }
    }

    package func entries() throws -> [Entry] { try names.map(entry) }

    /// The account's key; asks for the passphrase if the keyring has one.
    package func wallet(_ name: String) throws -> Wallet {
        let json = try read(name)
        switch backend {
        case .test: return try Wallet(mnemonic: try mnemonic(name, json))
        case .file:
            let (entry, box) = try sealedEntry(name, json)
            guard let words = try box.open(passphrase: try passphrase(false), context: Self.context(entry)) else {
                throw ClientError(.invalidInput, "the passphrase does not open key \(name)")
            }
            return try Wallet(mnemonic: String(decoding: words, as: UTF8.self))
        }
    }

    package func remove(_ name: String) throws {
        _ = try read(name)
        try FileManager.default.removeItem(at: file(name))
    }

    /// One passphrase for all keys: a new key is not sealed under a mistyped one.
    private func passphraseOfKeyring() throws -> String {
        guard let other = names.first else {
            let new = try passphrase(true)
            guard new.utf8.count >= Self.passphraseLengthMin else {
                throw ClientError(.invalidInput, "a passphrase has \(Self.passphraseLengthMin) characters and more")
            }
            return new
        }
        let (entry, box) = try sealedEntry(other, try read(other))
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

    private func mnemonic(_ name: String, _ json: JSONValue) throws -> String {
        guard let mnemonic = json["mnemonic"]?.string else {
            throw ClientError(.invalidInput, "the file of key \(name) holds no mnemonic")
        }
        return mnemonic
    }

    private func sealedEntry(_ name: String, _ json: JSONValue) throws -> (entry: Entry, box: PassphraseBox) {
        guard let address = json["address"]?.string.flatMap(AccountAddress.init(bech32:)),
            let publicKey = json["pubkey"]?.string.flatMap({ Base64.decode($0) }), let box = PassphraseBox(json: json)
        else { throw ClientError(.invalidInput, "the file of key \(name) holds no sealed key") }
        return (Entry(name: name, address: address, publicKey: publicKey), box)
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
