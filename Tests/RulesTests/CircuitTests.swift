import Auth
import ChainMessages
import ChainModules
import EnclaveProtocol
import LedgerKit
import LedgerRecords
import ModuleKit
import SignedTransactions
import StrictJSON
import Testing
import TransactionFixtures
import Wire

/// Alice may switch, Bob sends.
@Suite("Messages that are switched off")
struct CircuitTests {
    private let governance = ModuleAccount.governance.address
    private let sendURL = BankMessage.sendTypeURL
    private let voteURL = GovV1.MsgVote.typeURL

    private func run(_ message: some ChainMessage, _ ledger: Ledger) throws -> String? { try run(message.any, ledger) }

    private func run(_ message: AnyMessage, _ ledger: Ledger) throws -> String? {
        do {
            _ = try ledger.router.run(message, signer: try message.signers()[0], in: Ledger.block, on: ledger.state)
            return nil
        } catch let refusal as TransactionRefusal { return "\(refusal.codespace) \(refusal.code) \(refusal.log)" }
    }

    private func allow(
        _ level: CircuitV1.PermissionsLevel, _ types: [String] = [], to grantee: AccountAddress,
        by granter: AccountAddress
    ) -> CircuitV1.MsgAuthorizeCircuitBreaker {
        .init(granter: granter, grantee: grantee, permissions: .init(level: level, limitTypeURLs: types))
    }

    private func trip(_ types: [String], by authority: AccountAddress) -> CircuitV1.MsgTripCircuitBreaker {
        .init(authority: authority, msgTypeURLs: types)
    }

    private func reset(_ types: [String], by authority: AccountAddress) -> CircuitV1.MsgResetCircuitBreaker {
        .init(authority: authority, msgTypeURLs: types)
    }

    @Test("a message that is switched off is run nowhere, until it is switched on again")
    func switched() throws {
        let ledger = try Ledger()
        let (alice, bob) = (ledger.alice.address, ledger.bob.address)
        let send = AnyMessage.send(1, from: alice, to: bob)
        let exec = AuthzV1beta1.MsgExec(grantee: alice, msgs: [send])
        #expect(try run(trip([sendURL], by: governance), ledger) == nil)
        let off = "circuit breaker disables execution of this message: \(sendURL)"
        #expect(try run(send, ledger) == "undefined 1 \(off)")
        #expect(try run(exec, ledger) == "undefined 1 failed to execute message; message \(sendURL): \(off)")
        #expect(
            try ledger.refusal(ledger.send(1))
                == TransactionRefusal(codespace: "undefined", code: 1, log: "tx type not allowed"))
        #expect(
            try ledger.ask(CircuitV1.Query.disabledList, .init()).disabledList == [sendURL])
        #expect(
            try run(trip([sendURL], by: governance), ledger) == "undefined 1 message \(sendURL) is already disabled")
        #expect(try run(reset([sendURL], by: governance), ledger) == nil)
        #expect(try run(reset([sendURL], by: governance), ledger) == "undefined 1 message \(sendURL) is not disabled")
        #expect(try run(send, ledger) == nil && run(exec, ledger) == nil)
        #expect(try ledger.refusal(ledger.send(1)) == nil)
    }

    @Test("whoever was given the right switches what the right is for, and nothing else")
    func rights() throws {
        let ledger = try Ledger()
        let (alice, bob) = (ledger.alice.address, ledger.bob.address)
        #expect(
            try run(trip([sendURL], by: alice), ledger)
                == "sdk 4 account does not have permission to trip circuit breaker for message \(sendURL): unauthorized"
        )
        #expect(
            try run(allow(.allMsgs, to: bob, by: alice), ledger)
                == "sdk 4 only super admins can authorize users: unauthorized")
        #expect(try run(allow(.someMsgs, [sendURL], to: alice, by: governance), ledger) == nil)
        #expect(try run(trip([voteURL], by: alice), ledger)?.hasPrefix("sdk 4") == true)
        #expect(try run(trip([sendURL], by: alice), ledger) == nil)
        #expect(try run(allow(.allMsgs, to: bob, by: alice), ledger)?.hasPrefix("sdk 4") == true)
        #expect(try run(allow(.superAdmin, to: alice, by: governance), ledger) == nil)
        #expect(try run(allow(.allMsgs, to: bob, by: alice), ledger) == nil)
        #expect(try run(trip([voteURL], by: bob), ledger) == nil)
        let accounts = try ledger.ask(CircuitV1.Query.accounts, .init()).accounts
        #expect(
            accounts.map { $0.permissions?.level }.sorted { $0!.rawValue < $1!.rawValue } == [.allMsgs, .superAdmin])
        #expect(try ledger.ask(CircuitV1.Query.account, .init(address: bob)).permission?.level == .allMsgs)
        // A right that is taken back is gone.
        #expect(try run(allow(.noneUnspecified, to: bob, by: governance), ledger) == nil)
        #expect(try run(reset([voteURL], by: bob), ledger)?.hasPrefix("sdk 4") == true)
        let again = MemoryState()
        let exported = try ModuleList.chain.exportGenesis(from: ledger.state)
        try ModuleList.chain.importGenesis(exported, on: again)
        #expect(try ModuleList.chain.exportGenesis(from: again) == exported)
    }

    @Test("nobody can keep all others from switching on again, or switch what there is not")
    func refused() throws {
        let ledger = try Ledger()
        let resetURL = CircuitV1.MsgResetCircuitBreaker.typeURL
        #expect(try run(trip([resetURL], by: governance), ledger) == "undefined 1 cannot disable \(resetURL)")
        #expect(try run(trip(["/a.B"], by: governance), ledger) == "undefined 1 there is no message /a.B")
        #expect(
            try run(trip(Array(repeating: sendURL, count: 129), by: governance), ledger)?.hasPrefix("sdk 18") == true)
        let bob = ledger.bob.address
        #expect(
            try run(allow(.someMsgs, to: bob, by: governance), ledger)
                == "undefined 1 LimitTypeUrls of LEVEL_SOME_MSGS should NOT be empty")
        #expect(
            try run(allow(.allMsgs, [sendURL], to: bob, by: governance), ledger)
                == "undefined 1 LimitTypeUrls of LEVEL_ALL_MSGS should be empty")
        #expect(
            try run(allow(.init(rawValue: 7), to: bob, by: governance), ledger) == "undefined 1 there is no level 7")
    }
}
