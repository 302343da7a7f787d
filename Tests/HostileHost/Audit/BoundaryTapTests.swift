import BoundaryTap
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import Keyring
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore
import TestSupport
import Testing
import TransactionFixtures
import WalletClient
import Wire

extension HostileHostSuite {
    /// The tap beside every enclave of these tests (`EnclaveProcess`), shown to notice what it is there for.
    @Suite struct BoundaryTapTests {
        @Test("an enclave that says more than is declared is caught, in each way to say it")
        func leaks() throws {
            let world = try World(program: EnclaveProcess.leaky)
            let tap = world.enclave.tap
            let secret = String(repeating: "0123456789abcdef", count: 4)
            try world.play([
                world.alice.sign([
                    try world.alice.execute(world.aliceCounter, "{\"remember\":{\"note\":\"steal:\(secret)\"}}")
                ])
            ])
            // Until here it said nothing else than the enclave does: the record of this block is the first.
            #expect(tap.violations == [])
            let expected: [String?] = [
                nil,
                "FromEnclave: has no field 999",
                "EnclaveHealthResponse: has no field 999",
                "EnclaveHealthResponse.transcript: is too long: 33 bytes",
                "FromEnclave.health: writes a number longer than needed",
                "EnclaveHealthResponse.transcript: stands twice, or out of order",
                "EnclaveHealthResponse.head_height: stands twice, or out of order",
                "EnclaveHealthResponse.head_height: says what is so without a word",
                "EnclaveHealthResponse: was not asked for",
                "EnclaveEndBlockResponse: does not belong on a lane called control",
                "EnclaveLeaseResponse: is no answer to EnclaveHealthRequest",
                "Failure: has no number 3969",
                // Thirty-two bytes in the place of thirty-two: no declaration tells them apart (CanaryTests).
                nil,
            ]
            for (kind, violation) in expected.enumerated() {
                let before = tap.violations.count
                let healthBefore = tap.fromEnclave.count
                // The host's own decoder refuses some of it, too.
                _ = try? world.enclave.control.health()
                waitUntil {
                    tap.fromEnclave.count > healthBefore && (violation == nil || tap.violations.count > before)
                }
                let said = tap.violations.dropFirst(before).map { $0.replacing("lane control: ", with: "") }
                #expect(said == [violation].compactMap(\.self), "leak \(kind)")
            }
        }

        /// What the tap has seen may be behind what the lane has.
        private func waitUntil(_ condition: () -> Bool) {
            for _ in 0..<3_000 where !condition() { usleep(10_000) }
        }

        @Test("the tap reads the declaration that the enclave says hello with, with every message of it")
        func declaration() {
            #expect(DeclaredBoundary.committed.hash == BoundaryProtocol.manifestHash)
            let out = DeclaredBoundary.committed.names(.outOfEnclave)
            #expect(out.count > 30 && out.contains("TransactionOutput") && !out.contains("StateProof"))
        }
    }
}
