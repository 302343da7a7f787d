import PublicCryptography
import SecretCryptography
import SecretKit
import Testing

@testable import Keyring

@Suite("Keyring: keys of outputs")
struct OutputKeyTests {
    @Test("a key belongs to one network, block, place and result")
    func binding() {
        let keys = knownKeys()
        let (block, leaf) = (SHA256.hash([1]), SHA256.hash([2]))
        let key = keys.outputKey(headerHash: block, index: 3, leaf: leaf)
        // By hand, from the key of this purpose.
        let info = Array("cloister/output".utf8) + block.bytes + [0, 0, 0, 3] + leaf.bytes
        let expected = KeyDerivation.expand(keys.outputMaterial, info: info)
        let isExpected = expected.isEqual(to: SecretKey(copying: key)!)
        #expect(isExpected)
        let seeds = NetworkSeeds(entropy: SecretKit.key(repeating: 1), SecretKit.key(repeating: 2), identity: [1])
        let others = [
            keys.outputKey(headerHash: leaf, index: 3, leaf: leaf),
            keys.outputKey(headerHash: block, index: 4, leaf: leaf),
            keys.outputKey(headerHash: block, index: 3, leaf: block),
            NetworkKeys(seeds).outputKey(headerHash: block, index: 3, leaf: leaf),
        ]
        #expect(Set(others + [key]).count == 5)
        let again = knownKeys().outputKey(headerHash: block, index: 3, leaf: leaf)
        #expect(again == key)
    }

    @Test("a salt belongs to one network, block, place and output, and is no key")
    func salt() {
        let keys = knownKeys()
        let (block, digest) = (SHA256.hash([1]), SHA256.hash([2]).bytes + SHA256.hash([3]).bytes)
        let seeds = NetworkSeeds(entropy: key(repeating: 1), key(repeating: 2), identity: [1])
        let all = [
            keys.outputSalt(headerHash: block, index: 3, digest: digest),
            keys.outputSalt(headerHash: SHA256.hash([4]), index: 3, digest: digest),
            keys.outputSalt(headerHash: block, index: 4, digest: digest),
            keys.outputSalt(headerHash: block, index: 3, digest: digest.reversed()),
            NetworkKeys(seeds).outputSalt(headerHash: block, index: 3, digest: digest),
            keys.outputKey(headerHash: block, index: 3, leaf: SHA256.hash([2])),
        ]
        #expect(Set(all).count == all.count)
        let again = knownKeys().outputSalt(headerHash: block, index: 3, digest: digest)
        #expect(again == all[0])
    }

}
