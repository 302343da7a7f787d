private let tokenA = TestChain.address(0xaa)
private let tokenB = TestChain.address(0xbb)

private func start(_ chain: TestChain, _ a: Int, _ b: Int) {
    chain.instantiate(
        #"{"token_a":{"contract":"\#(tokenA)","code_hash":"aa"},"token_b":{"contract":"\#(tokenB)","code_hash":"bb"},"#
            + #""fee_per_mille":3}"#)
    chain.expect(chain.execute(#"{"add_liquidity":{"amount_a":"\#(a)","amount_b":"\#(b)"}}"#).error, nil)
}

private func swap(_ chain: TestChain, _ amount: Int, to recipient: String) {
    let purpose = Array(#"{"swap":{"recipient":"\#(recipient)"}}"#.utf8)
    let text = String(decoding: Base64.encode(purpose), as: UTF8.self)
    let message =
        #"{"receive":{"sender":"\#(chain.bob)","from":"\#(chain.bob)","amount":"\#(amount)","msg":"\#(text)"}}"#
    chain.expect(chain.execute(message, from: tokenA).error, nil)
}

let leakPairs: [LeakPair] = [
    LeakPair("how much is swapped") { chain, secret in
        start(chain, 10_000_000, 40_000_000)
        swap(chain, secret(123_456, 234_567), to: chain.bob)
    },
    LeakPair("who gets what comes out") { chain, secret in
        start(chain, 10_000_000, 40_000_000)
        swap(chain, 123_456, to: secret(chain.bob, chain.carol))
    },
    LeakPair("how much is in the pool") { chain, secret in
        start(chain, secret(10_000_000, 10_001_111), secret(40_000_000, 40_002_222))
        swap(chain, 123_456, to: chain.bob)
    },
]
