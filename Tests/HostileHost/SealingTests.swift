import EnclaveLink
import EnclaveProtocol
import Foundation
import Keyring
import LauncherKit
import TestSupport
import Testing

extension HostileHostSuite {
    /// Sealed records of signed images, under the real launcher: which image opens what, and what a host makes of it.
    @Suite struct SealingTests {
        private let temporary = TemporaryFolder("sealing")
        private let publisher: Publisher
        private let other: Publisher
        /// Another program: it differs by a byte.
        private let changed: String
        private let chain: FourValidatorChain

        init() throws {
            publisher = try Publisher(in: temporary.url.appendingPathComponent("publisher"))
            other = try Publisher(in: temporary.url.appendingPathComponent("other"))
            changed = try Programs.nextEnclave(in: temporary.path("next"))
            chain = try FourValidatorChain(folder: temporary.path("chain"))
        }

        /// Starts an image that was signed with these options, or by nobody.
        private func started(
            _ options: [String]?, by signer: Publisher? = nil, program: String = Programs.enclave,
            machine: String = "machine"
        ) throws -> EnclaveProcess {
            let manifest = try options.map { try (signer ?? publisher).sign(program, $0) }
            return try EnclaveProcess(state: temporary.path(machine), program: program, manifest: manifest)
        }

        private func sealed(_ options: [String]?) throws -> OpenedEnclave {
            let enclave = try started(options)
            defer { enclave.stop() }
            return try enclave.control.bootstrap(chain.identity)
        }

        @Test(
            "an image signed with an earlier version does not open what a later one sealed, which opens what the earlier did"
        )
        func downgrade() throws {
            let old = try sealed(["--version", "1"])
            let new = try started(["--version", "2"])
            let opened = try new.control.unseal(old.sealedRecord)
            #expect(opened.ioPublicKey == old.ioPublicKey && opened.founder.isEmpty)
            new.stop()
            let sealed = try sealed(["--version", "2"]).sealedRecord
            #expect(try SealedRecord.Header(of: sealed).securityVersion == 2)
            let again = try started(["--version", "1"])
            #expect(refusal { try again.control.unseal(sealed) } == .sealedRecordRefused)
            // Nor does it help to say that it was sealed for the earlier one.
            var relabelled = sealed
            relabelled[20] = 1
            #expect(refusal { try again.control.unseal(relabelled) } == .sealedRecordRefused)
            again.stop()
        }

        @Test(
            "the publisher's next program opens a development chain's record after a security update, and names who made the keys"
        )
        func securityUpdate() throws {
            let old = try sealed(["--version", "1"])
            let new = try started(["--version", "2"], program: changed)
            let opened = try new.control.unseal(old.sealedRecord)
            #expect(opened.ioPublicKey == old.ioPublicKey && opened.measurement != old.measurement)
            #expect(opened.founder == old.measurement)
            // Its evidence is over that, too: it is none that the maker of the keys could have given.
            #expect(opened.evidence != old.evidence)
            new.stop()
        }

        @Test("no other publisher, product, debug image, machine or unsigned image opens it")
        func others() throws {
            let record = try sealed(["--version", "1"]).sealedRecord
            let images: [(options: [String]?, signer: Publisher, program: String, machine: String)] = [
                (["--version", "9"], other, changed, "machine"),
                (["--version", "9"], other, Programs.enclave, "machine"),
                (["--version", "9", "--product", "2"], publisher, changed, "machine"),
                (["--version", "9", "--debug"], publisher, Programs.enclave, "machine"),
                (["--version", "0"], publisher, Programs.enclave, "machine"),
                (nil, publisher, Programs.enclave, "machine"), (nil, publisher, changed, "machine"),
                (["--version", "9"], publisher, Programs.enclave, "another machine"),
            ]
            for (options, signer, program, machine) in images {
                let enclave = try started(options, by: signer, program: program, machine: machine)
                #expect(
                    refusal { try enclave.control.unseal(record) } == .sealedRecordRefused,
                    "\(options ?? []) \(program) \(machine)")
                enclave.stop()
            }
        }

        @Test("no bit of a sealed record can be changed, and none of the form of before is read")
        func everyBit() throws {
            let enclave = try started(["--version", "1"])
            let record = try enclave.control.bootstrap(chain.identity).sealedRecord
            enclave.stop()
            let again = try started(["--version", "1"])
            for index in record.indices {
                for bit in 0..<8 {
                    var changed = record
                    changed[index] ^= 1 << UInt8(bit)
                    #expect(refusal { try again.control.unseal(changed) } == .sealedRecordRefused, "\(index) \(bit)")
                }
            }
            #expect(try again.control.unseal(record).headHeight == 0)
            again.stop()
        }
    }
}
