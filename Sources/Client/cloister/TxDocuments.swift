import ArgumentParser
import Foundation
import SignedTransactions
import StrictJSON
import WalletClient

/// For which transaction of whose account something is signed: as the node says, or as the user does.
struct PlaceOptions: ParsableArguments {
    @Flag(help: "Ask no node; --chain-id, --account-number and --sequence say what it would.") var offline = false
    @Option(help: "The account's number (`cloister query account ADDRESS`).") var accountNumber: UInt64?
    @Option(help: "How many transactions of the account are in blocks.") var sequence: UInt64?

    func place(of account: AccountAddress, _ network: NetworkOptions, _ home: HomeOptions) async throws -> SigningPlace
    {
        if offline {
            guard let chain = network.chainID, let accountNumber, let sequence else {
                throw ClientError(
                    .invalidInput, "--offline asks no node: give --chain-id, --account-number and --sequence")
            }
            return SigningPlace(chainID: chain, account: .init(number: accountNumber, sequence: sequence))
        }
        let client = network.node.client
        let chain = try await network.trust(home).chainID(of: client)
        var place = SigningPlace(chainID: chain, account: try await client.account(account))
        if let accountNumber { place.account.number = accountNumber }
        if let sequence { place.account.sequence = sequence }
        return place
    }
}

/// Where a document goes.
struct DocumentOptions: ParsableArguments {
    @Option(help: "A file to write, in place of standard output.") var outputDocument: String?

    func write(_ json: JSONValue) throws {
        let text = JSONWriter.text(of: json) + "\n"
        guard let outputDocument else { return print(text, terminator: "") }
        do { try text.write(toFile: outputDocument, atomically: true, encoding: .utf8) } catch {
            throw ClientError(.invalidInput, "cannot write \(outputDocument)")
        }
    }
}

extension Tx {
    struct Sign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign a transaction that --generate-only wrote.",
            discussion: """
                cloister tx sign tx.json --from alice > signed.json
                cloister tx sign tx.json --from alice --multisig board > alice.sig
                """)
        @Argument(help: "The file.") var file: String
        @Option(help: "The key that signs.") var from: String
        @Option(help: "The account of several keys, by name or address, of which this is a member's part.")
        var multisig: String?
        @Option(help: "What is signed: direct (the bytes) or amino-json (a text of them).") var signMode = Mode.direct
        @OptionGroup var place: PlaceOptions
        @OptionGroup var network: NetworkOptions
        @OptionGroup var keyring: KeyringOptions
        @OptionGroup var document: DocumentOptions

        enum Mode: String, ExpressibleByArgument, CaseIterable {
            case direct
            case aminoJSON = "amino-json"
        }

        func run() async throws {
            var transaction = try TransactionDocument(try jsonFile(file))
            let keystore = try keyring.keystore
            let account = try multisig.map { try Tx.signer($0, keystore) } ?? keystore.entry(from).address
            let place = try await place.place(of: account, network, keyring.home)
            // Asks for a passphrase: last.
            let wallet = try keystore.wallet(from)
            if multisig != nil {
                return try document.write(try transaction.signature(by: wallet, for: account, at: place).json)
            }
            try transaction.sign(by: wallet, mode: signMode == .direct ? .direct : .legacyAminoJSON, at: place)
            try document.write(transaction.json)
        }
    }

    struct Multisign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put together what members of an account of several keys signed.",
            discussion: "cloister tx multisign tx.json board alice.sig carol.sig > signed.json")
        @Argument(help: "The file that --generate-only wrote.") var file: String
        @Argument(help: "The name of the account of several keys.") var name: String
        @Argument(help: "The files that `tx sign --multisig` wrote.") var signatures: [String]
        @OptionGroup var place: PlaceOptions
        @OptionGroup var network: NetworkOptions
        @OptionGroup var keyring: KeyringOptions
        @OptionGroup var document: DocumentOptions

        func run() async throws {
            var transaction = try TransactionDocument(try jsonFile(file))
            let key = try keyring.keystore.entry(name).key
            let parts = try signatures.flatMap { try MemberSignature.all(of: try jsonFile($0)) }
            let place = try await place.place(of: key.address, network, keyring.home)
            try transaction.combine(parts, of: key, at: place)
            try document.write(transaction.json)
        }
    }

    struct Broadcast: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a signed transaction, and wait for its block.",
            discussion: "cloister tx broadcast signed.json")
        @Argument(help: "The file that `tx sign` or `tx multisign` wrote.") var file: String
        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let transaction = try TransactionDocument(try jsonFile(file))
            guard !transaction.signatures.isEmpty else {
                throw ClientError(.invalidInput, "\(file) is not signed: `cloister tx sign` does that")
            }
            try Options.show(try await node.client.deliver(try transaction.bytes()), output)
        }
    }

    struct Wait: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Wait until a transaction is in a block, and show what it came to.",
            discussion: "cloister tx wait 4F0C… --timeout 120")
        @Argument(help: "The transaction's hash.") var hash: String
        @Option(help: "Seconds to wait at most.") var timeout: UInt32 = 60
        @OptionGroup var node: NodeOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            guard hash.utf8.count == 64, hash.utf8.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }) else {
                throw ClientError(.invalidInput, "\(hash) is no hash of a transaction: 64 hexadecimal digits")
            }
            let answer = try await node.client.waitForTransaction(hash, timeoutSeconds: Double(timeout))
            try Options.show(try Session.Receipt(hash: hash.uppercased(), answer: answer), output)
        }
    }

    /// The address of an account by its key's name, or as it is.
    static func signer(_ text: String, _ keystore: Keystore) throws -> AccountAddress {
        if let address = AccountAddress(bech32: text) { return address }
        return try keystore.entry(text).address
    }
}

/// Writing a transaction in place of sending it.
struct DraftOptions: ParsableArguments {
    @Flag(help: "Print the transaction without a signature, for `cloister tx sign`; --from may be an address.")
    var generateOnly = false
    @Flag(help: "With --generate-only: ask no node for anything.") var offline = false
    @Option(help: "A note in the transaction, which everybody can read.") var note = ""

    /// Whether it is written and not sent.
    var isDraft: Bool {
        get throws {
            guard generateOnly || !offline else {
                throw ClientError(
                    .invalidInput, "--offline sends nothing: use --generate-only, and `cloister tx sign --offline`")
            }
            return generateOnly
        }
    }

    func write(_ messages: [JSONValue], gas: UInt64, _ options: Tx.Options) throws {
        var fee = try options.fee(gas)
        fee.granter = try options.feeGranter.map(address)?.description ?? ""
        print(JSONWriter.text(of: TransactionDocument(messages: messages, note: note, fee: fee).json))
    }
}
