import ABCIServer
import BlockStorage
import ChainFormats
import ChainInterface
import ChainMessages
import CometBFTEngine
import CometBFTReading
import DecidedBlocks
import Foundation
import Logging
import PublicCryptography
import StrictJSON
import TestSupport
import Testing
import Wire

/// 57 heights of a chain of four CometBFT validators as its RPC says them, where they lie beside the checkout.
private enum RecordedRPCChain {
    static let path = Repository.shared.appending(path: "vectors/cometbft-0.38-chain.json").path

    static func read() throws -> JSONValue {
        try JSONReader.parse(
            try #require(Repository.bytes(atPath: path)), limits: JSONLimits(bytesMax: 1 << 24))
    }

    static func genesis(_ json: JSONValue) throws -> GenesisDocument {
        var genesis = try GenesisDocument(json: JSONWriter.bytes(of: try #require(json["genesis"])))
        // What the application said in its `Info`.
        genesis.appVersion = 1
        return genesis
    }

    static func outcome(_ results: JSONValue) throws -> BlockOutcome {
        func number(_ json: JSONValue?) -> Int64 { json?.string.flatMap { Int64($0) } ?? 0 }
        return BlockOutcome(
            results: (results["txs_results"]?.array ?? []).map { result in
                ExecutionResult(
                    code: result["code"]?.integer() ?? 0, data: result["data"]?.string.flatMap(Base64.decode) ?? [],
                    gasWanted: number(result["gas_wanted"]), gasUsed: number(result["gas_used"]))
            }, appHash: try #require(results["app_hash"]?.string.flatMap(Base64.decode)),
            validatorUpdates: try (results["validator_updates"]?.array ?? []).map { update in
                ValidatorUpdate(
                    publicKey: try #require(
                        update["pub_key"]?["Sum"]?["value"]?["ed25519"]?.string.flatMap(Base64.decode)),
                    power: number(update["power"]))
            })
    }
}

/// Answers what the recorded application answered.
private final class RecordedApplication: ABCIApplication, @unchecked Sendable {
    // Touched by one thread at a time.
    private var committed: (height: Int64, appHash: [UInt8]) = (0, [])
    private var working: (height: Int64, appHash: [UInt8])?
    private let outcomes: [Int64: BlockOutcome]
    private let initialHash: [UInt8]

    init(_ outcomes: [Int64: BlockOutcome], initialHash: [UInt8]) {
        (self.outcomes, self.initialHash) = (outcomes, initialHash)
    }

    var height: Int64 { committed.height }
    func lastCommitted() throws -> (height: Int64, appHash: [UInt8]) { committed }
    func initializeChain(_ genesis: GenesisDocument) throws -> InitialState { InitialState(appHash: initialHash) }
    func prepareProposal(bytesMax: Int, height: Int64, time: Timestamp) throws -> [HashedTransaction] { [] }
    func prepareProposal(of offered: [HashedTransaction], bytesMax: Int, height: Int64) throws -> [HashedTransaction] {
        offered
    }
    func processProposal(_ block: Block) throws -> Bool { true }
    func processProposal(_ transactions: [HashedTransaction], height: Int64) throws -> Bool { true }
    func checkTransaction(_ bytes: [UInt8], _ kind: CheckKind) throws -> CheckOutcome {
        CheckOutcome(hash: SHA256.hash(bytes))
    }
    func finalizeBlock(
        _ block: DecidedBlock, previousResults: [ExecutionResult], next: NextBlock?
    ) throws -> BlockOutcome {
        let outcome = try #require(outcomes[block.height])
        working = (block.height, outcome.appHash)
        return outcome
    }
    func commit() throws { (committed, working) = (working!, nil) }
    func hasTransactions() -> Bool { false }
}

private struct RecordedRPC: BlockSource {
    var answers: [Int64: (block: JSONValue, commit: JSONValue)]
    func block(_ height: Int64) throws -> RPCBlock {
        guard let answer = answers[height] else { throw RPCClient.Failure.unreachable("was not recorded") }
        return try RPCBlock(block: answer.block, commit: answer.commit)
    }
}

@Suite(
    "A recorded chain of four CometBFT validators",
    .enabled(
        if: Repository.bytes(atPath: RecordedRPCChain.path) != nil, "the recorded chain is not beside this checkout"))
struct DrivenRecordingTests {
    @Test("each block is rebuilt to its parts, passes our rules, and is kept with the set that signed it")
    func driven() async throws {
        try await onThread {
            let chain = try RecordedRPCChain.read()
            let heights = try #require(chain["heights"]?.array)
            let genesis = try RecordedRPCChain.genesis(chain)
            var answers: [Int64: (block: JSONValue, commit: JSONValue)] = [:]
            var outcomes: [Int64: BlockOutcome] = [:]
            for (index, height) in heights.enumerated() {
                answers[Int64(index + 1)] = (try #require(height["block"]), try #require(height["commit"]))
                outcomes[Int64(index + 1)] = try RecordedRPCChain.outcome(try #require(height["block_results"]))
            }
            let rpc = RecordedRPC(answers: answers)
            let first = try rpc.block(1).block.header
            let application = RecordedApplication(outcomes, initialHash: first.appHash)
            let folder = TemporaryFolder()
            let settings = DrivenEngineConfiguration(
                folder: folder.url.path + "/engine", abci: SocketAddress("unix://" + folder.url.path + "/s")!,
                rpc: SocketAddress("tcp://127.0.0.1:1")!)
            let engine = try DrivenEngine(
                settings, genesis: genesis, application: application, process: nil, sources: [rpc],
                logger: Logger(label: "recorded") { _ in SwiftLogNoOpLogHandler() })
            try engine.start()
            let connection = try ABCIConnection(try #require(engine.address))
            for height in 1...Int64(heights.count) {
                let recorded = try rpc.block(height)
                #expect(PartSet(cutting: recorded.block.protobuf).header == recorded.blockID.parts, "height \(height)")
                let request = ABCI.RequestFinalizeBlock(
                    txs: recorded.block.transactions.map(\.bytes), decidedLastCommit: .init(),
                    hash: recorded.blockID.hash.bytes, height: height, time: recorded.block.header.time)
                let answer = try connection.ask(.init(finalizeBlock: request))
                let finalized = try #require(answer.finalizeBlock, "height \(height): \(String(describing: answer))")
                #expect(finalized.appHash == outcomes[height]?.appHash)
                #expect(try connection.ask(.init(commit: .init())).commit != nil)
                // The set by our own count, with its priorities, is the one that the RPC says.
                let set = try #require(try engine.store.validators(height))
                let members = try #require(heights[Int(height) - 1]["validators"]?.array)
                #expect(set.validators.map { String($0.power) } == members.map { $0["voting_power"]?.string })
                #expect(
                    set.validators.map { String($0.proposerPriority) }
                        == members.map { $0["proposer_priority"]?.string }, "height \(height)")
            }
            #expect(application.height == 57)
            engine.stop(seconds: 0)
        }
    }

    @Test("whatever stands in one place of an answer, it is another block or none, and never the end of the process")
    func malformed() async throws {
        try await onThread {
            let height = try #require(try RecordedRPCChain.read()["heights"]?.array?[10])
            let (block, commit) = (try #require(height["block"]), try #require(height["commit"]))
            let whole = try RPCBlock(block: block, commit: commit)
            let wrong: [JSONValue] = [
                .null, "", "x", "-1", "99999999999999999999", .array([]), .object([]), "0001-01-01",
            ]
            var (refused, other) = (0, 0)
            func judge(_ block: JSONValue, _ commit: JSONValue) {
                do throws(RPCBlock.Malformed) {
                    if try RPCBlock(block: block, commit: commit) != whole { other += 1 }
                } catch { refused += 1 }
            }
            for value in wrong {
                for changed in Self.changed(block, to: value) { judge(changed, commit) }
                for changed in Self.changed(commit, to: value) { judge(block, changed) }
            }
            #expect(refused > 300 && other > 20)
        }
    }

    /// The same value with one part of it replaced, for each of its parts.
    private static func changed(_ json: JSONValue, to value: JSONValue) -> [JSONValue] {
        var found = [value]
        if let members = json.object {
            for (index, member) in members.enumerated() {
                for changed in self.changed(member.1, to: value) {
                    var copy = members
                    copy[index].1 = changed
                    found.append(.object(copy))
                }
            }
        } else if let elements = json.array {
            for (index, element) in elements.enumerated() {
                for changed in self.changed(element, to: value) {
                    var copy = elements
                    copy[index] = changed
                    found.append(.array(copy))
                }
            }
        }
        return found
    }
}
