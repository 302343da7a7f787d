import ArgumentParser
import Attestation
import Foundation
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StrictJSON
import WalletClient
import Wire

struct Tx: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sign and send a transaction, and wait for its block.",
        subcommands: [
            Bank.self, Compute.self, Staking.self, Distribution.self, Slashing.self, Gov.self, Authz.self,
            Feegrant.self, Vesting.self, Register.self, Sign.self, Multisign.self, Broadcast.self, Wait.self,
        ])

    struct Options: ParsableArguments {
        @Option(help: "The key that signs.") var from: String
        @Option(help: "The most gas the transaction may use, or auto: what was simulated or, of a contract, published.")
        var gas: GasLimit?
        @Option(help: "The price of gas in uscrt.") var gasPrice = 0.1
        @Option(help: "The address that pays the fee, by an allowance to the one that signs.") var feeGranter: String?
        @OptionGroup var network: NetworkOptions
        @OptionGroup var keyring: KeyringOptions
        @OptionGroup var output: OutputOptions

        /// With the encryption to the network's verified key, for what calls a contract or says what it expects.
        func session(encrypting: Bool = false) async throws -> Session {
            let price = try gasPriceMicro
            let client = network.node.client
            var encryption: ContractEncryption?
            let chain: String
            if encrypting || network.hasExpectation {
                (chain, encryption) = try await network.encryption(keyring.home)
            } else {
                chain = try await network.trust(keyring.home).chainID(of: client)
            }
            // Asks for a passphrase: last.
            let wallet = try keyring.keystore.wallet(from)
            var session = Session(client: client, chainID: chain, wallet: wallet, encryption: encryption)
            session.gasPriceMicro = price
            session.feeGranter = try feeGranter.map(address)
            return session
        }

        private var gasPriceMicro: UInt64 {
            get throws {
                guard gasPrice >= 0, gasPrice < 1_000 else {
                    throw ClientError(.invalidInput, "--gas-price must be from 0 to 1000")
                }
                return UInt64((gasPrice * 1_000_000).rounded())
            }
        }

        func fee(_ gas: UInt64) throws -> Fee { Fee(gas: gas, priceMicro: try gasPriceMicro) }

        /// The gas of a transaction whose price is not asked for: `standard`, unless a number was given.
        func gas(_ standard: UInt64, _ automatic: () async throws -> UInt64) async throws -> UInt64 {
            switch gas {
            case nil: return standard
            case .limit(let gas): return gas
            case .auto:
                let gas = try await automatic()
                say("gas: \(gas)")
                return gas
            }
        }

        /// Prints what a transaction came to; one that failed ends the program with status 2.
        func show(_ receipt: Session.Receipt, _ more: [(String, JSONValue)] = []) throws {
            try Self.show(receipt, output, more)
        }

        static func show(
            _ receipt: Session.Receipt, _ output: OutputOptions, _ more: [(String, JSONValue)] = []
        ) throws {
            output.show(
                .object(
                    [
                        ("txhash", .string(receipt.hash)), ("height", .string(receipt.height)),
                        ("code", .number(receipt.code)), ("gas_used", .string(receipt.gasUsed)),
                        ("raw_log", .string(receipt.log)),
                    ] + (Mistakes.hint(receipt.json).map { [("hint", .string($0))] } ?? []) + more))
            if receipt.code != 0 { throw ExitCode(2) }
        }
    }

    struct Bank: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Move coins.", subcommands: [Send.self])

        struct Send: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Send coins to an address.")
            @Argument(help: "The receiver's address.") var to: String
            @Argument(help: "Coins, as 12uscrt,3other.") var amount: String
            @OptionGroup var draft: DraftOptions
            @OptionGroup var options: Options

            func run() async throws {
                let (receiver, amount) = (try address(to), try Amounts.coins(amount))
                if try draft.isDraft {
                    let from = try Tx.signer(options.from, try options.keyring.keystore)
                    let message: JSONValue = .object([
                        ("@type", "/cosmos.bank.v1beta1.MsgSend"), ("from_address", .text(from)),
                        ("to_address", .text(receiver)), ("amount", try coins(self.amount)),
                    ])
                    return try draft.write([message], gas: options.gas?.limit ?? 50_000, options)
                }
                let session = try await options.session()
                try await session.client.checkCoins(amount, of: session.wallet.address)
                let message = BankMessage.send(.init(from: session.wallet.address, to: receiver, amount: amount))
                let gas = try await options.gas(50_000) { try await session.simulatedGas([message.any]) }
                try options.show(try await session.send([message.any], gas: gas, memo: draft.note))
            }
        }
    }

    struct Register: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have the chain give its seeds to an enclave.", subcommands: [Authenticate.self])

        struct Authenticate: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "auth",
                abstract: "Show the chain evidence of an enclave, as `cloister-node register` makes it.")
            @Argument(help: "The file.") var file: String
            @Option(
                help: "The registration key, 64 hexadecimal digits, of a node whose machine this one stands in for.")
            var replaces = ""
            @Option(
                help:
                    "What the maker publishes of such machines, in JSON or in the chain's encoding, if the chain asks.")
            var collateral: String?
            @OptionGroup var options: Options

            func run() async throws {
                guard let file = FileManager.default.contents(atPath: file),
                    file.count <= ComputeMessage.certificateBytesMax
                else { throw ClientError(.invalidInput, "cannot read \(file), or it is no evidence") }
                let certificate = try collateral.map { try with($0, Array(file)) } ?? Array(file)
                let session = try await options.session()
                let message = ComputeMessage.authenticate(
                    .init(sender: session.wallet.address, certificate: certificate, replaces: replaces))
                // Evidence alone has some 5,000 bytes; what is more is paid for by the byte.
                let standard = 200_000 + UInt64(max(0, certificate.count - 6_000)) * GasSchedule.perTransactionByte
                let gas = try await options.gas(standard) { standard }
                try options.show(try await session.send([message.any], gas: gas))
            }

            private func with(_ path: String, _ certificate: [UInt8]) throws -> [UInt8] {
                guard let file = FileManager.default.contents(atPath: path),
                    var certificate = try? RegistrationCertificate(protobuf: certificate)
                else { throw ClientError(.invalidInput, "cannot read \(path), or \(self.file) is no evidence") }
                certificate.collateral = try EvidenceFile(quote: certificate.quote, collateral: [UInt8](file))
                    .collateral
                return certificate.protobuf
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
            @Option(help: "Where the source is published: an https URL.") var source: String?
            @Option(help: "What the code was built with: a container image with a tag.") var builder = ""
            @Option(
                help: "A file of `cloister contract build` (build/NAME.gas), published with the code for --gas auto.")
            var gasProfile: String?
            @OptionGroup var options: Options

            func run() async throws {
                guard let code = FileManager.default.contents(atPath: file) else {
                    throw ClientError(.invalidInput, "cannot read \(file)")
                }
                let source = try publishedSource()
                let session = try await options.session()
                let (receipt, codeID) = try await session.store(
                    Array(code), source: source, builder: builder, gas: options.gas?.limit)
                try options.show(receipt, [("code_id", codeID.map { .string(String($0)) } ?? .null)])
            }

            /// The source, with the gas profile in it.
            private func publishedSource() throws -> String {
                guard let gasProfile else { return source ?? "" }
                guard let text = try? String(contentsOfFile: gasProfile, encoding: .utf8),
                    let profile = GasProfile(text: text.trimmingCharacters(in: .whitespacesAndNewlines)[...])
                else {
                    throw ClientError(
                        .invalidInput, "\(gasProfile) is no gas profile; `cloister contract build` writes one")
                }
                return try profile.source(source ?? GasProfile.unpublishedSource)
            }
        }

        struct Instantiate: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Make a contract from a stored code.")
            @Argument(help: "The code's id.") var codeID: UInt64
            @Argument(help: "The contract's first message, as JSON.") var message: String
            @Option(help: "A name, unique on the chain.") var label: String
            @Option(help: "Coins to send along.") var amount: String?
            @Option(help: "An address that may migrate the contract.") var admin: String?
            @OptionGroup var code: CodeOptions
            @OptionGroup var explaining: ExplainOptions
            @OptionGroup var options: Options

            func run() async throws {
                let (message, funds) = (try json(message), try amount.map(Amounts.coins) ?? [])
                let admin = try admin.map(address)
                let session = try await options.session(encrypting: true)
                try await session.client.checkCoins(funds, of: session.wallet.address)
                let gas = try await options.gas(500_000) {
                    try await session.instantiationGas(
                        codeID: codeID, message: message, label: label, funds: funds, admin: admin)
                }
                let (receipt, contract, _) = try await session.instantiate(
                    codeID: codeID, code: code.expected, message: message, label: label, funds: funds, admin: admin,
                    gas: gas)
                let made = [("contract_address", contract.map { JSONValue.string($0.description) } ?? .null)]
                if explaining.explain {
                    try await explaining.show(receipt.json, session, made, options.output)
                } else {
                    try options.show(receipt, made)
                }
            }
        }

        struct Execute: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Call a contract; message and answer are encrypted.")
            @Argument(help: "The contract's address.") var contract: String
            @Argument(help: "The message, as JSON.") var message: String
            @Option(help: "Coins to send along.") var amount: String?
            @OptionGroup var code: CodeOptions
            @OptionGroup var explaining: ExplainOptions
            @OptionGroup var options: Options

            func run() async throws {
                let (contract, message) = (try address(contract), try json(message))
                let funds = try amount.map(Amounts.coins) ?? []
                let session = try await options.session(encrypting: true)
                try await session.client.checkCoins(funds, of: session.wallet.address)
                let gas = try await options.gas(200_000) {
                    try await session.executionGas(contract, message: message, funds: funds)
                }
                let (receipt, data, _) = try await session.execute(
                    contract, code: code.expected, message: message, funds: funds, gas: gas)
                try await explaining.show(receipt, returning: data, session, options)
            }
        }

        struct Migrate: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Move a contract to another stored code; its admin alone may.")
            @Argument(help: "The contract's address.") var contract: String
            @Argument(help: "The new code's id.") var codeID: UInt64
            @Argument(help: "The message to the new code, as JSON.") var message: String
            @OptionGroup var code: CodeOptions
            @OptionGroup var explaining: ExplainOptions
            @OptionGroup var options: Options

            func run() async throws {
                let (contract, message) = (try address(contract), try json(message))
                let session = try await options.session(encrypting: true)
                let gas = try await options.gas(300_000) {
                    try await session.migrationGas(contract, to: codeID, message: message)
                }
                let (receipt, data) = try await session.migrate(
                    contract, to: codeID, code: code.expected, message: message, gas: gas)
                try await explaining.show(receipt, returning: data, session, options)
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
                let gas = try await options.gas(60_000) { 60_000 }
                try options.show(try await session.send([message.any], gas: gas))
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
                let gas = try await options.gas(60_000) { 60_000 }
                try options.show(try await session.send([message.any], gas: gas))
            }
        }
    }
}

/// `--gas`.
enum GasLimit: ExpressibleByArgument {
    case auto
    case limit(UInt64)

    var limit: UInt64? {
        if case .limit(let gas) = self { gas } else { nil }
    }

    init?(argument: String) {
        if argument == "auto" {
            self = .auto
        } else {
            guard let limit = UInt64(argument) else { return nil }
            self = .limit(limit)
        }
    }
}

func address(_ text: String) throws -> AccountAddress { try AddressText.address(text) }

func json(_ text: String) throws -> [UInt8] {
    let bytes = Array(text.utf8)
    guard (try? JSONReader.parse(bytes, limits: JSONLimits(bytesMax: 2_000_000))) != nil else {
        throw ClientError(.invalidInput, "the message is not JSON: \(text)")
    }
    return bytes
}
