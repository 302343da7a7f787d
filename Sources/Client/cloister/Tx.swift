import ArgumentParser
import ChainModel
import Foundation
import PublicCryptography
import StrictJSON
import WalletClient

struct Tx: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sign and send a transaction, and wait for its block.", subcommands: [Bank.self, Compute.self])

    struct Options: ParsableArguments {
        @Option(help: "The key that signs.") var from: String
        @Option(help: "The chain's id; asked of the node if not given.") var chainID: String?
        @Option(help: "The most gas the transaction may use.") var gas: UInt64?
        @Option(help: "The price of gas in uscrt.") var gasPrice = 0.1
        @OptionGroup var node: NodeOptions
        @OptionGroup var home: HomeOptions
        @OptionGroup var output: OutputOptions

        func session() async throws -> Session {
            let client = node.client
            let wallet = try home.keystore.entry(from).wallet
            let chain: String
            if let chainID { chain = chainID } else { chain = try await client.chainID() }
            let encryption = try home.keystore.encryption(ioPublicKey: try await client.ioPublicKey())
            var session = Session(client: client, chainID: chain, wallet: wallet, encryption: encryption)
            guard gasPrice >= 0, gasPrice < 1_000 else {
                throw ClientError(.invalidInput, "--gas-price must be from 0 to 1000")
            }
            session.gasPriceMicro = UInt64((gasPrice * 1_000_000).rounded())
            return session
        }

        /// Prints what a transaction came to; one that failed ends the program with status 2.
        func show(_ receipt: Session.Receipt, _ more: [(String, JSONValue)] = []) throws {
            output.show(
                .object(
                    [
                        ("txhash", .string(receipt.hash)), ("height", .string(receipt.height)),
                        ("code", .number(receipt.code)), ("gas_used", .string(receipt.gasUsed)),
                        ("raw_log", .string(receipt.log)),
                    ] + more))
            if receipt.code != 0 { throw ExitCode(2) }
        }
    }

    struct Bank: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Move coins.", subcommands: [Send.self])

        struct Send: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Send coins to an address.")
            @Argument(help: "The receiver's address.") var to: String
            @Argument(help: "Coins, as 12uscrt,3other.") var amount: String
            @OptionGroup var options: Options

            func run() async throws {
                let session = try await options.session()
                let message = BankMessage.send(
                    .init(from: session.wallet.address, to: try address(to), amount: try coins(amount)))
                try options.show(try await session.send([message.any], gas: options.gas ?? 50_000))
            }
        }
    }

    struct Compute: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Store, make and call secret contracts.",
            subcommands: [
                Store.self, Instantiate.self, Execute.self, Migrate.self, UpdateAdmin.self, ClearAdmin.self,
            ])

        struct Store: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Store a contract's code (.wasm or .wasm.gz).")
            @Argument(help: "The file.") var file: String
            @OptionGroup var options: Options

            func run() async throws {
                guard let code = FileManager.default.contents(atPath: file) else {
                    throw ClientError(.invalidInput, "cannot read \(file)")
                }
                let session = try await options.session()
                let (receipt, codeID) = try await session.store(Array(code), gas: options.gas)
                try options.show(receipt, [("code_id", codeID.map { .string(String($0)) } ?? .null)])
            }
        }

        struct Instantiate: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Make a contract from a stored code.")
            @Argument(help: "The code's id.") var codeID: UInt64
            @Argument(help: "The contract's first message, as JSON.") var message: String
            @Option(help: "A name, unique on the chain.") var label: String
            @Option(help: "Coins to send along.") var amount: String?
            @Option(help: "An address that may migrate the contract.") var admin: String?
            @OptionGroup var options: Options

            func run() async throws {
                let session = try await options.session()
                let (receipt, contract, _) = try await session.instantiate(
                    codeID: codeID, message: try json(message), label: label, funds: try amount.map(coins) ?? [],
                    admin: try admin.map(address), gas: options.gas ?? 500_000)
                try options.show(receipt, [("contract_address", contract.map { .string($0.description) } ?? .null)])
            }
        }

        struct Execute: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Call a contract; message and answer are encrypted.")
            @Argument(help: "The contract's address.") var contract: String
            @Argument(help: "The message, as JSON.") var message: String
            @Option(help: "Coins to send along.") var amount: String?
            @OptionGroup var options: Options

            func run() async throws {
                let session = try await options.session()
                let (receipt, data, _) = try await session.execute(
                    try address(contract), message: try json(message), funds: try amount.map(coins) ?? [],
                    gas: options.gas ?? 200_000)
                let text = String(decoding: data, as: UTF8.self)
                try options.show(receipt, [("data", data.isEmpty ? .null : .string(text))])
            }
        }

        struct Migrate: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Move a contract to another stored code; its admin alone may.")
            @Argument(help: "The contract's address.") var contract: String
            @Argument(help: "The new code's id.") var codeID: UInt64
            @Argument(help: "The message to the new code, as JSON.") var message: String
            @OptionGroup var options: Options

            func run() async throws {
                let session = try await options.session()
                let (receipt, data) = try await session.migrate(
                    try address(contract), to: codeID, message: try json(message), gas: options.gas ?? 300_000)
                let text = String(decoding: data, as: UTF8.self)
                try options.show(receipt, [("data", data.isEmpty ? .null : .string(text))])
            }
        }

        struct UpdateAdmin: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Let another address migrate a contract.")
            @Argument(help: "The contract's address.") var contract: String
            @Argument(help: "The new admin's address.") var admin: String
            @OptionGroup var options: Options

            func run() async throws {
                let session = try await options.session()
                let message = ComputeMessage.updateAdmin(
                    .init(sender: session.wallet.address, newAdmin: try address(admin), contract: try address(contract))
                )
                try options.show(try await session.send([message.any], gas: options.gas ?? 60_000))
            }
        }

        struct ClearAdmin: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Let nobody migrate a contract any more.")
            @Argument(help: "The contract's address.") var contract: String
            @OptionGroup var options: Options

            func run() async throws {
                let session = try await options.session()
                let message = ComputeMessage.clearAdmin(
                    .init(sender: session.wallet.address, contract: try address(contract)))
                try options.show(try await session.send([message.any], gas: options.gas ?? 60_000))
            }
        }
    }
}

func address(_ text: String) throws -> AccountAddress {
    guard let address = AccountAddress(bech32: text) else {
        throw ClientError(.invalidInput, "\(text) is not an address of this chain (secret1…)")
    }
    return address
}

/// `12uscrt,3other` as coins; the chain wants them sorted and each once.
func coins(_ text: String) throws -> [Coin] {
    let list = try text.split(separator: ",").map { part -> Coin in
        let digits = part.prefix { $0.isASCII && $0.isNumber }
        let denomination = String(part.dropFirst(digits.count))
        guard let amount = Coin.amount(Array(digits.utf8)), Coin.isDenomination(denomination) else {
            throw ClientError(.invalidInput, "\(part) is not an amount like 12uscrt")
        }
        return Coin(amount, denomination)
    }.sorted { $0.denomination < $1.denomination }
    guard let coins = try? Coins(list) else {
        throw ClientError(.invalidInput, "\(text): every coin once, none of zero")
    }
    return coins.list
}

func json(_ text: String) throws -> [UInt8] {
    let bytes = Array(text.utf8)
    guard (try? JSONReader.parse(bytes, limits: JSONLimits(bytesMax: 2_000_000))) != nil else {
        throw ClientError(.invalidInput, "the message is not JSON: \(text)")
    }
    return bytes
}
