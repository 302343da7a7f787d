import Attestation
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import Keyring
import PublicCryptography
import SecretCryptography
import TestSupport
import Testing
import Wire

extension HostileHostSuite {
    /// Founders who would like to have the seeds of the network that they begin with others, or more of a say in it.
    @Suite struct FoundingTests {
        /// One founder: a machine, and the key that its enclave made.
        private final class Founder {
            let enclave: EnclaveProcess
            let key: ConsensusKey
            private(set) var certificate = FoundingCertificate(
                quote: [], registrationKey: .zero, termsHash: .zero, consensusKey: .zero, power: 0)

            init(_ enclave: EnclaveProcess) throws {
                self.enclave = enclave
                key = try enclave.control.makeConsensusKey()
            }

            func evidence(_ terms: FoundingTerms, power: UInt64 = 10) throws -> FoundingCertificate {
                try FoundingCertificate(
                    protobuf: enclave.control.makeFoundingEvidence(
                        FounderRequest(
                            founding: terms.told(), sealedConsensusKey: key.sealedKey, power: power)))
            }

            func agree(_ terms: FoundingTerms) throws { certificate = try evidence(terms) }
        }

        /// What came of a founding, as a genesis file has it.
        private struct Genesis {
            var terms: FoundingTerms
            var certificates: [FoundingCertificate]
            var network: FoundedNetwork

            func opening(_ index: Int) -> FounderOpening {
                FounderOpening(
                    founding: terms.told(certificates), seedExchangePublicKey: network.seedExchangePublicKey,
                    encryptedSeed: network.encryptedSeeds[index], networkEvidence: network.evidence)
            }
        }

        private let folder = TemporaryFolder("founding")
        private let founders: [Founder]
        private let terms: FoundingTerms
        private let measurement: Hash32

        init() throws {
            let folder = folder
            founders = try (0..<4).map { try Founder(Self.machine("founder-\($0)", in: folder)) }
            let root = [UInt8](try Data(contentsOf: folder.url.appendingPathComponent("founder-0/simulated-root.der")))
            let trusted = try #require(TrustRoot(name: "root", kind: .simulated, certificate: root))
            let quoted = QuoteVerifier.verify(
                evidence: founders[0].key.evidence, roots: [trusted], time: Self.now, policy: QuotePolicy())
            measurement = try #require(quoted.claims).body.measurement
            terms = FoundingTerms(
                identity: ChainIdentity(
                    chainID: "founding-1", genesisSeconds: Self.now, genesisNanoseconds: 0, initialHeight: 1,
                    initialValidatorsHash: Hash32.zero.bytes,
                    attestationRoots: [
                        .init(name: "root", spkiSHA256: trusted.publicKeyInfoHash.bytes, kind: .simulated)
                    ],
                    profile: .development),
                policy: RegistrationPolicy(measurements: [measurement]), draftHash: SHA256.hash([1]))
            for founder in founders { try founder.agree(terms) }
        }

        private static var now: Int64 { Int64(Date().timeIntervalSince1970) }

        /// A machine of its own; all are of one maker.
        private static func machine(
            _ name: String, program: String = "cloister-enclave", in folder: TemporaryFolder
        ) throws -> EnclaveProcess {
            let keys = "/simulated-platform.pem"
            let (state, first) = (folder.path(name), folder.path("founder-0") + keys)
            if FileManager.default.fileExists(atPath: first), !FileManager.default.fileExists(atPath: state + keys) {
                try FileManager.default.createDirectory(
                    atPath: state, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try FileManager.default.copyItem(atPath: first, toPath: state + keys)
            }
            return try EnclaveProcess(state: state, program: program)
        }

        private var certificates: [FoundingCertificate] { founders.map(\.certificate) }

        /// Has the first founder's enclave make the seeds.
        private func found(_ terms: FoundingTerms? = nil, _ list: [FoundingCertificate]? = nil) throws -> Genesis {
            let list = list ?? certificates
            let terms = (terms ?? self.terms).begun(by: list)
            return Genesis(
                terms: terms, certificates: list, network: try founders[0].enclave.control.found(terms.told(list)))
        }

        private func refusedFounding(_ list: [FoundingCertificate], _ terms: FoundingTerms? = nil) -> Failure? {
            refusal { try found(terms, list) }
        }

        private func with<Value>(_ value: Value, _ change: (inout Value) throws -> Void) rethrows -> Value {
            var changed = value
            try change(&changed)
            return changed
        }

        @Test("four machines begin a network together: each opens it from the same file, to the same keys")
        func founds() throws {
            let genesis = try found()
            var records: [[UInt8]] = []
            for (index, founder) in founders.enumerated() {
                let opened = try founder.enclave.control.openFounded(genesis.opening(index))
                #expect(opened.ioPublicKey == genesis.network.ioPublicKey && opened.headHeight == 0)
                #expect(opened.seedExchangePublicKey == genesis.network.seedExchangePublicKey)
                records.append(opened.sealedRecord)
                #expect(refusal { try founder.enclave.control.openFounded(genesis.opening(index)) } == .alreadyOpen)
                #expect(refusal { try founder.evidence(terms) } == .alreadyOpen)
                #expect(try founder.enclave.control.openConsensusKey(founder.key.sealedKey).height == 0)
                let vote = VoteToSign(kind: .prevote, height: 1, seconds: 1)
                #expect(try founder.enclave.control.sign(vote).signature.count == 64)
            }
            // The set that the identity names is the founders', each as strong as it asked.
            #expect(
                try #require(FoundingTerms.validators(certificates)).validators.map(\.power) == [10, 10, 10, 10])
            // From its record after a restart, and again from the file where the record was lost.
            founders[1].enclave.stop()
            let again = try Self.machine("founder-1", in: folder)
            #expect(try again.control.unseal(records[1]).ioPublicKey == genesis.network.ioPublicKey)
            again.stop()
            let lost = try Self.machine("founder-1", in: folder)
            #expect(try lost.control.openFounded(genesis.opening(1)).ioPublicKey == genesis.network.ioPublicKey)
            lost.kill()
        }

        @Test("the seeds are made for enclaves of this program alone, each with its own key and these terms")
        func collected() throws {
            let development = try Founder(
                Self.machine("development", program: "cloister-enclave-development", in: folder))
            let stranger = try Founder(try EnclaveProcess(state: folder.path("stranger")))
            var elsewhere = terms.identity
            elsewhere.chainID = "founding-2"
            let other = FoundingTerms(identity: elsewhere, policy: terms.policy, draftHash: terms.draftHash)
            let redrafted = FoundingTerms(
                identity: terms.identity, policy: terms.policy, draftHash: SHA256.hash([2]))
            let loose = FoundingTerms(
                identity: terms.identity,
                policy: with(terms.policy) {
                    $0.measurements.append(SHA256.hash([3]))
                    $0.roots = terms.identity.attestationRoots
                }, draftHash: terms.draftHash)
            let good = certificates
            let mallory = SecretKey.random()
            let swaps: [(what: String, certificate: FoundingCertificate)] = [
                ("a development enclave", try development.evidence(terms)),
                ("a machine of another maker", try stranger.evidence(terms)),
                ("evidence for another chain", try founders[3].evidence(other)),
                ("evidence for another draft", try founders[3].evidence(redrafted)),
                ("evidence for a looser policy", try founders[3].evidence(loose)),
                (
                    "a consensus key of the host's",
                    with(good[3]) {
                        $0.consensusKey = Hash32(Ed25519Signer.publicKey(of: mallory))!
                    }
                ),
                (
                    "a registration key of the host's",
                    with(good[3]) {
                        $0.registrationKey = Hash32(X25519.publicKey(of: mallory))!
                    }
                ),
                ("more power than was asked for", with(good[3]) { $0.power = 1_000 }),
                ("an altered quote", with(good[3]) { $0.quote[200] ^= 1 }),
                ("another founder's quote", with(good[3]) { $0.quote = good[2].quote }),
                ("a quote over a consensus key alone", with(good[3]) { $0.quote = founders[3].key.evidence }),
                ("no quote", with(good[3]) { $0.quote = [] }),
                ("a founder who is there already", good[2]),
                ("no power", try founders[3].evidence(terms, power: 0)),
            ]
            for (what, certificate) in swaps {
                #expect(refusedFounding(Array(good[..<3]) + [certificate]) == .foundingRefused, "\(what)")
            }
            // The same enclave twice, with two keys.
            let second = try founders[3].enclave.control.makeConsensusKey()
            let twice = try FoundingCertificate(
                protobuf: founders[3].enclave.control.makeFoundingEvidence(
                    FounderRequest(founding: terms.told(), sealedConsensusKey: second.sealedKey, power: 10)))
            #expect(refusedFounding(good + [twice]) == .foundingRefused)
            // A key that another machine sealed is none of this enclave's.
            #expect(
                refusal {
                    try founders[3].enclave.control.makeFoundingEvidence(
                        FounderRequest(
                            founding: terms.told(), sealedConsensusKey: founders[2].key.sealedKey, power: 10))
                } == .consensusKeyRefused)
            #expect(refusedFounding([]) == .foundingRefused)
            // Whoever makes the seeds is one of those who get them.
            #expect(refusedFounding(Array(good[1...])) == .foundingRefused)
            // Other validators than the founders.
            for hash in [FoundingTerms.validators(Array(good[..<3]))!.hash(), Hash32.zero] {
                var identity = terms.identity
                identity.initialValidatorsHash = hash.bytes
                let set = FoundingTerms(identity: identity, policy: terms.policy, draftHash: terms.draftHash)
                #expect(refusal { try founders[0].enclave.control.found(set.told(good)) } == .foundingRefused)
            }
            // A policy that approves another program, and one that asks for a later version.
            for policy in [
                RegistrationPolicy(measurements: [SHA256.hash([3])]),
                RegistrationPolicy(measurements: [measurement], securityVersionMin: 9),
            ] {
                let strict = FoundingTerms(identity: terms.identity, policy: policy, draftHash: terms.draftHash)
                let list = try founders.map { try $0.evidence(strict) }
                #expect(refusedFounding(list, strict) == .foundingRefused)
            }
            // Nothing of all that kept the honest ones from it.
            _ = try found()
            development.enclave.kill()
            stranger.enclave.kill()
        }

        @Test("a program that the terms approve beside this one is not given the seeds by its founding")
        func anotherProgram() throws {
            let development = try Founder(
                Self.machine("development", program: "cloister-enclave-development", in: folder))
            let quoted = QuoteVerifier.verify(
                evidence: development.key.evidence,
                roots: terms.identity.attestationRoots.compactMap { TrustRoot(chainIdentity: $0) }, time: Self.now,
                policy: QuotePolicy())
            let both = FoundingTerms(
                identity: terms.identity,
                policy: RegistrationPolicy(
                    measurements: [measurement, try #require(quoted.claims).body.measurement]),
                draftHash: terms.draftHash)
            let own = try founders[0].evidence(both)
            #expect(refusedFounding([own, try development.evidence(both)], both) == .foundingRefused)
            _ = try found(both, [own])
            development.enclave.kill()
        }

        @Test("a founder opens nothing but what was made for it, with all founders as they were when it was made")
        func opened() throws {
            let genesis = try found()
            let later = try found()
            func refused(_ index: Int = 1, _ change: (inout FounderOpening) throws -> Void) rethrows -> Failure? {
                let request = try with(genesis.opening(index), change)
                return refusal { try founders[1].enclave.control.openFounded(request) }
            }
            // The grant: another's, an altered one, one of another founding by the same founders.
            #expect(refused { $0.encryptedSeed = genesis.network.encryptedSeeds[2] } == .grantRefused)
            for position in [0, 1, 33, 60] {
                #expect(refused { $0.encryptedSeed[position] ^= 1 } == .grantRefused, "byte \(position)")
            }
            #expect(refused { $0.encryptedSeed = later.network.encryptedSeeds[1] } == .grantRefused)
            #expect(
                refused { $0.seedExchangePublicKey = later.network.seedExchangePublicKey } == .grantRefused)
            // Founders: one left away, others in order, new evidence of the same enclave, a swapped key or quote.
            let good = genesis.certificates
            let renewed = try founders[3].evidence(terms)
            let lists: [([FoundingCertificate], Failure)] = [
                (Array(good[..<3]), .grantRefused), ([good[1], good[0], good[2], good[3]], .grantRefused),
                (Array(good[..<3]) + [renewed], .grantRefused),
                (Array(good[..<3]) + [with(good[3]) { $0.consensusKey = SHA256.hash([1]) }], .foundingRefused),
                (Array(good[..<3]) + [with(good[3]) { $0.quote[300] ^= 1 }], .foundingRefused),
                ([good[0], good[2], good[3]], .foundingRefused), ([], .foundingRefused),
            ]
            for (list, failure) in lists where list != good {
                let terms = genesis.terms.begun(by: list)
                #expect(refused { $0.founding = terms.told(list) } == failure, "\(list.count)")
            }
            // What they agreed on: another genesis file, another policy, a later beginning, other validators.
            #expect(refused { $0.founding.draftHash[0] ^= 1 } == .foundingRefused)
            #expect(
                refused { $0.founding.policy = with(terms.policy) { $0.evidenceBlocksMax = 99 }.protobuf }
                    == .foundingRefused)
            #expect(refused { $0.founding.identity.genesisSeconds += 1 } == .grantRefused)
            #expect(refused { $0.founding.identity.chainID = "founding-2" } == .foundingRefused)
            #expect(refused { $0.founding.identity.initialValidatorsHash[0] ^= 1 } == .foundingRefused)
            #expect(refused { $0.founding.policy = [1] } == .foundingRefused)
            #expect(refused { $0.founding.certificates[0] += [0x30, 0x01] } == .foundingRefused)
            // Who vouches for the keys: nobody, a founder's evidence, the other founding.
            for evidence in [[], good[0].quote, later.network.evidence] {
                #expect(refused { $0.networkEvidence = evidence } == .evidenceRefused)
            }
            // It is a grant of a founding and of no block.
            #expect(
                refusal {
                    try founders[1].enclave.control.join(
                        JoinRequest(
                            identity: genesis.terms.identity,
                            seedExchangePublicKey: genesis.network.seedExchangePublicKey,
                            encryptedSeed: genesis.network.encryptedSeeds[1], beginning: .genesis,
                            networkEvidence: genesis.network.evidence))
                } == .grantRefused)
            #expect(refused { _ in } == nil)
        }

        @Test("seeds that a founder's host made and wrapped itself open nothing")
        func ownSeeds() throws {
            let genesis = try found()
            let verified = try genesis.terms.appraise(genesis.certificates, program: measurement)
            let seeds = NetworkSeeds.bootstrap(identity: genesis.terms.identity.encoded)
            let keys = NetworkKeys(seeds)
            let told = genesis.terms.hash(
                of: genesis.certificates, ioPublicKey: keys.ioPublicKey,
                seedExchangePublicKey: keys.seedExchangePublicKey)
            let grant: [UInt8]? = SeedGrant.wrap(
                seeds, told: told.bytes, for: verified[1],
                at: .init(identityHash: SHA256.hash(genesis.terms.identity.encoded), headerHash: told))
            var own = genesis.opening(1)
            own.encryptedSeed = try #require(grant)
            own.seedExchangePublicKey = keys.seedExchangePublicKey
            for evidence in [genesis.network.evidence, genesis.certificates[1].quote, []] {
                own.networkEvidence = evidence
                #expect(refusal { try founders[1].enclave.control.openFounded(own) } == .evidenceRefused)
            }
        }
    }
}

extension FoundingTerms {
    /// With the set of these founders.
    fileprivate func begun(by founders: [FoundingCertificate]) -> FoundingTerms {
        var begun = identity
        begun.initialValidatorsHash = (FoundingTerms.validators(founders)?.hash() ?? .zero).bytes
        return FoundingTerms(identity: begun, policy: policy, draftHash: draftHash)
    }

    fileprivate func told(_ founders: [FoundingCertificate] = []) -> FoundingProposal {
        FoundingProposal(
            identity: identity, policy: policy.protobuf, draftHash: draftHash.bytes,
            certificates: founders.map(\.protobuf))
    }
}
