import ChainFormats
import PublicCryptography
import Seeds
import SignedTransactions
import Testing

@testable import Mempool

private func account(_ number: UInt8) -> AccountAddress { AccountAddress([UInt8](repeating: number, count: 20))! }

private func transaction(
    _ signers: [(UInt8, UInt64)], fee: UInt64 = 1, gas: UInt64 = 1, size: Int = 10, salt: UInt64 = 0
) -> PendingTransaction {
    var content = [UInt8](repeating: 0, count: max(size, 32))
    let name = "\(signers) \(fee) \(gas) \(size) \(salt)"
    content.replaceSubrange(0..<32, with: SHA256.hash(Array(name.utf8)).bytes)
    let bytes = Array(content.prefix(size))
    return PendingTransaction(
        HashedTransaction(bytes),
        signers: signers.map { PendingTransaction.Signer(address: account($0.0), sequence: $0.1) },
        price: GasPrice(fee: fee, gasLimit: gas))
}

/// Puts a transaction in as a node does after a successful check.
@discardableResult
private func put(
    _ transaction: PendingTransaction, into mempool: inout TransactionPool, height: UInt64 = 1
) -> MempoolRefusal? {
    if let refusal = mempool.admit(hash: transaction.hash, byteCount: transaction.byteCount) { return refusal }
    mempool.add(transaction, height: height)
    return nil
}

@Suite("Mempool")
struct MempoolTests {
    @Test("the same transaction is taken once, and again after its check failed")
    func duplicates() {
        var mempool = TransactionPool()
        let first = transaction([(1, 0)])
        #expect(mempool.admit(hash: first.hash, byteCount: 10) == nil)
        #expect(mempool.admit(hash: first.hash, byteCount: 10) == .alreadyKnown)
        mempool.forget(first.hash)
        #expect(put(first, into: &mempool) == nil)
        mempool.forget(first.hash)
        #expect(put(first, into: &mempool) == .alreadyKnown)
        #expect(MempoolRefusal.alreadyKnown.error.rawValue == 19)
    }

    @Test("counts and bytes are capped")
    func caps() {
        var limits = MempoolLimits()
        limits.transactionCountMax = 2
        limits.bytesMax = 50
        limits.transactionBytesMax = 40
        var mempool = TransactionPool(limits: limits)
        #expect(put(transaction([(1, 0)], size: 41), into: &mempool) == .transactionTooLarge)
        #expect(put(transaction([(1, 0)], size: 40), into: &mempool) == nil)
        #expect(put(transaction([(2, 0)], size: 11), into: &mempool) == .full)
        #expect(put(transaction([(2, 0)], size: 10), into: &mempool) == nil)
        #expect(mempool.byteCount == 50)
        #expect(put(transaction([(3, 0)], size: 0), into: &mempool) == .full)
        mempool.drop(transaction([(1, 0)], size: 40).hash)
        #expect(mempool.byteCount == 10)
        #expect(put(transaction([(3, 0)], size: 40), into: &mempool) == nil)
        #expect(MempoolRefusal.full.error.rawValue == 20)
        #expect(MempoolRefusal.transactionTooLarge.error.rawValue == 21)
    }

    @Test("the best paid goes first, but never before what its sender sent earlier")
    func order() {
        var mempool = TransactionPool()
        let cheapFirst = transaction([(1, 0)], fee: 1)
        let dearSecond = transaction([(1, 1)], fee: 100)
        let middle = transaction([(2, 7)], fee: 50)
        let same = transaction([(3, 0)], fee: 100, gas: 2)
        for waiting in [dearSecond, cheapFirst, middle, same] { put(waiting, into: &mempool) }
        #expect(mempool.reap(bytesMax: 1_000) == [middle, same, cheapFirst, dearSecond])
        #expect(mempool.oldest(2).map(\.transaction) == [dearSecond, cheapFirst])
    }

    @Test("what does not fit keeps back only those behind it")
    func sizes() {
        var mempool = TransactionPool()
        let large = transaction([(1, 0)], fee: 9, size: 200)
        let behind = transaction([(1, 1)], fee: 9, size: 10)
        let other = transaction([(2, 0)], fee: 1, size: 10)
        for waiting in [large, behind, other] { put(waiting, into: &mempool) }
        #expect(mempool.reap(bytesMax: 202) == [other])
        #expect(mempool.reap(bytesMax: 203) == [large])
        #expect(mempool.reap(bytesMax: 203 + 24) == [large, behind, other])
        #expect(mempool.reap(bytesMax: 11).isEmpty)
    }

    @Test("a block wants no more gas than it may, and what does not fit keeps back only what is behind it")
    func gas() {
        var mempool = TransactionPool()
        let large = transaction([(1, 0)], fee: 900, gas: 60)
        let behind = transaction([(1, 1)], fee: 900, gas: 1)
        let other = transaction([(2, 0)], fee: 10, gas: 50)
        for item in [large, behind, other] { put(item, into: &mempool) }
        #expect(mempool.reap(bytesMax: 1_000) == [large, behind, other])
        #expect(mempool.reap(bytesMax: 1_000, gasMax: 111) == [large, behind, other])
        #expect(mempool.reap(bytesMax: 1_000, gasMax: 110) == [large, behind])
        #expect(mempool.reap(bytesMax: 1_000, gasMax: 59) == [other])
        #expect(mempool.reap(bytesMax: 1_000, gasMax: 49).isEmpty)
        #expect(mempool.reap(bytesMax: 1_000, countMax: 2) == [large, behind])
        put(transaction([(3, 0)], fee: .max, gas: .max), into: &mempool)
        #expect(mempool.reap(bytesMax: 1_000, gasMax: 111) == [large, behind, other])
    }

    @Test("a transaction of two signers waits for both")
    func twoSigners() {
        var mempool = TransactionPool()
        let ofOne = transaction([(1, 0)], fee: 1)
        let ofBoth = transaction([(1, 1), (2, 4)], fee: 100)
        let ofTwo = transaction([(2, 5)], fee: 1_000)
        for waiting in [ofOne, ofBoth, ofTwo] { put(waiting, into: &mempool) }
        #expect(mempool.reap(bytesMax: 1_000) == [ofOne, ofBoth, ofTwo])
    }

    @Test("after a block only what it may have spoiled is checked again")
    func recheck() {
        var mempool = TransactionPool()
        let included = transaction([(1, 0)])
        let next = transaction([(1, 1)])
        let shared = transaction([(1, 2), (3, 0)])
        let third = transaction([(3, 1)])
        let other = transaction([(2, 0)])
        for waiting in [included, next, other, shared, third] { put(waiting, into: &mempool) }
        let recheck = mempool.update(
            height: 2, included: [IncludedTransaction(hash: included.hash, succeeded: true)], touched: [account(9)])
        #expect(recheck.accounts == [account(1), account(3), account(9)])
        #expect(recheck.transactions == [next, shared, third])
        #expect(recheck.expired.isEmpty)
        #expect(mempool.count == 4)
        #expect(put(included, into: &mempool) == .alreadyKnown)
        mempool.drop(next.hash)
        #expect(put(next, into: &mempool) == nil)
    }

    @Test("a transaction that failed in its block may be sent again")
    func failedInBlock() {
        var mempool = TransactionPool()
        let failed = transaction([(1, 5)])
        put(failed, into: &mempool)
        _ = mempool.update(
            height: 2, included: [IncludedTransaction(hash: failed.hash, succeeded: false)], touched: [])
        #expect(mempool.isEmpty)
        #expect(put(failed, into: &mempool) == nil)
    }

    @Test("a transaction that waits too long is dropped with its height")
    func expiry() {
        var limits = MempoolLimits()
        limits.heightsToLive = 3
        var mempool = TransactionPool(limits: limits)
        let old = transaction([(1, 0)])
        let young = transaction([(1, 1)])
        put(old, into: &mempool, height: 10)
        put(young, into: &mempool, height: 11)
        #expect(mempool.update(height: 12, included: [], touched: []) == TransactionPool.Recheck())
        let recheck = mempool.update(height: 13, included: [], touched: [])
        #expect(recheck.expired == [old.hash])
        #expect(recheck.transactions == [young])
        #expect(!mempool.contains(old.hash))
    }

    @Test("what waits is told from any place in the order of arrival on, and what comes again has a new place")
    func places() {
        var mempool = TransactionPool()
        let all = (0..<100).map { transaction([(UInt8($0), 0)]) }
        for waiting in all { put(waiting, into: &mempool) }
        #expect(mempool.oldest(.max).map(\.transaction) == all)
        let next = mempool.oldest(30).last!.order + 1
        #expect(mempool.oldest(20, from: next).map(\.transaction) == Array(all[30..<50]))
        for (index, waiting) in all.enumerated() where index % 3 != 0 { mempool.drop(waiting.hash) }
        #expect(mempool.oldest(2, from: next).map(\.transaction) == [all[30], all[33]])
        put(all[1], into: &mempool)
        let left = mempool.oldest(.max, from: next)
        #expect(left.map(\.transaction) == (30..<100).filter { $0 % 3 == 0 }.map { all[$0] } + [all[1]])
        #expect(zip(left, left.dropFirst()).allSatisfy { $0.order < $1.order })
        #expect(mempool.oldest(.max, from: left.last!.order + 1).isEmpty)
        // One in the middle ends by itself, and nothing before it.
        var ending = transaction([(200, 0)])
        ending.timeoutHeight = 2
        put(ending, into: &mempool)
        put(transaction([(201, 0)]), into: &mempool)
        #expect(mempool.update(height: 2, included: [], touched: []).expired == [ending.hash])
    }

    @Test("a transaction past its own timeout is dropped")
    func timeout() {
        var mempool = TransactionPool()
        var waiting = transaction([(1, 0)])
        waiting.timeoutHeight = 5
        put(waiting, into: &mempool, height: 3)
        #expect(mempool.update(height: 4, included: [], touched: []).expired.isEmpty)
        #expect(mempool.update(height: 5, included: [], touched: []).expired == [waiting.hash])
        #expect(mempool.isEmpty)
    }

    @Test("the hash that was met longest ago is forgotten first")
    func recentHashes() {
        var recent = RecentHashes(countMax: 3)
        let hashes = (0..<5).map { SHA256.hash([$0]) }
        for hash in hashes.prefix(3) { recent.insert(hash) }
        recent.insert(hashes[0])
        recent.insert(hashes[3])
        #expect(recent.contains(hashes[0]))
        #expect(!recent.contains(hashes[1]))
        for _ in 0..<1_000 { recent.insert(hashes[0]) }
        #expect(recent.count == 3)
        #expect(recent.contains(hashes[2]))
        recent.remove(hashes[2])
        recent.insert(hashes[4])
        #expect(recent.contains(hashes[3]) && recent.contains(hashes[0]) && recent.contains(hashes[4]))
    }

    @Test(
        "random histories keep the bounds, the sequences and the accounting",
        arguments: [SeededGenerator.seed(of: "histories of the mempool")])
    func randomHistories(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var limits = MempoolLimits()
        limits.transactionCountMax = 40
        limits.bytesMax = 2_000
        limits.transactionBytesMax = 120
        limits.knownHashesMax = 100
        limits.heightsToLive = 6
        var mempool = TransactionPool(limits: limits)
        var next = [UInt64](repeating: 0, count: 6)
        var model: [Hash32: PendingTransaction] = [:]
        for height in UInt64(1)...120 {
            for _ in 0..<random.below(12) {
                var senders = [random.below(6)]
                if random.below(5) == 0 { senders = Array(Set(senders + [random.below(6)])).sorted() }
                let candidate = transaction(
                    senders.map { (UInt8($0), next[$0]) }, fee: UInt64(random.below(50)),
                    gas: 1 + UInt64(random.below(3)),
                    size: 16 + random.below(124), salt: random.next())
                guard put(candidate, into: &mempool, height: height) == nil else { continue }
                for sender in senders { next[sender] += 1 }
                model[candidate.hash] = candidate
            }
            let budget = random.below(1_500)
            let block = mempool.reap(bytesMax: budget)
            #expect(block.reduce(0) { $0 + $1.transaction.byteCountInBlock } <= budget, "seed \(seed) height \(height)")
            var last: [AccountAddress: UInt64] = [:]
            for chosen in block {
                for signer in chosen.signers {
                    let earlier = model.values.filter { other in
                        other.signers.contains { $0.address == signer.address && $0.sequence < signer.sequence }
                    }
                    let isBehindAll = earlier.allSatisfy { block.contains($0) }
                    #expect(isBehindAll, "seed \(seed) height \(height)")
                    if let sequence = last[signer.address] { #expect(sequence < signer.sequence, "seed \(seed)") }
                    last[signer.address] = signer.sequence
                }
            }
            let included = block.map { IncludedTransaction(hash: $0.hash, succeeded: random.below(4) > 0) }
            let recheck = mempool.update(height: height, included: included, touched: [account(UInt8(random.below(6)))])
            for gone in block.map(\.hash) + recheck.expired { model[gone] = nil }
            for suspect in recheck.transactions where random.below(3) == 0 {
                mempool.drop(suspect.hash)
                model[suspect.hash] = nil
            }
            #expect(mempool.count == model.count, "seed \(seed) height \(height)")
            #expect(mempool.byteCount == model.values.reduce(0) { $0 + $1.byteCount }, "seed \(seed)")
            #expect(mempool.count <= 40 && mempool.byteCount <= 2_000, "seed \(seed) height \(height)")
        }
        #expect(mempool.reap(bytesMax: .max).count == mempool.count, "seed \(seed)")
    }
}
