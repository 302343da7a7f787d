import LedgerRecords
import PublicCryptography
import SecretCryptography
import SecretKit
import TestSupport
import Testing

@testable import Keyring

@Suite("Keyring: seeds of epochs")
struct EpochSeedsTests {
    private let measurement = SHA256.hash(Array("measurement".utf8))

    /// Of the first epoch, with the current seed of the known answers.
    private func first() -> NetworkSeeds { rotatingSeeds() }

    private func keys(_ epoch: UInt16, withEarlier: Bool, opensEarlierInputs: Bool = true) throws -> NetworkKeys {
        NetworkKeys(try seeds(epoch, withEarlier: withEarlier), opensEarlierInputs: opensEarlierInputs)
    }

    private func seeds(_ epoch: UInt16, withEarlier: Bool) throws -> NetworkSeeds {
        guard let seeds = first().advanced(to: epoch, withEarlier: withEarlier) else { throw Missing() }
        return seeds
    }

    private struct Missing: Error {}

    @Test("each epoch's seed and io key are those of an independent implementation")
    func knownAnswers() throws {
        let expected = [
            (
                "0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c",
                "ba56af171c4c231ae47b28e97c4fb195840af2dd8938b2770cd2247af6e08c2c"
            ),
            (
                "3e42d0d94fa3756b852c4408529cdbb83c93603d242ff5c54702c986197a3808",
                "db3c38b059b3302d4c3add80b5de9d320a390b5e6211a9224574ffe400a6a77a"
            ),
            (
                "0801431bc7d6a7e12859d37c055b373ae3e9ceb523ba97b95b300f1c786e5d35",
                "b852e092607d52e3974cf8b93b222e52cfff80c6df2f93fb67831ea145ec5106"
            ),
            (
                "1b2e952061cb199b3fdcd5960fd88523e62b1020b24a59d8c805ca577347bd1a",
                "1855abc3aaccd8bc764f9edcff6151a262a6cc0ce559078ed77e0da17c5ae14c"
            ),
        ]
        for (epoch, (seed, publicKey)) in expected.enumerated() {
            let seeds = try seeds(UInt16(epoch), withEarlier: epoch > 0)
            let texts = presentAndEarlier(seeds)
            #expect(texts.present == seed)
            #expect(texts.earlier == (epoch > 0 ? expected[epoch - 1].0 : nil))
            let keys = NetworkKeys(seeds)
            #expect(Hexadecimal.encode(keys.ioPublicKey) == publicKey)
            // What stays: all that is not encrypted with.
            #expect(keys.seedExchangePublicKey == knownKeys().seedExchangePublicKey)
            let lasting = [
                keys.genesisStateMaterial.isEqual(to: knownKeys().genesisStateMaterial),
                keys.currentStateMaterial.isEqual(to: knownKeys().currentStateMaterial),
                keys.adminProofSecret.isEqual(to: knownKeys().adminProofSecret),
                keys.contractKeyProofSecret.isEqual(to: knownKeys().contractKeyProofSecret),
                keys.outputMaterial.isEqual(to: knownKeys().outputMaterial),
            ]
            #expect(!lasting.contains(false))
            let random = keys.randomMaterial.isEqual(to: knownKeys().randomMaterial)
            #expect(!random)
        }
        let bootstrapped = NetworkSeeds(
            entropy: key(repeating: 0x21), key(repeating: 0x22), key(repeating: 0x23), identity: Array("identity".utf8))
        let made = presentAndEarlier(bootstrapped)
        #expect(made.present == "761cd9d9fc56ef22a7aa0df4d6d36b92341f68b55478356e470a2e4dcf65e86b")
        #expect(made.earlier == nil)
    }

    @Test("many steps at once are as many one by one, and none leads back")
    func steps() throws {
        var one = first()
        for epoch in UInt16(1)...9 {
            guard let next = one.advanced(to: epoch, withEarlier: true) else { throw Missing() }
            one = next
        }
        let (stepped, jumped) = (presentAndEarlier(one), presentAndEarlier(try seeds(9, withEarlier: true)))
        #expect(stepped.present == jumped.present && stepped.earlier == jumped.earlier)
        let isPast = one.advanced(to: 8, withEarlier: false) == nil
        #expect(isPast)
        // The attack: whoever asks for the seed of the epoch before once it was destroyed.
        guard let alone = one.advanced(to: 9, withEarlier: false) else { throw Missing() }
        #expect(presentAndEarlier(alone).present == stepped.present && presentAndEarlier(alone).earlier == nil)
        #expect(one.oldestEpoch == 8 && alone.oldestEpoch == 9 && alone.epoch == 9)
        let isGone = alone.advanced(to: 9, withEarlier: true) == nil
        let isFirst = first().advanced(to: 0, withEarlier: true) == nil
        let isNone = knownSeeds().advanced(to: 1, withEarlier: false) == nil
        let isBeyond = one.advanced(to: NetworkSeeds.epochMax + 1, withEarlier: true) == nil
        #expect(isGone && isFirst && isNone && isBeyond)
        let last = try seeds(NetworkSeeds.epochMax, withEarlier: true)
        #expect(NetworkKeys(last).epoch == .max)
    }

    @Test("a value is read in its epoch and the next, and renewed for those after that")
    func values() throws {
        let name = Array("count".utf8)
        func sealed(_ epoch: UInt16) throws -> [UInt8] {
            var state = try keys(epoch, withEarlier: false).stateKeys(contractKey: knownContractKey)
            return state.seal(name: name, value: [UInt8(epoch)], contract: contract, height: 100, transactionIndex: 7)
        }
        let stored = try (UInt16(0)...3).map(sealed)
        var other = knownKeys().stateKeys(contractKey: knownContractKey)
        let isOther = other.open(stored[0], name: name, contract: contract) == nil
        #expect(isOther)
        for epoch in UInt16(0)...3 {
            for withEarlier in [false, true] where epoch > 0 || !withEarlier {
                let keys = try keys(epoch, withEarlier: withEarlier)
                var state = keys.stateKeys(contractKey: knownContractKey)
                let hashed = state.hashedName(name)
                #expect(hashed == other.hashedName(name), "a value keeps its place")
                for (writer, value) in stored.enumerated() {
                    let isReadable = writer == Int(epoch) || withEarlier && writer + 1 == Int(epoch)
                    let opened = state.open(value, name: name, contract: contract)
                    #expect(opened == (isReadable ? [UInt8(writer)] : nil), "of \(writer) in \(epoch)")
                    #expect(try #require(StoredValue.Header(of: value)).epoch == UInt16(writer) + 2)
                    let renewed = state.renewed(value, hashedAs: hashed, contract: contract)
                    #expect((renewed != nil) == (isReadable && writer != Int(epoch)))
                    guard let renewed else { continue }
                    let again = state.renewed(renewed, hashedAs: hashed, contract: contract)
                    #expect(again == nil && renewed.count == value.count)
                    #expect(Array(renewed[..<15]) == [1, 0, UInt8(epoch) + 2] + value[3..<15])
                    let misplaced = state.renewed(value, hashedAs: hashed, contract: sender)
                    #expect(misplaced == nil)
                    var next = try self.keys(epoch + 1, withEarlier: true).stateKeys(contractKey: knownContractKey)
                    let (old, new) = (
                        next.open(value, name: name, contract: contract),
                        next.open(renewed, name: name, contract: contract)
                    )
                    #expect(old == nil && new == [UInt8(writer)])
                }
            }
        }
    }

    @Test("a message to an io key opens in its epoch, and in the next as long as that is wanted")
    func messages() throws {
        let nonce = pattern(32, 4)
        let publicKey = X25519.publicKey(of: key(repeating: 1))
        let target = try keys(1, withEarlier: false).ioPublicKey
        var client = TransactionKey(privateKey: key(repeating: 1), publicKey: target, nonce: nonce)!
        let sealed = client.seal([1, 2, 3])
        func opened(_ keys: borrowing NetworkKeys) -> [[UInt8]?] {
            let present = keys.transactionKey(publicKey: publicKey, nonce: nonce).flatMapOpen(sealed)
            return [
                present, keys.transactionKey(publicKey: publicKey, nonce: nonce, isEarlier: true).flatMapOpen(sealed),
            ]
        }
        #expect(opened(try keys(0, withEarlier: false)) == [nil, nil])
        #expect(opened(try keys(1, withEarlier: true)) == [[1, 2, 3], nil])
        #expect(opened(try keys(2, withEarlier: true)) == [nil, [1, 2, 3]])
        #expect(opened(try keys(2, withEarlier: true, opensEarlierInputs: false)) == [nil, nil])
        #expect(opened(try keys(2, withEarlier: false)) == [nil, nil])
        #expect(opened(try keys(3, withEarlier: true)) == [nil, nil])
    }

    @Test("a record carries the seeds that are there and no others, and says which key it is sealed with")
    func record() throws {
        func header(_ oldest: UInt16?) -> SealedRecord.Header {
            SealedRecord.Header(owner: 1, securityVersion: 2, measurement: measurement, oldestEpoch: oldest)
        }
        for (epoch, withEarlier) in [(UInt16(0), false), (1, true), (1, false), (258, true)] {
            let seeds = try seeds(epoch, withEarlier: withEarlier)
            let oldest = epoch - (withEarlier ? 1 : 0)
            func seal(_ header: SealedRecord.Header) throws -> [UInt8] {
                SealedRecord.seal(
                    try self.seeds(epoch, withEarlier: withEarlier), identity: [1], head: [2], results: [3],
                    epoch: [4], sealingKey: key(repeating: 6), header: header)
            }
            let sealed = try seal(header(oldest))
            #expect(try SealedRecord.Header(of: sealed) == header(oldest))
            let opened = try SealedRecord.open(sealed, sealingKey: key(repeating: 6))
            #expect(opened.identity == [1] && opened.results == [3] && opened.granted == [] && opened.epoch == [4])
            #expect(opened.seeds.epoch == epoch && opened.seeds.isWithEarlier == withEarlier)
            let (before, after) = (presentAndEarlier(seeds), presentAndEarlier(opened.seeds))
            #expect(before.present == after.present && before.earlier == after.earlier)
            // The attack: the host has an old record opened with the key of another epoch.
            for index in [17, 18, 53, 54, 60] {
                var wrong = sealed
                wrong[index] ^= 1
                let isOpen = (try? SealedRecord.open(wrong, sealingKey: key(repeating: 6))) != nil
                #expect(!isOpen, "byte \(index)")
            }
            for other in [oldest + 1, nil] {
                let isOpen = (try? SealedRecord.open(try seal(header(other)), sealingKey: key(repeating: 6))) != nil
                #expect(!isOpen, "under the header of another epoch")
            }
        }
    }

    @Test("authentic seeds of another form than these are refused")
    func malformed() {
        let seeds = pattern(4 * 32, 1)
        func isSeeds(_ bytes: [UInt8]) -> Bool {
            NetworkSeeds(GuardedBytes(copying: bytes), at: 1, count: Int(bytes[0])) != nil
        }
        #expect(isSeeds([2] + seeds[..<64]) && isSeeds([3] + seeds[..<96] + [0, 0]) && isSeeds([4] + seeds + [0, 1]))
        #expect(!isSeeds([3] + seeds[..<96] + [0]) && !isSeeds([4] + seeds + [1]) && !isSeeds([4] + seeds[..<97]))
        #expect(!isSeeds([4] + seeds + [0, 0]), "the first epoch has none before it")
        #expect(!isSeeds([4] + seeds + [0xff, 0xfe]) && isSeeds([4] + seeds + [0xff, 0xfd]))
        #expect(!isSeeds([1] + seeds) && !isSeeds([5] + seeds + seeds) && !isSeeds([0]))
    }
}

extension Optional<TransactionKey> {
    /// What the key opens, if there is one.
    fileprivate consuming func flatMapOpen(_ sealed: [UInt8]) -> [UInt8]? {
        switch consume self {
        case .some(var key): key.open(sealed)
        case .none: nil
        }
    }
}
