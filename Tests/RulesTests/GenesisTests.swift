import Ante
import Auth
import Bank
import ChainModules
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import Registration
import SignedTransactions
import StateProofs
import StrictJSON
import Testing
import TransactionFixtures

@Suite("Genesis")
struct GenesisTests {
    private let alice = FixtureKey("alice").address
    private let bob = FixtureKey("bob").address

    /// The state that a chain begins with.
    private func genesis(_ accounts: [(AccountAddress, String)], balances: String = "", supply: String = "") throws
        -> MemoryState
    {
        let list = accounts.map {
            """
            {"@type":"/cosmos.auth.v1beta1.BaseAccount","address":"\($0.0)","account_number":"\($0.1)","sequence":"0"}
            """
        }.joined(separator: ",")
        let state = MemoryState()
        try ModuleList.chain.importGenesis(
            json(
                """
                {"auth":{"accounts":[\(list)]},"bank":{"balances":[\(balances)],"supply":[\(supply)]},"gov":{}}
                """), on: state)
        return state
    }

    private func balance(_ address: AccountAddress, _ amount: String) -> String {
        "{\"address\":\"\(address)\",\"coins\":[{\"denom\":\"uscrt\",\"amount\":\"\(amount)\"}]}"
    }

    @Test("a chain's rules are a block's gas and one minimum price")
    func rules() throws {
        func rules(_ gas: Int64, _ prices: String) throws -> ChainRules {
            try ChainRules(
                genesisGasMax: gas,
                applicationState: json("{\"globalfee\":{\"params\":{\"minimum_gas_prices\":[\(prices)]}}}"))
        }
        let price = #"{"denom":"uscrt","amount":"0.010000000000000000"}"#
        #expect(
            try rules(6_000_000, price)
                == ChainRules(
                    blockGasMax: 6_000_000, minimumGasPrice: MinimumGasPrice("0.01uscrt")))
        #expect(try rules(-1, "") == ChainRules() && rules(0, "") == ChainRules())
        for wrong in ["\(price),\(price)", "1", #"{"denom":"uscrt"}"#, #"{"denom":"uscrt","amount":"-1"}"#] {
            #expect(throws: GenesisRefusal.self) { try rules(-1, wrong) }
        }
    }

    @Test("accounts keep numbers that differ, and get their places when they do not")
    func numbers() throws {
        let numbered = try genesis([(alice, "9"), (bob, "4")])
        #expect(try AuthModule.account(alice, on: numbered)?.accountNumber == 9)
        #expect(try AuthModule.account(bob, on: numbered)?.accountNumber == 4)
        #expect(try AuthModule.account(ModuleAccount.feeCollector.address, on: numbered)?.accountNumber == 10)
        let placed = try genesis([(bob, "0"), (alice, "0")])
        #expect(try AuthModule.account(alice, on: placed)?.accountNumber == 1)
        let module = try AuthModule.account(ModuleAccount.governance.address, on: placed)?.module
        #expect(module == AccountRecord.Module(name: "gov", permissions: ["burner"]))
        #expect(try AuthModule.takeNumber(on: placed) == 2 + UInt64(ModuleAccount.all.count))
    }

    @Test("the network's keys are what the file says of them")
    func keys() throws {
        let keys = RegistrationModule.ExchangeKeys(input: SHA256.hash([1]), node: SHA256.hash([2]))
        let state = MemoryState()
        try ModuleList.chain.importGenesis(["register": JSONValue(keys)], on: state)
        #expect(try RegistrationModule.exchangeKeys(on: state) == keys)
        #expect(try RegistrationModule.exchangeKeys(on: genesis([])) == nil)
    }

    @Test("the supply is the sum of the balances, listed or not")
    func supply() throws {
        let balances = balance(alice, "5") + "," + balance(bob, "7")
        let state = try genesis([], balances: balances)
        #expect(try BankModule.supply(of: "uscrt", on: state) == 12)
        #expect(try AuthModule.account(bob, on: state)?.accountNumber == 1)
        let listed = "{\"denom\":\"uscrt\",\"amount\":\"12\"}"
        #expect(try genesis([], balances: balances, supply: listed).values == state.values)
    }

    @Test("a genesis that contradicts itself is refused, with the place")
    func refused() {
        func refusal(_ accounts: [(AccountAddress, String)], _ balances: String = "", _ supply: String = "") -> String?
        {
            do {
                _ = try genesis(accounts, balances: balances, supply: supply)
                return nil
            } catch { return (error as? GenesisRefusal)?.description }
        }
        #expect(
            refusal([(alice, "0"), (alice, "1")]) == "genesis: app_state.auth.accounts: an account is listed twice")
        #expect(
            refusal([(bob, "0"), (alice, "x")]) == "genesis: app_state.auth.accounts[1].account_number: is no number")
        #expect(
            refusal([], balance(alice, "5") + "," + balance(alice, "5"))
                == "genesis: app_state.bank.balances: a balance is listed twice")
        #expect(
            refusal([], balance(alice, "-5"))
                == "genesis: app_state.bank.balances[0].coins[0].amount: is no amount")
        #expect(
            refusal([], balance(alice, String(UInt128.max)) + "," + balance(bob, "1"))
                == "genesis: app_state.bank.balances: the supply exceeds 128 bits")
        #expect(
            refusal([], balance(alice, "5"), "{\"denom\":\"uscrt\",\"amount\":\"13\"}")
                == "genesis: app_state.bank.supply: is not the sum of the balances, 5uscrt")
    }

    @Test("what is exported of accounts and balances makes the same state again")
    func exported() throws {
        let ledger = try Ledger()
        // Alice's key, a multisignature's, sequences, a new account, and a fee that a module holds.
        try #require(try ledger.refusal(ledger.send(5)) == nil)
        _ = try ledger.router.run(
            ledger.send(5).messages[0], signer: ledger.alice.address, in: Ledger.block, on: ledger.state)
        let many = AccountKey.multisignature(threshold: 1, [.secp256k1(ledger.alice.publicKey)])
        try AuthModule.createIfAbsent(many.address, on: ledger.state)
        var account = try #require(try AuthModule.account(many.address, on: ledger.state))
        account.publicKey = many.any
        try AuthModule.save(account, on: ledger.state)
        try RegistrationModule.setExchangeKeys(.init(input: .zero, node: SHA256.hash([2])), on: ledger.state)
        let exported = try ModuleList.chain.exportGenesis(from: ledger.state)
        let read = try JSONReader.parse(JSONWriter.bytes(of: exported), limits: JSONLimits(bytesMax: 1 << 20))
        let again = MemoryState()
        try ModuleList.chain.importGenesis(read, on: again)
        #expect(again.values == ledger.state.values)
        #expect(try ModuleList.chain.exportGenesis(from: again) == exported)
    }

    @Test("a genesis that names codes or contracts is refused, and what no genesis can hold is told")
    func contracts() throws {
        _ = try genesis([])
        for name in ["codes", "contracts"] {
            #expect(throws: GenesisRefusal("app_state.compute.\(name): no chain begins with \(name)")) {
                try ModuleList.chain.checkGenesis(json("{\"compute\":{\"\(name)\":[{}]}}"))
            }
        }
        try ModuleList.chain.checkGenesis(json(#"{"compute":{"codes":[],"contracts":null}}"#))
        let ledger = try Ledger()
        let before = try ModuleList.chain.notExported(from: ledger.state)
        #expect(before.count == 1 && before[0].hasPrefix("register: the network's keys"))
        ledger.state.set([], of: ComputeStore.codeKey(1), in: StoreName.compute)
        ledger.state.set([], of: RegisterStore.nodeKey(publicKey: [1]), in: StoreName.register)
        let after = try ModuleList.chain.notExported(from: ledger.state)
        #expect(after[0].hasPrefix("compute: 1 codes and 0 contracts") && after[1].hasPrefix("register: 1 registered"))
    }

    @Test("a public key of another account is refused")
    func foreignKey() throws {
        let key = Base64.encode(FixtureKey("alice").publicKey)
        let account = """
            {"@type":"/cosmos.auth.v1beta1.BaseAccount","address":"\(bob)","account_number":"0","sequence":"1",
             "pub_key":{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"\(key)"}}
            """
        #expect(throws: GenesisRefusal("app_state.auth.accounts[0].pub_key: is another account's")) {
            try ModuleList.chain.checkGenesis(json("{\"auth\":{\"accounts\":[\(account)]}}"))
        }
    }
}
