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
        var signer = NodeConfiguration.Signer.enclave
        look { signer = try NodeConfiguration(path: configuration).signer }
        look { _ = try GenesisFile(self).document.checked() }
        look { try requireOneSigner(signer) }
        switch signer {
        case .file: look { _ = try ValidatorSigner(keyPath: validatorKey, statePath: validatorState) }
        case .enclave:
            // The first start makes one where there is none.
            let hasBegun = FileManager.default.fileExists(atPath: bootstrapRecord)
            if hasBegun || FileManager.default.fileExists(atPath: sealedValidatorKey) {
                look { _ = try SealedKeyFile(path: sealedValidatorKey) }
            }
        }
        if FileManager.default.fileExists(atPath: nodeKey) { look { _ = try NodeIdentity.open(nodeKey) } }
        return faults
    }
}
