import EnclaveProtocol
import PublicCryptography
import StateStore

/// The enclave asked for something that is not there to be given: it was told another state than ours.
package struct UnanswerableQuestion: Error, Equatable {
    package var question: String

    init(question: String) { self.question = question }
}

extension StateSnapshot {
    package func proof(of keys: StoreKeys) throws -> StateProof {
        let proved = try multiproof(keys.store, keys.keys)
        return StateProof(store: proved.store, keys: proved.keys, values: proved.values, proof: proved.proof)
    }
}

extension StateDatabase {
    /// Code for an enclave that is going to compile it, so that there will be a module to keep.
    func codeToCompile(hash bytes: [UInt8], modules: ModuleFolder) throws -> [UInt8] {
        modules.noteCompilation()
        guard let hash = Hash32(bytes), let code = try blob(hash) else {
            throw UnanswerableQuestion(question: "code \(Hexadecimal.encode(bytes))")
        }
        return code
    }
}
