typealias ThisContract = Counter

/// A private counter with private notes: the repository's example, and the contract its tests call.
///
/// instantiate `{"count":N}`
/// execute `{"increment":{}}`, `{"reset":{"count":N}}` (creator only), `{"remember":{"note":"text"}}`,
///     `{"set_viewing_key":{"key":"text"}}`, `{"pay":{"to":address,"amount":"N","denom":"uscrt"}}`,
///     `{"call":{"contract":address,"code_hash":hash,"msg":base64,"reply_on":"never"}}`, `{"fail":{"text":"text"}}`
/// query `{"get_count":{}}`, `{"get_note":{"address":address,"key":"text"}}`, `{"get_last_reply":{}}`
enum Counter: Contract {
    private static let noteBytesMax = 4096
    private static let viewingKeyBytesMin = 8

    static func instantiate(_ call: Call, _ message: JSON) throws(ContractError) -> Response {
        var fields = try Fields(message)
        let count: Int64 = try fields.take("count").integer("count")
        try fields.finish()
        State.count = count
        State.creator = call.sender.address
        return Response()
    }

    static func execute(_ call: Call, _ message: JSON) throws(ContractError) -> Response {
        let variant = try message.variant()
        var fields = try Fields(variant.value)
        let response: Response
        switch variant.name {
        case "increment": response = try increment()
        case "reset": response = try reset(call, &fields)
        case "remember": response = try remember(call, &fields)
        case "set_viewing_key": response = try setViewingKey(call, &fields)
        case "pay": response = try pay(&fields)
        case "call": response = try forward(&fields)
        case "fail": throw ContractError(try fields.take("text").text("text"))
        default: throw ContractError("unknown message: " + variant.name)
        }
        // An error here undoes what was written above.
        try fields.finish()
        return response
    }

    static func query(_ environment: Environment, _ message: JSON) throws(ContractError) -> [UInt8] {
        let variant = try message.variant()
        var fields = try Fields(variant.value)
        let answer: JSON
        switch variant.name {
        case "get_count": answer = .object([.init("count", .integer(State.count))])
        case "get_note": answer = try note(&fields)
        case "get_last_reply": answer = .object([.init("last_reply", State.lastReply.map { .string($0) } ?? .null)])
        default: throw ContractError("unknown query: " + variant.name)
        }
        try fields.finish()
        return answer.encoded
    }

    static func reply(_ environment: Environment, _ reply: Reply) throws(ContractError) -> Response {
        State.lastReply = reply.error.map { "error: " + $0 } ?? "ok"
        var response = Response()
        response.attributes.append(.plain("reply", Text(decimal: reply.id)))
        return response
    }

    // MARK: - Messages

    private static func increment() throws(ContractError) -> Response {
        let (count, overflowed) = State.count.addingReportingOverflow(1)
        guard !overflowed else { throw ContractError("the counter is full") }
        State.count = count
        var response = Response(data: JSON.object([.init("count", .integer(count))]).encoded)
        response.attributes = [.encrypted("action", "increment"), .plain("contract", "counter")]
        return response
    }

    private static func reset(_ call: Call, _ fields: inout Fields) throws(ContractError) -> Response {
        guard call.sender.address == State.creator else { throw ContractError("only the creator may reset") }
        State.count = try fields.take("count").integer("count")
        var response = Response()
        response.attributes = [.encrypted("action", "reset")]
        return response
    }

    private static func remember(_ call: Call, _ fields: inout Fields) throws(ContractError) -> Response {
        let note = try fields.take("note").text("note")
        guard note.utf8.count <= noteBytesMax else { throw ContractError("the note is too long") }
        State.setNote(note, of: call.sender.address)
        var response = Response()
        response.attributes = [.encrypted("action", "remember")]
        return response
    }

    private static func setViewingKey(_ call: Call, _ fields: inout Fields) throws(ContractError) -> Response {
        let key = try fields.take("key").text("key")
        guard key.utf8.count >= viewingKeyBytesMin, key.utf8.count <= noteBytesMax else {
            throw ContractError("a viewing key has at least 8 characters")
        }
        State.setViewingKey(key, of: call.sender.address)
        return Response()
    }

    /// Sends from what the contract holds, the funds of this call included.
    private static func pay(_ fields: inout Fields) throws(ContractError) -> Response {
        let receiver = try fields.take("to").text("to")
        guard Chain.isAddress(receiver) else { throw ContractError("to is not an address") }
        let coin = try Coin(
            .object([.init("denom", fields.take("denom")), .init("amount", fields.take("amount"))]))
        var response = Response()
        response.messages = [SubMessage(message: .bankSend(to: receiver, coins: [coin]))]
        response.attributes = [.encrypted("action", "pay")]
        return response
    }

    private static func forward(_ fields: inout Fields) throws(ContractError) -> Response {
        let contract = try fields.take("contract").text("contract")
        guard Chain.isAddress(contract) else { throw ContractError("contract is not an address") }
        let codeHash = try fields.take("code_hash").text("code_hash")
        guard let message = Base64.decode(try fields.take("msg").text("msg").utf8) else {
            throw ContractError("msg must be base64")
        }
        var call = SubMessage(
            id: 1, message: .execute(contract: contract, codeHash: codeHash, message: message, funds: []))
        if let name = fields.takeIfPresent("reply_on") {
            guard let replyOn = ReplyOn(try name.text("reply_on")) else { throw ContractError("unknown reply_on") }
            call.replyOn = replyOn
        }
        var response = Response()
        response.messages = [call]
        response.attributes = [.encrypted("action", "call")]
        return response
    }

    // MARK: - Queries

    /// A query carries no signature, so whoever asks shows the viewing key of the note's owner.
    private static func note(_ fields: inout Fields) throws(ContractError) -> JSON {
        let owner = try fields.take("address").text("address")
        let key = try fields.take("key").text("key")
        // No key set answers like a wrong key, so that the answer does not tell who uses this contract.
        guard let expected = State.viewingKey(of: owner), expected.isSame(as: key) else {
            throw ContractError("wrong viewing key")
        }
        return .object([.init("note", State.note(of: owner).map { .string($0) } ?? .null)])
    }
}
