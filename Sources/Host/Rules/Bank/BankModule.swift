import Auth
import EnclaveProtocol
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import Wire

/// Balances, and the messages that move them.
package struct BankModule: LedgerModule {
    package let name = "bank"
    package let stores = [StoreName.bank]

    /// What fees are paid in.
    package static let feeDenomination = "uscrt"

    package init() {}

    package var messages: [MessageHandler] {
        [BankMessage.sendTypeURL, BankMessage.multiSendTypeURL].map { typeURL in
            MessageHandler(typeURL, readForm: { _ = try BankModule.decode($0) }) { message, block, state in
                try BankModule.run(message, at: block.time, on: state)
            }
        } + BankParameters.messages
    }

    private static func run(
        _ message: AnyMessage, at time: Timestamp, on state: any LedgerState
    ) throws -> MessageOutcome {
        let events =
            switch try decode(message) {
            case .send(let send): try BankModule.send(send, at: time, on: state)
            case .multiSend(let multiSend): try BankModule.multiSend(multiSend, at: time, on: state)
            }
        return MessageOutcome(response: MessageResponse.empty(toMessage: message.typeURL), events: events)
    }

    private static func decode(_ message: AnyMessage) throws(TransactionRefusal) -> BankMessage {
        do throws(TransactionError) {
            guard let decoded = try BankMessage.decode(message) else { throw .unknownMessageType(message.typeURL) }
            return decoded
        } catch {
            throw error.refusal
        }
    }

    private static func send(
        _ message: BankMessage.Send, at time: Timestamp, on state: any LedgerState
    ) throws -> [Event] {
        let coins = try valid(message.amount)
        try BankParameters.requireSendEnabled(coins, in: state)
        try refuseIfBlocked(message.to)
        try move(coins, from: message.from, to: message.to, at: time, on: state)
        return eventsOfMove(coins, from: message.from, to: message.to)
    }

    /// One input, whose coins the outputs share out exactly.
    private static func multiSend(
        _ message: BankMessage.MultiSend, at time: Timestamp, on state: any LedgerState
    ) throws -> [Event] {
        guard let input = message.inputs.first else { throw refusal(2, "no inputs to send transaction") }
        guard message.inputs.count == 1 else { throw refusal(9, "multiple senders not allowed") }
        guard !message.outputs.isEmpty else { throw refusal(3, "no outputs to send transaction") }
        let total = try valid(input.coins)
        let parts = try message.outputs.map { try valid($0.coins) }
        guard let sum = try? Coins.sum(parts), sum == total else { throw refusal(4, "sum inputs != sum outputs") }
        try BankParameters.requireSendEnabled(total, in: state)
        for output in message.outputs { try refuseIfBlocked(output.address) }
        try take(total, from: input.address, at: time, on: state)
        let sender = input.address.description
        var events = [spent(total, by: sender), Event("message", ["sender": sender])]
        for (output, coins) in zip(message.outputs, parts) {
            try give(coins, to: output.address, on: state)
            events += received(coins, by: output.address.description, from: sender)
            try AuthModule.createIfAbsent(output.address, on: state)
        }
        return events
    }

    /// Of a recipient whom a user chose.
    package static func refuseIfBlocked(_ address: AccountAddress) throws(TransactionRefusal) {
        guard !ModuleAccount.isBlocked(address) else {
            throw .unauthorized("\(address) is not allowed to receive funds")
        }
    }

    /// Coins as a user wrote them: none, unsorted or doubled ones are refused.
    package static func valid(_ list: [Coin]) throws(TransactionRefusal) -> Coins {
        guard let coins = try? Coins(list), !coins.isEmpty else {
            throw .invalidCoins(list.map(\.description).joined(separator: ","))
        }
        return coins
    }

    private static func refusal(_ code: UInt32, _ text: String) -> TransactionRefusal {
        TransactionRefusal(codespace: "bank", code: code, log: text)
    }
}

extension BankModule {
    /// Moves coins and creates the recipient's account when it has none. Who may move them is the caller's business.
    ///
    /// `time` is the block's, and says what of a vesting account's coins can be moved. Without one, as for what modules
    /// have of their own, nothing has vested.
    package static func move(
        _ coins: Coins, from sender: AccountAddress, to recipient: AccountAddress, at time: Timestamp = .goZero,
        on state: any LedgerState
    ) throws {
        try take(coins, from: sender, at: time, on: state)
        try give(coins, to: recipient, on: state)
        try AuthModule.createIfAbsent(recipient, on: state)
    }

    /// What a block tells of a `move`. Apart from it, since most of the work is the texts of the addresses, and nobody
    /// reads the events of a check.
    package static func eventsOfMove(
        _ coins: Coins, from sender: AccountAddress, to recipient: AccountAddress
    ) -> [Event] {
        let sender = sender.description
        return [spent(coins, by: sender)] + received(coins, by: recipient.description, from: sender) + [
            Event("message", ["sender": sender])
        ]
    }

    static func spent(_ coins: Coins, by spender: String) -> Event {
        Event("coin_spent", ["spender": spender, "amount": coins.description])
    }

    private static func received(_ coins: Coins, by recipient: String, from sender: String) -> [Event] {
        let amount = coins.description
        return [
            received(coins, by: recipient),
            Event("transfer", ["recipient": recipient, "sender": sender, "amount": amount]),
        ]
    }

    static func received(_ coins: Coins, by recipient: String) -> Event {
        Event("coin_received", ["receiver": recipient, "amount": coins.description])
    }

    /// Takes coins from who has them and may spend them. Alone, it leaves less than the supply: for who forgets what it
    /// did, as a check does.
    package static func take(
        _ coins: Coins, from address: AccountAddress, at time: Timestamp = .goZero, on state: any LedgerState
    ) throws {
        let vesting = try AuthModule.vesting(of: address, on: state)
        for coin in coins.list {
            let balance = try balance(of: address, denomination: coin.denomination, on: state)
            let locked = vesting?.locked(coin.denomination, at: time.seconds) ?? 0
            guard balance >= locked else {
                throw TransactionRefusal.insufficientFunds(
                    "locked amount exceeds account balance funds: \(Coin(locked, coin.denomination)) > "
                        + "\(Coin(balance, coin.denomination))")
            }
            guard balance - locked >= coin.amount else {
                let spendable = Coin(balance - locked, coin.denomination)
                throw TransactionRefusal.insufficientFunds("spendable balance \(spendable) is smaller than \(coin)")
            }
            try setBalance(
                balance - coin.amount, of: address, denomination: coin.denomination, wasHeld: balance > 0, on: state)
        }
    }

    /// No balance can overflow, since the supply is one number of the same width and bounds them all.
    static func give(_ coins: Coins, to address: AccountAddress, on state: any LedgerState) throws {
        for coin in coins.list {
            let balance = try balance(of: address, denomination: coin.denomination, on: state)
            try setBalance(
                balance + coin.amount, of: address, denomination: coin.denomination, wasHeld: balance > 0, on: state)
        }
    }

    package static func balance(
        of address: AccountAddress, denomination: String, on state: any LedgerReading
    ) throws -> UInt128 {
        try amount(of: BankStore.balanceKey(address, denomination), on: state)
    }

    /// A balance of zero has no key.
    package static func setBalance(
        _ amount: UInt128, of address: AccountAddress, denomination: String, on state: any LedgerState
    ) throws {
        let wasHeld = try state.value(of: BankStore.balanceKey(address, denomination), in: StoreName.bank) != nil
        try setBalance(amount, of: address, denomination: denomination, wasHeld: wasHeld, on: state)
    }

    static func setBalance(
        _ amount: UInt128, of address: AccountAddress, denomination: String, wasHeld: Bool, on state: any LedgerState
    ) throws {
        let key = BankStore.balanceKey(address, denomination)
        try state.set(amount == 0 ? nil : BankStore.encode(amount), of: key, in: StoreName.bank)
        guard wasHeld != (amount != 0) else { return }
        let listKey = BankStore.holdingsKey(address)
        guard var held = BankStore.holdings(try state.value(of: listKey, in: StoreName.bank)) else {
            throw CorruptState(store: StoreName.bank, key: listKey)
        }
        if amount == 0 { held.remove(denomination) } else { held.insert(denomination) }
        try state.set(BankStore.encodeHoldings(held), of: listKey, in: StoreName.bank)
    }

    package static func supply(of denomination: String, on state: any LedgerReading) throws -> UInt128 {
        try amount(of: BankStore.supplyKey(denomination), on: state)
    }

    package static func setSupply(_ coin: Coin, on state: any LedgerState) throws {
        let value = coin.amount == 0 ? nil : BankStore.encode(coin.amount)
        try state.set(value, of: BankStore.supplyKey(coin.denomination), in: StoreName.bank)
    }

    private static func amount(of key: [UInt8], on state: any LedgerReading) throws -> UInt128 {
        guard let amount = BankStore.amount(try state.value(of: key, in: StoreName.bank)) else {
            throw CorruptState(store: StoreName.bank, key: key)
        }
        return amount
    }
}
