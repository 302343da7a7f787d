import Attestation
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import PublicCryptography
import Synchronization
import Wire

/// One promise of `EnclaveBackend`. A case throws `Violation` where the backend does not keep it.
package struct BackendCase: Sendable, CustomStringConvertible {
    package struct Violation: Error, Equatable {
        package var text: String
    }

    package var name: String
    package var check: @Sendable (any BackendMachine) throws -> Void
    package var description: String { name }

    /// By what they are about. An enclave that is reached by calls alone, and has no frames, keeps those of `calls`.
    package static let parts: [(name: String, cases: [BackendCase])] = [
        ("opening", opening), ("votes", votes), ("blocks", blocks), ("queries", queries), ("endings", endings),
        ("headers", headers), ("freshness", freshness), ("custody", custody), ("frames", frames),
    ]
    package static let all: [BackendCase] = parts.flatMap(\.cases)
    package static let calls: [BackendCase] = opening + votes + blocks + queries + endings

    // MARK: - Opening

    private static let opening: [BackendCase] = [
        BackendCase(name: "there are as many query lanes as were asked for") { machine in
            for count in [1, 3] {
                let enclave = try machine.start(queryLanes: count)
                try require(enclave.queries.count == count, "\(enclave.queries.count) of \(count)")
                try machine.kill()
            }
        },
        BackendCase(name: "nothing runs before a network was opened") { machine in
            let enclave = try machine.start(queryLanes: 1)
            let chain = QuietChain()
            try refuses(.notOpen) { _ = try enclave.execution.beginBlock(chain.next(), answering: chain) }
            try refuses(.notOpen) { _ = try enclave.queries[0].query(question(at: 1), answering: chain) }
            try require(try enclave.withControl { try $0.health().headHeight } == 0, "it has a head")
        },
        BackendCase(name: "a new network has two keys, a record, and evidence of them") { machine in
            let enclave = try machine.start(queryLanes: 1)
            let identity = QuietChain().identity(rootHash: try machine.rootHash())
            let opened = try enclave.withControl { try $0.bootstrap(identity) }
            try require(
                opened.ioPublicKey.count == 32 && opened.seedExchangePublicKey.count == 32, "no keys of 32 bytes")
            try require(opened.ioPublicKey != opened.seedExchangePublicKey, "the two keys are one")
            try require(opened.measurement.count == 32 && !opened.sealedRecord.isEmpty, "no measurement or no record")
            try require(opened.headHeight == 0 && opened.headHash.isEmpty, "it has a head")
            let said = ReportData.network(
                identity: identity.encoded, ioPublicKey: opened.ioPublicKey,
                seedExchangePublicKey: opened.seedExchangePublicKey, facts: [])
            try require(opened.evidence.contains(said.prefix(32)), "the evidence is of something else")
        },
        BackendCase(name: "an enclave is opened once") { machine in
            let (enclave, opened, chain) = try opened(machine)
            let identity = chain.identity(rootHash: try machine.rootHash())
            try refuses(.alreadyOpen) { _ = try enclave.withControl { try $0.bootstrap(identity) } }
            try refuses(.alreadyOpen) { _ = try enclave.withControl { try $0.unseal(opened.sealedRecord) } }
            _ = try run(chain, on: enclave)
        },
        BackendCase(name: "a record opens the same network after a restart") { machine in
            let (_, first, _) = try opened(machine)
            try machine.kill()
            let enclave = try machine.start(queryLanes: 1)
            let again = try enclave.withControl { try $0.unseal(first.sealedRecord) }
            try require(
                again.ioPublicKey == first.ioPublicKey && again.seedExchangePublicKey == first.seedExchangePublicKey
                    && again.measurement == first.measurement, "another network, or another enclave")
        },
        BackendCase(name: "a record that was changed is refused, and the true one opens after that") { machine in
            let (_, first, _) = try opened(machine)
            try machine.kill()
            let enclave = try machine.start(queryLanes: 1)
            let record = first.sealedRecord
            var damaged = [Array(record.dropLast()), record + [0]]
            for index in [0, record.count / 2, record.count - 1] {
                var changed = record
                changed[index] ^= 1
                damaged.append(changed)
            }
            for each in damaged {
                try refuses(.sealedRecordRefused) { _ = try enclave.withControl { try $0.unseal(each) } }
            }
            _ = try enclave.withControl { try $0.unseal(record) }
        },
        BackendCase(name: "no other machine opens a record") { machine in
            let (_, first, _) = try opened(machine)
            let other = try machine.other()
            let elsewhere = try other.start(queryLanes: 1)
            try refuses(.sealedRecordRefused) { _ = try elsewhere.withControl { try $0.unseal(first.sealedRecord) } }
            try other.kill()
        },
    ]

    // MARK: - Votes

    private static let votes: [BackendCase] = [
        BackendCase(name: "a validator's key is made before the network, and is this machine's for ever") { machine in
            let made = try machine.start(queryLanes: 1).withControl { control in
                let (first, other) = (try control.makeConsensusKey(), try control.makeConsensusKey())
                try require(first.publicKey.count == 32 && first.publicKey != other.publicKey, "no keys of 32 bytes")
                let opened = try control.openConsensusKey(first.sealedKey)
                try require(opened.publicKey == first.publicKey && opened.height == 0, "another key was opened")
                return (first, other)
            }
            try machine.kill()
            try machine.start(queryLanes: 1).withControl { control in
                try refuses(.consensusKeyExists) { _ = try control.makeConsensusKey() }
                try refuses(.consensusKeyRefused) { _ = try control.openConsensusKey(made.1.sealedKey) }
                try require(
                    try control.openConsensusKey(made.0.sealedKey).publicKey == made.0.publicKey, "another key")
            }
            let other = try machine.other()
            let elsewhere = try other.start(queryLanes: 1)
            try refuses(.consensusKeyRefused) {
                _ = try elsewhere.withControl { try $0.openConsensusKey(made.0.sealedKey) }
            }
            try other.kill()
        },
        BackendCase(name: "one vote is signed for a place, over a restart") { machine in
            let (enclave, opened, chain) = try opened(machine)
            var vote = VoteToSign(kind: .prevote, height: 1, round: 5, seconds: 1_750_000_000)
            try refuses(.consensusKeyMissing) { _ = try enclave.withControl { try $0.sign(vote) } }
            let key = try enclave.withControl { try $0.openConsensusKey($0.makeConsensusKey().sealedKey) }
            let signed = try enclave.withControl { try $0.sign(vote) }
            let bytes = SignBytes.vote(
                .prevote, height: 1, round: 5, blockID: nil, timestamp: .init(seconds: vote.seconds, nanoseconds: 0)!,
                chainID: chain.identity(rootHash: try machine.rootHash()).chainID)
            try require(
                Ed25519.verify(signature: signed.signature, message: bytes, publicKey: key.publicKey),
                "that is not the vote's signature")
            try machine.kill()
            let again = try machine.start(queryLanes: 1)
            _ = try again.withControl { try $0.unseal(opened.sealedRecord) }
            let reopened = try again.withControl { try $0.openConsensusKey(key.sealedKey) }
            try require(reopened.height == 1 && reopened.round == 5 && reopened.step == 2, "the last vote is forgotten")
            vote.seconds += 9
            try require(try again.withControl { try $0.sign(vote) } == signed, "another time is another vote")
            vote.blockHash = [UInt8](repeating: 1, count: 32)
            (vote.partsTotal, vote.partsHash) = (1, vote.blockHash)
            try refuses(.voteConflict) { _ = try again.withControl { try $0.sign(vote) } }
            vote.round = 4
            try refuses(.voteRegression) { _ = try again.withControl { try $0.sign(vote) } }
            vote.height = 2
            try refuses(.voteTooFar) { _ = try again.withControl { try $0.sign(vote) } }
            (vote.height, vote.round) = (1, 6)
            _ = try again.withControl { try $0.sign(vote) }
        },
    ]

    // MARK: - Blocks

    private static let blocks: [BackendCase] = [
        BackendCase(name: "a record stands for the head after its block") { machine in
            let (enclave, _, chain) = try opened(machine)
            var record: [UInt8] = []
            for _ in 0..<3 { record = try run(chain, on: enclave) }
            try require(try enclave.withControl { try $0.health().headHeight } == 3, "health names another head")
            try machine.kill()
            let again = try machine.start(queryLanes: 1)
            let opened = try again.withControl { try $0.unseal(record) }
            try require(
                opened.headHeight == 3 && opened.headHash == chain.headers[2].hash().bytes,
                "another head: \(opened.headHeight)")
            _ = try run(chain, on: again)
        },
        BackendCase(name: "what begins names the header") { machine in
            let (enclave, _, chain) = try opened(machine)
            let begun = try enclave.execution.beginBlock(chain.next(), answering: chain)
            chain.adopt()
            try require(begun.height == 1 && begun.headerHash == chain.headers[0].hash().bytes, "another header")
        },
        BackendCase(name: "calls of a block that was not begun are refused, and it can begin after that") { machine in
            let (enclave, _, chain) = try opened(machine)
            try refuses(.noBlockBegun) { _ = try enclave.execution.endBlock() }
            try refuses(.noBlockBegun) { try enclave.execution.sendTransactions([[1]]) }
            _ = try run(chain, on: enclave)
        },
        BackendCase(name: "a header of another height is refused, and the right one is taken") { machine in
            let (enclave, _, chain) = try opened(machine)
            _ = try run(chain, on: enclave)
            try refuses(.headerWrongHeight) {
                _ = try enclave.execution.beginBlock(chain.next { $0.height += 1 }, answering: chain)
            }
            _ = try run(chain, on: enclave)
        },
        BackendCase(name: "a header that nobody signed is refused, and the signed one is taken") { machine in
            let (enclave, _, chain) = try opened(machine)
            try refuses(.headerNotCommitted) {
                _ = try enclave.execution.beginBlock(chain.next(isSigned: false), answering: chain)
            }
            _ = try run(chain, on: enclave)
        },
        BackendCase(name: "a state that is not the header's is refused") { machine in
            let (enclave, _, chain) = try opened(machine)
            var begin = chain.next()
            begin.storeRoots[0].root[0] ^= 1
            try refuses(.storeRootsNotInHeader) { _ = try enclave.execution.beginBlock(begin, answering: chain) }
        },
        BackendCase(name: "a block ends before another begins") { machine in
            let (enclave, _, chain) = try opened(machine)
            let begin = chain.next()
            _ = try enclave.execution.beginBlock(begin, answering: chain)
            try refuses(.blockNotEnded) { _ = try enclave.execution.beginBlock(begin, answering: chain) }
            _ = try enclave.execution.endBlock()
            chain.adopt()
            _ = try run(chain, on: enclave)
        },
        BackendCase(name: "a block that was begun before a power cut can be begun again") { machine in
            let (enclave, opened, chain) = try opened(machine)
            _ = try enclave.execution.beginBlock(chain.next(), answering: chain)
            try machine.kill()
            let again = try machine.start(queryLanes: 1)
            _ = try again.withControl { try $0.unseal(opened.sealedRecord) }
            _ = try run(chain, on: again)
        },
    ]

    // MARK: - Queries

    private static let queries: [BackendCase] = [
        BackendCase(name: "a contract that is not there is an answer, and the lane goes on") { machine in
            let (enclave, chain) = try announcing(machine)
            for count in 1...2 {
                let answer = try enclave.queries[0].query(question(at: 1), answering: chain)
                try require(answer.data.isEmpty && !answer.error.isEmpty, "it is there")
                try require(enclave.queries[0].queryCount == count, "queries were counted otherwise")
            }
        },
        BackendCase(name: "only the state that a header has proved can be asked") { machine in
            let (enclave, chain) = try announcing(machine)
            for height in [0, 2, UInt64.max] {
                try refuses(.notAnnounced) { _ = try enclave.queries[0].query(question(at: height), answering: chain) }
            }
        },
        BackendCase(name: "a query that waits for the host keeps no other lane waiting") { machine in
            let (enclave, chain) = try announcing(machine, queryLanes: 2)
            try whileAsking(enclave.queries[0], chain, machine.patience) {
                let answer = try enclave.queries[1].query(question(at: 1), answering: QuietChain.copy(of: chain))
                try require(!answer.error.isEmpty, "no answer beside it")
                _ = try enclave.withControl { try $0.health() }
            }
        },
        BackendCase(name: "a query that was given up ends, and its lane takes the next") { machine in
            let (enclave, chain) = try announcing(machine)
            // Whether it noticed in time to refuse is the enclave's affair.
            try whileAsking(enclave.queries[0], chain, machine.patience) {
                try enclave.withControl { try $0.abandonQuery(lane: 0, query: 1) }
            }
            _ = try enclave.queries[0].query(question(at: 1), answering: QuietChain.copy(of: chain))
        },
        BackendCase(name: "a query lane that was cut takes nobody with it") { machine in
            let (enclave, chain) = try announcing(machine, queryLanes: 2)
            enclave.queries[0].cut()
            try isLost { _ = try enclave.queries[0].query(question(at: 1), answering: chain) }
            _ = try enclave.queries[1].query(question(at: 1), answering: chain)
            _ = try enclave.withControl { try $0.health() }
            _ = try enclave.execution.endBlock()
        },
        BackendCase(name: "threads that share the control lane each get their own answer") { machine in
            let (enclave, _, _) = try opened(machine)
            let answers = Atomic<Int>(0)
            DispatchQueue.concurrentPerform(iterations: 16) { _ in
                if (try? enclave.withControl { try $0.health().headHeight }) == 0 { answers.add(1, ordering: .relaxed) }
            }
            try require(answers.load(ordering: .relaxed) == 16, "some got none")
        },
    ]

    // MARK: - Endings

    private static let endings: [BackendCase] = [
        BackendCase(name: "the end of an enclave is told once, and every lane is lost") { machine in
            let (enclave, _, chain) = try announced(machine)
            let told = Atomic<Int>(0)
            let end = DispatchSemaphore(value: 0)
            enclave.onEnd = { _ in
                told.add(1, ordering: .relaxed)
                end.signal()
            }
            try machine.kill()
            try require(end.wait(timeout: .now() + machine.patience) == .success, "nobody was told")
            try isLost { _ = try enclave.withControl { try $0.health() } }
            try isLost { _ = try enclave.execution.beginBlock(chain.next(), answering: chain) }
            try isLost { _ = try enclave.queries[0].query(question(at: 1), answering: chain) }
            try require(told.load(ordering: .relaxed) == 1, "told \(told.load(ordering: .relaxed)) times")
            let later = DispatchSemaphore(value: 0)
            enclave.onEnd = { _ in later.signal() }
            try require(later.wait(timeout: .now() + machine.patience) == .success, "who asked later was not told")
        },
        BackendCase(name: "who comes after the end is told, too") { machine in
            let enclave = try machine.start(queryLanes: 1)
            try machine.kill()
            // Whatever held it is gone at once, and it a moment later.
            let deadline = DispatchTime.now() + machine.patience
            while (try? enclave.withControl { try $0.health() }) != nil, DispatchTime.now() < deadline { usleep(1_000) }
            try isLost { _ = try enclave.withControl { try $0.health() } }
            let end = DispatchSemaphore(value: 0)
            enclave.onEnd = { _ in end.signal() }
            try require(end.wait(timeout: .now() + machine.patience) == .success, "nobody was told")
        },
        BackendCase(name: "an enclave that was stopped has ended, and the machine is free") { machine in
            let (enclave, opened, chain) = try announced(machine)
            let end = DispatchSemaphore(value: 0)
            enclave.onEnd = { _ in end.signal() }
            enclave.stop()
            enclave.stop()
            try require(end.wait(timeout: .now() + machine.patience) == .success, "nobody was told")
            try isLost { _ = try enclave.withControl { try $0.health() } }
            let again = try machine.start(queryLanes: 1)
            _ = try again.withControl { try $0.unseal(opened.sealedRecord) }
            _ = chain
        },
        BackendCase(name: "a machine runs one enclave at a time") { machine in
            let (enclave, _, chain) = try opened(machine)
            do {
                let second = try machine.start(queryLanes: 1)
                second.stop()
                throw Violation(text: "two run")
            } catch is EnclaveError {}
            _ = try run(chain, on: enclave)
        },
    ]
}

extension QuietChain {
    /// For another thread.
    package static func copy(of chain: QuietChain) -> QuietChain {
        let copy = QuietChain()
        copy.state = chain.state
        return copy
    }
}
