private func start(_ chain: TestChain) {
    chain.instantiate(
        #"{"item":"a boat","denom":"uscrt","deposit":"1000","minimum":"100","ends_at_seconds":\#(chain.timeSeconds + 60),"#
            + #""second_price":true}"#)
}

private func bid(_ chain: TestChain, _ amount: Int, from bidder: String) {
    chain.expect(chain.execute(#"{"bid":{"amount":"\#(amount)"}}"#, from: bidder, with: "1000uscrt").error, nil)
}

let leakPairs: [LeakPair] = [
    LeakPair("what is bid, until the end") { chain, secret in
        start(chain)
        bid(chain, secret(300, 700), from: chain.bob)
        bid(chain, secret(800, 200), from: chain.carol)
        chain.execute(#"{"set_viewing_key":{"key":"the viewing key"}}"#, from: chain.bob)
        chain.query(#"{"my_bid":{"address":"\#(chain.bob)","key":"the viewing key"}}"#)
        chain.query(#"{"status":{}}"#)
    },
    LeakPair("a bid of another length") { chain, secret in
        start(chain)
        bid(chain, secret(300, 1000), from: chain.bob)
    },
    LeakPair("the winner's bid, where the second is paid") { chain, secret in
        start(chain)
        bid(chain, 300, from: chain.bob)
        bid(chain, secret(700, 900), from: chain.carol)
        chain.timeSeconds += 60
        chain.expect(chain.execute(#"{"settle":{}}"#).error, nil)
    },
    LeakPair("who wins", mayTell: "the settlement pays in public coins") { chain, secret in
        start(chain)
        bid(chain, secret(300, 700), from: chain.bob)
        bid(chain, secret(700, 300), from: chain.carol)
        chain.timeSeconds += 60
        chain.expect(chain.execute(#"{"settle":{}}"#).error, nil)
    },
]
