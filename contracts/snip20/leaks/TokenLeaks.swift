private func start(_ chain: TestChain, bobHas amount: Int = 500_000) {
    chain.instantiate(
        #"{"name":"Secret SCRT","admin":"\#(chain.alice)","symbol":"SSCRT","decimals":6,"#
            + #""initial_balances":[{"address":"\#(chain.alice)","amount":"1000000"},"#
            + #"{"address":"\#(chain.bob)","amount":"\#(amount)"}],"prng_seed":"eW8=","#
            + #""config":{"public_total_supply":false,"enable_redeem":true},"supported_denoms":["uscrt"]}"#)
    for account in [chain.alice, chain.bob] {
        chain.execute(#"{"set_viewing_key":{"key":"the viewing key"}}"#, from: account)
    }
}

private func transfer(_ chain: TestChain, _ amount: Int, to recipient: String, memo: String = "rent") {
    let message = #"{"transfer":{"recipient":"\#(recipient)","amount":"\#(amount)","memo":"\#(memo)"}}"#
    chain.expect(chain.execute(message).error, nil)
}

let leakPairs: [LeakPair] = [
    LeakPair("how much is sent", mayTell: "gas goes by the digits of sums") {
        chain, secret in
        start(chain)
        transfer(chain, secret(123_456, 987_654), to: chain.bob)
        chain.query(#"{"balance":{"address":"\#(chain.bob)","key":"the viewing key"}}"#)
    },
    LeakPair("how much somebody has") { chain, secret in
        start(chain, bobHas: secret(234_567, 876_543))
        chain.query(#"{"balance":{"address":"\#(chain.bob)","key":"the viewing key"}}"#)
    },
    LeakPair("what for") { chain, secret in
        start(chain)
        transfer(chain, 100_000, to: chain.bob, memo: secret("rent", "gift"))
        chain.query(#"{"transfer_history":{"address":"\#(chain.bob)","key":"the viewing key","page_size":10}}"#)
    },
    LeakPair("who is paid", mayTell: "balances and histories are kept under their owners' addresses") { chain, secret in
        start(chain)
        transfer(chain, 100_000, to: secret(chain.bob, chain.carol))
    },
    LeakPair("how much is sent, by digits", mayTell: "gas goes by the digits of sums") { chain, secret in
        start(chain)
        transfer(chain, secret(5, 500_000), to: chain.bob)
    },
    LeakPair("whether there is enough", mayTell: "a transfer without funds is a failed transaction") { chain, secret in
        start(chain, bobHas: secret(500, 300))
        chain.execute(
            #"{"transfer":{"recipient":"\#(chain.carol)","amount":"400"}}"#, from: chain.bob)
    },
]
