import ChainFormats
import DecidedBlocks
import Foundation
import PublicCryptography
import Testing
import Wire

/// A key that nobody can sign with, enough for sets and their order.
func publicKey(_ name: String) -> [UInt8] { SHA256.hash(Array(name.utf8)).bytes }

@Suite struct ValidatorSetTests {
    @Test("genesis, rotation and changes of members follow CometBFT step by step, to the last priority")
    func trace() throws {
        try ValidatorSetTests.follow(ConsensusFixture.json["validatorTrace"] as! [[String: Any]])
    }

    static func follow(_ trace: [[String: Any]]) throws {
        var set: ValidatorSet?
        for (number, step) in trace.enumerated() {
            let changes = (step["changes"] as? [[Any]] ?? []).map {
                ValidatorUpdate(publicKey: base64($0[0]), power: integer($0[1]))
            }
            switch step["op"] as! String {
            case "genesis": set = ValidatorSet(genesis: changes)
            case "update": try set!.update(changes)
            default: set!.incrementProposerPriority(times: Int32(integer(step["times"])))
            }
            let current = try #require(set)
            let expected = (step["set"] as! [[Any]]).map { "\($0[0]) \($0[1]) \($0[2])" }
            let actual = current.validators.map {
                "\(Hexadecimal.encode($0.address.bytes)) \($0.power) \($0.proposerPriority)"
            }
            #expect(actual == expected, "step \(number)")
            if let hash = step["hash"] as? String { #expect(current.hash().description == hash, "step \(number)") }
            if let proposer = step["proposer"] as? String {
                #expect(Hexadecimal.encode(current.proposer.address.bytes) == proposer, "step \(number)")
                #expect(try ValidatorSet(protobuf: current.protobuf) == current)
            }
        }
    }

    @Test("with equal powers everyone proposes in turn")
    func roundRobin() throws {
        var set = try #require(
            ValidatorSet(genesis: (0..<4).map { ValidatorUpdate(publicKey: publicKey("\($0)"), power: 1) }))
        var turns: [ValidatorAddress] = []
        for _ in 0..<8 {
            turns.append(set.proposer.address)
            set.incrementProposerPriority(times: 1)
        }
        #expect(Set(turns[..<4]).count == 4 && turns[..<4] == turns[4...])
    }

    @Test("a change that breaks a rule is refused whole")
    func refusedChanges() throws {
        let set = try #require(
            ValidatorSet(genesis: ["a", "b"].map { ValidatorUpdate(publicKey: publicKey($0), power: 10) }))
        func refusal(_ changes: [(String, Int64)]) -> ValidatorUpdateError? {
            var copy = set
            do {
                try copy.update(changes.map { ValidatorUpdate(publicKey: publicKey($0.0), power: $0.1) })
                return nil
            } catch {
                #expect(copy == set)
                return error
            }
        }
        #expect(refusal([("a", 5), ("c", 1)]) == nil)
        #expect(refusal([("a", -1)]) == .negativePower)
        #expect(refusal([("c", 1), ("c", 2)]) == .repeatedKey)
        #expect(refusal([("a", 0), ("b", 0)]) == .emptySet)
        #expect(refusal([("a", 0), ("b", 0), ("c", 1)]) == nil)
        #expect(refusal([("c", 0)]) == .unknownRemoval)
        #expect(refusal([("c", .max)]) == .powerTooLarge)
        #expect(refusal([("c", ValidatorSet.totalPowerMax)]) == .totalPowerTooLarge)
        var copy = set
        #expect(throws: ValidatorUpdateError.illegalKey) {
            try copy.update([ValidatorUpdate(publicKey: [1, 2, 3], power: 1)])
        }
    }

    @Test("a set out of order, with a key twice, or with a false address is refused")
    func refusedSets() throws {
        let (a, b) = (Validator(publicKey: publicKey("a"), power: 3)!, Validator(publicKey: publicKey("b"), power: 2)!)
        let again = Validator(publicKey: publicKey("a"), power: 1)!
        #expect(ValidatorSet(ordered: [a, b]) != nil)
        #expect(ValidatorSet(ordered: [b, a]) == nil)
        #expect(ValidatorSet(ordered: [a, a]) == nil)
        #expect(ValidatorSet(ordered: [a, b, again]) == nil)
        #expect(ValidatorSet(ordered: []) == nil)
        #expect(Validator(publicKey: publicKey("a"), power: 0) == nil)
        #expect(Validator(publicKey: [1], power: 1) == nil)
        var bytes = ValidatorSet(ordered: [a, b])!.protobuf
        bytes[4] ^= 1
        #expect(throws: ProtobufError.notCanonical) { try ValidatorSet(protobuf: bytes) }
    }

    @Test("two thirds are rounded down and then one more")
    func quorum() {
        for (powers, quorum) in [([1], 1), ([1, 1], 2), ([1, 1, 1], 3), ([1, 1, 1, 1], 3), ([10, 5, 3], 13)] {
            let set = ValidatorSet(
                genesis: powers.enumerated().map { ValidatorUpdate(publicKey: publicKey("\($0)"), power: Int64($1)) })!
            #expect(set.quorum == Int64(quorum))
        }
    }
}
