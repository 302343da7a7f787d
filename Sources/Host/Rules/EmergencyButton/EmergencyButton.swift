/// A switch that one account may turn, for the day on which coins must not leave: `secret.emergencybutton.v1beta1`.
///
/// On Secret Network it stops packets of IBC. This chain speaks to no other, so it governs nothing yet: it is kept,
/// turned and shown, and no message is refused over it. Who may turn it, the pauser, governance says; with no pauser
/// only governance can. Types of messages are switched off by `Circuit`.
import Auth
import ChainMessages
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import SignedTransactions
import StrictJSON
import Wire

/// `secret.emergencybutton.v1beta1`: the switch and who may turn it.
package struct EmergencyButtonModule: LedgerModule {
    package typealias Parameters = EmergencybuttonV1beta1.Params

    package let name = "emergencybutton"
    package let stores = ["emergencybutton"]

    static let store = "emergencybutton"
    /// No key of the original is known: there is one record.
    static let parametersKey: [UInt8] = [1]

    private static let (isOn, isOff) = ("on", "off")
    /// Of a chain whose genesis says nothing else (facts of the API, section 7.1).
    package static let standard = Parameters(switchStatus: isOn)

    package init() {}

    package var messages: [MessageHandler] {
        [
            MessageHandler(EmergencybuttonV1beta1.MsgToggleIbcSwitch.self) { message, _, state in
                var values = try EmergencyButtonModule.parameters(in: state)
                guard values.pauserAddress == message.sender else {
                    throw TransactionRefusal.unauthorized(
                        "IBC switch can be toggled by the pauser alone: \(message.sender)")
                }
                let (isOn, isOff) = (EmergencyButtonModule.isOn, EmergencyButtonModule.isOff)
                values.switchStatus = values.switchStatus == isOn ? isOff : isOn
                try EmergencyButtonModule.set(values, on: state)
                return [
                    Event(
                        "toggle_ibc_switch",
                        ["sender": message.sender.description, "switch_status": values.switchStatus])
                ]
            },
            MessageHandler(EmergencybuttonV1beta1.MsgUpdateParams.self) { update, _, state in
                try ModuleAccount.requireGovernance(update.authority)
                if let fault = EmergencyButtonModule.fault(of: update.params) {
                    throw TransactionRefusal.invalidRequest(fault)
                }
                try EmergencyButtonModule.set(update.params, on: state)
                return []
            },
        ]
    }

    package var queries: [ModuleQuery] {
        [
            ModuleQuery(EmergencybuttonV1beta1.Query.params) { _, state in
                .init(params: try EmergencyButtonModule.parameters(in: state))
            }
        ]
    }

    // MARK: - Parameters

    /// A state from before they were kept has none.
    package static func parameters(in state: any LedgerReading) throws -> Parameters {
        guard let value = try state.value(of: parametersKey, in: store) else { return standard }
        return try Parameters(stored: LedgerEntry(key: parametersKey, value: value), in: store)
    }

    private static func set(_ values: Parameters, on state: any LedgerState) throws {
        try state.set(values.encoded, of: parametersKey, in: store)
    }

    /// Why a chain cannot have them; `nil` if it can.
    private static func fault(of values: Parameters) -> String? {
        guard values.switchStatus == isOn || values.switchStatus == isOff else {
            return "switch_status must be \(isOn) or \(isOff): \(values.switchStatus.prefix(80))"
        }
        return nil
    }

    // MARK: - Genesis

    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        let place = genesis["params"]
        var values = EmergencyButtonModule.standard
        if place["switch_status"].json != nil { values.switchStatus = try place["switch_status"].text }
        if try !place["pauser_address"].text.isEmpty { values.pauserAddress = try place["pauser_address"].address }
        if let fault = EmergencyButtonModule.fault(of: values) { throw place.refusal(fault) }
        try EmergencyButtonModule.set(values, on: state)
    }

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        let values = try EmergencyButtonModule.parameters(in: state)
        return [
            "params": [
                "switch_status": .string(values.switchStatus),
                "pauser_address": .string(values.pauserAddress?.description ?? ""),
            ]
        ]
    }

    /// The record is one.
    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        EmergencyButtonModule.fault(of: try EmergencyButtonModule.parameters(in: state)).map { [$0] } ?? []
    }
}
