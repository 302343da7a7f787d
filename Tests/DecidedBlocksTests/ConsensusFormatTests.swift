import ChainFormats
import DecidedBlocks
import Foundation
import PublicCryptography
import Testing
import Wire

@Suite struct ConsensusFormatTests {
    typealias Row = [Any]

    private static func rows(_ name: String) -> [Row] { ConsensusFixture.json[name] as! [Row] }

    @Test("the header of CometBFT's own test has its hash")
    func headerKnownAnswer() {
        func hash(_ text: String) -> Hash32 { SHA256.hash(Array(text.utf8)) }
        let header = Header(
            blockVersion: 1, appVersion: 2, chainID: "chainId", height: 3, time: time("2019-10-13T16:14:44Z"),
            lastBlockID: BlockID(hash: .zero, parts: PartSetHeader(total: 6, hash: .zero)),
            lastCommitHash: hash("last_commit_hash"), dataHash: hash("data_hash"),
            validatorsHash: hash("validators_hash"),
            nextValidatorsHash: hash("next_validators_hash"), consensusHash: hash("consensus_hash"),
            appHash: hash("app_hash").bytes, lastResultsHash: hash("last_results_hash"),
            evidenceHash: hash("evidence_hash"),
            proposerAddress: ValidatorAddress(hash("proposer_address").bytes.prefix(20))!)
        #expect(header.hash().description == "f740121f553b5418c3efbd343c2dbfe9e007bb67b0d020a0741374bab65242a4")
    }

    @Test("headers decode from CometBFT's bytes, encode back and hash alike")
    func headers() throws {
        for row in Self.rows("headers") {
            let header = try Header(protobuf: base64(row[0]))
            #expect(header.protobuf == base64(row[0]))
            #expect(header.hash().description == row[1] as? String)
        }
    }

    @Test("votes have CometBFT's sign bytes, bytes and signatures")
    func votes() throws {
        for row in Self.rows("votes") {
            let vote = try Vote(protobuf: base64(row[10]))
            #expect(vote.protobuf == base64(row[10]))
            #expect(vote.kind.rawValue == UInt32(integer(row[0])) && vote.height == integer(row[1]))
            #expect(Int64(vote.round) == integer(row[2]) && vote.timestamp == time(row[6]))
            #expect(vote.blockID == blockID(hash: base64(row[3]), total: row[4], parts: base64(row[5])))
            #expect(vote.signBytes(chainID: "vec-chain-1") == base64(row[7]))
            let validator = try #require(Validator(publicKey: base64(row[9]), power: 1))
            #expect(vote.signature == base64(row[8]) && vote.isSigned(by: validator, chainID: "vec-chain-1"))
            var changed = vote
            changed.round += 1
            #expect(!changed.isSigned(by: validator, chainID: "vec-chain-1"))
            #expect(!vote.isSigned(by: validator, chainID: "vec-chain-2"))
        }
    }

    @Test("proposals have CometBFT's sign bytes, bytes and signatures")
    func proposals() throws {
        for row in Self.rows("proposals") {
            let proposal = try Proposal(protobuf: base64(row[6]))
            #expect(proposal.protobuf == base64(row[6]))
            #expect(Int64(proposal.polRound) == integer(row[2]) && proposal.timestamp == time(row[3]))
            #expect(proposal.signBytes(chainID: "vec-chain-1") == base64(row[4]))
            let validator = try #require(Validator(publicKey: base64(row[5]), power: 1))
            #expect(proposal.isSigned(by: validator, chainID: "vec-chain-1"))
        }
    }

    @Test("commits decode, hash, count and take the median as in CometBFT")
    func commits() throws {
        let part = ConsensusFixture.json["commits"] as! [String: Any]
        let validators = try ValidatorSet(protobuf: base64(part["validators"]))
        #expect(validators.protobuf == base64(part["validators"]))
        #expect(validators.hash().description == part["validatorsHash"] as? String)
        for row in part["commits"] as! [Row] {
            let commit = try Commit(protobuf: base64(row[0]))
            #expect(commit.protobuf == base64(row[0]))
            #expect(commit.hash().description == row[1] as? String)
            #expect(commit.medianTime(of: validators) == time(row[2]))
            let refusal: CommitRefusal? = (row[3] as! Bool) ? nil : .notEnoughPower
            #expect(refusalOf { try commit.isWhollySigned(by: validators, chainID: "vec-chain-1") } == refusal)
            #expect(refusalOf { try commit.hasQuorum(of: validators, chainID: "vec-chain-1") } == refusal)
        }
    }

    @Test("results hash over code, data and gas alone")
    func results() {
        for row in Self.rows("results") {
            let results = (row[1] as! [Row]).map { item in
                ExecutionResult(
                    code: UInt32(integer(item[0])), data: base64(item[1]), gasWanted: integer(item[2]),
                    gasUsed: integer(item[3]))
            }
            #expect(ExecutionResult.hash(of: results).description == row[0] as? String)
        }
    }

    @Test("the weighted median is CometBFT's")
    func medians() {
        for row in Self.rows("medians") {
            let votes = (row[1] as! [Row]).map { (time: time($0[0]), weight: integer($0[1])) }
            #expect(Timestamp.weightedMedian(of: votes) == time(row[0]))
        }
        #expect(Timestamp.weightedMedian(of: []) == nil)
    }

    @Test("the default parameters have CometBFT's hash")
    func parameters() {
        #expect(
            ConsensusParameters().hash().description
                == "048091bc7ddc283f77bfbf91d73c44da58c3df8a9cbc867405d8b7f3daada22f")
    }

    @Test("a message cut anywhere, or with anything added, is refused")
    func notCanonical() throws {
        let header = base64(Self.rows("headers")[0][0])
        for length in 0..<header.count {
            #expect(throws: ProtobufError.self) { try Header(protobuf: header[..<length]) }
        }
        #expect(throws: ProtobufError.notCanonical) { try Header(protobuf: header + [0x78, 0x01]) }
        // Height again, with the same value: another reader might take the first or the last.
        let height = try Header(protobuf: header).height
        let again = header + ProtobufWriter.encode { $0.int64(3, height) }
        #expect(throws: ProtobufError.notCanonical) { try Header(protobuf: again) }

        let vote = base64(Self.rows("votes")[0][10])
        for index in vote.indices {
            var flipped = vote
            flipped[index] ^= 0x80
            #expect((try? Vote(protobuf: flipped)) != (try Vote(protobuf: vote)))
        }
    }

    @Test("a commit's slots must be whole: an absent one says nothing, another has an address and a signature")
    func slots() throws {
        let absent: [UInt8] = [
            0x08, 0x01, 0x1a, 0x0b, 0x08, 0x80, 0x92, 0xb8, 0xc3, 0x98, 0xfe, 0xff, 0xff, 0xff, 0x01,
        ]
        #expect(try CommitSignature(protobuf: absent) == .absent)
        #expect(throws: ProtobufError.self) { try CommitSignature(protobuf: absent + [0x22, 0x01, 0x00]) }
        var nobody = absent
        nobody[1] = 2
        #expect(throws: ProtobufError.missing(field: 2)) { try CommitSignature(protobuf: nobody) }
        nobody[1] = 4
        #expect(throws: ProtobufError.illegalValue(field: 1)) { try CommitSignature(protobuf: nobody) }
    }

    @Test("parts prove themselves, and only in their own place")
    func parts() throws {
        let bytes = (0..<150_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let whole = PartSet(cutting: bytes)
        #expect(whole.header.total == 3 && whole.assembled == bytes)
        var arriving = try #require(PartSet(waitingFor: whole.header, blockByteCountMax: 200_000))
        #expect(PartSet(waitingFor: whole.header, blockByteCountMax: 131_072) == nil)
        for index in [2, 0] { #expect(try arriving.add(BlockPart(protobuf: whole[index]!.protobuf))) }
        #expect(try !arriving.add(whole[0]!))
        #expect(arriving.assembled == nil)

        var part = whole[1]!
        part.bytes[77] ^= 1
        #expect(throws: PartSet.Refusal.wrongProof) { try arriving.add(part) }
        part = whole[0]!
        part.index = 1
        #expect(throws: PartSet.Refusal.wrongProof) { try arriving.add(part) }
        part = whole[1]!
        part.proof.aunts.removeLast()
        #expect(throws: PartSet.Refusal.wrongProof) { try arriving.add(part) }
        part.index = 3
        #expect(throws: PartSet.Refusal.wrongIndex) { try arriving.add(part) }
        #expect(try arriving.add(whole[1]!))
        #expect(arriving.assembled == bytes)
    }

    @Test("a proof is for its leaf, place and number of leaves")
    func proofs() {
        for count in 1...20 {
            let leaves = (0..<count).map { [UInt8($0), 7] }
            let (root, proofs) = MerkleTree.proofs(of: leaves)
            #expect(root == MerkleTree.root(of: leaves))
            for (index, proof) in proofs.enumerated() {
                #expect(MerkleTree.proof(at: index, ofLeafHashes: leaves.map(MerkleTree.leafHash)) == proof)
                #expect(proof.proves(leaves[index], root: root))
                #expect(!proof.proves(leaves[index] + [0], root: root))
                for (total, place) in [(count, index + 1), (count, index - 1), (count * 2, index), (0, 0)]
                where total != count || place != index {
                    var moved = proof
                    (moved.total, moved.index) = (Int64(total), Int64(place))
                    #expect(!moved.proves(leaves[index], root: root))
                }
            }
        }
        var huge = MerkleTree.proofs(of: [[1]]).proofs[0]
        huge.total = .max
        #expect(!huge.proves([1], root: huge.leafHash))
    }
}

@Suite("Inclusion proofs as receipts have them")
struct ReceiptFormTests {
    @Test("numbers and counts have their shortest form (RFC 8949), hashes are byte strings, and the path goes upwards")
    func bytes() {
        let (one, two) = (SHA256.hash([1]), SHA256.hash([2]))
        let path = [0x82, 0x58, 32] + one.bytes + [0x58, 32] + two.bytes
        for (total, index, numbers) in [
            (4, 3, [4, 3]), (24, 23, [0x18, 24, 23]), (256, 255, [0x19, 1, 0, 0x18, 255]),
            (65_536, 65_535, [0x1a, 0, 1, 0, 0, 0x19, 255, 255]),
            (1 << 32, 1 << 16, [0x1b, 0, 0, 0, 1, 0, 0, 0, 0, 0x1a, 0, 1, 0, 0]),
        ] as [(Int64, Int64, [UInt8])] {
            let proof = MerkleProof(total: total, index: index, leafHash: one, aunts: [one, two])
            #expect(proof.receiptForm == [0x83] + numbers + path)
        }
        let alone = MerkleTree.proof(at: 0, ofLeafHashes: [one])
        #expect(alone.receiptForm == [0x83, 1, 0, 0x80])
        let many = MerkleProof(total: 1 << 24, index: 0, leafHash: one, aunts: Array(repeating: two, count: 24))
        #expect(Array(many.receiptForm[6...9]) == [0, 0x98, 24, 0x58])
    }
}

func refusalOf(_ body: () throws -> Void) -> CommitRefusal? {
    do { try body() } catch { return error as? CommitRefusal }
    return nil
}
