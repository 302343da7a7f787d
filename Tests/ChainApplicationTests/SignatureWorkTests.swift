import Ante
import ChainFormats
import ChainInterface
import Dispatch
import Foundation
import Mempool
import ModuleKit
import PublicCryptography
import SignedTransactions
import Synchronization
import Testing
import TransactionFixtures
import Wire

@testable import ChainApplication

@Suite("Signatures: the work of verifying them")
struct SignatureWorkTests {
    /// Counts verifications, and holds up the first one of an account.
    private final class Verifier: Sendable {
        let count = Mutex(0)
        let heldAccount: UInt64?
        let isHeld = DispatchSemaphore(value: 0)
        let release = DispatchSemaphore(value: 0)
        let hasHeld = Mutex(false)
        let waitedTooLong = Mutex(false)

        init(holding account: UInt64? = nil) { heldAccount = account }

        private func isFirst() -> Bool {
            hasHeld.withLock { hasHeld in
                defer { hasHeld = true }
                return !hasHeld
            }
        }

        func verify(
            _ transaction: Transaction, _ claim: SignatureClaim, _ chainID: String
        ) -> SignatureCheck.Result {
            count.withLock { $0 += 1 }
            if claim.accountNumber == heldAccount, isFirst() {
                isHeld.signal()
                if release.wait(timeout: .now() + 20) == .timedOut { waitedTooLong.withLock { $0 = true } }
            }
            return SignatureClaim.verify(transaction, claim, chainID: chainID)
        }
    }

    private func ofBob(_ sequence: UInt64, in chain: TestChain) -> [UInt8] {
        FixtureTransaction(
            [.send(1, from: chain.bob.address, to: chain.alice.address)], by: chain.bob, number: 1, sequence: sequence
        ).bytes
    }

    @Test("a signature is verified once, from its arrival through proposals, blocks and rechecks")
    func once() throws {
        let verifier = Verifier()
        let chain = try TestChain { $0.verifySignature = verifier.verify }
        let application = chain.application
        let transactions = (0..<3).map { chain.send(1, sequence: $0).bytes }
        for bytes in transactions { #expect(try application.submit(bytes).code == 0) }
        #expect(try application.submit(transactions[0]).code == 19)
        #expect(verifier.count.withLock { $0 } == 3)
        let proposal = try application.prepareProposal(bytesMax: 1 << 20, height: 1, time: .goZero).map(\.bytes)
        #expect(try application.processProposal(chain.decide(proposal).block))
        #expect(try chain.run(Array(transactions.prefix(2))).map(\.code) == [0, 0])
        #expect(try chain.run([transactions[2]]).map(\.code) == [0])
        #expect(verifier.count.withLock { $0 } == 3)
        // Of others' transactions the first look is that of the block.
        #expect(try chain.run([ofBob(0, in: chain)]).map(\.code) == [0])
        #expect(verifier.count.withLock { $0 } == 4)
    }

    @Test("what is refused for another reason costs no verification, and what is forged is refused")
    func refused() throws {
        let verifier = Verifier()
        let chain = try TestChain { $0.verifySignature = verifier.verify }
        #expect(try chain.application.submit(chain.send(1, sequence: 1).bytes).code == 32)
        #expect(try chain.application.submit(chain.send(1).with { $0.fee = [] }.bytes).code == 13)
        #expect(try chain.application.submit(chain.send(1).with { $0.gasLimit = 1 }.bytes).code == 11)
        #expect(verifier.count.withLock { $0 } == 0)
        let forged = chain.send(1).with { $0.chainID = "another" }
        #expect(try chain.application.submit(forged.bytes).code == 4)
        #expect(try chain.application.submit(forged.bytes).code == 4)
        #expect(verifier.count.withLock { $0 } == 2)
        #expect(chain.application.waitingTotals.count == 0)
    }

    @Test("while one is verified, others come in, are proposed and run, and then it is held against the new state")
    func withoutTheLock() throws {
        let verifier = Verifier(holding: 0)
        let chain = try TestChain { $0.verifySignature = verifier.verify }
        let application = chain.application
        let held = chain.send(1).bytes
        let code = Mutex<UInt32?>(nil)
        let ended = DispatchSemaphore(value: 0)
        let thread = Thread {
            let result = try? application.submit(held)
            code.withLock { $0 = result?.code }
            ended.signal()
        }
        thread.start()
        verifier.isHeld.wait()
        let other = ofBob(0, in: chain)
        #expect(try application.submit(other).code == 0)
        #expect(try application.submit(held).code == 19)
        #expect(try application.simulate(ofBob(1, in: chain)).failure == nil)
        #expect(try application.prepareProposal(bytesMax: 1 << 20, height: 1, time: .goZero).map(\.bytes) == [other])
        #expect(try chain.run([other]).map(\.code) == [0])
        // A block takes the sequence meanwhile: a verified signature does not bring it back.
        #expect(try chain.run([chain.send(2).bytes]).map(\.code) == [0])
        #expect(code.withLock { $0 } == nil && !verifier.waitedTooLong.withLock { $0 })
        verifier.release.signal()
        ended.wait()
        #expect(code.withLock { $0 } == 32 && !application.hasTransactions())
    }

    @Test("a place that was free when a transaction came may be gone when it is verified")
    func noRoomLeft() throws {
        let verifier = Verifier(holding: 0)
        let chain = try TestChain {
            $0.verifySignature = verifier.verify
            $0.mempool.transactionCountMax = 1
        }
        let application = chain.application
        let held = chain.send(1).bytes
        let codes = Mutex<[UInt32]>([])
        let ended = DispatchSemaphore(value: 0)
        let thread = Thread {
            if let result = try? application.submit(held) { codes.withLock { $0.append(result.code) } }
            ended.signal()
        }
        thread.start()
        verifier.isHeld.wait()
        #expect(try application.submit(ofBob(0, in: chain)).code == 0)
        verifier.release.signal()
        ended.wait()
        #expect(codes.withLock { $0 } == [20] && application.waitingTotals.count == 1)
        // It left no trace: it may come again once there is room, already verified.
        try chain.run([ofBob(0, in: chain)])
        #expect(try application.submit(held).code == 0)
    }
}
