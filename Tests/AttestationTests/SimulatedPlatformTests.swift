import Attestation
import Foundation
import PublicCryptography
import TestSupport
import Testing
import Wire

/// The launcher's own C code, compiled for the test, against the verifier that enclaves use.
@Suite("Simulated platform", .serialized)
struct SimulatedPlatformTests {
    @Test("a minted quote verifies under the installation's root and says what was asked for")
    func minted() throws {
        let platform = try Platform()
        let measurement = SHA256.hash(Array("an enclave".utf8))
        let reportData = (0..<64).map { UInt8($0) }
        let quote = try platform.mint(measurement: measurement, reportData: reportData)
        let claims = try #require(platform.verify(quote).claims)
        #expect(claims.body.measurement == measurement)
        #expect(claims.body.reportData == reportData)
        #expect(!claims.body.attributes.isDebug)
        #expect(claims.body.signer == SHA256.hash(Array("sim-signer".utf8)))
        #expect(quote[28..<48].elementsEqual("SIMULATED-QUOTE-0001".utf8))
        #expect(String(decoding: quote, as: UTF8.self).contains("-----BEGIN CERTIFICATE-----"))
        let root = platform.rootCertificate
        #expect(contains(root, Array("SIMULATION - NOT INTEL".utf8)))
        let again = try platform.mint(measurement: measurement, reportData: reportData)
        #expect(platform.verify(again).claims?.identity == claims.identity)
    }

    @Test("a minted quote goes through all twelve steps with the collateral that the installation publishes")
    func collateral() throws {
        let platform = try Platform()
        let quote = try platform.mint()
        let collateral = try platform.collateral()
        let verdict = platform.verify(quote, collateral: collateral)
        #expect(verdict.rejection == nil)
        #expect(verdict.steps.allSatisfy { $0.outcome == .passed })
        #expect(verdict.claims?.security?.status == .upToDate && verdict.claims?.security?.evaluationNumber == 17)
        #expect(contains(collateral.levels.signer, Array("SIMULATION - NOT INTEL".utf8)))
        let now = Int64(Date().timeIntervalSince1970)
        #expect(platform.verify(quote, collateral: collateral, time: now + 29 * 86_400).isAccepted)
        #expect(
            platform.verify(quote, collateral: collateral, time: now + 31 * 86_400).rejection?.refusal
                == .revocationListOutsideValidity)
        // Another installation's says nothing of this one.
        let other = try Platform()
        _ = try other.mint()
        #expect(
            platform.verify(quote, collateral: try other.collateral()).rejection?.refusal
                == .wrongRevocationListSignature)
    }

    @Test("an installation keeps its root, and two installations have different ones")
    func roots() throws {
        let platform = try Platform()
        let quote = try platform.mint()
        let root = platform.rootCertificate
        _ = try platform.mint()
        #expect(platform.rootCertificate == root)
        let other = try Platform()
        _ = try other.mint()
        #expect(other.rootCertificate != root)
        #expect(other.verify(quote).rejection! == (.trustRoot, .unknownRoot))
        let mixed = TrustRoot(name: "other", kind: .simulated, certificate: other.rootCertificate)!
        let own = TrustRoot(name: "own", kind: .simulated, certificate: root)!
        #expect(mixed.publicKeyInfoHash != own.publicKeyInfoHash)
    }

    @Test("launchers that start at once end up with one platform")
    func simultaneousStarts() throws {
        let platform = try Platform()
        let outputs = (0..<6).map {
            platform.state.deletingLastPathComponent().appending(path: "\(platform.name)-\($0)")
        }
        defer { for output in outputs { try? FileManager.default.removeItem(at: output) } }
        let starts = try outputs.map { try platform.start(output: $0) }
        for start in starts {
            start.waitUntilExit()
            #expect(start.terminationStatus == 0)
        }
        for output in outputs {
            #expect(platform.verify([UInt8](try Data(contentsOf: output))).isAccepted)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: platform.state.path).count == 3)
    }

    @Test("a debug enclave is refused by name although every signature holds")
    func debug() throws {
        let platform = try Platform()
        let quote = try platform.mint(changes: [(96, [0x07])])
        #expect(platform.verify(quote).rejection! == (.reportPolicy, .debugEnclave))
        var policy = QuotePolicy()
        policy.allowsDebug = true
        #expect(platform.verify(quote, policy: policy).claims?.body.attributes.isDebug == true)
    }

    @Test("each link is needed although the ones before it hold")
    func links() throws {
        let platform = try Platform()
        // INIT missing; the attestation key's hash in the quoting enclave's report; the zeros behind it; its signer.
        #expect(try platform.refusal(changes: [(96, [0x04])])! == (.reportPolicy, .notInitialized))
        #expect(try platform.refusal(changes: [(884, [0, 1])])! == (.attestationKeyBinding, .attestationKeyNotBound))
        #expect(try platform.refusal(changes: [(916, [1])])! == (.attestationKeyBinding, .attestationKeyNotBound))
        #expect(try platform.refusal(changes: [(692, [0])])! == (.trustRoot, .marksContradictRoot))
        #expect(try platform.refusal(changes: [(28, [0])])! == (.trustRoot, .marksContradictRoot))
        #expect(try platform.refusal(changes: [(12, [0])])! == (.structure, .malformed(.unknownVendor)))
        #expect(try platform.refusal(changes: [(2, [3])])! == (.structure, .malformed(.unsupportedKeyType)))
        #expect(try platform.refusal(changes: [(4, [0x81])])! == (.structure, .malformed(.unsupportedTEE)))
        #expect(try platform.refusal(changes: [(1046, [4])])! == (.structure, .malformed(.unsupportedCertification)))
        // A reserved byte of the report carries no meaning, but is signed: another identity, and accepted.
        #expect(try platform.refusal(changes: [(144, [1])]) == nil)
    }

    @Test("versions and products reach the policy")
    func policyFields() throws {
        let platform = try Platform()
        let quote = try platform.mint(changes: [(304, [7, 0, 9, 0])])
        #expect(platform.verify(quote, policy: QuotePolicy(productID: 7, securityVersionMin: 9)).isAccepted)
        #expect(
            platform.verify(quote, policy: QuotePolicy(securityVersionMin: 10)).rejection!
                == (.reportPolicy, .securityVersionTooLow))
    }

    @Test("certificates of an installation end: after 7 years the platform's")
    func expiry() throws {
        let platform = try Platform()
        let quote = try platform.mint()
        let now = Int64(Date().timeIntervalSince1970)
        #expect(platform.verify(quote, time: now + 6 * 365 * 86_400).isAccepted)
        #expect(
            platform.verify(quote, time: now + 8 * 365 * 86_400).rejection!
                == (.certificateChain, .certificateOutsideValidity))
        #expect(
            platform.verify(quote, time: now - 2 * 86_400).rejection!
                == (.certificateChain, .certificateOutsideValidity))
    }

    @Test("the key file is the owner's alone, and one that others may read or that is broken is refused")
    func keyFile() throws {
        let platform = try Platform()
        _ = try platform.mint()
        let keys = platform.state.appending(path: "simulated-platform.pem").path
        let root = platform.state.appending(path: "simulated-root.der").path
        func mode(_ path: String) throws -> Int {
            try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
        }
        #expect(try mode(keys) == 0o400)
        #expect(try mode(root) == 0o444)
        #expect(try FileManager.default.contentsOfDirectory(atPath: platform.state.path).count == 3)

        try FileManager.default.removeItem(atPath: root)
        _ = try platform.mint()
        #expect(try mode(root) == 0o444)

        try FileManager.default.setAttributes([.posixPermissions: 0o440], ofItemAtPath: keys)
        #expect(throws: Platform.Failure(status: EPERM)) { try platform.mint() }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: keys)
        try "no keys".write(toFile: keys, atomically: false, encoding: .utf8)
        #expect(throws: Platform.Failure(status: EBADMSG)) { try platform.mint() }
    }
}

private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: part) }
}

/// A state directory of its own, and the program that mints in it.
private final class Platform {
    struct Failure: Error, Equatable { let status: Int32 }

    let state: URL

    init() throws {
        _ = try Platform.program.get()
        state = FileManager.default.temporaryDirectory.appending(path: "cloister-platform-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: state, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(at: state) }

    var name: String { state.lastPathComponent }

    var rootCertificate: [UInt8] {
        (try? Data(contentsOf: state.appending(path: "simulated-root.der"))).map { [UInt8]($0) } ?? []
    }

    func mint(
        measurement: Hash32 = SHA256.hash([]), reportData: [UInt8] = [UInt8](repeating: 0x42, count: 64),
        changes: [(offset: Int, bytes: [UInt8])] = []
    ) throws -> [UInt8] {
        let output = FileManager.default.temporaryDirectory.appending(path: "cloister-quote-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        let process = try start(measurement: measurement, reportData: reportData, changes: changes, output: output)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return [UInt8](try Data(contentsOf: output))
    }

    /// Starts the program that mints into `output` without waiting for it.
    func start(
        measurement: Hash32 = SHA256.hash([]), reportData: [UInt8] = [UInt8](repeating: 0x42, count: 64),
        changes: [(offset: Int, bytes: [UInt8])] = [], output: URL
    ) throws -> Process {
        try launch(
            Platform.program.get().path,
            [state.path, output.path, measurement.description, Hexadecimal.encode(reportData)]
                + changes.flatMap { ["\($0.offset)", Hexadecimal.encode($0.bytes)] })
    }

    func collateral() throws -> Collateral {
        try Collateral(protobuf: [UInt8](Data(contentsOf: state.appending(path: "simulated-collateral.pb"))))
    }

    func verify(
        _ quote: [UInt8], collateral: Collateral? = nil, time: Int64 = Int64(Date().timeIntervalSince1970),
        policy: QuotePolicy = QuotePolicy()
    ) -> Verdict {
        let root = TrustRoot(name: "installation", kind: .simulated, certificate: rootCertificate)
        return QuoteVerifier.verify(
            evidence: quote, collateral: collateral, roots: [root].compactMap { $0 }, time: time, policy: policy)
    }

    func refusal(changes: [(offset: Int, bytes: [UInt8])]) throws -> (step: VerificationStep, refusal: Refusal)? {
        verify(try mint(changes: changes)).rejection
    }

    /// Compiled once for a test run, from the sources the launcher is made of.
    private static let program = Result<URL, any Error> {
        let launcher = Repository.root.appending(path: "enclave-host")
        // Always in the same place, so that no run leaves one more behind.
        let products = Repository.root.appending(path: ".build")
        try FileManager.default.createDirectory(at: products, withIntermediateDirectories: true)
        let output = products.appending(path: "forge-quote")
        let sources =
            [Repository.root.appending(path: "Tests/Fixtures/forge-quote/forge.c")]
            + ["quote.c", "simulated_root.c", "simulated_collateral.c", "sgx_extension.c"].map {
                launcher.appending(path: $0)
            }
        let compiler = try launch(
            "/usr/bin/env",
            ["clang", "-std=c17", "-O1", "-Wall", "-Wextra", "-Werror", "-I", launcher.path, "-o", output.path]
                + sources.map(\.path) + ["-lcrypto"])
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else { throw Failure(status: compiler.terminationStatus) }
        return output
    }
}

private func launch(_ program: String, _ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    try process.run()
    return process
}
