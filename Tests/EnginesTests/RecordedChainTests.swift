import BlockStorage
import ChainFormats
import ChainInterface
import DecidedBlocks
import Foundation
import PublicCryptography
import TestSupport
import Testing
import Wire

/// Chains that a real CometBFT 0.38.25 decided with another validator, held against our rules block by block: times,
/// sets, last commits and evidence. The recordings lie beside the checkout of those who have them.
@Suite(.enabled(if: RecordedChain.names.count > 0))
struct RecordedChainTests {
    @Test("every block of a recorded chain is valid after the one before", arguments: RecordedChain.names)
    func isValid(name: String) throws {
        let recorded = try RecordedChain(name)
        var chain = try recorded.begin
        var evidenceCount = 0
        for block in recorded.blocks {
            evidenceCount += block.evidence.count
            do throws(BlockFault) {
                try chain.state.validate(block, against: chain)
            } catch {
                Issue.record("height \(block.header.height): \(error)")
                return
            }
            #expect(throws: BlockFault.wrongTime) {
                var other = block
                other.header.time = other.header.time.adding(nanoseconds: 1)
                try chain.state.validate(other, against: chain)
            }
            try chain.apply(block)
        }
        #expect(recorded.blocks.count > 3)
        #expect(evidenceCount == (name == "h-evidence" ? 2 : 0))
    }
}

/// One recording, with the rules of CometBFT's kvstore.
struct RecordedChain {
    static let folder = Repository.shared.appendingPathComponent("vectors/p2p")
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".json.gz") }.map { String($0.dropLast(8)) }.sorted()
            // Its chain has one block that nobody may apply.
            .filter { $0 != "e-blocksync-bad" && ((try? RecordedChain($0))?.blocks.count ?? 0) > 3 }
    }()

    let genesis: GenesisDocument
    /// From the first height on, without a gap.
    let blocks: [Block]

    static func json(_ name: String) throws -> [String: Any] {
        let bytes = try Data(contentsOf: folder.appendingPathComponent(name + ".json.gz"))
        let text = try Gunzip.decompress(Array(bytes), limit: 100 << 20)
        return try JSONSerialization.jsonObject(with: Data(text)) as! [String: Any]
    }

    init(_ name: String) throws {
        let json = try RecordedChain.json(name)
        let header = json["header"] as! [String: Any]
        genesis = try GenesisDocument(
            json: Array(try JSONSerialization.data(withJSONObject: header["genesis"] as! [String: Any])))
        let stored = header["blocks_at_end"] as? [String: String] ?? [:]
        var blocks: [Block] = []
        while let text = stored[String(blocks.count + 1)] {
            blocks.append(try Block(protobuf: Hexadecimal.decode(text)!))
        }
        self.blocks = blocks
    }

    var begin: Chain {
        get throws {
            var state = try ConsensusState(
                genesis: genesis, initial: InitialState(appHash: [UInt8](repeating: 0, count: 8)))
            // kvstore says so in `Info`, whatever genesis says.
            state.appVersion = 1
            return Chain(state: state)
        }
    }

    struct Chain: EvidenceHistory {
        var state: ConsensusState
        private var decided: [DecidedBlock] = []
        private var committed = Set<EvidenceName>()
        private var transactionCount = 0

        init(state: ConsensusState) { self.state = state }

        func header(_ height: Int64) -> Header? { decided.first { $0.height == height }?.header }
        func canonicalCommit(_ height: Int64) -> Commit? { decided.first { $0.height == height + 1 }?.block.lastCommit }
        func validators(_ height: Int64) -> ValidatorSet? { decided.first { $0.height == height }?.validators }
        func isCommitted(_ name: EvidenceName) -> Bool { committed.contains(name) }

        mutating func apply(_ block: Block) throws {
            let parts = PartSet(cutting: block.protobuf).header
            let one = DecidedBlock(
                block: block, blockBytes: block.protobuf, blockID: BlockID(hash: block.header.hash(), parts: parts),
                commit: .empty, validators: state.validators, nextValidators: state.nextValidators)
            var updates: [ValidatorUpdate] = []
            for item in block.evidence {
                guard let content = item.content, case .duplicateVote(let duplicate) = content else { continue }
                committed.insert(item.name(content))
                let guilty = state.validators.validators.first { $0.address == duplicate.first.validatorAddress }!
                updates.append(ValidatorUpdate(publicKey: guilty.publicKey, power: duplicate.validatorPower - 1))
            }
            for transaction in block.transactions {
                transactionCount += 1
                let words = String(decoding: transaction.bytes, as: UTF8.self).split(separator: "!")
                guard words.first == "val=ed25519", words.count == 3 else { continue }
                updates.append(ValidatorUpdate(publicKey: Base64.decode(String(words[1]))!, power: Int64(words[2])!))
            }
            var hash = ProtobufWriter()
            hash.varint(UInt64(transactionCount) << 1)
            let appHash = hash.bytes + [UInt8](repeating: 0, count: 8 - hash.bytes.count)
            let results = block.transactions.map { _ in
                ExecutionResult(code: 0, data: [], gasWanted: 0, gasUsed: 0)
            }
            state = try state.applying(
                BlockOutcome(results: results, appHash: appHash, validatorUpdates: updates), of: one)
            decided.append(one)
        }
    }
}
