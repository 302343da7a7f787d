import ContractEngine
import EnclaveProtocol
import PublicCryptography

/// Whether an enclave tells the callers of contracts where those stopped. A constant of the program that was measured:
/// nothing that a host can say, and nothing that a chain can decide, changes it.
package enum EnclaveMode: Sendable {
    /// The texts of Secret Network, and nothing else.
    case standard
    /// With a backtrace, sealed for the caller. Where a contract stopped depends on its secrets, so this is for
    /// networks that hold none: an enclave in this mode serves no chain of the profile production.
    case development
}

/// Where a contract stopped, for whoever called it. In the standard mode there is none of this.
extension ContractCaller {
    /// The beginning of the error that the caller is told: the trap, the code and the functions that were active, all
    /// of it sealed under the key of the caller's message; `nil` in the standard mode.
    func sealedTrace(
        of run: ContractRun, in contract: CallContext.LoadedContract, _ operation: ContractOperation
    ) throws(Failure) -> String? {
        guard context.core.mode == .development, case .failure(let trap) = run.result else { return nil }
        let names = FunctionNames.find(run.trace, in: try context.code(contract.codeHash))
        var text = "\(trap.message)\n  in code \(contract.codeHash)"
        for function in run.trace {
            text += "\n    at \(function)"
            if let name = names[function] { text += " \(name)" }
        }
        return "encrypted: \(key.sealError(text)): \(operation.failed)"
    }
}
