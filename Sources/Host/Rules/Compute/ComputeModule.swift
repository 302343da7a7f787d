import ModuleKit
import StateProofs

/// The records of codes and contracts. Messages to it are the enclave's to run.
package struct ComputeModule: LedgerModule {
    package let name = "compute"
    package let stores = [StoreName.compute]

    package init() {}
}
