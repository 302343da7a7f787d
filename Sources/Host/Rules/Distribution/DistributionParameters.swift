import Auth
import ChainMessages
import ExactNumbers
import ModuleKit
import SignedTransactions

/// What is taken for the pool, where rewards may go, and when they are delegated again.
package enum DistributionParameters {
    package typealias Values = DistributionV1beta1.Params

    /// Of a chain whose genesis says nothing else (Secret Network).
    package static let standard = Values(
        communityTax: Decimal18(scaled: Decimal18.scale / 50), baseProposerReward: .zero, bonusProposerReward: .zero,
        withdrawAddrEnabled: true, secretFoundationTax: .zero, secretFoundationAddress: nil,
        minimumRestakeThreshold: Decimal18(10_000_000), restakePeriod: 1_000)

    private static let restakePeriodMin: UInt128 = 1_000

    /// Why a chain cannot have them; `nil` if it can. The taxes together leave something: the original checks each
    /// alone, and stops at the next block when they do not.
    static func fault(of values: Values) -> String? {
        for (name, tax) in [
            ("community tax", values.communityTax), ("foundation tax", values.secretFoundationTax),
        ] where tax.isNegative || tax > .one {
            return "\(name) must be from 0 to 1: \(tax)"
        }
        guard let sum = try? values.communityTax + values.secretFoundationTax, sum <= .one else {
            return "community tax and foundation tax are more than 1 together"
        }
        if !values.baseProposerReward.isZero || !values.bonusProposerReward.isZero {
            return "base and bonus proposer reward are no longer used, and must be 0"
        }
        if values.minimumRestakeThreshold.isNegative { return "minimum restake threshold must not be negative" }
        if values.restakePeriod < restakePeriodMin { return "minimum period must be greater than 1000 blocks" }
        return nil
    }

    static func current(in state: any LedgerReading) throws -> Values {
        try DistributionStore.record(Values.self, at: DistributionStore.parametersKey, in: state) ?? standard
    }

    static let update = MessageHandler(DistributionV1beta1.MsgUpdateParams.self) { update, _, state in
        try ModuleAccount.requireGovernance(update.authority)
        if let fault = fault(of: update.params) { throw TransactionRefusal.invalidRequest(fault) }
        try DistributionStore.set(update.params, at: DistributionStore.parametersKey, on: state)
        return []
    }
}
