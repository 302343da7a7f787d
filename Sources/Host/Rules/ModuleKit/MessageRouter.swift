import ChainMessages
import EnclaveProtocol
import ExactNumbers
import LedgerRecords
import SignedTransactions

/// What a message did: its answer, and its module's events in order.
package struct MessageOutcome: Equatable, Sendable {
    package var response: AnyMessage
    package var events: [Event]

    package init(response: AnyMessage, events: [Event]) {
        (self.response, self.events) = (response, events)
    }
}

/// A module's side of one type of message.
package struct MessageHandler: Sendable {
    package typealias Run = @Sendable (AnyMessage, BlockContext, any LedgerState) throws -> MessageOutcome
    package typealias RunOthers<Message> =
        @Sendable (Message, MessageRouter, BlockContext, any LedgerState) throws -> MessageOutcome

    package let typeURL: String
    private let body: RunOthers<AnyMessage>
    /// Throws for bytes that are no message of this type.
    private let readForm: @Sendable (AnyMessage) throws -> Void
    /// Where it was found; set by the router.
    fileprivate var router = MessageRouter([])

    package init(
        _ typeURL: String, readForm: @escaping @Sendable (AnyMessage) throws -> Void, run: @escaping Run
    ) {
        (self.typeURL, self.readForm) = (typeURL, readForm)
        body = { message, _, block, state in try run(message, block, state) }
    }

    /// Of messages that run others, with the router that has all of the chain's.
    package init<Message: ChainMessage>(_ type: Message.Type, runningOthers run: @escaping RunOthers<Message>) {
        typeURL = Message.typeURL
        readForm = { message in _ = try Message(decoding: message.value, .signed) }
        body = { message, router, block, state in
            try run(try Message(decoding: message.value, .signed), router, block, state)
        }
    }

    /// Of messages that a module runs as structs and answers with an empty response, as nearly all are.
    package init<Message: ChainMessage>(
        _ type: Message.Type,
        run: @escaping @Sendable (Message, BlockContext, any LedgerState) throws -> [Event]
    ) {
        self.init(
            type,
            runningOthers: { message, _, block, state in
                let events = try run(message, block, state)
                return MessageOutcome(response: MessageResponse.empty(toMessage: Message.typeURL), events: events)
            })
    }

    /// Runs a message whose signers are known to have signed. Throws a `TransactionRefusal` when the message fails, as
    /// one does whose bytes are no message or whose coins are none; what it wrote until then the caller discards. Any
    /// other error is the node's own failure.
    package func run(
        _ message: AnyMessage, in block: BlockContext, on state: any LedgerState
    ) throws -> MessageOutcome {
        if let refusal = try router.refusalToRun(message.typeURL, in: state) { throw refusal }
        return try refusing { try body(message, router, block, state) }
    }

    /// Refuses what fails whatever the state is, as a transaction's form does of its messages: bytes that are no
    /// message of the type, and one that runs such, or messages deeper than they may be, or one that nobody here runs.
    /// For messages that run later. What a message holds and does not run (a proposal's own messages, a content of
    /// old, an authorization) is not looked at.
    package func checkForm(of message: AnyMessage, depth: Int = 0) throws {
        try refusing {
            try readForm(message)
            for held in try message.heldMessages(depth: depth) {
                guard held.type != nil else { throw TransactionError.unknownMessageType(held.typeURL) }
                try router.handler(of: held).checkForm(of: held, depth: depth + 1)
            }
        }
    }

    private func refusing<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as MessageError {
            throw TransactionRefusal.parseError("\(error)")
        } catch let error as TransactionError {
            throw error.refusal
        } catch let fault as Coins.Fault {
            throw TransactionRefusal.invalidCoins("\(fault)")
        } catch let fault as NumberFault {
            throw fault.refusal
        }
    }

    /// What running the message costs, whatever comes of it. No module has a price of its own: the enclave charges for
    /// the same messages out of the same table.
    package func gas(of message: AnyMessage) throws(TransactionRefusal) -> UInt64 {
        do throws(TransactionError) {
            guard let gas = try message.gas() else { throw .unknownMessageType(message.typeURL) }
            return gas
        } catch {
            throw error.refusal
        }
    }
}

/// Which module runs which message.
package struct MessageRouter: Sendable {
    package typealias Gate = @Sendable (String, any LedgerReading) throws -> TransactionRefusal?

    private let handlers: [String: MessageHandler]
    private let gates: [Gate]

    /// `gates` are asked before each message whether one of its type is run.
    package init(_ list: [MessageHandler], gates: [Gate] = []) {
        self.gates = gates
        var handlers: [String: MessageHandler] = [:]
        for handler in list {
            precondition(handlers[handler.typeURL] == nil, "two modules run \(handler.typeURL)")
            handlers[handler.typeURL] = handler
        }
        self.handlers = handlers
    }

    package func handler(of message: AnyMessage) throws(TransactionRefusal) -> MessageHandler {
        guard var handler = handlers[message.typeURL] else {
            throw .unknownRequest("no message handler found for \(message.typeURL)")
        }
        handler.router = self
        return handler
    }

    /// Whether some module runs messages of a type.
    package func runs(_ typeURL: String) -> Bool { handlers[typeURL] != nil }

    /// Why no message of a type is run now, as some module says.
    package func refusalToRun(_ typeURL: String, in state: any LedgerReading) throws -> TransactionRefusal? {
        for gate in gates { if let refusal = try gate(typeURL, state) { return refusal } }
        return nil
    }

    /// Runs one message; `signer` must be whom the message names as its first signer.
    package func run(
        _ message: AnyMessage, signer: AccountAddress, in block: BlockContext, on state: any LedgerState
    ) throws -> MessageOutcome {
        let handler = try handler(of: message)
        let signers: [AccountAddress]
        do throws(TransactionError) { signers = try message.signers() } catch { throw error.refusal }
        guard signers == [signer] else {
            throw TransactionRefusal.unauthorized("message is signed by \(signers[0]), not by \(signer)")
        }
        return try handler.run(message, in: block, on: state)
    }
}

extension TransactionError {
    /// As the Cosmos SDK would say it.
    package var refusal: TransactionRefusal {
        switch self {
        case .malformed(let error): .parseError("malformed transaction (\(error))")
        case .unknownField(let number): .parseError("errUnknownField: \(number)")
        case .duplicateField(let number): .parseError("field \(number) appears twice")
        case .notCanonical: .parseError("transaction is not in its canonical encoding")
        case .extensionOption: .unknownExtensionOptions
        case .noMessages: .invalidRequest("must contain at least one message")
        case .tooManyMessages: .invalidRequest("too many messages")
        case .nestedTooDeeply: .parseError("public key, sign mode or message is nested too deeply")
        case .invalidAddress: .invalidAddress("address is not a lower-case Bech32 address of this chain")
        case .invalidAmount: .invalidCoins("amount is not a decimal number below 2^128")
        case .unknownMessageType(let typeURL): .parseError("unable to resolve type URL \(typeURL)")
        case .unknownPublicKeyType(let typeURL): .invalidPublicKey("unable to resolve type URL \(typeURL)")
        case .unknownSignMode: .unauthorized("sign mode is not supported")
        case .tooManySignatures(let count): .tooManySignatures(count: count, max: Transaction.signaturesMax)
        case .wrongSignatureCount: .unauthorized("wrong number of signers")
        }
    }
}

extension Event {
    /// The events of the message at `index` as clients see them: first one that names the message, and `msg_index`
    /// last in each. The module is named there only if its own events do not.
    package static func ofMessage(
        at index: Int, typeURL: String, sender: AccountAddress, events: [Event]
    ) -> [Event] {
        var first = Event("message", ["action": typeURL, "sender": sender.description])
        let namesModule = events.contains { $0.attributes.contains { $0.key == "module" } }
        if !namesModule, let module = MessageType.named(typeURL)?.module {
            first.attributes.append(EventAttribute(key: "module", value: module))
        }
        return ([first] + events).map { event in
            var event = event
            event.attributes.append(EventAttribute(key: "msg_index", value: String(index)))
            return event
        }
    }
}
