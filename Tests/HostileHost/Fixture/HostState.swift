import EnclaveProtocol
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore

/// What a host knows of the state in the middle of a block: a snapshot and the writes on top, in the scopes that the
/// enclave orders.
struct HostState {
    let snapshot: StateSnapshot
    private(set) var writes: StateDatabase.Writes = [:]
    /// The writes before each scope that has seen a message, innermost last.
    private var scopes: [(number: UInt32, before: StateDatabase.Writes)] = []

    init(_ snapshot: StateSnapshot) {
        self.snapshot = snapshot
    }

    func get(_ store: String, _ key: [UInt8]) throws -> [UInt8]? {
        if let written = writes[store]?[key] { return written }
        return try snapshot.get(store, key)
    }

    mutating func set(_ store: String, _ key: [UInt8], _ value: [UInt8]?) {
        writes[store, default: [:]].updateValue(value, forKey: key)
    }

    // MARK: - Scopes

    mutating func enter(_ scope: UInt32) {
        while let top = scopes.last, top.number > scope { scopes.removeLast() }
        if scopes.last?.number != scope { scopes.append((scope, writes)) }
    }

    mutating func revert(_ scope: UInt32) {
        guard let first = scopes.firstIndex(where: { $0.number >= scope }) else { return }
        writes = scopes[first].before
        scopes.removeSubrange(first...)
    }

    mutating func leaveTransaction(reverting before: StateDatabase.Writes?) {
        scopes = []
        if let before { writes = before }
    }

    // MARK: - The ledger

    func balance(_ address: AccountAddress, _ denomination: String = "uscrt") throws -> UInt128 {
        BankStore.amount(try get(StoreName.bank, BankStore.balanceKey(address, denomination)))!
    }

    mutating func setBalance(_ amount: UInt128, of address: AccountAddress, _ denomination: String = "uscrt") throws {
        let key = BankStore.balanceKey(address, denomination)
        set(StoreName.bank, key, amount == 0 ? nil : BankStore.encode(amount))
        var held = BankStore.holdings(try get(StoreName.bank, BankStore.holdingsKey(address)))!
        if amount == 0 { held.remove(denomination) } else { held.insert(denomination) }
        set(StoreName.bank, BankStore.holdingsKey(address), BankStore.encodeHoldings(held))
    }

    /// Whether the sender had them.
    mutating func move(_ coins: [Coin], from sender: AccountAddress, to receiver: AccountAddress) throws -> Bool {
        for coin in coins {
            guard try balance(sender, coin.denomination) >= coin.amount else { return false }
            try setBalance(balance(sender, coin.denomination) - coin.amount, of: sender, coin.denomination)
            try setBalance(balance(receiver, coin.denomination) + coin.amount, of: receiver, coin.denomination)
        }
        return true
    }

    func account(_ address: AccountAddress) throws -> AccountRecord? {
        try get(StoreName.account, AccountStore.accountKey(address)).map { try AccountRecord(decoding: $0) }
    }

    mutating func setAccount(_ account: AccountRecord) {
        set(StoreName.account, AccountStore.accountKey(account.address), account.encoded)
    }

    /// The ante part of a transaction: the fee and the sequences; `false` if the host must refuse it.
    mutating func runAnte(_ transaction: Transaction) throws -> Bool {
        let before = writes
        for (index, signer) in transaction.signers.enumerated() {
            guard var account = try account(signer),
                account.sequence == transaction.authentication.signers[index].sequence
            else {
                writes = before
                return false
            }
            account.sequence += 1
            account.publicKey = account.publicKey ?? transaction.authentication.signers[index].publicKey
            setAccount(account)
        }
        let fee = transaction.authentication.fee.amount
        guard try move(fee, from: transaction.feeSource, to: ModuleAddress.feeCollector) else {
            writes = before
            return false
        }
        return true
    }

    /// A ledger message: coins that are sent, and nothing else.
    mutating func run(_ message: AnyMessage) throws -> LedgerMessageResult {
        var result = LedgerMessageResult()
        result.responseTypeURL = MessageResponse.empty(toMessage: message.typeURL).typeURL
        guard case .send(let send)? = try BankMessage.decode(message) else {
            result.code = 6
            result.codespace = "sdk"
            result.log = "unknown request"
            return result
        }
        guard try move(send.amount, from: send.from, to: send.to) else {
            result.code = 5
            result.codespace = "sdk"
            result.log = "insufficient funds"
            return result
        }
        return result
    }
}
