import Auth
import Bank
import EnclaveProtocol
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StateProofs
import Testing
import TransactionFixtures

@Suite("Bank")
struct BankModuleTests {
    private func run(_ message: AnyMessage, _ ledger: Ledger, signer: AccountAddress? = nil) throws -> [String] {
        let outcome = try ledger.router.run(
            message, signer: signer ?? ledger.alice.address, in: Ledger.block, on: ledger.state)
        #expect(outcome.response == AnyMessage(typeURL: message.typeURL + "Response", value: []))
        return outcome.events.map(\.line)
    }

    private func refusal(_ message: AnyMessage, _ ledger: Ledger) -> TransactionRefusal? {
        do {
            _ = try run(message, ledger)
            return nil
        } catch {
            return error as? TransactionRefusal
        }
    }

    @Test("a send moves coins and tells it as the SDK does")
    func send() throws {
        let ledger = try Ledger()
        let (alice, bob) = (ledger.alice.address, ledger.bob.address)
        #expect(
            try run(.send(400, from: alice, to: bob), ledger) == [
                "coin_spent{spender=\(alice),amount=400uscrt}",
                "coin_received{receiver=\(bob),amount=400uscrt}",
                "transfer{recipient=\(bob),sender=\(alice),amount=400uscrt}",
                "message{sender=\(alice)}",
            ])
        #expect(try ledger.balance(alice) == 999_600)
        #expect(try ledger.balance(bob) == 400)
    }

    @Test("the events of a message begin with its name and end with its index")
    func envelope() throws {
        let ledger = try Ledger()
        let alice = ledger.alice.address
        let events = Event.ofMessage(
            at: 2, typeURL: BankMessage.sendTypeURL, sender: alice, events: [Event("message", ["sender": "\(alice)"])])
        #expect(
            events.map(\.line) == [
                "message{action=/cosmos.bank.v1beta1.MsgSend,sender=\(alice),module=bank,msg_index=2}",
                "message{sender=\(alice),msg_index=2}",
            ])
        let named = Event.ofMessage(
            at: 0, typeURL: "/secret.compute.v1beta1.MsgStoreCode", sender: alice,
            events: [Event("message", ["module": "compute"])])
        #expect(
            named.map(\.line) == [
                "message{action=/secret.compute.v1beta1.MsgStoreCode,sender=\(alice),msg_index=0}",
                "message{module=compute,msg_index=0}",
            ])
    }

    @Test("a new recipient gets the next account number; an empty balance has no key")
    func newRecipient() throws {
        let ledger = try Ledger()
        let carol = FixtureKey("carol").address
        let next = 2 + UInt64(ModuleAccount.all.count)
        _ = try run(.send(1_000_000, from: ledger.alice.address, to: carol), ledger)
        #expect(try AuthModule.account(carol, on: ledger.state)?.accountNumber == next)
        #expect(ledger.state.value(of: AccountStore.numberKey(next), in: StoreName.account) == carol.bytes)
        let key = BankStore.balanceKey(ledger.alice.address, "uscrt")
        #expect(ledger.state.value(of: key, in: StoreName.bank) == nil)
        func holdings(_ address: AccountAddress) -> Set<String>? {
            BankStore.holdings(ledger.state.value(of: BankStore.holdingsKey(address), in: StoreName.bank))
        }
        #expect(holdings(ledger.alice.address) == ["other"] && holdings(carol) == ["uscrt"])
        _ = try run(.send(1, from: ledger.alice.address, to: carol, denomination: "other"), ledger)
        #expect(try AuthModule.account(carol, on: ledger.state)?.accountNumber == next)
    }

    @Test("a send to oneself changes nothing, and one beyond the balance fails in the SDK's words")
    func limits() throws {
        let ledger = try Ledger()
        let (alice, bob) = (ledger.alice.address, ledger.bob.address)
        _ = try run(.send(1_000_000, from: alice, to: alice), ledger)
        #expect(try ledger.balance(alice) == 1_000_000)
        #expect(
            refusal(.send(1_000_001, from: alice, to: bob), ledger)
                == TransactionRefusal(
                    code: 5, log: "spendable balance 1000000uscrt is smaller than 1000001uscrt: insufficient funds"))
        #expect(refusal(.send(1, from: alice, to: bob, denomination: "nothing"), ledger)?.code == 5)
    }

    @Test("coins that are not valid, and recipients that count their own coins, are refused")
    func invalid() throws {
        let ledger = try Ledger()
        let (alice, bob) = (ledger.alice.address, ledger.bob.address)
        func send(_ coins: [Coin], to recipient: AccountAddress) -> AnyMessage {
            BankMessage.send(BankMessage.Send(from: alice, to: recipient, amount: coins)).any
        }
        #expect(refusal(send([], to: bob), ledger)?.code == 10)
        #expect(refusal(send([Coin(0, "uscrt")], to: bob), ledger)?.code == 10)
        #expect(refusal(send([Coin(1, "uscrt"), Coin(1, "other")], to: bob), ledger)?.code == 10)
        #expect(refusal(send([Coin(1, "x")], to: bob), ledger)?.log == "1x: invalid coins")
        for module in ModuleAccount.all {
            let isOpen = module.name == "gov"
            #expect((refusal(send([Coin(1, "uscrt")], to: module.address), ledger) == nil) == isOpen, "\(module.name)")
        }
        let collector = ModuleAccount.feeCollector.address
        #expect(collector.description == "secret17xpfvakm2amg962yls6f84z3kell8c5ljuhfkp")
        #expect(
            refusal(send([Coin(1, "uscrt")], to: collector), ledger)?.log
                == "\(collector) is not allowed to receive funds: unauthorized")
    }

    @Test("a message runs only for the one who signs it")
    func signer() throws {
        let ledger = try Ledger()
        let message = AnyMessage.send(1, from: ledger.alice.address, to: ledger.bob.address)
        #expect(throws: TransactionRefusal.self) { try run(message, ledger, signer: ledger.bob.address) }
        #expect(try ledger.balance(ledger.alice.address) == 1_000_000)
    }

    @Test("a multiple send shares one input out exactly")
    func multiSend() throws {
        let ledger = try Ledger()
        let (alice, bob, carol) = (ledger.alice.address, ledger.bob.address, FixtureKey("carol").address)
        func party(_ address: AccountAddress, _ amount: UInt128) -> BankMessage.Party {
            BankMessage.Party(address: address, coins: [Coin(amount, "uscrt")])
        }
        func message(_ inputs: [BankMessage.Party], _ outputs: [BankMessage.Party]) -> AnyMessage {
            BankMessage.multiSend(BankMessage.MultiSend(inputs: inputs, outputs: outputs)).any
        }
        let good = message([party(alice, 30)], [party(bob, 10), party(carol, 20)])
        #expect(
            try run(good, ledger) == [
                "coin_spent{spender=\(alice),amount=30uscrt}",
                "message{sender=\(alice)}",
                "coin_received{receiver=\(bob),amount=10uscrt}",
                "transfer{recipient=\(bob),sender=\(alice),amount=10uscrt}",
                "coin_received{receiver=\(carol),amount=20uscrt}",
                "transfer{recipient=\(carol),sender=\(alice),amount=20uscrt}",
            ])
        #expect(try ledger.balance(alice) == 999_970)
        #expect(try ledger.balance(carol) == 20)
        #expect(try ledger.router.handler(of: good).gas(of: good) == 8_000)
        #expect(refusal(message([party(alice, 31)], [party(bob, 30)]), ledger)?.log == "sum inputs != sum outputs")
        #expect(refusal(message([party(alice, 30)], []), ledger)?.code == 3)
        #expect(refusal(message([party(alice, 1), party(alice, 1)], [party(bob, 2)]), ledger)?.code == 9)
        let overflow = message([party(alice, 2)], [party(bob, UInt128.max), party(bob, 3)])
        #expect(refusal(overflow, ledger)?.code == 4)
    }
}
