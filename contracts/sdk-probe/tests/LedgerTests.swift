private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
private func base64(_ text: String) -> String {
    String(decoding: Base64.encode(bytes(text)), as: UTF8.self)
}

/// What the chain or another contract answers to whatever it is asked; the question itself is told back.
private func answering(_ answer: String, _ body: () -> Void) -> String {
    nonisolated(unsafe) var asked = ""
    Host.onQuery = { question in
        asked = String(decoding: question, as: UTF8.self)
        return bytes(#"{"Ok":{"Ok":"\#(base64(answer))"}}"#)
    }
    body()
    return asked
}

/// The message of a question to another contract, without padding.
private func told(_ question: String) -> String {
    guard let json = try? JSONReader.parse(bytes(question)),
        let smart = json.member("wasm")?.member("smart"),
        case .string(let text)? = smart.member("msg"), let message = Base64.decode(text.utf8)
    else { return question }
    return String(String(decoding: message, as: UTF8.self).reversed().drop { $0 == " " }.reversed())
}

private func permit(_ chain: TestChain, for contract: String) -> String {
    permit(TestKey([7]), contract: contract, permission: "balance")
}

let contractTests = sdkTests + ledgerTests + neighbourTests

private let ledgerTests: [ContractTest] = [
    ContractTest("messages to the chain's modules have the words of the interface") { chain in
        let coin = #"{"denom":"uscrt","amount":"5"}"#
        for (step, expected) in [
            (
                #"{"delegate":{"coin":\#(coin),"validator":"v"}}"#,
                #"{"staking":{"delegate":{"validator":"v","amount":\#(coin)}}}"#
            ),
            (
                #"{"undelegate":{"coin":\#(coin),"validator":"v"}}"#,
                #"{"staking":{"undelegate":{"validator":"v","amount":\#(coin)}}}"#
            ),
            (
                #"{"redelegate":{"coin":\#(coin),"source":"v","destination":"w"}}"#,
                #"{"staking":{"redelegate":{"src_validator":"v","dst_validator":"w","amount":\#(coin)}}}"#
            ),
            (
                #"{"withdraw":{"validator":"v"}}"#,
                #"{"distribution":{"withdraw_delegator_reward":{"validator":"v"}}}"#
            ),
            (
                #"{"send_rewards":{"to":"a"}}"#,
                #"{"distribution":{"set_withdraw_address":{"address":"a"}}}"#
            ),
            (
                #"{"vote":{"proposal":3,"option":"no_with_veto"}}"#,
                #"{"gov":{"vote":{"proposal_id":3,"vote":"no_with_veto"}}}"#
            ),
            (
                #"{"set_admin":{"contract":"c","admin":"a"}}"#,
                #"{"wasm":{"update_admin":{"contract_addr":"c","admin":"a"}}}"#
            ),
            (#"{"clear_admin":{"contract":"c"}}"#, #"{"wasm":{"clear_admin":{"contract_addr":"c"}}}"#),
            (#"{"finalize":{}}"#, #"{"finalize_tx":{}}"#),
            (
                #"{"encoded":{"type_url":"/a.b","value":"AQI="}}"#,
                #"{"stargate":{"type_url":"/a.b","value":"AQI="}}"#
            ),
        ] {
            chain.expect(
                chain.execute(#"{"ledger":{"steps":[\#(step)]}}"#).messages,
                #"[{"id":0,"msg":\#(expected),"gas_limit":null,"reply_on":"never"}]"#)
        }
        let padded = base64(#"{"name":"next"}"# + String(repeating: " ", count: 256 - 15))
        chain.expect(
            chain.execute(#"{"ledger":{"steps":[{"migrate":{"contract":"c"}}]}}"#).messages,
            #"[{"id":0,"msg":{"wasm":{"migrate":{"contract_addr":"c","code_hash":"cd","code_id":2,"msg":"\#(padded)"}}},"#
                + #""gas_limit":null,"reply_on":"never"}]"#)
        let made = chain.execute(#"{"ledger":{"steps":[{"make":{"admin":"a"}},{"make":{}}]}}"#).messages
        chain.expect(
            made.contains(#"{"wasm":{"instantiate":{"admin":"a","code_id":1,"code_hash":"ab","msg":""#))
        chain.expect(made.contains(#"{"wasm":{"instantiate":{"admin":null,"code_id":1,"#))
    },
    ContractTest(
        "answers of the chain's modules are read, and one that lacks something is an error of its own kind"
    ) { chain in
        func coin(_ amount: Int) -> String { #"{"denom":"uscrt","amount":"\#(amount)"}"# }
        let validator =
            #"{"address":"v","commission":"0.100000000000000000","max_commission":"0.2","max_change_rate":"0.01"}"#
        for (question, asked, answer, expected) in [
            (
                #"{"bond_denomination":{}}"#, #"{"staking":{"bonded_denom":{}}}"#, #"{"denom":"uscrt"}"#,
                #""uscrt""#
            ),
            (
                #"{"delegation":{"delegator":"d","validator":"v"}}"#,
                #"{"staking":{"delegation":{"delegator":"d","validator":"v"}}}"#,
                #"{"delegation":{"delegator":"d","validator":"v","amount":\#(coin(9)),"accumulated_rewards":[\#(coin(2))],"#
                    + #""can_redelegate":\#(coin(0))}}"#, #"["v",\#(coin(9)),\#(coin(0)),[\#(coin(2))]]"#
            ),
            (
                #"{"delegation":{"delegator":"d","validator":"v"}}"#,
                #"{"staking":{"delegation":{"delegator":"d","validator":"v"}}}"#, #"{"delegation":null}"#,
                "null"
            ),
            (
                #"{"delegations":{"delegator":"d"}}"#,
                #"{"staking":{"all_delegations":{"delegator":"d"}}}"#,
                #"{"delegations":[{"delegator":"d","validator":"v","amount":\#(coin(9))}]}"#,
                #"[["v",[\#(coin(9))]]]"#
            ),
            (
                #"{"unbonding":{"delegator":"d"}}"#,
                #"{"staking":{"unbonding_delegations":{"delegator":"d"}}}"#,
                #"{"delegations":[]}"#, "[]"
            ),
            (
                #"{"rewards":{"delegator":"d"}}"#, #"{"dist":{"rewards":{"delegator":"d"}}}"#,
                #"{"rewards":[{"validator_address":"v","reward":[\#(coin(3))]}],"total":[\#(coin(3))]}"#,
                #"[["v",[\#(coin(3))]]]"#
            ),
            (
                #"{"validators":{}}"#, #"{"staking":{"validators":{}}}"#,
                #"{"validators":[\#(validator)]}"#,
                #"[["v","0.1","0.2","0.01"]]"#
            ),
            (
                #"{"validator":{"address":"v"}}"#, #"{"staking":{"validator":{"address":"v"}}}"#,
                #"{"validator":null}"#,
                "null"
            ),
            (
                #"{"inflation":{}}"#, #"{"mint":{"inflation":{}}}"#,
                #"{"inflation_rate":"0.150000000000000000"}"#, #""0.15""#
            ),
            (
                #"{"bonded_ratio":{}}"#, #"{"mint":{"bonded_ratio":{}}}"#, #"{"bonded_ratio":"0.5"}"#,
                #""0.5""#
            ),
            (
                #"{"proposals":{}}"#, #"{"gov":{"proposals":{}}}"#,
                #"{"proposals":[{"id":4,"voting_start_time":10,"voting_end_time":20}]}"#, "[[4,10,20]]"
            ),
        ] {
            var found = ""
            let sent = answering(answer) { found = chain.query(#"{"ledger":\#(question)}"#) }
            chain.expect(sent, asked)
            chain.expect(found, expected)
            _ = answering("{}") { found = chain.query(#"{"ledger":\#(question)}"#) }
            chain.expect(found, #""not answered: the chain's answer is incomplete""#)
        }
        Host.onQuery = { _ in
            bytes(#"{"Err":{"unsupported_request":{"kind":"touched in this block, ask in the next"}}}"#)
        }
        chain.expect(
            chain.query(#"{"ledger":{"proposals":{}}}"#).hasPrefix(#""not answered: query failed: "#))
    },
    ContractTest(
        "tokens and collections are told in the words of SNIP-20 and SNIP-721, padded, by their code hash"
    ) { chain in
        let note = base64(#""hi""#)
        for (step, contract, expected) in [
            (
                #"{"transfer":{"to":"a","amount":"5"}}"#, "token",
                #"{"transfer":{"recipient":"a","amount":"5","memo":"m"}}"#
            ),
            (
                #"{"send":{"to":"a","amount":"5","note":"hi"}}"#, "token",
                #"{"send":{"recipient":"a","recipient_code_hash":"5a5a","amount":"5","msg":"\#(note)","memo":null}}"#
            ),
            (
                #"{"transfer_from":{"owner":"o","to":"a","amount":"5"}}"#, "token",
                #"{"transfer_from":{"owner":"o","recipient":"a","amount":"5","memo":null}}"#
            ),
            (
                #"{"send_from":{"owner":"o","to":"a","amount":"5"}}"#, "token",
                #"{"send_from":{"owner":"o","recipient":"a","recipient_code_hash":null,"amount":"5","msg":null,"memo":null}}"#
            ),
            (
                #"{"allow":{"spender":"s","amount":"5"}}"#, "token",
                #"{"increase_allowance":{"spender":"s","amount":"5","expiration":9}}"#
            ),
            (
                #"{"disallow":{"spender":"s","amount":"5"}}"#, "token",
                #"{"decrease_allowance":{"spender":"s","amount":"5","expiration":null}}"#
            ),
            (
                #"{"mint":{"to":"a","amount":"5"}}"#, "token",
                #"{"mint":{"recipient":"a","amount":"5","memo":null}}"#
            ),
            (#"{"burn":{"amount":"5"}}"#, "token", #"{"burn":{"amount":"5","memo":null}}"#),
            (#"{"redeem":{"amount":"5"}}"#, "token", #"{"redeem":{"amount":"5","denom":"uscrt"}}"#),
            (#"{"register":{}}"#, "token", #"{"register_receive":{"code_hash":"\#(chain.codeHash)"}}"#),
            (#"{"set_key":{"key":"k"}}"#, "token", #"{"set_viewing_key":{"key":"k"}}"#),
            (
                #"{"transfer_nft":{"token":"t","to":"a"}}"#, "nft",
                #"{"transfer_nft":{"recipient":"a","token_id":"t","memo":null}}"#
            ),
            (
                #"{"send_nft":{"token":"t","to":"a","note":"hi"}}"#, "nft",
                #"{"send_nft":{"contract":"a","receiver_info":{"recipient_code_hash":"5a5a","#
                    + #""also_implements_batch_receive_nft":false},"token_id":"t","msg":"\#(note)","memo":null}}"#
            ),
            (
                #"{"approve_nft":{"token":"t","spender":"s"}}"#, "nft",
                #"{"approve":{"spender":"s","token_id":"t"}}"#
            ),
            (
                #"{"revoke_nft":{"token":"t","spender":"s"}}"#, "nft",
                #"{"revoke":{"spender":"s","token_id":"t"}}"#
            ),
            (
                #"{"register_nft":{}}"#, "nft",
                #"{"register_receive_nft":{"code_hash":"\#(chain.codeHash)","also_implements_batch_receive_nft":false}}"#
            ),
            (#"{"set_nft_key":{"key":"k"}}"#, "nft", #"{"set_viewing_key":{"key":"k"}}"#),
        ] {
            let answer = chain.execute(#"{"token":\#(step)}"#)
            chain.expect(
                answer.calls == [TestCall(contract: "secret1\(contract)", message: expected)],
                "\(answer.calls)")
            chain.expect(answer.messages.contains(#""code_hash":"5a5a""#))
            // 256 bytes have 344 characters in base64.
            let message = answer.messages.split(separator: #""msg":""#).last?.prefix { $0 != "\"" } ?? ""
            chain.expect(message.count % 344 == 0, "\(message.count)")
        }
        let deposit = chain.execute(#"{"token":{"deposit":{"coin":{"denom":"uscrt","amount":"5"}}}}"#)
        chain.expect(deposit.calls == [TestCall(contract: "secret1token", message: #"{"deposit":{}}"#)])
        chain.expect(deposit.messages.contains(#""send":[{"denom":"uscrt","amount":"5"}]"#))
    },
    ContractTest(
        "tokens and collections are asked with keys and permits, and a wrong key is an error of its own kind"
    ) { chain in
        let permit = permit(chain, for: "secret1token")
        func ask(_ question: String, _ answer: String) -> (asked: String, found: String) {
            var found = ""
            let asked = answering(answer) { found = chain.query(#"{"token":\#(question)}"#) }
            return (told(asked), found)
        }
        let information = ask(
            #"{"information":{}}"#,
            #"{"token_info":{"name":"Tea","symbol":"TEA","decimals":6,"total_supply":null}}"#)
        chain.expect(information.asked, #"{"token_info":{}}"#)
        chain.expect(
            information.found, #"{"name":"Tea","symbol":"TEA","decimals":6,"total_supply":null}"#)
        let balance = ask(#"{"balance":{"address":"a","key":"k"}}"#, #"{"balance":{"amount":"7"}}"#)
        chain.expect(balance.asked, #"{"balance":{"address":"a","key":"k"}}"#)
        chain.expect(balance.found, #""7""#)
        chain.expect(
            ask(#"{"balance":{"address":"a","key":"k"}}"#, #"{"viewing_key_error":{"msg":"no"}}"#).found,
            #""not answered: the token does not take this viewing key""#)
        chain.expect(
            ask(#"{"balance":{"address":"a","key":"k"}}"#, #"{"balance":{"amount":7}}"#).found,
            #"amount must be an amount in a text, as "12""#)
        chain.expect(
            ask(#"{"balance":{"address":"a","key":"k"}}"#, #"{"other":{}}"#).found,
            #""not answered: the token's answer is none of SNIP-20""#)
        let permitted = ask(#"{"permitted":{"permit":\#(permit)}}"#, #"{"balance":{"amount":"8"}}"#)
        chain.expect(permitted.asked, #"{"with_permit":{"permit":\#(permit),"query":{"balance":{}}}}"#)
        chain.expect(permitted.found, #""8""#)
        let answer = #"{"allowance":{"spender":"s","owner":"o","allowance":"4","expiration":null}}"#
        let allowance = ask(#"{"allowance":{"owner":"o","spender":"s","key":"k"}}"#, answer)
        chain.expect(allowance.asked, #"{"allowance":{"owner":"o","spender":"s","key":"k"}}"#)
        chain.expect(allowance.found, #""4""#)
        let allowed = ask(#"{"allowed":{"owner":"o","spender":"s","permit":\#(permit)}}"#, answer)
        chain.expect(
            allowed.asked,
            #"{"with_permit":{"permit":\#(permit),"query":{"allowance":{"owner":"o","spender":"s"}}}}"#)
        let owned = #"{"owner_of":{"owner":"o","approvals":[]}}"#
        chain.expect(
            ask(#"{"owner":{"token":"t"}}"#, owned).asked, #"{"owner_of":{"token_id":"t","viewer":null}}"#
        )
        let seen = ask(#"{"owner":{"token":"t","address":"a","key":"k"}}"#, owned)
        chain.expect(
            seen.asked, #"{"owner_of":{"token_id":"t","viewer":{"address":"a","viewing_key":"k"}}}"#)
        chain.expect(seen.found, #""o""#)
        chain.expect(
            ask(#"{"owner_permitted":{"token":"t","permit":\#(permit)}}"#, owned).asked,
            #"{"with_permit":{"permit":\#(permit),"query":{"owner_of":{"token_id":"t"}}}}"#)
        chain.expect(
            ask(#"{"owner":{"token":"t"}}"#, "{}").found,
            #""not answered: the collection's answer is none of SNIP-721""#)
    },
]
