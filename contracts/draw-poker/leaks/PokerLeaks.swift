private func start(_ chain: TestChain, random: UInt8) {
    chain.instantiate(#"{"denom":"uscrt","stake":"50","players":2,"patience_seconds":60}"#)
    for player in [chain.alice, chain.bob] {
        chain.random = [UInt8](repeating: random, count: 32)
        let answer = chain.execute(#"{"sit":{"viewing_key":"the viewing key"}}"#, from: player, with: "50uscrt")
        chain.expect(answer.error, nil)
    }
}

let leakPairs: [LeakPair] = [
    LeakPair("which cards are dealt", mayTell: "the deal commits to its cards, by a hash for each") { chain, secret in
        start(chain, random: secret(7, 9))
        chain.query(#"{"my_hand":{"address":"\#(chain.bob)","key":"the viewing key"}}"#)
    },
    LeakPair("which cards are given away") { chain, secret in
        start(chain, random: 7)
        chain.expect(chain.execute(#"{"draw":{"discard":[\#(secret(0, 3))]}}"#, from: chain.bob).error, nil)
    },
    LeakPair("how many cards are given away") { chain, secret in
        start(chain, random: 7)
        chain.expect(chain.execute(#"{"draw":{"discard":[\#(secret("0", "0,1,2"))]}}"#, from: chain.bob).error, nil)
    },
]
