import Foundation
import ValidatorSigning

extension NodeHome {
    /// All that would keep a node from starting with the files that people write: settings, genesis, the validator's
    /// key. Nothing is started, and nothing is written.
    package func faults() -> [NodeFault] {
        var faults: [NodeFault] = []
        func look(_ body: () throws -> Void) {
            do { try body() } catch { faults.append(NodeFault(error, in: self)) }
        }
        look { _ = try NodeConfiguration(path: configuration) }
        look { _ = try GenesisFile(self).document.checked() }
        look { _ = try ValidatorSigner(keyPath: validatorKey, statePath: validatorState) }
        // A start makes one where there is none.
        if FileManager.default.fileExists(atPath: nodeKey) { look { _ = try NodeIdentity.open(nodeKey) } }
        return faults
    }
}
