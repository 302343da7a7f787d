import ChainFormats
import DecidedBlocks
import EnclaveProtocol
import Foundation
import PublicCryptography
import SecretCryptography
import StateProofs
import StateStore
import Wire

/// A network of four validators that decides whatever it is given. It holds their keys; the host in a test only ever
/// gets headers and commits.
final class FourValidatorChain {
    static let chainID = "hostile-test-1"
    static let genesisTime = Timestamp(seconds: 1_750_000_000, nanoseconds: 0)!

    /// One validator's key. Its secret is the hash of its name.
    final class Key {
        let publicKey: [UInt8]
        private let secret: [UInt8]

        init(_ name: String) {
            secret = SHA256.hash(Array(name.utf8)).bytes
            publicKey = Ed25519Signer.publicKey(of: SecretKey(copying: secret)!)
        }

        func sign(_ message: [UInt8]) -> [UInt8] {
            Ed25519Signer.sign(message, privateKey: SecretKey(copying: secret)!)
        }
    }

    /// In the order of the set.
    let keys: [Key]
    let set: ValidatorSet
    let state: StateDatabase
    /// The last block that the network decided and this chain went on from.
    private(set) var last: DecidedBlock?
    /// Of all the blocks that it went on from.
    private(set) var headers: [Int64: Header] = [:]
    private(set) var blocks: [Int64: DecidedBlock] = [:]
    /// Leaves of the results of the last block.
    private(set) var results: [[UInt8]] = []
    /// Hash of the key of the root that quotes on this chain end in.
    var attestationRoot = [UInt8](repeating: 9, count: 32)
    /// Beside it.
    var moreRoots: [AttestationRoot] = []
    var lease: (answers: UInt32, seconds: UInt32) = (0, 0)
    var epochs: (blocks: UInt32, grace: UInt32) = (0, 0)

    init(folder: String, validators names: [String] = ["ada", "bela", "cyra", "dana"]) throws {
        let unordered = names.map { Key($0) }
        let validators = unordered.map { Validator(publicKey: $0.publicKey, power: 10)! }
            .sorted { $0.address < $1.address }
        set = ValidatorSet(ordered: validators)!
        keys = validators.map { validator in unordered.first { $0.publicKey == validator.publicKey }! }
        var options = StateDatabase.Options()
        options.isDurable = false
        options.mapBytes = 1 << 30
        state = try StateDatabase(path: folder, options: options)
    }

    var identity: ChainIdentity {
        ChainIdentity(
            chainID: Self.chainID, genesisSeconds: Self.genesisTime.seconds, genesisNanoseconds: 0, initialHeight: 1,
            initialValidatorsHash: set.hash().bytes,
            attestationRoots: [.init(name: "simulated", spkiSHA256: attestationRoot, kind: .simulated)] + moreRoots,
            profile: .development, leaseAnswers: lease.answers, leaseSeconds: lease.seconds,
            epochBlocks: epochs.blocks, epochGraceBlocks: epochs.grace)
    }

    var height: Int64 { last?.header.height ?? 0 }

    // MARK: - Deciding

    /// The next block with these transactions, signed by the validators in `signers`. Nothing is adopted yet, so there
    /// can be several of one height.
    func decide(
        _ transactions: [[UInt8]], signers: [Int] = [0, 1, 2, 3], changing change: (inout Header) -> Void = { _ in }
    ) throws -> DecidedBlock {
        var header = Header(
            chainID: Self.chainID, height: height + 1, time: time(height + 1), lastBlockID: last?.blockID,
            lastCommitHash: (last?.commit ?? .empty).hash(),
            dataHash: Block.dataHash(of: transactions.map(HashedTransaction.init)),
            validatorsHash: set.hash(), nextValidatorsHash: set.hash(),
            consensusHash: SHA256.hash(Array("parameters".utf8)),
            appHash: try state.snapshot(at: UInt64(height)).applicationHash.bytes,
            lastResultsHash: MerkleTree.root(of: results), evidenceHash: MerkleTree.emptyRoot,
            proposerAddress: set.validators[Int(height) % 4].address)
        change(&header)
        return DecidedBlock(
            header: header, commit: commit(header, signers: signers), validators: set, transactions: transactions,
            previousResults: results, storeRoots: try storeRoots(at: UInt64(height)))
    }

    /// How much later than it would be blocks after the first are, for quotes that are made today.
    var secondsAhead: Int64 = 0

    func time(_ height: Int64) -> Timestamp {
        let ahead = height > 1 ? secondsAhead : 0
        return Timestamp(seconds: Self.genesisTime.seconds + ahead + (min(height, 1 << 20) - 1) * 5, nanoseconds: 0)!
    }

    func storeRoots(at height: UInt64) throws -> [StoreRoot] {
        try state.snapshot(at: height).commitment.stores.map { StoreRoot(name: $0.name, root: $0.root.bytes) }
    }

    func commit(_ header: Header, signers: [Int], round: Int32 = 0) -> Commit {
        let blockID = DecidedBlock.blockID(of: header)
        var commit = Commit(height: header.height, round: round, blockID: blockID, signatures: [])
        for (slot, validator) in set.validators.enumerated() {
            guard signers.contains(slot) else {
                commit.signatures.append(.absent)
                continue
            }
            commit.signatures.append(
                CommitSignature(
                    flag: .commit, validatorAddress: validator.address, timestamp: time(header.height), signature: [0]))
            commit.signatures[slot].signature = keys[slot].sign(commit.signBytes(at: slot, chainID: Self.chainID)!)
        }
        return commit
    }

    // MARK: - Going on

    /// The network has run `block`: this is what it wrote, and these are its results.
    func adopt(_ block: DecidedBlock, writes: StateDatabase.Writes, results: [ExecutionResult], codes: [[UInt8]] = [])
        throws
    {
        precondition(block.header.height == height + 1)
        try state.commit(try state.prepare(height: UInt64(height + 1), writes: writes), blobs: codes)
        last = block
        headers[block.header.height] = block.header
        blocks[block.header.height] = block
        self.results = results.map(\.protobuf)
    }

    func begin(writes: StateDatabase.Writes) throws {
        let stores = Set([
            StoreName.account, StoreName.bank, StoreName.compute, StoreName.feegrant, StoreName.register,
        ])
        try state.commit(try state.prepare(height: 0, writes: writes, adding: stores.union(writes.keys).sorted()))
    }
}

/// A block that validators signed, with what a host sends along to begin it.
struct DecidedBlock {
    var header: Header
    var commit: Commit
    var validators: ValidatorSet
    var transactions: [[UInt8]]
    var previousResults: [[UInt8]]
    var storeRoots: [StoreRoot]

    var height: UInt64 { UInt64(header.height) }
    var blockID: BlockID { DecidedBlock.blockID(of: header) }

    static func blockID(of header: Header) -> BlockID {
        let hash = header.hash()
        return BlockID(hash: hash, parts: PartSetHeader(total: 1, hash: SHA256.hash(hash.bytes)))
    }

    /// What an honest host says to begin it.
    var begin: BeginBlock {
        var begin = BeginBlock()
        begin.header = header.protobuf
        begin.commit = commit.protobuf
        begin.validators = validators.protobuf
        begin.transactionHashes = transactions.map { SHA256.hash($0).bytes }
        begin.storeRoots = storeRoots
        begin.previousResults = previousResults.map { MerkleTree.leafHash($0).bytes }
        begin.previousFailures = failures.filter { $0.leaf.count <= DecidedBlock.failureBytesMax }
        return begin
    }

    /// What it proves of the block before, if that is run again.
    var proof: ProvingBlock {
        ProvingBlock(
            header: header.protobuf, commit: commit.protobuf, validators: validators.protobuf,
            results: previousResults.map { MerkleTree.leafHash($0).bytes }, refused: refused)
    }

    /// The leaf of what an enclave came to in the block before.
    func provedResult(at index: Int) -> [UInt8]? {
        let leaf = previousResults[index]
        return (try? ExecutionResult(protobuf: leaf))?.data.isEmpty == false ? leaf : nil
    }

    /// Results of the block before that failed and that no enclave came to.
    private var refused: [FailedResult] {
        failures.filter { (try? ExecutionResult(protobuf: $0.leaf))?.data.isEmpty == true }
    }

    /// The longest that crosses: what an enclave came to may be longer, and need not be shown.
    private static let failureBytesMax = 128

    private var failures: [FailedResult] {
        previousResults.enumerated().compactMap { index, leaf in
            guard let result = try? ExecutionResult(protobuf: leaf), result.code != 0 else { return nil }
            return FailedResult(index: UInt32(index), leaf: leaf)
        }
    }
}
