private func start(_ chain: TestChain) {
    chain.instantiate(
        #"{"name":"Secret SCRT","admin":"\#(chain.alice)","symbol":"SSCRT","decimals":6,"#
            + #""initial_balances":[{"address":"\#(chain.alice)","amount":"1000000"}],"prng_seed":"eW8=","#
            + #""config":{"public_total_supply":true,"enable_deposit":true,"enable_redeem":true,"enable_mint":false,"#
            + #""enable_burn":false},"supported_denoms":["uscrt"]}"#)
    for account in [chain.alice, chain.bob] {
        chain.execute(#"{"set_viewing_key":{"key":"the viewing key"}}"#, from: account)
    }
}

private func balance(_ chain: TestChain, _ account: String) -> String {
    chain.query(#"{"balance":{"address":"\#(account)","key":"the viewing key"}}"#)
}

let contractTests: [ContractTest] = [
    ContractTest("a transfer moves tokens, and both ends see it in their history") { chain in
        start(chain)
        let answer = chain.execute(#"{"transfer":{"recipient":"\#(chain.bob)","amount":"10","memo":"rent"}}"#)
        chain.expect(answer.data, #"{"transfer":{"status":"success"}}"#)
        chain.expect(balance(chain, chain.alice), #"{"balance":{"amount":"999990"}}"#)
        chain.expect(balance(chain, chain.bob), #"{"balance":{"amount":"10"}}"#)
        for account in [chain.alice, chain.bob] {
            let history = chain.query(
                #"{"transfer_history":{"address":"\#(account)","key":"the viewing key","page_size":10}}"#)
            chain.expect(history.contains(#""coins":{"denom":"SSCRT","amount":"10"},"memo":"rent""#), history)
            chain.expect(history.hasSuffix(#""total":1}}"#), history)
        }
    },
    ContractTest("nobody spends more than is there") { chain in
        start(chain)
        chain.expect(
            chain.execute(#"{"transfer":{"recipient":"\#(chain.bob)","amount":"1000001"}}"#).error, "insufficient funds"
        )
        chain.expect(
            chain.execute(#"{"transfer":{"recipient":"\#(chain.alice)","amount":"1"}}"#, from: chain.carol).error,
            "insufficient funds")
        chain.expect(chain.execute(#"{"redeem":{"amount":"1"}}"#, from: chain.bob).error, "insufficient funds")
        chain.expect(balance(chain, chain.alice), #"{"balance":{"amount":"1000000"}}"#)
    },
    ContractTest("deposit and redeem keep supply and coins equal") { chain in
        start(chain)
        chain.expect(chain.execute(#"{"deposit":{}}"#, from: chain.bob, with: "500uscrt").error, nil)
        chain.expect(balance(chain, chain.bob), #"{"balance":{"amount":"500"}}"#)
        let redeemed = chain.execute(#"{"redeem":{"amount":"200","denom":"uscrt"}}"#, from: chain.bob)
        chain.expect(redeemed.messages.contains(#"[{"denom":"uscrt","amount":"200"}]"#), redeemed.text)
        chain.expect(balance(chain, chain.bob), #"{"balance":{"amount":"300"}}"#)
        chain.expect(
            chain.query(#"{"token_info":{}}"#),
            #"{"token_info":{"name":"Secret SCRT","symbol":"SSCRT","decimals":6,"total_supply":"1000300"}}"#)
        chain.expect(chain.execute(#"{"deposit":{}}"#, from: chain.bob, with: "5uatom").error != nil)
    },
    ContractTest("send tells a contract that registered, or whose code hash is given") { chain in
        start(chain)
        let to = TestChain.address(0x55)
        chain.expect(
            chain.execute(#"{"send":{"recipient":"\#(to)","amount":"5","msg":"e30="}}"#).messages, "[]")
        chain.execute(#"{"register_receive":{"code_hash":"ab"}}"#, from: to)
        let sent = chain.execute(#"{"send":{"recipient":"\#(to)","amount":"5","msg":"e30="}}"#)
        chain.expect(sent.messages.contains(#""contract_addr":"\#(to)","code_hash":"ab""#), sent.messages)
    },
    ContractTest("send_from tells the contract whose tokens and who sent them, burn_from takes them out of the world") {
        chain in
        start(chain)
        let to = TestChain.address(0x55)
        let send =
            #"{"send_from":{"owner":"\#(chain.alice)","recipient":"\#(to)","recipient_code_hash":"ab","amount":"20"}}"#
        chain.expect(chain.execute(send, from: chain.bob).error, "insufficient allowance")
        chain.execute(#"{"increase_allowance":{"spender":"\#(chain.bob)","amount":"30"}}"#)
        let sent = chain.execute(send, from: chain.bob)
        chain.expect(sent.data, #"{"send_from":{"status":"success"}}"#)
        let notice =
            #"{"receive":{"sender":"\#(chain.bob)","from":"\#(chain.alice)","amount":"20","msg":null,"memo":null}}"#
        chain.expect(sent.calls == [TestCall(contract: to, message: notice)], sent.text)
        let burn = #"{"burn_from":{"owner":"\#(chain.alice)","amount":"10"}}"#
        chain.expect(chain.execute(burn, from: chain.bob).error, "burn is not enabled")
        chain.expect(balance(chain, chain.alice), #"{"balance":{"amount":"999980"}}"#)
        let other = TestChain()
        other.instantiate(
            #"{"name":"Token","symbol":"TOK","decimals":6,"initial_balances":[{"address":"\#(other.alice)","amount":"50"}],"#
                + #""prng_seed":"eW8=","config":{"enable_burn":true,"public_total_supply":true}}"#)
        other.execute(#"{"increase_allowance":{"spender":"\#(other.bob)","amount":"30"}}"#)
        chain.expect(other.execute(burn, from: other.bob).data, #"{"burn_from":{"status":"success"}}"#)
        chain.expect(other.query(#"{"token_info":{}}"#).contains(#""total_supply":"40""#))
        chain.expect(other.execute(burn, from: other.carol).error, "insufficient allowance")
    },
    ContractTest("an allowance is spent, falls and expires") { chain in
        start(chain)
        chain.execute(
            #"{"increase_allowance":{"spender":"\#(chain.bob)","amount":"30","expiration":\#(chain.timeSeconds + 9)}}"#)
        let spend = #"{"transfer_from":{"owner":"\#(chain.alice)","recipient":"\#(chain.bob)","amount":"20"}}"#
        chain.expect(chain.execute(spend, from: chain.carol).error, "insufficient allowance")
        chain.expect(chain.execute(spend, from: chain.bob).error, nil)
        chain.expect(chain.execute(spend, from: chain.bob).error, "insufficient allowance")
        chain.execute(#"{"increase_allowance":{"spender":"\#(chain.bob)","amount":"30"}}"#)
        chain.timeSeconds += 9
        chain.expect(chain.execute(spend, from: chain.bob).error, "insufficient allowance")
        chain.expect(balance(chain, chain.bob), #"{"balance":{"amount":"20"}}"#)
    },
    ContractTest("a permit shows a balance, for its contract, chain and permission, until revoked") { chain in
        start(chain)
        let key = TestKey([1, 2, 3])
        chain.execute(#"{"transfer":{"recipient":"\#(key.address)","amount":"77"}}"#)
        let good = permit(key, contract: chain.contract, permission: "balance")
        func ask(_ permit: String) -> String {
            chain.query(#"{"with_permit":{"permit":\#(permit),"query":{"balance":{}}}}"#)
        }
        chain.expect(ask(good), #"{"balance":{"amount":"77"}}"#)
        chain.expect(
            ask(permit(key, contract: chain.bob, permission: "balance")), "the permit is not for this contract")
        chain.expect(
            ask(permit(key, chain: "secret-4", contract: chain.contract, permission: "balance")),
            "the permit is for another chain")
        chain.expect(
            ask(permit(key, contract: chain.contract, permission: "history")), "the permit does not grant balance")
        let renamed = good.split(separator: "test", maxSplits: 1).joined(separator: "tost")
        chain.expect(ask(renamed), "the permit's signature is not valid")
        chain.execute(#"{"revoke_permit":{"permit_name":"test"}}"#, from: key.address)
        chain.expect(ask(good), "the permit was revoked")
    },
    ContractTest("a created viewing key opens the balance, and a wrong one does not") { chain in
        start(chain)
        let created = chain.execute(#"{"create_viewing_key":{"entropy":"bla"}}"#).data
        chain.expect(created.hasPrefix(#"{"create_viewing_key":{"key":"api_key_"#), created)
        let key = created.dropFirst(#"{"create_viewing_key":{"key":""#.count).dropLast(3)
        chain.expect(
            chain.query(#"{"balance":{"address":"\#(chain.alice)","key":"\#(key)"}}"#),
            #"{"balance":{"amount":"1000000"}}"#)
        chain.expect(balance(chain, chain.alice), #"{"viewing_key_error":{"msg":"wrong viewing key"}}"#)
        chain.expect(balance(chain, chain.carol), #"{"viewing_key_error":{"msg":"wrong viewing key"}}"#)
    },
]
