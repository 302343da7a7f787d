import Ante
import Auth
import Authz
import Bank
import ChainMessages
import ChainModules
import LedgerKit
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import StrictJSON
import Testing
import TransactionFixtures
import Wire

/// Alice grants, Bob sends in her name.
@Suite("Authorizations")
struct AuthzTests {
    private let now = Ledger.block.time
    private let carol = FixtureKey("carol").address

    private func time(_ seconds: Int64) -> Timestamp { now.adding(nanoseconds: seconds * 1_000_000_000) }

    private func block(_ seconds: Int64) -> BlockContext {
        BlockContext(height: 2, time: time(seconds), proposer: [])
    }

    private func run(
        _ message: AnyMessage, _ ledger: Ledger, by signer: AccountAddress? = nil, at seconds: Int64 = 0
    ) throws -> MessageOutcome {
        try ledger.router.run(
            message, signer: signer ?? ledger.alice.address, in: block(seconds), on: ledger.state)
    }

    private func refusal(
        _ message: AnyMessage, _ ledger: Ledger, by signer: AccountAddress? = nil, at seconds: Int64 = 0
    ) -> String? {
        do {
            _ = try run(message, ledger, by: signer, at: seconds)
            return nil
        } catch {
            return (error as? TransactionRefusal).map { "\($0.codespace) \($0.code) \($0.log)" }
        }
    }

    private func grant(
        _ ledger: Ledger, _ authorization: some ChainMessage, until expiration: Int64? = nil,
        to grantee: AccountAddress? = nil
    ) -> AnyMessage {
        AuthzV1beta1.MsgGrant(
            granter: ledger.alice.address, grantee: grantee ?? ledger.bob.address,
            grant: .init(authorization: authorization.any, expiration: expiration.map(time))
        ).any
    }

    private func exec(_ ledger: Ledger, _ messages: [AnyMessage], by grantee: AccountAddress? = nil) -> AnyMessage {
        AuthzV1beta1.MsgExec(grantee: grantee ?? ledger.bob.address, msgs: messages).any
    }

    private func send(_ amount: UInt128, _ ledger: Ledger, to: AccountAddress? = nil) -> AnyMessage {
        .send(amount, from: ledger.alice.address, to: to ?? carol)
    }

    private func limit(_ amount: UInt128, to list: [AccountAddress] = []) -> BankV1beta1.SendAuthorization {
        .init(spendLimit: [Coin(amount, "uscrt")], allowList: list)
    }

    @Test("coins are sent in another's name up to the limit, in the SDK's events, and then no more")
    func sends() throws {
        let ledger = try Ledger()
        let (alice, bob) = (ledger.alice.address, ledger.bob.address)
        let names = "grantee=\"\(bob)\",granter=\"\(alice)\",msg_type_url=\"/cosmos.bank.v1beta1.MsgSend\""
        #expect(
            try run(grant(ledger, limit(100)), ledger).events.map(\.line)
                == ["cosmos.authz.v1beta1.EventGrant{\(names)}"])
        let outcome = try run(exec(ledger, [send(60, ledger), send(1, ledger)]), ledger, by: bob)
        #expect(
            outcome.response
                == AnyMessage(typeURL: "/cosmos.authz.v1beta1.MsgExecResponse", value: [0x0a, 0, 0x0a, 0]))
        #expect(
            outcome.events.map(\.line).prefix(4) == [
                "coin_spent{spender=\(alice),amount=60uscrt,authz_msg_index=0}",
                "coin_received{receiver=\(carol),amount=60uscrt,authz_msg_index=0}",
                "transfer{recipient=\(carol),sender=\(alice),amount=60uscrt,authz_msg_index=0}",
                "message{sender=\(alice),authz_msg_index=0}",
            ])
        #expect(outcome.events.last?.line == "message{sender=\(alice),authz_msg_index=1}")
        #expect(
            refusal(exec(ledger, [send(40, ledger)]), ledger, by: bob)
                == "sdk 5 requested amount is more than spend limit: insufficient funds")
        let last = try run(exec(ledger, [send(39, ledger)]), ledger, by: bob)
        #expect(last.events.map(\.line).first == "cosmos.authz.v1beta1.EventRevoke{\(names)}")
        #expect(
            refusal(exec(ledger, [send(1, ledger)]), ledger, by: bob)
                == "authz 2 failed to get grant with given granter: \(alice), grantee: \(bob) & msgType: "
                + "/cosmos.bank.v1beta1.MsgSend : authorization not found")
        #expect(try ledger.balance(carol) == 100)
    }

    @Test("only to whom it is allowed, only of the type that was granted, and only by whom it was granted to")
    func others() throws {
        let ledger = try Ledger()
        let (alice, bob) = (ledger.alice.address, ledger.bob.address)
        _ = try run(grant(ledger, limit(100, to: [bob])), ledger)
        #expect(
            refusal(exec(ledger, [send(1, ledger)]), ledger, by: bob)
                == "sdk 4 cannot send to \(carol) address: unauthorized")
        #expect(refusal(exec(ledger, [send(1, ledger, to: bob)]), ledger, by: bob) == nil)
        let coins = [Coin(1, "uscrt")]
        let multiple = BankMessage.multiSend(
            .init(inputs: [.init(address: alice, coins: coins)], outputs: [.init(address: bob, coins: coins)])
        ).any
        #expect(refusal(exec(ledger, [multiple]), ledger, by: bob)?.hasPrefix("authz 2") == true)
        #expect(
            refusal(exec(ledger, [send(1, ledger, to: bob)], by: carol), ledger, by: carol)?.hasPrefix("authz 2")
                == true)
        // Of its own, whoever sends needs no grant.
        _ = try run(send(5, ledger, to: bob), ledger)
        #expect(refusal(exec(ledger, [.send(5, from: bob, to: carol)]), ledger, by: bob) == nil)
        #expect(refusal(exec(ledger, []), ledger, by: bob) == "sdk 18 messages cannot be empty: invalid request")
        #expect(
            refusal(exec(ledger, [send(100, ledger, to: bob)]), ledger, by: bob)
                == "sdk 5 requested amount is more than spend limit: insufficient funds")
    }

    @Test("a grant of a type lets every message of it through, until it is revoked or its time is over")
    func generic() throws {
        let ledger = try Ledger()
        let bob = ledger.bob.address
        let sends = AuthzV1beta1.GenericAuthorization(msg: BankMessage.sendTypeURL)
        _ = try run(grant(ledger, sends, until: 10), ledger)
        #expect(refusal(exec(ledger, [send(5, ledger)]), ledger, by: bob, at: 10) == nil)
        #expect(
            refusal(exec(ledger, [send(5, ledger)]), ledger, by: bob, at: 11) == "authz 6 authorization expired")
        let revoke = AuthzV1beta1.MsgRevoke(
            granter: ledger.alice.address, grantee: bob, msgTypeURL: BankMessage.sendTypeURL
        ).any
        #expect(try run(revoke, ledger).events.count == 1)
        #expect(refusal(exec(ledger, [send(5, ledger)]), ledger, by: bob)?.hasPrefix("authz 2") == true)
        #expect(refusal(revoke, ledger)?.hasPrefix("authz 2 failed to delete grant with key 0114") == true)
        // What fails inside fails as a whole, and says where.
        _ = try run(grant(ledger, sends), ledger)
        #expect(
            refusal(exec(ledger, [send(2_000_000, ledger)]), ledger, by: bob)
                == "sdk 5 failed to execute message; message /cosmos.bank.v1beta1.MsgSend: spendable balance "
                + "999995uscrt is smaller than 2000000uscrt: insufficient funds")
    }

    @Test("what nobody can grant is refused in the SDK's words")
    func invalid() throws {
        let ledger = try Ledger()
        func log(
            _ authorization: some ChainMessage, until: Int64? = nil, to grantee: AccountAddress? = nil
        ) -> String? {
            refusal(grant(ledger, authorization, until: until, to: grantee), ledger)
        }
        #expect(
            log(limit(1), to: ledger.alice.address) == "authz 7 grantee and granter should be different")
        #expect(log(BankV1beta1.SendAuthorization()) == "sdk 10 spend limit cannot be nil: invalid coins")
        #expect(log(limit(0)) == "sdk 10 spend limit must be positive: invalid coins")
        #expect(log(limit(1, to: [carol, carol])) == "bank 8 duplicate entry")
        #expect(
            log(AuthzV1beta1.GenericAuthorization(msg: "/a.B")) == "sdk 29 /a.B doesn't exist.: invalid type")
        // The enclave runs it, for who signed it alone.
        let call = "/secret.compute.v1beta1.MsgExecuteContract"
        #expect(log(AuthzV1beta1.GenericAuthorization(msg: call)) == "sdk 29 \(call) doesn't exist.: invalid type")
        #expect(
            log(limit(1), until: 0)
                == "authz 3 expiration must be after the current block time (2023-11-14T22:13:20Z), got "
                + "2023-11-14T22:13:20Z: expiration time of authorization should be more than current time")
        #expect(log(StakingV1beta1.StakeAuthorization()) == "authz 4 unknown authorization type")
        #expect(log(Coin(1, "uscrt"))?.hasPrefix("sdk 2") == true)
        #expect(log(limit(1), to: carol) == nil)
        #expect(try AuthModule.exists(carol, on: ledger.state))
    }

    @Test("grants whose time is over go at a block's begin, some at a time; one that was given anew stays")
    func pruning() throws {
        let ledger = try Ledger()
        let module = AuthzModule()
        func count() throws -> Int {
            var count = 0
            try ledger.state.visit("authz", prefix: [1]) { _ in count += 1 }
            return count
        }
        let types = [BankMessage.sendTypeURL, BankMessage.multiSendTypeURL]
        for number in 0..<250 {
            for type in types {
                _ = try run(
                    grant(
                        ledger, AuthzV1beta1.GenericAuthorization(msg: type), until: 5,
                        to: FixtureKey("grantee \(number)").address), ledger)
            }
        }
        // Again, for longer, for ever, and for the same time.
        for (number, expiration) in [(0, 9), (1, nil), (2, 5)] as [(Int, Int64?)] {
            let generic = AuthzV1beta1.GenericAuthorization(msg: types[0])
            _ = try run(
                grant(ledger, generic, until: expiration, to: FixtureKey("grantee \(number)").address), ledger)
        }
        #expect(try ModuleList.chain.brokenInvariants(in: ledger.state) == [])
        _ = try module.beginBlock(block(4), on: ledger.state)
        #expect(try count() == 500)
        _ = try module.beginBlock(block(5), on: ledger.state)
        #expect(try (100...102).contains(count()))
        _ = try module.beginBlock(block(5), on: ledger.state)
        #expect(try count() == 2)
        _ = try module.beginBlock(block(9), on: ledger.state)
        #expect(try count() == 1)
        #expect(try ModuleList.chain.brokenInvariants(in: ledger.state) == [])
    }

    @Test("messages within messages end at a depth, and none is one that the enclave alone runs")
    func nested() throws {
        let ledger = try Ledger()
        let bob = ledger.bob.address
        var message = AnyMessage.send(1, from: bob, to: carol)
        _ = try run(send(5, ledger, to: bob), ledger)
        for depth in 0..<6 {
            let transaction = FixtureTransaction([message], by: ledger.bob, number: 1, sequence: 0)
            let form = Result(catching: {
                try TransactionForm(decoding: transaction.bytes, router: ledger.router)
            })
            #expect(((try? form.get()) != nil) == (depth <= AnyMessage.depthMax), "\(depth)")
            // However it comes: what a contract or a decided proposal sends was no transaction's message.
            let said = refusal(message, ledger, by: bob)
            #expect(depth <= AnyMessage.depthMax ? said == nil : said?.hasPrefix("sdk 2 ") == true, "\(depth)")
            message = exec(ledger, [message])
        }
        let call = ComputeMessage.clearAdmin(.init(sender: ledger.alice.address, contract: carol)).any
        for message in [exec(ledger, [call]), exec(ledger, [exec(ledger, [call])])] {
            let transaction = FixtureTransaction([message], by: ledger.bob, number: 1, sequence: 0)
            #expect(throws: TransactionRefusal.self) {
                try TransactionForm(decoding: transaction.bytes, router: ledger.router)
            }
        }
    }

    @Test("delegations are granted to validators that are listed, or to all others, and up to a limit")
    func stake() throws {
        let ledger = try Ledger()
        let (alice, bob) = (ledger.alice.address, ledger.bob.address)
        let (one, two) = (OperatorAddress(alice), OperatorAddress(bob))
        // Nobody has to run them to say whether they may run.
        let runs = MessageHandler(StakingV1beta1.MsgDelegate.self) { _, _, _ in [] }
        let others = ModuleList.chain.modules.flatMap(\.messages).filter { $0.typeURL != runs.typeURL }
        let router = MessageRouter(others + [runs])
        func delegate(_ amount: UInt128, to validator: OperatorAddress) throws -> String? {
            let message = exec(
                ledger,
                [
                    StakingV1beta1.MsgDelegate(
                        delegatorAddress: alice, validatorAddress: validator, amount: Coin(amount, "uscrt")
                    ).any
                ])
            do {
                _ = try router.run(message, signer: bob, in: block(0), on: ledger.state)
                return nil
            } catch let refusal as TransactionRefusal {
                return refusal.log
            }
        }
        func allow(_ authorization: StakingV1beta1.StakeAuthorization) throws {
            var authorization = authorization
            authorization.authorizationType = .delegate
            _ = try router.run(grant(ledger, authorization), signer: alice, in: block(0), on: ledger.state)
        }
        let text = "cannot delegate/undelegate to \(two) validator: unauthorized"
        try allow(.init(allowList: .init(address: [one])))
        #expect(try delegate(1, to: two) == text)
        try allow(.init(denyList: .init(address: [two])))
        #expect(try delegate(1, to: two) == text)
        try allow(.init(maxTokens: Coin(10, "uscrt"), denyList: .init(address: [two])))
        #expect(try delegate(11, to: one) == "negative coin amount")
        #expect(try delegate(4, to: one) == nil)
        #expect(try delegate(7, to: one) == "negative coin amount")
        #expect(try delegate(6, to: one) == nil)
        #expect(try delegate(1, to: one)?.hasPrefix("failed to get grant") == true)
    }

    @Test("grants are answered between two, by who gave them and by who got them")
    func queries() throws {
        let ledger = try Ledger()
        let (alice, bob) = (ledger.alice.address, ledger.bob.address)
        _ = try run(grant(ledger, limit(5), until: 7), ledger)
        _ = try run(grant(ledger, limit(6), to: carol), ledger)
        typealias Query = AuthzV1beta1.Query
        let record = AuthzV1beta1.Grant(authorization: limit(5).any, expiration: time(7))
        let shown = AuthzV1beta1.GrantAuthorization(
            granter: alice, grantee: bob, authorization: limit(5).any, expiration: time(7))
        let send = BankMessage.sendTypeURL
        let one = try ledger.ask(Query.grants, .init(granter: alice, grantee: bob, msgTypeURL: send))
        #expect(one.grants == [record] && one.pagination == nil)
        #expect(try ledger.ask(Query.grants, .init(granter: alice, grantee: bob)).grants == [record])
        #expect(
            throws: QueryRefusal.registered(
                "authz", 2, "authorization not found: authorization not found for \(send) type")
        ) { try ledger.ask(Query.grants, .init(granter: bob, grantee: alice, msgTypeURL: send)) }
        #expect(try ledger.ask(Query.granteeGrants, .init(grantee: bob)).grants == [shown])
        #expect(try ledger.ask(Query.granterGrants, .init(granter: alice)).grants.count == 2)
        #expect(try ledger.ask(Query.granterGrants, .init(granter: bob)).grants.isEmpty)
    }

    @Test("grants of a genesis file are the chain's, and are written as they stood")
    func genesis() throws {
        let (alice, bob) = (FixtureKey("alice").address, FixtureKey("bob").address)
        let send =
            #"{"@type":"/cosmos.bank.v1beta1.SendAuthorization","spend_limit":[{"denom":"uscrt","amount":"5"}],"allow_list":["\#(bob)"]}"#
        let generic = #"{"@type":"/cosmos.authz.v1beta1.GenericAuthorization","msg":"/a.B"}"#
        let stake =
            #"{"@type":"/cosmos.staking.v1beta1.StakeAuthorization","max_tokens":{"denom":"uscrt","amount":"7"},"#
            + #""deny_list":{"address":["\#(OperatorAddress(bob))"]},"authorization_type":"AUTHORIZATION_TYPE_REDELEGATE"}"#
        func genesis(_ granter: AccountAddress, _ authorization: String, _ expiration: String = "null") throws
            -> JSONValue
        {
            try json(
                #"{"authz":{"authorization":[{"granter":"\#(granter)","grantee":"\#(bob)","authorization":\#(authorization),"expiration":\#(expiration)}]}}"#
            )
        }
        for (authorization, expiration) in [(send, "null"), (generic, #""2030-01-01T00:00:00Z""#), (stake, "null")] {
            let state = MemoryState()
            try ModuleList.chain.importGenesis(genesis(alice, authorization, expiration), on: state)
            let exported = try ModuleList.chain.exportGenesis(from: state)
            #expect(exported["authz"] == (try genesis(alice, authorization, expiration))["authz"])
            #expect(try ModuleList.chain.brokenInvariants(in: state) == [])
        }
        for (granter, authorization) in [
            (bob, send), (alice, generic.replacing("GenericAuthorization", with: "Other")),
            (alice, stake.replacing("REDELEGATE", with: "NONE")), (alice, send.replacing("\"5\"", with: "\"0\"")),
        ] {
            #expect(throws: GenesisRefusal.self) { try ModuleList.chain.checkGenesis(genesis(granter, authorization)) }
        }
    }
}
