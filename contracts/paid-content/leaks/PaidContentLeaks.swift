private func start(_ chain: TestChain, _ chapter: String) {
    chain.instantiate(#"{"title":"A novel","denom":"uscrt","price":"500"}"#)
    chain.execute(#"{"publish":{"chapter":"\#(chapter)"}}"#)
}

let leakPairs: [LeakPair] = [
    LeakPair("what a chapter says") { chain, secret in
        start(chain, secret("It was a dark night.", "It was a white night"))
        let bought = chain.execute(#"{"buy":{}}"#, from: chain.bob, with: "500uscrt")
        let key = bought.data.dropFirst(#"{"key":""#.count).dropLast(2)
        chain.query(#"{"chapter":{"buyer":"\#(chain.bob)","key":"\#(key)","index":0}}"#)
    },
    LeakPair("which key a buyer gets") { chain, secret in
        start(chain, "It was a dark night.")
        chain.random = [UInt8](repeating: secret(7, 8), count: 32)
        chain.execute(#"{"buy":{}}"#, from: chain.bob, with: "500uscrt")
    },
]
