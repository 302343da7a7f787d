import ChainFormats
import ChainInterface
import ChainMessages
import ConsensusCore
import DecidedBlocks
import EmbeddedEngine
import Foundation
import PublicCryptography
import TestSupport
import Testing
import ValidatorSigning
import Wire

/// An application under an engine, as the cases of the suite see it.
private protocol ApplicationUnderEngine: AnyObject {
    var application: CounterApplication { get }
    /// Hands transactions to the mempool from which the engine proposes.
    func submit(_ transactions: [[UInt8]]) throws
    /// Runs until so many transactions are executed, and until the block that proves the last of them.
    func run(executed count: Int) throws
    /// Every header of the node's own copy of the chain, verified.
    func headers() throws -> [Header]
}

private final class UnderEmbedded: ApplicationUnderEngine {
    let rig: EngineRig
    init(_ transactionsPerBlock: Int) throws { rig = try EngineRig(transactionsPerBlock: transactionsPerBlock) }
    var application: CounterApplication { rig.application }

    func submit(_ transactions: [[UInt8]]) { application.submit(transactions) }
    func run(executed count: Int) throws {
        try rig.run { $0.status?.step == .newRound && self.application.executed.count == count }
    }
    func headers() throws -> [Header] { try rig.verifyChain() }
}

/// A process for each run: the application is killed after it.
private final class UnderCometBFT: ApplicationUnderEngine {
    let driven: DrivenRig
    private var waiting: [[UInt8]] = []
    init(_ transactionsPerBlock: Int) throws { driven = try DrivenRig(transactionsPerBlock: transactionsPerBlock) }
    var application: CounterApplication { driven.application }

    func submit(_ transactions: [[UInt8]]) { waiting += transactions }
    func run(executed count: Int) throws {
        try driven.start()
        for transaction in waiting { #expect(try driven.comet.check(transaction).code == 0) }
        waiting = []
        while application.executed.count < count { try driven.comet.height() }
        try driven.comet.height()
        driven.kill()
        #expect(driven.stopped.error == nil)
    }
    func headers() throws -> [Header] { try driven.rig.verifyChain() }
}

enum EngineKind: CaseIterable, CustomTestStringConvertible {
    case embedded, cometbft
    var testDescription: String { self == .embedded ? "the embedded engine" : "CometBFT" }

    fileprivate func application(_ transactionsPerBlock: Int = 1) throws -> any ApplicationUnderEngine {
        self == .embedded ? try UnderEmbedded(transactionsPerBlock) : try UnderCometBFT(transactionsPerBlock)
    }
}

/// What an application may rely on, whichever engine decides.
@Suite("The application's suite") struct ApplicationSuiteTests {
    static let transactions: [[UInt8]] = [[1], [2, 2], [3, 3, 3], [4]]

    @Test("each transaction is executed once, in order, and the next header proves it", arguments: EngineKind.allCases)
    func once(engine: EngineKind) async throws {
        try await onThread {
            let under = try engine.application()
            try under.submit(Self.transactions)
            try under.run(executed: 4)
            #expect(under.application.executed == Self.transactions)
            #expect(under.application.previousResultsMatched)
            let headers = try under.headers()
            for header in headers.dropFirst() {
                #expect(header.appHash == under.application.appHashes[header.height - 1])
            }
            #expect(headers.count >= 5)
        }
    }

    @Test("the same transactions come to the same state under both engines")
    func sameState() async throws {
        try await onThread {
            var states: Set<[UInt8]> = []
            for engine in EngineKind.allCases {
                let under = try engine.application(2)
                try under.submit(Self.transactions)
                try under.run(executed: 4)
                states.insert(try #require(under.application.appHashes[under.application.height]))
            }
            #expect(states.count == 1)
        }
    }

    @Test("after each restart it goes on from where it was", arguments: EngineKind.allCases)
    func restarts(engine: EngineKind) async throws {
        try await onThread {
            let under = try engine.application()
            for (number, transaction) in Self.transactions.enumerated() {
                try under.submit([transaction])
                try under.run(executed: number + 1)
            }
            #expect(under.application.executed == Self.transactions)
            #expect(under.application.previousResultsMatched)
            _ = try under.headers()
        }
    }

    @Test("a change of the validators acts two heights later", arguments: EngineKind.allCases)
    func validators(engine: EngineKind) async throws {
        try await onThread {
            let under = try engine.application()
            let key = try ValidatorUpdate(
                publicKey: (engine == .embedded
                    ? (under as! UnderEmbedded).rig.signer() : (under as! UnderCometBFT).driven.rig.signer()).publicKey,
                power: 25)
            under.application.validatorUpdates[2] = [key]
            try under.submit(Self.transactions)
            try under.run(executed: 4)
            let headers = try under.headers()
            let changed = try #require(ValidatorSet(genesis: [key])).hash()
            let first = headers[0].validatorsHash
            #expect(first != changed)
            for header in headers {
                #expect(header.validatorsHash == (header.height < 4 ? first : changed), "height \(header.height)")
                #expect(header.nextValidatorsHash == (header.height < 3 ? first : changed), "height \(header.height)")
            }
            #expect(headers.count >= 5)
        }
    }

    @Test("a change of the parameters holds from the next block", arguments: EngineKind.allCases)
    func parameters(engine: EngineKind) async throws {
        try await onThread {
            let under = try engine.application()
            let evidence = EvidenceParameters(ageBlocksMax: 9, ageNanosecondsMax: 1_500_000_000, bytesMax: 100)
            under.application.parameterUpdates[2] = ConsensusParameterUpdates(
                block: .init(bytesMax: 2_000_000, gasMax: 77), evidence: evidence, appVersion: 3)
            try under.submit(Self.transactions)
            try under.run(executed: 4)
            let headers = try under.headers()
            let (before, after) = (
                ConsensusParameters().hash(), ConsensusParameters(blockBytesMax: 2_000_000, blockGasMax: 77).hash()
            )
            for header in headers {
                #expect(header.consensusHash == (header.height < 3 ? before : after), "height \(header.height)")
                #expect(header.appVersion == (header.height < 3 ? 0 : 3), "height \(header.height)")
            }
            #expect(headers.count >= 5)
        }
    }
}
