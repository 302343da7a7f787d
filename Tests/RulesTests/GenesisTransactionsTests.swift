import Ante
import Auth
import Bank
import ChainMessages
import ChainModules
import ExactNumbers
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StrictJSON
import Testing
import TransactionFixtures
import Wire

@Suite("Transactions of a genesis file") struct GenesisTransactionsTests {
    private let alice = FixtureKey("alice")
    private let bob = FixtureKey("bob")
    private static let time = Timestamp(seconds: 1_700_000_000, nanoseconds: 0)!

    private func creation(
        _ key: FixtureKey, _ tokens: UInt128, consensus: UInt8, denomination: String = "uscrt"
    ) -> AnyMessage {
        StakingV1beta1.MsgCreateValidator(
            description: .init(moniker: "founder"),
            commission: .init(
                rate: Decimal18(scaledText: Array("100000000000000000".utf8))!, maxRate: .one, maxChangeRate: .zero),
            minSelfDelegation: 1, validatorAddress: OperatorAddress(key.address),
            pubkey: CryptoEd25519.PubKey(key: [UInt8](repeating: consensus, count: 32)).any,
            value: Coin(tokens, denomination)
        ).any
    }

    private func signed(_ messages: [AnyMessage], by key: FixtureKey, sequence: UInt64 = 0) -> String {
        Base64.encode(FixtureTransaction(messages, by: key, number: 0, sequence: sequence).bytes)
    }

    private func begin(
        _ transactions: [JSONValue], chainID: String = FixtureTransaction.chainID
    ) throws -> MemoryState {
        let accounts = [alice, bob].enumerated().map { index, key -> JSONValue in
            [
                "@type": "/cosmos.auth.v1beta1.BaseAccount", "address": .text(key.address),
                "account_number": .text(index), "sequence": "0",
            ]
        }
        let balances = [alice, bob].map { key -> JSONValue in
            ["address": .text(key.address), "coins": [["denom": "uscrt", "amount": "9000000"]]]
        }
        let state = MemoryState()
        let genesis: JSONValue = [
            "auth": ["accounts": .array(accounts)], "bank": ["balances": .array(balances)],
            "staking": .object([("params", .object([]))]), "mint": .object([("params", .object([]))]),
            "genutil": ["gen_txs": .array(transactions)],
        ]
        try GenesisTransactions(chainID: chainID, time: Self.time).begin(genesis, .chain, on: state)
        return state
    }

    @Test("what accounts have signed makes them the validators, out of coins of theirs, and nothing else changes")
    func validators() throws {
        let state = try begin([
            .string(signed([creation(alice, 4_000_000, consensus: 1)], by: alice)),
            .string(signed([creation(bob, 3_000_000, consensus: 2)], by: bob)),
        ])
        let powers = try ModuleList.chain.validatorPowers(in: state)
        #expect(powers.map(\.power).sorted() == [3, 4])
        #expect(Set(powers.map { $0.publicKey[0] }) == [1, 2])
        #expect(try BankModule.balance(of: alice.address, denomination: "uscrt", on: state) == 5_000_000)
        let pool = ModuleAccount.bondedPool.address
        #expect(try BankModule.balance(of: pool, denomination: "uscrt", on: state) == 7_000_000)
        for key in [alice, bob] {
            let account = try #require(try AuthModule.account(key.address, on: state))
            #expect(account.sequence == 1 && account.publicKey != nil)
        }
        #expect(try ModuleList.chain.brokenInvariants(in: state).isEmpty)
        // It is exported as it stands, and begins another chain without transactions.
        let again = MemoryState()
        try ModuleList.chain.importGenesis(try ModuleList.chain.exportGenesis(from: state), on: again)
        #expect(Set(try ModuleList.chain.validatorPowers(in: again).map(\.power)) == [3, 4])
        #expect(try ModuleList.chain.validatorPowers(in: begin([])).isEmpty)
    }

    @Test("nobody is made a validator who did not sign, twice, with coins he lacks, or by anything else")
    func refusals() throws {
        let good = signed([creation(alice, 4_000_000, consensus: 1)], by: alice)
        var flipped = try #require(Base64.decode(good))
        flipped[flipped.count - 1] ^= 1
        let send = BankMessage.send(.init(from: alice.address, to: bob.address, amount: [Coin(1, "uscrt")])).any
        let stranger = FixtureKey("stranger")
        let cases: [(String, [JSONValue], String)] = [
            ("flipped", [.string(Base64.encode(flipped))], "is not signed by"),
            (
                "sequence", [.string(signed([creation(alice, 4_000_000, consensus: 1)], by: alice, sequence: 1))],
                "is not signed by"
            ),
            ("twice", [.string(good), .string(good)], "has two transactions"),
            ("no coins", [.string(signed([creation(alice, 10_000_000, consensus: 1)], by: alice))], "is smaller than"),
            (
                "another coin",
                [.string(signed([creation(alice, 1_000_000, consensus: 1, denomination: "other")], by: alice))],
                "invalid coin denomination"
            ),
            (
                "no account", [.string(signed([creation(stranger, 1_000_000, consensus: 1)], by: stranger))],
                "has no account"
            ),
            ("another message", [.string(signed([send], by: alice))], "makes no validator"),
            (
                "two messages", [.string(signed([creation(alice, 1_000_000, consensus: 1), send], by: alice))],
                "makes no validator"
            ),
            (
                "one key for two",
                [.string(good), .string(signed([creation(bob, 1_000_000, consensus: 1)], by: bob))],
                "validator already exist for this pubkey"
            ),
            ("no Base64", ["%"], "is no signed transaction in Base64"),
            ("of the SDK", [["body": ["messages": []]]], "is no text"),
        ]
        for (name, transactions, expected) in cases {
            let refusal = #expect(throws: GenesisRefusal.self, "\(name)") { try begin(transactions) }
            #expect(refusal?.description.contains(expected) == true, "\(name): \(refusal?.description ?? "")")
            #expect(refusal?.description.contains("app_state.genutil.gen_txs[") == true, "\(name)")
        }
        let elsewhere = #expect(throws: GenesisRefusal.self) { try begin([.string(good)], chainID: "another-1") }
        #expect(elsewhere?.description.contains("is not signed by") == true)
    }
}
