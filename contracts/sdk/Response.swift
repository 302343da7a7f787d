/// What a contract answers to a call that changed something.
struct Response {
    var messages: [SubMessage] = []
    var attributes: [Attribute] = []
    var data: [UInt8]?

    init(data: [UInt8]? = nil) { self.data = data }
}

/// One line of the call's event.
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
    case bankSend(to: Text, coins: [Coin])
    /// `message` is the callee's message as JSON bytes; the enclave encrypts it for the callee.
    case execute(contract: Text, codeHash: Text, message: [UInt8], funds: [Coin])
}

/// When the contract's `reply` is called about a message.
enum ReplyOn {
    case never, success, error, always

    init?(_ name: Text) {
        switch name {
        case "never": self = .never
        case "success": self = .success
        case "error": self = .error
        case "always": self = .always
        default: return nil
        }
    }

    var name: Text {
        switch self {
        case .never: "never"
        case .success: "success"
        case .error: "error"
        case .always: "always"
        }
    }
}

struct SubMessage {
    var id: UInt64 = 0
    var message: Message
    /// Interface version 0.10 knows only `never`.
    var replyOn: ReplyOn = .never
}

extension Array where Element == Coin {
    var json: JSON { .array(map { $0.json }) }
}
