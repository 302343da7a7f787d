import ChainFormats
import DecidedBlocks
import EmbeddedEngine
import EnclaveProtocol
import Foundation
import Logging
import PublicCryptography
import Synchronization
import TestSupport
import Testing
import ValidatorSigning
import Wire

/// What stands between the engine and the enclave that signs for it.
@Suite struct EnclaveSignerTests {
    private static let publicKey = [UInt8](repeating: 6, count: 32)
    private let block = NamedBlock("A").id

    /// An enclave that answers as it is told, and what it was asked.
    private final class Played: Sendable {
        let asked = Mutex<[VoteToSign]>([])
        let behaviour = Mutex<@Sendable (VoteToSign) throws -> VoteSignature>({
            VoteSignature(
                signature: [UInt8](repeating: 9, count: 64), seconds: $0.seconds, nanoseconds: $0.nanoseconds)
        })

        /// It answers once the gate is opened.
        func held() -> DispatchSemaphore {
            let gate = DispatchSemaphore(value: 0)
            behaviour.withLock {
                $0 = { _ in
                    gate.wait()
                    return VoteSignature(signature: [3], seconds: 1)
                }
            }
            return gate
        }

        func signer(
            patience: Int = 60_000,
            wait: @escaping @Sendable (DispatchSemaphore, DispatchTime) -> DispatchTimeoutResult = {
                $0.wait(timeout: $1)
            }
        ) -> EnclaveSigner {
            let key = ConsensusKey(publicKey: publicKey, height: 4, round: 1, step: 2)
            return EnclaveSigner(key, chainID: "signer-1", patienceMilliseconds: patience, wait: wait) { [self] vote in
                asked.withLock { $0.append(vote) }
                return try behaviour.withLock({ $0 })(vote)
            }
        }
    }

    private func vote(_ height: Int64 = 5, _ kind: VoteKind = .precommit, blockID: BlockID?) -> Vote {
        Vote(
            kind: kind, height: height, round: 2, blockID: blockID,
            timestamp: Timestamp(seconds: 100, nanoseconds: 5)!,
            validatorAddress: ValidatorAddress(publicKey: Self.publicKey), validatorIndex: 0)
    }

    @Test("a vote is asked for in numbers, and comes back with the time that was signed")
    func numbers() throws {
        let enclave = Played()
        let signer = enclave.signer()
        #expect(signer.publicKey == Self.publicKey && signer.lastSigned == (4, 1))
        enclave.behaviour.withLock { $0 = { _ in VoteSignature(signature: [1], seconds: 77, nanoseconds: 8) } }
        var signed = vote(blockID: block)
        try signer.sign(&signed, chainID: "signer-1")
        #expect(signed.signature == [1] && signed.timestamp == Timestamp(seconds: 77, nanoseconds: 8))
        #expect(signer.lastSigned == (5, 2))
        var proposal = Proposal(
            height: 6, round: 3, polRound: 1, blockID: block, timestamp: Timestamp(seconds: 9, nanoseconds: 0)!)
        try signer.sign(&proposal, chainID: "signer-1")
        var empty = vote(7, .prevote, blockID: nil)
        try signer.sign(&empty, chainID: "signer-1")
        let asked = enclave.asked.withLock { $0 }
        #expect(
            asked == [
                VoteToSign(
                    kind: .precommit, height: 5, round: 2, blockHash: block.hash.bytes, partsTotal: block.parts.total,
                    partsHash: block.parts.hash.bytes, seconds: 100, nanoseconds: 5),
                VoteToSign(
                    kind: .proposal, height: 6, round: 3, lockRound: 1, blockHash: block.hash.bytes,
                    partsTotal: block.parts.total, partsHash: block.parts.hash.bytes, seconds: 9),
                VoteToSign(kind: .prevote, height: 7, round: 2, seconds: 100, nanoseconds: 5),
            ])
    }

    @Test("another chain's vote is not even asked for")
    func otherChain() {
        let enclave = Played()
        var vote = vote(blockID: block)
        #expect(throws: SignerRefusal.otherChain) { try enclave.signer().sign(&vote, chainID: "signer-2") }
        #expect(enclave.asked.withLock { $0.isEmpty })
    }

    @Test("what the enclave refuses, or that it is gone, is the caller's error, and nothing counts as signed")
    func refused() throws {
        struct Gone: Error {}
        let enclave = Played()
        let signer = enclave.signer()
        var vote = vote(blockID: block)
        enclave.behaviour.withLock { $0 = { _ in throw SignerRefusal.conflict } }
        #expect(throws: SignerRefusal.conflict) { try signer.sign(&vote, chainID: "signer-1") }
        enclave.behaviour.withLock { $0 = { _ in throw Gone() } }
        #expect(throws: Gone.self) { try signer.sign(&vote, chainID: "signer-1") }
        #expect(vote.signature.isEmpty && signer.lastSigned == (4, 1))
    }

    @Test("an enclave that does not answer keeps nobody for longer than patience, and is asked again once it has")
    func blocked() async throws {
        try await onThread {
            let enclave = Played()
            let gate = enclave.held()
            let signer = enclave.signer(patience: 50)
            let begin = Date()
            for height in 5...7 as ClosedRange<Int64> {
                var vote = vote(height, blockID: block)
                #expect(throws: SignerRefusal.unavailable) { try signer.sign(&vote, chainID: "signer-1") }
            }
            #expect(Date().timeIntervalSince(begin) < 5)
            // What waits does not pile up: the enclave will sign the first, and was never asked for the others.
            #expect(enclave.asked.withLock { $0.map(\.height) } == [5])
            enclave.behaviour.withLock { $0 = { _ in VoteSignature(signature: [4], seconds: 2) } }
            gate.signal()
            var vote = vote(8, blockID: block)
            for _ in 0..<100 where vote.signature.isEmpty { try? signer.sign(&vote, chainID: "signer-1") }
            #expect(vote.signature == [4])
            #expect(enclave.asked.withLock { $0.map(\.height) } == [5, 8])
        }
    }

    @Test("one patience is for both, an answer that is under way and one's own, and a late answer is told")
    func onePatience() async throws {
        try await onThread {
            let enclave = Played()
            let gate = enclave.held()
            let deadlines = Mutex<[DispatchTime]>([])
            let signer = enclave.signer { semaphore, deadline in
                let count = deadlines.withLock { deadlines in
                    deadlines.append(deadline)
                    return deadlines.count
                }
                switch count {
                // Nothing comes in the first's patience, nor in what the second has left after the first's answer.
                case 1, 3: return .timedOut
                case 2: gate.signal()
                default: break
                }
                return semaphore.wait(timeout: deadline)
            }
            let told = DispatchSemaphore(value: 0)
            signer.whenAvailable { told.signal() }
            var first = vote(5, blockID: block)
            #expect(throws: SignerRefusal.unavailable) { try signer.sign(&first, chainID: "signer-1") }
            #expect(told.wait(timeout: .now()) == .timedOut)
            var second = vote(6, blockID: block)
            #expect(throws: SignerRefusal.unavailable) { try signer.sign(&second, chainID: "signer-1") }
            let waited = deadlines.withLock { $0 }
            #expect(waited.count == 3 && waited[0] < waited[1] && waited[1] == waited[2])
            #expect(told.wait(timeout: .now() + 60) == .success)
            gate.signal()
            #expect(told.wait(timeout: .now() + 60) == .success)
            gate.signal()
            try signer.sign(&second, chainID: "signer-1")
            #expect(second.signature == [3])
            #expect(told.wait(timeout: .now()) == .timedOut)
        }
    }

    @Test("a vote that the enclave signed too late for the engine's patience is asked for again, and decides the round")
    func voteAgain() async throws { try await decidesLate(.prevote) }

    @Test("a proposal that the enclave signed too late for the engine's patience is asked for again, in its round")
    func proposeAgain() async throws { try await decidesLate(.proposal) }

    /// The first thing of this kind is signed late, and the round is decided with it; it would last for a minute.
    private func decidesLate(_ kind: SignedKind) async throws {
        try await onThread {
            let rig = try EngineRig(others: [[UInt8](repeating: 5, count: 32)])
            let file = try rig.signer()
            let gate = DispatchSemaphore(value: 0)
            let counted = Mutex(0)
            // Only its queue uses the file.
            nonisolated(unsafe) let inner = file
            let signer = EnclaveSigner(
                ConsensusKey(publicKey: file.publicKey), chainID: rig.chainID, patienceMilliseconds: 50
            ) { asked in
                if asked.kind == kind,
                    counted.withLock({ count in
                        count += 1
                        return count
                    }) == 1
                {
                    gate.wait()
                }
                return try inner.sign(asked, chainID: "engine-1")
            }
            let stopped = Stopped()
            var configuration = EngineConfiguration(folder: rig.folder + "/engine")
            configuration.createsEmptyBlocks = true
            configuration.timeouts.proposeMilliseconds = 60_000
            let engine = try RunningEngine(
                configuration: configuration, genesis: rig.genesis, application: rig.application, signer: signer,
                logger: Logger(label: "engine") { _ in SwiftLogNoOpLogHandler() }, onStop: { stopped.set($0) })
            try engine.start()
            let deadline = Date(timeIntervalSinceNow: 20)
            while counted.withLock({ $0 }) == 0, Date() < deadline { usleep(1000) }
            usleep(200_000)
            gate.signal()
            while (engine.status?.lastHeight ?? 0) < 1, !stopped.isSet, Date() < deadline { usleep(1000) }
            #expect(engine.status?.lastHeight ?? 0 >= 1, "\(String(describing: engine.status))")
            #expect(engine.stop(by: .now() + 5))
            #expect(stopped.error == nil)
        }
    }

    @Test("the engine of a validator whose enclave does not answer goes on, does not vote, and ends when it is told to")
    func engineGoesOn() async throws {
        try await onThread {
            let rig = try EngineRig()
            let gate = DispatchSemaphore(value: 0)
            let asked = Mutex(0)
            let key = ConsensusKey(publicKey: try rig.signer().publicKey)
            let signer = EnclaveSigner(key, chainID: rig.chainID, patienceMilliseconds: 20) { _ in
                asked.withLock { $0 += 1 }
                gate.wait()
                throw SignerRefusal.unavailable
            }
            let stopped = Stopped()
            let engine = try RunningEngine(
                configuration: EngineConfiguration(folder: rig.folder + "/engine"), genesis: rig.genesis,
                application: rig.application, signer: signer,
                logger: Logger(label: "engine") { _ in SwiftLogNoOpLogHandler() }, onStop: { stopped.set($0) })
            try engine.start()
            let deadline = Date(timeIntervalSinceNow: 20)
            while (engine.status?.round ?? 0) < 2, Date() < deadline { usleep(1000) }
            #expect(engine.status?.round ?? 0 >= 2 && engine.status?.height == 1)
            #expect(engine.stop(by: .now() + 5))
            #expect(stopped.error == nil)
            #expect(asked.withLock { $0 } == 1)
            gate.signal()
        }
    }
}

extension ValidatorSigner {
    /// As the enclave, which is asked in numbers.
    fileprivate func sign(_ asked: VoteToSign, chainID: String) throws -> VoteSignature {
        let blockID: BlockID? =
            asked.blockHash.isEmpty
            ? nil
            : BlockID(
                hash: Hash32(asked.blockHash)!,
                parts: PartSetHeader(total: asked.partsTotal, hash: Hash32(asked.partsHash)!))
        let (height, round) = (Int64(asked.height), Int32(asked.round))
        let time = Timestamp(seconds: asked.seconds, nanoseconds: asked.nanoseconds)!
        if asked.kind == .proposal {
            var proposal = Proposal(
                height: height, round: round, polRound: Int32(asked.lockRound), blockID: blockID!, timestamp: time)
            try sign(&proposal, chainID: chainID)
            return VoteSignature(
                signature: proposal.signature, seconds: proposal.timestamp.seconds,
                nanoseconds: proposal.timestamp.nanoseconds)
        }
        var vote = Vote(
            kind: asked.kind == .prevote ? .prevote : .precommit, height: height, round: round, blockID: blockID,
            timestamp: time, validatorAddress: address, validatorIndex: 0)
        try sign(&vote, chainID: chainID)
        return VoteSignature(
            signature: vote.signature, seconds: vote.timestamp.seconds, nanoseconds: vote.timestamp.nanoseconds)
    }
}
