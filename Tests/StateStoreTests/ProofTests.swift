import ChainFormats
import PublicCryptography
import Seeds
import StateProofs
import StateStore
import TestSupport
import Testing
import Wire

@Suite("Proofs of the database")
struct ProofTests {
    private let folder = TemporaryFolder()

    @Test(
        "multiproofs of random sets, absent keys included, verify; tampered ones do not",
        arguments: [31, 32, 33] as [UInt64])
    func multiproofs(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let database = try folder.database()
        for (height, size) in [0, 1, 2, 17, 200, 1_500].enumerated() {
            let entries = (0..<size).map { _ in
                (generator.next(), Optional([UInt8.random(in: 0...9, using: &generator)]))
            }
            let writes = Dictionary(entries.map { (StateKey.number($0.0), $0.1) }) { $1 }
            try database.add(UInt64(height), ["compute": writes])
            let snapshot = try database.snapshot(at: UInt64(height))
            let root = try #require(snapshot.commitment.root(of: "compute"))
            for _ in 0..<10 {
                var keys = entries.shuffled(using: &generator).prefix(Int.random(in: 0...12, using: &generator))
                    .map { StateKey.number($0.0) }
                for _ in 0..<Int.random(in: keys.isEmpty ? 1...4 : 0...4, using: &generator) {
                    keys.append(StateKey.number(generator.next()))
                }
                keys.shuffle(using: &generator)
                let proved = try snapshot.multiproof("compute", keys)
                #expect(proved.keys == keys && proved.store == "compute")
                #expect(throws: Never.self) {
                    try MultiProof.verify(root: root, keys: keys, values: proved.values, proof: proved.proof)
                }
                let index = Int.random(in: keys.indices, using: &generator)
                var values = proved.values
                values[index] = values[index] == nil ? [1] : nil
                #expect(throws: ProofError.self) {
                    try MultiProof.verify(root: root, keys: keys, values: values, proof: proved.proof)
                }
                var proof = proved.proof
                proof[Int.random(in: proof.indices, using: &generator)] ^= 0x10
                #expect(throws: ProofError.self) {
                    try MultiProof.verify(root: root, keys: keys, values: proved.values, proof: proof)
                }
            }
        }
    }

    @Test(
        "every key, present or absent, has an ICS 23 proof up to the application hash", arguments: [1, 2, 5, 60, 400])
    func lightClientProofs(count: Int) throws {
        let database = try folder.database()
        let keys = (0..<count).map { Array("key\($0)".utf8) }
        try database.add(0, ["bank": Dictionary(uniqueKeysWithValues: keys.map { ($0, Optional($0 + [1])) })])
        let snapshot = try database.snapshot(at: 0)
        let root = try #require(snapshot.commitment.root(of: "bank"))
        for key in keys.prefix(60) {
            let proved = try snapshot.prove("bank", key)
            #expect(proved.value == key + [1])
            let encoded = try #require(proved.inStore).encoded(.sparse)
            let proof = try CommitmentProof(decoding: encoded, .sparse)
            #expect(proof.proves(key + [1], under: key, root: root, .sparse))
            #expect(!proof.proves(key, under: key, root: root, .sparse))
            #expect(
                proved.ofStore.proves(
                    root.bytes, under: Array("bank".utf8), root: snapshot.applicationHash, .tendermint))
        }
        for index in 0..<60 {
            let key = Array("absent\(index)".utf8)
            let proved = try snapshot.prove("bank", key)
            #expect(proved.value == nil)
            #expect(try #require(proved.inStore).provesAbsence(of: key, root: root))
            #expect(try #require(proved.inStore).provesAbsence(of: keys[0], root: root) == false)
        }
        #expect(try snapshot.prove("acc", [1]).inStore == nil)
        #expect(throws: StateDatabaseError.unknownStore("gov")) { try snapshot.prove("gov", [1]) }
    }
}
