import Auth
import Bank
import ChainMessages
import ChainModules
import LedgerKit
import LedgerRecords
import ModuleKit
import SignedTransactions
import StrictJSON
import Testing
import TransactionFixtures

/// What modules can be told to do otherwise, by genesis and by governance.
@Suite("Parameters")
struct ParameterTests {
    private let governance = ModuleAccount.governance.address

    private func state(_ genesis: String) throws -> MemoryState {
        let state = MemoryState()
        try ModuleList.chain.importGenesis(json(genesis), on: state)
        return state
    }

    private func answer<Request: ChainMessage, Response: ChainMessage>(
        _ method: ChainMethod<Request, Response>, _ request: Request, _ state: MemoryState
    ) throws -> Response {
        let query = try #require(ModuleList.chain.queries.first { $0.path == method.path })
        return try Response(
            decoding: query.answer(
                request.encoded, { QueriedBlock(height: Ledger.block.height, time: Ledger.block.time) }, state)[...],
            .request)
    }

    /// What becomes of a message of `authority`, `nil` where it is done.
    private func refusal(
        _ message: some ChainMessage, of authority: AccountAddress, _ state: MemoryState
    ) throws -> TransactionRefusal? {
        do {
            let outcome = try ModuleList.chain.router.run(
                message.any, signer: authority, in: Ledger.block, on: state)
            #expect(outcome.events.isEmpty && outcome.response.typeURL == message.any.typeURL + "Response")
            return nil
        } catch let refusal as TransactionRefusal {
            return refusal
        }
    }

    private func auth(_ change: (inout AuthParameters.Values) -> Void = { _ in }) -> AuthV1beta1.MsgUpdateParams {
        var values = AuthParameters.standard
        change(&values)
        return .init(authority: governance, params: values)
    }

    // MARK: - Auth

    @Test("transactions are held against what genesis says, and what governance says later")
    func transactions() throws {
        let ledger = try Ledger()
        let long = ledger.send(1).with { $0.memo = String(repeating: "m", count: 30) }
        #expect(try refusal(auth { $0.maxMemoCharacters = 29 }, of: governance, ledger.state) == nil)
        #expect(
            try ledger.refusal(long)
                == TransactionRefusal(
                    code: 12,
                    log: "maximum number of characters is 29 but received 30 characters: memo too large"))
        #expect(try refusal(auth { $0.maxMemoCharacters = 300 }, of: governance, ledger.state) == nil)
        #expect(try answer(AuthV1beta1.Query.params, .init(), ledger.state).params.maxMemoCharacters == 300)
        #expect(try ledger.refusal(long.with { $0.memo = String(repeating: "m", count: 300) }) == nil)

        let begun = try state(#"{"auth":{"params":{"max_memo_characters":"12","tx_sig_limit":"2"}}}"#)
        var expected = AuthParameters.standard
        (expected.maxMemoCharacters, expected.txSigLimit) = (12, 2)
        #expect(try answer(AuthV1beta1.Query.params, .init(), begun).params == expected)
    }

    @Test("a transaction has no more signatures than the chain lets it have")
    func signatures() throws {
        let ledger = try Ledger()
        #expect(try refusal(auth { $0.txSigLimit = 1 }, of: governance, ledger.state) == nil)
        let (alice, bob) = (ledger.alice, ledger.bob)
        let two = FixtureTransaction(
            [.send(1, from: alice.address, to: bob.address), .send(1, from: bob.address, to: alice.address)],
            by: alice, number: 0, sequence: 0
        ).and(bob, number: 1, sequence: 0)
        #expect(try ledger.refusal(two) == .tooManySignatures(count: 2, max: 1))
        #expect(try ledger.refusal(ledger.send(1)) == nil)
    }

    @Test("what enclaves count by their own table can be said as it is, and not be changed")
    func counted() throws {
        let state = try state("{}")
        #expect(try refusal(auth(), of: governance, state) == nil)
        let before = state.values
        let changes: [(inout AuthParameters.Values) -> Void] = [
            { $0.txSizeCostPerByte = 11 }, { $0.sigVerifyCostSecp256k1 = 999 }, { $0.txSigLimit = 8 },
            { $0.txSigLimit = 0 }, { $0.maxMemoCharacters = 0 }, { $0.sigVerifyCostEd25519 = 0 },
        ]
        for change in changes {
            #expect(try refusal(auth(change), of: governance, state)?.code == 18)
            #expect(state.values == before)
        }
        for genesis in [
            #"{"auth":{"params":{"tx_size_cost_per_byte":"11"}}}"#, #"{"auth":{"params":{"tx_sig_limit":"8"}}}"#,
            #"{"auth":{"params":{"sig_verify_cost_secp256k1":"1"}}}"#,
            #"{"compute":{"params":{"compile_cost":"0.9"}}}"#,
            #"{"compute":{"params":{"max_contract_size":"2097153"}}}"#,
        ] {
            #expect(throws: GenesisRefusal.self) { try self.state(genesis) }
        }
        _ = try self.state(
            #"{"compute":{"params":{"compile_cost":"0.800000000000000000","max_contract_size":"2097152"}}}"#)

        let compute = try answer(ComputeV1beta1.Query.params, .init(), state).params
        #expect(
            try refusal(ComputeV1beta1.MsgUpdateParams(authority: governance, params: compute), of: governance, state)
                == nil)
        var larger = compute
        larger.maxContractSize += 1
        #expect(
            try refusal(ComputeV1beta1.MsgUpdateParams(authority: governance, params: larger), of: governance, state)?
                .code == 18)
        #expect(state.values == before)
    }

    @Test("nobody but governance changes any of it")
    func authority() throws {
        let ledger = try Ledger()
        let alice = ledger.alice.address
        let before = ledger.state.values
        let expected = TransactionRefusal(
            codespace: "gov", code: 13,
            log: "invalid authority; expected \(governance), got \(alice): expected gov account as only signer for "
                + "proposal message")
        let compute = try answer(ComputeV1beta1.Query.params, .init(), ledger.state).params
        #expect(
            try refusal(
                AuthV1beta1.MsgUpdateParams(authority: alice, params: AuthParameters.standard), of: alice, ledger.state)
                == expected)
        #expect(
            try refusal(
                BankV1beta1.MsgUpdateParams(authority: alice, params: .init()), of: alice, ledger.state) == expected)
        #expect(
            try refusal(
                BankV1beta1.MsgSetSendEnabled(authority: alice, sendEnabled: [.init(denom: "uscrt")]), of: alice,
                ledger.state) == expected)
        #expect(
            try refusal(ComputeV1beta1.MsgUpdateParams(authority: alice, params: compute), of: alice, ledger.state)
                == expected)
        #expect(ledger.state.values == before)
    }

    // MARK: - Bank

    @Test("coins of a denomination that cannot be sent stay where they are")
    func sending() throws {
        let ledger = try Ledger()
        let (alice, bob) = (ledger.alice.address, ledger.bob.address)
        func send(_ denomination: String) -> TransactionRefusal? {
            let coins = [Coin(1, denomination)]
            let messages = [
                BankMessage.send(.init(from: alice, to: bob, amount: coins)).any,
                BankMessage.multiSend(
                    .init(
                        inputs: [.init(address: alice, coins: coins)], outputs: [.init(address: bob, coins: coins)])
                ).any,
            ]
            var refusals: [TransactionRefusal?] = []
            for message in messages {
                do {
                    _ = try ledger.router.run(message, signer: alice, in: Ledger.block, on: ledger.state)
                    refusals.append(nil)
                } catch { refusals.append(error as? TransactionRefusal) }
            }
            #expect(refusals[0] == refusals[1])
            return refusals[0]
        }
        func set(_ entries: [BankV1beta1.SendEnabled], default names: [String] = []) throws -> UInt32? {
            try refusal(
                BankV1beta1.MsgSetSendEnabled(authority: governance, sendEnabled: entries, useDefaultFor: names),
                of: governance, ledger.state)?.code
        }
        func disabled(_ denomination: String) -> TransactionRefusal {
            TransactionRefusal(
                codespace: "bank", code: 5,
                log: "\(denomination) transfers are currently disabled: send transactions are disabled")
        }
        #expect(try set([.init(denom: "other", enabled: false)]) == nil)
        #expect(send("other") == disabled("other") && send("uscrt") == nil)
        #expect(
            try refusal(
                BankV1beta1.MsgUpdateParams(authority: governance, params: .init(defaultSendEnabled: false)),
                of: governance, ledger.state) == nil)
        #expect(send("uscrt") == disabled("uscrt"))
        #expect(try set([.init(denom: "uscrt", enabled: true)], default: ["other"]) == nil)
        #expect(send("uscrt") == nil && send("other") == disabled("other"))
        // Fees are no messages.
        #expect(try set([.init(denom: "uscrt", enabled: false)]) == nil)
        #expect(try ledger.refusal(ledger.send(1)) == nil)
        for wrong in [["a b"], [""], ["uscrt", "uscrt"]] {
            #expect(try set(wrong.map { .init(denom: $0) }) == 18)
            #expect(try set([], default: wrong) == 18)
        }
        #expect(try ModuleList.chain.brokenInvariants(in: ledger.state) == [])
    }

    @Test("what can be sent is said by genesis, shown, and exported as it is")
    func shown() throws {
        let begun = try state(
            """
            {"bank":{"params":{"default_send_enabled":false},
                "send_enabled":[{"denom":"uscrt","enabled":true},{"denom":"aaa","enabled":false}]}}
            """)
        #expect(try answer(BankV1beta1.Query.params, .init(), begun).params == .init(defaultSendEnabled: false))
        let both: [BankV1beta1.SendEnabled] = [
            .init(denom: "aaa", enabled: false), .init(denom: "uscrt", enabled: true),
        ]
        #expect(try answer(BankV1beta1.Query.sendEnabled, .init(), begun).sendEnabled == both)
        #expect(
            try answer(BankV1beta1.Query.sendEnabled, .init(denoms: ["bbb", "uscrt"]), begun).sendEnabled == [both[1]])
        let exported = try ModuleList.chain.exportGenesis(from: begun)
        let again = MemoryState()
        try ModuleList.chain.importGenesis(exported, on: again)
        #expect(again.values == begun.values)
        for wrong in [
            #"{"params":{"default_send_enabled":"no"}}"#, #"{"send_enabled":[{"denom":"!"}]}"#,
            #"{"send_enabled":[{"denom":"uscrt"},{"denom":"uscrt"}]}"#,
            #"{"send_enabled":[{"denom":"uscrt"}],"params":{"send_enabled":[{"denom":"other"}]}}"#,
        ] {
            #expect(throws: GenesisRefusal.self) { try state("{\"bank\":\(wrong)}") }
        }
        // As files had it before.
        let older = try state(#"{"bank":{"params":{"send_enabled":[{"denom":"uscrt","enabled":false}]}}}"#)
        #expect(
            try answer(BankV1beta1.Query.sendEnabled, .init(), older).sendEnabled == [.init(denom: "uscrt")])
    }
}
