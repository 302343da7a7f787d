import DecidedBlocks
import EnclaveProtocol
import Foundation
import LedgerRecords
import PublicCryptography
import Seeds
import SignedTransactions
import StateProofs
import Testing

extension HostileHostSuite {
    /// An honest session with one of its frames changed at random, ten thousand times.
    @Suite struct MutationTests {
        @Test("ten thousand mutations of an honest session are refused, or change nothing")
        func mutations() throws {
            var session = try MutatedSession(seed: 0x5eed_0001)
            while session.counts.total < 10_000 { try session.runInstance() }
            // Each kind of frame was reached, and most mutations were refused by a number.
            let counts = session.counts
            #expect(counts.begin > 300 && counts.chunk > 300 && counts.run > 100, "\(counts)")
            #expect(counts.answer > 300 && counts.query > 2_000 && counts.control > 100, "\(counts)")
            #expect(counts.refused > 7_000 && counts.changed == 0, "\(counts)")
        }
    }
}

/// Plays block 2 of a world, and queries in it, again and again, each time with one frame changed.
struct MutatedSession {
    struct Counts {
        var (begin, chunk, run, answer, query, control) = (0, 0, 0, 0, 0, 0)
        var (refused, closed, harmless, changed) = (0, 0, 0, 0)
        var total: Int { begin + chunk + run + answer + query + control }
    }

    private let world: World
    private let seed: UInt64
    private var numbers: SeededGenerator
    private(set) var counts = Counts()
    private var instances = 0

    // The honest frames.
    private let record: [UInt8]
    private let headerHash: [UInt8]
    private let first: [UInt8]
    private let chunk: [UInt8]
    private let run: [UInt8]
    private let queries: [[UInt8]]
    private var answers: [[UInt8]: [UInt8]] = [:]
    private var honestResult: FromEnclave?
    private var honestAnswers: [[UInt8]: FromEnclave] = [:]

    init(seed: UInt64) throws {
        world = try World()
        self.seed = seed
        numbers = SeededGenerator(seed: seed)
        world.enclave.kill()
        let transaction = world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])
        let block = try world.chain.decide([transaction])
        record = try ToEnclave.unseal(world.records[1]!).encoded()
        headerHash = block.header.hash().bytes
        first = try ToEnclave.beginBlock(block.begin).encoded()
        var blockChunk = BlockChunk()
        blockChunk.transactions = [transaction]
        chunk = try ToEnclave.blockChunk(blockChunk).encoded()
        var request = RunTransaction()
        request.prefetched = try [
            world.host.prove(StoreName.account, [AccountStore.accountKey(world.alice.address)], at: 1)
        ]
        run = try ToEnclave.runTransaction(request).encoded()

        var query = ContractQuery()
        query.contract = world.aliceCounter.bytes
        query.input = try world.alice.seal("{\"get_count\":{}}", for: world.aliceCounter, isBound: false)
        query.height = 1
        query.gasLimit = 1_000_000
        var ahead = query
        ahead.prefetched = try [
            world.host.prove(
                StoreName.compute,
                [
                    ComputeStore.contractKey(world.aliceCounter), ComputeStore.identityKey(world.aliceCounter),
                    ComputeStore.codeKey(1),
                ],
                at: 1)
        ]
        queries = [try ToEnclave.query(query).encoded(), try ToEnclave.query(ahead).encoded()]
    }

    // MARK: - One enclave

    /// Starts an enclave where the world stood after block 1 and drives it until its execution lane is closed and its
    /// query lanes have had their share; at last its control lane.
    mutating func runInstance() throws {
        instances += 1
        let enclave = try world.handEnclave("mutated", queryLanes: 16)
        defer { enclave.kill() }
        enclave.control.send(body: record)
        guard case .message(.opened) = enclave.control.receive() else {
            Issue.record("not opened: \(enclave.standardError)")
            return
        }
        guard case .blockBegun? = converse(enclave.execution, first, changing: nil)?.message else {
            Issue.record("not begun: \(enclave.standardError)")
            return
        }
        if honestResult == nil { try learn(on: enclave) }
        try driveQueries(of: enclave)
        driveExecution(of: enclave)
        expectWell(enclave)
        driveControl(of: enclave)
    }

    private var place: String { "seed \(seed), enclave \(instances), mutation \(counts.total)" }

    private mutating func expectWell(_ enclave: HandEnclave) {
        let isWell = (try? enclave.isWell()) ?? false
        #expect(isWell, "\(place): \(enclave.standardError)")
    }

    /// What an honest session comes to. The block's result is kept; the enclave is lost with it.
    private mutating func learn(on enclave: HandEnclave) throws {
        for query in queries { honestAnswers[query] = converse(enclave.queries[0], query, changing: nil)?.message }
        let other = try world.handEnclave("honest", queryLanes: 1)
        for body in [first, chunk] {
            if body == first {
                other.control.send(body: record)
                _ = other.control.receive()
            }
            _ = converse(other.execution, body, changing: nil)
        }
        honestResult = converse(other.execution, run, changing: nil)?.message
        other.kill()
        guard case .transactionRun(let result)? = honestResult, result.code == 0 else {
            Issue.record("no honest result")
            return
        }
    }

    // MARK: - Lanes

    private mutating func driveQueries(of enclave: HandEnclave) throws {
        for lane in enclave.queries.dropLast() {
            for _ in 0..<12 {
                let query = queries[Int.random(in: 0...1, using: &numbers)]
                let changed = Int.random(in: 0...3, using: &numbers)
                guard let end = converse(lane, query, changing: changed) else { break }
                guard case .queryAnswered(let answer) = end.message else { continue }
                guard case .queryAnswered(let honest)? = honestAnswers[query] else { return }
                // An answer for the caller is the honest one; else it is an error.
                note(isHonest: answer.data == honest.data || answer.data.isEmpty, wasChanged: end.wasChanged)
            }
        }
        let lane = enclave.queries[15]
        #expect(converse(lane, queries[0], changing: nil)?.message == honestAnswers[queries[0]], "\(place)")
    }

    private mutating func driveExecution(of enclave: HandEnclave) {
        let lane = enclave.execution
        var isBegun = true
        for _ in 0..<6 {
            if !isBegun {
                for _ in 0..<4 {
                    // What is asked then is what the journal holds of the run before.
                    let body = mutate(first, \.begin)
                    guard let end = converse(lane, body, changing: Bool.random(using: &numbers) ? nil : 1) else {
                        return
                    }
                    guard case .blockBegun(let begun) = end.message else { continue }
                    note(isHonest: begun.headerHash == headerHash, wasChanged: true)
                    isBegun = true
                    break
                }
                if !isBegun {
                    guard case .blockBegun? = converse(lane, first, changing: nil)?.message else { return }
                    isBegun = true
                }
            }
            for _ in 0..<4 {
                let body = mutate(chunk, \.chunk)
                guard let end = exchange(lane, body) else { return }
                guard case .chunkReceived(let count) = end else { continue }
                guard case .blockChunk(let taken)? = try? ToEnclave(decoding: body),
                    case .blockChunk(let honest)? = try? ToEnclave(decoding: chunk)
                else { return }
                note(
                    isHonest: Int(count) == taken.transactions.count
                        && (taken.transactions.isEmpty || taken.transactions == honest.transactions), wasChanged: true)
            }
            // Whether or not a chunk has arrived by now.
            _ = exchange(lane, chunk)
            for _ in 0..<3 {
                guard let end = converse(lane, mutate(run, \.run), changing: nil) else { return }
                guard case .transactionRun(let result) = end.message else { continue }
                note(isHonest: FromEnclave.transactionRun(result) == honestResult, wasChanged: true)
                return
            }
            // A question that is answered falsely ends the run of the block.
            guard let end = converse(lane, run, changing: Int.random(in: 1...3, using: &numbers)) else { return }
            if case .transactionRun(let result) = end.message {
                note(isHonest: FromEnclave.transactionRun(result) == honestResult, wasChanged: end.wasChanged)
                return
            }
            isBegun = false
        }
    }

    private mutating func driveControl(of enclave: HandEnclave) {
        let frames = [record, (try? ToEnclave.health.encoded()) ?? []]
        for _ in 0..<3 {
            let body = mutate(frames[Int.random(in: 0...1, using: &numbers)], \.control)
            guard let end = exchange(enclave.control, body) else { return }
            if case .health = end { note(isHonest: true, wasChanged: true) }
            if case .opened = end { note(isHonest: false, wasChanged: true) }
        }
    }

    private mutating func note(isHonest: Bool, wasChanged: Bool) {
        guard wasChanged else { return }
        if isHonest { counts.harmless += 1 } else { counts.changed += 1 }
        #expect(isHonest, "\(place)")
    }

    // MARK: - Frames

    /// Sends one frame; `nil` when the lane is closed.
    private mutating func exchange(_ lane: HandLane, _ body: [UInt8]) -> FromEnclave? {
        lane.send(body: body)
        return end(lane.receive(), of: lane)
    }

    /// Sends a call and answers what is asked for, honestly but for the frame of number `changed` (0 is the call).
    private mutating func converse(
        _ lane: HandLane, _ call: [UInt8], changing changed: Int?
    ) -> (message: FromEnclave, wasChanged: Bool)? {
        let host = world.host
        var number = 0
        lane.send(body: changed == 0 ? mutate(call, \.query) : call)
        while true {
            let (answer, body) = lane.receiveBody()
            switch answer {
            case .message(.readState(let read)):
                number += 1
                guard let honest = honestAnswer(to: body, { .state(try host.readState(read)) }) else {
                    return nil
                }
                lane.send(body: changed == number ? mutate(honest, \.answer) : honest)
            case .message(.readModule(let hash)):
                number += 1
                guard let honest = honestAnswer(to: body, { .module(try host.readModule(hash: hash)) }) else {
                    return nil
                }
                lane.send(body: changed == number ? mutate(honest, \.answer) : honest)
            case .message(.readJournal(let first, let count)):
                number += 1
                let fact = VouchedFact.admitted(index: 0).hash
                guard first == 0, count == 1, let honest = honestAnswer(to: body, { .journal([fact]) }) else {
                    return nil
                }
                lane.send(body: changed == number ? mutate(honest, \.answer) : honest)
            case .message(.readCode(let hash)):
                number += 1
                guard let honest = honestAnswer(to: body, { .code(try host.readCode(hash: hash)) }) else {
                    return nil
                }
                lane.send(body: changed == number ? mutate(honest, \.answer) : honest)
            default:
                return end(answer, of: lane).map { ($0, changed.map { $0 <= number } ?? false) }
            }
        }
    }

    private mutating func honestAnswer(to question: [UInt8], _ make: () throws -> ToEnclave) -> [UInt8]? {
        if let known = answers[question] { return known }
        answers[question] = try? make().encoded()
        return answers[question]
    }

    /// The last frame of a call; `nil` when the lane was closed, which it is behind a number.
    private mutating func end(_ answer: HandLane.Answer, of lane: HandLane) -> FromEnclave? {
        switch answer {
        case .message(.failure(let number)):
            let failure = Failure(rawValue: number)
            #expect(failure != nil, "\(place): number \(number)")
            counts.refused += 1
            guard failure?.closesLane == true else { return .failure(number) }
            counts.closed += 1
            #expect(lane.receive() == .closed, "\(place)")
            return nil
        case .message(let message):
            return message
        case .closed:
            Issue.record("\(place): closed without a number")
            return nil
        case .nothing:
            Issue.record("\(place): no answer")
            return nil
        }
    }

    /// `body` with one thing changed; never `body` itself.
    private mutating func mutate(_ body: [UInt8], _ counter: WritableKeyPath<Counts, Int>) -> [UInt8] {
        counts[keyPath: counter] += 1
        var mutant = body
        repeat {
            mutant = body
            guard !mutant.isEmpty else { return [UInt8.random(in: 0...255, using: &numbers)] }
            // The one execution lane is spared what no decoder takes, or it would close at once.
            let isSpared = counter != \.query && counter != \.control && Int.random(in: 0...9, using: &numbers) > 0
            let lowest = isSpared ? min(16, mutant.count - 1) : 0
            let position = Int.random(in: lowest..<mutant.count, using: &numbers)
            let rest = mutant.count - position
            // Most mutations leave the lengths right, so that they get past the decoder.
            switch Int.random(in: (isSpared ? 4 : 0)..<40, using: &numbers) {
            case 0: mutant.removeSubrange(position...)
            case 1: mutant.remove(at: position)
            case 2: mutant.insert(UInt8.random(in: 0...255, using: &numbers), at: position)
            case 3: mutant += mutant[position...]
            case 4...8:
                for index in position..<position + min(rest, 8) {
                    mutant[index] = UInt8.random(in: 0...255, using: &numbers)
                }
            case 9...12: mutant[position] = [0, 1, 0x7f, 0x80, 0xff][Int.random(in: 0...4, using: &numbers)]
            case 13...14:
                let other = Int.random(in: 0..<mutant.count, using: &numbers)
                mutant.swapAt(position, other)
            default: mutant[position] ^= 1 << UInt8.random(in: 0...7, using: &numbers)
            }
        } while mutant == body
        return mutant
    }
}
