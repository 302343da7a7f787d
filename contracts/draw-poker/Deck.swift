/// A shuffled deck whose every card is committed to before anybody sees one: a card that is shown later, with its salt,
/// can be compared with what was announced, and tells nothing of the others.
// sdk: message
struct Deck {
    /// The cards' numbers, in order.
    var order: Bytes
    var saltKey: Bytes
    /// Where the next card is taken.
    var next: UInt8
}

extension Deck {
    init(_ call: Call) throws(ContractError) {
        var random = try Random(call, "deal")
        var order: [UInt8] = []
        for number in 0..<UInt8(Card.count) { order.append(number) }
        // Fisher and Yates: every order is equally likely.
        for last in (1..<Card.count).reversed() {
            order.swapAt(last, Int(random.number(below: UInt32(last + 1))))
        }
        var salts = try Random(call, "salts")
        self.init(order: Bytes(order), saltKey: Bytes(salts.bytes32()), next: 0)
    }

    func card(at position: UInt8) -> Card { Card(number: order.bytes[Int(position)]) }

    func shown(at position: UInt8) -> DealtCard {
        DealtCard(card: card(at: position).text, position: position, salt: Bytes(salt(position)))
    }

    var commitments: Bytes {
        var all: [UInt8] = []
        for position in 0..<UInt8(Card.count) {
            all += SHA256.hash(salt(position) + card(at: position).text.utf8)
        }
        return Bytes(all)
    }

    mutating func take() -> UInt8 {
        defer { next += 1 }
        return next
    }

    private func salt(_ position: UInt8) -> [UInt8] { SHA256.authenticate([position], key: saltKey.bytes) }
}
