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

@testable import Keyring

extension HostileHostSuite {
    /// Keys that are exchanged, and what a host can do about it.
    @Suite struct EpochTests {
        private static let blocks: UInt32 = 12
        private static let grace: UInt32 = 4

        private let world: World

        init() throws {
            world = try World(epochs: (Self.blocks, Self.grace))
            world.host.renewedCount = 8
        }

        private var recorded: KeyEpoch {
            get throws {
                let value = try world.host.state.get(StoreName.register, RegisterStore.epochKey)
                return try KeyEpoch(protobuf: #require(value))
            }
        }

        /// As the state of the last block has it.
        private func record(at height: Int64) throws -> KeyEpoch {
            let value = try world.chain.state.snapshot(at: UInt64(height)).get(
                StoreName.register, RegisterStore.epochKey)
            return try KeyEpoch(protobuf: #require(value))
        }

        private func ioKey(at height: Int64) throws -> [UInt8] {
            let value = try world.chain.state.snapshot(at: UInt64(height)).get(
                StoreName.register, RegisterStore.ioExchangeKey)
            let record = try #require(value)
            return try #require(RegisterStore.masterKey(decoding: record)).bytes
        }

        private func renewEncryption(of user: User) throws {
            user.encryption = ContractEncryption(
                privateKey: .random(), ioPublicKey: try ioKey(at: world.chain.height))
        }

        @discardableResult
        private func count(_ isBound: Bool = true) throws -> PlayedResult {
            let message = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}", isBound: isBound)
            try world.play([world.alice.sign([message])])
            return try #require(world.host.outputs.last)
        }

        private func play(to height: Int64) throws {
            while world.chain.height < height { try world.play([]) }
        }

        private func seeds(_ record: [UInt8]) throws -> NetworkSeeds {
            try OpenedMachine.seeds(
                in: record, of: world.opened.measurement, at: world.path("platform"))
        }

        // MARK: - What happens

        @Test("contracts go on over five epochs, kill -9 between, with clients whose key is a block or a grace old")
        func goesOn() throws {
            var counted = 41
            var keys = [world.opened.ioPublicKey]
            for number in 1...5 {
                let begins = 1 + Int64(number) * Int64(Self.blocks)
                // The block before the one in which the epoch begins, and that one, with the old key.
                try play(to: begins - 2)
                try renewEncryption(of: world.alice)
                for _ in 0..<2 {
                    let result = try count()
                    #expect(result.code == 0)
                    counted += 1
                }
                #expect(
                    try record(at: world.chain.height)
                        == KeyEpoch(number: UInt16(number), height: begins, renewedUpTo: .zero))
                #expect(world.host.begun.ioPublicKey == (try ioKey(at: begins)) && !world.host.begun.evidence.isEmpty)
                keys.append(try ioKey(at: begins))
                // The last block of the grace takes the old key, ours and another's; the next one does not.
                while world.chain.height < begins + Int64(Self.grace) - 1 {
                    #expect(try count(world.chain.height % 2 == 0).code == 0)
                    counted += 1
                    try world.restart(fromHeight: world.chain.height)
                    #expect(world.host.begun.ioPublicKey.isEmpty || world.chain.height == begins)
                }
                let late = try count()
                #expect(late.code != 0 && late.log.contains("failed to decrypt data"))
                try world.play([])
                try renewEncryption(of: world.alice)
                let (answer, text) = try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.alice)
                #expect(text == "{\"count\":\(counted)}", "\(answer.error)")
            }
            #expect(Set(keys).count == 6)
            // Nobody has touched Mallory's for all that time.
            try renewEncryption(of: world.mallory)
            let (_, text) = try world.query(world.malloryCounter, "{\"get_count\":{}}", by: world.mallory)
            #expect(text == "{\"count\":7}")
        }

        @Test("each block run anew after kill -9 does the same to the keys")
        func again() throws {
            for height in 2...(1 + 2 * Int64(Self.blocks)) {
                try world.play([])
                let begun = world.host.begun
                try world.restart(fromHeight: height - 1)
                let block = try #require(world.chain.blocks[height])
                world.records[height] = try world.host.play(block)
                #expect(world.host.begun.registerWrites == begun.registerWrites, "block \(height)")
                #expect(world.host.begun.computeWrites == begun.computeWrites, "block \(height)")
                #expect(world.host.begun.ioPublicKey == begun.ioPublicKey, "block \(height)")
            }
        }

        @Test("a message belongs to who sent it first, also when its key is the one of the epoch before")
        func ownership() throws {
            let begins = 1 + Int64(Self.blocks)
            try play(to: begins - 1)
            let sealed = try world.alice.seal("{\"increment\":{}}", for: world.aliceCounter, isBound: false)
            try world.play([world.alice.sign([world.alice.execute(world.aliceCounter, sealed: sealed)])])
            #expect(world.host.outputs.map(\.code) == [0])
            // The attack: a copy in the next epoch, which has another key first.
            try world.play([world.mallory.sign([world.mallory.execute(world.malloryCounter, sealed: sealed)])])
            #expect(world.host.outputs.map(\.code) != [0])
            let own = try world.mallory.seal("{\"increment\":{}}", for: world.malloryCounter, isBound: false)
            try world.play([world.alice.sign([world.alice.execute(world.aliceCounter, sealed: own)])])
            try world.play([world.mallory.sign([world.mallory.execute(world.malloryCounter, sealed: own)])])
            #expect(world.host.outputs.map(\.code) != [0])
        }

        // MARK: - What a host tries

        @Test("a host that keeps values back, shows others or an old state begins no block, and an honest one does")
        func withheld() throws {
            try play(to: 1 + Int64(Self.blocks) + 1)
            let recorded = try recorded
            let start = try #require(recorded.renewedUpTo)
            let block = try world.chain.decide([])
            let honest = try #require(try world.host.renewed(before: block.height))
            #expect(honest.keys.count == 9)
            func refused(_ shown: StateProof?) throws -> Failure? {
                refusal { try world.host.begin(block) { $0.renewed = shown } }
            }
            func proof(_ keys: [[UInt8]], at height: UInt64? = nil) throws -> StateProof {
                try world.host.prove(StoreName.compute, keys, at: height ?? block.height - 1)
            }
            let keys = honest.keys
            #expect(try refused(nil) == .proofForOtherKeys)
            // One left out, in the middle, at the beginning, and all but what is behind.
            for left in 1..<(keys.count - 1) {
                #expect(try refused(try proof(Array(keys[..<left] + keys[(left + 1)...]))) == .proofInvalid, "\(left)")
            }
            #expect(try refused(try proof(Array(keys.dropFirst()))) == .proofForOtherKeys)
            let later = try #require(
                try world.host.renewed(before: block.height, after: SparseMerkleTree.path(of: keys[3])))
            #expect(SparseMerkleTree.path(of: later.keys[0]) > start)
            #expect(try refused(later) == .proofForOtherKeys)
            // Nothing that is new, and less than nothing.
            #expect(try refused(try proof([keys[0]])) == .proofForOtherKeys)
            let nothing = StateProof(store: StoreName.compute, keys: [], values: [], proof: [])
            #expect(try refused(nothing) == .proofInvalid)
            // Another store, an older state, and a value that is none of it.
            var other = honest
            other.store = StoreName.register
            #expect(try refused(other) == .proofForOtherKeys)
            var lie = honest
            lie.values[2]?.append(1)
            #expect(try refused(lie) == .proofInvalid)
            lie = honest
            lie.values[2] = nil
            #expect(try refused(lie) == .proofInvalid)
            // Whether a block wrote to the store, the order of paths decides, other each time; genesis did not.
            let proofs = try (0..<block.height).reversed().map { try proof(keys, at: $0) }
            let older: StateProof = try #require(proofs.first { $0 != honest })
            #expect(try refused(older) == .proofInvalid)
            try world.host.begin(block)
            try world.host.hand()
            _ = try world.host.end()
            #expect(try self.recorded.renewedUpTo != start)
        }

        @Test("values are shown for nothing where none is left")
        func unasked() throws {
            let shown = try world.host.prove(
                StoreName.compute, [ComputeStore.lastCodeIDKey], at: UInt64(world.chain.height))
            let block = try world.chain.decide([])
            #expect(refusal { try world.host.begin(block) { $0.renewed = shown } } == .proofForOtherKeys)
        }

        @Test("validators that write the record of another epoch, or another progress, end the chain for the enclave")
        func forged() throws {
            let begins = 1 + Int64(Self.blocks)
            let forgeries: [(String, (KeyEpoch) -> KeyEpoch?)] = [
                ("an older epoch", { KeyEpoch(number: $0.number - 1, height: 1) }),
                ("a later epoch", { KeyEpoch(number: $0.number + 1, height: $0.height, renewedUpTo: .zero) }),
                ("hurried", { KeyEpoch(number: $0.number, height: $0.height - 5, renewedUpTo: $0.renewedUpTo) }),
                ("done", { KeyEpoch(number: $0.number, height: $0.height) }),
                (
                    "further",
                    {
                        KeyEpoch(
                            number: $0.number, height: $0.height,
                            renewedUpTo: Hash32([UInt8](repeating: 0xff, count: 32)))
                    }
                ),
                ("none", { _ in nil }),
            ]
            for (what, forge) in forgeries {
                let world = try World(epochs: (Self.blocks, Self.grace))
                world.host.renewedCount = 5
                while world.chain.height < begins { try world.play([]) }
                let block = try world.begin([])
                _ = try world.host.lane.endBlock()
                let state = world.host.state
                let record = try KeyEpoch(
                    protobuf: try #require(try state.get(StoreName.register, RegisterStore.epochKey)))
                var writes = state.writes
                writes[StoreName.register, default: [:]][RegisterStore.epochKey] = .some(forge(record)?.protobuf)
                try world.chain.adopt(block, writes: writes, results: [])
                #expect(refusal { try world.begin([]) } == .exchangeKeysDiffer, "\(what)")
                #expect(refusal { try world.begin([]) } == .stopped, "\(what)")
            }
        }

        // MARK: - What is gone

        @Test("who is given all that an enclave has, and all that ever lay on a disk, reads nothing of before")
        func decrypts() throws {
            var dumps: [Int64: [UInt8]] = [:]
            for number in 1...3 {
                #expect(try count().code == 0)
                dumps[world.chain.height] = world.records[world.chain.height]
                // Where all values are under its key, and the grace is over.
                try play(to: 1 + Int64(number) * Int64(Self.blocks) + 9)
                try renewEncryption(of: world.alice)
                #expect(try recorded.renewedUpTo == nil && recorded.number == UInt16(number))
            }
            try count()
            try world.play([])
            dumps[world.chain.height] = world.records[world.chain.height]
            let history = try Captured(world)
            #expect(
                Set(history.values.map(\.epoch)) == [2, 3, 4, 5] && Set(history.inputs.map(\.epoch)) == [0, 1, 2, 3])
            for (height, dump) in dumps.sorted(by: { $0.key < $1.key }) {
                let seeds = try seeds(dump)
                let (present, isWithEarlier) = (seeds.epoch, seeds.isWithEarlier)
                let epoch = try #require(present)
                let sealedFor = try SealedRecord.Header(of: dump).oldestEpoch
                #expect(sealedFor == epoch && !isWithEarlier, "height \(height)")
                let read = history.read(with: seeds)
                // Its own epoch and those to come: whoever has a seed has all later ones.
                let epochs = Set(epoch...3)
                #expect(Set(read.values.map { $0.epoch - 2 }) == epochs, "height \(height)")
                #expect(read.values.count == history.values.count { epochs.contains($0.epoch - 2) })
                #expect(read.inputs.count == history.inputs.count { epochs.contains($0.epoch) })
            }
        }
    }
}

/// All that ever was on a disk of the chain and is encrypted under a key that is exchanged.
private struct Captured {
    struct Value {
        var epoch: UInt16
        var stored: [UInt8]
        var place: (address: AccountAddress, name: Hash32)
        var contractKey: [UInt8]
    }

    struct Input {
        var epoch: UInt16
        var message: EncryptedMessage
        var sender: AccountAddress
        var contract: AccountAddress
    }

    private(set) var values: [Value] = []
    private(set) var inputs: [Input] = []

    init(_ world: World) throws {
        var seen = Set<[UInt8]>()
        for height in 1...world.chain.height {
            let snapshot = try world.chain.state.snapshot(at: UInt64(height))
            for entry in try snapshot.iterate(StoreName.compute, prefix: [0x03]) where seen.insert(entry.value).inserted
            {
                guard let place = ComputeStore.place(ofStateKey: entry.key),
                    let key = try snapshot.get(StoreName.compute, ComputeStore.identityKey(place.address))
                else { continue }
                values.append(
                    Value(
                        epoch: UInt16(entry.value[1]) << 8 | UInt16(entry.value[2]), stored: entry.value, place: place,
                        contractKey: try ContractKey(decoding: key).original))
            }
            guard let block = world.chain.blocks[height], height > 1 else { continue }
            let record = try snapshot.get(StoreName.register, RegisterStore.epochKey)
            for bytes in block.transactions {
                let message = try Transaction(decoding: bytes).body.messages[0]
                guard case .execute(let execute)? = try ComputeMessage.decode(message),
                    let input = EncryptedMessage(wire: message.sealedInput)
                else { continue }
                inputs.append(
                    Input(
                        epoch: try KeyEpoch(protobuf: record ?? []).number, message: input, sender: execute.sender,
                        contract: execute.contract))
            }
        }
    }

    /// What opens with any key that can be made of these seeds: each of them, and those that come of an epoch's.
    ///
    /// Made of the primitives alone, so that no check of the product's own stands between a key and what it opens.
    func read(with seeds: borrowing NetworkSeeds) -> (values: [Value], inputs: [Input]) {
        var all = [Self.bytes(seeds.genesis), Self.bytes(seeds.current)]
        if let epoch = seeds.epoch {
            all += [Self.bytes(seeds.earlier), Self.bytes(seeds.present)]
            for number in (epoch + 1)...(epoch + 5) {
                let label = Array("cloister/epoch".utf8) + [UInt8(number >> 8), UInt8(number & 0xff)]
                let last = SecretKey(copying: all[all.count - 1])!
                all.append(Self.bytes(HKDF.derive(last, salt: KeyDerivation.salt, info: label)))
            }
        }
        let keys = all.flatMap { seed in
            [seed] + (1...8).map { Self.bytes(KeyDerivation.seedKey(SecretKey(copying: seed)!, order: $0)) }
        }
        return (
            values.filter { value in keys.contains { Self.opens(value, $0) } },
            inputs.filter { input in keys.contains { Self.opens(input, $0) } }
        )
    }

    private static func opens(_ value: Value, _ key: [UInt8]) -> Bool {
        let material = KeyDerivation.derive(SecretKey(copying: key)!, value.contractKey)
        var cipher = AESSIV(key: KeyDerivation.expand(material, info: Array("cloister/state/value".utf8)))
        let associated = [Array(value.stored[..<15]), value.place.address.bytes, value.place.name.bytes]
        return cipher.open(value.stored[15...], associatedData: associated) != nil
    }

    private static func opens(_ input: Input, _ key: [UInt8]) -> Bool {
        guard
            var cipher = TransactionKey(
                privateKey: SecretKey(copying: key)!, publicKey: input.message.publicKey, nonce: input.message.nonce)
        else { return false }
        let bound = cipher.open(
            input.message.sealed, binding: .owner(sender: input.sender.bytes, target: input.contract.bytes))
        return bound != nil || cipher.open(input.message.sealed) != nil
    }

    private static func bytes(_ key: borrowing SecretKey) -> [UInt8] { key.withUnsafeBytes { Array($0) } }
}
