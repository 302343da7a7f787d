import Bank
import ChainMessages
import EconomyKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import Staking
import StrictJSON
import Testing
import Wire

/// However much is due at once, a block does a part of it, and the next ones go on: `make bench` has what it costs.
@Suite("What is due at once")
struct BoundedBlockTests {
    private let founders = (0..<2).map { index in
        Economy.Founder(
            account: BoundedBlockTests.account("validator \(index)"), key: [UInt8](repeating: UInt8(index), count: 32),
            tokens: 50_000_000)
    }

    private static func account(_ name: String) -> AccountAddress {
        AccountAddress(Array(SHA256.hash(Array(name.utf8)).bytes.prefix(20)))!
    }

    private func chain(_ people: [AccountAddress]) throws -> Economy {
        let economy = try Economy(
            founders, rich: people.map { ($0, 20_000_000) },
            parameters: [
                "staking": ["unbonding_time": "1000s"],
                "gov": [
                    "min_deposit": [["denom": "uscrt", "amount": "10000000"]], "voting_period": "1000s",
                    "expedited_voting_period": "500s",
                    "expedited_min_deposit": [["denom": "uscrt", "amount": "50000000"]],
                ],
            ], mints: false)
        try economy.begin()
        for person in people {
            _ = try economy.run(
                StakingV1beta1.MsgDelegate(
                    delegatorAddress: person, validatorAddress: founders[0].validator, amount: Coin(2_000_000, "uscrt"))
            ).get()
        }
        return economy
    }

    /// All of them take the larger part of their stake back, in one block.
    private func leave(_ people: [AccountAddress], _ economy: Economy) throws {
        for person in people {
            _ = try economy.run(
                StakingV1beta1.MsgUndelegate(
                    delegatorAddress: person, validatorAddress: founders[0].validator, amount: Coin(1_500_000, "uscrt"))
            ).get()
        }
    }

    private func next(_ economy: Economy, after seconds: Int64) throws {
        try economy.end()
        try economy.begin(time: economy.block.time.adding(nanoseconds: seconds * 1_000_000_000))
    }

    @Test("coins of a thousand who left in one block come back over some blocks, to each once")
    func maturity() throws {
        let people = (0..<1_000).map { Self.account("delegator \($0)") }
        let economy = try chain(people)
        try leave(people, economy)
        let records = try economy.records(StakingV1beta1.DVPairs.self, 0x41).map(\.pairs)
        #expect(records.map(\.count) == [256, 256, 256, 232])
        #expect(records.flatMap { $0 }.map(\.delegatorAddress) == people)
        try next(economy, after: 1_001)
        // What a block pays is what its end pays.
        var paid: [Int] = []
        for _ in 0..<6 {
            try next(economy, after: 1)
            paid.append(try people.filter { try economy.balance($0) == 19_500_000 }.count)
        }
        #expect(paid == [256, 512, 768, 1_000, 1_000, 1_000])
        #expect(try economy.records(StakingV1beta1.UnbondingDelegation.self, 0x32).isEmpty)
        #expect(try Economy.modules.brokenInvariants(in: economy.state) == [])
    }

    @Test("who has waited for ten minutes is paid with all others, so that nobody can put coins off for ever")
    func patience() throws {
        let people = (0..<600).map { Self.account("delegator \($0)") }
        let economy = try chain(people)
        try leave(people, economy)
        try next(economy, after: 1_601)
        try economy.end()
        #expect(try people.allSatisfy { try economy.balance($0) == 19_500_000 })
    }

    @Test("a block decides no further proposal when it has counted a thousand votes")
    func votes() throws {
        let people = (0..<300).map { Self.account("voter \($0)") }
        let economy = try chain(people)
        for number in 1...9 as ClosedRange<UInt64> {
            _ = try economy.run(
                GovV1.MsgSubmitProposal(
                    messages: [], initialDeposit: [Coin(10_000_000, "uscrt")], proposer: people[Int(number)],
                    metadata: "m", title: "t", summary: "s")
            ).get()
            for person in people {
                _ = try economy.run(GovV1.MsgVote(proposalID: number, voter: person, option: .yes)).get()
            }
        }
        try next(economy, after: 1_001)
        // As the Cosmos SDK has it, votes count until the block whose end decides.
        let late = GovV1.MsgVote(proposalID: 9, voter: people[0], option: .no)
        #expect(try economy.code(late) == "ok")
        _ = try economy.run(GovV1.MsgVote(proposalID: 9, voter: people[0], option: .yes)).get()
        var open: [[UInt64]] = []
        for _ in 0..<4 {
            try next(economy, after: 1)
            open.append(
                try (1...9).filter { number in
                    try economy.ask(GovV1.Query.proposal, .init(proposalID: number)).proposal?.status == .votingPeriod
                })
            // Who waits to be decided takes no more votes.
            #expect(try economy.code(late) == "gov/3")
        }
        #expect(try economy.state.value(of: [0xE2], in: "gov") == nil)
        #expect(open == [[5, 6, 7, 8, 9], [9], [], []])
        // Three hundred who have two million each, of seven hundred million.
        let passed = try economy.ask(GovV1.Query.proposal, .init(proposalID: 9)).proposal
        #expect(passed?.status == .passed && passed?.finalTallyResult?.yesCount == 600_000_000)
        #expect(try Economy.modules.brokenInvariants(in: economy.state) == [])
    }
}
