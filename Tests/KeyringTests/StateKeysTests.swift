import LedgerRecords
import PublicCryptography
import SecretCryptography
import TestSupport
import Testing

@testable import Keyring

@Suite("Keyring: contract state")
struct StateKeysTests {
    private func knownStateKeys() -> StateKeys {
        knownKeys().stateKeys(contractKey: knownContractKey)
    }

    @Test("names and values have the known form")
    func knownAnswers() {
        var keys = knownStateKeys()
        let hashed = keys.hashedName(Array("count".utf8))
        #expect(hashed.description == "f44a4f26636889086185db5750d14e8dd3108c3922f37be424279dcc71b58de1")
        let hashedEmpty = keys.hashedName([])
        #expect(hashedEmpty.description == "7623848d87fbb3e0bcde96b4dfc24b0c3e38402a0a4579dfc84dab2f762f20ac")
        let stored = keys.seal(
            name: Array("count".utf8), value: [1], contract: contract, height: 100, transactionIndex: 7)
        #expect(
            Hexadecimal.encode(stored)
                == "0100020000000000000064000000074221250ce075de3e9030918d859e8e855b7468cb95a0d6361f93795c257abd79e2f7d3f6"
                + "cb8f4f5db8d468c552f6980c0bd2cd0f363a3016271306fcf41d584786a5c0a300ab47b333a62c03112a268b")
    }

    @Test("values of every size agree with an independent implementation and open again")
    func batch() {
        var keys = knownStateKeys()
        var hasher = SHA256.Hasher()
        for nameCount in [0, 1, 5, 40, 100] {
            for valueCount in [0, 1, 15, 16, 17, 50, 51, 52, 55, 56, 57, 120, 500, 1000, 4000, 4083, 4088, 4089, 9000] {
                let name = pattern(nameCount, 1)
                let stored = keys.seal(
                    name: name, value: pattern(valueCount, 2), contract: contract, height: Int64(nameCount),
                    transactionIndex: UInt32(valueCount))
                hasher.update(stored)
                let value = keys.open(stored, name: name, contract: contract)
                #expect(value == pattern(valueCount, 2))
                #expect(
                    stored.count == 15 + 16 + StoredValue.sizeClass(nameCount: nameCount, valueCount: valueCount))
                let header = StoredValue.Header(of: stored)
                #expect(header?.height == Int64(nameCount) && header?.transactionIndex == UInt32(valueCount))
            }
        }
        let digest = hasher.finalize()
        #expect(digest.description == "5e1cb930023b94d960204c0d8f4404e3c1fea2d36d1e90ce1fab3f7e5b091226")
    }

    @Test("size classes double to 4096 and then grow by 4096, the eight bytes of lengths included")
    func sizeClasses() {
        let expected = [
            (0, 64), (56, 64), (57, 128), (120, 128), (121, 256), (249, 512), (505, 1024), (1017, 2048), (2041, 4096),
            (4088, 4096), (4089, 8192), (8184, 8192), (8185, 12288), (1_000_000, 1_003_520),
        ]
        for (count, size) in expected {
            #expect(StoredValue.sizeClass(nameCount: 0, valueCount: count) == size)
            #expect(StoredValue.sizeClass(nameCount: count / 2, valueCount: count - count / 2) == size)
        }
    }

    @Test("two values of one size class have one length")
    func constantSize() {
        var keys = knownStateKeys()
        let counts = [0, 1, 20, 50].map {
            keys.seal(name: [1], value: pattern($0, 0), contract: contract, height: 1, transactionIndex: 0).count
        }
        #expect(Set(counts).count == 1)
    }

    @Test("equal values look different under other names, heights, transactions, contracts and networks")
    func unlinkable() {
        var keys = knownStateKeys()
        var otherKey = knownKeys().stateKeys(contractKey: pattern(64, 1))
        var otherNetwork = otherKeys().stateKeys(contractKey: knownContractKey)
        let all = [
            keys.seal(name: [1], value: [9], contract: contract, height: 1, transactionIndex: 1),
            keys.seal(name: [2], value: [9], contract: contract, height: 1, transactionIndex: 1),
            keys.seal(name: [1], value: [9], contract: contract, height: 2, transactionIndex: 1),
            keys.seal(name: [1], value: [9], contract: contract, height: 1, transactionIndex: 2),
            keys.seal(name: [1], value: [9], contract: sender, height: 1, transactionIndex: 1),
            otherKey.seal(name: [1], value: [9], contract: contract, height: 1, transactionIndex: 1),
            otherNetwork.seal(name: [1], value: [9], contract: contract, height: 1, transactionIndex: 1),
        ]
        #expect(Set(all.map { Array($0[15..<31]) }).count == all.count)
        let names = [
            keys.hashedName([1]), keys.hashedName([2]), otherKey.hashedName([1]), otherNetwork.hashedName([1]),
        ]
        #expect(Set(names).count == 4)
        let opened = [
            keys.open(all[0], name: [1], contract: contract), keys.open(all[0], name: [1], contract: sender),
            otherKey.open(all[0], name: [1], contract: contract),
            otherNetwork.open(all[0], name: [1], contract: contract),
            keys.open(all[0], name: [2], contract: contract), keys.open(all[0], name: [], contract: contract),
        ]
        #expect(opened == [[9], nil, nil, nil, nil, nil])
    }

    @Test("every flipped bit and every cut is refused")
    func tampering() {
        var keys = knownStateKeys()
        let name = Array("count".utf8)
        let stored = keys.seal(name: name, value: [1], contract: contract, height: 100, transactionIndex: 7)
        for index in stored.indices {
            for bit in 0..<8 {
                var wrong = stored
                wrong[index] ^= 1 << UInt8(bit)
                let opened = keys.open(wrong, name: name, contract: contract)
                #expect(opened == nil, "byte \(index)")
            }
            let cut = keys.open(Array(stored[..<index]), name: name, contract: contract)
            #expect(cut == nil)
        }
        for count in [1, 64, 4096] {
            let longer = keys.open(stored + [UInt8](repeating: 0, count: count), name: name, contract: contract)
            #expect(longer == nil)
        }
    }

    @Test("an authentic value whose inside lies about name, lengths or padding is refused")
    func inconsistent() {
        let good = StoredValue.padded(name: [1, 2], value: [3])
        #expect(StoredValue.value(in: good, name: [1, 2]) == [3])
        #expect(StoredValue.value(in: good, name: [1, 3]) == nil)
        #expect(StoredValue.value(in: good, name: [1]) == nil)
        #expect(StoredValue.value(in: good + [UInt8](repeating: 0, count: 64), name: [1, 2]) == nil)
        #expect(StoredValue.value(in: Array(good.dropLast()), name: [1, 2]) == nil)
        #expect(StoredValue.value(in: [], name: []) == nil)
        for index in [0, 3, 6, 9, 11, 63] {
            var wrong = good
            wrong[index] ^= 0x80
            #expect(StoredValue.value(in: wrong, name: [1, 2]) == nil, "byte \(index)")
        }
    }
}
