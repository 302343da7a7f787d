import ChainFormats
import PublicCryptography
import Wire

/// The inputs of the core since the last saved block, on disk before anything that follows from them leaves.
///
/// Framing as in CometBFT: CRC-32C and length, both big-endian, then the record. After a crash the log may end in the
/// middle of a record; opening keeps what is whole, and the rest beside it under `.corrupted`. At the end of a height a
/// log that has grown beyond `rotationBytes` is replaced by one that begins there: blocks are in the block store.
/// Within a height it is kept small by leaving out blocks that nothing comes of any more.
package final class WriteAheadLog {
    package static let recordByteCountMax = 1 << 20

    private let file: any LogFile
    private let rotationBytes: Int
    private var byteCount: Int
    /// Beyond it parts are left out; more, where that did not help.
    private var partsBytes: Int
    private var buffer: [UInt8] = []

    /// Opens the log, or makes one that begins after height `start`. Returns too what was in it.
    package static func open(
        _ path: String, startingAfter start: Int64, rotationBytes: Int = 16 << 20, isDurable: Bool = true,
        reopen: @escaping (String) throws -> Int32 = DurableLogFile.openToAppend
    ) throws -> (log: WriteAheadLog, records: [TimedRecord]) {
        let file = DurableLogFile(path, isDurable: isDurable, reopen: reopen)
        return try open(file, startingAfter: start, rotationBytes: rotationBytes)
    }

    package static func open(
        _ file: any LogFile, startingAfter start: Int64, rotationBytes: Int = 16 << 20
    ) throws -> (log: WriteAheadLog, records: [TimedRecord]) {
        var content = try file.read()
        var (records, validByteCount) = parse(content)
        if validByteCount < content.count {
            try file.keep(corrupted: Array(content[validByteCount...]))
            content.removeSubrange(validByteCount...)
            try file.replace(with: content)
        }
        if records.isEmpty {
            records = [TimedRecord(time: .goZero, .endHeight(start))]
            content = frame(records[0])
            try file.replace(with: content)
        }
        return (WriteAheadLog(file, byteCount: content.count, rotationBytes: rotationBytes), records)
    }

    private init(_ file: any LogFile, byteCount: Int, rotationBytes: Int) {
        (self.file, self.byteCount, self.rotationBytes) = (file, byteCount, rotationBytes)
        partsBytes = 4 * rotationBytes
    }

    /// The record will be on disk after the next `sync`.
    package func append(_ record: TimedRecord) {
        buffer.append(contentsOf: WriteAheadLog.frame(record))
    }

    /// A failure here is final: the caller must stop rather than go on without its log.
    package func sync() throws {
        guard !buffer.isEmpty else { return }
        try file.append(buffer)
        byteCount += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    /// Marks the block of `height` as saved.
    package func endHeight(_ height: Int64, time: Timestamp) throws {
        let record = TimedRecord(time: time, .endHeight(height))
        append(record)
        try sync()
        guard byteCount > rotationBytes else { return }
        let content = WriteAheadLog.frame(record)
        try file.replace(with: content)
        byteCount = content.count
    }

    /// Leaves out what no replay needs, if the log has grown much: parts that `isNeeded` does not say of. Votes,
    /// timeouts and proposals stay, so a replay passes the same rounds.
    package func shrink(isNeeded: (_ height: Int64, BlockPart) -> Bool) throws {
        guard byteCount > partsBytes else { return }
        try sync()
        var content: [UInt8] = []
        for record in WriteAheadLog.parse(try file.read()).records {
            if case .part(let height, _, let part) = record.record, !isNeeded(height, part) { continue }
            content += WriteAheadLog.frame(record)
        }
        if content.count < byteCount { try file.replace(with: content) }
        byteCount = content.count
        partsBytes = max(4 * rotationBytes, 2 * byteCount)
    }

    package static func frame(_ record: TimedRecord) -> [UInt8] {
        let payload = record.protobuf
        precondition(payload.count <= recordByteCountMax)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + 8)
        for word in [CRC32C.checksum(payload), UInt32(payload.count)] { bytes += word.bigEndianBytes }
        return bytes + payload
    }

    /// The whole records from the front, and where they end.
    package static func parse(_ bytes: [UInt8]) -> (records: [TimedRecord], validByteCount: Int) {
        var records: [TimedRecord] = []
        var position = 0
        while bytes.count - position >= 8 {
            let words = [position, position + 4].map { start in
                UInt32(bigEndianBytes: bytes[start..<start + 4])
            }
            let end = position + 8 + Int(words[1])
            guard words[1] <= UInt32(recordByteCountMax), end <= bytes.count else { break }
            let payload = bytes[(position + 8)..<end]
            guard CRC32C.checksum(payload) == words[0], let record = try? TimedRecord(protobuf: payload) else { break }
            records.append(record)
            position = end
        }
        return (records, position)
    }
}
