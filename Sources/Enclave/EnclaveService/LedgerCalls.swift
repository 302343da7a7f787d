import EnclaveProtocol
import LedgerRecords
import SignedTransactions
import StateProofs

/// Ledger messages that the enclave orders within one transaction, in scopes that the host mirrors.
///
/// The host's answers are vouched facts. What a message moves is counted in `FundsCover` only if it was covered there,
/// so a lie about a result can make a transaction fail or pass on every node alike, and cannot make funds appear.
final class LedgerCalls {
    private let run: BlockRun
    private let session: LaneSession
    private let context: CallContext
    private let transactionIndex: UInt32
    private var sequence: UInt32 = 0
    private var nextScope: UInt32 = 1
    /// Open scopes, innermost last; and whether the host has seen a message in each, or in one inside it.
    private var scopes: [(number: UInt32, isKnownToHost: Bool)] = []

    init(run: BlockRun, session: LaneSession, context: CallContext, transactionIndex: UInt32) {
        self.run = run
        self.session = session
        self.context = context
        self.transactionIndex = transactionIndex
    }

    // MARK: - Scopes

    struct Scope { fileprivate var number: UInt32 }

    func openScope() -> Scope {
        let number = nextScope
        nextScope += 1
        scopes.append((number, false))
        context.writes.open()
        run.funds.open()
        return Scope(number: number)
    }

    func merge(_ scope: Scope) {
        let closed = scopes.removeLast()
        precondition(closed.number == scope.number)
        if closed.isKnownToHost, !scopes.isEmpty { scopes[scopes.count - 1].isKnownToHost = true }
        context.writes.merge()
        run.funds.merge()
    }

    func discard(_ scope: Scope) throws(Failure) {
        let closed = scopes.removeLast()
        precondition(closed.number == scope.number)
        context.writes.discard()
        run.funds.discard()
        guard closed.isKnownToHost else { return }
        guard case .scopeReverted = try session.ask(.revertScope(scope.number)) else { throw Failure.unexpectedMessage }
    }

    // MARK: - Messages

    /// Sends coins that are covered; the events of it.
    ///
    /// A contract may be told the events of what it asked for, and no header commits to events. So they are made here,
    /// as the bank module makes them, and the host's are not looked at.
    func transfer(_ coins: Coins, from sender: AccountAddress, to receiver: AccountAddress) throws -> [Event] {
        guard !coins.isEmpty else { return [] }
        try context.meter.consume(GasSchedule.send(coinCount: coins.list.count), at: "bank send")
        try requireSendable(coins, to: receiver)
        try requireCover(of: coins, by: sender)
        let message = BankMessage.send(.init(from: sender, to: receiver, amount: coins.list)).any
        _ = try ask(message, signer: sender)
        try run.funds.move(coins, from: sender, to: receiver)
        let (amount, from, to) = (coins.description, sender.description, receiver.description)
        return [
            Event("coin_spent", ["spender": from, "amount": amount]),
            Event("coin_received", ["receiver": to, "amount": amount]),
            Event("transfer", ["recipient": to, "sender": from, "amount": amount]),
            Event("message", ["sender": from]),
        ]
    }

    /// The attack: a host says that coins moved which the chain keeps from being sent, or to a module that takes none,
    /// and a contract counts on them. Governance changes this behind a block's transactions alone.
    private func requireSendable(_ coins: Coins, to receiver: AccountAddress) throws {
        guard !ModuleAddress.blocked.contains(receiver) else {
            throw MessageFailure.sdk(.unauthorized, "\(receiver) is not allowed to receive funds")
        }
        let entries = coins.list.map { BankStore.sendEnabledKey($0.denomination) }
        let values = try run.state.values(StoreName.bank, entries + [BankStore.sendDefaultKey])
        for (coin, entry) in zip(coins.list, values) {
            guard let isEnabled = BankStore.isSendEnabled(entry, default: values[entries.count]) else {
                throw Failure.stateRecordMalformed
            }
            if !isEnabled {
                let text = "transfers are currently disabled: send transactions are disabled"
                throw MessageFailure(codespace: "bank", code: 5, log: "\(coin.denomination) \(text)")
            }
        }
    }

    /// Whether nothing of `account` counts, from before this block or received in it.
    func holdsNothing(_ account: AccountAddress) throws(Failure) -> Bool {
        try run.funds.denominations(of: account).isEmpty
    }

    private func requireCover(of coins: Coins, by owner: AccountAddress) throws {
        try run.debitHostTransactions(before: Int(transactionIndex), chainID: context.block.chainID)
        if let failure = try run.funds.lack(of: coins, of: owner) { throw failure }
    }

    /// Runs a message of another module that the user signed: its response, and its events as far as the enclave knows
    /// the module. The host's own are not asked for; nothing covers them.
    func runSigned(_ message: AnyMessage) throws -> (AnyMessage, [Event]) {
        let signers = try message.signers()
        switch try decode(message) {
        case .send(let send):
            guard let coins = try? Coins(send.amount), !coins.isEmpty else {
                // As the bank module: what it refuses was worked on.
                try context.meter.consume(GasSchedule.send(coinCount: send.amount.count), at: "bank send")
                throw MessageFailure.sdk(.invalidCoins, "\(send.amount)")
            }
            let events = try transfer(coins, from: send.from, to: send.to)
            return (MessageResponse.empty(toMessage: message.typeURL), events)
        case .multiSend(let multiSend):
            try context.meter.consume(
                GasSchedule.multiSend(outputCount: multiSend.outputs.count), at: "bank multi send")
            try run.debitHostTransactions(before: Int(transactionIndex), chainID: context.block.chainID)
            for input in multiSend.inputs {
                guard let coins = try? Coins(input.coins), try run.funds.covers(coins, of: input.address) else {
                    throw MessageFailure.sdk(.insufficientFunds, "inputs are not covered")
                }
                try run.funds.debit(coins, from: input.address)
            }
            return (try ask(message, signer: signers[0]).response, try events(of: multiSend))
        case nil:
            guard let gas = try price(of: message) else {
                throw MessageFailure.sdk(.unknownRequest, "no message handler found for \(message.typeURL)")
            }
            try context.meter.consume(gas, at: message.typeURL)
            try run.debitHostTransactions(before: Int(transactionIndex), chainID: context.block.chainID)
            try run.debit(message)
            return (try ask(message, signer: signers[0]).response, [])
        }
    }

    /// Runs a message of another module for a contract that is its only signer, if what it takes is covered.
    ///
    /// The attack: a contract that hears of a stake or a reward what the host says acts on what is not there. So it
    /// hears whether the ledger refused, which is vouched for, and no event and no data; what came of it the next
    /// block's records say. What the ledger pays out counts from then on, too.
    func run(_ message: AnyMessage, of contract: AccountAddress) throws {
        guard let gas = try price(of: message), let taken = try? message.takenCoins(),
            let coins = try? Coins.sum(taken.map { try Coins([$0]) })
        else { throw MessageFailure.sdk(.invalidCoins, "malformed \(message.typeURL)") }
        try context.meter.consume(gas, at: message.typeURL)
        try requireCover(of: coins, by: contract)
        try run.debit(message)
        _ = try ask(message, signer: contract)
    }

    /// As the bank module makes them, which has found one input and valid coins.
    private func events(of multiSend: BankMessage.MultiSend) throws(MessageFailure) -> [Event] {
        var events = [Event]()
        for input in multiSend.inputs {
            let sender = input.address.description
            events.append(Event("coin_spent", ["spender": sender, "amount": try text(input.coins)]))
            events.append(Event("message", ["sender": sender]))
        }
        let sender = multiSend.inputs.first?.address.description ?? ""
        for output in multiSend.outputs {
            let (receiver, amount) = (output.address.description, try text(output.coins))
            events.append(Event("coin_received", ["receiver": receiver, "amount": amount]))
            events.append(Event("transfer", ["recipient": receiver, "sender": sender, "amount": amount]))
        }
        return events
    }

    private func text(_ list: [Coin]) throws(MessageFailure) -> String {
        guard let coins = try? Coins(list) else { throw MessageFailure.sdk(.invalidCoins) }
        return coins.description
    }

    /// A user signed it, and only its signer has been looked at so far.
    private func decode(_ message: AnyMessage) throws(MessageFailure) -> BankMessage? {
        do {
            return try BankMessage.decode(message)
        } catch {
            throw MessageFailure.sdk(.malformedTransaction, "malformed message \(message.typeURL)")
        }
    }

    /// `nil` for a message that holds one which the enclave runs: it would run for somebody who has not signed it.
    private func price(of message: AnyMessage) throws(MessageFailure) -> UInt64? {
        do {
            return try message.gas()
        } catch {
            throw MessageFailure.sdk(.malformedTransaction, "malformed message \(message.typeURL)")
        }
    }

    private func ask(_ message: AnyMessage, signer: AccountAddress) throws -> LedgerMessageResult {
        guard message.value.count <= ServiceLimits.ledgerMessageBytesMax else {
            throw MessageFailure.sdk(.transactionTooLarge, "\(message.typeURL) has \(message.value.count) bytes")
        }
        guard run.ledgerMessages < ServiceLimits.ledgerMessagesPerBlockMax else {
            throw MessageFailure.sdk(.transactionTooLarge, "this block has no more room for ledger messages")
        }
        run.ledgerMessages += 1
        var question = LedgerMessage()
        question.scope = scopes.last?.number ?? 0
        question.signer = signer.bytes
        question.typeURL = message.typeURL
        question.value = Array(message.value)
        for index in scopes.indices { scopes[index].isKnownToHost = true }
        guard case .ledgerMessage(let result) = try session.ask(.runLedgerMessage(question)) else {
            throw Failure.unexpectedMessage
        }
        try run.hear(result, index: transactionIndex, sequence: sequence)
        sequence += 1
        guard result.code == 0 else {
            throw MessageFailure.ledger(result)
        }
        return result
    }
}

extension LedgerMessageResult {
    fileprivate var response: AnyMessage { AnyMessage(typeURL: responseTypeURL, value: data) }
}
