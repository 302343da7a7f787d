import PublicCryptography
import SecretCryptography
import SecretKit
import TestSupport
import Testing

@testable import Keyring

@Suite("Keyring: the network's keys")
struct NetworkKeysTests {
    @Test("all keys are Secret Network's derivation from the two seeds")
    func hierarchy() {
        let keys = knownKeys()
        let derived = [
            text(of: keys.seedExchangeKey), text(of: keys.ioKey), text(of: keys.genesisStateMaterial),
            text(of: keys.currentStateMaterial), text(of: KeyDerivation.seedKey(key(repeating: 0x0b), order: 4)),
            text(of: keys.randomMaterial),
            text(of: KeyDerivation.seedKey(key(repeating: 0x0b), order: 6)), text(of: keys.adminProofSecret),
            text(of: keys.contractKeyProofSecret),
        ]
        #expect(
            derived == [
                "58d332caf08cc354c7119f33bad7dd4f6085fe8ace7b7bd9c69acc93bd1af382",
                "8b9ae922e2e7c166822a838c7f5a416c7ab307d4bc541fc10a394c5416436ce5",
                "5445ebeaa3e05edb7743c01998143807bf2f848521a60fd49497479e6cbe7869",
                "e785edb261f9a941b3a6093b2d3d2a697a02a17228e23e30f6aeb4f3c95bf8b9",
                "f1ec5242e62e2aae28ec74031d8e44e958d1b0ba7f14ada155921a7596b41b18",
                "c4d863bdd30b8b999f4d78ebc90b2ba5b596fa468726e0bcda08a6b4ad27bb93",
                "3ea66f03ca217b8532804b6d6f30602a34445155f316b5519191a976547958d2",
                "1c6868c3ca33b64ee6afe8001f45e2507844146580154a95ec01c743eb29be02",
                "b25abcb90f8db94bb923f0e014388289d92178fa6e621cdb91f1522d6ecef64f",
            ])
        #expect(
            Hexadecimal.encode(keys.ioPublicKey) == "ee9497d668c7898a7a8c2d7b3b90adf940b0d4a11a885d3f8d865d612336de71")
        #expect(Base64.encode(keys.ioPublicKey) == "7pSX1mjHiYp6jC17O5Ct+UCw1KEaiF0/jYZdYSM23nE=")
        #expect(
            Hexadecimal.encode(keys.seedExchangePublicKey)
                == "fb8a85dde3789472b20c9a7fb382b5f9fa7db85502e1d557a4414837fd344765")
    }

    @Test("a client's message opens with the key made from the io key")
    func transactionKey() {
        let keys = knownKeys()
        let nonce = [UInt8](repeating: 2, count: 32)
        var client = TransactionKey(privateKey: key(repeating: 1), publicKey: keys.ioPublicKey, nonce: nonce)!
        let sealed = client.seal(Array("message".utf8))
        let publicKey = X25519.publicKey(of: key(repeating: 1))
        guard var enclave = keys.transactionKey(publicKey: publicKey, nonce: nonce) else {
            Issue.record("no key")
            return
        }
        let opened = enclave.open(sealed)
        #expect(opened == Array("message".utf8))
        let refused = keys.transactionKey(publicKey: [UInt8](repeating: 0, count: 32), nonce: nonce) == nil
        #expect(refused)
    }

    @Test("seeds are bound to the chain identity and to their place")
    func seeds() {
        let identity = Array("identity".utf8)
        let seeds = NetworkSeeds(entropy: key(repeating: 0x21), key(repeating: 0x22), identity: identity)
        let derived = [text(of: seeds.genesis), text(of: seeds.current)]
        #expect(
            derived == [
                "c27bdd93592c7bc4fe2b7199005df0479f8f60b061db874db83eb4518bf3a928",
                "5099629282ecf52399b05336c1395be7b481cb167f3105f8ef2222aa76829426",
            ])
        let sameEntropy = NetworkSeeds(entropy: key(repeating: 0x21), key(repeating: 0x21), identity: identity)
        let otherChain = NetworkSeeds(entropy: key(repeating: 0x21), key(repeating: 0x22), identity: identity + [0])
        let all = [
            text(of: sameEntropy.genesis), text(of: sameEntropy.current), text(of: otherChain.genesis),
            text(of: otherChain.current), derived[1],
        ]
        #expect(Set(all).count == 5)
    }

    @Test("every bootstrap makes two new seeds")
    func bootstrap() {
        let one = NetworkSeeds.bootstrap(identity: [1])
        let two = NetworkSeeds.bootstrap(identity: [1])
        let all = [text(of: one.genesis), text(of: one.current), text(of: two.genesis), text(of: two.current)]
        #expect(Set(all).count == 4)
    }

    @Test("a call's randomness is its own: any other block, contract, transaction, number or network differs")
    func randomness() {
        let header = SHA256.hash(Array("header".utf8))
        let transaction = SHA256.hash(Array("tx".utf8))
        let random = knownKeys().blockRandom(headerHash: header)
        let known = random.callRandom(contractKey: knownContractKey, transaction: transaction, callNumber: 3)
        #expect(Hexadecimal.encode(known) == "e73075451891a96336b2e00e6bff13ee4d2c64206a634593a4347f31bea9d76e")
        let otherContract = pattern(64, 1)
        let others = [
            random.callRandom(contractKey: knownContractKey, transaction: transaction, callNumber: 4),
            random.callRandom(contractKey: knownContractKey, transaction: header, callNumber: 3),
            random.callRandom(contractKey: otherContract, transaction: transaction, callNumber: 3),
            knownKeys().blockRandom(headerHash: transaction)
                .callRandom(contractKey: knownContractKey, transaction: transaction, callNumber: 3),
            otherKeys().blockRandom(headerHash: header)
                .callRandom(contractKey: knownContractKey, transaction: transaction, callNumber: 3),
        ]
        #expect(Set(others + [known]).count == 6)
    }
}
