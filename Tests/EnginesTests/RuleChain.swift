import BlockStorage
import CSodium
import ChainFormats
import ChainInterface
import DecidedBlocks
import PublicCryptography
import Wire

/// A key of a validator in a test; its secret is the hash of its name.
struct TestKey {
    let name: String
    var publicKey = [UInt8](repeating: 0, count: 32)
    private var secretKey = [UInt8](repeating: 0, count: 64)

    init(_ name: String) {
        self.name = name
        _ = crypto_sign_seed_keypair(&publicKey, &secretKey, SHA256.hash(Array(name.utf8)).bytes)
    }

    var address: ValidatorAddress { ValidatorAddress(publicKey: publicKey) }

    func sign(_ message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 64)
        _ = crypto_sign_detached(&signature, nil, message, UInt64(message.count), secretKey)
        return signature
    }

    func signed(_ vote: Vote, chainID: String = RuleChain.chainID) -> Vote {
        var vote = vote
        vote.signature = sign(vote.signBytes(chainID: chainID))
        return vote
    }
}

/// A chain of blocks whose validators sign whatever a test asks for, with the state that the next block is held
/// against.
struct RuleChain {
    static let chainID = "rules-1"
    static let genesisTime = Timestamp(seconds: 1_000_000, nanoseconds: 0)!

    let keys: [TestKey]
    var state: ConsensusState
    var lastCommit = Commit.empty
    /// Every decided block.
    var blocks: [DecidedBlock] = []

    /// Powers fall in the order of the names, so that this is the order of the set too.
    init(
        powers: KeyValuePairs<String, Int64> = ["ada": 10, "ben": 7, "eva": 5, "ida": 3],
        parameters: ConsensusParameters = ConsensusParameters(), initialHeight: Int64 = 1
    ) throws {
        keys = powers.map { TestKey($0.key) }
        let genesis = GenesisDocument(
            genesisTime: Self.genesisTime, chainID: Self.chainID, initialHeight: initialHeight, parameters: parameters,
            validators: zip(keys, powers).map {
                GenesisValidator(publicKey: $0.publicKey, power: $1.value, name: $0.name)
            })
        state = try ConsensusState(genesis: genesis, initial: InitialState(appHash: [7]))
    }

    func key(_ validator: Validator) -> TestKey { keys.first { $0.publicKey == validator.publicKey }! }

    /// The next block, as an honest proposer would make it but for what is changed.
    func block(
        _ transactions: [[UInt8]] = [], evidence: [Evidence] = [], changing change: (inout Block) -> Void = { _ in }
    ) -> Block {
        var block = state.makeBlock(
            transactions: transactions.map(HashedTransaction.init), evidence: evidence, lastCommit: lastCommit,
            time: state.time(after: lastCommit)!, proposer: state.validators.proposer.address)
        change(&block)
        return block
    }

    /// What this validator says of a block: at how many seconds after genesis, and whether it signs it or nil.
    enum Say {
        case block(Int64)
        case none(Int64)
        case absent
    }

    func commit(_ block: Block, says: [Say]? = nil, round: Int32 = 0) -> Commit {
        let height = block.header.height
        let blockID = BlockID(hash: block.header.hash(), parts: PartSet(cutting: block.protobuf).header)
        let members = state.validators.validators
        let says = says ?? members.map { _ in .block(height * 10) }
        var commit = Commit(height: height, round: round, blockID: blockID, signatures: [])
        for (slot, say) in says.enumerated() {
            let flag: BlockIDFlag
            let seconds: Int64
            switch say {
            case .absent:
                commit.signatures.append(.absent)
                continue
            case .block(let time): (flag, seconds) = (.commit, time)
            case .none(let time): (flag, seconds) = (.forNil, time)
            }
            commit.signatures.append(
                CommitSignature(
                    flag: flag, validatorAddress: members[slot].address,
                    timestamp: Timestamp(seconds: Self.genesisTime.seconds + seconds, nanoseconds: 0)!, signature: [0]))
            commit.signatures[slot].signature =
                key(members[slot]).sign(commit.signBytes(at: slot, chainID: Self.chainID)!)
        }
        return commit
    }

    /// Goes on from a block that these votes decided.
    mutating func decide(
        _ block: Block? = nil, says: [Say]? = nil, outcome: BlockOutcome = BlockOutcome(results: [], appHash: [7])
    ) throws {
        let block = block ?? self.block()
        let commit = commit(block, says: says)
        let decided = DecidedBlock(
            block: block, blockBytes: block.protobuf, blockID: commit.blockID!, commit: commit,
            validators: state.validators, nextValidators: state.nextValidators)
        blocks.append(decided)
        state = try state.applying(outcome, of: decided)
        lastCommit = commit
    }

    func fault(_ block: Block) -> BlockFault? {
        do throws(BlockFault) { try state.validate(block) } catch { return error }
        return nil
    }
}
