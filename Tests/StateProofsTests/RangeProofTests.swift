import PublicCryptography
import Seeds
import StateKit
import StateProofs
import Testing

@Suite("Proofs of neighbours")
struct RangeProofTests {
    private typealias Entry = (key: [UInt8], value: [UInt8])

    /// In the order of their paths.
    private func entries(_ count: Int, _ generator: inout SeededGenerator) -> [Entry] {
        var values = [[UInt8]: [UInt8]]()
        while values.count < count { values[generator.bytes(5)] = generator.bytes(4) }
        return values.map { ($0.key, $0.value) }
            .sorted { SparseMerkleTree.path(of: $0.key) < SparseMerkleTree.path(of: $1.key) }
    }

    private func verify(
        _ shown: [Entry], of all: [Entry], values: [[UInt8]?]? = nil, shuffledBy order: [Int]? = nil
    ) -> Result<MultiProof.Surroundings, ProofError> {
        let tree = ReferenceTree(Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0.value) }))
        let keys = (order ?? Array(shown.indices)).map { shown[$0].key }
        let stored = (order ?? Array(shown.indices)).map { Optional(shown[$0].value) }
        do throws(ProofError) {
            return .success(
                try MultiProof.verifyRange(
                    root: tree.root, keys: keys, values: values ?? stored, proof: tree.proof(of: keys)))
        } catch { return .failure(error) }
    }

    @Test("every run of neighbours is one, and says whether it begins and ends the store")
    func runs() {
        var generator = SeededGenerator(seed: 48)
        for count in [1, 2, 3, 7, 20] {
            let all = entries(count, &generator)
            for first in 0..<count {
                for last in first..<count {
                    let order = Array(0...(last - first)).shuffled(using: &generator)
                    guard case .success(let surroundings) = verify(Array(all[first...last]), of: all, shuffledBy: order)
                    else {
                        Issue.record("\(first) to \(last) of \(count)")
                        continue
                    }
                    #expect(surroundings.isFirst == (first == 0))
                    #expect(surroundings.isLast == (last == count - 1))
                }
            }
        }
    }

    @Test("whoever leaves one out between two others is found out, whichever it is")
    func gaps() {
        var generator = SeededGenerator(seed: 49)
        for count in [3, 8, 40] {
            let all = entries(count, &generator)
            for left in 1..<(count - 1) {
                var shown = all
                shown.remove(at: left)
                #expect(verify(shown, of: all) == .failure(.leafLeftOut), "\(left) of \(count)")
                let (one, two) = (Array(all[0..<left]), Array(all[(left + 1)...]))
                #expect(verify([one[one.count - 1], two[0]], of: all) == .failure(.leafLeftOut))
            }
        }
    }

    @Test("an absent key is no neighbour, nor a value that is another, or of another state")
    func falsehoods() {
        var generator = SeededGenerator(seed: 50)
        let all = entries(12, &generator)
        let absent: Entry = ([1, 2, 3], [])
        #expect(verify([all[3], absent], of: all, values: [all[3].value, nil]) == .failure(.wrongValue))
        #expect(verify([all[3], absent], of: all, values: [all[3].value, [9]]) == .failure(.wrongValue))
        #expect(verify(Array(all[3...5]), of: all, values: [all[3].value, [9], all[5].value]) == .failure(.wrongValue))
        #expect(verify([], of: all) == .failure(.noKeys))
        #expect(verify([all[3]], of: all, values: []) == .failure(.countMismatch))
        let tree = ReferenceTree(Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0.value) }))
        let keys = all[2...4].map(\.key)
        let proof = tree.proof(of: keys)
        for index in proof.indices {
            for bit in [0, 1, 7] {
                var wrong = proof
                wrong[index] ^= 1 << UInt8(bit)
                #expect(throws: ProofError.self) {
                    try MultiProof.verifyRange(
                        root: tree.root, keys: keys, values: all[2...4].map(\.value), proof: wrong)
                }
            }
        }
    }
}
