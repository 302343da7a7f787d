import ChainModel
import EnclavePlatform
import EnclaveProtocol
import Keyring
import PublicCryptography

/// One block while it runs: what its header proved, what has been run of it, and what that left behind for the
/// transactions after it.
final class BlockRun {
    let header: VerifiedHeader
    let state: ProvenState
    let vouching: Vouching
    let funds: FundsCover
    let random: BlockRandom
    /// What earlier transactions of this block wrote to the compute store.
    var written: [ByteKey: Written] = [:]
    /// Code that earlier transactions of this block stored.
    var codes: [Hash32: [UInt8]] = [:]
    var codeBytes = 0
    /// The last sequence of each signer that ran in this block.
    var sequences: [AccountAddress: UInt64] = [:]
    private(set) var results = BlockResults()
    private let hashes: [Hash32]
    private var transactions: [[UInt8]] = []
    private var nextIndex = 0
    private var debitedUpTo = 0

    init(
        header: VerifiedHeader, hashes: [Hash32], state: ProvenState, vouching: Vouching, random: consuming BlockRandom
    ) {
        self.header = header
        self.hashes = hashes
        self.state = state
        self.vouching = vouching
        self.random = random
        funds = FundsCover(state: state)
    }

    var height: Int64 { header.header.height }

    /// Takes the next transactions; each must hash to what the header's data hash covers.
    func receive(_ chunk: BlockChunk) throws(Failure) {
        guard Int(chunk.firstIndex) == transactions.count else { throw .chunkOutOfOrder }
        guard transactions.count + chunk.transactions.count <= hashes.count else { throw .transactionsNotInHeader }
        for (offset, transaction) in chunk.transactions.enumerated() {
            guard SHA256.hash(transaction) == hashes[transactions.count + offset] else {
                throw .transactionsNotInHeader
            }
        }
        transactions.append(contentsOf: chunk.transactions)
    }

    /// The transaction at `index` if its turn can be now: transactions may be skipped and never revisited. Changes
    /// nothing.
    func transaction(at index: Int) throws(Failure) -> Transaction {
        guard index < transactions.count else { throw .transactionMissing }
        guard index >= nextIndex else { throw .transactionRevisited }
        guard let transaction = try? Transaction(decoding: transactions[index]) else { throw .transactionMalformed }
        guard transaction.hasComputeMessage else { throw .transactionNotDriven }
        return transaction
    }

    /// Begins the transaction at `index`, once. That the host's ante rules let it pass, and refused those with calls of
    /// contracts that were skipped, are facts that the host vouches for.
    func begin(_ index: Int) throws(Failure) {
        try skip(upTo: index)
        nextIndex = index + 1
        try vouching.use(.admitted(index: UInt32(index)))
    }

    /// The enclave itself refused the transaction that was begun last, as every enclave does: it cannot succeed.
    func recordRefusal(at index: Int) {
        results.skipped.append(UInt32(index))
    }

    /// Notes the transactions before `index` that call contracts and were not run.
    private func skip(upTo index: Int) throws(Failure) {
        for skipped in nextIndex..<max(index, nextIndex) {
            guard let transaction = try? Transaction(decoding: transactions[skipped]), transaction.hasComputeMessage
            else {
                continue
            }
            try vouching.use(.skipped(index: UInt32(skipped)))
            results.skipped.append(UInt32(skipped))
        }
    }

    func record(_ result: DrivenResult, at index: Int) {
        let leaf = ExecutionResult(
            code: result.code, data: result.data, gasWanted: Int64(clamping: result.gasWanted),
            gasUsed: Int64(clamping: result.gasUsed)
        ).protobuf
        results.ran.append((UInt32(index), MerkleTree.leafHash(leaf)))
    }

    /// Ends the block: whatever was not run by now was skipped.
    func end() throws(Failure) {
        // A host that has no transaction for the enclave need not send any.
        if !transactions.isEmpty { try skip(upTo: transactions.count) }
        try vouching.finish()
    }

    /// Takes away what the transactions before `index` that the host ran alone may have spent. Their credits never
    /// count; a signature that does not verify spends nothing, since the host refused it as every node does.
    func debitHostTransactions(before index: Int, chainID: String) throws {
        while debitedUpTo < index {
            let position = debitedUpTo
            debitedUpTo += 1
            let wasRun = results.ran.contains { Int($0.index) == position }
            guard !wasRun, let transaction = try? Transaction(decoding: transactions[position]),
                try Signers.verify(transaction, chainID: chainID, state: state, minimumSequences: [:]) == nil
            else { continue }
            try funds.debit((try? Coins(transaction.authentication.fee.amount)) ?? .none, from: transaction.feePayer)
            for message in transaction.body.messages { try debit(message) }
        }
    }

    private func debit(_ message: AnyMessage) throws {
        switch try? BankMessage.decode(message) {
        case .send(let send):
            try funds.debit((try? Coins(send.amount)) ?? .none, from: send.from)
        case .multiSend(let multiSend):
            for input in multiSend.inputs { try funds.debit((try? Coins(input.coins)) ?? .none, from: input.address) }
        case nil:
            for signer in (try? message.signers()) ?? [] { funds.poison(signer) }
        }
    }
}

/// What a transaction left in the compute store: a record as it stands in the tree, or a contract's value in clear,
/// which is sealed when it leaves.
enum Written {
    case record([UInt8])
    case value(ContractState, name: [UInt8], [UInt8])
    case removed
}
