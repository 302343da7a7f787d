typealias ThisContract = Voting

// sdk: message
struct Start {
    var question: Text
    var options: [Text]
    /// Who may vote, once each.
    var voters: [Text]
    var endsAtSeconds: UInt64
}

// sdk: message
enum Action {
    /// Again to change the vote: whoever was watched while voting can vote again later.
    case vote(option: UInt32)
    /// By anybody, once the time is over.
    case close
}

// sdk: message
enum Question {
    case poll  // sdk: returns Poll
    /// The counts, signed, after the end.
    case result  // sdk: returns Result
}

// sdk: message
struct Poll {
    var question: Text
    var options: [Text]
    var voters: UInt32
    var endsAtSeconds: UInt64
    var isClosed: Bool
    var publicKey: Bytes
}

/// What the contract signs: the bytes of `statement` are the signed message.
// sdk: message
struct Statement {
    var contract: Text
    var question: Text
    var options: [Text]
    var counts: [UInt32]
    var abstained: UInt32
}

// sdk: message
struct Result {
    var statement: Text
    var signature: Bytes
    var publicKey: Bytes
}

/// A secret vote. Nobody ever sees a single vote: there is no query for one, not even for its voter, so nobody can be
/// made to show it. The result is a statement signed by a key that only this contract has; its public half was
/// announced when the vote began, so that anybody can check the result without asking the chain again.
enum Voting: Contract {
    private static let poll = Item<Start>("poll")
    private static let key = Item<SigningKey>("key")
    private static let result = Item<Result>("result")
    /// The option's number plus one, 0 for nothing yet: written for everybody at the start, so that a first vote and a
    /// changed one look the same.
    private static let votes = Map<UInt32>("vote", paddedTo: 16)
    private static let votersMax = 200
    private static let optionsMax = 20

    static var answerBytesMultiple: Int { 256 }

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {
        try call.requireNoFunds()
        guard message.options.count >= 2, message.options.count <= optionsMax else {
            throw ContractError("a vote has from 2 to 20 options")
        }
        guard !message.voters.isEmpty, message.voters.count <= votersMax else {
            throw ContractError("a vote has from 1 to 200 voters")
        }
        guard message.endsAtSeconds > call.environment.timeSeconds else { throw ContractError("the end is over") }
        for voter in message.voters {
            try Chain.requireAddress(voter, "a voter")
            guard !votes.contains(voter) else { throw ContractError("a voter is listed twice") }
            votes.save(0, at: voter)
        }
        let key = try SigningKey(call, "result")
        Voting.key.save(key)
        poll.save(message)
        var response = Response()
        response.attributes = [.plain("public_key", Text(Base64.encode(key.publicKey.bytes)))]
        return response
    }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        try call.requireNoFunds()
        let poll = try poll.load()
        switch message {
        case .vote(let option):
            guard call.environment.timeSeconds < poll.endsAtSeconds else { throw ContractError("the vote is over") }
            guard votes.contains(call.sender.address) else { throw ContractError("you are no voter of this vote") }
            guard option < UInt32(poll.options.count) else { throw ContractError("no such option") }
            votes.save(option + 1, at: call.sender.address)
            return Response()
        case .close:
            guard call.environment.timeSeconds >= poll.endsAtSeconds else {
                throw ContractError("the vote is not over")
            }
            guard try result.find() == nil else { throw ContractError("the vote is closed") }
            return try close(call, poll)
        }
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        switch question {
        case .poll:
            let poll = try poll.load()
            return Poll(
                question: poll.question, options: poll.options, voters: UInt32(poll.voters.count),
                endsAtSeconds: poll.endsAtSeconds, isClosed: try result.find() != nil,
                publicKey: try key.load().publicKey
            ).json
        case .result:
            guard let result = try result.find() else { throw ContractError("the vote is not closed") }
            return result.json
        }
    }

    private static func close(_ call: Call, _ poll: Start) throws(ContractError) -> Response {
        var counts = [UInt32](repeating: 0, count: poll.options.count)
        var abstained: UInt32 = 0
        for voter in poll.voters {
            let vote = try votes.find(voter) ?? 0
            if vote == 0 { abstained += 1 } else { counts[Int(vote - 1)] += 1 }
            // Counted votes are of no more use to anybody.
            votes.remove(voter)
        }
        let key = try key.load()
        let statement = Statement(
            contract: call.environment.contractAddress, question: poll.question, options: poll.options, counts: counts,
            abstained: abstained
        ).json.encoded
        let result = Result(
            statement: Text(statement), signature: try key.sign(statement), publicKey: key.publicKey)
        Voting.result.save(result)
        var response = Response(answering: result)
        response.attributes = [
            .plain("result", Text(statement)), .plain("signature", Text(Base64.encode(result.signature.bytes))),
        ]
        return response
    }
}

#if arch(wasm32)
    /// Gas of every call is a multiple of this, and one failure looks like another (docs/leak-reports.md).
    @_expose(wasm, "gas_step_50000") @_cdecl("gas_step_50000")
    public func gas_step_50000() {}
#endif
