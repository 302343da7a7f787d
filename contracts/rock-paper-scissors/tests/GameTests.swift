private func start(_ chain: TestChain) {
    chain.instantiate(#"{"denom":"uscrt","stake":"50","patience_seconds":60}"#)
}

let contractTests: [ContractTest] = [
    ContractTest("every pair of hands is decided as children know it") { chain in
        let hands = ["rock", "paper", "scissors"]
        for first in 0..<3 {
            for second in 0..<3 {
                let chain2 = TestChain()
                start(chain2)
                chain2.execute(#"{"play":{"hand":"\#(hands[first])"}}"#, from: chain2.bob, with: "50uscrt")
                let hand = chain2.execute(
                    #"{"play":{"hand":"\#(hands[second])"}}"#, from: chain2.carol, with: "50uscrt")
                chain2.expect(hand.data + hand.messages, "[]")
                let played = chain2.execute(#"{"settle":{}}"#, from: chain2.carol)
                chain.expect(
                    played.data.hasPrefix(#"{"yours":"\#(hands[second])","theirs":"\#(hands[first])","winner":"#),
                    played.data)
                let pot = [nil, chain2.carol, chain2.bob][(second - first + 3) % 3]
                if let pot {
                    chain.expect(
                        played.messages.contains(#""to_address":"\#(pot)","amount":[{"denom":"uscrt","amount":"100"}]"#)
                    )
                } else {
                    chain.expect(played.messages.contains(chain2.bob) && played.messages.contains(chain2.carol))
                }
            }
        }
    },
    ContractTest("the first hand is not shown while it waits") { chain in
        start(chain)
        let played = chain.execute(#"{"play":{"hand":"rock"}}"#, from: chain.bob, with: "50uscrt")
        chain.expect(played.data, "")
        chain.expect(
            chain.query(#"{"table":{}}"#),
            #"{"denom":"uscrt","stake":"50","is_somebody_waiting":true,"is_played":false,"games":0}"#)
        chain.expect(
            chain.execute(#"{"play":{"hand":"rock"}}"#, from: chain.bob, with: "50uscrt").error,
            "wait for somebody else")
        chain.expect(
            chain.execute(#"{"play":{"hand":"well"}}"#, from: chain.carol, with: "50uscrt").error, "unknown hand")
        chain.expect(
            chain.execute(#"{"play":{"hand":"rock"}}"#, from: chain.carol, with: "49uscrt").error,
            "send exactly the stake")
    },
    ContractTest("a game is settled in a later block, once, and tells its hands to its players alone") { chain in
        start(chain)
        chain.expect(chain.execute(#"{"settle":{}}"#).error, "no game is to be settled")
        chain.execute(#"{"play":{"hand":"rock"}}"#, from: chain.bob, with: "50uscrt")
        chain.execute(#"{"play":{"hand":"paper"}}"#, from: chain.carol, with: "50uscrt")
        chain.height -= 1
        chain.expect(chain.execute(#"{"settle":{}}"#).error, "a game is settled in a later block")
        chain.expect(
            chain.execute(#"{"play":{"hand":"rock"}}"#, from: chain.alice, with: "50uscrt").error,
            "the last game is not settled")
        chain.expect(chain.execute(#"{"leave":{}}"#, from: chain.bob).error, "you are not waiting")
        chain.expect(
            chain.execute(#"{"settle":{}}"#).data, #"{"yours":null,"theirs":null,"winner":"\#(chain.carol)"}"#)
        chain.expect(chain.execute(#"{"settle":{}}"#).error, "no game is to be settled")
        chain.expect(
            chain.query(#"{"table":{}}"#),
            #"{"denom":"uscrt","stake":"50","is_somebody_waiting":false,"is_played":false,"games":1}"#)
    },
    ContractTest("whoever waited long enough leaves with the stake") { chain in
        start(chain)
        chain.execute(#"{"play":{"hand":"rock"}}"#, from: chain.bob, with: "50uscrt")
        chain.expect(chain.execute(#"{"leave":{}}"#, from: chain.carol).error, "you are not waiting")
        chain.expect(chain.execute(#"{"leave":{}}"#, from: chain.bob).error, "have patience")
        chain.timeSeconds += 60
        chain.expect(chain.execute(#"{"leave":{}}"#, from: chain.bob).messages.contains(#""amount":"50""#))
    },
    ContractTest("practice draws each hand about equally often") { chain in
        start(chain)
        var drawn: [String: Int] = [:]
        for round in 0..<300 {
            chain.random = SHA256.hash([UInt8(round & 255), UInt8(round >> 8)])
            let data = chain.execute(#"{"practice":{"hand":"rock"}}"#).data
            drawn[String(data.dropFirst(#"{"yours":"rock","theirs":""#.count).prefix(4)), default: 0] += 1
        }
        chain.expect(drawn.count == 3 && drawn.values.allSatisfy { $0 > 60 }, "\(drawn)")
    },
]
