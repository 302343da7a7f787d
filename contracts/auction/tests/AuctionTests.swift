private func start(_ chain: TestChain, secondPrice: Bool = false) {
    chain.instantiate(
        #"{"item":"a boat","denom":"uscrt","deposit":"1000","minimum":"100","ends_at_seconds":\#(chain.timeSeconds + 60),"#
            + #""second_price":\#(secondPrice)}"#)
}

/// An auction of the token "one" of the contract whose address is returned.
private func startSale(_ chain: TestChain) -> String {
    let nft = TestChain.address(0x77)
    let started = chain.instantiate(
        #"{"item":"a boat","nft":{"contract":"\#(nft)","code_hash":"ab","token_id":"one"},"denom":"uscrt","#
            + #""deposit":"1000","minimum":"100","ends_at_seconds":\#(chain.timeSeconds + 60)}"#)
    chain.expect(started.messages.contains(#""contract_addr":"\#(nft)","code_hash":"ab""#), started.text)
    return nft
}

private func received(_ sender: String, _ token: String = "one") -> String {
    #"{"receive_nft":{"sender":"\#(sender)","token_id":"\#(token)","msg":null}}"#
}

/// As it stands in a message: base64 of padded JSON.
private func transfer(to owner: String) -> String {
    let message = Array(#"{"transfer_nft":{"recipient":"\#(owner)","token_id":"one"}}"#.utf8)
    return String(decoding: Base64.encode(Padding.spaces(message, multiple: 256)), as: UTF8.self)
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
    ContractTest("a token is sold: no bids before it is here, and the winner gets it with the settlement") { chain in
        let nft = startSale(chain)
        let bid = #"{"bid":{"amount":"300"}}"#
        chain.expect(
            chain.execute(bid, from: chain.bob, with: "1000uscrt").error, "the seller has not sent the token")
        chain.expect(chain.query(#"{"status":{}}"#).contains(#""token_id":"one"},"is_held":false"#))
        // Only that token, from its contract, sent by the seller.
        for (from, sender, token) in [
            (chain.bob, chain.alice, "one"), (nft, chain.bob, "one"), (nft, chain.alice, "two"),
        ] {
            let answer = chain.execute(received(sender, token), from: from)
            chain.expect(answer.error != nil, "\(from) \(sender) \(token)")
        }
        chain.expect(chain.execute(received(chain.alice), from: nft).error, nil)
        chain.expect(chain.query(#"{"status":{}}"#).contains(#""is_held":true"#))
        chain.execute(bid, from: chain.bob, with: "1000uscrt")
        chain.expect(chain.execute(#"{"take_back":{}}"#).error, "there is nothing to take back")
        chain.timeSeconds += 60
        let settled = chain.execute(#"{"settle":{}}"#)
        chain.expect(settled.messages.contains(transfer(to: chain.bob)), settled.messages)
        chain.expect(
            settled.messages.contains(#""to_address":"\#(chain.alice)","amount":[{"denom":"uscrt","amount":"300""#))
        chain.expect(chain.execute(#"{"take_back":{}}"#).error, "there is nothing to take back")
        chain.expect(chain.execute(received(chain.alice), from: nft).error, "the auction is settled")
    },
    ContractTest("a token that nobody wants goes back to the seller") { chain in
        let nft = startSale(chain)
        chain.execute(received(chain.alice), from: nft)
        chain.timeSeconds += 60
        chain.expect(chain.execute(#"{"settle":{}}"#, from: chain.carol).messages.contains(transfer(to: chain.alice)))
    },
    ContractTest("if nobody can settle for a day, anybody returns the deposits and the seller takes the token back") {
        chain in
        let nft = startSale(chain)
        chain.execute(received(chain.alice), from: nft)
        chain.execute(#"{"bid":{"amount":"300"}}"#, from: chain.bob, with: "1000uscrt")
        chain.expect(chain.execute(#"{"cancel":{}}"#).error, "the auction is not over")
        chain.timeSeconds += 60 + 86_399
        chain.expect(chain.execute(#"{"cancel":{}}"#).error, "there is still time to settle")
        chain.timeSeconds += 1
        let cancelled = chain.execute(#"{"cancel":{}}"#, from: chain.carol).messages
        chain.expect(cancelled.contains(#""to_address":"\#(chain.bob)","amount":[{"denom":"uscrt","amount":"1000""#))
        chain.expect(!cancelled.contains("transfer_nft"), cancelled)
        chain.expect(chain.execute(#"{"settle":{}}"#).error, "the auction is settled")
        chain.expect(chain.execute(#"{"take_back":{}}"#, from: chain.bob).error, "there is nothing to take back")
        chain.expect(chain.execute(#"{"take_back":{}}"#).messages.contains(transfer(to: chain.alice)))
        chain.expect(chain.execute(#"{"take_back":{}}"#).error, "there is nothing to take back")
    },
    ContractTest("the start says how long there is to settle, within bounds") { chain in
        for (seconds, error) in [
            ("59", "there are 60 seconds to a week to settle"), ("604801", "there are 60 seconds to a week to settle"),
            ("60", nil),
        ] {
            let answer = chain.instantiate(
                #"{"item":"a boat","denom":"uscrt","deposit":"1000","minimum":"10","ends_at_seconds":"#
                    + #"\#(chain.timeSeconds + 60),"settle_within_seconds":\#(seconds)}"#)
            chain.expect(answer.error, error)
        }
        chain.expect(chain.query(#"{"status":{}}"#).contains(#""settle_within_seconds":60,"#))
        chain.timeSeconds += 60 + 59
        chain.expect(chain.execute(#"{"cancel":{}}"#).error, "there is still time to settle")
        chain.timeSeconds += 1
        chain.expect(chain.execute(#"{"cancel":{}}"#).error, nil)
    },
]
