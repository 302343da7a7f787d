import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import PublicCryptography
import Testing
import Wire

@testable import EnclaveService

extension EnclaveServiceSuite {
    @Suite struct JournaledHistoryTests {
        /// Headers of the heights 1 to `count`, each naming the one before it.
        private static func chain(_ count: Int64) -> [Header] {
            var headers: [Header] = []
            for height in 1...count {
                let last = headers.last.map { $0.hash() }
                headers.append(
                    Header(
                        chainID: "history-1", height: height, time: Timestamp(seconds: height, nanoseconds: 0)!,
                        lastBlockID: last.map { BlockID(hash: $0, parts: PartSetHeader(total: 1, hash: $0)) },
                        lastCommitHash: .zero, dataHash: .zero, validatorsHash: .zero, nextValidatorsHash: .zero,
                        consensusHash: .zero, appHash: [], lastResultsHash: .zero, evidenceHash: .zero,
                        proposerAddress: ValidatorAddress(publicKey: [UInt8](repeating: 1, count: 32))))
            }
            return headers
        }

        private static let headers = chain(9)
        private var journal: JournalRecord {
            JournalRecord(height: 9, headerHash: Self.headers[8].hash(), count: 0, digest: .zero)
        }

        /// As an honest host answers, at most `most` at a time.
        private static func answer(_ highest: UInt64, _ count: UInt32, most: Int = 100) -> [[UInt8]] {
            headers.prefix(Int(highest)).reversed().prefix(min(Int(count), most)).map(\.protobuf)
        }

        @Test("each header proves the one below it, and what was proved once is not asked for again")
        func downwards() throws {
            var history = JournaledHistory(journal)
            var asked: [String] = []
            func hash(at height: Int64) throws -> Hash32 {
                try history.hash(at: height) { highest, count in
                    asked.append("\(highest) \(count)")
                    return Self.answer(highest, count, most: 2)
                }
            }
            #expect(try hash(at: 9) == Self.headers[8].hash() && asked.isEmpty)
            #expect(try hash(at: 6) == Self.headers[5].hash())
            #expect(asked == ["9 3", "7 1"])
            #expect(try hash(at: 8) == Self.headers[7].hash() && asked.count == 2)
            #expect(try hash(at: 1) == Self.headers[0].hash())
            #expect(history.isOf(journal))
            var later = journal
            later.height += 1
            #expect(!history.isOf(later))
            later = journal
            later.headerHash = .zero
            #expect(!history.isOf(later))
        }

        @Test("a host that leaves headers out, adds some or shows other ones proves nothing")
        func lies() {
            let other = Self.headers[4].protobuf
            let answers: [[[UInt8]]] = [
                [], [other], [Self.headers[8].protobuf, other], [[1, 2, 3]],
                Array(Self.headers.reversed().map(\.protobuf).prefix(4)),
                [Self.headers[7].protobuf, Self.headers[6].protobuf],
            ]
            for answer in answers {
                var history = JournaledHistory(journal)
                #expect(throws: Failure.historyMissing) { try history.hash(at: 6) { _, _ in answer } }
            }
        }

        @Test("a chain's first header has none below it, and what is too far below is not asked for")
        func ends() {
            var history = JournaledHistory(
                JournalRecord(height: 5, headerHash: Self.headers[0].hash(), count: 0, digest: .zero))
            #expect(throws: Failure.historyMissing) {
                try history.hash(at: 4) { _, _ in [Self.headers[0].protobuf] }
            }
            var far = JournaledHistory(
                JournalRecord(height: (1 << 20) + 1, headerHash: Self.headers[8].hash(), count: 0, digest: .zero))
            #expect(throws: Failure.historyMissing) {
                try far.hash(at: 1) { _, _ in
                    Issue.record("asked for what cannot be held")
                    return []
                }
            }
        }
    }
}
