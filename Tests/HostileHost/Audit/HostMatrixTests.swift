import BoundaryTap
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore
import TestSupport
import Testing
import WalletClient
import Wire

extension HostileHostSuite {
    /// Everything that a host says, said otherwise, and what the enclave makes of it: docs/security/hostile-host.md is
    /// made here and compared: one row of five, all with `CLOISTER_MATRIX=1`. `CLOISTER_WRITE_MATRIX=1` writes it.
    ///
    /// Each attempt has an enclave of its own, on a copy of one machine; the host is honest but for one frame.
    @Suite struct HostMatrixTests {
        private static let page = Repository.path("docs/security/hostile-host.md")
        private static let writes = ProcessInfo.processInfo.environment["CLOISTER_WRITE_MATRIX"] != nil
        /// A hundred enclaves take their time: all of it is for `make audit`, a part for every run of the tests.
        private static let isWhole = writes || ProcessInfo.processInfo.environment["CLOISTER_MATRIX"] != nil
        private static let oneOf = 5

        @Test(
            "each frame of a host, cut, padded, doubled, too long, stale, of another place, comes to what the page says"
        )
        func matrix() throws {
            let stage = try MatrixStage()
            let page = try String(contentsOfFile: HostMatrixTests.page, encoding: .utf8)
            let start = try #require(page.range(of: "<!-- seen: begin -->\n")).upperBound
            let stop = try #require(page.range(of: "<!-- seen: end -->")).lowerBound
            var rows = ["| frame | said otherwise | what comes of it |", "|---|---|---|"]
            let told = page[start..<stop].split(separator: "\n").dropFirst(2)
            for (number, attempt) in stage.attempts.enumerated() {
                let begun = "| \(attempt.frame) | \(attempt.fault) | "
                guard HostMatrixTests.isWhole || number % HostMatrixTests.oneOf == 0 else {
                    rows.append(String(told.first { $0.hasPrefix(begun) } ?? "\(begun)not on the page |"))
                    continue
                }
                rows.append("\(begun)\(try stage.outcome(of: attempt)) |")
            }
            let seen = rows.map { $0 + "\n" }.joined()
            if HostMatrixTests.writes {
                try page.replacingCharacters(in: start..<stop, with: seen)
                    .write(toFile: HostMatrixTests.page, atomically: true, encoding: .utf8)
            } else {
                #expect(String(page[start..<stop]) == seen, "CLOISTER_WRITE_MATRIX=1 writes what was seen")
            }
            // No frame of a host's goes without an attempt.
            let tried = Set(stage.attempts.map(\.frame))
            #expect(Set(DeclaredBoundary.committed.frames(.intoEnclave)).subtracting(tried) == [])
        }

        @Test("each frame of a host, cut, with a field more and longer than a frame, closes its lane and no other")
        func forms() throws {
            let folder = TemporaryFolder("forms")
            let lanes = 15
            var bodies = try HostMatrixTests.smallest.map { try $0.encoded() }
            // A frame of one field without a value is three bytes at most: cut within its tag and length.
            bodies.removeAll { $0.isEmpty }
            var attempts: [(bytes: [UInt8], failure: Failure, what: String)] = []
            for (body, message) in zip(bodies, HostMatrixTests.smallest) {
                attempts.append((HandLane.frame(Array(body.dropLast())), .malformedFrame, "\(message), cut"))
                attempts.append((HandLane.frame(body + [0xfa, 0x3e, 1, 1]), .malformedFrame, "\(message), padded"))
                attempts.append(([1, 0, 0, 1] + body, .frameTooLong, "\(message), too long"))
            }
            for start in stride(from: 0, to: attempts.count, by: lanes) {
                let enclave = try HandEnclave(state: folder.path("platform"), queryLanes: lanes)
                for (lane, attempt) in zip(enclave.queries, attempts[start...]) {
                    lane.send(raw: attempt.bytes)
                    #expect(lane.receive() == .message(.failure(attempt.failure.rawValue)), "\(attempt.what)")
                    #expect(lane.receive() == .closed, "\(attempt.what)")
                }
                #expect(try enclave.isWell())
                enclave.kill()
            }
        }

        private static let identity = ChainIdentity(
            chainID: "forms-1", genesisSeconds: 1_700_000_000, genesisNanoseconds: 0, initialHeight: 1,
            initialValidatorsHash: Array(repeating: 7, count: 32),
            attestationRoots: [.init(name: "simulated", spkiSHA256: Array(repeating: 9, count: 32), kind: .simulated)],
            profile: .development)

        /// Everything that a host can say, as small as it can be.
        private static let smallest: [ToEnclave] = [
            .hello(Hello(lane: .control, version: 1, manifestHash: [])), .bootstrap(identity), .unseal([1]), .health,
            .takeModule, .abandonQuery(lane: 0, query: 1), .makeConsensusKey,
            .importConsensusKey(ImportedConsensusKey()), .openConsensusKey([]), .signVote(VoteToSign(kind: .prevote)),
            .handOverKey(KeyHandOver(registration: StateProof(store: "register", keys: [], values: [], proof: []))),
            .takeOverKey([]), .makeEvidence(RegistrationRequest(identity: identity)),
            .join(JoinRequest(identity: identity, beginning: .genesis)), .lease,
            .makeFoundingEvidence(
                FounderRequest(
                    founding: FoundingProposal(identity: identity, policy: [], draftHash: [], certificates: []))),
            .found(FoundingProposal(identity: identity, policy: [], draftHash: [], certificates: [])),
            .openFounded(
                FounderOpening(
                    founding: FoundingProposal(identity: identity, policy: [], draftHash: [], certificates: []))),
            .beginBlock(BeginBlock()),
            .blockChunk(BlockChunk()), .runTransaction(RunTransaction()), .endBlock, .advance(Advance()),
            .query(ContractQuery()), .state([]), .code([]), .ledgerMessage(LedgerMessageResult()), .scopeReverted,
            .module([]), .journal([]), .headers([]),
        ]
    }
}

/// One machine with a chain decided three blocks ahead of its sealed record, and what a host may do wrong there.
private final class MatrixStage {
    struct Attempt {
        let frame: String
        let fault: String
        /// Whether the enclave is in its network already.
        var isOpen = true
        /// Where the machine's platform is to stand.
        var base = "base"
        let body: (Cell) throws -> Void
    }

    /// An enclave on a copy of the machine, and an honest host.
    struct Cell {
        let enclave: EnclaveProcess
        let host: PlayedHost
        let stage: MatrixStage

        func begin(_ change: (inout BeginBlock) -> Void = { _ in }) throws {
            try host.begin(stage.first, changing: change)
        }

        func run() throws {
            try begin()
            try host.hand()
            for index in stage.first.transactions.indices { try host.run(index) }
        }

        /// As far as an answer to a query.
        func play() throws {
            try host.play(stage.first)
            try host.play(stage.second)
        }

        func ask(_ change: (inout ContractQuery) -> Void = { _ in }) throws {
            let world = stage.puppets.world
            var query = ContractQuery()
            query.contract = world.aliceCounter.bytes
            query.input = try world.alice.seal("{\"get_count\":{}}", for: world.aliceCounter, isBound: false)
            query.height = stage.first.height
            query.gasLimit = 1_000_000
            change(&query)
            _ = try enclave.queries[0].query(query, answering: host)
        }

        func forge(_ frame: String, _ bytes: @escaping @Sendable ([UInt8]) -> [UInt8]) {
            enclave.tap.forge(frame, bytes)
        }
    }

    let puppets: PuppetWorld
    let other: World
    private(set) var first: DecidedBlock
    private(set) var second: DecidedBlock
    private(set) var third: DecidedBlock
    private(set) var fourth: DecidedBlock
    private let record: [UInt8]
    private let consensusKey: ConsensusKey
    private let journal: [[UInt8]]
    private var number = 0

    private var world: World { puppets.world }

    init() throws {
        puppets = try PuppetWorld()
        other = try World()
        for _ in 0..<6 { try other.play([]) }
        let (world, alice) = (puppets.world, puppets.alice)
        try world.play([alice.sign([alice.send(500, to: puppets.two)])])
        try world.play([])
        consensusKey = try world.enclave.control.makeConsensusKey()
        _ = try world.enclave.control.openConsensusKey(consensusKey.sealedKey)
        record = world.records[world.chain.height]!
        world.enclave.kill()
        let copies = FileManager.default
        try copies.copyItem(atPath: world.path("platform"), toPath: world.path("base"))
        // A call that pays and takes it back, pays, and reads; and one beside it.
        let fails = Told.execute(puppets.one, "{\"fail\":\"no\"}")
        let pays = Told.send(5, to: world.mallory.address)
        let undone = Told.execute(puppets.two, Told.respond([pays, fails]), replyOn: "always")
        let paid = Told.execute(puppets.two, Told.respond([pays]))
        first = try world.chain.decide([
            alice.sign([try alice.tell(puppets.one, Told.respond([undone, paid]))], gas: 1_000_000),
            world.mallory.sign([try world.mallory.execute(world.malloryCounter, "{\"increment\":{}}")]),
        ])
        let enclave = try EnclaveProcess(state: world.path("platform"))
        _ = try enclave.control.unseal(record)
        let host = try PlayedHost(
            world.chain, lane: enclave.execution, machine: OpenedMachine(world.opened, at: world.path("base")))
        try host.begin(first)
        try host.hand()
        for index in first.transactions.indices { try host.run(index) }
        journal = host.journal
        // What is left of a machine that lost its power here.
        enclave.kill()
        try copies.copyItem(atPath: world.path("platform"), toPath: world.path("begun"))
        let again = try EnclaveProcess(state: world.path("platform"))
        _ = try again.control.unseal(record)
        host.lane = again.execution
        try host.play(first, journal: journal)
        second = try world.chain.decide([])
        try host.play(second)
        third = try world.chain.decide([])
        try host.play(third)
        fourth = try world.chain.decide([])
        try host.play(fourth)
        again.kill()
        try copies.copyItem(atPath: world.path("platform"), toPath: world.path("ahead"))
    }

    func outcome(of attempt: Attempt) throws -> String {
        number += 1
        let state = world.path("cell-\(number)")
        try FileManager.default.copyItem(atPath: world.path(attempt.base), toPath: state)
        let enclave = try EnclaveProcess(state: state)
        defer {
            enclave.kill()
            try? FileManager.default.removeItem(atPath: state)
        }
        do {
            if attempt.isOpen { _ = try enclave.control.unseal(record) }
            let host = try PlayedHost(
                world.chain, lane: enclave.execution, machine: OpenedMachine(world.opened, at: world.path("base")))
            try attempt.body(Cell(enclave: enclave, host: host, stage: self))
            return "taken"
        } catch EnclaveError.refused(let failure) {
            return "\(failure) (\(failure.rawValue))"
        } catch EnclaveError.lost {
            return "the lane closes"
        }
    }
}

// MARK: - The attempts

extension MatrixStage {
    var attempts: [Attempt] { ofBlocks + ofState + ofOtherAnswers + ofJournals + ofQueries + ofKeys + ofBeginnings }

    private var height: Int64 { Int64(first.height) }

    private var ofBlocks: [Attempt] {
        let begin = "EnclaveBeginBlockRequest"
        let (chunk, run, end) = ("EnclaveBlockChunkRequest", "EnclaveRunTransactionRequest", "EnclaveEndBlockRequest")
        let advance = "EnclaveAdvanceRequest"
        return [
            Attempt(frame: begin, fault: "stale: the block at the head") { cell in
                try cell.host.begin(try #require(cell.stage.world.chain.blocks[cell.stage.height - 1]))
            },
            Attempt(frame: begin, fault: "reordered: the block after the next") { try $0.host.begin($0.stage.second) },
            Attempt(frame: begin, fault: "doubled") {
                try $0.begin()
                try $0.begin()
            },
            Attempt(frame: begin, fault: "of another chain") {
                try $0.host.begin(try #require($0.stage.other.chain.blocks[$0.stage.height]))
            },
            Attempt(frame: begin, fault: "of a chain of another name, signed by the same validators") { cell in
                var header = cell.stage.first.header
                header.chainID = "another-1"
                let commit = cell.stage.world.chain.commit(header, signers: [0, 1, 2, 3])
                try cell.begin { ($0.header, $0.commit) = (header.protobuf, commit.protobuf) }
            },
            Attempt(frame: begin, fault: "with the commit of another block") { cell in
                try cell.begin { $0.commit = cell.stage.second.commit.protobuf }
            },
            Attempt(frame: begin, fault: "with one signature of four") { cell in
                let header = cell.stage.first.header
                try cell.begin { $0.commit = cell.stage.world.chain.commit(header, signers: [0]).protobuf }
            },
            Attempt(frame: begin, fault: "with a header that was changed") { cell in
                try cell.begin { $0.header[$0.header.count - 1] ^= 1 }
            },
            Attempt(frame: begin, fault: "with a store's root left out") { cell in
                try cell.begin { $0.storeRoots.removeLast() }
            },
            Attempt(frame: begin, fault: "with transactions in another order") { cell in
                try cell.begin { $0.transactionHashes.reverse() }
            },
            Attempt(frame: begin, fault: "with a result of before left out") { cell in
                try cell.begin { $0.previousResults = [SHA256.hash([1]).bytes] }
            },
            Attempt(frame: chunk, fault: "reordered") {
                try $0.begin()
                try $0.host.hand($0.stage.first.transactions.reversed())
            },
            Attempt(frame: chunk, fault: "stale: transactions of an earlier block") {
                try $0.begin()
                try $0.host.hand(try #require($0.stage.world.chain.blocks[1]).transactions)
            },
            Attempt(frame: chunk, fault: "doubled") {
                try $0.begin()
                try $0.host.hand()
                try $0.host.hand()
            },
            Attempt(frame: chunk, fault: "before a block") { try $0.enclave.execution.sendTransactions([[1]]) },
            Attempt(frame: run, fault: "reordered") {
                try $0.begin()
                try $0.host.hand()
                try $0.host.run(1)
                try $0.host.run(0)
            },
            Attempt(frame: run, fault: "doubled") {
                try $0.begin()
                try $0.host.hand()
                try $0.host.run(0)
                try $0.host.run(0)
            },
            Attempt(frame: run, fault: "before the transaction is there") {
                try $0.begin()
                try $0.host.run(0)
            },
            Attempt(frame: run, fault: "of a transaction that the block has not") {
                try $0.begin()
                try $0.host.hand()
                try $0.host.run(7)
            },
            Attempt(frame: end, fault: "before a block") { _ = try $0.enclave.execution.endBlock() },
            Attempt(frame: end, fault: "doubled") {
                try $0.run()
                _ = try $0.enclave.execution.endBlock()
                _ = try $0.enclave.execution.endBlock()
            },
            Attempt(frame: end, fault: "without a transaction that ran elsewhere; then the next block") {
                try $0.begin()
                try $0.host.hand()
                _ = try $0.enclave.execution.endBlock()
                try $0.host.begin($0.stage.second)
            },
            Attempt(frame: advance, fault: "stale") { cell in
                let stale = try #require(cell.stage.world.chain.blocks[cell.stage.height - 1])
                _ = try cell.enclave.execution.advance(stale.advance)
            },
            Attempt(frame: advance, fault: "of another chain") {
                let block = try #require($0.stage.other.chain.blocks[$0.stage.height])
                _ = try $0.enclave.execution.advance(block.advance)
            },
            Attempt(frame: advance, fault: "with the commit of another block") {
                var advance = $0.stage.second.advance
                advance.commit = $0.stage.third.commit.protobuf
                _ = try $0.enclave.execution.advance(advance)
            },
            Attempt(frame: advance, fault: "in the middle of a block") {
                try $0.begin()
                _ = try $0.enclave.execution.advance($0.stage.second.advance)
            },
        ]
    }

    private var ofState: [Attempt] {
        let state = "HostReadStateResponse"
        func trick(
            _ fault: String, _ lie: @escaping (Cell, StateRead, [StateProof]) throws -> [StateProof]
        ) -> Attempt {
            Attempt(frame: state, fault: fault) { cell in
                cell.host.tricks.readState = { try lie(cell, $0, $1) }
                try cell.run()
            }
        }
        return [
            trick("stale: of an earlier state") { cell, read, _ in
                try read.reads.map { try cell.host.prove($0.store, $0.keys, at: 1) }
            },
            trick("of another chain") { cell, read, _ in
                try read.reads.map { try cell.stage.other.host.prove($0.store, $0.keys, at: 1) }
            },
            trick("of another key") { cell, read, _ in
                try read.reads.map { try cell.host.prove($0.store, $0.keys.map { $0 + [1] }, at: read.version) }
            },
            trick("of another store") { cell, read, honest in
                try read.reads.map {
                    let other = $0.store == StoreName.bank ? StoreName.account : StoreName.bank
                    return try cell.host.prove(other, $0.keys, at: read.version)
                }
            },
            trick("that there is no such value") { _, _, honest in
                honest.map { proof in
                    var proof = proof
                    proof.values = proof.values.map { _ in nil }
                    return proof
                }
            },
            trick("with a value that was changed") { _, _, honest in
                honest.map { proof in
                    var proof = proof
                    proof.values = proof.values.map { $0.map { [($0.first ?? 0) ^ 1] + $0.dropFirst() } ?? [1] }
                    return proof
                }
            },
            trick("cut: a proof without its end") { _, _, honest in
                honest.map { proof in
                    var proof = proof
                    proof.proof = proof.proof.dropLast()
                    return proof
                }
            },
            trick("fewer answers than questions") { _, _, honest in honest.dropLast() },
            trick("more answers than questions") { _, _, honest in honest + honest.suffix(1) },
            Attempt(frame: state, fault: "doubled") { cell in
                cell.forge(state) { HandLane.frame($0) + HandLane.frame($0) }
                try cell.run()
            },
            Attempt(frame: state, fault: "of another type") { cell in
                cell.forge(state) { _ in HandLane.frame(MatrixStage.scopeReverted) }
                try cell.run()
            },
        ]
    }

    /// A frame that says that a scope is reverted, and one that shows no journal.
    private static let scopeReverted: [UInt8] = [0x8a, 0x02, 0]
    private static let noJournal: [UInt8] = [0x9a, 0x02, 0]

    private var ofOtherAnswers: [Attempt] {
        let (code, module) = ("HostReadCodeResponse", "HostReadModuleResponse")
        let (ledger, revert) = ("HostRunLedgerMessageResponse", "HostRevertScopeResponse")
        func ledgerTrick(_ fault: String, _ lie: @escaping (inout LedgerMessageResult) -> Void) -> Attempt {
            Attempt(frame: ledger, fault: fault + "; then the next block") { cell in
                cell.host.tricks.ledger = { _, honest in
                    var result = honest
                    lie(&result)
                    return result
                }
                try cell.run()
                _ = try cell.enclave.execution.endBlock()
                try cell.host.begin(cell.stage.second)
            }
        }
        return [
            Attempt(frame: code, fault: "of another id") { cell in
                cell.host.tricks.readCode = { _, _ in ProbeContract.code }
                try cell.run()
            },
            Attempt(frame: code, fault: "cut") { cell in
                cell.host.tricks.readCode = { _, honest in honest.dropLast() }
                try cell.run()
            },
            Attempt(frame: code, fault: "empty") { cell in
                cell.host.tricks.readCode = { _, _ in [] }
                try cell.run()
            },
            Attempt(frame: code, fault: "of another type") { cell in
                cell.forge(code) { _ in HandLane.frame(MatrixStage.scopeReverted) }
                try cell.run()
            },
            Attempt(frame: module, fault: "that no enclave of this machine sealed: passed over") { cell in
                cell.host.tricks.readModule = { _, _ in [UInt8](repeating: 7, count: 10_000) }
                try cell.run()
            },
            Attempt(frame: module, fault: "of another type") { cell in
                cell.forge(module) { _ in HandLane.frame(MatrixStage.scopeReverted) }
                try cell.run()
            },
            ledgerTrick("that it failed") { ($0.code, $0.codespace, $0.log) = (5, "sdk", "insufficient funds") },
            ledgerTrick("with other data") { $0.data = [1] },
            Attempt(frame: ledger, fault: "doubled") { cell in
                cell.forge(ledger) { HandLane.frame($0) + HandLane.frame($0) }
                try cell.run()
            },
            Attempt(frame: ledger, fault: "of another type") { cell in
                cell.forge(ledger) { _ in HandLane.frame(MatrixStage.scopeReverted) }
                try cell.run()
            },
            Attempt(frame: revert, fault: "doubled") { cell in
                cell.forge(revert) { HandLane.frame($0) + HandLane.frame($0) }
                try cell.run()
            },
            Attempt(frame: revert, fault: "of another type") { cell in
                cell.forge(revert) { _ in HandLane.frame(MatrixStage.noJournal) }
                try cell.run()
            },
        ]
    }

    private var ofJournals: [Attempt] {
        let (journal, headers) = ("HostReadJournalResponse", "HostReadHeadersResponse")
        func ofJournal(_ fault: String, _ lie: @escaping ([Hash32]) -> [Hash32]) -> Attempt {
            Attempt(frame: journal, fault: fault, base: "begun") { cell in
                cell.host.tricks.journal = { _, honest in lie(honest) }
                try cell.host.begin(cell.stage.first, journal: cell.stage.journal)
            }
        }
        func ofHeaders(_ fault: String, _ lie: @escaping (MatrixStage, [[UInt8]]) -> [[UInt8]]) -> Attempt {
            Attempt(frame: headers, fault: fault, base: "ahead") { cell in
                cell.host.tricks.headers = { _, honest in lie(cell.stage, honest) }
                try cell.host.begin(cell.stage.first, next: cell.stage.second)
            }
        }
        return [
            ofJournal("stale: none") { _ in [] }, ofJournal("cut") { $0.dropLast() },
            ofJournal("reordered") { $0.reversed() }, ofJournal("of another id") { $0.map { _ in SHA256.hash([1]) } },
            ofJournal("with one doubled") { $0 + $0.suffix(1) },
            Attempt(frame: "HostRunLedgerMessageResponse", fault: "another than before the power failed", base: "begun")
            {
                try $0.host.begin($0.stage.first, journal: $0.stage.journal)
                try $0.host.hand()
                $0.host.tricks.ledger = { _, honest in
                    var result = honest
                    (result.code, result.codespace) = (5, "sdk")
                    return result
                }
                try $0.host.run(0)
            },
            Attempt(
                frame: "EnclaveBeginBlockRequest", fault: "behind the journal, without what proves it", base: "ahead"
            ) {
                try $0.begin()
            },
            ofHeaders("none") { _, _ in [] }, ofHeaders("reordered") { $1.reversed() },
            ofHeaders("cut: the last one missing") { _, honest in honest.dropLast() },
            ofHeaders("of another chain") { stage, honest in
                honest.map { _ in stage.other.chain.headers[1]?.protobuf ?? [] }
            },
        ]
    }

    private var ofQueries: [Attempt] {
        let query = "EnclaveQueryRequest"
        func asked(_ fault: String, _ change: @escaping (MatrixStage, inout ContractQuery) throws -> Void) -> Attempt {
            Attempt(frame: query, fault: fault) { cell in
                try cell.play()
                var failure: (any Error)?
                try cell.ask { query in
                    do { try change(cell.stage, &query) } catch { failure = error }
                }
                if let failure { throw failure }
            }
        }
        return [
            Attempt(frame: query, fault: "before a block since the start") { try $0.ask() },
            asked("stale: of a state of before") { $1.height -= 1 },
            asked("of a state that is not proved yet") { $1.height += 1 },
            asked("of no contract: an error for the caller") { $1.contract = [UInt8](repeating: 1, count: 20) },
            asked("of a contract with an address that is none") { $1.contract = [1] },
            asked("encrypted for another network: an error for the caller") { stage, query in
                let (contract, alice) = (stage.world.aliceCounter!, stage.other.alice)
                query.input = try alice.seal("{\"get_count\":{}}", for: contract, isBound: false)
            },
            asked("cut: an input without its end: an error for the caller") { $1.input = $1.input.dropLast() },
            asked("with more gas than the enclave gives: taken with its own most") { $1.gasLimit = .max },
            Attempt(frame: "EnclaveAbandonQueryRequest", fault: "of a lane that there is not") {
                try $0.enclave.control.abandonQuery(lane: 9, query: 1)
            },
        ]
    }

    private func vote(_ height: UInt64, round: UInt32 = 0, block: UInt8 = 1) -> VoteToSign {
        var vote = VoteToSign(kind: .precommit, height: height, round: round, seconds: 1)
        vote.blockHash = [UInt8](repeating: block, count: 32)
        (vote.partsTotal, vote.partsHash) = (1, vote.blockHash)
        return vote
    }

    private var ofKeys: [Attempt] {
        let (sign, open) = ("EnclaveSignVoteRequest", "EnclaveOpenConsensusKeyRequest")
        let next = UInt64(height)
        func signing(_ fault: String, _ votes: [VoteToSign]) -> Attempt {
            Attempt(frame: sign, fault: fault) { cell in
                _ = try cell.enclave.control.openConsensusKey(cell.stage.consensusKey.sealedKey)
                for vote in votes { _ = try cell.enclave.control.sign(vote) }
            }
        }
        let registration = StateProof(store: StoreName.register, keys: [], values: [], proof: [])
        return [
            signing("doubled: the same signature", [vote(next), vote(next)]),
            signing("of another block for the same place", [vote(next), vote(next, block: 2)]),
            signing("reordered: of an earlier round", [vote(next, round: 2), vote(next, round: 1)]),
            signing("stale: of an earlier height", [vote(next), vote(next - 1)]),
            signing("of a height that is not the next", [vote(next + 3)]),
            signing(
                "cut: a hash without its end",
                [
                    {
                        var vote = vote(next); vote.blockHash.removeLast(); return vote
                    }()
                ]),
            Attempt(frame: sign, fault: "before a key is open") {
                _ = try $0.enclave.control.sign($0.stage.vote(next))
            },
            Attempt(frame: open, fault: "changed") {
                var key = $0.stage.consensusKey.sealedKey
                key[key.count - 1] ^= 1
                _ = try $0.enclave.control.openConsensusKey(key)
            },
            Attempt(frame: open, fault: "doubled") { cell in
                for _ in 0..<2 { _ = try cell.enclave.control.openConsensusKey(cell.stage.consensusKey.sealedKey) }
            },
            Attempt(frame: open, fault: "of another machine") {
                let key = try $0.stage.other.enclave.control.makeConsensusKey()
                _ = try $0.enclave.control.openConsensusKey(key.sealedKey)
            },
            Attempt(frame: "EnclaveMakeConsensusKeyRequest", fault: "doubled: a second key") {
                _ = try $0.enclave.control.makeConsensusKey()
            },
            Attempt(frame: "EnclaveImportConsensusKeyRequest", fault: "beside a key") {
                _ = try $0.enclave.control.importConsensusKey(
                    ImportedConsensusKey(privateKey: [UInt8](repeating: 1, count: 32)))
            },
            Attempt(frame: "EnclaveHandOverKeyRequest", fault: "to an enclave that no chain let in") {
                _ = try $0.enclave.control.openConsensusKey($0.stage.consensusKey.sealedKey)
                _ = try $0.enclave.control.handOverKey(
                    KeyHandOver(
                        sealedKey: $0.stage.consensusKey.sealedKey, registrationKey: [UInt8](repeating: 1, count: 32),
                        registration: registration))
            },
            Attempt(frame: "EnclaveTakeOverKeyRequest", fault: "of nobody") {
                _ = try $0.enclave.control.takeOverKey([UInt8](repeating: 1, count: 100))
            },
        ]
    }

    private var ofBeginnings: [Attempt] {
        let unseal = "EnclaveUnsealRequest"
        var foreign = world.chain.identity
        foreign.chainID = "another-1"
        let (identity, stranger) = (world.chain.identity, foreign)
        func proposal(_ identity: ChainIdentity) -> FoundingProposal {
            FoundingProposal(identity: identity, policy: [], draftHash: [], certificates: [])
        }
        return [
            Attempt(frame: unseal, fault: "stale; then the block after it", isOpen: false) {
                _ = try $0.enclave.control.unseal(try #require($0.stage.world.records[1]))
                try $0.host.begin(try #require($0.stage.world.chain.blocks[2]))
            },
            Attempt(frame: unseal, fault: "of another machine", isOpen: false) {
                _ = try $0.enclave.control.unseal(try #require($0.stage.other.records[1]))
            },
            Attempt(frame: unseal, fault: "changed", isOpen: false) {
                var record = $0.stage.record
                record[record.count - 1] ^= 1
                _ = try $0.enclave.control.unseal(record)
            },
            Attempt(frame: unseal, fault: "cut", isOpen: false) {
                _ = try $0.enclave.control.unseal($0.stage.record.dropLast())
            },
            Attempt(frame: unseal, fault: "doubled", isOpen: false) { cell in
                for _ in 0..<2 { _ = try cell.enclave.control.unseal(cell.stage.record) }
            },
            Attempt(frame: "EnclaveBootstrapRequest", fault: "in a network that there is") {
                _ = try $0.enclave.control.bootstrap(identity)
            },
            Attempt(frame: "EnclaveJoinRequest", fault: "in a network that there is") {
                _ = try $0.enclave.control.join(JoinRequest(identity: identity, beginning: .genesis))
            },
            Attempt(frame: "EnclaveRegistrationRequest", fault: "in a network that there is") {
                _ = try $0.enclave.control.makeEvidence(RegistrationRequest(identity: identity))
            },
            Attempt(frame: "EnclaveRegistrationRequest", fault: "cut: without a header", isOpen: false) {
                _ = try $0.enclave.control.makeEvidence(RegistrationRequest(identity: stranger))
            },
            Attempt(frame: "EnclaveJoinRequest", fault: "with seeds of nobody", isOpen: false) {
                _ = try $0.enclave.control.join(
                    JoinRequest(
                        identity: identity, seedExchangePublicKey: [UInt8](repeating: 9, count: 32),
                        encryptedSeed: [UInt8](repeating: 1, count: 200), beginning: .genesis,
                        networkEvidence: [UInt8](repeating: 1, count: 100)))
            },
            Attempt(frame: "EnclaveJoinRequest", fault: "with another network's evidence", isOpen: false) {
                let opened = $0.stage.other.opened
                _ = try $0.enclave.control.join(
                    JoinRequest(
                        identity: identity, seedExchangePublicKey: opened.seedExchangePublicKey,
                        encryptedSeed: [UInt8](repeating: 1, count: 200), beginning: .genesis,
                        networkEvidence: opened.evidence))
            },
            Attempt(frame: "EnclaveFoundingEvidenceRequest", fault: "with a key of nobody", isOpen: false) {
                _ = try $0.enclave.control.makeFoundingEvidence(
                    FounderRequest(founding: proposal(stranger), sealedConsensusKey: [1], power: 1))
            },
            Attempt(frame: "EnclaveFoundRequest", fault: "without founders", isOpen: false) {
                _ = try $0.enclave.control.found(proposal(stranger))
            },
            Attempt(frame: "EnclaveOpenFoundedRequest", fault: "with seeds of nobody", isOpen: false) {
                _ = try $0.enclave.control.openFounded(FounderOpening(founding: proposal(stranger)))
            },
            Attempt(frame: "EnclaveBootstrapRequest", fault: "of a chain without validators", isOpen: false) {
                var none = identity
                none.initialValidatorsHash = []
                _ = try $0.enclave.control.bootstrap(none)
            },
            Attempt(frame: "EnclaveFoundingEvidenceRequest", fault: "in a network that there is") {
                _ = try $0.enclave.control.makeFoundingEvidence(FounderRequest(founding: proposal(identity)))
            },
            Attempt(frame: "EnclaveFoundRequest", fault: "in a network that there is") {
                _ = try $0.enclave.control.found(proposal(identity))
            },
            Attempt(frame: "EnclaveOpenFoundedRequest", fault: "in a network that there is") {
                _ = try $0.enclave.control.openFounded(FounderOpening(founding: proposal(identity)))
            },
            Attempt(frame: "Hello", fault: "a second one") { cell in
                let hello = Hello(
                    lane: .control, version: BoundaryProtocol.version, manifestHash: BoundaryProtocol.manifestHash)
                let body = try ToEnclave.hello(hello).encoded()
                cell.forge("EnclaveHealthRequest") { _ in HandLane.frame(body) }
                _ = try cell.enclave.control.health()
            },
            Attempt(frame: "EnclaveHealthRequest", fault: "of another type") { cell in
                cell.forge("EnclaveHealthRequest") { _ in HandLane.frame(MatrixStage.noJournal) }
                _ = try cell.enclave.control.health()
            },
            Attempt(frame: "EnclaveLeaseRequest", fault: "doubled: told twice") { cell in
                for _ in 0..<2 { _ = try cell.enclave.control.lease() }
            },
            Attempt(frame: "EnclaveTakeModuleRequest", fault: "of another type") { cell in
                cell.forge("EnclaveTakeModuleRequest") { _ in HandLane.frame(MatrixStage.scopeReverted) }
                _ = try cell.enclave.control.takeModule()
            },
        ]
    }
}
