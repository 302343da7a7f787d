import DecidedBlocks
import PublicCryptography
import TestSupport
import Testing
import Wire

/// Of each message of the consensus formats: its bytes, and what is said when a field is not there.
@Suite("Fields of consensus messages")
struct CanonicalFieldTests {
    /// The outermost fields, each with its number and all its bytes.
    static func fields(_ bytes: [UInt8]) throws -> [(number: UInt32, bytes: [UInt8])] {
        var reader = ProtobufReader(bytes)
        var found: [(UInt32, [UInt8])] = []
        while let field = try reader.next() {
            found.append(
                (
                    field.number,
                    ProtobufWriter.encode { writer in
                        switch field.value {
                        case .varint(let value): writer.uint64(field.number, value)
                        case .bytes(let bytes): writer.message(field.number, Array(bytes))
                        default: Issue.record("no message here has such a field")
                        }
                    }
                ))
        }
        return found
    }

    private func refusal<Message: CanonicalMessage>(_: Message.Type, _ bytes: [UInt8]) -> ProtobufError? {
        do throws(ProtobufError) {
            _ = try Message(protobuf: bytes)
            return nil
        } catch { return error }
    }

    /// That a message has these bytes, that it is missed by number where one of `needed` is not there, and that any
    /// other may be left out, but for those that are `always` written, empty or not; that a field of another number, or
    /// one twice, is refused.
    private func check<Message: CanonicalMessage & Equatable>(
        _ message: Message, _ text: String, needed: [UInt32], illegal: [UInt32] = [], always: [UInt32] = []
    ) throws {
        let bytes = message.protobuf
        #expect(Hexadecimal.encode(bytes) == text, "\(Message.self)")
        #expect(try Message(protobuf: bytes) == message)
        let fields = try Self.fields(bytes)
        #expect(fields.flatMap(\.bytes) == bytes)
        for (index, field) in fields.enumerated() {
            let rest = (fields[..<index] + fields[(index + 1)...]).flatMap(\.bytes)
            let refusal = refusal(Message.self, rest)
            if needed.contains(field.number) {
                #expect(refusal == .missing(field: field.number), "\(Message.self) without \(field.number)")
            } else if illegal.contains(field.number) {
                #expect(refusal == .illegalValue(field: 1), "\(Message.self) without \(field.number)")
            } else {
                let expected: ProtobufError? = always.contains(field.number) ? .notCanonical : nil
                #expect(refusal == expected, "\(Message.self) without \(field.number)")
            }
            #expect(self.refusal(Message.self, bytes + field.bytes) != nil, "\(Message.self), \(field.number) twice")
        }
        let unknown = ProtobufWriter.encode { $0.uint64(30, 1) }
        #expect(refusal(Message.self, bytes + unknown) == .notCanonical, "\(Message.self)")
    }

    private static func hash(_ byte: UInt8) -> Hash32 { Hash32([UInt8](repeating: byte, count: 32))! }
    private static func repeated(_ byte: UInt8, _ count: Int = 32) -> String {
        Hexadecimal.encode([UInt8](repeating: byte, count: count))
    }
    private static let parts = PartSetHeader(total: 3, hash: hash(2))
    private static let blockID = BlockID(hash: hash(1), parts: parts)
    private static let time = Timestamp(seconds: 5, nanoseconds: 6)!
    private static let address = ValidatorAddress(publicKey: [UInt8](repeating: 9, count: 32))

    @Test("block ids and part sets")
    func blockIDs() throws {
        let parts = "08031220" + Self.repeated(2)
        try check(Self.parts, parts, needed: [1, 2])
        try check(Self.blockID, "0a20" + Self.repeated(1) + "1224" + parts, needed: [], illegal: [1, 2])
        #expect(refusal(BlockID.self, []) == .missing(field: 1))
        #expect(refusal(BlockID.self, [0x12, 0]) == .missing(field: 1))
    }

    @Test("a slot of a commit")
    func slots() throws {
        let slot = CommitSignature(
            flag: .commit, validatorAddress: Self.address, timestamp: Self.time, signature: [7, 8])
        let address = Hexadecimal.encode(Self.address.bytes)
        try check(slot, "08021214" + address + "1a040805100622020708", needed: [2, 4], illegal: [1], always: [3])
        #expect(try CommitSignature(protobuf: CommitSignature.absent.protobuf) == .absent)
        // An absent one with anything in it is none.
        for field in [1, 2, 3] {
            var other = CommitSignature.absent
            switch field {
            case 1: other.validatorAddress = Self.address
            case 2: other.timestamp = Self.time
            default: other.signature = [1]
            }
            #expect(refusal(CommitSignature.self, other.protobuf) == .illegalValue(field: 1))
        }
        var long = slot
        long.signature = [UInt8](repeating: 1, count: 64)
        #expect(refusal(CommitSignature.self, long.protobuf) == nil)
        long.signature.append(1)
        #expect(refusal(CommitSignature.self, long.protobuf) == .illegalValue(field: 4))
        let negative = Commit(height: 1, round: -1, blockID: nil, signatures: [])
        #expect(refusal(Commit.self, negative.protobuf) == .illegalValue(field: 2))
    }

    @Test("a header, with every hash in a place of its own")
    func header() throws {
        let header = Header(
            blockVersion: 11, appVersion: 4, chainID: "c", height: 2, time: Self.time, lastBlockID: Self.blockID,
            lastCommitHash: Self.hash(6), dataHash: Self.hash(7), validatorsHash: Self.hash(8),
            nextValidatorsHash: Self.hash(9), consensusHash: Self.hash(10), appHash: [11],
            lastResultsHash: Self.hash(12), evidenceHash: Self.hash(13), proposerAddress: Self.address)
        var text = "0a04080b10041201631802220408051006"
        text += "2a480a20" + Self.repeated(1) + "122408031220" + Self.repeated(2)
        for number in 6...10 as ClosedRange<UInt8> {
            text += Hexadecimal.encode([number << 3 | 2, 32]) + Self.repeated(number)
        }
        text += "5a010b" + "6220" + Self.repeated(12) + "6a20" + Self.repeated(13)
        text += "7214" + Hexadecimal.encode(Self.address.bytes)
        try check(header, text, needed: [8, 9, 10, 14], always: [1, 4, 5])
    }

    @Test("a head as it is sealed")
    func head() throws {
        // Only a verified header makes one: this is read from its bytes.
        var text = "0802" + "1220" + Self.repeated(2) + "1a0408051006" + "2220" + Self.repeated(4) + "2a0105"
        text += "3220" + Self.repeated(6) + "3a20" + Self.repeated(7)
        let head = try ChainHead(protobuf: hexadecimal(text))
        #expect(head.height == 2 && head.headerHash == Self.hash(2) && head.time == Self.time)
        #expect(head.nextValidatorsHash == Self.hash(4) && head.appHash == [5] && head.lastResultsHash == Self.hash(6))
        #expect(head.validatorsHash == Self.hash(7))
        try check(head, text, needed: [2, 4, 7], always: [3])
    }

    @Test("the identity of a chain: its bytes, and each field alone")
    func identity() throws {
        let roots = [
            AttestationRoot(name: "a", spkiSHA256: [1], kind: .simulated),
            AttestationRoot(name: "b", spkiSHA256: [2], kind: .hardware),
        ]
        let identity = ChainIdentity(
            chainID: "c", genesisSeconds: 2, genesisNanoseconds: 3, initialHeight: 4, initialValidatorsHash: [5],
            attestationRoots: roots, profile: .production, leaseAnswers: 8, leaseSeconds: 9,
            epochBlocks: 10, epochGraceBlocks: 11)
        #expect(
            Hexadecimal.encode(identity.encoded)
                == "0a01631002180320042a01053208" + "0a0161120101" + "1801" + "3208" + "0a0162120102" + "1802"
                + "380240084809500a580b")
        #expect(try ChainIdentity(decoding: identity.encoded) == identity)
        for field in try Self.fields(identity.encoded) {
            let alone = try ChainIdentity(decoding: field.bytes)
            #expect(alone.encoded.starts(with: field.bytes) || alone.encoded.count > field.bytes.count)
        }
        for (bytes, number) in [
            ([0x38, 0], 7), ([0x38, 3], 7), ([0x60, 1], 12), ([0x32, 2, 0x18, 3], 3), ([0x32, 2, 0x20, 1], 4),
        ] as [([UInt8], UInt32)] {
            #expect(throws: ProtobufError.illegalValue(field: number)) { try ChainIdentity(decoding: bytes) }
        }
    }

    @Test("the stamp of an answer: 60 bytes, and the text that one of a refusal is of")
    func stamp() throws {
        let stamp = AnswerStamp(
            height: 1, headerHash: Self.hash(2), time: Self.time, leaseHeight: 0x0102_0304_0506_0708)
        #expect(
            Hexadecimal.encode(stamp.bytes)
                == "0000000000000001" + Self.repeated(2) + "000000000000000500000006" + "0102030405060708")
        #expect(stamp.bytes.count == AnswerStamp.byteCount)
        #expect(AnswerStamp.bytes(ofError: "a \"b\" 'c' `d`") == Array("a `b` `c` `d`".utf8))
    }

    @Test("powers, application hashes and absent votes at their limits")
    func limits() throws {
        let key = [UInt8](repeating: 1, count: 32)
        #expect(Validator(publicKey: key, power: ValidatorSet.totalPowerMax) != nil)
        #expect(Validator(publicKey: key, power: ValidatorSet.totalPowerMax + 1) == nil)
        #expect(Validator(publicKey: key, power: 1) != nil && Validator(publicKey: key, power: 0) == nil)
        #expect(Validator(publicKey: Array(key.dropLast()), power: 1) == nil)
        var header = Header(
            chainID: "c", height: 2, time: Self.time, lastBlockID: nil, lastCommitHash: nil, dataHash: nil,
            validatorsHash: .zero, nextValidatorsHash: .zero, consensusHash: .zero,
            appHash: [UInt8](repeating: 1, count: 64), lastResultsHash: nil, evidenceHash: nil,
            proposerAddress: Self.address)
        #expect(refusal(Header.self, header.protobuf) == nil)
        header.appHash.append(1)
        #expect(refusal(Header.self, header.protobuf) == .illegalValue(field: 11))
        header.appHash.removeLast()
        header.chainID = String(repeating: "c", count: 50)
        #expect(refusal(Header.self, header.protobuf) == nil)
        header.chainID += "c"
        #expect(refusal(Header.self, header.protobuf) == .illegalValue(field: 2))
        let heavy = [Validator(publicKey: key, power: ValidatorSet.totalPowerMax - 1)!]
        func second(_ power: Int64) -> Validator {
            Validator(publicKey: [UInt8](repeating: 2, count: 32), power: power)!
        }
        #expect(ValidatorSet(ordered: heavy + [second(1)]) != nil && ValidatorSet(ordered: heavy + [second(2)]) == nil)
        var long = Commit(
            height: 1, round: 0, blockID: Self.blockID,
            signatures: Array(repeating: .absent, count: Commit.signatureCountMax))
        #expect(refusal(Commit.self, long.protobuf) == nil)
        long.signatures.append(.absent)
        #expect(refusal(Commit.self, long.protobuf) == .tooMany(field: 4))
        let commit = Commit(height: 1, round: 0, blockID: Self.blockID, signatures: [.absent])
        #expect(commit.signBytes(at: 0, chainID: "c") == nil)
        #expect(Commit.empty.height == 0 && Commit.empty.round == 0 && Commit.empty.protobuf == [0x1a, 2, 0x12, 0])
    }

    @Test("a set that has to decide a header decides none that names another")
    func otherSet() throws {
        let set = try #require(SkippingVerificationTests.set(7))
        let other = try #require(SkippingVerificationTests.set(3))
        for (named, expected) in [(set, nil), (other, HeaderRefusal.wrongValidators)] {
            let header = SkippingVerificationTests.header(5, validators: named, next: set)
            let signed = SkippingVerificationTests.signed(header, of: set, by: 7)
            var refusal: HeaderRefusal?
            do throws(HeaderRefusal) {
                _ = try signed.checkSigned(by: set.hash(), chainID: SkippingVerificationTests.chainID)
            } catch { refusal = error }
            #expect(refusal == expected)
        }
    }

    @Test("a last commit: two thirds and a unit, to the unit, and every vote verifies")
    func wholly() throws {
        let set = try #require(SkippingVerificationTests.set(7, powers: [67, 20, 13, 0]))
        let header = SkippingVerificationTests.header(5, validators: set, next: set)
        func refusal(_ mask: Int, _ change: (inout Commit) -> Void = { _ in }) -> CommitRefusal? {
            var commit = SkippingVerificationTests.signed(header, of: set, by: mask).commit
            change(&commit)
            do throws(CommitRefusal) {
                try commit.isWhollySigned(by: set, chainID: SkippingVerificationTests.chainID)
                return nil
            } catch { return error }
        }
        #expect(set.quorum == 67)
        #expect(refusal(1) == nil && refusal(7) == nil)
        #expect(refusal(6) == .notEnoughPower)
        #expect(refusal(7) { $0.signatures[2].signature[0] ^= 1 } == .wrongSignature(slot: 2))
        #expect(refusal(7) { $0.signatures[1].validatorAddress = Self.address } == .wrongSigner(slot: 1))
        #expect(refusal(7) { $0.signatures.removeLast() } == .wrongSlotCount)
        // For nil it was not signed.
        #expect(refusal(7) { $0.signatures[2].flag = .forNil } == .wrongSignature(slot: 2))
    }

    @Test("the median of votes is where half of the weight, rounded down, is reached")
    func median() {
        func median(_ votes: [(Int64, Int64)]) -> Int64? {
            Timestamp.weightedMedian(of: votes.map { (Timestamp(seconds: $0.0, nanoseconds: 0)!, $0.1) })?.seconds
        }
        #expect(median([]) == nil && median([(5, 1)]) == 5)
        #expect(median([(1, 1), (2, 1), (3, 1)]) == 1)
        #expect(median([(1, 1), (2, 1), (3, 1), (4, 1)]) == 2)
        #expect(median([(4, 1), (1, 10), (9, 12)]) == 4)
        #expect(median([(9, 12), (1, 11), (4, 1)]) == 4)
        #expect(median([(9, 12), (1, 12), (4, 1)]) == 1)
    }
}
