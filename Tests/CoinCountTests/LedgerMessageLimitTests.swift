import DecidedBlocks
import LedgerRecords
import PublicCryptography
import SignedTransactions
import Testing
import TransactionFixtures

@testable import EnclaveService

/// What a host can vouch for in a block has a most, since an enclave that runs the block again must hold it.
@Suite("Ledger messages of a block")
struct LedgerMessageLimitTests {
    @Test(
        "a block has room for so many ledger messages; one beyond them fails, with its transaction, and no other does")
    func limit() throws {
        let signer = FixtureSigner.single(FixtureKey("treasury"), .direct)
        let receiver = FixtureKey("receiver").address
        let chain = try CountedChain(rich: [(signer.address, 1_000_000_000)])
        var sequence: UInt64 = 0
        func transaction(sends: Int, storing isDriven: Bool = true) throws -> [UInt8] {
            let send = BankMessage.send(.init(from: signer.address, to: receiver, amount: [Coin(1, "uscrt")])).any
            let store = ComputeMessage.storeCode(.init(sender: signer.address, code: Puppet.code[...])).any
            let number = try #require(try chain.account(signer.address)).accountNumber
            let messages = (isDriven ? [store] : []) + Array(repeating: send, count: sends)
            var transaction = SignedTransaction(
                messages, by: [.init(signer, accountNumber: number, sequence: sequence)])
            transaction.fee.gasLimit = 10_000_000
            sequence += 1
            return transaction.bytes
        }
        func held() throws -> UInt128 { try chain.balance(receiver, "uscrt") }

        chain.lane.ledgerMessages = ServiceLimits.ledgerMessagesPerBlockMax - 3
        // Two of three fit behind the first, and have been sent when the third does not.
        let block = try [
            transaction(sends: 1), transaction(sends: 3), transaction(sends: 1), transaction(sends: 0),
            transaction(sends: 2, storing: false),
        ]
        #expect(try chain.run(block, counting: []).results.map(\.code) == [0, 21, 21, 0, 0])
        #expect(try held() == 3)
        #expect(try chain.run([transaction(sends: 3)], counting: []).results.map(\.code) == [0])
        #expect(try held() == 6)
    }
}
