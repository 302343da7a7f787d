import Auth
import Bank
import ChainModules
import LedgerKit
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import Testing
import TransactionFixtures

/// Each fault alone is found; a ledger without one is said to be sound.
@Suite("Invariants")
struct InvariantTests {
    private func broken(_ fault: (Ledger) throws -> Void) throws -> [String] {
        let ledger = try Ledger()
        try fault(ledger)
        return try ModuleList.chain.brokenInvariants(in: ledger.state)
    }

    @Test("hold in a ledger that its rules alone have written")
    func sound() throws {
        #expect(
            try broken { ledger in
                _ = try ledger.router.run(
                    ledger.send(1_000_000).messages[0], signer: ledger.alice.address, in: Ledger.block,
                    on: ledger.state)
            } == [])
    }

    @Test("notice coins out of nothing, a balance of nothing and a list that leaves one out")
    func bank() throws {
        let made = try broken { ledger in
            try BankModule.setBalance(8, of: ledger.alice.address, denomination: "other", on: ledger.state)
        }
        #expect(made == ["bank: the supply is 7other,1000000uscrt, the balances are 8other,1000000uscrt"])
        let nothing = try broken { ledger in
            ledger.state.set(
                BankStore.encode(0), of: BankStore.balanceKey(ledger.alice.address, "zero"), in: StoreName.bank)
        }
        #expect(nothing.count == 2 && nothing[0].hasSuffix("has a balance of nothing, 0zero"))
        let unlisted = try broken { ledger in
            ledger.state.set(
                BankStore.encodeHoldings(["uscrt"]), of: BankStore.holdingsKey(ledger.alice.address),
                in: StoreName.bank)
        }
        #expect(unlisted.count == 1)
        let listed = try broken { ledger in
            ledger.state.set(
                BankStore.encodeHoldings(["uscrt"]), of: BankStore.holdingsKey(ledger.bob.address),
                in: StoreName.bank)
        }
        #expect(listed.count == 1)
    }

    @Test("notice two accounts of one number and a number that is still to come")
    func auth() throws {
        let twice = try broken { ledger in
            var bob = try #require(try AuthModule.account(ledger.bob.address, on: ledger.state))
            bob.accountNumber = 0
            try AuthModule.save(bob, on: ledger.state)
        }
        #expect(twice == ["auth: \(FixtureKey("bob").address) is not the account of its number, 0"])
        let future = try broken { try AuthModule.setNextNumber(3, on: $0.state) }
        #expect(future.count == 5)
        let extra = try broken { ledger in
            ledger.state.set(ledger.bob.address.bytes, of: AccountStore.numberKey(50), in: StoreName.account)
        }
        #expect(extra == ["auth: 9 numbers are given to 8 accounts"])
    }
}
