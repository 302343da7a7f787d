import EnclaveLink
import EnclaveProtocol
import Foundation
import LedgerRecords
import PublicCryptography
import StateProofs
import StateStore
import TestSupport
import Testing

extension HostileHostSuite {
    /// A chain whose state gives out another's keys as the network's: clients that read the record encrypt to them.
    @Suite struct ExchangeKeyTests {
        private typealias Record = (_ io: Hash32, _ node: Hash32) -> [[UInt8]: [UInt8]]

        private static let another = SHA256.hash(Array("mallory's own key".utf8))

        /// A chain at its beginning, whose genesis says of the keys what `record` makes of the enclave's.
        private final class NewChain {
            let folder: TemporaryFolder
            let enclave: EnclaveProcess
            let chain: FourValidatorChain
            let host: PlayedHost

            init(_ record: Record) throws {
                folder = TemporaryFolder("by-hand")
                chain = try FourValidatorChain(folder: folder.path("state"))
                enclave = try EnclaveProcess(state: folder.path("platform"))
                let opened = try enclave.control.bootstrap(chain.identity)
                var writes: StateDatabase.Writes = [
                    StoreName.account: [:], StoreName.bank: [[9]: [9]], StoreName.register: [:],
                ]
                let io = try #require(Hash32(opened.ioPublicKey))
                for (key, value) in record(io, try #require(Hash32(opened.seedExchangePublicKey))) {
                    writes[StoreName.register]![key] = value
                }
                try chain.begin(writes: writes)
                host = try PlayedHost(
                    chain, lane: enclave.execution, machine: OpenedMachine(opened, at: folder.path("platform")))
            }
        }

        @Test("a chain whose state gives out another key than the enclave's is not begun, whichever of the two it is")
        func falseRecords() throws {
            let (io, node) = (RegisterStore.ioExchangeKey, RegisterStore.nodeExchangeKey)
            let encode = RegisterStore.encodeMasterKey
            let records: [Record] = [
                { _, nodeKey in [io: encode(Self.another), node: encode(nodeKey)] },
                { ioKey, _ in [io: encode(ioKey), node: encode(Self.another)] },
                { ioKey, nodeKey in [io: encode(nodeKey), node: encode(ioKey)] },
                { ioKey, _ in [io: encode(ioKey)] },
                { ioKey, nodeKey in [io: ioKey.bytes, node: encode(nodeKey)] },
                { _, _ in [:] },
            ]
            for (number, record) in records.enumerated() {
                let new = try NewChain(record)
                let first = try new.chain.decide([])
                #expect(refusal { try new.host.begin(first) } == .exchangeKeysDiffer, "record \(number)")
                #expect(refusal { try new.host.begin(first) } == .stopped, "record \(number)")
                new.enclave.kill()
            }
            let honest = try NewChain { ioKey, nodeKey in [io: encode(ioKey), node: encode(nodeKey)] }
            try honest.host.play(try honest.chain.decide([]))
            honest.enclave.kill()
        }

        @Test("the enclave's own keys without proof do not begin a chain that gives out others")
        func unprovedRecord() throws {
            var own = [[UInt8]?]()
            let new = try NewChain { io, node in
                own = [RegisterStore.encodeMasterKey(io), RegisterStore.encodeMasterKey(node)]
                let another = RegisterStore.encodeMasterKey(Self.another)
                return [RegisterStore.ioExchangeKey: another, RegisterStore.nodeExchangeKey: own[1]!]
            }
            let first = try new.chain.decide([])
            new.host.tricks.readState = { _, honest in
                var lie = honest
                lie[0].values = own + [nil]
                return lie
            }
            #expect(refusal { try new.host.begin(first) } == .proofInvalid)
            new.host.tricks.readState = { _, _ in [] }
            #expect(refusal { try new.host.begin(first) } == .proofForOtherKeys)
            new.host.tricks = .init()
            #expect(refusal { try new.host.begin(first) } == .exchangeKeysDiffer)
            new.enclave.kill()
        }

        @Test("validators that change the record later end the chain for the enclave; blocks before cost no question")
        func changedLater() throws {
            let world = try World()
            let questions = world.host.questions
            let block = try world.begin([])
            #expect(world.host.questions == questions)
            _ = try world.host.lane.endBlock()
            let another = RegisterStore.encodeMasterKey(Self.another)
            try world.chain.adopt(
                block, writes: [StoreName.register: [RegisterStore.ioExchangeKey: another]], results: [])
            #expect(refusal { try world.begin([]) } == .exchangeKeysDiffer)
            #expect(
                refusal { _ = try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice) } == .stopped)
        }
    }
}
