typealias ThisContract = Prediction

/// A network of two layers in integers: `hidden[i]` are the weights of the inputs and, last, a constant.
// sdk: message
struct Start {
    var hidden: [[Int32]]
    var output: [Int32]
}

// sdk: message
enum Action {
    /// Answers the caller alone. Neither he nor anybody else learns the model, and its owner does not learn the input.
    case predict(inputs: [Int32])
}

// sdk: message
enum Question {
    case shape  // sdk: returns Shape
}

// sdk: message
struct Shape {
    var inputs: UInt32
    var hidden: UInt32
}

// sdk: message
struct Verdict {
    var isPositive: Bool
}

/// A private prediction by a private model. The answer is yes or no and not the score behind it, which would let a
/// caller work out the weights with few questions.
enum Prediction: Contract {
    private static let model = Item<Start>("model", paddedTo: 1024)
    private static let sizeMax = 32
    private static let valueMax: Int32 = 100_000
    private static let constantMax: Int32 = 1_000_000_000

    static var answerBytesMultiple: Int { 64 }

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {
        try call.requireNoFunds()
        let inputs = message.hidden.first?.count ?? 0
        guard inputs >= 2, inputs <= sizeMax, message.hidden.count <= sizeMax,
            message.output.count == message.hidden.count + 1, isRow(message.output)
        else { throw ContractError("not a model") }
        for row in message.hidden {
            guard row.count == inputs, isRow(row) else { throw ContractError("not a model") }
        }
        model.save(message)
        return Response()
    }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        try call.requireNoFunds()
        switch message {
        case .predict(let inputs):
            let model = try model.load()
            guard inputs.count + 1 == model.hidden[0].count, isBounded(inputs) else {
                throw ContractError("the model takes other inputs")
            }
            let hidden = model.hidden.map { max(0, sum($0, inputs.map { Int64($0) })) }
            return Response(answering: Verdict(isPositive: sum(model.output, hidden) > 0))
        }
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        let model = try model.load()
        return Shape(inputs: UInt32(model.hidden[0].count - 1), hidden: UInt32(model.hidden.count)).json
    }

    private static func isBounded(_ values: [Int32]) -> Bool { values.allSatisfy { $0 >= -valueMax && $0 <= valueMax } }

    /// Weights, and a constant behind them.
    private static func isRow(_ row: [Int32]) -> Bool {
        guard let constant = row.last else { return false }
        return isBounded(row.dropLast().map { $0 }) && constant >= -constantMax && constant <= constantMax
    }

    /// Far from overflow: a hidden sum is below 4 * 10^11, and the last adds 32 of them times 10^5.
    private static func sum(_ weights: [Int32], _ values: [Int64]) -> Int64 {
        var sum = Int64(weights[values.count])
        for index in 0..<values.count { sum += Int64(weights[index]) * values[index] }
        return sum
    }
}

#if arch(wasm32)
    /// Gas of every call is a multiple of this, and one failure looks like another (docs/leak-reports.md).
    @_expose(wasm, "gas_step_50000") @_cdecl("gas_step_50000")
    public func gas_step_50000() {}
#endif
