import ChainFormats
import ChainInterface
import DecidedBlocks
import PublicCryptography
import Wire

/// The node's copy of the chain: blocks, the commits it saw for them, sets, outcomes, and the consensus state.
///
/// One writer, the engine; each write is on disk when it returns (with `isDurable`). Any thread may read.
package final class BlockStore: Sendable {
    private let database: any BlockDatabase

    private enum Table: UInt8 {
        case block = 0x42  // B height -> block bytes
        case seenCommit = 0x43  // C height -> commit
        case blockID = 0x49  // I height -> block id
        case heightOfHash = 0x4e  // N header hash -> height
        case outcome = 0x52  // R height -> outcome
        case validators = 0x56  // V height -> validator set
        case state = 0x53  // S -> consensus state
        case bounds = 0x4d  // M -> base, top
        case header = 0x48  // H height -> header, and the commit for the height before
        case evidence = 0x45  // E height, hash -> nothing: it is in a block
        case pendingEvidence = 0x50  // P -> evidence that waits for a block
        case earlier = 0x47  // G -> headers of the heights before the first block, downwards
        case proofBase = 0x4c  // L -> the lowest height whose set and header are here
    }

    package init(folder: String, isDurable: Bool = true) throws {
        database = try LMDBBlockDatabase(folder: folder, isDurable: isDurable)
    }

    package init(_ database: any BlockDatabase) { self.database = database }

    private func get(_ key: [UInt8]) throws -> [UInt8]? { try database.get(key) }

    private func write(_ body: (any BlockWriter) throws -> Void) throws { try database.write(body) }

    private func key(_ table: Table, _ height: Int64) -> [UInt8] { [table.rawValue] + height.bigEndianBytes }
}

// MARK: - Reading

extension BlockStore {
    /// The lowest and highest saved height; `nil` before the first block.
    package func bounds() throws -> ClosedRange<Int64>? {
        try get([Table.bounds.rawValue]).flatMap(bounds)
    }

    private func bounds(_ transaction: any BlockWriter) throws -> ClosedRange<Int64>? {
        try transaction.get([Table.bounds.rawValue]).flatMap(bounds)
    }

    private func bounds(_ bytes: [UInt8]) -> ClosedRange<Int64>? {
        bytes.count == 16 ? Int64(bigEndianBytes: bytes[..<8])...Int64(bigEndianBytes: bytes[8...]) : nil
    }

    package func blockBytes(_ height: Int64) throws -> [UInt8]? {
        try get(key(.block, height))
    }

    /// Nothing of the block is copied.
    func blockByteCount(_ height: Int64) throws -> Int? { try database.byteCount(key(.block, height)) }

    package func block(_ height: Int64) throws -> Block? {
        try blockBytes(height).map { try Block.received($0).block }
    }

    package func blockID(_ height: Int64) throws -> BlockID? {
        try get(key(.blockID, height)).map { try BlockID(protobuf: $0) }
    }

    /// The precommits that decided the height, as this node saw them; the next block may carry others.
    package func seenCommit(_ height: Int64) throws -> Commit? {
        try get(key(.seenCommit, height)).map { try Commit(protobuf: $0) }
    }

    package func height(ofHash hash: Hash32) throws -> Int64? {
        try get([Table.heightOfHash.rawValue] + hash.bytes).map { Int64(bigEndianBytes: $0) }
    }

    package func outcome(_ height: Int64) throws -> BlockOutcome? {
        try get(key(.outcome, height)).map { try BlockOutcome(protobuf: $0) }
    }

    /// The set that signs `height`, with its priorities; known up to two heights ahead.
    package func validators(_ height: Int64) throws -> ValidatorSet? {
        try get(key(.validators, height)).map { try ValidatorSet(protobuf: $0) }
    }

    package func state() throws -> ConsensusState? {
        try get([Table.state.rawValue]).map { try ConsensusState(protobuf: $0) }
    }

    /// Header and commit of a height whose block may be pruned.
    func provedHeader(_ height: Int64) throws -> ProvedHeader? {
        if let bytes = try get(key(.header, height)) { return try ProvedHeader(protobuf: bytes) }
        return try block(height).map { ProvedHeader($0) }
    }

    /// The header of a height, whose block may be pruned, or before the first one.
    package func header(_ height: Int64) throws -> Header? {
        if let proved = try provedHeader(height) { return proved.header }
        guard let bytes = try get([Table.earlier.rawValue]) else { return nil }
        return try EarlierHeaders(protobuf: bytes).headers.first { $0.height == height }
    }

    func hasEvidence(_ name: EvidenceName) throws -> Bool { try get(key(name)) != nil }

    private func key(_ name: EvidenceName) -> [UInt8] { key(.evidence, name.height) + name.hash.bytes }

    /// What waited for a block when it was saved last.
    package func pendingEvidence() throws -> [Evidence] {
        guard let bytes = try get([Table.pendingEvidence.rawValue]) else { return [] }
        return try Evidence.list(protobuf: bytes)
    }

    /// Everything about a saved block that its execution needs.
    package func decidedBlock(_ height: Int64) throws -> DecidedBlock? {
        guard let bytes = try blockBytes(height), let blockID = try blockID(height),
            let commit = try seenCommit(height), let validators = try validators(height),
            let nextValidators = try self.validators(height + 1)
        else { return nil }
        return DecidedBlock(
            block: try Block.received(bytes).block, blockBytes: bytes, blockID: blockID, commit: commit,
            validators: validators, nextValidators: nextValidators)
    }
}

// MARK: - Writing

extension BlockStore {
    /// Saves a decided block with what proves it, before anyone runs it.
    package func save(_ decided: DecidedBlock) throws {
        let height = decided.height
        try write { transaction in
            let base = try bounds(transaction)?.lowerBound ?? height
            try transaction.put(key(.block, height), decided.blockBytes)
            try transaction.put(key(.blockID, height), decided.blockID.protobuf)
            try transaction.put(key(.seenCommit, height), decided.commit.protobuf)
            try transaction.put(
                [Table.heightOfHash.rawValue] + decided.blockID.hash.bytes, height.bigEndianBytes)
            try transaction.put(key(.header, height), ProvedHeader(decided.block).protobuf)
            for item in decided.block.evidence {
                if let content = item.content { try transaction.put(key(item.name(content)), [1]) }
            }
            try transaction.put([Table.bounds.rawValue], base.bigEndianBytes + height.bigEndianBytes)
        }
    }

    package func save(_ outcome: BlockOutcome, of height: Int64) throws {
        try write { try $0.put(key(.outcome, height), outcome.protobuf) }
    }

    package func save(_ state: ConsensusState) throws {
        let height = state.nextHeight
        try write { transaction in
            try transaction.put([Table.state.rawValue], state.protobuf)
            try transaction.put(key(.validators, height), state.validators.protobuf)
            try transaction.put(key(.validators, height + 1), state.nextValidators.protobuf)
        }
    }

    /// Forgets everything, for another beginning; for a store of few blocks.
    package func removeAll() throws {
        try write { transaction in
            if let bounds = try bounds(transaction) {
                for height in bounds {
                    if let bytes = try transaction.get(key(.blockID, height)) {
                        let blockID = try BlockID(protobuf: bytes)
                        try transaction.remove([Table.heightOfHash.rawValue] + blockID.hash.bytes)
                    }
                    for table in [Table.block, .blockID, .seenCommit, .outcome, .header, .validators] {
                        try transaction.remove(key(table, height))
                    }
                }
            }
            for table in [Table.bounds, .state, .proofBase, .pendingEvidence, .earlier] {
                try transaction.remove([table.rawValue])
            }
        }
    }

    func save(_ validators: ValidatorSet, of height: Int64) throws {
        try write { try $0.put(key(.validators, height), validators.protobuf) }
    }

    func save(earlier headers: [Header]) throws {
        try write { try $0.put([Table.earlier.rawValue], EarlierHeaders(headers: headers).protobuf) }
    }

    package func save(pendingEvidence: [Evidence]) throws {
        let bytes = Evidence.protobuf(of: pendingEvidence)
        try write { try $0.put([Table.pendingEvidence.rawValue], bytes) }
    }

    /// Forgets blocks below `height`, at most `countMax` at a time; the newest always stays. Sets and headers stay for
    /// as long as evidence about them counts.
    package func prune(
        below height: Int64, countMax: Int = 100, expires: (Int64, Timestamp) -> Bool = { _, _ in true }
    ) throws {
        try write { transaction in
            guard let bounds = try bounds(transaction) else { return }
            let end = min(height, bounds.upperBound, bounds.lowerBound + Int64(countMax))
            guard end > bounds.lowerBound else { return }
            for height in bounds.lowerBound..<end {
                if let bytes = try transaction.get(key(.blockID, height)) {
                    let blockID = try BlockID(protobuf: bytes)
                    try transaction.remove([Table.heightOfHash.rawValue] + blockID.hash.bytes)
                }
                for table in [Table.block, .blockID, .seenCommit, .outcome] {
                    try transaction.remove(key(table, height))
                }
            }
            try pruneProofs(transaction, from: bounds.lowerBound, below: end, countMax: countMax, expires)
            try transaction.put(
                [Table.bounds.rawValue], end.bigEndianBytes + bounds.upperBound.bigEndianBytes)
        }
    }

    private func pruneProofs(
        _ transaction: any BlockWriter, from first: Int64, below end: Int64, countMax: Int,
        _ expires: (Int64, Timestamp) -> Bool
    ) throws {
        let place = [Table.proofBase.rawValue]
        let base = try transaction.get(place).map { Int64(bigEndianBytes: $0) } ?? first
        var height = base
        while height < end, height - base < Int64(countMax) {
            if let bytes = try transaction.get(key(.header, height)) {
                guard expires(height, try ProvedHeader(protobuf: bytes).header.time) else { break }
            }
            for table in [Table.header, .validators] { try transaction.remove(key(table, height)) }
            height += 1
        }
        try transaction.put(place, height.bigEndianBytes)
    }
}
