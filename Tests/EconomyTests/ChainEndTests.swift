import Auth
import Bank
import ChainMessages
import EconomyKit
import ExactNumbers
import LedgerKit
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking
import StrictJSON
import Testing
import Wire

/// What must not stop a chain, or be taken from somebody in the middle of a block.
@Suite("Blocks that begin and end")
struct ChainEndTests {
    private func founder(_ number: UInt8, _ tokens: UInt128 = 50_000_000) -> Economy.Founder {
        .init(
            account: AccountAddress([UInt8](repeating: number, count: 20))!,
            key: [UInt8](repeating: number + 100, count: 32), tokens: tokens)
    }
    private let alice = AccountAddress([UInt8](repeating: 200, count: 20))!

    private func votes(_ founders: [Economy.Founder], absent: Set<UInt8> = []) -> [BlockVote] {
        founders.map {
            BlockVote(
                validator: $0.consensus, power: $0.power, isPresent: !absent.contains($0.account.bytes[0]))
        }
    }

    @Test("the set stays what it was when nobody would be left in it")
    func lastValidators() throws {
        let founders = [founder(1), founder(2)]
        let economy = try Economy(
            founders, rich: [], parameters: ["slashing": ["signed_blocks_window": "5"]], mints: false)
        for _ in 0..<12 {
            try economy.begin(votes: votes(founders, absent: [1, 2]))
            try economy.end()
            #expect(try Economy.modules.validatorPowers(in: economy.state).isEmpty)
        }
        #expect(try economy.records(StakedValidator.self, 0x21).allSatisfy { $0.jailed && $0.isBonded })
        #expect(try Economy.modules.brokenInvariants(in: economy.state) == [])
    }

    @Test("one who signs twice is out for ever, and the evidence is kept; a second time costs nothing")
    func tombstone() throws {
        let founders = [founder(1), founder(2)]
        let economy = try Economy(founders, rich: [], mints: false)
        for _ in 0..<5 {
            try economy.begin(votes: votes(founders))
            try economy.end()
        }
        let proof = BlockMisbehavior(
            validator: founders[0].consensus, power: 50, height: 3, time: economy.block.time)
        try economy.begin(votes: votes(founders), misbehavior: [proof, proof])
        try economy.end()
        let record = try economy.records(StakedValidator.self, 0x21)[0]
        #expect(record.jailed && record.tokens == 47_500_000 && record.status == .unbonding)
        #expect(
            try Economy.modules.validatorPowers(in: economy.state) == [
                ValidatorPower(publicKey: founders[0].key, power: 0)
            ])
        try economy.begin(time: .latest)
        #expect(try economy.code(SlashingV1beta1.MsgUnjail(validatorAddr: founders[0].validator)) == "slashing/4")
        let evidence = try economy.ask(EvidenceV1beta1.Query.allEvidence, .init()).evidence
        #expect(evidence.map(\.typeURL) == ["/cosmos.evidence.v1beta1.Equivocation"])
        #expect(try Economy.modules.brokenInvariants(in: economy.state) == [])
    }

    @Test("a validator that is gone, or was never one of ours, keeps its part of the last commit in the pool")
    func strangers() throws {
        let founders = [founder(1)]
        let economy = try Economy(founders, rich: [(alice, 1_000_000)], mints: false)
        try economy.begin()
        try economy.end()
        try BankModule.move(
            try Coins([Coin(1_000, "uscrt")]), from: alice, to: ModuleAccount.feeCollector.address, on: economy.state)
        let stranger = BlockVote(validator: [UInt8](repeating: 9, count: 20), power: 50, isPresent: false)
        try economy.begin(votes: votes(founders) + [stranger])
        try economy.end()
        let pool = try economy.ask(DistributionV1beta1.Query.communityPool, .init()).pool
        #expect(pool.map(\.amount.description) == ["510.000000000000000000"])
        #expect(try Economy.modules.brokenInvariants(in: economy.state) == [])
    }

    @Test("rewards are delegated again at a block's end, and an entry that cannot be served is dropped")
    func restake() throws {
        let founders = [founder(1)]
        let economy = try Economy(founders, rich: [(alice, 40_000_000)], mints: false)
        let validator = founders[0].validator
        try economy.begin()
        let delegation = StakingV1beta1.MsgDelegate(
            delegatorAddress: alice, validatorAddress: validator, amount: Coin(20_000_000, "uscrt"))
        let set = DistributionV1beta1.MsgSetAutoRestake(
            delegatorAddress: alice, validatorAddress: validator, enabled: true)
        #expect(try economy.code(set) == "staking/19")
        #expect(try economy.code(delegation) == "ok")
        #expect(try economy.code(set) == "ok")
        let own = DistributionV1beta1.MsgSetAutoRestake(
            delegatorAddress: founders[0].account, validatorAddress: validator, enabled: false)
        #expect(try economy.code(own) == "sdk/38")
        try economy.end()
        for _ in 0..<998 {
            try economy.begin(votes: votes(founders))
            try economy.end()
        }
        try BankModule.move(
            try Coins([Coin(700_000, "uscrt")]), from: alice, to: ModuleAccount.feeCollector.address,
            on: economy.state)
        let before = try economy.balance(alice)
        try economy.begin(votes: votes(founders))
        #expect(try economy.balance(alice) == before)
        try economy.end()
        // Of 700,000 the tax of a fiftieth and a tenth of commission go off; two sevenths are hers.
        #expect(try economy.balance(alice) == before)
        let shares = try StakingStore.delegation(alice, validator, in: economy.state)?.shares
        #expect(shares?.description == "20176400.000000000000000000")
        func entries() throws -> [OperatorAddress] {
            try economy.ask(DistributionV1beta1.Query.restakingEntries, .init(delegator: alice)).validators
        }
        #expect(try entries() == [validator])
        // Nothing comes in the next thousand blocks, so there is nothing to delegate.
        for _ in 0..<1000 {
            try economy.begin(votes: votes(founders))
            try economy.end()
        }
        #expect(try entries() == [])
        #expect(try Economy.modules.brokenInvariants(in: economy.state) == [])
    }

    @Test("what governance may not set is refused, and nobody else may set anything")
    func parameters() throws {
        let economy = try Economy([founder(1)], rich: [])
        try economy.begin()
        let standard = try economy.ask(DistributionV1beta1.Query.params, .init()).params
        var changed = standard
        changed.secretFoundationTax = Decimal18(text: "0.99")!
        let governance = ModuleAccount.governance.address
        typealias Update = DistributionV1beta1.MsgUpdateParams
        #expect(try economy.code(Update(authority: governance, params: changed)) == "sdk/18")
        changed.secretFoundationTax = Decimal18(text: "0.98")!
        #expect(try economy.code(Update(authority: alice, params: changed)) == "gov/13")
        #expect(try economy.code(Update(authority: governance, params: changed)) == "ok")
        var staking = try economy.ask(StakingV1beta1.Query.params, .init()).params
        staking.bondDenom = "other"
        #expect(
            try economy.code(StakingV1beta1.MsgUpdateParams(authority: governance, params: staking)) == "sdk/18")
        let huge = DistributionV1beta1.MsgCommunityPoolSpend(
            authority: governance, recipient: alice, amount: [Coin(.max, "uscrt")])
        #expect(try economy.code(huge) == "distribution/9")
    }

    @Test("what is exported begins another chain in the same state")
    func export() throws {
        var story = Story()
        for line in try Story.lines(seed: "7", blocks: 60) { try story.follow(line) }
        let state = story.state
        let exported = try Economy.modules.exportGenesis(from: state)
        let again = OrderedState()
        try Economy.modules.importGenesis(exported, on: again)
        #expect(try Economy.modules.brokenInvariants(in: again) == [])
        #expect(try Economy.modules.exportGenesis(from: again) == exported)
        let members = try Economy.modules.validatorPowers(in: again)
        #expect(try Set(members.map(\.power)) == Set(StakingStore.bondedByPower(in: state).map(\.potentialPower)))
    }

    @Test(
        "a genesis that contradicts itself is refused, and the way to it is named",
        arguments: [
            (#""tokens":"50000000""#, #""tokens":"50000001""#, "app_state.staking: bonded_tokens_pool"),
            (#""shares":"50000000.0"#, #""shares":"x0000000.0"#, "app_state.staking.delegations[0].shares"),
            ("BOND_STATUS_BONDED", "BONDED", "app_state.staking.validators[0].status"),
            (#""rate":"0.1""#, #""rate":"1.1""#, "app_state.staking.validators[0].commission"),
        ])
    func wrongGenesis(old: String, new: String, said: String) throws {
        let text = JSONWriter.text(of: Economy.genesis([founder(1)], rich: []))
        let changed = text.replacing(old, with: new)
        #expect(changed != text)
        let json = try JSONReader.parse(Array(changed.utf8), limits: JSONLimits(bytesMax: 1 << 20))
        let refusal = #expect(throws: GenesisRefusal.self) { try Economy.modules.checkGenesis(json) }
        #expect(refusal?.description.contains(said) == true, "\(String(describing: refusal))")
    }
}
