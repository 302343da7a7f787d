import Auth
import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions

/// How many blocks may be missed, and what it costs.
package enum SlashingParameters {
    package typealias Values = SlashingV1beta1.Params

    /// As many bits as a validator's record may have.
    private static let windowMax: Int64 = 1_000_000

    /// Of a chain whose genesis says nothing else (Secret Network).
    package static let standard = Values(
        signedBlocksWindow: 100, minSignedPerWindow: Decimal18(scaled: Decimal18.scale / 2),
        downtimeJailDuration: .seconds(600), slashFractionDoubleSign: Decimal18(scaled: Decimal18.scale / 20),
        slashFractionDowntime: Decimal18(scaled: Decimal18.scale / 100))

    /// Why a chain cannot have them; `nil` if it can.
    static func fault(of values: Values) -> String? {
        if values.signedBlocksWindow <= 0 || values.signedBlocksWindow > windowMax {
            return "signed blocks window must be from 1 to \(windowMax): \(values.signedBlocksWindow)"
        }
        if values.downtimeJailDuration <= .zero { return "downtime jail duration must be positive" }
        for (name, value) in [
            ("min signed per window", values.minSignedPerWindow),
            ("double sign slash fraction", values.slashFractionDoubleSign),
            ("downtime slash fraction", values.slashFractionDowntime),
        ] where value.isNegative || value > .one {
            return "\(name) must be from 0 to 1: \(value)"
        }
        return nil
    }

    package static func current(in state: any LedgerReading) throws -> Values {
        let key = SlashingStore.parametersKey
        guard let value = try state.value(of: key, in: SlashingStore.name) else { return standard }
        return try Values(stored: LedgerEntry(key: key, value: value), in: SlashingStore.name)
    }

    static func set(_ values: Values, on state: any LedgerState) throws {
        try state.set(values.encoded, of: SlashingStore.parametersKey, in: SlashingStore.name)
    }

    static let update = MessageHandler(SlashingV1beta1.MsgUpdateParams.self) { update, _, state in
        try ModuleAccount.requireGovernance(update.authority)
        if let fault = fault(of: update.params) { throw TransactionRefusal.invalidRequest(fault) }
        try set(update.params, on: state)
        return []
    }
}
