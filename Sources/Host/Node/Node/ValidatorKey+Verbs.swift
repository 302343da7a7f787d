import ChainInterface
import DurableFiles
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import PublicCryptography
import StrictJSON
import ValidatorSigning
import Wire

// What an operator does with the validator's key.
extension NodeHome {
    /// Takes the key of CometBFT's files into the enclave of this home, with what they say was signed last, once. From
    /// then on both files have other names: no program signs with the key by mistake, and a later import must be told
    /// what was signed until then.
    ///
    /// Each step may be the last of a run: the next run goes on from there. Until the key file is away it may sign on:
    /// so it is read and sealed anew, and the enclave, which would take nothing newer afterwards, opens the seal last.
    package func importValidatorKey(
        keyPath: String? = nil, statePath: String? = nil, programs: ProgramFolder = ProgramFolder()
    ) throws -> String {
        let lock = try HomeLock(self)
        defer { withExtendedLifetime(lock) {} }
        let settings = try NodeConfiguration(path: configuration)
        let chainID = try GenesisFile(self).document.chainID
        let key = ImportedFile(keyPath ?? validatorKey)
        let state = ImportedFile(statePath ?? validatorState)
        guard !state.path.hasSuffix(ImportedFile.suffix) else {
            throw NodeFault(
                "this says what was signed when an enclave took the key over, and not what that signed since",
                exit: .refused, path: state.path, remedy: "see `keys import` in docs/operations.md")
        }
        let isCutOff = FileManager.default.fileExists(atPath: importingValidatorKey)
        let files: SignerFiles
        do {
            files = try SignerFiles(keyPath: key.source(isCutOff), statePath: state.source(isCutOff))
        } catch SignerFileError.missing(state.path) {
            throw NodeFault(
                "the record of what the validator signed is missing; without it the enclave could sign twice",
                exit: .data, path: state.path, remedy: "give the newest with --state")
        }
        let isDone = FileManager.default.fileExists(atPath: sealedValidatorKey)
        if isDone, try SealedKeyFile(path: sealedValidatorKey).publicKey != files.publicKey {
            throw NodeFault(
                "this node has another validator's key already", exit: .refused, path: sealedValidatorKey,
                remedy: "import it into a node whose enclave has none yet")
        }
        try key.requirePlace()
        try withUnopenedEnclave(settings, chainID: chainID, programs) { enclave in
            if !isDone {
                let imported = ImportedConsensusKey(
                    privateKey: files.privateKey, height: UInt64(files.last.height), round: UInt32(files.last.round),
                    step: UInt32(files.last.step))
                do {
                    try SealedKeyFile(enclave.importConsensusKey(imported)).write(importingValidatorKey)
                } catch EnclaveError.refused(.consensusKeyExists) {
                    // It was opened already, so the files were away.
                    guard isCutOff, try SealedKeyFile(path: importingValidatorKey).publicKey == files.publicKey else {
                        throw EnclaveError.refused(.consensusKeyExists)
                    }
                }
                try key.moveAside()
                try state.moveAside()
            }
            // From here on the machine has this key and no other.
            let sealed = try SealedKeyFile(path: isDone ? sealedValidatorKey : importingValidatorKey)
            try refuse(files.last, laterThan: enclave.openConsensusKey(sealed.sealedKey), state.path)
        }
        if isDone {
            try key.moveAside()
            try state.moveAside()
        } else {
            guard rename(importingValidatorKey, sealedValidatorKey) == 0 else {
                throw FileError("rename", importingValidatorKey)
            }
            try DurableFile.syncFolder(of: sealedValidatorKey)
        }
        return key.aside
    }

    /// A file that an import takes over, and the name that it has afterwards.
    private struct ImportedFile {
        static let suffix = ".imported"

        let path: String

        init(_ path: String) { self.path = path }

        var aside: String { path.hasSuffix(Self.suffix) ? path : path + Self.suffix }

        /// Where it is; an import that was cut off may have moved it.
        func source(_ isCutOff: Bool) -> String {
            isCutOff && !FileManager.default.fileExists(atPath: path) ? aside : path
        }

        /// Nothing else may be where it will be.
        func requirePlace() throws {
            let files = FileManager.default
            guard path != aside, files.fileExists(atPath: path), files.fileExists(atPath: aside),
                !files.contentsEqual(atPath: path, andPath: aside)
            else { return }
            throw NodeFault("there is another key", path: aside, remedy: "move that file away first")
        }

        func moveAside() throws {
            guard path != aside, FileManager.default.fileExists(atPath: path) else { return }
            guard rename(path, aside) == 0 else { throw FileError("rename", path) }
            try DurableFile.syncFolder(of: path)
        }
    }

    /// Whoever signed something later with a key that the enclave has, signs beside it.
    func refuse(
        _ last: (height: Int64, round: Int32, step: UInt8), laterThan key: ConsensusKey, _ statePath: String
    ) throws {
        let signed = (UInt64(last.height), UInt32(last.round), UInt32(last.step))
        guard signed > (key.height, key.round, key.step) else { return }
        throw NodeFault(
            """
            this file says that the validator signed for height \(last.height), round \(last.round), and its enclave \
            signed last for height \(key.height), round \(key.round): somebody else signs with the key
            """, exit: .refused, path: statePath,
            remedy: "find who does and end it; remove the file only if the key was never used with it")
    }

    /// The key that validates here, as a genesis names it; with the enclave's quote over it, where that holds it.
    package func describeValidatorKey() throws -> String {
        let signer = try NodeConfiguration(path: configuration).signer
        var fields: [(String, JSONValue)] = [("signer", .string(signer.rawValue))]
        func describe(_ address: String, _ publicKey: [UInt8]) {
            fields.append(("address", .string(address)))
            fields.append(
                (
                    "pub_key",
                    .object([("type", "tendermint/PubKeyEd25519"), ("value", .string(Base64.encode(publicKey)))])
                ))
        }
        switch signer {
        case .file:
            let files = try SignerFiles(keyPath: validatorKey, statePath: validatorState)
            describe("\(files.address)", files.publicKey)
        case .enclave:
            let file = try SealedKeyFile(path: sealedValidatorKey)
            describe("\(file.address)", file.publicKey)
            fields.append(("evidence", .string(Base64.encode(file.evidence))))
        }
        return String(decoding: JSONWriter.bytes(of: .object(fields)), as: UTF8.self)
    }
}
