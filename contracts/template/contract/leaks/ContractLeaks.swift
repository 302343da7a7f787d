let leakPairs: [LeakPair] = [
    LeakPair("who is greeted") { chain, secret in
        chain.instantiate(#"{"greeting":"hello"}"#)
        chain.execute(#"{"greet":{"name":"\#(secret("Ada", "Eve"))"}}"#, from: chain.bob)
        chain.query(#"{"greetings":{}}"#)
    }
]
