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
import Wire

extension HostileHostSuite {
    /// A chain whose record says what evidence must be, with hosts that would like it to say something else, and
    /// collateral that comes with the registration or stands in the state already.
    @Suite struct EvidencePolicyTests {
        let world: World

        init() throws {
            world = try World()
            world.chain.secondsAhead =
                Int64(Date().timeIntervalSince1970) - FourValidatorChain.genesisTime.seconds
        }

        /// A machine of the same maker: its quotes end in the root that the chain knows.
        private func machine(_ name: String) throws -> EnclaveProcess {
            let folder = world.path(name)
            let keys = "/simulated-platform.pem"
            if !FileManager.default.fileExists(atPath: folder + keys) {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try FileManager.default.copyItem(atPath: world.path("platform") + keys, toPath: folder + keys)
            }
            return try EnclaveProcess(state: folder)
        }

        /// As the launcher of that machine publishes it.
        private func collateral(_ name: String) throws -> Collateral {
            let path = URL(fileURLWithPath: world.path(name) + "/simulated-collateral.pb")
            return try Collateral(protobuf: [UInt8](Data(contentsOf: path)))
        }

        private func certificate(_ enclave: EnclaveProcess, _ collateral: Collateral? = nil) throws
            -> RegistrationCertificate
        {
            let height = world.chain.height
            let evidence = try enclave.control.makeEvidence(
                RegistrationRequest(
                    identity: world.chain.identity, height: UInt64(height),
                    headerHash: try #require(world.chain.headers[height]).hash().bytes,
                    sender: world.alice.address.bytes))
            var certificate = try RegistrationCertificate(protobuf: evidence.certificate)
            certificate.collateral = collateral
            return certificate
        }

        private func message(_ certificate: RegistrationCertificate) -> AnyMessage {
            ComputeMessage.authenticate(
                .init(sender: world.alice.address, certificate: certificate.protobuf, replaces: "")
            ).any
        }

        private func send(_ certificate: RegistrationCertificate) throws -> PlayedResult {
            try world.play([world.alice.sign([message(certificate)], gas: 2_000_000)])
            return world.host.outputs[0]
        }

        private func record(_ key: [UInt8]) throws -> [UInt8]? {
            try world.chain.state.latestSnapshot()?.get(StoreName.register, key)
        }

        private func node(_ certificate: RegistrationCertificate) throws -> RegisteredNode? {
            try record(RegisterStore.nodeKey(publicKey: certificate.registrationKey.bytes))
                .map { try RegisteredNode(decoding: $0) }
        }

        /// What the operators of all validators agreed on.
        private func ask(_ change: (inout QuotePolicy) -> Void) throws {
            var asked = QuotePolicy()
            change(&asked)
            let policy = RegistrationPolicy(
                measurements: [try #require(Hash32(world.opened.measurement))], evidenceBlocksMax: 5,
                evidence: EvidencePolicy(asked))
            try world.begin([])
            world.host.state.set(StoreName.register, RegisterStore.policyKey, policy.protobuf)
            world.records[world.chain.height + 1] = try world.host.end()
        }

        @Test("what the chain's record asks of evidence is asked of every enclave, and the refusal names the rule")
        func rules() throws {
            let other = try machine("other")
            let cases: [(Refusal, (inout QuotePolicy) -> Void)] = [
                (.rootKindNotAllowed, { $0.rootKinds = [.hardware] }), (.kindNotAllowed, { $0.kinds = [.tdx] }),
                (.signerNotApproved, { $0.signers = [SHA256.hash([1])] }), (.wrongProduct, { $0.productID = 9 }),
                (.securityVersionTooLow, { $0.securityVersionMin = 9 }),
                (.platformNotListed, { $0.families = [[1, 2, 3, 4, 5, 6]] }),
                (.platformRefused, { $0.refusedFamilies = [[0x53, 0x49, 0x4d, 0, 0, 1]] }),
                (.collateralMissing, { $0.kindsWithoutCollateral = [] }),
            ]
            for (refusal, change) in cases {
                try ask(change)
                let result = try send(try certificate(other))
                #expect(result.code == 9, "\(refusal): \(result.log)")
                #expect(result.log.contains("\(refusal)"), "\(refusal): \(result.log)")
                #expect(result.sealed.registerWrites.isEmpty)
            }
            try ask { _ in }
            #expect(try send(try certificate(other)).code == 0)
            other.kill()
        }

        @Test("a host that shows another policy than the chain's, or the one of before, is contradicted by the header")
        func forgedPolicy() throws {
            let other = try machine("other")
            let before = try #require(try record(RegisterStore.policyKey))
            let height = UInt64(world.chain.height)
            try ask { $0.rootKinds = [.hardware] }
            let lenient = RegistrationPolicy(
                measurements: [try #require(Hash32(world.opened.measurement))], evidenceBlocksMax: 5,
                evidence: EvidencePolicy(QuotePolicy()))
            /// Says that the record is this; the proof is what an honest host has for it, or that of an older state.
            func show(_ record: [UInt8]?, provedAt version: UInt64? = nil) {
                world.host.tricks.readState = { [host = world.host] read, honest in
                    try honest.map { proof in
                        guard let index = proof.keys.firstIndex(of: RegisterStore.policyKey) else { return proof }
                        if let version { return try host.prove(proof.store, proof.keys, at: version) }
                        var proof = proof
                        proof.values[index] = record
                        return proof
                    }
                }
            }
            let tricks: [() -> Void] = [
                { show(lenient.protobuf) }, { show(before) }, { show(nil) }, { show(before, provedAt: height) },
            ]
            for (number, trick) in tricks.enumerated() {
                let block = try world.begin([world.alice.sign([message(try certificate(other))])])
                trick()
                #expect(refusal { try world.host.run(0) } == .proofInvalid, "\(number)")
                // The block is begun again, with what was vouched for.
                let journal = world.host.journal
                try world.restart(fromHeight: world.chain.height)
                world.records[block.header.height] = try world.host.play(block, journal: journal)
                #expect(world.host.outputs.map(\.code) == [9])
                #expect(world.host.outputs[0].log.contains("rootKindNotAllowed"))
            }
            other.kill()
        }

        @Test("collateral comes with a registration, stands in the state then, and serves the machines that come after")
        func collateral() throws {
            try ask { $0.kindsWithoutCollateral = [] }
            let (other, third) = (try machine("other"), try machine("third"))
            #expect(try send(try certificate(other)).log.contains("collateralMissing"))
            // Of another maker, whose root the chain does not know.
            let stranger = try EnclaveProcess(state: world.path("stranger"))
            #expect(try send(try certificate(other, try collateral("stranger"))).code == 9)
            stranger.kill()
            var touched = try collateral("other")
            touched.levels.text[20] ^= 1
            #expect(try send(try certificate(other, touched)).log.contains("wrongCollateralSignature"))

            let good = try certificate(other, try collateral("other"))
            let place = RegisterStore.collateralKey(machines: try #require(good.machines))
            #expect(try record(place) == nil)
            let taken = try send(good)
            #expect(taken.code == 0, "\(taken.log)")
            try world.play([])
            let kept = try RecordedCollateral(protobuf: try #require(try record(place)))
            #expect(kept.collateral == good.collateral)
            // The node is kept without it, and is given the seeds by what stands in the state.
            let node = try #require(try node(good))
            #expect(node.certificate == good.withoutCollateral.protobuf)
            try world.play([])
            #expect(try self.node(good)?.encryptedSeed.isEmpty == false)

            // Who comes later brings none; a host that hides what there is, or shows other, is contradicted.
            for shown in [nil, RecordedCollateral(issued: kept.issued, collateral: touched).protobuf] as [[UInt8]?] {
                let later = try certificate(third)
                let block = try world.begin([world.alice.sign([message(later)], gas: 2_000_000)])
                world.host.tricks.readState = { read, honest in
                    honest.map { proof in
                        var proof = proof
                        for (index, key) in proof.keys.enumerated() where key == place { proof.values[index] = shown }
                        return proof
                    }
                }
                #expect(refusal { try world.host.run(0) } == .proofInvalid)
                let journal = world.host.journal
                try world.restart(fromHeight: world.chain.height)
                world.records[block.header.height] = try world.host.play(block, journal: journal)
                #expect(world.host.outputs.map(\.code) == [0])
                try world.play([])
                #expect(try self.node(later)?.encryptedSeed.isEmpty == false)
            }
            #expect(try record(place) == kept.protobuf)
            // By block time it has run out some day, and then nobody comes by it any more.
            world.chain.secondsAhead += 40 * 86_400
            try world.play([])
            let late = try send(try certificate(other))
            #expect(late.log.contains("OutsideValidity"), "\(late.log)")
            other.kill()
            third.kill()
        }

        @Test("a validator's key goes to an enclave whose collateral the state proves, and not without that proof")
        func handOver() throws {
            let key = try world.enclave.control.makeConsensusKey()
            _ = try world.enclave.control.openConsensusKey(key.sealedKey)
            var vote = VoteToSign(kind: .prevote, height: 1, seconds: 1)
            vote.blockHash = [UInt8](repeating: 1, count: 32)
            (vote.partsTotal, vote.partsHash) = (1, vote.blockHash)
            _ = try world.enclave.control.sign(vote)
            try ask { $0.kindsWithoutCollateral = [] }
            let other = try machine("other")
            let good = try certificate(other, try collateral("other"))
            #expect(try send(good).code == 0)
            for _ in 0..<3 { try world.play([]) }
            let place = RegisterStore.collateralKey(machines: try #require(good.machines))
            let height = UInt64(world.chain.height - 1)
            func request(_ more: [[UInt8]]) throws -> KeyHandOver {
                let keys = [RegisterStore.nodeKey(publicKey: good.registrationKey.bytes), RegisterStore.policyKey]
                return KeyHandOver(
                    sealedKey: key.sealedKey, registrationKey: good.registrationKey.bytes,
                    storeRoots: try world.chain.storeRoots(at: height),
                    registration: try world.host.prove(StoreName.register, keys + more, at: height))
            }
            let control = world.enclave.control
            #expect(refusal { try control.handOverKey(request([])) } == .successorRefused)
            #expect(refusal { try control.handOverKey(request([RegisterStore.releaseHeadKey])) } == .successorRefused)
            var touched = try request([place])
            touched.registration.values[2] = nil
            #expect(refusal { try control.handOverKey(touched) } == .proofInvalid)
            #expect(try !control.handOverKey(request([place])).isEmpty)
            other.kill()
        }
    }
}
