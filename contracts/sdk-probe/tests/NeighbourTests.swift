/// What the contract kept in its list.
private func kept(_ chain: TestChain) -> [String] {
    let count = Int(chain.query(#"{"count":{}}"#)) ?? 0
    return (0..<count).map { chain.query(#"{"element":{"index":\#($0)}}"#) }
}

private func pay(_ chain: TestChain, _ amount: Int, reply: String = "never", with funds: String = "") -> TestAnswer {
    chain.execute(
        #"{"pay":{"to":"\#(chain.bob)","coin":{"denom":"uscrt","amount":"\#(amount)"},"reply_on":"\#(reply)"}}"#,
        with: funds)
}

let neighbourTests: [ContractTest] = [
    ContractTest("coins that come along and that are paid move, and what cannot be paid undoes the whole transaction") {
        chain in
        chain.give("100uscrt", to: chain.alice)
        chain.expect(pay(chain, 30, with: "40uscrt").error, nil)
        let held = [chain.alice, chain.contract, chain.bob].map { chain.balance(of: $0) }
        chain.expect(held == [60, 10, 30], "\(held)")
        chain.expect(chain.query(#"{"held":{"denom":"uscrt"}}"#), #""10""#)
        chain.expect(pay(chain, 60, with: "45uscrt").error, "insufficient funds")
        let after = [chain.alice, chain.contract, chain.bob].map { chain.balance(of: $0) }
        chain.expect(after == [60, 10, 30], "\(after)")
        chain.expect(kept(chain) == [#""paid""#])
        chain.expect(pay(chain, 1, with: "61uscrt").error, "insufficient funds")
        chain.expect(pay(chain, 1, with: "1other").error, "insufficient funds")
        // More than 64 bits.
        chain.give("20000000000000000000uscrt", to: chain.contract)
        chain.expect(chain.balance(of: chain.contract) == 20_000_000_000_000_000_010)
    },
    ContractTest("a reply hears of a payment that failed, which leaves what the call itself did") { chain in
        chain.give("5uscrt", to: chain.contract)
        chain.expect(pay(chain, 6, reply: "error").error, nil)
        chain.expect(kept(chain) == [#""paid""#, #""insufficient funds""#], "\(kept(chain))")
        chain.expect(pay(chain, 5, reply: "always").error, nil)
        chain.expect(kept(chain).suffix(2) == [#""paid""#, #""done""#], "\(kept(chain))")
        chain.expect(chain.balance(of: chain.bob) == 5)
        chain.expect(pay(chain, 5, reply: "success").error, "insufficient funds")
        chain.expect(kept(chain).count == 4)
    },
    ContractTest("a neighbour is called and asked, calls back, and refuses") { chain in
        var token = TestNeighbour()
        nonisolated(unsafe) var calls: [String] = []
        token.onCall = { call in
            calls.append(
                "\(call.message) from \(call.sender == chain.contract ? "it" : call.sender) with \(call.funds)")
            if call.message.contains("burn") { throw TestNeighbour.Refusal("nothing to burn") }
            if call.message.contains("mint") {
                return chain.execute(#"{"append":{"text":"called back"}}"#, from: "secret1token").data
            }
            return "thanks"
        }
        token.onQuery = { question in
            guard question == #"{"token_info":{}}"# else { throw TestNeighbour.Refusal("no such question") }
            return #"{"token_info":{"name":"Tea","symbol":"TEA","decimals":6,"total_supply":"9"}}"#
        }
        chain.neighbours["secret1token"] = token
        chain.give("7uscrt", to: chain.contract)
        func tell(_ step: String, _ reply: String) -> String? {
            chain.execute(#"{"tell":{"step":\#(step),"reply_on":"\#(reply)"}}"#).error
        }
        chain.expect(tell(#"{"deposit":{"coin":{"denom":"uscrt","amount":"7"}}}"#, "always"), nil)
        chain.expect(calls == [#"{"deposit":{}} from it with 7uscrt"#], "\(calls)")
        chain.expect(chain.balance(of: "secret1token") == 7 && chain.balance(of: chain.contract) == 0)
        chain.expect(kept(chain) == [#""told""#, #""thanks""#], "\(kept(chain))")
        let height = chain.height
        chain.expect(tell(#"{"mint":{"to":"a","amount":"1"}}"#, "never"), nil)
        chain.expect(chain.height == height + 1, "a call from within a transaction begins no block: \(chain.height)")
        chain.expect(kept(chain).suffix(2) == [#""told""#, #""called back""#])
        chain.expect(tell(#"{"burn":{"amount":"1"}}"#, "never"), "nothing to burn")
        chain.expect(kept(chain).count == 4)
        chain.expect(tell(#"{"burn":{"amount":"1"}}"#, "error"), nil)
        chain.expect(kept(chain).suffix(2) == [#""told""#, #""nothing to burn""#])
        chain.expect(tell(#"{"register_nft":{}}"#, "never"), "contract: not found")
        chain.expect(
            chain.query(#"{"token":{"information":{}}}"#),
            #"{"name":"Tea","symbol":"TEA","decimals":6,"total_supply":"9"}"#)
        chain.expect(
            chain.query(#"{"token":{"balance":{"address":"a","key":"k"}}}"#).hasPrefix(#""not answered: query failed"#))
    },
]
