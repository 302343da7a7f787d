import Ante
import Auth
import Bank
import ChainMessages
import ChainModules
import Feegrant
import LedgerKit
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import StrictJSON
import Testing
import TransactionFixtures
import Wire

@Suite("Fee grants")
struct FeegrantTests {
    private let now = Ledger.block.time

    private func time(_ seconds: Int64) -> Timestamp { now.adding(nanoseconds: seconds * 1_000_000_000) }

    private func block(_ seconds: Int64) -> BlockContext {
        BlockContext(height: 2, time: time(seconds), proposer: [])
    }

    private func coins(_ amount: UInt128) throws -> Coins { try Coins([Coin(amount, "uscrt")]) }

    private func grant(
        _ ledger: Ledger, _ allowance: FeeAllowance, to grantee: AccountAddress? = nil
    ) -> FeegrantV1beta1.MsgGrantAllowance {
        .init(granter: ledger.alice.address, grantee: grantee ?? ledger.bob.address, allowance: allowance.any)
    }

    private func run(_ message: some ChainMessage, _ ledger: Ledger, at seconds: Int64 = 0) throws -> [String] {
        try ledger.router.run(
            message.any, signer: ledger.alice.address, in: block(seconds), on: ledger.state
        ).events.map(\.line)
    }

    private func refusal(_ message: some ChainMessage, _ ledger: Ledger, at seconds: Int64 = 0) -> String? {
        do {
            _ = try run(message, ledger, at: seconds)
            return nil
        } catch {
            return (error as? TransactionRefusal).map { "\($0.codespace) \($0.code) \($0.log)" }
        }
    }

    /// Bob's transaction, whose fee Alice pays: the events of the ante rules, or why it is refused.
    private func pay(
        _ ledger: Ledger, sequence: UInt64, fee: UInt128 = 2_500, at seconds: Int64 = 0,
        _ messages: [AnyMessage]? = nil, mode: AnteHandler.Mode = .deliver
    ) throws -> [String] {
        var transaction = FixtureTransaction(
            messages ?? [.send(1, from: ledger.bob.address, to: ledger.alice.address)], by: ledger.bob, number: 1,
            sequence: sequence)
        transaction.fee = [Coin(fee, "uscrt")]
        transaction.granter = ledger.alice.address.description
        do {
            let form = try TransactionForm(decoding: transaction.bytes, router: ledger.router)
            return try ledger.ante.run(form, in: block(seconds), mode: mode, on: ledger.state).map(\.line)
        } catch let refusal as TransactionRefusal {
            return ["\(refusal.codespace) \(refusal.code) \(refusal.log)"]
        }
    }

    private func refused(_ ledger: Ledger, _ reason: String) -> [String] {
        let space = reason.prefix { $0 != ":" }
        let rest = reason.dropFirst(space.count + 2)
        return ["\(space) \(ledger.alice.address) does not allow to pay fees for \(ledger.bob.address): \(rest)"]
    }

    @Test("a grant pays fees out of the granter's coins until it is spent, in the SDK's events")
    func basic() throws {
        let ledger = try Ledger()
        let (alice, bob) = (ledger.alice.address, ledger.bob.address)
        let pair = "granter=\(alice),grantee=\(bob)"
        #expect(try pay(ledger, sequence: 0) == refused(ledger, "sdk 38: fee-grant not found: not found"))
        #expect(
            try run(grant(ledger, FeeAllowance(limit: coins(6_000))), ledger) == ["set_feegrant{\(pair)}"])
        #expect(
            refusal(grant(ledger, FeeAllowance(limit: .none)), ledger)
                == "sdk 18 fee allowance already exists: invalid request")
        let events = try pay(ledger, sequence: 0)
        #expect(
            Array(events.prefix(7)) == [
                "use_feegrant{\(pair)}", "update_feegrant{\(pair)}", "coin_spent{spender=\(alice),amount=2500uscrt}",
                "coin_received{receiver=\(ledger.feeCollector),amount=2500uscrt}",
                "transfer{recipient=\(ledger.feeCollector),sender=\(alice),amount=2500uscrt}",
                "message{sender=\(alice)}", "tx{fee=2500uscrt,fee_payer=\(alice)}",
            ])
        #expect(try ledger.balance(alice) == 997_500)
        #expect(
            try pay(ledger, sequence: 1, fee: 3_501)
                == refused(ledger, "feegrant 2: basic allowance: fee limit exceeded"))
        let last = try pay(ledger, sequence: 1, fee: 3_500)
        #expect(Array(last.prefix(2)) == ["revoke_feegrant{\(pair)}", "use_feegrant{\(pair)}"])
        #expect(try pay(ledger, sequence: 2) == refused(ledger, "sdk 38: fee-grant not found: not found"))
        #expect(try ModuleList.chain.brokenInvariants(in: ledger.state) == [])
    }

    @Test("a grant in which the granter has too little pays nothing")
    func poorGranter() throws {
        let ledger = try Ledger()
        _ = try run(grant(ledger, FeeAllowance(limit: .none)), ledger)
        #expect(
            try pay(ledger, sequence: 0, fee: 1_000_001)[0]
                .hasPrefix("sdk 5 spendable balance 1000000uscrt is smaller than 1000001uscrt"))
    }

    @Test("periods, times and types of message are held to")
    func otherKinds() throws {
        var ledger = try Ledger()
        let period = FeeAllowance.Period(
            nanoseconds: 10_000_000_000, limit: try coins(3_000), left: try coins(3_000), reset: time(10))
        _ = try run(grant(ledger, FeeAllowance(limit: coins(9_000), expiration: time(15), period: period)), ledger)
        #expect(try pay(ledger, sequence: 0).count > 2)
        #expect(
            try pay(ledger, sequence: 1, at: 9) == refused(ledger, "feegrant 2: period limit: fee limit exceeded"))
        #expect(try pay(ledger, sequence: 1, at: 10).count > 2)
        #expect(
            try pay(ledger, sequence: 2, at: 16) == refused(ledger, "feegrant 3: absolute limit: fee allowance expired")
        )

        ledger = try Ledger()
        let sends = FeeAllowance(limit: .none, expiration: time(15), messages: [BankMessage.sendTypeURL])
        _ = try run(grant(ledger, sends), ledger)
        #expect(try pay(ledger, sequence: 0).count > 2)
        let other = AuthV1beta1.MsgUpdateParams(authority: ledger.bob.address, params: AuthParameters.standard).any
        #expect(
            try pay(ledger, sequence: 1, [other])
                == refused(
                    ledger, "feegrant 7: message does not exist in allowed messages: message not allowed"))
        #expect(
            try pay(ledger, sequence: 1, at: 16)
                == refused(ledger, "feegrant 3: basic allowance: fee allowance expired"))
    }

    @Test("what nobody can grant is refused in the SDK's words")
    func invalid() throws {
        let ledger = try Ledger()
        func log(_ allowance: FeeAllowance, to grantee: AccountAddress? = nil) -> String? {
            refusal(grant(ledger, allowance, to: grantee), ledger)
        }
        let plain = FeeAllowance(limit: .none)
        #expect(
            log(plain, to: ledger.alice.address) == "sdk 7 cannot self-grant fee authorization: invalid address")
        #expect(
            log(FeeAllowance(limit: .none, messages: []))
                == "feegrant 6 allowed messages shouldn't be empty: allowed messages are empty")
        #expect(
            log(FeeAllowance(limit: .none, expiration: time(-1)))
                == "sdk 18 expiration is before current block time: invalid request")
        let other = FeeAllowance.Period(
            nanoseconds: 1, limit: try Coins([Coin(1, "other")]), left: .none, reset: time(0))
        #expect(
            log(FeeAllowance(limit: try coins(5), period: other))
                == "sdk 10 period spend limit has different currency than basic spend limit: invalid coins")
        let many = (0..<1_000).map { "/some.package.v1.MsgOfSomeName\($0)" }
        #expect(log(FeeAllowance(limit: .none, messages: many))?.contains("more than 16384 bytes") == true)
        // Bytes that are no allowance.
        let none = FeegrantV1beta1.MsgGrantAllowance(
            granter: ledger.alice.address, grantee: ledger.bob.address,
            allowance: AnyMessage(typeURL: "/cosmos.feegrant.v1beta1.Grant", value: []))
        #expect(refusal(none, ledger) != nil)
        #expect(
            refusal(
                FeegrantV1beta1.MsgRevokeAllowance(granter: ledger.alice.address, grantee: ledger.bob.address), ledger)
                == "sdk 38 fee-grant not found: not found")
        // Who has no account gets one; a module's does not.
        let carol = FixtureKey("carol").address
        #expect(log(plain, to: carol) == nil)
        #expect(try AuthModule.exists(carol, on: ledger.state))
    }

    @Test("a grant whose time is over goes at a block's end, some at a time, and a revoked one at once")
    func pruning() throws {
        let ledger = try Ledger()
        let module = FeegrantModule()
        func count() throws -> Int {
            var count = 0
            try ledger.state.visit(StoreName.feegrant, prefix: FeegrantStore.grantPrefix) { _ in count += 1 }
            return count
        }
        for number in 0..<450 {
            let expiration: Int64? = number == 0 ? nil : number % 2 == 0 ? 5 : 6
            let allowance = FeeAllowance(limit: .none, expiration: expiration.map(time))
            _ = try run(grant(ledger, allowance, to: FixtureKey("grantee \(number)").address), ledger)
        }
        #expect(try module.endBlock(block(4), on: ledger.state) == [])
        #expect(try count() == 450)
        _ = try module.endBlock(block(5), on: ledger.state)
        #expect(try count() == 250)
        _ = try module.endBlock(block(5), on: ledger.state)
        #expect(try count() == 226)
        #expect(
            try run(FeegrantV1beta1.MsgPruneAllowances(pruner: ledger.alice.address), ledger, at: 6)
                == ["prune_feegrant{pruner=\(ledger.alice.address)}"])
        #expect(try count() == 151)
        for _ in 0..<3 { _ = try module.endBlock(block(6), on: ledger.state) }
        #expect(try count() == 1)
        #expect(try ModuleList.chain.brokenInvariants(in: ledger.state) == [])
        let first = FixtureKey("grantee 0").address
        let pair = "granter=\(ledger.alice.address),grantee=\(first)"
        #expect(
            try run(FeegrantV1beta1.MsgRevokeAllowance(granter: ledger.alice.address, grantee: first), ledger)
                == ["revoke_feegrant{\(pair)}"])
        #expect(try count() == 0)
    }

    @Test("grants are answered one by one, by who got them and by who gave them")
    func queries() throws {
        let ledger = try Ledger()
        let (alice, bob, carol) = (ledger.alice.address, ledger.bob.address, FixtureKey("carol").address)
        let allowance = FeeAllowance(limit: try coins(5))
        for grantee in [bob, carol] { _ = try run(grant(ledger, allowance, to: grantee), ledger) }
        typealias Query = FeegrantV1beta1.Query
        let expected = FeegrantV1beta1.Grant(granter: alice, grantee: bob, allowance: allowance.any)
        #expect(try ledger.ask(Query.allowance, .init(granter: alice, grantee: bob)).allowance == expected)
        #expect(throws: QueryRefusal.failed("fee-grant not found: not found")) {
            try ledger.ask(Query.allowance, .init(granter: bob, grantee: alice))
        }
        #expect(try ledger.ask(Query.allowances, .init(grantee: bob)).allowances == [expected])
        let issued = try ledger.ask(Query.allowancesByGranter, .init(granter: alice))
        #expect(Set(issued.allowances.map(\.grantee)) == [bob, carol])
        #expect(try ledger.ask(Query.allowancesByGranter, .init(granter: bob)).allowances == [])
    }

    @Test("grants of a genesis file are the chain's, and are written as they stood")
    func genesis() throws {
        let (alice, bob) = (FixtureKey("alice").address, FixtureKey("bob").address)
        let basic =
            #"{"@type":"/cosmos.feegrant.v1beta1.BasicAllowance","spend_limit":[{"denom":"uscrt","amount":"5"}],"expiration":null}"#
        let inner = #"{"spend_limit":[],"expiration":"2030-01-01T00:00:00Z"}"#
        let periodic =
            #"{"@type":"/cosmos.feegrant.v1beta1.PeriodicAllowance","basic":\#(inner),"period":"1.500000000s","#
            + #""period_spend_limit":[{"denom":"uscrt","amount":"5"}],"period_can_spend":[],"period_reset":"2029-01-01T00:00:00Z"}"#
        let allowed =
            #"{"@type":"/cosmos.feegrant.v1beta1.AllowedMsgAllowance","allowance":\#(periodic),"allowed_messages":["/a.B"]}"#
        func genesis(_ granter: AccountAddress, _ allowance: String) throws -> JSONValue {
            try json(
                #"{"feegrant":{"allowances":[{"granter":"\#(granter)","grantee":"\#(bob)","allowance":\#(allowance)}]}}"#
            )
        }
        for allowance in [basic, periodic, allowed] {
            let state = MemoryState()
            try ModuleList.chain.importGenesis(genesis(alice, allowance), on: state)
            let exported = try ModuleList.chain.exportGenesis(from: state)
            #expect(exported["feegrant"] == (try genesis(alice, allowance))["feegrant"])
            #expect(try ModuleList.chain.brokenInvariants(in: state) == [])
        }
        for (granter, allowance) in [
            (bob, basic), (alice, basic.replacing("BasicAllowance", with: "NoAllowance")),
            (alice, periodic.replacing("1.500000000s", with: "1.5")),
            (alice, allowed.replacing(#"["/a.B"]"#, with: "[]")),
        ] {
            #expect(throws: GenesisRefusal.self) { try ModuleList.chain.checkGenesis(genesis(granter, allowance)) }
        }
    }
}
