import Auth
import Authz
import Bank
import ChainMessages
import EconomyKit
import EnclaveProtocol
import ExactNumbers
import LedgerKit
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking
import StrictJSON
import Testing
import Wire

/// What proposals do, and which nobody can make.
@Suite("Messages of proposals")
struct ProposalMessageTests {
    private let governance = Proposals.governance

    /// Has a proposal with these messages decided by all.
    private func decide(_ chain: Proposals, _ messages: [AnyMessage]) throws -> GovV1.Proposal {
        let id = try chain.submit(messages)
        for validator in chain.validators { try chain.vote(id, .yes, by: validator.account) }
        try chain.pass(20)
        return try chain.proposal(id)
    }

    @Test("a spend from the community pool is paid at the end of the block that decides it")
    func spend() throws {
        let chain = try Proposals()
        try chain.fund(1_000)
        let id = try chain.submit([chain.spend(777, to: chain.bob)])
        for validator in chain.validators { try chain.vote(id, .yes, by: validator.account) }
        try chain.economy.end()
        try chain.economy.begin(time: chain.economy.block.time.adding(nanoseconds: 20_000_000_000))
        let (pool, bob) = (ModuleAccount.distribution.address, chain.bob)
        let lines = try chain.economy.end().map(\.line)
        #expect(
            lines.suffix(5) == [
                "coin_spent{spender=\(pool),amount=777uscrt,mode=EndBlock}",
                "coin_received{receiver=\(bob),amount=777uscrt,mode=EndBlock}",
                "transfer{recipient=\(bob),sender=\(pool),amount=777uscrt,mode=EndBlock}",
                "message{sender=\(pool),mode=EndBlock}",
                "active_proposal{proposal_id=1,proposal_result=proposal_passed,proposal_log=passed,mode=EndBlock}",
            ])
        #expect(lines.first?.hasPrefix("coin_spent{spender=\(governance),amount=10000000uscrt") == true)
        #expect(try chain.economy.balance(bob) == 1_000_000_777)
        #expect(try chain.broken() == [])
    }

    @Test("where one message fails, none is done, and the proposal says why")
    func failing() throws {
        let chain = try Proposals()
        try chain.fund(1_000)
        let huge = chain.spend(2_000, to: chain.bob)
        let id = try chain.submit([chain.spend(777, to: chain.bob), huge])
        for validator in chain.validators { try chain.vote(id, .yes, by: validator.account) }
        let reason = "community pool does not have sufficient coins to distribute"
        #expect(
            try chain.pass(20) == [
                "active_proposal{proposal_id=1,proposal_result=proposal_failed,proposal_log=passed, but msg 1 "
                    + "(/cosmos.distribution.v1beta1.MsgCommunityPoolSpend) failed on execution: \(reason),"
                    + "mode=EndBlock}"
            ])
        let proposal = try chain.proposal(id)
        #expect(proposal.status == .failed && proposal.failedReason == reason)
        #expect(try chain.economy.balance(chain.bob) == 1_000_000_000)
        #expect(try chain.economy.balance(chain.alice) == 1_000_000_000 - 1_000)
        #expect(try chain.broken() == [])
    }

    @Test("governance sets what every module is held to")
    func parameters() throws {
        let chain = try Proposals()
        let economy = chain.economy
        var auth = try economy.ask(AuthV1beta1.Query.params, .init()).params
        auth.maxMemoCharacters = 300
        var staking = try economy.ask(StakingV1beta1.Query.params, .init()).params
        staking.maxEntries = 5
        var distribution = try economy.ask(DistributionV1beta1.Query.params, .init()).params
        distribution.communityTax = Decimal18(text: "0.5")!
        var slashing = try economy.ask(SlashingV1beta1.Query.params, .init()).params
        slashing.signedBlocksWindow = 77
        var mint = try economy.ask(MintV1beta1.Query.params, .init()).params
        mint.blocksPerYear = 1_000
        var gov = try economy.ask(GovV1.Query.params, .init(paramsType: "voting")).params!
        gov.votingPeriod = .seconds(30)
        let proposal = try decide(
            chain,
            [
                AuthV1beta1.MsgUpdateParams(authority: governance, params: auth).any,
                StakingV1beta1.MsgUpdateParams(authority: governance, params: staking).any,
                DistributionV1beta1.MsgUpdateParams(authority: governance, params: distribution).any,
                SlashingV1beta1.MsgUpdateParams(authority: governance, params: slashing).any,
                MintV1beta1.MsgUpdateParams(authority: governance, params: mint).any,
                GovV1.MsgUpdateParams(authority: governance, params: gov).any,
            ])
        #expect(proposal.status == .passed)
        #expect(try economy.ask(AuthV1beta1.Query.params, .init()).params == auth)
        #expect(try economy.ask(StakingV1beta1.Query.params, .init()).params == staking)
        #expect(try economy.ask(DistributionV1beta1.Query.params, .init()).params == distribution)
        #expect(try economy.ask(SlashingV1beta1.Query.params, .init()).params == slashing)
        #expect(try economy.ask(MintV1beta1.Query.params, .init()).params == mint)
        #expect(try economy.ask(GovV1.Query.params, .init(paramsType: "voting")).params == gov)
        #expect(try chain.broken() == [])
    }

    @Test("governance says what may be sent behind a block's transactions, and lets nobody else say it")
    func sending() throws {
        let chain = try Proposals()
        let (economy, alice, bob) = (chain.economy, chain.alice, chain.bob)
        let pay = BankV1beta1.MsgSend(fromAddress: alice, toAddress: bob, amount: [Coin(1, "uscrt")])
        func switched(_ isOn: Bool) -> AnyMessage {
            BankV1beta1.MsgSetSendEnabled(
                authority: governance, sendEnabled: [.init(denom: "uscrt", enabled: isOn)]
            ).any
        }
        let off = switched(false)
        // What governance says of coins holds from the next block on, whether it says so itself or to itself.
        #expect(try decide(chain, [off]).status == .passed)
        #expect(try chain.refusal(pay)?.hasPrefix("bank 5 uscrt transfers are currently disabled") == true)
        let on = AuthzV1beta1.MsgExec(grantee: governance, msgs: [switched(true)]).any
        #expect(try decide(chain, [on]).status == .passed)
        #expect(try chain.refusal(pay) == nil)
        func grant(_ type: String) -> AuthzV1beta1.MsgGrant {
            .init(
                granter: governance, grantee: alice,
                grant: .init(authorization: AuthzV1beta1.GenericAuthorization(msg: type).any))
        }
        let kept = "governance lets nobody else change what may be sent"
        for type in [off.typeURL, BankV1beta1.MsgUpdateParams.typeURL] {
            let proposal = try decide(chain, [grant(type).any])
            #expect(proposal.status == .failed && proposal.failedReason.contains(kept), "\(type)")
            // One of a genesis file is of no use either.
            let given: JSONValue = [
                "granter": .text(governance), "grantee": .text(alice),
                "authorization": ["@type": "/cosmos.authz.v1beta1.GenericAuthorization", "msg": .string(type)],
            ]
            try AuthzModule().importGenesis(
                GenesisValue(["authorization": .array([given])], at: "authz"), on: economy.state)
        }
        let all = BankV1beta1.MsgUpdateParams(authority: governance, params: .init()).any
        let ways = [AuthzV1beta1.MsgExec.typeURL, AuthzV1beta1.MsgGrant.typeURL].map { grant($0).any }
        #expect(try decide(chain, ways).status == .passed)
        let ownName = AuthzV1beta1.MsgExec(grantee: governance, msgs: [off]).any
        let deeper = AuthzV1beta1.MsgExec(grantee: governance, msgs: [ownName]).any
        for message in [off, all, ownName, deeper, grant(off.typeURL).any] {
            let said = try chain.refusal(AuthzV1beta1.MsgExec(grantee: alice, msgs: [message]))
            #expect(said?.contains(kept) == true, "\(message.typeURL) \(said ?? "passed")")
        }
        #expect(try chain.refusal(pay) == nil)
        #expect(try chain.broken() == [])
    }

    @Test("what no chain can be held to is refused, by whom it may be")
    func ownParameters() throws {
        let chain = try Proposals()
        let standard = try chain.economy.ask(GovV1.Query.params, .init(paramsType: "voting")).params!
        func refusal(_ change: (inout GovV1.Params) -> Void, by authority: AccountAddress? = nil) throws -> String? {
            var values = standard
            change(&values)
            return try chain.refusal(GovV1.MsgUpdateParams(authority: authority ?? governance, params: values))
        }
        #expect(
            try refusal({ _ in }, by: chain.alice)
                == "gov 13 invalid authority; expected \(governance), got \(chain.alice): expected gov account as only "
                + "signer for proposal message")
        let changes: [(inout GovV1.Params) -> Void] = [
            { $0.minDeposit = [] }, { $0.expeditedMinDeposit = $0.minDeposit }, { $0.votingPeriod = .zero },
            { $0.maxDepositPeriod = nil }, { $0.expeditedVotingPeriod = $0.votingPeriod }, { $0.quorum = "1.1" },
            { $0.quorum = "-0.1" }, { $0.threshold = "0" }, { $0.threshold = "x" }, { $0.vetoThreshold = "0.0" },
            { $0.expeditedThreshold = $0.threshold }, { $0.minInitialDepositRatio = "2" },
            { $0.proposalCancelRatio = "" }, { $0.minDepositRatio = "-1" }, { $0.maxDepositPeriod = .zero },
            { $0.expeditedVotingPeriod = .zero }, { $0.expeditedVotingPeriod = .seconds(-1) },
        ]
        for (index, change) in changes.enumerated() {
            #expect(try refusal(change)?.hasPrefix("undefined 1 ") == true, "\(index)")
        }
        #expect(try refusal { $0.quorum = "0" } == nil)
    }

    @Test("one that is withdrawn by another of the same block is not decided, and the chain goes on")
    func withdrawn() throws {
        let chain = try Proposals()
        let economy = chain.economy
        try BankModule.move(
            try Coins([Coin(10_000_000, "uscrt")]), from: chain.alice, to: governance, on: economy.state)
        // Governance itself proposes the third.
        let first = try chain.submit([
            chain.submission { $0.proposer = Proposals.governance }.any
        ])
        for validator in chain.validators { try chain.vote(first, .yes, by: validator.account) }
        try chain.pass(20)
        #expect(try chain.status(2) == .votingPeriod)
        let end = try #require(try chain.proposal(2).votingEndTime)
        // Of the fourth the vote ends a moment before that of the third.
        try economy.begin(time: end.adding(nanoseconds: -12_000_000_000))
        let haste = try chain.submit(
            [GovV1.MsgCancelProposal(proposalID: 2, proposer: governance).any], deposit: 50_000_000, expedited: true)
        for validator in chain.validators { try chain.vote(haste, .yes, by: validator.account) }
        try economy.begin(time: end)
        let events = try economy.end().filter { $0.type.hasSuffix("_proposal") }.map(\.line)
        #expect(
            events == [
                "cancel_proposal{sender=\(governance),proposal_id=2,mode=EndBlock}",
                "active_proposal{proposal_id=3,proposal_result=proposal_passed,proposal_log=passed,mode=EndBlock}",
            ])
        #expect(throws: QueryRefusal.self) { try chain.proposal(2) }
        #expect(try chain.broken() == [])
    }

    @Test("what nobody can propose is refused in the SDK's words")
    func refused() throws {
        let chain = try Proposals([("min_initial_deposit_ratio", "0.5")])
        let (alice, bob) = (chain.alice, chain.bob)
        func log(_ messages: [AnyMessage] = [], _ change: (inout GovV1.MsgSubmitProposal) -> Void = { _ in }) throws
            -> String?
        {
            try chain.refusal(chain.submission(messages, change))
        }
        #expect(try log { $0.title = "" } == "sdk 18 proposal title cannot be empty: invalid request")
        #expect(try log { $0.summary = "" } == "sdk 18 proposal summary cannot be empty: invalid request")
        #expect(
            try log { $0.metadata = "" }
                == "gov 11 either metadata or Msgs length must be non-nil: no messages proposed")
        #expect(
            try log { $0.metadata = #"{"title":"other","summary":"s"}"# }
                == "gov 5 metadata title 'other' must equal proposal title 't': invalid proposal content")
        #expect(
            try log { $0.metadata = #"{"title":"t"}"# }
                == "gov 5 metadata summary '' must equal proposal summary 's': invalid proposal content")
        #expect(try log { $0.metadata = #"{"title":"t","summary":"s"}"# } == nil)
        #expect(try log { $0.metadata = #"{"title":7}"# } == nil)
        #expect(try log { $0.initialDeposit = [Coin(0, "uscrt")] }?.hasPrefix("sdk 10") == true)
        #expect(
            try log { $0.initialDeposit = [Coin(4_999_999, "uscrt")] }
                == "gov 16 was (4999999uscrt), need (5000000uscrt): minimum deposit is too small")
        #expect(
            try log { $0.initialDeposit = [Coin(1, "other"), Coin(5_000_000, "uscrt")] }
                == "gov 23 deposited 1other,5000000uscrt, but gov accepts only the following denom(s): [uscrt]: invalid "
                + "deposit denom")
        let long = String(repeating: "m", count: 256)
        // In the original's order: of coins first.
        let both = try log { proposal in
            (proposal.initialDeposit, proposal.title) = ([Coin(1, "other"), Coin(5_000_000, "uscrt")], long)
        }
        #expect(both?.hasPrefix("gov 23 ") == true)
        #expect(try log { $0.metadata = long } == "gov 15 got metadata with length 256: metadata too long")
        #expect(try log { $0.title = long } == "gov 15 got title with length 256: metadata too long")
        #expect(
            try log { $0.summary = String(repeating: "m", count: 10_201) }
                == "gov 22 got summary with length 10201: summary too long")
        #expect(
            try log([BankMessage.send(.init(from: alice, to: bob, amount: [Coin(1, "uscrt")])).any])
                == "gov 13 \(alice): expected gov account as only signer for proposal message")
        let call = AnyMessage(
            typeURL: "/secret.compute.v1beta1.MsgExecuteContract",
            value: ProtobufWriter.encode { $0.bytes(1, governance.bytes) }[...])
        #expect(
            try log([call]) == "gov 10 \(call.typeURL): proposal message not recognized by router")
        #expect(try log([AnyMessage(typeURL: "/a.B", value: [])])?.hasPrefix("sdk 2 ") == true)
        let spend = chain.spend(1, to: bob)
        #expect(try log(Array(repeating: spend, count: 17))?.hasPrefix("sdk 18 ") == true)
        #expect(try log(Array(repeating: spend, count: 16)) == nil)
        let large = AuthzV1beta1.MsgExec(grantee: governance, msgs: Array(repeating: spend, count: 1_000)).any
        #expect(large.value.count > 131_072)
        #expect(try log([large])?.hasPrefix("sdk 18 the messages of a proposal have ") == true)
        let half = AuthzV1beta1.MsgExec(grantee: governance, msgs: Array(repeating: spend, count: 500)).any
        #expect(try log([half]) == nil && log([half, half])?.hasPrefix("sdk 18 ") == true)
        #expect(
            try log { $0.initialDeposit = [Coin(2_000_000_000, "uscrt")] }?.hasPrefix("sdk 5 ") == true)
        #expect(try chain.broken() == [])
    }

    @Test("messages that are none, and such as are held by others too deep, are refused when they are proposed")
    func malformed() throws {
        let chain = try Proposals()
        func log(_ message: AnyMessage) throws -> String? { try chain.refusal(chain.submission([message])) }
        func holding(_ message: AnyMessage, times: Int = 1) -> AnyMessage {
            (0..<times).reduce(message) { held, _ in AuthzV1beta1.MsgExec(grantee: governance, msgs: [held]).any }
        }
        let spend = chain.spend(1, to: chain.bob)
        #expect(try log(holding(spend, times: AnyMessage.depthMax)) == nil)
        #expect(try log(holding(spend, times: AnyMessage.depthMax + 1))?.hasPrefix("sdk 2 ") == true)
        var unknownField = spend
        unknownField.value += ProtobufWriter.encode { $0.uint64(60, 1) }
        var cut = spend
        cut.value.removeLast()
        let call = ComputeMessage.clearAdmin(.init(sender: governance, contract: chain.bob)).any
        for message in [unknownField, cut] {
            for message in [message, holding(message), holding(message, times: 2)] {
                #expect(try log(message)?.hasPrefix("sdk 2 ") == true, "\(message)")
            }
        }
        #expect(try log(holding(call))?.hasPrefix("sdk 6 no message handler found") == true)
        let unknown = AnyMessage(typeURL: "/a.B", value: [])
        #expect(try log(holding(unknown))?.hasPrefix("sdk 2 unable to resolve type URL /a.B") == true)
        // One that was taken in before this was looked at ends nothing.
        let id = try chain.submit([spend])
        var proposal = try chain.proposal(id)
        proposal.messages = [holding(spend, times: 60)]
        try chain.economy.state.set(
            proposal.encoded, of: [0] + StateKey.number(id), in: "gov")
        for validator in chain.validators { try chain.vote(id, .yes, by: validator.account) }
        try chain.pass(20)
        #expect(try chain.status(id) == .failed)
        #expect(try chain.broken() == [])
    }

    @Test("what is no vote is refused in the SDK's words")
    func votes() throws {
        let chain = try Proposals()
        try chain.submit()
        func log(_ options: [(Int32, String)]) throws -> String? {
            try chain.refusal(
                GovV1.MsgVoteWeighted(
                    proposalID: 1, voter: chain.bob,
                    options: options.map { .init(option: .init(rawValue: $0.0), weight: $0.1) }))
        }
        #expect(try log([])?.hasPrefix("sdk 18") == true)
        #expect(try log([(1, "0.5"), (2, "0.6")]) == "gov 7 total weight overflow 1.00: invalid vote option")
        #expect(try log([(1, "0.5"), (2, "0.4")]) == "gov 7 total weight lower than 1.00: invalid vote option")
        #expect(try log([(1, "0.5"), (1, "0.5")]) == "gov 7 duplicated vote option: invalid vote option")
        for wrong in [[(5, "1")], [(0, "1")], [(1, "0"), (2, "1")], [(1, "1.1")], [(1, "-1")], [(1, "one")]] {
            #expect(try log(wrong.map { (Int32($0.0), $0.1) })?.hasPrefix("gov 7 ") == true, "\(wrong)")
        }
        let zeros = String(repeating: "0", count: 31)
        #expect(try log([(1, zeros + "1")]) == nil)
        #expect(try log([(1, "1")]) == nil)
        #expect(
            try log([(1, "0" + zeros + "1")]) == "gov 7 a weight has more than 32 characters: invalid vote option")
        func plain(_ option: Int32, _ metadata: String = "") throws -> String? {
            try chain.refusal(
                GovV1.MsgVote(proposalID: 1, voter: chain.bob, option: .init(rawValue: option), metadata: metadata))
        }
        #expect(try plain(0) == "gov 7 VOTE_OPTION_UNSPECIFIED: invalid vote option")
        #expect(try plain(5) == "gov 7 5: invalid vote option")
        #expect(
            try plain(1, String(repeating: "m", count: 256))
                == "gov 15 got metadata with length 256: metadata too long")
        let vote = try #require(
            try chain.economy.ask(GovV1.Query.vote, .init(proposalID: 1, voter: chain.bob)).vote)
        #expect(vote.options == [.init(option: .yes, weight: "1")])
    }

    // MARK: - As of old

    private func legacy(_ chain: Proposals, _ content: some ChainMessage) -> GovV1beta1.MsgSubmitProposal {
        .init(content: content.any, initialDeposit: [Coin(10_000_000, "uscrt")], proposer: chain.alice)
    }

    @Test("contents of old are proposals with one message, in both versions of the protocol")
    func contents() throws {
        let chain = try Proposals()
        let economy = chain.economy
        try chain.fund(1_000)
        let text = GovV1beta1.TextProposal(title: "title", description: "what is meant")
        let outcome = try economy.run(legacy(chain, text)).get()
        #expect(outcome.response == GovV1beta1.MsgSubmitProposalResponse(proposalID: 1).any)
        #expect(
            outcome.events.first?.line
                == "submit_proposal{proposal_id=1,proposal_proposer=\(chain.alice),"
                + "proposal_messages=,/cosmos.gov.v1.MsgExecLegacyContent}")
        let spend = DistributionV1beta1.CommunityPoolSpendProposal(
            title: "t", description: "d", recipient: chain.bob, amount: [Coin(600, "uscrt")])
        _ = try economy.run(legacy(chain, spend)).get()
        try chain.submit()
        let shown = try economy.ask(GovV1beta1.Query.proposal, .init(proposalID: 1)).proposal
        #expect(shown.content == text.any && shown.status == .votingPeriod)
        // Those that had no such form are left out of the list.
        #expect(
            try economy.ask(GovV1beta1.Query.proposals, .init()).proposals.map(\.proposalID) == [1, 2])
        #expect(
            throws: QueryRefusal.registered(
                "sdk", 29,
                "invalid type: can't convert a gov/v1 Proposal to gov/v1beta1 Proposal when amount of proposal messages "
                    + "not exactly one")
        ) { try economy.ask(GovV1beta1.Query.proposal, .init(proposalID: 3)) }
        for validator in chain.validators {
            _ = try economy.run(
                GovV1beta1.MsgVoteWeighted(
                    proposalID: 2, voter: validator.account,
                    options: [
                        .init(option: .yes, weight: Decimal18(text: "0.75")!),
                        .init(option: .no, weight: Decimal18(text: "0.25")!),
                    ])
            ).get()
            _ = try economy.run(
                GovV1beta1.MsgVote(proposalID: 1, voter: validator.account, option: .yes)
            ).get()
        }
        let vote = try economy.ask(
            GovV1beta1.Query.vote, .init(proposalID: 2, voter: chain.validators[0].account)
        ).vote
        #expect(vote.options.map(\.weight.description) == ["0.750000000000000000", "0.250000000000000000"])
        #expect(
            try economy.code(
                GovV1beta1.MsgDeposit(proposalID: 2, depositor: chain.bob, amount: [Coin(200_000, "uscrt")])) == "ok")
        #expect(try chain.pass(20).count == 3)
        #expect(try economy.balance(chain.bob) == 1_000_000_600)
        #expect(try chain.status(1) == .passed && chain.status(2) == .passed && chain.status(3) == .rejected)
        let tally = try economy.ask(GovV1beta1.Query.tallyResult, .init(proposalID: 2)).tally
        #expect(tally.yes == 750_000_000 && tally.no == 250_000_000)
    }

    @Test("a content that could not be done now is refused, and so is one that is none")
    func noContents() throws {
        let chain = try Proposals()
        func log(_ content: some ChainMessage) throws -> String? { try chain.refusal(legacy(chain, content)) }
        let spend = DistributionV1beta1.CommunityPoolSpendProposal(
            title: "t", description: "d", recipient: chain.bob, amount: [Coin(600, "uscrt")])
        #expect(
            try log(spend)
                == "gov 5 community pool does not have sufficient coins to distribute: invalid proposal content")
        let change = ParamsV1beta1.ParameterChangeProposal(
            title: "t", description: "d", changes: [.init(subspace: "staking", key: "MaxValidators", value: "7")])
        #expect(try log(change) == "gov 5 staking: unknown subspace: invalid proposal content")
        #expect(
            try log(GovV1beta1.TextProposal(title: " ", description: "d"))
                == "gov 5 proposal title cannot be blank: invalid proposal content")
        #expect(
            try log(GovV1beta1.TextProposal(title: String(repeating: "t", count: 141), description: "d"))
                == "gov 5 proposal title is longer than max length of 140: invalid proposal content")
        #expect(
            try chain.refusal(GovV1beta1.MsgSubmitProposal(proposer: chain.alice))
                == "gov 5 missing content: invalid proposal content")
        #expect(try log(Coin(1, "uscrt")) == "gov 6 /cosmos.base.v1beta1.Coin: invalid proposal type")
        let stranger = GovV1.MsgExecLegacyContent(content: spend.any, authority: chain.alice)
        #expect(try chain.economy.code(stranger) == "gov/13")
    }

    // MARK: - Questions, and genesis

    @Test("what is asked of parameters and proposals is answered as a live node did")
    func answers() throws {
        let chain = try Proposals()
        let economy = chain.economy
        let old = try economy.ask(GovV1beta1.Query.params, .init(paramsType: "deposit"))
        #expect(
            old.depositParams.minDeposit == [Coin(10_000_000, "uscrt")]
                && old.depositParams.maxDepositPeriod == .seconds(100) && old.votingParams.votingPeriod == .zero
                && old.tallyParams.quorum == .zero)
        let new = try economy.ask(GovV1.Query.params, .init(paramsType: "tallying"))
        #expect(
            new.votingParams == nil && new.depositParams == nil
                && new.tallyParams
                    == .init(
                        quorum: "0.334000000000000000", threshold: "0.500000000000000000",
                        vetoThreshold: "0.334000000000000000")
        )
        for type in ["nonsense", ""] {
            #expect(throws: QueryRefusal.invalidRequest("unknown params type: \(type)")) {
                try economy.ask(GovV1.Query.params, .init(paramsType: type))
            }
        }
        try chain.submit([chain.spend(1, to: chain.bob)])
        try chain.submit(deposit: 200_000)
        try chain.vote(1, .yes, by: chain.bob)
        func listed(_ status: GovV1.ProposalStatus, voter: AccountAddress? = nil, depositor: AccountAddress? = nil)
            throws
            -> [UInt64]
        {
            try economy.ask(
                GovV1.Query.proposals, .init(proposalStatus: status, voter: voter, depositor: depositor)
            ).proposals.map(\.id)
        }
        #expect(try listed(.unspecified) == [1, 2])
        #expect(try listed(.votingPeriod) == [1] && listed(.depositPeriod) == [2] && listed(.passed) == [])
        #expect(try listed(.unspecified, voter: chain.bob) == [1] && listed(.unspecified, depositor: chain.bob) == [])
        #expect(throws: QueryRefusal.invalidRequest("voter: \(chain.alice) not found for proposal: 1")) {
            try economy.ask(GovV1.Query.vote, .init(proposalID: 1, voter: chain.alice))
        }
        #expect(
            throws: QueryRefusal.notFound(
                "collections: not found: key '(\"1\", \"\(chain.bob)\")' of type "
                    + "github.com/cosmos/gogoproto/cosmos.gov.v1.Deposit")
        ) { try economy.ask(GovV1.Query.deposit, .init(proposalID: 1, depositor: chain.bob)) }
        #expect(try economy.ask(GovV1.Query.votes, .init(proposalID: 1)).votes.map(\.voter) == [chain.bob])
        #expect(
            try economy.ask(GovV1.Query.deposits, .init(proposalID: 2)).deposits.map(\.amount)
                == [[Coin(200_000, "uscrt")]])
    }

    @Test("proposals, deposits and votes of a chain begin another, which goes on where the first was")
    func export() throws {
        let chain = try Proposals([("burn_vote_quorum", true)])
        try chain.submit()
        try chain.submit(deposit: 500_000)
        try chain.vote(1, .noWithVeto, by: chain.validators[0].account)
        try chain.pass(3)
        let exported = try Economy.modules.exportGenesis(from: chain.economy.state)
        let again = OrderedState()
        try Economy.modules.importGenesis(exported, on: again)
        #expect(try Economy.modules.exportGenesis(from: again) == exported)
        #expect(try Economy.modules.brokenInvariants(in: again) == [])
        for prefix in [0x00, 0x01, 0x02, 0x03, 0x04, 0x10, 0x20, 0x30] as [UInt8] {
            let (one, other) = try [chain.economy.state, again].map {
                try $0.entries(in: "gov", prefix: [prefix], after: nil, limit: 100, reverse: false)
            }.pair
            #expect(one == other && (!one.isEmpty || prefix == 0x31))
        }
        try chain.submit([chain.spend(1, to: chain.bob)])
        #expect(
            try Economy.modules.notExported(from: chain.economy.state).contains {
                $0.hasPrefix("gov: proposal 3, which has messages")
            })

        let text = JSONWriter.text(of: exported)
        for (old, new, said) in [
            (
                #""amount":[{"denom":"uscrt","amount":"10000000"}]"#,
                #""amount":[{"denom":"uscrt","amount":"10000001"}]"#, "app_state.gov.deposits"
            ),
            ("PROPOSAL_STATUS_VOTING_PERIOD", "VOTING", "app_state.gov.proposals[0].status"),
            ("VOTE_OPTION_NO_WITH_VETO", "VETO", "app_state.gov.votes[0].options[0].option"),
            (#""quorum":"0.334000000000000000""#, #""quorum":"1.334000000000000000""#, "app_state.gov.params"),
            (#""proposal_id":"2""#, #""proposal_id":"9""#, "app_state.gov.deposits[1].proposal_id"),
        ] {
            let changed = text.replacing(old, with: new)
            #expect(changed != text, "\(old)")
            let json = try JSONReader.parse(Array(changed.utf8), limits: JSONLimits(bytesMax: 1 << 20))
            let refusal = #expect(throws: GenesisRefusal.self) { try Economy.modules.checkGenesis(json) }
            #expect(refusal?.description.contains(said) == true, "\(String(describing: refusal))")
        }
    }
}

extension [[LedgerEntry]] {
    fileprivate var pair: ([LedgerEntry], [LedgerEntry]) { (self[0], self[1]) }
}
