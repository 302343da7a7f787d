import Attestation
import Foundation
import TestSupport
import Testing

@testable import Node

/// How the transaction with an enclave's evidence ended, as `cloister` says it.
@Suite("Who pays for a registration") struct RegistrationPaymentTests {
    private let folder = TemporaryFolder("payment")

    /// Sends by a command that says this, as errors or as what came of it, and ends with that.
    private func send(
        saying text: String, asError: Bool = true, status: Int
    ) throws -> RegistrationPayment.Outcome {
        let command = folder.path("cloister")
        try "#!/bin/sh\necho \"\(text)\"\(asError ? " >&2" : "")\nexit \(status)\n"
            .write(toFile: command, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: command)
        return try RegistrationPayment(command: command, from: "a", wallet: nil)
            .send(folder.path("certificate"), replaces: nil, to: NodeAddress(host: "127.0.0.1", port: 1))
    }

    @Test("evidence that the chain went past or has already leads on, and any other refusal ends it")
    func outcomes() throws {
        #expect(try send(saying: "sent", status: 0) == .taken)
        let old = RegistrationRefusal.expired(blocks: 13, atMost: 12).text
        #expect(try send(saying: "cloister: the transaction failed: \(old)", status: 2) == .tooOld)
        #expect(try send(saying: "raw_log: 'failed: \(old)'", asError: false, status: 2) == .tooOld)
        // What a run that was ended has sent came into a block first.
        for refusal in [RegistrationRefusal.replayed, .sameBlock] {
            #expect(try send(saying: "raw_log: 'failed: \(refusal.text)'", asError: false, status: 2) == .takenBefore)
            #expect(try send(saying: refusal.text, status: 2) == .takenBefore)
            #expect(try send(saying: refusal.text, status: 0) == .taken)
        }
        for refusal in [RegistrationRefusal.otherSender, .quote(.measurementNotApproved), .tooManyInBlock] {
            #expect(throws: NodeFault.self) { _ = try send(saying: refusal.text, status: 2) }
        }
    }
}
