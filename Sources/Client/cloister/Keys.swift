import ArgumentParser
import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import WalletClient

struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The accounts of this user.",
        subcommands: [
            Add.self, List.self, Show.self, Delete.self, Import.self, ImportHex.self, Export.self,
        ])

    static func describe(_ entry: Keystore.Entry) -> JSONValue {
        .object([
            ("name", .string(entry.name)), ("type", .string(entry.kind.rawValue)),
            ("address", .string(entry.address.description)),
            ("pubkey", entry.kind == .multi ? entry.key.json : .string(Base64.encode(entry.publicKey))),
        ])
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new key, recover one from its mnemonic, or note one of others.",
            discussion: """
                cloister keys add carol --recover < words
                cloister keys add board --multisig alice,bob,carol --multisig-threshold 2
                """)
        @Argument(help: "The key's name.") var name: String
        @Flag(help: "Read the mnemonic from standard input.") var recover = false
        @Option(help: "Of the path m/44'/529'/ACCOUNT'/0/INDEX.") var account: UInt32 = 0
        @Option(help: "Of the path m/44'/529'/ACCOUNT'/0/INDEX.") var index: UInt32 = 0
        @Option(help: "A public key as `keys show --pubkey` prints it: somebody else signs.") var pubkey: String?
        @Option(help: "Names of keys, with commas between: an account for which some of them sign.") var multisig:
            String?
        @Option(help: "How many of them must sign.") var multisigThreshold: UInt32 = 1
        @Flag(help: "Take the keys of --multisig as they are listed, and not in the order of their addresses.")
        var nosort = false
        @Flag(help: "There is no support for Ledger's devices; this says so.") var ledger = false
        @OptionGroup var keyring: KeyringOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            guard !ledger else {
                throw ClientError(
                    .invalidInput,
                    "there is no support for Ledger's devices; note the key with --pubkey, and sign elsewhere")
            }
            if let key = try publicKey() {
                guard !recover else { throw ClientError(.invalidInput, "a public key has no mnemonic to recover") }
                return output.show(Keys.describe(try keyring.keystore.add(name: name, key: key)))
            }
            var mnemonic = Wallet.newMnemonic()
            if recover {
                guard let line = readLine(), !line.isEmpty else {
                    throw ClientError(
                        .invalidInput, "--recover reads the mnemonic from standard input, which was empty")
                }
                mnemonic = line
            }
            let keystore = try keyring.keystore
            if keystore.backend == .test, keystore.isEmpty {
                say(
                    """
                    cloister: the keys in \(keystore.folder.path) are kept in clear, for development networks; \
                    --keyring-backend file keeps them under a passphrase
                    """)
            }
            let entry = try keystore.add(name: name, mnemonic: mnemonic, account: account, index: index)
            guard case .object(var members) = Keys.describe(entry) else { return }
            if !recover { members.append(("mnemonic", .string(mnemonic))) }
            output.show(.object(members))
        }

        private func publicKey() throws -> AccountKey? {
            guard let multisig else {
                return try pubkey.map { text in
                    let json = try? JSONReader.parse(Array(text.utf8), limits: JSONLimits(bytesMax: 65_536))
                    return try AccountKey(json: json ?? .null)
                }
            }
            guard pubkey == nil else { throw ClientError(.invalidInput, "--pubkey is one key, and --multisig several") }
            let keystore = try keyring.keystore
            var keys = try multisig.split(separator: ",").map { try keystore.entry(String($0)).key }
            if !nosort { keys.sort { $0.address < $1.address } }
            guard Set(keys.map(\.address)).count == keys.count else {
                throw ClientError(.invalidInput, "--multisig names a key twice")
            }
            let key = AccountKey.multisignature(threshold: multisigThreshold, keys)
            do { return try AccountKey(key.any) } catch {
                throw ClientError(
                    .invalidInput,
                    "of up to \(AccountKey.keysMax) keys 1 and more must sign, and no more than there are (--multisig-threshold)"
                )
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys.")
        @OptionGroup var keyring: KeyringOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            output.show(.array(try keyring.keystore.entries().map(Keys.describe)))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one key.")
        @Argument(help: "The key's name.") var name: String
        @Flag(name: .shortAndLong, help: "Only the address.") var address = false
        @Flag(name: .shortAndLong, help: "Only the public key, as `keys add --pubkey` takes it.") var pubkey = false
        @OptionGroup var keyring: KeyringOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let entry = try keyring.keystore.entry(name)
            if address {
                print(entry.address)
            } else if pubkey {
                print(JSONWriter.text(of: entry.key.json))
            } else {
                output.show(Keys.describe(entry))
            }
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a key's file; the mnemonic brings it back.")
        @Argument(help: "The key's name.") var name: String
        @Flag(name: .shortAndLong, help: "Do not ask.") var yes = false
        @OptionGroup var keyring: KeyringOptions

        func run() throws {
            let keystore = try keyring.keystore
            let entry = try keystore.entry(name)
            let question =
                entry.kind == .local
                ? "Remove key \(name) (\(entry.address))? Only its mnemonic or an export brings it back."
                : "Remove key \(name) (\(entry.address))? No secret is lost."
            guard yes || Prompt.confirm(question) else {
                throw ClientError(.invalidInput, "key \(name) was kept")
            }
            try keystore.remove(name)
        }
    }
}
