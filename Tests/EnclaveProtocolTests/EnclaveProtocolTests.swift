import DecidedBlocks
import Glibc
import PublicCryptography
import Seeds
import Testing
import Wire

@testable import EnclaveProtocol

enum Sample {
    static let proof = StateProof(store: "compute", keys: [[1, 2], [3]], values: [[9], nil], proof: [7, 7])
    static let event = Event("wasm", ["contract_address": "secret1x", "key": "before\0after"])

    static var inward: [ToEnclave] {
        var begin = BeginBlock()
        begin.header = [1, 2, 3]
        begin.commit = [4]
        begin.validators = [5, 6]
        begin.transactionHashes = [Array(repeating: 1, count: 32), Array(repeating: 2, count: 32)]
        begin.storeRoots = [StoreRoot(name: "acc", root: Array(repeating: 3, count: 32))]
        begin.previousResults = [Array(repeating: 5, count: 32), Array(repeating: 6, count: 32)]
        begin.previousFailures = [FailedResult(index: 1, leaf: [8, 1])]
        begin.next = ProvingBlock(
            header: [4, 5], commit: [6], validators: [7], results: [Array(repeating: 8, count: 32)],
            refused: [FailedResult(index: 2, leaf: [8, 2])])
        var chunk = BlockChunk()
        chunk.firstIndex = 3
        chunk.transactions = [[1], [], [2, 3]]
        var run = RunTransaction()
        run.index = 5
        run.prefetched = [proof]
        run.provedResult = [10, 64]
        var query = ContractQuery()
        query.contract = Array(repeating: 7, count: 20)
        query.input = [1]
        query.height = 12
        query.gasLimit = 10
        var ledger = LedgerMessageResult()
        ledger.code = 5
        ledger.codespace = "sdk"
        ledger.log = "insufficient funds"
        ledger.data = [1]
        ledger.responseTypeURL = "/x"
        let identity = ChainIdentity(
            chainID: "secretdev-1", genesisSeconds: -5, genesisNanoseconds: 6, initialHeight: 1,
            initialValidatorsHash: Array(repeating: 4, count: 32),
            attestationRoots: [.init(name: "sim", spkiSHA256: Array(repeating: 5, count: 32), kind: .simulated)],
            profile: .development, leaseAnswers: 7, leaseSeconds: 8, epochBlocks: 9, epochGraceBlocks: 8)
        return [
            .hello(Hello(lane: .query, version: 1, manifestHash: BoundaryProtocol.manifestHash)), .bootstrap(identity),
            .unseal([1, 2]), .health, .lease, .beginBlock(begin), .blockChunk(chunk), .runTransaction(run),
            .endBlock, .advance(Advance(header: [1], commit: [2], validators: [3], trustedValidators: [4])),
            .query(query),
            .state([proof, proof]), .code([0, 1]), .takeModule,
            .abandonQuery(lane: 1, query: 1 << 40),
            .makeConsensusKey,
            .importConsensusKey(
                ImportedConsensusKey(privateKey: Array(repeating: 3, count: 32), height: 1 << 40, round: 2, step: 3)),
            .openConsensusKey([1, 2, 3]),
            .handOverKey(
                KeyHandOver(
                    sealedKey: [1, 2], registrationKey: Array(repeating: 3, count: 32),
                    storeRoots: [StoreRoot(name: "register", root: Array(repeating: 4, count: 32))],
                    registration: proof)),
            .takeOverKey([5, 6]),
            .signVote(
                VoteToSign(
                    kind: .proposal, height: 1 << 62, round: 1 << 30, lockRound: -1,
                    blockHash: Array(repeating: 1, count: 32), partsTotal: 9, partsHash: Array(repeating: 2, count: 32),
                    seconds: -62_135_596_800, nanoseconds: 999_999_999)),
            .signVote(VoteToSign(kind: .prevote, height: 1)),
            .module([3, 4]), .journal([SHA256.hash([1]), SHA256.hash([2])]), .headers([[1, 2], [3]]),
            .ledgerMessage(ledger), .scopeReverted,
        ]
    }

    static var outward: [FromEnclave] {
        var opened = OpenedEnclave()
        opened.ioPublicKey = Array(repeating: 1, count: 32)
        opened.headHeight = 9
        var health = EnclaveHealth()
        health.residentBytes = 1 << 40
        var result = DrivenResult()
        result.code = 3
        result.data = Array(repeating: 8, count: 64)
        result.output = [9, 9]
        result.writes = [StateWrite(key: [1], value: []), StateWrite(key: [2], value: nil)]
        result.storedCodes = [[0, 97, 115, 109]]
        var answer = ContractAnswer()
        answer.error = "encrypted: x"
        answer.stamp = [4, 4]
        var lease = EnclaveLease()
        (lease.nonce, lease.grantedHeight) = ([5], 6)
        (lease.grantedSeconds, lease.answersLeft) = (-7, 8)
        var read = StateRead()
        read.reads = [StoreKeys(store: "acc", keys: [[1], [2]])]
        read.version = 4
        var taken = TakenModule()
        taken.codeHash = Array(repeating: 6, count: 32)
        taken.sealed = [7, 8]
        taken.waiting = 2
        var message = LedgerMessage()
        message.scope = 2
        message.typeURL = "/cosmos.bank.v1beta1.MsgSend"
        var begun = BegunBlock()
        begun.outputKeys = [OutputKey(index: 3, key: Array(repeating: 9, count: 32))]
        return [
            .hello(Hello(lane: .control, version: 1, manifestHash: [])), .opened(opened), .health(health),
            .leaseTold(lease),
            .blockBegun(begun), .chunkReceived(4), .transactionRun(result), .blockEnded([5]), .advanced([6]),
            .queryAnswered(answer), .readState(read), .readCode(Array(repeating: 2, count: 32)),
            .readModule(Array(repeating: 4, count: 32)), .moduleTaken(taken), .queryAbandoned,
            .readJournal(first: 32_768, count: 5), .readHeaders(highest: 1 << 40, count: 7), .runLedgerMessage(message),
            .revertScope(3),
            .consensusKey(
                ConsensusKey(
                    publicKey: Array(repeating: 1, count: 32), sealedKey: [2], evidence: [3], height: 4, round: 5,
                    step: 2)),
            .keyHandedOver([7, 8]),
            .voteSigned(VoteSignature(signature: Array(repeating: 1, count: 64), seconds: -1, nanoseconds: 2)),
            .failure(Failure.proofInvalid.rawValue),
        ]
    }
}

@Suite struct EnclaveProtocolTests {
    @Test("every message survives its own encoding")
    func roundTrip() throws {
        for message in Sample.inward {
            #expect(try ToEnclave(decoding: message.encoded()) == message)
        }
        for message in Sample.outward {
            #expect(try FromEnclave(decoding: message.encoded()) == message)
        }
    }

    @Test("an answer holds whole hashes, and no more of them than are asked for at once")
    func journalAnswer() throws {
        let max = BoundaryProtocol.journalHashesPerAnswerMax
        let hashes = (0..<max).map { SHA256.hash([UInt8($0 >> 8), UInt8($0 & 255)]) }
        let full = try ToEnclave.journal(hashes).encoded()
        #expect(try ToEnclave(decoding: full) == .journal(hashes))
        #expect(throws: Failure.frameTooLong) { try ToEnclave.journal(hashes + [.zero]).encoded() }
        // As a host that does not look at its own limits writes it: tag, length, and in it the same of the bytes.
        func frame(byteCount: Int) -> [UInt8] {
            func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
                ProtobufWriter.encode { $0.bytes(UInt32(number), bytes) }
            }
            return field(35, field(1, [UInt8](repeating: 7, count: byteCount)))
        }
        let seven = [UInt8](repeating: 7, count: 32)
        #expect(try ToEnclave(decoding: frame(byteCount: 64)) == .journal([Hash32(seven)!, Hash32(seven)!]))
        for byteCount in [1, 31, 33, 63, 32 * max - 1, 32 * max + 1, 32 * (max + 1)] {
            #expect(throws: Failure.malformedFrame, "\(byteCount)") {
                try ToEnclave(decoding: frame(byteCount: byteCount))
            }
        }
    }

    @Test("a text is cut at a scalar, never within one, and only when it is too long")
    func cut() {
        #expect("abc".cut(toBytes: 3) == "abc")
        #expect("abc".cut(toBytes: 2) == "ab")
        #expect("a\u{e9}\u{1F600}b".cut(toBytes: 6) == "a\u{e9}")
        #expect("a\u{e9}\u{1F600}b".cut(toBytes: 7) == "a\u{e9}\u{1F600}")
        #expect("\u{1F600}".cut(toBytes: 3) == "")
        // Two scalars that are one character: the first stays.
        #expect("e\u{301}".cut(toBytes: 2) == "e")
        for max in 0...64 {
            let text = String(repeating: "\u{20ac}x\u{1F600}\u{e9}", count: 8).cut(toBytes: max)
            #expect(text.utf8.count <= max && text.utf8.count > max - 4)
            #expect(String(validating: Array(text.utf8), as: UTF8.self) == text)
        }
    }

    @Test("whether a message can cross is known before it is sent: long fields, long frames, and many parts")
    func fits() throws {
        var result = DrivenResult()
        #expect(try FromEnclave.transactionRun(result).fits())
        result.output = [UInt8](repeating: 0, count: 12 << 20)
        #expect(try FromEnclave.transactionRun(result).fits())
        result.storedCodes = [[UInt8](repeating: 0, count: 4 << 20)]
        #expect(try !FromEnclave.transactionRun(result).fits())
        result = DrivenResult()
        // More than the memory that one frame may take.
        result.writes = Array(repeating: StateWrite(key: [1], value: [2]), count: 2_000_000)
        #expect(try !FromEnclave.transactionRun(result).fits())
        var answer = LedgerMessageResult()
        answer.data = [UInt8](repeating: 0, count: 65_537)
        #expect(try !ToEnclave.ledgerMessage(answer).fits())
        let events = (0..<5).map { _ in Event("wasm", ["key": String(repeating: "v", count: 2 << 20)]) }
        #expect(ResultLimits.byteCount(of: events) == 5 * (4 + 3 + (2 << 20)))
        #expect(ResultLimits.byteCount(of: Array(repeating: Event(type: "wasm", attributes: []), count: 40_000)) == nil)
    }

    @Test("text is carried whole, and is refused when it is not UTF-8")
    func text() throws {
        var answer = ContractAnswer()
        answer.error = "marker\0 and more"
        let bytes = try FromEnclave.queryAnswered(answer).encoded()
        guard case .queryAnswered(let carried) = try FromEnclave(decoding: bytes) else { throw Failure.malformedFrame }
        #expect(carried.error == answer.error)
        let first = try #require(bytes.firstIndex(of: UInt8(ascii: "m")))
        for invalid: UInt8 in [0x80, 0xc0, 0xff] {
            var broken = bytes
            broken[first] = invalid
            #expect(throws: Failure.malformedFrame) { try FromEnclave(decoding: broken) }
        }
    }

    @Test("a frame cut at any byte is refused or is another whole message, and never crashes")
    func cuts() throws {
        for message in Sample.inward {
            let bytes = try message.encoded()
            for length in 0..<bytes.count {
                let decoded = try? ToEnclave(decoding: Array(bytes[..<length]))
                #expect(decoded != message)
            }
        }
    }

    @Test("20,000 mutations decode to a message or a failure")
    func mutations() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let corpus = try Sample.inward.map { try $0.encoded() } + Sample.outward.map { try $0.encoded() }
        var decoded = 0
        for _ in 0..<20_000 {
            var bytes = corpus.randomElement(using: &random)!
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                switch Int.random(in: 0..<3, using: &random) {
                case 0 where !bytes.isEmpty:
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
                        1 << UInt8.random(in: 0..<8, using: &random)
                case 1 where !bytes.isEmpty: bytes.remove(at: Int.random(in: 0..<bytes.count, using: &random))
                default:
                    bytes.insert(
                        .random(in: 0...255, using: &random), at: Int.random(in: 0...bytes.count, using: &random))
                }
            }
            if let message = try? ToEnclave(decoding: bytes) {
                decoded += 1
                #expect((try? ToEnclave(decoding: message.encoded())) != nil, "seed \(seed)")
            }
            _ = try? FromEnclave(decoding: bytes)
        }
        #expect(decoded > 0, "seed \(seed)")
    }

    @Test("a field beyond its declared limit is refused in both directions")
    func limits() throws {
        var query = ContractQuery()
        query.contract = Array(repeating: 7, count: 21)
        #expect(throws: Failure.frameTooLong) { try ToEnclave.query(query).encoded() }
        var hello = Hello(lane: .control, version: 1, manifestHash: Array(repeating: 0, count: 32))
        let bytes = try ToEnclave.hello(hello).encoded()
        // The same bytes with a manifest hash of 33: lengths of the inner field and of the message grow by one.
        let position = try #require(bytes.firstRange(of: [0x1a, 0x20] + hello.manifestHash)).lowerBound
        var longer = bytes
        longer[1] += 1
        longer[position + 1] = 0x21
        longer.append(0)
        #expect(throws: Failure.malformedFrame) { try ToEnclave(decoding: longer) }
        hello.manifestHash = []
        #expect(try ToEnclave(decoding: ToEnclave.hello(hello).encoded()) == .hello(hello))
    }

    @Test("a field that the schema does not name is refused")
    func unknownField() throws {
        let bytes = try ToEnclave.endBlock.encoded()
        #expect(throws: Failure.malformedFrame) { try ToEnclave(decoding: bytes + [0xf8, 0x07, 0x01]) }
    }

    @Test("two bytes an element cannot make the decoder take unbounded memory")
    func amplification() {
        // BeginBlock with millions of empty store roots: 2 bytes each on the wire, a structure each in memory.
        let inner = Array(repeating: [UInt8]([0x2a, 0x00]), count: 4_000_000).flatMap { $0 }
        var bytes: [UInt8] = [0x52]
        var length = inner.count
        while length >= 0x80 {
            bytes.append(UInt8(length & 0x7f) | 0x80)
            length >>= 7
        }
        bytes.append(UInt8(length))
        #expect(throws: Failure.malformedFrame) { try ToEnclave(decoding: bytes + inner) }
    }

    @Test("a presence list that does not fit the values is refused")
    func presence() throws {
        var bytes = try ToEnclave.state([Sample.proof]).encoded()
        let position = try #require(bytes.firstRange(of: [0x1a, 0x02, 1, 0])).lowerBound
        bytes[position + 3] = 1
        #expect(throws: Failure.malformedFrame) { try ToEnclave(decoding: bytes) }
    }

    @Test("failure numbers are unique and grouped")
    func failures() {
        let numbers = Failure.allCases.map(\.rawValue)
        #expect(Set(numbers).count == numbers.count)
        #expect(numbers.allSatisfy { (101..<900).contains($0) })
        #expect(Failure.malformedFrame.closesLane && !Failure.proofInvalid.closesLane)
    }

    @Test("frames cross a real socket, and both sides agree on the transcript")
    func sockets() throws {
        var pair: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        let host = FrameSocket(descriptor: pair[0], isEnclaveSide: false)
        let enclave = FrameSocket(descriptor: pair[1], isEnclaveSide: true)
        try host.send([1, 2, 3])
        #expect(try enclave.receive() == [1, 2, 3])
        try enclave.send([])
        #expect(try host.receive() == [])
        #expect(host.transcriptHash == enclave.transcriptHash && host.transcriptHash != .zero)
        host.end()
        #expect(throws: FrameSocket.SocketError.closed) { try enclave.receive() }
    }

    @Test("a length bomb and a cut frame end the lane without an allocation of that size")
    func bombs() throws {
        for (bytes, expected) in [
            ([0xff, 0xff, 0xff, 0xff], FrameSocket.SocketError.frameTooLong),
            ([0x01, 0x00, 0x00, 0x01], .frameTooLong),
            ([0x00, 0x00, 0x00, 0x05, 1, 2], .broken(0)),
            ([0x00, 0x00], .broken(0)),
        ] as [([UInt8], FrameSocket.SocketError)] {
            var pair: [Int32] = [0, 0]
            #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
            let enclave = FrameSocket(descriptor: pair[1], isEnclaveSide: true)
            #expect(write(pair[0], bytes, bytes.count) == bytes.count)
            close(pair[0])
            #expect(throws: expected) { try enclave.receive() }
        }
    }
}
