typealias ThisContract = Poker

/// The seats of the round that is played, in the order of arrival.
// sdk: message
struct Seat {
    var player: Text
    var positions: [UInt8]
    var hasDrawn: Bool
}

// sdk: message
struct Round {
    var number: UInt32
    var seats: [Seat]
    /// From when all seats are taken.
    var deck: Deck?
    /// Of the deal or the last draw.
    var height: UInt64
    var timeSeconds: UInt64
}

/// Five-card draw for a stake: everybody gets five cards, may change some once, and the best hand takes all. Only the
/// winner's cards are shown; the others never are, unless their players show them.
///
/// No card is told in the transaction that decides it, and no winner in its block. Otherwise a contract that sits at
/// the table could look at its cards, or at who wins, and make the transaction fail until it likes them.
enum Poker: Contract {
    private static let start = Item<Start>("start")
    private static let round = Item<Round>("round", paddedTo: 2048)
    private static let records = Map<Record>("record")
    private static let handCards = 5
    /// More than a draw of any number of cards takes, so that its gas does not tell the number.
    private static let drawGas: UInt64 = 60_000

    static var answerBytesMultiple: Int { 256 }

    static func instantiate(_ call: Call, _ message: Start) throws(ContractError) -> Response {
        try call.requireNoFunds()
        guard message.players >= 2, message.players <= 4 else { throw ContractError("2 to 4 play") }
        guard message.stake > 0, message.patienceSeconds <= 86_400 else {
            throw ContractError("the stake must be positive and the patience at most a day")
        }
        start.save(message)
        round.save(Round(number: 1, seats: [], deck: nil, height: 0, timeSeconds: 0))
        return Response()
    }

    static func execute(_ call: Call, _ message: Action) throws(ContractError) -> Response {
        if case .sit(let key) = message { return try sit(call, key) }
        try call.requireNoFunds()
        switch message {
        case .leave: return try leave(call)
        case .draw(let places): return try draw(call, places)
        case .show: return try show(call)
        case .setViewingKey(let key): try ViewingKeys.set(key, of: call.sender.address)
        case .revokePermit(let name): Permit.revoke(name, of: call.sender.address)
        case .sit: break
        }
        return Response()
    }

    static func query(_ environment: Environment, _ question: Question) throws(ContractError) -> JSON {
        switch question {
        case .table:
            let (start, round) = (try start.load(), try round.load())
            var drawn: [Text] = []
            for seat in round.seats where seat.hasDrawn { drawn.append(seat.player) }
            return Table(
                denom: start.denom, stake: start.stake, seats: start.players, players: round.seats.map { $0.player },
                isDealt: round.deck != nil, drawn: drawn, round: round.number
            ).json
        case .myHand(let address, let key):
            try ViewingKeys.require(key, of: address)
            return try hand(environment, address).json
        case .withPermit(let permit, .myHand):
            return try hand(environment, try permit.signer(environment, permission: "owner")).json
        case .round(let number):
            guard let record = try records.find(Text(decimal: number)) else { throw ContractError("no such round") }
            return record.json
        }
    }

    private static func hand(_ environment: Environment, _ player: Text) throws(ContractError) -> Hand {
        let round = try round.load()
        guard let deck = round.deck, let seat = round.seats.first(where: { $0.player == player }) else {
            throw ContractError("you have no cards")
        }
        guard environment.transaction == "" else { throw ContractError("cards are not told to contracts") }
        return Hand(
            round: round.number, cards: seat.positions.map { deck.shown(at: $0) }, hasDrawn: seat.hasDrawn)
    }

    // MARK: - Coming and going

    private static func sit(_ call: Call, _ key: Text?) throws(ContractError) -> Response {
        let start = try start.load()
        guard try call.funds(only: start.denom) == start.stake else { throw ContractError("send exactly the stake") }
        let player = call.sender.address
        if let key { try ViewingKeys.set(key, of: player) }
        var round = try round.load()
        guard round.deck == nil else { throw ContractError("the cards are dealt") }
        guard !round.seats.contains(where: { $0.player == player }) else { throw ContractError("you sit here") }
        round.seats.append(Seat(player: player, positions: [], hasDrawn: false))
        var response = Response()
        if round.seats.count == Int(start.players) {
            var deck = try Deck(call)
            for index in round.seats.indices {
                for _ in 0..<handCards { round.seats[index].positions.append(deck.take()) }
            }
            round.deck = deck
            round.height = call.environment.blockHeight
            round.timeSeconds = call.environment.timeSeconds
            let record = Record(players: round.seats.map { $0.player }, commitments: deck.commitments, winners: nil)
            records.save(record, at: Text(decimal: round.number))
            let digest = SHA256.hash(record.commitments.bytes)
            response.attributes = [.plain("deck", Text(Base64.encode(digest)))]
        }
        Poker.round.save(round)
        return response
    }

    private static func leave(_ call: Call) throws(ContractError) -> Response {
        var round = try round.load()
        guard round.deck == nil else { throw ContractError("the cards are dealt") }
        guard let index = round.seats.firstIndex(where: { $0.player == call.sender.address }) else {
            throw ContractError("you do not sit here")
        }
        round.seats.remove(at: index)
        Poker.round.save(round)
        let start = try start.load()
        var response = Response()
        response.send(pay(call.sender.address, start.stake, start))
        return response
    }

    private static func pay(_ player: Text, _ amount: Amount, _ start: Start) -> Message {
        .bankSend(to: player, coins: [Coin(denomination: start.denom, amount: amount)])
    }

    // MARK: - Playing

    private static func draw(_ call: Call, _ places: [UInt8]) throws(ContractError) -> Response {
        var round = try round.load()
        guard var deck = round.deck, let index = round.seats.firstIndex(where: { $0.player == call.sender.address })
        else { throw ContractError("you have no cards") }
        guard !round.seats[index].hasDrawn else { throw ContractError("you drew") }
        var isGiven = [Bool](repeating: false, count: handCards)
        for place in places {
            guard place < UInt8(handCards), !isGiven[Int(place)] else {
                throw ContractError("give places 0 to 4, once")
            }
            isGiven[Int(place)] = true
            round.seats[index].positions[Int(place)] = deck.take()
        }
        round.seats[index].hasDrawn = true
        round.deck = deck
        round.height = call.environment.blockHeight
        round.timeSeconds = call.environment.timeSeconds
        Poker.round.save(round)
        Gas.fill(to: drawGas)
        return Response()
    }

    private static func show(_ call: Call) throws(ContractError) -> Response {
        let (start, round) = (try start.load(), try round.load())
        guard let deck = round.deck else { throw ContractError("no cards are dealt") }
        guard call.environment.blockHeight > round.height else { throw ContractError("wait for the next block") }
        let isPatienceOver = call.environment.timeSeconds >= round.timeSeconds + start.patienceSeconds
        var best: UInt32 = 0
        var winning: [(seat: Seat, value: HandValue)] = []
        for seat in round.seats {
            guard seat.hasDrawn else {
                guard isPatienceOver else { throw ContractError("not everybody drew") }
                continue
            }
            let value = HandValue(seat.positions.map { deck.card(at: $0) })
            if value.score > best { (best, winning) = (value.score, []) }
            if value.score == best { winning.append((seat, value)) }
        }
        var response = Response()
        var winners: [Winner] = []
        if winning.isEmpty {
            // Nobody plays any more.
            for seat in round.seats { response.send(pay(seat.player, start.stake, start)) }
        } else {
            let pot = try start.stake.scaled(by: Amount(UInt128(round.seats.count)), over: 1)
            let share = try pot.scaled(by: 1, over: Amount(UInt128(winning.count)))
            // What does not divide goes to the first of them.
            let others = try share.scaled(by: Amount(UInt128(winning.count - 1)), over: 1)
            var won = try pot.subtracting(others, or: "inconsistent")
            for (seat, value) in winning {
                winners.append(
                    Winner(
                        player: seat.player, name: value.name, cards: seat.positions.map { deck.shown(at: $0) },
                        won: won))
                response.send(pay(seat.player, won, start))
                won = share
            }
        }
        var record =
            try records.find(Text(decimal: round.number))
            ?? Record(players: [], commitments: Bytes([]), winners: nil)
        record.winners = winners
        records.save(record, at: Text(decimal: round.number))
        Poker.round.save(Round(number: round.number + 1, seats: [], deck: nil, height: 0, timeSeconds: 0))
        response.data = winners.json.encoded
        for winner in winners {
            response.attributes.append(.plain("winner", winner.player))
            response.attributes.append(.plain("hand", winner.name.word))
        }
        return response
    }
}

#if arch(wasm32)
    /// Gas of every call is a multiple of this, and one failure looks like another (docs/leak-reports.md).
    @_expose(wasm, "gas_step_150000") @_cdecl("gas_step_150000")
    public func gas_step_150000() {}
#endif
