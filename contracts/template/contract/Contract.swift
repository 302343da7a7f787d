typealias ThisContract = Greeter

// A type marked like these gets its JSON form when the contract is built: {"greeting":"hello"},
// {"greet":{"name":"Ada"}}.

// sdk: message
struct Start {
    var greeting: Text
}

// sdk: message
enum Action {
    case greet(name: Text)  // sdk: returns Text
}

// sdk: message
enum Question {
    case greetings  // sdk: returns Greetings
}

// sdk: message
struct Greetings {
    var count: UInt64
}

/// Greets whoever asks and counts how often, without telling anybody whom.
enum Greeter: Contract {
    private static let greeting = Item<Text>("greeting", paddedTo: 64)
    private static let count = Item<UInt64>("count")

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {
        try call.requireNoFunds()
        greeting.save(message.greeting)
        count.save(0)
        return Response()
    }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        try call.requireNoFunds()
        switch message {
        case .greet(let name):
            guard !name.utf8.isEmpty else { throw ContractError("who are you?") }
            count.save(try count.load() + 1)
            return Response(answering: try greeting.load() + ", " + name)
        }
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        switch question {
        case .greetings: return Greetings(count: try count.load()).json
        }
    }
}
