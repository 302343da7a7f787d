import EnclaveLauncher
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import TestSupport
import Testing

/// Stories with the real processes, one after the other: each wants the machine for itself.
@Suite(.serialized) enum Scenarios {}

extension Scenarios {
    @Suite(.serialized) struct EnclaveLifeTests {
        @Test(
            "the real enclave starts through the launcher, bootstraps a network and unseals its record after a restart")
        func bootstrapAndUnseal() throws {
            let folder = TemporaryFolder()
            let first = try RealEnclave.start(state: folder.path("platform"))
            let opened = try first.lanes.control.bootstrap(RealEnclave.identity())
            #expect(opened.ioPublicKey.count == 32 && opened.ioPublicKey != opened.seedExchangePublicKey)
            #expect(opened.evidence.count > 1_000)
            #expect(throws: EnclaveError.refused(.alreadyOpen)) {
                try first.lanes.control.bootstrap(RealEnclave.identity())
            }
            #expect(throws: EnclaveError.refused(.alreadyOpen)) { try first.lanes.control.unseal(opened.sealedRecord) }
            #expect(try first.lanes.control.health().residentBytes > 1_000_000)
            first.stop()

            let second = try RealEnclave.start(state: folder.path("platform"))
            var damaged = opened.sealedRecord
            damaged[damaged.count - 1] ^= 1
            #expect(throws: EnclaveError.refused(.sealedRecordRefused)) { try second.lanes.control.unseal(damaged) }
            let again = try second.lanes.control.unseal(opened.sealedRecord)
            #expect(again.ioPublicKey == opened.ioPublicKey)
            #expect(again.measurement == opened.measurement)
            second.stop()

            // Another platform, with another fuse key, cannot open the record.
            let other = try RealEnclave.start(state: folder.path("another-platform"))
            #expect(throws: EnclaveError.refused(.sealedRecordRefused)) {
                try other.lanes.control.unseal(opened.sealedRecord)
            }
            let ownNetwork = try other.lanes.control.bootstrap(RealEnclave.identity())
            #expect(ownNetwork.ioPublicKey != opened.ioPublicKey)
            other.stop()
        }

        @Test("kill -9 of the launcher ends the enclave, and the host is told")
        func launcherDies() async throws {
            let folder = TemporaryFolder()
            let enclave = try RealEnclave.start(state: folder.path("platform"))
            _ = try enclave.lanes.control.bootstrap(RealEnclave.identity())
            let reason = await withCheckedContinuation { continuation in
                enclave.onEnd = { continuation.resume(returning: $0) }
                kill(enclave.launcherProcess, SIGKILL)
            }
            #expect(reason.contains("signal 9"))
            #expect(throws: EnclaveError.self) { try enclave.lanes.control.health() }
        }
    }
}
