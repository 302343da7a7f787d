import Auth
import Bank
import ChainMessages
import EconomyKit
import EnclaveProtocol
import ExactNumbers
import LedgerKit
import LedgerRecords
import Mint
import ModuleKit
import PublicCryptography
import SignedTransactions
import Staking
import StrictJSON
import Testing
import Wire

/// Numbers that a live node of the Cosmos SDK 0.50.14 came to.
@Suite("Numbers of a live node")
struct GoldenTests {
    private let one = Economy.Founder(
        account: AccountAddress([UInt8](repeating: 1, count: 20))!, key: [UInt8](repeating: 11, count: 32),
        tokens: 900_000_000)
    private let two = Economy.Founder(
        account: AccountAddress([UInt8](repeating: 2, count: 20))!, key: [UInt8](repeating: 12, count: 32),
        tokens: 200_000_000)

    /// Events of a block's begin in which so much is to be shared out.
    private func shared(_ amount: UInt128, _ economy: Economy, _ votes: [BlockVote]) throws -> [String] {
        try BankModule.setBalance(
            amount, of: ModuleAccount.feeCollector.address, denomination: "uscrt", on: economy.state)
        return try economy.begin(votes: votes).filter { ["commission", "rewards"].contains($0.type) }.map {
            $0.attributes[0].value
        }
    }

    @Test("what a block brings is shared out as blocks 467 and 568 were")
    func allocation() throws {
        let economy = try Economy([one, two], rich: [], mints: false)
        try economy.begin()
        try economy.end()
        let votes = [
            BlockVote(validator: one.consensus, power: 900, isPresent: true),
            BlockVote(validator: two.consensus, power: 200, isPresent: false),
        ]
        #expect(
            try shared(82_393_868_089_043, economy, [votes[0]]) == [
                "8074599072726.214000000000000000uscrt", "80745990727262.140000000000000000uscrt",
            ])
        try economy.end()
        // The second validator's commission was another one.
        let rates = StakingV1beta1.CommissionRates(
            rate: Decimal18(text: "0.05")!, maxRate: .one, maxChangeRate: .one)
        var record = try economy.records(StakedValidator.self, 0x21)[1]
        record.commission.commissionRates = rates
        try economy.state.set(record.encoded, of: [0x21, 20] + two.account.bytes, in: "staking")
        #expect(
            try shared(82_394_816_801_989, economy, votes) == [
                "6606566219941.299811575251961877uscrt", "66065662199412.998115752519618768uscrt",
                "734062913326.811090175027995764uscrt", "14681258266536.221803500559915281uscrt",
            ])
    }

    @Test("inflation goes from block 568 to 570 as it went there")
    func inflation() throws {
        var rate = try #require(Decimal18(text: "0.130007615168701494"))
        for (ratio, next) in [
            ("0.225109921251557122", "0.130007628845590037"), ("0.225109916614638204", "0.130007642522478723"),
        ] {
            rate = try MintModule.inflation(
                after: rate, ratio: try #require(Decimal18(text: ratio)), MintParameters.standard)
            #expect(rate.description == next)
        }
        // What a year would bring, and what the block did.
        let provisions = try #require(Decimal18(text: "519776649691991640542.233576312074086337"))
        #expect(try provisions.divided(byWhole: 6_311_520).truncatedAmount == 82_353_640_595_607)
    }

    @Test("what is not there is said as it was said there")
    func absent() throws {
        let alice = AccountAddress([UInt8](repeating: 3, count: 20))!
        let economy = try Economy([one, two], rich: [(alice, 1_000)], mints: false)
        try economy.begin()
        let tuple = "no delegation for (address, validator) tuple"
        #expect(throws: QueryRefusal.registered("staking", 19, tuple)) {
            try economy.ask(
                DistributionV1beta1.Query.delegationRewards,
                .init(delegatorAddress: alice, validatorAddress: one.validator))
        }
        let nobody = OperatorAddress(alice)
        #expect(throws: QueryRefusal.registered("staking", 3, "validator does not exist")) {
            try economy.ask(
                DistributionV1beta1.Query.delegationRewards, .init(delegatorAddress: alice, validatorAddress: nobody))
        }
        #expect(throws: QueryRefusal.failed(tuple)) {
            try economy.ask(
                StakingV1beta1.Query.delegatorValidator, .init(delegatorAddr: alice, validatorAddr: one.validator))
        }
        let said =
            "rpc error: code = NotFound desc = redelegation not found for delegator address \(alice) from validator "
            + "address \(one.validator)"
        #expect(throws: QueryRefusal.failed(said)) {
            try economy.ask(
                StakingV1beta1.Query.redelegations,
                .init(delegatorAddr: alice, srcValidatorAddr: one.validator, dstValidatorAddr: two.validator))
        }
        #expect(
            throws: QueryRefusal.notFound(
                "delegation with delegator \(alice) not found for validator \(one.validator)")
        ) {
            try economy.ask(
                StakingV1beta1.Query.delegation, .init(delegatorAddr: alice, validatorAddr: one.validator))
        }
    }

    @Test("a delegation tells what one told there")
    func delegation() throws {
        let alice = AccountAddress([UInt8](repeating: 3, count: 20))!
        let economy = try Economy([one], rich: [(alice, 1_000)], mints: false)
        try economy.begin()
        let message = StakingV1beta1.MsgDelegate(
            delegatorAddress: alice, validatorAddress: one.validator, amount: Coin(600, "uscrt"))
        let pool = ModuleAccount.bondedPool.address
        #expect(
            try economy.run(message).get().events.map(\.line) == [
                "coin_spent{spender=\(alice),amount=600uscrt}", "coin_received{receiver=\(pool),amount=600uscrt}",
                "delegate{validator=\(one.validator),delegator=\(alice),amount=600uscrt,"
                    + "new_shares=600.000000000000000000}",
            ])
        try economy.begin()
        let again = try economy.run(message)
        #expect(
            again.refusal?.log == "failed to delegate; 400uscrt is smaller than 600uscrt: insufficient funds"
                && again.refusal?.code == 5)
        let undelegation = StakingV1beta1.MsgUndelegate(
            delegatorAddress: alice, validatorAddress: one.validator, amount: Coin(200, "uscrt"))
        let other = ModuleAccount.notBondedPool.address
        #expect(
            try economy.run(undelegation).get().events.map(\.line) == [
                "withdraw_rewards{amount=0uscrt,validator=\(one.validator),delegator=\(alice)}",
                "coin_spent{spender=\(pool),amount=200uscrt}", "coin_received{receiver=\(other),amount=200uscrt}",
                "transfer{recipient=\(other),sender=\(pool),amount=200uscrt}", "message{sender=\(pool)}",
                "unbond{validator=\(one.validator),delegator=\(alice),amount=200uscrt,"
                    + "completion_time=1970-01-22T00:00:12Z}",
            ])
        try economy.begin(time: Timestamp(seconds: 1_814_412, nanoseconds: 0)!)
        #expect(
            try economy.end().map(\.line) == [
                "coin_spent{spender=\(other),amount=200uscrt,mode=EndBlock}",
                "coin_received{receiver=\(alice),amount=200uscrt,mode=EndBlock}",
                "complete_unbonding{amount=200uscrt,validator=\(one.validator),delegator=\(alice),mode=EndBlock}",
            ])
        #expect(try economy.balance(alice) == 600)
    }
}

extension Result where Failure == TransactionRefusal {
    var refusal: TransactionRefusal? {
        guard case .failure(let refusal) = self else { return nil }
        return refusal
    }
}
