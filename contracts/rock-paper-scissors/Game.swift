typealias ThisContract = Game

// sdk: words
enum Hand: Equatable {
    case rock, paper, scissors

    func beats(_ other: Hand) -> Bool {
        switch (self, other) {
        case (.rock, .scissors), (.scissors, .paper), (.paper, .rock): true
        default: false
        }
    }
}

// sdk: message
struct Start {
    var denom: Text
    var stake: Amount
    /// After this long without an opponent a player may leave with his stake.
    var patienceSeconds: UInt64
}

// sdk: message
enum Action {
    /// With the stake. The first to play waits for the second; no second step to open a commitment is needed, because
    /// the contract keeps the first hand secret by itself.
    case play(hand: Hand)
    /// By anybody, in a later block than the second hand: pays the winner.
    case settle
    /// Without a stake, against a hand the contract draws.
    case practice(hand: Hand)
    case leave
}

// sdk: message
enum Question {
    case table  // sdk: returns Table
}

// sdk: message
struct Seat {
    var player: Text
    var hand: Hand
    var sinceSeconds: UInt64
}

/// Both hands, until the game is settled.
// sdk: message
struct Match {
    var first: Seat
    var second: Seat
    var blockHeight: UInt64
}

// sdk: message
struct Table {
    var denom: Text
    var stake: Amount
    var isSomebodyWaiting: Bool
    /// Whether both hands are there and nobody has been paid.
    var isPlayed: Bool
    var games: UInt32
}

// sdk: message
struct Outcome {
    /// For the players alone.
    var yours: Hand?
    var theirs: Hand?
    var winner: Text?
}

/// Rock, paper, scissors for a stake, between whoever comes first and whoever comes next.
///
/// A game is decided in a later block than its hands were played in: in the same transaction a player could have the
/// hand undone with a message that fails unless the game was won.
enum Game: Contract {
    private static let start = Item<Start>("start")
    private static let waiting = Item<Seat>("waiting", paddedTo: 256)
    private static let played = Item<Match>("match", paddedTo: 512)
    private static let games = Item<UInt32>("games")

    static var answerBytesMultiple: Int { 256 }

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {
        try call.requireNoFunds()
        guard message.stake > 0 else { throw ContractError("the stake must be positive") }
        start.save(message)
        games.save(0)
        return Response()
    }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        switch message {
        case .play(let hand): return try play(call, hand)
        case .settle: return try settle(call)
        case .practice(let hand):
            try call.requireNoFunds()
            var random = try Random(call, "practice")
            let hands: [Hand] = [.rock, .paper, .scissors]
            let drawn = hands[Int(random.number(below: 3))]
            let winner: Text? = hand == drawn ? nil : hand.beats(drawn) ? call.sender.address : "contract"
            return Response(answering: Outcome(yours: hand, theirs: drawn, winner: winner))
        case .leave: return try leave(call)
        }
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        let start = try start.load()
        return Table(
            denom: start.denom, stake: start.stake, isSomebodyWaiting: waiting.isThere, isPlayed: played.isThere,
            games: try games.load()
        ).json
    }

    private static func play(_ call: Call, _ hand: Hand) throws(ContractError) -> Response {
        let start = try start.load()
        guard try call.funds(only: start.denom) == start.stake else { throw ContractError("send exactly the stake") }
        guard !played.isThere else { throw ContractError("the last game is not settled") }
        let seat = Seat(player: call.sender.address, hand: hand, sinceSeconds: call.environment.timeSeconds)
        guard let first = try waiting.find() else {
            waiting.save(seat)
            return Response()
        }
        guard first.player != seat.player else { throw ContractError("wait for somebody else") }
        waiting.remove()
        played.save(Match(first: first, second: seat, blockHeight: call.environment.blockHeight))
        return Response()
    }

    private static func settle(_ call: Call) throws(ContractError) -> Response {
        try call.requireNoFunds()
        let start = try start.load()
        guard let match = try played.find() else { throw ContractError("no game is to be settled") }
        guard call.environment.blockHeight > match.blockHeight else {
            throw ContractError("a game is settled in a later block")
        }
        played.remove()
        games.save(try games.load() &+ 1)
        let (first, second) = (match.first, match.second)
        let winner: Text? =
            first.hand == second.hand ? nil : first.hand.beats(second.hand) ? first.player : second.player
        var outcome = Outcome(yours: nil, theirs: nil, winner: winner)
        if call.sender.address == first.player { (outcome.yours, outcome.theirs) = (first.hand, second.hand) }
        if call.sender.address == second.player { (outcome.yours, outcome.theirs) = (second.hand, first.hand) }
        var response = Response(answering: outcome)
        if let winner {
            let pot = Coin(denomination: start.denom, amount: try start.stake.adding(start.stake))
            response.send(.bankSend(to: winner, coins: [pot]))
        } else {
            for player in [first.player, second.player] {
                response.send(
                    .bankSend(to: player, coins: [Coin(denomination: start.denom, amount: start.stake)]))
            }
        }
        return response
    }

    private static func leave(_ call: Call) throws(ContractError) -> Response {
        try call.requireNoFunds()
        let start = try start.load()
        guard let seat = try waiting.find(), seat.player == call.sender.address else {
            throw ContractError("you are not waiting")
        }
        guard call.environment.timeSeconds >= seat.sinceSeconds + start.patienceSeconds else {
            throw ContractError("have patience")
        }
        waiting.remove()
        var response = Response()
        response.send(.bankSend(to: seat.player, coins: [Coin(denomination: start.denom, amount: start.stake)]))
        return response
    }
}

#if arch(wasm32)
    /// Gas of every call is a multiple of this, and one failure looks like another (docs/leak-reports.md).
    @_expose(wasm, "gas_step_50000") @_cdecl("gas_step_50000")
    public func gas_step_50000() {}
#endif
