import Auth
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

@Suite("Governance")
struct GovernanceTests {
    @Test("a proposal, its votes and what they come to are what a live node of the Cosmos SDK 0.50.14 told")
    func golden() throws {
        let chain = try Proposals(tokens: [900_000_000_000_000_000_000])
        let (economy, alice, bob) = (chain.economy, chain.alice, chain.bob)
        let holder = ModuleAccount.governance.address
        let validator = chain.validators[0]
        func paid(_ amount: String, by payer: AccountAddress, to receiver: AccountAddress) -> [String] {
            [
                "coin_spent{spender=\(payer),amount=\(amount)}", "coin_received{receiver=\(receiver),amount=\(amount)}",
                "transfer{recipient=\(receiver),sender=\(payer),amount=\(amount)}", "message{sender=\(payer)}",
            ]
        }
        _ = try economy.run(
            StakingV1beta1.MsgDelegate(
                delegatorAddress: alice, validatorAddress: validator.validator, amount: Coin(999_000_000, "uscrt"))
        ).get()
        _ = try economy.run(
            StakingV1beta1.MsgDelegate(
                delegatorAddress: bob, validatorAddress: validator.validator, amount: Coin(301_000_000, "uscrt"))
        ).get()
        try BankModule.move(
            try Coins([Coin(600_000_000, "uscrt")]), from: bob, to: alice, on: economy.state)

        let submitted = try economy.run(chain.submission()).get()
        #expect(submitted.response == GovV1.MsgSubmitProposalResponse(proposalID: 1).any)
        #expect(
            submitted.events.map(\.line) == [
                "submit_proposal{proposal_id=1,proposal_proposer=\(alice),proposal_messages=}"
            ] + paid("10000000uscrt", by: alice, to: holder) + [
                "proposal_deposit{depositor=\(alice),amount=10000000uscrt,proposal_id=1}",
                "submit_proposal{voting_period_start=1}",
            ])
        let small = GovV1.MsgDeposit(proposalID: 1, depositor: bob, amount: [Coin(1, "uscrt")])
        #expect(
            try chain.refusal(small)
                == "gov 16 received 1uscrt but need at least one of the following: 100000uscrt: minimum deposit is too "
                + "small")
        let deposit = GovV1.MsgDeposit(proposalID: 1, depositor: bob, amount: [Coin(100_000, "uscrt")])
        #expect(
            try economy.run(deposit).get().events.map(\.line) == paid("100000uscrt", by: bob, to: holder) + [
                "proposal_deposit{depositor=\(bob),amount=100000uscrt,proposal_id=1}"
            ])
        #expect(
            try economy.run(GovV1.MsgVote(proposalID: 1, voter: validator.account, option: .yes)).get().events
                .map(\.line) == [
                    "proposal_vote{voter=\(validator.account),option=[{\"option\":1,\"weight\":\"1.000000000000000000\"}],"
                        + "proposal_id=1}"
                ])
        // Both delegators of what one had there.
        for voter in [alice, bob] {
            let weighted = GovV1.MsgVoteWeighted(
                proposalID: 1, voter: voter,
                options: [
                    .init(option: .yes, weight: "0.600000000000000000"),
                    .init(option: .no, weight: "0.300000000000000000"),
                    .init(option: .abstain, weight: "0.050000000000000000"),
                    .init(option: .noWithVeto, weight: "0.050000000000000000"),
                ])
            #expect(
                try economy.run(weighted).get().events.map(\.line) == [
                    "proposal_vote{voter=\(voter),option=[{\"option\":1,\"weight\":\"0.600000000000000000\"},"
                        + "{\"option\":3,\"weight\":\"0.300000000000000000\"},"
                        + "{\"option\":2,\"weight\":\"0.050000000000000000\"},"
                        + "{\"option\":4,\"weight\":\"0.050000000000000000\"}],proposal_id=1}"
                ])
        }
        let counted: [UInt128] = [900_000_000_000_780_000_000, 65_000_000, 390_000_000, 65_000_000]
        #expect(try chain.tally(1) == counted)
        #expect(
            try chain.refusal(GovV1.MsgVote(proposalID: 77, voter: bob, option: .yes)) == "gov 3 77: inactive proposal")
        #expect(
            try chain.pass(20) == [
                "active_proposal{proposal_id=1,proposal_result=proposal_passed,proposal_log=passed,mode=EndBlock}"
            ])
        #expect(try chain.status(1) == .passed)
        #expect(try chain.tally(1) == counted)
        #expect(try economy.balance(holder) == 0)
        #expect(try chain.broken() == [])
    }

    @Test("whoever withdraws a proposal loses half of what was deposited, and nobody else can withdraw it")
    func cancelled() throws {
        let chain = try Proposals()
        let (economy, alice, holder) = (chain.economy, chain.alice, ModuleAccount.governance.address)
        let supply = try chain.supply()
        try chain.submit(deposit: 1_000_001)
        #expect(
            try chain.refusal(GovV1.MsgCancelProposal(proposalID: 1, proposer: chain.bob))
                == "gov 18 invalid proposer \(chain.bob): invalid proposer")
        let outcome = try economy.run(GovV1.MsgCancelProposal(proposalID: 1, proposer: alice)).get()
        #expect(
            outcome.events.map(\.line) == [
                "coin_spent{spender=\(holder),amount=500001uscrt}",
                "coin_received{receiver=\(alice),amount=500001uscrt}",
                "transfer{recipient=\(alice),sender=\(holder),amount=500001uscrt}", "message{sender=\(holder)}",
                "coin_spent{spender=\(holder),amount=500000uscrt}", "burn{burner=\(holder),amount=500000uscrt}",
                "cancel_proposal{sender=\(alice),proposal_id=1}",
            ])
        let answer = try GovV1.MsgCancelProposalResponse(decoding: outcome.response.value, .signed)
        #expect(answer.proposalID == 1 && answer.canceledHeight == 1 && answer.canceledTime == economy.block.time)
        #expect(try chain.supply() == supply - 500_000)
        #expect(throws: QueryRefusal.notFound("proposal 1 doesn't exist")) { try chain.proposal(1) }
        // A vote on it goes, too, and the next has a number of its own.
        #expect(try chain.submit() == 2)
        try chain.vote(2, .yes, by: alice)
        #expect(try economy.code(GovV1.MsgCancelProposal(proposalID: 2, proposer: alice)) == "ok")
        #expect(try economy.records(GovV1.Vote.self, 0x20, in: "gov").isEmpty)
        #expect(try chain.pass(100) == [])
        #expect(
            try chain.refusal(GovV1.MsgCancelProposal(proposalID: 2, proposer: alice))?.hasPrefix("undefined 1 ")
                == true)
        // What is decided stays decided.
        try chain.submit()
        try chain.pass(20)
        #expect(
            try chain.refusal(GovV1.MsgCancelProposal(proposalID: 3, proposer: alice))
                == "gov 21 proposal should be in the deposit or voting period: invalid proposal")
        #expect(try chain.broken() == [])
    }

    @Test("what a withdrawn proposal costs goes where the chain says, and the pool counts what it is given")
    func destinations() throws {
        let pool = ModuleAccount.distribution.address
        let chain = try Proposals([("proposal_cancel_dest", .text(pool)), ("proposal_cancel_ratio", "1.0")])
        try chain.submit()
        let supply = try chain.supply()
        #expect(try chain.economy.code(GovV1.MsgCancelProposal(proposalID: 1, proposer: chain.alice)) == "ok")
        #expect(try chain.supply() == supply)
        let held = try chain.economy.ask(DistributionV1beta1.Query.communityPool, .init()).pool
        #expect(held.map(\.amount.description) == ["10000000.000000000000000000"])
        #expect(try chain.broken() == [])

        let other = try Proposals([("proposal_cancel_dest", .text(chain.bob))])
        try other.submit()
        #expect(try other.economy.code(GovV1.MsgCancelProposal(proposalID: 1, proposer: other.alice)) == "ok")
        #expect(try other.economy.balance(other.bob) == 1_005_000_000)

        let blocked = try Proposals([("proposal_cancel_dest", .text(ModuleAccount.bondedPool.address))])
        try blocked.submit()
        #expect(try blocked.economy.code(GovV1.MsgCancelProposal(proposalID: 1, proposer: blocked.alice)) == "sdk/4")
        #expect(try blocked.status(1) == .votingPeriod && blocked.broken() == [])
    }

    @Test(
        "exactly the quorum is enough and exactly a threshold is not; only a veto burns what was deposited",
        arguments: [
            // Tokens of those that vote yes, abstain, no, no with veto, and not at all.
            ([334, 0, 0, 0, 666], true, false), ([333, 0, 0, 0, 667], false, false),
            ([500, 0, 500, 0, 0], false, false), ([501, 0, 499, 0, 0], true, false),
            ([251, 500, 249, 0, 0], true, false), ([249, 500, 251, 0, 0], false, false),
            ([0, 1000, 0, 0, 0], false, false), ([0, 0, 0, 0, 1000], false, false),
            ([666, 0, 0, 334, 0], true, false), ([665, 0, 0, 335, 0], false, true),
            ([300, 330, 35, 335, 0], false, true), ([20, 0, 320, 0, 660], false, false),
        ] as [([UInt128], Bool, Bool)])
    func thresholds(powers: [UInt128], passes: Bool, burns: Bool) throws {
        let parts = zip(powers, [GovV1.VoteOption.yes, .abstain, .no, .noWithVeto, nil]).filter { $0.0 > 0 }
        let chain = try Proposals(tokens: parts.map { $0.0 * 1_000_000 })
        try chain.submit()
        let supply = try chain.supply()
        for (validator, part) in zip(chain.validators, parts) {
            if let option = part.1 { try chain.vote(1, option, by: validator.account) }
        }
        #expect(try chain.pass(19) == [])
        let said = try chain.pass(1)
        #expect(
            said == [
                "active_proposal{proposal_id=1,proposal_result=\(passes ? "proposal_passed" : "proposal_rejected"),"
                    + "proposal_log=\(passes ? "passed" : "rejected"),mode=EndBlock}"
            ])
        let proposal = try chain.proposal(1)
        #expect(proposal.status == (passes ? .passed : .rejected))
        #expect(proposal.failedReason == (passes ? "" : "proposal did not get enough votes to pass"))
        #expect(try chain.supply() == supply - (burns ? 10_000_000 : 0))
        #expect(try chain.economy.balance(chain.alice) == 1_000_000_000 - (burns ? 10_000_000 : 0))
        #expect(try chain.tally(1) == powers.prefix(4).map { $0 * 1_000_000 })
        #expect(try chain.broken() == [])
    }

    @Test("what the chain burns besides is burned: below the quorum, and before the vote")
    func burning() throws {
        let chain = try Proposals([("burn_vote_quorum", true), ("burn_proposal_deposit_prevote", true)])
        let supply = try chain.supply()
        try chain.submit()
        try chain.submit(deposit: 9_999_999)
        try chain.pass(20)
        #expect(try chain.supply() == supply - 10_000_000)
        try chain.pass(100)
        #expect(try chain.supply() == supply - 19_999_999)
        #expect(try chain.broken() == [])
    }

    @Test("a delegator's vote counts instead of its validator's, for what it delegated to the set")
    func delegators() throws {
        let chain = try Proposals()
        let (economy, alice) = (chain.economy, chain.alice)
        for (validator, amount) in zip(chain.validators, [30_000_000, 70_000_000] as [UInt128]) {
            _ = try economy.run(
                StakingV1beta1.MsgDelegate(
                    delegatorAddress: alice, validatorAddress: validator.validator, amount: Coin(amount, "uscrt"))
            ).get()
        }
        try chain.submit()
        try chain.vote(1, .yes, by: chain.validators[0].account)
        #expect(try chain.tally(1) == [630_000_000, 0, 0, 0])
        try chain.vote(1, .no, by: alice)
        #expect(try chain.tally(1) == [600_000_000, 0, 100_000_000, 0])
        try chain.vote(1, .abstain, by: alice)
        try chain.vote(1, .no, by: chain.bob)
        #expect(try chain.tally(1) == [600_000_000, 100_000_000, 0, 0])
        // Where shares are worth less than they cost, votes are, too.
        var record = try #require(try StakingStore.validator(chain.validators[0].validator, in: economy.state))
        record.tokens = 210_000_000
        try economy.state.set(record.encoded, of: [0x21, 20] + chain.validators[0].account.bytes, in: "staking")
        #expect(try chain.tally(1) == [200_000_000, 80_000_000, 0, 0])
    }

    @Test("who comes into the set in this block has no vote in it yet and takes none from who is in it")
    func newcomers() throws {
        let chain = try Proposals(tokens: [600_000_000, 400_000_000])
        var parameters = try chain.economy.ask(StakingV1beta1.Query.params, .init()).params
        parameters.maxValidators = 2
        _ = try chain.economy.run(
            StakingV1beta1.MsgUpdateParams(authority: Proposals.governance, params: parameters)
        ).get()
        let key = CryptoEd25519.PubKey(key: [UInt8](repeating: 99, count: 32)).any
        let create = StakingV1beta1.MsgCreateValidator(
            description: .init(moniker: "new"),
            commission: .init(rate: .zero, maxRate: .one, maxChangeRate: .one), minSelfDelegation: 1,
            delegatorAddress: nil, validatorAddress: OperatorAddress(chain.bob), pubkey: key,
            value: Coin(500_000_000, "uscrt"))
        // What a sender writes beside the key would stand in the set of each block.
        var padded = create
        let beside = ProtobufWriter.encode { $0.bytes(1024, [UInt8](repeating: 1, count: 5_000)) }
        padded.pubkey?.value += beside
        #expect(try chain.economy.code(padded) == "ok")
        let made = try chain.economy.ask(
            StakingV1beta1.Query.validator, .init(validatorAddr: OperatorAddress(chain.bob)))
        #expect(made.validator.consensusPubkey == key)
        try chain.submit()
        for voter in chain.validators.map(\.account) + [chain.bob] { try chain.vote(1, .yes, by: voter) }
        #expect(try chain.tally(1) == [1_000_000_000, 0, 0, 0])
        try chain.economy.end()
        #expect(try chain.tally(1) == [1_100_000_000, 0, 0, 0])
    }

    @Test("what is wanted in haste needs more to pass, and where it does not, is voted on anew at leisure")
    func expedited() throws {
        let chain = try Proposals()
        let (first, second) = (chain.validators[0].account, chain.validators[1].account)
        // What is enough for an ordinary one is not for one in haste.
        try chain.submit(deposit: 49_999_999, expedited: true)
        #expect(try chain.status(1) == .depositPeriod)
        try chain.submit(deposit: 50_000_000, expedited: true)
        try chain.submit(deposit: 50_000_000, expedited: true)
        try chain.vote(2, .yes, by: first)
        try chain.vote(2, .no, by: second)
        try chain.vote(3, .yes, by: first)
        try chain.vote(3, .yes, by: second)
        let start = try #require(try chain.proposal(2).votingStartTime)
        #expect(
            try chain.pass(10) == [
                "active_proposal{proposal_id=2,proposal_result=expedited_proposal_rejected,"
                    + "proposal_log=expedited proposal converted to regular,mode=EndBlock}",
                "active_proposal{proposal_id=3,proposal_result=proposal_passed,proposal_log=passed,mode=EndBlock}",
            ])
        let proposal = try chain.proposal(2)
        #expect(!proposal.expedited && proposal.status == .votingPeriod)
        #expect(proposal.votingEndTime == start.adding(nanoseconds: 20_000_000_000))
        #expect(proposal.totalDeposit == [Coin(50_000_000, "uscrt")])
        #expect(try chain.tally(2) == [0, 0, 0, 0])
        try chain.vote(2, .yes, by: first)
        try chain.vote(2, .no, by: second)
        #expect(try chain.pass(10).map { $0.contains("proposal_passed") } == [true])
        #expect(try chain.status(2) == .passed && chain.broken() == [])
    }

    @Test("for which too little is deposited in time, it is dropped, and the coins go back")
    func dropped() throws {
        let chain = try Proposals()
        let (economy, alice, bob) = (chain.economy, chain.alice, chain.bob)
        try chain.submit(deposit: 9_000_000)
        func deposit(_ amount: UInt128, _ id: UInt64) -> GovV1.MsgDeposit {
            .init(proposalID: id, depositor: bob, amount: [Coin(amount, "uscrt")])
        }
        #expect(try economy.code(deposit(500_000, 1)) == "ok")
        #expect(
            try chain.refusal(GovV1.MsgVote(proposalID: 1, voter: bob, option: .yes)) == "gov 3 1: inactive proposal")
        try chain.submit(deposit: 9_000_000)
        #expect(
            try economy.run(deposit(1_000_000, 2)).get().events.map(\.line).last
                == "proposal_deposit{voting_period_start=2}")
        let events = try chain.pass(100)
        #expect(
            events.first
                == "inactive_proposal{proposal_id=1,proposal_result=proposal_dropped,mode=EndBlock}"
                && events.count == 2)
        #expect(try economy.balance(alice) == 1_000_000_000 && economy.balance(bob) == 1_000_000_000)
        #expect(throws: QueryRefusal.self) { try chain.proposal(1) }
        #expect(try chain.refusal(deposit(1_000_000, 2)) == "gov 3 2: inactive proposal")
        #expect(
            try chain.refusal(deposit(1_000_000, 1))
                == "undefined 1 collections: not found: key '1' of type "
                + "github.com/cosmos/gogoproto/cosmos.gov.v1.Proposal")
        #expect(try chain.broken() == [])
    }

    @Test("a block drops and decides so many and no more, and the next goes on")
    func bounded() throws {
        let chain = try Proposals()
        for _ in 0..<120 { try chain.submit(deposit: 100_000) }
        for _ in 0..<20 { try chain.submit() }
        #expect(try chain.pass(20).count == 16)
        #expect(try chain.economy.end().filter { $0.type == "active_proposal" }.count == 4)
        #expect(try chain.pass(100).count == 100)
        #expect(try chain.economy.end().filter { $0.type == "inactive_proposal" }.count == 20)
        #expect(try chain.economy.records(GovV1.Deposit.self, 0x10, in: "gov").isEmpty)
        #expect(try chain.broken() == [])
    }

    @Test("votes that weigh next to nothing are taken up to a bound, all others always")
    func light() throws {
        let chain = try Proposals()
        let economy = chain.economy
        try chain.submit()
        try chain.vote(1, .no, by: chain.bob)
        let key: [UInt8] = [0xe1] + StateKey.number(1 as UInt64)
        #expect(try economy.state.value(of: key, in: "gov") == StateKey.number(1 as UInt64))
        try economy.state.set(StateKey.number(10_000 as UInt64), of: key, in: "gov")
        #expect(try economy.code(GovV1.MsgVote(proposalID: 1, voter: chain.alice, option: .yes)) == "sdk/18")
        // Whoever has voted may change its mind, and a validator of the set is none of them.
        #expect(try economy.code(GovV1.MsgVote(proposalID: 1, voter: chain.bob, option: .yes)) == "ok")
        #expect(
            try economy.code(GovV1.MsgVote(proposalID: 1, voter: chain.validators[1].account, option: .yes)) == "ok")
        func delegate(_ amount: UInt128) throws {
            _ = try economy.run(
                StakingV1beta1.MsgDelegate(
                    delegatorAddress: chain.alice, validatorAddress: chain.validators[0].validator,
                    amount: Coin(amount, "uscrt"))
            ).get()
        }
        try delegate(999_999)
        #expect(try economy.code(GovV1.MsgVote(proposalID: 1, voter: chain.alice, option: .yes)) == "sdk/18")
        try delegate(1)
        #expect(try economy.code(GovV1.MsgVote(proposalID: 1, voter: chain.alice, option: .yes)) == "ok")
        try chain.pass(20)
        #expect(try economy.state.value(of: key, in: "gov") == nil)
    }

    @Test("a validator of the set is always heard, however little of it is its own")
    func lightValidator() throws {
        let chain = try Proposals()
        let (economy, validator) = (chain.economy, chain.validators[1])
        let own = validator.tokens
        _ = try economy.run(
            StakingV1beta1.MsgDelegate(
                delegatorAddress: chain.bob, validatorAddress: validator.validator, amount: Coin(5_000_000, "uscrt"))
        ).get()
        _ = try economy.run(
            StakingV1beta1.MsgUndelegate(
                delegatorAddress: validator.account, validatorAddress: validator.validator,
                amount: Coin(own - 999_999, "uscrt"))
        ).get()
        try chain.pass(1)
        try chain.submit()
        let key: [UInt8] = [0xe1] + StateKey.number(1 as UInt64)
        try economy.state.set(StateKey.number(10_000 as UInt64), of: key, in: "gov")
        #expect(try economy.code(GovV1.MsgVote(proposalID: 1, voter: chain.alice, option: .yes)) == "sdk/18")
        #expect(try economy.code(GovV1.MsgVote(proposalID: 1, voter: validator.account, option: .yes)) == "ok")
        #expect(try economy.state.value(of: key, in: "gov") == StateKey.number(10_000 as UInt64))
    }

    @Test("deposits that are not there any more are given back to nobody, and no block ends over them")
    func goneDeposits() throws {
        let chain = try Proposals()
        let economy = chain.economy
        try chain.submit(deposit: 1_000_000)
        try chain.submit(deposit: 10_000_000)
        let holder = ModuleAccount.governance.address
        try BankModule.move(try Coins([Coin(11_000_000, "uscrt")]), from: holder, to: chain.bob, on: economy.state)
        try chain.pass(20)
        #expect(try chain.status(2) == .rejected)
        try chain.pass(100)
        var left = 0
        try economy.state.visit("gov", prefix: [0x10]) { _ in left += 1 }
        #expect(left == 0)
        #expect(try chain.broken() == [])
    }

    @Test("of several coins each counts against its own share, and one of which no share is asked is none")
    func shares() throws {
        func coins(_ other: String, _ own: String) -> JSONValue {
            [["denom": "other", "amount": .string(other)], ["denom": "uscrt", "amount": .string(own)]]
        }
        let chain = try Proposals([
            ("min_deposit", coins("10", "500")), ("expedited_min_deposit", coins("20", "1000")),
        ])
        #expect(try chain.refusal(chain.submission(deposit: 4))?.hasPrefix("gov 16 ") == true)
        #expect(try chain.refusal(chain.submission(deposit: 5)) == nil)
    }

    @Test("one that is withdrawn is voted on no more, in the record of those that are, too")
    func withdrawnIsListedNoMore() throws {
        let chain = try Proposals()
        let voted: () throws -> [UInt8]? = { try chain.economy.state.value(of: [0xe0], in: "gov") }
        try chain.submit()
        try chain.submit()
        #expect(try voted() == StateKey.number(1 as UInt64) + StateKey.number(2 as UInt64))
        #expect(try chain.refusal(GovV1.MsgCancelProposal(proposalID: 1, proposer: chain.alice)) == nil)
        #expect(try voted() == StateKey.number(2 as UInt64))
        try chain.pass(20)
        #expect(try voted() ?? [] == [])
    }
}
