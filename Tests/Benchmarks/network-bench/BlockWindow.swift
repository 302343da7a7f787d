import BenchmarkKit
import Foundation

/// What a network does from the end of one block to the end of a later one. A full block of a busy machine takes
/// seconds, so a window that begins or ends within one would count too much, or none of it.
struct BlockWindow<Reading> {
    var seconds: Double
    var transactions: Double
    var first: Reading
    var last: Reading

    /// At least so many seconds long, and at most until `isOver` after a block. `committed` is asked for the
    /// transactions in blocks so far; `meanwhile` is called again and again.
    init(
        seconds: Double, committed: () throws -> Double, read: () throws -> Reading, isOver: () -> Bool = { false },
        meanwhile: () throws -> Void = { usleep(20_000) }
    ) throws {
        var count = try committed()
        var begin: (time: Double, count: Double, reading: Reading)?
        var patience = Machine.now + blockSecondsMax
        while true {
            try meanwhile()
            let now = try committed()
            guard now != count else {
                guard Machine.now < patience else {
                    throw ProductNetwork.Failed(description: "no block within \(number(blockSecondsMax)) s")
                }
                continue
            }
            (count, patience) = (now, Machine.now + blockSecondsMax)
            guard let begin else {
                begin = (Machine.now, count, try read())
                continue
            }
            let passed = Machine.now - begin.time
            guard passed >= seconds || isOver() else { continue }
            (self.seconds, transactions) = (passed, count - begin.count)
            (first, last) = (begin.reading, try read())
            return
        }
    }
}

private let blockSecondsMax = 60.0
