import ChainMessages
import EnclaveProtocol
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateStore
import TestSupport
import Testing
import TransactionFixtures
import WalletClient
import Wire

extension HostileHostSuite {
    /// What contracts ask of staking, distribution and governance. The host's ledger says yes to everything, unless a
    /// test says otherwise.
    @Suite struct StakeMessageTests {
        let puppets: PuppetWorld

        var alice: User { puppets.alice }
        var one: AccountAddress { puppets.one }

        init() throws {
            puppets = try PuppetWorld(ledger: StakedLedger().writes)
            puppets.world.host.tricks.ledger = { message, honest in
                guard message.typeURL != BankMessage.sendTypeURL else { return honest }
                var result = LedgerMessageResult()
                result.responseTypeURL = MessageResponse.empty(toMessage: message.typeURL).typeURL
                return result
            }
        }

        private static let first = StakedLedger.operators[0]
        private static let second = StakedLedger.operators[1]

        private func amount(_ number: Int) -> String { "{\"denom\":\"uscrt\",\"amount\":\"\(number)\"}" }

        private func delegate(_ number: Int) -> String {
            "{\"staking\":{\"delegate\":{\"validator\":\"\(Self.first)\",\"amount\":\(amount(number))}}}"
        }

        /// Alice sends coins along and has the contract answer with these messages.
        private func call(
            funds: UInt128 = 0, _ messages: [String], onReply: String? = nil
        ) throws -> AnyMessage {
            let reply = onReply.map { "\"on_reply\":\($0)," } ?? ""
            let told = try alice.tell(one, "{\(reply)\"respond\":\(Told.response(messages))}")
            guard case .execute(var message)? = try ComputeMessage.decode(told), funds > 0 else { return told }
            message.funds = [Coin(funds, "uscrt")]
            return ComputeMessage.execute(message).any
        }

        /// What the ledger was asked in the last block besides sending coins.
        private var asked: [AnyMessage] {
            puppets.world.host.ledgerMessages.filter { $0.typeURL != BankMessage.sendTypeURL }.map {
                AnyMessage(typeURL: $0.typeURL, value: $0.value)
            }
        }

        /// What either interface writes, and the messages that the ledger is to get.
        private var forms: [(json: String, messages: [AnyMessage])] {
            typealias Staking = StakingV1beta1
            typealias Distribution = DistributionV1beta1
            let (first, second, coin) = (Self.first, Self.second, Coin(5, "uscrt"))
            let withdrawal = Distribution.MsgWithdrawDelegatorReward(delegatorAddress: one, validatorAddress: first).any
            let setting = Distribution.MsgSetWithdrawAddress(
                delegatorAddress: one, withdrawAddress: alice.address
            ).any
            func vote(_ option: GovV1.VoteOption) -> AnyMessage {
                GovV1.MsgVote(proposalID: 1, voter: one, option: option).any
            }
            return [
                (
                    delegate(5),
                    [Staking.MsgDelegate(delegatorAddress: one, validatorAddress: first, amount: coin).any]
                ),
                (
                    "{\"staking\":{\"undelegate\":{\"validator\":\"\(first)\",\"amount\":\(amount(5))}}}",
                    [Staking.MsgUndelegate(delegatorAddress: one, validatorAddress: first, amount: coin).any]
                ),
                (
                    "{\"staking\":{\"redelegate\":{\"src_validator\":\"\(first)\",\"dst_validator\":\"\(second)\","
                        + "\"amount\":\(amount(5))}}}",
                    [
                        Staking.MsgBeginRedelegate(
                            delegatorAddress: one, validatorSrcAddress: first, validatorDstAddress: second,
                            amount: coin
                        ).any
                    ]
                ),
                ("{\"staking\":{\"withdraw\":{\"validator\":\"\(first)\",\"recipient\":null}}}", [withdrawal]),
                (
                    "{\"staking\":{\"withdraw\":{\"validator\":\"\(first)\",\"recipient\":\"\(alice.address)\"}}}",
                    [setting, withdrawal]
                ),
                ("{\"distribution\":{\"set_withdraw_address\":{\"address\":\"\(alice.address)\"}}}", [setting]),
                ("{\"distribution\":{\"withdraw_delegator_reward\":{\"validator\":\"\(first)\"}}}", [withdrawal]),
                ("{\"gov\":{\"vote\":{\"proposal_id\":1,\"vote\":\"no_with_veto\"}}}", [vote(.noWithVeto)]),
                ("{\"gov\":{\"vote\":{\"proposal\":1,\"vote_option\":\"Yes\"}}}", [vote(.yes)]),
                (encoded(setting), [setting]),
            ]
        }

        private func encoded(_ message: AnyMessage) -> String {
            let value = Base64.encode(Array(message.value))
            return "{\"stargate\":{\"type_url\":\"\(message.typeURL)\",\"value\":\"\(value)\"}}"
        }

        @Test(
            "what contracts ask of staking, distribution and governance is the chain's own messages, in their name alone"
        )
        func messages() throws {
            for (json, messages) in forms {
                let result = try puppets.play([try call(funds: 5, [Told.message(json)])])
                #expect(result.code == 0, "\(json): \(result.log)")
                #expect(asked == messages, "\(json)")
                #expect(puppets.world.host.ledgerMessages.dropFirst().allSatisfy { $0.signer == one.bytes })
                #expect(result.gasUsed > 20_000)
            }
        }

        @Test("a contract of interface v0.10 asks the same, without numbers and replies")
        func old() throws {
            let code = Repository.contract("puppet-v010")
            let codeHash = SHA256.hash(code)
            let hexadecimal = Hexadecimal.encode(codeHash.bytes)
            let store = ComputeMessage.storeCode(.init(sender: alice.address, code: code[...])).any
            #expect(try puppets.play([store], gas: 3_000_000).code == 0)
            let begin = try alice.encryption.seal(
                Array("{}".utf8), codeHash: hexadecimal, owner: (alice.address, codeHash.bytes))
            let made = try puppets.play([
                ComputeMessage.instantiate(
                    .init(sender: alice.address, codeID: 3, label: "old", message: begin)
                ).any
            ])
            let old = try #require(try made.response().address)
            let validator = Self.first
            let json =
                "{\"respond\":{\"messages\":[{\"staking\":{\"withdraw\":{\"validator\":\"\(validator)\","
                + "\"recipient\":\"\(alice.address)\"}}},\(delegate(5))],\"log\":[],\"data\":null}}"
            let sealed = try alice.encryption.seal(
                Array(json.utf8), codeHash: hexadecimal, owner: (alice.address, old.bytes))
            let result = try puppets.play([alice.execute(old, sealed: sealed, funds: 5)])
            #expect(result.code == 0, "\(result.log)")
            #expect(
                asked == [
                    DistributionV1beta1.MsgSetWithdrawAddress(
                        delegatorAddress: old, withdrawAddress: alice.address
                    ).any,
                    DistributionV1beta1.MsgWithdrawDelegatorReward(delegatorAddress: old, validatorAddress: validator)
                        .any,
                    StakingV1beta1.MsgDelegate(
                        delegatorAddress: old, validatorAddress: validator, amount: Coin(5, "uscrt")
                    ).any,
                ])
        }

        @Test("a contract stakes no more than what it holds, once, whatever the host's ledger says")
        func cover() throws {
            #expect(try puppets.play([try call(funds: 100, [Told.message(delegate(101))])]).code == 5)
            #expect(asked.isEmpty)
            // In one call, and in two transactions of a block.
            #expect(
                try puppets.play([try call(funds: 100, [Told.message(delegate(60)), Told.message(delegate(41))])]).code
                    == 5)
            try puppets.world.play([
                alice.sign([try call(funds: 100, [Told.message(delegate(60))])], gas: 1_000_000),
                alice.sign([try call([Told.send(41, to: puppets.two)])], gas: 1_000_000),
                alice.sign([try call([Told.send(40, to: puppets.two)])], gas: 1_000_000),
            ])
            #expect(puppets.world.host.outputs.map(\.code) == [0, 5, 0])
            #expect(try puppets.play([try call([Told.message(delegate(0))])]).code != 0)
        }

        @Test("what is covered and refused by the ledger is the contract's again")
        func refused() throws {
            let honest = puppets.world.host.tricks.ledger
            puppets.world.host.tricks.ledger = { message, result in
                guard message.typeURL.hasSuffix("MsgDelegate") else { return try honest(message, result) }
                var refusal = LedgerMessageResult()
                (refusal.code, refusal.codespace, refusal.log) = (3, "staking", "the host's own words")
                return refusal
            }
            let again = "{\"respond\":\(Told.response([Told.send(100, to: puppets.two)]))}"
            let result = try puppets.play([
                try call(funds: 100, [Told.message(delegate(100), replyOn: "error")], onReply: again)
            ])
            #expect(result.code == 0, "\(result.log)")
            let reply = try #require(try puppets.kept("reply", by: one))
            #expect(reply.contains("codespace: staking, code: 3") && !reply.contains("the host's own words"))
        }

        @Test("what became of it a contract hears from the enclave: passed, without an event or a datum of the host's")
        func outcome() throws {
            puppets.world.host.tricks.ledger = { message, honest in
                guard message.typeURL != BankMessage.sendTypeURL else { return honest }
                var result = LedgerMessageResult()
                result.responseTypeURL = "/cosmos.staking.v1beta1.MsgUndelegateResponse"
                result.data = ProtobufWriter.encode { $0.string(1, "whatever the host likes") }
                return result
            }
            let json = "{\"staking\":{\"undelegate\":{\"validator\":\"\(Self.first)\",\"amount\":\(amount(5))}}}"
            #expect(
                try puppets.play([try call([Told.message(json, replyOn: "always")], onReply: Told.respond())]).code == 0
            )
            let reply = try #require(try puppets.kept("reply", by: one))
            #expect(reply == "{\"id\":7,\"result\":{\"ok\":{\"events\":[],\"data\":null}}}")
        }

        @Test("in another's name, of another type, or in no form of these a contract asks for nothing")
        func refusals() throws {
            let others = DistributionV1beta1.MsgSetWithdrawAddress(
                delegatorAddress: alice.address, withdrawAddress: one
            ).any
            #expect(try puppets.play([try call([Told.message(encoded(others))])]).code == 4)
            let create = AnyMessage(typeURL: "/cosmos.staking.v1beta1.MsgCreateValidator", value: [])
            for json in [
                encoded(create), "{\"staking\":{\"delegate\":{\"validator\":\"v\"}}}", "{\"staking\":{\"jail\":{}}}",
                "{\"staking\":{\"delegate\":{\"validator\":\"v\",\"recipient\":\"r\",\"amount\":\(amount(5))}}}",
                "{\"gov\":{\"vote\":{\"proposal_id\":1,\"vote\":\"maybe\"}}}", "{\"gov\":{\"deposit\":{}}}",
                "{\"distribution\":{\"fund_community_pool\":{}}}",
            ] {
                let result = try puppets.play([try call(funds: 5, [Told.message(json)])])
                #expect(result.code == 6 && result.log.contains("is not run here"), "\(json): \(result.log)")
            }
            #expect(asked.isEmpty)
        }
    }
}
