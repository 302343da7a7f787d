import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import Keyring
import LedgerRecords
import PublicCryptography
import SignedTransactions
import Wire

/// One block while it runs: what its header proved, what has been run of it, and what that left behind for the
/// transactions after it.
final class BlockRun {
    let header: VerifiedHeader
    let state: ProvenState
    let vouching: Vouching
    /// In a block that is run again on the strength of the next header.
    private var proven: ProvenResults?
    let funds: FundsCover
    private var feeGrants = FeeGrants()
    let random: BlockRandom
    /// With the keys of this block.
    let vault: EnclaveCore.Vault
    /// As the block leaves it, where keys rotate.
    let epoch: KeyEpoch?
    /// What earlier transactions of this block wrote to the compute store.
    var written: [ByteKey: Written] = [:]
    /// Code that earlier transactions of this block stored.
    var codes: [Hash32: [UInt8]] = [:]
    var codeBytes = 0
    /// Evidence that transactions of this block brought, and that was accepted.
    var registrations: [PendingRegistration] = []
    /// This block and those before it, as far as evidence had it asked for.
    private lazy var history = JournaledHistory(
        JournalRecord(height: UInt64(height), headerHash: header.hash, count: 0, digest: Hash32.zero))
    /// Addresses in messages that the ledger of this block ran or may have run, and the types of those.
    private(set) var touched: Set<ByteKey> = []
    /// Ledger messages that transactions of this block sent.
    var ledgerMessages = 0
    /// The last sequence of each signer that ran in this block.
    var sequences: [AccountAddress: UInt64] = [:]
    private(set) var results = BlockResults()
    /// Hashes of what the ledger answered in the transaction that runs.
    private(set) var answers: [Hash32] = []
    private var ran: Set<Int> = []
    /// Keys that transactions of this block brought, by the address that is made of them.
    private var keys: [AccountAddress: AnyMessage] = [:]
    private let hashes: [Hash32]
    private var transactions: [[UInt8]] = []
    private var nextIndex = 0
    private var debitedUpTo = 0

    init(
        header: VerifiedHeader, hashes: [Hash32], state: ProvenState, vouching: Vouching, proven: ProvenResults?,
        vault: EnclaveCore.Vault, epoch: KeyEpoch?
    ) {
        self.header = header
        self.hashes = hashes
        self.state = state
        self.vouching = vouching
        self.proven = proven
        (self.vault, self.epoch) = (vault, epoch)
        random = vault.keys.blockRandom(headerHash: header.hash)
        funds = FundsCover(state: state, time: header.header.time.seconds)
    }

    var height: Int64 { header.header.height }

    /// The hash of the chain's header at a height before this block's; see `JournaledHistory`.
    func headerHash(
        at wanted: Int64, ask: (_ highest: UInt64, _ count: UInt32) throws(Failure) -> [[UInt8]]
    ) throws(Failure) -> Hash32 {
        try history.hash(at: wanted, ask: ask)
    }

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
    ///
    /// - Parameter provedResult: see `ProvenResults.begin`.
    func begin(_ index: Int, provedResult: [UInt8]) throws(Failure) {
        try skip(upTo: index)
        nextIndex = index + 1
        answers = []
        try proven?.begin(index, leaf: provedResult)
        try vouching.use(.admitted(index: UInt32(index)))
    }

    /// The messages of the transaction that was begun last are about to run.
    func requireRun() throws(Failure) {
        try proven?.requireRun()
    }

    /// The ledger answered the `sequence`-th message of the transaction that runs, which is about to act on it.
    ///
    /// In the result stands the answer without its text: that is for people, may be another on every node, and no
    /// contract is told it (`MessageFailure.ledger`).
    func hear(_ answer: LedgerMessageResult, index: UInt32, sequence: UInt32) throws(Failure) {
        var committed = answer
        committed.log = ""
        let hash = try VouchedFact.ledgerResult(index: index, sequence: sequence, committed).hash
        try proven?.hear(hash)
        try vouching.use(.ledgerResult(index: index, sequence: sequence, answer))
        answers.append(hash)
    }

    /// The enclave itself refused the transaction that was begun last, as every enclave does: it cannot succeed.
    func recordRefusal(at index: Int) throws(Failure) {
        guard proven?.wasRefused(index) != false else { throw .resultNotProved }
        results.skipped.append(UInt32(index))
    }

    /// Notes the transactions before `index` that call contracts and were not run.
    private func skip(upTo index: Int) throws(Failure) {
        for skipped in nextIndex..<max(index, nextIndex) {
            guard let transaction = try? Transaction(decoding: transactions[skipped]), transaction.hasComputeMessage
            else {
                continue
            }
            try noteSkipped(skipped)
        }
    }

    private func noteSkipped(_ index: Int) throws(Failure) {
        guard proven?.wasRefused(index) != false else { throw .resultNotProved }
        try vouching.use(.skipped(index: UInt32(index)))
        results.skipped.append(UInt32(index))
    }

    /// Notes the leaf of what a transaction came to. Where the header proves another, this enclave is not the
    /// network's.
    func record(_ leaf: Hash32, at index: UInt32) throws(Failure) {
        guard proven?.isProved(leaf, at: index) != false else { throw .resultsDiffer }
        results.ran.append((index, leaf))
        ran.insert(Int(index))
    }

    /// Ends the block: whatever was not run by now was skipped.
    ///
    /// The attack: a host keeps back the transactions that come last, or all of them, so that none of them counts as
    /// skipped and the next header contradicts nothing. So what was not received may have been anything: it too must
    /// turn out to have failed.
    func end() throws(Failure) {
        try skip(upTo: transactions.count)
        for withheld in transactions.count..<hashes.count {
            try noteSkipped(withheld)
        }
        try vouching.finish()
    }

    /// Whether the signers of `transaction` signed it, as far as the state before the block and the transactions before
    /// it in the block can tell; to be asked once all of those have been looked at.
    func verify(
        _ transaction: Transaction, chainID: String, minimumSequences: [AccountAddress: UInt64] = [:]
    ) throws(Failure) -> Signers.Verdict {
        let verdict = try Signers.verify(
            transaction, chainID: chainID, state: state, keys: keys, minimumSequences: minimumSequences)
        if case .refused = verdict { return verdict }
        for (signer, info) in zip(transaction.signers, transaction.authentication.signers) {
            if let key = info.publicKey { keys[signer] = key }
        }
        return verdict
    }

    /// Takes away what the transactions before `index` that the host ran alone may have spent. Their credits never
    /// count; one that every ledger refuses, such as one with a false signature, spends nothing. Of one that only the
    /// ledger can judge the signers may have spent anything.
    func debitHostTransactions(before index: Int, chainID: String) throws(Failure) {
        while debitedUpTo < index {
            let position = debitedUpTo
            debitedUpTo += 1
            guard !ran.contains(position), let transaction = try? Transaction(decoding: transactions[position]) else {
                continue
            }
            let verdict = try verify(transaction, chainID: chainID)
            if case .refused = verdict { continue }
            // Whether a grant covers the fee or not, the ledger alone knows what came of the transaction.
            _ = try useFeeGrant(of: transaction)
            try funds.debit(
                (try? Coins(transaction.authentication.fee.amount)) ?? .none, from: transaction.feeSource)
            // What others granted to the signers leaves those others, whoever can judge the signatures.
            for message in transaction.body.messages { try debit(message) }
            if case .unverifiable = verdict { for signer in transaction.signers { funds.poison(signer) } }
        }
    }

    /// Whether the fee is its payer's own, or covered by a proved grant, of which it is then used.
    func useFeeGrant(of transaction: Transaction) throws(Failure) -> Bool {
        try feeGrants.use(for: transaction, in: state, at: header.header.time)
    }

    /// Takes away what a message may take that the host runs, also if the host will refuse it.
    func debit(_ message: AnyMessage, depth: Int = 0) throws(Failure) {
        switch try? BankMessage.decode(message) {
        case .send(let send):
            try funds.debit((try? Coins(send.amount)) ?? .none, from: send.from)
        case .multiSend(let multiSend):
            for input in multiSend.inputs { try funds.debit((try? Coins(input.coins)) ?? .none, from: input.address) }
        case nil:
            try debitByTable(message, depth: depth)
        }
    }

    private func debitByTable(_ message: AnyMessage, depth: Int) throws(Failure) {
        touch(message)
        let signers = (try? message.signers()) ?? []
        if message.type?.module == "feegrant" { for signer in signers { feeGrants.change(by: signer) } }
        switch message.type?.takes {
        case .nothing: return
        case .coins, .coinsOfEach:
            if let taken = try? message.takenCoins(), !taken.isEmpty,
                let sum = try? Coins.sum(taken.map { try Coins([$0]) })
            {
                for signer in signers { try funds.debit(sum, from: signer) }
            } else {
                for signer in signers { funds.poison(signer) }
            }
        case .whatItHolds, .whatItsPacketHolds:
            // Whoever signs the messages inside has signed none of this. What has no price or cannot be read nobody
            // runs.
            guard (try? message.gas(depth: depth)) != nil else { return }
            for held in (try? message.heldMessages(depth: depth)) ?? [] { try debit(held, depth: depth + 1) }
        case .everything, .byItsModule, nil:
            for signer in signers { funds.poison(signer) }
        }
    }

    private func touch(_ message: AnyMessage) {
        touched.insert(ByteKey(Array(message.typeURL.utf8)))
        var reader = ProtobufReader(message.value)
        while let field = try? reader.next() {
            if let (_, address) = (try? field.string()).flatMap({ Bech32.decode($0) }) {
                touched.insert(ByteKey(address))
            }
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
