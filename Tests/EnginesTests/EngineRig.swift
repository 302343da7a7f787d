import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import DecidedBlocks
import EmbeddedEngine
import Foundation
import Logging
import PublicCryptography
import TestSupport
import Testing
import ValidatorSigning
import Wire

struct Crash: Error {}

/// A folder of one validator that engines are started over, one after the other.
final class EngineRig {
    private let temporary = TemporaryFolder()
    let folder: String
    let application: CounterApplication
    let genesis: GenesisDocument
    let chainID = "engine-1"

    /// `others` validate, too, and are never heard of; they have less than a third of the power. `genesis` is another
    /// rig's, whose chain is followed.
    init(transactionsPerBlock: Int = 1, others: [[UInt8]] = [], genesis: GenesisDocument? = nil) throws {
        folder = temporary.url.path
        application = CounterApplication(transactionsPerBlock: transactionsPerBlock)
        try ValidatorSigner.generate(keyPath: folder + "/key.json", statePath: folder + "/state.json")
        let key = try ValidatorSigner(keyPath: folder + "/key.json", statePath: folder + "/state.json").publicKey
        self.genesis =
            genesis
            ?? GenesisDocument(
                // States of a chain that began more than two weeks ago are not taken without headers between.
                genesisTime: EngineClock.system.now().adding(nanoseconds: -3_600_000_000_000), chainID: chainID,
                initialHeight: 1,
                validators: [GenesisValidator(publicKey: key, power: 10, name: "only")]
                    + others.map { GenesisValidator(publicKey: $0, power: 1, name: "other") })
    }

    func signer() throws -> ValidatorSigner {
        try ValidatorSigner(keyPath: folder + "/key.json", statePath: folder + "/state.json")
    }

    /// Runs an engine until `isDone`, or until it ends by itself; its error in that case.
    @discardableResult
    func run(
        configure: (inout EngineConfiguration) -> Void = { _ in }, hook: @escaping CommitStepHook = { _, _ in },
        validate: @escaping BlockValidator = ConsensusState.validate, seconds: Double = 120,
        until isDone: (RunningEngine) throws -> Bool
    ) throws -> (any Error)? {
        var configuration = EngineConfiguration(folder: folder + "/engine")
        configure(&configuration)
        let stopped = Stopped()
        let engine = try RunningEngine(
            configuration: configuration, genesis: genesis, application: application,
            signer: ValidatorSigner(keyPath: folder + "/key.json", statePath: folder + "/state.json"),
            logger: Logger(label: "engine") { _ in SwiftLogNoOpLogHandler() }, hook: hook, validate: validate,
            onStop: { stopped.set($0) })
        do {
            try engine.start()
        } catch is Crash {
            application.crash()
            return Crash()
        } catch EngineStop.signerAhead(let signedHeight, let signedRound, let height) {
            // Its thread may have come to that before the start was seen to end.
            application.crash()
            return EngineStop.signerAhead(signedHeight: signedHeight, signedRound: signedRound, height: height)
        }
        let deadline = Date(timeIntervalSinceNow: seconds)
        while try !isDone(engine), !stopped.isSet, Date() < deadline { usleep(500) }
        let wasDone = try isDone(engine)
        engine.stop()
        if !wasDone, stopped.error == nil { Issue.record("not done in time: \(String(describing: engine.status))") }
        application.crash()
        return stopped.error
    }

    /// Every saved header, verified one after the other from the chain's identity.
    @discardableResult
    func verifyChain() throws -> [Header] {
        let store = try BlockStore(folder: folder + "/engine/blocks")
        let bounds = try #require(try store.bounds())
        var headers: [Header] = []
        var head: ChainHead?
        for height in bounds {
            let decided = try #require(try store.decidedBlock(height))
            let unverified = UnverifiedHeader(
                header: decided.header, commit: decided.commit, validators: decided.validators)
            let verified =
                try head?.advance(to: unverified, on: genesis.anchor!) ?? genesis.anchor!.verify(first: unverified)
            #expect(PartSet(cutting: decided.blockBytes).header == decided.blockID.parts)
            #expect(decided.block.matchesItsHeader)
            #expect(decided.nextValidators.hash() == decided.header.nextValidatorsHash)
            #expect(try store.height(ofHash: decided.blockID.hash) == height)
            headers.append(verified.header)
            head = verified.head
        }
        return headers
    }
}

/// How an engine ended, told on its thread.
final class Stopped: @unchecked Sendable {
    private let lock = NSLock()
    private var value: (any Error)??
    func set(_ error: (any Error)?) { lock.withLock { value = .some(error) } }
    var isSet: Bool { lock.withLock { value != nil } }
    func clear() { lock.withLock { value = nil } }
    var error: (any Error)? { lock.withLock { value ?? nil } }
}
