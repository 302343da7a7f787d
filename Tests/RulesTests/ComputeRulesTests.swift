import Ante
import ChainModules
import Compute
import ModuleKit
import PublicCryptography
import SignedTransactions
import Testing
import TransactionFixtures

@Suite("Rules for contract messages")
struct ComputeRulesTests {
    private let alice = FixtureKey("alice").address
    private let contract = FixtureKey("contract").address

    private func code(of message: ComputeMessage) -> UInt32? {
        do throws(TransactionRefusal) {
            try ComputeRules.validate(message)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("what a client sends passes")
    func good() {
        let upload = ComputeMessage.StoreCode(
            sender: alice, code: [0, 0x61, 0x73, 0x6d], source: "https://example.org/a",
            builder: "enigmampc/secret-contract-optimizer:1.0.3")
        #expect(code(of: .storeCode(upload)) == nil)
        #expect(code(of: .instantiate(.init(sender: alice, codeID: 1, label: "l", message: [1]))) == nil)
        let funds = [Coin(5, "uscrt")]
        #expect(code(of: .execute(.init(sender: alice, contract: contract, message: [1], funds: funds))) == nil)
        #expect(code(of: .migrate(.init(sender: alice, contract: contract, codeID: 2, message: [1]))) == nil)
        #expect(code(of: .updateAdmin(.init(sender: alice, newAdmin: contract, contract: contract))) == nil)
        #expect(code(of: .clearAdmin(.init(sender: alice, contract: contract))) == nil)
    }

    @Test("nobody signs a callback")
    func callbacks() {
        #expect(
            code(of: .execute(.init(sender: alice, contract: contract, message: [1], callbackCodeHash: "ab"))) == 18)
        #expect(
            code(of: .execute(.init(sender: alice, contract: contract, message: [1], callbackSignature: [1]))) == 18)
        #expect(
            code(of: .instantiate(.init(sender: alice, codeID: 1, label: "l", message: [1], callbackCodeHash: "ab")))
                == 18)
        #expect(code(of: .clearAdmin(.init(sender: alice, contract: contract, callbackSignature: [1]))) == 18)
    }

    @Test("labels, inputs and code have bounds")
    func bounds() {
        func label(_ text: String) -> UInt32? {
            code(of: .instantiate(.init(sender: alice, codeID: 1, label: text, message: [1])))
        }
        #expect(label("") == 18)
        #expect(label(String(repeating: "l", count: 512)) == nil)
        #expect(label(String(repeating: "l", count: 513)) == 18)
        #expect(code(of: .instantiate(.init(sender: alice, codeID: 0, label: "l", message: [1]))) == 18)
        #expect(code(of: .execute(.init(sender: alice, contract: contract, message: []))) == 18)
        let large = [UInt8](repeating: 0, count: 2 << 20)
        #expect(code(of: .storeCode(.init(sender: alice, code: large[...]))) == nil)
        #expect(code(of: .storeCode(.init(sender: alice, code: (large + [0])[...]))) == 31)
        #expect(code(of: .storeCode(.init(sender: alice, code: []))) == 18)
        #expect(code(of: .storeCode(.init(sender: alice, code: [1], source: "http://a"))) == 18)
        #expect(code(of: .storeCode(.init(sender: alice, code: [1], builder: "no tag"))) == 18)
        let coins = [Coin(1, "uscrt"), Coin(1, "uscrt")]
        #expect(code(of: .execute(.init(sender: alice, contract: contract, message: [1], funds: coins))) == 10)
    }

    @Test("a transaction with one contract message is the enclave's as a whole")
    func classification() throws {
        let key = FixtureKey("alice")
        let execute = ComputeMessage.execute(.init(sender: alice, contract: contract, message: [1])).any
        let router = ModuleList.chain.router
        func form(_ messages: [AnyMessage]) throws -> TransactionForm {
            try TransactionForm(
                decoding: FixtureTransaction(messages, by: key, number: 0, sequence: 0).bytes, router: router)
        }
        let send = AnyMessage.send(1, from: alice, to: contract)
        #expect(try form([send]).isDriven == false)
        #expect(try form([send, execute]).isDriven)
        #expect(try form([send, execute]).computeMessages.map { $0 != nil } == [false, true])
    }
}
