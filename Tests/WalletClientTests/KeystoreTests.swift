import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import Synchronization
import TestSupport
import Testing
import WalletClient

@Suite("A user's keys, and coins as users write them") struct KeystoreTests {
    private static let mnemonic = LocalSecret.a
    private static let address = "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03"
    private static let cheap = PassphraseBox.Cost(passes: 1, memory: 8192)

    private final class Home {
        private let folder = TemporaryFolder("keys")
        /// Not there yet: the keystore makes it.
        var url: URL { folder.url.appendingPathComponent("home") }

        /// A keyring under `passphrase`, and how often it was asked for.
        func keystore(_ passphrase: String, asked: @escaping @Sendable (Bool) -> Void = { _ in }) -> Keystore {
            Keystore(home: url, backend: .file, cost: KeystoreTests.cheap) { isNew in
                asked(isNew)
                return passphrase
            }
        }
    }

    @Test("a keyring under a passphrase shows no word of a mnemonic, and opens for that passphrase alone")
    func sealedKeys() throws {
        let home = Home()
        let asked = Mutex<[Bool]>([])
        let keystore = home.keystore("correct horse") { isNew in asked.withLock { $0.append(isNew) } }
        let entry = try keystore.add(name: "one", mnemonic: Self.mnemonic)
        #expect(entry.address.description == Self.address)
        _ = try keystore.add(name: "two", mnemonic: Wallet.newMnemonic())
        #expect(asked.withLock { $0 } == [true, false])

        let file = home.url.appendingPathComponent("keyring-file/one.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        for word in Self.mnemonic.split(separator: " ") { #expect(!text.contains("\(word)"), "\(word)") }
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let folder = try FileManager.default.attributesOfItem(atPath: keystore.folder.path)
        #expect(folder[.posixPermissions] as? Int == 0o700)

        // Shown without the passphrase, used with it.
        let silent = Keystore(home: home.url, backend: .file)
        #expect(try silent.entries().map(\.name) == ["one", "two"])
        #expect(try silent.entry("one") == entry)
        #expect(throws: ClientError.self) { _ = try silent.wallet("one") }
        #expect(try keystore.wallet("one").address == entry.address)
        #expect(throws: ClientError.self) { _ = try home.keystore("wrong horse!").wallet("one") }
        // A mistyped passphrase seals no new key; a short one begins no keyring.
        #expect(throws: ClientError.self) {
            _ = try home.keystore("wrong horse!").add(name: "three", mnemonic: Wallet.newMnemonic())
        }
        #expect(throws: ClientError.self) { _ = try Home().keystore("short").add(name: "one", mnemonic: Self.mnemonic) }
        #expect(try silent.entries().count == 2)
        try silent.remove("two")
        #expect(try silent.entries().map(\.name) == ["one"])
    }

    @Test("a key comes back from its digits and from its sealed file, and one of a path of its own from its words")
    func moved() throws {
        let home = Home()
        let keystore = home.keystore("correct horse")
        let entry = try keystore.add(name: "one", mnemonic: Self.mnemonic)
        // facts: its section 10.1 has the key of the mnemonic of LocalSecret's a.
        let digits = "f0a7b67eb9a719d54f8a9bfbfb187d8c296b97911a05bf5ca30494823e46beb6"
        let wallet = try keystore.wallet("one")
        #expect(wallet.exported() == digits)
        let sealed = try ExportedKey.sealed(wallet, passphrase: "another horse", cost: Self.cheap)
        #expect(!JSONWriter.text(of: sealed).contains(digits))
        #expect(try ExportedKey.opened(sealed, passphrase: "another horse") == digits)
        #expect(throws: ClientError.self) { _ = try ExportedKey.opened(sealed, passphrase: "correct horse") }
        #expect(throws: ClientError.self) { _ = try ExportedKey.opened(["form": "x"], passphrase: "another horse") }
        #expect(throws: ClientError.self) { _ = try ExportedKey.sealed(wallet, passphrase: "short") }
        for backend in [Keystore.Backend.test, .file] {
            let other = Home()
            let keys = Keystore(home: other.url, backend: backend, cost: Self.cheap) { _ in "correct horse" }
            let taken = try keys.add(name: "taken", privateKey: digits.uppercased())
            #expect(taken.address == entry.address && taken.kind == .local)
            #expect(try keys.wallet("taken").exported() == digits && keys.entry("taken") == taken)
            let second = try keys.add(name: "second", mnemonic: Self.mnemonic, account: 1, index: 4)
            #expect(second.address == (try Wallet(mnemonic: Self.mnemonic, account: 1, index: 4)).address)
            #expect(try keys.wallet("second").address == second.address && second.address != entry.address)
            for wrong in ["", "00", String(repeating: "0", count: 64), digits + "00"] {
                #expect(throws: ClientError.self) { _ = try keys.add(name: "wrong", privateKey: wrong) }
            }
        }
    }

    @Test("a key of others is kept without a secret, needs no passphrase, and does not sign")
    func keysOfOthers() throws {
        let home = Home()
        let silent = Keystore(home: home.url, backend: .file)
        let single = AccountKey.secp256k1(try Wallet(mnemonic: Self.mnemonic).publicKey)
        let several = AccountKey.multisignature(
            threshold: 1, [single, .secp256k1(try Wallet(mnemonic: LocalSecret.b).publicKey)])
        #expect(try silent.add(name: "other", key: single).kind == .offline)
        #expect(try silent.add(name: "board", key: several).kind == .multi)
        #expect(try silent.entries().map(\.key) == [several, single])
        for name in ["other", "board"] {
            #expect(throws: ClientError.self) { _ = try silent.wallet(name) }
            #expect(throws: ClientError.self) { _ = try silent.add(name: name, key: single) }
        }
        // The first secret begins the keyring, and its passphrase is a new one.
        let keystore = home.keystore("correct horse") { isNew in #expect(isNew) }
        _ = try keystore.add(name: "one", mnemonic: LocalSecret.c)
    }

    @Test("a sealed key that was changed, or stands beside another's address, does not open")
    func changedFiles() throws {
        let home = Home()
        let keystore = home.keystore("correct horse")
        let entry = try keystore.add(name: "one", mnemonic: Self.mnemonic)
        let other = try keystore.add(name: "two", mnemonic: Wallet.newMnemonic())
        let file = home.url.appendingPathComponent("keyring-file/one.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        let sealed = try #require(text.firstRange(of: #""sealed":""#))
        var flipped = text
        let digit = text[sealed.upperBound]
        flipped.replaceSubrange(sealed.upperBound...sealed.upperBound, with: digit == "A" ? "B" : "A")
        for changed in [
            flipped, text.replacingOccurrences(of: entry.address.description, with: other.address.description),
            text.replacingOccurrences(of: #""passes":1"#, with: #""passes":2"#),
            text.replacingOccurrences(of: #""memory":8192"#, with: #""memory":1099511627776"#),
            text.replacingOccurrences(of: "argon2id", with: "none"),
        ] {
            #expect(changed != text)
            try changed.write(to: file, atomically: true, encoding: .utf8)
            #expect(throws: ClientError.self, "\(changed)") { _ = try keystore.wallet("one") }
        }
        try text.write(to: file, atomically: true, encoding: .utf8)
        #expect(try keystore.wallet("one").address == entry.address)
    }

    @Test("keys in clear, as earlier versions wrote them, keep working, and a home has the kind that it has")
    func keysInClear() throws {
        let home = Home()
        #expect(Keystore.backend(of: home.url) == .test)
        _ = try home.keystore("correct horse").add(name: "one", mnemonic: Self.mnemonic)
        #expect(Keystore.backend(of: home.url) == .file)
        let folder = home.url.appendingPathComponent("keyring-test")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try #"{"mnemonic":"\#(Self.mnemonic)","name":"old"}"#.write(
            to: folder.appendingPathComponent("old.json"), atomically: true, encoding: .utf8)
        #expect(Keystore.backend(of: home.url) == .test)
        let keystore = Keystore(home: home.url)
        #expect(try keystore.entries().map(\.address.description) == [Self.address])
        #expect(try keystore.wallet("old").address.description == Self.address)
        #expect(throws: ClientError.self) { _ = try keystore.add(name: "../x", mnemonic: Self.mnemonic) }
        #expect(throws: ClientError.self) { _ = try keystore.add(name: "bad", mnemonic: "twelve words that are none") }
    }

    @Test("coins are read as people write them, SCRT by its name with decimals")
    func coins() throws {
        let good: [(String, String)] = [
            ("1uscrt", "1uscrt"), ("1scrt", "1000000uscrt"), ("1SCRT", "1000000uscrt"), ("1.5scrt", "1500000uscrt"),
            ("0.000001Scrt", "1uscrt"), ("10.100000scrt", "10100000uscrt"), ("3other,2uscrt", "3other,2uscrt"),
            ("2uscrt,3other", "3other,2uscrt"), ("7ibc/0A", "7ibc/0A"),
        ]
        for (text, expected) in good {
            let coins = try Amounts.coins(text)
            #expect(coins.map { "\($0.amount)\($0.denomination)" }.joined(separator: ",") == expected, "\(text)")
        }
        let bad = [
            "", "1", "uscrt", "scrt", "1.scrt", ".5scrt", "1.2.3scrt", "0.0000001scrt", "1.5uscrt", "0scrt", "0.0scrt",
            "0uscrt",
            "1scrt,1uscrt", "1uscrt,", "-1uscrt", "1 uscrt", "1u", "1,5scrt", "٣uscrt",
            "999999999999999999999999999999999999999scrt",
        ]
        for text in bad {
            #expect(throws: ClientError.self, "\(text)") { _ = try Amounts.coins(text) }
        }
    }
}
