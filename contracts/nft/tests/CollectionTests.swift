private func start(_ chain: TestChain, config: String = "{}") {
    chain.instantiate(#"{"name":"Boats","symbol":"BOAT","entropy":"x","config":\#(config)}"#)
    for account in [chain.alice, chain.bob, chain.carol] {
        chain.execute(#"{"set_viewing_key":{"key":"the viewing key"}}"#, from: account)
    }
}

private func mint(_ chain: TestChain, _ id: String, to owner: String) {
    let answer = chain.execute(
        #"{"mint_nft":{"token_id":"\#(id)","owner":"\#(owner)","public_metadata":{"token_uri":"shown"},"#
            + #""private_metadata":{"extension":{"where":"the key is under the mat","berths":4}}}}"#)
    chain.expect(answer.data, #"{"mint_nft":{"token_id":"\#(id)"}}"#)
}

private func viewer(_ account: String, key: String = "the viewing key") -> String {
    #"{"address":"\#(account)","viewing_key":"\#(key)"}"#
}

private func owner(_ chain: TestChain, _ id: String, seenBy account: String) -> String {
    chain.query(#"{"owner_of":{"token_id":"\#(id)","viewer":\#(viewer(account))}}"#)
}

private func tokens(_ chain: TestChain, _ account: String) -> String {
    chain.query(#"{"tokens":{"owner":"\#(account)","viewing_key":"the viewing key"}}"#)
}

private func owned(by account: String, approvals: String = "[]") -> String {
    #"{"owner_of":{"owner":"\#(account)","approvals":\#(approvals)}}"#
}

private let refusal = "no such token, or not yours"

let contractTests: [ContractTest] = [
    ContractTest("only the admin mints, an id once") { chain in
        start(chain)
        mint(chain, "one", to: chain.bob)
        chain.expect(chain.execute(#"{"mint_nft":{"token_id":"one"}}"#).error, "the id is taken")
        chain.expect(chain.execute(#"{"mint_nft":{}}"#, from: chain.bob).error, "only the admin may")
        chain.expect(chain.execute(#"{"mint_nft":{}}"#).data, #"{"mint_nft":{"token_id":"1"}}"#)
        chain.expect(chain.query(#"{"num_tokens":{}}"#), "the supply is private")
        chain.expect(
            chain.query(#"{"num_tokens":{"viewer":\#(viewer(chain.alice))}}"#), #"{"num_tokens":{"count":2}}"#)
    },
    ContractTest("owner and private metadata are the owner's to see, public metadata everybody's") { chain in
        start(chain)
        mint(chain, "one", to: chain.bob)
        chain.expect(owner(chain, "one", seenBy: chain.bob), owned(by: chain.bob))
        chain.expect(owner(chain, "one", seenBy: chain.carol), refusal)
        chain.expect(owner(chain, "none", seenBy: chain.carol), refusal)
        chain.expect(chain.query(#"{"owner_of":{"token_id":"one"}}"#), refusal)
        let ask = #"{"private_metadata":{"token_id":"one","viewer":"#
        chain.expect(
            chain.query(ask + viewer(chain.bob) + "}}"),
            #"{"private_metadata":{"token_uri":null,"extension":{"where":"the key is under the mat","berths":4}}}"#)
        // Not even the admin, who wrote it.
        chain.expect(chain.query(ask + viewer(chain.alice) + "}}"), refusal)
        chain.expect(chain.query(ask + viewer(chain.bob, key: "guess guess") + "}}"), "wrong viewing key")
        chain.expect(
            chain.query(#"{"nft_info":{"token_id":"one"}}"#), #"{"nft_info":{"token_uri":"shown","extension":null}}"#)
        let elsewhere =
            #"{"tokens":{"owner":"\#(chain.bob)","viewer":"\#(chain.carol)","viewing_key":"the viewing key"}}"#
        chain.expect(chain.query(elsewhere), "what an account owns is private")
    },
    ContractTest("a transfer moves a token out of one inventory into another, wherever it stood") { chain in
        start(chain)
        for id in ["one", "two", "three"] { mint(chain, id, to: chain.bob) }
        let move = #"{"transfer_nft":{"recipient":"\#(chain.carol)","token_id":"one","memo":"yours"}}"#
        chain.expect(chain.execute(move, from: chain.carol).error, refusal)
        chain.expect(chain.execute(move).error, refusal)
        chain.expect(chain.execute(move, from: chain.bob).data, #"{"transfer_nft":{"status":"success"}}"#)
        chain.expect(tokens(chain, chain.bob), #"{"token_list":{"tokens":["three","two"]}}"#)
        chain.expect(tokens(chain, chain.carol), #"{"token_list":{"tokens":["one"]}}"#)
        for id in ["two", "three"] {
            chain.execute(#"{"transfer_nft":{"recipient":"\#(chain.carol)","token_id":"\#(id)"}}"#, from: chain.bob)
        }
        chain.expect(tokens(chain, chain.bob), #"{"token_list":{"tokens":[]}}"#)
        chain.expect(
            chain.query(
                #"{"tokens":{"owner":"\#(chain.carol)","viewing_key":"the viewing key","start_after":"one","limit":1}}"#
            ),
            #"{"token_list":{"tokens":["two"]}}"#)
        chain.expect(chain.execute(move, from: chain.bob).error, refusal)
    },
    ContractTest("an approval lets one move one token, until it ends, is taken back, or the token moves") { chain in
        start(chain)
        mint(chain, "one", to: chain.bob)
        let move = #"{"transfer_nft":{"recipient":"\#(chain.bob)","token_id":"one"}}"#
        func approve(_ expires: String) {
            let message = #"{"approve":{"spender":"\#(chain.carol)","token_id":"one","expires":\#(expires)}}"#
            chain.expect(chain.execute(message, from: chain.bob).error, nil)
        }
        approve(#"{"at_time":\#(chain.timeSeconds + 5)}"#)
        chain.expect(
            owner(chain, "one", seenBy: chain.bob),
            owned(
                by: chain.bob,
                approvals: #"[{"spender":"\#(chain.carol)","expires":{"at_time":\#(chain.timeSeconds + 5)}}]"#))
        chain.expect(owner(chain, "one", seenBy: chain.carol), owned(by: chain.bob))
        chain.expect(chain.execute(move, from: chain.carol).error, nil)
        // It went with the move, although to the same owner.
        chain.expect(chain.execute(move, from: chain.carol).error, refusal)
        approve(#"{"at_time":\#(chain.timeSeconds + 5)}"#)
        chain.timeSeconds += 5
        chain.expect(chain.execute(move, from: chain.carol).error, refusal)
        approve(#"{"at_height":\#(chain.height + 3)}"#)
        chain.expect(chain.execute(move, from: chain.carol).error, nil)
        approve(#""never""#)
        chain.execute(#"{"revoke":{"spender":"\#(chain.carol)","token_id":"one"}}"#, from: chain.bob)
        chain.expect(chain.execute(move, from: chain.carol).error, refusal)
        let theft = #"{"approve":{"spender":"\#(chain.carol)","token_id":"one"}}"#
        chain.expect(chain.execute(theft, from: chain.carol).error, refusal)
    },
    ContractTest("an operator moves all of an owner's tokens, and no others") { chain in
        start(chain)
        mint(chain, "one", to: chain.bob)
        mint(chain, "two", to: chain.alice)
        chain.execute(#"{"approve_all":{"operator":"\#(chain.carol)"}}"#, from: chain.bob)
        func move(_ id: String) -> String? {
            let message = #"{"transfer_nft":{"recipient":"\#(chain.bob)","token_id":"\#(id)"}}"#
            return chain.execute(message, from: chain.carol).error
        }
        chain.expect(move("one"), nil)
        chain.expect(move("two"), refusal)
        chain.execute(#"{"revoke_all":{"operator":"\#(chain.carol)"}}"#, from: chain.bob)
        chain.expect(move("one"), refusal)
    },
    ContractTest("send tells a contract that registered, or whose code hash is given, who owned the token") { chain in
        start(chain)
        let to = TestChain.address(0x55)
        mint(chain, "one", to: chain.bob)
        mint(chain, "two", to: chain.bob)
        chain.expect(
            chain.execute(#"{"send_nft":{"contract":"\#(to)","token_id":"one"}}"#, from: chain.bob).messages, "[]")
        chain.execute(#"{"register_receive_nft":{"code_hash":"ab"}}"#, from: to)
        let sent = chain.execute(#"{"send_nft":{"contract":"\#(to)","token_id":"two","msg":"e30="}}"#, from: chain.bob)
        chain.expect(sent.messages.contains(#""contract_addr":"\#(to)","code_hash":"ab""#), sent.messages)
        let notice = #"{"receive_nft":{"sender":"\#(chain.bob)","token_id":"two","msg":"e30="}}"#
        let padded = Padding.spaces(Array(notice.utf8), multiple: 256)
        chain.expect(sent.messages.contains(String(decoding: Base64.encode(padded), as: UTF8.self)), sent.messages)
    },
    ContractTest("burn takes a token out of the world, where that is enabled") { chain in
        start(chain)
        mint(chain, "one", to: chain.bob)
        chain.expect(
            chain.execute(#"{"burn_nft":{"token_id":"one"}}"#, from: chain.bob).error, "burn is not enabled")
        let other = TestChain()
        start(other, config: #"{"enable_burn":true,"public_token_supply":true,"public_owner":true}"#)
        mint(other, "one", to: other.bob)
        chain.expect(other.query(#"{"owner_of":{"token_id":"one"}}"#), owned(by: other.bob))
        chain.expect(other.execute(#"{"burn_nft":{"token_id":"one"}}"#, from: other.carol).error, refusal)
        chain.expect(other.execute(#"{"burn_nft":{"token_id":"one"}}"#, from: other.bob).error, nil)
        chain.expect(other.query(#"{"num_tokens":{}}"#), #"{"num_tokens":{"count":0}}"#)
        chain.expect(
            other.query(#"{"nft_info":{"token_id":"one"}}"#), #"{"nft_info":{"token_uri":null,"extension":null}}"#)
    },
    ContractTest("a permit shows what its signer owns, and nobody else's") { chain in
        start(chain)
        let key = TestKey([4, 5, 6])
        mint(chain, "one", to: key.address)
        mint(chain, "two", to: chain.bob)
        let good = permit(key, contract: chain.contract, permission: "owner")
        func ask(_ question: String) -> String {
            chain.query(#"{"with_permit":{"permit":\#(good),"query":\#(question)}}"#)
        }
        chain.expect(ask(#"{"owner_of":{"token_id":"one"}}"#), owned(by: key.address))
        chain.expect(ask(#"{"tokens":{"owner":"\#(key.address)"}}"#), #"{"token_list":{"tokens":["one"]}}"#)
        chain.expect(ask(#"{"private_metadata":{"token_id":"two"}}"#), refusal)
        chain.expect(ask(#"{"tokens":{"owner":"\#(chain.bob)"}}"#), "what an account owns is private")
        chain.execute(#"{"revoke_permit":{"permit_name":"test"}}"#, from: key.address)
        chain.expect(ask(#"{"owner_of":{"token_id":"one"}}"#), "the permit was revoked")
    },
]
