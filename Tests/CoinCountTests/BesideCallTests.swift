import ChainInterface
import ChainModules
import DecidedBlocks
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import Testing
import TransactionFixtures
import Wire

@testable import ChainApplication

/// Ledger messages in one transaction with a call: the enclave's own code orders them, the host's ledger runs them.
@Suite("Beside a call")
struct BesideCallTests {
    private let alice = FixtureSigner.single(FixtureKey("alice"), .direct)
    private let bob = FixtureKey("bob").address
    private let carol = FixtureKey("carol").address

    /// Alice's messages, and a code that she stores with them.
    private func transaction(_ messages: [AnyMessage], on chain: CountedChain) throws -> [UInt8] {
        let account = try #require(try chain.account(alice.address))
        let store = ComputeMessage.storeCode(.init(sender: alice.address, code: Puppet.code[...])).any
        var transaction = SignedTransaction(
            messages + [store],
            by: [.init(alice, accountNumber: account.accountNumber, sequence: account.sequence)])
        transaction.fee.gasLimit = 10_000_000
        return transaction.bytes
    }

    private func send(_ denomination: String, from: AccountAddress) -> AnyMessage {
        BankMessage.send(.init(from: from, to: carol, amount: [Coin(5, denomination)])).any
    }

    /// Of the only transaction of a block that is shown, without those of the ante rules.
    private func events(_ height: UInt64, of chain: CountedChain) throws -> [String] {
        try chain.application.waitForIndex()
        let shown = try chain.application.index.transactions(at: height)
        return shown[0].result.events.map(\.line).filter { $0.contains("msg_index") }
    }

    @Test("what the host's ledger says of a message stands behind the enclave's word for it, and is under no hash")
    func events() throws {
        let chain = try CountedChain(
            rich: [(alice.address, 1_000_000_000), (bob, 1_000)],
            ledger: GrantingModule.chain)
        let held = send("uscrt", from: bob)
        let granted = AnyMessage(
            typeURL: GrantingModule.typeURL,
            value: ProtobufWriter.encode { writer in
                writer.string(1, alice.address.description)
                writer.message(2, held.encoded)
            }[...])
        let block = try transaction([granted, send("uscrt", from: alice.address)], on: chain)
        #expect(try chain.run([block], counting: []).results.map(\.code) == [0])
        // The next header proves the results to the enclave: it would not go on with others.
        for _ in 0..<2 { _ = try chain.run([], counting: []) }
        let (sender, action) = (alice.address, GrantingModule.typeURL)
        let shown = try events(1, of: chain)
        #expect(
            Array(shown.prefix(5)) == [
                "message{action=\(action),sender=\(sender),module=authz,msg_index=0}",
                "coin_spent{spender=\(bob),amount=5uscrt,msg_index=0}",
                "coin_received{receiver=\(carol),amount=5uscrt,msg_index=0}",
                "transfer{recipient=\(carol),sender=\(bob),amount=5uscrt,msg_index=0}",
                "message{sender=\(bob),msg_index=0}",
            ])
        // Bank's own are the enclave's, and stand there once.
        #expect(shown.count { $0.hasPrefix("transfer") && $0.contains("sender=\(sender)") } == 1)
        #expect(try chain.balance(carol, "uscrt") == 10)
    }

    @Test("coins that governance keeps from being sent stay, with the call beside them, and the chain goes on")
    func disabled() throws {
        let chain = try CountedChain(
            rich: [(alice.address, 1_000_000_000)],
            bank: #","send_enabled":[{"denom":"other","enabled":false}]"#)
        let purses = ["other", "uscrt"].map { Purse(account: alice.address, denomination: $0) }
        let (results, counts) = try chain.run(
            [transaction([send("other", from: alice.address)], on: chain)], counting: purses)
        #expect(results.map(\.code) == [5])
        #expect(counts.allSatisfy { $0.counted <= $0.held })
        #expect(try chain.balance(carol, "other") == 0)
        let (others, _) = try chain.run(
            [transaction([send("uscrt", from: alice.address)], on: chain)], counting: purses)
        #expect(others.map(\.code) == [0])
        _ = try chain.run([], counting: [])
        #expect(try chain.balance(carol, "uscrt") == 5)
    }
}
