/// What a contract answers to a call that changed something.
struct Response {
    var messages: [SubMessage] = []
    /// Of the call's own event, `wasm`.
    var attributes: [Attribute] = []
    /// Further events.
    var events: [Event] = []
    /// Encrypted for the caller.
    var data: [UInt8]?

    init(data: [UInt8]? = nil) { self.data = data }

    init(answering answer: some JSONCoded) { data = answer.json.encoded }

    /// Sends `message` after this call; if it fails, the whole transaction does.
    mutating func send(_ message: Message) { messages.append(SubMessage(message: message)) }

    /// Sends `message` and has the contract's `reply` called with `id` about it. A reply about an error keeps what this
    /// call did; but an error that the called contract did not choose itself, as a trap, fails the transaction.
    mutating func send(_ message: Message, id: UInt64, replyOn: ReplyOn, gasLimit: UInt64? = nil) {
        messages.append(SubMessage(id: id, message: message, gasLimit: gasLimit, replyOn: replyOn))
    }
}

/// An event of a kind of the contract's own: clients see it as `wasm-TYPE`, whose type is public.
struct Event {
    /// Three characters or more.
    var type: Text
    var attributes: [Attribute]

    var json: JSON {
        .object([.init("type", .string(type)), .init("attributes", .array(attributes.map { $0.json }))])
    }
}

/// One line of an event.
struct Attribute {
    var key: Text
    var value: Text
    /// Readable by the caller alone; otherwise by everybody.
    var isEncrypted: Bool

    static func encrypted(_ key: Text, _ value: Text) -> Attribute {
        Attribute(key: key, value: value, isEncrypted: true)
    }

    static func plain(_ key: Text, _ value: Text) -> Attribute {
        Attribute(key: key, value: value, isEncrypted: false)
    }

    var json: JSON {
        .object([.init("key", .string(key)), .init("value", .string(value)), .init("encrypted", .bool(isEncrypted))])
    }
}

/// Something that happens after the call, in its name.
enum Message {
    /// Messages to contracts that the SDK encodes are padded to this, so that their kind does not show in their length.
    static let bytesMultiple = 256

    case bankSend(to: Text, coins: [Coin])
    /// `message` is the callee's message as JSON bytes; the enclave encrypts it for the callee.
    case execute(contract: Text, codeHash: Text, message: [UInt8], funds: [Coin])
    case instantiate(codeID: UInt64, codeHash: Text, message: [UInt8], label: Text, funds: [Coin])
    /// Anything else of the interface, in its own JSON: `{"staking":{"delegate":{..}}}`.
    case other(JSON)

    static func execute(_ contract: Text, codeHash: Text, _ message: some JSONCoded, funds: [Coin] = []) -> Message {
        .execute(
            contract: contract, codeHash: codeHash,
            message: Padding.spaces(message.json.encoded, multiple: bytesMultiple), funds: funds)
    }

    /// In the words of interface version 1.
    var json: JSON {
        switch self {
        case .bankSend(let address, let coins):
            let send = JSON.object([.init("to_address", .string(address)), .init("amount", coins.json)])
            return .object([.init("bank", .object([.init("send", send)]))])
        case .execute(let contract, let codeHash, let message, let funds):
            let execute = JSON.object([
                .init("contract_addr", .string(contract)), .init("code_hash", .string(codeHash)),
                .init("msg", .base64(message)), .init("send", funds.json),
            ])
            return .object([.init("wasm", .object([.init("execute", execute)]))])
        case .instantiate(let codeID, let codeHash, let message, let label, let funds):
            let instantiate = JSON.object([
                .init("admin", .null), .init("code_id", .integer(codeID)), .init("code_hash", .string(codeHash)),
                .init("msg", .base64(message)), .init("send", funds.json), .init("label", .string(label)),
            ])
            return .object([.init("wasm", .object([.init("instantiate", instantiate)]))])
        case .other(let message): return message
        }
    }
}

/// When the contract's `reply` is called about a message.
// sdk: words
enum ReplyOn: Equatable {
    case never, success, error, always
}

/// A message that is sent when the call has succeeded, and whether the contract hears what came of it.
struct SubMessage {
    var id: UInt64 = 0
    var message: Message
    /// What the message may use of the gas that is left; all of it if `nil`.
    var gasLimit: UInt64?
    /// Interface version 0.10 knows only `never`.
    var replyOn: ReplyOn = .never

    var json: JSON {
        .object([
            .init("id", .integer(id)), .init("msg", message.json),
            .init("gas_limit", gasLimit.map { .integer($0) } ?? .null), .init("reply_on", replyOn.json),
        ])
    }
}
