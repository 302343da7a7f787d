import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import CometBFTReading
import DecidedBlocks
import Foundation
import PublicCryptography
import TestSupport
import Testing
import Wire

@testable import CometBFTEngine

/// Writes what CometBFT's log of consensus has.
enum LogWriter {
    static func record(_ message: (inout ProtobufWriter) -> Void) -> [UInt8] {
        let bytes = ProtobufWriter.encode { timed in
            timed.message(1) { $0.int64(1, 1_700_000_000) }
            timed.message(2, ProtobufWriter.encode(message))
        }
        let length = UInt32(bytes.count)
        // The checksum is nobody's affair here.
        return [1, 2, 3, 4] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + bytes
    }

    static func part(_ part: BlockPart, height: Int64) -> [UInt8] {
        record {
            $0.message(2) { info in
                info.message(1) { message in
                    message.message(5) { body in
                        body.int64(1, height)
                        body.int64(2, 0)
                        body.message(3, part)
                    }
                }
                info.string(2, "a peer")
            }
        }
    }

    static func vote(_ vote: Vote) -> [UInt8] {
        record { $0.message(2) { info in info.message(1) { message in message.message(6) { $0.message(1, vote) } } } }
    }

    static func endHeight(_ height: Int64) -> [UInt8] { record { $0.message(4) { $0.int64(1, height) } } }

    static func decided(_ block: RPCBlock, of validators: ValidatorSet) -> [UInt8] {
        let parts = PartSet(cutting: block.block.protobuf)
        let height = block.block.header.height
        let votes = block.commit.signatures.enumerated().filter { $0.element.flag != .absent }.map { index, slot in
            Vote(
                kind: .precommit, height: height, round: block.commit.round,
                blockID: slot.flag == .commit ? block.blockID : nil, timestamp: slot.timestamp,
                validatorAddress: validators.validators[index].address, validatorIndex: Int32(index),
                signature: slot.signature)
        }
        return (0..<Int(parts.header.total)).flatMap { part(parts[$0]!, height: height) } + votes.flatMap { vote($0) }
    }
}

@Suite("CometBFT's log of consensus") struct ConsensusLogTests {
    private let folder = TemporaryFolder("wal")

    private func write(_ bytes: [UInt8], _ name: String = "wal") throws {
        let place = folder.path("data/cs.wal")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: place + "/" + name))
    }

    @Test("a decided block is put together from it, over its files, and from nothing that is torn or of others")
    func decided() async throws {
        try await onThread {
            let driven = try DrivenRig()
            try driven.start()
            _ = try driven.comet.check([1, 2, 3])
            for _ in 0..<3 { try driven.comet.height() }
            driven.kill()
            let set = ValidatorSet(genesis: driven.rig.genesis.validatorUpdates)!
            let blocks = try (1...3).map { try driven.comet.block($0) }
            let log = ConsensusLog(home: folder.url.path)
            let chainID = driven.rig.genesis.chainID
            #expect(throws: ConsensusLog.Missing.self) { try log.block(1, of: set, chainID: chainID) }
            let all = blocks.flatMap { LogWriter.decided($0, of: set) + LogWriter.endHeight($0.block.header.height) }
            try write(all)
            for block in blocks {
                #expect(try log.block(block.block.header.height, of: set, chainID: chainID) == block)
            }
            #expect(throws: ConsensusLog.Missing.self) { try log.block(4, of: set, chainID: chainID) }
            // Parts in one file and votes in the next; a file before that is none.
            let last = LogWriter.decided(blocks[2], of: set)
            try write([UInt8](repeating: 0xff, count: 100), "wal.000")
            let parts = LogWriter.part(PartSet(cutting: blocks[2].block.protobuf)[0]!, height: 3)
            try write(parts, "wal.001")
            try write(Array(last.dropFirst(parts.count)))
            #expect(try log.block(3, of: set, chainID: chainID) == blocks[2])
            // Cut off at any place, or changed in any byte: the block, or nothing.
            for file in ["wal.000", "wal.001"] { try write([], file) }
            for count in stride(from: 0, to: last.count, by: 7) {
                try write(Array(last[..<count]))
                #expect(throws: ConsensusLog.Missing.self) { try log.block(3, of: set, chainID: chainID) }
            }
            for position in stride(from: 4, to: last.count, by: 5) {
                var changed = last
                changed[position] ^= 0x41
                try write(changed)
                if let found = try? log.block(3, of: set, chainID: chainID) {
                    #expect(found.block == blocks[2].block)
                }
            }
            // Peers filled it with votes in the validator's name, for another block and for this one, and with parts.
            let (block, validator) = (blocks[2], set.validators[0])
            func vote(_ blockID: BlockID, _ round: Int32) -> [UInt8] {
                LogWriter.vote(
                    Vote(
                        kind: .precommit, height: 3, round: round, blockID: blockID,
                        timestamp: block.block.header.time, validatorAddress: validator.address, validatorIndex: 0,
                        signature: [UInt8](repeating: 7, count: 64)))
            }
            let other = PartSet(cutting: [1, 2, 3])
            var flood = LogWriter.part(other[0]!, height: 3)
            for round in 0..<100 as Range<Int32> {
                flood += vote(BlockID(hash: SHA256.hash([UInt8(round)]), parts: other.header), round)
                flood += vote(block.blockID, round)
            }
            try write(flood + last + flood)
            #expect(try log.block(3, of: set, chainID: chainID) == block)
            // Of another chain, or another set, nobody has signed.
            try write(last)
            #expect(throws: ConsensusLog.Missing.self) { try log.block(3, of: set, chainID: "other-1") }
            let stranger = try EngineRig()
            #expect(throws: ConsensusLog.Missing.self) {
                try log.block(
                    3, of: ValidatorSet(genesis: stranger.genesis.validatorUpdates)!, chainID: chainID)
            }
        }
    }

    @Test("killed between CometBFT's save and ours, run by hand, the node goes on from the log")
    func goesOn() async throws {
        try await onThread {
            let driven = try DrivenRig()
            driven.home = folder.url.path
            try driven.start(hook: { step, height in if step == .decided, height == 2 { throw Crash() } })
            for transaction in DrivenEngineTests.transactions { _ = try driven.comet.check(transaction) }
            #expect(throws: ScriptedCometBFT.Ended.self) { while true { try driven.comet.height() } }
            driven.kill()
            let block = try driven.comet.block(2)
            try write(
                LogWriter.decided(block, of: ValidatorSet(genesis: driven.rig.genesis.validatorUpdates)!))
            driven.stopped.clear()
            // Nothing answers in the handshake.
            driven.comet.isReachable = false
            try driven.start()
            #expect(driven.application.height == 2)
            driven.comet.isReachable = true
            while driven.application.executed.count < 3 { try driven.comet.height() }
            driven.kill()
            #expect(driven.application.executed == DrivenEngineTests.transactions)
            #expect(driven.application.previousResultsMatched && driven.stopped.error == nil)
            try driven.rig.verifyChain()
        }
    }
}
