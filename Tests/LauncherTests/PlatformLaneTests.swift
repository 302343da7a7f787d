import CLibCrypto
import Foundation
import Glibc
import LauncherKit
import PublicCryptography
import TestSupport
import Testing

@Suite("What the platform answers") struct PlatformLaneTests {
    private let temporary: TemporaryFolder
    var folder: URL { temporary.url }
    var state: URL { folder.appendingPathComponent("state") }

    init() throws { temporary = TemporaryFolder() }

    private func key(_ label: String, of enclave: LaunchedEnclave) throws -> [UInt8] {
        let reply = try #require(enclave.askPlatform(2, Array(label.utf8)))
        #expect(reply.status == 0)
        #expect(reply.payload.count == 32)
        return reply.payload
    }

    private func changedProgram() throws -> String {
        let program = folder.appendingPathComponent("changed-enclave")
        try Data(try Data(contentsOf: URL(fileURLWithPath: Programs.hostileEnclave)) + [0]).write(to: program)
        return program.path
    }

    @Test("the identity is what was measured, and says that it is simulated") func identity() throws {
        let measured = try Child.run([Programs.launcher, "--enclave", Programs.hostileEnclave, "--measure"]).output
            .prefix(64)
        let development = try #require(LaunchedEnclave(state: state).askPlatform(1))
        #expect(development.status == 0)
        #expect(development.payload.prefix(32).map { String(format: "%02x", $0) }.joined() == measured)
        let user: UInt8 = isRoot ? 0b1000 : 0
        #expect(Array(development.payload[32...]) == [0, 0, 0, 0b100_0101 | user])
    }

    @Test("a sealing key is HKDF of the fuse key, the measurement and the label with its simulated mark")
    func derivedKey() throws {
        let enclave = try LaunchedEnclave(state: state)
        let measurement = try #require(enclave.askPlatform(1)).payload.prefix(32)
        let fuse = [UInt8](try Data(contentsOf: state.appendingPathComponent("fuse-simulated")))
        #expect(fuse.count == 32)
        // RFC 5869, by hand.
        let extracted = hmac(key: Array("cloister/sealing-key/1".utf8), fuse)
        let expected = hmac(key: extracted, measurement + Array("network/1-simulated".utf8) + [1])
        #expect(try key("network/1", of: enclave) == expected)
    }

    @Test("a sealing key is the same after a restart, and another for another label, program or machine")
    func sealingKeys() throws {
        let first = try LaunchedEnclave(state: state)
        let key = try key("seed", of: first)
        #expect(try self.key("seed2", of: first) != key)
        #expect(try self.key("seed-simulated", of: first) != key)
        first.closeLanes()
        #expect(first.launcher.exitStatus() == 0)

        #expect(try self.key("seed", of: LaunchedEnclave(state: state)) == key)
        #expect(try self.key("seed", of: LaunchedEnclave(changedProgram(), state: state)) != key)
        #expect(try self.key("seed", of: LaunchedEnclave(state: folder.appendingPathComponent("other"))) != key)
    }

    @Test("a quote carries the measurement that was taken and the report data that was asked for") func quote() throws {
        let enclave = try LaunchedEnclave(state: state)
        let measurement = try #require(enclave.askPlatform(1)).payload.prefix(32)
        let reportData = (0..<64).map { UInt8($0) }
        let quote = try #require(enclave.askPlatform(3, reportData))
        #expect(quote.status == 0)
        #expect(quote.payload.count > 1052)
        #expect(quote.payload[0..<2] == [3, 0])
        #expect(quote.payload[28..<48].elementsEqual(Array("SIMULATED-QUOTE-0001".utf8)))
        #expect(quote.payload[112..<144].elementsEqual(measurement))
        #expect(quote.payload[368..<432].elementsEqual(reportData))
    }

    @Test("requests of another length or kind are refused, and the lane goes on") func malformed() throws {
        let enclave = try LaunchedEnclave(state: state)
        let cases: [(UInt8, Int)] = [
            (0, 0), (1, 1), (2, 0), (2, 65), (3, 63), (3, 65), (3, 0), (4, 1), (5, 0), (5, 80), (5, 159), (6, 1),
            (7, 0), (7, 80), (7, 159), (8, 0), (8, 3), (9, 1), (10, 0), (255, 160),
        ]
        for (operation, count) in cases {
            let reply = try #require(enclave.askPlatform(operation, [UInt8](repeating: 1, count: count)))
            #expect(reply.status == 1, "\(operation) with \(count) bytes")
            #expect(reply.payload.isEmpty)
        }
        #expect(enclave.askPlatform(1)?.status == 0)
        #expect(enclave.askPlatform(2, [UInt8](repeating: 65, count: 64))?.status == 0)
    }

    @Test("a request longer than any ends the enclave", arguments: [161, 4096]) func tooLong(count: Int) throws {
        let enclave = try LaunchedEnclave(state: state)
        // Cut short: the announcement alone must do.
        let length = (0..<4).map { String(format: "%02x", count >> (24 - 8 * $0) & 0xff) }.joined()
        #expect(enclave.tell("platform 02" + length) == nil)
        #expect(enclave.launcher.exitStatus() == 75)
        #expect(enclave.launcher.said.contains("spoke out of turn on the platform lane"))
    }

    @Test("half a request does not keep the launcher from watching") func halfRequest() throws {
        let enclave = try LaunchedEnclave(state: state)
        let process = try #require(enclave.enclaveProcess())
        let command = Array("platform 0500000050aabb\n".utf8)
        #expect(send(enclave.lanes[0], command, command.count, 0) == command.count)
        usleep(50_000)
        kill(process, SIGKILL)
        #expect(enclave.launcher.exitStatus() == 75)
    }

    @Test("what the enclave writes to standard error is prefixed, made printable, and bounded") func log() throws {
        let enclave = try LaunchedEnclave(state: state)
        #expect(enclave.tell("say hello \u{1b}[31m") == "said")
        #expect(enclave.tell("flood") == "said")
        enclave.closeLanes()
        #expect(enclave.launcher.exitStatus() == 0)
        let said = enclave.launcher.said
        #expect(said.contains("enclave-host: enclave says: hello ?[31m\n"))
        #expect(said.utf8.count < 400_000)
        #expect(said.contains("muted until the next minute"))
    }

    private func hmac(key: [UInt8], _ bytes: some Sequence<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        var digest = [UInt8](repeating: 0, count: 32)
        #expect(HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &digest, nil) != nil)
        return digest
    }
}
