/// Who validates, with whose coins: validators, delegations, and what waits to leave either.
///
/// `StakingActions` is what other modules and messages do with it, `StakingStore` what is kept and can be read,
/// `StakingModule` the module of the chain's list. Keys and records are the Cosmos SDK's, with lists beside them that
/// can be proved (`ProvableList`). Whoever has to do with validators and delegations besides, as rewards and missed
/// blocks have, is a `StakingHooks` that is told before and after.
///
/// Coins of delegators lie in two pools, whose balances an invariant holds against the records. A block's begin and end
/// are bounded and never refuse: what cannot be done is left out and told.
import ChainMessages
import ExactNumbers
import ModuleKit
import SignedTransactions
import Wire

package typealias StakedValidator = StakingV1beta1.Validator
package typealias Delegation = StakingV1beta1.Delegation

package struct StakingActions: Sendable {
    let hooks: [any StakingHooks]

    /// Tells `hooks` in their order.
    package init(hooks: [any StakingHooks] = []) { self.hooks = hooks }
}

/// Who is told what happens to validators and delegations. May refuse: then the whole message is.
package protocol StakingHooks: Sendable {
    func validatorCreated(_ validator: StakedValidator, _ work: BlockWork) throws
    func validatorBonded(_ validator: StakedValidator, _ work: BlockWork) throws
    /// It has no shares any more, and is gone.
    func validatorRemoved(_ validator: StakedValidator, _ work: BlockWork) throws
    /// Before the tokens of `validator` shrink by `fraction`.
    func validatorWillBeSlashed(_ validator: StakedValidator, fraction: Decimal18, _ work: BlockWork) throws
    /// Before a delegator has its first share of `validator`.
    func delegationWillBegin(_ delegator: AccountAddress, _ validator: StakedValidator, _ work: BlockWork) throws
    /// Before the shares of a delegation change.
    func delegationWillChange(_ delegation: Delegation, _ validator: StakedValidator, _ work: BlockWork) throws
    /// Behind the change; the delegation is still there.
    func delegationChanged(_ delegator: AccountAddress, _ validator: OperatorAddress, _ work: BlockWork) throws
}

extension StakingHooks {
    package func validatorCreated(_ validator: StakedValidator, _ work: BlockWork) throws {}
    package func validatorBonded(_ validator: StakedValidator, _ work: BlockWork) throws {}
    package func validatorRemoved(_ validator: StakedValidator, _ work: BlockWork) throws {}
    package func validatorWillBeSlashed(
        _ validator: StakedValidator, fraction: Decimal18, _ work: BlockWork
    ) throws {}
    package func delegationWillBegin(
        _ delegator: AccountAddress, _ validator: StakedValidator, _ work: BlockWork
    ) throws {}
    package func delegationWillChange(
        _ delegation: Delegation, _ validator: StakedValidator, _ work: BlockWork
    ) throws {}
    package func delegationChanged(
        _ delegator: AccountAddress, _ validator: OperatorAddress, _ work: BlockWork
    ) throws {}
}
