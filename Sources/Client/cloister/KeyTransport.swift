import ArgumentParser
import Foundation
import StrictJSON
import WalletClient

extension Keys {
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a key for another machine, under a passphrase of its own.",
            discussion: """
                cloister keys export alice > alice.key
                cloister keys export alice --unarmored-hex --unsafe     # for secretd keys import-hex
                """)
        @Argument(help: "The key's name.") var name: String
        @Flag(help: "The private key itself, as 64 hexadecimal digits; needs --unsafe.") var unarmoredHex = false
        @Flag(name: .customLong("unsafe"), help: "Say that you know: whoever sees the digits has the account.")
        var isUnsafe = false
        @OptionGroup var keyring: KeyringOptions

        func run() throws {
            guard unarmoredHex == isUnsafe else {
                throw ClientError(
                    .invalidInput,
                    "--unarmored-hex prints the private key itself, which --unsafe allows; neither goes without the other"
                )
            }
            let wallet = try keyring.keystore.wallet(name)
            if unarmoredHex { return print(wallet.exported()) }
            let passphrase = try Prompt.passphrase("of the exported key", isNew: true)
            print(JSONWriter.text(of: try ExportedKey.sealed(wallet, passphrase: passphrase)))
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a key from a file that `keys export` wrote.",
            discussion: "cloister keys import alice alice.key")
        @Argument(help: "The key's name here.") var name: String
        @Argument(help: "The file.") var file: String
        @OptionGroup var keyring: KeyringOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            guard let bytes = FileManager.default.contents(atPath: file), bytes.count <= 65_536 else {
                throw ClientError(.invalidInput, "cannot read \(file), or it is no key")
            }
            if bytes.starts(with: Array("-----BEGIN TENDERMINT PRIVATE KEY-----".utf8)) {
                throw ClientError(
                    .invalidInput,
                    """
                    \(file) is a key as secretd exports it, in a form that is not read here; have it written with \
                    `secretd keys export NAME --unarmored-hex --unsafe`, and taken with `cloister keys import-hex NAME`
                    """)
            }
            let json = (try? JSONReader.parse(Array(bytes), limits: JSONLimits(bytesMax: 65_536))) ?? .null
            let passphrase = try Prompt.passphrase("of the exported key", isNew: false)
            let key = try ExportedKey.opened(json, passphrase: passphrase)
            output.show(Keys.describe(try keyring.keystore.add(name: name, privateKey: key)))
        }
    }

    struct ImportHex: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import-hex",
            abstract: "Take a private key of 64 hexadecimal digits from standard input.",
            discussion: "secretd keys export alice --unarmored-hex --unsafe | cloister keys import-hex alice")
        @Argument(help: "The key's name here.") var name: String
        @OptionGroup var keyring: KeyringOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let line = (readLine() ?? "").trimmingCharacters(in: .whitespaces)
            output.show(Keys.describe(try keyring.keystore.add(name: name, privateKey: line)))
        }
    }
}
