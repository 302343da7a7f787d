import Attestation
import DecidedBlocks
import EnclaveProtocol
import Glibc
import TestSupport
import Testing

extension HostileHostSuite {
    /// A host that drives the sockets by hand: every refusal is a number with one meaning, and nothing hangs.
    @Suite struct ByHandTests {
        let folder: TemporaryFolder

        init() throws { folder = TemporaryFolder("by-hand") }

        private func start(greeting: Bool = true) throws -> HandEnclave {
            try HandEnclave(state: folder.path("platform"), greeting: greeting)
        }

        private func expect(
            _ failure: Failure, closing lane: HandLane, _ what: String = "",
            sourceLocation: SourceLocation = #_sourceLocation
        ) {
            #expect(lane.receive() == .message(.failure(failure.rawValue)), "\(what)", sourceLocation: sourceLocation)
            #expect(lane.receive() == .closed, "\(what)", sourceLocation: sourceLocation)
        }

        private static let identity = ChainIdentity(
            chainID: "by-hand-1", genesisSeconds: 1_700_000_000, genesisNanoseconds: 0, initialHeight: 1,
            initialValidatorsHash: Array(repeating: 7, count: 32),
            attestationRoots: [.init(name: "simulated", spkiSHA256: Array(repeating: 9, count: 32), kind: .simulated)],
            profile: .development)

        /// Every call and every answer, each as small as it can be.
        private static let everything: [ToEnclave] = [
            .hello(Hello(lane: .control, version: 1, manifestHash: [])), .bootstrap(identity),
            .unseal([1]), .health, .beginBlock(BeginBlock()), .blockChunk(BlockChunk()),
            .runTransaction(RunTransaction()), .endBlock, .query(ContractQuery()), .state([]), .code([]),
            .ledgerMessage(LedgerMessageResult()), .scopeReverted, .takeModule, .module([]),
            .abandonQuery(lane: 0, query: 1), .journal([]), .headers([]), .makeConsensusKey,
            .importConsensusKey(ImportedConsensusKey()), .openConsensusKey([]), .signVote(VoteToSign(kind: .prevote)),
            .handOverKey(KeyHandOver(registration: StateProof(store: "register", keys: [], values: [], proof: []))),
            .takeOverKey([]),
        ]

        private func calls(of kind: LaneKind, _ message: ToEnclave) -> Bool {
            switch (kind, message) {
            case (.control, .bootstrap), (.control, .unseal), (.control, .health), (.control, .takeModule),
                (.control, .abandonQuery), (.control, .makeConsensusKey), (.control, .importConsensusKey),
                (.control, .openConsensusKey), (.control, .signVote), (.control, .handOverKey),
                (.control, .takeOverKey):
                true
            case (.execution, .beginBlock), (.execution, .blockChunk), (.execution, .runTransaction): true
            case (.execution, .endBlock), (.query, .query): true
            default: false
            }
        }

        @Test("before hello, nothing but hello is heard")
        func beforeHello() throws {
            for message in Self.everything.dropFirst() {
                let enclave = try start(greeting: false)
                for lane in [enclave.queries[0], enclave.execution, enclave.control] {
                    lane.send(body: try message.encoded())
                    expect(.unexpectedMessage, closing: lane, "\(message)")
                }
                enclave.waitForEnd()
                #expect(!enclave.isAlive)
            }
        }

        @Test("a hello for another lane, version or boundary is no session, and there is no second one")
        func hello() throws {
            let manifest = BoundaryProtocol.manifestHash
            let wrong: [(Hello, Failure)] = [
                (Hello(lane: .control, version: 1, manifestHash: manifest), .wrongLane),
                (Hello(lane: .execution, version: 1, manifestHash: manifest), .wrongLane),
                (Hello(lane: .query, version: 2, manifestHash: manifest), .wrongVersion),
                (Hello(lane: .query, version: 0, manifestHash: manifest), .wrongVersion),
                (Hello(lane: .query, version: 1, manifestHash: []), .wrongVersion),
                (Hello(lane: .query, version: 1, manifestHash: manifest.reversed()), .wrongVersion),
            ]
            let enclave = try HandEnclave(state: folder.path("platform"), queryLanes: wrong.count + 1, greeting: false)
            #expect(try enclave.control.ask(enclave.control.hello) != .closed)
            for (lane, (hello, failure)) in zip(enclave.queries, wrong) {
                lane.send(body: try ToEnclave.hello(hello).encoded())
                expect(failure, closing: lane, "\(hello)")
            }
            let lane = enclave.queries[wrong.count]
            guard case .message(.hello) = try lane.ask(lane.hello) else {
                Issue.record("no hello")
                return
            }
            lane.send(body: try lane.hello.encoded())
            expect(.unexpectedMessage, closing: lane)
            #expect(try enclave.isWell())
        }

        @Test("a call that belongs to another lane, or an answer that nobody asked for, closes the lane")
        func wrongLane() throws {
            for message in Self.everything {
                let enclave = try start()
                for lane in [enclave.queries[0], enclave.execution] where !calls(of: lane.kind, message) {
                    lane.send(body: try message.encoded())
                    expect(.unexpectedMessage, closing: lane, "\(message) on \(lane.kind)")
                }
                #expect(try enclave.isWell())
                if !calls(of: .control, message) {
                    enclave.control.send(body: try message.encoded())
                    expect(.unexpectedMessage, closing: enclave.control, "\(message)")
                    enclave.waitForEnd()
                    #expect(!enclave.isAlive)
                }
            }
        }

        @Test("calls before the enclave was opened, or before a block was begun, are refused and go on")
        func wrongOrder() throws {
            let enclave = try start()
            func expect(_ lane: HandLane, _ message: ToEnclave, _ failure: Failure) throws {
                #expect(try lane.ask(message) == .message(.failure(failure.rawValue)), "\(message)")
            }
            try expect(enclave.execution, .beginBlock(BeginBlock()), .notOpen)
            try expect(enclave.execution, .blockChunk(BlockChunk()), .noBlockBegun)
            try expect(enclave.execution, .runTransaction(RunTransaction()), .noBlockBegun)
            try expect(enclave.execution, .endBlock, .noBlockBegun)
            try expect(enclave.queries[0], .query(ContractQuery()), .notOpen)
            try expect(enclave.control, .unseal([1, 2, 3]), .sealedRecordRefused)
            try expect(enclave.control, .openConsensusKey([1, 2, 3]), .consensusKeyRefused)
            try expect(enclave.control, .signVote(VoteToSign(kind: .prevote, height: 1)), .notOpen)
            try expect(enclave.control, .takeOverKey([1]), .notOpen)
            var nowhere = Self.identity
            nowhere.chainID = ""
            try expect(enclave.control, .bootstrap(nowhere), .identityRefused)
            nowhere = Self.identity
            nowhere.profile = .production
            try expect(enclave.control, .bootstrap(nowhere), .identityRefused)
            nowhere = Self.identity
            nowhere.attestationRoots.append(
                .init(name: "i", spkiSHA256: Array(repeating: 1, count: 32), kind: .hardware))
            try expect(enclave.control, .bootstrap(nowhere), .identityRefused)
            nowhere.attestationRoots = nowhere.attestationRoots.suffix(1)
            try expect(enclave.control, .bootstrap(nowhere), .identityRefused)
            nowhere = Self.identity
            nowhere.initialHeight = .max
            try expect(enclave.control, .bootstrap(nowhere), .identityRefused)
            guard case .message(.opened(let opened)) = try enclave.control.ask(.bootstrap(Self.identity)) else {
                Issue.record("not opened")
                return
            }
            // What the quote signs names the platform's facts, of which one is always that it is simulated.
            let reportData = Array(opened.evidence[368..<432])
            let facts = try #require(ReportData.facts(in: reportData))
            #expect(facts.contains(.simulated) && !facts.contains(.production))
            #expect(facts.contains(.separatesUser) == (geteuid() == 0))
            #expect(
                reportData
                    == ReportData.network(
                        identity: Self.identity.encoded, ioPublicKey: opened.ioPublicKey,
                        seedExchangePublicKey: opened.seedExchangePublicKey, facts: facts))
            try expect(enclave.control, .bootstrap(Self.identity), .alreadyOpen)
            try expect(enclave.control, .signVote(VoteToSign(kind: .prevote, height: 1)), .consensusKeyMissing)
            try expect(enclave.control, .takeOverKey([1]), .handedKeyRefused)
            try expect(enclave.execution, .beginBlock(BeginBlock()), .headerMalformed)
            try expect(enclave.queries[1], .query(ContractQuery()), .notAnnounced)
            #expect(try enclave.isWell())
        }

        @Test("a frame that is cut off ends its lane and no other")
        func cutFrames() throws {
            let enclave = try HandEnclave(state: folder.path("platform"), queryLanes: 8)
            let frame = HandLane.frame(
                try ToEnclave.query(ContractQuery()).encoded() + [UInt8](repeating: 0, count: 40))
            for (lane, count) in zip(enclave.queries, [0, 1, 2, 3, 4, 5, frame.count / 2, frame.count - 1]) {
                lane.send(raw: Array(frame.prefix(count)))
                lane.cut()
                #expect(lane.receive() == .closed, "\(count) bytes")
            }
            enclave.execution.send(raw: [0, 0, 1, 0, 9, 9])
            #expect(try enclave.isWell())
            enclave.execution.cut()
            #expect(enclave.execution.receive() == .closed)
            #expect(try enclave.isWell())
            enclave.control.send(raw: [0, 0])
            enclave.control.cut()
            enclave.waitForEnd()
            #expect(!enclave.isAlive)
        }

        @Test("a length beyond the limit is refused before a byte of it is read or kept")
        func lengthBombs() throws {
            let lengths: [[UInt8]] = [
                [0xff, 0xff, 0xff, 0xff], [0x80, 0, 0, 0], [0x7f, 0xff, 0xff, 0xff], [0x01, 0x00, 0x00, 0x01],
            ]
            let enclave = try HandEnclave(state: folder.path("platform"), queryLanes: lengths.count)
            guard case .message(.health(let before)) = try enclave.control.ask(.health) else { return }
            for (lane, length) in zip(enclave.queries, lengths) {
                lane.send(raw: length)
                expect(.frameTooLong, closing: lane, "\(length)")
            }
            guard case .message(.health(let after)) = try enclave.control.ask(.health) else { return }
            #expect(after.residentBytes < before.residentBytes + (8 << 20))
        }

        @Test("bodies that are no messages are refused, however they are wrong")
        func illegalBodies() throws {
            func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
                [number << 3 | 2] + varint(content.count) + content
            }
            func varint(_ value: Int) -> [UInt8] {
                value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
            }
            let health = try ToEnclave.health.encoded()
            let proofs = { (proof: [UInt8]) in [0xf2, 0x01] + varint(proof.count) + proof }
            let bodies: [[UInt8]] = [
                [], [0], [0xff], Array(repeating: 0xff, count: 64),
                // An unknown member, one of another wire type, a member and something behind it.
                [0xfa, 0x7f, 0], [0x20, 1], health + [0xf8, 0x07, 1],
                // Lengths that lie, nesting where none is, a group.
                [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f], [0x0a, 5, 8, 1], [0x0b, 0x0c],
                // A hello with a field that is none, a text that is not UTF-8, a lane that is not.
                field(1, [0x08, 9]), field(1, [0x22, 1, 1]), field(1, [0x08, 1, 0x7a, 0]),
                field(2, field(1, field(1, [0xff, 0xfe]))),
                // More elements than declared: 70,000 hashes of nothing, 9 proofs, 1,025 keys.
                field(10, (0..<70_000).flatMap { _ in [UInt8(0x22), 0] }),
                proofs((0..<9).flatMap { _ in field(1, []) }),
                proofs(field(1, (0..<1_025).flatMap { _ in field(2, [1]) })),
                // A key, a value and a hash that are too long; presence that does not fit the values.
                proofs(field(1, field(2, [UInt8](repeating: 1, count: 201)) + field(3, [0]))),
                field(10, field(4, [UInt8](repeating: 1, count: 33))),
                proofs(field(1, field(2, [1]) + field(3, [1]))),
                proofs(field(1, field(2, [1]) + field(3, [2]) + field(4, [1]))),
            ]
            let enclave = try HandEnclave(state: folder.path("platform"), queryLanes: 16)
            var lanes = enclave.queries[...]
            var other: HandEnclave?
            for (number, body) in bodies.enumerated() {
                if lanes.isEmpty {
                    #expect(try enclave.isWell())
                    other = try HandEnclave(state: folder.path("other"), queryLanes: 16)
                    lanes = other!.queries[...]
                }
                let lane = lanes.removeFirst()
                lane.send(body: body)
                expect(.malformedFrame, closing: lane, "body \(number)")
            }
            #expect(try enclave.isWell())
            #expect(try other?.isWell() ?? true)
        }

        @Test("while the enclave waits for an answer, nothing but that answer is heard")
        func nestedCalls() throws {
            let world = try World()
            let transaction = world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])
            let block = try world.chain.decide([transaction])
            world.enclave.kill()
            let record = world.records[1]!
            for message in Self.everything {
                if case .state = message { continue }
                // Everything but the values that it asked for: the other answers, other calls, hello.
                let enclave = try world.handEnclave("nested")
                guard case .message(.opened) = try enclave.control.ask(.unseal(record)) else { return }
                guard case .message(.readState(let read)) = try enclave.execution.ask(.beginBlock(block.begin)),
                    case .message(.blockBegun) = try enclave.execution.ask(.state(world.host.readState(read)))
                else {
                    Issue.record("not begun")
                    return
                }
                var chunk = BlockChunk()
                chunk.transactions = [transaction]
                _ = try enclave.execution.ask(.blockChunk(chunk))
                guard case .message(.readState) = try enclave.execution.ask(.runTransaction(RunTransaction())) else {
                    Issue.record("no question")
                    return
                }
                enclave.execution.send(body: try message.encoded())
                expect(.unexpectedMessage, closing: enclave.execution, "\(message)")
                #expect(try enclave.isWell())
                enclave.kill()
            }
        }
    }
}
