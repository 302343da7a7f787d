import ArgumentParser
import ChainModel
import Foundation
import PublicCryptography
import StrictJSON
import WalletClient

struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The accounts of this user.", subcommands: [Add.self, List.self, Show.self, Delete.self])

    static func describe(_ entry: Keystore.Entry) throws -> JSONValue {
        let wallet = try entry.wallet
        return .object([
            ("name", .string(entry.name)), ("type", "local"), ("address", .string(wallet.address.description)),
            ("pubkey", .string(Base64.encode(wallet.publicKey))),
        ])
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a new key, or recover one from its mnemonic.")
        @Argument(help: "The key's name.") var name: String
        @Flag(help: "Read the mnemonic from standard input.") var recover = false
        @OptionGroup var home: HomeOptions
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
            let entry = try home.keystore.add(name: name, mnemonic: mnemonic)
            guard case .object(var members) = try Keys.describe(entry) else { return }
            if !recover { members.append(("mnemonic", .string(entry.mnemonic))) }
            output.show(.object(members))
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys.")
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            output.show(.array(try home.keystore.entries().map(Keys.describe)))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one key.")
        @Argument(help: "The key's name.") var name: String
        @Flag(name: .shortAndLong, help: "Only the address.") var address = false
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let entry = try home.keystore.entry(name)
            if address {
                print(try entry.wallet.address)
            } else {
                output.show(try Keys.describe(entry))
            }
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a key's file; the mnemonic brings it back.")
        @Argument(help: "The key's name.") var name: String
        @OptionGroup var home: HomeOptions

        func run() throws {
            try home.keystore.remove(name)
        }
    }
}
