import Ante
import Auth
import ChainApplication
import ChainInterface
import EnclaveKit
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import Testing
import TransactionFixtures

@Suite("Transactions that the host runs alone")
struct HostTransactionTests {
    let chain: TestChain

    init() throws { chain = try TestChain() }

    @Test("a transfer gives the events, data and gas that clients read")
    func transfer() throws {
        let bytes = chain.send(10).bytes
        let result = try chain.run([bytes])[0]
        let (alice, bob, collector) = (chain.alice.address, chain.bob.address, ModuleAccount.feeCollector.address)
        let signature = Base64.encode(Array(try TransactionEnvelope(decoding: bytes).signatures[0]))
        #expect(
            result.events.map(\.line) == [
                "coin_spent{spender=\(alice),amount=2500uscrt}",
                "coin_received{receiver=\(collector),amount=2500uscrt}",
                "transfer{recipient=\(collector),sender=\(alice),amount=2500uscrt}",
                "message{sender=\(alice)}",
                "tx{fee=2500uscrt,fee_payer=\(alice)}",
                "tx{acc_seq=\(alice)/0}",
                "tx{signature=\(signature)}",
                "message{action=/cosmos.bank.v1beta1.MsgSend,sender=\(alice),module=bank,msg_index=0}",
                "coin_spent{spender=\(alice),amount=10uscrt,msg_index=0}",
                "coin_received{receiver=\(bob),amount=10uscrt,msg_index=0}",
                "transfer{recipient=\(bob),sender=\(alice),amount=10uscrt,msg_index=0}",
                "message{sender=\(alice),msg_index=0}",
            ])
        #expect(result.code == 0 && result.log == "" && result.codespace == "")
        #expect(
            Hexadecimal.encode(result.data, uppercase: true)
                == "12260A242F636F736D6F732E62616E6B2E763162657461312E4D736753656E64526573706F6E7365")
        #expect(result.gasWanted == 200_000)
        #expect(result.gasUsed == UInt64(10 * bytes.count + 1_000 + 5_000 + 4_000))
        #expect(try chain.balance(alice) == 997_490)
        #expect(try chain.balance(bob) == 1_000_010)
    }

    @Test("a block without contract messages is shown to the enclave, which runs none of it")
    func noEnclave() throws {
        try chain.run([chain.send(1).bytes])
        #expect(chain.lane.calls == ["begin 1", "send 1", "end 1"])
    }

    @Test("a multiple send that says more than may be kept of a transaction fails as a whole")
    func manyOutputs() throws {
        let alice = chain.alice.address
        func multiSend(_ count: Int, sequence: UInt64) throws -> TransactionResult {
            let party = BankMessage.Party(address: chain.bob.address, coins: [Coin(1, "uscrt")])
            let message = BankMessage.multiSend(
                .init(
                    inputs: [.init(address: alice, coins: [Coin(UInt128(count), "uscrt")])],
                    outputs: Array(repeating: party, count: count)))
            var transaction = FixtureTransaction([message.any], by: chain.alice, number: 0, sequence: sequence)
            transaction.gasLimit = 1_000_000_000
            return try chain.run([transaction.bytes])[0]
        }
        let fitting = try multiSend(2_100, sequence: 0)
        #expect(fitting.code == 0 && fitting.events.count > 4_200)
        let result = try multiSend(17_000, sequence: 1)
        #expect(result.code == 21 && result.codespace == "sdk" && result.data.isEmpty, "\(result.log)")
        #expect(result.events.count == 7)
        #expect(try chain.balance(alice) == 1_000_000 - 2 * 2_500 - 2_100)
    }

    @Test("of a failed transfer the fee and the sequence are left, and the reason is told")
    func insufficientFunds() throws {
        let result = try chain.run([chain.send(2_000_000).bytes])[0]
        #expect(result.code == 5 && result.codespace == "sdk")
        #expect(
            result.log
                == "failed to execute message; message index: 0: spendable balance 997500uscrt is smaller than "
                + "2000000uscrt: insufficient funds")
        #expect(result.data.isEmpty)
        #expect(result.events.count == 7 && result.events.allSatisfy { !$0.line.contains("msg_index") })
        #expect(try chain.balance(chain.alice.address) == 997_500)
        #expect(try chain.sequence(chain.alice.address) == 1)
    }

    @Test("when one message fails, none has happened")
    func allOrNothing() throws {
        let (alice, bob) = (chain.alice.address, chain.bob.address)
        let transaction = chain.send(1).with {
            $0.messages = [.send(100, from: alice, to: bob), .send(9_000_000, from: alice, to: bob)]
        }
        let result = try chain.run([transaction.bytes])[0]
        #expect(result.log.hasPrefix("failed to execute message; message index: 1: spendable balance 997400uscrt"))
        #expect(try chain.balance(bob) == 1_000_000)
        #expect(try chain.balance(alice) == 997_500)
    }

    @Test("gas that runs out in a message costs the fee and says so in the SDK's words")
    func outOfGas() throws {
        let limit = GasSchedule.ante(byteCount: chain.send(10).bytes.count, signatureCount: 1) + 3_000
        let transaction = chain.send(10).with { $0.gasLimit = limit }
        let ante = GasSchedule.ante(byteCount: transaction.bytes.count, signatureCount: 1)
        let result = try chain.run([transaction.bytes])[0]
        #expect(result.code == 11)
        #expect(
            result.log
                == "out of gas in location: /cosmos.bank.v1beta1.MsgSend; gasWanted: \(limit), "
                + "gasUsed: \(ante + 4_000): out of gas")
        #expect(result.gasUsed == ante + 4_000 && result.gasWanted == limit)
        #expect(try chain.balance(chain.bob.address) == 1_000_000)
        #expect(try chain.balance(chain.alice.address) == 997_500)
    }

    @Test("what breaks an ante rule leaves nothing")
    func anteRefused() throws {
        let results = try chain.run([chain.send(1, sequence: 3).bytes, [1, 2, 3], chain.send(1).bytes, []])
        #expect(results.map(\.code) == [32, 2, 0, 18])
        #expect(results[0].log == "account sequence mismatch, expected 0, got 3: incorrect account sequence")
        #expect(results[0].events.isEmpty && results[0].gasWanted == 200_000)
        #expect(results[1].gasWanted == 0 && results[1].gasUsed == 0)
        #expect(try chain.sequence(chain.alice.address) == 1)
    }

    @Test("a transaction in a block twice runs once")
    func twice() throws {
        let bytes = chain.send(1).bytes
        #expect(try chain.run([bytes, bytes]).map(\.code) == [0, 32])
        #expect(try chain.run([bytes]).map(\.code) == [32])
        #expect(try chain.application.index.transaction(hash: SHA256.hash(bytes), upTo: 9)?.height == 1)
    }

    @Test("an empty block leaves the state as it is")
    func emptyBlock() throws {
        let before = chain.appHash
        try chain.run([])
        #expect(chain.appHash == before)
        #expect(try chain.application.lastCommitted().height == 1)
    }
}
