import Ante
import ChainFormats
import ChainInterface
import ChainModules
import Dispatch
import Foundation
import LedgerKit
import LedgerRecords
import Mempool
import ModuleKit
import PublicCryptography
import SignedTransactions
import Synchronization
import Testing
import TransactionFixtures
import Wire

@testable import ChainApplication

@Suite("Intake")
struct IntakeTests {
    let chain: TestChain

    init() throws { chain = try TestChain() }

    private var application: Application { chain.application }

    private func proposal() throws -> [[UInt8]] {
        try application.prepareProposal(bytesMax: 1 << 20, height: chain.height + 1, time: .goZero).map(\.bytes)
    }

    @Test("several transactions of one sender wait at once, and leave with their block")
    func sequences() throws {
        let transactions = (0..<3).map { chain.send(1, sequence: $0).bytes }
        for bytes in transactions {
            let result = try application.submit(bytes)
            #expect(result.code == 0 && result.hash == SHA256.hash(bytes) && result.gasWanted == 200_000)
        }
        #expect(application.hasTransactions())
        #expect(try proposal() == transactions)
        try chain.run(Array(transactions.prefix(2)))
        #expect(try proposal() == [transactions[2]])
        #expect(try application.submit(chain.send(1, sequence: 3).bytes).code == 0)
        try chain.run(proposal())
        #expect(!application.hasTransactions())
        #expect(try chain.sequence(chain.alice.address) == 4)
    }

    @Test("a gap, a repetition and an unpaid fee are refused as clients expect")
    func refusals() throws {
        let bytes = chain.send(1).bytes
        #expect(try application.submit(bytes).code == 0)
        #expect(try application.submit(bytes).code == 19)
        let gap = try application.submit(chain.send(1, sequence: 2).bytes)
        #expect(gap.code == 32 && gap.codespace == "sdk")
        #expect(gap.log == "account sequence mismatch, expected 1, got 2: incorrect account sequence")
        let other = try application.submit(chain.send(2).bytes)
        #expect(other.code == 32)
        let cheap = try application.submit(chain.send(1, sequence: 1).with { $0.fee = [] }.bytes)
        #expect(cheap.log == "insufficient fees; got:  required: 2500uscrt: insufficient fee")
        #expect(try application.submit([UInt8](repeating: 0, count: (4 << 20) + 1)).code == 21)
        #expect(try application.submit([1]).code == 2)
        #expect(application.waitingTotals.count == 1)
    }

    @Test("a refused transaction leaves no trace and may come again")
    func again() throws {
        #expect(try application.submit(chain.send(1, sequence: 1).bytes).code == 32)
        #expect(try application.submit(chain.send(1).bytes).code == 0)
        #expect(try application.submit(chain.send(1, sequence: 1).bytes).code == 0)
    }

    @Test("what a block made impossible is dropped, what it did not touch stays")
    func recheck() throws {
        let ofAlice = chain.send(1, sequence: 0).bytes
        let behind = chain.send(1, sequence: 1).bytes
        let ofBob = FixtureTransaction(
            [.send(1, from: chain.bob.address, to: FixtureKey("carol").address)], by: chain.bob, number: 1, sequence: 0
        ).bytes
        for bytes in [ofAlice, behind, ofBob] { #expect(try application.submit(bytes).code == 0) }
        let carol = FixtureKey("carol").address
        let other = FixtureTransaction(
            [.send(997_500, from: chain.alice.address, to: carol)], by: chain.alice, number: 0, sequence: 0
        ).bytes
        try chain.run([other])
        #expect(try proposal() == [ofBob])
        #expect(try chain.sequence(chain.alice.address) == 1)
        #expect(
            try application.submit(behind).log
                == "spendable balance 0uscrt is smaller than 2500uscrt: insufficient funds: insufficient funds")
    }

    @Test("an engine with a mempool of its own checks in sequence, too")
    func checkTx() throws {
        #expect(try application.checkTransaction(chain.send(1).bytes, .new).code == 0)
        #expect(try application.checkTransaction(chain.send(1, sequence: 1).bytes, .new).code == 0)
        #expect(try application.checkTransaction(chain.send(1).bytes, .new).code == 32)
        #expect(!application.hasTransactions())
        #expect(try application.processProposal(chain.decide([[1], [2]]).block))
        let large = [UInt8](repeating: 0, count: (4 << 20) + 1)
        #expect(try !application.processProposal(chain.decide([large]).block))
    }

    @Test("a block that wants more gas than one may hold is neither proposed nor accepted")
    func blockGas() throws {
        let chain = try TestChain { $0.rules.blockGasMax = 500_000 }
        let application = chain.application
        let sends = (0..<3).map { chain.send(1, sequence: $0).bytes }
        for bytes in sends { #expect(try application.submit(bytes).code == 0) }
        let proposal = try application.prepareProposal(bytesMax: 1 << 20, height: 1, time: .goZero).map(\.bytes)
        #expect(proposal == Array(sends.prefix(2)))
        func accepts(_ transactions: [[UInt8]]) throws -> Bool {
            try application.processProposal(chain.decide(transactions).block)
        }
        // Those that wait, and a stranger's that this node never saw.
        let stranger = { (gas: UInt64) in chain.execute().with { ($0.gasLimit, $0.fee) = (gas, []) }.bytes }
        #expect(try accepts(proposal) && accepts(proposal + [stranger(100_000)]) && accepts([stranger(500_000), [1]]))
        #expect(try !accepts(sends) && !accepts(proposal + [stranger(100_001)]) && !accepts([stranger(500_001)]))
        // A sum beyond 64 bits is no small number.
        #expect(try !accepts([stranger(.max), stranger(2)]) && !accepts([stranger(2), stranger(.max)]))
        #expect(try application.submit(stranger(500_001)).log.hasPrefix("tx gas limit 500001 exceeds block max gas"))

        // Decided all the same, by whoever does not keep the rule: what is beyond the limit is not run.
        let results = try chain.run(sends)
        #expect(results.map(\.code) == [0, 0, 11])
        #expect(results[2].log == "no block gas left to run tx: out of gas")
        #expect(try chain.sequence(chain.alice.address) == 2)
    }

    @Test("a block with a fee below the chain's minimum is not accepted")
    func minimumFee() throws {
        let chain = try TestChain { $0.rules.minimumGasPrice = MinimumGasPrice("0.01uscrt") }
        func accepts(_ transaction: FixtureTransaction) throws -> Bool {
            try chain.application.processProposal(chain.decide([transaction.bytes]).block)
        }
        #expect(try accepts(chain.send(1).with { $0.fee = [Coin(2_000, "uscrt")] }))
        for fee in [[], [Coin(1_999, "uscrt")], [Coin(9_999, "other")]] {
            #expect(try !accepts(chain.send(1).with { $0.fee = fee }))
        }
        #expect(try chain.run([chain.send(1).with { $0.fee = [] }.bytes]).map(\.code) == [13])
    }

    @Test("contract messages are checked for what needs no enclave")
    func computeChecks() throws {
        #expect(try application.submit(chain.execute().bytes).code == 0)
        let callback = ComputeMessage.execute(
            .init(sender: chain.bob.address, contract: chain.contract, message: [1], callbackSignature: [1]))
        let forged = FixtureTransaction([callback.any], by: chain.bob, number: 1, sequence: 1)
        #expect(try application.submit(forged.bytes).code == 18)
    }

    @Test("height h is announced when the block after it has begun, and readers hear of both")
    func announcement() throws {
        let reader = try application.events.read()
        #expect(application.announcedHeight == 0)
        try chain.run([chain.send(1).bytes])
        #expect(application.announcedHeight == 0 && application.committedHeight == 1)
        _ = try chain.finalize([])
        #expect(application.announcedHeight == 1)
        try application.waitForIndex()
        let next = chain.send(1, sequence: 1).bytes
        _ = try application.submit(next)
        #expect(try reader.poll() == .announced(height: 1))
        #expect(try reader.poll() == .accepted(SHA256.hash(next)))
        // A refused one is nobody's business.
        _ = try application.submit(next)
        #expect(try reader.poll() == nil)
        try chain.restart()
        #expect(chain.application.announcedHeight == 0 && chain.application.committedHeight == 1)
    }

    /// Counts how often it is asked whether messages are run.
    private final class Counter: LedgerModule {
        let name = "counter"
        let count = Mutex(0)

        func refusalToRun(_ typeURL: String, in state: any LedgerReading) throws -> TransactionRefusal? {
            count.withLock { $0 += 1 }
            return nil
        }
    }

    @Test("of each type it is asked once whether its messages are run, when they come in and behind each block")
    func gates() throws {
        let counter = Counter()
        let chain = try TestChain { $0.ledger = ModuleList(ModuleList.chain.modules + [counter]) }
        let sends = Array(repeating: AnyMessage.send(1, from: chain.alice.address, to: chain.bob.address), count: 50)
        let many = FixtureTransaction(sends, by: chain.alice, number: 0, sequence: 0).with {
            ($0.gasLimit, $0.fee) = (600_000, [Coin(7_500, "uscrt")])
        }
        #expect(try chain.application.submit(many.bytes).code == 0)
        #expect(counter.count.withLock { $0 } == 1)
        // It still waits, and is looked at again, since this touches its sender.
        let other = FixtureTransaction(
            [.send(1, from: chain.bob.address, to: chain.alice.address)], by: chain.bob, number: 1, sequence: 0)
        #expect(try chain.run([other.bytes]).map(\.code) == [0])
        let behind = counter.count.withLock { $0 }
        #expect(chain.application.waitingTotals.count == 1 && behind > 1 && behind < 6)
        // What another of its sender spends or signs before it drops it, though nothing is read anew.
        let own = FixtureTransaction(
            [.send(1, from: chain.alice.address, to: chain.bob.address)], by: chain.alice, number: 0, sequence: 0)
        #expect(try chain.run([own.bytes]).map(\.code) == [0])
        #expect(!chain.application.hasTransactions())
    }

    @Test("clients hand in while blocks are run, and nothing is lost")
    func concurrency() async throws {
        let application = chain.application
        let (alice, bob) = (chain.alice, chain.bob)
        let count: UInt64 = 40
        let senders = [(alice, UInt64(0), bob.address), (bob, UInt64(1), alice.address)].map { key, number, recipient in
            Task.detached {
                for sequence in 0..<count {
                    let transaction = FixtureTransaction(
                        [.send(1, from: key.address, to: recipient)], by: key, number: number, sequence: sequence)
                    let result = try application.submit(transaction.bytes)
                    #expect(result.code == 0, "sequence \(sequence): \(result.log)")
                    _ = try application.simulate(transaction.bytes)
                }
            }
        }
        var included = 0
        while included < Int(2 * count), chain.height < 1_000 {
            let results = try chain.run(proposal())
            #expect(results.allSatisfy { $0.code == 0 })
            included += results.count
            await Task.yield()
        }
        for sender in senders { try await sender.value }
        #expect(included == Int(2 * count))
        #expect(!application.hasTransactions())
        #expect(try chain.balance(alice.address) == 1_000_000 - 2_500 * UInt128(count))
    }
}

@Suite("Simulation")
struct SimulationTests {
    let chain: TestChain

    init() throws { chain = try TestChain() }

    private func refusal(_ bytes: [UInt8]) throws -> TransactionRefusal? {
        try chain.application.simulate(bytes).failure
    }

    @Test("a transfer is priced as it will be, without fee or signature, and changes nothing")
    func transfer() throws {
        let transaction = chain.send(10).with { $0.fee = [] }
        let simulated = try chain.application.simulate(transaction.unsignedBytes)
        #expect(simulated.failure == nil && simulated.gasWanted == 200_000)
        #expect(
            try TransactionData(decoding: simulated.data).responses.map(\.typeURL)
                == ["/cosmos.bank.v1beta1.MsgSendResponse"])
        #expect(simulated.events.last?.line == "message{sender=\(chain.alice.address),msg_index=0}")
        let result = try chain.run([transaction.bytes])[0]
        #expect(result.code == 0)
        #expect(simulated.gasUsed >= result.gasUsed && simulated.gasUsed <= result.gasUsed + 50)
        #expect(try chain.sequence(chain.alice.address) == 1)
    }

    @Test("who is unknown or out of sequence, or cannot pay what he sends, is told so")
    func refusals() throws {
        #expect(try refusal(chain.send(1, sequence: 1).unsignedBytes)?.code == 32)
        let stranger = FixtureKey("stranger")
        let unknown = FixtureTransaction(
            [.send(1, from: stranger.address, to: chain.bob.address)], by: stranger, number: 0, sequence: 0)
        #expect(try refusal(unknown.unsignedBytes)?.code == 9)
        #expect(
            try refusal(chain.send(1_000_001).unsignedBytes)?.log
                == "failed to execute message; message index: 0: spendable balance 1000000uscrt is smaller than "
                + "1000001uscrt: insufficient funds")
    }

    @Test("of a failure the gas until then is told")
    func gasOfFailure() throws {
        let transaction = chain.send(1_000_001)
        let simulated = try chain.application.simulate(transaction.unsignedBytes)
        #expect(simulated.failure != nil && simulated.data.isEmpty && simulated.events.isEmpty)
        #expect(simulated.gasUsed >= GasSchedule.ante(byteCount: transaction.bytes.count, signatureCount: 1) + 4_000)
    }

    @Test("a transaction that waits counts")
    func waiting() throws {
        _ = try chain.application.submit(chain.send(1).bytes)
        #expect(try refusal(chain.send(1).unsignedBytes)?.code == 32)
        #expect(try refusal(chain.send(1, sequence: 1).unsignedBytes) == nil)
    }

    @Test("what no block takes is not run to see what it costs")
    func bounds() throws {
        let chain = try TestChain {
            $0.rules = ChainRules(blockGasMax: 100_000)
            $0.mempool.transactionBytesMax = 10_000
        }
        func simulated(receivers: Int, memo: Int = 0) throws -> SimulationOutcome {
            let coins = { (count: Int) in [Coin(UInt128(count), "uscrt")] }
            let message = BankMessage.multiSend(
                .init(
                    inputs: [.init(address: chain.alice.address, coins: coins(receivers))],
                    outputs: Array(repeating: .init(address: chain.bob.address, coins: coins(1)), count: receivers)))
            let transaction = FixtureTransaction([message.any], by: chain.alice, number: 0, sequence: 0)
                .with { $0.memo = String(repeating: "m", count: memo) }
            return try chain.application.simulate(transaction.unsignedBytes)
        }
        #expect(try simulated(receivers: 10).failure == nil)
        let dear = try simulated(receivers: 25)
        #expect(dear.failure?.code == 11 && dear.failure?.log.contains("gasWanted: 100000") == true)
        #expect(dear.gasUsed > 100_000)
        #expect(try simulated(receivers: 1, memo: 10_000).failure?.code == 21)
    }

    /// Holds up whoever asks for the first time whether messages of a type are run.
    private final class Gate: LedgerModule {
        let name = "gate"
        let isHeld = DispatchSemaphore(value: 0)
        let release = DispatchSemaphore(value: 0)
        private let first = Mutex(true)
        let waitedTooLong = Mutex(false)

        func refusalToRun(_ typeURL: String, in state: any LedgerReading) throws -> TransactionRefusal? {
            let isFirst = first.withLock { first in
                defer { if typeURL == BankMessage.multiSendTypeURL { first = false } }
                return first && typeURL == BankMessage.multiSendTypeURL
            }
            guard isFirst else { return nil }
            isHeld.signal()
            if release.wait(timeout: .now() + 20) == .timedOut { waitedTooLong.withLock { $0 = true } }
            return nil
        }
    }

    @Test("while one runs, transactions come in, are proposed and run, and it sees nothing of them")
    func withoutTheLock() throws {
        let gate = Gate()
        let chain = try TestChain { $0.ledger = ModuleList(ModuleList.chain.modules + [gate]) }
        let application = chain.application
        let message = BankMessage.multiSend(
            .init(
                inputs: [.init(address: chain.alice.address, coins: [Coin(1, "uscrt")])],
                outputs: [.init(address: chain.bob.address, coins: [Coin(1, "uscrt")])]))
        let bytes = FixtureTransaction([message.any], by: chain.alice, number: 0, sequence: 0).unsignedBytes
        let failed = Mutex<Bool?>(nil)
        let ended = DispatchSemaphore(value: 0)
        Thread {
            let outcome = try? application.simulate(bytes)
            failed.withLock { $0 = outcome.map { $0.failure != nil } ?? true }
            ended.signal()
        }.start()
        #expect(gate.isHeld.wait(timeout: .now() + 20) == .success)
        let other = chain.send(1).bytes
        #expect(try application.submit(other).code == 0)
        #expect(try application.prepareProposal(bytesMax: 1 << 20, height: 1, time: .goZero).map(\.bytes) == [other])
        #expect(try chain.run([other]).map(\.code) == [0])
        #expect(failed.withLock { $0 } == nil && !gate.waitedTooLong.withLock { $0 })
        gate.release.signal()
        #expect(ended.wait(timeout: .now() + 20) == .success)
        #expect(failed.withLock { $0 } == false)
        #expect(try application.simulate(bytes).failure?.code == 32)
    }

    @Test("a contract call is not simulated; storing code is priced by its unpacked size")
    func contracts() throws {
        #expect(try refusal(chain.execute().unsignedBytes)?.code == 6)
        func price(_ code: [UInt8]) throws -> UInt64 {
            let upload = ComputeMessage.storeCode(.init(sender: chain.bob.address, code: code[...])).any
            let transaction = FixtureTransaction([upload], by: chain.bob, number: 1, sequence: 0)
            let gas = try chain.application.simulate(transaction.bytes).gasUsed
            return gas - GasSchedule.ante(byteCount: transaction.bytes.count, signatureCount: 1)
        }
        #expect(try price([UInt8](repeating: 1, count: 1_000)) == 800)
        let packed: [UInt8] = [0x1f, 0x8b] + [UInt8](repeating: 0, count: 20) + [0x10, 0x27, 0, 0]
        #expect(try price(packed) == 8_000)
        #expect(try price(packed.dropLast() + [0xff]) == UInt64(2 << 20) * 4 / 5)
    }
}
