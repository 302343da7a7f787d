import Attestation
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import Keyring
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore
import Testing
import WalletClient
import Wire

extension HostileHostSuite {
    /// A second machine that wants the network's seeds, with hosts at both ends that would like them for themselves.
    @Suite struct JoiningTests {
        let world: World

        init() throws {
            world = try World()
            world.chain.secondsAhead =
                Int64(Date().timeIntervalSince1970) - FourValidatorChain.genesisTime.seconds
        }

        /// A machine of the same maker: its quotes end in the root that the chain knows.
        private func machine(_ name: String, program: String = "cloister-enclave") throws -> EnclaveProcess {
            let folder = world.path(name)
            let keys = "/simulated-platform.pem"
            if !FileManager.default.fileExists(atPath: folder + keys) {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try FileManager.default.copyItem(atPath: world.path("platform") + keys, toPath: folder + keys)
            }
            return try EnclaveProcess(state: folder, program: program)
        }

        private func evidence(
            of enclave: EnclaveProcess, at height: Int64? = nil, identity: ChainIdentity? = nil, header: Hash32? = nil,
            sender: User? = nil, replaces: [UInt8] = []
        ) throws -> RegistrationEvidence {
            let height = height ?? world.chain.height
            return try enclave.control.makeEvidence(
                RegistrationRequest(
                    identity: identity ?? world.chain.identity, height: UInt64(height),
                    headerHash: (header ?? world.chain.headers[height]?.hash() ?? .zero).bytes,
                    sender: (sender ?? world.alice).address.bytes, replaces: replaces))
        }

        private func authenticate(_ certificate: [UInt8], replaces: String = "") -> AnyMessage {
            ComputeMessage.authenticate(
                .init(sender: world.alice.address, certificate: certificate, replaces: replaces)
            ).any
        }

        private func play(_ messages: [AnyMessage]) throws -> PlayedResult {
            try world.play([world.alice.sign(messages)])
            return world.host.outputs[0]
        }

        private func node(_ key: [UInt8]) throws -> RegisteredNode? {
            try world.chain.state.latestSnapshot()!.get(StoreName.register, RegisterStore.nodeKey(publicKey: key))
                .map { try RegisteredNode(decoding: $0) }
        }

        private func release(_ number: UInt64) throws -> SeedRelease? {
            try world.chain.state.latestSnapshot()!.get(StoreName.register, RegisterStore.releaseKey(number))
                .map { try SeedRelease(protobuf: $0) }
        }

        private func request(_ seed: [UInt8], _ beginning: JoinBeginning = .genesis) -> JoinRequest {
            JoinRequest(
                identity: world.chain.identity, seedExchangePublicKey: world.opened.seedExchangePublicKey,
                encryptedSeed: seed, beginning: beginning, networkEvidence: world.opened.evidence)
        }

        /// Registers a machine; its seed, as it stands in the state.
        private func register(_ evidence: RegistrationEvidence, replaces: String = "") throws -> [UInt8] {
            #expect(try play([authenticate(evidence.certificate, replaces: replaces)]).code == 0)
            try world.play([])
            return try #require(try node(evidence.registrationKey)).encryptedSeed
        }

        @Test("a machine of the chain's maker joins by evidence, runs the chain from its beginning and answers alike")
        func joining() throws {
            let other = try machine("other")
            let evidence = try evidence(of: other)
            let accepted = try play([authenticate(evidence.certificate)])
            #expect(accepted.code == 0, "\(accepted.log)")
            // Not yet final: what the block left is not proved yet.
            #expect(try node(evidence.registrationKey)?.encryptedSeed == [])
            try world.play([])
            let writes = world.host.registerWrites
            let seed = try #require(try node(evidence.registrationKey)).encryptedSeed
            let granted = world.chain.height
            let first = try #require(try release(1))
            #expect(first.seedHash == SHA256.hash(seed) && first.height == granted && first.previous == .zero)
            #expect(first.measurement.bytes == evidence.measurement && first.sender == world.alice.address)
            try world.play([
                world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])
            ])
            try world.play([])

            let opened = try other.control.join(request(seed))
            #expect(opened.ioPublicKey == world.opened.ioPublicKey && opened.headHeight > 0)
            let host = try PlayedHost(
                world.chain, lane: other.execution, machine: OpenedMachine(opened, at: world.path("other")))
            for height in 1...world.chain.height {
                try host.play(try #require(world.chain.blocks[height]))
                // Both enclaves wrap the same bytes.
                if height == granted { #expect(host.registerWrites == writes && !writes.isEmpty) }
            }
            var query = ContractQuery()
            query.contract = world.aliceCounter.bytes
            query.input = try world.alice.seal("{\"get_count\":{}}", for: world.aliceCounter, isBound: false)
            query.height = UInt64(world.chain.height - 1)
            query.gasLimit = 1_000_000
            let answers = try [world.enclave, other].map { try $0.queries[0].query(query, answering: host) }
            #expect(answers[0] == answers[1] && answers[0].error.isEmpty)
            let text = world.alice.encryption.openData(answers[0].data, answerTo: query.input) ?? []
            #expect(String(decoding: text, as: UTF8.self) == "{\"count\":42}")
            other.kill()
        }

        @Test("evidence that is not this chain's, not approved, not new or not whole is refused with a text")
        func refusals() throws {
            let other = try machine("other")
            let good = try evidence(of: other)
            let third = try machine("third")
            let old = try evidence(of: third)
            let development = try machine("development", program: "cloister-enclave-development")
            var elsewhere = world.chain.identity
            elsewhere.chainID = "hostile-test-2"
            let certificate = try RegistrationCertificate(protobuf: good.certificate)
            var (altered, stolen, young) = (certificate, certificate, certificate)
            altered.quote[200] ^= 1
            stolen.registrationKey = SHA256.hash(Array("mallory's".utf8))
            young.height += 1
            // What Mallory, who sees Alice's evidence before it stands in a block, would like to say.
            var forMe = try RegistrationCertificate(
                protobuf: try evidence(of: other, sender: world.mallory).certificate)
            forMe.sender = world.alice.address.bytes
            var replacing = try RegistrationCertificate(
                protobuf: try evidence(of: other, replaces: [UInt8](repeating: 0xab, count: 32)).certificate)
            replacing.replaces = nil
            var smallOrder = certificate
            smallOrder.registrationKey = Hash32.zero
            let before = world.chain.height
            let cases: [(what: String, certificate: [UInt8], replaces: String, refusal: RegistrationRefusal)] = [
                ("nothing", [1], "", .unreadable),
                ("more than there is", good.certificate + [0x30, 0x01], "", .unreadable),
                (
                    "a development enclave", try evidence(of: development).certificate, "",
                    .quote(.measurementNotApproved)
                ),
                ("an altered quote", altered.protobuf, "", .quote(.wrongQuoteSignature)),
                ("another's quote", stolen.protobuf, "", .otherReportData),
                ("another block named", young.protobuf, "", .otherReportData),
                ("another chain", try evidence(of: other, identity: elsewhere).certificate, "", .otherChain),
                ("a fork's header", try evidence(of: other, header: .zero).certificate, "", .otherHeader),
                (
                    "a block to come", try evidence(of: other, at: before + 1_000, header: .zero).certificate, "",
                    .notYetDecided
                ),
                ("a block before the chain's first", try evidence(of: other, at: 0).certificate, "", .otherHeader),
                ("a key without secret", smallOrder.protobuf, "", .unusableKey),
                (
                    "a stranger replaced",
                    try evidence(of: other, replaces: [UInt8](repeating: 0xab, count: 32)).certificate,
                    String(repeating: "ab", count: 32), .unknownReplacement
                ),
                (
                    "evidence made for another sender", try evidence(of: other, sender: world.mallory).certificate, "",
                    .otherSender
                ),
                ("another's transaction taken over", forMe.protobuf, "", .otherReportData),
                ("a node said to be replaced", good.certificate, String(repeating: "ab", count: 32), .otherReplacement),
                ("a replacement kept back", replacing.protobuf, "", .otherReportData),
            ]
            let transactions = cases.map {
                world.alice.sign([authenticate($0.certificate, replaces: $0.replaces)])
            }
            try world.play(transactions)
            for (number, (what, _, _, refusal)) in cases.enumerated() {
                let result = world.host.outputs[number]
                #expect(result.code == refusal.code && result.codespace == "register", "\(what): \(result.log)")
                #expect(result.log.contains(refusal.text), "\(what): \(result.log)")
                #expect(result.sealed.registerWrites.isEmpty, "\(what)")
            }
            // Good once in a block.
            try world.play([
                world.alice.sign([authenticate(good.certificate)]), world.alice.sign([authenticate(good.certificate)]),
            ])
            #expect(world.host.outputs.map(\.code) == [0, RegistrationRefusal.sameBlock.code])
            // And for five blocks.
            while world.chain.height < before + 5 { try world.play([]) }
            let late = try play([authenticate(old.certificate)])
            #expect(late.code == 5 && late.log.contains("6 blocks old and good for 5"), "\(late.log)")
            other.kill()
            development.kill()
            third.kill()
        }

        @Test("sixteen enclaves are let in by one block, and the next one by another")
        func many() throws {
            let certificates = try (0..<17).map { number in
                let machine = try machine("many-\(number)")
                defer { machine.kill() }
                return try evidence(of: machine)
            }
            try world.play(certificates.map { world.alice.sign([authenticate($0.certificate)]) })
            #expect(world.host.outputs.map(\.code) == [UInt32](repeating: 0, count: 16) + [15])
            try world.play([world.alice.sign([authenticate(certificates[16].certificate)])])
            #expect(world.host.outputs.map(\.code) == [0])
            try world.play([])
            for certificate in certificates {
                #expect(try node(certificate.registrationKey)?.encryptedSeed.isEmpty == false)
            }
            // Two messages of one transaction: one that fails leaves nothing of the other.
            let late = try machine("late")
            let good = authenticate(try evidence(of: late).certificate)
            let both = try play([good, authenticate([1])])
            #expect(both.code == RegistrationRefusal.unreadable.code && both.sealed.registerWrites.isEmpty)
            late.kill()
        }

        @Test("a machine of another maker is let in once the chain's record has its root, and not before")
        func policyRoot() throws {
            let stranger = try EnclaveProcess(state: world.path("stranger"))
            let refused = try play([authenticate(try evidence(of: stranger).certificate)])
            #expect(refused.code == 9 && refused.log.contains("unknownRoot"), "\(refused.log)")
            let certificate = [UInt8](
                try Data(contentsOf: URL(fileURLWithPath: world.path("stranger/simulated-root.der"))))
            let root = try #require(TrustRoot(name: "other", kind: .simulated, certificate: certificate))
            func setRoot(_ kind: AttestationRoot.Kind) throws {
                let policy = RegistrationPolicy(
                    roots: [.init(name: "other", spkiSHA256: root.publicKeyInfoHash.bytes, kind: kind)],
                    measurements: [Hash32(world.opened.measurement)!], evidenceBlocksMax: 5)
                try world.begin([])
                world.host.state.set(StoreName.register, RegisterStore.policyKey, policy.protobuf)
                try world.host.end()
            }
            // One chain never has both kinds.
            try setRoot(.hardware)
            let mixed = try play([authenticate(try evidence(of: stranger).certificate)])
            #expect(mixed.code == 9 && mixed.log.contains("unknownRoot"), "\(mixed.log)")
            try setRoot(.simulated)
            _ = try stranger.control.join(request(try register(try evidence(of: stranger))))
            stranger.kill()
        }

        @Test("the wrapped seeds open for the quoted enclave alone, and only as they were wrapped")
        func wrapped() throws {
            let (other, third) = (try machine("other"), try machine("third"))
            let seed = try register(try evidence(of: other))
            #expect(refusal { try third.control.join(request(seed)) } == .grantRefused)
            for position in [0, 1, 32, 33, 60, seed.count - 1] {
                var touched = seed
                touched[position] ^= 1
                #expect(refusal { try other.control.join(request(touched)) } == .grantRefused, "byte \(position)")
            }
            #expect(refusal { try other.control.join(request(Array(seed.dropLast()))) } == .grantRefused)
            var elsewhere = request(seed)
            elsewhere.identity.chainID = "hostile-test-2"
            #expect(refusal { try other.control.join(elsewhere) } == .grantRefused)
            var exchange = request(seed)
            exchange.seedExchangePublicKey = world.opened.ioPublicKey
            #expect(refusal { try other.control.join(exchange) } == .grantRefused)
            _ = try other.control.join(request(seed))
            #expect(refusal { try other.control.join(request(seed)) } == .alreadyOpen)
            #expect(refusal { try evidence(of: other) } == .alreadyOpen)
            #expect(refusal { try evidence(of: world.enclave) } == .alreadyOpen)
            other.kill()
            third.kill()
        }

        @Test("seeds that a host made and wrapped itself open nothing, whatever evidence it has")
        func ownSeeds() throws {
            let other = try machine("other")
            let certificate = try RegistrationCertificate(protobuf: try evidence(of: other).certificate)
            let policy = RegistrationPolicy(measurements: [try #require(Hash32(world.opened.measurement))])
            let verified = try certificate.appraise(
                for: world.chain.identity, under: policy, at: Int64(Date().timeIntervalSince1970))
            let hash = try #require(world.chain.headers[1]).hash()
            for height: Int64 in [0, 1] {
                let told = ProtobufWriter.encode { writer in
                    writer.int64(1, height)
                    writer.hash(2, hash)
                    writer.message(3, world.chain.time(2))
                    writer.hash(4, hash)
                    writer.hash(7, hash)
                }
                let seeds = NetworkSeeds.bootstrap(identity: world.chain.identity.encoded)
                let keys = NetworkKeys(seeds)
                let grant: [UInt8]? = SeedGrant.wrap(
                    seeds, told: told, for: verified,
                    at: .init(identityHash: certificate.identityHash, headerHash: hash))
                var own = request(try #require(grant))
                own.seedExchangePublicKey = keys.seedExchangePublicKey
                for evidence in [world.opened.evidence, certificate.quote, []] {
                    own.networkEvidence = evidence
                    #expect(refusal { try other.control.join(own) } == (height == 0 ? .grantRefused : .evidenceRefused))
                }
            }
            other.kill()
        }

        @Test(
            "a machine that lost its folder registers again, and one in its place; the log has both, each after the other"
        )
        func again() throws {
            let other = try machine("other")
            let first = try evidence(of: other)
            let seed = try register(first)
            other.kill()
            let same = try machine("other")
            let second = try evidence(of: same)
            #expect(second.registrationKey == first.registrationKey)
            // What stands on the chain is good for nobody once more.
            let replayed = try play([authenticate(first.certificate)])
            #expect(replayed.code == RegistrationRefusal.replayed.code, "\(replayed.log)")
            #expect(try node(first.registrationKey)?.encryptedSeed == seed)
            let newer = try register(second)
            #expect(newer != seed)
            _ = try same.control.join(request(newer))
            same.kill()
            // A machine that is gone for good.
            let third = try machine("third")
            let replacing = try evidence(of: third, replaces: first.registrationKey)
            let last = try register(replacing, replaces: Hexadecimal.encode(first.registrationKey))
            // Whoever says that he replaces a node takes nothing from it.
            #expect(try node(first.registrationKey)?.encryptedSeed == newer)
            _ = try third.control.join(request(last))
            third.kill()
            let releases = try (1...3).map { try #require(try release($0)) }
            #expect(releases[1].previous == releases[0].hash && releases[2].previous == releases[1].hash)
            #expect(releases[2].replaces?.bytes == first.registrationKey)
            #expect(try release(4) == nil)
        }

        @Test("a new enclave runs no chain that does not lead to where it was let in")
        func otherPast() throws {
            let other = try machine("other")
            let seed = try register(try evidence(of: other))
            let opened = try other.control.join(request(seed))
            let host = try PlayedHost(
                world.chain, lane: other.execution, machine: OpenedMachine(opened, at: world.path("other")))
            let block = try #require(world.chain.blocks[1])
            host.tricks.headers = { _, _ in [] }
            #expect(refusal { try host.begin(block) } == .historyMissing)
            host.tricks.headers = { Array($1.dropFirst()) }
            #expect(refusal { try host.begin(block) } == .historyMissing)
            host.tricks = .init()
            // The set of genesis has signed it.
            var forged = block
            forged.header.proposerAddress = world.chain.set.validators[2].address
            forged.commit = world.chain.commit(forged.header, signers: [0, 1, 2, 3])
            #expect(refusal { try host.begin(forged) } == .secondHeaderForHeight)
            #expect(refusal { try host.begin(block) } == .stopped)
            #expect(refusal { try evidence(of: other) } == .stopped)
            other.kill()
        }

        @Test("an enclave in the old one's place goes on behind the block in which it was let in")
        func inPlace() throws {
            let other = try machine("other")
            let seed = try register(try evidence(of: other))
            let granted = world.chain.height
            try world.play([
                world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])
            ])
            let opened = try other.control.join(request(seed, .grant))
            #expect(opened.headHeight == UInt64(granted))
            let host = try PlayedHost(
                world.chain, lane: other.execution, machine: OpenedMachine(opened, at: world.path("other")))
            #expect(refusal { try host.begin(world.chain.blocks[granted]!) } == .headerWrongHeight)
            try host.play(world.chain.blocks[granted + 1]!)
            #expect(host.outputs.map(\.code) == [0])
            other.kill()
        }
    }
}
