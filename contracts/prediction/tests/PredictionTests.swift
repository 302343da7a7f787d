let contractTests: [ContractTest] = [
    ContractTest("the network is computed as on paper") { chain in
        // Positive where the first input is above the second.
        chain.instantiate(#"{"hidden":[[1,-1,0],[-1,1,0]],"output":[1,-1,0]}"#)
        chain.expect(chain.execute(#"{"predict":{"inputs":[5,3]}}"#).data, #"{"is_positive":true}"#)
        chain.expect(chain.execute(#"{"predict":{"inputs":[3,5]}}"#).data, #"{"is_positive":false}"#)
        chain.expect(chain.query(#"{"shape":{}}"#), #"{"inputs":2,"hidden":2}"#)
    },
    ContractTest("inputs of another shape or out of bounds are refused, and so are models") { chain in
        chain.expect(chain.instantiate(#"{"hidden":[[1,2],[1]],"output":[1,1,1]}"#).error, "not a model")
        chain.expect(chain.instantiate(#"{"hidden":[],"output":[1]}"#).error, "not a model")
        chain.instantiate(#"{"hidden":[[1,-1,0],[-1,1,0]],"output":[1,-1,0]}"#)
        for inputs in ["[1]", "[1,2,3]", "[1,100001]", "[1.5,2]"] {
            chain.expect(chain.execute(#"{"predict":{"inputs":\#(inputs)}}"#).error != nil, inputs)
        }
    },
]
