import CLibCrypto
import Foundation
import LauncherKit
import TestSupport
import Testing

/// Keys as EGETKEY gives them: by measurement or publisher, for a security version, apart for debug images.
@Suite("Who has which sealing key") struct VersionedKeyTests {
    private static let measurement: UInt8 = 1, publisher: UInt8 = 2

    private let temporary: TemporaryFolder
    private let signer: Publisher
    private var state: URL { temporary.url.appendingPathComponent("state") }

    init() throws {
        temporary = TemporaryFolder()
        signer = try Publisher(in: temporary.url.appendingPathComponent("publisher"))
    }

    /// An image of the hostile enclave's program, or of one that differs in a byte, on the one machine.
    private func run<Value>(
        _ options: [String] = [], by signer: Publisher? = nil, changed: Bool = false, signed: Bool = true,
        _ body: (LaunchedEnclave) throws -> Value
    ) throws -> Value {
        var program = Programs.hostileEnclave
        if changed {
            program = temporary.path("changed-enclave")
            try Data(try Data(contentsOf: URL(fileURLWithPath: Programs.hostileEnclave)) + [0]).write(
                to: URL(fileURLWithPath: program))
        }
        let manifest = signed ? ["--manifest", try (signer ?? self.signer).sign(program, options)] : []
        let enclave = try LaunchedEnclave(program, state: state, options: manifest)
        defer {
            enclave.closeLanes()
            #expect(enclave.launcher.exitStatus() == 0)
        }
        return try body(enclave)
    }

    private func ask(_ enclave: LaunchedEnclave, _ policy: UInt8, _ version: UInt16, _ label: String = "seed") throws
        -> (status: UInt8, payload: [UInt8])
    {
        let version = [UInt8(version >> 8), UInt8(truncatingIfNeeded: version)]
        return try #require(enclave.askPlatform(8, [policy] + version + Array(label.utf8)))
    }

    private func key(_ enclave: LaunchedEnclave, _ policy: UInt8, _ version: UInt16, _ label: String = "seed") throws
        -> [UInt8]
    {
        let answer = try ask(enclave, policy, version, label)
        #expect(answer.status == 0)
        #expect(answer.payload.count == 32)
        return answer.payload
    }

    @Test("the key is HKDF of what is documented, under each policy") func documented() throws {
        let manifest = ["--product", "258", "--version", "3"]
        try run(manifest) { (enclave: LaunchedEnclave) -> Void in
            let measured = Array(try #require(enclave.askPlatform(1)).payload.prefix(32))
            let fuse = [UInt8](try Data(contentsOf: state.appendingPathComponent("fuse-simulated")))
            let extracted = hmac(key: Array("cloister/versioned-sealing-key/1".utf8), fuse)
            let quote = try #require(enclave.askPlatform(3, [UInt8](repeating: 0, count: 64))).payload
            let owner = Array(quote[176..<208]) + [1, 2]
            for (policy, identity) in [(UInt8(1), measured), (2, owner), (3, measured + owner)] {
                let info = [policy, 0, 0, 2] + identity + Array("seed-simulated".utf8) + [1]
                #expect(try key(enclave, policy, 2) == hmac(key: extracted, info))
            }
            // Nor is it the one that the same label has without a version.
            #expect(try key(enclave, 1, 3) != #require(enclave.askPlatform(2, Array("seed".utf8))).payload)
        }
    }

    @Test(
        "a later version has the keys of the earlier ones, and an earlier one none of the later",
        arguments: [UInt8(1), 2, 3])
    func downgrade(policy: UInt8) throws {
        let old = try run(["--version", "1"]) { (enclave: LaunchedEnclave) -> [[UInt8]] in
            for later in [2, 3, 1023, 1024, 65535] as [UInt16] {
                #expect(try ask(enclave, policy, later) == (3, []), "\(later)")
            }
            return try ([0, 1] as [UInt16]).map { try key(enclave, policy, $0) }
        }
        let new = try run(["--version", "2"]) { (enclave: LaunchedEnclave) -> [[UInt8]] in
            #expect(try ask(enclave, policy, 3) == (3, []))
            return try ([0, 1, 2] as [UInt16]).map { try key(enclave, policy, $0) }
        }
        #expect(Array(new.prefix(2)) == old)
        #expect(Set(new).count == 3)
    }

    @Test("another image of the publisher's product has the publisher's keys and not the image's")
    func policies() throws {
        let keys = try run { enclave in try ([1, 2, 3] as [UInt8]).map { try key(enclave, $0, 1) } }
        let others = try run(changed: true) { enclave in try ([1, 2, 3] as [UInt8]).map { try key(enclave, $0, 1) } }
        #expect(Set(keys).count == 3)
        #expect(others[1] == keys[1])
        #expect(others[0] != keys[0] && others[2] != keys[2])
    }

    @Test("another product, publisher, label or machine, and a debug image, have other keys") func apart() throws {
        let key = try run { enclave in try self.key(enclave, 2, 1) }
        #expect(try run(["--product", "2"]) { enclave in try self.key(enclave, 2, 1) } != key)
        #expect(try run { enclave in try self.key(enclave, 2, 1, "seed2") } != key)
        let other = try Publisher(in: temporary.url.appendingPathComponent("other"))
        #expect(try run(by: other) { enclave in try self.key(enclave, 2, 1) } != key)
        for policy in [1, 2, 3] as [UInt8] {
            let plain = try run { enclave in try self.key(enclave, policy, 1) }
            #expect(try run(["--debug"]) { enclave in try self.key(enclave, policy, 1) } != plain, "\(policy)")
        }
        try FileManager.default.removeItem(at: state)
        #expect(try run { enclave in try self.key(enclave, 2, 1) } != key)
    }

    @Test("an image that nobody signed has its own keys of version 0 and no publisher's") func unsigned() throws {
        try run(signed: false) { (enclave: LaunchedEnclave) -> Void in
            _ = try key(enclave, Self.measurement, 0)
            #expect(try ask(enclave, Self.measurement, 1) == (3, []))
            #expect(try ask(enclave, Self.publisher, 0) == (3, []))
            #expect(try ask(enclave, Self.measurement | Self.publisher, 0) == (3, []))
        }
    }

    @Test("what is no policy or no label is refused, and the lane goes on") func malformed() throws {
        try run { (enclave: LaunchedEnclave) -> Void in
            for policy in [0, 4, 5, 128, 255] as [UInt8] {
                #expect(try ask(enclave, policy, 0) == (1, []), "\(policy)")
            }
            #expect(try ask(enclave, 1, 0, "") == (1, []))
            #expect(try ask(enclave, 1, 0, String(repeating: "n", count: 65)) == (1, []))
            for count in [0, 1, 2] {
                #expect(enclave.askPlatform(8, [UInt8](repeating: 1, count: count))?.status == 1)
            }
            _ = try key(enclave, 1, 0, String(repeating: "n", count: 64))
        }
    }

    private func hmac(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        #expect(HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &digest, nil) != nil)
        return digest
    }
}
