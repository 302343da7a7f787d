import ChainMessages
import ModuleKit
import SignedTransactions
import Wire

/// The plan that there is, and those that were carried out.
package enum UpgradePlan {
    package typealias Plan = UpgradeV1beta1.Plan

    private static let store = ModuleVersions.store
    private static let planKey: [UInt8] = [0]
    private static let donePrefix: [UInt8] = [1]

    private static let nameBytesMax = 140
    private static let infoBytesMax = 8_192
    /// How many plans a chain carries out; far more than it ever will, and few enough to look through.
    private static let doneMax = 10_000

    package static func current(in state: any LedgerReading) throws -> Plan? {
        try state.value(of: planKey, in: store).map {
            try Plan(stored: LedgerEntry(key: planKey, value: $0), in: store)
        }
    }

    /// The plan whose program runs the block behind `state`, or should have run one before it.
    package static func due(after height: UInt64, in state: any LedgerReading) throws -> Plan? {
        guard let plan = try current(in: state), plan.height <= Int64(clamping: height) + 1 else { return nil }
        return plan
    }

    /// In which block a plan of this name was carried out.
    package static func doneHeight(of name: String, in state: any LedgerReading) throws -> UInt64? {
        var found: UInt64?
        try state.visit(store, prefix: donePrefix) { entry in
            let parts = entry.key.dropFirst(donePrefix.count)
            if parts.dropFirst(8).elementsEqual(name.utf8) { found = StateKey.number(decoding: parts.prefix(8)) }
        }
        return found
    }

    /// Takes the place of a plan that there may be.
    static func schedule(_ plan: Plan, in block: BlockContext, on state: any LedgerState) throws {
        if let fault = fault(of: plan) { throw TransactionRefusal.invalidRequest(fault) }
        guard plan.height > Int64(clamping: block.height) else {
            throw TransactionRefusal.invalidRequest("upgrade cannot be scheduled in the past")
        }
        guard try doneHeight(of: plan.name, in: state) == nil else {
            throw TransactionRefusal.invalidRequest("upgrade with name \(plan.name) has already been completed")
        }
        let done = try state.entries(in: store, prefix: donePrefix, after: nil, limit: doneMax, reverse: false)
        guard done.count < doneMax else {
            throw TransactionRefusal.invalidRequest("a chain carries out no more than \(doneMax) plans")
        }
        try state.set(plan.encoded, of: planKey, in: store)
    }

    private static func fault(of plan: Plan) -> String? {
        if plan.time != .goZero { return "time-based upgrades have been deprecated in the SDK" }
        if plan.upgradedClientState != nil { return "upgrade logic for IBC has been moved to the IBC module" }
        if plan.name.isEmpty { return "name cannot be empty" }
        if plan.name.utf8.count > nameBytesMax { return "name has more than \(nameBytesMax) bytes" }
        if plan.info.utf8.count > infoBytesMax { return "info has more than \(infoBytesMax) bytes" }
        return plan.height <= 0 ? "height must be greater than 0" : nil
    }

    static func clear(on state: any LedgerState) throws { try state.set(nil, of: planKey, in: store) }

    /// Marks a plan as carried out in this block.
    package static func finish(_ plan: Plan, in block: BlockContext, on state: any LedgerState) throws {
        try clear(on: state)
        try state.set([1], of: donePrefix + StateKey.number(block.height) + Array(plan.name.utf8), in: store)
    }
}
