import BlockStorage
import ChainApplication
import ChainFormats
import ChainInterface
import DecidedBlocks
import DurableFiles
import EnclaveLink
import EnclaveProtocol
import Foundation
import LedgerRecords
import Logging
import PublicCryptography
import StateProofs
import StateStore
import ValidatorSigning
import Wire

/// The way of a node from one enclave program to another, which the chain has approved.
///
/// The new enclave shows the chain evidence and is given the seeds while the old one still runs; the old one hands it
/// the validator's key, once and for ever; then it goes on behind the last block. Each step is on disk before the next
/// one begins, and can be done again; what a node with the old programs needs is replaced last.
///
/// What the host keeps meanwhile is worth nothing to anybody else: seeds and key are wrapped for the new enclave.
package struct EnclaveUpgrade {
    private let home: NodeHome
    /// Where the new enclave is.
    private let programs: ProgramFolder

    package init(_ home: NodeHome, programs: ProgramFolder = ProgramFolder()) {
        (self.home, self.programs) = (home, programs)
    }

    /// Goes as far as it can now; says what it waits for.
    ///
    /// - Parameter payment: needed until the seeds are there.
    package func run(
        payment: RegistrationPayment?, patience: TimeInterval, logger: Logger, say: (String) -> Void
    ) throws {
        let configuration = try NodeConfiguration(path: home.configuration)
        let genesis = try GenesisFile(home).document
        let machine = try configuration.machine(in: home, chainID: genesis.chainID, programs: programs, logger: logger)
        guard let image = try machine.image(), let measurement = EnclaveImage(String(decoding: image, as: UTF8.self))
        else { throw NodeFault("only an enclave that is launched here takes over from another one here") }
        let before = (try? String(contentsOfFile: home.measurement, encoding: .utf8)) ?? ""
        let isNew = !before.hasPrefix(measurement.measurement)
        if !isNew, !FileManager.default.fileExists(atPath: home.takeOver) {
            return say("the enclave of this program, \(measurement.measurement), runs this node already")
        }
        try FileManager.default.createDirectory(
            atPath: home.takeOver, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let files = TakeOverFiles(home)
        if try files.seed == nil {
            guard let payment else {
                throw NodeFault(violations: ["--from: who pays for the registration of the new enclave?"])
            }
            let node = NodeAddress(host: configuration.restHost, port: configuration.restPort)
            let key = try EnclaveRegistration(
                node: node, genesis: genesis, certificate: files.certificatePath, seed: files.seedPath
            ).run(machine, configuration, payment: payment, replaces: nil, patience: patience, say: say)
            try DurableFile.replace(files.registrationKeyPath, with: Array((key + "\n").utf8))
            say("the chain has wrapped its seeds for registration key \(key)")
        }
        guard !HomeLock.isHeld(home) else { return say("stop the node, and call this again") }
        let lock = try HomeLock(home)
        defer { withExtendedLifetime(lock) {} }
        if configuration.signer == .enclave, isNew, try files.handedKey == nil {
            return say(
                """
                the old enclave has the validator's key: run `cloister-node keys hand-over` of the programs that ran the \
                node, and then call this again
                """)
        }
        try goOn(configuration, genesis, machine, image, files)
        try DurableFile.replace(home.measurement, with: Array((measurement.measurement + "\n").utf8))
        try FileManager.default.removeItem(atPath: home.takeOver)
        say("the enclave \(measurement.measurement) has taken over; start the node with this program")
    }

    /// The new enclave goes on behind the last block.
    private func goOn(
        _ configuration: NodeConfiguration, _ genesis: GenesisDocument, _ machine: any EnclaveMachine, _ image: [UInt8],
        _ files: TakeOverFiles
    ) throws {
        let state = try Application.openState(folder: home.application, isDurable: configuration.isDurable)
        guard let record = try Application.sealedRecord(in: state), let height = state.latestHeight else {
            throw NodeFault("this node has run no block yet: begin it with the new programs", exit: .configuration)
        }
        let enclave = try machine.start()
        let ended = DispatchSemaphore(value: 0)
        enclave.onEnd = { _ in ended.signal() }
        defer {
            enclave.stop()
            _ = ended.wait(timeout: .now() + .seconds(10))
        }
        var newRecord: [UInt8]?
        do {
            _ = try enclave.withControl { try $0.unseal(record) }
        } catch EnclaveError.refused(.sealedRecordRefused) {
            newRecord = try join(enclave, configuration, genesis, machine, files, to: Int64(height))
        }
        if configuration.signer == .enclave, let handed = try files.handedKey {
            let key = SealedKeyFile(try enclave.withControl { try $0.takeOverKey(handed) })
            guard try key.publicKey == SealedKeyFile(path: home.sealedValidatorKey).publicKey else {
                throw NodeFault(
                    "what was handed over is another key than the validator's", exit: .data, path: files.handedKeyPath)
            }
            try key.write(home.sealedValidatorKey)
        }
        // Machine code that the old one sealed.
        try? FileManager.default.removeItem(atPath: home.application + "/modules")
        if let newRecord { try state.writeMeta(Application.metadata(sealedRecord: newRecord)) }
        try DurableFile.replace(home.image, with: image)
    }

    /// Opens the seeds, behind the block in which they were wrapped, and goes on to the last block that this node ran.
    private func join(
        _ enclave: any EnclaveBackend, _ configuration: NodeConfiguration, _ genesis: GenesisDocument,
        _ machine: any EnclaveMachine, _ files: TakeOverFiles, to height: Int64
    ) throws -> [UInt8] {
        guard let seed = try files.seed else { throw NodeFault("the seeds are gone", path: files.seedPath) }
        let identity = try EnclaveSession.identity(genesis, machine, configuration)
        let opened = try JoiningNode.join(enclave, identity, genesis, seed: seed, beginning: .grant, home: home)
        let granted = Int64(opened.headHeight)
        guard granted <= height else {
            throw NodeFault(
                "the seeds were wrapped in block \(granted), and this node has run block \(height)", exit: .refused,
                remedy: "start it with the programs that ran it until now, until it has that block")
        }
        try DurableFile.replace(home.bootstrapRecord, with: opened.sealedRecord)
        guard granted < height else { return opened.sealedRecord }
        let store = try BlockStore(folder: home.consensus + "/blocks", isDurable: configuration.isDurable)
        guard let block = try store.decidedBlock(height), let trusted = try store.validators(granted + 1) else {
            throw NodeFault(
                "the blocks from \(granted) to \(height) are not all here", exit: .data,
                path: home.consensus + "/blocks")
        }
        return try enclave.execution.advance(
            Advance(
                header: block.header.protobuf, commit: block.commit.protobuf, validators: block.validators.protobuf,
                trustedValidators: trusted.protobuf))
    }
}

/// What an upgrade keeps until it is done.
struct TakeOverFiles {
    private let folder: String

    init(_ home: NodeHome) { folder = home.takeOver }

    var certificatePath: String { folder + "/certificate" }
    var seedPath: String { folder + "/encrypted-seed" }
    var registrationKeyPath: String { folder + "/registration-key" }
    var handedKeyPath: String { folder + "/handed-key" }

    /// `nil` until it is known whose they are.
    var seed: [UInt8]? {
        get throws { try registrationKey == nil ? nil : DurableFile.read(seedPath) }
    }

    var handedKey: [UInt8]? { get throws { try DurableFile.read(handedKeyPath) } }

    var registrationKey: [UInt8]? {
        get throws {
            try DurableFile.read(registrationKeyPath).flatMap {
                Hexadecimal.decode(
                    String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
            }
        }
    }
}

extension NodeHome {
    /// Has the enclave that ran this node until now hand the validator's key to the one that was registered.
    package func handOverValidatorKey(programs: ProgramFolder = ProgramFolder()) throws {
        let lock = try HomeLock(self)
        defer { withExtendedLifetime(lock) {} }
        let files = TakeOverFiles(self)
        guard let successor = try files.registrationKey else {
            throw NodeFault(
                "no enclave is registered to take over from this one", exit: .configuration, path: takeOver,
                remedy: "run `cloister-node upgrade-enclave` of the new programs first")
        }
        let settings = try NodeConfiguration(path: configuration)
        guard settings.signer == .enclave else {
            throw NodeFault("the validator's key is in a file, and no enclave has it", exit: .configuration)
        }
        let state = try Application.openState(folder: application, isDurable: settings.isDurable)
        guard let record = try Application.sealedRecord(in: state), let height = state.latestHeight, height > 1 else {
            throw NodeFault("this node has run no block yet", exit: .configuration)
        }
        let sealed = try SealedKeyFile(path: sealedValidatorKey)
        // The header of the last block proves the state before it.
        let proved = try state.snapshot(at: height - 1)
        let keys = [RegisterStore.nodeKey(publicKey: successor), RegisterStore.policyKey]
        let proof = try proved.multiproof(StoreName.register, keys)
        let request = KeyHandOver(
            sealedKey: sealed.sealedKey, registrationKey: successor,
            storeRoots: proved.commitment.stores.map { StoreRoot(name: $0.name, root: $0.root.bytes) },
            registration: StateProof(
                store: StoreName.register, keys: keys, values: proof.values, proof: proof.proof))
        let chainID = try GenesisFile(self).document.chainID
        try withUnopenedEnclave(settings, chainID: chainID, programs) { enclave in
            _ = try enclave.unseal(record)
            try DurableFile.replace(files.handedKeyPath, with: enclave.handOverKey(request))
        }
    }
}
