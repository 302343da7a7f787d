import EnclaveProtocol
import StateProofs
import Testing

@testable import EnclaveService

extension EnclaveServiceSuite {
    @Suite struct ProvenStateTests {
        private static let compute: [[UInt8]: [UInt8]] = [[1]: [10], [2]: [20], [3]: []]

        private func prover() -> Prover { Prover([StoreName.compute: Self.compute, StoreName.bank: [[1]: [99]]]) }

        @Test("what was proved ahead, present or absent, is not asked for")
        func ahead() throws {
            let prover = prover()
            try prover.admit([[1], [3], [7]], in: StoreName.compute)
            #expect(try prover.state.value(StoreName.compute, [1]) == [10])
            #expect(try prover.state.value(StoreName.compute, [3]) == [])
            #expect(try prover.state.value(StoreName.compute, [7]) == nil)
            #expect(try prover.state.values(StoreName.compute, [[7], [1], [3], [1]]) == [nil, [10], [], [10]])
        }

        @Test("one question asks for all that is missing, each once, in the order of the caller, at the proved height")
        func missing() throws {
            let prover = prover()
            try prover.admit([[2]], in: StoreName.compute)
            try prover.host.answer(.state([prover.proof(of: [[9], [1]], in: StoreName.compute)]))
            #expect(
                try prover.state.values(StoreName.compute, [[9], [2], [1], [9]]) == [nil, [20], [10], nil])
            guard case .readState(let read) = try prover.host.question() else {
                Issue.record("no read")
                return
            }
            #expect(read.version == 7 && read.reads == [StoreKeys(store: StoreName.compute, keys: [[9], [1]])])
            // Both are known now: a second question would have no answer.
            #expect(try prover.state.values(StoreName.compute, [[1], [9]]) == [[10], nil])
        }

        @Test("one key of two stores is two values")
        func stores() throws {
            let prover = prover()
            try prover.admit([[1]], in: StoreName.compute)
            try prover.admit([[1]], in: StoreName.bank)
            #expect(try prover.state.value(StoreName.compute, [1]) == [10])
            #expect(try prover.state.value(StoreName.bank, [1]) == [99])
        }

        @Test("more keys than a question may have are asked for in parts, and come back in order")
        func parts() throws {
            let prover = prover()
            let keys = (0..<(ServiceLimits.keysPerQuestionMax + 2)).map { [UInt8($0 >> 8), UInt8($0 & 255), 5] }
            let (first, rest) = (keys.prefix(ServiceLimits.keysPerQuestionMax), keys.suffix(2))
            try prover.host.answer(.state([prover.proof(of: Array(first), in: StoreName.compute)]))
            try prover.host.answer(.state([prover.proof(of: Array(rest), in: StoreName.compute)]))
            #expect(try prover.state.values(StoreName.compute, keys) == keys.map { _ in nil })
            #expect(try prover.host.keysAsked() == Array(first))
            #expect(try prover.host.keysAsked() == Array(rest))
        }

        @Test("an answer for other keys than those asked for is refused, each way it can differ")
        func otherKeys() throws {
            let other = Prover([StoreName.compute: Self.compute])
            let answers: [[StateProof]] = [
                [], [other.proof(of: [[1]], in: StoreName.compute)],
                [other.proof(of: [[2], [1]], in: StoreName.compute)],
                [other.proof(of: [[1], [2], [3]], in: StoreName.compute)],
                [other.proof(of: [[1], [2]], in: StoreName.bank)],
                [
                    other.proof(of: [[1], [2]], in: StoreName.compute),
                    other.proof(of: [[1], [2]], in: StoreName.compute),
                ],
            ]
            for answer in answers {
                let prover = prover()
                try prover.host.answer(.state(answer))
                #expect(throws: Failure.proofForOtherKeys) {
                    try prover.state.values(StoreName.compute, [[1], [2]])
                }
            }
            let prover = prover()
            try prover.host.answer(.code([1]))
            #expect(throws: Failure.unexpectedMessage) { try prover.state.value(StoreName.compute, [1]) }
        }

        @Test("a false value, a false absence and the proof of another state are refused, and nothing of them is kept")
        func lies() throws {
            let prover = prover()
            let honest = prover.proof(of: [[1]], in: StoreName.compute)
            var (changed, hidden) = (honest, honest)
            changed.values = [[11]]
            hidden.values = [nil]
            let elsewhere = Prover([StoreName.compute: [[1]: [11]]]).proof(of: [[1]], in: StoreName.compute)
            for lie in [changed, hidden, elsewhere] {
                try prover.host.answer(.state([lie]))
                #expect(throws: Failure.proofInvalid) { try prover.state.value(StoreName.compute, [1]) }
                #expect(throws: Failure.proofInvalid) { try prover.state.admit([lie]) }
                _ = try prover.host.question()
            }
            #expect(prover.state.rememberedBytes == 0)
            try prover.host.answer(.state([honest]))
            #expect(try prover.state.value(StoreName.compute, [1]) == [10])
        }

        @Test("a proof for a store that the header does not commit to is refused, and one of no keys says nothing")
        func strangeStores() throws {
            let prover = prover()
            var proof = prover.proof(of: [[1]], in: StoreName.compute)
            proof.store = "staking"
            #expect(throws: Failure.proofForOtherKeys) { try prover.state.admit([proof]) }
            try prover.state.admit([StateProof(store: StoreName.compute, keys: [], values: [], proof: [1, 2, 3])])
            #expect(prover.state.rememberedBytes == 0)
        }

        @Test("memory is bounded: what was proved first is forgotten and asked for again")
        func bound() throws {
            let large = [UInt8](repeating: 7, count: 30 << 20)
            let prover = Prover([StoreName.compute: [[1]: large, [2]: large, [3]: large, [4]: [40]]])
            for key in 1...3 { try prover.admit([[UInt8(key)]], in: StoreName.compute) }
            #expect(prover.state.rememberedBytes < 31 << 20)
            #expect(try prover.state.value(StoreName.compute, [3])?.count == large.count)
            try prover.admit([[4]], in: StoreName.compute)
            #expect(try prover.state.value(StoreName.compute, [4]) == [40])
            // The first is asked for again; the host has nothing to say to it.
            #expect(throws: (any Error).self) { try prover.state.value(StoreName.compute, [1]) }
        }
    }
}
