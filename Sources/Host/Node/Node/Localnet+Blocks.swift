import Foundation
import LogLines
import Logging
import StrictJSON

/// A line for each block that a node of ours logs, as `localnet` shows it: those with transactions one by one. Blocks
/// without any are told together: on a terminal in a line that is rewritten, else once in so many, and by the number of
/// them in the line of the next block that has some.
struct BlockTail {
    /// Blocks in a row without transactions for which a line is written where none can be rewritten.
    static let emptyInARow: UInt64 = 100

    private let output: LogOutput
    /// The blocks without transactions that no line was finished for.
    private var empty: (first: UInt64, last: UInt64)?

    init(_ output: LogOutput) { self.output = output }

    /// A line of the node's log, which may be about anything.
    mutating func take(_ text: String) {
        guard let line = LogLine(text), line.message == LineLogHandler.block.description,
            let height = line["height"]?.uint64, let transactions = line["transactions"]?.uint64
        else { return }
        if transactions == 0 {
            // A chain that was cut back counts anew.
            let isNext = empty.map { $0.last < height && height - $0.last == 1 } ?? false
            empty = (isNext ? empty?.first ?? height : height, height)
            let shown = LogLine(
                .info, "localnet", "blocks without transactions",
                fields: [("first", .number(empty?.first ?? height)), ("last", .number(height))], time: line.time)
            if output.isTerminal, output.format == .text { return output.rewrite(shown) }
            guard let (first, last) = empty, last - first + 1 >= Self.emptyInARow else { return }
            output.write(shown)
            empty = nil
        } else {
            var fields = ["height", "transactions", "failed", "gas", "milliseconds"].compactMap { name in
                line[name].map { (name: name, value: $0) }
            }
            if let (first, last) = empty { fields.append(("empty_before", .number(last - first + 1))) }
            empty = nil
            output.write(LogLine(.info, "localnet", "block", fields: fields, time: line.time))
        }
    }
}

/// What is appended to a file from now on, line by line.
final class FileTail: @unchecked Sendable {
    private let path: String
    private var offset: UInt64
    private var rest = Data()

    private static let chunkBytes = 1 << 16
    private static let lineBytesMax = 1 << 16

    init(_ path: String) {
        self.path = path
        offset = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.uint64Value ?? 0
    }

    /// The whole lines that came since the last call; at most so many bytes of them.
    func read() -> [String] {
        guard let handle = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? handle.close() }
        guard let end = try? handle.seekToEnd() else { return [] }
        // Somebody emptied it.
        if end < offset { (offset, rest) = (0, Data()) }
        guard end > offset, (try? handle.seek(toOffset: offset)) != nil,
            let read = try? handle.read(upToCount: Self.chunkBytes), !read.isEmpty
        else { return [] }
        offset += UInt64(read.count)
        rest += read
        var lines: [String] = []
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(String(decoding: rest[..<newline], as: UTF8.self))
            rest = Data(rest[rest.index(after: newline)...])
        }
        if rest.count > Self.lineBytesMax { rest = Data() }
        return lines
    }
}
