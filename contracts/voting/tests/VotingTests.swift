private func start(_ chain: TestChain) {
    chain.instantiate(
        #"{"question":"Tea?","options":["yes","no"],"voters":["\#(chain.alice)","\#(chain.bob)","\#(chain.carol)"],"#
            + #""ends_at_seconds":\#(chain.timeSeconds + 60)}"#)
}

let contractTests: [ContractTest] = [
    ContractTest("the result counts each voter's last vote and is signed by the announced key") { chain in
        start(chain)
        chain.execute(#"{"vote":{"option":0}}"#, from: chain.alice)
        chain.execute(#"{"vote":{"option":1}}"#, from: chain.bob)
        chain.execute(#"{"vote":{"option":0}}"#, from: chain.bob)
        chain.expect(chain.query(#"{"result":{}}"#), "the vote is not closed")
        chain.expect(chain.execute(#"{"close":{}}"#).error, "the vote is not over")
        chain.timeSeconds += 60
        chain.expect(chain.execute(#"{"vote":{"option":0}}"#, from: chain.carol).error, "the vote is over")
        chain.expect(chain.execute(#"{"close":{}}"#).error, nil)
        let result = chain.query(#"{"result":{}}"#)
        chain.expect(result.contains(#"\"counts\":[2,0],\"abstained\":1"#), result)
        guard let parsed = try? Result(JSONReader.parse(Array(result.utf8)), "result") else {
            return chain.expect(false, "no result")
        }
        chain.expect(
            Host.verify(
                signature: parsed.signature.bytes, digest: SHA256.hash(parsed.statement.utf8),
                publicKey: parsed.publicKey.bytes), "the signature")
        chain.expect(chain.execute(#"{"close":{}}"#).error, "the vote is closed")
        chain.expect(!Host.state.keys.contains { $0.starts(with: Array("vote/".utf8)) }, "votes are left")
    },
    ContractTest("nobody else votes, and nobody for an option that is not there") { chain in
        start(chain)
        chain.expect(
            chain.execute(#"{"vote":{"option":0}}"#, from: TestChain.address(9)).error, "you are no voter of this vote")
        chain.expect(chain.execute(#"{"vote":{"option":2}}"#).error, "no such option")
    },
    ContractTest("a first vote and a changed one write the same number of bytes") { chain in
        start(chain)
        var sizes: [Int] = []
        for option in [0, 1, 0] {
            chain.execute(#"{"vote":{"option":\#(option)}}"#)
            sizes.append(Host.state[Array("vote/\(chain.alice)".utf8)]?.count ?? 0)
        }
        chain.expect(sizes == [16, 16, 16], "\(sizes)")
    },
]
