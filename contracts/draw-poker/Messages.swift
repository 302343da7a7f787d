// What the table understands and answers.

// sdk: message
struct Start {
    var denom: Text
    var stake: Amount
    /// 2 to 4.
    var players: UInt32
    /// How long after the deal or the last draw the others wait for somebody; at most a day.
    var patienceSeconds: UInt64
}

// sdk: message
enum Action {
    /// With the stake. When all seats are taken the cards are dealt.
    case sit(viewingKey: Text?)
    /// With the stake back, while seats are free.
    case leave
    /// Once a round: gives away the cards at these places, 0 to 4, for as many new ones. Also if none is given away.
    case draw(discard: [UInt8])
    /// By anybody, in a later block than the last draw: pays the best hand. Who did not draw in time is out.
    case show
    case setViewingKey(key: Text)
    case revokePermit(permitName: Text)
}

// sdk: message
enum Question {
    case table  // sdk: returns Table
    case myHand(address: Text, key: Text)  // sdk: returns Hand
    case withPermit(permit: Permit, query: PermittedQuestion)  // sdk: returns Hand
    /// What a round's deal committed to, and what was shown at its end.
    case round(number: UInt32)  // sdk: returns Record
}

// sdk: message
enum PermittedQuestion {
    case myHand
}

// sdk: message
struct Table {
    var denom: Text
    var stake: Amount
    var seats: UInt32
    var players: [Text]
    var isDealt: Bool
    var drawn: [Text]
    /// Of the round that is played or waits for players.
    var round: UInt32
}

/// With the salt a player can prove to anybody that this card was at this place of the deck.
// sdk: message
struct DealtCard {
    var card: Text
    var position: UInt8
    var salt: Bytes
}

// sdk: message
struct Hand {
    var round: UInt32
    var cards: [DealtCard]
    var hasDrawn: Bool
}

// sdk: message
struct Record {
    var players: [Text]
    /// 52 times 32 bytes: SHA-256 of salt and card, in the order of the deck.
    var commitments: Bytes
    /// After the end; nobody if the round came to nothing.
    var winners: [Winner]?
}

// sdk: message
struct Winner {
    var player: Text
    var name: HandRank
    var cards: [DealtCard]
    var won: Amount
}
