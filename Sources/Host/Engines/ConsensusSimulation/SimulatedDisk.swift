import BlockStorage
import CSodium
import ChainFormats
import ConsensusCore
import DecidedBlocks
import PublicCryptography
import Wire

/// What a node keeps over restarts, but for what its signer does.
struct SimulatedDisk {
    enum Record {
        case proposal(Proposal)
        case part(height: Int64, BlockPart)
        case vote(Vote)
        case timeout(ConsensusTimeout)
        case endHeight(Int64)
    }

    /// After the last block that was run.
    var state: ConsensusState
    /// Of every height from 1; each is whole and durable once it is here.
    var blocks: [StoredBlock] = []
    /// The log since the last block that was run.
    private(set) var log: [Record] = []
    private var syncedCount = 0

    init(state: ConsensusState) { self.state = state }

    mutating func append(_ record: Record) { log.append(record) }
    mutating func sync() { syncedCount = log.count }

    /// What stands before is history, which nobody reads again.
    mutating func endHeight(_ height: Int64) {
        log = [.endHeight(height)]
        sync()
    }

    /// The machine lost its power: of what was not synced, the first `kept` records are there.
    mutating func losePower(kept: Int) {
        log.removeLast(log.count - min(log.count, syncedCount + kept))
        sync()
    }

    /// A record cannot be read any more, and nothing after it is believed.
    mutating func rot(at place: Int) {
        log.removeLast(log.count - min(log.count, place))
        sync()
    }

    var unsyncedCount: Int { log.count - syncedCount }
}

final class StoredBlock {
    let blockID: BlockID
    let block: Block
    let parts: PartSet
    /// As this node saw it.
    let commit: Commit
    let validators: ValidatorSet

    init(blockID: BlockID, block: Block, parts: PartSet, commit: Commit, validators: ValidatorSet) {
        (self.blockID, self.block, self.parts) = (blockID, block, parts)
        (self.commit, self.validators) = (commit, validators)
    }
}

/// A validator's key, and what it has signed: on disk before the signature is out, and never lost. The rule is
/// `ValidatorSigner`'s: no earlier place, and for one place only the very same again.
final class SimulatedSigner {
    let publicKey: [UInt8]
    let address: ValidatorAddress
    private let secretKey: [UInt8]
    /// What it has signed last.
    struct Memory {
        var place: (height: Int64, round: Int32, step: UInt8) = (0, 0, 0)
        var vote: Vote?
        var proposal: Proposal?
    }

    var memory = Memory()

    init(seed: UInt64, index: Int) {
        precondition(sodium_init() >= 0)
        var publicKey = [UInt8](repeating: 0, count: 32)
        var secretKey = [UInt8](repeating: 0, count: 64)
        let name = SHA256.hash(Array("simulated validator \(seed) \(index)".utf8)).bytes
        crypto_sign_seed_keypair(&publicKey, &secretKey, name)
        (self.publicKey, self.secretKey) = (publicKey, secretKey)
        address = ValidatorAddress(publicKey: publicKey)
    }

    /// Signs whatever it is asked: for hostile validators.
    func signature(of message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 64)
        crypto_sign_detached(&signature, nil, message, UInt64(message.count), secretKey)
        return signature
    }

    /// `false` if it refuses. Whoever asks for the same again gets the same time and signature.
    func sign(_ vote: inout Vote) -> Bool {
        let step: UInt8 = vote.kind == .prevote ? 2 : 3
        let asked = (vote.height, vote.round, step)
        if asked == memory.place, let last = memory.vote {
            guard last.blockID == vote.blockID else { return false }
            vote = last
            return true
        }
        guard asked > memory.place else { return false }
        vote.signature = signature(of: vote.signBytes(chainID: SimulatedChain.chainID))
        memory = Memory(place: asked, vote: vote)
        return true
    }

    func sign(_ proposal: inout Proposal) -> Bool {
        let asked = (proposal.height, proposal.round, UInt8(1))
        if asked == memory.place, let last = memory.proposal {
            guard last.blockID == proposal.blockID, last.polRound == proposal.polRound else { return false }
            proposal = last
            return true
        }
        guard asked > memory.place else { return false }
        proposal.signature = signature(of: proposal.signBytes(chainID: SimulatedChain.chainID))
        memory = Memory(place: asked, proposal: proposal)
        return true
    }
}
