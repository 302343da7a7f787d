import ChainFormats
import ConsensusCore
import DecidedBlocks
import PublicCryptography
import Wire

/// A block that is only a name and some bytes: the core does not look inside.
struct NamedBlock {
    let id: BlockID
    let parts: PartSet

    init(_ name: String) {
        parts = PartSet(cutting: Array(name.utf8))
        id = BlockID(hash: SHA256.hash(Array(name.utf8)), parts: parts.header)
    }
}

/// Four validators of equal power; this node is one of them. Blocks are valid unless the test says otherwise.
struct CoreRig {
    static let validators = ValidatorSet(
        genesis: (0..<4).map { ValidatorUpdate(publicKey: SHA256.hash([UInt8($0)]).bytes, power: 1) })!

    var core: ConsensusMachine
    var effects: [ConsensusEffect] = []
    var validity: [BlockID: BlockValidity] = [:]
    static let height: Int64 = 3

    /// `own` counts from the proposer of round 0, in the order in which they propose.
    init(own: Int, blockBytesMax: Int = 1000, waitsForTransactions: Bool = false) {
        let start = CoreRig.start(
            own: own, blockBytesMax: blockBytesMax, waitsForTransactions: waitsForTransactions)
        core = ConsensusMachine(start)
        effects = core.handle(.enterHeight(start))
    }

    static func start(own: Int, blockBytesMax: Int = 1000, waitsForTransactions: Bool = false) -> HeightStart {
        HeightStart(
            height: height, chainID: "rig", validators: validators, ownAddress: proposer(Int32(own)).address,
            blockBytesMax: blockBytesMax, waitsForTransactions: waitsForTransactions)
    }

    static func proposer(_ round: Int32) -> Validator {
        round == 0 ? validators.proposer : validators.incrementingProposerPriority(times: round).proposer
    }

    mutating func send(_ input: ConsensusInput) {
        let new = core.handle(input)
        effects += new
        for case .validate(_, let parts, let bytes) in new {
            let id = NamedBlock(String(decoding: bytes, as: UTF8.self)).id
            send(.validity(parts, id.hash, validity[id] ?? .valid))
        }
    }

    mutating func begin() { send(.timeout(ConsensusTimeout(.newHeight, height: CoreRig.height, round: 0))) }
    mutating func timeout(_ kind: ConsensusTimeout.Kind, _ round: Int32) {
        send(.timeout(ConsensusTimeout(kind, height: CoreRig.height, round: round)))
    }

    mutating func propose(_ block: NamedBlock, round: Int32, polRound: Int32 = -1, withParts: Bool = true) {
        let proposal = Proposal(
            height: CoreRig.height, round: round, polRound: polRound, blockID: block.id, timestamp: .goZero)
        send(.proposal(VerifiedProposal(unchecked: proposal)))
        if withParts { sendParts(block) }
    }

    mutating func sendParts(_ block: NamedBlock) {
        for index in 0..<Int(block.parts.header.total) {
            send(.part(height: CoreRig.height, block.parts[index]!))
        }
    }

    /// Votes of the validators that propose in rounds `voters`.
    mutating func vote(_ kind: VoteKind, _ block: NamedBlock?, round: Int32, by voters: [Int]) {
        for voter in voters { send(.vote(CoreRig.vote(kind, block?.id, round: round, by: voter))) }
    }

    static func vote(_ kind: VoteKind, _ blockID: BlockID?, round: Int32, by voter: Int) -> VerifiedVote {
        let address = proposer(Int32(voter)).address
        return VerifiedVote(
            unchecked: Vote(
                kind: kind, height: height, round: round, blockID: blockID, timestamp: .goZero,
                validatorAddress: address,
                validatorIndex: Int32(validators.index(of: address)!), signature: [1]))
    }

    /// What this node voted, as text: "prevote 0 A" with nil for no block.
    func votes(naming names: [String]) -> [String] {
        effects.compactMap { effect in
            guard case .vote(let kind, _, let round, let blockID) = effect else { return nil }
            let name = blockID.map { id in names.first { NamedBlock($0).id == id } ?? "?" } ?? "nil"
            return "\(kind) \(round) \(name)"
        }
    }

    var decision: (round: Int32, blockID: BlockID, commit: Commit)? {
        for case .decide(_, let round, let blockID, _, let commit) in effects { return (round, blockID, commit) }
        return nil
    }

    func scheduled(_ kind: ConsensusTimeout.Kind, _ round: Int32) -> Int {
        effects.filter { $0 == .schedule(ConsensusTimeout(kind, height: CoreRig.height, round: round)) }.count
    }
}
