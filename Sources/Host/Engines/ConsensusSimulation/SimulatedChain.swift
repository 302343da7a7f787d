import BlockStorage
import ChainFormats
import ChainInterface
import DecidedBlocks
import PublicCryptography
import StrictJSON
import Wire

/// What is the same for all nodes: genesis, what blocks do, and what the rules say of a block without evidence, which
/// follows from it and the state before it and so is worked out once.
package final class SimulatedChain: @unchecked Sendable {
    // One thread has it.
    package static let chainID = "simulation-1"
    static let genesisTime = Timestamp(seconds: 1_700_000_000, nanoseconds: 0)!
    static let firstAppHash = SHA256.hash([1]).bytes
    /// Transactions that begin so are refused by every application but that of the node that comes next: what an
    /// application has prepared, it has to take, after a restart too.
    static let refusedPrefix = Array("refuse".utf8)

    /// Whose application alone takes the block; `nil` if all do.
    static func taker(of block: Block) -> Int? {
        block.transactions.first { $0.bytes.starts(with: refusedPrefix) }.map { Int($0.bytes[refusedPrefix.count]) }
    }
    static let blockBytesMax = 4 * BlockPart.byteCountMax

    private struct Place: Hashable {
        var height: Int64
        var last: Hash32?
        /// Hosts that deceive their enclaves come to other states from the same blocks.
        var appHash: [UInt8]
        var results: [ExecutionResult]
        var content: UInt64
        var byteCount: Int
    }

    let genesis: GenesisDocument
    let first: ConsensusState
    private var verdicts: [Place: BlockFault?] = [:]
    private var wholes: [Hash32: PartSet] = [:]
    /// Members whose power the application changes, and those that must stay below a third.
    private let changing: [ValidatorUpdate]
    private let faulty: [ValidatorAddress]
    private let seed: UInt64

    init(
        seed: UInt64, members: [ValidatorUpdate], faulty: [ValidatorAddress], changesSet: Bool,
        appState: JSONValue = .object([])
    ) throws {
        genesis = GenesisDocument(
            genesisTime: Self.genesisTime, chainID: Self.chainID,
            parameters: ConsensusParameters(
                blockBytesMax: Int64(Self.blockBytesMax), evidence: EvidenceParameters(bytesMax: 10_000)),
            validators: members.enumerated().map {
                GenesisValidator(publicKey: $1.publicKey, power: $1.power, name: "node \($0)")
            }, appState: appState)
        first = try ConsensusState(genesis: genesis, initial: InitialState(appHash: Self.firstAppHash))
        self.faulty = faulty
        let honest = members.filter { !faulty.contains(ValidatorAddress(publicKey: $0.publicKey)) }
        changing = changesSet ? honest : []
        self.seed = seed
    }

    func validate(
        _ state: ConsensusState, _ block: Block, _ history: (any EvidenceHistory)?
    ) throws(BlockFault) {
        guard block.evidence.isEmpty else { return try state.validate(block, against: history) }
        let bytes = block.protobuf
        var digest = EventDigest()
        digest.add(bytes)
        let place = Place(
            height: state.nextHeight, last: state.lastBlockID?.hash, appHash: state.appHash,
            results: state.lastResults, content: digest.value, byteCount: bytes.count)
        if let verdict = verdicts[place] {
            if let verdict { throw verdict }
            return
        }
        do throws(BlockFault) {
            try state.validate(block, against: history)
            verdicts[place] = .some(nil)
        } catch {
            verdicts[place] = error
            throw error
        }
    }

    /// What a decided block comes to.
    func run(_ block: DecidedBlock, after appHash: [UInt8]) -> BlockOutcome {
        let results = block.transactions.map { transaction in
            ExecutionResult(code: 0, data: Array(transaction.bytes.prefix(4)), gasWanted: 1, gasUsed: 1)
        }
        return BlockOutcome(
            results: results, appHash: SHA256.hash(appHash + block.blockID.hash.bytes).bytes,
            validatorUpdates: updates(block))
    }

    /// The parts of a decided block, cut once.
    func parts(of block: DecidedBlock) -> PartSet {
        if let parts = wholes[block.blockID.hash] { return parts }
        let parts = PartSet(cutting: block.blockBytes)
        wholes[block.blockID.hash] = parts
        return parts
    }

    /// A change of one or two powers, some to zero, that leaves the faulty below a third.
    private func updates(_ block: DecidedBlock) -> [ValidatorUpdate] {
        var stream = SeededStream(seed: seed ^ UInt64(block.height) << 32, purpose: 5)
        guard !changing.isEmpty, stream.chance(percent: 50) else { return [] }
        var updates: [ValidatorUpdate] = []
        for member in stream.mixed(changing).prefix(1 + stream.below(2)) {
            let power = stream.chance(percent: 25) ? 0 : stream.within(1...30)
            let isMember = block.nextValidators.index(of: ValidatorAddress(publicKey: member.publicKey)) != nil
            guard power > 0 || isMember else { continue }
            var tried = block.nextValidators
            let change = updates + [ValidatorUpdate(publicKey: member.publicKey, power: power)]
            guard (try? tried.update(change)) != nil, isSafe(tried) else { continue }
            updates = change
        }
        return updates
    }

    private func isSafe(_ set: ValidatorSet) -> Bool {
        let power = faulty.reduce(Int64(0)) { $0 + (set.index(of: $1).map { set.validators[$0].power } ?? 0) }
        return power * 3 < set.totalPower
    }

    /// Forgets what no node asks for any more.
    func forget(below height: Int64) {
        // Any order: each is kept or not by itself.
        verdicts = verdicts.filter { $0.key.height >= height }
    }
}
