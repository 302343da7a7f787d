import ContractEngine
import EnclaveProtocol
import Keyring
import LedgerRecords
import PublicCryptography
import SignedTransactions

/// What a contract asks for in return: messages, one after the other and each to its end, and replies about them
/// (Secret Network protocol: contract results, replies).
///
/// Nothing here came from outside. In Secret Network a sub-message and a reply pass through the host, with a signature
/// of the enclave that can be replayed; here a reply is made on the stack of the call that it answers, so there is no
/// frame that a host could send, and no field that a user could sign, to start one.
///
/// Failures found here have fixed texts: they leave in clear, and what a contract wrote into its messages may be what
/// somebody encrypted for it.
extension ContractCaller {
    func dispatch(
        _ messages: [SubMessage], from contract: CallContext.LoadedContract, _ interface: InterfaceVersion,
        at place: Place, into outcome: inout Outcome
    ) throws {
        do {
            for message in messages {
                try dispatch(message, from: contract, interface, at: place, into: &outcome)
                // What its sender said must be the last drops what else the same answer asks for.
                if message.message.isLast { break }
            }
        } catch let failure as MessageFailure {
            throw failure.inSubmessage
        }
    }

    private func dispatch(
        _ message: SubMessage, from contract: CallContext.LoadedContract, _ interface: InterfaceVersion,
        at place: Place,
        into outcome: inout Outcome
    ) throws {
        guard place.depth < ServiceLimits.callDepthMax, place.nesting < ServiceLimits.callNestingMax else {
            throw MessageFailure.enclave("depth of nested contract calls exceeded", .execute)
        }
        var callee = Place(depth: place.depth + 1, nesting: place.nesting + 1, awaitedBy: place.awaitedBy)
        if message.replyOn != .never { callee.awaitedBy = contract.codeHash }
        // A v0.10 contract hands on nothing of who waits for it.
        if interface == .v010 { callee.awaitedBy = nil }
        switch try attempt(message, from: contract, at: callee) {
        case .success(let done):
            let events = done.events.filter { $0.type != "message" }.map(\.sortedByKey)
            outcome.events += events
            guard message.replyOn == .success || message.replyOn == .always else { return }
            let reply = ContractABI.reply(id: message.id, events: events.map(\.forContract), data: done.data)
            var replied = place
            replied.nesting += 1
            if done.interface != .v1 { replied.awaitedBy = nil }
            try self.reply(to: contract, reply, at: replied, into: &outcome)
        case .failure(let failure):
            guard message.replyOn == .error || message.replyOn == .always else { throw failure }
            let isCall = message.message.isForContract
            // A call that failed before or beside its contract has no error that the enclave could vouch for.
            guard !isCall || failure.contractError != nil else {
                throw failure.at("an sdk error occurred while sending a sub-message: ")
            }
            let reply = ContractABI.reply(id: message.id, error: failure.contractError ?? failure.redacted)
            var replied = place
            replied.nesting += 1
            if !isCall { replied.awaitedBy = nil }
            try self.reply(to: contract, reply, at: replied, into: &outcome)
        }
    }

    /// Runs a message in a scope of its own, which is gone if it fails, with the gas that its sender granted.
    private func attempt(
        _ message: SubMessage, from contract: CallContext.LoadedContract, at place: Place
    ) throws -> Result<Outcome, MessageFailure> {
        let scope = writableLedger.openScope()
        do {
            let outcome = try withGas(message.gasLimit) { try run(message.message, from: contract, at: place) }
            writableLedger.merge(scope)
            return .success(outcome)
        } catch let failure as MessageFailure {
            try writableLedger.discard(scope)
            return .failure(failure)
        } catch let outOfGas as OutOfGas {
            // No gas is left for a reply either: the whole transaction fails.
            try writableLedger.discard(scope)
            throw outOfGas
        }
    }

    /// Running out of the granted gas is a failure of the message alone; of the transaction's gas, of all of it.
    private func withGas<Value>(_ limit: UInt64?, _ body: () throws -> Value) throws -> Value {
        guard let limit, limit < context.meter.remaining else { return try body() }
        let outer = context.meter
        context.meter = GasMeter(limit: limit)
        let result = Result { try body() }
        let used = min(context.meter.consumed, limit)
        context.meter = outer
        try context.meter.consume(used, at: "sub-message")
        if case .failure(let error) = result, error is OutOfGas {
            var failure = MessageFailure.sdk(.outOfGas, "SubMsg hit gas limit")
            failure.sealedTrace = context.outOfGasTrace
            context.outOfGasTrace = nil
            throw failure
        }
        return try result.get()
    }

    // MARK: - Messages

    private func run(
        _ message: ContractMessage, from contract: CallContext.LoadedContract, at place: Place
    ) throws -> Outcome {
        try context.refuseAfterLast()
        switch message {
        case .bankSend(let send):
            guard send.fromAddress == nil || send.fromAddress == contract.address.description else {
                throw MessageFailure.sdk(
                    .unauthorized,
                    "contract doesn't have permission to send funds from another account (using BankMsg)")
            }
            let receiver = try address(send.toAddress)
            return Outcome(
                events: try writableLedger.transfer(try coinsToSend(send.amount), from: contract.address, to: receiver))
        case .wasmExecute(let call):
            let address = try address(call.contractAddress)
            guard let funds = Coins(contractCoins: call.funds), let callee = try context.contract(address) else {
                throw MessageFailure.compute(9, "contract: not found")
            }
            let told = try unwrap(call.message, for: call.codeHash, callee.codeHash, .execute, at: place)
            return try execute(callee, sender: contract.address, funds: funds, message: told, at: place)
        case .wasmInstantiate(let call):
            guard let code = try context.codeInfo(call.codeID), let funds = Coins(contractCoins: call.funds) else {
                throw MessageFailure.compute(9, "code: not found")
            }
            let told = try unwrap(call.message, for: call.codeHash, code.codeHash, .instantiate, at: place)
            let admin = try call.admin.flatMap { $0.isEmpty ? nil : try address($0) }
            return try instantiate(
                codeID: call.codeID, code: code, sender: contract.address, label: call.label, admin: admin,
                funds: funds, message: told, history: [], at: place
            ).outcome
        case .wasmMigrate(let call):
            let callee = try context.contract(
                try address(call.contractAddress), administeredBy: contract.address, else: .notMigratedByAdmin)
            guard let code = try context.codeInfo(call.codeID) else {
                throw MessageFailure.sdk(.invalidRequest, "unknown code")
            }
            let told = try unwrap(call.message, for: call.codeHash, code.codeHash, .migrate, at: place)
            return try migrate(
                callee, to: call.codeID, code, sender: contract.address, message: told, history: [], at: place)
        case .wasmUpdateAdmin(let contractAddress, let admin):
            return Outcome(
                events: try context.setAdmin(try address(admin), of: try address(contractAddress), by: contract.address)
            )
        case .wasmClearAdmin(let contractAddress):
            return Outcome(events: try context.setAdmin(nil, of: try address(contractAddress), by: contract.address))
        case .other(let other) where other.kind == "stargate":
            return try runEncoded(other.encoded, from: contract.address)
        case .other(let other) where !other.requests.isEmpty:
            for request in other.requests {
                try writableLedger.run(request.message(from: contract.address), of: contract.address)
            }
            return Outcome()
        case .other(let other):
            switch other.kind {
            case "finalize_tx":
                context.isFinalized = true
                return Outcome()
            case "custom": throw MessageFailure.invalidMessage("Custom variant not supported")
            case "bank.burn": throw MessageFailure.invalidMessage("Unknown variant of Bank")
            default: throw MessageFailure.sdk(.unknownRequest, "a message of this kind is not run here")
            }
        }
    }

    /// A message in the chain's own encoding, which its sender must be the signer of.
    private func runEncoded(_ message: AnyMessage?, from sender: AccountAddress) throws -> Outcome {
        guard let message else {
            throw MessageFailure.compute(3, "invalid stargate message: contract returned an invalid message")
        }
        if ContractCaller.ledgerMessages.contains(message.typeURL) {
            guard (try? message.signers()) == [sender] else {
                throw MessageFailure.sdk(.unauthorized, "contract doesn't have permission")
            }
            try writableLedger.run(message, of: sender)
            return Outcome()
        }
        guard message.typeURL == BankMessage.sendTypeURL else {
            throw MessageFailure.sdk(.unknownRequest, "a message of this type is not run here")
        }
        guard case .send(let send)? = try? BankMessage.decode(message),
            let coins = try? Coins(send.amount), !coins.isEmpty
        else { throw MessageFailure.sdk(.invalidCoins, "malformed bank message") }
        guard send.from == sender else {
            throw MessageFailure.sdk(.unauthorized, "contract doesn't have permission")
        }
        return Outcome(events: try writableLedger.transfer(coins, from: sender, to: send.to))
    }

    /// Of other modules, what contracts send in the chain's own encoding.
    private static let ledgerMessages = Set(
        [
            "distribution.v1beta1.MsgFundCommunityPool", "distribution.v1beta1.MsgSetWithdrawAddress",
            "distribution.v1beta1.MsgWithdrawDelegatorReward", "gov.v1.MsgDeposit", "gov.v1.MsgVote",
            "gov.v1.MsgVoteWeighted", "gov.v1beta1.MsgDeposit", "gov.v1beta1.MsgVote", "gov.v1beta1.MsgVoteWeighted",
            "staking.v1beta1.MsgBeginRedelegate", "staking.v1beta1.MsgCancelUnbondingDelegation",
            "staking.v1beta1.MsgDelegate", "staking.v1beta1.MsgUndelegate",
        ].map { "/cosmos." + $0 })

    /// Coins that a contract sends on their own, of which the ledger wants each positive and once. What they were is
    /// told where it is written as coins are; the other texts that a contract could put there are nobody's.
    private func coinsToSend(_ written: [ContractCoin]) throws(MessageFailure) -> Coins {
        if let coins = Coins(contractCoins: written), coins.list.count == written.count { return coins }
        var list: [Coin] = []
        for coin in written {
            guard let amount = Coin.amount(Array(coin.amount.utf8)), Coin.isDenomination(coin.denomination) else {
                throw .sdk(.invalidCoins, "amount in bank message")
            }
            list.append(Coin(amount, coin.denomination))
        }
        throw .sdk(.invalidCoins, list.map(\.description).joined(separator: ","))
    }

    private func address(_ text: String) throws(MessageFailure) -> AccountAddress {
        guard let address = AccountAddress(bech32: text) else { throw .sdk(.invalidAddress) }
        return address
    }

    /// What a contract's message tells its callee, after the code that it means to call.
    private func unwrap(
        _ message: [UInt8], for named: String, _ codeHash: Hash32, _ operation: ContractOperation, at place: Place
    ) throws -> [UInt8] {
        guard
            let message = ContractCaller.unwrapped(message, for: named, codeHash, isAwaited: place.awaitedBy != nil)
        else { try context.refuse("failed to validate transaction", operation) }
        return message
    }

    /// The message without the name of the code, which is the first 64 characters of both together, in hexadecimal;
    /// `nil` if they name another (Secret Network protocol: input). So a name that is longer goes into the message, and
    /// what a user encrypted has an empty one. Where a reply is waited for, what says so stands between the two in
    /// Secret Network, and the name must be whole. What says so means nothing here: who waits is known from the stack.
    static func unwrapped(_ message: [UInt8], for named: String, _ codeHash: Hash32, isAwaited: Bool) -> [UInt8]? {
        let nameLength = 2 * Hash32.byteCount
        guard named.utf8.count == nameLength || !isAwaited else { return nil }
        let text = Array(named.utf8) + message
        guard text.count >= nameLength,
            Hexadecimal.decode(String(decoding: text[..<nameLength], as: UTF8.self)) == codeHash.bytes
        else { return nil }
        return Array(text[nameLength...])
    }

    // MARK: - Replies

    /// Tells `contract` what became of a message. The code that runs is the contract's now, which the message may have
    /// changed.
    private func reply(
        to contract: CallContext.LoadedContract, _ message: [UInt8], at place: Place, into outcome: inout Outcome
    ) throws {
        guard let contract = try context.contract(contract.address) else { throw Failure.stateRecordMalformed }
        let (output, interface) = try run(
            .reply, contract, sender: nil, funds: .none, message: message, operation: .reply, awaitedBy: place.awaitedBy
        )
        outcome.events.append(Event("reply", ["contract_address": contract.address.description]))
        outcome.events += try wasmEvents(output, of: contract.address)
        if let data = output.data { outcome.data = data }
        try dispatch(output.messages, from: contract, interface, at: place, into: &outcome)
    }
}

extension ContractMessage {
    /// Whether it is for the compute module, whose answers are encrypted in Secret Network.
    fileprivate var isForContract: Bool {
        switch self {
        case .wasmExecute, .wasmInstantiate, .wasmMigrate, .wasmUpdateAdmin, .wasmClearAdmin: true
        case .bankSend, .other: false
        }
    }

    /// Whether nothing may follow it.
    fileprivate var isLast: Bool {
        if case .other(let other) = self { other.kind == "finalize_tx" } else { false }
    }
}

extension Event {
    fileprivate var sortedByKey: Event {
        // By their bytes, as the SDK does. Stable: attributes with one key keep their order.
        let sorted = attributes.enumerated().sorted { one, other in
            let (left, right) = (one.element.key.utf8, other.element.key.utf8)
            return left.elementsEqual(right) ? one.offset < other.offset : left.lexicographicallyPrecedes(right)
        }
        return Event(type: type, attributes: sorted.map(\.element))
    }

    /// As a contract is handed it; what is sealed for the caller stays sealed.
    fileprivate var forContract: ContractEvent {
        ContractEvent(type: type, attributes: attributes.map { ContractAttribute(key: $0.key, value: $0.value) })
    }
}
