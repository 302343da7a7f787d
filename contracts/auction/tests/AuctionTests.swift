private func start(_ chain: TestChain, secondPrice: Bool = false) {
    chain.instantiate(
        #"{"item":"a boat","denom":"uscrt","deposit":"1000","minimum":"100","ends_at_seconds":\#(chain.timeSeconds + 60),"#
            + #""second_price":\#(secondPrice)}"#)
}

let contractTests: [ContractTest] = [
    ContractTest("the highest bid wins, pays its price, and the others get all back") { chain in
        start(chain)
        chain.execute(#"{"bid":{"amount":"300"}}"#, from: chain.bob, with: "1000uscrt")
        chain.execute(#"{"bid":{"amount":"700"}}"#, from: chain.carol, with: "1000uscrt")
        chain.timeSeconds += 60
        let settled = chain.execute(#"{"settle":{}}"#, from: chain.bob)
        chain.expect(settled.error, nil)
        chain.expect(
            settled.messages.contains(#"{"to_address":"\#(chain.bob)","amount":[{"denom":"uscrt","amount":"1000"}]}"#))
        chain.expect(
            settled.messages.contains(#"{"to_address":"\#(chain.carol)","amount":[{"denom":"uscrt","amount":"300"}]}"#))
        chain.expect(
            settled.messages.contains(#"{"to_address":"\#(chain.alice)","amount":[{"denom":"uscrt","amount":"700"}]}"#))
        chain.expect(chain.execute(#"{"settle":{}}"#).error, "the auction is settled")
        chain.expect(
            chain.query(#"{"status":{}}"#).contains(#""is_settled":true,"winner":"\#(chain.carol)","price":"700""#))
    },
    ContractTest("in a second-price auction the winner pays the second bid, or the minimum if alone") { chain in
        start(chain, secondPrice: true)
        chain.execute(#"{"bid":{"amount":"900"}}"#, from: chain.carol, with: "1000uscrt")
        chain.execute(#"{"bid":{"amount":"400"}}"#, from: chain.bob, with: "1000uscrt")
        chain.timeSeconds += 60
        chain.expect(chain.execute(#"{"settle":{}}"#).attributes.contains(#""price","value":"400""#))
        let other = TestChain()
        start(other, secondPrice: true)
        other.execute(#"{"bid":{"amount":"900"}}"#, from: other.carol, with: "1000uscrt")
        other.timeSeconds += 60
        chain.expect(other.execute(#"{"settle":{}}"#).attributes.contains(#""price","value":"100""#))
    },
    ContractTest("a deposit of another size would tell something and is refused") { chain in
        start(chain)
        for funds in ["999uscrt", "1001uscrt", "", "1000uatom"] {
            chain.expect(chain.execute(#"{"bid":{"amount":"300"}}"#, from: chain.bob, with: funds).error != nil, funds)
        }
        for amount in ["99", "1001", "0", "-1", "x"] {
            let answer = chain.execute(#"{"bid":{"amount":"\#(amount)"}}"#, from: chain.bob, with: "1000uscrt")
            chain.expect(answer.error != nil, amount)
        }
        chain.expect(chain.execute(#"{"settle":{}}"#).error, "the auction is not over")
    },
    ContractTest("a bid may change until the end, and only its bidder's key shows it") { chain in
        start(chain)
        chain.execute(#"{"bid":{"amount":"300"}}"#, from: chain.bob, with: "1000uscrt")
        chain.expect(chain.execute(#"{"bid":{"amount":"350"}}"#, from: chain.bob, with: "1000uscrt").error != nil)
        chain.expect(chain.execute(#"{"bid":{"amount":"350"}}"#, from: chain.bob).error, nil)
        chain.execute(#"{"set_viewing_key":{"key":"bobs secret"}}"#, from: chain.bob)
        chain.expect(
            chain.query(#"{"my_bid":{"address":"\#(chain.bob)","key":"bobs secret"}}"#),
            #"{"bidder":"\#(chain.bob)","amount":"350"}"#)
        chain.expect(chain.query(#"{"my_bid":{"address":"\#(chain.bob)","key":"guess guess"}}"#), "wrong viewing key")
        chain.expect(!chain.query(#"{"status":{}}"#).contains("350"))
        chain.timeSeconds += 60
        chain.expect(chain.execute(#"{"bid":{"amount":"400"}}"#, from: chain.bob).error, "the auction is over")
    },
]
