/// A card: four times its rank (0 for a two, 12 for an ace) and its suit.
struct Card: Equatable {
    var number: UInt8

    static let count = 52
    var rank: Int { Int(number >> 2) }
    var suit: Int { Int(number & 3) }

    /// As `"QH"`, `"TS"`.
    var text: Text {
        Text([Text("23456789TJQKA").utf8[rank], Text("CDHS").utf8[suit]])
    }
}

// sdk: words
enum HandRank: Equatable {
    case highCard, pair, twoPair, threeOfAKind, straight, flush, fullHouse, fourOfAKind, straightFlush
}

/// What five cards are worth.
struct HandValue {
    var name: HandRank
    /// Larger for the better of two hands, equal if suits alone differ.
    var score: UInt32

    init(_ cards: [Card]) {
        var counts = [Int](repeating: 0, count: 13)
        for card in cards { counts[card.rank] += 1 }
        // What there is more of decides first, then what is higher.
        var ranks: [Int] = []
        for count in [4, 3, 2, 1] {
            for rank in (0..<13).reversed() where counts[rank] == count { ranks.append(rank) }
        }
        let isFlush = cards.allSatisfy { $0.suit == cards[0].suit }
        var isStraight = ranks.count == 5 && ranks[0] - ranks[4] == 4
        if ranks == [12, 3, 2, 1, 0] {
            // The ace may be a one.
            (isStraight, ranks) = (true, [3, 2, 1, 0, 0])
        }
        let (most, next) = (counts.max() ?? 0, ranks.count)
        name =
            switch (isStraight, isFlush, most, next) {
            case (true, true, _, _): .straightFlush
            case (_, _, 4, _): .fourOfAKind
            case (_, _, 3, 2): .fullHouse
            case (_, true, _, _): .flush
            case (true, _, _, _): .straight
            case (_, _, 3, _): .threeOfAKind
            case (_, _, 2, 3): .twoPair
            case (_, _, 2, _): .pair
            default: .highCard
            }
        let names: [HandRank] = [
            .highCard, .pair, .twoPair, .threeOfAKind, .straight, .flush, .fullHouse, .fourOfAKind, .straightFlush,
        ]
        score = UInt32(names.firstIndex(of: name) ?? 0)
        for place in 0..<5 { score = score << 4 | UInt32(place < ranks.count ? ranks[place] : 0) }
    }
}
