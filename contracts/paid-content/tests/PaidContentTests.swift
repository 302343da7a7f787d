private func key(_ answer: TestAnswer) -> String {
    String(answer.data.dropFirst(#"{"key":""#.count).dropLast(2))
}

private func start(_ chain: TestChain) {
    chain.instantiate(#"{"title":"A novel","denom":"uscrt","price":"500"}"#)
    chain.execute(#"{"publish":{"chapter":"It was a dark night."}}"#)
}

let contractTests: [ContractTest] = [
    ContractTest("a buyer's key opens the content, and the author is paid") { chain in
        start(chain)
        let bought = chain.execute(#"{"buy":{}}"#, from: chain.bob, with: "500uscrt")
        chain.expect(
            bought.messages.contains(#"{"to_address":"\#(chain.alice)","amount":[{"denom":"uscrt","amount":"500"}]}"#))
        let read = chain.query(#"{"chapter":{"buyer":"\#(chain.bob)","key":"\#(key(bought))","index":0}}"#)
        chain.expect(read.hasPrefix(#"{"text":"It was a dark night.","mark":""#), read)
        let inside = chain.query(
            #"{"chapter":{"buyer":"\#(chain.bob)","key":"\#(key(bought))","index":0}}"#, byContract: true)
        chain.expect(inside, "chapters are not told to contracts")
        let other = chain.query(#"{"chapter":{"buyer":"\#(chain.carol)","key":"\#(key(bought))","index":0}}"#)
        chain.expect(other, "wrong viewing key")
    },
    ContractTest("two buyers have two keys and two marks") { chain in
        start(chain)
        let answers = [chain.bob, chain.carol].map { buyer in
            let key = key(chain.execute(#"{"buy":{}}"#, from: buyer, with: "500uscrt"))
            return chain.query(#"{"chapter":{"buyer":"\#(buyer)","key":"\#(key)","index":0}}"#)
        }
        chain.expect(answers[0] != answers[1])
    },
    ContractTest("less than the price buys nothing, and a revoked key opens nothing") { chain in
        start(chain)
        chain.expect(chain.execute(#"{"buy":{}}"#, from: chain.bob, with: "499uscrt").error, "send exactly the price")
        let key = key(chain.execute(#"{"buy":{}}"#, from: chain.bob, with: "500uscrt"))
        chain.expect(
            chain.execute(#"{"revoke":{"buyer":"\#(chain.bob)"}}"#, from: chain.bob).error,
            "only the author may do this")
        chain.execute(#"{"revoke":{"buyer":"\#(chain.bob)"}}"#)
        chain.expect(
            chain.query(#"{"chapter":{"buyer":"\#(chain.bob)","key":"\#(key)","index":0}}"#), "wrong viewing key")
    },
]
