/// Which program the chain goes on with, and from which block on: a plan that governance makes.
///
/// A plan has a name. A program says which plans it is meant by (`ModuleList.plans`); one that is not meant runs no
/// block from the plan's height on, and one that is leads the state over in it and marks the plan as done. Assumes that
/// whoever runs blocks asks `UpgradePlan.due` before each. Keeps its records beside the versions of modules, in the
/// Cosmos SDK's places. Never starts or fetches a program.
import Auth
import ChainMessages
import EnclaveProtocol
import ModuleKit
import SignedTransactions
import Wire

/// `cosmos.upgrade.v1beta1`: plans, and what came of them.
package struct UpgradeModule: LedgerModule {
    package let name = "upgrade"
    /// The store is there for the versions of modules already.
    package let stores: [String] = []

    package init() {}

    package var messages: [MessageHandler] {
        [
            MessageHandler(UpgradeV1beta1.MsgSoftwareUpgrade.self) { message, block, state in
                try UpgradeModule.requireGovernance(message.authority)
                try UpgradePlan.schedule(message.plan, in: block, on: state)
                return []
            },
            MessageHandler(UpgradeV1beta1.MsgCancelUpgrade.self) { message, _, state in
                try UpgradeModule.requireGovernance(message.authority)
                guard try UpgradePlan.current(in: state) != nil else {
                    throw UpgradeModule.refusal(3, "upgrade plan not found")
                }
                try UpgradePlan.clear(on: state)
                return []
            },
        ]
    }

    private static func requireGovernance(_ authority: AccountAddress) throws(TransactionRefusal) {
        let governance = ModuleAccount.governance.address
        guard authority == governance else {
            throw refusal(
                6,
                "expected \(governance) got \(authority): expected authority account as only signer for proposal message"
            )
        }
    }

    private static func refusal(_ code: UInt32, _ text: String) -> TransactionRefusal {
        TransactionRefusal(codespace: "upgrade", code: code, log: text)
    }

    package var queries: [ModuleQuery] {
        typealias Query = UpgradeV1beta1.Query
        return [
            ModuleQuery(Query.currentPlan) { _, state in .init(plan: try UpgradePlan.current(in: state)) },
            ModuleQuery(Query.appliedPlan) { request, state in
                .init(height: Int64(clamping: try UpgradePlan.doneHeight(of: request.name, in: state) ?? 0))
            },
            ModuleQuery(Query.upgradedConsensusState) { _, _ in .init() },
            ModuleQuery(Query.authority) { _, _ in .init(address: ModuleAccount.governance.address) },
        ]
    }

    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        guard let plan = try UpgradePlan.current(in: state) else { return [] }
        var broken: [String] = []
        if plan.height < 1 || plan.name.isEmpty { broken.append("the plan \(plan.name) is for height \(plan.height)") }
        if try UpgradePlan.doneHeight(of: plan.name, in: state) != nil {
            broken.append("the plan \(plan.name) is done and still planned")
        }
        return broken
    }

    /// A plan is for a height of this chain, so no other begins with one.
    package func notExported(from state: any LedgerReading) throws -> [String] {
        try UpgradePlan.current(in: state).map { ["the plan \($0.name) at height \($0.height)"] } ?? []
    }
}
