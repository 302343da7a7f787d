let leakPairs: [LeakPair] = [
    LeakPair("where it starts to count") { chain, secret in
        chain.instantiate(#"{"count":\#(secret(41, 72))}"#)
        chain.execute(#"{"increment":{}}"#, from: chain.bob)
        chain.query(#"{"get_count":{}}"#)
    },
    LeakPair("what is remembered") { chain, secret in
        chain.instantiate(#"{"count":1}"#)
        chain.execute(#"{"remember":{"note":"\#(secret("a short note", "of the same "))"}}"#, from: chain.bob)
        chain.execute(#"{"set_viewing_key":{"key":"the viewing key"}}"#, from: chain.bob)
        chain.query(#"{"get_note":{"address":"\#(chain.bob)","key":"the viewing key"}}"#)
    },
    LeakPair("how long a note is", mayTell: "its padding hides it from storage, and nothing from gas") {
        chain, secret in
        chain.instantiate(#"{"count":1}"#)
        chain.execute(#"{"remember":{"note":"\#(secret("", "a note of some length"))"}}"#, from: chain.bob)
    },
]
