import ChainFormats
import ChainInterface
import ClientRequests
import DecidedBlocks
import PublicCryptography
import StrictJSON
import Synchronization

// Transactions: those that are handed in, that wait, and that are in blocks.

extension RPCDoor {
    static let transactionMethods: [String: RPCMethod] = [
        "broadcast_tx_sync": RPCMethod("tx") { door, call, _ in
            RPCForm.broadcast(try await door.chain.broadcast(try door.transaction(call), waitsForCheck: true))
        },
        "broadcast_tx_async": RPCMethod("tx") { door, call, _ in
            RPCForm.broadcast(try await door.chain.broadcast(try door.transaction(call), waitsForCheck: false))
        },
        "broadcast_tx_commit": RPCMethod("tx") { door, call, _ in try await door.broadcastAndWait(call) },
        "check_tx": RPCMethod("tx") { door, call, _ in
            RPCForm.check(try await door.chain.check(try door.transaction(call)))
        },
        "unconfirmed_txs": RPCMethod("limit") { door, call, _ in
            try await door.ask(.waiting(limit: RPCPage.size(try call.integer("limit"))))
        },
        "num_unconfirmed_txs": RPCMethod { door, _, _ in try await door.ask(.waitingCount) },
        "tx": RPCMethod("hash", "prove") { door, call, _ in
            let bytes = try call.bytes("hash", inJSON: .base64) ?? []
            guard let hash = Hash32(bytes),
                let found = try door.chain.transaction(hash: hash, upTo: door.chain.announcedHeight)
            else { throw RPCFault.failed("tx (\(Hexadecimal.encode(bytes, uppercase: true))) not found") }
            return try door.form([found], proves: try call.flag("prove") ?? false)[0]
        },
        "tx_search": RPCMethod("query", "prove", "page", "per_page", "order_by") { door, call, _ in
            try door.searchTransactions(call)
        },
    ]

    private func transaction(_ call: RPCCall) throws -> [UInt8] {
        guard let transaction = try call.bytes("tx", inJSON: .base64), !transaction.isEmpty else {
            throw RPCFault.invalid("tx must be given")
        }
        return transaction
    }

    // MARK: - In blocks

    private func searchTransactions(_ call: RPCCall) throws -> JSONValue {
        let query = try TransactionQuery(try call.text("query") ?? "")
        let isDescending = try order(call, otherwise: false)
        let proves = try call.flag("prove") ?? false
        let (offset, size) = try RPCPage.place(call)
        let found = try chain.searchTransactions(
            TransactionSearch(query.conditions, isDescending: isDescending, offset: offset, limit: size),
            upTo: chain.announcedHeight)
        try RPCPage.check(call, total: found.total, size: size)
        return ["txs": .array(try form(found.page, proves: proves)), "total_count": .string("\(found.total)")]
    }

    /// With what shows that each is in its block, if asked for.
    private func form(_ transactions: [CommittedTransaction], proves: Bool) throws -> [JSONValue] {
        var leaves: [Int64: [Hash32]] = [:]
        return try transactions.map { transaction in
            guard proves else { return RPCForm.transaction(transaction, proof: nil) }
            let height = transaction.place.height
            let known =
                try leaves[height]
                ?? chain.transactionHashes(at: height).map { MerkleTree.leafHash($0.bytes) }
            leaves[height] = known
            let position = Int(transaction.place.position)
            guard known.indices.contains(position) else { return RPCForm.transaction(transaction, proof: nil) }
            let proof = MerkleTree.proof(at: position, ofLeafHashes: known)
            return RPCForm.transaction(transaction, proof: (MerkleTree.root(ofLeafHashes: known), proof))
        }
    }

    // MARK: - Until it is in a block

    /// How long CometBFT waits (`timeout_broadcast_tx_commit`).
    private static let commitTime = Duration.seconds(10)

    /// Hands a transaction in and waits until what it came to is shown.
    private func broadcastAndWait(_ call: RPCCall) async throws -> JSONValue {
        let bytes = try transaction(call)
        guard commitWaits.enter() else {
            throw RPCFault.failed("more than \(CommitWaits.countMax) clients wait for transactions at once")
        }
        defer { commitWaits.leave() }
        let checked = try await chain.broadcast(bytes, waitsForCheck: true)
        guard checked.code == 0 else { return RPCForm.committed(checked, nil) }
        let found = await withTaskGroup(of: CommittedTransaction?.self) { group in
            group.addTask { await committed(checked.hash) }
            group.addTask {
                try? await Task.sleep(for: Self.commitTime)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        guard let found else { throw RPCFault.failed("timed out waiting for tx to be included in a block") }
        return RPCForm.committed(checked, found)
    }

    /// `nil` when the task is cancelled.
    private func committed(_ hash: Hash32) async -> CommittedTransaction? {
        var looked: Int64 = 0
        while let height = await heights.next(after: looked) {
            if let found = try? chain.transaction(hash: hash, upTo: height) { return found }
            looked = height
        }
        return nil
    }
}

/// How many clients wait for their transactions: each holds a place for requests at work.
final class CommitWaits: Sendable {
    static let countMax = 16
    private let count = Mutex(0)

    /// `false` if there is no room; else `leave` must follow.
    func enter() -> Bool {
        count.withLock { count in
            guard count < Self.countMax else { return false }
            count += 1
            return true
        }
    }

    func leave() { count.withLock { $0 -= 1 } }
}
