import Bank
import ChainMessages
import EconomyKit
import ExactNumbers
import Foundation
import LedgerKit
import ModuleKit
import PublicCryptography
import Seeds
import SignedTransactions
import Staking
import StrictJSON
import TestSupport
import Testing
import Wire

@testable import LedgerRecords

/// The enclave's answers about stakes, rewards, minting and governance, on states that the modules wrote.
@Suite("Answers about the ledger")
struct LedgerAnswersTests {
    /// `CLOISTER_SEED` and `CLOISTER_BLOCKS` tell another one, or a longer one.
    @Test("what contracts are told of stakes, rewards and minting is what the modules say, to the last digit")
    func stories() async throws {
        let settings = ProcessInfo.processInfo.environment
        let seed = settings["CLOISTER_SEED"] ?? "3"
        let blocks = settings["CLOISTER_BLOCKS"].flatMap(Int.init) ?? 60
        // Not on a thread of the pool: other tests wait for those.
        let compared = try await onThread {
            var (story, compared) = (Story(), 0)
            for line in try Story.lines(seed: seed, blocks: blocks) {
                try story.follow(line)
                guard line.hasPrefix("end ") else { continue }
                let (difference, count) = try story.compareAnswers()
                if let difference { throw StoryFault(line: String(line), difference: difference) }
                compared += count
            }
            return compared
        }
        #expect(compared > 20 * blocks)
    }

    @Test(
        "what shares are worth is rounded as the modules round it, or refused: 20,000 random numbers of up to 128 bits")
    func worths() throws {
        var random = SeededGenerator(seed: SeededGenerator.seed(of: "worths"))
        func number(_ bits: Int) -> UInt128 {
            (UInt128(random.next()) << 64 | UInt128(random.next())) >> UInt128(128 - 1 - random.below(bits))
        }
        let founder = Economy.Founder(account: ModuleAddress.mint, key: [UInt8](repeating: 5, count: 32), tokens: 1)
        let economy = try Economy([founder], rich: [])
        var validator = try #require(try economy.records(StakedValidator.self, 0x21).first)
        var (exact, refused) = (0, 0)
        for _ in 0..<20_000 {
            let (all, tokens) = (number(127), number(100))
            let shares = random.below(2) == 0 ? number(127) : all / UInt128(1 + random.below(5))
            (validator.tokens, validator.delegatorShares) = (tokens, Decimal18(scaled: all))
            let expected = try? validator.tokens(ofShares: Decimal18(scaled: shares)).magnitude.asUInt128
            let told = try? LedgerAnswers.worth(of: shares, tokens: tokens, allShares: all)
            if let told {
                #expect(told == expected, "\(shares) \(tokens) \(all)")
                exact += 1
            } else {
                refused += 1
            }
            // Nothing is refused that fits by far.
            if let expected, expected >> 120 == 0, all > 0 { #expect(told != nil, "\(shares) \(tokens) \(all)") }
        }
        #expect(exact > 5_000 && refused > 100)
    }

    // MARK: - Lists

    /// A state with so many validators, to each of whom one account has delegated.
    private func delegated(to count: Int) throws -> (Economy, AccountAddress) {
        let alice = AccountAddress([UInt8](repeating: 3, count: 20))!
        func bytes(_ index: Int) -> [UInt8] { [UInt8(index / 100), UInt8(index % 100)] }
        let founders: [Economy.Founder] = (0..<count).map { index in
            Economy.Founder(
                account: AccountAddress([UInt8](repeating: 9, count: 18) + bytes(index))!,
                key: SHA256.hash(bytes(index)).bytes,
                tokens: 1_000_000 * UInt128(1 + index))
        }
        let economy = try Economy(
            founders, rich: [(alice, 1_000_000_000)], parameters: ["staking": ["max_validators": 150]])
        try economy.begin()
        for founder in founders {
            _ = try economy.run(
                StakingV1beta1.MsgDelegate(
                    delegatorAddress: alice, validatorAddress: founder.validator, amount: Coin(1_000, "uscrt"))
            ).get()
        }
        try economy.end()
        return (economy, alice)
    }

    @Test("of 64 validators a delegator is told all; of more, and of more than 100 in the set, nobody is told any")
    func bounds() throws {
        let (few, alice) = try delegated(to: 64)
        let named: JSONValue = ["delegator": .text(alice)]
        let all = try LedgerAnswers(few.state).answer("staking", ["all_delegations": named])
        #expect(all["delegations"]?.array?.count == 64)
        let rewards = try LedgerAnswers(few.state).answer("dist", ["rewards": named])
        #expect(rewards["rewards"]?.array?.count == 64)

        let (many, _) = try delegated(to: 101)
        for (module, question) in [
            ("staking", ["all_delegations": named]), ("dist", ["rewards": named]),
            ("distribution", ["rewards": named]), ("staking", ["validators": [:]]),
            ("staking", ["all_validators": [:]]),
        ] as [(String, JSONValue)] {
            #expect(try refusal(many.state, module, question)?.hasPrefix("more than ") == true)
        }
        // One record is one record.
        let one = OperatorAddress(AccountAddress([UInt8](repeating: 9, count: 18) + [1, 0])!)
        let delegation = try LedgerAnswers(many.state).answer(
            "staking", ["delegation": ["delegator": .text(alice), "validator": .text(one)]])
        #expect(delegation["delegation"]?["amount"]?["amount"]?.string == "1000")
    }

    @Test("a contract of interface v0.10 is told its rewards as one coin, of v1 as a list; of nobody it is told null")
    func interfaces() throws {
        let (economy, alice) = try delegated(to: 1)
        let validator = OperatorAddress(AccountAddress([UInt8](repeating: 9, count: 18) + [0, 0])!)
        let question: JSONValue = ["delegation": ["delegator": .text(alice), "validator": .text(validator)]]
        func rewards(_ isV010: Bool) throws -> JSONValue? {
            try LedgerAnswers(economy.state, isV010: isV010).answer("staking", question)["delegation"]?[
                "accumulated_rewards"]
        }
        #expect(try rewards(true) == ["denom": "uscrt", "amount": "0"])
        #expect(try rewards(false) == [])
        let nobody = AccountAddress([UInt8](repeating: 4, count: 20))!
        #expect(
            try LedgerAnswers(economy.state).told(
                "staking", ["delegation": ["delegator": .text(nobody), "validator": .text(validator)]])
                == "{\"delegation\":null}")
    }

    @Test("the proposals that are voted on are those that one record names, from the first one to none")
    func proposals() throws {
        let chain = try Proposals()
        let economy = chain.economy
        func listed() throws -> [UInt64] {
            let answer = try LedgerAnswers(economy.state).answer("gov", ["proposals": [:]])
            return try #require(answer["proposals"]?.array).map { $0["id"]?.uint64 ?? 0 }
        }
        #expect(try listed() == [])
        let waiting = try chain.submit(deposit: 1_000_000)
        #expect(try listed() == [])
        let (first, second) = (try chain.submit(), try chain.submit())
        #expect(try listed() == [first, second])
        _ = try economy.run(
            GovV1.MsgDeposit(proposalID: waiting, depositor: chain.alice, amount: [Coin(9_000_000, "uscrt")])
        ).get()
        #expect(try listed() == [waiting, first, second])
        let told = try LedgerAnswers(economy.state).answer("gov", ["proposals": [:]])["proposals"]?[0]
        let start = UInt64(economy.block.time.seconds)
        #expect(told?["voting_start_time"]?.uint64 == start && told?["voting_end_time"]?.uint64 == start + 20)
        #expect(try chain.broken() == [])
        try economy.end()
        for _ in 0..<5 {
            try economy.begin()
            try economy.end()
        }
        #expect(try listed() == [])
        #expect(try chain.broken() == [])
        // Said by an invariant, since a list that leaves one out would be proved all the same.
        try economy.state.set(StateKey.number(UInt64(1)), of: [0xE0], in: "gov")
        #expect(
            try chain.broken().map { $0.hasSuffix("the list of proposals that are voted on does not name them") } == [
                true
            ])
        // A state from before there was the list does not say that there is none.
        try economy.state.set(nil, of: [0xE0], in: "gov")
        #expect(try refusal(economy.state, "gov", ["proposals": [:]]) == "gov")
    }

    private func refusal(_ state: any LedgerReading, _ module: String, _ question: JSONValue) throws -> String? {
        do {
            _ = try LedgerAnswers(state).answer(module, question)
            return nil
        } catch AnswerFault.refused(let text) {
            return text
        }
    }

    // MARK: - Questions of strangers

    @Test("questions that are none are told so, and what is asked of no module is refused by its name")
    func questions() throws {
        let (economy, alice) = try delegated(to: 1)
        func outcome(_ module: String, _ question: JSONValue) -> String {
            do {
                _ = try LedgerAnswers(economy.state).answer(module, question)
                return "answer"
            } catch {
                return "\(error)"
            }
        }
        for (module, question, expected) in [
            ("staking", ["delegation": ["delegator": .text(alice)]], "malformedQuestion"),
            ("staking", ["delegation": ["delegator": .text(alice), "validator": .text(alice)]], "malformedQuestion"),
            ("staking", ["all_delegations": ["delegator": 7]], "malformedQuestion"),
            ("staking", ["bonded_denom": [:], "validators": [:]], "malformedQuestion"),
            ("staking", [], "malformedQuestion"), ("staking", ["pool": [:]], "refused(\"staking\")"),
            ("dist", ["validators": [:]], "refused(\"dist\")"), ("mint", ["params": [:]], "refused(\"mint\")"),
            ("gov", ["votes": [:]], "refused(\"gov\")"),
        ] as [(String, JSONValue, String)] {
            #expect(outcome(module, question) == expected, "\(JSONWriter.text(of: question))")
        }
    }

    @Test("methods that contracts call by their path answer what the chain's own services answer, byte for byte")
    func services() throws {
        let (economy, alice) = try delegated(to: 2)
        let validator = OperatorAddress(AccountAddress([UInt8](repeating: 9, count: 18) + [0, 1])!)
        _ = try economy.run(
            StakingV1beta1.MsgUndelegate(
                delegatorAddress: alice, validatorAddress: validator, amount: Coin(10, "uscrt"))
        ).get()
        try economy.end()
        let state = economy.state
        func compare<Request: ChainMessage, Response: ChainMessage>(
            _ method: ChainMethod<Request, Response>, _ request: Request
        ) throws {
            let told = try LedgerAnswers(state).answer(path: method.path, request.encoded)
            #expect(try told == economy.ask(method, request).encoded, "\(method.path)")
            #expect(!told.isEmpty, "\(method.path)")
        }
        typealias Staking = StakingV1beta1.Query
        typealias Distribution = DistributionV1beta1.Query
        try compare(Staking.params, .init())
        try compare(Staking.validator, .init(validatorAddr: validator))
        try compare(Staking.delegation, .init(delegatorAddr: alice, validatorAddr: validator))
        try compare(Staking.unbondingDelegation, .init(delegatorAddr: alice, validatorAddr: validator))
        try compare(Distribution.validatorCommission, .init(validatorAddress: validator))
        try compare(Distribution.delegatorWithdrawAddress, .init(delegatorAddress: alice))
        try compare(MintV1beta1.Query.params, .init())
        try compare(MintV1beta1.Query.inflation, .init())
        try compare(MintV1beta1.Query.annualProvisions, .init())
        let nobody = AccountAddress([UInt8](repeating: 4, count: 20))!
        let (delegation, record) = (
            StakingV1beta1.QueryDelegationRequest(delegatorAddr: nobody, validatorAddr: validator).encoded,
            StakingV1beta1.QueryValidatorRequest(validatorAddr: OperatorAddress(nobody)).encoded
        )
        #expect(outcome(state, Staking.delegation.path, delegation).hasPrefix("missing"))
        #expect(outcome(state, Staking.validator.path, record).hasPrefix("missing"))
        #expect(outcome(state, Staking.validator.path, [0xFF]) == "malformedQuestion")
        #expect(outcome(state, Staking.validator.path, delegation) == "malformedQuestion")
        for path in ["/cosmos.staking.v1beta1.Query/Validators", "/cosmos.gov.v1beta1.Query/Vote", "staking", ""] {
            let told = outcome(state, path, [])
            #expect(told.hasPrefix("refused") && told.contains("path is not allowed from the contract"), "\(told)")
        }
    }

    private func outcome(_ state: any LedgerReading, _ path: String, _ request: [UInt8]) -> String {
        do {
            _ = try LedgerAnswers(state).answer(path: path, request)
            return "answer"
        } catch {
            return "\(error)"
        }
    }
}
