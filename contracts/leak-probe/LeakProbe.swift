typealias ThisContract = LeakProbe

// sdk: message
struct Start {
    /// Of one length in both runs of a pair.
    var secret: Text
    /// From 0 to 9.
    var number: UInt32
}

/// A test instrument: it keeps a secret and tells it in every way that the leak report must find (`Planted.swift`), and
/// does the same work without telling (`ConstantShape.swift`).
enum LeakProbe: Contract {
    static let secret = Item<Text>("secret")
    static let number = Item<UInt32>("number")
    static let left = Item<Text>("left")
    static let right = Item<Text>("right")

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {
        secret.save(message.secret)
        number.save(message.number)
        left.save("here")
        right.save("here")
        return Response()
    }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        switch message {
        case .keep(let secret, let number):
            LeakProbe.secret.save(secret)
            LeakProbe.number.save(number)
            return Response()
        case .leak(let leak): return try leak.run(try secret.load(), try number.load())
        case .constant(let sample): return try sample.run(try secret.load(), try number.load())
        }
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        switch question {
        case .secretLength: return .string(Text([UInt8](repeating: 0x61, count: try number.load() > 4 ? 200 : 1)))
        case .constantLength: return .integer(try number.load() &+ 10)
        }
    }
}

// sdk: message
enum Action {
    /// Another secret from now on.
    case keep(secret: Text, number: UInt32)
    case leak(Leak)
    case constant(Sample)
}

// sdk: message
enum Question {
    /// Answers with more letters if the secret number is high.
    case secretLength
    case constantLength
}
