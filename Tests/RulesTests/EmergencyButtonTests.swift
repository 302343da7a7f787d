import Auth
import ChainMessages
import ChainModules
import EmergencyButton
import EnclaveProtocol
import LedgerKit
import LedgerRecords
import ModuleKit
import SignedTransactions
import StrictJSON
import Testing
import TransactionFixtures
import Wire

/// Facts of the API, section 7.1 and the list of messages.
@Suite("The emergency button")
struct EmergencyButtonTests {
    private typealias Messages = EmergencybuttonV1beta1
    private let governance = ModuleAccount.governance.address

    private func run(_ message: some ChainMessage, _ ledger: Ledger) throws -> String { try run(message.any, ledger) }

    private func run(_ message: AnyMessage, _ ledger: Ledger) throws -> String {
        do {
            let outcome = try ledger.router.run(
                message, signer: try message.signers()[0], in: Ledger.block, on: ledger.state)
            return outcome.events.map(\.line).joined(separator: "; ")
        } catch let refusal as TransactionRefusal { return "\(refusal.codespace) \(refusal.code) \(refusal.log)" }
    }

    private func status(_ ledger: Ledger) throws -> String {
        try ledger.ask(Messages.Query.params, .init()).params.switchStatus
    }

    @Test("whom governance says turns the switch, back and forth, and nobody else")
    func pauser() throws {
        let ledger = try Ledger()
        let (alice, bob) = (ledger.alice.address, ledger.bob.address)
        #expect(try ledger.ask(Messages.Query.params, .init()).params == .init(switchStatus: "on"))
        let refused = { (who: AccountAddress) in
            "sdk 4 IBC switch can be toggled by the pauser alone: \(who): unauthorized"
        }
        // There is no pauser yet, and the empty one is nobody's.
        #expect(try run(Messages.MsgToggleIbcSwitch(sender: alice), ledger) == refused(alice))
        let update = { (by: AccountAddress, status: String) in
            Messages.MsgUpdateParams(
                authority: by, params: .init(switchStatus: status, pauserAddress: alice))
        }
        #expect(try run(update(alice, "on"), ledger).hasPrefix("gov 13 invalid authority"))
        #expect(
            try run(update(governance, "On"), ledger)
                == "sdk 18 switch_status must be on or off: On: invalid request")
        #expect(try run(update(governance, "on"), ledger) == "")
        #expect(try run(Messages.MsgToggleIbcSwitch(sender: bob), ledger) == refused(bob))
        #expect(try run(Messages.MsgToggleIbcSwitch(sender: governance), ledger) == refused(governance))
        #expect(try status(ledger) == "on")
        #expect(
            try run(Messages.MsgToggleIbcSwitch(sender: alice), ledger)
                == "toggle_ibc_switch{sender=\(alice),switch_status=off}")
        #expect(try status(ledger) == "off")
        // It governs nothing here: coins move as before.
        #expect(try run(AnyMessage.send(1, from: alice, to: bob), ledger).contains("transfer{"))
        #expect(
            try run(Messages.MsgToggleIbcSwitch(sender: alice), ledger)
                == "toggle_ibc_switch{sender=\(alice),switch_status=on}")
        #expect(try status(ledger) == "on")
    }

    @Test("a genesis says the switch and the pauser, and an export says them again")
    func genesis() throws {
        let pauser = AccountAddress([UInt8](repeating: 3, count: 20))!
        let part: JSONValue = ["params": ["switch_status": "off", "pauser_address": .text(pauser)]]
        let state = ScratchState()
        let module = EmergencyButtonModule()
        try module.importGenesis(GenesisValue(part, at: "app_state.emergencybutton"), on: state)
        #expect(
            try EmergencyButtonModule.parameters(in: state) == .init(switchStatus: "off", pauserAddress: pauser))
        #expect(try module.exportGenesis(from: state) == part)
        #expect(try module.brokenInvariants(in: state) == [])
        for (part, text) in [
            (["switch_status": "maybe"], "params: switch_status must be on or off: maybe"),
            (["switch_status": ""], "params: switch_status must be on or off: "),
            (["pauser_address": "cosmos1x"], "params.pauser_address: is not an address"),
        ] as [(JSONValue, String)] {
            #expect(throws: GenesisRefusal("app_state.emergencybutton.\(text)")) {
                try module.importGenesis(
                    GenesisValue(["params": part], at: "app_state.emergencybutton"), on: ScratchState())
            }
        }
    }

    @Test("transfers to other chains are said to be off, and a genesis that says otherwise is refused by name")
    func transfers() throws {
        let ledger = try Ledger()
        let told = try ledger.ask(IBCApplicationsTransferV1.Query.params, .init())
        #expect(told.params == .init(sendEnabled: false, receiveEnabled: false))
        let off: JSONValue = [
            "port_id": "transfer", "denom_traces": [], "params": ["send_enabled": false, "receive_enabled": false],
            "total_escrowed": [],
        ]
        func begin(_ part: JSONValue) throws {
            try InterchainTransferModule().importGenesis(
                GenesisValue(part, at: "app_state.transfer"), on: ScratchState())
        }
        try begin(off)
        for (part, place) in [
            (["params": ["send_enabled": true]], "params.send_enabled: must be false"),
            (["params": ["send_enabled": false, "receive_enabled": true]], "params.receive_enabled: must be false"),
            (["denom_traces": [["path": "transfer/channel-0", "base_denom": "uatom"]]], "denom_traces: must be empty"),
            (["total_escrowed": [["denom": "uscrt", "amount": "1"]]], "total_escrowed: must be empty"),
        ] as [(JSONValue, String)] {
            #expect(throws: GenesisRefusal("app_state.transfer.\(place): this chain speaks no IBC")) {
                try begin(part)
            }
        }
    }
}
