import Ante
import Auth
import Bank
import ChainMessages
import ChainModules
import LedgerKit
import ModuleKit
import SignedTransactions
import StrictJSON
import Testing
import TransactionFixtures
import Wire

func json(_ text: String) throws -> JSONValue {
    try JSONReader.parse(Array(text.utf8), limits: JSONLimits(bytesMax: 1 << 20))
}

/// Alice (account 0, 1,000,000 uscrt and 7 other), Bob (account 1, nothing), and a state with both.
struct Ledger {
    let alice = FixtureKey("alice")
    let bob = FixtureKey("bob")
    let state = MemoryState()
    static let block = BlockContext(
        height: 1, time: Timestamp(seconds: 1_700_000_000, nanoseconds: 0)!, proposer: [UInt8](repeating: 7, count: 20))
    static func block(_ height: UInt64) -> BlockContext {
        BlockContext(height: height, time: block.time, proposer: block.proposer)
    }
    let ante: AnteHandler
    let router = ModuleList.chain.router
    let feeCollector = ModuleAccount.feeCollector.address

    init(rules: ChainRules = ChainRules(), transactionGasMax: UInt64 = .max) throws {
        ante = AnteHandler(
            chainID: FixtureTransaction.chainID, rules: rules, minimumGasPrice: .standard,
            transactionGasMax: transactionGasMax, router: router)
        try ModuleList.chain.importGenesis(
            json(
                """
                {"auth":{"params":{},"accounts":[
                    {"@type":"/cosmos.auth.v1beta1.BaseAccount","address":"\(alice.address)","pub_key":null,
                     "account_number":"0","sequence":"0"},
                    {"@type":"/cosmos.auth.v1beta1.BaseAccount","address":"\(bob.address)","pub_key":null,
                     "account_number":"0","sequence":"0"}]},
                 "bank":{"balances":[{"address":"\(alice.address)",
                     "coins":[{"denom":"uscrt","amount":"1000000"},{"denom":"other","amount":"7"}]}],"supply":[]}}
                """), on: state)
    }

    func send(_ amount: UInt128, sequence: UInt64 = 0) -> FixtureTransaction {
        FixtureTransaction(
            [.send(amount, from: alice.address, to: bob.address)], by: alice, number: 0, sequence: sequence)
    }

    /// What the ante rules come to: events, or the refusal.
    func run(
        _ transaction: FixtureTransaction, mode: AnteHandler.Mode = .deliver, height: UInt64 = 1
    ) throws -> Result<[String], TransactionRefusal> {
        do {
            let form = try TransactionForm(decoding: transaction.bytes, router: router)
            let events = try ante.run(form, in: Ledger.block(height), mode: mode, on: state)
            return .success(events.map(\.line))
        } catch let refusal as TransactionRefusal {
            return .failure(refusal)
        }
    }

    func refusal(_ transaction: FixtureTransaction, mode: AnteHandler.Mode = .deliver, height: UInt64 = 1) throws
        -> TransactionRefusal?
    {
        guard case .failure(let refusal) = try run(transaction, mode: mode, height: height) else { return nil }
        return refusal
    }

    /// What a module answers of the state, for a block at a time.
    func ask<Request: ChainMessage, Response: ChainMessage>(
        _ method: ChainMethod<Request, Response>, _ request: Request, at time: Timestamp = block.time
    ) throws -> Response {
        let query = try #require(ModuleList.chain.queries.first { $0.path == method.path })
        return try Response(
            decoding: query.answer(request.encoded, { QueriedBlock(height: Ledger.block.height, time: time) }, state)[
                ...], .request)
    }

    func balance(_ address: AccountAddress, _ denomination: String = "uscrt") throws -> UInt128 {
        try BankModule.balance(of: address, denomination: denomination, on: state)
    }
}
