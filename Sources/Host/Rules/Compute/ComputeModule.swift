import LedgerRecords
import ModuleKit
import StateProofs
import StrictJSON

/// The records of codes and contracts. Messages to it are the enclave's to run, but those of governance.
package struct ComputeModule: LedgerModule {
    package let name = "compute"
    package let stores = [StoreName.compute]

    package init() {}

    package var messages: [MessageHandler] { [ComputeParameters.update] }

    /// Contracts that a file names cannot be begun with: their state is sealed under the seeds of another network.
    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        try ComputeParameters.checkGenesis(genesis["params"])
        for name in ["codes", "contracts"] where try !genesis[name].elements.isEmpty {
            throw genesis[name].refusal("no chain begins with \(name)")
        }
    }

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        ["params": ComputeParameters.json]
    }

    package func notExported(from state: any LedgerReading) throws -> [String] {
        var (codes, contracts) = (0, 0)
        try state.visit(StoreName.compute, prefix: ComputeStore.codePrefix) { _ in codes += 1 }
        try state.visit(StoreName.compute, prefix: ComputeStore.contractPrefix) { _ in contracts += 1 }
        guard codes + contracts > 0 else { return [] }
        return [
            "\(codes) codes and \(contracts) contracts, whose values this network's seeds alone open; their coins stay at "
                + "addresses for which nobody can sign, and a creator's first contracts may meet those addresses taken"
        ]
    }
}
