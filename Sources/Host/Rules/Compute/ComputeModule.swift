import ModuleKit
import StateProofs
import StrictJSON

/// The records of codes and contracts. Messages to it are the enclave's to run, but those of governance.
package struct ComputeModule: LedgerModule {
    package let name = "compute"
    package let stores = [StoreName.compute]

    package init() {}

    package var messages: [MessageHandler] { [ComputeParameters.update] }

    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        try ComputeParameters.checkGenesis(genesis["params"])
    }

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        ["params": ComputeParameters.json]
    }
}
