import Attestation
import CEnclaveRuntime
import PublicCryptography
import SecretCryptography
import Synchronization

/// The platform that enclave-host plays, at the other end of the platform lane.
///
/// The protocol is enclave-host/platform.h: one request, one reply, in order. So the lane has a lock, which is held for
/// one exchange; a record that must be on disk is the longest.
package final class SimulatedPlatform: Platform {
    package let measurement: Hash32
    package let facts: PlatformFacts
    private let lane: Mutex<Int32>

    private enum Operation: UInt8 {
        case identity = 1
        case sealingKey, quote, journalRead, journalWrite, votesRead, votesWrite, versionedKey, version
    }

    private static let headerByteCount = 5
    private static let replyBytesMax = 16384

    /// Asks the platform at the other end of `descriptor` who this enclave is.
    package init(descriptor: Int32 = Int32(RUNTIME_PLATFORM_LANE)) throws(PlatformError) {
        lane = Mutex(descriptor)
        let identity = try SimulatedPlatform.exchange(.identity, [], lane: descriptor)
        guard identity.count == 36, let measurement = Hash32(identity[0..<32]) else { throw .illegalAnswer }
        self.measurement = measurement
        // The upper half is the enclave's own word.
        facts = PlatformFacts(rawValue: UInt32(bigEndianBytes: identity[32..<36]) & 0xffff)
    }

    package func sealingKey(label: String) throws(PlatformError) -> SecretKey {
        try sealingKey(.sealingKey, Array(label.utf8))
    }

    package func sealingKey(label: String, of owner: KeyOwner, version: UInt16) throws(PlatformError) -> SecretKey {
        try sealingKey(.versionedKey, [owner.rawValue] + version.bigEndianBytes + Array(label.utf8))
    }

    package func securityVersion() throws(PlatformError) -> UInt16 {
        let answer = try lane.withLock { (lane) throws(PlatformError) in
            try SimulatedPlatform.exchange(.version, [], lane: lane)
        }
        guard answer.count == 2 else { throw .illegalAnswer }
        return UInt16(bigEndianBytes: answer)
    }

    private func sealingKey(_ operation: Operation, _ request: [UInt8]) throws(PlatformError) -> SecretKey {
        var failure: PlatformError?
        // Safe: the answer is read into the key's own guarded bytes and lies nowhere else in this process.
        let key = unsafe SecretKey(home: .pages) { bytes in
            do throws(PlatformError) {
                try unsafe readSealingKey(operation, request, into: bytes)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return key
    }

    /// Asks for a sealing key and writes it into `key`.
    @unsafe
    private func readSealingKey(
        _ operation: Operation, _ request: [UInt8], into key: UnsafeMutableRawBufferPointer
    ) throws(PlatformError) {
        try lane.withLock { (lane) throws(PlatformError) in
            try SimulatedPlatform.send(operation, request, lane: lane)
            guard try SimulatedPlatform.readHeader(lane: lane) == key.count else { throw .illegalAnswer }
            // Safe: the caller's buffer, whose size was just compared.
            try unsafe SimulatedPlatform.read(into: key, lane: lane)
        }
    }

    package func quote(reportData: [UInt8]) throws(PlatformError) -> [UInt8] {
        try lane.withLock { (lane) throws(PlatformError) in
            try SimulatedPlatform.exchange(.quote, reportData, lane: lane)
        }
    }

    package func readJournal() throws(PlatformError) -> JournalRecord { try read(.journalRead) }

    package func writeJournal(_ record: JournalRecord, after last: JournalRecord) throws(PlatformError) {
        try write(.journalWrite, record, after: last)
    }

    package func readVotes() throws(PlatformError) -> JournalRecord { try read(.votesRead) }

    package func writeVotes(_ record: JournalRecord, after last: JournalRecord) throws(PlatformError) {
        try write(.votesWrite, record, after: last)
    }

    private func read(_ operation: Operation) throws(PlatformError) -> JournalRecord {
        let answer = try lane.withLock { (lane) throws(PlatformError) in
            try SimulatedPlatform.exchange(operation, [], lane: lane)
        }
        guard let record = JournalRecord(answer) else { throw .illegalAnswer }
        return record
    }

    private func write(_ operation: Operation, _ record: JournalRecord, after last: JournalRecord) throws(PlatformError)
    {
        let answer = try lane.withLock { (lane) throws(PlatformError) in
            try SimulatedPlatform.exchange(operation, last.encoded + record.encoded, lane: lane)
        }
        guard answer.isEmpty else { throw .illegalAnswer }
    }

    // MARK: - The lane

    private static func exchange(_ operation: Operation, _ payload: [UInt8], lane: Int32) throws(PlatformError)
        -> [UInt8]
    {
        try send(operation, payload, lane: lane)
        let count = try readHeader(lane: lane)
        var reply = [UInt8](repeating: 0, count: count)
        var result = Result<Void, PlatformError>.success(())
        // Safe: the buffer is the array's, for the length of the call.
        unsafe reply.withUnsafeMutableBytes { buffer in
            result = Result { () throws(PlatformError) in try unsafe read(into: buffer, lane: lane) }
        }
        try result.get()
        return reply
    }

    private static func send(_ operation: Operation, _ payload: [UInt8], lane: Int32) throws(PlatformError) {
        // A longer one would count as an attack and end the enclave (platform.h).
        guard payload.count <= 2 * JournalRecord.byteCount else { throw .malformed }
        let request = [operation.rawValue] + UInt32(payload.count).bigEndianBytes + payload
        // Safe: the buffer is the array's, for the length of the call.
        let status = unsafe request.withUnsafeBytes { unsafe runtime_write(lane, $0.baseAddress, $0.count) }
        guard status == 0 else { throw .closed }
    }

    /// The length of the payload that follows, bounded before anything is allocated for it.
    private static func readHeader(lane: Int32) throws(PlatformError) -> Int {
        var header = InlineArray<5, UInt8>(repeating: 0)
        var span = header.mutableSpan
        var received: Int64 = 0
        // Safe: exactly the span's bytes.
        unsafe span.withUnsafeMutableBytes { unsafe received = runtime_read(lane, $0.baseAddress, $0.count) }
        guard received == Int64(headerByteCount) else { throw .closed }
        let count = (1..<headerByteCount).reduce(0) { $0 << 8 | Int(header[$1]) }
        switch header[0] {
        case 0 where count <= replyBytesMax: return count
        case 1 where count == 0: throw .malformed
        case 2 where count == 0: throw .unsupported
        case 3 where count == 0: throw .refused
        case 4 where count == 0: throw .failed
        default: throw .illegalAnswer
        }
    }

    /// Fills `buffer` from the lane.
    @unsafe
    private static func read(into buffer: UnsafeMutableRawBufferPointer, lane: Int32) throws(PlatformError) {
        guard buffer.count > 0 else { return }
        let received = unsafe runtime_read(lane, buffer.baseAddress, buffer.count)
        guard received == Int64(buffer.count) else { throw .closed }
    }
}
