import Attestation
import BlockStorage
import ChainApplication
import ChainFormats
import ChainInterface
import Compute
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import HostAnswers
import LedgerRecords
import ModuleKit
import PublicCryptography
import Registration
import SignedTransactions
import StateProofs
import StateStore
import StrictJSON
import Wire

/// What the interfaces see of the node: announced blocks and nothing above.
final class ChainAdapter: ChainAccess {
    private let application: Application
    private let store: BlockStore
    private let queries: QueryPool
    private let simulations = SerialWork("simulations", waitingMax: 16, perClient: 4)
    private let reads = QueryReads()
    let genesis: GenesisDocument
    private let description: NodeDescription
    private let enclave: EnclaveStatement
    /// Gas for one contract query.
    private let queryGasMax: UInt64
    /// Whether the blocks that others decided are still being fetched.
    private let fetchesBlocks: @Sendable () -> Bool
    /// Hands a transaction to whichever mempool the engine proposes from.
    private let submit: @Sendable ([UInt8]) async throws -> CheckOutcome
    private let leases: LeaseKeeper

    init(
        application: Application, store: BlockStore, queries: QueryPool, queryGasMax: UInt64, genesis: GenesisDocument,
        description: NodeDescription, enclave: EnclaveStatement, fetchesBlocks: @escaping @Sendable () -> Bool,
        leases: LeaseKeeper, submit: @escaping @Sendable ([UInt8]) async throws -> CheckOutcome
    ) {
        self.fetchesBlocks = fetchesBlocks
        self.submit = submit
        self.leases = leases
        self.queryGasMax = queryGasMax
        self.application = application
        self.store = store
        self.queries = queries
        self.genesis = genesis
        self.description = description
        self.enclave = enclave
    }

    var announcedHeight: Int64 { Int64(application.announcedHeight) }
    var isSyncing: Bool { fetchesBlocks() }

    var node: NodeDescription {
        var node = description
        // What is asked for at a height takes both: the state, and the block.
        let bounds = try? store.bounds()
        node.earliestHeight = max(Int64(application.database.oldestHeight ?? 1), bounds?.lowerBound ?? 1)
        return node
    }

    // MARK: - State and blocks

    func state(at height: Int64?) throws -> (height: Int64, state: any CommittedState) {
        let height = try readable(height)
        do {
            return (height, try application.state(at: UInt64(height)))
        } catch {
            throw ChainRefusal.heightForgotten(height)
        }
    }

    func prove(_ key: [UInt8], in store: String, at height: Int64?) throws -> ProvedEntry {
        let height = try readable(height)
        let snapshot: StateSnapshot
        do { snapshot = try application.state(at: UInt64(height)) } catch {
            throw ChainRefusal.heightForgotten(height)
        }
        let proved = try snapshot.prove(store, key)
        return ProvedEntry(height: height, value: proved.value, inStore: proved.inStore, ofStore: proved.ofStore)
    }

    /// The announced height, or an earlier one that was asked for.
    private func readable(_ height: Int64?) throws -> Int64 {
        guard let height else { return announcedHeight }
        guard height >= 0, height <= announcedHeight else {
            throw ChainRefusal.heightToCome(height, announced: announcedHeight)
        }
        return height
    }

    func block(at height: Int64?) throws -> CommittedBlock? {
        let height = height ?? announcedHeight
        guard height <= announcedHeight, let id = try store.blockID(height), let bytes = try store.blockBytes(height)
        else {
            return nil
        }
        return CommittedBlock(id: id, protobuf: bytes)
    }

    func header(at height: Int64) throws -> [UInt8]? {
        guard height <= announcedHeight else { return nil }
        return try store.header(height)?.protobuf
    }

    func results(at height: Int64?) throws -> CommittedResults? {
        let height = height ?? announcedHeight
        guard height > 0, height <= announcedHeight, let outcome = try store.outcome(height) else { return nil }
        do {
            guard
                let shown = try application.index.results(
                    at: UInt64(height), bytesMax: CommittedResults.bytesMax)
            else { return nil }
            return CommittedResults(
                height: height, transactions: shown.results, events: shown.events,
                validatorUpdates: outcome.validatorUpdates, parameterUpdates: outcome.parameterUpdates,
                appHash: outcome.appHash)
        } catch is TransactionIndex.ResultsTooLong {
            throw ChainRefusal.resultsTooLong
        }
    }

    func validators(at height: Int64?) throws -> (height: Int64, validators: [Validator])? {
        let height = height ?? announcedHeight
        guard height <= announcedHeight, let set = try store.validators(height) else { return nil }
        return (height, set.validators)
    }

    func code(hash: Hash32) throws -> [UInt8]? { try application.code(hash: hash) }

    func evidence() throws -> PublishedEvidence {
        let height = announcedHeight
        let snapshot = try application.state(at: UInt64(height))
        let proved = try snapshot.multiproof(
            StoreName.register,
            [
                RegisterStore.ioExchangeKey, RegisterStore.nodeExchangeKey, RegisterStore.policyKey,
                RegisterStore.releaseHeadKey,
            ])
        // The header after the announced block is decided: that is why the block is announced.
        guard let block = try store.block(height + 1), let commit = try store.seenCommit(height + 1),
            let validators = try store.validators(height + 1), let io = proved.values[0], let seed = proved.values[1]
        else { throw ChainRefusal.nothingAnnounced }
        let statement = RegisterStore.masterKey(decoding: io).flatMap { application.statement(ofIOKey: $0.bytes) }
        var published = PublishedEvidence(
            identity: enclave.identity, ioExchangeKey: statement?.ioPublicKey ?? enclave.ioExchangeKey,
            seedExchangeKey: enclave.seedExchangeKey, quote: statement?.evidence ?? enclave.quote,
            reportDataLayout: ReportData.networkLayout, measurement: enclave.measurement,
            founderQuote: enclave.founderQuote,
            record: .init(
                height: height, ioExchangeRecord: io, seedExchangeRecord: seed, policyRecord: proved.values[2] ?? [],
                releaseHeadRecord: proved.values[3] ?? [], proof: proved.proof, stores: snapshot.commitment.stores),
            header: .init(
                height: height + 1, appHash: block.header.appHash, header: block.header.protobuf,
                commit: commit.protobuf, validators: validators.protobuf))
        published.founderIOKey = enclave.founderIOKey
        return published
    }

    // MARK: - Transactions

    func transaction(hash: Hash32, upTo height: Int64) throws -> CommittedTransaction? {
        try application.index.transaction(hash: hash, upTo: UInt64(height)).flatMap { try read([$0]).first }
    }

    func receipt(of hash: Hash32, upTo height: Int64) throws -> TransactionReceipt? {
        guard let place = try application.index.transaction(hash: hash, upTo: UInt64(height)) else { return nil }
        let (height, position) = (place.height, Int(place.position))
        let hashes = try application.index.hashes(at: UInt64(height))
        guard let header = try store.header(height), let results = try store.outcome(height)?.results,
            let next = try store.header(height + 1), let commit = try store.commit(of: height + 1)?.commit,
            let validators = try store.validators(height + 1), results.count == hashes.count,
            results.indices.contains(position)
        else { throw ChainRefusal.heightForgotten(height) }
        let output = try application.index.proof(of: place).map { proof in
            TransactionReceipt.Output(
                data: place.result.data, said: try proof.said(in: place.result), salt: proof.salt)
        }
        return TransactionReceipt(
            header: header.protobuf,
            inBlock: MerkleTree.proof(at: position, ofLeafHashes: hashes.map { MerkleTree.leafHash($0.bytes) }),
            inResults: MerkleTree.proof(
                at: position, ofLeafHashes: results.map { MerkleTree.leafHash($0.protobuf) }),
            result: results[position], output: output,
            next: .init(
                height: height + 1, appHash: next.appHash, header: next.protobuf, commit: commit.protobuf,
                validators: validators.protobuf))
    }

    func searchTransactions(
        _ search: TransactionSearch, upTo height: Int64
    ) throws -> (page: [CommittedTransaction], total: Int) {
        do {
            let found = try application.index.search(search, upTo: UInt64(height))
            return (try read(found.page), found.total)
        } catch is TransactionIndex.SearchTooWide {
            throw ChainRefusal.searchTooWide(entriesMax: TransactionIndex.entriesMax)
        }
    }

    func searchBlocks(_ search: BlockSearch, upTo height: Int64) throws -> (page: [Int64], total: Int) {
        do {
            return try application.index.search(search, upTo: UInt64(height))
        } catch is TransactionIndex.SearchTooWide {
            throw ChainRefusal.searchTooWide(entriesMax: TransactionIndex.entriesMax)
        }
    }

    func transactionHashes(at height: Int64) throws -> [Hash32] {
        guard height > 0 else { return [] }
        return try application.index.hashes(at: UInt64(height))
    }

    /// Transactions as they stand in their blocks. Of one whose block has been forgotten meanwhile nothing is left.
    private func read(_ places: [IndexedTransaction]) throws -> [CommittedTransaction] {
        var bytes: [Int64: [UInt32: [UInt8]]] = [:]
        for (height, places) in Dictionary(grouping: places, by: \.height) {
            guard let block = try store.blockBytes(height) else { continue }
            bytes[height] = try Block.transactions(at: Set(places.map(\.position)), in: block)
        }
        return places.compactMap { place in
            bytes[place.height]?[place.position].map { CommittedTransaction(place, bytes: $0) }
        }
    }

    func broadcast(_ transaction: [UInt8], waitsForCheck: Bool) async throws -> CheckOutcome {
        let outcome = try await submit(transaction)
        return waitsForCheck ? outcome : CheckOutcome(hash: outcome.hash)
    }

    func check(_ transaction: [UInt8]) async throws -> CheckOutcome { try application.tryTransaction(transaction) }

    /// One after the other: each may take what a block takes, for nothing.
    func simulate(_ transaction: [UInt8], client: String) async throws -> SimulationOutcome {
        do {
            return try await simulations.run(for: client) { [application] in try application.simulate(transaction) }
        } catch is SerialWork.Busy {
            throw ChainRefusal.tooManySimulations
        }
    }

    // MARK: - Contract queries

    func queryContract(
        _ address: AccountAddress, input: [UInt8], height: Int64?, client: String
    ) async throws -> (height: Int64, reply: ContractReply) {
        guard input.count <= ComputeRules.inputBytesMax else {
            throw ChainRefusal.queryTooLong
        }
        // The enclave moves its head at any moment: a query that just missed it is asked again at the new one. It
        // wants to see its nonce in a block now and then, which takes a moment, too.
        let deadline = ContinuousClock.now + Self.leaseTime
        var attempt = 0
        while true {
            let proved = Int64(application.provedHeight)
            if let height, height != proved {
                throw ChainRefusal.queryAtAnotherHeight(latest: proved)
            }
            var query = ContractQuery()
            query.contract = address.bytes
            query.input = input
            query.height = UInt64(proved)
            query.gasLimit = queryGasMax
            let state = try application.state(at: UInt64(proved))
            do {
                let answer = try await queries.run(for: client) { [query, application, reads] lane, number in
                    try reads.query(
                        query, of: address, lane: lane, number: number, state, application.database, application.modules
                    )
                }
                return (
                    proved,
                    answer.error.isEmpty
                        ? .data(answer.data, stamp: answer.stamp)
                        : .failure(answer.error, stamp: answer.stamp)
                )
            } catch EnclaveError.refused(.notAnnounced) {
                guard ContinuousClock.now < deadline else { throw ChainRefusal.queryOvertaken }
                // An enclave that has just been started tells nothing of its head before the next block, and its nonce
                // makes one.
                if attempt == 4 { leases.lookSoon() }
                try await Task.sleep(for: .milliseconds(2 << min(attempt, 4)))
                attempt += 1
            } catch EnclaveError.refused(.leaseMissing) {
                guard !fetchesBlocks(), ContinuousClock.now < deadline else { throw ChainRefusal.enclaveNotFresh }
                leases.lookSoon()
                try await Task.sleep(for: .milliseconds(20))
            } catch EnclaveError.refused(.queryAbandoned) {
                throw ChainRefusal.queryTookTooLong
            } catch let refusal as QueryPool.PoolError {
                throw ChainRefusal(refusal)
            }
        }
    }

    /// How long a query waits for a lease, and for the block that it may be answered at.
    private static let leaseTime = Duration.seconds(3)
}

/// What this node's enclave said of itself when it was opened, with the quote over it.
struct EnclaveStatement: Sendable {
    var identity: [UInt8]
    var ioExchangeKey: [UInt8]
    var seedExchangeKey: [UInt8]
    var quote: [UInt8]
    var measurement: [UInt8]
    /// Of the enclave that made the keys, which is genesis's, if this one took over from another program.
    var founderQuote: [UInt8]
    /// What that is over, where keys are exchanged.
    var founderIOKey: [UInt8]

    init(_ opened: OpenedEnclave, identity: ChainIdentity, genesis: GenesisDocument) {
        let register = genesis.appState[RegistrationModule().name]
        let founder = register?["evidence"]?.string.flatMap { Base64.decode($0) }
        let first = register?["io_exch_key"]?["bytes"]?.string.flatMap { Base64.decode($0) }
        founderIOKey = identity.rotatesKeys && !opened.founder.isEmpty ? first ?? [] : []
        founderQuote = opened.founder.isEmpty ? [] : founder ?? []
        self.identity = identity.encoded
        ioExchangeKey = opened.ioPublicKey
        seedExchangeKey = opened.seedExchangePublicKey
        quote = opened.evidence
        measurement = opened.measurement
    }
}

extension ChainRefusal {
    fileprivate init(_ refusal: QueryPool.PoolError) {
        switch refusal {
        case .busy: self = .tooManyQueries
        case .tooManyOfClient: self = .tooManyQueriesOfClient
        case .noLanes, .stopped: self = .noQueries
        }
    }
}
