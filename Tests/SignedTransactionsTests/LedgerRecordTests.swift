import LedgerRecords
import PublicCryptography
import SignedTransactions
import TestSupport
import Testing
import Wire

@Suite("Keys, values and prices of the stores")
struct LedgerRecordTests {
    private let address = AccountAddress([UInt8](repeating: 0x11, count: 20))!

    @Test("a contract's address is the published one")
    func contractAddress() {
        #expect(
            ContractAddress.derive(codeID: 1, instanceID: 1, creator: address).bytes
                == hexadecimal("dae7aefd75eb14af8f06ef2bad51d30c1660b587"))
        #expect(
            ContractAddress.derive(codeID: 1, instanceID: 2, creator: address).bytes
                != hexadecimal("dae7aefd75eb14af8f06ef2bad51d30c1660b587"))
    }

    @Test("module accounts have their known addresses")
    func moduleAddresses() {
        #expect(ModuleAddress.governance.description == "secret10d07y265gmmuvt4z0w9aw880jnsr700jc88vt0")
        #expect(ModuleAddress.distribution.description == "secret1jv65s3grqf6v6jl3dp4t6c9t9rk99cd896s45r")
        #expect(ModuleAddress.bondedPool.description == "secret1fl48vsnmsdzcv85q5d2q4z5ajdha8yu3h7axyt")
        #expect(ModuleAddress.notBondedPool.description == "secret1tygms3xhhs3yv487phx3dw4a95jn7t7lr7phjl")
        #expect(ModuleAddress.feeCollector.description == "secret17xpfvakm2amg962yls6f84z3kell8c5ljuhfkp")
        #expect(ModuleAddress.mint.description == "secret1m3h30wlvsf8llruxtpukdvsy0km2kum825n36u")
    }

    @Test("RIPEMD-160 gives the digests of its authors")
    func ripemd() {
        #expect(RIPEMD160.hash([]) == hexadecimal("9c1185a5c5e9fc54612808977ee8f548b2258d31"))
        #expect(RIPEMD160.hash(Array("abc".utf8)) == hexadecimal("8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"))
    }

    @Test("keys have their prefixes, fit the limit and sort by number")
    func keys() {
        #expect(ComputeStore.codeKey(258) == [1, 0, 0, 0, 0, 0, 0, 1, 2])
        #expect(ComputeStore.contractKey(address) == [2] + address.bytes)
        #expect(ComputeStore.stateKey(address, name: .zero).count == 53)
        #expect(ComputeStore.lastCodeIDKey == [4] + Array("lastCodeId".utf8))
        #expect(ComputeStore.labelKey("x").count == 33)
        #expect(ComputeStore.inputOwnerKey(nonce: .zero).count == 33)
        #expect(BankStore.balanceKey(address, "uscrt") == [2, 20] + address.bytes + Array("uscrt".utf8))
        #expect(BankStore.supplyKey("uscrt") == [0] + Array("uscrt".utf8))
        #expect(AccountStore.accountKey(address) == [1] + address.bytes)
        #expect(RegisterStore.ioExchangeKey == [2] + Array("IoExchMasterKey".utf8))
        let longest = BankStore.balanceKey(address, String(repeating: "a", count: 128))
        #expect(longest.count <= StateKey.byteCountMax)
        #expect(ComputeStore.contractCountKey(codeID: 1) == [10, 0, 0, 0, 0, 0, 0, 0, 1])
        #expect(
            ComputeStore.contractOfCodeKey(codeID: 1, number: 2)
                == ComputeStore.contractCountKey(codeID: 1) + [0, 0, 0, 0, 0, 0, 0, 2])
        #expect(
            ComputeStore.listedUnderCodeKey(codeID: 1, address)
                == ComputeStore.contractCountKey(codeID: 1) + address.bytes)
        #expect(
            ComputeStore.historyKey(address, 255).lexicographicallyPrecedes(ComputeStore.historyKey(address, 256)))
        let balance = BankStore.balance(ofKey: BankStore.balanceKey(address, "uscrt"))
        #expect(balance?.address == address && balance?.denomination == "uscrt")
        #expect(BankStore.balance(ofKey: [2, 20, 1]) == nil)
        #expect(BankStore.encodeHoldings(["uscrt", "ibc/AB"]) == Array("ibc/AB,uscrt".utf8))
        #expect(BankStore.holdings(Array("ibc/AB,uscrt".utf8)) == ["ibc/AB", "uscrt"])
        #expect(BankStore.encodeHoldings([]) == nil && BankStore.holdings(nil) == [])
        for malformed in ["", "uscrt,ibc/AB", "uscrt,uscrt", "uscrt,", "u"] {
            #expect(BankStore.holdings(Array(malformed.utf8)) == nil)
        }
    }

    @Test("records survive a round trip")
    func records() throws {
        let key = AccountKey.secp256k1(GoldenTransaction.publicKey)
        for record in [
            AccountRecord(address: address, accountNumber: 0),
            AccountRecord(address: address, publicKey: key.any, accountNumber: 3, sequence: 9),
            AccountRecord(
                address: ModuleAddress.mint, accountNumber: 1, module: .init(name: "mint", permissions: ["minter", ""])),
        ] {
            #expect(try AccountRecord(decoding: record.encoded) == record)
        }
        let code = CodeInfo(codeHash: SHA256.hash([1]), creator: address, source: "", builder: "b")
        #expect(try CodeInfo(decoding: code.encoded) == code)
        let point = CreationPoint(blockHeight: 5, transactionIndex: 0)
        var contract = ContractInfo(
            codeID: 1, creator: address, label: "l", created: point, admin: address, adminProof: [1])
        #expect(try ContractInfo(decoding: contract.encoded) == contract)
        contract.admin = nil
        contract.requiresGovernance = true
        #expect(try ContractInfo(decoding: contract.encoded) == contract)
        let identity = ContractKey(original: [1], current: [2], currentProof: [3])
        #expect(try ContractKey(decoding: identity.encoded) == identity)
        let entry = ContractHistoryEntry(operation: .migrate, codeID: 2, updated: point, message: [4])
        #expect(try ContractHistoryEntry(decoding: entry.encoded) == entry)
        #expect(RegisterStore.masterKey(decoding: RegisterStore.encodeMasterKey(SHA256.hash([]))) == SHA256.hash([]))
        #expect(RegisterStore.masterKey(decoding: [1]) == nil)
    }

    @Test("records with unknown fields or cut short are refused")
    func illegalRecords() {
        let record = AccountRecord(address: address, accountNumber: 3, sequence: 9).encoded
        #expect(throws: TransactionError.self) { try AccountRecord(decoding: Array(record.dropLast())) }
        #expect(throws: TransactionError.unknownField(9)) {
            try AccountRecord(decoding: record + ProtobufWriter.encode { $0.uint64(9, 1) })
        }
        #expect(throws: TransactionError.self) { try CodeInfo(decoding: []) }
        #expect(BankStore.amount(nil) == 0 && BankStore.amount(BankStore.encode(12)) == 12)
        #expect(BankStore.amount(Array("x".utf8)) == nil)
    }

    @Test("gas is counted to the unit, and running out reports what was asked for")
    func gasMeter() throws {
        var meter = GasMeter(limit: 100)
        try meter.consume(60, at: "a")
        #expect(meter.consumed == 60 && meter.remaining == 40)
        try meter.consume(40, at: "b")
        let error = #expect(throws: OutOfGas.self) { try meter.consume(1, at: "c") }
        #expect(error?.description == "out of gas in location: c; gasWanted: 100, gasUsed: 101: out of gas")
        #expect(meter.consumed == 101 && meter.remaining == 0)
        var large = GasMeter(limit: UInt64.max)
        try large.consume(UInt64.max, at: "a")
        #expect(throws: OutOfGas.self) { try large.consume(1, at: "b") }
        #expect(large.consumed == UInt64.max)
    }

    @Test("prices are those of the schedule")
    func prices() {
        #expect(GasSchedule.ante(byteCount: 300, signatureCount: 1) == 9_000)
        #expect(GasSchedule.send(coinCount: 1) == 4_000 && GasSchedule.send(coinCount: 3) == 6_000)
        #expect(GasSchedule.multiSend(outputCount: 2) == 8_000)
        #expect(GasSchedule.contractCall(wasmGas: 2_999) == 20_003)
        #expect(GasSchedule.storeCode(byteCount: 482_403) == 385_922)
        #expect(GasSchedule.read(keyByteCount: 53, sizeClass: 64) == 217)
        #expect(GasSchedule.write(keyByteCount: 53, sizeClass: 64) == 785)
    }
}
