typealias ThisContract = Probe

// sdk: message
struct ProbeStart {}

// sdk: message
enum ProbeAction {
    case announce
    case make
    case burn(to: UInt64)
}

// sdk: message
enum ProbeQuestion {
    case account(permit: Permit, permission: Text)
    case price(of: Text)
    case held(denom: Text)
}

/// A question to another contract, and its answer.
// sdk: message
enum ProbeAsked {
    case price(of: Text)
}

// sdk: message
struct ProbePrice {
    var price: Amount
}

// sdk: message
struct ProbeUpgrade {
    var name: Text
}

/// A contract that has only what the SDK's tests call.
enum Probe: Contract {
    static let list = AppendList<Text>("list", paddedTo: 32)

    static func instantiate(_ call: Call, _ message: ProbeStart) throws(ContractError) -> Response { Response() }

    static func execute(_ call: Call, _ message: ProbeAction) throws(ContractError) -> Response {
        var response = Response()
        switch message {
        case .announce:
            response.events = [Event(type: "news", attributes: [.plain("a", "1"), .encrypted("b", "2")])]
            response.send(.other(.object([.init("finalize_tx", .object([]))])), id: 4, replyOn: .error, gasLimit: 9000)
        case .make:
            let message = Message.instantiate(codeID: 3, codeHash: "ab", message: [], label: "made", funds: [])
            response.send(message, id: 1, replyOn: .success)
        case .burn(let target):
            Gas.fill(to: target)
            response.data = Text(decimal: Gas.used).utf8
        }
        return response
    }

    static func query(_ environment: Environment, _ question: ProbeQuestion) throws(ContractError) -> JSON {
        switch question {
        case .account(let permit, let permission):
            return .string(try permit.signer(environment, permission: permission))
        case .price(let item):
            let answer: ProbePrice = try Chain.ask("secret1shop", codeHash: "ab", ProbeAsked.price(of: item))
            return answer.price.json
        case .held(let denomination):
            return try Chain.balance(of: environment.contractAddress, in: denomination).json
        }
    }

    static func reply(_ environment: Environment, _ reply: Reply) throws(ContractError) -> Response {
        Response(answering: reply.attribute("contract_address", of: "instantiate") ?? reply.error ?? "nothing")
    }

    static func migrate(_ environment: Environment, _ message: ProbeUpgrade) throws(ContractError) -> Response {
        var random = try Random(environment, "migration")
        return Response(answering: message.name + Text(decimal: random.number(below: 1)))
    }
}
