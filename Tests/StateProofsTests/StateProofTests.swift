import PublicCryptography
import Seeds
import StateKit
import StateProofs
import Testing

@Suite("Multiproofs of a store")
struct StateProofTests {
    private struct Case {
        var values: [[UInt8]: [UInt8]]
        var keys: [[UInt8]]
        var root: Hash32
        var proof: [UInt8]
        var answers: [[UInt8]?] { keys.map { values[$0] } }
    }

    private func randomCase(_ generator: inout SeededGenerator) -> Case {
        var values = [[UInt8]: [UInt8]]()
        for _ in 0..<Int.random(in: 0...40, using: &generator) {
            values[generator.bytes(Int.random(in: 1...3, using: &generator))] = generator.bytes(4)
        }
        var keys = values.keys.sorted { $0.lexicographicallyPrecedes($1) }.filter { _ in Bool.random(using: &generator)
        }
        for _ in 0..<Int.random(in: 1...5, using: &generator) {
            let key = generator.bytes(4)
            if !keys.contains(key) { keys.append(key) }
        }
        keys.shuffle(using: &generator)
        let tree = ReferenceTree(values)
        return Case(values: values, keys: keys, root: tree.root, proof: tree.proof(of: keys))
    }

    @Test("proofs of random sets of present and absent keys hold", arguments: 1...20 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let it = randomCase(&generator)
            #expect(throws: Never.self) {
                try MultiProof.verify(root: it.root, keys: it.keys, values: it.answers, proof: it.proof)
            }
        }
    }

    @Test("every single flipped bit of a proof is refused")
    func flippedBits() {
        var generator = SeededGenerator(seed: 77)
        let it = randomCase(&generator)
        for index in it.proof.indices {
            for bit in 0..<8 {
                var proof = it.proof
                proof[index] ^= 1 << UInt8(bit)
                #expect(throws: ProofError.self) {
                    try MultiProof.verify(root: it.root, keys: it.keys, values: it.answers, proof: proof)
                }
            }
        }
    }

    @Test("a proof cut anywhere or continued is refused")
    func cutProof() {
        var generator = SeededGenerator(seed: 78)
        let it = randomCase(&generator)
        for count in it.proof.indices {
            #expect(throws: ProofError.self) {
                try MultiProof.verify(
                    root: it.root, keys: it.keys, values: it.answers, proof: Array(it.proof[..<count]))
            }
        }
        #expect(throws: ProofError.trailingBytes) {
            try MultiProof.verify(root: it.root, keys: it.keys, values: it.answers, proof: it.proof + [0])
        }
    }

    @Test("a value that is left out, invented, changed or moved is refused", arguments: 1...20 as ClosedRange<UInt64>)
    func wrongValues(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let it = randomCase(&generator)
        for index in it.keys.indices {
            var answers = it.answers
            answers[index] = answers[index] == nil ? [1] : nil
            #expect(throws: ProofError.wrongValue) {
                try MultiProof.verify(root: it.root, keys: it.keys, values: answers, proof: it.proof)
            }
            answers[index] = (it.answers[index] ?? []) + [0]
            #expect(throws: ProofError.wrongValue) {
                try MultiProof.verify(root: it.root, keys: it.keys, values: answers, proof: it.proof)
            }
            for other in it.keys.indices where it.answers[other] != it.answers[index] {
                var swapped = it.answers
                swapped.swapAt(index, other)
                #expect(throws: ProofError.wrongValue) {
                    try MultiProof.verify(root: it.root, keys: it.keys, values: swapped, proof: it.proof)
                }
            }
        }
    }

    @Test("yesterday's proof is refused against today's root")
    func oldState() {
        let old = ReferenceTree([[1]: [10], [2]: [20]])
        let new = ReferenceTree([[1]: [11], [2]: [20]])
        #expect(throws: ProofError.wrongRoot) {
            try MultiProof.verify(root: new.root, keys: [[1]], values: [[10]], proof: old.proof(of: [[1]]))
        }
        #expect(throws: ProofError.wrongRoot) {
            try MultiProof.verify(root: new.root, keys: [[1]], values: [nil], proof: [0])
        }
    }

    /// The attack: a host fills the memory with whatever it likes, then sends a false proof whose top is remembered.
    @Test("remembered nodes, of other trees and of lies, change no verdict", arguments: 1...20 as ClosedRange<UInt64>)
    func rememberedNodes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var tops = TreeTops()
        var verdicts = Set<Bool>()
        for _ in 0..<10 {
            let (it, other) = (randomCase(&generator), randomCase(&generator))
            for _ in 0..<50 {
                var (root, answers, proof) = (it.root, it.answers, it.proof)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: root = other.root
                case 1: answers[Int.random(in: answers.indices, using: &generator)] = generator.bytes(4)
                case 2: proof[Int.random(in: proof.indices, using: &generator)] ^= 1
                case 3: proof = other.proof
                default: break
                }
                let verdict = ProofVerdict { () throws(ProofError) in
                    try MultiProof.verify(root: root, keys: it.keys, values: answers, proof: proof)
                }
                let remembering = ProofVerdict { () throws(ProofError) in
                    try MultiProof.verify(root: root, keys: it.keys, values: answers, proof: proof, tops: &tops)
                }
                #expect(verdict.holds == remembering.holds)
                verdicts.insert(verdict.holds)
            }
        }
        #expect(verdicts == [true, false] && tops.count > 0)
    }

    private struct ProofVerdict {
        var holds = true

        init(_ verify: () throws(ProofError) -> Void) {
            do { try verify() } catch { holds = false }
        }
    }

    @Test("another key's leaf does not prove absence where it does not stand")
    func foreignLeaf() {
        // Two keys whose paths differ in the first bit, so that each is alone on its side.
        let keys = (0..<100).map { [UInt8($0)] }
        let left = keys.first { !SHA256.hash($0).bit(0) }!
        let right = keys.first { SHA256.hash($0).bit(0) }!
        let tree = ReferenceTree([left: [1], right: [2]])
        let leaf: [UInt8] = [1] + SHA256.hash(left).bytes + SHA256.hash([1]).bytes
        let rightHash = SparseMerkleTree.leafHash(path: SHA256.hash(right), valueHash: SHA256.hash([2])).bytes
        #expect(throws: Never.self) {
            try MultiProof.verify(root: tree.root, keys: [left], values: [[1]], proof: [2] + leaf + rightHash)
        }
        #expect(throws: ProofError.misplacedLeaf) {
            try MultiProof.verify(root: tree.root, keys: [right], values: [nil], proof: [2] + rightHash + leaf)
        }
    }

    @Test("the same key twice, no key, and a missing answer are refused")
    func illFormedQuestions() {
        let tree = ReferenceTree([[1]: [1]])
        let proof = tree.proof(of: [[1]])
        #expect(throws: ProofError.duplicateKey) {
            try MultiProof.verify(root: tree.root, keys: [[1], [1]], values: [[1], [1]], proof: proof)
        }
        #expect(throws: ProofError.noKeys) {
            try MultiProof.verify(root: tree.root, keys: [], values: [], proof: [])
        }
        #expect(throws: ProofError.countMismatch) {
            try MultiProof.verify(root: tree.root, keys: [[1]], values: [], proof: proof)
        }
    }

    @Test("a proof deeper than any tree ends in an error")
    func tooDeep() {
        let path = SHA256.hash([1])
        var proof = [UInt8]()
        // Each inner node leads on to the queried side; siblings on the left come before it.
        for depth in 0...256 {
            proof += [2]
            if depth < 256, path.bit(depth) { proof += Hash32.zero.bytes }
        }
        #expect(throws: ProofError.tooDeep) {
            try MultiProof.verify(root: .zero, keys: [[1]], values: [nil], proof: proof)
        }
    }

    @Test("the empty store and the store with one key have the roots of the definition")
    func smallRoots() {
        #expect(ReferenceTree([:]).root == SparseMerkleTree.emptyRoot)
        let leaf = SparseMerkleTree.leafHash(path: SHA256.hash([7]), valueHash: SHA256.hash([8]))
        #expect(ReferenceTree([[7]: [8]]).root == leaf)
        #expect(leaf == SHA256.hash([0] + SHA256.hash([7]).bytes + SHA256.hash([8]).bytes))
    }
}
