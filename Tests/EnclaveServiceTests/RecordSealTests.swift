import Attestation
import ContractEngine
import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import Keyring
import LedgerRecords
import PlatformKit
import PublicCryptography
import SecretCryptography
import Testing

@testable import EnclaveService

extension EnclaveServiceSuite {
    /// Which enclave of a machine opens what another one has sealed there.
    @Suite struct RecordSealTests {
        /// One for all enclaves of the process: each reserves a terabyte of addresses for its instances.
        private static let engine = Result { try WasmEngine() }

        /// An image as a publisher signs it, or nobody.
        private struct Image: CustomStringConvertible {
            var program = "one"
            var version: UInt16 = 2
            var publisher: String? = "publisher"
            var machine = "machine"

            var description: String { "\(program) \(version) by \(publisher ?? "nobody") on \(machine)" }
        }

        private func core(_ image: Image) throws -> EnclaveCore {
            let platform = MemoryPlatform(
                facts: [.simulated, .production, .closesFileSystem, .separatesLauncher], name: image.machine,
                image: image.program, securityVersion: image.version, publisher: image.publisher)
            return try EnclaveCore(platform: platform, engine: Self.engine.get(), mode: .standard)
        }

        private func identity(_ profile: ChainIdentity.Profile) -> ChainIdentity {
            ChainIdentity(
                chainID: "sealed-1", genesisSeconds: 1_700_000_000, genesisNanoseconds: 0, initialHeight: 1,
                initialValidatorsHash: SHA256.hash([1]).bytes, attestationRoots: [], profile: profile)
        }

        private func vault(_ profile: ChainIdentity.Profile) -> EnclaveCore.Vault {
            let identity = identity(profile)
            return EnclaveCore.Vault(seeds: .bootstrap(identity: identity.encoded), identity: identity)
        }

        /// What an image of version 2 by the publisher seals, as another one finds it on its machine.
        private func opens(_ other: Image, _ profile: ChainIdentity.Profile, sealedBy image: Image = Image()) throws
            -> Bool
        {
            let vault = vault(profile)
            let record = try core(image).sealRecord(vault, head: nil, results: BlockResults())
            let another = try core(other)
            do throws(Failure) {
                let (opened, _, _, _) = try another.openRecord(record)
                #expect(opened.keys.ioPublicKey == vault.keys.ioPublicKey && opened.identity == vault.identity)
                return true
            } catch {
                #expect(error == .sealedRecordRefused)
                return false
            }
        }

        @Test(
            "the same image opens its record, and so does it signed with a later version or by another, and not with an earlier one",
            arguments: [ChainIdentity.Profile.development, .production])
        func sameImage(profile: ChainIdentity.Profile) throws {
            #expect(try opens(Image(), profile))
            #expect(try opens(Image(version: 3), profile))
            #expect(try !opens(Image(version: 1), profile))
            #expect(try !opens(Image(machine: "another"), profile))
            // On a production chain it is the image alone that counts.
            let isProduction = profile == .production
            #expect(try opens(Image(publisher: "another"), profile) == isProduction)
            #expect(try opens(Image(publisher: nil), profile) == isProduction)
            #expect(try !opens(Image(version: 0, publisher: nil), profile))
            // What nobody signed has but its own key, and keeps it when somebody signs it.
            let unsigned = Image(version: 0, publisher: nil)
            #expect(try opens(unsigned, profile, sealedBy: unsigned))
            #expect(try opens(Image(version: 0), profile, sealedBy: unsigned))
        }

        @Test("another image of the publisher opens it on a development chain, if it is not of an earlier version")
        func otherImage() throws {
            for version in [2, 3, 65535] as [UInt16] {
                #expect(try opens(Image(program: "two", version: version), .development))
                #expect(try !opens(Image(program: "two", version: version), .production))
            }
            for other in [
                Image(program: "two", version: 1), Image(program: "two", publisher: "another"),
                Image(program: "two", publisher: nil), Image(program: "two", machine: "another"),
            ] {
                #expect(try !opens(other, .development), "\(other)")
                #expect(try !opens(other, .production), "\(other)")
            }
        }

        @Test("who opens another program's record says who made the keys, and says so on")
        func founder() throws {
            let (first, second) = try (core(Image()), core(Image(program: "two")))
            let made = try first.sealRecord(vault(.development), head: nil, results: BlockResults())
            let (opened, _, _, _) = try second.openRecord(made)
            #expect(opened.founder == first.platform.measurement)
            let sealed = try second.sealRecord(opened, head: nil, results: BlockResults())
            #expect(try second.openRecord(sealed).0.founder == first.platform.measurement)
            #expect(try core(Image(program: "three")).openRecord(sealed).0.founder == first.platform.measurement)
            // The one that made them makes nothing of it.
            #expect(try first.openRecord(sealed).0.founder == nil)
            #expect(try first.openRecord(made).0.founder == nil)
        }

        @Test("a record of a production chain under the publisher's key opens nowhere: who can sign could have made it")
        func forgedByThePublisher() throws {
            let image = Image()
            let platform = MemoryPlatform(
                name: image.machine, image: image.program, securityVersion: image.version, publisher: image.publisher)
            for profile in [ChainIdentity.Profile.development, .production] {
                let identity = identity(profile)
                for owner in [KeyOwner.measurement, .publisher] {
                    let record = SealedRecord.seal(
                        .bootstrap(identity: identity.encoded), identity: identity.encoded, head: [], results: [],
                        sealingKey: try platform.sealingKey(label: "network-record", of: owner, version: 2),
                        header: .init(
                            owner: owner.rawValue, securityVersion: 2, measurement: platform.measurement))
                    let isTaken = (try? core(image).openRecord(record)) != nil
                    #expect(isTaken == (owner == .measurement || profile == .development))
                }
            }
        }

        @Test("in each epoch the publisher's next program takes over, and a record opens for no other epoch")
        func epochs() throws {
            let (first, second) = try (core(Image()), core(Image(program: "two")))
            var identity = identity(.development)
            (identity.epochBlocks, identity.epochGraceBlocks) = (8, 4)
            var vault = EnclaveCore.Vault(
                seeds: .bootstrap(identity: identity.encoded, rotating: true), identity: identity)
            for number in 0...4 as ClosedRange<UInt16> {
                for withEarlier in number == 0 ? [false] : [true, false] {
                    vault = try #require(
                        vault.advanced(to: number, withEarlier: withEarlier, opensEarlierInputs: withEarlier))
                    let epoch = KeyEpoch(number: number, height: 9, renewedUpTo: withEarlier ? .zero : nil)
                    let record = try first.sealRecord(vault, head: nil, results: BlockResults(), epoch: epoch)
                    let (opened, _, _, found) = try second.openRecord(record)
                    #expect(opened.founder == first.platform.measurement && found == epoch)
                    #expect(opened.keys.ioPublicKey == vault.keys.ioPublicKey)
                    let oldest = withEarlier ? number - 1 : number
                    #expect(try SealedRecord.Header(of: record).oldestEpoch == oldest)
                    for other in 0...5 as ClosedRange<UInt16> {
                        var changed = record
                        changed.replaceSubrange(
                            SealedRecord.Header.byteCount..<SealedRecord.Header.byteCount + 2,
                            with: other.bigEndianBytes)
                        let isTaken = (try? second.openRecord(changed)) != nil
                        #expect(isTaken == (other == oldest), "\(number) \(other)")
                    }
                    // Nor in the form that has no epochs.
                    var changed = record
                    changed[17] = 2
                    #expect((try? second.openRecord(changed)) == nil)
                }
            }
        }

        @Test("a record of a chain that exchanges its keys has epochs' seeds, and of another it has none")
        func formOfAnother() throws {
            let core = try core(Image())
            for (rotates, hasEpochs) in [(true, false), (false, true)] {
                var identity = identity(.development)
                if rotates { (identity.epochBlocks, identity.epochGraceBlocks) = (8, 4) }
                let vault = EnclaveCore.Vault(
                    seeds: .bootstrap(identity: identity.encoded, rotating: hasEpochs), identity: identity)
                let record = try core.sealRecord(vault, head: nil, results: BlockResults())
                #expect((try? core.openRecord(record)) == nil)
            }
        }

        @Test("every owner and version that a host writes before a record is refused, but the true ones")
        func headers() throws {
            let core = try core(Image())
            let record = try core.sealRecord(vault(.development), head: nil, results: BlockResults())
            for owner in UInt8.min...UInt8.max {
                for version in [0, 1, 2, 3, 255, 65535] as [UInt16] {
                    var changed = record
                    changed.replaceSubrange(18..<21, with: [owner] + version.bigEndianBytes)
                    let isTaken = (try? core.openRecord(changed)) != nil
                    #expect(isTaken == (changed == record), "\(owner) \(version)")
                }
            }
        }
    }
}
