import Attestation
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore
import TestSupport
import Testing
import WalletClient
import Wire

extension HostileHostSuite {
    /// A later program beside the one that runs the chain, on the same machine, with a host that would like both to
    /// sign, or neither to have been asked.
    @Suite struct TakeOverTests {
        let world: World
        private let next: String

        init() throws {
            world = try World()
            world.chain.secondsAhead =
                Int64(Date().timeIntervalSince1970) - FourValidatorChain.genesisTime.seconds
            next = try Programs.nextEnclave(in: world.path("next"))
        }

        private var platform: String { world.path("platform") }

        func started() throws -> EnclaveProcess { try EnclaveProcess(state: platform, program: next) }

        private func evidence(of enclave: EnclaveProcess) throws -> RegistrationEvidence {
            let height = world.chain.height
            return try enclave.control.makeEvidence(
                RegistrationRequest(
                    identity: world.chain.identity, height: UInt64(height),
                    headerHash: try #require(world.chain.headers[height]).hash().bytes,
                    sender: world.alice.address.bytes))
        }

        private func send(_ evidence: RegistrationEvidence) throws -> PlayedResult {
            let message = ComputeMessage.authenticate(
                .init(sender: world.alice.address, certificate: evidence.certificate, replaces: ""))
            try world.play([world.alice.sign([message.any])])
            return world.host.outputs[0]
        }

        /// What the operators of all validators agreed on.
        func setPolicy(_ policy: RegistrationPolicy) throws {
            try world.begin([])
            world.host.state.set(StoreName.register, RegisterStore.policyKey, policy.protobuf)
            world.records[world.chain.height + 1] = try world.host.end()
        }

        private func approve(_ measurement: [UInt8]) throws {
            let record = try #require(
                try world.chain.state.latestSnapshot()?.get(StoreName.register, RegisterStore.policyKey))
            var policy = try RegistrationPolicy(protobuf: record)
            let hash = try #require(Hash32(measurement))
            if !policy.measurements.contains(hash) { policy.measurements.append(hash) }
            try setPolicy(policy)
        }

        /// Approves and registers an enclave, and has two more blocks: the seeds, and their proof.
        func granted(_ enclave: EnclaveProcess) throws -> (key: [UInt8], seed: [UInt8]) {
            try approve(try evidence(of: enclave).measurement)
            let evidence = try evidence(of: enclave)
            let result = try send(evidence)
            try #require(result.code == 0, "\(result.log)")
            for _ in 0..<2 { try world.play([]) }
            return (evidence.registrationKey, try #require(try node(evidence.registrationKey)).encryptedSeed)
        }

        private func node(_ key: [UInt8]) throws -> RegisteredNode? {
            try world.chain.state.latestSnapshot()!.get(StoreName.register, RegisterStore.nodeKey(publicKey: key))
                .map { try RegisteredNode(decoding: $0) }
        }

        func join(
            _ enclave: EnclaveProcess, _ seed: [UInt8], _ beginning: JoinBeginning = .grant
        ) throws -> OpenedEnclave {
            try enclave.control.join(
                JoinRequest(
                    identity: world.chain.identity, seedExchangePublicKey: world.opened.seedExchangePublicKey,
                    encryptedSeed: seed, beginning: beginning, networkEvidence: world.opened.evidence))
        }

        private func increment() throws -> [UInt8] {
            world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])
        }

        // MARK: - The network

        @Test("a program that the chain approves later is let in beside the old one, and goes on with its last outputs")
        func goesOn() throws {
            let enclave = try started()
            let refused = try send(try evidence(of: enclave))
            #expect(refused.code == RegistrationRefusal.quote(.measurementNotApproved).code, "\(refused.log)")
            let (_, seed) = try granted(enclave)
            try world.play([])
            try world.play([increment()])
            // The old one is gone before the next header opens what it said last.
            world.enclave.kill()
            let ended = world.host.outputs[0]
            let last = try #require(world.chain.blocks[world.chain.height])

            let opened = try join(enclave, seed)
            #expect(opened.founder == world.opened.measurement && opened.measurement != world.opened.measurement)
            #expect(opened.ioPublicKey == world.opened.ioPublicKey)
            let record = try enclave.execution.advance(last.advance)
            enclave.kill()
            // What it knows of the place where it stands is in its record.
            let again = try started()
            let unsealed = try again.control.unseal(record)
            #expect(unsealed.founder == opened.founder && unsealed.headHeight == last.height)
            let host = try PlayedHost(
                world.chain, lane: again.execution, machine: OpenedMachine(unsealed, at: platform))
            let block = try world.chain.decide([increment()])
            let begun = try host.begin(block)
            let place = OutputPlace(headerHash: last.header.hash(), index: 0)
            let key = try #require(begun.outputKeys.first { $0.index == 0 }).key
            #expect(TransactionOutput(opening: ended.sealed.output, key: key, at: place) == ended.output)
            try host.hand()
            try host.run(0)
            #expect(host.outputs.map(\.code) == [0])
            try host.end()
            try host.play(try world.chain.decide([]))
            var query = ContractQuery()
            query.contract = world.aliceCounter.bytes
            query.input = try world.alice.seal("{\"get_count\":{}}", for: world.aliceCounter, isBound: false)
            query.height = UInt64(world.chain.height - 1)
            query.gasLimit = 1_000_000
            let answer = try again.queries[0].query(query, answering: host)
            let text = world.alice.encryption.openData(answer.data, answerTo: query.input) ?? []
            #expect(String(decoding: text, as: UTF8.self) == "{\"count\":43}")
            again.kill()
        }

        @Test("its quote names the program that made the keys, and is no quote of a network that it made itself")
        func quote() throws {
            let enclave = try started()
            let (_, seed) = try granted(enclave)
            let opened = try join(enclave, seed, .genesis)
            let roots = world.chain.identity.attestationRoots.compactMap { TrustRoot(chainIdentity: $0) }
            let body = try #require(
                QuoteVerifier.verify(
                    evidence: opened.evidence, roots: roots, time: Int64(Date().timeIntervalSince1970),
                    policy: QuotePolicy(measurements: [Hash32(opened.measurement)!])
                ).claims?.body)
            let facts = try #require(ReportData.facts(in: body.reportData))
            func data(_ founder: Hash32?) -> [UInt8] {
                ReportData.network(
                    identity: world.chain.identity.encoded, ioPublicKey: opened.ioPublicKey,
                    seedExchangePublicKey: opened.seedExchangePublicKey, founder: founder, facts: facts)
            }
            #expect(body.reportData == data(Hash32(world.opened.measurement)))
            #expect(body.reportData != data(nil) && body.reportData != data(Hash32(opened.measurement)))
            enclave.kill()
            // Nor does it serve an enclave as evidence that the keys are an enclave's own.
            let third = try started()
            let request = JoinRequest(
                identity: world.chain.identity, seedExchangePublicKey: world.opened.seedExchangePublicKey,
                encryptedSeed: seed, beginning: .genesis, networkEvidence: opened.evidence)
            #expect(refusal { try third.control.join(request) } == .evidenceRefused)
            third.kill()
        }

        @Test("an approval that no header proves, and a version below the chain's, let nobody in")
        func approvals() throws {
            let enclave = try started()
            let evidence = try evidence(of: enclave)
            // The host says that the policy is another.
            let forged = RegistrationPolicy(measurements: [Hash32(evidence.measurement)!], evidenceBlocksMax: 5)
            world.host.tricks.readState = { read, honest in
                honest.map { proof in
                    var proof = proof
                    for (index, key) in proof.keys.enumerated() where key == RegisterStore.policyKey {
                        proof.values[index] = forged.protobuf
                    }
                    return proof
                }
            }
            let message = ComputeMessage.authenticate(
                .init(sender: world.alice.address, certificate: evidence.certificate, replaces: ""))
            let block = try world.begin([world.alice.sign([message.any])])
            #expect(refusal { try world.host.run(0) } == .proofInvalid)
            // The block is begun again, with what was vouched for.
            let journal = world.host.journal
            try world.restart(fromHeight: world.chain.height)
            world.records[block.header.height] = try world.host.play(block, journal: journal)
            #expect(world.host.outputs.map(\.code) == [RegistrationRefusal.quote(.measurementNotApproved).code])
            // Approved, but not in a version so low.
            var policy = forged
            policy.securityVersionMin = 99
            try setPolicy(policy)
            let low = try send(try self.evidence(of: enclave))
            #expect(low.code == RegistrationRefusal.quote(.securityVersionTooLow).code, "\(low.log)")
            enclave.kill()
        }

        @Test("an approval that ends with the block of the evidence gives no seeds, and leaves no release")
        func expires() throws {
            let enclave = try started()
            try approve(try evidence(of: enclave).measurement)
            let evidence = try evidence(of: enclave)
            let message = ComputeMessage.authenticate(
                .init(sender: world.alice.address, certificate: evidence.certificate, replaces: ""))
            try world.begin([world.alice.sign([message.any])])
            #expect(try world.host.run(0).code == 0)
            let policy = RegistrationPolicy(measurements: [Hash32(world.opened.measurement)!], evidenceBlocksMax: 5)
            world.host.state.set(StoreName.register, RegisterStore.policyKey, policy.protobuf)
            try world.host.end()
            try world.play([])
            #expect(try node(evidence.registrationKey)?.encryptedSeed == [])
            let state = try #require(try world.chain.state.latestSnapshot())
            #expect(try state.get(StoreName.register, RegisterStore.releaseKey(1)) == nil)
            #expect(try state.get(StoreName.register, RegisterStore.pendingKey) == nil)
            enclave.kill()
        }

        /// The policy of the chain's state with this program approved from a time on.
        private func plan(_ measurement: Hash32, from time: Int64) throws -> RegistrationPolicy {
            var policy = RegistrationPolicy(measurements: [Hash32(world.opened.measurement)!], evidenceBlocksMax: 5)
            policy.planned = [PlannedProgram(measurement, notBefore: time)]
            return policy
        }

        /// Has the next block be of this second.
        private func next(at seconds: Int64) {
            world.chain.secondsAhead += seconds - world.chain.time(world.chain.height + 1).seconds
        }

        @Test("a program whose time has not come is given nothing, by a forged, hurried, kept or repeated approval")
        func planned() throws {
            // A key that has signed nothing is of no network, and handed over in none.
            let key = try world.enclave.control.makeConsensusKey()
            _ = try world.enclave.control.openConsensusKey(key.sealedKey)
            _ = try world.enclave.control.sign(vote(.precommit, 1, 1))
            let enclave = try started()
            let measurement = try #require(Hash32(try evidence(of: enclave).measurement))
            let from = world.chain.time(world.chain.height + 1).seconds + 1_000
            try setPolicy(try plan(measurement, from: from))
            let early = RegistrationRefusal.quote(.measurementNotApproved).code
            #expect(try send(try evidence(of: enclave)).code == early)
            // Hurried: the host says that the time is past, or that the program needs none.
            let past = try plan(measurement, from: 1)
            let approved = RegistrationPolicy(measurements: past.measurements + [measurement], evidenceBlocksMax: 5)
            for forged in [past, approved] {
                world.host.tricks.readState = { read, honest in
                    honest.map { proof in
                        var proof = proof
                        for (index, key) in proof.keys.enumerated() where key == RegisterStore.policyKey {
                            proof.values[index] = forged.protobuf
                        }
                        return proof
                    }
                }
                let message = ComputeMessage.authenticate(
                    .init(sender: world.alice.address, certificate: try evidence(of: enclave).certificate, replaces: "")
                )
                let block = try world.begin([world.alice.sign([message.any])])
                #expect(refusal { try world.host.run(0) } == .proofInvalid)
                let journal = world.host.journal
                try world.restart(fromHeight: world.chain.height)
                world.records[block.header.height] = try world.host.play(block, journal: journal)
                #expect(world.host.outputs.map(\.code) == [early])
            }
            // The last second before, and the first.
            next(at: from - 1)
            #expect(try send(try evidence(of: enclave)).code == early)
            let before = world.chain.height
            next(at: from)
            let certificate = try evidence(of: enclave)
            #expect(try send(certificate).code == 0)
            for _ in 0..<2 { try world.play([]) }
            let successor = certificate.registrationKey
            #expect(try node(successor)?.encryptedSeed.isEmpty == false)

            // Governance puts it off again: no evidence that was taken, and no seeds that were wrapped, are a reason to
            // hand a key over before.
            let again = world.chain.time(world.chain.height + 1).seconds + 1_000
            let approvedAt = UInt64(world.chain.height - 1)
            try setPolicy(try plan(measurement, from: again))
            try world.play([])
            #expect(refused(try request(key.sealedKey, for: successor)) == .successorRefused)
            // Shown again: the record of when it was approved, which a header proved then.
            world.host.tricks.readState = { [host = world.host] _, honest in
                try honest.map { proof in
                    guard proof.keys.contains(RegisterStore.policyKey) else { return proof }
                    return try host.prove(proof.store, proof.keys, at: approvedAt)
                }
            }
            let repeated = ComputeMessage.authenticate(
                .init(sender: world.alice.address, certificate: try evidence(of: enclave).certificate, replaces: ""))
            let block = try world.begin([world.alice.sign([repeated.any])])
            #expect(refusal { try world.host.run(0) } == .proofInvalid)
            let journal = world.host.journal
            try world.restart(fromHeight: world.chain.height)
            world.records[block.header.height] = try world.host.play(block, journal: journal)
            #expect(world.host.outputs.map(\.code) == [early])
            let old = try request(key.sealedKey, for: successor, at: Int64(approvedAt) + 1)
            #expect(refused(old) == .storeRootsNotInHeader)
            #expect(
                refused(try request(key.sealedKey, for: successor)) { $0.registration = old.registration }
                    == .proofInvalid)
            try world.restart(fromHeight: before)
            #expect(refused(try request(key.sealedKey, for: successor, at: before)) == .heightBehindJournal)
            try world.restart(fromHeight: world.chain.height)
            // Kept back: the head is an earlier block's, and its time does not pass while the host waits.
            next(at: again)
            #expect(refused(try request(key.sealedKey, for: successor)) == .successorRefused)
            try world.play([])
            _ = try world.enclave.control.openConsensusKey(key.sealedKey)
            _ = try world.enclave.control.handOverKey(try request(key.sealedKey, for: successor))
            #expect(refusal { try world.enclave.control.sign(vote(.precommit, 1, 1)) } == .consensusKeyHandedOver)
            enclave.kill()
        }

        @Test("what was wrapped long ago goes as others come, and its node registers again")
        func old() throws {
            let enclave = try started()
            let (key, seed) = try granted(enclave)
            var policy = try RegistrationPolicy(
                protobuf: #require(
                    try world.chain.state.latestSnapshot()?.get(StoreName.register, RegisterStore.policyKey)))
            policy.seedBlocksMax = 8
            try setPolicy(policy)
            let elsewhere = world.path("elsewhere")
            try FileManager.default.createDirectory(
                atPath: elsewhere, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try FileManager.default.copyItem(
                atPath: platform + "/simulated-platform.pem", toPath: elsewhere + "/simulated-platform.pem")
            let other = try EnclaveProcess(state: elsewhere)
            // Not yet: too young.
            let (otherKey, otherSeed) = try granted(other)
            #expect(try node(key)?.encryptedSeed == seed)
            for _ in 0..<8 { try world.play([]) }
            // Nothing happens by itself.
            #expect(try node(key)?.encryptedSeed == seed && node(otherKey)?.encryptedSeed == otherSeed)
            let again = try evidence(of: other)
            #expect(try send(again).code == 0)
            try world.play([])
            #expect(try node(key)?.encryptedSeed == [])
            let newer = try #require(try node(otherKey)?.encryptedSeed)
            #expect(newer != otherSeed && !newer.isEmpty)
            let record = try #require(
                try world.chain.state.latestSnapshot()?.get(StoreName.register, RegisterStore.releaseHeadKey))
            let head = try SeedReleaseHead(protobuf: record)
            #expect(head.count == 3 && head.expired == 2)
            #expect(try send(try evidence(of: enclave)).code == 0)
            try world.play([])
            _ = try join(enclave, try #require(try node(key)?.encryptedSeed))
            enclave.kill()
            other.kill()
        }

        // MARK: - The validator's key

        private func vote(_ kind: SignedKind, _ height: UInt64, _ block: UInt8, seconds: Int64 = 1) -> VoteToSign {
            var vote = VoteToSign(kind: kind, height: height, seconds: seconds)
            vote.blockHash = [UInt8](repeating: block, count: 32)
            (vote.partsTotal, vote.partsHash) = (1, vote.blockHash)
            return vote
        }

        /// What an honest host shows of the state that the head proves.
        private func request(_ sealedKey: [UInt8], for key: [UInt8], at height: Int64? = nil) throws -> KeyHandOver {
            let height = UInt64((height ?? world.chain.height) - 1)
            let proof = try world.host.prove(
                StoreName.register, [RegisterStore.nodeKey(publicKey: key), RegisterStore.policyKey], at: height)
            return KeyHandOver(
                sealedKey: sealedKey, registrationKey: key, storeRoots: try world.chain.storeRoots(at: height),
                registration: proof)
        }

        private func refused(_ request: KeyHandOver, _ change: (inout KeyHandOver) -> Void = { _ in }) -> Failure? {
            var changed = request
            change(&changed)
            return refusal { try world.enclave.control.handOverKey(changed) }
        }

        @Test("a validator's key goes to one registered enclave with what was signed, and is given again")
        func handOver() throws {
            let key = try world.enclave.control.makeConsensusKey()
            _ = try world.enclave.control.openConsensusKey(key.sealedKey)
            let enclave = try started()
            let other = try evidence(of: enclave)
            let (successor, seed) = try granted(enclave)
            #expect(other.registrationKey == successor)
            let signed = try world.enclave.control.sign(vote(.precommit, 1, 1))
            let handed = try world.enclave.control.handOverKey(request(key.sealedKey, for: successor))
            // It signs no more, not even the same.
            #expect(refusal { try world.enclave.control.sign(vote(.precommit, 1, 1)) } == .consensusKeyHandedOver)
            #expect(refusal { try world.enclave.control.sign(vote(.prevote, 2, 1)) } == .consensusKeyHandedOver)
            // kill -9, before the host had it: it is given once more, and nothing needs to be proved again.
            try world.restart(fromHeight: world.chain.height)
            let later = { try world.enclave.control.openConsensusKey(key.sealedKey) }
            #expect(refusal { try later() } == .consensusKeyHandedOver)
            let bare = KeyHandOver(
                sealedKey: key.sealedKey, registrationKey: successor,
                registration: StateProof(store: StoreName.register, keys: [], values: [], proof: []))
            #expect(try world.enclave.control.handOverKey(bare) == handed)
            #expect(refused(bare) { $0.registrationKey = SHA256.hash([1]).bytes } == .consensusKeyHandedOver)
            #expect(refusal { try world.enclave.control.makeConsensusKey() } == .consensusKeyHandedOver)

            // Not before there is a network to which it belongs, and not changed.
            #expect(refusal { try enclave.control.takeOverKey(handed) } == .notOpen)
            _ = try join(enclave, seed)
            for position in [0, 1, 40, handed.count - 1] {
                var touched = handed
                touched[position] ^= 1
                #expect(refusal { try enclave.control.takeOverKey(touched) } == .handedKeyRefused, "byte \(position)")
            }
            let taken = try enclave.control.takeOverKey(handed)
            #expect(taken.publicKey == key.publicKey && taken.height == 1)
            // kill -9, before the host had that one.
            enclave.kill()
            let again = try started()
            _ = try join(again, seed)
            let sealed = try again.control.takeOverKey(handed).sealedKey
            _ = try again.control.openConsensusKey(sealed)
            #expect(refusal { try again.control.takeOverKey(handed) } == .alreadyOpen)
            // What was signed last is signed again, at its time, and nothing else for its place.
            #expect(try again.control.sign(vote(.precommit, 1, 1, seconds: 77)) == signed)
            #expect(refusal { try again.control.sign(vote(.precommit, 1, 2)) } == .voteConflict)
            #expect(refusal { try again.control.sign(vote(.prevote, 1, 1)) } == .voteRegression)
            _ = try again.control.sign(vote(.prevote, 2, 3))
            again.kill()
            // The old wrapping sets nothing back.
            let third = try started()
            _ = try join(third, seed)
            #expect(try third.control.takeOverKey(handed).publicKey == key.publicKey)
            _ = try third.control.openConsensusKey(sealed)
            #expect(refusal { try third.control.sign(vote(.precommit, 1, 1)) } == .voteRegression)
            #expect(refusal { try third.control.sign(vote(.prevote, 2, 4)) } == .voteConflict)
            third.kill()
        }

        @Test("a host that hurries, forges, or asks for an enclave that the chain gave nothing gets no key")
        func hurries() throws {
            let key = try world.enclave.control.makeConsensusKey()
            _ = try world.enclave.control.openConsensusKey(key.sealedKey)
            _ = try world.enclave.control.sign(vote(.prevote, 1, 1))
            let enclave = try started()
            let successor = try evidence(of: enclave).registrationKey
            // Nobody knows it.
            #expect(refused(try request(key.sealedKey, for: successor)) == .successorRefused)
            try approve(try evidence(of: enclave).measurement)
            #expect(try send(try evidence(of: enclave)).code == 0)
            // The evidence is in the state, and no header proves it.
            let early = try world.host.prove(
                StoreName.register, [RegisterStore.nodeKey(publicKey: successor), RegisterStore.policyKey],
                at: UInt64(world.chain.height))
            #expect(refused(try request(key.sealedKey, for: successor)) { $0.registration = early } == .proofInvalid)
            #expect(
                refused(try request(key.sealedKey, for: successor)) {
                    $0.storeRoots = try! world.chain.storeRoots(at: UInt64(world.chain.height))
                    $0.registration = early
                } == .storeRootsNotInHeader)
            try world.play([])
            // Proved, and the seeds are on their way.
            #expect(refused(try request(key.sealedKey, for: successor)) == .successorRefused)
            try world.play([])
            let good = try request(key.sealedKey, for: successor)
            #expect(refused(good) { $0.registration.values[0] = nil } == .proofInvalid)
            #expect(refused(good) { $0.registration.keys.swapAt(0, 1) } == .proofForOtherKeys)
            #expect(refused(good) { $0.registration.store = StoreName.bank } == .proofForOtherKeys)
            #expect(refused(good) { $0.registrationKey = [1] } == .successorRefused)
            // Nothing could be wrapped for it, once it stood in the record.
            #expect(refused(good) { $0.registrationKey = [UInt8](repeating: 0, count: 32) } == .successorRefused)
            #expect(refused(good) { $0.sealedKey = [1] } == .consensusKeyRefused)
            #expect(refused(good) { $0.registrationKey = world.opened.ioPublicKey } == .proofForOtherKeys)
            // A host that goes back to when something else was approved.
            let height = world.chain.height
            try world.play([])
            try world.play([])
            try world.restart(fromHeight: height)
            #expect(refused(try request(key.sealedKey, for: successor, at: height)) == .heightBehindJournal)
            try world.restart(fromHeight: world.chain.height)
            // An approval that ended.
            try setPolicy(RegistrationPolicy(measurements: [Hash32(world.opened.measurement)!], evidenceBlocksMax: 5))
            try world.play([])
            #expect(refused(try request(key.sealedKey, for: successor)) == .successorRefused)
            // Of all that nothing is left: it signs.
            _ = try world.enclave.control.openConsensusKey(key.sealedKey)
            _ = try world.enclave.control.sign(vote(.prevote, 10, 1))
            enclave.kill()
        }

        @Test("what was handed to one enclave opens for no other, and does not come back to one that handed it on")
        func others() throws {
            let key = try world.enclave.control.makeConsensusKey()
            _ = try world.enclave.control.openConsensusKey(key.sealedKey)
            _ = try world.enclave.control.sign(vote(.prevote, 1, 1))
            let enclave = try started()
            let (successor, seed) = try granted(enclave)
            // The same program on another machine.
            let elsewhere = world.path("elsewhere")
            try FileManager.default.createDirectory(
                atPath: elsewhere, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try FileManager.default.copyItem(
                atPath: platform + "/simulated-platform.pem", toPath: elsewhere + "/simulated-platform.pem")
            let third = try EnclaveProcess(state: elsewhere)
            let (thirdKey, thirdSeed) = try granted(third)
            let handed = try world.enclave.control.handOverKey(request(key.sealedKey, for: successor))
            #expect(refused(try request(key.sealedKey, for: thirdKey)) == .consensusKeyHandedOver)
            _ = try third.control.join(
                JoinRequest(
                    identity: world.chain.identity, seedExchangePublicKey: world.opened.seedExchangePublicKey,
                    encryptedSeed: thirdSeed, beginning: .grant, networkEvidence: world.opened.evidence))
            #expect(refusal { try third.control.takeOverKey(handed) } == .handedKeyRefused)
            #expect(refusal { try world.enclave.control.takeOverKey(handed) } == .handedKeyRefused)
            // From the second to the third.
            _ = try join(enclave, seed)
            if UInt64(world.chain.height) > (try enclave.control.health().headHeight) {
                _ = try enclave.execution.advance(try #require(world.chain.blocks[world.chain.height]).advance)
            }
            let sealed = try enclave.control.takeOverKey(handed).sealedKey
            _ = try enclave.control.openConsensusKey(sealed)
            let signed = try enclave.control.sign(vote(.precommit, 2, 1))
            let onward = try enclave.control.handOverKey(request(sealed, for: thirdKey))
            #expect(refusal { try enclave.control.sign(vote(.precommit, 2, 1)) } == .consensusKeyHandedOver)
            let taken = try third.control.takeOverKey(onward)
            _ = try third.control.openConsensusKey(taken.sealedKey)
            #expect(try third.control.sign(vote(.precommit, 2, 1, seconds: 5)) == signed)
            enclave.kill()
            let back = try started()
            _ = try join(back, seed)
            #expect(refusal { try back.control.takeOverKey(handed) } == .consensusKeyHandedOver)
            #expect(refusal { try back.control.openConsensusKey(sealed) } == .consensusKeyHandedOver)
            back.kill()
            third.kill()
        }

        /// Shows the chain the evidence of this world's own program, which is not open meanwhile.
        private func ownGranted() throws -> [UInt8] {
            world.enclave.kill()
            let unopened = try EnclaveProcess(state: platform)
            let evidence = try evidence(of: unopened)
            unopened.kill()
            try world.restart(fromHeight: world.chain.height)
            try #require(try send(evidence).code == 0)
            for _ in 0..<2 { try world.play([]) }
            return evidence.registrationKey
        }

        @Test("an operator who wants the old program again has the key back there, and no wrapping of before counts")
        func back() throws {
            let key = try world.enclave.control.makeConsensusKey()
            let own = try ownGranted()
            _ = try world.enclave.control.openConsensusKey(key.sealedKey)
            let enclave = try started()
            let (successor, seed) = try granted(enclave)
            let signed = try world.enclave.control.sign(vote(.precommit, 1, 1))
            let there = try world.enclave.control.handOverKey(request(key.sealedKey, for: successor))
            _ = try join(enclave, seed)
            if UInt64(world.chain.height) > (try enclave.control.health().headHeight) {
                _ = try enclave.execution.advance(try #require(world.chain.blocks[world.chain.height]).advance)
            }
            // The new one is no good: it has signed nothing.
            let sealed = try enclave.control.takeOverKey(there).sealedKey
            let back = try enclave.control.handOverKey(request(sealed, for: own))
            #expect(refusal { try enclave.control.takeOverKey(there) } == .consensusKeyHandedOver)
            try world.restart(fromHeight: world.chain.height)
            #expect(refusal { try world.enclave.control.takeOverKey(there) } == .handedKeyRefused)
            #expect(try world.enclave.control.takeOverKey(back).publicKey == key.publicKey)
            _ = try world.enclave.control.openConsensusKey(key.sealedKey)
            #expect(try world.enclave.control.sign(vote(.precommit, 1, 1, seconds: 5)) == signed)
            #expect(refusal { try world.enclave.control.sign(vote(.precommit, 1, 2)) } == .voteConflict)
            #expect(refusal { try enclave.control.openConsensusKey(sealed) } == .consensusKeyHandedOver)
            // And there once more: as another wrapping than the first time.
            let again = try world.enclave.control.handOverKey(request(key.sealedKey, for: successor))
            #expect(again != there)
            #expect(refusal { try enclave.control.takeOverKey(there) } == .consensusKeyHandedOver)
            _ = try enclave.control.takeOverKey(again)
            _ = try enclave.control.openConsensusKey(sealed)
            #expect(try enclave.control.sign(vote(.precommit, 1, 1, seconds: 6)) == signed)
            enclave.kill()
        }

        @Test("a key that is handed to the enclave that has it is not lost")
        func itself() throws {
            let key = try world.enclave.control.makeConsensusKey()
            let own = try ownGranted()
            _ = try world.enclave.control.openConsensusKey(key.sealedKey)
            let signed = try world.enclave.control.sign(vote(.precommit, 1, 1))
            let handed = try world.enclave.control.handOverKey(request(key.sealedKey, for: own))
            #expect(refusal { try world.enclave.control.takeOverKey(handed) } == .alreadyOpen)
            try world.restart(fromHeight: world.chain.height)
            #expect(refusal { try world.enclave.control.openConsensusKey(key.sealedKey) } == .consensusKeyHandedOver)
            for _ in 0..<2 { _ = try world.enclave.control.takeOverKey(handed) }
            _ = try world.enclave.control.openConsensusKey(key.sealedKey)
            #expect(try world.enclave.control.sign(vote(.precommit, 1, 1, seconds: 5)) == signed)
            #expect(refusal { try world.enclave.control.sign(vote(.precommit, 1, 2)) } == .voteConflict)
        }

        @Test("three programs in a row have one network, one maker of its keys, and one validator's key")
        func threeInARow() throws {
            let key = try world.enclave.control.makeConsensusKey()
            _ = try world.enclave.control.openConsensusKey(key.sealedKey)
            let signed = try world.enclave.control.sign(vote(.precommit, 1, 1))
            let second = try started()
            let (secondKey, secondSeed) = try granted(second)
            let third = try EnclaveProcess(
                state: platform, program: try Programs.nextEnclave(in: world.path("third"), generation: 1))
            let (thirdKey, thirdSeed) = try granted(third)
            let first = try world.enclave.control.handOverKey(request(key.sealedKey, for: secondKey))
            _ = try join(second, secondSeed)
            _ = try second.execution.advance(try #require(world.chain.blocks[world.chain.height]).advance)
            let sealed = try second.control.takeOverKey(first).sealedKey
            _ = try second.control.openConsensusKey(sealed)
            #expect(try second.control.sign(vote(.precommit, 1, 1, seconds: 9)) == signed)
            let onward = try second.control.handOverKey(request(sealed, for: thirdKey))
            second.kill()
            // The maker's evidence lets it in, and it says whose the keys are; the second program's does not.
            let opened = try join(third, thirdSeed)
            #expect(opened.founder == world.opened.measurement && opened.ioPublicKey == world.opened.ioPublicKey)
            _ = try third.execution.advance(try #require(world.chain.blocks[world.chain.height]).advance)
            #expect(refusal { try third.control.takeOverKey(first) } == .handedKeyRefused)
            let last = try third.control.takeOverKey(onward)
            _ = try third.control.openConsensusKey(last.sealedKey)
            #expect(last.publicKey == key.publicKey)
            #expect(try third.control.sign(vote(.precommit, 1, 1, seconds: 9)) == signed)
            #expect(refusal { try third.control.sign(vote(.precommit, 1, 2)) } == .voteConflict)
            third.kill()
        }
    }
}
