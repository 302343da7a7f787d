import ChainModel
import Modules

/// What the transaction index needs of a block, kept with the state until the next block is committed: so the index can
/// catch up when the process died between the two.
struct LastBlock: Equatable, Sendable {
    var height: UInt64
    var seconds: Int64
    var nanoseconds: UInt32
    var transactions: [[UInt8]]
    var results: [TransactionResult]

    init(height: UInt64, time: Timestamp, transactions: [[UInt8]], results: [TransactionResult]) {
        self.height = height
        seconds = time.seconds
        nanoseconds = time.nanoseconds
        self.transactions = transactions
        self.results = results
    }

    func encoded() -> [UInt8] {
        ProtobufWriter.encode { writer in
            writer.uint64(1, height)
            writer.int64(2, seconds)
            writer.uint64(3, UInt64(nanoseconds))
            for transaction in transactions { writer.message(4, transaction) }
            for result in results { writer.message(5, result.encoded()) }
        }
    }

    init(encoded bytes: [UInt8]) throws(ProtobufError) {
        (height, seconds, nanoseconds, transactions, results) = (0, 0, 0, [], [])
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: height = try field.uint64()
            case 2: seconds = try field.int64()
            case 3: nanoseconds = try field.uint32()
            case 4: transactions.append(try field.bytes())
            case 5: results.append(try TransactionResult(encoded: try field.bytes()))
            default: throw .illegalFieldNumber
            }
        }
    }

    func add(to index: TransactionIndex) throws {
        try index.add(
            height: height, seconds: seconds, nanoseconds: nanoseconds, transactions: transactions, results: results)
    }
}
