typealias ThisContract = Counter

/// A private counter with private notes: the repository's example, and the contract its tests call.
enum Counter: Contract {
    private static let noteBytesMax = 4096

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {
        State.count.save(message.count)
        State.creator.save(call.sender.address)
        return Response()
    }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        switch message {
        case .increment: return try increment()
        case .reset(let count): return try reset(call, to: count)
        case .remember(let note): return try remember(call, note)
        case .setViewingKey(let key):
            try ViewingKeys.set(key, of: call.sender.address)
            return Response()
        case .pay(let receiver, let amount, let denomination):
            return try pay(receiver, amount, denomination)
        case .call(let contract, let codeHash, let message, let replyOn):
            return try forward(message.bytes, to: contract, codeHash, replyOn ?? .never)
        case .fail(let text): throw ContractError(text)
        }
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        switch question {
        case .getCount: return CountAnswer(count: try State.count.load()).json
        case .getNote(let owner, let key):
            try ViewingKeys.require(key, of: owner)
            return NoteAnswer(note: try State.notes.find(owner)).json
        case .getLastReply: return LastReplyAnswer(lastReply: try State.lastReply.find()).json
        }
    }

    static func reply(_ environment: Environment, _ reply: Reply) throws(ContractError) -> Response {
        State.lastReply.save(reply.error.map { "error: " + $0 } ?? "ok")
        var response = Response()
        response.attributes.append(.plain("reply", Text(decimal: reply.id)))
        return response
    }

    static func migrate(_ environment: Environment, _ message: Upgrade) throws(ContractError) -> Response {
        // Whatever was here before must have counted.
        let before = try State.count.load()
        let count = message.count ?? before
        State.count.save(count)
        return Response(answering: CountAnswer(count: count))
    }

    // MARK: - Messages

    private static func increment() throws(ContractError) -> Response {
        let (count, overflowed) = try State.count.load().addingReportingOverflow(1)
        guard !overflowed else { throw ContractError("the counter is full") }
        State.count.save(count)
        var response = Response(answering: CountAnswer(count: count))
        response.attributes = [.encrypted("action", "increment"), .plain("contract", "counter")]
        return response
    }

    private static func reset(_ call: Call, to count: Int64) throws(ContractError) -> Response {
        guard call.sender.address == (try State.creator.load()) else {
            throw ContractError("only the creator may reset")
        }
        State.count.save(count)
        var response = Response()
        response.attributes = [.encrypted("action", "reset")]
        return response
    }

    private static func remember(_ call: Call, _ note: Text) throws(ContractError) -> Response {
        guard note.utf8.count <= noteBytesMax else { throw ContractError("the note is too long") }
        State.notes.save(note, at: call.sender.address)
        var response = Response()
        response.attributes = [.encrypted("action", "remember")]
        return response
    }

    private static func pay(_ to: Text, _ amount: JSON, _ denomination: Text) throws(ContractError) -> Response {
        try Chain.requireAddress(to, "to")
        let coin = try Coin(.object([.init("denom", .string(denomination)), .init("amount", amount)]), "coin")
        var response = Response()
        response.send(.bankSend(to: to, coins: [coin]))
        response.attributes = [.encrypted("action", "pay")]
        return response
    }

    private static func forward(
        _ message: [UInt8], to contract: Text, _ codeHash: Text, _ replyOn: ReplyOn
    ) throws(ContractError) -> Response {
        try Chain.requireAddress(contract, "contract")
        var response = Response()
        response.send(
            .execute(contract: contract, codeHash: codeHash, message: message, funds: []), id: 1, replyOn: replyOn)
        response.attributes = [.encrypted("action", "call")]
        return response
    }
}
