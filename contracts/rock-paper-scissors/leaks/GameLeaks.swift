private func start(_ chain: TestChain) {
    chain.instantiate(#"{"denom":"uscrt","stake":"50","patience_seconds":60}"#)
}

private func play(_ chain: TestChain, _ hand: String, from player: String) {
    chain.expect(chain.execute(#"{"play":{"hand":"\#(hand)"}}"#, from: player, with: "50uscrt").error, nil)
}

let leakPairs: [LeakPair] = [
    LeakPair("the first hand, while it waits") { chain, secret in
        start(chain)
        play(chain, secret("rock", "paper"), from: chain.bob)
        chain.query(#"{"table":{}}"#)
    },
    LeakPair("a hand of a longer name") { chain, secret in
        start(chain)
        play(chain, secret("rock", "scissors"), from: chain.bob)
    },
    LeakPair("both hands, before the game is settled") { chain, secret in
        start(chain)
        play(chain, secret("rock", "paper"), from: chain.bob)
        play(chain, secret("paper", "rock"), from: chain.carol)
    },
    LeakPair("who wins", mayTell: "the pot is paid in public coins") { chain, secret in
        start(chain)
        play(chain, secret("rock", "paper"), from: chain.bob)
        play(chain, secret("paper", "rock"), from: chain.carol)
        chain.expect(chain.execute(#"{"settle":{}}"#).error, nil)
    },
    LeakPair("by which hands somebody wins") { chain, secret in
        start(chain)
        play(chain, secret("rock", "paper"), from: chain.bob)
        play(chain, secret("paper", "scissors"), from: chain.carol)
        chain.expect(chain.execute(#"{"settle":{}}"#).error, nil)
    },
]
