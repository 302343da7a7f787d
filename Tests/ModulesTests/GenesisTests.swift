import LedgerKit
import LedgerModules
import LedgerRecords
import PublicCryptography
import SignedTransactions
import Testing
import TransactionFixtures

@Suite("Genesis")
struct GenesisTests {
    private let alice = FixtureKey("alice").address
    private let bob = FixtureKey("bob").address

    private func genesis(_ accounts: [(AccountAddress, String)], balances: String = "", supply: String = "") throws
        -> Genesis
    {
        let list = accounts.map {
            """
            {"@type":"/cosmos.auth.v1beta1.BaseAccount","address":"\($0.0)","account_number":"\($0.1)","sequence":"0"}
            """
        }.joined(separator: ",")
        return try Genesis(
            applicationState: json(
                """
                {"auth":{"accounts":[\(list)]},"bank":{"balances":[\(balances)],"supply":[\(supply)]},"gov":{}}
                """))
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
            #expect(throws: Genesis.Refusal.self) { try rules(-1, wrong) }
        }
    }

    @Test("accounts keep numbers that differ, and get their places when they do not")
    func numbers() throws {
        let keys = RegistrationModule.ExchangeKeys(input: SHA256.hash([1]), node: SHA256.hash([2]))
        let numbered = MemoryState()
        try genesis([(alice, "9"), (bob, "4")]).apply(exchangeKeys: keys, on: numbered)
        #expect(try AuthModule.account(alice, on: numbered)?.accountNumber == 9)
        #expect(try AuthModule.account(bob, on: numbered)?.accountNumber == 4)
        #expect(try AuthModule.account(ModuleAccount.feeCollector.address, on: numbered)?.accountNumber == 10)
        let placed = MemoryState()
        try genesis([(bob, "0"), (alice, "0")]).apply(exchangeKeys: keys, on: placed)
        #expect(try AuthModule.account(alice, on: placed)?.accountNumber == 1)
        #expect(try RegistrationModule.exchangeKeys(on: placed) == keys)
        let module = try AuthModule.account(ModuleAccount.governance.address, on: placed)?.module
        #expect(module == AccountRecord.Module(name: "gov", permissions: ["burner"]))
        #expect(try AuthModule.takeNumber(on: placed) == 2 + UInt64(ModuleAccount.all.count))
    }

    @Test("the supply is the sum of the balances, listed or not")
    func supply() throws {
        let balances = balance(alice, "5") + "," + balance(bob, "7")
        #expect(try genesis([], balances: balances).supply.description == "12uscrt")
        let listed = "{\"denom\":\"uscrt\",\"amount\":\"12\"}"
        #expect(try genesis([], balances: balances, supply: listed).supply.description == "12uscrt")
        let wrong = "{\"denom\":\"uscrt\",\"amount\":\"13\"}"
        #expect(throws: Genesis.Refusal.self) { try genesis([], balances: balances, supply: wrong) }
        let state = MemoryState()
        let keys = RegistrationModule.ExchangeKeys(input: .zero, node: .zero)
        try genesis([], balances: balances).apply(exchangeKeys: keys, on: state)
        #expect(try BankModule.supply(of: "uscrt", on: state) == 12)
        #expect(try AuthModule.account(bob, on: state)?.accountNumber == 1)
    }

    @Test("a genesis that contradicts itself is refused")
    func refused() {
        #expect(throws: Genesis.Refusal.self) { try genesis([(alice, "0"), (alice, "1")]) }
        #expect(throws: Genesis.Refusal.self) { try genesis([(alice, "x")]) }
        #expect(throws: Genesis.Refusal.self) {
            try genesis([], balances: balance(alice, "5") + "," + balance(alice, "5"))
        }
        #expect(throws: Genesis.Refusal.self) { try genesis([], balances: balance(alice, "-5")) }
        #expect(throws: Genesis.Refusal.self) {
            try genesis([], balances: balance(alice, String(UInt128.max)) + "," + balance(bob, "1"))
        }
    }
}
