import Attestation
import BlockExecution
import BlockStorage
import ChainApplication
import ChainFormats
import ChainInterface
import DecidedBlocks
import DurableFiles
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
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
        let files = TakeOverFiles(home)
        try files.sweep()
        let before = (try? String(contentsOfFile: home.measurement, encoding: .utf8)) ?? ""
        let isNew = !before.hasPrefix(measurement.measurement)
        if !isNew, !FileManager.default.fileExists(atPath: home.takeOver) {
            return say("the enclave of this program, \(measurement.measurement), runs this node already")
        }
        try files.begin(for: measurement.measurement)
        if try files.seed == nil {
            guard let payment else {
                throw NodeFault(violations: ["--from: who pays for the registration of the new enclave?"])
            }
            let node = NodeAddress(host: configuration.restHost, port: configuration.restPort)
            let key = try EnclaveRegistration(
                node: node, genesis: genesis, certificate: files.certificatePath, seed: files.seedPath,
                staleSeed: try DurableFile.read(files.staleSeedPath)
            ).run(machine, configuration, payment: payment, replaces: nil, patience: patience, say: say)
            try DurableFile.replace(files.registrationKeyPath, with: Array((key + "\n").utf8))
            say("the chain has wrapped its seeds for registration key \(key)")
        }
        guard !HomeLock.isHeld(home) else { return say("stop the node, and call this again") }
        let lock = try HomeLock(home)
        defer { withExtendedLifetime(lock) {} }
        let isHandedOver = try configuration.signer == .file || !isNew || files.handedKey != nil
        let steps = try Steps(home: home, configuration, genesis, machine, files, program: measurement.measurement)
        let height = try steps.goOn { enclave, record in
            guard isHandedOver else { return try steps.requireRoomForKey(enclave) }
            try steps.takeOver(enclave, record, image: image)
        }
        guard isHandedOver else {
            try files.setReady(measurement.measurement, at: height)
            return say(
                """
                the enclave \(measurement.measurement) can go on behind the last block; the old one has the validator's key: \
                run `cloister-node keys hand-over --to \(measurement.measurement)` of the programs that ran the node, and \
                then call this again
                """)
        }
        try DurableFile.replace(home.measurement, with: Array((measurement.measurement + "\n").utf8))
        try files.end()
        say("the enclave \(measurement.measurement) has taken over; start the node with this program")
    }
}

/// The new enclave's way to where the old one stands. It is gone before the old one gives its key away, and can be gone
/// again.
private struct Steps {
    private let home: NodeHome
    private let configuration: NodeConfiguration
    private let genesis: GenesisDocument
    private let machine: any EnclaveMachine
    private let files: TakeOverFiles
    /// The new enclave's, in hexadecimal.
    private let program: String
    private let state: StateDatabase

    init(
        home: NodeHome, _ configuration: NodeConfiguration, _ genesis: GenesisDocument, _ machine: any EnclaveMachine,
        _ files: TakeOverFiles, program: String
    ) throws {
        (self.home, self.configuration, self.genesis) = (home, configuration, genesis)
        (self.machine, self.files, self.program) = (machine, files, program)
        state = try Application.openState(folder: home.application, isDurable: configuration.isDurable)
    }

    /// Starts the new enclave and leads it behind the last block.
    ///
    /// - Parameter then: with the enclave, and its record unless the node has that already.
    /// - Returns: the height of that block.
    func goOn(_ then: (any EnclaveBackend, [UInt8]?) throws -> Void) throws -> UInt64 {
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
            newRecord = try follow(enclave, to: Int64(height))
        }
        try then(enclave, newRecord)
        return height
    }

    /// An enclave that has another validator's key takes none over, and one that handed another on may have counted
    /// further than this key has come: the key would have left by then. One that handed this one on takes it back.
    func requireRoomForKey(_ enclave: any EnclaveBackend) throws {
        let hadThisOne = try HandedKeys(home).had(SealedKeyFile(path: home.sealedValidatorKey).publicKey, program)
        do {
            // Nothing rests on a key that is never opened.
            _ = try enclave.withControl { try $0.makeConsensusKey() }
        } catch EnclaveError.refused(let failure)
            where failure == .consensusKeyExists || failure == .consensusKeyHandedOver
        {
            guard failure == .consensusKeyExists || !hadThisOne else { return }
            throw NodeFault(
                "the new enclave has, or had, another validator's key on this machine, and can take over none",
                exit: .refused,
                path: home.platform, remedy: "let the old programs run the node, or use another machine")
        }
    }

    func takeOver(_ enclave: any EnclaveBackend, _ newRecord: [UInt8]?, image: [UInt8]) throws {
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
        if let newRecord {
            // What a node that loses its state begins with again.
            try DurableFile.replace(home.bootstrapRecord, with: newRecord)
            try state.writeMeta(Application.metadata(sealedRecord: newRecord))
        }
        try DurableFile.replace(home.image, with: image)
    }

    /// Opens the seeds, behind the block in which they were wrapped, and goes on to the last block that this node ran.
    /// What it knows is kept after each step: its platform takes none that is behind.
    private func follow(_ enclave: any EnclaveBackend, to height: Int64) throws -> [UInt8] {
        do {
            var (head, record) = try begin(enclave)
            guard head <= height else {
                throw NodeFault(
                    "the new enclave stands behind block \(head), and this node has run block \(height)",
                    exit: .refused,
                    remedy: "start it with the programs that ran it until now, until it has that block")
            }
            guard head < height else { return record }
            for step in try way(from: head, to: height) {
                record = try enclave.execution.advance(
                    Advance(
                        header: step.header.header.protobuf, commit: step.header.commit.protobuf,
                        validators: step.header.validators.protobuf, trustedValidators: step.trusted.protobuf))
                try DurableFile.replace(files.recordPath, with: record)
                head = step.header.header.height
            }
            return record
        } catch EnclaveError.refused(let failure)
            where [.grantRefused, .headerNotTrusted, .headerBeyondTrust, .heightBehindJournal].contains(failure)
        {
            throw try beginAgain("\(failure), \(failure.rawValue)")
        } catch let refusal as SyncRefusal {
            throw try beginAgain(refusal.text)
        }
    }

    private func begin(_ enclave: any EnclaveBackend) throws -> (head: Int64, record: [UInt8]) {
        if let record = try DurableFile.read(files.recordPath),
            let opened = try? enclave.withControl({ try $0.unseal(record) })
        {
            return (Int64(clamping: opened.headHeight), record)
        }
        guard let seed = try files.seed else { throw NodeFault("the seeds are gone", path: files.seedPath) }
        let identity = try EnclaveSession.identity(genesis, machine, configuration)
        let opened = try JoiningNode.join(enclave, identity, genesis, seed: seed, beginning: .grant, home: home)
        try DurableFile.replace(files.recordPath, with: opened.sealedRecord)
        return (Int64(clamping: opened.headHeight), opened.sealedRecord)
    }

    private func way(from head: Int64, to height: Int64) throws -> [LightTrail.Step] {
        let store = try BlockStore(folder: home.consensus + "/blocks", isDurable: configuration.isDurable)
        let source = OwnBlocks(store: store)
        guard let anchor = genesis.anchor, let shown = try? source.lightBlock(head),
            let next = try store.validators(head + 1), let place = SyncTrust.Place(verified: shown, next: next),
            let target = try? source.lightBlock(height)
        else { throw try beginAgain("the blocks from \(head) to \(height) are not all here") }
        return try LightTrail(
            from: place.head, trusting: place.next, to: target, on: anchor, sources: [source]
        ).steps
    }

    /// From where these seeds were wrapped the new enclave does not come here. Nothing is lost: the old one has the
    /// key.
    private func beginAgain(_ cause: String) throws -> NodeFault {
        guard try !files.mayBeHandedOver else {
            return NodeFault(
                "the new enclave does not come to the last block", exit: .refused, path: files.recordPath, cause: cause,
                remedy: "restore the newest copy of \(home.folder)/data")
        }
        try files.setSeedAside()
        return NodeFault(
            "the new enclave does not come from where its seeds were wrapped to the last block", exit: .refused,
            cause: cause,
            remedy:
                "start the node with the programs that ran it, and call this again with --from: the seeds are wrapped anew"
        )
    }

    /// What this node has of its chain.
    private struct OwnBlocks: LightBlockSource {
        let store: BlockStore

        func lightBlock(_ height: Int64) throws -> UnverifiedHeader {
            guard let block = try store.decidedBlock(height) else { throw NodeFault("no block \(height) is here") }
            return UnverifiedHeader(header: block.header, commit: block.commit, validators: block.validators)
        }
    }
}

/// What an upgrade keeps until it is done: all of it for one new program.
struct TakeOverFiles {
    private let folder: String

    init(_ home: NodeHome) { folder = home.takeOver }

    private var measurementPath: String { folder + "/measurement" }
    /// Says, with its measurement and a height, that the new enclave can go on: the old one's key may go.
    private var readyPath: String { folder + "/ready" }
    /// The new enclave's, as far as it has come.
    var recordPath: String { folder + "/record" }
    /// Seeds from which it does not come here.
    var staleSeedPath: String { folder + "/stale-seed" }
    var certificatePath: String { folder + "/certificate" }
    var seedPath: String { folder + "/encrypted-seed" }
    var registrationKeyPath: String { folder + "/registration-key" }
    var handedKeyPath: String { folder + "/handed-key" }
    /// There from before the old enclave is asked.
    var handingOverPath: String { folder + "/handing-over" }

    /// Whether the old enclave's key may be gone, asked for or here.
    var mayBeHandedOver: Bool {
        get throws { try handedKey != nil || FileManager.default.fileExists(atPath: handingOverPath) }
    }

    /// Makes the folder for a program, in the place of one for another program to which nothing was handed over.
    func begin(for measurement: String) throws {
        let files = FileManager.default
        if files.fileExists(atPath: folder), try line(measurementPath) != measurement {
            guard try !mayBeHandedOver else {
                throw NodeFault(
                    "the validator's key was handed over to another program than this one", exit: .refused,
                    path: folder,
                    cause: try line(measurementPath).map { "the program is \($0)" },
                    remedy: "end that upgrade first, with its `cloister-node upgrade-enclave`")
            }
            try files.removeItem(atPath: folder)
        }
        try files.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try DurableFile.replace(measurementPath, with: Array((measurement + "\n").utf8))
    }

    /// Removes all at once, as far as anybody sees.
    func end() throws {
        try sweep()
        guard rename(folder, donePath) == 0 else { throw FileError("rename", folder) }
        try DurableFile.syncFolder(of: folder)
        try sweep()
    }

    /// What an end that was cut off has left.
    func sweep() throws {
        guard FileManager.default.fileExists(atPath: donePath) else { return }
        try FileManager.default.removeItem(atPath: donePath)
    }

    private var donePath: String { folder + ".done" }

    func setReady(_ measurement: String, at height: UInt64) throws {
        try DurableFile.replace(readyPath, with: Array("\(measurement) \(height)\n".utf8))
    }

    /// For which program it was shown, and behind which block, that it can go on.
    var ready: (measurement: String, height: UInt64)? {
        get throws {
            let parts = try line(readyPath)?.split(separator: " ") ?? []
            guard parts.count == 2, let height = UInt64(parts[1]) else { return nil }
            return (String(parts[0]), height)
        }
    }

    /// Has the seeds asked for anew.
    func setSeedAside() throws {
        if let seed = try DurableFile.read(seedPath) { try DurableFile.replace(staleSeedPath, with: seed) }
        for path in [registrationKeyPath, seedPath, recordPath, readyPath]
        where FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }

    /// `nil` until it is known whose they are.
    var seed: [UInt8]? {
        get throws { try registrationKey == nil ? nil : DurableFile.read(seedPath) }
    }

    var handedKey: [UInt8]? { get throws { try DurableFile.read(handedKeyPath) } }

    var registrationKey: [UInt8]? {
        get throws {
            try line(registrationKeyPath).flatMap { Hexadecimal.decode($0) }
        }
    }
}

extension NodeHome {
    /// Has the enclave that ran this node until now hand the validator's key to the one that was registered.
    ///
    /// - Parameter measurement: of its program, as the operator names it in hexadecimal.
    package func handOverValidatorKey(to measurement: String?, programs: ProgramFolder = ProgramFolder()) throws {
        let lock = try HomeLock(self)
        defer { withExtendedLifetime(lock) {} }
        let files = TakeOverFiles(self)
        guard let successor = try files.registrationKey, let ready = try files.ready else {
            throw NodeFault(
                "no enclave was registered to take over from this one, and showed that it can go on",
                exit: .configuration, path: takeOver,
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
        var keys = [RegisterStore.nodeKey(publicKey: successor), RegisterStore.policyKey]
        // As the chain has it: what the folder says is the host's own.
        guard let node = try proved.get(StoreName.register, keys[0]).flatMap({ try? RegisteredNode(decoding: $0) }),
            let certificate = try? RegistrationCertificate(protobuf: node.certificate),
            let quote = try? UnverifiedQuote(certificate.quote)
        else {
            throw NodeFault(
                "the chain knows no enclave with registration key \(Hexadecimal.encode(successor))", exit: .refused,
                path: takeOver, remedy: "run `cloister-node upgrade-enclave` of the new programs first")
        }
        let program = Hexadecimal.encode(quote.body.measurement.bytes)
        guard measurement?.lowercased() == program, ready.measurement == program else {
            throw NodeFault(
                measurement == nil
                    ? "the validator's key would go to the enclave program \(program)"
                    : "the enclave that was registered is of the program \(program)", exit: .configuration,
                path: takeOver,
                cause: "its registration key is \(Hexadecimal.encode(successor))",
                remedy: ready.measurement == program
                    ? "say --to \(program), if that is the one" : "run the `cloister-node upgrade-enclave` of the one")
        }
        // What has gone since may be more than it can: blocks are pruned, and sets of validators change.
        guard ready.height == height else {
            throw NodeFault(
                "the node has run on since the new enclave showed that it can go on", exit: .configuration,
                path: takeOver, cause: "that was at height \(ready.height), and this is \(height)",
                remedy: "run `cloister-node upgrade-enclave` of the new programs once more")
        }
        if let place = certificate.machines.map({ RegisterStore.collateralKey(machines: $0) }),
            try proved.get(StoreName.register, place) != nil
        {
            keys.append(place)
        }
        let proof = try proved.multiproof(StoreName.register, keys)
        let request = KeyHandOver(
            sealedKey: sealed.sealedKey, registrationKey: successor,
            storeRoots: proved.commitment.stores.map { StoreRoot(name: $0.name, root: $0.root.bytes) },
            registration: StateProof(
                store: StoreName.register, keys: keys, values: proof.values, proof: proof.proof))
        let chainID = try GenesisFile(self).document.chainID
        let own = try line(self.measurement)
        try withUnopenedEnclave(settings, chainID: chainID, programs) { enclave in
            _ = try enclave.unseal(record)
            if let own { try HandedKeys(self).add(sealed.publicKey, own) }
            try DurableFile.replace(files.handingOverPath, with: [])
            do {
                try DurableFile.replace(files.handedKeyPath, with: enclave.handOverKey(request))
            } catch EnclaveError.refused(let failure)
                where ![.platformFailed, .consensusKeyHandedOver, .votesMoved].contains(failure)
            {
                // It was refused before anything was recorded.
                try FileManager.default.removeItem(atPath: files.handingOverPath)
                throw EnclaveError.refused(failure)
            }
        }
    }
}

/// Which enclaves of this machine had the node's key, by their programs, as the node has asked them to hand it over.
struct HandedKeys {
    private let path: String

    init(_ home: NodeHome) { path = home.folder + "/data/handed-keys" }

    private var lines: [String] {
        get throws {
            String(decoding: try DurableFile.read(path) ?? [], as: UTF8.self).split(separator: "\n").map { String($0) }
        }
    }

    private static func line(_ publicKey: [UInt8], _ program: String) -> String {
        program + " " + Hexadecimal.encode(publicKey)
    }

    func had(_ publicKey: [UInt8], _ program: String) throws -> Bool {
        try lines.last { $0.hasPrefix(program) } == Self.line(publicKey, program)
    }

    func add(_ publicKey: [UInt8], _ program: String) throws {
        guard try !had(publicKey, program) else { return }
        let text = try (lines + [Self.line(publicKey, program)]).joined(separator: "\n") + "\n"
        try DurableFile.replace(path, with: Array(text.utf8))
    }
}

/// A file that has one.
private func line(_ path: String) throws -> String? {
    try DurableFile.read(path).map {
        String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
