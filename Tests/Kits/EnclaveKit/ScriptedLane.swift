import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import PublicCryptography
import SignedTransactions
import StateProofs
import Testing
import Wire

/// An enclave of a few lines: it checks what a real one would of the order, the header and the proofs, and does with a
/// transaction what the test says.
package final class ScriptedLane: ExecutionLink, @unchecked Sendable {
    package typealias Script = (_ index: Int, _ questions: any HostAnswering, _ lane: ScriptedLane) throws ->
        ScriptedResult

    package struct OutOfOrder: Error {}

    /// What was called, as one line each.
    package private(set) var calls: [String] = []
    package private(set) var journal: [Hash32] = []
    package private(set) var prefetched: [StateProof] = []
    package var script: Script = { _, _, _ in ScriptedResult() }
    /// What stands in the sealed records: the transactions that ran in each block that was ended, and the hash of its
    /// header.
    package var ended: [Int64: (headerHash: Hash32, ran: [UInt32])] = [:]
    private var ran: [UInt32] = []
    private var header: Header?
    private var commitment: StoreCommitment?
    private var hashes: [[UInt8]] = []
    private var transactions: [[UInt8]] = []

    package init() {}

    package func beginBlock(_ block: BeginBlock, answering questions: any HostAnswering) throws -> BegunBlock {
        guard header == nil else { throw OutOfOrder() }
        let header = try Header(protobuf: block.header)
        let commitment = try #require(
            StoreCommitment(block.storeRoots.map { StoreCommitment.Store(name: $0.name, root: Hash32($0.root)!) }))
        #expect(commitment.applicationHash.bytes == header.appHash)
        #expect(MerkleTree.root(of: block.transactionHashes) == header.dataHash)
        #expect(
            MerkleTree.root(ofLeafHashes: block.previousResults.compactMap { Hash32($0) }) == header.lastResultsHash)
        self.header = header
        self.commitment = commitment
        hashes = block.transactionHashes
        // It does not know how many there are.
        journal = try questions.readJournal(first: 0, count: 1_000)
        calls.append("begin \(header.height)")
        var begun = BegunBlock()
        begun.height = UInt64(header.height)
        begun.headerHash = header.hash().bytes
        begun.outputKeys = outputKeys(of: header.height - 1)
        ran = []
        return begun
    }

    /// What the head was moved to.
    package private(set) var advances: [Advance] = []

    package func advance(_ advance: Advance) throws -> [UInt8] {
        guard header == nil else { throw OutOfOrder() }
        advances.append(advance)
        return Array("advanced".utf8)
    }

    /// What opens the outputs of a block, once the header after it is here.
    package func outputKeys(of height: Int64) -> [OutputKey] {
        guard let block = ended[height] else { return [] }
        return block.ran.map { OutputKey(index: $0, key: key(OutputPlace(headerHash: block.headerHash, index: $0))) }
    }

    private func key(_ place: OutputPlace) -> [UInt8] {
        SHA256.hash(place.headerHash.bytes + [UInt8(place.index)]).bytes
    }

    package func sendTransactions(_ transactions: [[UInt8]]) throws {
        guard header != nil else { throw OutOfOrder() }
        #expect(transactions.map { SHA256.hash($0).bytes } == hashes)
        self.transactions = transactions
        calls.append("send \(transactions.count)")
    }

    package func runTransaction(
        _ transaction: RunTransaction, answering questions: any HostAnswering
    ) throws -> DrivenResult {
        guard header != nil, Int(transaction.index) < transactions.count else { throw OutOfOrder() }
        calls.append("run \(transaction.index)")
        prefetched = transaction.prefetched
        for proof in transaction.prefetched { try verify(proof) }
        let result = try script(Int(transaction.index), questions, self)
        ran.append(transaction.index)
        let place = OutputPlace(headerHash: header!.hash(), index: transaction.index)
        return try result.sealed(key: key(place), at: place)
    }

    package func endBlock() throws -> [UInt8] {
        guard let header, transactions.map({ SHA256.hash($0).bytes }) == hashes else { throw OutOfOrder() }
        ended[header.height] = (header.hash(), ran)
        self.header = nil
        transactions = []
        calls.append("end \(header.height)")
        return Array("sealed \(header.height)".utf8)
    }

    /// Reads one key of the state before the block, with its proof.
    package func read(_ key: [UInt8], in store: String, _ questions: any HostAnswering) throws -> [UInt8]? {
        var read = StateRead()
        read.reads = [StoreKeys(store: store, keys: [key])]
        read.version = UInt64(try #require(header).height - 1)
        let proofs = try questions.readState(read)
        try #require(proofs.count == 1 && proofs[0].store == store && proofs[0].keys == [key])
        try verify(proofs[0])
        return proofs[0].values[0]
    }

    private func verify(_ proof: StateProof) throws {
        let root = try #require(commitment?.root(of: proof.store))
        try MultiProof.verify(root: root, keys: proof.keys, values: proof.values, proof: proof.proof)
    }
}

/// What a test's script says a transaction comes to.
package struct ScriptedResult {
    package var code: UInt32 = 0
    package var codespace = ""
    package var log = ""
    package var gasWanted: UInt64 = 0
    package var gasUsed: UInt64 = 0
    package var data: [UInt8] = []
    package var events: [Event] = []
    package var writes: [StateWrite] = []
    package var storedCodes: [[UInt8]] = []

    package init() {}

    fileprivate func sealed(key: [UInt8], at place: OutputPlace) throws -> DrivenResult {
        var output = TransactionOutput()
        (output.codespace, output.log, output.data, output.events) = (codespace, log, data, events)
        var result = DrivenResult()
        (result.code, result.gasWanted, result.gasUsed, result.writes) = (code, gasWanted, gasUsed, writes)
        result.storedCodes = storedCodes
        result.data = try output.commitment(log: log)
        result.output = try output.sealed(key: key, at: place)
        return result
    }
}

extension HostAnswering {
    package func send(
        _ amount: UInt128, from sender: AccountAddress, to recipient: AccountAddress, scope: UInt32
    ) throws -> LedgerMessageResult {
        let any = BankMessage.send(.init(from: sender, to: recipient, amount: [Coin(amount, "uscrt")])).any
        var message = LedgerMessage()
        message.scope = scope
        message.signer = sender.bytes
        message.typeURL = any.typeURL
        message.value = Array(any.value)
        return try runLedgerMessage(message)
    }
}
