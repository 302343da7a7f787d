import ChainFormats
import DecidedBlocks
import PublicCryptography
import Testing
import Wire

/// Blocks in another encoding than the one that we write, as CometBFT's decoder reads them.
@Suite struct LooseBlockTests {
    private func block() throws -> Block {
        var chain = try RuleChain()
        try chain.decide()
        try chain.decide()
        let duplicate = DoubleVote(
            first: TestKey("ada").signed(vote(nil)), second: TestKey("ada").signed(vote(NamedBlock("A").id)),
            totalPower: 25, validatorPower: 10, time: RuleChain.genesisTime)
        return chain.block([[1, 2, 3], []], evidence: [Evidence(.duplicateVote(duplicate))])
    }

    private func vote(_ blockID: BlockID?) -> Vote {
        Vote(
            kind: .prevote, height: 1, round: 0, blockID: blockID, timestamp: RuleChain.genesisTime,
            validatorAddress: TestKey("ada").address, validatorIndex: 0)
    }

    @Test("the one encoding is read as it is")
    func canonical() throws {
        let block = try block()
        let received = try Block.received(block.protobuf)
        #expect(received.block == block && received.isCanonical)
    }

    @Test("padded numbers, unknown fields, another order and messages in two pieces mean the same block")
    func loose() throws {
        let block = try block()
        let bytes = block.protobuf
        var fields: [[UInt8]] = []
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            fields.append(ProtobufWriter.encode { $0.message(field.number, try! field.slice()) })
        }
        #expect(fields.count == 4)
        let unknown = ProtobufWriter.encode { $0.uint64(99, 5) }
        // The header, its height written as a padded varint after everything else of it, in a second piece.
        let height = block.header.height
        let padded: [UInt8] = [0x0a, 4, 0x18, UInt8(height) | 0x80, 0x80, 0x00]
        let variants = [
            bytes + unknown, unknown + bytes, fields[3] + fields[1] + fields[0] + fields[2], bytes + padded,
            bytes + [0x0a, 0], fields[0] + fields[3] + fields[2] + fields[1] + [0x12, 0],
        ]
        for variant in variants {
            #expect(throws: ProtobufError.self) { try Block(protobuf: variant) }
            let received = try Block.received(variant)
            #expect(received.block == block && !received.isCanonical)
        }
    }

    @Test("groups are passed over, and numbers cut to their width, as gogoproto does")
    func groupsAndWidths() throws {
        let block = try block()
        let bytes = block.protobuf
        // Field 99 as a group with every kind of field in it, and a group in that.
        let inner: [UInt8] = [0x08, 5, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0x1a, 1, 7, 0x23, 0x08, 1, 0x24, 0x2d, 0, 0, 0, 0]
        let group: [UInt8] = [0x9b, 6] + inner + [0x9c, 6]
        let variants = [
            bytes + group, group + bytes, bytes + [0x0a, UInt8(group.count)] + group,
            // The commit's round with a bit beyond 32; a field number with one; a number's last byte too large.
            bytes + [0x22, 6, 0x10, 0x80, 0x80, 0x80, 0x80, 0x10],
            bytes + [0x92, 0x80, 0x80, 0x80, 0x80, 0x01, 0],
            bytes + [0x98, 6] + [UInt8](repeating: 0x80, count: 9) + [0x7e],
        ]
        for variant in variants {
            let received = try Block.received(variant)
            #expect(received.block == block && !received.isCanonical)
        }
        for refused: [UInt8] in [
            bytes + [0x9c, 6], bytes + [0x9b, 6], bytes + [0x0b, 0x0c], bytes + [0x9b, 6, 0x0e, 0x9c, 6], bytes + [0],
            bytes + [0x98, 6] + [UInt8](repeating: 0x80, count: 10), bytes + [0x9a, 6, 2, 0], bytes + [0x9d, 6, 0, 0],
        ] {
            #expect(throws: ProtobufError.self) { try Block.received(refused) }
        }
    }

    @Test("evidence is part of it: its own encoding is mended too, and what it is hashed from")
    func evidence() throws {
        var block = try block()
        let original = block
        block.evidence[0].bytes += [0x18, 0x19]  // the total power once more
        let received = try Block.received(block.protobuf)
        #expect(received.block == original && !received.isCanonical)
    }

    @Test("what is no block is none, cut anywhere or with any byte turned")
    func total() throws {
        let bytes = try block().protobuf
        #expect(throws: ProtobufError.self) { try Block.received([]) }
        #expect(throws: ProtobufError.self) { try Block.received([0xff]) }
        for length in bytes.indices { _ = try? Block.received(Array(bytes.prefix(length))) }
        for index in bytes.indices {
            var turned = bytes
            turned[index] ^= 0x55
            if let received = try? Block.received(turned), received.isCanonical {
                #expect(received.block.protobuf == turned)
            }
        }
    }
}
