typealias ThisContract = Probe

// sdk: message
struct Start {}

// sdk: message
enum Action {
    case announce
    case make
    case burn(to: UInt64)
    case append(text: Text)
    case replace(index: UInt32, text: Text)
    case removeLast
    case ledger(steps: [LedgerStep])
    /// A question in a call, where what the block did counts.
    case ask(LedgerQuestion)
    case token(TokenStep)
    /// Pays, keeps a word of it, and hears how it went.
    case pay(to: Text, coin: Coin, replyOn: ReplyOn)
    /// Tells a token, keeps a word of it, and hears how it went.
    case tell(step: TokenStep, replyOn: ReplyOn)
}

// sdk: message
enum Question {
    case sha256(data: Bytes)
    case hmac(data: Bytes, key: Bytes)
    case ripemd160(data: Bytes)
    case account(permit: Permit, permission: Text)
    case scaled(value: Amount, factor: Amount, divisor: Amount, roundedUp: Bool?)
    case mean(left: Amount, right: Amount)
    case rounded(value: Amount, digits: UInt32)
    case element(index: UInt32)
    case count
    case price(of: Text)
    case held(denom: Text)
    case compute(left: Decimal, operation: Operation, right: Decimal, rounding: Way)
    case ratio(numerator: Amount, denominator: Amount, rounding: Way)
    case share(amount: Amount, decimal: Decimal, rounding: Way)
    case later(time: Timestamp, seconds: UInt64, isBefore: Bool)
    case since(time: Timestamp, earlier: Timestamp)
    case now
    case ledger(LedgerQuestion)
    case token(TokenQuestion)
}

// sdk: words
enum Operation {
    case add, subtract, multiply, divide
}

// sdk: words
enum Way {
    case down, up, nearest
}

/// A question to another contract, and its answer.
// sdk: message
enum Asked {
    case price(of: Text)
}

// sdk: message
struct Price {
    var price: Amount
}

// sdk: message
struct Upgrade {
    var name: Text
}

/// Calls parts of the SDK for its tests: in the engine too, where an `Int` has 32 bits and numbers of 128 bits are made
/// of the functions in `runtime/`.
enum Probe: Contract {
    private static let list = AppendList<Text>("list", paddedTo: 32)

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {
        Response()
    }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        var response = Response()
        switch message {
        case .announce:
            response.events = [Event(type: "news", attributes: [.plain("a", "1"), .encrypted("b", "2")])]
            response.send(
                .other(.object([.init("finalize_tx", .object([]))])), id: 4, replyOn: .error, gasLimit: 9000
            )
        case .make:
            let message = Message.instantiate(
                codeID: 3, codeHash: "ab", message: [], label: "made", funds: [])
            response.send(message, id: 1, replyOn: .success)
        case .burn(let target):
            Gas.fill(to: target)
            response.data = Text(decimal: Gas.used).utf8
        case .append(let text): try list.append(text)
        case .replace(let index, let text): try list.replace(index, with: text)
        case .removeLast: response.data = try list.removeLast()?.utf8
        case .ledger(let steps): for step in steps { response.send(step.message) }
        case .ask(let question): response.data = try question.answer().encoded
        case .token(let step): response.send(step.message(call.environment))
        case .pay(let receiver, let coin, let replyOn):
            try list.append("paid")
            response.send(.bankSend(to: receiver, coins: [coin]), id: 2, replyOn: replyOn)
        case .tell(let step, let replyOn):
            try list.append("told")
            response.send(step.message(call.environment), id: 3, replyOn: replyOn)
        }
        return response
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        switch question {
        case .sha256(let data): return .base64(SHA256.hash(data.bytes))
        case .hmac(let data, let key): return .base64(SHA256.authenticate(data.bytes, key: key.bytes))
        case .ripemd160(let data): return .base64(RIPEMD160.hash(data.bytes))
        case .account(let permit, let permission):
            return .string(try permit.signer(environment, permission: permission))
        case .scaled(let value, let factor, let divisor, let roundedUp):
            return try value.scaled(by: factor, over: divisor, roundedUp: roundedUp ?? false).json
        case .mean(let left, let right): return left.geometricMean(with: right).json
        case .rounded(let value, let digits): return value.rounded(toDigits: Int(digits)).json
        case .element(let index): return .string(try list.element(index))
        case .count: return try list.count().json
        case .price(let item):
            let answer: Price = try Chain.ask("secret1shop", codeHash: "ab", Asked.price(of: item))
            return answer.price.json
        case .held(let denomination):
            return try Chain.balance(of: environment.contractAddress, in: denomination).json
        case .compute(let left, let operation, let right, let way):
            return try Probe.named { () throws(ContractError) in
                switch operation {
                case .add: return try left.adding(right).json
                case .subtract: return try left.subtracting(right).json
                case .multiply: return try left.multiplied(by: right, rounding: rounding(way)).json
                case .divide: return try left.divided(by: right, rounding: rounding(way)).json
                }
            }
        case .ratio(let numerator, let denominator, let way):
            return try Probe.named { () throws(ContractError) in
                try Decimal(numerator, over: denominator, rounding: rounding(way)).json
            }
        case .share(let amount, let decimal, let way):
            return try Probe.named { () throws(ContractError) in
                try decimal.of(amount, rounding: rounding(way)).json
            }
        case .later(let time, let seconds, let isBefore):
            return try Probe.named { () throws(ContractError) in
                try isBefore ? time.subtracting(seconds: seconds).json : time.adding(seconds: seconds).json
            }
        case .since(let time, let earlier):
            return try Probe.named { () throws(ContractError) in try time.nanoseconds(since: earlier).json
            }
        case .now: return environment.time.json
        case .ledger(let question):
            return try Probe.named { () throws(ContractError) in try question.answer() }
        case .token(let question):
            return try Probe.named { () throws(ContractError) in try question.answer() }
        }
    }

    /// The kinds of error that a contract can tell apart, as it would.
    private static func named(_ body: () throws(ContractError) -> JSON) throws(ContractError) -> JSON {
        do throws(ContractError) {
            return try body()
        } catch {
            switch error.kind {
            case .overflow: return "overflow"
            case .divisionByZero: return "division by zero"
            case .notAnswered: return .string("not answered: " + error.message)
            default: throw error
            }
        }
    }

    private static func rounding(_ way: Way) -> Rounding {
        switch way {
        case .down: .down
        case .up: .up
        case .nearest: .nearest
        }
    }

    static func reply(_ environment: Environment, _ reply: Reply) throws(ContractError) -> Response {
        if reply.id == 2 || reply.id == 3 { try list.append(reply.error ?? reply.data.map { Text($0) } ?? "done") }
        return Response(
            answering: reply.attribute("contract_address", of: "instantiate") ?? reply.error ?? "nothing")
    }

    static func migrate(_ environment: Environment, _ message: Upgrade) throws(ContractError)
        -> Response
    {
        var random = try Random(environment, "migration")
        return Response(answering: message.name + Text(decimal: random.number(below: 1)))
    }
}
