// What the counter understands and answers, as JSON: `{"count":N}` makes one, `{"increment":{}}` and
// `{"reset":{"count":N}}` call it, `{"get_count":{}}` asks it.

// sdk: message
struct Start {
    var count: Int64
}

// sdk: message
enum Action {
    case increment  // sdk: returns CountAnswer
    /// For the creator alone.
    case reset(count: Int64)
    case remember(note: Text)
    case setViewingKey(key: Text)
    /// Sends from what the contract holds, the funds of this call included.
    case pay(to: Text, amount: JSON, denom: Text)
    case call(contract: Text, codeHash: Text, msg: Bytes, replyOn: ReplyOn?)
    case fail(text: Text)
}

// sdk: message
enum Question {
    case getCount  // sdk: returns CountAnswer
    case getNote(address: Text, key: Text)  // sdk: returns NoteAnswer
    case getLastReply  // sdk: returns LastReplyAnswer
}

// sdk: message
struct Upgrade {
    /// Where to go on counting, if not where the older contract was.
    var count: Int64?
}

// sdk: message
struct CountAnswer {
    var count: Int64
}

// sdk: message
struct NoteAnswer {
    var note: Text?
}

// sdk: message
struct LastReplyAnswer {
    var lastReply: Text?
}
