import LedgerRecords
import PublicCryptography
import SecretKit
import SignedTransactions
import TestSupport
import Testing

@testable import Keyring

@Suite("Keyring: contract keys")
struct ContractKeysTests {
    let newCodeHash = SHA256.hash(Array("code2".utf8))

    private func migrated(_ keys: borrowing NetworkKeys) -> ContractKey {
        keys.migrated(
            ContractKey(original: knownContractKey), sender: sender, height: 200, codeHash: newCodeHash,
            address: contract)
    }

    @Test("a contract key is Secret Network's")
    func contractKey() {
        let made = knownKeys().contractKey(sender: sender, height: 100, codeHash: codeHash, address: contract)
        #expect(made == knownContractKey)
    }

    @Test("a migrated key and its proof are Secret Network's, and belong to the new code alone")
    func migration() {
        let keys = knownKeys()
        let key = migrated(keys)
        #expect(key.original == knownContractKey)
        #expect(
            Hexadecimal.encode(key.current)
                == "af321704e6dbb52faa6109806b40c83ab7c041086566edade12b615db1b2b3ce"
                + "be2bd3549b309d17290a8d8e0f8cc28048b83e5c86d4f7dc3639a1aa6928a5de")
        #expect(
            Hexadecimal.encode(key.currentProof) == "189d8d5a7e5c08225068993c86b7baa07c8219cb41e2ef23ca33d266cc62a9cd")
        let verdicts = [
            keys.authenticates(key, codeHash: newCodeHash, address: contract),
            keys.authenticates(key, codeHash: codeHash, address: contract),
            keys.authenticates(key, codeHash: newCodeHash, address: sender),
            // The new key alone, as if the contract had been made with the new code.
            keys.authenticates(ContractKey(original: key.current), codeHash: newCodeHash, address: contract),
            // The original key alone, as if the migration had never happened.
            keys.authenticates(ContractKey(original: key.original), codeHash: newCodeHash, address: contract),
        ]
        #expect(verdicts == [true, false, false, false, false])
    }

    @Test("an authentic key belongs to one code and one address of one network")
    func authentic() {
        let known = ContractKey(original: knownContractKey)
        let otherGenesis = NetworkKeys(
            NetworkSeeds(genesis: key(repeating: 0x0d), current: key(repeating: 0x0b)))
        let verdicts = [
            knownKeys().authenticates(known, codeHash: codeHash, address: contract),
            knownKeys().authenticates(known, codeHash: newCodeHash, address: contract),
            knownKeys().authenticates(known, codeHash: codeHash, address: sender),
            otherGenesis.authenticates(known, codeHash: codeHash, address: contract),
        ]
        #expect(verdicts == [true, false, false, false])
    }

    private func flip(_ bytes: [UInt8], _ index: Int) -> [UInt8] {
        var flipped = bytes
        flipped[index] ^= 1
        return flipped
    }

    @Test("any flipped byte of an original key, a current key or a proof is refused")
    func flipped() {
        let keys = knownKeys()
        let good = migrated(keys)
        for index in 0..<NetworkKeys.contractKeyByteCount {
            let plain = ContractKey(original: flip(knownContractKey, index))
            var wrongOriginal = good
            wrongOriginal.original = flip(good.original, index)
            var wrongCurrent = good
            wrongCurrent.current = flip(good.current, index)
            var wrongProof = good
            wrongProof.currentProof = flip(good.currentProof, index % 32)
            let verdicts = [
                keys.authenticates(plain, codeHash: codeHash, address: contract),
                keys.authenticates(wrongOriginal, codeHash: newCodeHash, address: contract),
                keys.authenticates(wrongCurrent, codeHash: newCodeHash, address: contract),
                keys.authenticates(wrongProof, codeHash: newCodeHash, address: contract),
            ]
            #expect(verdicts == [false, false, false, false])
        }
    }

    @Test("keys of other lengths, and a migration with one part missing, are refused")
    func lengths() {
        let keys = knownKeys()
        let good = migrated(keys)
        let wrong = [
            ContractKey(original: []), ContractKey(original: Array(knownContractKey.dropLast())),
            ContractKey(original: knownContractKey + [0]),
            ContractKey(original: knownContractKey, current: good.current),
            ContractKey(original: knownContractKey, currentProof: good.currentProof),
            ContractKey(original: knownContractKey, current: good.current + [0], currentProof: good.currentProof),
            ContractKey(
                original: knownContractKey, current: good.current, currentProof: Array(good.currentProof.dropLast())),
            ContractKey(original: [], current: good.current, currentProof: good.currentProof),
        ]
        for key in wrong {
            let verdicts = [
                keys.authenticates(key, codeHash: codeHash, address: contract),
                keys.authenticates(key, codeHash: newCodeHash, address: contract),
            ]
            #expect(verdicts == [false, false])
        }
    }

    @Test("admin proofs are Secret Network's, for an admin and for none")
    func adminProofs() {
        let keys = knownKeys()
        let proof = keys.adminProof(admin: sender, contractKey: knownContractKey)
        let noAdmin = keys.adminProof(admin: nil, contractKey: knownContractKey)
        #expect(Hexadecimal.encode(proof) == "6fd230abd84f6d0f1d5e57271e3f5622475721dd4732c5d8147832e1b0c4ffdf")
        #expect(Hexadecimal.encode(noAdmin) == "b2bcaa872b54197131d5d98c8622b000b83c76593603b11bb1b61c7b93beb772")
        let verdicts = [
            keys.isAdminProof(proof, admin: sender, contractKey: knownContractKey),
            keys.isAdminProof(noAdmin, admin: nil, contractKey: knownContractKey),
            keys.isAdminProof(proof, admin: contract, contractKey: knownContractKey),
            keys.isAdminProof(proof, admin: nil, contractKey: knownContractKey),
            keys.isAdminProof(noAdmin, admin: sender, contractKey: knownContractKey),
            keys.isAdminProof(proof, admin: sender, contractKey: pattern(64, 1)),
            keys.isAdminProof([UInt8](repeating: 0, count: 32), admin: sender, contractKey: knownContractKey),
            keys.isAdminProof([], admin: sender, contractKey: knownContractKey),
            otherKeys().isAdminProof(proof, admin: sender, contractKey: knownContractKey),
            // The attack: the admin's address slipped into the key, where no admin is named.
            keys.isAdminProof(proof, admin: nil, contractKey: sender.bytes + knownContractKey),
        ]
        #expect(verdicts == [true, true] + [Bool](repeating: false, count: 8))
    }
}
