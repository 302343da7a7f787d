import ChainInterface
import DurableFiles
import EnclaveLink
import EnclaveProtocol
import Foundation
import PublicCryptography
import StrictJSON
import ValidatorSigning
import Wire

// What an operator does with the validator's key.
extension NodeHome {
    /// Takes the key of CometBFT's files into the enclave of this home, with what they say was signed last, once. From
    /// then on the key file has another name, so that no program signs with it by mistake.
    ///
    /// Each step may be the last of a run: the next run goes on from there.
    package func importValidatorKey(
        keyPath: String? = nil, statePath: String? = nil, programs: ProgramFolder = ProgramFolder()
    ) throws -> String {
        let lock = try HomeLock(self)
        defer { withExtendedLifetime(lock) {} }
        let settings = try NodeConfiguration(path: configuration)
        let chainID = try GenesisFile(self).document.chainID
        let (keyPath, statePath) = (keyPath ?? validatorKey, statePath ?? validatorState)
        let files: SignerFiles
        do {
            files = try SignerFiles(keyPath: keyPath, statePath: statePath)
        } catch SignerFileError.missing(statePath) {
            throw NodeFault(
                "the record of what the validator signed is missing; without it the enclave could sign twice",
                exit: .data, path: statePath, remedy: "give the newest with --state")
        }
        if FileManager.default.fileExists(atPath: sealedValidatorKey),
            try SealedKeyFile(path: sealedValidatorKey).publicKey != files.publicKey
        {
            throw NodeFault(
                "this node has another validator's key already", exit: .refused, path: sealedValidatorKey,
                remedy: "import it into a node whose enclave has none yet")
        }
        try withUnopenedEnclave(settings, chainID: chainID, programs) { enclave in
            if !FileManager.default.fileExists(atPath: sealedValidatorKey) {
                let imported = ImportedConsensusKey(
                    privateKey: files.privateKey, height: UInt64(files.last.height), round: UInt32(files.last.round),
                    step: UInt32(files.last.step))
                try SealedKeyFile(enclave.importConsensusKey(imported)).write(sealedValidatorKey)
            }
            // From here on the machine has this key and no other.
            let opened = try enclave.openConsensusKey(SealedKeyFile(path: sealedValidatorKey).sealedKey)
            try refuse(files.last, laterThan: opened, statePath)
        }
        let aside = keyPath + ".imported"
        try FileManager.default.moveItem(atPath: keyPath, toPath: aside)
        return aside
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
