import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import Keyring
import LedgerRecords
import PublicCryptography
import StateProofs

/// The lane on which blocks run, strictly in order.
package final class ExecutionLane {
    let core: EnclaveCore
    private let session: LaneSession
    private let memory = LaneMemory()
    /// Between two calls of the host, for tests to look at.
    private(set) var block: BlockRun?
    /// The root of the store `register` when the network's keys in it were last compared with this enclave's, and the
    /// record of the key epoch there.
    private var comparedRegister: (root: Hash32, epoch: [UInt8]?)?
    /// As far as it was asked for.
    private var history: JournaledHistory?
    /// The same of the head at which this enclave was given the seeds.
    private var grantedHistory: JournaledHistory?

    package init(core: EnclaveCore, socket: FrameSocket) {
        self.core = core
        session = LaneSession(socket: socket, kind: .execution)
        session.beforeSending = { [unowned self] () throws(Failure) in try block.map(bind) }
    }

    /// Serves the lane until it ends.
    package func serve() {
        _ = session.run { message throws(Failure) in
            switch message {
            case .beginBlock(let begin): return .blockBegun(try self.begin(begin))
            case .blockChunk(let chunk):
                try self.current().receive(chunk)
                return .chunkReceived(UInt32(chunk.transactions.count))
            case .runTransaction(let transaction): return .transactionRun(try self.run(transaction))
            case .endBlock: return .blockEnded(try self.end())
            case .advance(let advance): return .advanced(try self.advance(advance))
            default: throw Failure.unexpectedMessage
            }
        }
    }

    private func current() throws(Failure) -> BlockRun {
        guard let block else { throw .noBlockBegun }
        return block
    }

    /// Binds what was vouched for since the last frame; an enclave that has a clone stops.
    private func bind(_ block: BlockRun) throws(Failure) {
        do throws(Failure) {
            try block.vouching.bind()
        } catch {
            if error == .journalMoved { core.stop() }
            throw error
        }
    }

    // MARK: - Begin

    private func begin(_ begin: BeginBlock) throws(Failure) -> BegunBlock {
        let vault = try core.vault
        let header = try verify(begin.header, begin.commit, begin.validators) { header throws(HeaderRefusal) in
            guard let head = core.head else { return try vault.anchor.verify(first: header) }
            return try head.advance(to: header, on: vault.anchor)
        }
        if let block {
            // It was verified against the same head, so if it is another both are decided.
            guard header.hash == block.header.hash else { throw stopping(.secondHeaderForHeight) }
            throw Failure.blockNotEnded
        }
        try requireGranted(header, vault)
        let hashes = try begin.transactionHashes.map { bytes throws(Failure) -> Hash32 in
            guard let hash = Hash32(bytes) else { throw .transactionsNotInHeader }
            return hash
        }
        guard (header.header.dataHash ?? MerkleTree.emptyRoot) == MerkleTree.root(of: begin.transactionHashes) else {
            throw Failure.transactionsNotInHeader
        }
        let stores = begin.storeRoots.map { StoreCommitment.Store(name: $0.name, root: Hash32($0.root) ?? .zero) }
        guard begin.storeRoots.allSatisfy({ $0.root.count == Hash32.byteCount }),
            let commitment = StoreCommitment(stores),
            commitment.applicationHash.bytes == header.header.appHash
        else { throw Failure.storeRootsNotInHeader }
        let resultHashes = begin.previousResults.compactMap { Hash32($0) }
        guard resultHashes.count == begin.previousResults.count,
            // Nothing is compared with them after an advance, where no host may have them any more.
            MerkleTree.root(ofLeafHashes: resultHashes) == (header.header.lastResultsHash ?? MerkleTree.emptyRoot)
                || resultHashes.isEmpty && core.results.isEmpty
        else { throw Failure.resultsNotInHeader }
        guard core.results.agree(with: resultHashes, failures: begin.previousFailures) else {
            core.stop()
            throw Failure.resultsDiffer
        }
        let state = ProvenState(
            commitment: commitment, version: header.header.height - 1, session: session, memory: memory)
        let register = try readRegister(of: state)
        var rotation = try KeyRotation(register.epoch, at: header.header.height, core)
        let vaultBefore = rotation?.vaultBefore ?? vault
        try compareExchangeKeys(register, vaultBefore)
        try rotation?.renew(begin.renewed, in: state)
        let proven = try begin.next.map { next throws(Failure) in
            let verified = try verify(next.header, next.commit, next.validators) { next throws(HeaderRefusal) in
                try header.head.advance(to: next, on: vault.anchor)
            }
            return try ProvenResults(next, verified: verified, transactionCount: hashes.count)
        }
        let vouching: Vouching
        do throws(Failure) {
            vouching = try Vouching(
                platform: core.platform, height: UInt64(header.header.height), headerHash: header.hash,
                hasProof: proven != nil, ask: readJournal)
        } catch {
            if error == .secondHeaderForHeight || error == .journalMoved { core.stop() }
            throw error
        }
        if vouching.isProved, let proven { try requireHistory(proven.next, vouching.last) }
        // The header after a block proves the state that the block left: now queries may see it. Not so where the
        // platform knows of later blocks: a host could have everything asked again in the state of any height.
        if !vouching.isProved {
            core.announce(
                .init(
                    height: header.header.height - 1, time: core.head?.time ?? vault.anchor.genesisTime,
                    commitment: commitment, provedBy: header), transactions: hashes, vault: vaultBefore)
        }
        if rotation != nil { memory.forgetStates() }
        let blockVault = rotation?.vault ?? vault
        let statement = try rotation?.statement(core)
        block = BlockRun(
            header: header, hashes: hashes, state: state, vouching: vouching,
            proven: vouching.isProved ? proven : nil, vault: blockVault, epoch: rotation?.left)
        var begun = BegunBlock()
        begun.height = UInt64(header.header.height)
        begun.headerHash = header.hash.bytes
        begun.outputKeys = outputKeys(vault, proved: resultHashes)
        begun.registerWrites = try register.pending?.writes(in: state, blockVault, header: header) ?? []
        if let rotation {
            begun.registerWrites += try rotation.registerWrites(hadRecord: register.epoch != nil)
            begun.computeWrites = rotation.renewedValues
        }
        if let statement { (begun.ioPublicKey, begun.evidence) = (statement.ioPublicKey, statement.evidence) }
        return begun
    }

    /// Refuses a block before the one in which this enclave was given the seeds unless that one was built upon it.
    ///
    /// The attack: whoever has the keys of validators that left long ago signs a chain of his own from there on, and
    /// has a new enclave run it on the secrets of the true one. Validators' sets prove nothing of it, so the headers
    /// do.
    private func requireGranted(_ header: VerifiedHeader, _ vault: EnclaveCore.Vault) throws(Failure) {
        guard let granted = vault.granted, header.header.height <= granted.height else { return }
        var known =
            grantedHistory
            ?? JournaledHistory(
                JournalRecord(
                    height: UInt64(granted.height), headerHash: granted.headerHash, count: 0, digest: Hash32.zero))
        let hash = try known.hash(at: header.header.height, ask: session.headers)
        grantedHistory = known
        guard hash == header.hash else { throw stopping(.secondHeaderForHeight) }
    }

    /// Refuses a header after a block that is run again unless it is the one that this platform has gone past, which
    /// the journal's own header leads to. Above the journal no block was begun, and it is as good as any new one.
    private func requireHistory(_ next: VerifiedHeader, _ journal: JournalRecord) throws(Failure) {
        guard UInt64(next.header.height) <= journal.height else { return }
        var known = history ?? JournaledHistory(journal)
        if !known.isOf(journal) { known = JournaledHistory(journal) }
        let hash = try known.hash(at: next.header.height, ask: session.headers)
        history = known
        // Two thirds of that set signed both.
        guard hash == next.hash else { throw stopping(.secondHeaderForHeight) }
    }

    private func readJournal(first: UInt32, count: UInt32) throws(Failure) -> [Hash32] {
        guard case .journal(let hashes) = try session.ask(.readJournal(first: first, count: count)) else {
            throw Failure.unexpectedMessage
        }
        return hashes
    }

    private struct Register {
        var root: Hash32?
        /// Those that stand there; `nil` where they have been compared already.
        var keys: [[UInt8]?]?
        /// Who waits for the seeds.
        var pending: PendingGrants?
        /// The record of the key epoch.
        var epoch: [UInt8]?
    }

    /// What the store `register` says of the network's keys.
    private func readRegister(of state: ProvenState) throws(Failure) -> Register {
        guard let root = state.commitment.root(of: StoreName.register) else { return Register(keys: []) }
        if let compared = comparedRegister, compared.root == root { return Register(root: root, epoch: compared.epoch) }
        let recorded = try state.values(
            StoreName.register,
            [RegisterStore.ioExchangeKey, RegisterStore.nodeExchangeKey, RegisterStore.pendingKey]
                + (try core.vault.identity.rotatesKeys ? [RegisterStore.epochKey] : []))
        return Register(
            root: root, keys: recorded.prefix(2).map { $0.flatMap(RegisterStore.masterKey(decoding:))?.bytes },
            pending: try PendingGrants(recorded[2]), epoch: recorded.count > 3 ? recorded[3] : nil)
    }

    /// Refuses a chain that gives out other keys as the network's than this enclave's.
    ///
    /// The attack: validators that agree on a record of their own key have every client that reads the record with
    /// proof encrypt to it. Nothing that is in the state after block h can be changed without another root of the
    /// store, so that a block costs a question only if one before it wrote to the store.
    private func compareExchangeKeys(_ register: Register, _ vault: EnclaveCore.Vault) throws(Failure) {
        guard let keys = register.keys else { return }
        guard keys == [vault.keys.ioPublicKey, vault.keys.seedExchangePublicKey] else {
            core.stop()
            throw Failure.exchangeKeysDiffer
        }
        // A block that is begun again must find who waits again.
        if register.pending == nil, let root = register.root { comparedRegister = (root, register.epoch) }
    }

    /// Of the block at the head, whose results have been found under the header that follows. If others ran it, of all
    /// that the header proves: those give the same keys out.
    private func outputKeys(_ vault: EnclaveCore.Vault, proved: [Hash32]) -> [OutputKey] {
        guard let head = core.head else { return [] }
        let results = core.results
        let shown =
            results.isUnknown
            ? proved.enumerated().map { (index: UInt32($0.offset), leaf: $0.element) } : results.ran
        return shown.map { index, leaf in
            OutputKey(index: index, key: vault.keys.outputKey(headerHash: head.headerHash, index: index, leaf: leaf))
        }
    }

    /// The header in these bytes if `accept` takes it, or the number that says why not.
    func verify(
        _ header: [UInt8], _ commit: [UInt8], _ validators: [UInt8],
        by accept: (UnverifiedHeader) throws(HeaderRefusal) -> VerifiedHeader
    ) throws(Failure) -> VerifiedHeader {
        let unverified: UnverifiedHeader
        do {
            unverified = try UnverifiedHeader(header: header, commit: commit, validators: validators)
        } catch {
            throw .headerMalformed
        }
        do throws(HeaderRefusal) {
            return try accept(unverified)
        } catch {
            switch error {
            case .wrongChain: throw .headerWrongChain
            case .wrongVersion: throw .headerMalformed
            case .wrongHeight: throw .headerWrongHeight
            case .secondHeader: throw stopping(.secondHeaderForHeight)
            case .wrongLastBlock: throw .headerNotLinked
            case .wrongValidators: throw .headerWrongValidators
            case .timeNotLater, .notGenesisTime: throw .headerTimeNotLater
            case .commitForAnother, .commit: throw .headerNotCommitted
            case .notTrusted: throw .headerNotTrusted
            case .beyondTrust: throw .headerBeyondTrust
            }
        }
    }

    /// Two thirds of the validators signed what cannot both be true: nothing more is answered.
    func stopping(_ failure: Failure) -> Failure {
        core.stop()
        return failure
    }

    // MARK: - Run and end

    /// Runs one transaction to its result.
    ///
    /// The attack: a host answers a question falsely in the middle of a transaction, which then ends without a result,
    /// and goes on with the next one on what is left of it: coins that were moved, say. So any failure once a
    /// transaction has begun ends the run of the block, which must be begun again with what was vouched for; only a
    /// transaction that no enclave would run is left behind like one that was skipped.
    private func run(_ request: RunTransaction) throws(Failure) -> DrivenResult {
        let block = try current()
        _ = try core.vault
        try block.state.admit(request.prefetched)
        let index = Int(request.index)
        let transaction = try block.transaction(at: index)
        do throws(Failure) {
            try block.begin(index, provedResult: request.provedResult)
            return try TransactionRun(
                core: core, vault: block.vault, session: session, memory: memory, run: block, transaction: transaction,
                index: request.index
            ).drive()
        } catch {
            guard error.isOfTransaction else {
                self.block = nil
                throw error == .resultsDiffer ? stopping(.resultsDiffer) : error
            }
            do throws(Failure) {
                try block.recordRefusal(at: index)
            } catch {
                self.block = nil
                throw error
            }
            throw error
        }
    }

    private func end() throws(Failure) -> [UInt8] {
        let ended = try current()
        _ = try core.vault
        // Whatever comes of it, this run is over.
        block = nil
        if ended.epoch != nil { memory.forgetStates() }
        try ended.end()
        try bind(ended)
        let record = try core.sealRecord(
            ended.vault, head: ended.header.head, results: ended.results, epoch: ended.epoch)
        core.end(ended.header.head, results: ended.results, vault: ended.vault, epoch: ended.epoch)
        return record
    }
}
