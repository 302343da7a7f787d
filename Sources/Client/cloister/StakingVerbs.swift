import ArgumentParser
import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import WalletClient

// Verbs for whoever runs a validator, or delegates to one.
extension Tx {
    struct Staking: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a validator, or delegate coins to one.",
            subcommands: [
                Send<CreateValidator>.self, GenesisValidator.self, Send<EditValidator>.self, Send<Delegate>.self,
                Send<Undelegate>.self,
                Send<Redelegate>.self, Send<CancelUnbond>.self,
            ])
    }

    struct Slashing: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring a jailed validator back.", subcommands: [Send<Unjail>.self])
    }

    /// What a validator says of itself.
    struct Description: ParsableArguments {
        @Option(help: "The validator's name.") var moniker: String?
        @Option(help: "A signature that others can look up, as of Keybase.") var identity: String?
        @Option(help: "The validator's page.") var website: String?
        @Option(help: "Whom to tell of a fault.") var securityContact: String?
        @Option(help: "More about it.") var details: String?

        /// - Parameter others: of those not given.
        func json(others: String) -> JSONValue {
            [
                "moniker": .string(moniker ?? others), "identity": .string(identity ?? others),
                "website": .string(website ?? others), "security_contact": .string(securityContact ?? others),
                "details": .string(details ?? others),
            ]
        }
    }

    struct CreateValidator: MessageVerb {
        static let word = "create-validator"
        static let about = "Make a validator of a node, with coins of your own."
        static let discussion = """
            The node must follow the chain (`cloister-node status`) before it is made a validator: what it misses counts \
            from then on.
            """
        @Argument(help: "The coins to delegate to it, as 1000scrt.") var amount: String
        @Option(help: "The node's key: the file that `cloister-node keys show` printed, or the key in Base64.")
        var pubkey: String
        @OptionGroup var description: Description
        @Option(help: "What it keeps of others' rewards, as 0.05 or 5%.") var commissionRate = "0.1"
        @Option(help: "The most that it will ever keep.") var commissionMaxRate = "0.2"
        @Option(help: "By how much that may rise in a day.") var commissionMaxChangeRate = "0.01"
        @Option(help: "With less of your own it is jailed; in the smallest part of the coin.")
        var minSelfDelegation: UInt64 = 1

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [try message(of: signer)]
        }

        func message(of signer: AccountAddress) throws -> JSONValue {
            guard let moniker = description.moniker, !moniker.isEmpty else {
                throw ClientError(.invalidInput, "--moniker: a validator has a name")
            }
            return [
                "@type": "/cosmos.staking.v1beta1.MsgCreateValidator", "description": description.json(others: ""),
                "commission": [
                    "rate": try rate(commissionRate, "--commission-rate"),
                    "max_rate": try rate(commissionMaxRate, "--commission-max-rate"),
                    "max_change_rate": try rate(commissionMaxChangeRate, "--commission-max-change-rate"),
                ],
                "min_self_delegation": .text(minSelfDelegation), "validator_address": .string(signer.validatorText),
                "pubkey": [
                    "@type": "/cosmos.crypto.ed25519.PubKey", "key": .string(Base64.encode(try consensusKey(pubkey))),
                ],
                "value": try coin(amount),
            ]
        }

        /// Of a file of `cloister-node keys show`, of the Cosmos SDK's JSON, or in Base64.
        private func consensusKey(_ text: String) throws -> [UInt8] {
            var key = text
            if let json = try? text.hasPrefix("{") ? JSONReader.parse(Array(text.utf8)) : jsonFile(text) {
                let inner = json["pub_key"] ?? json
                guard let found = (inner["value"] ?? inner["key"])?.string else {
                    throw ClientError(
                        .invalidInput, "--pubkey: there is no key in it; `cloister-node keys show` prints one")
                }
                key = found
            }
            guard let bytes = Base64.decode(key) else {
                throw ClientError(
                    .invalidInput, "--pubkey \(text): neither a file of `cloister-node keys show` nor a key in Base64")
            }
            guard bytes.count == Ed25519.publicKeyByteCount else {
                throw ClientError(
                    .invalidInput,
                    bytes.count == 33
                        ? "--pubkey: this is an account's key; the node's is what `cloister-node keys show` prints"
                        : "--pubkey: a validator's key has \(Ed25519.publicKeyByteCount) bytes, not \(bytes.count)")
            }
            return bytes
        }
    }

    /// What a founder of a network signs before there is any.
    struct GenesisValidator: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "genesis-validator",
            abstract:
                "Sign what makes a validator of a network that begins; `cloister-node genesis gentx` asks for it.",
            discussion: "Prints the transaction, and sends nothing.")
        @OptionGroup var verb: CreateValidator
        @Option(help: "The chain's id.") var chainID: String
        @Option(help: "What ties it to one genesis file.") var memo = ""
        @Option(help: "The key that signs.") var from: String
        @OptionGroup var keyring: KeyringOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let signer = try keyring.keystore.entry(from).address
            let message = try MessageText.message(verb.message(of: signer))
            let wallet = try keyring.keystore.wallet(from)
            // No account has a number before its chain begins; nobody is paid for the first block.
            let transaction = try wallet.sign(
                [message], memo: memo, fee: Fee(), chainID: chainID, account: .init(number: 0, sequence: 0))
            output.show(["tx": .string(Base64.encode(transaction))])
        }
    }

    struct EditValidator: MessageVerb {
        static let word = "edit-validator"
        static let about = "Change what your validator says of itself, its commission, or the least it keeps."
        @OptionGroup var description: Description
        @Option(help: "What it keeps of others' rewards from now on, as 0.05 or 5%; once a day.") var commissionRate:
            String?
        @Option(help: "With less of your own it is jailed; it can only be raised.") var minSelfDelegation: UInt64?

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [
                object([
                    ("@type", "/cosmos.staking.v1beta1.MsgEditValidator"),
                    // The chain's own words for what stays.
                    ("description", description.json(others: "[do-not-modify]")),
                    ("validator_address", .string(signer.validatorText)),
                    ("commission_rate", try commissionRate.map { try rate($0, "--commission-rate") }),
                    ("min_self_delegation", minSelfDelegation.map { .text($0) }),
                ])
            ]
        }
    }

    struct Delegate: MessageVerb {
        static let word = "delegate"
        static let about = "Delegate coins to a validator. They earn rewards, and are slashed with it."
        @Argument(help: "The validator: secretvaloper1….") var validator: String
        @Argument(help: "The coins, as 10scrt.") var amount: String

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [
                [
                    "@type": "/cosmos.staking.v1beta1.MsgDelegate", "delegator_address": .text(signer),
                    "validator_address": try cloister.validator(validator), "amount": try coin(amount),
                ]
            ]
        }
    }

    struct Undelegate: MessageVerb {
        static let word = "undelegate"
        static let about = "Take coins back from a validator. They come after the unbonding time."
        @Argument(help: "The validator: secretvaloper1….") var validator: String
        @Argument(help: "The coins, as 10scrt.") var amount: String

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [
                [
                    "@type": "/cosmos.staking.v1beta1.MsgUndelegate", "delegator_address": .text(signer),
                    "validator_address": try cloister.validator(validator), "amount": try coin(amount),
                ]
            ]
        }
    }

    struct Redelegate: MessageVerb {
        static let word = "redelegate"
        static let about = "Move coins from one validator to another, at once."
        @Argument(help: "The validator that has them.") var from: String
        @Argument(help: "The validator that gets them.") var to: String
        @Argument(help: "The coins, as 10scrt.") var amount: String

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [
                [
                    "@type": "/cosmos.staking.v1beta1.MsgBeginRedelegate", "delegator_address": .text(signer),
                    "validator_src_address": try validator(from), "validator_dst_address": try validator(to),
                    "amount": try coin(amount),
                ]
            ]
        }
    }

    struct CancelUnbond: MessageVerb {
        static let word = "cancel-unbond"
        static let about = "Delegate again what is on its way back from a validator."
        @Argument(help: "The validator: secretvaloper1….") var validator: String
        @Argument(help: "The coins, as 10scrt.") var amount: String
        @Argument(help: "The height at which they were taken back (`cloister query staking unbonding-delegations`).")
        var height: UInt64

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [
                [
                    "@type": "/cosmos.staking.v1beta1.MsgCancelUnbondingDelegation", "delegator_address": .text(signer),
                    "validator_address": try cloister.validator(validator), "amount": try coin(amount),
                    "creation_height": .text(height),
                ]
            ]
        }
    }

    struct Unjail: MessageVerb {
        static let word = "unjail"
        static let about = "Bring your validator back, once its time in jail is over and its node follows the chain."

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [["@type": "/cosmos.slashing.v1beta1.MsgUnjail", "validator_addr": .string(signer.validatorText)]]
        }
    }
}
