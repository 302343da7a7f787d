import Ante
import ChainFormats
import ChainInterface
import Cron
import DecidedBlocks
import EnclaveProtocol
import Mempool
import ModuleKit
import SignedTransactions
import Synchronization
import Wire

// Blocks before they are decided: what this node would put into one, and which of others it would vote for.

extension Application {
    package func hasTransactions() -> Bool {
        if intake.withLock({ !$0.mempool.isEmpty }) { return true }
        var (gas, bytesLeft) = (ChainRules.BlockGas(ante.rules), Int.max)
        let calls = try? owedCalls(at: Int64(clamping: committedHeight) + 1)
        return calls.map { !$0.chosen(&bytesLeft, &gas, leavesHalf: false).isEmpty } ?? false
    }

    package func didAloneLast() -> Bool { progress.withLock { $0.heldCallsAlone } }

    package func prepareProposal(bytesMax: Int, height: Int64, time: Timestamp) throws -> [HashedTransaction] {
        try refuseBeyondHalt(height)
        var (gas, bytesLeft) = (ChainRules.BlockGas(ante.rules), bytesMax)
        let calls = try owedCalls(at: height).chosen(
            &bytesLeft, &gas, leavesHalf: othersTurn(isWaiting: intake.withLock { !$0.mempool.isEmpty }))
        return calls
            + intake.withLock {
                $0.mempool.reap(
                    bytesMax: bytesLeft, gasMax: gas.left ?? .max,
                    countMax: BoundaryProtocol.transactionsPerBlockMax - calls.count)
            }.map(\.transaction)
    }

    /// A transaction that fails is a result, so a block is refused only for what cannot cross to the enclave and for
    /// what would cost every node more than the chain's rules allow; and where calls that the chain owes do not stand
    /// in front.
    package func processProposal(_ block: Block) throws -> Bool {
        try processProposal(block.transactions, height: block.header.height)
    }

    package func processProposal(_ transactions: [HashedTransaction], height: Int64) throws -> Bool {
        try refuseBeyondHalt(height)
        var gas = ChainRules.BlockGas(ante.rules)
        guard let others = try owedCalls(at: height).others(than: transactions, &gas) else { return false }
        return transactions.count <= BoundaryProtocol.transactionsPerBlockMax
            && others.count { LeaseTransaction.nonce(in: $0.bytes) != nil } <= Application.unsignedPerBlockMax
            && others.allSatisfy { $0.bytes.count <= HashedTransaction.byteCountMax && fits($0, &gas) }
    }

    package func prepareProposal(
        of offered: [HashedTransaction], bytesMax: Int, height: Int64
    ) throws -> [HashedTransaction] {
        try refuseBeyondHalt(height)
        var (gas, bytesLeft) = (ChainRules.BlockGas(ante.rules), bytesMax)
        let leavesHalf = othersTurn(isWaiting: !offered.isEmpty)
        var chosen = try owedCalls(at: height).chosen(&bytesLeft, &gas, leavesHalf: leavesHalf)
        var unsignedLeft = Application.unsignedPerBlockMax
        for transaction in offered {
            if LeaseTransaction.nonce(in: transaction.bytes) != nil {
                unsignedLeft -= 1
                if unsignedLeft < 0 { continue }
            }
            guard chosen.count < BoundaryProtocol.transactionsPerBlockMax else { break }
            var gasThen = gas
            guard transaction.bytes.count <= HashedTransaction.byteCountMax,
                transaction.byteCountInBlock <= bytesLeft, fits(transaction, &gasThen)
            else { continue }
            (gas, bytesLeft) = (gasThen, bytesLeft - transaction.byteCountInBlock)
            chosen.append(transaction)
        }
        return chosen
    }

    /// Whether a transaction wants no more gas than is left of its block's, and pays the chain's minimum. What is no
    /// transaction wants nothing.
    private func fits(_ transaction: HashedTransaction, _ gas: inout ChainRules.BlockGas) -> Bool {
        if let waiting = intake.withLock({ $0.mempool.transaction(transaction.hash) }) {
            // Its fee was checked when it came.
            return gas.take(waiting.price.gasLimit)
        }
        guard let decoded = try? Transaction(decoding: transaction.bytes) else { return true }
        let fee = decoded.authentication.fee
        guard gas.take(fee.gasLimit) else { return false }
        guard let minimum = ante.rules.minimumGasPrice else { return true }
        guard let coins = try? Coins(fee.amount) else { return false }
        do throws(TransactionRefusal) { try minimum.require(of: coins, gasLimit: fee.gasLimit) } catch { return false }
        return true
    }

    /// Whether calls must leave half of the next block to others: where some wait, and the last block held calls. So
    /// calls that need most of a block come in every second one, and whatever the rules say of a block's gas a vote
    /// gets into the others.
    private func othersTurn(isWaiting: Bool) -> Bool { isWaiting && progress.withLock { $0.heldCalls } }

    /// What the chain owes in the block at `height`; nothing is known of one that is not the next.
    private func owedCalls(at height: Int64) throws -> OwedCalls {
        guard Int64(clamping: committedHeight) + 1 == height else { return OwedCalls(transactions: []) }
        let state = intake.withLock { $0.checkState.base }
        return OwedCalls(transactions: try CronModule.due(in: state).map { HashedTransaction($0) })
    }
}

/// Calls of contracts that the chain itself makes in a block (`CronModule`), in their order.
private struct OwedCalls {
    var transactions: [HashedTransaction]

    /// Those for which a block has room, in front of all others; takes that from what is left. As many as leave half of
    /// the block, and one in any case unless that has to be left, too.
    func chosen(
        _ bytesLeft: inout Int, _ gas: inout ChainRules.BlockGas, leavesHalf: Bool
    ) -> [HashedTransaction] {
        let (bytesHalf, gasHalf) = (bytesLeft / 2, gas.left.map { $0 / 2 })
        var chosen: [HashedTransaction] = []
        for call in transactions {
            let size = call.byteCountInBlock
            if leavesHalf || !chosen.isEmpty {
                let leavesGas = gasHalf.map { (gas.left ?? 0) >= $0 + CronModule.gasLimit } ?? true
                guard leavesGas, bytesLeft - size >= bytesHalf else { continue }
            }
            guard size <= bytesLeft, gas.take(CronModule.gasLimit) else { continue }
            bytesLeft -= size
            chosen.append(call)
        }
        return chosen
    }

    /// What stands in a block behind such calls, whose gas is taken; `nil` if one of them stands behind something else,
    /// or out of order, or has no room.
    func others(
        than block: [HashedTransaction], _ gas: inout ChainRules.BlockGas
    ) -> ArraySlice<HashedTransaction>? {
        guard !transactions.isEmpty else { return block[...] }
        var others = block[...]
        for call in transactions where others.first?.hash == call.hash {
            guard gas.take(CronModule.gasLimit) else { return nil }
            others = others.dropFirst()
        }
        let owed = Set(transactions.map(\.hash))
        return others.contains { owed.contains($0.hash) } ? nil : others
    }
}
