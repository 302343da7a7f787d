import ChainModel
import Foundation
import PublicCryptography
import SecretCryptography
import StrictJSON

/// The accounts of one user, as files in a folder that only the user can read.
///
/// Like the `test` keyring of the Cosmos SDK it keeps mnemonics in clear: for development networks. Names are file names,
/// so they are restricted.
package struct Keystore: Sendable {
    package struct Entry: Sendable {
        package var name: String
        package var mnemonic: String

        package var wallet: Wallet { get throws { try Wallet(mnemonic: mnemonic) } }
    }

    private let folder: URL

    package init(home: URL) {
        folder = home.appendingPathComponent("keyring-test", isDirectory: true)
    }

    package func add(name: String, mnemonic: String) throws -> Entry {
        guard Self.isName(name) else {
            throw ClientError(.invalidInput, "a key's name has letters, digits, '-' and '_', at most 64")
        }
        let file = self.file(name)
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw ClientError(.invalidInput, "there is a key named \(name) already")
        }
        let entry = Entry(name: name, mnemonic: mnemonic.split(whereSeparator: \.isWhitespace).joined(separator: " "))
        _ = try entry.wallet
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let json = ["name": JSONValue.string(entry.name), "mnemonic": .string(entry.mnemonic)].object
        guard
            FileManager.default.createFile(
                atPath: file.path, contents: Data(JSONWriter.bytes(of: json)), attributes: [.posixPermissions: 0o600])
        else { throw ClientError(.invalidInput, "cannot write \(file.path)") }
        return entry
    }

    package func entry(_ name: String) throws -> Entry {
        guard Self.isName(name), let data = FileManager.default.contents(atPath: file(name).path) else {
            throw ClientError(.notFound, "no key named \(name); `cloister keys list` shows those there are")
        }
        let json = try JSONReader.parse(Array(data), limits: JSONLimits(bytesMax: 65_536))
        guard let mnemonic = json["mnemonic"]?.string else {
            throw ClientError(.invalidInput, "the file of key \(name) holds no mnemonic")
        }
        return Entry(name: name, mnemonic: mnemonic)
    }

    package func entries() throws -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return try names.filter { $0.hasSuffix(".json") }.sorted().map { try entry(String($0.dropLast(5))) }
    }

    package func remove(_ name: String) throws {
        _ = try entry(name)
        try FileManager.default.removeItem(at: file(name))
    }

    /// The key pair that seals messages to contracts, made at first use; the file has the form of secretcli's
    /// `id_tx_io.json`.
    package func encryption(ioPublicKey: [UInt8]) throws -> ContractEncryption {
        let file = folder.deletingLastPathComponent().appendingPathComponent("id_tx_io.json")
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
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        guard
            FileManager.default.createFile(
                atPath: file.path, contents: Data(JSONWriter.bytes(of: json)), attributes: [.posixPermissions: 0o600])
        else { throw ClientError(.invalidInput, "cannot write \(file.path)") }
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
