import Ante
import Auth
import Bank
import ChainMessages
import ChainModules
import LedgerKit
import LedgerRecords
import ModuleKit
import Seeds
import SignedTransactions
import StateProofs
import StrictJSON
import Testing
import TransactionFixtures
import Wire

@Suite("Vesting")
struct VestingTests {
    private let carol = FixtureKey("carol").address
    private let now = Ledger.block.time.seconds

    private func coins(_ amount: UInt128) throws -> Coins { try Coins([Coin(amount, "uscrt")]) }

    private func block(_ seconds: Int64) -> BlockContext {
        BlockContext(height: 2, time: Timestamp(seconds: seconds, nanoseconds: 999_999_999)!, proposer: [])
    }

    private func run(
        _ message: some ChainMessage, _ ledger: Ledger, by signer: AccountAddress? = nil, at seconds: Int64? = nil
    ) throws -> [String] {
        try ledger.router.run(
            message.any, signer: signer ?? ledger.alice.address, in: block(seconds ?? now), on: ledger.state
        ).events.map(\.line)
    }

    private func refusal(
        _ message: some ChainMessage, _ ledger: Ledger, by signer: AccountAddress? = nil, at seconds: Int64? = nil
    ) -> TransactionRefusal? {
        do {
            _ = try run(message, ledger, by: signer, at: seconds)
            return nil
        } catch {
            return error as? TransactionRefusal
        }
    }

    private func create(
        _ ledger: Ledger, _ amount: UInt128 = 1_000, end: Int64? = nil, delayed: Bool = false, to: AccountAddress? = nil
    ) -> VestingV1beta1.MsgCreateVestingAccount {
        .init(
            fromAddress: ledger.alice.address, toAddress: to ?? carol, amount: [Coin(amount, "uscrt")],
            endTime: end ?? now + 100, delayed: delayed)
    }

    private func periodic(
        _ ledger: Ledger, _ periods: [(Int64, UInt128)], start: Int64? = nil
    ) -> VestingV1beta1.MsgCreatePeriodicVestingAccount {
        .init(
            fromAddress: ledger.alice.address, toAddress: carol, startTime: start ?? now,
            vestingPeriods: periods.map { .init(length: $0, amount: [Coin($1, "uscrt")]) })
    }

    private func send(_ amount: UInt128, from: AccountAddress, to: AccountAddress) -> AnyMessage {
        .send(amount, from: from, to: to)
    }

    private func sendRefusal(_ amount: UInt128, _ ledger: Ledger, at seconds: Int64) throws -> String? {
        do {
            _ = try ledger.router.run(
                send(amount, from: carol, to: ledger.bob.address), signer: carol, in: block(seconds), on: ledger.state)
            return nil
        } catch let refusal as TransactionRefusal {
            return "\(refusal.codespace) \(refusal.code) \(refusal.log)"
        }
    }

    @Test("an account is made with the coins that vest, and spends them as they do")
    func continuous() throws {
        let ledger = try Ledger()
        let alice = ledger.alice.address
        #expect(
            try run(create(ledger), ledger) == [
                "coin_spent{spender=\(alice),amount=1000uscrt}",
                "coin_received{receiver=\(carol),amount=1000uscrt}",
                "transfer{recipient=\(carol),sender=\(alice),amount=1000uscrt}",
                "message{sender=\(alice)}",
            ])
        let account = try #require(try AuthModule.account(carol, on: ledger.state))
        #expect(account.accountNumber == 2 + UInt64(ModuleAccount.all.count))
        #expect(account.vesting == VestingCoins(.continuous, original: try coins(1_000), start: now, end: now + 100))
        #expect(
            try sendRefusal(1, ledger, at: now)
                == "sdk 5 spendable balance 0uscrt is smaller than 1uscrt: insufficient funds")
        #expect(
            try sendRefusal(251, ledger, at: now + 25)
                == "sdk 5 spendable balance 250uscrt is smaller than 251uscrt: insufficient funds")
        #expect(try sendRefusal(250, ledger, at: now + 25) == nil)
        #expect(try sendRefusal(1, ledger, at: now + 25) != nil)
        // What it receives is free.
        _ = try ledger.router.run(send(7, from: alice, to: carol), signer: alice, in: block(now), on: ledger.state)
        #expect(try sendRefusal(8, ledger, at: now + 25) != nil)
        #expect(try sendRefusal(7, ledger, at: now + 25) == nil)
        #expect(try sendRefusal(750, ledger, at: now + 100) == nil)
        #expect(try ModuleList.chain.brokenInvariants(in: ledger.state) == [])
    }

    @Test("delayed coins are free at once, permanent ones never, and periods each at its end")
    func others() throws {
        var ledger = try Ledger()
        _ = try run(create(ledger, delayed: true), ledger)
        #expect(try sendRefusal(1, ledger, at: now + 99) != nil)
        #expect(try sendRefusal(1_000, ledger, at: now + 100) == nil)

        ledger = try Ledger()
        _ = try run(
            VestingV1beta1.MsgCreatePermanentLockedAccount(
                fromAddress: ledger.alice.address, toAddress: carol, amount: [Coin(1_000, "uscrt")]), ledger)
        #expect(try sendRefusal(1, ledger, at: now + 1_000_000_000) != nil)

        ledger = try Ledger()
        _ = try run(periodic(ledger, [(10, 100), (20, 300)]), ledger)
        #expect(try sendRefusal(1, ledger, at: now + 9) != nil)
        #expect(try sendRefusal(101, ledger, at: now + 29) != nil)
        #expect(try sendRefusal(100, ledger, at: now + 10) == nil)
        #expect(try sendRefusal(300, ledger, at: now + 30) == nil)
    }

    @Test("what cannot vest is refused in the SDK's words")
    func refused() throws {
        let ledger = try Ledger()
        let bob = ledger.bob.address
        func log(_ message: some ChainMessage) -> String? {
            refusal(message, ledger).map { "\($0.codespace) \($0.code) \($0.log)" }
        }
        #expect(log(create(ledger, 0)) == "sdk 10 0uscrt: invalid coins")
        #expect(log(create(ledger, end: 0)) == "sdk 18 invalid end time: invalid request")
        #expect(log(create(ledger, to: bob)) == "sdk 18 account \(bob) already exists: invalid request")
        let collector = ModuleAccount.feeCollector.address
        #expect(
            log(create(ledger, to: collector)) == "sdk 4 \(collector) is not allowed to receive funds: unauthorized")
        #expect(
            log(create(ledger, 1_000_001))
                == "sdk 5 spendable balance 1000000uscrt is smaller than 1000001uscrt: insufficient funds")
        #expect(
            log(periodic(ledger, [(1, 1)], start: 0))
                == "sdk 18 invalid start time of 0, length must be greater than 0: invalid request")
        #expect(
            log(periodic(ledger, [(1, 1), (0, 1)]))
                == "sdk 18 invalid period length of 0 in period 1, length must be greater than 0: invalid request")
        #expect(log(periodic(ledger, [(1, 0)])) == "sdk 10 0uscrt: invalid coins")
        #expect(log(periodic(ledger, [])) == "undefined 1 invalid coins: ")
        #expect(log(periodic(ledger, [(.max, 1)])) == "undefined 1 end time cannot be negative")
        let many = Array(repeating: (Int64(1), UInt128(1)), count: VestingCoins.periodsMax + 1)
        #expect(log(periodic(ledger, many)) == "sdk 18 more than 128 vesting periods: invalid request")
        // What is refused is discarded by who runs it, and not here.
        let other = try Ledger()
        #expect(refusal(periodic(other, Array(many.dropLast())), other) == nil)
    }

    @Test("a fee is paid out of what can be spent at the block's time")
    func fee() throws {
        let ledger = try Ledger()
        let key = FixtureKey("carol")
        _ = try self.run(create(ledger, 5_000), ledger)
        let transaction = FixtureTransaction(
            [send(1, from: carol, to: carol)], by: key, number: 2 + UInt64(ModuleAccount.all.count), sequence: 0)
        func run(at seconds: Int64) throws -> String? {
            do {
                let form = try TransactionForm(decoding: transaction.bytes, router: ledger.router)
                _ = try ledger.ante.run(form, in: block(seconds), mode: .check, on: ledger.state)
                return nil
            } catch let refusal as TransactionRefusal {
                return refusal.log
            }
        }
        let fee = transaction.fee[0]
        #expect(
            try run(at: now + 49)
                == "spendable balance 2450uscrt is smaller than \(fee): insufficient funds: insufficient funds")
        #expect(try run(at: now + 50) == nil)
    }

    /// Carol's coins, locked or not, as a module of delegations moves them.
    private func delegate(_ amount: UInt128, to pool: AccountAddress, at time: Timestamp, on ledger: Ledger) throws {
        try shift(amount, from: carol, to: pool, on: ledger)
        try BankModule.trackDelegation(of: coins(amount), by: carol, at: time, on: ledger.state)
    }

    private func undelegate(_ amount: UInt128, from pool: AccountAddress, on ledger: Ledger) throws {
        try shift(amount, from: pool, to: carol, on: ledger)
        try BankModule.trackUndelegation(of: coins(amount), by: carol, on: ledger.state)
    }

    private func shift(
        _ amount: UInt128, from: AccountAddress, to: AccountAddress, on ledger: Ledger
    ) throws {
        try BankModule.setBalance(ledger.balance(from) - amount, of: from, denomination: "uscrt", on: ledger.state)
        try BankModule.setBalance(ledger.balance(to) + amount, of: to, denomination: "uscrt", on: ledger.state)
    }

    @Test("what is delegated is locked coins first, and comes back free coins first")
    func delegation() throws {
        let ledger = try Ledger()
        let pool = ModuleAccount.all[3].address
        _ = try run(create(ledger), ledger)
        func vesting() throws -> VestingCoins { try #require(try AuthModule.vesting(of: carol, on: ledger.state)) }
        let time = Timestamp(seconds: now + 25, nanoseconds: 0)!
        try delegate(800, to: pool, at: time, on: ledger)
        #expect(try vesting().delegatedVesting == coins(750) && vesting().delegatedFree == coins(50))
        #expect(try sendRefusal(201, ledger, at: now + 25) != nil)
        try undelegate(60, from: pool, on: ledger)
        #expect(try vesting().delegatedVesting == coins(740) && vesting().delegatedFree == .none)
        try undelegate(740, from: pool, on: ledger)
        #expect(try vesting().delegatedVesting == .none && vesting().delegatedFree == .none)
        #expect(try BankModule.spendable(of: carol, denomination: "uscrt", at: time, on: ledger.state) == 250)
        // An account of another kind keeps no such books.
        try BankModule.trackDelegation(of: coins(5), by: ledger.alice.address, at: time, on: ledger.state)
        try BankModule.trackUndelegation(of: coins(5), by: ledger.alice.address, on: ledger.state)
        #expect(try ModuleList.chain.brokenInvariants(in: ledger.state) == [])
    }

    @Test("no random walk of delegations leaves more locked than an account has")
    func walk() throws {
        let ledger = try Ledger()
        let pool = ModuleAccount.all[3].address
        var random = SeededGenerator(seed: SeededGenerator.seed(of: "delegations of a vesting account"))
        _ = try run(periodic(ledger, [(10, 333), (10, 333), (10, 334)]), ledger)
        var delegated: UInt128 = 0
        for step in 0..<300 {
            let time = Timestamp(seconds: now + Int64(step) / 10, nanoseconds: 0)!
            let balance = try ledger.balance(carol)
            if Bool.random(using: &random), balance > 0 {
                let amount = UInt128.random(in: 1...balance, using: &random)
                try delegate(amount, to: pool, at: time, on: ledger)
                delegated += amount
            } else if delegated > 0 {
                let amount = UInt128.random(in: 1...delegated, using: &random)
                try undelegate(amount, from: pool, on: ledger)
                delegated -= amount
            }
            let vesting = try #require(try AuthModule.vesting(of: carol, on: ledger.state))
            #expect(try vesting.locked("uscrt", at: time.seconds) <= ledger.balance(carol))
            let books = vesting.delegatedFree.amount(of: "uscrt") + vesting.delegatedVesting.amount(of: "uscrt")
            #expect(books == delegated)
        }
    }

    @Test("what can be spent is answered as of the block that was asked for")
    func queries() throws {
        let ledger = try Ledger()
        _ = try run(create(ledger), ledger)
        for (second, amount) in [(Int64(0), UInt128(0)), (25, 250), (100, 1_000)] {
            let coin = Coin(amount, "uscrt")
            let all = try ledger.ask(
                BankV1beta1.Query.spendableBalances, .init(address: carol), at: block(now + second).time)
            #expect(all.balances == [coin])
            let one = try ledger.ask(
                BankV1beta1.Query.spendableBalanceByDenom, .init(address: carol, denom: "uscrt"),
                at: block(now + second).time)
            #expect(one.balance == coin)
        }
        #expect(
            try ledger.ask(BankV1beta1.Query.allBalances, .init(address: carol)).balances == [Coin(1_000, "uscrt")])
    }

    private func genesis(_ account: String) -> String {
        """
        {"auth":{"accounts":[\(account)]},"bank":{"balances":[{"address":"\(carol)",
         "coins":[{"denom":"uscrt","amount":"1000"}]}]}}
        """
    }

    private func account(_ kind: String, _ rest: String, end: String, amount: String = "900") -> String {
        """
        {"@type":"/cosmos.vesting.v1beta1.\(kind)","base_vesting_account":{"base_account":{"address":"\(carol)",
         "pub_key":null,"account_number":"0","sequence":"4"},
         "original_vesting":[{"denom":"uscrt","amount":"\(amount)"}],"delegated_free":[],
         "delegated_vesting":[{"denom":"uscrt","amount":"100"}],"end_time":"\(end)"}\(rest)}
        """
    }

    @Test("a genesis file's vesting accounts are the chain's, and are written as they stood")
    func genesisFile() throws {
        let amount = #"[{"denom":"uscrt","amount":"900"}]"#
        let periods = #","start_time":"5","vesting_periods":[{"length":"10","amount":\#(amount)}]"#
        for text in [
            account("ContinuousVestingAccount", #","start_time":"5""#, end: "15"),
            account("DelayedVestingAccount", "", end: "15"), account("PeriodicVestingAccount", periods, end: "15"),
            account("PermanentLockedAccount", "", end: "0"),
        ] {
            let state = MemoryState()
            try ModuleList.chain.importGenesis(json(genesis(text)), on: state)
            let exported = try ModuleList.chain.exportGenesis(from: state)
            #expect(exported["auth"]?["accounts"]?.array?.first == (try json(text)))
            #expect(try AuthModule.account(carol, on: state)?.sequence == 4)
        }
    }

    @Test("a genesis file's account that could not vest is refused with the way to it")
    func wrongGenesis() throws {
        let start = #","start_time":"5""#
        func periods(_ list: String) -> String {
            start + #","vesting_periods":[\#(list)]"#
        }
        let period = #"{"length":"10","amount":[{"denom":"uscrt","amount":"900"}]}"#
        for (text, reason) in [
            (account("ContinuousVestingAccount", start, end: "5"), "vesting start-time cannot be before end-time"),
            (account("DelayedVestingAccount", "", end: "-1"), "end time cannot be negative"),
            (account("DelayedVestingAccount", "", end: "9", amount: "0"), "invalid coins: "),
            (
                account("DelayedVestingAccount", "", end: "9", amount: "99"),
                "delegated vesting amount cannot be greater than original vesting amount"
            ),
            (account("PermanentLockedAccount", "", end: "9"), "permanently vested accounts cannot have an end-time"),
            (
                account("PeriodicVestingAccount", periods(period), end: "16"),
                "vesting end time does not match length of all vesting periods"
            ),
            (
                account("PeriodicVestingAccount", periods(period + "," + period), end: "25"),
                "original vesting coins does not match the sum of all coins in vesting periods"
            ),
            (account("ClawbackVestingAccount", "", end: "9"), ""),
        ] {
            let path = "app_state.auth.accounts[0]"
            let expected =
                reason.isEmpty
                ? "genesis: \(path).@type: accounts of type /cosmos.vesting.v1beta1.ClawbackVestingAccount are not known"
                : "genesis: \(path): \(reason)"
            do {
                try ModuleList.chain.checkGenesis(json(genesis(text)))
                Issue.record("accepted: \(reason)")
            } catch let refusal as GenesisRefusal {
                #expect(refusal.description == expected)
            }
        }
    }
}
