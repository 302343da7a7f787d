// sdk: words
enum Leak: Equatable {
    case earlyExit, loop, outputSize, errorSize, keyBySecret, branchThatWrites, branchThatRemoves, valueSize
    case orderOfReads, entryThatIsRead, branchThatReads, branchThatAsks, ledgerQuestion, branchThatCalls, receiver
    case amount, messageSize, refusal, trap, attributeInClear, attributeSize, eventType
}

/// Each of these tells the secret to whoever watches, by one thing.
extension Leak {
    static let someone: Text = "secret1yg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zv9xd8y"
    private static let other: Text = "secret1g3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyp5e05c"
    static let hash: Text = "abababababababababababababababababababababababababababababababab"

    func run(_ secret: Text, _ number: UInt32) throws(ContractError) -> Response {
        var response = Response()
        let isHigh = number > 4
        switch self {
        case .earlyExit: response.data = [Leak.matches(secret) ? 1 : 0]
        case .loop: response.data = [Leak.work(rounds: number * 1_000)]
        case .outputSize: response.data = secret.utf8.filter { $0 != UInt8(ascii: "-") }
        case .errorSize: throw ContractError(isHigh ? "no" : "this is not what anybody would have expected here")
        case .keyBySecret: Storage.write("guess/" + secret, [1])
        case .branchThatWrites: if isHigh { Storage.write("high", [1]) }
        case .branchThatRemoves: if isHigh { LeakProbe.left.remove() } else { LeakProbe.left.save("there") }
        case .valueSize: Storage.write("value", [UInt8](repeating: 1, count: isHigh ? 70 : 20))
        case .orderOfReads:
            _ = isHigh ? LeakProbe.left.isThere : LeakProbe.right.isThere
            _ = isHigh ? LeakProbe.right.isThere : LeakProbe.left.isThere
        case .entryThatIsRead: _ = isHigh ? LeakProbe.left.isThere : LeakProbe.right.isThere
        case .branchThatReads: if isHigh { _ = LeakProbe.left.isThere }
        case .branchThatAsks: if isHigh { _ = try? Leak.ask(Leak.someone) }
        case .ledgerQuestion: _ = try? Chain.balance(of: isHigh ? Leak.someone : Leak.other, in: "uscrt")
        case .branchThatCalls: if isHigh { response.send(Leak.call("{}")) }
        case .receiver: response.send(.bankSend(to: isHigh ? Leak.someone : Leak.other, coins: [Leak.coin(1)]))
        case .amount: response.send(.bankSend(to: Leak.someone, coins: [Leak.coin(isHigh ? 1 : 2)]))
        case .messageSize: response.send(Leak.call(isHigh ? #"{"high":{}}"# : "{}"))
        case .refusal: if isHigh { throw ContractError("high") }
        case .trap: if isHigh { fatalError() } else { throw ContractError("low") }
        case .attributeInClear: response.attributes = [.plain("is", isHigh ? "high" : "low.")]
        case .attributeSize: response.attributes = [.encrypted("is", isHigh ? "high" : "low")]
        case .eventType: response.events = [Event(type: isHigh ? "high" : "low", attributes: [])]
        }
        return response
    }

    /// Ends at the first letter that differs.
    private static func matches(_ secret: Text) -> Bool {
        for byte in secret.utf8 where byte != UInt8(ascii: "a") { return false }
        return true
    }

    static func work(rounds: UInt32) -> UInt8 {
        var state: UInt32 = 1
        for _ in 0..<rounds { state = state &* 1_664_525 &+ 1_013_904_223 }
        return UInt8(truncatingIfNeeded: state >> 24)
    }

    private static func ask(_ contract: Text) throws(ContractError) -> JSON {
        try Chain.ask(contract, codeHash: hash, JSON.object([]))
    }

    private static func call(_ message: Text) -> Message {
        .execute(contract: someone, codeHash: hash, message: message.utf8, funds: [])
    }

    private static func coin(_ amount: Amount) -> Coin { Coin(denomination: "uscrt", amount: amount) }
}
