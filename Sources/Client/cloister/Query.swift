import ArgumentParser
import Foundation
import StrictJSON
import WalletClient

struct Query: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read the chain.",
        subcommands: [
            Account.self, Bank.self, Transaction.self, Block.self, Compute.self, Staking.self, Distribution.self,
            Slashing.self, Mint.self, Gov.self, Authz.self, Feegrant.self, Cron.self, Circuit.self, Upgrade.self,
        ])

    struct Options: ParsableArguments {
        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions

        func show(_ path: String) async throws {
            output.show(try await node.client.get(path))
        }
    }

    struct Account: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "An account's number, sequence and key.")
        @Argument(help: "The address.") var address: String
        @OptionGroup var options: Options
        func run() async throws { try await options.show("/cosmos/auth/v1beta1/accounts/\(cloister.address(address))") }
    }

    struct Bank: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Balances.", subcommands: [Balances.self])

        struct Balances: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "All coins of an address.")
            @Argument(help: "The address.") var address: String
            @OptionGroup var options: Options
            func run() async throws {
                try await options.show("/cosmos/bank/v1beta1/balances/\(cloister.address(address))")
            }
        }
    }

    struct Transaction: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "tx", abstract: "A transaction and its result.")
        @Argument(help: "The transaction's hash.") var hash: String
        @OptionGroup var options: Options
        func run() async throws {
            guard hash.count == 64, hash.allSatisfy(\.isHexDigit) else {
                throw ClientError(.invalidInput, "a transaction's hash has 64 hexadecimal digits")
            }
            // The node tells the transaction twice, here and in its result.
            let answer = try await options.node.client.get("/cosmos/tx/v1beta1/txs/\(hash)")
            options.output.show(answer["tx_response"] ?? answer)
        }
    }

    struct Block: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A block; the latest if no height is given.")
        @Argument(help: "The height.") var height: UInt64?
        @OptionGroup var options: Options
        func run() async throws {
            // The node tells the block twice, in CometBFT's form and in the SDK's.
            let answer = try await options.node.client.get(
                "/cosmos/base/tendermint/v1beta1/blocks/\(height.map { String($0) } ?? "latest")")
            options.output.show(.object((answer.object ?? []).filter { $0.0 != "sdk_block" }))
        }
    }

    struct Compute: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Codes and contracts.",
            subcommands: [
                Call.self, Explain.self, ListCode.self, Contract.self, ContractHash.self, ListContracts.self,
                Label.self, History.self,
            ])

        struct Call: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "query", abstract: "Ask a contract; question and answer are encrypted.")
            @Argument(help: "The contract's address.") var contract: String
            @Argument(help: "The question, as JSON.") var message: String
            @Option(help: "How many seconds old the state may be of which the answer is; any number if not given.")
            var maxAge: UInt32?
            @OptionGroup var code: CodeOptions
            @OptionGroup var network: NetworkOptions
            @OptionGroup var home: HomeOptions
            @OptionGroup var output: OutputOptions

            func run() async throws {
                let (contract, message) = (try address(contract), try json(message))
                let (chainID, encryption) = try await network.encryption(home)
                let answer = try await Session.query(
                    contract, code: code.expected, message: message, client: network.node.client,
                    encryption: encryption
                ) { stamp in
                    try network.trust(home).admit(
                        stamp, chainID: chainID, now: Int64(Date().timeIntervalSince1970),
                        ageMax: maxAge.map { Int64($0) })
                }
                let value = try? JSONReader.parse(answer.data, limits: JSONLimits(bytesMax: 16_000_000))
                output.show(value ?? .string(String(decoding: answer.data, as: UTF8.self)))
            }
        }

        struct Explain: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "tx", abstract: "A transaction of yours with contract calls, in clear.")
            @Argument(help: "The transaction's hash.") var hash: String
            @Option(help: "A module with names (build/NAME.named.wasm), to put names to a backtrace.")
            var symbols: String?
            @OptionGroup var network: NetworkOptions
            @OptionGroup var home: HomeOptions
            @OptionGroup var output: OutputOptions

            func run() async throws {
                guard hash.count == 64, hash.allSatisfy(\.isHexDigit) else {
                    throw ClientError(.invalidInput, "a transaction's hash has 64 hexadecimal digits")
                }
                let client = network.node.client
                guard let response = try await client.get("/cosmos/tx/v1beta1/txs/\(hash)")["tx_response"] else {
                    throw ClientError(.badAnswer, "the node's answer has no tx_response")
                }
                let (_, encryption) = try await network.encryption(home)
                let explanation = Explanation(
                    response: response, encryption: encryption,
                    codeHashes: try await ExplainOptions.codeHashes(response, client))
                var explaining = try ExplainOptions.parse([])
                explaining.symbols = symbols
                output.show(.object(try explaining.members(explanation, response)))
            }
        }

        struct ListCode: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "All stored codes.")
            @OptionGroup var options: Options
            func run() async throws { try await options.show("/compute/v1beta1/codes") }
        }

        struct Contract: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "What the chain knows of a contract.")
            @Argument(help: "The contract's address.") var contract: String
            @OptionGroup var options: Options
            func run() async throws { try await options.show("/compute/v1beta1/info/\(address(contract))") }
        }

        struct ContractHash: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "The hash of a contract's code.")
            @Argument(help: "The contract's address.") var contract: String
            @OptionGroup var options: Options
            func run() async throws {
                try await options.show("/compute/v1beta1/code_hash/by_contract_address/\(address(contract))")
            }
        }

        struct ListContracts: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "list-contract-by-code", abstract: "The contracts made from a code.")
            @Argument(help: "The code's id.") var codeID: UInt64
            @OptionGroup var options: Options
            func run() async throws { try await options.show("/compute/v1beta1/contracts/\(codeID)") }
        }

        struct History: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "contract-history", abstract: "The codes that a contract has had.")
            @Argument(help: "The contract's address.") var contract: String
            @OptionGroup var options: Options
            func run() async throws {
                try await options.show("/compute/v1beta1/contract_history/\(address(contract))")
            }
        }

        struct Label: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "The contract with a label.")
            @Argument(help: "The label.") var label: String
            @OptionGroup var options: Options
            func run() async throws {
                let escaped = label.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                try await options.show("/compute/v1beta1/contract_address/\(escaped)")
            }
        }
    }
}
