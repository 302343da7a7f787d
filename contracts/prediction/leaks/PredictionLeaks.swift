let leakPairs: [LeakPair] = [
    LeakPair("what is asked") { chain, secret in
        chain.instantiate(#"{"hidden":[[1,-1,0],[-1,1,0]],"output":[1,-1,0]}"#)
        chain.expect(chain.execute(#"{"predict":{"inputs":[\#(secret("5,3", "3,5"))]}}"#).error, nil)
    },
    LeakPair("the model's weights") { chain, secret in
        chain.instantiate(#"{"hidden":[[\#(secret("3,-2", "2,-3")),0],[-1,1,0]],"output":[1,-1,0]}"#)
        chain.expect(chain.execute(#"{"predict":{"inputs":[5,3]}}"#).error, nil)
    },
]
