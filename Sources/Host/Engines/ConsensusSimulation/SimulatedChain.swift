import BlockStorage
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import PublicCryptography
import Wire

/// The application of all nodes, and what all of them find of a block: it follows from the block and the state before
/// it, so it is worked out once.
final class SimulatedChain {
    static let chainID = "simulation-1"
    static let genesisTime = Timestamp(seconds: 1_700_000_000, nanoseconds: 0)!
    /// Transactions that begin so are refused by every application.
    static let refusedPrefix = Array("refuse".utf8)
    static let blockBytesMax = 4 * BlockPart.byteCountMax

    enum Verdict {
        case undecodable
        case broken(Hash32)
        /// No rule is broken, but not all of it can be read.
        case notUnderstood(Hash32, Block)
        /// With whether the application has it.
        case sound(Hash32, Block, isAccepted: Bool)
    }

    private struct Place: Hashable {
        var height: Int64
        var last: Hash32?
        var parts: Hash32
        var isWhole: Bool
    }

    let genesis: ConsensusState
    private var verdicts: [Place: Verdict] = [:]
    private var successors: [Hash32: ConsensusState] = [:]
    /// Members whose power the application changes, and those that must stay below a third.
    private let changing: [ValidatorUpdate]
    private let faulty: [ValidatorAddress]
    private let seed: UInt64

    init(seed: UInt64, members: [ValidatorUpdate], faulty: [ValidatorAddress], changesSet: Bool) throws {
        let genesis = GenesisDocument(
            genesisTime: Self.genesisTime, chainID: Self.chainID,
            parameters: ConsensusParameters(
                blockBytesMax: Int64(Self.blockBytesMax), evidence: EvidenceParameters(bytesMax: 10_000)),
            validators: members.enumerated().map {
                GenesisValidator(publicKey: $1.publicKey, power: $1.power, name: "node \($0)")
            })
        self.genesis = try ConsensusState(
            genesis: genesis, initial: InitialState(appHash: SHA256.hash([1]).bytes))
        self.faulty = faulty
        let honest = members.filter { !faulty.contains(ValidatorAddress(publicKey: $0.publicKey)) }
        changing = changesSet ? honest : []
        self.seed = seed
    }

    func judge(_ parts: PartSetHeader, _ bytes: [UInt8], after state: ConsensusState) -> Verdict {
        let place = Place(
            height: state.nextHeight, last: state.lastBlockID?.hash, parts: parts.hash, isWhole: !bytes.isEmpty)
        if let verdict = verdicts[place] { return verdict }
        let verdict = work(bytes, state)
        verdicts[place] = verdict
        return verdict
    }

    private func work(_ bytes: [UInt8], _ state: ConsensusState) -> Verdict {
        guard let (block, isCanonical) = try? Block.received(bytes) else { return .undecodable }
        let hash = block.header.hash()
        do throws(BlockFault) {
            try state.validate(block)
        } catch {
            return error.breaksARule ? .broken(hash) : .notUnderstood(hash, block)
        }
        guard isCanonical else { return .notUnderstood(hash, block) }
        return .sound(
            hash, block, isAccepted: !block.transactions.contains { $0.bytes.starts(with: Self.refusedPrefix) })
    }

    /// The state after a decided block.
    func apply(_ decided: DecidedBlock, after state: ConsensusState) throws -> ConsensusState {
        if let next = successors[decided.blockID.hash] { return next }
        let results = decided.transactions.map { transaction in
            ExecutionResult(code: 0, data: Array(transaction.bytes.prefix(4)), gasWanted: 1, gasUsed: 1)
        }
        let outcome = BlockOutcome(
            results: results, appHash: SHA256.hash(state.appHash + decided.blockID.hash.bytes).bytes,
            validatorUpdates: updates(state))
        let next = try state.applying(outcome, of: decided)
        successors[decided.blockID.hash] = next
        return next
    }

    /// A change of one or two powers, some to zero, that leaves the faulty below a third.
    private func updates(_ state: ConsensusState) -> [ValidatorUpdate] {
        var stream = SeededStream(seed: seed ^ UInt64(state.nextHeight) << 32, purpose: 5)
        guard !changing.isEmpty, stream.chance(percent: 50) else { return [] }
        var updates: [ValidatorUpdate] = []
        for member in stream.mixed(changing).prefix(1 + stream.below(2)) {
            let power = stream.chance(percent: 25) ? 0 : stream.within(1...30)
            let isMember = state.nextValidators.index(of: ValidatorAddress(publicKey: member.publicKey)) != nil
            guard power > 0 || isMember else { continue }
            var tried = state.nextValidators
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
        // Any order: as above.
        successors = successors.filter { $0.value.lastHeight >= height }
    }
}
