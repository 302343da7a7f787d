import DecidedBlocks
import EnclaveProtocol
import PublicCryptography
import Testing
import Wire

@testable import EnclaveService

extension EnclaveServiceSuite {
    @Suite struct BlockResultsTests {
        private static let good = ExecutionResult(code: 0, data: [1], gasWanted: 2, gasUsed: 3)
        private static let bad = ExecutionResult(code: 5, data: [], gasWanted: 2, gasUsed: 3)

        private static func leaf(_ result: ExecutionResult) -> Hash32 { MerkleTree.leafHash(result.protobuf) }

        /// Of three transactions the enclave ran the first two, and the host skipped the last.
        private static var results: BlockResults {
            var results = BlockResults()
            results.ran = [(0, leaf(good)), (1, leaf(bad))]
            results.skipped = [2]
            return results
        }

        @Test("they come back from the sealed record as they were")
        func roundTrip() throws {
            #expect(try BlockResults(decoding: Self.results.encoded) == Self.results)
            #expect(try BlockResults(decoding: []) == BlockResults())
            let unknown = BlockResults(isUnknown: true)
            #expect(try BlockResults(decoding: unknown.encoded) == unknown && unknown != BlockResults())
            #expect(unknown.isEmpty && unknown.agree(with: [SHA256.hash([1])], failures: []))
            var other = Self.results
            other.ran[1].index = 3
            #expect(try BlockResults(decoding: other.encoded) != Self.results)
        }

        @Test("a record with another field, or a leaf of another length, is refused")
        func malformed() {
            for bytes: [UInt8] in [[0x22, 0], [0x0a, 2, 8, 1], [0x12, 2, 0x18, 1], [0x0a], [0x08, 1]] {
                #expect(throws: (any Error).self) { try BlockResults(decoding: bytes) }
            }
        }

        @Test("a header agrees if it commits to what was run, and to a proved failure of what was skipped")
        func agreement() {
            let failure = FailedResult(index: 2, leaf: Self.bad.protobuf)
            let proved = [Self.leaf(Self.good), Self.leaf(Self.bad), Self.leaf(Self.bad)]
            #expect(Self.results.agree(with: proved, failures: [failure]))
            #expect(!Self.results.agree(with: proved, failures: []))
            #expect(!Self.results.agree(with: Array(proved.dropLast()), failures: [failure]))
            #expect(!Self.results.agree(with: [proved[1], proved[1], proved[2]], failures: [failure]))
            // It reached no enclave and succeeded all the same.
            let success = FailedResult(index: 2, leaf: Self.good.protobuf)
            #expect(!Self.results.agree(with: [proved[0], proved[1], Self.leaf(Self.good)], failures: [success]))
            // A failure that is not the proved one, or of another transaction.
            #expect(!Self.results.agree(with: proved, failures: [FailedResult(index: 1, leaf: Self.bad.protobuf)]))
            #expect(!Self.results.agree(with: proved, failures: [FailedResult(index: 2, leaf: [1])]))
            #expect(!Self.results.agree(with: proved, failures: [FailedResult(index: 9, leaf: Self.bad.protobuf)]))
        }
    }
}
