import Dispatch
import EnclaveLink
import EnclaveProtocol
import Foundation
import Logging
import ValidatorSigning

// The validator's key of a home: who holds it, and how the enclave comes to have one.
extension NodeHome {
    /// The public key of the one that is there, or of a new one.
    func makeValidatorKey(
        _ configuration: NodeConfiguration, chainID: String, _ programs: ProgramFolder
    ) throws -> [UInt8] {
        switch configuration.signer {
        case .file:
            try ValidatorSigner.generate(keyPath: validatorKey, statePath: validatorState)
            return try ValidatorSigner(keyPath: validatorKey, statePath: validatorState).publicKey
        case .enclave:
            if FileManager.default.fileExists(atPath: sealedValidatorKey) {
                return try SealedKeyFile(path: sealedValidatorKey).publicKey
            }
            return try withUnopenedEnclave(configuration, chainID: chainID, programs) { enclave in
                let made = SealedKeyFile(try enclave.makeConsensusKey())
                try made.write(sealedValidatorKey)
                return made.publicKey
            }
        }
    }

    static let quiet = Logger(label: "node", factory: { _ in SwiftLogNoOpLogHandler() })

    /// Starts the enclave of this home for `body` and ends it again.
    func withUnopenedEnclave<Value>(
        _ configuration: NodeConfiguration, chainID: String, _ programs: ProgramFolder,
        _ body: (any ControlLink) throws -> Value
    ) throws -> Value {
        let enclave = try configuration.machine(in: self, chainID: chainID, programs: programs, logger: Self.quiet)
            .start()
        let ended = DispatchSemaphore(value: 0)
        enclave.onEnd = { _ in ended.signal() }
        defer {
            enclave.stop()
            // Its launcher holds the platform's lock until it is gone.
            _ = ended.wait(timeout: .now() + .seconds(10))
        }
        return try enclave.withControl(body)
    }

    /// Refuses a folder in which a file and the enclave could sign with one key: each has its own record, and that of
    /// the file ends where the enclave took over.
    func requireOneSigner(_ signer: NodeConfiguration.Signer) throws {
        func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
        func bothHaveTheKey() throws -> Bool {
            guard exists(sealedValidatorKey), exists(validatorKey) else { return false }
            return try SealedKeyFile(path: sealedValidatorKey).publicKey == SignerFiles.publicKey(validatorKey)
        }
        switch signer {
        case .file:
            guard try bothHaveTheKey() else { return }
            throw NodeFault(
                "the enclave took this key over, and what it signed since is not in the state file", exit: .refused,
                path: validatorKey, remedy: "say signer = \"enclave\" under [validator], and destroy the file")
        case .enclave:
            if exists(importingValidatorKey) {
                throw NodeFault(
                    "the import of the validator's key was cut off", exit: .refused, path: importingValidatorKey,
                    remedy: "run `cloister-node keys import` again, as it was run; it takes what was signed since")
            }
            guard exists(validatorKey) else { return }
            guard exists(sealedValidatorKey) else {
                throw NodeFault(
                    "the validator's key is in a file, and the settings say that the enclave holds it",
                    path: validatorKey,
                    remedy: "take it over with `cloister-node keys import`, or say signer = \"file\" under [validator]")
            }
            guard try bothHaveTheKey() else { return }
            throw NodeFault(
                "the enclave took this key over, and the file is still here", exit: .refused, path: validatorKey,
                remedy: "move it aside with `cloister-node keys import`")
        }
    }

    /// Opens the validator's key in the enclave of a node that starts. A machine that never had one makes one: whose
    /// votes count is genesis's and the chain's to say.
    func openValidatorKey(in enclave: any EnclaveBackend) throws -> ConsensusKey {
        let files = FileManager.default
        try requireOneSigner(.enclave)
        if !files.fileExists(atPath: sealedValidatorKey) {
            do {
                try SealedKeyFile(enclave.withControl { try $0.makeConsensusKey() }).write(sealedValidatorKey)
            } catch EnclaveError.refused(.consensusKeyExists) {
                throw NodeFault(
                    "the validator's key is missing, as its enclave sealed it", exit: .data, path: sealedValidatorKey,
                    remedy: "restore it from its backup")
            }
        }
        let file = try SealedKeyFile(path: sealedValidatorKey)
        let key = try enclave.withControl { try $0.openConsensusKey(file.sealedKey) }
        guard key.publicKey == file.publicKey else {
            throw NodeFault(
                "the public key is not that of the sealed one", exit: .data, path: sealedValidatorKey,
                remedy: "restore it from its backup")
        }
        // What a file of the same folder says was signed by who had the key before.
        if files.fileExists(atPath: validatorState) {
            try refuse(SignerFiles.last(validatorState), laterThan: key, validatorState)
        }
        return key
    }
}

extension EnclaveSession {
    /// Signs with the enclave's key; `nil` where a file has the validator's.
    func signer(chainID: String) -> EnclaveSigner? {
        validatorKey.map { key in
            EnclaveSigner(key, chainID: chainID) { [enclave] vote in
                do {
                    return try enclave.withControl { try $0.sign(vote) }
                } catch EnclaveError.refused(.voteRegression) {
                    throw SignerRefusal.regression
                } catch EnclaveError.refused(.voteConflict) {
                    throw SignerRefusal.conflict
                } catch EnclaveError.refused(.voteMalformed) {
                    throw SignerRefusal.malformed
                } catch EnclaveError.refused(.voteTooFar) {
                    throw SignerRefusal.tooFar
                }
            }
        }
    }
}
