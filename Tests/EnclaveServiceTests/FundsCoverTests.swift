import EnclaveProtocol
import LedgerRecords
import SignedTransactions
import StateProofs
import Testing

@testable import EnclaveService

extension EnclaveServiceSuite {
    @Suite struct FundsCoverTests {
        private static let rich = account(1)
        private static let poor = account(2)
        private static let third = account(3)
        private static let time: Int64 = 1_700_000_000

        /// Rich has 100 uscrt and 7 other; the others have nothing, proved.
        private func cover(more: ReferenceStore = [:], accounts: ReferenceStore = [:]) throws -> FundsCover {
            var bank: ReferenceStore = [
                BankStore.balanceKey(Self.rich, "uscrt"): Array("100".utf8),
                BankStore.balanceKey(Self.rich, "other"): Array("7".utf8),
                BankStore.holdingsKey(Self.rich): Array("other,uscrt".utf8),
            ]
            bank.merge(more) { _, new in new }
            let prover = Prover([StoreName.bank: bank, StoreName.account: accounts])
            var keys = Set(bank.keys)
            for someone in [Self.rich, Self.poor, Self.third] {
                keys.formUnion(["uscrt", "other"].map { BankStore.balanceKey(someone, $0) })
                keys.insert(BankStore.holdingsKey(someone))
            }
            try prover.admit(keys.sorted { $0.lexicographicallyPrecedes($1) }, in: StoreName.bank)
            try prover.admit(
                [Self.rich, Self.poor, Self.third].map(AccountStore.accountKey), in: StoreName.account)
            return FundsCover(state: prover.state, time: Self.time)
        }

        private typealias ReferenceStore = [[UInt8]: [UInt8]]

        private func coins(_ list: Coin...) throws -> Coins {
            try Coins(list.sorted { $0.denomination < $1.denomination })
        }

        @Test("what was proved counts to the last coin, and an account without a record has nothing")
        func proved() throws {
            let funds = try cover()
            #expect(try funds.covers(coins(Coin(100, "uscrt"), Coin(7, "other")), of: Self.rich))
            #expect(try !funds.covers(coins(Coin(101, "uscrt")), of: Self.rich))
            #expect(try !funds.covers(coins(Coin(100, "uscrt"), Coin(8, "other")), of: Self.rich))
            #expect(try !funds.covers(coins(Coin(1, "uscrt")), of: Self.poor))
            #expect(try funds.covers(.none, of: Self.poor))
            #expect(
                try funds.lack(of: coins(Coin(8, "other"), Coin(200, "uscrt")), of: Self.rich)?.log
                    == "spendable balance 7other is smaller than 8other: insufficient funds")
            #expect(try funds.lack(of: coins(Coin(7, "other"), Coin(100, "uscrt")), of: Self.rich) == nil)
        }

        @Test("what is received out of coins that count may be spent in the same block, once")
        func chain() throws {
            let funds = try cover()
            try funds.move(coins(Coin(60, "uscrt")), from: Self.rich, to: Self.poor)
            try funds.move(coins(Coin(50, "uscrt")), from: Self.poor, to: Self.third)
            #expect(try funds.balance(Self.rich, "uscrt") == 40)
            #expect(try funds.balance(Self.poor, "uscrt") == 10)
            #expect(try funds.balance(Self.third, "uscrt") == 50)
            #expect(try !funds.covers(coins(Coin(11, "uscrt")), of: Self.poor))
            #expect(try funds.balance(Self.rich, "other") == 7)
        }

        @Test("an account that pays itself has what it had")
        func toOneself() throws {
            let funds = try cover()
            try funds.move(coins(Coin(60, "uscrt")), from: Self.rich, to: Self.rich)
            #expect(try funds.balance(Self.rich, "uscrt") == 100)
        }

        @Test("a debit beyond what counts leaves nothing, and never wraps around")
        func overdraft() throws {
            let funds = try cover()
            try funds.debit(coins(Coin(101, "uscrt"), Coin(3, "other")), from: Self.rich)
            #expect(try funds.balance(Self.rich, "uscrt") == 0)
            #expect(try funds.balance(Self.rich, "other") == 4)
            try funds.debit(coins(Coin(UInt128.max, "uscrt")), from: Self.poor)
            #expect(try funds.balance(Self.poor, "uscrt") == 0)
        }

        @Test("a receiver whose coins would not fit keeps what it had")
        func overflow() throws {
            let most = Array(String(UInt128.max).utf8)
            let funds = try cover(more: [BankStore.balanceKey(Self.poor, "uscrt"): most])
            try funds.move(coins(Coin(1, "uscrt")), from: Self.rich, to: Self.poor)
            #expect(try funds.balance(Self.poor, "uscrt") == .max)
            #expect(try funds.balance(Self.rich, "uscrt") == 99)
        }

        @Test("a scope that is discarded takes its moves with it, one that is merged leaves them to its parent")
        func scopes() throws {
            let funds = try cover()
            funds.open()
            try funds.move(coins(Coin(10, "uscrt")), from: Self.rich, to: Self.poor)
            funds.open()
            try funds.move(coins(Coin(20, "uscrt")), from: Self.rich, to: Self.poor)
            funds.discard()
            #expect(try funds.balance(Self.rich, "uscrt") == 90)
            funds.open()
            try funds.move(coins(Coin(5, "uscrt")), from: Self.rich, to: Self.third)
            funds.merge()
            #expect(try funds.balance(Self.rich, "uscrt") == 85)
            funds.discard()
            for (someone, amount) in [(Self.rich, UInt128(100)), (Self.poor, 0), (Self.third, 0)] {
                #expect(try funds.balance(someone, "uscrt") == amount)
            }
        }

        @Test("of a poisoned account nothing counts, neither what it had nor what it gets, and no scope undoes that")
        func poison() throws {
            let funds = try cover()
            funds.open()
            funds.poison(Self.rich)
            funds.discard()
            #expect(try funds.balance(Self.rich, "uscrt") == 0)
            #expect(try !funds.covers(coins(Coin(1, "other")), of: Self.rich))
            funds.poison(Self.poor)
            let giver = try cover()
            giver.poison(Self.poor)
            try giver.move(coins(Coin(30, "uscrt")), from: Self.rich, to: Self.poor)
            #expect(try giver.balance(Self.poor, "uscrt") == 0)
            #expect(try giver.balance(Self.rich, "uscrt") == 70)
        }

        /// An account with coins of which some are locked.
        private func locked(_ amount: UInt128, until end: Int64 = time + 1) throws -> ReferenceStore {
            let vesting = VestingCoins(.delayed, original: try coins(Coin(amount, "uscrt")), end: end)
            let record = AccountRecord(address: Self.rich, accountNumber: 0, vesting: vesting)
            return [AccountStore.accountKey(Self.rich): record.encoded]
        }

        @Test("locked coins do not count until the block's time is that of their end, and are there all the same")
        func locked() throws {
            let funds = try cover(accounts: locked(80))
            #expect(try funds.balance(Self.rich, "uscrt") == 20)
            #expect(try funds.held(Self.rich, "uscrt") == 100)
            #expect(try funds.balance(Self.rich, "other") == 7)
            #expect(try !funds.covers(coins(Coin(21, "uscrt")), of: Self.rich))
            #expect(
                try funds.lack(of: coins(Coin(21, "uscrt")), of: Self.rich)?.log
                    == "spendable balance 20uscrt is smaller than 21uscrt: insufficient funds")
            #expect(try cover(accounts: locked(80, until: Self.time)).balance(Self.rich, "uscrt") == 100)
        }

        @Test("what is locked stays so whatever leaves and comes: only what is there beyond it counts")
        func lockedAndMoved() throws {
            let funds = try cover(accounts: locked(80))
            // A delegation, which may take locked coins, and of which the ledger would leave more.
            try funds.debit(coins(Coin(90, "uscrt")), from: Self.rich)
            #expect(try funds.balance(Self.rich, "uscrt") == 0)
            let more = try cover(
                more: [BankStore.balanceKey(Self.poor, "uscrt"): Array("60".utf8)], accounts: locked(150))
            // More is locked than there is, so that what comes fills that up first.
            try more.move(coins(Coin(60, "uscrt")), from: Self.poor, to: Self.rich)
            #expect(try more.balance(Self.rich, "uscrt") == 10)
        }

        @Test("an account's record that no ledger writes is the host's fault")
        func malformedAccount() throws {
            let funds = try cover(accounts: [AccountStore.accountKey(Self.rich): [1, 2, 3]])
            #expect(throws: Failure.stateRecordMalformed) { try funds.balance(Self.rich, "uscrt") }
        }

        @Test("the denominations of an account are those it held and those it received, whatever is left of them")
        func denominations() throws {
            let funds = try cover()
            #expect(try funds.denominations(of: Self.rich) == ["other", "uscrt"])
            #expect(try funds.denominations(of: Self.poor).isEmpty)
            funds.open()
            try funds.move(coins(Coin(1, "other")), from: Self.rich, to: Self.poor)
            #expect(try funds.denominations(of: Self.poor) == ["other"])
            funds.discard()
            #expect(try funds.denominations(of: Self.poor).isEmpty)
        }

        @Test(
            "a proved record that no ledger writes is the host's fault and not a balance",
            arguments: ["", "007", "-1", "1.0", "1 ", "340282366920938463463374607431768211456"])
        func malformed(text: String) throws {
            let funds = try cover(more: [BankStore.balanceKey(Self.poor, "uscrt"): Array(text.utf8)])
            #expect(throws: Failure.stateRecordMalformed) { try funds.balance(Self.poor, "uscrt") }
        }

        @Test(
            "a list of denominations that no ledger writes is refused",
            arguments: ["uscrt,other", "other,", "x", "a,a"])
        func malformedHoldings(text: String) throws {
            let funds = try cover(more: [BankStore.holdingsKey(Self.poor): Array(text.utf8)])
            #expect(throws: Failure.stateRecordMalformed) { try funds.denominations(of: Self.poor) }
        }
    }
}
