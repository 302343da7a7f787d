import ABCIServer
import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import ChainMessages
import CometBFTEngine
import CometBFTReading
import DecidedBlocks
import Foundation
import Glibc
import Logging
import PublicCryptography
import StrictJSON
import TestSupport
import Testing
import ValidatorSigning
import Wire

extension CounterApplication: ABCIApplication {
    func checkTransaction(_ bytes: [UInt8], _ kind: CheckKind) throws -> CheckOutcome {
        var outcome = CheckOutcome(hash: SHA256.hash(bytes))
        if bytes == [0xff] { (outcome.code, outcome.codespace, outcome.log) = (4, "counter", "never") }
        outcome.gasWanted = 10
        return outcome
    }

    func prepareProposal(of offered: [HashedTransaction], bytesMax: Int, height: Int64) throws -> [HashedTransaction] {
        let executed = executed
        return Array(offered.filter { !executed.contains($0.bytes) }.prefix(transactionsPerBlock))
    }

    func processProposal(_ transactions: [HashedTransaction], height: Int64) throws -> Bool {
        !transactions.map(\.bytes).contains([0xff])
    }
}

/// One connection of an engine, as CometBFT makes four. One thread reads, and one sends.
final class ABCIConnection: @unchecked Sendable {
    struct Ended: Error {}
    private let descriptor: Int32
    private var reader = DelimitedReader(byteCountMax: 1 << 26)

    init(_ address: SocketAddress, seconds: Int = 120) throws { descriptor = try address.connect(seconds: seconds) }
    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Ended() }
            start += count
        }
    }

    func answer() throws -> ABCI.Response {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            if let frame = try reader.next() { return try ABCI.Response(decoding: frame, .engine) }
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { throw Ended() }
            reader.append(chunk[..<count])
        }
    }

    /// A call and a flush, as CometBFT's client sends them.
    func ask(_ request: ABCI.Request) throws -> ABCI.Response {
        try send(request.delimited + ABCI.Request(flush: .init()).delimited)
        let response = try answer()
        if response.exception == nil { #expect(try answer().flush != nil) }
        return response
    }
}

/// A CometBFT of one validator, of which the test decides what it does next: real blocks with real signatures, told
/// over real sockets. What it has on disk in between is CometBFT's: blocks, the answers to `FinalizeBlock`, its state.
final class ScriptedCometBFT: BlockSource, @unchecked Sendable {
    struct Killed: Error {}
    /// It was answered with an exception, at which CometBFT ends itself.
    struct Ended: Error {
        var exception: String
    }

    // Touched by the test's thread; `blocks` and `isReachable`, which the application asks for, under `lock`.
    let genesis: GenesisDocument
    private let signer: ValidatorSigner
    private let lock = NSLock()
    private var blocks: [Int64: RPCBlock] = [:]
    private var reachable = true
    private var answers: [Int64: BlockOutcome] = [:]
    private(set) var state: ConsensusState?
    var mempool: [[UInt8]] = []
    private var connections: [ABCIConnection] = []
    /// How many calls of consensus are let through before the application is killed.
    var callsLeft = Int.max
    /// Changes the block that is decided next.
    var disturb: (inout Block) -> Void = { _ in }

    init(genesis: GenesisDocument, signer: ValidatorSigner) { (self.genesis, self.signer) = (genesis, signer) }

    var isReachable: Bool {
        get { lock.withLock { reachable } }
        set { lock.withLock { reachable = newValue } }
    }
    var top: Int64 { lock.withLock { blocks.keys.max() ?? 0 } }

    func block(_ height: Int64) throws -> RPCBlock {
        guard let block = lock.withLock({ reachable ? blocks[height] : nil }) else {
            throw RPCClient.Failure.unreachable("not yet")
        }
        return block
    }

    func replace(_ height: Int64, _ block: RPCBlock) { lock.withLock { blocks[height] = block } }

    // MARK: - Calls

    private var query: ABCIConnection { connections[0] }
    private var checks: ABCIConnection { connections[2] }
    private var consensus: ABCIConnection { connections[3] }

    private func call(_ connection: ABCIConnection, _ request: ABCI.Request) throws -> ABCI.Response {
        guard callsLeft > 0 else { throw Killed() }
        callsLeft -= 1
        let response = try connection.ask(request)
        if let exception = response.exception { throw Ended(exception: exception.error) }
        return response
    }

    /// In CometBFT's order: queries, snapshots, mempool, consensus.
    func connect(to address: SocketAddress) throws {
        connections = try (0..<4).map { _ in try ABCIConnection(address) }
        for (number, connection) in connections.enumerated() {
            let echo = try connection.ask(.init(echo: .init(message: "hello \(number)")))
            #expect(echo.echo?.message == "hello \(number)")
        }
    }

    func disconnect() { connections = [] }

    /// What CometBFT does at its start with an application of any height that is not ahead of its blocks.
    func handshake() throws {
        let info = try #require(
            try call(
                query, .init(info: .init(version: "0.38.25", blockVersion: 11, p2pVersion: 8, abciVersion: "2.0.0"))
            )
            .info)
        let committed = info.lastBlockHeight
        if committed == 0 {
            let initial = try #require(try call(consensus, .init(initChain: initChain())).initChain)
            #expect(initial.validators.isEmpty)
            if state == nil {
                state = try ConsensusState(genesis: genesis, initial: InitialState(appHash: initial.appHash))
            }
            #expect(state?.lastHeight != 0 || state?.appHash == initial.appHash)
        }
        var state = try #require(self.state)
        try #require(committed <= top)
        if committed > 0 { #expect(info.lastBlockAppHash == answers[committed]?.appHash) }
        if committed < state.lastHeight {
            for height in max(committed + 1, genesis.initialHeight)...state.lastHeight {
                let outcome = try finalize(height)
                #expect(outcome.appHash == answers[height]?.appHash)
                try commit()
            }
        }
        if top > state.lastHeight {
            if committed == top {
                state = try state.applying(try #require(answers[top]), of: decided(top, state))
                self.state = state
            } else {
                try execute(top)
            }
        }
    }

    func initChain() -> ABCI.RequestInitChain {
        ABCI.RequestInitChain(
            time: genesis.genesisTime, chainID: genesis.chainID,
            consensusParams: .init(
                block: .init(maxBytes: genesis.parameters.blockBytesMax, maxGas: genesis.parameters.blockGasMax),
                validator: .init(pubKeyTypes: ["ed25519"]), abci: .init()),
            validators: genesis.validators.map { validator in
                .init(pubKey: ProtobufWriter.encode { $0.message(1, validator.publicKey) }, power: validator.power)
            }, appStateBytes: JSONWriter.bytes(of: genesis.appState), initialHeight: genesis.initialHeight)
    }

    func check(_ transaction: [UInt8]) throws -> ABCI.ResponseCheckTx {
        let answer = try #require(try checks.ask(.init(checkTx: .init(tx: transaction))).checkTx)
        if answer.code == 0 { mempool.append(transaction) }
        return answer
    }

    func ask(_ request: ABCI.Request) throws -> ABCI.Response { try query.ask(request) }
    func askConsensus(_ request: ABCI.Request) throws -> ABCI.Response { try consensus.ask(request) }

    /// Proposes, decides and runs a block.
    func height() throws {
        let state = try #require(self.state)
        let commit = state.lastHeight == 0 ? nil : lock.withLock { blocks[state.lastHeight]?.commit }
        let time = try commit.map { try #require($0.medianTime(of: state.lastValidators!)) } ?? state.genesisTime
        let prepared = try #require(
            try call(
                consensus,
                .init(
                    prepareProposal: .init(
                        maxTxBytes: 1 << 20, txs: mempool, localLastCommit: .init(), height: state.nextHeight,
                        time: time,
                        nextValidatorsHash: state.nextValidators.hash().bytes, proposerAddress: signer.address.bytes))
            ).prepareProposal)
        var block = state.makeBlock(
            transactions: prepared.txs.map(HashedTransaction.init), lastCommit: commit ?? .empty, time: time,
            proposer: signer.address)
        disturb(&block)
        let processed = try #require(
            try call(
                consensus,
                .init(
                    processProposal: .init(
                        txs: block.transactions.map(\.bytes), proposedLastCommit: .init(),
                        hash: block.header.hash().bytes, height: state.nextHeight, time: time,
                        nextValidatorsHash: state.nextValidators.hash().bytes, proposerAddress: signer.address.bytes))
            ).processProposal)
        #expect(processed.status == .accept)
        try decide(block)
        try execute(state.nextHeight)
    }

    private func decide(_ block: Block) throws {
        let blockID = BlockID(hash: block.header.hash(), parts: PartSet(cutting: block.protobuf).header)
        let time = genesis.genesisTime.adding(nanoseconds: block.header.height * 1_000_000_000)
        var vote = Vote(
            kind: .precommit, height: block.header.height, round: 0, blockID: blockID, timestamp: time,
            validatorAddress: signer.address, validatorIndex: 0)
        try signer.sign(&vote, chainID: genesis.chainID)
        let commit = Commit(
            height: block.header.height, round: 0, blockID: blockID, signatures: [vote.commitSignature(for: blockID)])
        replace(block.header.height, RPCBlock(block: block, blockID: blockID, commit: commit))
    }

    private func decided(_ height: Int64, _ state: ConsensusState) throws -> DecidedBlock {
        let found = try #require(lock.withLock { blocks[height] })
        return DecidedBlock(
            block: found.block, blockBytes: found.block.protobuf, blockID: found.blockID, commit: found.commit,
            validators: state.validators, nextValidators: state.nextValidators)
    }

    private func execute(_ height: Int64) throws {
        let state = try #require(self.state)
        let outcome = try finalize(height)
        answers[height] = outcome
        try commit()
        self.state = try state.applying(outcome, of: decided(height, state))
        let included = Set(try decided(height, state).transactions.map(\.bytes))
        mempool.removeAll { included.contains($0) }
    }

    func finalize(_ height: Int64) throws -> BlockOutcome {
        let found = try #require(lock.withLock { blocks[height] })
        let answer = try #require(
            try call(consensus, .init(finalizeBlock: finalizeRequest(found))).finalizeBlock)
        #expect(answer.txResults.count == found.block.transactions.count)
        return BlockOutcome(
            results: answer.txResults.map {
                ExecutionResult(code: $0.code, data: $0.data, gasWanted: $0.gasWanted, gasUsed: $0.gasUsed)
            }, appHash: answer.appHash,
            validatorUpdates: answer.validatorUpdates.map {
                ValidatorUpdate(publicKey: Array($0.pubKey.dropFirst(2)), power: $0.power)
            },
            parameterUpdates: answer.consensusParamUpdates.map { updates in
                let nanoseconds = { (age: Duration) in
                    age.components.seconds * 1_000_000_000 + age.components.attoseconds / 1_000_000_000
                }
                return ConsensusParameterUpdates(
                    block: updates.block.map { .init(bytesMax: $0.maxBytes, gasMax: $0.maxGas) },
                    evidence: updates.evidence.map {
                        .init(
                            ageBlocksMax: $0.maxAgeNumBlocks, ageNanosecondsMax: nanoseconds($0.maxAgeDuration),
                            bytesMax: $0.maxBytes)
                    }, appVersion: updates.version?.app)
            })
    }

    func finalizeRequest(_ found: RPCBlock) -> ABCI.RequestFinalizeBlock {
        .init(
            txs: found.block.transactions.map(\.bytes), decidedLastCommit: .init(),
            hash: found.block.header.hash().bytes, height: found.block.header.height, time: found.block.header.time,
            nextValidatorsHash: found.block.header.nextValidatorsHash.bytes,
            proposerAddress: found.block.header.proposerAddress.bytes)
    }

    /// From where on the application wants blocks to be kept.
    private(set) var retainedHeight: Int64 = 0

    private func commit() throws {
        let answer = try #require(try call(consensus, .init(commit: .init())).commit)
        retainedHeight = answer.retainHeight
    }
}

/// A folder over which applications are started, one after the other, under one scripted CometBFT.
final class DrivenRig {
    let rig: EngineRig
    let comet: ScriptedCometBFT
    private(set) var engine: DrivenEngine?
    let stopped = Stopped()
    var application: CounterApplication { rig.application }

    var stateInterval: Int64 = 0
    var heightsKept: Int64?
    /// Of CometBFT, for its log.
    var home: String?

    init(transactionsPerBlock: Int = 1, genesis: GenesisDocument? = nil) throws {
        rig = try EngineRig(transactionsPerBlock: transactionsPerBlock, genesis: genesis)
        comet = ScriptedCometBFT(genesis: rig.genesis, signer: try rig.signer())
    }

    /// The engine's folder has the name that `EngineRig` verifies.
    var folder: String { rig.folder + "/engine" }

    func start(
        hook: @escaping CommitStepHook = { _, _ in }, validate: @escaping BlockValidator = ConsensusState.validate,
        connects: Bool = true
    ) throws {
        let settings = {
            var settings = DrivenEngineConfiguration(
                folder: folder, abci: SocketAddress("unix://" + rig.folder + "/s")!,
                rpc: SocketAddress("tcp://127.0.0.1:1")!)
            settings.refusesStrangeCalls = true
            settings.stateInterval = stateInterval
            settings.home = home
            settings.heightsKept = heightsKept
            return settings
        }()
        let engine = try DrivenEngine(
            settings, genesis: rig.genesis, application: application, process: nil, sources: [comet],
            logger: Logger(label: "driven") { _ in SwiftLogNoOpLogHandler() }, hook: hook, validate: validate,
            onStop: { [stopped] in stopped.set($0) })
        self.engine = engine
        try engine.start()
        guard connects else { return }
        try comet.connect(to: try #require(engine.address))
        try comet.handshake()
    }

    /// The application's process is killed: what it has not kept is lost.
    func kill() {
        comet.disconnect()
        engine?.stop(seconds: 0)
        engine = nil
        application.crash()
    }
}
