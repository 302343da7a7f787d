import EnclaveProtocol
import ModuleKit
import PublicCryptography
import Wire

/// What is kept of an opened output beside the result that clients are shown, so that they can be shown, too, that it
/// is the one under the hashes in consensus (`TransactionOutput.commitment`).
///
/// The result has everything else that is hashed, but with what the host adds: the events of the ante part and of the
/// ledger's messages, and texts of its own in the log.
package struct OutputProof: Equatable, Sendable {
    package private(set) var salt: [UInt8]
    /// The log as all nodes have it, where another one is shown.
    var committedLog: String?
    /// Which of the result's events are the enclave's.
    var ownEvents: [Range<Int>]

    init(salt: [UInt8], committedLog: String? = nil, ownEvents: [Range<Int>]) {
        (self.salt, self.committedLog, self.ownEvents) = (salt, committedLog, ownEvents)
    }

    /// Of `output`, whose log all nodes have as `committedLog(of:hashes:)` finds it and whose events stand in `result`
    /// in their order; `nil` where no such log has the hashes that stand in consensus.
    init?(of output: TransactionOutput, in result: TransactionResult, hashes: [UInt8]) {
        guard let log = OutputProof.committedLog(of: output, hashes: hashes) else { return nil }
        var (own, told) = ([Range<Int>](), output.events[...])
        // From behind, since what the host has in front of them may look like one of them.
        for index in result.events.indices.reversed() where told.last == result.events[index] {
            told.removeLast()
            if let first = own.last, first.lowerBound == index + 1 {
                own[own.count - 1] = index..<first.upperBound
            } else {
                own.append(index..<index + 1)
            }
        }
        guard told.isEmpty else { return nil }
        self.init(salt: output.salt, committedLog: log == output.log ? nil : log, ownEvents: own.reversed())
    }

    /// What the enclave said besides the data, in the encoding that is hashed.
    package func said(in result: TransactionResult) throws -> [UInt8] {
        var output = TransactionOutput()
        output.codespace = result.codespace
        output.log = committedLog ?? result.log
        for range in ownEvents {
            guard result.events.indices.contains(range.lowerBound), range.upperBound <= result.events.count else {
                throw ProtobufError.illegalValue(field: 3)
            }
            output.events += result.events[range]
        }
        return try output.encoded()
    }

    // MARK: - The log

    /// What the enclave puts for a text of the ledger's (`MessageFailure.ledger`).
    private static let ledgerText = "refused by the ledger"
    private static let placesMax = 16
    private static let searchedBytesMax = 4096

    /// The log that is under the second of the two hashes: the one that is shown; or that with the ledger's words
    /// exchanged for those which all nodes have; or that without the trace which a development enclave puts in front.
    /// Where either begins is not told, but it is behind a place in the transaction, which ends in a colon.
    private static func committedLog(of output: TransactionOutput, hashes: [UInt8]) -> String? {
        func isCommitted(_ log: String) -> Bool {
            (try? output.commitment(log: log)) == Array(hashes.prefix(TransactionOutput.commitmentByteCount))
        }
        let shown = output.log
        if isCommitted(shown) { return shown }
        guard shown.utf8.count <= searchedBytesMax else { return nil }
        var places = [shown.startIndex]
        var at = shown.startIndex
        while places.count < placesMax, let colon = shown[at...].firstIndex(of: ":") {
            at = shown.index(after: colon)
            if at < shown.endIndex, shown[at] == " " { at = shown.index(after: at) }
            places.append(at)
        }
        for (number, place) in places.enumerated() {
            let front = String(shown[..<place])
            if isCommitted(front + ledgerText) { return front + ledgerText }
            for later in places[(number + 1)...] where isCommitted(front + shown[later...]) {
                return front + shown[later...]
            }
        }
        return nil
    }
}

// MARK: - As it is kept

extension OutputProof {
    func encoded() -> [UInt8] {
        ProtobufWriter.encode { writer in
            writer.bytes(1, salt)
            if let committedLog { writer.message(2, Array(committedLog.utf8)) }
            for range in ownEvents {
                writer.message(3) { writer in
                    writer.uint64(1, UInt64(range.lowerBound))
                    writer.uint64(2, UInt64(range.count))
                }
            }
        }
    }

    init(encoded bytes: [UInt8]) throws(ProtobufError) {
        self.init(salt: [], ownEvents: [])
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: salt = try field.bytes()
            case 2: committedLog = try field.string()
            case 3:
                var (first, count): (UInt32, UInt32) = (0, 0)
                var inner = ProtobufReader(try field.slice())
                while let member = try inner.next() {
                    switch member.number {
                    case 1: first = try member.uint32()
                    case 2: count = try member.uint32()
                    default: throw .illegalFieldNumber
                    }
                }
                ownEvents.append(Int(first)..<Int(first) + Int(count))
            default: throw .illegalFieldNumber
            }
        }
    }
}
