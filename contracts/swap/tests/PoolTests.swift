private let tokenA = TestChain.address(0xaa)
private let tokenB = TestChain.address(0xbb)

private func start(_ chain: TestChain, fee: Int = 3) {
    let started = chain.instantiate(
        #"{"token_a":{"contract":"\#(tokenA)","code_hash":"aa"},"token_b":{"contract":"\#(tokenB)","code_hash":"bb"},"#
            + #""fee_per_mille":\#(fee)}"#)
    let register = #"{"register_receive":{"code_hash":"\#(chain.codeHash)"}}"#
    chain.expect(
        started.calls == [.init(contract: tokenA, message: register), .init(contract: tokenB, message: register)])
}

private func send(
    _ chain: TestChain, _ amount: UInt128, of token: String, purpose: String = #"{"swap":{}}"#
) -> TestAnswer {
    let text = String(decoding: Base64.encode(Array(purpose.utf8)), as: UTF8.self)
    return chain.execute(
        #"{"receive":{"sender":"\#(chain.bob)","from":"\#(chain.bob)","amount":"\#(amount)","msg":"\#(text)"}}"#,
        from: token)
}

@discardableResult
private func add(_ chain: TestChain, _ a: UInt128, _ b: UInt128, by provider: String? = nil) -> TestAnswer {
    chain.execute(#"{"add_liquidity":{"amount_a":"\#(a)","amount_b":"\#(b)"}}"#, from: provider)
}

private func transfer(_ amount: UInt128, to recipient: String) -> String {
    #"{"transfer":{"recipient":"\#(recipient)","amount":"\#(amount)"}}"#
}

private func take(_ chain: TestChain, _ amount: UInt128, from owner: String) -> String {
    #"{"transfer_from":{"owner":"\#(owner)","recipient":"\#(chain.contract)","amount":"\#(amount)"}}"#
}

private func pool(_ chain: TestChain) throws -> Reserves {
    try Reserves(JSONReader.parse(Host.state[Array("reserves".utf8)] ?? []), "reserves")
}

let contractTests: [ContractTest] = [
    ContractTest("a swap pays by the constant product, less the fee, in either direction") { chain in
        start(chain)
        add(chain, 1_000_000, 4_000_000)
        // 4,000,000 * 997 / (1,000,000 + 997)
        let sold = send(chain, 1_000, of: tokenA)
        chain.expect(sold.calls == [.init(contract: tokenB, message: transfer(3984, to: chain.bob))], sold.text)
        chain.expect(sold.attributes.contains(#""swapped_to","value":"3984","encrypted":true"#))
        // 1,001,000 * 3988 / (3,996,016 + 3988)
        let bought = send(chain, 4_000, of: tokenB, purpose: #"{"swap":{"recipient":"\#(chain.carol)"}}"#)
        chain.expect(bought.calls == [.init(contract: tokenA, message: transfer(997, to: chain.carol))], bought.text)
        let left = try pool(chain)
        chain.expect(left.a == 1_000_003 && left.b == 4_000_016)
    },
    ContractTest("a swap below its minimum, for nothing or without a purpose is refused, and changes nothing") {
        chain in
        start(chain)
        chain.expect(send(chain, 5, of: tokenA).error, "the pool is empty")
        add(chain, 1_000_000, 4_000_000)
        for purpose in [#"{"swap":{"minimum":"3985"}}"#, #"{"swop":{}}"#, "", "{}"] {
            chain.expect(send(chain, 1_000, of: tokenA, purpose: purpose).error != nil, purpose)
        }
        chain.expect(send(chain, 3, of: tokenB).error, "the pool pays less than the minimum")
        chain.expect(send(chain, 0, of: tokenB).error, "the pool pays less than the minimum")
        chain.expect(
            chain.execute(
                #"{"receive":{"sender":"\#(chain.bob)","from":"\#(chain.bob)","amount":"5","msg":null}}"#, from: tokenA
            ).error, "say in msg what to do with the tokens")
        chain.expect(send(chain, 1_000, of: tokenA, purpose: #"{"swap":{"minimum":"3984"}}"#).error, nil)
    },
    ContractTest("only the two tokens can say that something was sent") { chain in
        start(chain)
        add(chain, 1_000_000, 4_000_000)
        for caller in [chain.bob, chain.contract, TestChain.address(0xcc)] {
            chain.expect(send(chain, 1_000, of: caller).error, "not a token of this pool")
        }
    },
    ContractTest("providers take out what they put in and the fees of the time between") { chain in
        start(chain)
        chain.expect(add(chain, 10, 10, by: chain.alice).error, "the first liquidity is too small")
        let first = add(chain, 1_000_000, 4_000_000, by: chain.alice)
        chain.expect(first.data, #"{"shares":"1999000"}"#)
        chain.expect(
            first.calls == [
                .init(contract: tokenA, message: take(chain, 1_000_000, from: chain.alice)),
                .init(contract: tokenB, message: take(chain, 4_000_000, from: chain.alice)),
            ])
        // No more is taken than the pool's ratio wants.
        let second = add(chain, 500_000, 9_999_999, by: chain.bob)
        chain.expect(second.data, #"{"shares":"1000000"}"#)
        chain.expect(second.calls.last?.message, take(chain, 2_000_000, from: chain.bob))
        let third = add(chain, 9_999_999, 2_000_000, by: chain.bob)
        chain.expect(third.calls.first?.message, take(chain, 500_000, from: chain.bob))
        _ = send(chain, 1_000_000, of: tokenA)
        let remove = #"{"remove_liquidity":{"shares":"2000000","minimum_a":"1000001"}}"#
        let removed = chain.execute(remove, from: chain.bob)
        chain.expect(removed.calls.count == 2, removed.text)
        chain.expect(removed.calls[0] == .init(contract: tokenA, message: transfer(1_500_000, to: chain.bob)))
        chain.expect(chain.execute(remove, from: chain.bob).error, "insufficient shares")
        chain.expect(chain.execute(remove, from: chain.carol).error, "insufficient shares")
        let tooMuch = #"{"remove_liquidity":{"shares":"5","minimum_b":"1000"}}"#
        chain.expect(chain.execute(tooMuch).error, "the pool pays less than the minimum")
    },
    ContractTest("a minimum of shares protects a provider") { chain in
        start(chain)
        add(chain, 1_000_000, 4_000_000)
        let message = #"{"add_liquidity":{"amount_a":"1000","amount_b":"4000","minimum_shares":"2001"}}"#
        chain.expect(chain.execute(message).error, "that would be fewer shares than the minimum")
        chain.expect(add(chain, 0, 5).error, "add some of both tokens")
    },
    ContractTest("whatever is done with whatever sizes, the value of a share never falls and nothing wraps") { chain in
        var seed: UInt64 = 7
        func next(_ bits: UInt64) -> UInt128 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let high = UInt128(seed)
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (high << 64 | UInt128(seed)) >> (128 - UInt128(bits))
        }
        /// Whether a * b / shares² did not fall, with wide integers: compares a1 * b1 * s0² with a0 * b0 * s1².
        func isWorthNoLess(_ old: Reserves, _ new: Reserves) -> Bool {
            func wide(_ factors: [UInt128]) -> [UInt32] {
                var product: [UInt32] = [1]
                for factor in factors {
                    var next = [UInt32](repeating: 0, count: product.count + 4)
                    for i in product.indices {
                        var carry: UInt64 = 0
                        for j in 0..<4 {
                            carry +=
                                UInt64(product[i]) * UInt64(UInt32(truncatingIfNeeded: factor >> UInt128(32 * j)))
                                + UInt64(next[i + j])
                            next[i + j] = UInt32(truncatingIfNeeded: carry)
                            carry >>= 32
                        }
                        next[i + 4] = UInt32(carry)
                    }
                    product = next
                }
                return product
            }
            let left = wide([new.a.value, new.b.value, old.shares.value, old.shares.value])
            let right = wide([old.a.value, old.b.value, new.shares.value, new.shares.value])
            return !left.reversed().lexicographicallyPrecedes(right.reversed())
        }
        for bits in [UInt64(12), 40, 64, 100, 126] {
            var reserves = Reserves(a: 0, b: 0, shares: 0)
            _ = try reserves.add(upToA: Amount(next(bits) + 2000), upToB: Amount(next(bits) + 2000))
            var done = 0
            for _ in 0..<400 {
                var changed = reserves
                do {
                    switch next(2) {
                    case 0: _ = try changed.swap(Amount(next(bits)), isA: true, feePerMille: 3)
                    case 1: _ = try changed.swap(Amount(next(bits)), isA: false, feePerMille: 0)
                    case 2: _ = try changed.add(upToA: Amount(next(bits)), upToB: Amount(next(bits)))
                    default:
                        let others = changed.shares.value - 1000
                        _ = try changed.remove(Amount(others == 0 ? 0 : next(bits) % others))
                    }
                } catch { continue }
                done += 1
                chain.expect(isWorthNoLess(reserves, changed), "\(bits) bits: \(reserves) \(changed)")
                chain.expect(changed.shares >= 1000 && changed.a > 0 && changed.b > 0)
                reserves = changed
            }
            chain.expect(done > 50, "\(bits) bits: only \(done) done")
        }
    },
    ContractTest("at the edge of 128 bits a swap is refused instead of wrapped") { chain in
        var full = Reserves(a: Amount(.max - 10), b: Amount(.max), shares: 5000)
        chain.expect((try? full.swap(11, isA: true, feePerMille: 0)) == nil)
        chain.expect((try? full.swap(1, isA: false, feePerMille: 0)) == nil)
        chain.expect(try full.swap(10, isA: true, feePerMille: 0) == 10)
        chain.expect((try? full.add(upToA: 5, upToB: 5)) == nil)
    },
    ContractTest("everybody reads the first digits of the reserves; a small swap does not show in them") { chain in
        start(chain)
        add(chain, 1_004_999, 4_009_999)
        let before = chain.query(#"{"pool":{}}"#)
        chain.expect(before.contains(#""reserve_a":"1000000","reserve_b":"4000000""#), before)
        _ = send(chain, 1_234, of: tokenA)
        chain.expect(chain.query(#"{"pool":{}}"#), before)
        chain.expect(chain.query(#"{"quote":{"token":"\#(tokenA)","amount":"1000"}}"#), #"{"about":"3984"}"#)
        chain.expect(
            chain.query(#"{"quote":{"token":"\#(chain.bob)","amount":"1000"}}"#), "not a token of this pool")
    },
    ContractTest("shares are seen with the provider's key or permit") { chain in
        start(chain)
        let wallet = TestKey([9, 9])
        add(chain, 1_000_000, 4_000_000, by: wallet.address)
        chain.execute(#"{"set_viewing_key":{"key":"the viewing key"}}"#, from: wallet.address)
        let ask = #"{"shares":{"address":"\#(wallet.address)","key":"#
        chain.expect(chain.query(ask + #""the viewing key"}}"#), #"{"shares":"1999000"}"#)
        chain.expect(chain.query(ask + #""another key"}}"#), "wrong viewing key")
        let permit = permit(wallet, contract: chain.contract, permission: "balance")
        let permitted = #"{"with_permit":{"permit":\#(permit),"query":{"shares":{}}}}"#
        chain.expect(chain.query(permitted), #"{"shares":"1999000"}"#)
        chain.execute(#"{"revoke_permit":{"permit_name":"test"}}"#, from: wallet.address)
        chain.expect(chain.query(permitted), "the permit was revoked")
    },
]
