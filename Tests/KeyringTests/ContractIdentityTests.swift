import ChainModel
import PublicCryptography
import Testing

@testable import Keyring

@Suite("Keyring: contract identity")
struct ContractIdentityTests {
    let newCodeHash = SHA256.hash(Array("code2".utf8))

    @Test("a contract key is Secret Network's")
    func contractKey() {
        let made = knownKeys().contractKey(sender: sender, height: 100, codeHash: codeHash, contract: contract)
        #expect(made == knownContractKey)
        #expect(made.bytes == knownContractKey.bytes)
    }

    @Test("a migrated key and its proof are Secret Network's, and authentic")
    func migration() {
        let keys = knownKeys()
        let migration = keys.migration(
            of: knownContractKey, sender: sender, height: 200, codeHash: newCodeHash, contract: contract)
        #expect(
            Hexadecimal.encode(migration.key.bytes)
                == "af321704e6dbb52faa6109806b40c83ab7c041086566edade12b615db1b2b3ce"
                + "be2bd3549b309d17290a8d8e0f8cc28048b83e5c86d4f7dc3639a1aa6928a5de")
        #expect(migration.proof.description == "189d8d5a7e5c08225068993c86b7baa07c8219cb41e2ef23ca33d266cc62a9cd")
        let identity = ContractIdentity(original: knownContractKey, migration: migration)
        #expect(identity.current == migration.key)
        let verdicts = [
            keys.isAuthentic(identity, codeHash: newCodeHash, contract: contract),
            keys.isAuthentic(identity, codeHash: codeHash, contract: contract),
            keys.isAuthentic(identity, codeHash: newCodeHash, contract: sender),
            // The new key alone, as if the contract had been made with the new code.
            keys.isAuthentic(ContractIdentity(original: migration.key), codeHash: newCodeHash, contract: contract),
            // The original key alone, as if the migration had never happened.
            keys.isAuthentic(ContractIdentity(original: knownContractKey), codeHash: newCodeHash, contract: contract),
        ]
        #expect(verdicts == [true, false, false, false, false])
    }

    @Test("an authentic key belongs to one code and one address of one network")
    func authentic() {
        let identity = ContractIdentity(original: knownContractKey)
        #expect(identity.current == knownContractKey)
        let otherGenesis = NetworkKeys(
            NetworkSeeds(genesis: key(repeating: 0x0d), current: key(repeating: 0x0b)))
        let verdicts = [
            knownKeys().isAuthentic(identity, codeHash: codeHash, contract: contract),
            knownKeys().isAuthentic(identity, codeHash: newCodeHash, contract: contract),
            knownKeys().isAuthentic(identity, codeHash: codeHash, contract: sender),
            otherGenesis.isAuthentic(identity, codeHash: codeHash, contract: contract),
        ]
        #expect(verdicts == [true, false, false, false])
    }

    @Test("any flipped byte of a key, an original key or a proof is refused")
    func flipped() {
        let keys = knownKeys()
        let migration = keys.migration(
            of: knownContractKey, sender: sender, height: 200, codeHash: newCodeHash, contract: contract)
        func flip(_ key: ContractKey, _ index: Int) -> ContractKey {
            var bytes = key.bytes
            bytes[index] ^= 1
            return ContractKey(bytes)!
        }
        for index in 0..<ContractKey.byteCount {
            let plain = ContractIdentity(original: flip(knownContractKey, index))
            let wrongOriginal = ContractIdentity(original: flip(knownContractKey, index), migration: migration)
            var wrongKey = ContractIdentity(original: knownContractKey, migration: migration)
            wrongKey.migration?.key = flip(migration.key, index)
            let verdicts = [
                keys.isAuthentic(plain, codeHash: codeHash, contract: contract),
                keys.isAuthentic(wrongOriginal, codeHash: newCodeHash, contract: contract),
                keys.isAuthentic(wrongKey, codeHash: newCodeHash, contract: contract),
            ]
            #expect(verdicts == [false, false, false])
        }
        var wrongProof = ContractIdentity(original: knownContractKey, migration: migration)
        wrongProof.migration?.proof = SHA256.hash([])
        let refused = !keys.isAuthentic(wrongProof, codeHash: newCodeHash, contract: contract)
        #expect(refused)
    }

    @Test("admin proofs are Secret Network's, for an admin and for none")
    func adminProofs() {
        let keys = knownKeys()
        let proof = keys.adminProof(admin: sender, original: knownContractKey)
        let noAdmin = keys.adminProof(admin: nil, original: knownContractKey)
        #expect(proof.description == "6fd230abd84f6d0f1d5e57271e3f5622475721dd4732c5d8147832e1b0c4ffdf")
        #expect(noAdmin.description == "b2bcaa872b54197131d5d98c8622b000b83c76593603b11bb1b61c7b93beb772")
        let otherKey = ContractKey(pattern(64, 1))!
        let verdicts = [
            keys.isAdminProof(proof.bytes, admin: sender, original: knownContractKey),
            keys.isAdminProof(noAdmin.bytes, admin: nil, original: knownContractKey),
            keys.isAdminProof(proof.bytes, admin: contract, original: knownContractKey),
            keys.isAdminProof(proof.bytes, admin: nil, original: knownContractKey),
            keys.isAdminProof(noAdmin.bytes, admin: sender, original: knownContractKey),
            keys.isAdminProof(proof.bytes, admin: sender, original: otherKey),
            keys.isAdminProof([UInt8](repeating: 0, count: 32), admin: sender, original: knownContractKey),
            keys.isAdminProof([], admin: sender, original: knownContractKey),
            otherKeys().isAdminProof(proof.bytes, admin: sender, original: knownContractKey),
        ]
        #expect(verdicts == [true, true] + [Bool](repeating: false, count: 7))
    }

    @Test("contract keys are exactly 64 bytes")
    func length() {
        #expect(ContractKey(pattern(63, 0)) == nil)
        #expect(ContractKey(pattern(65, 0)) == nil)
        #expect(ContractKey(pattern(64, 0))?.bytes == pattern(64, 0))
    }
}
