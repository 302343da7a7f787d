private func start(_ chain: TestChain) {
    chain.instantiate(
        #"{"question":"Tea?","options":["yes","no"],"voters":["\#(chain.alice)","\#(chain.bob)","\#(chain.carol)"],"#
            + #""ends_at_seconds":\#(chain.timeSeconds + 60)}"#)
}

private func vote(_ chain: TestChain, _ option: Int, from voter: String) {
    chain.expect(chain.execute(#"{"vote":{"option":\#(option)}}"#, from: voter).error, nil)
}

let leakPairs: [LeakPair] = [
    LeakPair("what somebody votes for") { chain, secret in
        start(chain)
        vote(chain, secret(0, 1), from: chain.bob)
        chain.query(#"{"poll":{}}"#)
    },
    LeakPair("who voted for what, after the end") { chain, secret in
        start(chain)
        vote(chain, secret(0, 1), from: chain.bob)
        vote(chain, secret(1, 0), from: chain.carol)
        chain.timeSeconds += 60
        chain.expect(chain.execute(#"{"close":{}}"#).error, nil)
        chain.query(#"{"result":{}}"#)
    },
    LeakPair("whether a vote is changed back") { chain, secret in
        start(chain)
        vote(chain, 0, from: chain.bob)
        vote(chain, secret(0, 1), from: chain.bob)
    },
    LeakPair("how the vote ends", mayTell: "the result is public") { chain, secret in
        start(chain)
        vote(chain, secret(0, 1), from: chain.bob)
        chain.timeSeconds += 60
        chain.expect(chain.execute(#"{"close":{}}"#).error, nil)
    },
]
