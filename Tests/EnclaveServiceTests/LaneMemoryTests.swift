import DecidedBlocks
import Keyring
import LedgerRecords
import PublicCryptography
import SecretKit
import SignedTransactions
import Testing
import Wire

@testable import EnclaveService

extension EnclaveServiceSuite {
    @Suite struct LaneMemoryTests {
        private static func vault(_ seed: UInt8 = 1) -> EnclaveCore.Vault {
            EnclaveCore.Vault(
                seeds: NetworkSeeds(genesis: key(repeating: seed), current: key(repeating: seed + 1)),
                identity: ChainIdentity(
                    chainID: "memory-1", genesisSeconds: 1_700_000_000, genesisNanoseconds: 0, initialHeight: 1,
                    initialValidatorsHash: [UInt8](repeating: 7, count: 32), attestationRoots: [],
                    profile: .development))
        }

        private static func contract(
            _ byte: UInt8, original: [UInt8] = [UInt8](repeating: 5, count: 64)
        ) -> CallContext.LoadedContract {
            CallContext.LoadedContract(
                address: account(byte),
                info: ContractInfo(
                    codeID: 1, creator: account(9), label: "label \(byte)",
                    created: CreationPoint(blockHeight: 1, transactionIndex: 0), admin: nil, adminProof: []),
                key: ContractKey(original: original, current: [], currentProof: []), codeHash: SHA256.hash([byte]))
        }

        @Test("a contract is remembered for exactly the records that it was found in")
        func contracts() {
            let memory = LaneMemory()
            memory.note(Self.contract(1), info: [1, 2], key: [3, 4], code: [5])
            let known = memory.contract(account(1), info: [1, 2], key: [3, 4])
            #expect(known?.contract.info.label == "label 1" && known?.codeRecord == [5])
            for (info, key) in [([1, 2], [3]), ([1], [3, 4]), ([1, 2, 0], [3, 4]), ([1, 3], [3, 4]), ([], [])]
                as [([UInt8], [UInt8])]
            {
                #expect(memory.contract(account(1), info: info, key: key) == nil)
            }
            #expect(memory.contract(account(2), info: [1, 2], key: [3, 4]) == nil)
            memory.note(Self.contract(1), info: [6], key: [7], code: [8])
            #expect(memory.contract(account(1), info: [1, 2], key: [3, 4]) == nil)
            #expect(memory.contract(account(1), info: [6], key: [7])?.codeRecord == [8])
        }

        @Test("the number of contracts is bounded, and the newest is always known")
        func contractsMax() {
            let memory = LaneMemory()
            for number in 0...256 {
                var contract = Self.contract(1)
                contract.address = AccountAddress(SHA256.hash([UInt8(number & 255), UInt8(number >> 8)]).bytes[..<20])!
                memory.note(contract, info: [1], key: [2], code: [3])
                #expect(memory.contract(contract.address, info: [1], key: [2]) != nil)
            }
            let first = AccountAddress(SHA256.hash([0, 0]).bytes[..<20])!
            #expect(memory.contract(first, info: [1], key: [2]) == nil)
        }

        @Test("two contracts that had one address in turn have two states, and so have two addresses of one key")
        func states() {
            let (memory, vault) = (LaneMemory(), Self.vault())
            let first = memory.state(of: Self.contract(1), vault)
            #expect(memory.state(of: Self.contract(1), vault) === first)
            let next = memory.state(of: Self.contract(1, original: [UInt8](repeating: 6, count: 64)), vault)
            let elsewhere = memory.state(of: Self.contract(2), vault)
            #expect(next !== first && elsewhere !== first)
            let stored = first.seal(name: [1], value: [2], height: 3, transactionIndex: 4)
            #expect(next.open(stored, name: [1], at: next.place(of: [1])) == nil)
            #expect(elsewhere.open(stored, name: [1], at: elsewhere.place(of: [1])) == nil)
            #expect(next.place(of: [1]).hashedName != first.place(of: [1]).hashedName)
        }

        @Test("a value from memory is never taken for stored bytes that differ, older or newer or changed")
        func rollback() {
            let state = LaneMemory().state(of: Self.contract(1), Self.vault())
            let place = state.place(of: [1])
            let old = state.seal(name: [1], value: Array("old".utf8), height: 3, transactionIndex: 0)
            let new = state.seal(name: [1], value: Array("new".utf8), height: 4, transactionIndex: 0)
            let same = state.seal(name: [1], value: Array("new".utf8), height: 4, transactionIndex: 1)
            for _ in 0..<2 {
                #expect(state.open(new, name: [1], at: place) == Array("new".utf8))
                #expect(state.open(new, name: [1], at: place) == Array("new".utf8))
                #expect(state.open(old, name: [1], at: place) == Array("old".utf8))
                #expect(state.open(same, name: [1], at: place) == Array("new".utf8))
            }
            for index in new.indices {
                var changed = new
                changed[index] ^= 1
                #expect(state.open(changed, name: [1], at: place) == nil, "byte \(index)")
            }
            #expect(state.open(Array(new.dropLast()), name: [1], at: place) == nil)
            #expect(state.open([], name: [1], at: place) == nil)
            #expect(state.open(new, name: [2], at: state.place(of: [2])) == nil)
        }

        @Test("names and values beyond what is remembered open as well as others")
        func largeOnes() {
            let state = LaneMemory().state(of: Self.contract(1), Self.vault())
            for nameLength in [0, 1, 256, 257, 4_096] {
                let name = [UInt8](repeating: 8, count: nameLength)
                let place = state.place(of: name)
                #expect(place.hashedName == state.place(of: name).hashedName)
                #expect(place.key == ByteKey(ComputeStore.stateKey(account(1), name: place.hashedName)))
                for size in [0, 1, 200_000, 300_000, 600_000] {
                    let value = [UInt8](repeating: UInt8(size & 255), count: size)
                    let stored = state.seal(name: name, value: value, height: 1, transactionIndex: 0)
                    #expect(state.open(stored, name: name, at: place) == value)
                    #expect(state.open(stored, name: name, at: place) == value)
                }
            }
        }

        @Test("another network has other places and opens nothing")
        func networks() {
            let (ours, theirs) = (
                LaneMemory().state(of: Self.contract(1), Self.vault()),
                LaneMemory().state(of: Self.contract(1), Self.vault(20))
            )
            let stored = ours.seal(name: [1], value: [2], height: 3, transactionIndex: 4)
            #expect(ours.place(of: [1]).hashedName != theirs.place(of: [1]).hashedName)
            #expect(theirs.open(stored, name: [1], at: theirs.place(of: [1])) == nil)
            #expect(theirs.open(stored, name: [1], at: ours.place(of: [1])) == nil)
        }
    }
}
