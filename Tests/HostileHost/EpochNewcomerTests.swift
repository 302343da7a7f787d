import Attestation
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import LedgerRecords
import PublicCryptography
import SecretCryptography
import SignedTransactions
import StateProofs
import StateStore
import Testing
import WalletClient
import Wire

extension HostileHostSuite {
    /// Enclaves that come to a chain whose keys have been exchanged since: by its seeds, or over blocks not run.
    @Suite struct EpochNewcomerTests {
        private static let blocks: Int64 = 6
        private let world: World

        init() throws {
            world = try World(epochs: (UInt32(Self.blocks), 2))
            world.chain.secondsAhead =
                Int64(Date().timeIntervalSince1970) - FourValidatorChain.genesisTime.seconds
        }

        private func ioKey() throws -> [UInt8] {
            let value = try world.chain.state.latestSnapshot()!.get(StoreName.register, RegisterStore.ioExchangeKey)
            let record = try #require(value)
            return try #require(RegisterStore.masterKey(decoding: record)).bytes
        }

        private func epoch() throws -> KeyEpoch {
            let value = try world.chain.state.latestSnapshot()!.get(StoreName.register, RegisterStore.epochKey)
            return try KeyEpoch(protobuf: #require(value))
        }

        private func call() throws -> [UInt8] {
            world.alice.encryption = ContractEncryption(privateKey: .random(), ioPublicKey: try ioKey())
            return world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])
        }

        /// Without what no host may have of the blocks before.
        private func beginAnew(_ host: PlayedHost, _ block: DecidedBlock) throws {
            try host.begin(block) {
                $0.previousResults = []
                $0.previousFailures = []
            }
            try host.hand()
        }

        @Test("an enclave that goes over blocks of three epochs goes on with the keys of the last")
        func advance() throws {
            try world.play([])
            try FileManager.default.copyItem(atPath: world.path("platform"), toPath: world.path("early"))
            let early = world.chain.height
            while world.chain.height < 3 * Self.blocks + 1 { try world.play([try call()]) }
            let (target, tail) = (try #require(world.chain.last), try world.chain.decide([]))
            #expect(try epoch().number == 3 && epoch().renewedUpTo != nil)
            world.records[tail.header.height] = try world.host.play(tail)
            let begun = world.host.begun
            #expect(!begun.computeWrites.isEmpty)

            world.enclave.kill()
            try FileManager.default.removeItem(atPath: world.path("platform"))
            try FileManager.default.moveItem(atPath: world.path("early"), toPath: world.path("platform"))
            try world.restart(fromHeight: early)
            let record = try world.enclave.execution.advance(target.advance)
            try world.restart(fromHeight: early, record: record)
            try beginAnew(world.host, tail)
            #expect(world.host.begun.computeWrites == begun.computeWrites)
            #expect(world.host.begun.registerWrites == begun.registerWrites)
            let key = try ioKey()
            world.alice.encryption = ContractEncryption(privateKey: .random(), ioPublicKey: key)
            let count = 41 + 3 * Self.blocks + 1 - early
            #expect(
                try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice).text
                    == "{\"count\":\(count)}")
            _ = try world.host.end()
            while try epoch().number < 5 { try world.play([try call()]) }
            #expect(world.host.outputs.map(\.code) == [0])
        }

        @Test("a machine that joins in a later epoch is given the seeds of that, and runs no block of before")
        func joining() throws {
            while world.chain.height < 2 * Self.blocks + 3 { try world.play([try call()]) }
            let folder = world.path("other")
            let keys = "/simulated-platform.pem"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try FileManager.default.copyItem(atPath: world.path("platform") + keys, toPath: folder + keys)
            var other = try EnclaveProcess(state: folder)
            let evidence = try other.control.makeEvidence(
                RegistrationRequest(
                    identity: world.chain.identity, height: UInt64(world.chain.height),
                    headerHash: try #require(world.chain.last).header.hash().bytes,
                    sender: world.alice.address.bytes, replaces: []))
            try world.play([
                world.alice.sign([
                    ComputeMessage.authenticate(
                        .init(sender: world.alice.address, certificate: evidence.certificate, replaces: "")
                    ).any
                ])
            ])
            #expect(world.host.outputs.map(\.code) == [0])
            try world.play([])
            let granted = world.chain.height
            let node = try #require(
                try world.chain.state.latestSnapshot()!.get(
                    StoreName.register, RegisterStore.nodeKey(publicKey: evidence.registrationKey)))
            let seed = try RegisteredNode(decoding: node).encryptedSeed
            #expect(seed.first == 2)

            var request = JoinRequest(
                identity: world.chain.identity, seedExchangePublicKey: world.opened.seedExchangePublicKey,
                encryptedSeed: seed, beginning: .grant, networkEvidence: world.opened.evidence,
                quotedIoPublicKey: world.opened.ioPublicKey)
            // The attack: keys that the evidence is not over, or none.
            for quoted in [[], try ioKey(), world.opened.seedExchangePublicKey] {
                var wrong = request
                wrong.quotedIoPublicKey = quoted
                #expect(refusal { try other.control.join(wrong) } == .evidenceRefused)
            }
            request.beginning = .genesis
            var opened = try other.control.join(request)
            var host = try PlayedHost(
                world.chain, lane: other.execution, machine: OpenedMachine(opened, at: folder))
            for height in [1, 2] as [Int64] {
                #expect(refusal { try host.begin(try #require(world.chain.blocks[height])) } != nil)
            }
            #expect(refusal { try host.begin(try #require(world.chain.blocks[1])) } == .epochGone)
            other.kill()

            other = try EnclaveProcess(state: folder)
            request.beginning = .grant
            opened = try other.control.join(request)
            #expect(try opened.ioPublicKey == ioKey() && Int64(opened.headHeight) == granted)
            host = try PlayedHost(world.chain, lane: other.execution, machine: OpenedMachine(opened, at: folder))
            for number in 0..<(2 * Self.blocks) {
                let block = try world.chain.decide([try call()])
                world.records[block.header.height] = try world.host.play(block)
                if number == 0 { try beginAnew(host, block) } else { try host.begin(block); try host.hand() }
                try host.run(0)
                _ = try host.end()
                #expect(host.begun.registerWrites == world.host.begun.registerWrites, "block \(block.header.height)")
                #expect(host.begun.computeWrites == world.host.begun.computeWrites, "block \(block.header.height)")
                #expect(host.outputs == world.host.outputs, "block \(block.header.height)")
            }
            #expect(try epoch().number == 4)
            other.kill()
        }
    }
}
