import Attestation
import CEnclaveRuntime
import EnclavePlatform
import Foundation
import Glibc
import PublicCryptography
import SecretCryptography
import Testing

/// The other end of a platform lane, played by a thread: it takes one request after the other, and answers each with
/// the next of the prepared bytes.
private final class ScriptedPlatform: @unchecked Sendable {
    let descriptor: Int32
    private let end: Int32
    private let lock = NSLock()
    private var received: [[UInt8]] = []

    /// Without more answers it closes the lane.
    init(_ answers: [[UInt8]]) throws {
        var pair: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
            throw POSIXError(.EMFILE)
        }
        descriptor = pair[0]
        end = pair[1]
        Thread { [self] in
            for answer in answers {
                var header = [UInt8](repeating: 0, count: 5)
                guard runtime_read(end, &header, 5) == 5 else { return }
                var payload = [UInt8](repeating: 0, count: Int(header[4]))
                guard runtime_read(end, &payload, payload.count) == Int64(payload.count) else { return }
                lock.withLock { received.append(header + payload) }
                _ = runtime_write(end, answer, answer.count)
            }
            close(end)
        }.start()
    }

    deinit { close(descriptor) }

    var requests: [[UInt8]] { lock.withLock { received } }
}

private let identity: [UInt8] = [0, 0, 0, 0, 36] + [UInt8](repeating: 7, count: 32) + [0, 0, 0, 5]

@Suite("The enclave's end of the platform lane") struct SimulatedPlatformTests {
    private func error<Value>(of body: () throws(PlatformError) -> Value) -> PlatformError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    @Test("it takes its identity from the platform") func takesIdentity() throws {
        let scripted = try ScriptedPlatform([identity])
        let platform = try SimulatedPlatform(descriptor: scripted.descriptor)
        #expect(platform.measurement == Hash32([UInt8](repeating: 7, count: 32)))
        #expect(platform.facts == [.simulated, .closesFileSystem])
        #expect(scripted.requests == [[1, 0, 0, 0, 0]])
    }

    @Test("requests and records have the bytes that the platform expects") func bytes() throws {
        let record = JournalRecord(
            height: 0x0102_0304_0506_0708, headerHash: Hash32([UInt8](repeating: 9, count: 32))!, count: 0x0a0b,
            digest: Hash32([UInt8](repeating: 8, count: 32))!)
        let encoded =
            [1, 2, 3, 4, 5, 6, 7, 8] + [UInt8](repeating: 9, count: 32) + [0, 0, 0, 0, 0, 0, 10, 11]
            + [UInt8](repeating: 8, count: 32)
        let scripted = try ScriptedPlatform([
            identity, [0, 0, 0, 0, 80] + encoded, [0, 0, 0, 0, 0], [0, 0, 0, 0, 2, 1, 2],
        ])
        let platform = try SimulatedPlatform(descriptor: scripted.descriptor)
        #expect(try platform.readJournal() == record)
        try platform.writeJournal(record, after: .none)
        #expect(try platform.quote(reportData: [UInt8](repeating: 3, count: 64)) == [1, 2])
        #expect(scripted.requests[1] == [4, 0, 0, 0, 0])
        #expect(scripted.requests[2] == [5, 0, 0, 0, 160] + [UInt8](repeating: 0, count: 80) + encoded)
        #expect(scripted.requests[3] == [3, 0, 0, 0, 64] + [UInt8](repeating: 3, count: 64))
    }

    @Test("a sealing key goes from the lane into guarded memory") func sealingKey() throws {
        let bytes = (0..<32).map { UInt8($0) }
        let scripted = try ScriptedPlatform([identity, [0, 0, 0, 0, 32] + bytes])
        let key = try SimulatedPlatform(descriptor: scripted.descriptor).sealingKey(label: "network")
        #expect(key.withUnsafeBytes { Array($0) } == bytes)
        #expect(scripted.requests[1] == [2, 0, 0, 0, 7] + Array("network".utf8))
    }

    @Test("the security version has two bytes, and a launcher of before has none") func securityVersion() throws {
        let scripted = try ScriptedPlatform([identity, [0, 0, 0, 0, 2, 1, 2], [0, 0, 0, 0, 1, 1], [1, 0, 0, 0, 0]])
        let platform = try SimulatedPlatform(descriptor: scripted.descriptor)
        #expect(try platform.securityVersion() == 258)
        #expect(error { () throws(PlatformError) in try platform.securityVersion() } == .illegalAnswer)
        #expect(error { () throws(PlatformError) in try platform.securityVersion() } == .malformed)
        #expect(scripted.requests[1] == [9, 0, 0, 0, 0])
    }

    @Test("a versioned key is asked for by owner, version and label") func versionedKey() throws {
        let bytes = (0..<32).map { UInt8($0) }
        let scripted = try ScriptedPlatform([identity, [0, 0, 0, 0, 32] + bytes, [3, 0, 0, 0, 0]])
        let platform = try SimulatedPlatform(descriptor: scripted.descriptor)
        let key = try platform.sealingKey(label: "n", of: .publisher, version: 0x0102)
        #expect(key.withUnsafeBytes { Array($0) } == bytes)
        #expect(
            error { () throws(PlatformError) in _ = try platform.sealingKey(label: "n", of: .measurement, version: 3) }
                == .refused)
        #expect(scripted.requests[1] == [8, 0, 0, 0, 4, 2, 1, 2, 110])
        #expect(scripted.requests[2] == [8, 0, 0, 0, 4, 1, 0, 3, 110])
    }

    @Test(
        "no key comes of an answer that is none",
        arguments: [[4, 0, 0, 0, 0], [0, 0, 0, 0, 31] + [UInt8](1...31), []])
    func noSealingKey(answer: [UInt8]) throws {
        let scripted = try ScriptedPlatform([identity, answer])
        let platform = try SimulatedPlatform(descriptor: scripted.descriptor)
        let failure = error { () throws(PlatformError) in _ = try platform.sealingKey(label: "network") }
        #expect(failure == (answer.isEmpty ? .closed : answer[0] == 4 ? .failed : .illegalAnswer))
    }

    @Test("no record is the zero record") func noRecord() throws {
        let scripted = try ScriptedPlatform([identity, [0, 0, 0, 0, 80] + [UInt8](repeating: 0, count: 80)])
        #expect(try SimulatedPlatform(descriptor: scripted.descriptor).readJournal() == JournalRecord.none)
    }

    @Test("each status is its own error") func statuses() throws {
        let scripted = try ScriptedPlatform([identity] + (1...5).map { [$0, 0, 0, 0, 0] })
        let platform = try SimulatedPlatform(descriptor: scripted.descriptor)
        for expected in [PlatformError.malformed, .unsupported, .refused, .failed, .illegalAnswer] {
            #expect(error { () throws(PlatformError) in try platform.writeJournal(.none, after: .none) } == expected)
        }
    }

    @Test(
        "an answer that no platform gives is refused",
        arguments: [
            [0, 0, 0, 0, 79] + [UInt8](repeating: 0, count: 79), [0, 0, 0, 64, 1], [0, 255, 255, 255, 255],
            [3, 0, 0, 0, 1, 0],
            [9, 0, 0, 0, 0],
        ]) func illegalAnswers(answer: [UInt8]) throws
    {
        let scripted = try ScriptedPlatform([identity, answer])
        let platform = try SimulatedPlatform(descriptor: scripted.descriptor)
        #expect(error { () throws(PlatformError) in try platform.readJournal() } == .illegalAnswer)
    }

    @Test("a lane that is closed in the middle of an answer is closed", arguments: [0, 3, 5, 40])
    func closedLane(count: Int) throws {
        let whole = [0, 0, 0, 0, 80] + [UInt8](repeating: 1, count: 80)
        let scripted = try ScriptedPlatform([identity, Array(whole.prefix(count))])
        let platform = try SimulatedPlatform(descriptor: scripted.descriptor)
        #expect(error { () throws(PlatformError) in try platform.readJournal() } == .closed)
    }

    @Test("an identity of another length is refused") func shortIdentity() throws {
        let scripted = try ScriptedPlatform([[0, 0, 0, 0, 1, 7]])
        #expect(
            error { () throws(PlatformError) in try SimulatedPlatform(descriptor: scripted.descriptor) }
                == .illegalAnswer)
    }

    @Test("what would count as an attack is never sent") func overlongLabel() throws {
        let scripted = try ScriptedPlatform([identity])
        let platform = try SimulatedPlatform(descriptor: scripted.descriptor)
        let long = [UInt8](repeating: 65, count: 161)
        #expect(error { () throws(PlatformError) in try platform.quote(reportData: long) } == .malformed)
        #expect(scripted.requests.count == 1)
    }
}
