import ArgumentParser
import Foundation
import SignedTransactions
import StrictJSON
import WalletClient
import Wire

/// A verb under `tx` that sends messages of whoever signs. It says what they are; all else is `Send`'s.
protocol MessageVerb: ParsableArguments {
    static var word: String { get }
    static var about: String { get }
    /// More than a line of help.
    static var discussion: String { get }
    /// The messages as JSON with `@type`, as `MessageText` reads them.
    func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue]
}

extension MessageVerb {
    static var discussion: String { "" }
}

/// The command of such a verb. Before anything is signed it looks whether the messages can be written, and whether the
/// signer has any of the coins that they take.
struct Send<Verb: MessageVerb>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: Verb.word, abstract: Verb.about, discussion: Verb.discussion)
    }

    @OptionGroup var verb: Verb
    @OptionGroup var draft: DraftOptions
    @OptionGroup var options: Tx.Options

    func run() async throws {
        if try draft.isDraft { return try await write() }
        let signer = try options.keyring.keystore.entry(options.from).address
        let client = options.network.node.client
        let messages = try await verb.messages(of: signer, client).map(MessageText.message)
        try await client.checkCoins(messages.flatMap { try $0.takenCoins() }, of: signer)
        let session = try await options.session()
        let standard = try await session.pricedGas(messages) ?? 200_000
        let gas = try await options.gas(standard) { try await session.simulatedGas(messages) }
        try options.show(try await session.send(messages, gas: gas, memo: draft.note))
    }

    /// Prints the transaction for others to sign.
    private func write() async throws {
        let signer = try Tx.signer(options.from, try options.keyring.keystore)
        let client = draft.offline ? ChainClient.none : options.network.node.client
        let messages = try await verb.messages(of: signer, client)
        let known = try messages.map(MessageText.message)
        // Of several keys each signature costs, and has its bytes.
        let count = (try? options.keyring.keystore.entry(options.from).key.keyCount) ?? 1
        let priced = try Session.pricedGas(
            known, byteCount: known.reduce(500 + 150 * count) { $0 + $1.value.count }, signatureCount: count)
        let gas = options.gas?.limit ?? priced
        try draft.write(messages, gas: gas ?? 200_000, options)
    }
}

// MARK: - What people write

/// The address of a validator's operator.
func validator(_ text: String) throws -> JSONValue {
    if AccountAddress(validatorText: text) != nil { return .string(text) }
    if let account = AccountAddress(bech32: text) {
        throw ClientError(
            .invalidInput,
            """
            \(text) is an account; its validator, if it has one, is \(account.validatorText) (`cloister query staking \
            validators` lists all)
            """)
    }
    throw ClientError(
        .invalidInput, "\(text) is no validator (secretvaloper1…); `cloister query staking validators` lists all")
}

func account(_ text: String) throws -> JSONValue {
    if AccountAddress(bech32: text) == nil, let account = AccountAddress(validatorText: text) {
        throw ClientError(.invalidInput, "\(text) is a validator; the account that runs it is \(account)")
    }
    return .string(try address(text).description)
}

func coins(_ text: String) throws -> JSONValue { .array(try Amounts.coins(text).map(json)) }

/// An amount of one coin.
func coin(_ text: String) throws -> JSONValue {
    let coins = try Amounts.coins(text)
    guard coins.count == 1 else { throw ClientError(.invalidInput, "\(text): one coin is meant, as 1.5scrt") }
    return json(coins[0])
}

private func json(_ coin: Coin) -> JSONValue {
    ["denom": .string(coin.denomination), "amount": .string(String(coin.amount))]
}

/// A part of a whole, written `0.05` or `5%`.
func rate(_ text: String, _ option: String) throws -> JSONValue {
    let isPercent = text.hasSuffix("%")
    let scaled = MessageText.scaled(isPercent ? String(text.dropLast()) : text).flatMap { UInt128($0) }
    guard let scaled, scaled % (isPercent ? 100 : 1) == 0 else {
        throw ClientError(.invalidInput, "\(option) \(text): must be a part of 1, as 0.05, or 5%")
    }
    let part = isPercent ? scaled / 100 : scaled
    let whole: UInt128 = 1_000_000_000_000_000_000
    guard part <= whole else {
        throw ClientError(.invalidInput, "\(option) \(text) is more than all of it; 5 of 100 is written 0.05 or 5%")
    }
    let digits = String(part)
    let padded = String(repeating: "0", count: max(0, 19 - digits.utf8.count)) + digits
    return .string("\(padded.dropLast(18)).\(padded.suffix(18))")
}

/// A moment, as `2027-01-31T00:00:00Z`.
func time(_ text: String, _ option: String) throws -> Timestamp {
    guard let time = Timestamp(rfc3339: text) else {
        throw ClientError(.invalidInput, "\(option) \(text): must be a moment, as 2027-01-31T00:00:00Z")
    }
    return time
}

/// JSON of a file that the user names.
func jsonFile(_ path: String) throws -> JSONValue {
    guard let bytes = FileManager.default.contents(atPath: path) else {
        throw ClientError(.invalidInput, "cannot read \(path)")
    }
    do {
        return try JSONReader.parse(Array(bytes), limits: JSONLimits(bytesMax: 1 << 20))
    } catch {
        throw ClientError(.invalidInput, "\(path) is no JSON: \(error)")
    }
}

extension JSONValue {
    static func text(_ value: some CustomStringConvertible) -> JSONValue { .string(value.description) }
}

/// The members that are there.
func object(_ members: [(String, JSONValue?)]) -> JSONValue {
    .object(members.compactMap { name, value in value.map { (name, $0) } })
}
