import Ante
import Bank
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StateProofs
import Wire

/// Which parts of the state a driven transaction will read, as far as the host can tell beforehand.
struct Prefetch {
    /// What guesses may add to a frame.
    static let guessedBytesMax = 1 << 20
    private static let keysMax = 512

    private var keys: [(store: String, keys: [[UInt8]])] = []
    private var seen: Set<ReadMemory.Key> = []
    private var budget = GuessBudget(bytesLeft: Prefetch.guessedBytesMax)

    /// Who runs how much of what: the accounts and balances the enclave proves, and the records of what is called.
    init(_ form: TransactionForm, on state: any LedgerReading) throws {
        let fee = form.transaction.authentication.fee
        for signer in form.transaction.signers { add(AccountStore.accountKey(signer), in: StoreName.account) }
        let (source, payer) = (form.transaction.feeSource, form.transaction.feePayer)
        add([BankModule.feeDenomination] + fee.amount.map(\.denomination), of: source)
        if source != payer {
            add(FeegrantStore.grantKey(from: source, to: payer), in: StoreName.feegrant)
            add(AccountStore.accountKey(source), in: StoreName.account)
        }
        add(BankStore.sendDefaultKey, in: StoreName.bank)
        for (message, compute) in zip(form.transaction.body.messages, form.computeMessages) {
            if let compute {
                add([BankModule.feeDenomination] + compute.funds.map(\.denomination), of: compute.sender)
                try add(compute, on: state)
            } else if case .send(let send) = try? BankMessage.decode(message) {
                add(send.amount.map(\.denomination), of: send.from)
            }
        }
    }

    /// Adds what earlier calls of the same contracts asked for, as far as it is small.
    mutating func add(_ form: TransactionForm, from memory: inout ReadMemory, on state: any LedgerReading) throws {
        for compute in form.computeMessages {
            guard let compute, let contract = compute.calledContract else { continue }
            for guess in memory.keys(contract: contract, sender: compute.sender) where !seen.contains(guess) {
                add(guess.key, in: guess.store, size: try state.value(of: guess.key, in: guess.store)?.count ?? 0)
            }
        }
    }

    /// What was collected and is not known to the enclave yet.
    func unknown(besides known: Set<ReadMemory.Key>) -> [StoreKeys] {
        keys.compactMap { store, keys in
            let unknown = keys.filter { !known.contains(ReadMemory.Key(store: store, key: $0)) }
            return unknown.isEmpty ? nil : StoreKeys(store: store, keys: unknown)
        }
    }

    private mutating func add(_ compute: ComputeMessage, on state: any LedgerReading) throws {
        switch compute {
        case .storeCode:
            add(ComputeStore.lastCodeIDKey, in: StoreName.compute)
        case .instantiate(let message):
            add(ComputeStore.codeKey(message.codeID), in: StoreName.compute)
            add(ComputeStore.labelKey(message.label), in: StoreName.compute)
            add(ComputeStore.lastContractIDKey, in: StoreName.compute)
            addOwner(ofInput: message.message)
        case .execute(let message):
            try add(contract: message.contract, on: state)
            addOwner(ofInput: message.message)
        case .migrate(let message):
            try add(contract: message.contract, on: state)
            add(ComputeStore.codeKey(message.codeID), in: StoreName.compute)
            addOwner(ofInput: message.message)
            // The enclave looks for the last entry of the history, and at each number on the way.
            _ = try ComputeStore.lastNumber { number in
                let key = ComputeStore.historyKey(message.contract, number)
                // It holds what a user sent, which may be long.
                let value = try state.value(of: key, in: StoreName.compute)
                add(key, in: StoreName.compute, size: value?.count ?? 0)
                return value != nil
            }
        case .updateAdmin(let message): try add(contract: message.contract, on: state)
        case .clearAdmin(let message): try add(contract: message.contract, on: state)
        case .authenticate: add(RegisterStore.policyKey, in: StoreName.register)
        }
    }

    private mutating func add(contract: AccountAddress, on state: any LedgerReading) throws {
        let key = ComputeStore.contractKey(contract)
        add(key, in: StoreName.compute)
        add(ComputeStore.identityKey(contract), in: StoreName.compute)
        guard let value = try state.value(of: key, in: StoreName.compute), let info = try? ContractInfo(decoding: value)
        else { return }
        add(ComputeStore.codeKey(info.codeID), in: StoreName.compute)
    }

    /// Encrypted input begins with a nonce (Secret Network protocol: message encryption).
    private mutating func addOwner(ofInput input: [UInt8]) {
        guard let nonce = Hash32(input.prefix(32)) else { return }
        add(ComputeStore.inputOwnerKey(nonce: nonce), in: StoreName.compute)
    }

    private mutating func add(_ denominations: [String], of address: AccountAddress) {
        for denomination in denominations where Coin.isDenomination(denomination) {
            add(BankStore.balanceKey(address, denomination), in: StoreName.bank)
            add(BankStore.sendEnabledKey(denomination), in: StoreName.bank)
        }
    }

    /// Adds a key whose value has `size` bytes, if there is room for that.
    private mutating func add(_ key: [UInt8], in store: String, size: Int) {
        if budget.take(size) { add(key, in: store) }
    }

    private mutating func add(_ key: [UInt8], in store: String) {
        let place = keys.firstIndex { $0.store == store }
        guard key.count <= StateKey.byteCountMax, place.map({ keys[$0].keys.count < Prefetch.keysMax }) ?? true,
            seen.insert(ReadMemory.Key(store: store, key: key)).inserted
        else { return }
        if let place { keys[place].keys.append(key) } else { keys.append((store, [key])) }
    }
}

extension ComputeMessage {
    /// The contract whose code a message runs or changes; none for what makes something new.
    var calledContract: AccountAddress? {
        switch self {
        case .storeCode, .instantiate, .authenticate: nil
        case .execute(let message): message.contract
        case .migrate(let message): message.contract
        case .updateAdmin(let message): message.contract
        case .clearAdmin(let message): message.contract
        }
    }
}
