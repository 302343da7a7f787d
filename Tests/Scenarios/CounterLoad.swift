import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// The repository's own example contract, and a crowd that calls it.
struct CounterContract {
    let codeID: UInt64
    let codeHash: String
    let address: AccountAddress

    static var codeFile: String { Repository.contractFile("counter") }

    /// Stores and instantiates the contract.
    static func make(_ session: Session, count: Int = 0, label: String = "scenario") async throws -> CounterContract {
        guard let code = FileManager.default.contents(atPath: codeFile) else {
            throw ChildProcess.Failure(description: "\(codeFile) is missing; `make contracts` builds it")
        }
        let stored = try await session.store(Array(code), gas: 2_000_000)
        let codeID = try #require(stored.codeID, "\(stored.receipt.log)")
        let made = try await session.instantiate(
            codeID: codeID, message: Array(#"{"count":\#(count)}"#.utf8), label: label, gas: 500_000)
        let address = try #require(made.contract, "\(made.receipt.log)")
        return CounterContract(
            codeID: codeID, codeHash: try await session.client.codeHash(ofContract: address), address: address)
    }

    func count(_ session: Session) async throws -> Int64 {
        let answer = try await session.query(address, message: Array(#"{"get_count":{}}"#.utf8))
        let json = try JSONReader.parse(answer, limits: JSONLimits(bytesMax: 1_000))
        return try #require(json["count"]?.int64)
    }
}

/// Calls that one account sends, one after the other, as long as the node answers. What it sent is known even when the
/// node died before it could say what became of it.
final class CounterLoad {
    let session: Session
    let contract: CounterContract
    private(set) var sent: [String] = []

    init(_ session: Session, _ contract: CounterContract) {
        self.session = session
        self.contract = contract
    }

    /// Sends a call and, if `waits`, polls until it is in a block.
    ///
    /// What is read is the block before the last, until that one is announced. After a restart in between, an account
    /// reads the sequence that the last block used; then the call waits for the next one and is made again.
    func call(_ message: String = #"{"increment":{}}"#, waits: Bool = true) async throws {
        let before = try await session.client.account(session.wallet.address)
        do {
            return try await call(message, waits: waits, as: before)
        } catch let error as ClientError where error.code == .refused && error.description.hasPrefix("32: ") {
            try await wait(for: "the account's next sequence") {
                try await session.client.account(session.wallet.address).sequence != before.sequence
            }
        }
        try await call(message, waits: waits, as: try await session.client.account(session.wallet.address))
    }

    private func call(_ message: String, waits: Bool, as account: ChainClient.Account) async throws {
        let sealed = try session.encryption.seal(
            Array(message.utf8), codeHash: contract.codeHash, owner: (session.wallet.address, contract.address.bytes))
        let call = ComputeMessage.execute(
            .init(sender: session.wallet.address, contract: contract.address, message: sealed, funds: []))
        let transaction = try session.wallet.sign(
            [call.any], fee: Fee(amount: [Coin(2_500, "uscrt")], gasLimit: 200_000), chainID: session.chainID,
            account: account)
        sent.append(Hexadecimal.encode(SHA256.hash(transaction).bytes).uppercased())
        let answer = try await session.client.broadcast(transaction)
        guard answer.code == 0 else { throw ClientError(.refused, "\(answer.code): \(answer.log)") }
        guard waits else { return }
        try await wait(for: "transaction \(answer.hash)") { try await outcome(of: answer.hash) != nil }
    }

    /// Calls until the node stops answering or `count` calls are done.
    func run(atMost count: Int = .max) async {
        var done = 0
        while done < count, (try? await call()) != nil { done += 1 }
    }

    /// The result code of a transaction; `nil` if no block has it.
    func outcome(of hash: String) async throws -> UInt64? {
        do {
            return try await session.client.get("/cosmos/tx/v1beta1/txs/\(hash)")["tx_response"]?["code"]?.uint64
        } catch let error as ClientError where error.code == .notFound {
            return nil
        }
    }

    /// How many of the calls sent are in blocks and succeeded.
    func successes() async throws -> Int64 {
        var count: Int64 = 0
        for hash in sent where try await outcome(of: hash) == 0 { count += 1 }
        return count
    }
}
