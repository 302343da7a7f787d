private func start(_ chain: TestChain, players: Int = 2) {
    chain.instantiate(#"{"denom":"uscrt","stake":"50","players":\#(players),"patience_seconds":60}"#)
}

private func sit(_ chain: TestChain, _ players: [String]) {
    for player in players {
        let answer = chain.execute(#"{"sit":{"viewing_key":"the viewing key"}}"#, from: player, with: "50uscrt")
        chain.expect(answer.error, nil)
    }
}

private func hand(_ chain: TestChain, _ player: String, key: String = "the viewing key") -> String {
    chain.query(#"{"my_hand":{"address":"\#(player)","key":"\#(key)"}}"#)
}

private func draw(_ chain: TestChain, _ player: String, _ places: String = "[]") -> String? {
    chain.execute(#"{"draw":{"discard":\#(places)}}"#, from: player).error
}

private func record(_ chain: TestChain, _ number: Int) throws -> Record {
    try Record(JSONReader.parse(Array(chain.query(#"{"round":{"number":\#(number)}}"#).utf8)), "record")
}

private func cards(_ text: String) -> [Card] {
    text.split(separator: " ").map { name in
        Card(number: (0..<52).first { Card(number: $0).text == Text(Array(name.utf8)) }!)
    }
}

private func isCommitted(_ card: DealtCard, in commitments: [UInt8]) -> Bool {
    let place = Int(card.position) * 32
    return SHA256.hash(card.salt.bytes + card.card.utf8) == Array(commitments[place..<(place + 32)])
}

let contractTests: [ContractTest] = [
    ContractTest("hands are ranked as everywhere, from a high card to a straight flush") { chain in
        let ascending: [(String, HandRank)] = [
            ("2C 3D 4H 5S 7C", .highCard), ("2C 3D 4H 6S 7C", .highCard), ("AC 3D 4H 6S 7C", .highCard),
            ("2C 2D 3H 4S 5C", .pair), ("2C 2D AH 4S 5C", .pair), ("AC AD 2H 3S 4C", .pair),
            ("2C 2D 3H 3S 4C", .twoPair), ("2C 2D 3H 3S 5C", .twoPair), ("AC AD 2H 2S 3C", .twoPair),
            ("2C 2D 2H 3S 4C", .threeOfAKind), ("AC AD AH 2S 3C", .threeOfAKind),
            ("AC 2D 3H 4S 5C", .straight), ("2C 3D 4H 5S 6C", .straight), ("TC JD QH KS AC", .straight),
            ("2C 3C 4C 5C 7C", .flush), ("9H JH QH KH AH", .flush),
            ("2C 2D 2H AS AC", .fullHouse), ("3C 3D 3H 2S 2C", .fullHouse),
            ("2C 2D 2H 2S AC", .fourOfAKind), ("3C 3D 3H 3S 2C", .fourOfAKind),
            ("AC 2C 3C 4C 5C", .straightFlush), ("TS JS QS KS AS", .straightFlush),
        ]
        var last: UInt32 = 0
        for (text, name) in ascending {
            let value = HandValue(cards(text))
            chain.expect(value.name == name, "\(text) is \(value.name)")
            chain.expect(value.score > last || text.hasPrefix("2C 3D 4H 5S 7C"), text)
            last = value.score
        }
        chain.expect(HandValue(cards("2C 2D AH 4S 5C")).score == HandValue(cards("AS 5D 2H 4C 2S")).score)
    },
    ContractTest("of twenty cards there are as many hands of each kind as combinatorics says") { chain in
        var counts: [[UInt8]: Int] = [:]
        let deck = (32..<52).map { Card(number: UInt8($0)) }
        for a in 0..<20 {
            for b in 0..<a {
                for c in 0..<b {
                    for d in 0..<c {
                        for e in 0..<d {
                            let value = HandValue([deck[a], deck[b], deck[c], deck[d], deck[e]])
                            counts[value.name.word.utf8, default: 0] += 1
                        }
                    }
                }
            }
        }
        let expected: [(HandRank, Int)] = [
            (.straightFlush, 4), (.fourOfAKind, 80), (.fullHouse, 480), (.straight, 1020), (.threeOfAKind, 1920),
            (.twoPair, 4320), (.pair, 7680),
        ]
        chain.expect(counts.count == expected.count)
        for (name, count) in expected { chain.expect(counts[name.word.utf8] == count, "\(name)") }
    },
    ContractTest("cards are dealt when the table is full, and each sees his own alone") { chain in
        start(chain, players: 3)
        sit(chain, [chain.alice, chain.bob])
        chain.expect(hand(chain, chain.bob), "you have no cards")
        chain.expect(
            chain.execute(#"{"sit":{}}"#, from: chain.carol, with: "49uscrt").error, "send exactly the stake")
        chain.expect(chain.execute(#"{"sit":{}}"#, from: chain.bob, with: "50uscrt").error, "you sit here")
        sit(chain, [chain.carol])
        chain.expect(chain.query(#"{"table":{}}"#).contains(#""is_dealt":true"#))
        let ask = #"{"my_hand":{"address":"\#(chain.bob)","key":"the viewing key"}}"#
        chain.expect(chain.query(ask, byContract: true), "cards are not told to contracts")
        let hands = [chain.alice, chain.bob, chain.carol].map { hand(chain, $0) }
        let all = try hands.flatMap { try Hand(JSONReader.parse(Array($0.utf8)), "hand").cards }
        chain.expect(all.count == 15)
        for (index, card) in all.enumerated() {
            for other in all[..<index] { chain.expect(card.card != other.card) }
        }
        chain.expect(hand(chain, chain.bob, key: "guess guess"), "wrong viewing key")
        let dealer = TestKey([7])
        let permit = permit(dealer, contract: chain.contract, permission: "owner")
        chain.expect(
            chain.query(#"{"with_permit":{"permit":\#(permit),"query":{"my_hand":{}}}}"#), "you have no cards")
        chain.expect(chain.execute(#"{"leave":{}}"#, from: chain.bob).error, "the cards are dealt")
        chain.expect(chain.execute(#"{"sit":{}}"#, from: dealer.address, with: "50uscrt").error, "the cards are dealt")
    },
    ContractTest("every card that is shown was committed to at the deal, and the losing hand is not shown") { chain in
        start(chain)
        sit(chain, [chain.alice, chain.bob])
        let announced = try record(chain, 1)
        chain.expect(announced.commitments.bytes.count == 52 * 32 && announced.winners == nil)
        chain.height += 1
        chain.expect(draw(chain, chain.alice, "[0,4]"), nil)
        chain.expect(draw(chain, chain.bob), nil)
        chain.height += 1
        let hands = try [chain.alice, chain.bob].map {
            try Hand(JSONReader.parse(Array(hand(chain, $0).utf8)), "hand").cards
        }
        for card in hands[0] + hands[1] { chain.expect(isCommitted(card, in: announced.commitments.bytes)) }
        chain.expect(hands[0].map { $0.position } == [10, 1, 2, 3, 11])
        chain.expect(hands[1].map { $0.position } == [5, 6, 7, 8, 9])
        let shown = chain.execute(#"{"show":{}}"#, from: chain.carol)
        chain.expect(shown.error, nil)
        let after = try record(chain, 1)
        chain.expect(after.commitments == announced.commitments)
        chain.expect(after.winners?.count == 1)
        let winner = after.winners![0]
        let scores = hands.map { HandValue($0.map { cards(String(decoding: $0.card.utf8, as: UTF8.self))[0] }).score }
        let place = scores[0] > scores[1] ? 0 : 1
        chain.expect(winner.player == Text(Array([chain.alice, chain.bob][place].utf8)))
        chain.expect(winner.cards.map { $0.salt } == hands[place].map { $0.salt })
        for card in hands[1 - place] {
            chain.expect(!shown.text.contains(String(decoding: Base64.encode(card.salt.bytes), as: UTF8.self)))
            chain.expect(!shown.data.contains(String(decoding: Base64.encode(card.salt.bytes), as: UTF8.self)))
        }
        chain.expect(shown.messages.contains(#"[{"denom":"uscrt","amount":"100"}]"#), shown.messages)
        chain.expect(chain.execute(#"{"show":{}}"#).error, "no cards are dealt")
        chain.expect(chain.query(#"{"table":{}}"#).contains(#""players":[],"is_dealt":false,"drawn":[],"round":2"#))
    },
    ContractTest("a draw is once, of one's own cards, and no result is told in its block") { chain in
        start(chain)
        chain.expect(draw(chain, chain.alice), "you have no cards")
        sit(chain, [chain.alice, chain.bob])
        for places in ["[5]", "[0,0]", "[0,1,2,3,4,4]", "[-1]", "[256]"] {
            chain.expect(draw(chain, chain.alice, places) != nil, places)
        }
        chain.expect(draw(chain, chain.carol), "you have no cards")
        chain.expect(draw(chain, chain.alice, "[0,1,2,3,4]"), nil)
        chain.expect(draw(chain, chain.alice, "[0]"), "you drew")
        chain.height += 1
        chain.expect(chain.execute(#"{"show":{}}"#).error, "not everybody drew")
        chain.height += 1
        chain.expect(draw(chain, chain.bob), nil)
        chain.height -= 1
        chain.expect(chain.execute(#"{"show":{}}"#).error, "wait for the next block")
    },
    ContractTest("who does not draw in time is out; if nobody does, all stakes go back") { chain in
        start(chain, players: 3)
        sit(chain, [chain.alice, chain.bob, chain.carol])
        chain.height += 1
        chain.expect(draw(chain, chain.carol), nil)
        chain.height += 1
        chain.timeSeconds += 59
        chain.expect(chain.execute(#"{"show":{}}"#).error, "not everybody drew")
        chain.timeSeconds += 1
        let shown = chain.execute(#"{"show":{}}"#)
        chain.expect(
            shown.messages.contains(#""to_address":"\#(chain.carol)","amount":[{"denom":"uscrt","amount":"150"}]"#))
        sit(chain, [chain.alice, chain.bob, chain.carol])
        chain.height += 1
        chain.timeSeconds += 60
        let returned = chain.execute(#"{"show":{}}"#).messages
        for player in [chain.alice, chain.bob, chain.carol] {
            chain.expect(
                returned.contains(#""to_address":"\#(player)","amount":[{"denom":"uscrt","amount":"50"}]"#), returned)
        }
        chain.expect(try record(chain, 2).winners?.isEmpty == true)
    },
    ContractTest("who sits alone leaves with his stake") { chain in
        start(chain)
        sit(chain, [chain.alice])
        chain.expect(chain.execute(#"{"leave":{}}"#, from: chain.bob).error, "you do not sit here")
        chain.expect(chain.execute(#"{"leave":{}}"#).messages.contains(#""amount":"50""#))
        chain.expect(chain.execute(#"{"leave":{}}"#).error, "you do not sit here")
    },
    ContractTest("every card comes about equally often to every place, and no two decks are alike") { chain in
        var counts = [Int](repeating: 0, count: 52)
        var decks: [[UInt8]] = []
        for round in 0..<300 {
            chain.random = SHA256.hash([UInt8(round & 255), UInt8(round >> 8)])
            start(chain)
            sit(chain, [chain.alice, chain.bob])
            let order = try Round(JSONReader.parse(Host.state[Array("round".utf8)]!), "round").deck!.order.bytes
            chain.expect(order.sorted() == Array(0..<52))
            for card in order[..<10] { counts[Int(card)] += 1 }
            decks.append(order)
        }
        // 300 * 10 / 52 = 58 each; five standard deviations are 36.
        chain.expect(counts.allSatisfy { $0 > 22 && $0 < 94 }, "\(counts)")
        chain.expect(decks[0] != decks[1] && decks[1] != decks[2])
    },
]
