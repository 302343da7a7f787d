import PublicCryptography
import SecretCryptography
import SecretKit
import TestSupport
import Testing

@testable import WalletClient

@Suite("WalletClient: words and keys")
struct MnemonicTests {
    @Test("the words are the list of BIP 39")
    func words() {
        #expect(MnemonicWords.all.count == 2048)
        #expect(MnemonicWords.all == MnemonicWords.all.sorted())
        let joined = Array(MnemonicWords.all.joined(separator: " ").utf8)
        #expect(SHA256.hash(joined).description == "f18b9a84c83e38e98eceb0102b275e26438af83ab08f080cdb780a2caa9f3a6d")
        #expect(MnemonicWords.index(of: "abandon") == 0)
        #expect(MnemonicWords.index(of: "zoo") == 2047)
        #expect(MnemonicWords.index(of: "zooo") == nil)
    }

    @Test(
        "entropy becomes the words of the published vectors",
        arguments: [
            (
                "00000000000000000000000000000000",
                "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"
            ),
            (
                "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
                "legal winner thank year wave sausage worth useful legal winner thank yellow"
            ),
            (
                "9e885d952ad362caeb4efe34a8e91bd2",
                "ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic"
            ),
            (
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo vote"
            ),
        ])
    func entropy(entropy: String, words: String) throws {
        let mnemonic = Mnemonic(entropy: hexadecimal(entropy))
        #expect(mnemonic.phrase == words)
        let again = try Mnemonic(words)
        #expect(again.phrase == words)
    }

    @Test("the seed is that of the published vector")
    func seed() throws {
        let mnemonic = try Mnemonic(String(repeating: "abandon ", count: 11) + "about")
        let seed = try mnemonic.seed(passphrase: "TREZOR")
        #expect(
            Hexadecimal.encode(bytes(of: seed))
                == "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141"
                + "630c7a3c4ab7c81b2f001698e7463b04")
    }

    @Test("the wallet key of LocalSecret's account a is the one every client derives")
    func accountA() throws {
        let mnemonic = try Mnemonic("  " + LocalSecret.a.split(separator: " ").joined(separator: "\n\t ") + "\n")
        #expect(mnemonic.phrase == LocalSecret.a)
        let seed = try mnemonic.seed()
        guard let privateKey = HierarchicalKey.privateKey(seed: seed, path: HierarchicalKey.secretNetworkPath()) else {
            Issue.record("no key")
            return
        }
        #expect(text(of: privateKey) == "f0a7b67eb9a719d54f8a9bfbfb187d8c296b97911a05bf5ca30494823e46beb6")
        let publicKey = Secp256k1Signer.publicKey(of: privateKey).map { Hexadecimal.encode($0) }
        #expect(publicKey == "034ee8249f67e136139c3ed94ad63288f6c1de45ce66fa883247211a698f440cdf")
    }

    @Test("BIP 32, test vector 1: hardened and plain children")
    func bip32() {
        let seed = GuardedBytes(copying: hexadecimal("000102030405060708090a0b0c0d0e0f"))
        let hardened = HierarchicalKey.hardened
        let expected: [([UInt32], String)] = [
            ([], "e8f32e723decf4051aefac8e2c93c9c5b214313817cdb01a1494b917c8436b35"),
            ([hardened(0)], "edb2e14f9ee77d26dd93b4ecede8d16ed408ce149b6cd80b0715a2d911a0afea"),
            ([hardened(0), 1], "3c6cb8d0f6a264c91ea8b5030fadaa8e538b020f0a387421a12de9319dc93368"),
            ([hardened(0), 1, hardened(2)], "cbce0d719ecf7431d88e6a89fa1483e02e35092af60c042b1df2ff59fa424dca"),
        ]
        for (path, privateKey) in expected {
            guard let derived = HierarchicalKey.privateKey(seed: seed, path: path) else {
                Issue.record("no key")
                continue
            }
            #expect(text(of: derived) == privateKey)
        }
    }

    @Test("a child whose key would be zero is none")
    func zeroSum() {
        let largest = key("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140")
        let one = key("0000000000000000000000000000000000000000000000000000000000000001")
        let sum = HierarchicalKey.add(one, to: largest) == nil
        #expect(sum)
    }

    private func error(of words: String) -> MnemonicError? {
        do throws(MnemonicError) {
            _ = try Mnemonic(words)
            return nil
        } catch { return error }
    }

    @Test("wrong words are refused for the right reason")
    func refused() throws {
        let abandon = String(repeating: "abandon ", count: 11)
        #expect(error(of: "") == .wordCount)
        #expect(error(of: abandon) == .wordCount)
        #expect(error(of: String(repeating: abandon, count: 3)) == .wordCount)
        #expect(error(of: abandon + "aboute") == .unknownWord)
        #expect(error(of: abandon + "About") == .unknownWord)
        #expect(error(of: abandon + "abandon") == .checksum)
        #expect(error(of: LocalSecret.a.replacing("grant", with: "great")) == .checksum)
        let mnemonic = try Mnemonic(abandon + "about")
        #expect(throws: MnemonicError.passphraseNotASCII) {
            do throws(MnemonicError) { _ = try mnemonic.seed(passphrase: "é") } catch { throw error }
        }
    }

    @Test("new words are good words, and others each time")
    func random() throws {
        let one = Mnemonic.random().phrase
        #expect(one != Mnemonic.random().phrase)
        let read = try Mnemonic(one)
        #expect(read.phrase == one)
        #expect(one.split(separator: " ").count == 24)
    }
}
