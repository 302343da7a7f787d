import ChainMessages
import ModuleKit

/// What clients ask of transfers between chains, `ibc.applications.transfer.v1.Query/Params`: that this chain neither
/// sends nor receives any.
///
/// It keeps nothing, and no message changes it. A genesis file that wants it otherwise, or that brings what transfers
/// left on its chain, begins none here.
package struct InterchainTransferModule: LedgerModule {
    package let name = "transfer"

    package init() {}

    package var queries: [ModuleQuery] {
        [
            ModuleQuery(IBCApplicationsTransferV1.Query.params) { _, _ in
                .init(params: .init(sendEnabled: false, receiveEnabled: false))
            }
        ]
    }

    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        for name in ["send_enabled", "receive_enabled"] {
            let place = genesis["params"][name]
            guard try place.flag != true else { throw place.refusal("must be false: this chain speaks no IBC") }
        }
        for name in ["denom_traces", "total_escrowed"] {
            guard try genesis[name].elements.isEmpty else {
                throw genesis[name].refusal("must be empty: this chain speaks no IBC")
            }
        }
    }
}
