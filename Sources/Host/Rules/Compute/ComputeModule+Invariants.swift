import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StateProofs
import Wire

extension ComputeModule {
    /// Codes have the numbers up to the last one given out. Every contract is of a code that there is, alone has its
    /// label, has the keys that bind it to its code, a history without a gap that ends with its code, and a place in
    /// the code's list; sealed values are a contract's. Nothing else is in the store.
    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        var check = ComputeCheck(state)
        try state.visit(StoreName.compute) { try check.look(at: $0) }
        return try check.finish()
    }
}

/// Looks at the records in the order of their keys; what one needs of another, it looks up.
private struct ComputeCheck {
    private let state: any LedgerReading
    private var broken: [String] = []
    private var codes: UInt64 = 0
    private var contracts: UInt64 = 0
    private var labels: UInt64 = 0
    private var identities: UInt64 = 0
    /// How many entries each code's list has, and how many contracts are marked as standing there.
    private var lists: [(code: UInt64, entries: UInt64, marks: UInt64)] = []

    init(_ state: any LedgerReading) { self.state = state }

    private func value(_ key: [UInt8]) throws -> [UInt8]? { try state.value(of: key, in: StoreName.compute) }

    private func number(_ key: [UInt8]) throws -> UInt64? {
        guard let value = try value(key) else { return 0 }
        return StateKey.number(decoding: value)
    }

    mutating func look(at entry: LedgerEntry) throws {
        let rest = Array(entry.key.dropFirst())
        switch entry.key.first {
        case 0x01: code(rest, entry.value)
        case 0x02: try contract(rest, entry.value)
        case 0x03: try sealed(rest)
        case 0x04 where entry.key == ComputeStore.lastCodeIDKey || entry.key == ComputeStore.lastContractIDKey: break
        case 0x06:
            identities += 1
            if (try? ContractKey(decoding: entry.value)) == nil { note("a contract's keys are none", entry.key) }
        case 0x07:
            labels += 1
            try label(entry)
        case 0x09: try history(rest, entry.value)
        case 0x0a: try list(entry)
        case 0x0d where rest.count == Hash32.byteCount:
            if entry.value.count != Hash32.byteCount { note("the owner of an input is none", entry.key) }
        default: note("a record that is none", entry.key)
        }
    }

    private mutating func note(_ text: String, _ key: [UInt8]) {
        broken.append("\(text): \(Hexadecimal.encode(key))")
    }

    private mutating func code(_ id: [UInt8], _ value: [UInt8]) {
        codes += 1
        if StateKey.number(decoding: id) != codes { note("codes do not count from 1 without a gap", id) }
        if (try? CodeInfo(decoding: value)) == nil { note("a code that is none", id) }
    }

    private mutating func contract(_ bytes: [UInt8], _ value: [UInt8]) throws {
        contracts += 1
        guard let address = AccountAddress(bytes), let info = try? ContractInfo(decoding: value) else {
            return note("a contract that is none", bytes)
        }
        if try self.value(ComputeStore.codeKey(info.codeID)) == nil {
            broken.append("contract \(address) is of code \(info.codeID), which there is not")
        }
        if try self.value(ComputeStore.labelKey(info.label)) != address.bytes {
            broken.append("contract \(address) does not have its label")
        }
        if try self.value(ComputeStore.identityKey(address)) == nil {
            broken.append("contract \(address) has no keys")
        }
        if try self.value(ComputeStore.listedUnderCodeKey(codeID: info.codeID, address)) != ComputeStore.marker {
            broken.append("contract \(address) is not in the list of its code")
        }
        let last = try ComputeStore.lastNumber { try self.value(ComputeStore.historyKey(address, $0)) != nil }
        let entry = try self.value(ComputeStore.historyKey(address, last))
        if entry.flatMap({ try? ContractHistoryEntry(decoding: $0) })?.codeID != info.codeID {
            broken.append("the history of contract \(address) does not end with its code")
        }
    }

    private mutating func sealed(_ rest: [UInt8]) throws {
        guard rest.count == AccountAddress.byteCount + Hash32.byteCount,
            let address = AccountAddress(rest.prefix(AccountAddress.byteCount)),
            try value(ComputeStore.contractKey(address)) != nil
        else { return note("a sealed value of no contract", rest) }
    }

    private mutating func label(_ entry: LedgerEntry) throws {
        guard let address = AccountAddress(entry.value),
            let info = try value(ComputeStore.contractKey(address)).flatMap({ try? ContractInfo(decoding: $0) }),
            ComputeStore.labelKey(info.label) == entry.key
        else { return note("a label of no contract", entry.key) }
    }

    private mutating func history(_ rest: [UInt8], _ value: [UInt8]) throws {
        guard let address = AccountAddress(rest.prefix(AccountAddress.byteCount)),
            let number = StateKey.number(decoding: rest.dropFirst(AccountAddress.byteCount)), number > 0,
            let entry = try? ContractHistoryEntry(decoding: value),
            try self.value(ComputeStore.contractKey(address)) != nil
        else { return note("an entry of no contract's history", rest) }
        if (number == 1) == (entry.operation == .migrate) {
            broken.append("entry \(number) in the history of contract \(address) says \(entry.operation)")
        }
        if number > 1, try self.value(ComputeStore.historyKey(address, number - 1)) == nil {
            broken.append("the history of contract \(address) has a gap before \(number)")
        }
    }

    /// Count, numbered entries and marks of one code stand together.
    private mutating func list(_ entry: LedgerEntry) throws {
        let rest = entry.key.dropFirst()
        guard rest.count >= 8, let code = StateKey.number(decoding: rest.prefix(8)) else {
            return note("a list of no code", entry.key)
        }
        if lists.last?.code != code { lists.append((code, 0, 0)) }
        let name = rest.dropFirst(8)
        switch name.count {
        case 0: break
        case 8:
            lists[lists.count - 1].entries += 1
            guard let address = AccountAddress(entry.value),
                try value(ComputeStore.listedUnderCodeKey(codeID: code, address)) != nil
            else { return note("an entry in a code's list that is not marked", entry.key) }
        case AccountAddress.byteCount:
            lists[lists.count - 1].marks += 1
            guard entry.value == ComputeStore.marker, let address = AccountAddress(name),
                try value(ComputeStore.contractKey(address)) != nil
            else { return note("no contract is marked in a code's list", entry.key) }
        default: note("a list of no code", entry.key)
        }
    }

    mutating func finish() throws -> [String] {
        if try number(ComputeStore.lastCodeIDKey) != codes {
            broken.append("there are \(codes) codes, not as many as said")
        }
        if try number(ComputeStore.lastContractIDKey) != contracts {
            broken.append("there are \(contracts) contracts, not as many as said")
        }
        if labels != contracts { broken.append("\(labels) labels are given to \(contracts) contracts") }
        if identities != contracts {
            broken.append("\(identities) contracts' keys are there for \(contracts) contracts")
        }
        for list in lists {
            let said = try number(ComputeStore.contractCountKey(codeID: list.code))
            if said != list.entries || said != list.marks {
                broken.append(
                    "the list of code \(list.code) has \(list.entries) entries and \(list.marks) marks, said are others"
                )
            }
        }
        return broken
    }
}
