import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import LedgerRecords
import PublicCryptography
import SecretCryptography
import SignedTransactions
import StateKit
import StateProofs
import Wire

/// A chain of one validator in whose blocks nothing happens, and the host that shows it: the state has the network's
/// keys, and no block changes it.
package final class QuietChain: HostAnswering {
    package static let chainID = "quiet-1"
    private static let secret = SHA256.hash(Array("validator".utf8)).bytes
    private static let start = Timestamp(seconds: 1_750_000_000, nanoseconds: 0)!

    package struct NotAsked: Error {}

    private let validators: ValidatorSet
    package private(set) var headers: [Header] = []
    private var lastCommit = Commit.empty
    package var state = ReferenceState()
    /// Called before a question for values is answered.
    package var beforeAnswer: @Sendable () throws -> Void = {}
    /// What a host that lies makes of an answer.
    package var changeProofs: @Sendable (inout [StateProof]) -> Void = { _ in }

    package init() {
        let key = Ed25519Signer.publicKey(of: SecretKey(copying: Self.secret)!)
        validators = ValidatorSet(ordered: [Validator(publicKey: key, power: 10)!])!
    }

    package func identity(rootHash: [UInt8]) -> ChainIdentity {
        ChainIdentity(
            chainID: Self.chainID, genesisSeconds: Self.start.seconds, genesisNanoseconds: 0, initialHeight: 1,
            initialValidatorsHash: validators.hash().bytes,
            attestationRoots: [.init(name: "simulated", spkiSHA256: rootHash, kind: .simulated)], profile: .development)
    }

    /// What genesis says of the enclave that was opened.
    package func register(_ opened: OpenedEnclave) {
        state.stores[StoreName.register] = [
            RegisterStore.ioExchangeKey: RegisterStore.encodeMasterKey(Hash32(opened.ioPublicKey) ?? .zero),
            RegisterStore.nodeExchangeKey: RegisterStore.encodeMasterKey(Hash32(opened.seedExchangePublicKey) ?? .zero),
        ]
    }

    package var height: Int64 { Int64(headers.count) }

    /// What a host says to begin the next block. It is the chain's next one once `adopt` was called.
    package func next(
        isSigned: Bool = true, transactions: [[UInt8]] = [], changing change: (inout Header) -> Void = { _ in }
    ) -> BeginBlock {
        let header = nextHeader(transactions, changing: change)
        var begin = BeginBlock()
        begin.header = header.protobuf
        begin.commit = commit(header, isSigned: isSigned).protobuf
        begin.validators = validators.protobuf
        begin.transactionHashes = transactions.map { SHA256.hash($0).bytes }
        begin.storeRoots = state.commitment.stores.map { StoreRoot(name: $0.name, root: $0.root.bytes) }
        return begin
    }

    /// The chain has gone on with the block that `next` showed.
    package func adopt(transactions: [[UInt8]] = []) {
        let header = nextHeader(transactions) { _ in }
        lastCommit = commit(header, isSigned: true)
        headers.append(header)
    }

    /// In which a new enclave's nonce stands.
    package static func leaseTransaction(nonce: [UInt8]) -> [UInt8] {
        LeaseTransaction.bytes(nonce: Hash32(nonce) ?? .zero)
    }

    private func nextHeader(_ transactions: [[UInt8]], changing change: (inout Header) -> Void) -> Header {
        let last = headers.last
        var header = Header(
            chainID: Self.chainID, height: height + 1,
            time: Timestamp(seconds: Self.start.seconds + 5 * height, nanoseconds: 0)!,
            lastBlockID: last.map(Self.blockID), lastCommitHash: lastCommit.hash(),
            dataHash: MerkleTree.root(of: transactions.map { SHA256.hash($0).bytes }),
            validatorsHash: validators.hash(), nextValidatorsHash: validators.hash(),
            consensusHash: SHA256.hash(Array("parameters".utf8)), appHash: state.commitment.applicationHash.bytes,
            lastResultsHash: MerkleTree.emptyRoot, evidenceHash: MerkleTree.emptyRoot,
            proposerAddress: validators.validators[0].address)
        change(&header)
        return header
    }

    private static func blockID(of header: Header) -> BlockID {
        let hash = header.hash()
        return BlockID(hash: hash, parts: PartSetHeader(total: 1, hash: SHA256.hash(hash.bytes)))
    }

    private func commit(_ header: Header, isSigned: Bool) -> Commit {
        var commit = Commit(height: header.height, round: 0, blockID: Self.blockID(of: header), signatures: [.absent])
        guard isSigned else { return commit }
        commit.signatures[0] = CommitSignature(
            flag: .commit, validatorAddress: validators.validators[0].address, timestamp: header.time, signature: [0])
        commit.signatures[0].signature = Ed25519Signer.sign(
            commit.signBytes(at: 0, chainID: Self.chainID)!, privateKey: SecretKey(copying: Self.secret)!)
        return commit
    }

    // MARK: - Answers

    package func readState(_ read: StateRead) throws -> [StateProof] {
        try beforeAnswer()
        var proofs = read.reads.map { read in
            StateProof(
                store: read.store, keys: read.keys, values: state.values(of: read.keys, in: read.store),
                proof: state.proof(of: read.keys, in: read.store))
        }
        changeProofs(&proofs)
        return proofs
    }

    package func readHeaders(highest: UInt64, count: Int) throws -> [[UInt8]] {
        (0..<count).compactMap { back in
            let index = Int(highest) - 1 - back
            return headers.indices.contains(index) ? headers[index].protobuf : nil
        }
    }

    package func readCode(hash: [UInt8]) throws -> [UInt8] { throw NotAsked() }
    package func runLedgerMessage(_ message: LedgerMessage) throws -> LedgerMessageResult { throw NotAsked() }
    package func revertScope(_ scope: UInt32) throws { throw NotAsked() }
}
