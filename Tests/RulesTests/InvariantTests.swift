import Auth
import Bank
import ChainModules
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import Registration
import SignedTransactions
import StateProofs
import Testing
import TransactionFixtures
import Wire

/// Each fault alone is found; a ledger without one is said to be sound.
@Suite("Invariants")
struct InvariantTests {
    private func broken(_ fault: (Ledger) throws -> Void) throws -> [String] {
        let ledger = try Ledger()
        try fault(ledger)
        return try ModuleList.chain.brokenInvariants(in: ledger.state)
    }

    @Test("hold in a ledger that its rules alone have written")
    func sound() throws {
        #expect(
            try broken { ledger in
                _ = try ledger.router.run(
                    ledger.send(1_000_000).messages[0], signer: ledger.alice.address, in: Ledger.block,
                    on: ledger.state)
            } == [])
    }

    @Test("notice coins out of nothing, a balance of nothing and a list that leaves one out")
    func bank() throws {
        let made = try broken { ledger in
            try BankModule.setBalance(8, of: ledger.alice.address, denomination: "other", on: ledger.state)
        }
        #expect(made == ["bank: the supply is 7other,1000000uscrt, the balances are 8other,1000000uscrt"])
        let nothing = try broken { ledger in
            ledger.state.set(
                BankStore.encode(0), of: BankStore.balanceKey(ledger.alice.address, "zero"), in: StoreName.bank)
        }
        #expect(nothing.count == 2 && nothing[0].hasSuffix("has a balance of nothing, 0zero"))
        let unlisted = try broken { ledger in
            ledger.state.set(
                BankStore.encodeHoldings(["uscrt"]), of: BankStore.holdingsKey(ledger.alice.address),
                in: StoreName.bank)
        }
        #expect(unlisted.count == 1)
        let listed = try broken { ledger in
            ledger.state.set(
                BankStore.encodeHoldings(["uscrt"]), of: BankStore.holdingsKey(ledger.bob.address),
                in: StoreName.bank)
        }
        #expect(listed.count == 1)
    }

    @Test("notice two accounts of one number and a number that is still to come")
    func auth() throws {
        let twice = try broken { ledger in
            var bob = try #require(try AuthModule.account(ledger.bob.address, on: ledger.state))
            bob.accountNumber = 0
            try AuthModule.save(bob, on: ledger.state)
        }
        #expect(twice == ["auth: \(FixtureKey("bob").address) is not the account of its number, 0"])
        let future = try broken { try AuthModule.setNextNumber(3, on: $0.state) }
        #expect(future.count == 5)
        let extra = try broken { ledger in
            ledger.state.set(ledger.bob.address.bytes, of: AccountStore.numberKey(50), in: StoreName.account)
        }
        #expect(extra == ["auth: 9 numbers are given to 8 accounts"])
    }

    // MARK: - Compute

    private let creator = FixtureKey("alice").address
    private let contract = ContractAddress.derive(codeID: 2, instanceID: 1, creator: FixtureKey("alice").address)

    /// What is left of two codes and a contract that was migrated from the second to the first.
    private func compute(_ ledger: Ledger) {
        let created = CreationPoint(blockHeight: 3, transactionIndex: 0)
        func set(_ key: [UInt8], _ value: [UInt8]) { ledger.state.set(value, of: key, in: StoreName.compute) }
        for id: UInt64 in [1, 2] {
            set(
                ComputeStore.codeKey(id),
                CodeInfo(codeHash: SHA256.hash([UInt8(id)]), creator: creator, source: "", builder: "").encoded)
            set(ComputeStore.contractCountKey(codeID: id), StateKey.number(1 as UInt64))
            set(ComputeStore.contractOfCodeKey(codeID: id, number: 1), contract.bytes)
            set(ComputeStore.listedUnderCodeKey(codeID: id, contract), ComputeStore.marker)
        }
        set(ComputeStore.lastCodeIDKey, StateKey.number(2 as UInt64))
        set(ComputeStore.lastContractIDKey, StateKey.number(1 as UInt64))
        set(
            ComputeStore.contractKey(contract),
            ContractInfo(codeID: 1, creator: creator, label: "a", created: created, admin: nil, adminProof: []).encoded)
        set(ComputeStore.identityKey(contract), ContractKey(original: [1]).encoded)
        set(ComputeStore.labelKey("a"), contract.bytes)
        set(ComputeStore.historyKey(contract, 1), entry(.instantiate, 2))
        set(ComputeStore.historyKey(contract, 2), entry(.migrate, 1))
        set(ComputeStore.stateKey(contract, name: SHA256.hash([1])), [1, 2, 3])
        set(ComputeStore.inputOwnerKey(nonce: SHA256.hash([2])), SHA256.hash([3]).bytes)
    }

    private func entry(_ operation: ContractHistoryEntry.Operation, _ code: UInt64) -> [UInt8] {
        ContractHistoryEntry(
            operation: operation, codeID: code, updated: CreationPoint(blockHeight: 3, transactionIndex: 0), message: []
        ).encoded
    }

    private func faults(_ key: [UInt8], _ value: [UInt8]?) throws -> [String] {
        try broken { ledger in
            compute(ledger)
            ledger.state.set(value, of: key, in: StoreName.compute)
        }
    }

    @Test("hold of codes and contracts")
    func soundContracts() throws { #expect(try broken(compute) == []) }

    @Test("notice each record of a contract that is missing, another's, or too much")
    func contracts() throws {
        let stranger = FixtureKey("bob").address
        let records = [
            ComputeStore.codeKey(1), ComputeStore.codeKey(2), ComputeStore.lastCodeIDKey,
            ComputeStore.lastContractIDKey, ComputeStore.contractKey(contract), ComputeStore.identityKey(contract),
            ComputeStore.labelKey("a"), ComputeStore.historyKey(contract, 1), ComputeStore.historyKey(contract, 2),
            ComputeStore.contractCountKey(codeID: 1), ComputeStore.contractOfCodeKey(codeID: 2, number: 1),
            ComputeStore.listedUnderCodeKey(codeID: 1, contract), ComputeStore.listedUnderCodeKey(codeID: 2, contract),
        ]
        for key in records {
            #expect(try !faults(key, nil).isEmpty, "without \(Hexadecimal.encode(key))")
            if key != ComputeStore.identityKey(contract) {
                #expect(try !faults(key, [9]).isEmpty, "with another \(Hexadecimal.encode(key))")
            }
        }
        let more: [([UInt8], [UInt8])] = [
            (ComputeStore.codeKey(4), [1]), (ComputeStore.contractKey(stranger), [1]),
            (ComputeStore.identityKey(stranger), [9]), (ComputeStore.labelKey("b"), contract.bytes),
            (ComputeStore.historyKey(contract, 4), entry(.migrate, 1)),
            (ComputeStore.historyKey(contract, 2), entry(.migrate, 2)),
            (ComputeStore.historyKey(contract, 1), entry(.migrate, 2)),
            (ComputeStore.historyKey(contract, 2), entry(.instantiate, 1)),
            (ComputeStore.historyKey(stranger, 1), entry(.instantiate, 1)),
            (ComputeStore.contractOfCodeKey(codeID: 1, number: 2), contract.bytes),
            (ComputeStore.listedUnderCodeKey(codeID: 1, stranger), ComputeStore.marker),
            (ComputeStore.contractCountKey(codeID: 7), StateKey.number(1 as UInt64)),
            (ComputeStore.stateKey(stranger, name: SHA256.hash([1])), [1]),
            (ComputeStore.inputOwnerKey(nonce: SHA256.hash([2])), [1]), ([0x04, 1], [1]), ([0x05], [1]), ([0xff], [1]),
        ]
        for (key, value) in more {
            #expect(try !faults(key, value).isEmpty, "with \(Hexadecimal.encode(key))")
        }
        let codeless = try faults(ComputeStore.codeKey(1), nil)
        #expect(codeless.contains("compute: contract \(contract) is of code 1, which there is not"))
    }

    @Test("notice keys of the network that are missing or none, and nodes without a name")
    func registration() throws {
        func faults(_ changes: [([UInt8], [UInt8]?)]) throws -> [String] {
            try broken { ledger in
                try RegistrationModule.setExchangeKeys(.init(input: .zero, node: SHA256.hash([2])), on: ledger.state)
                for (key, value) in changes { ledger.state.set(value, of: key, in: StoreName.register) }
            }
        }
        let node = ProtobufWriter.encode { $0.bytes(2, [1, 2, 3]) }
        #expect(try faults([(RegisterStore.nodeKey(publicKey: Hash32.zero.bytes), node)]) == [])
        #expect(
            try faults([(RegisterStore.ioExchangeKey, nil)]) == ["register: one of the network's two keys is missing"])
        for (key, value) in [
            (RegisterStore.nodeExchangeKey, [1]), (RegisterStore.nodeKey(publicKey: [1, 2]), node),
            (RegisterStore.nodeKey(publicKey: Hash32.zero.bytes), [0xff]), ([7], []),
        ] as [([UInt8], [UInt8])] {
            #expect(try faults([(key, value)]).count == 1)
        }
    }
}
