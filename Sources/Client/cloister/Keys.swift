import ArgumentParser
import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import WalletClient

struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The accounts of this user.", subcommands: [Add.self, List.self, Show.self, Delete.self])

    static func describe(_ entry: Keystore.Entry) -> JSONValue {
        .object([
            ("name", .string(entry.name)), ("type", "local"), ("address", .string(entry.address.description)),
            ("pubkey", .string(Base64.encode(entry.publicKey))),
        ])
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a new key, or recover one from its mnemonic.")
        @Argument(help: "The key's name.") var name: String
        @Flag(help: "Read the mnemonic from standard input.") var recover = false
        @OptionGroup var keyring: KeyringOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
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
            let entry = try keystore.add(name: name, mnemonic: mnemonic)
            guard case .object(var members) = Keys.describe(entry) else { return }
            if !recover { members.append(("mnemonic", .string(mnemonic))) }
            output.show(.object(members))
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
        @OptionGroup var keyring: KeyringOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let entry = try keyring.keystore.entry(name)
            if address {
                print(entry.address)
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
            let question = "Remove key \(name) (\(entry.address))? Only its mnemonic brings it back."
            guard yes || Prompt.confirm(question) else {
                throw ClientError(.invalidInput, "key \(name) was kept")
            }
            try keystore.remove(name)
        }
    }
}
