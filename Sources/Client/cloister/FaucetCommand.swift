import ArgumentParser
import Foundation
import Glibc
import Hummingbird
import LogLines
import Logging
import SignedTransactions
import Synchronization
import WalletClient

/// Gives test coins to whoever asks, as LocalSecret's faucet does: a client program with an account of its own.
struct FaucetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faucet", abstract: "Serve test coins from an account of a development network.")
    @Option(help: "Where to listen.") var listen = "127.0.0.1"
    @Option(help: "The port.") var port = 5000
    @Option(help: "Coins for each request.") var amount = "1000000000uscrt"
    @Option(help: "The file with the faucet's mnemonic, or - for standard input.") var mnemonicFile = "-"
    @Option(help: "How lines of its log look: text or json.") var logFormat = LogFormat.text
    @Flag(help: "End when standard input does; for supervisors.") var untilInputEnds = false
    @OptionGroup var node: NodeOptions

    func run() async throws {
        if untilInputEnds {
            Thread.detachNewThread {
                while let read = try? FileHandle.standardInput.read(upToCount: 1), !read.isEmpty {}
                kill(getpid(), SIGTERM)
            }
        }
        let words = mnemonicFile == "-" ? readLine() : try? String(contentsOfFile: mnemonicFile, encoding: .utf8)
        guard let words else { throw ClientError(.invalidInput, "no mnemonic for the faucet") }
        let wallet = try Wallet(mnemonic: words)
        let client = node.client
        let dispenser = Dispenser(client: client, wallet: wallet, coins: try Amounts.coins(amount))
        let status: @Sendable (Request, BasicRequestContext) async throws -> Response = { _, _ in
            Self.json(.ok, ["faucet_address": wallet.address.description, "amount": dispenser.amountText])
        }
        let router = Router()
        // Web pages of developers ask it from other addresses than its own.
        router.add(middleware: CORSMiddleware(allowOrigin: .all, allowHeaders: [.contentType], allowMethods: [.get]))
        router.get("/", use: status)
        router.get("/status", use: status)
        router.get("/faucet") { request, _ in
            guard let text = request.uri.queryParameters.get("address") else {
                return Self.json(.badRequest, ["error": "address is required"])
            }
            guard let address = AccountAddress(bech32: text) else {
                return Self.json(.badRequest, ["error": "\(text) is not an address"])
            }
            do {
                return Self.json(.ok, ["txhash": try await dispenser.give(to: address)])
            } catch {
                return Self.json(.serviceUnavailable, ["error": "\(error)"])
            }
        }
        let output = LogOutput(logFormat)
        let application = Application(
            router: router, configuration: .init(address: .hostname(listen, port: port), serverName: "cloister-faucet"),
            logger: Logger(label: "faucet", factory: { _ in LineLogHandler(output, level: .info) }))
        try await application.runService()
    }

    private static func json(_ status: HTTPResponse.Status, _ body: [String: String]) -> Response {
        let data = (try? JSONSerialization.data(withJSONObject: body, options: [.sortedKeys])) ?? Data()
        return Response(
            status: status, headers: [.contentType: "application/json"], body: .init(byteBuffer: .init(bytes: data)))
    }
}

extension LogFormat: ExpressibleByArgument {}

/// One request after the other: the account's sequence allows no two at once.
private actor Dispenser {
    private let client: ChainClient
    private let wallet: Wallet
    private let coins: [Coin]
    private var tail: Task<String, any Error>?
    nonisolated let amountText: String

    init(client: ChainClient, wallet: Wallet, coins: [Coin]) {
        self.client = client
        self.wallet = wallet
        self.coins = coins
        amountText = String(coins.first?.amount ?? 0)
    }

    func give(to address: AccountAddress) async throws -> String {
        let before = tail
        let task = Task {
            _ = try? await before?.value
            return try await self.send(to: address)
        }
        tail = task
        return try await task.value
    }

    private func send(to address: AccountAddress) async throws -> String {
        let message = BankMessage.send(.init(from: wallet.address, to: address, amount: coins)).any
        let account = try await client.account(wallet.address)
        let fee = Fee(amount: [Coin(12_500, "uscrt")], gasLimit: 50_000)
        let transaction = try wallet.sign(
            [message], memo: "faucet", fee: fee, chainID: try await client.chainID(), account: account)
        let sent = try await client.broadcast(transaction)
        guard sent.code == 0 else { throw ClientError(.transactionFailed, sent.log) }
        _ = try await client.waitForTransaction(sent.hash)
        return sent.hash
    }
}
