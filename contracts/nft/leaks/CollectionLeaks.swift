private func start(_ chain: TestChain) {
    chain.instantiate(#"{"name":"Boats","symbol":"BOAT","entropy":"x","config":{}}"#)
    for account in [chain.alice, chain.bob, chain.carol] {
        chain.execute(#"{"set_viewing_key":{"key":"the viewing key"}}"#, from: account)
    }
}

private func mint(_ chain: TestChain, to owner: String, metadata: String = "the key is under the mat") {
    let answer = chain.execute(
        #"{"mint_nft":{"token_id":"one","owner":"\#(owner)","private_metadata":{"extension":{"where":"\#(metadata)"}}}}"#
    )
    chain.expect(answer.error, nil)
}

let leakPairs: [LeakPair] = [
    LeakPair("what a token says in private") { chain, secret in
        start(chain)
        mint(chain, to: chain.bob, metadata: secret("the key is under the mat", "the key is in the garage"))
    },
    LeakPair("to whom a new token goes", mayTell: "inventories are kept under their owners' addresses") {
        chain, secret in
        start(chain)
        mint(chain, to: secret(chain.bob, chain.carol))
    },
    LeakPair("to whom a token is given", mayTell: "inventories are kept under their owners' addresses") {
        chain, secret in
        start(chain)
        mint(chain, to: chain.bob)
        let recipient = secret(chain.alice, chain.carol)
        chain.expect(
            chain.execute(
                #"{"transfer_nft":{"recipient":"\#(recipient)","token_id":"one"}}"#, from: chain.bob
            ).error, nil)
    },
    LeakPair("whose a token is, when a stranger asks", mayTell: "whether he is an operator is kept under the owner's") {
        chain, secret in
        start(chain)
        mint(chain, to: secret(chain.bob, chain.carol))
        chain.query(
            #"{"owner_of":{"token_id":"one","viewer":{"address":"\#(chain.alice)","viewing_key":"the viewing key"}}}"#)
    },
]
