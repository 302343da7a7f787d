import API
import ChainMessages
import LedgerRecords
import SignedTransactions
import Testing
import Wire

/// Answers of a live node of the Cosmos SDK 0.50.14, with our addresses and denomination.
@Suite("Proposals as clients read them") struct GovernanceServiceTests {
    private static let governance = "secret10d07y265gmmuvt4z0w9aw880jnsr700jc88vt0"
    private static let alice = "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03"
    private static let bob = "secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne"

    private let chain: ChainDouble = {
        var script = Fixture.script
        func number(_ id: UInt64) -> [UInt8] { StateKey.number(id) }
        func time(_ text: String) -> Timestamp { Timestamp(rfc3339: text)! }
        let alice = AccountAddress(bech32: GovernanceServiceTests.alice)!
        let bob = AccountAddress(bech32: GovernanceServiceTests.bob)!
        let spend = DistributionV1beta1.MsgCommunityPoolSpend(
            authority: AccountAddress(bech32: GovernanceServiceTests.governance)!, recipient: bob,
            amount: [Coin(777, "uscrt")])
        let passed = GovV1.Proposal(
            id: 1, status: .passed,
            finalTallyResult: .init(
                yesCount: 900_000_000_000_780_000_000, abstainCount: 65_000_000, noCount: 390_000_000,
                noWithVetoCount: 65_000_000), submitTime: time("2026-11-29T07:01:21.747906755Z"),
            depositEndTime: time("2026-12-01T07:01:21.747906755Z"), totalDeposit: [Coin(10_100_000, "uscrt")],
            votingStartTime: time("2026-11-29T07:01:21.747906755Z"),
            votingEndTime: time("2026-11-29T07:01:41.747906755Z"), metadata: "ipfs://x", title: "t", summary: "s",
            proposer: alice)
        let voted = GovV1.Proposal(
            id: 2, messages: [spend.any], status: .votingPeriod,
            finalTallyResult: .init(yesCount: 0, abstainCount: 0, noCount: 0, noWithVetoCount: 0),
            submitTime: time("2026-11-29T07:02:30.945737823Z"), depositEndTime: time("2026-12-01T07:02:30.945737823Z"),
            totalDeposit: [Coin(10_000_000, "uscrt")], votingStartTime: time("2026-11-29T07:02:30.945737823Z"),
            votingEndTime: time("2026-11-29T07:02:50.945737823Z"), metadata: "m", title: "spend", summary: "s",
            proposer: alice)
        for proposal in [passed, voted] { script.state.set("gov", [0] + number(proposal.id), proposal.encoded) }
        let deposit = GovV1.Deposit(proposalID: 2, depositor: alice, amount: [Coin(10_000_000, "uscrt")])
        script.state.set("gov", [0x10] + number(2) + [20] + alice.bytes, deposit.encoded)
        let vote = GovV1.Vote(
            proposalID: 2, voter: bob, options: [.init(option: .yes, weight: "1.000000000000000000")])
        script.state.set("gov", [0x20] + number(2) + [20] + bob.bytes, vote.encoded)
        let parameters = GovV1.Params(
            minDeposit: [Coin(10_000_000, "uscrt")], maxDepositPeriod: .seconds(172_800), votingPeriod: .seconds(20),
            quorum: "0.334000000000000000", threshold: "0.500000000000000000", vetoThreshold: "0.334000000000000000",
            minInitialDepositRatio: "0.000000000000000000", proposalCancelRatio: "0.500000000000000000",
            expeditedVotingPeriod: .seconds(10), expeditedThreshold: "0.667000000000000000",
            expeditedMinDeposit: [Coin(50_000_000, "uscrt")], burnVoteVeto: true,
            minDepositRatio: "0.010000000000000000")
        script.state.set("gov", [0x30], parameters.encoded)
        return ChainDouble(script)
    }()

    private static let parameters =
        #"{"min_deposit":[{"denom":"uscrt","amount":"10000000"}],"max_deposit_period":"172800s","voting_period":"20s","quorum":"0.334000000000000000","threshold":"0.500000000000000000","veto_threshold":"0.334000000000000000","min_initial_deposit_ratio":"0.000000000000000000","proposal_cancel_ratio":"0.500000000000000000","proposal_cancel_dest":"","expedited_voting_period":"10s","expedited_threshold":"0.667000000000000000","expedited_min_deposit":[{"denom":"uscrt","amount":"50000000"}],"burn_vote_quorum":false,"burn_proposal_deposit_prevote":false,"burn_vote_veto":true,"min_deposit_ratio":"0.010000000000000000"}"#
    private static let passed =
        #"{"id":"1","messages":[],"status":"PROPOSAL_STATUS_PASSED","final_tally_result":{"yes_count":"900000000000780000000","abstain_count":"65000000","no_count":"390000000","no_with_veto_count":"65000000"},"submit_time":"2026-11-29T07:01:21.747906755Z","deposit_end_time":"2026-12-01T07:01:21.747906755Z","total_deposit":[{"denom":"uscrt","amount":"10100000"}],"voting_start_time":"2026-11-29T07:01:21.747906755Z","voting_end_time":"2026-11-29T07:01:41.747906755Z","metadata":"ipfs://x","title":"t","summary":"s","proposer":"\#(alice)","expedited":false,"failed_reason":""}"#
    private static let spend =
        #"{"@type":"/cosmos.distribution.v1beta1.MsgCommunityPoolSpend","authority":"\#(governance)","recipient":"\#(bob)","amount":[{"denom":"uscrt","amount":"777"}]}"#
    private static let voted =
        #"{"id":"2","messages":[\#(spend)],"status":"PROPOSAL_STATUS_VOTING_PERIOD","final_tally_result":{"yes_count":"0","abstain_count":"0","no_count":"0","no_with_veto_count":"0"},"submit_time":"2026-11-29T07:02:30.945737823Z","deposit_end_time":"2026-12-01T07:02:30.945737823Z","total_deposit":[{"denom":"uscrt","amount":"10000000"}],"voting_start_time":"2026-11-29T07:02:30.945737823Z","voting_end_time":"2026-11-29T07:02:50.945737823Z","metadata":"m","title":"spend","summary":"s","proposer":"\#(alice)","expedited":false,"failed_reason":""}"#
    private static let votedAsOfOld =
        #"{"proposal_id":"2","content":\#(spend),"status":"PROPOSAL_STATUS_VOTING_PERIOD","final_tally_result":{"yes":"0","abstain":"0","no":"0","no_with_veto":"0"},"submit_time":"2026-11-29T07:02:30.945737823Z","deposit_end_time":"2026-12-01T07:02:30.945737823Z","total_deposit":[{"denom":"uscrt","amount":"10000000"}],"voting_start_time":"2026-11-29T07:02:30.945737823Z","voting_end_time":"2026-11-29T07:02:50.945737823Z"}"#
    private static let page = #""pagination":{"next_key":null,"total":"#

    @Test(
        "the golden answers",
        arguments: [
            ("v1/constitution", #"{"constitution":""}"#),
            (
                "v1/params/deposit",
                #"{"voting_params":null,"deposit_params":{"min_deposit":[{"denom":"uscrt","amount":"10000000"}],"max_deposit_period":"172800s"},"tally_params":null,"params":\#(parameters)}"#
            ),
            (
                "v1/params/voting",
                #"{"voting_params":{"voting_period":"20s"},"deposit_params":null,"tally_params":null,"params":\#(parameters)}"#
            ),
            (
                "v1/params/tallying",
                #"{"voting_params":null,"deposit_params":null,"tally_params":{"quorum":"0.334000000000000000","threshold":"0.500000000000000000","veto_threshold":"0.334000000000000000"},"params":\#(parameters)}"#
            ),
            (
                "v1beta1/params/deposit",
                #"{"voting_params":{"voting_period":"0s"},"deposit_params":{"min_deposit":[{"denom":"uscrt","amount":"10000000"}],"max_deposit_period":"172800s"},"tally_params":{"quorum":"0.000000000000000000","threshold":"0.000000000000000000","veto_threshold":"0.000000000000000000"}}"#
            ),
            (
                "v1beta1/params/voting",
                #"{"voting_params":{"voting_period":"20s"},"deposit_params":{"min_deposit":[],"max_deposit_period":"0s"},"tally_params":{"quorum":"0.000000000000000000","threshold":"0.000000000000000000","veto_threshold":"0.000000000000000000"}}"#
            ),
            (
                "v1beta1/params/tallying",
                #"{"voting_params":{"voting_period":"0s"},"deposit_params":{"min_deposit":[],"max_deposit_period":"0s"},"tally_params":{"quorum":"0.334000000000000000","threshold":"0.500000000000000000","veto_threshold":"0.334000000000000000"}}"#
            ),
            ("v1/proposals", #"{"proposals":[\#(passed),\#(voted)],\#(page)"2"}}"#),
            (
                "v1/proposals?proposal_status=PROPOSAL_STATUS_VOTING_PERIOD",
                #"{"proposals":[\#(voted)],\#(page)"1"}}"#
            ),
            ("v1/proposals/1", #"{"proposal":\#(passed)}"#), ("v1/proposals/2", #"{"proposal":\#(voted)}"#),
            ("v1beta1/proposals/2", #"{"proposal":\#(votedAsOfOld)}"#),
            (
                "v1/proposals/2/deposits",
                #"{"deposits":[{"proposal_id":"2","depositor":"\#(alice)","amount":[{"denom":"uscrt","amount":"10000000"}]}],\#(page)"1"}}"#
            ),
            (
                "v1/proposals/2/deposits/\(alice)",
                #"{"deposit":{"proposal_id":"2","depositor":"\#(alice)","amount":[{"denom":"uscrt","amount":"10000000"}]}}"#
            ),
            (
                "v1/proposals/2/votes",
                #"{"votes":[{"proposal_id":"2","voter":"\#(bob)","options":[{"option":"VOTE_OPTION_YES","weight":"1.000000000000000000"}],"metadata":""}],\#(page)"1"}}"#
            ),
            (
                "v1/proposals/2/votes/\(bob)",
                #"{"vote":{"proposal_id":"2","voter":"\#(bob)","options":[{"option":"VOTE_OPTION_YES","weight":"1.000000000000000000"}],"metadata":""}}"#
            ),
            (
                "v1beta1/proposals/2/votes/\(bob)",
                #"{"vote":{"proposal_id":"2","voter":"\#(bob)","option":"VOTE_OPTION_UNSPECIFIED","options":[{"option":"VOTE_OPTION_YES","weight":"1.000000000000000000"}]}}"#
            ),
            (
                "v1/proposals/1/tally",
                #"{"tally":{"yes_count":"900000000000780000000","abstain_count":"65000000","no_count":"390000000","no_with_veto_count":"65000000"}}"#
            ),
        ])
    func golden(target: String, expected: String) async {
        let answer = await chain.get("/cosmos/gov/" + target)
        #expect(answer.status == 200)
        #expect(answer.text == expected)
    }

    @Test("messages that are none, or held too deep, are shown as far as they go, and the others with them")
    func strange() async throws {
        let bob = AccountAddress(bech32: Self.bob)!
        var script = Fixture.script
        var unknownField = BankMessage.send(.init(from: bob, to: bob, amount: [Coin(1, "uscrt")])).any
        unknownField.value += [0xe0, 0x03, 0x01]
        let deep = (0..<60).reduce(unknownField) { held, _ in AuthzV1beta1.MsgExec(grantee: bob, msgs: [held]).any }
        let cut = AnyMessage(typeURL: unknownField.typeURL, value: [0x0a, 0x20, 0x61])
        let unknown = AnyMessage(typeURL: "/a.B", value: [1, 2, 3])
        for (index, message) in [unknownField, deep, cut, unknown].enumerated() {
            let id = UInt64(index + 1)
            let content = GovV1.MsgExecLegacyContent(content: message, authority: bob).any
            let messages = index == 1 ? [message] : [message, content]
            let proposal = GovV1.Proposal(id: id, messages: messages, status: .votingPeriod, title: "\(id)")
            script.state.set("gov", [0] + StateKey.number(id), proposal.encoded)
        }
        let chain = ChainDouble(script)
        let all = await chain.get("/cosmos/gov/v1/proposals")
        #expect(all.status == 200 && all.text.contains("\"total\":\"4\""), "\(all.text.prefix(300))")
        let first = #""messages":[{"@type":"/cosmos.bank.v1beta1.MsgSend","from_address":"\#(Self.bob)""#
        #expect(all.text.contains(first))
        #expect(all.text.contains(#"{"@type":"/a.B","value":"AQID"}"#))
        #expect(all.text.contains(#"{"@type":"/cosmos.bank.v1beta1.MsgSend","value":"CiBh"}"#))
        for id in 1...4 {
            let one = await chain.get("/cosmos/gov/v1/proposals/\(id)")
            #expect(one.status == 200 && one.text.contains("\"title\":\"\(id)\""), "\(id) \(one.text.prefix(300))")
        }
    }

    @Test(
        "what is refused, as the module says it there",
        arguments: [
            ("v1/params/nonsense", 400, 3, "unknown params type: nonsense"),
            ("v1/proposals/999", 404, 5, "proposal 999 doesn't exist"),
            (
                "v1beta1/proposals/1", 500, 2,
                "codespace sdk code 29: invalid type: can't convert a gov/v1 Proposal to gov/v1beta1 Proposal when amount "
                    + "of proposal messages not exactly one"
            ),
            (
                "v1/proposals/2/deposits/\(bob)", 404, 5,
                #"collections: not found: key '(\"2\", \"\#(bob)\")' of type github.com/cosmos/gogoproto/cosmos.gov.v1.Deposit"#
            ),
            ("v1/proposals/2/votes/\(alice)", 400, 3, "voter: \(alice) not found for proposal: 2"),
        ])
    func refused(target: String, status: Int, code: Int, message: String) async {
        let answer = await chain.get("/cosmos/gov/" + target)
        #expect(answer.status == status)
        #expect(answer.text == #"{"code":\#(code),"message":"\#(message)","details":[]}"#)
    }
}
